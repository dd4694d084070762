"""Time and memory against the number of notes, as a drawing; the only user of matplotlib here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.results import MB, Results, median

_INK = "#808080"
"""Can be read on white and on black: an image does not know what is around it."""
_COLOURS = {"plain": "#d9730d", "cold": "#0f9d8a", "warm": "#5b7fd1"}
_NAMES = {"plain": "plain MkDocs", "cold": "Seedbed, cold", "warm": "Seedbed, warm"}
_MARKERS = {"plain": "s", "cold": "o", "warm": "^"}
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "seedbed",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(results: Results, file: Path) -> None:
    """Draw ``results`` into an SVG; the same results give the same bytes."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(7.2, 2.9), layout="constrained")
        times, memory = figure.subplots(1, 2)
        for kind, name in _NAMES.items():
            style = {"color": _COLOURS[kind], "marker": _MARKERS[kind], "label": name}
            notes = [builds.notes for builds in results.builds]
            times.plot(notes, [median(getattr(builds, kind)) for builds in results.builds], **style)
            held = [
                (builds.notes, builds.memory[kind].pss / MB)
                for builds in results.builds
                if kind in builds.memory
            ]
            memory.plot(*zip(*held, strict=True), **style) if held else None
        _label(times, "seconds", results)
        _label(memory, "MB, all processes", results)
        times.legend(frameon=False)
        no_date: Any = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", transparent=True, metadata=no_date)


def _label(axes: Axes, what: str, results: Results) -> None:
    axes.set_xlabel("notes")
    axes.set_ylabel(what)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.set_xticks([builds.notes for builds in results.builds])
    axes.set_xticklabels([f"{builds.notes:,}" for builds in results.builds])
