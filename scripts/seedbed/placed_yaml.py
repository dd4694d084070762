"""Strict YAML -> a tree whose every part knows its place, and what is wrong with the text.

Anchors, aliases and tags are refused, and depth is checked before anything recurses, so that no text can exhaust
memory or the stack. Separate because bases and figure blocks both report places, which only the parser's events know,
each in words of its own; and because what YAML 1.2 takes for a number should be decided once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

import yaml

from seedbed.text import Lines

CORE_SCALARS = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
}
"""The core schema of YAML 1.2, in its order; a plain scalar that matches none of it is text."""
_MOST_DIGITS = 250
"""Of a whole number, whatever its base: floating point can still hold it."""
# Control characters cannot stand in SVG or HTML, half a surrogate pair in no file at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BLOCK_HEADER = re.compile(r"[^\n]*\n(?:[ \t]*\n)*[ \t]*")

Value = str | int | float | bool | None
Reach = Literal["line", "block", "start"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value begins in the file, and how far offsets into it can be followed."""

    line: int
    column: int
    reach: Reach = "start"
    """One line written as it is read; a literal block, line by line; or only its beginning."""

    def at(self, text: str, offset: int) -> tuple[int, int]:
        """Return line and column of an offset into ``text``, the value that begins here."""
        if self.reach == "line":
            return self.line, self.column + offset
        if self.reach == "block":
            before = text[:offset]
            return self.line + before.count("\n"), self.column + offset - (before.rfind("\n") + 1)
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    text: str
    """The value as written, without its quotes."""
    place: Place
    plain: bool
    """Whether it stands without quotes, so that ``10`` may be a number and nothing may be null."""

    @property
    def value(self) -> Value:
        """What the core schema makes of it; a whole number beyond all measure is infinite."""
        schema = CORE_SCALARS.items() if self.plain else ()
        match next((kind for kind, pattern in schema if re.fullmatch(pattern, self.text)), None):
            case "null":
                return None
            case "bool":
                return self.text.lower() == "true"
            case "int":
                whole = whole_number(self.text)
                infinite = float("-inf" if self.text.startswith("-") else "inf")
                return infinite if whole is None else whole
            case "float":
                return float(re.sub(r"\.(?=[in])", "", self.text.lower()))
        return self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a mapping, with its value."""

    name: str
    place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named values, each name once."""

    entries: tuple[Entry, ...]
    place: Place

    def entry(self, name: str) -> Entry | None:
        """Return the entry called ``name``, if there is one."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def get(self, name: str) -> Node | None:
        """Return the value under ``name``, if there is one."""
        entry = self.entry(name)
        return entry.node if entry else None


Node = Scalar | Sequence | Mapping


class Fault(Enum):
    """What can be wrong with a text."""

    UNREADABLE = auto()
    """No YAML; the detail is what the parser says."""
    REFERENCE = auto()
    """An anchor, an alias or a tag."""
    DEPTH = auto()
    """Nested too deep."""
    DOCUMENTS = auto()
    """More than one document."""
    NAME = auto()
    """A name that is no scalar."""
    REPETITION = auto()
    """A name given twice, which is the detail; the first stays."""
    DIRECTIVE = auto()
    """A line such as ``%YAML 1.1``; it changes nothing."""
    CHARACTER = auto()
    """An escape for a character that no page can hold; the detail is its number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and where; each reader has its own words for it."""

    fault: Fault
    place: Place
    detail: str = ""
    """In one line."""


class _RefusedError(Exception):
    """Carries one problem out of the composer; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_yaml(
    source: str, *, deepest: int, line: int = 1, in_c: bool = False
) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of ``source``, whose first line is ``line`` of its file, and what is wrong with it.

    There is no tree of what is empty or cannot be read. Reading ``in_c``, where that is installed, is five times as
    fast; what the parser then says depends on its version.
    """
    composer = _Composer(source, deepest, line)
    try:
        tree = composer.compose(getattr(yaml, "CSafeLoader", None) if in_c else None)
    except _RefusedError as refused:
        return None, (refused.problem,)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError) as error:
        return None, (composer.unreadable(error),)
    return tree, tuple(composer.problems)


def is_nothing(node: Node | None) -> bool:
    """Whether a value is absent, empty or ``null``."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def whole_number(written: str) -> int | None:
    """Return the whole number that ``written`` is, unless it is none or beyond all measure."""
    if len(written) > _MOST_DIGITS:
        return None
    try:
        return int(written, 0 if written[:2] in {"0o", "0x"} else 10)
    except ValueError:
        return None


class _Composer:
    """Builds the tree from the events of one text and gathers on the way what can be overlooked."""

    def __init__(self, source: str, deepest: int, line: int) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._deepest = deepest
        self._first = line
        self._lines = Lines(source)
        # What is wrong at the very end belongs to the last line that there is.
        self._end = len(source.rstrip("\n"))
        self._events: Iterator[yaml.Event] = iter(())

    def compose(self, loader: type | None) -> Node | None:
        self._events = yaml.parse(self._source, Loader=loader or yaml.SafeLoader)
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return None
        if isinstance(start, yaml.DocumentStartEvent) and (start.tags or start.version):
            self.problems.append(self._problem(Fault.DIRECTIVE, 0))
        tree = self._node(next(self._events), 1)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise _RefusedError(self._problem(Fault.DOCUMENTS, _index(end)))
        return tree

    def unreadable(self, error: Exception) -> Problem:
        # A reader error (a control character) has a position and a reason instead of a mark and a problem; PyYAML
        # lets chr() and int() speak for themselves on impossible escapes and versions.
        mark = getattr(error, "problem_mark", None)
        index = mark.index if mark is not None else getattr(error, "position", 0)
        said = getattr(error, "problem", None) or getattr(error, "reason", None)
        detail = said or "a number or escape is out of range"
        return self._problem(Fault.UNREADABLE, index, detail)

    def _problem(self, fault: Fault, index: int, detail: str = "") -> Problem:
        return Problem(fault, self._place(index), _NOT_IN_LINES.sub(" ", detail))

    def _node(self, event: yaml.Event, depth: int) -> Node:
        index = _index(event)
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            raise _RefusedError(self._problem(Fault.REFERENCE, index))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > self._deepest:
            raise _RefusedError(self._problem(Fault.DEPTH, index))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth)), self._place(index))
        return Mapping(tuple(self._entries(depth)), self._place(index))

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[Entry]:
        names: set[str] = set()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _RefusedError(self._problem(Fault.NAME, _index(event)))
            if key.text in names:
                self.problems.append(self._problem(Fault.REPETITION, _index(event), key.text))
            node = self._node(next(self._events), depth + 1)
            if key.text not in names:
                names.add(key.text)
                yield Entry(key.text, key.place, node)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if bad := _UNPRINTABLE.search(event.value):
            number = f"U+{ord(bad.group()):04X}"
            self.problems.append(self._problem(Fault.CHARACTER, _index(event), number))
        # implicit[0] says that a plain scalar may be resolved; quoted ones are always text.
        return Scalar(event.value, self._place_of(event), plain=event.implicit[0])

    def _place(self, index: int, reach: Reach = "start") -> Place:
        line, column = self._lines.position(min(index, self._end))
        return Place(line + self._first - 1, column, reach)

    def _place_of(self, event: yaml.ScalarEvent) -> Place:
        start = _index(event)
        if event.style in {"|", ">"}:
            header = _BLOCK_HEADER.match(self._source, start)
            if header is None:
                return self._place(start)
            return self._place(header.end(), "block" if event.style == "|" else "start")
        begin = start + (event.style in {"'", '"'})
        as_read = self._source.startswith(event.value, begin) and "\n" not in event.value
        return self._place(begin if as_read else start, "line" if as_read else "start")


def _index(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark is not None else 0
