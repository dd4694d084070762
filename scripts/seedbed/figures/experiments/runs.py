"""What several kinds have in common in showing runs: keys, marks, cells, warnings, where runs end.

Separate because most kinds measure runs that may cease to be finite, and draw their median as a
line, their range as a band and a prediction as circles, whatever the axes are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import Band, Key, Line, Mark, Numbers, Predicted, number

Values = NDArray[np.float64]


def finite_length(finite: NDArray[np.bool_]) -> int:
    """Return how many places come before the first that is not finite; all if there is none."""
    return finite.size if finite.all() else int(finite.argmin())


def not_finite(field: str, curve: str) -> tuple[str, str]:
    """Return the warning, at the field of a block, that a curve is cut."""
    return field, f"figure produced non-finite data for curve '{curve}'"


def line_keys(labels: Iterable[str], *, circles: str = "") -> tuple[Key, ...]:
    """Return a key a curve, in the order of their series, and one for circles if they are named."""
    keys = tuple(Key(label, Line((), (), at)) for at, label in enumerate(labels))
    return (*keys, Key(circles, Predicted((), (), "circles"))) if circles else keys


def range_and_median(x: Numbers, runs: Values, median: Values, series: int) -> tuple[Mark, ...]:
    """Return runs, each (len(x),), as their range, if there are several, and their median."""
    line = Line(x, tuple(median.tolist()), series)
    if len(runs) == 1 or not x:
        return (line,)
    low, high = runs.min(axis=0), runs.max(axis=0)
    return Band(x, tuple(low.tolist()), tuple(high.tolist()), series), line


def decades_around(values: Values, margin: float) -> tuple[float, float]:
    """Return the ends of an axis: whole powers of 10, at least `margin` decades from all values."""
    low, high = math.log10(values.min()), math.log10(values.max())
    return 10.0 ** math.floor(low - margin), 10.0 ** math.ceil(high + margin)


def cell(value: float) -> str:
    """Return a number as a cell of a table; a dash if there is none."""
    return number(float(value)) if math.isfinite(value) else "–"


def cell_at(values: Values, at: int) -> str:
    """Return a number as a cell of a table, from values that end where a run diverges."""
    return number(float(values[at])) if at < values.size else "diverged"
