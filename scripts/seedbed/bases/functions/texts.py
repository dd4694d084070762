"""Functions of texts and of regular expressions."""

from __future__ import annotations

import re

from seedbed.bases.functions.signature import (
    Function,
    Table,
    count_of,
    limited_list,
    limited_text,
    text_of,
)
from seedbed.bases.session import Session
from seedbed.bases.values import MOST_CHARACTERS, FormulaError, Regexp, Value

_WORD = re.compile(r"\S+")


def _has(session: Session, text: str, wanted: Value) -> bool:
    session.spend_on_text(len(text))
    return text_of(wanted) in text


def contains(session: Session, text: str, wanted: Value) -> Value:
    """Whether ``wanted`` stands in ``text``; nothing stands nowhere."""
    return wanted is not None and _has(session, text, wanted)


def _contains_all(session: Session, text: str, *wanted: Value) -> Value:
    return all(contains(session, text, each) for each in wanted)


def _contains_any(session: Session, text: str, *wanted: Value) -> Value:
    return any(contains(session, text, each) for each in wanted)


def _starts_with(_: Session, text: str, query: Value) -> Value:
    return query is not None and text.startswith(text_of(query))


def _ends_with(_: Session, text: str, query: Value) -> Value:
    return query is not None and text.endswith(text_of(query))


def _is_empty(_: Session, text: str) -> Value:
    return not text


def _lower(session: Session, text: str) -> Value:
    session.spend_on_text(len(text))
    return text.lower()


def _title(session: Session, text: str) -> Value:
    session.spend_on_text(len(text))
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text)


def _trim(_: Session, text: str) -> Value:
    return text.strip()


def _reverse(session: Session, text: str) -> Value:
    session.spend_on_text(len(text))
    return text[::-1]


def _repeat(session: Session, text: str, count: Value) -> Value:
    times = count_of(count, MOST_CHARACTERS)
    if times < 0:
        raise FormulaError("a text cannot be repeated less than no times")
    if len(text) * times > MOST_CHARACTERS:
        raise FormulaError("a text becomes too long")
    session.spend_on_text(len(text) * times)
    return text * times


def _slice(session: Session, text: str, start: Value = None, end: Value = None) -> Value:
    session.spend_on_text(len(text))
    first = 0 if start is None else count_of(start, len(text) + 1)
    last = len(text) if end is None else count_of(end, len(text) + 1)
    return text[first:last]


def _replace(session: Session, text: str, pattern: Value, replacement: Value) -> Value:
    session.spend_on_text(len(text))
    new = text_of(replacement)
    if isinstance(pattern, Regexp):
        return limited_text(session.patterns.replace(pattern, text, new))
    old = text_of(pattern)
    length = len(text) + text.count(old) * max(0, len(new) - len(old))
    if length > MOST_CHARACTERS:
        raise FormulaError("a text becomes too long")
    session.spend_on_text(length)
    return text.replace(old, new)


def _split(session: Session, text: str, separator: Value, most: Value = None) -> Value:
    session.spend(1 + len(text) // 4)
    if isinstance(separator, Regexp):
        pieces = session.patterns.split(separator, text)
    elif mark := text_of(separator):
        pieces = text.split(mark)
    else:
        pieces = list(text)
    if most is not None:
        limit = count_of(most, len(pieces))
        pieces = pieces[:limit] if limit >= 0 else pieces
    return limited_list([str(piece) for piece in pieces])


def _matches(session: Session, pattern: Regexp, text: Value) -> Value:
    searched = text_of(text)
    session.spend(4)
    session.spend_on_text(len(searched))
    return session.patterns.matches(pattern, searched)


TEXT: Table = {
    "contains": Function(contains, 1, 1),
    "containsAll": Function(_contains_all, 1, None),
    "containsAny": Function(_contains_any, 1, None),
    "endsWith": Function(_ends_with, 1, 1),
    "isEmpty": Function(_is_empty),
    "lower": Function(_lower),
    "replace": Function(_replace, 2, 2),
    "repeat": Function(_repeat, 1, 1),
    "reverse": Function(_reverse),
    "slice": Function(_slice, 1, 2),
    "split": Function(_split, 1, 2),
    "startsWith": Function(_starts_with, 1, 1),
    "title": Function(_title),
    "trim": Function(_trim),
}
REGEXP: Table = {"matches": Function(_matches, 1, 1)}
