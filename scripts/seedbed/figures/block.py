"""The text of a figure block -> a small tree of values that know their lines, or problems.

Strict YAML: the scalars of YAML 1.2 core (`1e-2` is a number, `no` is text), no key twice, no
anchors, aliases or tags, at most 8 kB and four levels. Separate, and the only user of yaml,
because no schema of kinds should have to know how YAML counts.

It composes from the parser's events rather than from its nodes: depth is then checked before
anything recurses, so that no text can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from seedbed.figures.problem import FigureProblem

MAX_BYTES = 8192
MAX_DEPTH = 4


Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    value: Value
    text: str
    """The value as written, without its quotes."""
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, with its value."""

    name: str
    node: Node
    line: int
    """The line of the key."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named values, each name once."""

    entries: tuple[Entry, ...]
    line: int


Node = Scalar | Sequence | Mapping


# The core schema of YAML 1.2, in its order; what matches none of it is text.
_CORE: tuple[tuple[str, Callable[[str], Value]], ...] = (
    (r"~|null|Null|NULL|", lambda _: None),
    (r"true|True|TRUE", lambda _: True),
    (r"false|False|FALSE", lambda _: False),
    (r"[-+]?[0-9]+", lambda text: _whole(text, 10)),
    (r"0o[0-7]+", lambda text: _whole(text, 0)),
    (r"0x[0-9a-fA-F]+", lambda text: _whole(text, 0)),
    (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", lambda text: float(text.replace(".", "", 1))),
)
# Python reads no number of more than 4300 digits, and such a number is beyond every range here.
_MOST_DIGITS = 400
_MOST_SHOWN = 40
# Control characters cannot stand in SVG or HTML, half a surrogate pair in no file at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class _RefusedError(Exception):
    """Carries one problem out of the composer; never leaves this module."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


def read_block(text: str) -> Mapping | tuple[FigureProblem, ...]:
    """Read `text` as one mapping; whatever the text, the answer is a value."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return (FigureProblem(f"block is {size / 1024:.1f} kB, limit {MAX_BYTES // 1024} kB", 0),)
    composer = _Composer(text)
    try:
        tree = composer.compose()
    except _RefusedError as refused:
        return (FigureProblem(refused.message, composer.line(refused.index)),)
    except yaml.YAMLError as error:
        return (_invalid(error, composer),)
    except (ValueError, OverflowError):
        # PyYAML lets chr() and int() speak for themselves on impossible escapes and versions.
        return (FigureProblem("invalid YAML: a number or escape is out of range", 0),)
    return tuple(composer.problems) or _as_mapping(tree)


def _as_mapping(tree: Node) -> Mapping | tuple[FigureProblem, ...]:
    if isinstance(tree, Mapping):
        return tree
    if isinstance(tree, Scalar) and tree.value is None:
        return Mapping((), 0)
    found = f"a figure block must be fields with values, got {shown(tree)}"
    return (FigureProblem(found, tree.line),)


def shown(node: Node) -> str:
    """Return how a message names the value: text in quotes, numbers as they were written."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.value is None:
        return "nothing"
    text = node.text if len(node.text) <= _MOST_SHOWN else node.text[: _MOST_SHOWN - 1] + "…"
    text = " ".join(text.split())
    return f"'{text}'" if isinstance(node.value, str) else text


def _invalid(error: yaml.YAMLError, composer: _Composer) -> FigureProblem:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    # A reader error (a control character) has a position instead of a mark.
    index = mark.index if mark is not None else getattr(error, "position", 0)
    return FigureProblem(f"invalid YAML: {said}", composer.line(index))


class _Composer:
    """Builds the tree from the events of one text and gathers duplicate keys on the way."""

    def __init__(self, text: str) -> None:
        self.problems: list[FigureProblem] = []
        self._text = text
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)

    def line(self, index: int) -> int:
        """Return the line of an offset; YAML itself also breaks lines at U+2028 and U+0085."""
        before = self._text[:index].count("\n")
        # An error at the very end of the text belongs to the last line that there is.
        return min(before, max(0, self._text.rstrip("\n").count("\n")))

    def compose(self) -> Node:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return Scalar(None, "", 0)
        if isinstance(start, yaml.DocumentStartEvent) and (start.tags or start.version):
            raise _RefusedError("invalid YAML: directives are not allowed", 0)
        tree = self._node(next(self._events), 1)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise _RefusedError("invalid YAML: more than one document", _index(end))
        return tree

    def _node(self, event: yaml.Event, depth: int) -> Node:
        index = _index(event)
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            raise _RefusedError("aliases and tags are not allowed", index)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            raise _RefusedError(f"values are nested more than {MAX_DEPTH} deep", index)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth)), self.line(index))
        return Mapping(tuple(self._entries(depth)), self.line(index))

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[Entry]:
        names: set[str] = set()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _RefusedError("invalid YAML: a field's name must be text", _index(event))
            if key.text in names:
                self.problems.append(FigureProblem(f"duplicate key {_quoted(key)}", key.line))
            names.add(key.text)
            yield Entry(key.text, self._node(next(self._events), depth + 1), key.line)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        index = _index(event)
        if bad := _UNPRINTABLE.search(event.value):
            code = f"U+{ord(bad.group()):04X}"
            raise _RefusedError(f"invalid YAML: character {code} is not allowed", index)
        # implicit[0] says that a plain scalar may be resolved; quoted ones are always text.
        value = resolve(event.value) if event.implicit[0] else event.value
        return Scalar(value, event.value, self.line(index))


def _index(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark is not None else 0


def _quoted(key: Scalar) -> str:
    return shown(Scalar(key.text, key.text, key.line))


def resolve(text: str) -> Value:
    """Return the value of a plain scalar by the core schema of YAML 1.2."""
    for pattern, value in _CORE:
        if re.fullmatch(pattern, text):
            return value(text)
    return text


def _whole(text: str, base: int) -> int | float:
    if len(text) > _MOST_DIGITS:
        return float("-inf") if text.startswith("-") else float("inf")
    return int(text, base)
