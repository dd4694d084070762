"""Where lines run: the sides of boxes, the curves between them, and how much room all of it needs.

The curves are those of Obsidian: each leaves its side at a right angle, and its handles reach half as far as its ends
are apart, within limits. Pure numbers; knows nothing of HTML.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from seedbed.canvas.model import Edge, Node, Side

_SHORTEST_HANDLE = 70
_LONGEST_HANDLE = 150
_TIP_LENGTH = 11
_TIP_HALF_WIDTH = 6
_DIRECTIONS: dict[Side, tuple[int, int]] = {
    "top": (0, -1),
    "right": (1, 0),
    "bottom": (0, 1),
    "left": (-1, 0),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the board, in pixels."""

    x: float
    y: float

    def moved(self, side: Side, distance: float) -> Point:
        """Return the point ``distance`` away, straight out of ``side``."""
        x, y = _DIRECTIONS[side]
        return Point(self.x + x * distance, self.y + y * distance)


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bézier curve; it stays within the hull of its four points."""

    start: Point
    first_handle: Point
    second_handle: Point
    end: Point

    @property
    def points(self) -> tuple[Point, Point, Point, Point]:
        """Its points in order."""
        return self.start, self.first_handle, self.second_handle, self.end

    @property
    def middle(self) -> Point:
        """The point half-way along."""
        weights = (1, 3, 3, 1)
        pairs = tuple(zip(weights, self.points, strict=True))
        return Point(
            sum(weight * point.x for weight, point in pairs) / 8,
            sum(weight * point.y for weight, point in pairs) / 8,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """An edge, drawn."""

    curve: Curve
    tips: tuple[tuple[Point, Point, Point], ...]
    """Arrowheads; the first point of each touches the box."""


@dataclass(frozen=True, slots=True)
class Room:
    """The rectangle that holds a board."""

    x: int
    y: int
    width: int
    height: int


def middle_of(node: Node, side: Side) -> Point:
    """Return the middle of one side of a box, where lines begin and end."""
    x, y = _DIRECTIONS[side]
    return Point(node.x + node.width * (1 + x) / 2, node.y + node.height * (1 + y) / 2)


def sides_of(edge: Edge) -> tuple[Side, Side]:
    """Return the sides that an edge connects: where the author named none, those nearest to each other."""
    sides: tuple[Side, ...] = get_args(Side)
    starts = (edge.start_side,) if edge.start_side else sides
    ends = (edge.end_side,) if edge.end_side else sides
    pairs = [
        (start, end)
        for start, end in itertools.product(starts, ends)
        if edge.start.order != edge.end.order or start != end or len(starts) == len(ends) == 1
    ]
    return min(
        pairs,
        key=lambda pair: _distance(middle_of(edge.start, pair[0]), middle_of(edge.end, pair[1])),
    )


def line_of(edge: Edge) -> Line:
    """Return the curve and the arrowheads of an edge; a curve ends at the foot of its arrowhead."""
    start_side, end_side = sides_of(edge)
    start, end = middle_of(edge.start, start_side), middle_of(edge.end, end_side)
    reach = min(max(_distance(start, end) / 2, _SHORTEST_HANDLE), _LONGEST_HANDLE)
    tips = []
    foot, head = start, end
    if edge.start_tip == "arrow":
        tips.append(_tip(start, start_side))
        foot = start.moved(start_side, _TIP_LENGTH)
    if edge.end_tip == "arrow":
        tips.append(_tip(end, end_side))
        head = end.moved(end_side, _TIP_LENGTH)
    handles = start.moved(start_side, reach), end.moved(end_side, reach)
    return Line(Curve(foot, *handles, head), tuple(tips))


def room_for(nodes: Iterable[Node], lines: Iterable[Line], margin: int) -> Room:
    """Return the smallest rectangle around everything, with a margin on each side."""
    corners = [
        point
        for node in nodes
        for point in (Point(node.x, node.y), Point(node.x + node.width, node.y + node.height))
    ]
    corners.extend(point for line in lines for point in line.curve.points)
    left = math.floor(min(point.x for point in corners)) - margin
    top = math.floor(min(point.y for point in corners)) - margin
    right = math.ceil(max(point.x for point in corners)) + margin
    bottom = math.ceil(max(point.y for point in corners)) + margin
    return Room(left, top, right - left, bottom - top)


def _tip(point: Point, side: Side) -> tuple[Point, Point, Point]:
    """Return an arrowhead whose tip touches ``side`` at ``point``."""
    foot = point.moved(side, _TIP_LENGTH)
    x, y = _DIRECTIONS[side]
    across = Point(y * _TIP_HALF_WIDTH, x * _TIP_HALF_WIDTH)
    return (
        point,
        Point(foot.x + across.x, foot.y + across.y),
        Point(foot.x - across.x, foot.y - across.y),
    )


def _distance(one: Point, other: Point) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)
