"""The tree of one formula or filter, as values.

Separate so that reading (``parser``), checking (``checking``) and computing (``evaluation``) agree on it and need
not know each other. Every node knows its offset in the text it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seedbed.placed_yaml import Place


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, truth value or ``null``."""

    value: str | float | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression between slashes."""

    source: str
    flags: str
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A property of the note, or one of the names that mean something else."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Member:
    """``of.name``."""

    of: Node
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Item:
    """``of[index]``."""

    of: Node
    index: Node
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A global function with its arguments."""

    name: str
    arguments: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a value, with its arguments."""

    of: Node
    name: str
    arguments: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    """``!operand`` or ``-operand``."""

    operator: str
    operand: Node
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values joined by an operator."""

    operator: str
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    items: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """``{"name": a}``."""

    entries: tuple[tuple[str, Node], ...]
    at: int


Node = Literal | Pattern | Name | Member | Item | Call | Method | Unary | Binary | ListOf | ObjectOf


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula or filter as written, with its place; without a tree if it cannot be read."""

    text: str
    place: Place
    tree: Node | None
    problem: str = ""
    """What keeps it from being read or computed, where there is no tree."""

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset into the text."""
        return self.place.at(self.text, offset)


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and every node below it, each before its parts."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(parts(current)))


def parts(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 -- one a kind of node
    """Return the nodes directly below ``node``, in the order in which they were written."""
    match node:
        case Member(of=of):
            return (of,)
        case Item(of=of, index=index):
            return (of, index)
        case Call(arguments=arguments):
            return arguments
        case Method(of=of, arguments=arguments):
            return (of, *arguments)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case ListOf(items=items):
            return items
        case ObjectOf(entries=entries):
            return tuple(value for _, value in entries)
        case _:
            return ()
