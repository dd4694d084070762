"""A job -> its figure, measured and drawn; what a worker process does once it is bound.

Separate from `worker` because this loads numpy and matplotlib, which must wait until the process
has its limits and its one thread.
"""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from seedbed.figures import cache
from seedbed.figures.chart import Chart, Presentation, on_equal_axes
from seedbed.figures.draw import draw
from seedbed.figures.drawn import Drawn, Pairs
from seedbed.figures.experiments import Experiment, Measured, experiment
from seedbed.figures.fields import fields_of
from seedbed.figures.spec import FigureSpec

_MADE_BY = "made by"
"""The name under which an entry of numbers says what it was computed with; no experiment's."""


def make(
    frames: Sequence[FigureSpec], numbers: Sequence[Path], begin: Callable[[int], None]
) -> list[Drawn]:
    """Measure what the cache entries `numbers` do not hold yet, and draw all frames on equal axes.

    `begin` is told the number of each frame before it is measured, and before it is drawn.
    """
    shown: list[Presentation] = []
    made_by: list[Pairs] = []
    for at, (spec, entry) in enumerate(zip(frames, numbers, strict=True)):
        begin(at)
        kind = experiment(spec.kind)
        measured, versions = _measured(kind, spec, entry)
        shown.append(kind.present(spec.parameters, measured, theory=spec.theory))
        made_by.append((*versions, ("matplotlib", version("matplotlib"))))
    drawn = []
    for at, chart in enumerate(on_equal_axes([each.chart for each in shown])):
        begin(at)
        drawn.append(_drawn(shown[at], chart, frames[at], made_by[at]))
    return drawn


def _drawn(shown: Presentation, chart: Chart, spec: FigureSpec, made_by: Pairs) -> Drawn:
    drawing, lacking = draw(chart, spec.size)
    warnings = shown.warnings
    if lacking:
        missing = f"the font of figures lacks the characters '{lacking}'"
        warnings = (*warnings, (_field_with(lacking, spec), missing))
    return Drawn(drawing, shown.description, shown.table, shown.csv, warnings, made_by)


def _field_with(characters: str, spec: FigureSpec) -> str:
    """Return the field in whose value one of the characters stands, such as that of a label."""
    for field in fields_of(type(spec.parameters)):
        written = field.rule.show(getattr(spec.parameters, field.name))
        if set(characters) & set(written):
            return field.name
    return "kind"


def _measured(kind: Experiment, spec: FigureSpec, numbers: Path) -> tuple[Measured, Pairs]:
    """Return the numbers, and what they were computed with: this, or what it was when they were."""
    kept = cache.load(numbers)
    if kept is not None:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            # An entry that does not say where it comes from is as good as none.
            if _MADE_BY in arrays.files:
                made_by = tuple((name, text) for name, text in json.loads(str(arrays[_MADE_BY])))
                return {name: arrays[name] for name in arrays.files if name != _MADE_BY}, made_by
    made_by = (
        ("seedbed", version("seedbed")),
        ("Python", platform.python_version()),
        ("numpy", version("numpy")),
    )
    measured = kind.measure(spec.parameters, spec.seed)
    target = io.BytesIO()
    said = {_MADE_BY: np.array(json.dumps(made_by))}
    np.savez(target, allow_pickle=False, **measured, **said)
    cache.store(numbers, target.getvalue())
    return measured, made_by
