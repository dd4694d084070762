"""Figures of several frames as they are used: by slider, by keyboard, without scripts, in print. How one was made."""

import pytest
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

SWEEP = """\
```figure
kind: variance-by-depth
id: growth
title: Growth by depth
width: 16
seeds: 2
batch: 4
activations: [tanh, relu]
inits: [xavier, he]
sweep: {depth: [4, 8, 16, 24]}
```
"""
SINGLE = "```figure\nkind: weight-distribution\nid: weights\nfan_in: 8\nfan_out: 8\nbins: 9\n```\n"
NOTES = {
    "Slow & steady.md": f"# Slow\n\n{SWEEP}\nText that follows.\n",
    "Embedding.md": f"# Embedding\n\n![[Slow & steady]]\n\n{SINGLE}",
    "Both.md": f"# Both\n\n{SINGLE.replace('weights', 'more')}",
}
URI = "slow-steady/"


@pytest.fixture(scope="module")
def site(site_of):
    return site_of("figures", NOTES, "--strict")


def shown(reader):
    """Return the names of the drawings that can be seen."""
    drawings = reader.page.locator(".seedbed-figure__frame svg")
    return [
        drawing.locator("title").text_content().partition("(")[2].rstrip(")")
        for drawing in drawings.all()
        if drawing.is_visible()
    ]


def places(reader):
    """Return where what stands around the drawing is, from the top of the page."""
    return reader.page.evaluate(
        "() => ['figcaption', 'output', '.seedbed-figure ~ p', '.seedbed-figure__scroll'].map("
        "(each) => { const box = document.querySelector(each).getBoundingClientRect();"
        " return [box.left, box.top + scrollY]; })"
    )


def test_one_frame_is_shown_and_the_arrow_keys_step_through_them(new_reader, site):
    reader = new_reader(site)
    reader.open(URI)
    assert shown(reader) == ["depth 4"]
    slider = reader.page.get_by_role("slider", name="depth")
    before = places(reader)
    slider.focus()
    for key, value in (
        ("ArrowRight", "8"),
        ("ArrowUp", "16"),
        ("End", "24"),
        ("ArrowRight", "24"),
        ("ArrowLeft", "16"),
        ("Home", "4"),
    ):
        reader.page.keyboard.press(key)
        assert shown(reader) == [f"depth {value}"]
        assert slider.get_attribute("aria-valuetext") == value
        expect(reader.page.locator("output")).to_have_text(value)
        assert places(reader) == before
    assert reader.uri == URI


def test_the_slider_is_reached_with_the_tab_key_and_can_be_seen_to_be(new_reader, site):
    reader = new_reader(site)
    reader.open(URI)
    slider = reader.page.get_by_role("slider", name="depth")
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        if slider.evaluate("(slider) => slider === document.activeElement"):
            break
    expect(slider).to_be_focused()
    outline = slider.evaluate("(slider) => getComputedStyle(slider).outlineStyle")
    assert outline != "none"


def test_a_mouse_moves_it_too(new_reader, site):
    reader = new_reader(site)
    reader.open(URI)
    box = reader.page.get_by_role("slider").bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    assert shown(reader) == ["depth 24"]


def test_the_table_is_that_of_the_frame(new_reader, site):
    reader = new_reader(site)
    reader.open(URI)
    reader.page.get_by_text("Data", exact=True).click()
    tables = reader.page.get_by_role("table")
    expect(tables).to_have_count(1)
    expect(tables).to_contain_text("Growth by depth (depth 4)")
    reader.page.get_by_role("slider").press("End")
    expect(tables).to_have_count(1)
    expect(tables).to_contain_text("Growth by depth (depth 24)")


def test_without_scripts_all_frames_are_shown_each_under_its_value(new_reader, site):
    reader = new_reader(site, java_script_enabled=False)
    reader.open(URI)
    frames = reader.page.locator(".seedbed-figure__frame")
    boxes = [frame.bounding_box() for frame in frames.all()]
    assert shown(reader) == ["depth 4", "depth 8", "depth 16", "depth 24"]
    for frame, value in zip(frames.all(), (4, 8, 16, 24), strict=True):
        expect(frame.get_by_text(f"depth {value}", exact=True)).to_be_visible()
    assert len({(box["width"], box["height"]) for box in boxes}) == 1
    assert len({box["x"] for box in boxes}) == 2
    expect(reader.page.get_by_role("slider")).to_have_count(0)
    reader.page.get_by_text("Data", exact=True).click()
    expect(reader.page.get_by_role("table")).to_have_count(4)


def test_print_shows_all_frames_and_no_slider(new_reader, site):
    reader = new_reader(site)
    reader.open(URI)
    reader.page.emulate_media(media="print")
    assert shown(reader) == ["depth 4", "depth 8", "depth 16", "depth 24"]
    expect(reader.page.locator(".seedbed-figure__control")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_scrolls_the_drawing_and_never_the_page(new_reader, site, scripts):
    reader = new_reader(site, viewport=PHONE, java_script_enabled=scripts)
    reader.open(URI)
    for summary in reader.page.locator(".seedbed-figure summary").all():
        summary.click()
    article = reader.page.locator("article").first
    assert article.bounding_box()["x"] >= 0
    frame = reader.page.locator(".seedbed-figure__frame").first
    assert frame.bounding_box()["x"] + frame.bounding_box()["width"] <= PHONE["width"]
    if scripts:
        assert reader.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        box = reader.page.get_by_role("group", name="Growth by depth")
        box.focus()
        reader.page.keyboard.press("ArrowRight")
        reader.page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_an_embedded_figure_steps_too_and_keeps_its_references(new_reader, site):
    reader = new_reader(site)
    reader.open("embedding/")
    reader.page.get_by_role("slider", name="depth").press("End")
    assert shown(reader) == ["depth 24"]
    ids = reader.page.eval_on_selector_all("[id]", "(all) => all.map((each) => each.id)")
    assert len(set(ids)) == len(ids)
    used = reader.page.eval_on_selector_all(
        ".seedbed-figure use", "(all) => all.map((each) => each.getAttribute('href').slice(1))"
    )
    assert used
    assert set(used) <= set(ids)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_a_figure_was_made_can_be_read(new_reader, site, scheme):
    reader = new_reader(site, color_scheme=scheme)
    reader.open("both/")
    figure = reader.page.locator("figure.seedbed-figure")
    command = figure.get_by_text("seedbed figures render Both.md more -o more.svg")
    expect(command).to_be_hidden()
    figure.get_by_text("How this figure was made").click()
    expect(command).to_be_visible()
    expect(figure.get_by_text("matplotlib")).to_be_visible()
    rows = figure.locator("dl > div")
    assert ["fan_in", "8"] in [
        [row.locator("dt").inner_text(), row.locator("dd").inner_text()] for row in rows.all()
    ]
