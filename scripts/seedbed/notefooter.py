"""Where a page leads beside its own links, as HTML: its folder, the notes before and after it, notes related to it.

Turns what the index says is near to a page into what stands around its text.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from seedbed.nearby import Nearby, Turn, Way
from seedbed.text import PageUri, relative_uri


def folder_path(nearby: Nearby, uri: PageUri) -> str:
    """Return the trail of folders over the text of the page at ``uri``."""
    return trail(nearby.folders, uri, "Folder") if nearby.folders else ""


def below(nearby: Nearby, uri: PageUri) -> str:
    """Return what stands right under the text of the page at ``uri``."""
    listed = "" if nearby.inside is None else _inside(*nearby.inside, uri)
    turn = "" if nearby.turn is None else _turn(nearby.turn, uri)
    return f"{listed}{turn}{ways_row(nearby.lists, uri)}"


def related(nearby: Nearby, uri: PageUri) -> str:
    """Return the notes related to that of the page at ``uri``, each with what speaks for it."""
    if not nearby.related:
        return ""
    items = "".join(
        f'<li>{link(way, uri)} <small class="seedbed-reason">{html.escape(way.more)}</small></li>\n'
        for way in nearby.related
    )
    return (
        '<nav class="seedbed-related seedbed-way" aria-labelledby="seedbed-related">\n'
        f'<h2 id="seedbed-related">Related notes</h2>\n<ul>\n{items}</ul>\n</nav>\n'
    )


def shelves(folders: Iterable[Way], uri: PageUri) -> str:
    """Return links to ``folders``, with what is said of each, as a list, if there are any."""
    items = "".join(f"<li>{link(way, uri)} <small>{way.more}</small></li>\n" for way in folders)
    return f'<ul class="seedbed-folders seedbed-way">\n{items}</ul>\n' if items else ""


def count(number: int) -> str:
    """Return how many there are of what stands before it."""
    return f'<small class="seedbed-count">{number}</small>'


def trail(ways: Iterable[Way | None], uri: PageUri, label: str) -> str:
    """Return a trail of pages over that at ``uri``; ``label`` says what kind they are."""
    steps = (link(way, uri) if way else "…" for way in ways)
    items = "".join(f'<li class="md-path__item">{step}</li>' for step in steps)
    return f'<nav class="md-path seedbed-path" aria-label="{label}"><ol class="md-path__list">{items}</ol></nav>\n'


def ways_row(ways: Iterable[Way], uri: PageUri) -> str:
    """Return the row of lists, in which that at ``uri`` is marked."""
    here = ' aria-current="page"'
    items = "".join(f"<li>{link(way, uri, here if way.uri == uri else '')}</li>\n" for way in ways)
    if not items:
        return ""
    return f'<nav class="seedbed-lists seedbed-way" aria-label="Lists of notes">\n<ul>\n{items}</ul>\n</nav>\n'


def way_list(ways: Iterable[Way], uri: PageUri) -> str:
    """Return links to all of ``ways`` as a list, if there are any."""
    items = "".join(f"<li>{link(way, uri)}</li>\n" for way in ways)
    return f'<ul class="seedbed-notes">\n{items}</ul>\n' if items else ""


def link(way: Way, uri: PageUri, attributes: str = "") -> str:
    """Return a link from the page at ``uri``."""
    address = html.escape(relative_uri(way.uri, uri))
    return f'<a href="{address}"{attributes}>{html.escape(way.text)}</a>'


def _inside(folders: tuple[Way, ...], documents: tuple[Way, ...], uri: PageUri) -> str:
    listed = shelves(folders, uri) + way_list(documents, uri)
    if not listed:
        return ""
    return (
        '<nav class="seedbed-inside" aria-labelledby="seedbed-inside">\n'
        f'<h2 id="seedbed-inside">In this folder</h2>\n{listed}</nav>\n'
    )


def _turn(turn: Turn, uri: PageUri) -> str:
    """Return the ways to the notes before and after, with the hub that puts them in order."""
    before = after = ""
    if turn.previous:
        before = link(turn.previous, uri, ' rel="prev"')
        before = f'<span class="seedbed-turn__previous"><small>Previous</small> {before}</span>\n'
    if turn.next:
        after = link(turn.next, uri, ' rel="next"')
        after = f'<span class="seedbed-turn__next"><small>Next</small> {after}</span>\n'
    hub = f'<span class="seedbed-turn__hub"><small>In</small> {link(turn.hub, uri)}</span>\n'
    label = html.escape(f"Previous and next in {turn.hub.text}")
    return (
        f'<nav class="seedbed-turn seedbed-way" aria-label="{label}">\n{before}{hub}{after}</nav>\n'
    )
