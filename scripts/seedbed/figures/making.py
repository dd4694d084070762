"""A job -> its figure, measured and drawn; what a worker process does once it is bound.

Separate from `worker` because this loads numpy and matplotlib, which must wait until the process
has its limits and its one thread.
"""

from __future__ import annotations

import io
import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from seedbed.figures import cache
from seedbed.figures.draw import draw
from seedbed.figures.drawn import Drawn
from seedbed.figures.experiments import Experiment, Measured, experiment
from seedbed.figures.spec import FigureSpec

_MADE_BY = "made by"
"""The name under which an entry of numbers says what it was computed with; no experiment's."""


def make(spec: FigureSpec, numbers: Path) -> Drawn:
    """Measure what the cache entry `numbers` does not hold yet, and draw it."""
    kind = experiment(spec.kind)
    measured, made_by = _measured(kind, spec, numbers)
    shown = kind.present(spec.parameters, measured, theory=spec.theory)
    drawing, lacking = draw(shown.chart, spec.size)
    warnings = shown.warnings
    if lacking:
        missing = f"the font of figures lacks the characters '{lacking}'"
        warnings = (*warnings, ("inits", missing))
    versions = (*made_by, ("matplotlib", version("matplotlib")))
    return Drawn(drawing, shown.description, shown.table, shown.csv, warnings, versions)


def _measured(
    kind: Experiment, spec: FigureSpec, numbers: Path
) -> tuple[Measured, tuple[tuple[str, str], ...]]:
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
