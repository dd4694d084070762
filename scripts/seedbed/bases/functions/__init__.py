"""The functions of the formula language, by name: what the help of Obsidian lists, and nothing else.

Turns a type and a name into a function. Each module beside this one holds the functions of some types; only those
that are given an expression instead of its value are the evaluator's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from seedbed.bases.functions.anything import ANY, GLOBAL
from seedbed.bases.functions.dates import DATE, DATE_FIELDS
from seedbed.bases.functions.files import FILE, FILE_FIELDS, LINK
from seedbed.bases.functions.lists import LIST, OBJECT
from seedbed.bases.functions.numbers import NUMBER
from seedbed.bases.functions.signature import Function, Table
from seedbed.bases.functions.texts import REGEXP, TEXT
from seedbed.bases.session import Session
from seedbed.bases.values import Value, as_text

__all__ = [
    "DATE_FIELDS",
    "FILE_FIELDS",
    "GIVEN_EXPRESSIONS",
    "GLOBAL",
    "METHODS",
    "Function",
    "function_names",
    "method_names",
    "method_of",
]


def _on_text_of(function: Function) -> Function:
    """Return a function of texts as one of any value's text."""

    def call(session: Session, value: Value, *arguments: Value) -> Value:
        return function.call(session, as_text(value), *arguments)

    return replace(function, call=call)


_LIKE_TEXT: Table = {name: _on_text_of(function) for name, function in TEXT.items()}
"""Functions of types whose values Obsidian derives from text."""
METHODS: Mapping[str, Table] = {
    "date": DATE,
    "file": FILE,
    "html": _LIKE_TEXT,
    "icon": _LIKE_TEXT,
    "image": _LIKE_TEXT,
    "link": {**_LIKE_TEXT, **LINK},
    "list": LIST,
    "number": NUMBER,
    "object": OBJECT,
    "regexp": REGEXP,
    "string": TEXT,
}
GIVEN_EXPRESSIONS: Mapping[str, tuple[int, int]] = {
    "if": (2, 3),
    "filter": (1, 1),
    "map": (1, 1),
    "reduce": (2, 2),
}
"""Functions that compute their arguments themselves, with the fewest and most of these."""


def method_of(kind: str, name: str) -> Function | None:
    """Return the function ``name`` of values of the type ``kind``."""
    return METHODS.get(kind, {}).get(name) or ANY.get(name)


def function_names() -> tuple[str, ...]:
    """Return the names of all global functions."""
    return (*GLOBAL, "if", "random")


def method_names(kind: str | None = None) -> frozenset[str]:
    """Return the names of all functions of one type, or of any type at all."""
    tables = METHODS.values() if kind is None else (METHODS[kind],)
    names = {name for table in (*tables, ANY) for name in table}
    return frozenset(names | ({"filter", "map", "reduce"} if kind in {None, "list"} else set()))
