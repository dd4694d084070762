"""A column's values -> one value for its foot: Obsidian's own summaries.

Separate because a summary knows neither rows nor views: only the values of one property.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence

from seedbed.bases.comparison import identity, numeric
from seedbed.bases.reckoning import milliseconds_between
from seedbed.bases.session import Session
from seedbed.bases.values import Date, Duration, Value, is_empty

_DIGITS = 10
"""Of what is divided: enough for any reader, too few to show how floating point rounds."""
_LARGEST = 1e150


def _numbers(values: Sequence[Value]) -> list[float]:
    """Return the numbers among ``values``, also those that a formula such as ``toFixed`` made texts."""
    found = [numeric(value) if isinstance(value, str) else value for value in values]
    return [value for value in found if isinstance(value, float) and abs(value) < _LARGEST]


def _dates(values: Sequence[Value]) -> list[Date]:
    return [value for value in values if isinstance(value, Date)]


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}") if math.isfinite(number) else number


def _average(_: Session, values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    return _rounded(math.fsum(numbers) / len(numbers)) if numbers else None


def _median(_: Session, values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    return _rounded(statistics.median(numbers)) if numbers else None


def _deviation(_: Session, values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    return _rounded(statistics.pstdev(numbers)) if numbers else None


def _sum(_: Session, values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    return _rounded(math.fsum(numbers)) if numbers else None


def _min(_: Session, values: Sequence[Value]) -> Value:
    return min(_numbers(values), default=None)


def _max(_: Session, values: Sequence[Value]) -> Value:
    return max(_numbers(values), default=None)


def _range(_: Session, values: Sequence[Value]) -> Value:
    if numbers := _numbers(values):
        return _rounded(max(numbers) - min(numbers))
    if dates := sorted(_dates(values), key=lambda date: date.moment):
        return Duration(milliseconds=milliseconds_between(dates[0], dates[-1]))
    return None


def _earliest(_: Session, values: Sequence[Value]) -> Value:
    return min(_dates(values), key=lambda date: date.moment, default=None)


def _latest(_: Session, values: Sequence[Value]) -> Value:
    return max(_dates(values), key=lambda date: date.moment, default=None)


def _checked(_: Session, values: Sequence[Value]) -> Value:
    return float(sum(value is True for value in values))


def _unchecked(_: Session, values: Sequence[Value]) -> Value:
    return float(sum(value is False for value in values))


def _empty(_: Session, values: Sequence[Value]) -> Value:
    return float(sum(map(is_empty, values)))


def _filled(_: Session, values: Sequence[Value]) -> Value:
    return float(sum(not is_empty(value) for value in values))


def _unique(session: Session, values: Sequence[Value]) -> Value:
    return float(len({identity(session, value) for value in values if not is_empty(value)}))


BUILT_IN: Mapping[str, Callable[[Session, Sequence[Value]], Value]] = {
    "Average": _average,
    "Min": _min,
    "Max": _max,
    "Sum": _sum,
    "Range": _range,
    "Median": _median,
    "Stddev": _deviation,
    "Earliest": _earliest,
    "Latest": _latest,
    "Checked": _checked,
    "Unchecked": _unchecked,
    "Empty": _empty,
    "Filled": _filled,
    "Unique": _unique,
}
