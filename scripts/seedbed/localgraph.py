"""The picture of what is around a note, below its text: the note in the middle, its neighbours on two arcs beside it.

Turns neighbours into SVG that needs no script. Each has a row of its own, so no two names overlap; names stand outside
of the arcs, where no line is. Arrows say who links whom, and words say it to whoever sees none. All is laid out from
the order of the neighbours alone: the same links make the same picture.
"""

from __future__ import annotations

import functools
import html
import math
import unicodedata
from collections.abc import Iterator, Sequence

from seedbed.index import Index
from seedbed.neighbourhood import Neighbour, Neighbours
from seedbed.text import NotePath, relative_uri

_WIDTH = 420
"""As drawn; a phone shows it at nine tenths of that, where names must still be read."""
_MIDDLE = _WIDTH / 2
_REACH = 60
"""How far the arcs are from the middle."""
_ROW = 34
"""A row holds two lines of a name, and a gap to the next."""
_LINE = 14
_DOT, _CENTRE = 4, 8
_GAP = 9
"""Between a neighbour and its name."""
_EM = 13
_ROOM = _MIDDLE - _REACH - _GAP - 3
_NARROW, _WIDE = "fijlrt.,:;'|!()[] -", "mwMW@%"
_Point = tuple[float, float]


def local_graph(path: NotePath, index: Index) -> str:
    """Return the picture of what is around the note at ``path``; nothing if no link joins it to another."""
    around = index.neighbours(path)
    if not around.shown:
        return ""
    return (
        '<nav class="seedbed-around" aria-labelledby="seedbed-around">\n'
        '<h2 id="seedbed-around">Around this note</h2>\n'
        f"{_drawing(path, around, index)}{_further(path, around, index)}</nav>\n"
    )


def _further(path: NotePath, around: Neighbours, index: Index) -> str:
    """Return how many notes are not shown, and the way to the map, which shows this one among all."""
    uri = index.uri(path)
    parts = [f"and {around.more} more"] if around.more else []
    if around.chart is not None:
        address = html.escape(relative_uri(around.chart, uri, uri))
        parts.append(f'<a href="{address}">On the map</a>')
    return f'<p class="seedbed-around__more">{" · ".join(parts)}</p>\n' if parts else ""


def _drawing(path: NotePath, around: Neighbours, index: Index) -> str:
    count = len(around.shown)
    height = max(2, math.ceil(count / 2)) * _ROW + 2 * _DOT
    points = [*_places(count, height)]
    middle = (_MIDDLE, height / 2)
    among = "".join(_curve(points[one], points[other], middle) for one, other in around.among)
    bundle = f'<path class="seedbed-around__among" d="{among}"/>' if among else ""
    arrows = "".join(map(_arrow, around.shown, points, [middle] * count))
    names = "".join(
        _named(each, point, path, index) for each, point in zip(around.shown, points, strict=True)
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="group" aria-labelledby="seedbed-around">'
        '<defs><marker id="seedbed-arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" '
        'orient="auto-start-reverse"><path d="M0 0 6 3 0 6z"/></marker></defs>'
        f"{bundle}{arrows}"
        f'<circle class="seedbed-around__here" cx="{middle[0]:g}" cy="{middle[1]:g}" r="{_CENTRE}"/>\n'
        f"{names}</svg>\n"
    )


def _places(count: int, height: float) -> Iterator[_Point]:
    """Yield where neighbours are: down the left arc, then down the right one."""
    left = (count + 1) // 2
    for side, rows in ((-1, left), (1, count - left)):
        for row in range(rows):
            off = (row - (rows - 1) / 2) * _ROW
            bend = math.sqrt(1 - (off / (height / 2 + _ROW / 2)) ** 2)
            yield _MIDDLE + side * _REACH * (0.45 + 0.55 * bend), height / 2 + off


def _arrow(neighbour: Neighbour, point: _Point, middle: _Point) -> str:
    """Return the line between a neighbour and the middle, with an arrow at each end that is linked."""
    start, end = _short_of(point, middle, _DOT + 2), _short_of(middle, point, _CENTRE + 2)
    ends = ' marker-end="url(#seedbed-arrow)"' if neighbour.links_here else ""
    ends += ' marker-start="url(#seedbed-arrow)"' if neighbour.is_linked else ""
    return f'<path class="seedbed-around__link" d="M{_at(start)}L{_at(end)}"{ends}/>'


def _short_of(point: _Point, other: _Point, distance: float) -> _Point:
    """Return where one is who goes ``distance`` from ``point`` towards ``other``."""
    part = distance / math.dist(point, other)
    return point[0] + (other[0] - point[0]) * part, point[1] + (other[1] - point[1]) * part


def _curve(one: _Point, other: _Point, middle: _Point) -> str:
    """Return a line between two neighbours, bent towards the middle."""
    between = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    bend = tuple((between[axis] + middle[axis]) / 2 for axis in (0, 1))
    return f"M{_at(one)}Q{_at((bend[0], bend[1]))} {_at(other)}"


def _at(point: _Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"


def _named(neighbour: Neighbour, point: _Point, path: NotePath, index: Index) -> str:
    """Return a neighbour with its name, as a link to it."""
    title = index.title(neighbour.path)
    address = html.escape(relative_uri(index.uri(neighbour.path), index.uri(path)))
    how = "links here" if neighbour.links_here else "linked from here"
    if neighbour.links_here and neighbour.is_linked:
        how = "linked both ways"
    side = -1 if point[0] < _MIDDLE else 1
    x = f"{point[0] + side * _GAP:.0f}"
    name, *lines = _escaped(title)
    y = point[1] + 4 - (len(lines) - 1) * _LINE / 2
    text = lines[0]
    if lines[1:]:
        text += f'<tspan x="{x}" dy="{_LINE}">{lines[1]}</tspan>'
    end = ' text-anchor="end"' if side < 0 else ""
    return (
        f'<a href="{address}"><title>{name} ({how})</title>'
        f'<circle cx="{point[0]:.0f}" cy="{point[1]:.0f}" r="{_DOT}"/>'
        f'<text x="{x}" y="{y:.0f}"{end}>{text}</text></a>\n'
    )


@functools.lru_cache(maxsize=4096)
def _escaped(title: str) -> tuple[str, ...]:
    """Return ``title`` and its lines as HTML; many pages name one note."""
    return tuple(map(html.escape, (title, *_lines(title))))


def _lines(title: str) -> Sequence[str]:
    """Return ``title`` in one line or two, as much of it as there is room for."""
    if _breadth(title) <= _ROOM:
        return [title]
    first, rest = _cut(title)
    if _breadth(rest) <= _ROOM:
        return [first, rest]
    while rest and _breadth(rest + "…") > _ROOM:
        rest = rest[:-1]
    return [first, rest.rstrip() + "…"]


def _cut(title: str) -> tuple[str, str]:
    """Return as many words of ``title`` as one line holds, else characters, and the rest."""
    length = len(title)
    while _breadth(title[:length]) > _ROOM:
        length -= 1
    space = title.rfind(" ", 0, length + 1)
    is_early = space <= length / 3 and _breadth(title[space + 1 :]) > _ROOM
    cut = length if space < 0 or is_early else space
    return title[:cut].rstrip(), title[cut:].lstrip()


def _breadth(text: str) -> float:
    """Return about how broad ``text`` is in the fonts that readers have, rather more than less."""
    return sum(map(_breadth_of, text)) * _EM


def _breadth_of(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _WIDE or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.7 if character.isupper() else 0.58
