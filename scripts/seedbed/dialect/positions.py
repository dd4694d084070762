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
from collections.abc import Iterator
from dataclasses import replace

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from seedbed.dialect.comments import FILLER, without_comments
from seedbed.dialect.problems import report
from seedbed.text import Lines, Span

_PIECES = re.compile(rf"[^|\n{FILLER}]+|\|")


def drop_comments(state: StateCore) -> None:
    """Take comments out of the text of every leaf, remembering the text as it stood; drop emptied paragraphs."""
    emptied: set[int] = set()
    for index, token in enumerate(state.tokens):
        if token.type == "inline" and FILLER in token.content:
            token.meta["filled"] = token.content
            token.content = without_comments(token.content).strip(" \t\n")
            if not token.content and state.tokens[index - 1].type == "paragraph_open":
                emptied.update((index - 1, index, index + 1))
        elif token.type in {"html_block", "math_block", "fence", "code_block"}:
            token.content = token.content.replace(FILLER, "")
    if emptied:
        state.tokens = [token for index, token in enumerate(state.tokens) if index not in emptied]


def place_spans(state: StateCore) -> None:
    """Turn every ``meta["span"]`` from offsets in a leaf to a ``Span`` of the source; report problems there."""
    source: str = state.env.get("source", state.src)
    lines = Lines(source)
    line, cursor = -1, 0
    for index, token in enumerate(state.tokens):
        if token.type != "inline" or not token.map:
            continue
        in_cell = state.tokens[index - 1].tag in {"th", "td"}
        spans = [child for child in _all(token.children or ()) if "span" in child.meta]
        if not spans and not in_cell:
            continue
        if token.map[0] != line:
            line, cursor = token.map[0], lines.start(token.map[0])
        places = _places(
            token, source, lines, cursor if in_cell else _leaf_start(token, source, lines)
        )
        if places and in_cell:
            cursor = places[-1][1] + places[-1][2]
        for child in spans:
            _place(child, places, state)


def _leaf_start(token: Token, source: str, lines: Lines) -> int:
    """Return where the leaf's first line begins in the source: behind its containers' marks."""
    start = lines.start(token.map[0] if token.map else 0)
    end = source.find("\n", start)
    first = token.content.partition("\n")[0].rstrip()
    found = source.rfind(first, start, len(source) if end < 0 else end)
    return start if found < 0 else found


def _place(token: Token, places: list[tuple[int, int, int]], state: StateCore) -> None:
    start, end = token.meta["span"]
    span = Span(_locate(places, start), _locate(places, end - 1) + 1)
    token.meta["span"] = span
    if "ref" in token.meta:
        token.meta["ref"] = replace(token.meta["ref"], span=span)
    if "problem" in token.meta:
        code, message = token.meta.pop("problem")
        report(state.env, code, message, span.start)


def _all(tokens: list[Token] | tuple[()]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.children:
            yield from _all(token.children)


def _locate(places: list[tuple[int, int, int]], offset: int) -> int:
    index = bisect.bisect_right(places, offset, key=operator.itemgetter(0)) - 1
    if index < 0:
        return places[0][1] if places else 0
    content_start, source_start, _ = places[index]
    return source_start + offset - content_start


def _places(token: Token, source: str, lines: Lines, start: int) -> list[tuple[int, int, int]]:
    """Return ``(offset in content, offset in source, length)`` of each stretch the two have in common."""
    first, after = token.map or (0, 0)
    places: list[tuple[int, int, int]] = []
    end = lines.start(after)
    end = end if end > lines.start(first) else len(source)
    position = start
    for piece in _PIECES.finditer(token.content):
        found = source.find(piece[0], position, end)
        if found >= 0:
            places.append((piece.start(), found, len(piece[0])))
            position = found + len(piece[0])
    return places
