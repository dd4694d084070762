"""Canvases as they are seen: in place, readable, within reach of the keyboard, with and without a script."""

import json
import re
import subprocess

import pytest
from browser_hosts import hosting, seedbed_command
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

BOARD = "board-canvas/"
LONG = "Ferns grow slowly. " * 80
TEXT = "# Variance\n\n$$\\operatorname{Var}(W) = \\frac{1}{n}$$\n\nSee [[Fern]]."


def card(name, left, top, **fields):
    return {"id": name, "type": "text", "x": left, "y": top, "width": 300, "height": 200} | fields


NODES = [
    card("frame", -40, -60, type="group", width=740, height=300, label="Together", color="4"),
    card("math", 0, 0, text=TEXT, color="1"),
    card("note", 360, 0, type="file", file="Fern.md", color="#000033"),
    card("image", 800, 0, type="file", file="leaf.svg"),
    card("page", 800, 400, type="link", url="https://example.org/a/page", height=80),
    card("plain", 0, 400, text="Plain", height=80),
]
EDGES = [
    {"id": "1", "fromNode": "math", "fromSide": "right", "toNode": "note", "toSide": "left"},
    {"id": "2", "fromNode": "note", "toNode": "page", "label": "leads away", "color": "2"},
    {"id": "3", "fromNode": "math", "toNode": "plain", "color": "#ffffcc", "fromEnd": "arrow"},
]
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="90" height="60"/></svg>'
VAULT = {
    "Board.canvas": json.dumps({"nodes": NODES, "edges": EDGES}),
    "Fern.md": f"# Fern\n\n{LONG}\n",
    "Twice.md": "# Twice\n\n![[Board.canvas]]\n\nand\n\n![[Board.canvas]]\n",
    "leaf.svg": SQUARE,
}

SCALE = "(board) => board.getBoundingClientRect().width / board.offsetWidth"
# How far each end of each line lies from the middle of the nearest side of a box, in pixels of the screen.
MEASURE_ENDS = """(canvas) => {
  const middles = [...canvas.querySelectorAll(".seedbed-canvas__card, .seedbed-canvas__group")]
    .map((box) => box.getBoundingClientRect())
    .flatMap(({ left, right, top, bottom }) => [
      [(left + right) / 2, top], [(left + right) / 2, bottom],
      [left, (top + bottom) / 2], [right, (top + bottom) / 2]]);
  const drawing = canvas.querySelector(".seedbed-canvas__lines");
  const ends = [...drawing.querySelectorAll("path")].map((path) => {
    const { x, y } = path.getPointAtLength(0).matrixTransform(path.getScreenCTM());
    return [x, y];
  });
  return ends.map(([x, y]) => Math.min(...middles.map(([a, b]) => Math.hypot(a - x, b - y))));
}"""
# Contrast by WCAG 2 of every line and border to what is behind it.
MEASURE_CONTRAST = """(canvas) => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const luminance = (colour, behind) => {
    brush.fillStyle = behind;
    brush.fillRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...brush.getImageData(0, 0, 1, 1).data]
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = getComputedStyle(canvas.querySelector(".seedbed-canvas__view")).backgroundColor;
  const contrast = (colour) => {
    const [low, high] = [luminance(colour, ground), luminance(ground, ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const colours = (places, property) =>
    [...canvas.querySelectorAll(places)].map((place) => getComputedStyle(place)[property]);
  return [
    ...colours(".seedbed-canvas__lines path", "stroke"),
    ...colours(".seedbed-canvas__card[data-color]", "borderTopColor"),
  ].map(contrast);
}"""


@pytest.fixture(scope="module")
def board_host(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    vault, site = tmp_path_factory.mktemp("vault"), tmp_path_factory.mktemp("boards")
    for path, content in VAULT.items():
        (vault / path).write_text(content, encoding="utf-8")
    subprocess.run(
        [seedbed_command(), "build", "--quiet", "--notes", str(vault), "--site-dir", str(site)],
        cwd=vault,
        check=True,
    )
    with hosting(site, "/") as host:
        yield host


@pytest.fixture
def canvas(new_reader, board_host):
    return open_board(new_reader(board_host))


def open_board(reader):
    reader.open(BOARD)
    return reader.page.locator(".seedbed-canvas")


def view_of(canvas):
    return canvas.get_by_role("region", name="Canvas Board")


def scale_of(canvas):
    return canvas.locator(".seedbed-canvas__board").evaluate(SCALE)


def title_of(canvas, name):
    return canvas.locator(".seedbed-canvas__title").get_by_text(name, exact=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_can_be_seen_in_both_schemes(new_reader, board_host, scheme):
    canvas = open_board(new_reader(board_host, color_scheme=scheme))
    measured = canvas.evaluate(MEASURE_CONTRAST)
    assert len(measured) >= 6
    assert min(measured) >= 3


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_lines_begin_at_their_boxes(new_reader, board_host, viewport):
    canvas = open_board(new_reader(board_host, viewport=viewport))
    ends = canvas.evaluate(MEASURE_ENDS)
    assert len(ends) == 7
    assert max(ends) < 1.5 + 11  # a line with an arrow at its start begins at the arrow's foot


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_text_can_be_read_and_all_of_it_reached(new_reader, board_host, viewport, scripts):
    reader = new_reader(board_host, viewport=viewport, java_script_enabled=scripts)
    canvas = open_board(reader)
    box = canvas.get_by_text("Plain", exact=True).bounding_box()
    assert box["height"] >= 0.75 * 16
    link = canvas.get_by_role("link", name="example.org")
    link.scroll_into_view_if_needed()
    expect(link).to_be_in_viewport()
    expect(canvas.locator("math").first).to_be_visible()


def test_a_page_is_no_wider_than_a_phone(new_reader, board_host):
    reader = new_reader(board_host, viewport=PHONE)
    open_board(reader)
    assert reader.page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


def test_cards_stand_where_the_file_says(canvas):
    scale = scale_of(canvas)
    math, note = (canvas.locator(f"[id$=card-{number}]").bounding_box() for number in (2, 3))
    assert math["x"] + 360 * scale == pytest.approx(note["x"], abs=0.5)
    assert math["y"] == pytest.approx(note["y"], abs=0.5)
    assert math["width"] == pytest.approx(300 * scale, abs=0.5)


def test_the_name_of_a_note_leads_to_it(canvas):
    title_of(canvas, "Fern").click()
    expect(canvas.page).to_have_title(re.compile("^Fern"))


def test_a_card_with_a_long_note_is_scrolled_by_keyboard(canvas):
    body = canvas.get_by_role("group", name="Fern")
    body.focus()
    canvas.page.keyboard.press("PageDown")
    canvas.page.wait_for_function("(card) => card.scrollTop > 0", arg=body.element_handle())


def test_only_cards_that_scroll_stop_the_tabulator(canvas):
    expect(canvas.get_by_role("group", name="Fern")).to_have_attribute("tabindex", "0")
    expect(canvas.get_by_role("group", name="Plain")).not_to_have_attribute("tabindex", "0")


def test_an_image_fills_its_card(canvas):
    image = canvas.locator("img")
    image.scroll_into_view_if_needed()
    box, scale = image.bounding_box(), scale_of(canvas)
    assert box["width"] == pytest.approx(296 * scale, abs=1)
    assert box["height"] == pytest.approx(196 * scale, abs=1)


def test_connections_are_told_in_words(canvas):
    connections = canvas.get_by_role("list", name="Connections").get_by_role("listitem")
    assert connections.all_inner_texts() == [
        "Variance → Fern",
        "Fern → example.org/a/page: leads away",
        "Variance ↔ Plain",
    ]


def test_cards_are_read_from_the_top_left(canvas):
    cards = canvas.locator(".seedbed-canvas__card").all()
    read = [card.get_attribute("id").rpartition("-")[2] for card in cards]
    assert read == ["2", "3", "4", "6", "5"]


def test_buttons_and_keys_zoom(canvas):
    view, before = view_of(canvas), scale_of(canvas)
    canvas.get_by_role("button", name="Zoom in").click()
    assert scale_of(canvas) == pytest.approx(before * 1.25)
    view.focus()
    canvas.page.keyboard.press("-")
    assert scale_of(canvas) == pytest.approx(before)
    canvas.page.keyboard.press("+")
    canvas.page.keyboard.press("0")
    assert scale_of(canvas) == pytest.approx(before)


def test_the_whole_canvas_can_be_shown(new_reader, board_host):
    canvas = open_board(new_reader(board_host, viewport=PHONE))
    view = view_of(canvas)
    assert view.evaluate("(view) => view.scrollWidth > view.clientWidth")
    canvas.get_by_role("button", name="Show the whole canvas").click()
    assert view.evaluate("(view) => view.scrollWidth - view.clientWidth") <= 1
    assert view.evaluate("(view) => view.scrollHeight - view.clientHeight") <= 1


def test_the_mouse_drags_the_board(new_reader, board_host):
    canvas = open_board(new_reader(board_host, viewport={"width": 700, "height": 900}))
    view = view_of(canvas)
    box = view.bounding_box()
    mouse = canvas.page.mouse
    mouse.move(box["x"] + 300, box["y"] + 8)
    mouse.down()
    mouse.move(box["x"] + 200, box["y"] + 8, steps=4)
    mouse.up()
    assert view.evaluate("(view) => view.scrollLeft") == pytest.approx(100, abs=2)


def test_an_embedded_canvas_shows_twice_with_ids_of_its_own(new_reader, board_host):
    reader = new_reader(board_host)
    reader.open("twice/")
    expect(reader.page.locator(".seedbed-canvas")).to_have_count(2)
    ids = reader.page.locator("[id]").evaluate_all("(found) => found.map((each) => each.id)")
    assert sorted(set(ids)) == sorted(ids)


def test_print_shows_the_whole_board(canvas):
    canvas.page.emulate_media(media="print")
    assert view_of(canvas).evaluate(
        "(view) => [view.scrollWidth - view.clientWidth, view.scrollHeight - view.clientHeight]"
    ) == [0, 0]
    expect(canvas.get_by_role("button", name="Zoom in")).not_to_be_visible()
