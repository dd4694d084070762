"""What a function of the formula language is, and how its arguments are read.

Separate so that each table of functions is a list of names with their limits, and a wrong argument is told in one
way everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seedbed.bases.comparison import numeric
from seedbed.bases.values import (
    MOST_CHARACTERS,
    MOST_ITEMS,
    FormulaError,
    Value,
    as_text,
    type_name,
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that is given its arguments' values, a method's own value before them."""

    call: Callable[..., Value]
    """Takes the session, the value a method is called on, then the arguments."""
    least: int = 0
    """How many arguments it needs."""
    most: int | None = 0
    """How many it takes; any number if there is no limit."""

    def refusal(self, name: str, count: int) -> str | None:
        """Return what is wrong with calling it with ``count`` arguments, if anything is."""
        if self.least <= count and (self.most is None or count <= self.most):
            return None
        wanted = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        if self.most is None:
            wanted = f"at least {self.least}"
        return f"{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"


Table = Mapping[str, Function]


def text_of(value: Value) -> str:
    """Return an argument as text; nothing is the empty text."""
    return as_text(value)


def number_of(value: Value) -> float:
    """Return an argument that must be a number, or text that writes one."""
    match value:
        case bool():
            return float(value)
        case float():
            return value
        case str() if (number := numeric(value)) is not None:
            return number
        case _:
            raise FormulaError(f"a number is needed, not {named(value)}")


def count_of(value: Value, limit: int) -> int:
    """Return an argument that must be a whole number, brought within ``limit`` of zero."""
    number = number_of(value)
    if number != number:  # noqa: PLR0124 -- only NaN differs from itself
        return 0
    return int(max(-limit, min(limit, number)))


def named(value: Value) -> str:
    """Return a value's type with its article, for messages."""
    name = type_name(value)
    if name == "null":
        return "nothing"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def limited_text(text: str) -> str:
    """Return ``text`` unless it is too long."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError("a text becomes too long")
    return text


def limited_list(items: tuple[Value, ...] | list[Value]) -> tuple[Value, ...]:
    """Return ``items`` unless there are too many."""
    if len(items) > MOST_ITEMS:
        raise FormulaError("a list becomes too long")
    return tuple(items)
