"""A Chart -> its drawing, by matplotlib; nothing else of Seedbed knows matplotlib.

Only a worker process loads this module. The same chart gives the same bytes: bundled fonts
alone, a fixed salt for ids, no date, nobody's matplotlibrc.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
import warnings
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import font_manager, ticker
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from seedbed.figures.chart import (
    Axis,
    Band,
    Chart,
    Line,
    Mark,
    Numbers,
    Panel,
    Predicted,
    Steps,
    Upright,
)
from seedbed.figures.style import FOREGROUND, GRID, MUTED, SERIES
from seedbed.figures.svg import Drawing, tidy

SIZES = {"normal": (6.4, 3.4), "wide": (9.0, 3.4)}
"""Width and height in inches."""

_SETTINGS: Any = {
    "svg.hashsalt": "seedbed",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "font.size": 9.0,
    "axes.labelsize": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 6.0,
    "axes.labelcolor": FOREGROUND,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": FOREGROUND,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": FOREGROUND,
    "ytick.labelcolor": FOREGROUND,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handlelength": 2.8,
    "legend.columnspacing": 1.8,
    "lines.dash_capstyle": "butt",
    "lines.scale_dashes": True,
    "path.simplify": False,
}
_LACKING = re.compile(r"Glyph (\d+) .* missing from font")
# Generous widths in points: text that meets its neighbour is worse than a line break too many.
_TITLE_LETTER = 6.6
_LEGEND_LETTER = 5.4
_LEGEND_HANDLE = 46.0
_LINE_WIDTH = 1.6


def draw(chart: Chart, size: str) -> tuple[Drawing, str]:
    """Draw a chart in one of `SIZES`; also return the characters that the bundled font lacks."""
    bundled = mpl.get_data_path()
    manager = font_manager.fontManager
    # A DejaVu Sans of the system may be another version, with other outlines.
    manager.ttflist = [font for font in manager.ttflist if font.fname.startswith(bundled)]
    with mpl.rc_context(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        figure = Figure(figsize=SIZES[size], layout="constrained")
        FigureCanvasSVG(figure)
        _compose(figure, chart, 72.0 * SIZES[size][0])
        target = io.BytesIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(target, format="svg", metadata=nothing)
    lacking = {match.group(1) for w in caught if (match := _LACKING.match(str(w.message)))}
    return tidy(target.getvalue()), "".join(chr(int(code)) for code in sorted(lacking, key=int))


def _compose(figure: Figure, chart: Chart, points: float) -> None:
    """Lay out a chart on a figure that is so many points wide."""
    figure.patch.set_visible(False)
    axes = figure.subplots(1, len(chart.panels), squeeze=False)[0]
    for ax, panel in zip(axes, chart.panels, strict=True):
        _draw_panel(ax, panel, int(points / len(chart.panels) / _TITLE_LETTER) - 2)
    handles = [_handle(key.mark) for key in chart.legend]
    labels = [key.label for key in chart.legend]
    if handles:
        column = _LEGEND_HANDLE + _LEGEND_LETTER * max(map(len, labels))
        rows = math.ceil(len(handles) / max(1, int(points / column)))
        columns = math.ceil(len(handles) / rows)
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def _draw_panel(ax: Axes, panel: Panel, letters: int) -> None:
    """Draw a panel whose title has room for so many letters a line."""
    ax.patch.set_visible(False)
    title = ax.set_title(textwrap.fill(panel.title, letters))
    if panel.series is not None:
        title.set_color(SERIES[panel.series].stand_in)
    ax.set_xlim(panel.x.low, panel.x.high)
    ax.set_ylim(panel.y.low, panel.y.high)
    _draw_axis(ax, "x", panel.x)
    _draw_axis(ax, "y", panel.y)
    ax.grid(visible=True, axis="y")
    for at, mark in enumerate(panel.marks):
        _draw_mark(ax, _within(mark, panel.y), at)


def _draw_axis(ax: Axes, direction: Literal["x", "y"], axis: Axis) -> None:
    which = ax.xaxis if direction == "x" else ax.yaxis
    if axis.scale == "log":
        (ax.set_xscale if direction == "x" else ax.set_yscale)("log")
        which.set_major_locator(ticker.LogLocator(numticks=7))
        which.set_minor_locator(ticker.NullLocator())
    else:
        steps = [1, 2, 5, 10] if axis.whole else [1, 2, 2.5, 5, 10]
        which.set_major_locator(ticker.MaxNLocator(nbins=5, steps=steps, integer=axis.whole))
    which.set_label_text(axis.label)
    if not axis.ticks:
        ax.tick_params(axis=direction, length=0, labelleft=False, labelbottom=False)
        ax.spines["left" if direction == "y" else "bottom"].set_visible(False)


def _within(mark: Mark, axis: Axis) -> Mark:
    """Keep values near a logarithmic axis: 0 has no place there, and 1e105 no SVG coordinate."""
    if axis.scale != "log":
        return mark
    low, high = axis.low / 1e3, axis.high * 1e3

    def clip(values: Numbers) -> Numbers:
        return tuple(min(max(value, low), high) for value in values)

    if isinstance(mark, Line):
        return Line(mark.x, clip(mark.y), mark.series)
    if isinstance(mark, Band):
        return Band(mark.x, clip(mark.low), clip(mark.high), mark.series)
    if isinstance(mark, Predicted):
        return Predicted(mark.x, clip(mark.y), mark.form)
    return mark


def _draw_mark(ax: Axes, mark: Mark, at: int) -> None:
    if isinstance(mark, Upright):
        for x in mark.x:
            ax.axvline(x, color=FOREGROUND, linewidth=1.0, linestyle=(0, (1.0, 2.0)))
    elif isinstance(mark, Steps):
        colour = SERIES[mark.series].stand_in
        ax.stairs(mark.heights, mark.edges, fill=True, color=colour, alpha=0.25, linewidth=0)
        ax.stairs(mark.heights, mark.edges, color=colour, linewidth=0.9, baseline=None)
    elif isinstance(mark, Band):
        colour = SERIES[mark.series].stand_in
        ax.fill_between(mark.x, mark.low, mark.high, color=colour, alpha=0.18, linewidth=0)
    elif isinstance(mark, Line):
        spacing = max(1, math.ceil(len(mark.x) / 4))
        # Shifted from series to series, so that markers of close curves stand side by side.
        start = min((mark.series * spacing) // len(SERIES) + spacing // 4, len(mark.x) - 1)
        ax.plot(mark.x, mark.y, markevery=(max(start, 0), spacing), **_line(mark.series))
    else:
        ax.plot(mark.x, mark.y, zorder=3 + at / 100, **_prediction(mark))


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


def _prediction(mark: Predicted) -> dict[str, Any]:
    if mark.form == "line":
        return {"color": FOREGROUND, "linewidth": 1.1}
    return {
        "color": FOREGROUND,
        "linestyle": "none",
        "marker": "o",
        "markersize": 4.4,
        "markerfacecolor": "none",
        "markeredgewidth": 0.8,
    }


def _handle(mark: Mark) -> Artist:
    """Return what stands for a mark in the legend."""
    if isinstance(mark, Line):
        return Line2D([], [], **_line(mark.series))
    if isinstance(mark, Predicted):
        return Line2D([], [], **_prediction(mark))
    if isinstance(mark, Upright):
        return Line2D([], [], color=FOREGROUND, linewidth=1.0, linestyle=(0, (1.0, 2.0)))
    return Patch(facecolor=SERIES[mark.series].stand_in, alpha=0.25)
