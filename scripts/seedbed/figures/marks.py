"""Each mark of a chart as matplotlib draws it in a panel and in the legend.

Separate from `draw`, which knows pages, panels and axes: a new kind of mark is a function here.
"""

from __future__ import annotations

import functools
import math
from typing import Any

from matplotlib import patheffects
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from seedbed.figures.chart import (
    Band,
    Cells,
    Contours,
    Level,
    Line,
    Mark,
    Points,
    Predicted,
    Shade,
    Steps,
    Thin,
    Upright,
    Words,
)
from seedbed.figures.style import FOREGROUND, ON_DARK, ON_LIGHT, SERIES, ink, shade

_DOTTED: Any = {"color": FOREGROUND, "linewidth": 1.0, "linestyle": (0, (1.0, 2.0))}
_LINE_WIDTH = 1.6


@functools.singledispatch
def put(mark: Mark, ax: Axes, at: int) -> None:  # noqa: ARG001 -- for those registered below
    """Draw ``mark``, the ``at``-th of its panel."""
    raise TypeError(f"no panel shows {mark}")


@put.register
def _(mark: Upright, ax: Axes, _at: int) -> None:
    for x in mark.x:
        ax.axvline(x, **_DOTTED)


@put.register
def _(mark: Level, ax: Axes, _at: int) -> None:
    for y in mark.y:
        ax.axhline(y, **_DOTTED)


@put.register
def _(mark: Steps, ax: Axes, _at: int) -> None:
    colour = SERIES[mark.series].stand_in
    if mark.filled:
        ax.stairs(mark.heights, mark.edges, fill=True, color=colour, alpha=0.25, linewidth=0)
        ax.stairs(mark.heights, mark.edges, color=colour, linewidth=0.9, baseline=None)
        return
    style: Any = _outline(mark.series)
    ax.stairs(mark.heights, mark.edges, baseline=None, **style)


@put.register
def _(mark: Band, ax: Axes, _at: int) -> None:
    colour = SERIES[mark.series].stand_in
    ax.fill_between(mark.x, mark.low, mark.high, color=colour, alpha=0.18, linewidth=0)


@put.register
def _(mark: Line, ax: Axes, _at: int) -> None:
    spacing = max(1, math.ceil(len(mark.x) / 4))
    # Shifted from series to series, so that markers of close curves stand side by side.
    start = min((mark.series * spacing) // len(SERIES) + spacing // 4, len(mark.x) - 1)
    ax.plot(mark.x, mark.y, markevery=(max(start, 0), spacing), **_line(mark.series))


@put.register
def _(mark: Thin, ax: Axes, _at: int) -> None:
    ax.plot(mark.x, mark.y, **_thin(mark))


@put.register
def _(mark: Points, ax: Axes, at: int) -> None:
    ax.plot(mark.x, mark.y, zorder=4 + at / 100, **_points(mark))


@put.register
def _(mark: Predicted, ax: Axes, at: int) -> None:
    own = {"color": ON_LIGHT, "linewidth": 1.6} if mark.form == "boundary" else {}
    ax.plot(mark.x, mark.y, zorder=3 + at / 100, **(_prediction(mark) | own))


@put.register
def _(mark: Cells, ax: Axes, _at: int) -> None:
    for row, values in enumerate(mark.values):
        for column, value in enumerate(values):
            place = value / mark.span
            corner = (column - 0.5, row - 0.5)
            ax.add_patch(Rectangle(corner, 1.0, 1.0, facecolor=shade(place), linewidth=0))
            if mark.texts:
                said = mark.texts[row][column]
                ax.text(column, row, said, ha="center", va="center", fontsize=6.5, color=ink(place))


@put.register
def _(mark: Contours, ax: Axes, _at: int) -> None:
    low, high = mark.levels[0], mark.levels[-1]
    kept = [[min(max(value, low), high) for value in row] for row in mark.values]
    middles = zip(mark.levels, mark.levels[1:], strict=False)
    colours = [shade((first + second) / (high - low)) for first, second in middles]
    areas = ax.contourf(mark.x, mark.y, kept, levels=mark.levels, colors=colours)
    # Where two areas meet, the page would shine through.
    areas.set(edgecolor=colours, linewidth=0.5)


@put.register
def _(mark: Words, ax: Axes, _at: int) -> None:
    # A halo, in the one pair of colours that stands out from every shade.
    halo = [patheffects.withStroke(linewidth=2.4, foreground=ON_DARK)]
    place: Any = {"ha": mark.side, "va": "center", "zorder": 6}
    ax.text(mark.x, mark.y, mark.text, fontsize=8.0, color=ON_LIGHT, path_effects=halo, **place)


@functools.singledispatch
def handle(mark: Mark) -> Artist:
    """Return what stands for ``mark`` in the legend."""
    raise TypeError(f"no legend shows {mark}")


@handle.register
def _(mark: Line) -> Artist:
    return Line2D([], [], **_line(mark.series))


@handle.register
def _(mark: Thin) -> Artist:
    return Line2D([], [], **_thin(mark))


@handle.register
def _(mark: Points) -> Artist:
    return Line2D([], [], **_points(mark))


@handle.register
def _(mark: Predicted) -> Artist:
    return Line2D([], [], **_prediction(mark))


@handle.register(Upright)
@handle.register(Level)
def _(_mark: Upright | Level) -> Artist:
    return Line2D([], [], **_DOTTED)


@handle.register
def _(mark: Shade) -> Artist:
    return Patch(facecolor=shade(mark.place))


@handle.register
def _(mark: Steps) -> Artist:
    if not mark.filled:
        return Line2D([], [], **_outline(mark.series))
    return Patch(facecolor=SERIES[mark.series].stand_in, alpha=0.25)


@handle.register
def _(mark: Band) -> Artist:
    return Patch(facecolor=SERIES[mark.series].stand_in, alpha=0.25)


def _line(number: int) -> dict[str, Any]:
    series = SERIES[number]
    return {
        "color": series.stand_in,
        "linewidth": _LINE_WIDTH,
        "linestyle": (0, series.dashes) if series.dashes else "-",
        "marker": series.marker,
        "markersize": 4.2,
        "markeredgewidth": 0.0,
    }


def _outline(number: int) -> dict[str, Any]:
    series = SERIES[number]
    dashes = (0, series.dashes) if series.dashes else "-"
    return {"color": series.stand_in, "linewidth": 1.2, "linestyle": dashes}


def _thin(mark: Thin) -> dict[str, Any]:
    return {"color": SERIES[mark.series].stand_in, "linewidth": 0.6, "alpha": 0.55}


def _points(mark: Points) -> dict[str, Any]:
    series = SERIES[mark.series]
    return {
        "color": series.stand_in,
        "linestyle": "none",
        "marker": series.marker,
        "markersize": 5.5,
        "markerfacecolor": series.stand_in if mark.filled else "none",
        "markeredgewidth": 1.1,
    }


def _prediction(mark: Predicted) -> dict[str, Any]:
    if mark.form != "circles":
        return {"color": FOREGROUND, "linewidth": 1.1}
    return {
        "color": FOREGROUND,
        "linestyle": "none",
        "marker": "o",
        "markersize": 4.4,
        "markerfacecolor": "none",
        "markeredgewidth": 0.8,
    }
