"""The page of the map: regions with names and colours, the list of them, and the digits that are drawn."""

import itertools
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup
from counting import calls_in
from hypothesis import given, settings
from hypothesis import strategies as st
from vaults import build_site, chart_of, index_in_memory, write_vault

from seedbed import site as sites
from seedbed.cli import main
from seedbed.host import DEFAULT_CONFIG
from seedbed.mappage import map_text
from seedbed.site import Site, SiteSettings
from seedbed.uris import MAP
from seedbed.vaultmap import SIDE, Chart, Links, layout
from seedbed.vaultmap.regions import regions

pytestmark = pytest.mark.timeout(60)  # whole sites are built

HARMFUL = [
    "</script><b>",
    "<!--",
    '"&<',
    "&lt;",
    "]]>",
    "\u202eabc\u2066",
    "עברית",
    "\\u003c",
    "a\u2028b",
]


@dataclass(frozen=True)
class Seen:
    """What a browser finds on the page."""

    regions: list[tuple[str, list[tuple[str, str]]]]
    """Name of each, and title and address of what is listed there."""
    data: dict
    places: list[tuple[int, int]]
    links: set[frozenset[int]]
    tags: dict[str, list[int]]
    soup: BeautifulSoup


def seen(html, uri=MAP):
    """Return what is on the page ``html`` of a map at ``uri``."""
    soup = BeautifulSoup(f"<!doctype html><body>{html}", "html5lib")
    listed = []
    for region in soup.select(".seedbed-region"):
        name = region.select_one("summary > b")
        items = region.select("ul.seedbed-notes > li > a")
        ways = [(item.get_text(), address(item["href"], uri)) for item in items]
        listed.append((name.get_text() if name else "", ways))
    data = json.loads(soup.find(id="seedbed-map").string)
    digits = [DIGITS.index(digit) for digit in data["places"]]
    places = [(64 * high + low) for high, low in zip(digits[::2], digits[1::2], strict=True)]
    tags = {tag: ends(numbers(steps), -1) for tag, steps in data["tags"]}
    pairs = list(zip(places[::2], places[1::2], strict=True))
    return Seen(listed, data, pairs, linked(data["links"]), tags, soup)


DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def numbers(text):
    """Return the numbers that ``text`` holds: of five bits a digit, the lowest first, all but the last with a sixth."""
    written = re.findall(r"[g-z0-9_-]*[A-Za-f]", text)
    assert "".join(written) == text
    return [
        sum(DIGITS.index(digit) % 32 * 32**place for place, digit in enumerate(number))
        for number in written
    ]


def ends(steps, start):
    return list(itertools.accumulate(steps, initial=start))[1:]


def linked(text):
    """Return the pairs that are linked: for each document the steps to those behind it, and a 0."""
    steps = numbers(text)
    stops = [place for place, step in enumerate(steps) if step == 0]
    found = []
    for document, (start, stop) in enumerate(itertools.pairwise([-1, *stops])):
        found += [frozenset({document, end}) for end in ends(steps[start + 1 : stop], document)]
    assert stops[-1:] == [len(steps) - 1]
    assert len(found) == len(set(found))
    return set(found)


def address(href, uri):
    """Return the address in the site that ``href`` leads to from the page at ``uri``."""
    return unquote(urljoin(f"https://example.org/{uri}", href)).removeprefix("https://example.org/")


def page_of(site, uri=MAP):
    (page,) = (page for page in site.pages if page.uri == uri)
    return page


def map_of(notes):
    """Return what is on the map of ``notes``, and their index."""
    index = index_in_memory(notes)
    return seen(map_text(index, MAP, chart_of(index))), index


NAMES = ["Fern", "fern", "Moss", "index", "Élan vital", "map", *HARMFUL[:1]]
PATHS = st.builds("{}{}.md".format, st.sampled_from(["", "a/", "a/b/"]), st.sampled_from(NAMES[:6]))
LINES = st.one_of(
    st.builds("[[{}]]\n".format, st.one_of(PATHS, st.sampled_from(NAMES))),
    st.sampled_from(["#wet\n", "#Wet\n", "#wet/soil\n", "#seed\n", "![[Moss]]\n"]),
)
HEADS = st.one_of(
    st.just(""),
    st.builds("---\ntitle: {}\n---\n".format, st.sampled_from(HARMFUL).map(json.dumps)),
    st.just("---\ntitle: ''\n---\n"),
)
VAULTS = st.dictionaries(
    PATHS, st.builds("{}{}".format, HEADS, st.lists(LINES, max_size=4).map("".join)), min_size=1
)


@settings(max_examples=50)
@given(VAULTS)
def test_the_page_says_what_the_index_does(notes):
    found, index = map_of(notes)
    agrees(found, index)


def agrees(found, index):
    """Assert that what is ``found`` on the map is what ``index`` holds, in the order of the list."""
    listed = [way for _, ways in found.regions for way in ways]
    ground = index.around.ground
    assert sorted(listed) == sorted((ground.titles[path], uri) for path, uri in ground.uris.items())
    order = [uri for _, uri in listed]
    assert len(set(order)) == len(order) == len(found.places) == found.data["links"].count("A")
    made = chart_of(index)
    charted = zip(made.links.paths, made.places, strict=True)
    assert dict(zip(order, found.places, strict=True)) == {
        ground.uris[path]: place for path, place in charted
    }
    assert {frozenset(order[end] for end in pair) for pair in found.links} == {
        frozenset({ground.uris[path], ground.uris[target]})
        for path, targets in ground.targets.items()
        for target in targets
    }
    assert {tag: sorted(order[end] for end in of) for tag, of in found.tags.items()} == {
        tag: sorted(index.uri(path) for path in of) for tag, of in index.tagged.values()
    }
    sizes = [size for size, _, _, _ in found.data["regions"]]
    assert sizes == [len(ways) for _, ways in found.regions]
    colours = [colour for _, colour, _, _ in found.data["regions"]]
    shown = [region.get("data-colour") for region in found.soup.select(".seedbed-region")]
    assert shown == [None if colour is None else str(colour) for colour in colours]
    assert found.data["side"] == SIDE
    assert [name for name, _ in found.regions].count("") == (colours == [None])
    assert not found.soup.select("li b, li script, summary b b")


def test_long_steps_are_read_as_they_were_written():
    chance = Random(1)  # noqa: S311 -- the same each time
    notes = {
        f"Note {number}.md": "".join(f"[[Note {chance.randrange(2500)}]] " for _ in range(3))
        + ("#rare" if number in {7, 2400} else "")
        for number in range(2500)
    }
    found, index = map_of(notes)
    agrees(found, index)
    assert max(abs(one - other) for one, other in found.links) > 32**2


def test_the_map_shows_the_tags_of_most_notes():
    notes = {
        f"{number}.md": " ".join(f"#t{each}" for each in range(number)) for number in range(41)
    }
    found, _ = map_of(notes)
    assert sorted(found.tags) == sorted(f"t{number}" for number in range(24))
    assert list(found.tags) == sorted(found.tags)


BOARD = json.dumps({"nodes": [{"id": "f", "type": "file", "file": "Fern.md"}], "edges": []})


def test_canvases_and_bases_are_on_the_map_and_private_notes_are_not(tmp_path):
    hidden = "---\npublish: false\ntags: [secretly]\n---\n[[Fern]] [[Moss]]\n"
    files = {
        "Fern.md": "[[Secret]] [[Board.canvas]] #wet\n",
        "Moss.md": "![[Plants.base]]\n",
        "Secret.md": hidden,
        "drafts/Secret plan.md": "#secretly [[Fern]]\n",
        "Board.canvas": BOARD,
        "Plants.base": "views: [{type: table, name: All}]\n",
    }
    site = build_site(write_vault(tmp_path, files), SiteSettings(exclude=("drafts/*",)))
    page = page_of(site)
    agrees(seen(page.html), site.index)
    listed = {title for _, ways in seen(page.html).regions for title, _ in ways}
    assert listed == {"Fern", "Moss", "Board", "Plants"}
    assert "secret" not in page.html.lower()
    links = seen(page.html).links
    assert len(links) == 2


@pytest.mark.parametrize("notes", [{"A.md": ""}, {f"{n}.md": "" for n in range(5)}])
def test_a_vault_without_links_has_one_region_without_a_name(notes):
    found, _ = map_of(notes)
    assert [(name, len(ways)) for name, ways in found.regions] == [("", len(notes))]
    assert found.soup.h2.get_text() == "Notes"


def refuse(*_):
    raise AssertionError("nobody asked for it")


def test_a_map_written_by_hand_keeps_its_address_and_nothing_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(sites, "chart", refuse)
    root = write_vault(tmp_path, {"A.md": "[[B]]", "B.md": ""})
    site = build_site(root, SiteSettings(reserved=frozenset({MAP})))
    assert not [page for page in site.pages if page.uri.startswith("map")]
    assert '<a href="../map/">Map</a>' in page_of(site, "notes/").html


def test_a_note_called_map_keeps_its_address_and_the_map_moves(tmp_path):
    site = build_site(write_vault(tmp_path, {"map.md": "[[B]]", "B.md": "[[Élan & <b>]]"}))
    assert page_of(site, "map/").source == "map.md"
    page = page_of(site, "map_1/")
    assert (page.title, page.source) == ("Map", None)
    (region,) = seen(page.html, page.uri).regions
    assert region[1] == [("B", "b/"), ("map", "map/")]
    assert '<a href="../map_1/">Map</a>' in page_of(site, "notes/").html


@pytest.mark.parametrize("tag", ["seed", "Sapling", "evergreen", "seedling", "Budding"])
def test_how_ripe_notes_are_is_no_name_for_a_region(tag):
    notes = {f"{each}.md": f"#{tag} [[0]]" for each in range(6)}
    found, _ = map_of(notes)
    assert [name for name, _ in found.regions] == ["0"]
    found, _ = map_of({path: text.replace(tag, "oak") for path, text in notes.items()})
    assert [name for name, _ in found.regions] == ["#oak"]


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """A folder with notes that are linked in a ring, entered."""
    ring = {f"notes/{each}.md": f"[[{(each + 1) % 6}]]\n" for each in range(6)}
    config = f"INHERIT: {DEFAULT_CONFIG}\nplugins:\n  seedbed:\n    search: false\n"
    write_vault(tmp_path, ring | {"docs/about.md": "# About\n", "mkdocs.yml": config})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def laid_out(monkeypatch):
    """How many documents were laid out, each time that any were."""
    sizes = []
    real = layout.places

    def remembering(links, side):
        sizes.append(len(links.paths))
        return real(links, side)

    monkeypatch.setattr(layout, "places", remembering)
    return sizes


def build(*options):
    assert main(["build", "-q", *options]) == 0


EDITS = {
    "nothing": ({}, []),
    "a text": ({"2.md": "More. [[3]]\n"}, []),
    "a title": ({"2.md": "---\ntitle: Zwei\n---\n[[3]]\n"}, []),
    "a tag": ({"2.md": "#wet [[3]]\n"}, []),
    "a second link to the same note": ({"2.md": "[[3]] and [[3#Part|there]]\n"}, []),
    "a link back": ({"3.md": "[[4]] [[2]]\n"}, []),
    "a link more": ({"2.md": "[[3]] [[5]]\n"}, [6]),
    "a link less": ({"2.md": "\n"}, [6]),
    "a note more": ({"6.md": "[[0]]\n"}, [7]),
    "a note that is private now": ({"2.md": "---\npublish: false\n---\n[[3]]\n"}, [5]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_the_chart_is_made_again_when_links_change_and_the_page_is_always_right(
    edit, garden, laid_out
):
    files, again = EDITS[edit]
    build()
    assert laid_out == [6]
    laid_out.clear()
    write_vault(garden / "notes", files)
    build()
    assert laid_out == again
    build("--no-cache", "--site-dir", "clean")
    warm, clean = (Path(site, "map/index.html").read_bytes() for site in ("site", "clean"))
    assert warm == clean


@pytest.mark.usefixtures("garden")
def test_a_chart_that_cannot_be_read_is_made_again(laid_out):
    build()
    page = Path("site/map/index.html")
    right = page.read_bytes()
    (store,) = Path(".cache/seedbed/sites").iterdir()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE entries SET small = x'00' WHERE kind IN ('map', 'site')")
    page.unlink()
    build()
    assert page.read_bytes() == right
    assert laid_out == [6, 6]


@pytest.mark.parametrize("edit", EDITS)
def test_a_site_that_follows_another_has_the_same_map(edit, tmp_path):
    root = write_vault(tmp_path, {f"{each}.md": f"[[{(each + 1) % 6}]]\n" for each in range(6)})
    first = Site(root, SiteSettings())
    for made in first.pages():
        made.page()
    write_vault(root, EDITS[edit][0])
    second = Site(root, SiteSettings(), last=first)
    pages = {page.uri: page.html for page in (made.page() for made in second.pages())}
    second.close()
    assert pages[MAP] == page_of(build_site(root)).html


def test_a_map_written_by_hand_in_docs_is_the_page(garden, laid_out):
    write_vault(garden, {"docs/map.md": "# Our map\n\nBy hand.\n"})
    build()
    assert laid_out == []
    page = BeautifulSoup(Path("site/map/index.html").read_bytes(), "html5lib")
    assert page.h1.get_text().startswith("Our map")
    assert not page.select(".seedbed-map, .seedbed-region")
    assert not Path("site/map_1").exists()


def neighbours(count):
    """Return ``count`` notes, each linked with eight others, some with tags."""
    links = [
        "".join(f"[[{(each + step) % count}]] " for step in range(1, 9)) for each in range(count)
    ]
    return {f"{each}.md": f"{text}#t{each % 30}\n" for each, text in enumerate(links)}


WORK = {
    "links": lambda index, _: Links.of(index.around.ground.targets),
    "regions": lambda index, made: regions(
        index.around.ground.titles, index.around.ground.tags, made
    ),
    "the page": lambda index, made: map_text(index, MAP, made),
}


@pytest.fixture(scope="module")
def vaults():
    """Indexes and charts of a small vault and of one ten times as large."""
    indexes = [index_in_memory(neighbours(count)) for count in (100, 1000)]
    return [(index, chart_of(index)) for index in indexes]


@pytest.mark.parametrize("what", WORK)
def test_ten_times_the_vault_is_ten_times_the_work(what, vaults):
    for each in vaults:
        WORK[what](*each)  # so that what is made once is made
    few, many = (calls_in(lambda each=each: WORK[what](*each)) for each in vaults)
    assert many < 15 * few


@pytest.mark.parametrize("size", [1, 2, 5])
def test_ten_times_the_regions_are_ten_times_the_work(size):
    def work(count):
        paths = tuple(f"{each:04}.md" for each in range(count))
        pairs = tuple((each, each + 1) for each in range(count - 1) if (each + 1) % size)
        groups = tuple(each // size for each in range(count))
        made = Chart(Links(paths, pairs), ((0, 0),) * count, groups)
        tags = {path: ["all", f"t{groups[each]}"] for each, path in enumerate(paths)}
        return calls_in(lambda: regions(dict(zip(paths, paths, strict=True)), tags, made))

    work(100)  # so that what is loaded once is loaded
    assert work(1000) < 15 * work(100)
