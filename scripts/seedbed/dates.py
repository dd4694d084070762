"""When a note was created and last updated: by its properties, else by git, else by the times of its file.

Turns these into two moments without a zone, as the clock stood where the note was written. What nobody knows for sure
is left open, and nothing depends on the day of the build.
"""

from __future__ import annotations

import functools
import operator
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from seedbed.history import History
from seedbed.listing import Stamp
from seedbed.properties import Properties

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
"""Not by the locale of whoever builds."""
_CREATED = (
    *("created", "datecreated", "createddate", "createdat", "createdon", "creationdate"),
    *("createdtime", "ctime", "date"),
)
_UPDATED = (
    *("updated", "modified", "lastmodified", "lastmod", "lastupdated", "lastupdate"),
    *("datemodified", "modifieddate", "modifiedat", "modifiedon", "modificationdate"),
    *("dateupdated", "updateddate", "updatedat", "updatedon", "modifiedtime", "mtime"),
)
"""Names of properties in lower case and without blanks, hyphens and underscores, the first of them first."""
_BETWEEN = str.maketrans("", "", " -_")
_LONGEST = max(map(len, (*_CREATED, *_UPDATED))) + 4
_MONTHS = tuple(name[:3].lower() for name in MONTHS)
_BY_NUMBER = re.compile(
    r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)", re.ASCII
)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})", re.ASCII
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.ASCII
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ")
_CLOCK = re.compile(
    r"[t ,]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?\s*(?P<half>[ap]m)?",
    re.ASCII,
)
_NOON = 12


@dataclass(frozen=True, slots=True)
class Dates:
    """When a note was created and last updated, without a zone; None if that is not known."""

    created: datetime | None = None
    updated: datetime | None = None


UNDATED = Dates()


def dates_of(path: str, written: Properties, stamp: Stamp | None, history: History) -> Dates:
    """Return the dates of the note at ``path``, with its properties and what the file system says of its file."""
    created, updated = _stated(written)
    first, last = history.committed(path)
    of_file = _of_file(stamp) if stamp and history.leaves_to_files(path) else UNDATED
    if created is None and first:
        created = datetime.fromisoformat(first).replace(tzinfo=None)
    elif created is None and not history.knows(path):  # else the file was made when it was cloned
        created = of_file.created
    if updated is None:
        updated = of_file.updated
        if updated is None and last:
            updated = datetime.fromisoformat(last).replace(tzinfo=None)
    return Dates(created, updated)


def read_date(written: Any) -> datetime | None:  # noqa: ANN401 -- whatever YAML holds
    """Return the moment that the value of a property is; None if it is none."""
    while isinstance(written, list) and written:
        written = written[0]  # a list, or [[2026-01-31]] without quotes
    if isinstance(written, datetime):
        return written.replace(tzinfo=None, microsecond=0)
    if isinstance(written, date):
        return datetime(written.year, written.month, written.day)  # noqa: DTZ001 -- as it is written
    if isinstance(written, str):
        return _read_text(written.strip().removeprefix("[[").removesuffix("]]").strip())
    return None


def _stated(written: Properties) -> tuple[datetime | None, datetime | None]:
    """Return what properties say, in whatever spelling."""
    found = [(place, value) for name, value in written.items() if (place := _place(name))]
    if not found:
        return None, None
    created = updated = None
    for (is_created, _), value in sorted(found, key=operator.itemgetter(0)):
        if is_created:
            created = created or read_date(value)
        else:
            updated = updated or read_date(value)
    return created, updated


@functools.lru_cache(maxsize=1024)
def _place(name: str) -> tuple[bool, int] | None:
    """Return whether a property called ``name`` says when a note was created, and its rank; None if no date."""
    plain = name.lower().translate(_BETWEEN) if len(name) <= _LONGEST else ""
    if plain in _CREATED:
        return True, _CREATED.index(plain)
    return (False, _UPDATED.index(plain)) if plain in _UPDATED else None


def _read_text(written: str) -> datetime | None:
    text = _WEEKDAY.sub("", written.lower(), count=1)
    match = _BY_NUMBER.match(text) or _DAY_FIRST.match(text) or _MONTH_FIRST.match(text)
    if match is None:
        return None
    month = match["month"]
    number = int(month) if month.isdigit() else _month(month)
    clock = _CLOCK.match(text, match.end())
    try:
        day = datetime(int(match["year"]), number, int(match["day"]))  # noqa: DTZ001 -- as it is written
        return _at(day, clock) if clock else day
    except ValueError:  # no such day
        return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0


def _at(day: datetime, clock: re.Match[str]) -> datetime:
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % _NOON + (_NOON if clock["half"] == "pm" else 0)
    return day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))


def _of_file(stamp: Stamp) -> Dates:
    """Return what a file's times say; when it was made only where that is not just when it was changed."""
    _, born, changed = stamp
    seconds = changed // 10**9
    try:
        updated = datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)
        known = born < seconds
        made = datetime.fromtimestamp(int(born), tz=UTC).replace(tzinfo=None) if known else None
    except (OverflowError, OSError, ValueError):
        return UNDATED
    return Dates(made, updated)
