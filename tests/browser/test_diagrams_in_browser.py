"""Diagrams as they are seen: readable in both schemes and in print, never wider than the page, with working links."""

import pytest
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

WIDE = "\n".join(f"n{number}[A node of some width] --> n{number + 1}" for number in range(8))
NOTES = {
    "Fern.md": "# Fern\n",
    "Chart.md": "# Chart\n\n```mermaid\ngraph TD\nF[Fern] --> G[Growth]\nG -->|often| H{Height}\n"
    "class F internal-link\nstyle G fill:#ffd\nstyle H fill:#002\n```\n",
    "Wide.md": f"# Wide\n\n```mermaid\ngraph LR\n{WIDE}\n```\n",
    "Class.md": "# Class\n\n```mermaid\nclassDiagram\nclass Fern {\n+String nameOfTheFern\n"
    "+growVeryMuch(light Light) bool\n}\nFern <|-- Bracken : is one of\n```\n",
    "Embedding.md": "# Embedding\n\n![[Chart]]\n\n```mermaid\ngraph LR\nA --> B\n```\n",
}

# Contrast by WCAG 2 of every text to the nearest filled shape under its middle, or to the page.
MEASURE_CONTRAST = """(svg) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255);
  };
  const light = (colour) => channels(colour)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const page = getComputedStyle(document.body).backgroundColor;
  const shapes = [...svg.querySelectorAll("rect, polygon, circle")];
  return [...svg.querySelectorAll("text")].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const under = shapes.filter((shape) => {
      const box = shape.getBoundingClientRect();
      return box.left <= (left + right) / 2 && box.right >= (left + right) / 2
        && box.top <= (top + bottom) / 2 && box.bottom >= (top + bottom) / 2
        && getComputedStyle(shape).fill !== "none";
    });
    const ground = under.length ? getComputedStyle(under.at(-1)).fill : page;
    const [a, b] = [light(getComputedStyle(text).fill), light(ground)].sort().reverse();
    return (a + 0.05) / (b + 0.05);
  });
}"""
# Texts that leave the box they are drawn in by more than a pixel.
FIND_OVERHANGING = """(svg) => [...svg.querySelectorAll("g > rect:first-child, g > g > path:first-child")]
  .flatMap((shape) => {
    const box = shape.getBoundingClientRect();
    return [...shape.parentElement.querySelectorAll("text")].filter((text) => {
      const { left, right } = text.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1;
    });
  })
  .map((text) => text.textContent)"""


@pytest.fixture(scope="module")
def site(site_of):
    return site_of("diagrams", NOTES, "--site-dir", "site")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("uri", ["chart/", "class/"])
def test_every_text_can_be_read_in_both_schemes(new_reader, site, uri, scheme):
    reader = new_reader(site, color_scheme=scheme)
    reader.open(uri)
    contrasts = reader.page.locator(".seedbed-diagram svg").evaluate(MEASURE_CONTRAST)
    assert min(contrasts) >= 4.5


@pytest.mark.parametrize("uri", ["chart/", "class/", "wide/"])
def test_no_label_leaves_its_box(new_reader, site, uri):
    reader = new_reader(site)
    reader.open(uri)
    assert reader.page.locator(".seedbed-diagram svg").evaluate(FIND_OVERHANGING) == []


def test_print_is_light_whatever_the_screen_is(new_reader, site):
    reader = new_reader(site, color_scheme="dark")
    reader.open("class/")
    shape = reader.page.locator(".seedbed-diagram svg rect, .seedbed-diagram svg path").last
    fill = "(shape) => getComputedStyle(shape).fill"
    on_screen = shape.evaluate(fill)
    reader.page.emulate_media(media="print")
    on_paper = shape.evaluate(fill)
    assert on_screen != on_paper
    expect(reader.page.locator(".seedbed-diagram > details")).to_be_hidden()


def test_a_wide_diagram_scrolls_in_its_own_box_on_a_phone(new_reader, site):
    reader = new_reader(site, viewport=PHONE)
    reader.open("wide/")
    box = reader.page.locator(".seedbed-diagram__scroll")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert box.evaluate("(box) => box.scrollWidth > box.clientWidth")
    box.focus()
    reader.page.keyboard.press("ArrowRight")
    reader.page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_a_node_leads_to_its_note_by_keyboard_too(new_reader, site):
    reader = new_reader(site)
    reader.open("chart/")
    link = reader.page.get_by_role("group", name="Diagram: flowchart").get_by_role("link")
    link.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/fern/")
    assert reader.heading == "Fern"


def test_arrows_are_drawn_where_a_diagram_is_embedded(new_reader, site):
    reader = new_reader(site)
    reader.open("embedding/")
    ids = reader.page.eval_on_selector_all("[id]", "(all) => all.map((each) => each.id)")
    wanted = reader.page.eval_on_selector_all(
        "[marker-end]", "(all) => all.map((each) => each.getAttribute('marker-end').slice(5, -1))"
    )
    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)
