"""Dates and durations: reading them, and reckoning with them.

Turns ``"2025-01-01 12:00"`` into a date, ``"2 weeks"`` into a duration, and both into another date. Separate
because the calendar has rules of its own, of which formulas know only the results.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from seedbed.bases.values import Date, Duration, FormulaError

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    r"(?:[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_DURATION_PART = re.compile(r"\s*([+-]?\s*(?:\d+(?:\.\d+)?|\.\d+))\s*([a-zA-Z]+)\s*,?", re.ASCII)
_MILLISECONDS = {
    "week": 604_800_000.0,
    "day": 86_400_000.0,
    "hour": 3_600_000.0,
    "minute": 60_000.0,
    "second": 1000.0,
    "millisecond": 1.0,
}
_MONTHS = {"year": 12.0, "month": 1.0}
_UNITS = {
    "y": "year",
    "M": "month",
    "w": "week",
    "d": "day",
    "h": "hour",
    "m": "minute",
    "s": "second",
    **{unit: unit for unit in (*_MONTHS, *_MILLISECONDS)},
    **{f"{unit}s": unit for unit in (*_MONTHS, *_MILLISECONDS)},
}
_DAYS_PER_MONTH = 30.436875
"""400 years of the Gregorian calendar hold 146,097 days."""
_LONGEST_DURATION = 1000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- dates are what the clock on the wall shows


def read_date(text: str) -> Date | None:
    """Return the date that ``text`` writes as Obsidian does, if it is one."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(match[name] or 1) for name in ("year", "month", "day"))
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    fraction = int((match["fraction"] or "").ljust(6, "0")[:6])
    try:
        moment = datetime.combine(date(year, month, day), time(hour, minute, second, fraction))
        if match["zone"] and match["zone"] != "Z":
            sign = -1 if match["zone"][0] == "-" else 1
            away = timedelta(hours=int(match["zone"][1:3]), minutes=int(match["zone"][-2:]))
            moment -= sign * away
    except (ValueError, OverflowError):
        return None
    return Date(moment, timed=match["hour"] is not None)


def as_date(value: date | datetime, zone: datetime) -> Date:
    """Return what YAML or the file system says, by the clock of ``zone`` where that has one."""
    if not isinstance(value, datetime):
        return Date(datetime.combine(value, time()), timed=False)
    if value.tzinfo is not None:
        value = value.astimezone(zone.tzinfo or UTC).replace(tzinfo=None)
    return Date(value)


def read_duration(text: str) -> Duration | None:
    """Return the duration that ``text`` writes, such as ``1d`` or ``2 weeks 3 hours``, if it is one."""
    if len(text) > _LONGEST_DURATION:
        return None
    months = milliseconds = 0.0
    at = 0
    text = text.strip()
    while at < len(text) or at == 0:
        match = _DURATION_PART.match(text, at)
        unit = _UNITS.get(match[2]) or _UNITS.get(match[2].lower()) if match else None
        if match is None or unit is None:
            return None
        count = float(re.sub(r"\s", "", match[1]))
        months += count * _MONTHS.get(unit, 0.0)
        milliseconds += count * _MILLISECONDS.get(unit, 0.0)
        at = match.end()
    return Duration(months, milliseconds)


def later(start: Date, duration: Duration, sign: int = 1) -> Date:
    """Return the date that lies ``duration`` after ``start``, before it for a ``sign`` of minus one."""
    try:
        whole = math.trunc(duration.months)
        milliseconds = duration.milliseconds
        milliseconds += (duration.months - whole) * _DAYS_PER_MONTH * _MILLISECONDS["day"]
        year, month = divmod(start.moment.year * 12 + start.moment.month - 1 + sign * whole, 12)
        day = min(start.moment.day, monthrange(year, month + 1)[1])
        moment = start.moment.replace(year=year, month=month + 1, day=day)
        moment += sign * timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError, IndexError) as error:
        raise FormulaError("a date lies beyond the calendar") from error
    return Date(moment, timed=start.timed or moment.time() != time())


def milliseconds_between(first: Date, last: Date) -> float:
    """Return how much later ``last`` is."""
    return (last.moment - first.moment) / timedelta(milliseconds=1)


def epoch_milliseconds(value: Date) -> float:
    """Return the milliseconds since the year 1970 began."""
    return (value.moment - EPOCH) / timedelta(milliseconds=1)


def from_epoch(milliseconds: float) -> Date:
    """Return the moment that many milliseconds after the year 1970 began."""
    try:
        return Date(EPOCH + timedelta(milliseconds=milliseconds))
    except (OverflowError, ValueError) as error:
        raise FormulaError("a date lies beyond the calendar") from error


def total_milliseconds(duration: Duration) -> float:
    """Return a duration's length; a month has its mean length."""
    return duration.milliseconds + duration.months * _DAYS_PER_MONTH * _MILLISECONDS["day"]


def in_unit(milliseconds: float, unit: str) -> float | None:
    """Return a length in ``years``, ``days`` and so on; nothing for what is no unit."""
    name = _UNITS.get(unit) if unit.endswith("s") and len(unit) > 1 else None
    if name is None:
        return None
    if name in _MONTHS:
        return milliseconds / (_MONTHS[name] * _DAYS_PER_MONTH * _MILLISECONDS["day"])
    return milliseconds / _MILLISECONDS[name]


def relative(moment: datetime, now: datetime) -> str:
    """Return how far away a moment is, in Moment's words: ``3 days ago``."""
    seconds = (moment - now).total_seconds()
    said = _roughly(abs(seconds))
    return f"in {said}" if seconds > 0 else f"{said} ago"


def _roughly(seconds: float) -> str:
    """Return a length by Moment's thresholds: 45 seconds, 45 minutes, 22 hours, 26 days, 11 months."""

    def nearest(length: float) -> int:
        return math.floor(seconds / length + 0.5)

    months = nearest(_DAYS_PER_MONTH * 86_400)
    for count, limit, one, many in (
        (nearest(1), 45, "a few seconds", "a few seconds"),
        (nearest(60), 45, "a minute", "{} minutes"),
        (nearest(3600), 22, "an hour", "{} hours"),
        (nearest(86_400), 26, "a day", "{} days"),
        (months, 11, "a month", "{} months"),
    ):
        if count < limit:
            return one if count <= 1 else many.format(count)
    years = nearest(365.2425 * 86_400)
    return "a year" if years <= 1 else f"{years} years"
