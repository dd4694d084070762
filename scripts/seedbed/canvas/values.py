"""From JSON to values that know where they stand.

Mistakes are reported by line and column and links by their place in the file, which the standard library's parser
does not tell. This one also gives what stands before a mistake, and follows any nesting without recursion. Knows
nothing of canvases.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from seedbed.text import Span

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
        (?P<mark>[{}\[\],])
      | "(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"
      | (?P<number>-?+[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+)(?![\w.+-])
      | (?P<word>true|false|null|NaN|-?Infinity)(?!\w)
      | (?P<other>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_COLON = re.compile(r"[ \t\r\n]*+:")
_PIECE = re.compile(
    r"""(?P<line_end>(?:\r|\\r|\\u000[dD])(?:\n|\\n|\\u000[aA])?)
      | \\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
      | \\u(?P<unit>[0-9a-fA-F]{4})
      | \\(?P<escaped>.)
      | (?P<plain>[^\\\r]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_SPECIAL = re.compile(r"[\\\r\0\ud800-\udfff]")
_UNWANTED = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A string, and where each of its characters was written."""

    content: str
    r"""What it says; line ends are ``\\n``."""
    span: Span
    """What stands between its quotes."""
    starts: tuple[int, ...] = field(repr=False)
    """Offsets in the content at which a new stretch of it begins."""
    sources: tuple[int, ...] = field(repr=False)
    """The offset in the source of each stretch; within one, character follows character."""

    def offset(self, position: int) -> int:
        """Return where in the source the character at ``position`` begins; the string's end for any later."""
        index = bisect.bisect_right(self.starts, position) - 1
        if index < 0 or position >= len(self.content):
            return self.span.end if position >= len(self.content) else self.span.start
        return self.sources[index] + position - self.starts[index]


Content = None | bool | float | Text | tuple["Value", ...] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a document."""

    content: Content
    offset: int
    """Where it begins."""


@dataclass(frozen=True, slots=True)
class Document:
    """What could be read of a text."""

    value: Value | None
    """None if there is nothing."""
    problem: str | None
    """What ended or spoiled the reading."""
    offset: int
    """Where the problem is."""


@dataclass(slots=True)
class _Open:
    """An array or object whose end has not been seen."""

    offset: int
    values: list[Value] | dict[str, Value]
    key: str | None = None
    """The key whose value is awaited."""

    def add(self, value: Value) -> None:
        """Take in a value; one without a key has no place in an object."""
        if isinstance(self.values, list):
            self.values.append(value)
        elif self.key is not None:
            self.values[self.key] = value
            self.key = None

    def close(self) -> Value:
        """Return what it has become."""
        values = self.values
        return Value(tuple(values) if isinstance(values, list) else values, self.offset)


def read_values(source: str) -> Document:
    """Read ``source`` as JSON, up to the first mistake that leaves its meaning open. Never raises."""
    if not source.strip():
        return Document(None, None, 0)
    return _Reader(source).read()


class _Reader:
    """Follows the tokens of one text, with a stack of what is open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.stack: list[_Open] = []
        self.root: Value | None = None
        self.comma: int | None = None
        """Where a comma stands after which nothing has come."""
        self.spoiled: tuple[str, int] | None = None
        """The first mistake that did not end the reading."""

    def read(self) -> Document:
        while self.root is None and (token := _TOKEN.match(self.source, self.position)):
            self.position = token.end()
            if (problem := self._take(token)) is not None:
                offset = token.end() - len(token[0].lstrip(" \t\r\n"))
                return self._end(problem, offset)
        if self.root is None:
            return self._end("the file ends too early", len(self.source))
        rest = self.source[self.position :]
        if self.spoiled is None and rest.strip():
            offset = len(self.source) - len(rest.lstrip())
            self.spoiled = ("nothing may follow here", offset)
        problem, offset = self.spoiled or (None, 0)
        return Document(self.root, problem, offset)

    def _end(self, problem: str, offset: int) -> Document:
        """Close what is open, so that all read so far counts; half an entry of a list does not."""
        while self.stack:
            frame = self.stack.pop()
            if not self.stack or self.stack[-1].key is not None:
                self._add(frame.close())
        problem, offset = self.spoiled or (problem, offset)
        return Document(self.root, problem, offset)

    def _take(self, token: re.Match[str]) -> str | None:
        """Take in one token; return what is wrong with it, if the reading cannot go on."""
        if token["other"] is not None:
            is_text = token["other"] == '"'
            return "this string has no end" if is_text else f"unexpected {token['other']!r}"
        mark, frame = token["mark"], self.stack[-1] if self.stack else None
        if mark == ",":
            return self._comma(frame, token.start("mark"))
        if mark in {"}", "]"}:
            return self._close(frame, mark)
        if frame is not None and frame.key is None:
            if frame.values and self.comma is None:
                return "a comma is missing here"
            if isinstance(frame.values, dict):
                return self._key(frame, token)
        self.comma = None
        if mark is not None:
            self.stack.append(_Open(token.start("mark"), {} if mark == "{" else []))
        else:
            self._add(_scalar(token))
        return None

    def _key(self, frame: _Open, token: re.Match[str]) -> str | None:
        if token["text"] is None:
            return "a key in quotes is missing here"
        colon = _COLON.match(self.source, self.position)
        if colon is None:
            return "this key has no value"
        self.position = colon.end()
        self.comma = None
        frame.key = read_text(token["text"], token.start("text")).content
        return None

    def _comma(self, frame: _Open | None, offset: int) -> str | None:
        if frame is None or not frame.values or frame.key is not None or self.comma is not None:
            return "unexpected ','"
        self.comma = offset
        return None

    def _close(self, frame: _Open | None, mark: str) -> str | None:
        if frame is None or isinstance(frame.values, dict) != (mark == "}"):
            return f"unexpected '{mark}'"
        if frame.key is not None:
            return "this key has no value"
        if self.comma is not None:
            self.spoiled = self.spoiled or ("nothing follows this comma", self.comma)
        self.stack.pop()
        self._add(frame.close())
        return None

    def _add(self, value: Value) -> None:
        self.comma = None
        if self.stack:
            self.stack[-1].add(value)
        else:
            self.root = value


def read_text(written: str, offset: int) -> Text:
    """Return the string that stands between quotes at ``offset``.

    What no page can hold, NUL and halves of characters, becomes the replacement character.
    """
    span = Span(offset, offset + len(written))
    if not _SPECIAL.search(written):
        return Text(written, span, (0,), (offset,))
    parts: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = 0
    for piece in _PIECE.finditer(written):
        part = _UNWANTED.sub("\N{REPLACEMENT CHARACTER}", _decoded(piece))
        parts.append(part)
        starts.append(length)
        sources.append(offset + piece.start())
        length += len(part)
    return Text("".join(parts), span, tuple(starts), tuple(sources))


def _decoded(piece: re.Match[str]) -> str:
    if piece["plain"] is not None:
        return piece["plain"]
    if piece["line_end"] is not None:
        return "\n"
    if piece["high"] is not None:
        high, low = int(piece["high"], 16), int(piece["low"], 16)
        return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)
    if piece["unit"] is not None:
        return chr(int(piece["unit"], 16))
    return _ESCAPED.get(piece["escaped"], piece["escaped"])


def _scalar(token: re.Match[str]) -> Value:
    if token["text"] is not None:
        offset = token.start("text")
        return Value(read_text(token["text"], offset), offset)
    if token["word"] in _WORDS:
        return Value(_WORDS[token["word"]], token.start("word"))
    kind = "number" if token["word"] is None else "word"
    return Value(float(token[kind]), token.start(kind))
