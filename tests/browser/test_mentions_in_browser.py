"""Who links to a note and who mentions it, below the note: sentences that can be read and lead to their places."""

import re

import pytest
from browser_crowd import NOTES, faults, hosted, seen
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

PLACES = {
    "told here": ("Über x^2 & more", "An item, told here"),
    "embedded": ("Shown", "Told of."),
    "Donau": ("Endless", "Donaudampfschifffahrt"),
    "comes through": ("Über x^2 & more", "One more. The variance"),
}
"""What a backlink says, the heading that it names, and with what the paragraph begins that it leads to."""
NESTED_LINK = re.compile(r"<a\b[^>]*>(?:(?!</a>).)*<a\b", re.DOTALL)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    with hosted(tmp_path_factory.mktemp("mentions"), NOTES) as hosts:
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
    reader = new_reader(host, java_script_enabled=scripts)
    reader.open("told/")
    return reader


def backlinks(reader):
    return reader.page.get_by_role("complementary", name="Linked from")


def mentions(reader):
    return reader.page.get_by_role("complementary", name="Unlinked mentions")


def is_on_screen(reader, words):
    """Return whether the beginning of what holds ``words`` can be read below the header of the page, which is long."""
    place = reader.page.locator("article :is(p, li)").filter(has_text=words).first
    expect(place).to_be_in_viewport(timeout=2_000)
    top = reader.page.locator(".md-header").bounding_box()["height"]
    return place.bounding_box()["y"] >= top


def test_lists_fit_and_can_be_read_at_every_width(new_reader, host, scripts):
    found = seen(new_reader, host, ("told/", "hub/"), "mentions.js", scripts=scripts)
    assert faults(found) == {}
    assert {each["links"] for (uri, *_), each in found.items() if uri == "told/"} == {8}


def test_sentences_are_rendered_with_their_headings_and_lead_nowhere_else(reader):
    entry = backlinks(reader).locator("li").filter(has_text="Teller").first
    properties = entry.locator("li").filter(has_text="property")
    expect(properties.locator("code")).to_have_text(["see also", "upstream"])
    expect(properties.get_by_role("link")).to_have_count(0)
    said = entry.locator("li").filter(has_text="The variance")
    expect(said.get_by_role("link")).to_have_text(["Über x^2 & more"])
    expect(said.locator("math msup")).to_be_visible()
    for element, words in {
        "code": "weights", "em": "must", "strong": "no", "b": "Told", "mark": "deep"
    }.items():  # fmt: skip
        expect(said.locator(element)).to_have_text(words)
    expect(said).not_to_contain_text("One more")
    expect(said).not_to_contain_text("Another sentence")
    shown = backlinks(reader).locator("li").filter(has_text="embedded").last
    expect(shown.get_by_role("link")).to_have_text(["Shown"])
    assert not NESTED_LINK.search(reader.page.request.get(reader.page.url).text())


def test_mentions_are_folded_unfold_by_key_and_are_whole_words_of_prose_alone(reader):
    listed = mentions(reader)
    summary = listed.get_by_text("Unlinked mentions (1)", exact=True)
    said = listed.locator("li li")
    expect(said).to_be_hidden()
    summary.focus()
    reader.page.keyboard.press("Enter")
    expect(said).to_be_visible()
    expect(listed.get_by_role("link")).to_have_text(["Mentioning", "In the middle"])
    expect(listed.get_by_text("2 times")).to_be_visible()
    expect(said.locator("mark")).to_have_text("carrier wave")
    expect(said.locator("math msup")).to_be_visible()
    expect(said).not_to_contain_text("No wave")
    expect(said).not_to_contain_text("Later")
    reader.page.keyboard.press("Enter")
    expect(said).to_be_hidden()


def test_each_place_is_named_by_its_heading_and_leads_to_the_words(reader):
    for says, (heading, words) in PLACES.items():
        place = backlinks(reader).locator("li li").filter(has_text=says)
        place.get_by_role("link", name=heading).click()
        assert is_on_screen(reader, words)
        reader.page.go_back()
    mentions(reader).locator("summary").click()
    mentions(reader).get_by_role("link", name="In the middle").click()
    assert is_on_screen(reader, "No wave.")
