"""When two values are equal, which comes first, and when they are the same thing.

Turns two values into a verdict: loose as JavaScript's ``==``, by file for links, by contents for lists. Separate
because operators, lists, sorting, grouping and summaries must agree on it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from typing import Any

from seedbed.bases.file import File
from seedbed.bases.property_values import read_link
from seedbed.bases.reckoning import epoch_milliseconds, read_date, total_milliseconds
from seedbed.bases.session import Session
from seedbed.bases.values import (
    DEEPEST,
    Date,
    Duration,
    FormulaError,
    Html,
    Icon,
    Image,
    Link,
    Object,
    Tag,
    Value,
    as_text,
    type_name,
)
from seedbed.text import fold

_NUMERALS = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_DIGITS = re.compile(r"(\d{1,300})", re.ASCII)
_MOST_NUMERALS = 400
_RANKS = ("boolean", "number", "duration", "date", "string")


def numeric(text: str) -> float | None:
    """Return the number that ``text`` writes, if it writes one."""
    if len(text) > _MOST_NUMERALS or not _NUMERALS.fullmatch(text):
        return None
    return float(text)


def are_equal(session: Session, first: Value, second: Value, depth: int = 0) -> bool:
    """Whether ``first == second``."""
    session.spend()
    if depth > DEEPEST:
        raise FormulaError("lists are nested too deeply")
    if first is None or second is None:
        return first is second
    if isinstance(first, Link | File) or isinstance(second, Link | File):
        return _lead_to_one(session, first, second)
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(
            are_equal(session, one, other, depth + 1)
            for one, other in zip(first, second, strict=True)
        )
    if isinstance(first, Object) and isinstance(second, Object):
        return first.members.keys() == second.members.keys() and all(
            are_equal(session, value, second.members[name], depth + 1)
            for name, value in first.members.items()
        )
    return _scalars_equal(first, second)


def is_less(first: Value, second: Value) -> bool | None:
    """Whether ``first < second``; nothing where the two cannot be compared, as with an empty property."""
    if isinstance(first, str) and isinstance(second, str):
        return first < second
    one, other = _measured(first, second), _measured(second, first)
    if one is None or other is None or math.isnan(one) or math.isnan(other):
        return None
    return one < other


def identity(session: Session, value: Value, depth: int = 0) -> Hashable:
    """Return a key that two values share when they are the same: for groups, and for what occurs twice."""
    session.spend()
    if depth > DEEPEST:
        raise FormulaError("lists are nested too deeply")
    match value:
        case tuple():
            return ("list", *(identity(session, item, depth + 1) for item in value))
        case Object(members=members):
            inner = [(name, identity(session, each, depth + 1)) for name, each in members.items()]
            return ("object", *inner)
        case Link() | File():
            file = session.file_of(value)
            return ("file", file.path) if file else ("link", as_text(value))
        case Tag():
            return ("tag", fold(value.lstrip("#")))
        case Date():
            return ("date", value.moment)
        case _:
            return (type_name(value), value)


def sort_key(value: Value) -> tuple[int, Any]:
    """Return what orders values that are there: numbers before dates before texts, texts as people count."""
    kind = type_name(value)
    if kind not in _RANKS:
        return len(_RANKS), _text_key(as_text(value))
    rank = _RANKS.index(kind)
    match value:
        case Date():
            return rank, epoch_milliseconds(value)
        case Duration():
            return rank, total_milliseconds(value)
        case str():
            return len(_RANKS), _text_key(value)
        case float() if math.isnan(value):
            return rank, math.inf
        case _:
            return rank, value


def _text_key(text: str) -> tuple[Any, ...]:
    """Return a key by which ``note 9`` comes before ``note 10``, whatever the case."""
    pieces = _DIGITS.split(fold(text))
    return (
        *((float(piece), "") if index % 2 else (0.0, piece) for index, piece in enumerate(pieces)),
        (0.0, text),
    )


def _lead_to_one(session: Session, first: Value, second: Value) -> bool:
    one, other = _target(first), _target(second)
    if one is None or other is None:
        return False
    found, wanted = session.file_of(one), session.file_of(other)
    if found is None and wanted is None:
        return as_text(_named(one)) == as_text(_named(other))
    return found is not None and wanted is not None and found.path == wanted.path


def _target(value: Value) -> Link | File | None:
    if isinstance(value, str):
        return read_link(value) or Link(value)
    return value if isinstance(value, Link | File) else None


def _named(value: Link | File) -> Value:
    return value.target if isinstance(value, Link) else value


def _scalars_equal(first: Value, second: Value) -> bool:
    if isinstance(first, Tag) or isinstance(second, Tag):
        return fold(as_text(first).lstrip("#")) == fold(as_text(second).lstrip("#"))
    if isinstance(first, str) and isinstance(second, str):
        return first == second
    if isinstance(first, Html | Image | Icon) or isinstance(second, Html | Image | Icon):
        return as_text(first) == as_text(second)
    one, other = _measured(first, second), _measured(second, first)
    if one is not None and other is not None:
        return one == other
    return first == second


def _measured(value: Value, beside: Value) -> float | None:  # noqa: PLR0911 -- one a type
    """Return ``value`` as a number that can be compared with one of ``beside``."""
    match value:
        case bool():
            return float(value)
        case float():
            return value
        case Date():
            return epoch_milliseconds(value) if isinstance(beside, Date | str | float) else None
        case Duration():
            return total_milliseconds(value)
        case str() if isinstance(beside, Date):
            date = read_date(value)
            return epoch_milliseconds(date) if date else None
        case str() if not isinstance(beside, str):
            return numeric(value)
        case _:
            return None
