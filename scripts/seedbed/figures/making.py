"""A job -> its figure, measured and drawn; what a worker process does once it is bound.

Separate from `worker` because this loads numpy and matplotlib, which must wait until the process
has its limits and its one thread.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from seedbed.figures import cache
from seedbed.figures.draw import draw
from seedbed.figures.experiments import Experiment, Measured, experiment
from seedbed.figures.figure import Drawn
from seedbed.figures.spec import FigureSpec


def make(spec: FigureSpec, numbers: Path) -> Drawn:
    """Measure what the cache entry `numbers` does not hold yet, and draw it."""
    kind = experiment(spec.kind)
    shown = kind.present(spec.parameters, _measured(kind, spec, numbers), theory=spec.theory)
    drawing, lacking = draw(shown.chart, spec.size)
    warnings = shown.warnings
    if lacking:
        missing = f"the font of figures lacks the characters '{lacking}'"
        warnings = (*warnings, ("inits", missing))
    return Drawn(drawing, shown.description, shown.table, shown.csv, warnings)


def _measured(kind: Experiment, spec: FigureSpec, numbers: Path) -> Measured:
    kept = cache.load(numbers)
    if kept is not None:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    measured = kind.measure(spec.parameters, spec.seed)
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **measured)
    cache.store(numbers, target.getvalue())
    return measured
