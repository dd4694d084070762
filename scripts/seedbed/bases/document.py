"""The YAML of a base -> a small tree whose every part knows its place.

Strict where YAML is dangerous: no anchors, aliases or tags, a limited depth, one document. Everything else stays
the text it was written as; what a field means is for ``definition`` to say. Separate, and the only user of yaml in
this package, because diagnostics need places and places need the parser's events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import yaml

from seedbed.text import Lines

_MOST_CHARACTERS = 200_000
_DEEPEST = 40
_UNREADABLE = (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK_HEADER = re.compile(r"[^\n]*\n(?:[ \t]*\n)*(?P<indentation>[ \t]*)")
_NOT_IN_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value begins in the file, and how far offsets into it can be followed."""

    line: int
    column: int
    reach: Literal["line", "block", "start"] = "start"
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
    """A single value, as text."""

    text: str
    place: Place
    plain: bool
    """Whether it stands without quotes, so that ``10`` may be a number and nothing may be null."""


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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and where."""

    message: str
    line: int
    column: int


class _RefusedError(Exception):
    """Carries one problem out of the composer; never leaves this module."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


def read_document(source: str, line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of ``source``, whose first line is ``line`` of its file, and what is wrong with it."""
    composer = _Composer(source, line)
    if len(source) > _MOST_CHARACTERS:
        return None, (composer.problem(f"longer than {_MOST_CHARACTERS} characters", 0),)
    try:
        tree = composer.compose()
    except _RefusedError as refused:
        return None, (composer.problem(refused.message, refused.index),)
    except _UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        index = mark.index if mark is not None else getattr(error, "position", 0)
        said = getattr(error, "problem", None) or "cannot be read"
        message = _NOT_IN_LINES.sub(" ", f"invalid YAML: {said}")
        return None, (composer.problem(message, index),)
    return tree, tuple(composer.problems)


def is_nothing(node: Node | None) -> bool:
    """Whether a value is absent, empty or ``null``."""
    return node is None or (
        isinstance(node, Scalar) and node.plain and node.text.lower() in {"", "~", "null"}
    )


class _Composer:
    """Builds the tree from the events of one text; depth is checked before anything recurses."""

    def __init__(self, source: str, line: int) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._lines = Lines(source)
        self._first = line
        self._events: Iterator[yaml.Event] = iter(())

    def problem(self, message: str, index: int) -> Problem:
        place = self._place(index)
        return Problem(message, place.line, place.column)

    def compose(self) -> Node | None:
        self._events = yaml.parse(self._source, Loader=_Loader)
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        tree = self._node(next(self._events), 1)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise _RefusedError("more than one YAML document", _index(end))
        return tree

    def _node(self, event: yaml.Event, depth: int) -> Node:
        index = _index(event)
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            raise _RefusedError("YAML aliases, anchors and tags are not read", index)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, self._place_of(event), plain=event.implicit[0])
        if depth > _DEEPEST:
            raise _RefusedError(f"nested more than {_DEEPEST} deep", index)
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
                raise _RefusedError("a name must be text", _index(event))
            node = self._node(next(self._events), depth + 1)
            if key.text in names:
                self.problems.append(self.problem(f'"{key.text}" is given twice', _index(event)))
                continue
            names.add(key.text)
            yield Entry(key.text, key.place, node)

    def _place(self, index: int, reach: Literal["line", "block", "start"] = "start") -> Place:
        line, column = self._lines.position(min(index, len(self._source)))
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
