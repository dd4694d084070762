r"""From an offset in a leaf's text to the offset in the note's source.

A block token knows its lines, an inline rule its offset in the leaf's content; each line of that content is the
source line less its container's prefix and less what was taken out of it (comments, the backslash of ``\\|`` in
a table). This core rule runs last and gives every inline token that carries a span its place in the source, and
every problem an inline rule left on a token its way to whoever asked.
"""

from __future__ import annotations

import bisect
import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from seedbed.dialect.comments import FILLER, Kept, without_comments
from seedbed.dialect.problems import report
from seedbed.text import Lines, Span

_CELLS = frozenset({"th", "td"})
_CELL_PIECES = re.compile(r"[^|]+|\|")


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch that a leaf's text and the source have in common."""

    start: int
    """Its offset in the text."""
    source: int
    length: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class _Filled:
    """A leaf's text as it stood with filler in the place of its comments."""

    text: str
    kept: tuple[Kept, ...]
    rest: str
    """The text without comments, before anything else was taken from it."""


def drop_comments(state: StateCore) -> None:
    """Take comments out of the text of every leaf, remembering the text as it stood."""
    if FILLER not in state.env.get("source", state.src):
        return
    for token in state.tokens:
        if token.type == "inline" and FILLER in token.content:
            text = token.content
            token.content, kept = without_comments(text)
            token.meta["filled"] = _Filled(text, kept, token.content)
        elif token.type in {"html_block", "math_block", "fence", "code_block"}:
            token.content = token.content.replace(FILLER, "")


@dataclass(slots=True)
class _Row:
    """One row of a table, in whose line each cell's text stands behind that of the cell before."""

    line: int
    cursor: int
    """Offset in the source behind the last cell that was looked for."""
    end: int
    passed: list[str] = field(default_factory=list)
    """The texts of the cells since then."""

    def places(self, text: str, source: str, *, is_wanted: bool) -> list[_Place]:
        """Return the places of the text of the next cell, if they ``is_wanted``; most cells need none."""
        self.passed.append(text)
        found: list[_Place] = []
        if is_wanted:
            for cell in self.passed:
                found = list(_places_in_cell(cell, source, self.cursor, self.end))
                self.cursor = found[-1].source + found[-1].length if found else self.cursor
            self.passed.clear()
        return found


def place_spans(state: StateCore) -> None:
    """Turn every ``meta["span"]`` from offsets in a leaf to a ``Span`` of the source; report problems there."""
    source: str = state.env.get("source", state.src)
    lines = Lines(source)
    row = _Row(-1, 0, 0)
    for index, token in enumerate(state.tokens):
        if token.type != "inline" or not token.map:
            continue
        filled: _Filled | None = token.meta.pop("filled", None)
        text = filled.text if filled else token.content
        # What the text of an image holds has no span: it is words.
        spans = [child for child in token.children or () if "span" in child.meta]
        if state.tokens[index - 1].tag in _CELLS:
            line = token.map[0]
            if line != row.line:
                row = _Row(line, lines.start(line), _end(line, lines, source))
            places = row.places(text, source, is_wanted=bool(spans))
        elif spans:
            places = list(_places_in_leaf(text, source, lines, token.map))
        else:
            continue
        if filled:
            places = _without_comments(filled, token.content, places)
        for child in spans:
            _place(child, places, state)


def _places_in_leaf(
    text: str, source: str, lines: Lines, numbers: Sequence[int]
) -> Iterator[_Place]:
    """Yield the places of a leaf on the lines ``numbers``: each of its own lines ends one of the source, in order."""
    start, number = 0, numbers[0]
    for line in text.split("\n"):
        written = "" if FILLER in line and not line.strip(FILLER + " \t") else line.strip()
        found = -1
        while written and found < 0 and number < max(numbers[1], numbers[0] + 1):
            found = source.rfind(written, lines.start(number), _end(number, lines, source))
            number += 1
        if found >= 0:
            yield _Place(start + line.index(written), found, len(written))
        start += len(line) + 1


def _places_in_cell(text: str, source: str, cursor: int, end: int) -> Iterator[_Place]:
    r"""Yield the places of a cell's text, which stands after ``cursor`` with a backslash before each bar."""
    for piece in _CELL_PIECES.finditer(text):
        found = source.find(piece[0], cursor, end)
        if found >= 0:
            yield _Place(piece.start(), found, len(piece[0]))
            cursor = found + len(piece[0])


def _without_comments(filled: _Filled, content: str, places: list[_Place]) -> list[_Place]:
    """Return the places of a leaf's ``content`` from those its text had when its comments were filled."""
    cut = max(filled.rest.find(content), 0)
    found = []
    index = 0
    for piece in filled.kept:
        end = piece.before + piece.length
        while index < len(places) and places[index].start < end:
            place = places[index]
            start, stop = max(piece.before, place.start), min(end, place.end)
            if start < stop:
                moved = piece.after + start - piece.before - cut
                found.append(_Place(moved, place.source + start - place.start, stop - start))
            if place.end > end:
                break
            index += 1
    return found


def _place(token: Token, places: list[_Place], state: StateCore) -> None:
    start, end = token.meta["span"]
    span = Span(_locate(places, start), _locate(places, end - 1) + 1)
    token.meta["span"] = span
    if "ref" in token.meta:
        token.meta["ref"] = token.meta["ref"].at(span)
    if "problem" in token.meta:
        code, message = token.meta.pop("problem")
        report(state.env, code, message, span.start)


def _locate(places: list[_Place], offset: int) -> int:
    index = bisect.bisect_right(places, offset, key=operator.attrgetter("start")) - 1
    if index < 0:
        return places[0].source if places else 0
    return places[index].source + offset - places[index].start


def _end(line: int, lines: Lines, source: str) -> int:
    """Return the offset at which ``line`` ends."""
    end = source.find("\n", lines.start(line))
    return len(source) if end < 0 else end
