"""A Chart -> its drawing, by matplotlib, which only this module and its marks know.

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
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from seedbed.figures.chart import (
    Axis,
    Band,
    Cells,
    Chart,
    Contours,
    Line,
    Mark,
    Numbers,
    Panel,
    Predicted,
    Thin,
)
from seedbed.figures.marks import handle, put
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
_ROW = 0.75
"""Height of each further row of panels, of the first."""


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
        width, height = SIZES[size]
        height *= 1.0 + _ROW * (_rows(chart) - 1)
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        _compose(figure, chart, 72.0 * width)
        target = io.BytesIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(target, format="svg", metadata=nothing)
    lacking = {match.group(1) for w in caught if (match := _LACKING.match(str(w.message)))}
    return tidy(target.getvalue()), "".join(chr(int(code)) for code in sorted(lacking, key=int))


def _compose(figure: Figure, chart: Chart, points: float) -> None:
    """Lay out a chart on a figure that is so many points wide."""
    figure.patch.set_visible(False)
    rows, columns = _rows(chart), _columns(chart)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(chart.panels) :]:
        ax.set_visible(False)
    for ax, panel in zip(axes, chart.panels, strict=False):
        _draw_panel(ax, panel, int(points / columns / _TITLE_LETTER) - 2)
    handles = [handle(key.mark) for key in chart.legend]
    labels = [key.label for key in chart.legend]
    if handles:
        column = _LEGEND_HANDLE + _LEGEND_LETTER * max(map(len, labels))
        lines = math.ceil(len(handles) / max(1, int(points / column)))
        figure.legend(
            handles, labels, loc="outside lower left", ncols=math.ceil(len(handles) / lines)
        )


def _columns(chart: Chart) -> int:
    return chart.columns or len(chart.panels)


def _rows(chart: Chart) -> int:
    return math.ceil(len(chart.panels) / _columns(chart))


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
    if not any(isinstance(mark, Cells | Contours) for mark in panel.marks):
        ax.grid(visible=True, axis="y")
    for at, mark in enumerate(panel.marks):
        put(_within(mark, panel.y), ax, at)


def _draw_axis(ax: Axes, direction: Literal["x", "y"], axis: Axis) -> None:
    which = ax.xaxis if direction == "x" else ax.yaxis
    if axis.scale == "log":
        (ax.set_xscale if direction == "x" else ax.set_yscale)("log")
        which.set_major_locator(ticker.LogLocator(numticks=7))
        which.set_minor_locator(ticker.NullLocator())
    elif axis.names:
        which.set_ticks(range(len(axis.names)), axis.names)
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

    if isinstance(mark, Line | Thin):
        return type(mark)(mark.x, clip(mark.y), mark.series)
    if isinstance(mark, Band):
        return Band(mark.x, clip(mark.low), clip(mark.high), mark.series)
    if isinstance(mark, Predicted):
        return Predicted(mark.x, clip(mark.y), mark.form)
    return mark
