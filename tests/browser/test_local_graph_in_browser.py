"""The picture of what is around a note: it can be seen, read and followed, with and without scripts."""

import pytest
from browser_crowd import NOTES, TITLES, faults, hosted, seen
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

BOTH = [f"{title} (linked both ways)" for title in TITLES]
ONE_WAY = [f"N{place} (linked from here)" for place in range(10, 19)]
AROUND_HUB = ["Quoting (links here)", *BOTH, *ONE_WAY]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    with hosted(tmp_path_factory.mktemp("graph"), NOTES) as hosts:
        yield hosts


@pytest.fixture(
    params=[("files", True), ("files", False), ("served", True)],
    ids=["files", "no scripts", "served"],
)
def seen_at(request):
    """Where a page is from, and whether its scripts run: without them it is the same on every host."""
    return request.param


@pytest.fixture
def host(seen_at, hosts):
    return hosts[seen_at[0]]


@pytest.fixture
def scripts(seen_at):
    return seen_at[1]


@pytest.fixture
def reader(new_reader, host, scripts):
    return new_reader(host, java_script_enabled=scripts)


def picture(reader):
    return reader.page.get_by_role("navigation", name="Around this note")


def test_names_and_lines_can_be_told_apart_at_every_width(new_reader, host, scripts):
    found = seen(new_reader, host, ("hub/", "told/"), "picture.js", scripts=scripts)
    assert faults(found) == {}
    assert {(uri, each["names"]) for (uri, *_), each in found.items()} == {
        ("hub/", 20),
        ("told/", 2),
    }
    assert len(found) == (12 if scripts else 6)


def test_keys_reach_each_neighbour_which_says_how_it_is_linked_and_show_where_they_are(reader):
    reader.open("hub/")
    around = picture(reader)
    links = around.locator("svg").get_by_role("link")
    around.locator("a").first.focus()
    reader.page.keyboard.press("Shift+Tab")
    for name in AROUND_HUB:
        reader.page.keyboard.press("Tab")
        link = around.get_by_role("link", name=name, exact=True)
        expect(link).to_be_focused()
        expect(link).to_have_css("outline-style", "solid")
        expect(link).to_have_css("text-decoration-line", "underline")
    expect(links).to_have_count(len(AROUND_HUB))
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title("N17 - Notes")


def test_a_click_on_a_name_leads_to_its_note_and_back(reader):
    reader.open("hub/")
    around = picture(reader)
    expect(around.locator("p")).to_have_text("and 5 more · On the map")
    around.get_by_text("He Initialization", exact=True).last.click()
    assert reader.uri == "n01/"
    back = picture(reader).get_by_role("link", name="Hub (linked both ways)", exact=True)
    back.locator("circle").click()
    assert reader.heading == "Hub"
