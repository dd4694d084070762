"""What is left to do in a vault: notes that are wanted, notes that nothing leads to, notes that lead nowhere.

Turns the index into the sections of one page, for authors above all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seedbed.article import TocEntry
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.nearby import Way
from seedbed.notefooter import count, link
from seedbed.pagelinks import note_link, note_list
from seedbed.stubs import Stub
from seedbed.text import NotePath, PageUri, fold

_MOST_WANTING = 6
"""Notes that are named as wanting another; its own page names all."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of loose ends."""

    entry: TocEntry
    html: str


def loose_ends(index: Index, uri: PageUri) -> Iterator[Section]:
    """Yield what there is, for the page at ``uri``; the front page needs no link to be found."""
    wanted = sorted(index.stubs.values(), key=lambda stub: (-len(stub.wanted_by), fold(stub.name)))
    if wanted:
        items = "".join(f"<li>{_wanted(stub, uri, index)}</li>\n" for stub in wanted)
        listed = f'<ul class="seedbed-wanted seedbed-way">\n{items}</ul>\n'
        meaning = "Nobody has written them yet, and others link to them."
        yield _section("Wanted notes", meaning, len(wanted), listed)
    notes = [path for path in index.vault.notes if index.uris[path]]
    orphans = [path for path in notes if not index.backlinks[path]]
    if orphans:
        listed = _titled(orphans, uri, index)
        yield _section("Orphans", "Nothing links to them.", len(orphans), listed)
    dead_ends = [path for path in notes if not _leads_on(path, index)]
    if dead_ends:
        listed = _titled(dead_ends, uri, index)
        yield _section("Dead ends", "They link to no other note.", len(dead_ends), listed)


def _section(title: str, meaning: str, number: int, listed: str) -> Section:
    anchor = title.lower().replace(" ", "-")
    heading = f'<h2 id="{anchor}">{title} {count(number)}</h2>'
    return Section(TocEntry(2, title, anchor), f"{heading}\n<p>{meaning}</p>\n{listed}")


def _leads_on(path: NotePath, index: Index) -> bool:
    """Whether the note at ``path`` links to another, written or wanted."""
    return any(
        found.kind != "file" and found.path != path
        if isinstance(found, Found)
        else not ref.embed and index.stub(found) is not None
        for ref, found in index.links[path]
    )


def _wanted(stub: Stub, uri: PageUri, index: Index) -> str:
    number = len(stub.wanted_by)
    who = ", ".join(note_link(path, uri, index) for path in stub.wanted_by[:_MOST_WANTING])
    more = f" and {number - _MOST_WANTING} more" if number > _MOST_WANTING else ""
    missing = link(Way(stub.uri, stub.name.rpartition("/")[2]), uri, ' class="missing-link"')
    return f"{missing} <small>wanted by {number}: {who}{more}</small>"


def _titled(paths: Iterable[NotePath], uri: PageUri, index: Index) -> str:
    ordered = sorted(paths, key=lambda path: (fold(index.title(path)), path))
    return note_list(ordered, uri, index)
