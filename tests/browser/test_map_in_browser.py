"""The map: drawn where the build has put the notes, moved by mouse, finger and keyboard, and a list without scripts."""

import re
from functools import partial
from pathlib import Path

import pytest
from browser_crowd import faults, hosted, seen
from browser_hosts import Host
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

GARDEN = {
    "Hub.md": "".join(f"[[{name}]] " for name in ("Moss", "Fern", "Oak", "Élan")),
    "Moss.md": "#wet\n\n[[Fern]]\n",
    "Fern.md": "#wet\n\n[[Oak]]\n",
    "Oak.md": "[[Hub]]\n",
    "wood/Élan.md": "---\ntitle: Élan <b>vital</b>\n---\n[[Moss]]\n",
    "North.md": "[[South]] [[East]]\n",
    "South.md": "[[East]]\n",
    "East.md": "[[Hub]]\n",
    "Alone.md": "Nobody knows it.\n",
}
TITLES = {"Hub", "Moss", "Fern", "Oak", "Élan <b>vital</b>", "North", "South", "East", "Alone"}
FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def hosts(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    with hosted(tmp_path_factory.mktemp("map"), GARDEN) as hosts:
        yield hosts


@pytest.fixture
def files(hosts):
    return hosts["files"]


@pytest.fixture(params=["files", "served"])
def host(request, hosts) -> Host:
    return hosts[request.param]


class Map:
    """The map in one reader's browser, all of it shown."""

    def __init__(self, reader, uri="map/"):
        self.page = reader.page
        self.reader = reader
        self.page.add_init_script(path=FOLDER / "map_watch.js")
        reader.open(uri)
        self.canvas = self.page.locator(".seedbed-map canvas")
        self.drawn()
        self.places = self.page.evaluate((FOLDER / "map_places.js").read_text(encoding="utf-8"))

    def drawn(self):
        expect(self.canvas).to_have_attribute("data-drawn", "true")

    def settle(self, after=200):
        self.page.wait_for_timeout(after)
        self.drawn()

    def at(self, title):
        """Return where the note ``title`` is on the screen."""
        box = self.canvas.bounding_box()
        return box["x"] + self.places[title]["x"], box["y"] + self.places[title]["y"]

    def colour(self, x, y):
        """Return the colour that is drawn at a place of the canvas."""
        script = "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]"
        return self.canvas.evaluate(script, [x, y])

    def widths(self, act, *given, after=250):
        """Return how wide the picture is on the screen while something changes it; at last it is drawn anew."""
        self.page.evaluate("drawn.widths = []")
        act(*given)
        self.settle(after)
        return self.page.evaluate("drawn.widths")

    @property
    def picture(self):
        return self.canvas.evaluate("(canvas) => canvas.toDataURL()")

    @property
    def card(self):
        return self.page.locator(".seedbed-map__card")

    @property
    def status(self):
        return self.page.locator(".seedbed-map [role=status]")


@pytest.fixture
def garden(new_reader, files):
    return Map(new_reader(files))


def test_each_note_is_drawn_in_the_colour_of_its_region_where_it_was_put(new_reader, host):
    garden = Map(new_reader(host))
    assert set(garden.places) == TITLES
    assert miscoloured(garden) == []


def miscoloured(garden):
    """Return the notes that are not drawn, or something else in their places."""
    named = garden.page.locator(".seedbed-region").evaluate_all(
        "(all) => all.flatMap((each) => [...each.querySelectorAll('li > a')].map((link) => "
        "[link.textContent, getComputedStyle(each).borderLeftColor]))"
    )
    drawn = {title: garden.colour(**garden.places[title]) for title, _ in named}
    return [title for title, colour in named if "rgb({}, {}, {})".format(*drawn[title]) != colour]


def test_names_on_a_phone_are_not_cut_off_and_cover_no_note(new_reader, files):
    garden = Map(new_reader(files, viewport=PHONE))
    width = garden.canvas.evaluate("(canvas) => canvas.clientWidth")
    names = garden.page.evaluate("drawn.names")
    assert len({name["text"] for name in names} & TITLES) > 5
    assert [name for name in names if name["left"] < 0 or name["right"] > width] == []
    assert miscoloured(garden) == []


def test_the_map_fits_and_can_be_read_at_every_width(new_reader, host):
    def look_for(reader):
        reader.page.get_by_role("combobox", name="Find a note on the map").fill("a")

    found = seen(new_reader, host, ("map/#hub/",), "map.js", scripts=True, after=look_for)
    assert faults(found) == {}
    assert [each["shown"] for each in found.values()] == [5] * 6  # the card and four to choose from


def test_a_drag_moves_the_map_by_just_as_much_and_opens_nothing(garden):
    place = garden.places["Alone"]
    there = garden.colour(place["x"], place["y"])
    x, y = garden.at("Alone")
    garden.page.mouse.move(x, y)
    garden.page.mouse.down()
    right, below = (60, 30) if place["x"] < 300 else (-60, 30)
    garden.page.mouse.move(x + right / 2, y + below / 2)
    garden.page.mouse.move(x + right, y + below)
    garden.page.mouse.up()
    garden.page.mouse.move(x + right + 200 if right < 0 else x + right - 50, y + 250)
    garden.settle()
    assert garden.colour(place["x"] + right, place["y"] + below) == there
    assert garden.reader.uri == "map/"


def test_the_wheel_zooms_where_the_pointer_is_once_the_map_is_clicked(garden):
    there = garden.colour(**garden.places["Hub"])
    garden.page.mouse.move(*garden.at("Hub"))
    garden.page.mouse.wheel(0, 40)
    expect(garden.page.locator(".seedbed-map__hint")).to_be_visible()
    garden.page.wait_for_function("scrollY > 0")
    garden.canvas.focus()
    garden.page.evaluate("scrollTo(0, 0)")
    garden.page.mouse.move(*garden.at("Hub"))
    for _ in range(6):
        garden.page.mouse.wheel(0, -60)
    garden.page.mouse.move(2, 2)
    garden.settle()
    assert garden.page.evaluate("scrollY") == 0
    assert garden.colour(**garden.places["Hub"]) == there
    moved = garden.colour(**garden.places["North"])
    garden.page.get_by_role("button", name="All").click()
    garden.settle()
    assert garden.colour(**garden.places["North"]) != moved


def test_pointing_tells_of_a_note_and_a_click_opens_it(new_reader, host):
    garden = Map(new_reader(host))
    garden.page.mouse.move(*garden.at("Hub"))
    expect(garden.card).to_contain_text("Hub 5 links")
    garden.page.mouse.move(2, 2)
    expect(garden.card).to_be_hidden()
    garden.page.mouse.click(*garden.at("Élan <b>vital</b>"))
    expect(garden.page).to_have_title("Élan <b>vital</b> - Notes")
    garden.page.go_back()
    expect(garden.card).to_contain_text("Élan <b>vital</b>")
    assert garden.reader.uri == "map/#wood/%C3%A9lan/"


def test_a_click_with_ctrl_opens_a_tab(new_reader, files):
    garden = Map(new_reader(files))
    garden.page.keyboard.down("Control")
    with garden.page.expect_popup() as opened:
        garden.page.mouse.click(*garden.at("Hub"))
    garden.page.keyboard.up("Control")
    expect(opened.value).to_have_title("Hub - Notes")
    assert garden.reader.uri == "map/"


def test_buttons_keys_double_clicks_and_the_wheel_with_ctrl_zoom(new_reader, files):
    garden = Map(new_reader(files))
    button = partial(garden.page.get_by_role, "button")
    press = garden.canvas.press

    def is_nearer(act, *given):
        widths = garden.widths(act, *given)
        return max(widths) > widths[-1]

    whole = garden.picture
    for key, name in ("-", "Farther"), ("0", "All"):
        assert is_nearer(press, "+")
        garden.widths(press, key)
        assert garden.picture == whole
        assert is_nearer(button(name="Nearer").click)
        garden.widths(button(name=name).click)
        assert garden.picture == whole
    box = garden.canvas.bounding_box()
    assert is_nearer(garden.page.mouse.dblclick, box["x"] + 9, box["y"] + 9)
    button(name="All").focus()
    before = garden.page.evaluate("scrollY")
    garden.page.keyboard.down("Control")
    assert is_nearer(garden.page.mouse.wheel, 0, -60)
    assert garden.page.evaluate("scrollY") == before


@pytest.mark.parametrize(("motion", "flies"), [("reduce", False), ("no-preference", True)])
def test_the_map_flies_unless_motion_is_unwanted(new_reader, files, motion, flies):
    garden = Map(new_reader(files, reduced_motion=motion))
    assert (len(set(garden.widths(garden.canvas.press, "+", after=600))) > 3) == flies


def test_a_tap_chooses_a_note_and_a_second_one_opens_it(new_reader, files):
    garden = Map(new_reader(files, viewport=PHONE, has_touch=True))
    garden.page.touchscreen.tap(*garden.at("Moss"))
    expect(garden.card).to_contain_text("Moss")
    assert garden.reader.uri == "map/#moss/"
    garden.page.touchscreen.tap(*garden.at("Moss"))
    expect(garden.page).to_have_title("Moss - Notes")


def test_two_fingers_zoom(new_reader, files):
    garden = Map(new_reader(files, viewport=PHONE, has_touch=True))
    before = garden.picture
    x, y = garden.at("Hub")
    touch = garden.page.context.new_cdp_session(garden.page)
    steps = ("touchStart", [20]), ("touchMove", [40]), ("touchMove", [60]), ("touchEnd", [])
    for kind, apart in steps:
        sides = [(0, -each) for each in apart] + [(1, each) for each in apart]
        points = [{"x": x + by, "y": y, "id": finger} for finger, by in sides]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    garden.settle(300)
    assert garden.picture != before
    assert garden.page.evaluate("visualViewport.scale") == 1


def test_the_keyboard_goes_from_note_to_note_and_on_out_of_the_map(garden):
    page = garden.page
    page.get_by_role("button", name="All").focus()
    page.keyboard.press("Tab")
    expect(garden.canvas).to_be_focused()
    expect(garden.canvas).to_have_accessible_name("Map of all notes")
    expect(garden.canvas).to_have_accessible_description(re.compile("arrow keys go from note"))
    assert garden.canvas.evaluate("(canvas) => getComputedStyle(canvas).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    visited = {garden.status.text_content()}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        visited.add(garden.status.text_content())
    assert len(visited) > 3
    assert {each.split(",")[0] for each in visited} <= TITLES
    page.keyboard.press("Escape")
    expect(garden.card).to_be_hidden()
    page.keyboard.press("Tab")
    expect(garden.canvas).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    chosen = garden.status.text_content().split(",")[0]
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    page.keyboard.press("Escape")
    garden.canvas.press("Enter")
    expect(page).to_have_title(f"{chosen} - Notes")


def test_an_arrow_leads_to_what_lies_in_its_direction(new_reader, files):
    garden = Map(new_reader(files), "map/#hub/")
    expect(garden.card).to_contain_text("Hub")
    garden.canvas.focus()
    from_hub = {}
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        garden.page.evaluate("location.hash = '#hub/'")
        expect(garden.status).to_contain_text("Hub")
        garden.page.keyboard.press(key)
        from_hub[key] = garden.status.text_content().split(",")[0]
    hub = garden.places["Hub"]
    assert len(set(from_hub.values())) > 1
    for key, title in from_hub.items():
        axis = "x" if key in ("ArrowLeft", "ArrowRight") else "y"
        ahead = garden.places[title][axis] - hub[axis]
        assert title == "Hub" or (ahead > 0) == (key in ("ArrowRight", "ArrowDown"))


def test_a_note_is_found_by_part_of_its_title_whatever_its_accents(garden):
    field = garden.page.get_by_role("combobox", name="Find a note on the map")
    field.fill("elan v")
    option = garden.page.get_by_role("option", name="Élan <b>vital</b>")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    field.press("Enter")
    expect(garden.canvas).to_be_focused()
    expect(garden.card).to_contain_text("Élan <b>vital</b>")
    assert garden.reader.uri.startswith("map/")
    field.fill("a")
    first = field.get_attribute("aria-activedescendant")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") != first
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("nothing is called so")
    expect(garden.status).to_have_text("No note is called so")
    field.fill("fern")
    garden.page.get_by_role("option", name="Fern").click()
    expect(garden.canvas).to_be_focused()
    assert garden.reader.uri == "map/#fern/"
    garden.page.keyboard.press("Escape")
    garden.canvas.hover()  # in the middle
    expect(garden.card).to_contain_text("Fern")


def test_a_tag_is_shown_in_place_of_regions(garden):
    before = garden.colour(**garden.places["North"])
    garden.page.get_by_label("Colours").select_option("#wet")
    expect(garden.status).to_have_text("2 of 9 notes bear #wet")
    garden.settle(100)
    assert garden.colour(**garden.places["North"]) != before
    wet = [garden.colour(**garden.places[title]) for title in ("Moss", "Fern")]
    assert wet[0] == wet[1]


def test_the_address_holds_the_note_that_is_chosen(new_reader, host):
    garden = Map(new_reader(host), "map/#w%6Fod/%c3%a9lan/")
    expect(garden.card).to_contain_text("Élan <b>vital</b>")
    garden.card.get_by_role("link").click()
    expect(garden.page).to_have_title("Élan <b>vital</b> - Notes")
    garden.page.get_by_role("link", name="On the map").click()
    expect(garden.card).to_contain_text("Élan <b>vital</b>")
    garden.canvas.focus()
    garden.page.keyboard.press("Escape")
    assert garden.page.evaluate("location.hash") == ""


def test_without_scripts_the_list_is_all_there_is(new_reader, host):
    reader = new_reader(host, java_script_enabled=False)
    reader.open("map/")
    assert not reader.page.locator("canvas").is_visible()
    links = reader.page.locator(".seedbed-region li > a")
    assert set(links.all_text_contents()) == TITLES
    for is_folded in (True, False):
        reader.page.locator("summary").first.click()
        assert links.first.is_visible() != is_folded
    links.first.click()
    expect(reader.page.locator("h1")).to_be_visible()
    assert reader.uri != "map/"


def test_the_map_follows_the_scheme_and_the_width(new_reader, files):
    garden = Map(new_reader(files, color_scheme="light"))
    assert min(garden.colour(3, 3)[:3]) > 200
    garden.page.locator("label.md-header__button[for^=__palette]:visible").click()
    garden.settle()
    assert max(garden.colour(3, 3)[:3]) < 80
    garden.page.set_viewport_size({"width": 700, "height": 700})
    garden.settle()
    assert garden.canvas.evaluate("(canvas) => canvas.width") < 700


def test_forced_colours_and_paper_leave_what_is_needed(new_reader, files):
    garden = Map(new_reader(files, forced_colors="active"))
    controls = garden.page.locator(".seedbed-map :is(button, select, input)")
    borders = controls.evaluate_all("(all) => all.map((it) => getComputedStyle(it).borderTopStyle)")
    assert borders == ["solid"] * 5
    garden.page.get_by_role("combobox", name="Find a note on the map").fill("a")
    chosen = garden.page.get_by_role("option").first
    assert chosen.evaluate("(option) => getComputedStyle(option).outlineStyle") == "solid"
    garden.widths(garden.canvas.press, "+")
    before = garden.picture
    garden.page.evaluate("document.querySelector('details').open = false")
    garden.page.emulate_media(media="print")
    expect(garden.canvas).to_be_hidden()
    listed = garden.page.locator(".seedbed-region li > a")
    assert listed.evaluate_all("(all) => all.every((link) => link.checkVisibility())")
    garden.widths(lambda: garden.page.emulate_media(media="screen"))
    assert garden.picture == before


def test_no_other_page_loads_anything_of_it(new_reader, files):
    reader = new_reader(files)
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.open("hub/")
    reader.page.wait_for_load_state("networkidle")
    assert asked
    assert not [url for url in asked if "/map" in url]
    reader.open("map/")
    assert len([url for url in asked if "/map." in url]) == 2
