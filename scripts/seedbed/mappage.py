"""The page of the map: all documents by region as a list, and what the script needs to draw them where they lie.

Readers without JavaScript, and those who see no picture, have the list. The script takes titles, addresses and names
of regions from that list, so the page holds everything once, and no other page loads any of it.
"""

from __future__ import annotations

import html
import json
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from seedbed.index import Index
from seedbed.maturity import is_of_maturity
from seedbed.notefooter import count
from seedbed.pagelinks import note_link
from seedbed.text import NotePath, PageUri, TagName, fold, relative_uri
from seedbed.uris import ASSETS
from seedbed.vaultmap import SIDE, Chart
from seedbed.vaultmap.regions import Region, regions

_STYLE, _SCRIPT = "map.css", "map.js"
_FEW = 200
"""Documents that a list shows unfolded."""
_DIGITS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
"""Of numbers, 64 of them: those of base64 in addresses."""
_BITS, _MORE = 31, 32
_MOST_TAGS = 24
"""Tags that the map can show; those of most documents."""


def map_text(index: Index, uri: PageUri, chart: Chart) -> str:
    """Return what stands below the title of the map's page at ``uri``."""
    ground = index.around.ground
    found = regions(ground.titles, _subjects(ground.tags), chart)
    ordered = [path for region in found for path in region.paths]
    data = {
        "side": SIDE,
        "places": _places(ordered, chart),
        "links": _links(ordered, chart),
        "regions": [[len(each.paths), each.colour, *each.place] for each in found],
        "tags": list(_tags(ordered, index)),
    }
    style, script = (relative_uri(PageUri(ASSETS + each), uri) for each in (_STYLE, _SCRIPT))
    # The script runs where it stands, so that the map is drawn before the browser reads on: the list may be long.
    return (
        f'<link rel="stylesheet" href="{style}">\n{_FRAME}'
        f'<script type="application/json" id="seedbed-map">{_written(data)}</script>\n'
        f'<script src="{script}"></script>\n'
        f"<h2>{'Regions' if len(found) > 1 else 'Notes'}</h2>\n"
        f"{''.join(_section(each, uri, index, is_open=len(ordered) <= _FEW) for each in found)}"
    )


def _subjects(tags: Mapping[NotePath, Iterable[TagName]]) -> dict[NotePath, list[TagName]]:
    """Return the ``tags`` that say what notes are about, and not how ripe they are."""
    return {path: [tag for tag in of if not is_of_maturity(tag)] for path, of in tags.items()}


_FRAME = """<div class="seedbed-map" hidden>
<div class="seedbed-map__bar">
<label class="seedbed-map__find"><span class="seedbed-unseen">Find a note on the map</span>\
<input type="search" placeholder="Find a note" role="combobox" aria-expanded="false" aria-autocomplete="list" \
aria-controls="seedbed-map-found" autocomplete="off" spellcheck="false"></label>
<ul id="seedbed-map-found" role="listbox" aria-label="Notes found" hidden></ul>
<label class="seedbed-map__colours">Colours <select autocomplete="off">\
<option value="">of regions</option></select></label>
<span class="seedbed-map__zoom" role="group" aria-label="Part of the map that is shown">\
<button type="button" data-act="in" title="Nearer (+)" aria-label="Nearer">+</button>\
<button type="button" data-act="out" title="Farther (-)" aria-label="Farther">\N{MINUS SIGN}</button>\
<button type="button" data-act="all" title="The whole map (0)">All</button></span>
</div>
<div class="seedbed-map__sheet">
<canvas tabindex="0" role="application" aria-roledescription="map" aria-label="Map of all notes" \
aria-describedby="seedbed-map-help"></canvas>
<p class="seedbed-map__card" hidden></p>
<p class="seedbed-map__hint" aria-hidden="true" hidden></p>
</div>
<p class="seedbed-map__help" id="seedbed-map-help">Each dot is a note, each line a link. Drag to move, scroll or pinch \
to zoom. With the keyboard: arrow keys go from note to note, <kbd>Enter</kbd> opens one, <kbd>+</kbd> and \
<kbd>-</kbd> zoom, <kbd>0</kbd> shows all, <kbd>Esc</kbd> lets go. The same notes are listed below, by region.</p>
<p class="seedbed-unseen" role="status"></p>
</div>
"""


def _section(region: Region, uri: PageUri, index: Index, *, is_open: bool) -> str:
    """Return the list of one region, without a class for each link: there may be ten thousand."""
    items = "".join(f"<li>{note_link(path, uri, index)}</li>\n" for path in region.paths)
    listed = f'<ul class="seedbed-notes">\n{items}</ul>\n'
    if not region.name:
        return f'<div class="seedbed-region">\n{listed}</div>\n'
    colour = "" if region.colour is None else f' data-colour="{region.colour}"'
    name = html.escape(region.name)
    return (
        f'<details class="seedbed-region"{colour}{" open" if is_open else ""}>\n'
        f"<summary><b>{name}</b> {count(len(region.paths))}</summary>\n{listed}</details>\n"
    )


def _places(ordered: Iterable[NotePath], chart: Chart) -> str:
    """Return where each document is, across and down, in two digits each."""
    place = dict(zip(chart.links.paths, chart.places, strict=True))
    numbers = (number for path in ordered for number in place[path])
    return "".join(_DIGITS[number // 64] + _DIGITS[number % 64] for number in numbers)


def _links(ordered: Iterable[NotePath], chart: Chart) -> str:
    """Return, for each document, the steps to those behind it that it is linked with, and a 0."""
    place = {path: number for number, path in enumerate(ordered)}
    behind: dict[int, list[int]] = defaultdict(list)
    links = chart.links
    for pair in links.pairs:
        one, other = sorted(place[links.paths[end]] for end in pair)
        behind[one].append(other)
    return "".join(f"{_steps(behind[number], number)}{_DIGITS[0]}" for number in place.values())


def _tags(ordered: Iterable[NotePath], index: Index) -> Iterator[tuple[TagName, str]]:
    """Yield the tags that the map can show, by name, each with the steps to the documents that bear it."""
    place = {path: number for number, path in enumerate(ordered)}
    most = sorted(index.tagged.values(), key=lambda each: (-len(each[1]), fold(each[0])))
    for tag, paths in sorted(most[:_MOST_TAGS], key=lambda each: fold(each[0])):
        yield tag, _steps((place[path] for path in paths), -1)


def _steps(places: Iterable[int], start: int) -> str:
    """Return how far it is from ``start`` to the first of ``places``, and on to each other, as digits of five bits.

    The lowest come first; a sixth bit says that more follow, as in source maps. Written in decimal, the same numbers
    are a tenth larger when they are compressed.
    """
    digits = []
    for place in sorted(places):
        step, start = place - start, place
        while step > _BITS:
            digits.append(_DIGITS[step & _BITS | _MORE])
            step >>= 5
        digits.append(_DIGITS[step])
    return "".join(digits)


def _written(data: object) -> str:
    """Return ``data`` as JSON that ends no element of HTML."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
