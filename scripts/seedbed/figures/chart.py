"""What a figure shows, as values: panels, marks, legend, description and table.

An experiment turns its numbers into these; `draw` turns them into SVG. Separate so that a new
kind of figure is a new experiment, and a new look is a change to `draw` alone: neither needs to
know the other.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Predicted:
    """Theory, in the colour of the text: hollow circles, or a thin line."""

    x: Numbers
    y: Numbers
    form: Literal["circles", "line"]


@dataclass(frozen=True, slots=True)
class Upright:
    """Dotted vertical lines that mark places on the horizontal axis."""

    x: Numbers


Mark = Line | Band | Steps | Predicted | Upright


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
    """Panels side by side over one legend."""

    panels: tuple[Panel, ...]
    legend: tuple[Key, ...]


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
