"""What holds on every page of the repository's own site."""

from collections import Counter
from functools import cache
from itertools import pairwise
from urllib.parse import quote, unquote, urldefrag

import pytest
from browser_hosts import files_alone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]


def where(surveys, what):
    """Return what was seen, on the pages where anything was."""
    return {uri: seen[what] for uri, seen in surveys.items() if seen[what]}


def test_every_page_opens_without_an_error_and_asks_no_other_host(surveys):
    assert where(surveys, "troubles") == {}
    assert where(surveys, "hints") == {}


def test_no_page_shows_the_markup_of_its_source(surveys):
    assert where(surveys, "raw") == {}


def test_every_formula_takes_room(surveys):
    assert where(surveys, "flat_formulas") == {}


def test_every_formula_is_drawn_in_the_math_font_of_the_site(surveys):
    with_formulas = [seen for seen in surveys.values() if seen["formulas"]]
    assert [["loaded"]] * len(with_formulas) == [seen["math_fonts"] for seen in with_formulas]
    assert where(surveys, "foreign_glyphs") == {}


def test_the_notes_have_formulas_and_figures(surveys, manifest):
    notes = {title: note for title, note in manifest.items() if note["kind"] == "note"}
    counts = {title: surveys[note["uri"]] for title, note in notes.items()}
    assert [title for title, seen in counts.items() if not seen["formulas"]] == []
    assert counts["Xavier Initialization"]["drawings"] == 3


@files_alone
def test_every_file_is_served_as_it_was_built(reader, built_folder, built, served):
    """So that what is seen on one host is seen on the other."""

    def is_same(path):
        name = path.relative_to(built_folder).as_posix()
        address = served.url + quote(name.removesuffix("index.html"))
        body = reader.page.request.get(address).body()
        return body.replace(served.url.encode(), built.url.encode()) == path.read_bytes()

    files = [path for path in built_folder.rglob("*") if path.is_file()]
    told = {path.relative_to(built_folder).as_posix() for path in files if not is_same(path)}
    # The index comes later than the site, no search engine looks for it, and 404.html names the folder it is in.
    others = ("pagefind/", "sitemap.xml", "404.html")
    assert {name for name in told if not name.startswith(others)} == set()


def test_every_internal_link_leads_to_a_page_and_a_place_in_it(surveys, reader, built):
    base = built.url
    places = {f"{base}{uri}": set(seen["ids"]) for uri, seen in surveys.items()}

    @cache
    def answers(address):
        return reader.page.request.get(address.replace(base, reader.host.url)).ok

    def is_dead(link):
        address, fragment = urldefrag(link)
        fragment = fragment.partition(":~:")[0]  # what follows are words to look for
        if address not in places:
            return not answers(address)
        if fragment.startswith("__code_"):
            return False  # the theme's script puts in link and place, one after the other
        if address == f"{base}map/":
            return (
                f"{base}{unquote(fragment)}" not in places
            )  # the map is asked for the note at that address
        return fragment and unquote(fragment) not in places[address]

    dead = {(uri, link) for uri, seen in surveys.items() for link in seen["links"] if is_dead(link)}
    assert sorted(dead) == []


def test_every_page_has_a_title_of_its_own(surveys):
    titles = Counter(seen["title"] for seen in surveys.values())
    assert [title for title, count in titles.items() if count > 1 or not title] == []


def test_no_two_elements_of_a_page_have_one_id(surveys):
    repeated = {
        uri: [name for name, count in Counter(seen["ids"]).items() if count > 1]
        for uri, seen in surveys.items()
    }
    assert {uri: names for uri, names in repeated.items() if names} == {}


def test_every_page_has_one_main_heading_and_leaves_out_no_level(surveys):
    def is_outline(levels):
        steps = pairwise(levels)
        return levels[:1] == [1] and levels.count(1) == 1 and all(b <= a + 1 for a, b in steps)

    levels = {uri: seen["headings"] for uri, seen in surveys.items()}
    assert {uri: found for uri, found in levels.items() if not is_outline(found)} == {}


def test_every_page_has_its_landmarks_and_says_its_language(surveys):
    expected = (["banner", "main", "contentinfo"], "en")
    found = {uri: (seen["landmarks"], seen["language"]) for uri, seen in surveys.items()}
    assert dict.fromkeys(surveys, expected) == found


def test_everything_to_press_follow_or_look_at_has_a_name(surveys):
    assert where(surveys, "nameless") == {}
    assert where(surveys, "without_alt") == {}


def test_every_figure_is_drawn_with_a_title_and_a_description(surveys):
    assert where(surveys, "bare_drawings") == {}


def test_no_page_scrolls_sideways_on_a_phone(surveys):
    assert where(surveys, "too_wide") == {}


def test_every_note_lists_the_notes_that_link_to_it(surveys, manifest):
    titles = {note["path"]: title for title, note in manifest.items()}
    expected = {
        title: sorted(titles[path] for path in note["backlinks"])
        for title, note in manifest.items()
    }
    found = {title: sorted(surveys[note["uri"]]["backlinks"]) for title, note in manifest.items()}
    assert expected == found


def test_every_note_shows_the_way_up(surveys, manifest):
    titles = {note["path"]: title for title, note in manifest.items()}
    above = {title: titles.get(note["upstream"]) for title, note in manifest.items()}
    shown = {title: surveys[note["uri"]]["crumbs"] for title, note in manifest.items()}
    assert above == {title: crumbs[-1] if crumbs else None for title, crumbs in shown.items()}
