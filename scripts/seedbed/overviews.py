"""The pages that are about the vault as a whole: all notes, tags, folders, loose ends, a note at random.

Turns the index into HTML, anew in each build in which anything changed that another page could show. Each list says
where the others are; none is in the search, which finds the notes themselves.
"""

from __future__ import annotations

import hashlib
import heapq
import html
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from seedbed.article import TocEntry
from seedbed.dates import MONTHS
from seedbed.folders import Folder
from seedbed.index import Index
from seedbed.looseends import loose_ends
from seedbed.mappage import map_text
from seedbed.nearby import LISTS, Way, contents, folder_trail, way_to_folder
from seedbed.notefooter import count, link, shelves, trail, way_list, ways_row
from seedbed.pagelinks import note_entry, note_link, note_list, stage_meaning, tag_list
from seedbed.stubs import Stub
from seedbed.text import NotePath, PageUri, TagName, fold, relative_uri
from seedbed.uris import FOLDERS, LOOSE_ENDS, MAP, NOTES, RANDOM, RECENT, TAGS, tag_uri
from seedbed.vaultmap import Chart

_MANY = 40
"""Entries of a list from which on they stand under their first letters, with a row of these to jump to."""
_MOST_LETTERS = 120
"""Letters in such a row; in scripts that have thousands it would be no help."""
_MOST_RECENT = 100
_LAST = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 -- dates of notes have no zone
_AT_RANDOM = 12
"""Notes that are chosen for readers without JavaScript."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One such page."""

    uri: PageUri
    title: str
    html: str
    toc: tuple[TocEntry, ...] = ()


def overviews(index: Index, chart: Callable[[], Chart]) -> Iterator[Overview]:
    """Yield those of these pages that nobody has written by hand; ``chart`` returns that of the vault's links."""
    pages: dict[PageUri, Callable[[Index, PageUri], str]] = {
        NOTES: all_notes,
        FOLDERS: all_folders,
        RECENT: recent_changes,
        RANDOM: at_random,
        MAP: lambda index, uri: f"{_head(LISTS[MAP], uri, index)}{map_text(index, uri, chart())}",
    }
    if index.tagged:
        pages[TAGS] = all_tags
        yield from (page for page in tag_pages(index) if page.uri in index.own_pages)
    wanted = {stub.uri: stub for stub in index.stubs.values()}
    for folder in index.folders.values():
        if folder.has_page:
            shown = folder_page(folder, index, wanted.get(folder.uri))
            yield Overview(folder.uri, folder.name, shown)
    for name, uri in index.lists.items():
        if uri in index.own_pages and name == LOOSE_ENDS:
            yield _loose_ends(index, uri)
        elif uri in index.own_pages:
            yield Overview(uri, LISTS[name], pages[name](index, uri))


def all_notes(index: Index, uri: PageUri) -> str:
    """Return the list of all notes by title, under their first letters."""
    notes = _by_letter(_entries(index.vault.notes, uri, index))
    parts = [_head("All notes", uri, index), notes]
    for name, boards in (("Canvases", index.vault.canvases), ("Bases", index.vault.bases)):
        if boards:
            parts.append(f"<h2>{name}</h2>\n{note_list(boards, uri, index)}")
    return "".join(parts)


def all_tags(index: Index, uri: PageUri) -> str:
    """Return the list of all tags."""
    tags = [tag for tag, _ in index.tagged.values()]
    if len(tags) < _MANY:
        return f"{_head('Tags', uri, index)}{tag_list(tags, uri, index)}"
    letters = [(initial, list(of)) for initial, of in itertools.groupby(tags, key=_initial)]
    parts = [_head("Tags", uri, index), _jump_list(initial for initial, _ in letters)]
    for initial, of in letters:
        parts.append(f"{_letter_heading(initial)}{tag_list(of, uri, index)}")
    return "".join(parts)


def tag_pages(index: Index) -> Iterator[Overview]:
    """Yield a page for each tag: the tags it is nested in, those nested in it, its notes."""
    below: dict[str, list[TagName]] = defaultdict(list)
    for key, (tag, _) in index.tagged.items():
        for length in range(1, key.count("/") + 1):
            below["/".join(key.split("/")[:length])].append(tag)
    for key, (tag, paths) in index.tagged.items():
        uri = tag_uri(tag)
        nested = tag_list(below[key], uri, index) if key in below else ""
        notes = _by_letter(_entries(paths, uri, index), few=_MANY)
        head = f'<h1><span class="tag">#{html.escape(tag)}</span> {count(len(paths))}</h1>\n'
        about = f"{_tags_above(key, uri, index)}{head}{stage_meaning(tag, uri, index)}"
        yield Overview(uri, f"#{tag}", f"{about}{nested}{notes}")


def _tags_above(key: str, uri: PageUri, index: Index) -> str:
    steps = key.split("/")
    above = (index.tagged["/".join(steps[:length])][0] for length in range(1, len(steps)))
    ways = (Way(tag_uri(tag), f"#{tag}") for tag in above)
    return trail((Way(TAGS, LISTS[TAGS]), *ways), uri, "Tags above")


def all_folders(index: Index, uri: PageUri) -> str:
    """Return the tree of all folders, and the notes that are in none."""
    parts = [_head("Folders", uri, index), '<div class="seedbed-tree seedbed-way">\n']
    deep = 0
    for folder in sorted(index.folders.values(), key=_in_tree):
        level = folder.path.count("/") + 1 if folder.path else 0
        if level:
            parts.append(
                "<ul>\n" if level > deep else "</li>\n" + "</ul>\n</li>\n" * (deep - level)
            )
            parts.append(f"<li>{link(way_to_folder(folder), uri)} {count(folder.size)}\n")
            deep = level
    parts.append("</li>\n</ul>\n" * deep + "</div>\n")
    _, documents = contents(index.folders[""], index.around.ground)
    if documents:
        parts.append(f"<h2>In no folder</h2>\n{way_list(documents, uri)}")
    return "".join(parts)


def _in_tree(folder: Folder) -> list[tuple[str, str]]:
    return [(fold(step), step) for step in folder.path.split("/")]


def folder_page(folder: Folder, index: Index, wanted: Stub | None) -> str:
    """Return the page of a folder that no note stands for: the folders in it, its notes.

    ``wanted`` is the note that should stand for it, as others link to it.
    """
    above = folder_trail(folder.path, index.folders)
    root = (Way(index.lists[FOLDERS], LISTS[FOLDERS]),) if FOLDERS in index.lists else ()
    inner, documents = contents(folder, index.around.ground)
    entries = [(way.text, link(way, folder.uri)) for way in documents]
    listed = shelves(inner, folder.uri) + _by_letter(entries, few=_MANY)
    head = f"<h1>{html.escape(folder.name)} {count(folder.size)}</h1>\n"
    path = trail((*root, *above), folder.uri, "Folder") if root or above else ""
    return f"{path}{head}{listed}{_wanted_note(wanted, index) if wanted else ''}"


def _wanted_note(stub: Stub, index: Index) -> str:
    who = note_list(stub.wanted_by, stub.uri, index)
    what = "Nobody has written the note about this folder yet. It is wanted by:"
    return f'<p class="seedbed-stub">{what}</p>\n{who}'


def dated_overviews(index: Index) -> Iterator[Overview]:
    """Yield those of these pages that an edit changes which changes nothing but a note's text: it is newer then."""
    uri = index.lists.get(RECENT)
    if uri is not None and uri in index.own_pages:
        yield Overview(uri, LISTS[RECENT], recent_changes(index, uri))


def recent_changes(index: Index, uri: PageUri) -> str:
    """Return the notes that were updated last, the newest first, by month."""
    dates = ((path, index.dates(path)) for path in index.vault.notes)
    dated = ((each.updated or each.created, path) for path, each in dates)
    known = ((moment, path) for moment, path in dated if moment is not None)
    newest = heapq.nsmallest(
        _MOST_RECENT,
        known,
        key=lambda each: (_LAST - each[0], fold(index.title(each[1])), each[1]),
    )
    parts = [_head("Recent changes", uri, index)]
    for (year, month), of in itertools.groupby(
        newest, key=lambda each: (each[0].year, each[0].month)
    ):
        parts.append(f"<h2>{MONTHS[month - 1]} {year}</h2>\n")
        items = "".join(
            f'<li><time datetime="{moment.date().isoformat()}">{moment.day} {MONTHS[month - 1][:3]}</time> '
            f"{note_link(path, uri, index)}</li>\n"
            for moment, path in of
        )
        parts.append(f'<ul class="seedbed-recent seedbed-way">\n{items}</ul>\n')
    return (
        "".join(parts)
        if len(parts) > 1
        else f"{parts[0]}<p>No note says when it was written.</p>\n"
    )


def _loose_ends(index: Index, uri: PageUri) -> Overview:
    title = LISTS[LOOSE_ENDS]
    sections = tuple(loose_ends(index, uri))
    found = (
        "".join(each.html for each in sections) or "<p>There are none: every note leads on.</p>\n"
    )
    toc = tuple(each.entry for each in sections)
    return Overview(uri, title, f"{_head(title, uri, index)}{found}", toc)


def at_random(index: Index, uri: PageUri) -> str:
    """Return the page that leads to a note at random, and names some for those who have no JavaScript.

    The addresses stand in the page itself, which nothing else loads; it is the one page that knows all of them.
    """
    notes = index.vault.notes
    addresses = [relative_uri(each, PageUri("")) for each in map(index.uris.__getitem__, notes)]
    some = sorted(notes, key=lambda path: hashlib.blake2b(path.encode(), digest_size=8).digest())
    chosen = note_list(_in_order(some[:_AT_RANDOM], index), uri, index)
    return (
        f"{_head('Random note', uri, index)}"
        f"<noscript>\n<p>Without JavaScript, a choice that was made beforehand:</p>\n{chosen}</noscript>\n"
        f'<script type="application/json" id="seedbed-addresses">{_in_script(addresses)}</script>\n'
        f"<script>{_LEAP % relative_uri(PageUri(''), uri)}</script>\n"
    )


_LEAP = """
(() => {
  const root = new URL("%s", location.href);
  const notes = JSON.parse(document.getElementById("seedbed-addresses").textContent);
  const urls = notes.map((note) => new URL(note, root).href);
  const others = urls.filter((url) => url !== document.referrer.split("#")[0]);
  const choice = others.length ? others : urls;
  location.replace(choice[Math.floor(Math.random() * choice.length)]);
})();
"""
"""Replaces the page in the history, so that the way back leads to where one came from."""


def _in_script(addresses: list[str]) -> str:
    """Return ``addresses`` as JSON that ends no element of HTML."""
    return json.dumps(addresses, ensure_ascii=False, separators=(",\n", ":")).replace(
        "<", "\\u003c"
    )


def _head(title: str, uri: PageUri, index: Index) -> str:
    return f"<h1>{title}</h1>\n{ways_row(index.around.ground.lists, uri)}"


def _in_order(paths: Iterable[NotePath], index: Index) -> list[NotePath]:
    return sorted(paths, key=lambda path: (fold(index.title(path)), path))


def _entries(paths: Iterable[NotePath], uri: PageUri, index: Index) -> list[tuple[str, str]]:
    """Return the titles of ``paths``, in their order, each with a link from the page at ``uri``."""
    return [(index.title(path), note_entry(path, uri, index)) for path in _in_order(paths, index)]


def _by_letter(entries: list[tuple[str, str]], few: int = 0) -> str:
    """Return ``entries``, titles and links, as lists under their first letters; as one list if they are ``few``."""
    if len(entries) < few:
        return _listed(shown for _, shown in entries)
    letters = [
        (initial, [shown for _, shown in of])
        for initial, of in itertools.groupby(entries, key=lambda entry: _initial(entry[0]))
    ]
    jumps = _jump_list(initial for initial, _ in letters) if len(entries) >= _MANY else ""
    return jumps + "".join(f"{_letter_heading(initial)}{_listed(of)}" for initial, of in letters)


def _listed(links: Iterable[str]) -> str:
    items = "".join(f"<li>{each}</li>\n" for each in links)
    return f'<ul class="seedbed-notes">\n{items}</ul>\n' if items else ""


def _initial(title: str) -> str:
    return fold(title)[:1].upper()


def _anchor(initial: str) -> str:
    return f"letter-{initial.lower() if initial.isalnum() else '-'.join(f'{ord(each):x}' for each in initial)}"


def _letter_heading(initial: str) -> str:
    return f'<h2 id="{html.escape(_anchor(initial))}">{html.escape(initial)}</h2>\n'


def _jump_list(initials: Iterable[str]) -> str:
    """Return links to the letters on the page."""
    ways = list(initials)
    if len(ways) > _MOST_LETTERS:
        return ""
    items = "".join(
        f'<li><a href="{relative_uri(PageUri(""), PageUri(""), _anchor(each))}">{html.escape(each)}</a></li>\n'
        for each in ways
    )
    return f'<nav class="seedbed-letters seedbed-way" aria-label="First letters">\n<ul>\n{items}</ul>\n</nav>\n'
