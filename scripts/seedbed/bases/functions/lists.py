"""Functions of lists and objects, but for those that are given an expression."""

from __future__ import annotations

import math
from collections.abc import Hashable

from seedbed.bases.comparison import are_equal, identity, sort_key
from seedbed.bases.functions.signature import (
    Function,
    Table,
    count_of,
    limited_list,
    limited_text,
    text_of,
)
from seedbed.bases.session import Session
from seedbed.bases.values import Object, Value, is_truthy

Items = tuple[Value, ...]


def _contains(session: Session, items: Items, wanted: Value) -> Value:
    return any(are_equal(session, item, wanted) for item in items)


def _contains_all(session: Session, items: Items, *wanted: Value) -> Value:
    return all(is_truthy(_contains(session, items, each)) for each in wanted)


def _contains_any(session: Session, items: Items, *wanted: Value) -> Value:
    return any(is_truthy(_contains(session, items, each)) for each in wanted)


def _flat(session: Session, items: Items) -> Value:
    flat: list[Value] = []
    for item in items:
        flat.extend(item if isinstance(item, tuple) else (item,))
        limited_list(flat)
    session.spend(1 + len(flat))
    return tuple(flat)


def _is_empty(_: Session, items: Items) -> Value:
    return not items


def _join(session: Session, items: Items, separator: Value = None) -> Value:
    mark = "," if separator is None else text_of(separator)
    pieces: list[str] = []
    size = 0
    for item in items:
        pieces.append(text_of(item))
        size += len(pieces[-1]) + len(mark)
        session.spend_on_text(len(pieces[-1]) + len(mark))
    return limited_text(mark.join(pieces)) if size else ""


def _mean(session: Session, items: Items) -> Value:
    session.spend(1 + len(items))
    numbers = [item for item in items if isinstance(item, float)]
    return math.fsum(numbers) / len(numbers) if numbers and _finite(numbers) else None


def _finite(numbers: list[float]) -> bool:
    return all(math.isfinite(number) and abs(number) < 1e300 for number in numbers)  # noqa: PLR2004


def _reverse(session: Session, items: Items) -> Value:
    session.spend(1 + len(items))
    return items[::-1]


def _slice(session: Session, items: Items, start: Value = None, end: Value = None) -> Value:
    session.spend(1 + len(items))
    first = 0 if start is None else count_of(start, len(items) + 1)
    last = len(items) if end is None else count_of(end, len(items) + 1)
    return items[first:last]


def _sort(session: Session, items: Items) -> Value:
    session.spend(1 + 4 * len(items))
    there = [item for item in items if item is not None]
    return (*sorted(there, key=sort_key), *(item for item in items if item is None))


def _unique(session: Session, items: Items) -> Value:
    found: dict[Hashable, Value] = {}
    for item in items:
        found.setdefault(identity(session, item), item)
    return tuple(found.values())


LIST: Table = {
    "contains": Function(_contains, 1, 1),
    "containsAll": Function(_contains_all, 1, None),
    "containsAny": Function(_contains_any, 1, None),
    "flat": Function(_flat),
    "isEmpty": Function(_is_empty),
    "join": Function(_join, 0, 1),
    "mean": Function(_mean),
    "reverse": Function(_reverse),
    "slice": Function(_slice, 1, 2),
    "sort": Function(_sort),
    "unique": Function(_unique),
}


def _object_is_empty(_: Session, named: Object) -> Value:
    return not named.members


def _keys(session: Session, named: Object) -> Value:
    session.spend(1 + len(named.members))
    return tuple(named.members)


def _values(session: Session, named: Object) -> Value:
    session.spend(1 + len(named.members))
    return tuple(named.members.values())


OBJECT: Table = {
    "isEmpty": Function(_object_is_empty),
    "keys": Function(_keys),
    "values": Function(_values),
}
