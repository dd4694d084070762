"""Where in a note's source its prose stands: the words that a reader reads as such.

Turns tokens into stretches of the source, paragraph by paragraph. What is code, a formula, a link, a tag, a heading or
markup is no prose; of what a reader sees in a paragraph all the same, the place is kept, so that a sentence can be
quoted. Read off when a note is parsed and kept as few bytes, since the names that are looked for in it are known when
all notes are read.
"""

from __future__ import annotations

import html
import itertools
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from seedbed.dialect import Token
from seedbed.dialect.math import formula_end
from seedbed.text import Span

_MUTING = frozenset({"link", "ref", "inline_key"})
"""Inline elements whose words are shown and are no prose."""
_SPECIAL = re.compile(r"[\\&%]")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^>]*?(/?)>\Z", re.DOTALL)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_MOST_TRIES = 8
"""Places at which a text with escapes is looked for."""
_FAR = 2000
"""Characters of markup that may stand between two texts of a paragraph."""
_QUOTED = 400
"""Characters on each side of some words that are quoted of their paragraph at most."""
FORMULA = re.compile("\x02([^\x03]*)\x03")
"""A formula, among words that are quoted."""
_MARKS = str.maketrans("", "", "\x02\x03")
"""What marks formulas is nothing that an author may write."""
BREAK = re.compile(r"<br\b", re.IGNORECASE)
"""The end of a line, in an author's HTML."""
_CODE = re.compile(r"(`+)(?!`)( ?)(.*)\2(?<!`)\1", re.DOTALL)
_IN_FORMULA = re.compile("\\A[^\x02\x03]*\x03|\x02[^\x03]*\\Z")
_FOOTNOTE = "footnote_ref"


def prose_of(tokens: Sequence[Token], source: str) -> bytes:
    """Return where the prose of a note's ``tokens`` stands in its ``source``, as ``Prose`` reads it."""
    return _Reader(source).read(tokens)


class Prose:
    """The stretches of one note's prose, and of what else a reader sees in its paragraphs."""

    def __init__(self, packed: bytes) -> None:
        """Read what ``prose_of`` returned."""
        numbers = array("I", packed)
        # As they are packed: a bit in front says of a start whether a paragraph begins, of an end whether it is prose.
        self._starts, self._ends = numbers[::2], numbers[1::2]

    def spans(self) -> list[Span]:
        """Return all stretches, in order."""
        return self._spans(0, len(self._starts))

    def text(self, source: str) -> str:
        """Return all prose as one text, a blank for what stands between two stretches."""
        bounds = zip(self._starts, self._ends, strict=True)
        return " ".join(source[start >> 1 : end >> 1] for start, end in bounds if end & 1)

    def holds(self, start: int, end: int) -> bool:
        """Whether all of the source from ``start`` to ``end`` is prose, in one stretch."""
        at = self._at(start)
        return at >= 0 and self._ends[at] & 1 == 1 and end <= self._ends[at] >> 1

    def around(self, start: int, end: int, source: str) -> tuple[str, str]:
        """Return what a reader sees, in the paragraph of a stretch of prose, before it and behind it, for some way."""
        own = self._at(start)
        first, last = own, own + 1
        least, most = start - _QUOTED, end + _QUOTED
        while first and not self._starts[first] & 1 and self._starts[first] >> 1 > least:
            first -= 1
        while (
            last < len(self._starts)
            and not self._starts[last] & 1
            and self._starts[last] >> 1 < most
        ):
            last += 1
        before = [*self._spans(first, own), Span(max(self._starts[own] >> 1, least), start)]
        behind = [Span(end, min(self._ends[own] >> 1, most)), *self._spans(own + 1, last)]
        return _shown(before, source), _shown(behind, source)

    def _at(self, start: int) -> int:
        """Return the last stretch that begins at ``start`` or before; -1 if none does."""
        return bisect_right(self._starts, start << 1 | 1) - 1

    def _spans(self, first: int, last: int) -> list[Span]:
        return [Span(self._starts[at] >> 1, self._ends[at] >> 1) for at in range(first, last)]


def _shown(spans: Sequence[Span], source: str) -> str:
    """Return the words at ``spans``; what stands between two of them is markup, or the end of a line."""
    parts = [_words(span, source) for span in spans[:1]]
    for before, span in itertools.pairwise(spans):
        words = _words(span, source)
        gap = source[before.end : span.start]
        is_broken = "\n" in gap or BREAK.search(gap)
        parts.append(f" {words}" if is_broken else _unescaped(gap) + words)
    return "".join(parts)


def _words(span: Span, source: str) -> str:
    words = source[span.start : span.end].translate(_MARKS)
    if words.startswith("`") and (code := _CODE.fullmatch(words)):
        return code[3]
    if words.startswith("$") and formula_end(words, 0, len(words)) == len(words):
        width = 2 if words.startswith("$$") else 1
        return f"\x02{words[width:-width]}\x03"
    return words


def without_broken_formula(words: str) -> str:
    """Return ``words``, cut out of others, without what is left of a formula that was cut."""
    return _IN_FORMULA.sub("", words)


def _unescaped(gap: str) -> str:
    """Return the character that an escape or entity between two stretches stands for; nothing for other markup."""
    if _ESCAPED.fullmatch(gap):
        return gap[1]
    return html.unescape(gap) if _ENTITY.fullmatch(gap) else ""


@dataclass(slots=True)
class _Reader:
    """Follows the tokens of one note through its source."""

    source: str
    _runs: array[int] = field(default_factory=lambda: array("I"))
    _cursor: int = 0
    _end: int = 0
    _muted: int = 0
    _is_first: bool = True
    """Whether the next stretch is the first of its paragraph."""

    def read(self, tokens: Sequence[Token]) -> bytes:
        source = self.source
        lines = [0, *(match.end() for match in re.finditer("\n", source)), len(source)]
        before = ""
        for token in tokens:
            if token.type == "inline" and token.children and before != "heading_open" and token.map:
                first, last = token.map
                begin = lines[min(first, len(lines) - 1)]
                self._end = lines[min(last, len(lines) - 1)]
                # The cells of a row follow each other on one line.
                if not begin < self._cursor <= self._end:
                    self._cursor = begin
                self._is_first, self._muted = True, 0
                if len(token.children) == 1 and token.children[0].type == "text":
                    self._text(token.children[0].content)  # as most are
                else:
                    self._leaf(token.children)
            before = token.type
        return self._runs.tobytes()

    def _leaf(self, children: Sequence[Token]) -> None:
        opened: list[Token] = []
        for child in children:
            kind = child.type
            if kind == "text":
                self._text(child.content)
            elif kind in {"softbreak", "hardbreak"}:
                end = self.source.find("\n", self._cursor, self._end)
                self._cursor = end + 1 if end >= 0 else self._cursor
            elif child.nesting == 1:
                opened.append(child)
                self._open(child)
            elif child.nesting == -1:
                self._close(opened.pop() if opened else child)
            else:
                self._other(child)

    def _open(self, token: Token) -> None:
        if token.type.removesuffix("_open") in _MUTING:
            self._muted += 1
        span = token.meta.get("span")
        if isinstance(span, Span):
            self._cursor = max(self._cursor, span.start)

    def _close(self, opened: Token) -> None:
        if opened.type.removesuffix("_open") in _MUTING:
            self._muted -= 1
        span = opened.meta.get("span")
        if isinstance(span, Span):
            self._cursor = max(self._cursor, span.end)

    def _other(self, token: Token) -> None:
        """Pass what is no text and holds none."""
        span = token.meta.get("span")
        if isinstance(span, Span):
            if token.type in {"math_inline", "tag"}:
                self._add(span.start, span.end, is_prose=False)
            self._cursor = max(self._cursor, span.end)
        elif token.type == "code_inline":
            self._code(token)
        elif token.type == "html_inline":
            self._pass(token.content)
            self._html(token.content)
        elif token.type == _FOOTNOTE:
            self._pass(f"[^{token.meta.get('label', '')}]")
        elif token.content:
            self._pass(token.content)

    def _code(self, token: Token) -> None:
        """Take code with its backticks, by which it is told from other words; none that is written otherwise."""
        start = self._find(token.markup)
        self._pass(token.markup)
        inside = self._cursor
        is_here = self._pass(token.content) and self._cursor - len(token.content) - inside <= 1
        self._pass(token.markup)
        if is_here and start >= 0:
            self._add(start, self._cursor, is_prose=False)

    def _html(self, content: str) -> None:
        """Mute what stands between the tags of an element: it is its author's HTML."""
        tag = _TAG.match(content)
        if tag and tag[1]:
            self._muted = max(self._muted - 1, 0)
        elif tag and not tag[3] and tag[2].lower() not in _VOID:
            self._muted += 1

    def _pass(self, content: str) -> bool:
        found = self._find(content)
        if found >= 0:
            self._cursor = found + len(content)
        return found >= 0

    def _find(self, content: str) -> int:
        """Return where ``content`` stands next, which is not far; -1 if it is written otherwise."""
        end = min(self._end, self._cursor + len(content) + _FAR)
        return self.source.find(content, self._cursor, end)

    def _text(self, content: str) -> None:
        found = self._find(content)
        if found >= 0:
            self._cursor = end = found + len(content)
            if content:
                self._runs.extend((found << 1 | self._is_first, end << 1 | (not self._muted)))
                self._is_first = False
            return
        for start, end in _aligned(content, self.source, self._cursor, self._end):
            self._add(start, end, is_prose=not self._muted)
            self._cursor = end

    def _add(self, start: int, end: int, *, is_prose: bool) -> None:
        if start < end:
            self._runs.extend((start << 1 | self._is_first, end << 1 | is_prose))
            self._is_first = False


def _aligned(content: str, source: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """Return the stretches of ``source`` that ``content`` was made from by taking escapes and comments out."""
    first = re.compile(rf"{re.escape(content[:1])}|[\\&%]")
    for match in itertools.islice(first.finditer(source, start, end), _MOST_TRIES):
        found = list(_pieces(content, source, match.start(), end))
        if found and found[-1] is not None:
            return [each for each in found if each is not None]
    return ()


def _pieces(content: str, source: str, cursor: int, end: int) -> Iterator[tuple[int, int] | None]:
    """Yield the stretches of ``content`` from ``cursor``; None last if it does not stand there."""
    at = 0
    while at < len(content):
        special = _SPECIAL.search(source, cursor, end)
        stop = special.start() if special else end
        length = min(stop - cursor, len(content) - at)
        if source[cursor : cursor + length] != content[at : at + length]:
            break
        if length:
            yield cursor, cursor + length
            cursor, at = cursor + length, at + length
        elif special is None:
            break
        else:
            passed = _special(content, at, source, cursor, end)
            if passed is None:
                break
            if passed == (1, 1):
                yield cursor, cursor + 1
            cursor, at = cursor + passed[0], at + passed[1]
    else:
        return
    yield None


def _special(content: str, at: int, source: str, cursor: int, end: int) -> tuple[int, int] | None:
    """Return how far an escape, entity or comment, or the sign alone, reaches in the source and in the content."""
    if _ESCAPED.match(source, cursor, end) and content.startswith(source[cursor + 1], at):
        return 2, 1
    entity = _ENTITY.match(source, cursor, end)
    if entity and content.startswith(shown := html.unescape(entity[0]), at):
        return len(entity[0]), len(shown)
    if content.startswith(source[cursor], at):
        return 1, 1
    closing = source.find("%%", cursor + 2) if source.startswith("%%", cursor) else -1
    return (closing + 2 - cursor, 0) if closing >= 0 else None
