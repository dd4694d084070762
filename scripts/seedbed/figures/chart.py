"""What a figure shows, as values: panels, marks, legend, description and table.

An experiment turns its numbers into these; `draw` turns them into SVG. Separate so that a new
kind of figure is a new experiment, and a new look is a change to `draw` alone: neither needs to
know the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a panel."""

    label: str
    """May hold mathematics between dollar signs; an author's text must come through `literal`."""
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False
    """Whether only whole numbers have a meaning."""
    ticks: bool = True
    """Whether the axis has ticks and numbers."""
    names: tuple[str, ...] = ()
    """What stands at 0, 1, 2 and so on where that is no quantity."""


@dataclass(frozen=True, slots=True)
class Line:
    """A measured curve; `series` chooses colour, dashes and marker, all three."""

    x: Numbers
    y: Numbers
    series: int


@dataclass(frozen=True, slots=True)
class Band:
    """The range around a curve."""

    x: Numbers
    low: Numbers
    high: Numbers
    series: int


@dataclass(frozen=True, slots=True)
class Steps:
    """A histogram: one height between each two edges, filled."""

    edges: Numbers
    heights: Numbers
    series: int
    filled: bool = True
    """Not where several stand in one panel."""


@dataclass(frozen=True, slots=True)
class Thin:
    """One of many curves of a kind, of which none is to be told from the others."""

    x: Numbers
    y: Numbers
    series: int


@dataclass(frozen=True, slots=True)
class Points:
    """Markers without a line, hollow or filled."""

    x: Numbers
    y: Numbers
    series: int
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Cells:
    """A heat map: a number and a shade for each pair of places, row 0 at the bottom."""

    values: tuple[Numbers, ...]
    span: float
    """How far from the middle shade, which stands for 0, the last shades are."""
    texts: tuple[tuple[str, ...], ...] = ()
    """What is written in the cells, if anything is."""


@dataclass(frozen=True, slots=True)
class Contours:
    """Areas between levels of a quantity over a plane; below the first and above the last the shades stay."""

    x: Numbers
    y: Numbers
    values: tuple[Numbers, ...]
    """A row for each of ``y``."""
    levels: Numbers
    """As many on both sides of the middle."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A shade of a heat map, for the legend; from -1 to 1, 0 being the middle."""

    place: float


@dataclass(frozen=True, slots=True)
class Words:
    """A few words at a place inside a panel, legible on any shade."""

    x: float
    y: float
    text: str
    """May hold mathematics between dollar signs."""
    side: Literal["left", "center", "right"] = "left"
    """Which side of them stands at ``x``."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """Theory, in the colour of the text: hollow circles, a thin line, or a boundary between shades, dark on all."""

    x: Numbers
    y: Numbers
    form: Literal["circles", "line", "boundary"]


@dataclass(frozen=True, slots=True)
class Upright:
    """Dotted vertical lines that mark places on the horizontal axis."""

    x: Numbers


@dataclass(frozen=True, slots=True)
class Level:
    """Dotted horizontal lines that mark places on the vertical axis."""

    y: Numbers


Mark = (
    Line
    | Band
    | Steps
    | Thin
    | Points
    | Cells
    | Contours
    | Shade
    | Words
    | Predicted
    | Upright
    | Level
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes."""

    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    series: int | None = None
    """The series whose colour the title takes, where a panel shows but one."""


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: a mark without data and what it stands for."""

    label: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels, in rows, over one legend."""

    panels: tuple[Panel, ...]
    legend: tuple[Key, ...]
    columns: int = 0
    """Panels in a row; 0 for one row. More than one row makes a taller drawing."""


@dataclass(frozen=True, slots=True)
class Table:
    """The figure in numbers, for readers; the first cell of a row names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Presentation:
    """Everything a reader gets of one figure."""

    chart: Chart
    description: str
    """What the figure shows, in words and numbers, for those who cannot see it."""
    table: Table
    csv: str
    """All numbers behind the figure."""
    warnings: tuple[tuple[str, str], ...] = ()
    """What went wrong without preventing the figure: field and message."""


def literal(text: str) -> str:
    """Return an author's text so that no dollar sign in it starts mathematics."""
    return text.replace("$", r"\$")


def number(value: float, digits: int = 4) -> str:
    """Return a number with that many significant digits, as `1.234e-9` or `12.34`."""
    text = f"{value:.{digits}g}"
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text


def comma_separated(rows: tuple[tuple[str | int | float, ...], ...]) -> str:
    """Return rows as CSV; nine significant digits, more than a rerun elsewhere reproduces."""
    return "".join(",".join(_cell(cell) for cell in row) + "\n" for row in rows)


def _cell(cell: str | float) -> str:
    if not isinstance(cell, str):
        return number(float(cell), 9)
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell


def on_equal_axes(charts: Sequence[Chart]) -> list[Chart]:
    """Return the charts with each panel's axes as long as they are in any of them.

    So that what differs from one to the next is the curves and not the scale. Charts that do not
    have the same panels, and axes without a quantity, stay as they are.
    """
    if len({len(chart.panels) for chart in charts}) != 1:
        return list(charts)
    columns = [_equal(panels) for panels in zip(*(chart.panels for chart in charts), strict=True)]
    return [
        replace(chart, panels=panels)
        for chart, panels in zip(charts, zip(*columns, strict=True), strict=True)
    ]


def _equal(panels: Sequence[Panel]) -> list[Panel]:
    x, y = _spanning([panel.x for panel in panels]), _spanning([panel.y for panel in panels])
    return [replace(panel, x=x[at], y=y[at]) for at, panel in enumerate(panels)]


def _spanning(axes: Sequence[Axis]) -> list[Axis]:
    if any(axis.names for axis in axes) or len({axis.scale for axis in axes}) != 1:
        return list(axes)
    low, high = min(axis.low for axis in axes), max(axis.high for axis in axes)
    return [replace(axis, low=low, high=high) for axis in axes]
