"""Light and dark, and figures in both."""

import re

import pytest
from browser_hosts import files_alone
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

XAVIER = "xavier-initialization/"

# Contrast by WCAG 2. Colours go through a canvas, which understands every notation. Letters are
# shapes with a scale of their own; what a series is drawn with names a variable of the palette.
MEASURE_CONTRAST = """(drawing) => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = rgba(colour).slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = drawing;
  while (rgba(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const behind = luminance(getComputedStyle(ground).backgroundColor);
  const contrast = (colour) => {
    const [low, high] = [luminance(colour), behind].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const letters = [...drawing.querySelectorAll("text, g[transform*=scale]")]
    .map((letter) => contrast(getComputedStyle(letter).fill));
  const curves = [...drawing.querySelectorAll("[style*='stroke:var(--fig-']")]
    .filter((curve) => /stroke:var\\(--fig-\\d/.test(curve.getAttribute("style")))
    .map((curve) => contrast(getComputedStyle(curve).stroke));
  return { letters, curves };
}"""


def scheme_of(reader):
    """Return whether the page is light or dark, from the colour that is really behind the text."""
    colour = reader.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    parts = [int(part) for part in re.findall(r"\d+", colour)]
    if min(parts) > 224:
        return "light"
    return "dark" if max(parts) < 64 else colour


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_draw_and_can_be_read(new_reader, host, scheme):
    reader = new_reader(host, color_scheme=scheme)
    reader.open(XAVIER)
    assert scheme == scheme_of(reader)
    drawings = reader.page.get_by_role("main").locator("figure svg")
    expect(drawings).to_have_count(3)
    for drawing in drawings.all():
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box["width"] >= 300
        assert box["height"] >= 150
        measured = drawing.evaluate(MEASURE_CONTRAST)
        assert len(measured["letters"]) >= 10
        assert min(measured["letters"]) >= 4.5
        assert len(measured["curves"]) >= 3
        assert min(measured["curves"]) >= 3


def test_the_numbers_of_a_figure_open(reader):
    reader.open(XAVIER)
    figure = reader.page.get_by_role("main").get_by_role("figure").first
    table = figure.get_by_role("table")
    expect(table).not_to_be_visible()
    figure.get_by_text("Data", exact=True).click()
    expect(table).to_be_visible()
    expect(table.get_by_role("rowheader", name="Xavier uniform")).to_be_visible()


@files_alone
def test_the_files_of_a_figure_can_be_had(reader):
    reader.open(XAVIER)
    figure = reader.page.get_by_role("main").get_by_role("figure").first
    figure.get_by_text("Data", exact=True).click()
    for name, beginning in (("CSV", ""), ("SVG", "<svg ")):
        with reader.page.expect_download() as download:
            figure.get_by_role("link", name=name).click()
        assert download.value.path().read_text(encoding="utf-8").startswith(beginning)


@files_alone
def test_a_table_in_a_figure_is_reached_and_scrolled_by_keyboard(new_reader, host):
    reader = new_reader(host, viewport={"width": 390, "height": 844})
    reader.open(XAVIER)
    drawing = reader.page.get_by_role("group", name="Three laws, one variance")
    drawing.focus()
    reader.page.keyboard.press("ArrowRight")
    reader.page.wait_for_function(
        "(element) => element.scrollLeft > 0", arg=drawing.element_handle()
    )


def test_the_switch_changes_the_scheme_and_other_pages_keep_it(new_reader, host):
    reader = new_reader(host, color_scheme="light")
    reader.open(XAVIER)
    assert scheme_of(reader) == "light"
    reader.page.get_by_title("Switch to dark mode").click()
    expect(reader.page.get_by_role("radio", name="Switch to light mode")).to_be_checked()
    assert scheme_of(reader) == "dark"
    reader.open("sigmoid/")
    assert scheme_of(reader) == "dark"
    reader.page.get_by_title("Switch to light mode").click()
    expect(reader.page.get_by_role("radio", name="Switch to dark mode")).to_be_checked()
    assert scheme_of(reader) == "light"
