"""The values that formulas compute with, and what each is as text.

Numbers are floating point, as in JavaScript; lists are tuples; notes are ``File`` values. Separate because every
other module of this package speaks of values, and none of them should decide what a value is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Union

from seedbed.bases.file import File

MOST_CHARACTERS = 100_000
"""Of any text that a formula makes."""
MOST_ITEMS = 10_000
"""Of any list that a formula makes."""
DEEPEST = 24
"""Lists within lists that are still looked into."""
_LONGEST_PLAIN = 21
_SMALLEST_PLAIN = 1e-6


class Tag(str):
    """A tag, without its hash mark: text that equals itself with one, and leads to the tag's page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Date:
    """A day, or a moment, of the clock on the wall."""

    moment: datetime
    timed: bool = True
    """Whether the time of day is said."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time; months differ in length, so they are kept apart."""

    months: float = 0.0
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file, a name nobody answers to, or a URL."""

    target: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """Named values."""

    members: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Regexp:
    """A regular expression as written."""

    source: str
    flags: str


@dataclass(frozen=True, slots=True)
class Html:
    """Text to be shown as HTML."""

    source: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the vault or on the web."""

    source: str


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon by its name in Obsidian's library."""

    name: str


Value = Union[  # noqa: UP007 -- the name stands in its own definition
    None,
    bool,
    float,
    str,
    Date,
    Duration,
    Link,
    File,
    tuple["Value", ...],
    Object,
    Regexp,
    Html,
    Image,
    Icon,
]


class FormulaError(Exception):
    """Says why a formula has no value; ends as a ``Failure`` and never leaves this package."""

    def __init__(self, message: str, *, reported: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.reported = reported
        """Whether a diagnostic names the mistake already, as one of the formula that this one refers to."""
        self.at: int | None = None
        """Offset in the formula, once the evaluator has put it there."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands where a value would, had its formula one."""

    message: str


_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    float: "number",
    str: "string",
    Tag: "string",
    Date: "date",
    Duration: "duration",
    Link: "link",
    File: "file",
    tuple: "list",
    Object: "object",
    Regexp: "regexp",
    Html: "html",
    Image: "image",
    Icon: "icon",
}


def type_name(value: Value) -> str:
    """Return the name that ``isType`` and messages use."""
    return _TYPES[type(value)]


def is_truthy(value: Value) -> bool:
    """Whether a condition holds: as in JavaScript, all but ``null``, ``false``, ``0`` and the empty text."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return value if isinstance(value, bool) else value is not None and value != ""


def is_empty(value: Value | Failure) -> bool:
    """Whether there is nothing to show."""
    if isinstance(value, Object):
        return not value.members
    return value is None or value in ("", ())


def as_text(value: Value) -> str:
    """Return what ``toString`` says; raise ``FormulaError`` where that is too long or too deep."""
    if not isinstance(value, tuple | Object):
        text = _scalar_text(value)
        if len(text) > MOST_CHARACTERS:
            raise FormulaError("a text becomes too long")
        return text
    pieces: list[str] = []
    size = 0

    def add(piece: str) -> None:
        nonlocal size
        size += len(piece) + 1
        if size > MOST_CHARACTERS:
            raise FormulaError("a text becomes too long")
        pieces.append(piece)

    _write(value, add, 0)
    return "".join(pieces)


def number_text(number: float) -> str:
    """Return a number as JavaScript writes it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    shortest = repr(number)
    if _SMALLEST_PLAIN <= abs(number) < 10.0**_LONGEST_PLAIN:
        plain = format(Decimal(shortest), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    mantissa, _, exponent = shortest.partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def date_text(date: Date) -> str:
    """Return a date as ``date()`` reads it."""
    day = f"{date.moment.year:04}-{date.moment:%m-%d}"
    return f"{day} {date.moment:%H:%M:%S}" if date.timed else day


def duration_text(duration: Duration) -> str:
    """Return a duration as ``duration()`` reads it: ``1 month 2 days``."""
    years, months = divmod(abs(duration.months), 12)
    rest = abs(duration.milliseconds)
    counted = [(years, "year"), (months, "month")]
    for unit, length in (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000)):
        count, rest = divmod(rest, length)
        counted.append((count, unit))
    counted.append((rest / 1000, "second"))
    said = [
        f"{number_text(count)} {unit}{'' if count == 1 else 's'}"
        for count, unit in counted
        if count
    ]
    sign = "-" if duration.months < 0 or duration.milliseconds < 0 else ""
    return sign + (" ".join(said) or "0 seconds")


def _write(value: Value, add: Callable[[str], None], depth: int) -> None:
    if depth > DEEPEST:
        raise FormulaError("lists are nested too deeply")
    match value:
        case tuple():
            for index, item in enumerate(value):
                add(", " if index else "")
                _write(item, add, depth + 1)
        case Object(members=members):
            add("{")
            for index, (name, member) in enumerate(members.items()):
                add(f"{', ' if index else ''}{name}: ")
                _write(member, add, depth + 1)
            add("}")
        case _:
            add(_scalar_text(value))


def _scalar_text(value: Value) -> str:  # noqa: PLR0911 -- one a type
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value)
        case str():
            return str(value)
        case Date():
            return date_text(value)
        case Duration():
            return duration_text(value)
        case Link(target=target, label=label):
            return label if label is not None else target
        case File(path=path):
            return path
        case Regexp(source=source, flags=flags):
            return f"/{source}/{flags}"
        case Html(source=source) | Image(source=source) | Icon(name=source):
            return source
        case _:
            return ""
