"""Ways through the site beside the links of its notes: lists, folders, before and after, at random."""

import pytest
from browser_crowd import faults, seen
from browser_hosts import files_alone
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

WOOD = {
    "Plants.md": "#hub\n\n[[Moss]], [[Fern]]\n",
    "Wood/Deep wood/Moss.md": "upstream: [[Plants]]\n\n[[Bog]]\n",
    "Wood/Deep wood/Lichen.md": "Grows on bark.\n",
    "Wood/Fern.md": "upstream: [[Plants]]\n\nGreen.\n",
}


def test_a_random_note_takes_the_place_of_the_page_that_chose_it(reader, manifest):
    reader.open("notes/")
    lists = reader.page.get_by_role("navigation", name="Lists of notes")
    lists.get_by_role("link", name="Random note").click()
    reader.page.wait_for_function("!location.pathname.endsWith('random/')")
    assert reader.uri in {note["uri"] for note in manifest.values()}
    reader.page.go_back()
    expect(reader.page).to_have_title("All notes - Seedbed")


@files_alone
def test_without_javascript_some_notes_are_named_in_place_of_one(new_reader, host):
    reader = new_reader(host, java_script_enabled=False)
    reader.open("random/")
    expect(reader.page.locator(".seedbed-notes > li")).to_have_count(12)
    reader.page.locator(".seedbed-notes a").first.click()
    expect(reader.page.locator(".seedbed-header")).to_be_visible()


@files_alone
def test_who_reads_in_the_order_of_a_hub_needs_no_mouse(reader):
    reader.open("sigmoid/")
    place = reader.page.get_by_role("navigation", name="Previous and next in Activation Function")
    after = place.locator("[rel=next]")
    title = after.inner_text()
    place.locator("[rel=prev]").focus()
    for _ in range(2):  # past the hub
        reader.page.keyboard.press("Tab")
    expect(after).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title(f"{title} - Seedbed")
    expect(reader.page.locator(".seedbed-turn [rel=prev]")).to_have_text("Sigmoid")


def test_folders_lead_to_notes_and_back_on_a_phone(site_of, new_reader):
    host = site_of("ways", WOOD)
    reader = new_reader(host, viewport=PHONE, java_script_enabled=False)
    reader.open()
    article = reader.page.get_by_role("article")
    for name in ("Folders", "Deep wood", "Lichen"):
        article.get_by_role("link", name=name, exact=True).click()
    assert reader.heading == "Lichen"
    trail = article.get_by_role("navigation", name="Folder")
    expect(trail.get_by_role("link")).to_have_text(["Wood", "Deep wood"])
    trail.get_by_role("link", name="Wood", exact=True).click()
    assert reader.uri == "wood/"
    assert reader.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


LISTS = ("notes/", "tags/", "tags/seed/", "recent/", "loose-ends/", "xavier-initialization/")


def test_ways_fit_and_can_be_read_at_every_width(new_reader, host):
    found = seen(new_reader, host, LISTS, "ways.js", scripts=True)
    assert faults(found) == {}
    assert all(each["parts"] for each in found.values())


@files_alone
def test_ways_need_no_scripts(new_reader, host):
    assert faults(seen(new_reader, host, LISTS, "ways.js", scripts=False)) == {}


def test_folders_fit_and_can_be_read_at_every_width(new_reader, site_of):
    host = site_of("folders", WOOD)
    found = seen(
        new_reader, host, ("", "folders/", "wood/", "wood/deep-wood/moss/"), "ways.js", scripts=True
    )
    assert faults(found) == {}


def test_what_search_finds_fits_and_can_be_read_at_every_width(new_reader, host):
    def searched(reader):
        reader.page.keyboard.press("/")
        reader.page.keyboard.type("variance #seed")
        expect(reader.page.locator("dialog ol > li").first).to_be_visible()

    found = seen(new_reader, host, ("notes/",), "ways.js", scripts=True, after=searched)
    assert faults(found) == {}
