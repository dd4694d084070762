"""``%%comments%%``: inline, over several blocks, and unclosed.

A comment may begin in one paragraph and end in another, swallowing fences and lists on its way, yet ``%%`` in
code is code. Only the block parser knows, line by line, what is code; so this is a block rule that stands after
code, fences, containers and HTML: when a leaf block is about to begin, it overwrites the comments that open in it
with ``FILLER`` characters. The source keeps its length, so no offset moves, and no later rule can see a byte of a
comment. Lines that a comment covers continue the leaf it opens in, since what stands around a comment is joined.
Rules OF-180 to OF-188 of the dialect, and the privacy rule: nothing of a comment reaches any output.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock, heading, table

from seedbed.diagnostics import Code
from seedbed.dialect.comment_marks import MARK, CommentFinder
from seedbed.dialect.leaves import last_leaf_line
from seedbed.dialect.math import math_block
from seedbed.dialect.problems import report

FILLER = "\ufdd0"
"""Stands for one character of a comment: a Unicode noncharacter, which no note can hold after reading."""

_BLANKS = " \t\n"
_RUN = rf"{FILLER}+(?:\n[ \t]*{FILLER}+)*"
_FILLED = re.compile(rf"^[ \t]*{_RUN}[ \t]*(?:\n|\Z)|{_RUN}", re.MULTILINE)
_NEXT = "next_comment"
# Four percent signs or more alone on a line begin a comment that the next such line ends.
_FENCE = re.compile(r"%{4,}[ \t]*$", re.MULTILINE)
_CLOSING_FENCE = re.compile(r"^[ \t>]*%{4,}(?=[ \t]*$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stretch of a leaf's text that is no comment."""

    after: int
    """Its offset without the comments; less than nothing if blanks that went with them begin it."""
    before: int
    """Its offset among the comments."""
    length: int


@dataclass(slots=True)
class Leaf:
    """The lines in which comments are looked for, and what may add to them."""

    last: int
    end: int
    """The line at which the container ends."""
    chain: str | None = None
    """The rules that end the leaf below a comment that ends in it; None if it ends with its last line."""


def comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Overwrite the comments that open in the leaf block at ``start_line``; consume lines they fill."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if silent:
        return False
    if _next_mark(state, start) >= 0 and not math_block(state, start_line, end_line, True):
        is_table = table(state, start_line, end_line, True)
        _fill_leaf(state, start_line, end_line, is_table=is_table)
        if not is_table and table(state, start_line, end_line, True):  # without its comments
            _fill_leaf(state, start_line, end_line, is_table=True)
    return state.src.startswith(FILLER, start) and _consume(state, start_line, end_line)


def _fill_leaf(state: StateBlock, start_line: int, end_line: int, *, is_table: bool) -> None:
    start = state.bMarks[start_line] + state.tShift[start_line]
    leaf = Leaf(start_line, end_line)
    if not heading(state, start_line, end_line, True):
        leaf.chain = "blockquote" if is_table else "paragraph"
        leaf.last = last_leaf_line(state, start_line, end_line, leaf.chain)
    fill_comments(state, leaf, CommentFinder(state.src, start, in_cells=is_table))


def fill_comments(state: StateBlock, leaf: Leaf, finder: CommentFinder) -> None:
    """Overwrite the comments that the finder meets in ``leaf``, wherever they end."""
    source = state.src
    parts: list[str] = []
    begin = done = 0
    while (opened := finder.opening(state.eMarks[leaf.last])) is not None:
        end = _end(state, opened)
        if end is None:
            break
        if not parts:
            begin = done = opened
        line = bisect.bisect_right(state.eMarks, opened)
        filled = _filled_lines(state, line, leaf.end, opened, end)
        parts += (source[done:opened], "\n".join(filled))
        done = end
        finder.resume(end)
        line += len(filled) - 1
        if leaf.chain is not None and leaf.last < line < leaf.end:
            leaf.last = last_leaf_line(state, line, leaf.end, leaf.chain)
    if parts:  # once a leaf: each time copies the whole source
        state.src = state.env["source"] = source[:begin] + "".join(parts) + source[done:]


def without_comments(content: str) -> tuple[str, tuple[Kept, ...]]:
    """Return a leaf's text without filled characters, and what of it that is.

    Lines that held nothing else go whole; so do blanks at both ends.
    """
    kept: list[Kept] = []
    length = position = 0
    removed = [match.span() for match in _FILLED.finditer(content)]
    for start, end in (*removed, (len(content), len(content))):
        if start > position:
            kept.append(Kept(length, position, start - position))
            length += start - position
        position = end
    text = "".join(content[piece.before : piece.before + piece.length] for piece in kept)
    stripped = text.lstrip(_BLANKS)
    blanks = len(text) - len(stripped)
    return stripped.rstrip(_BLANKS), tuple(
        Kept(piece.after - blanks, piece.before, piece.length) for piece in kept
    )


def _next_mark(state: StateBlock, start: int) -> int:
    """Return where the next ``%%`` stands, or -1, looking at no part of the source twice."""
    known: int | None = state.env.get(_NEXT)
    if known is None or 0 <= known < start:
        known = state.env[_NEXT] = state.src.find(MARK, start)
    return known


def _end(state: StateBlock, opened: int) -> int | None:
    """Return where the comment ends that opens at ``opened``; None if it is none, for want of a partner."""
    source = state.src
    fence = _FENCE.match(source, opened)
    if fence is not None and _begins_line(source, opened):
        closing = _CLOSING_FENCE.search(source, fence.end())
        if closing is not None:
            return closing.end()
    found = source.find(MARK, opened + len(MARK))
    if found >= 0:
        return found + len(MARK)
    if not _begins_line(source, opened):
        return None
    message = "this %% has no partner, so the rest of the note is hidden"
    report(state.env, Code.COMMENT_UNCLOSED, message, opened)
    return len(source)


def _begins_line(source: str, offset: int) -> bool:
    line_start = source.rfind("\n", 0, offset) + 1
    return not re.sub(r"(?:[>\s]|[-*+]\s|\d{1,9}[.)]\s)+", "", source[line_start:offset])


def _filled_lines(state: StateBlock, line: int, end_line: int, start: int, end: int) -> list[str]:
    """Return filler for the comment from ``start`` to ``end``, line by line; make its lines continue the leaf.

    Lines behind ``end_line`` belong to other containers: they keep as many marks of quotes as the comment lies in.
    """
    first, *further = state.src[start:end].split("\n")
    quotes = state.src.count(">", _line_start(state, line), state.bMarks[line])
    marks = re.compile(rf"(?:[ \t]*>[ \t]?){{0,{quotes}}}")
    filled = [FILLER * len(first)]
    for text in further:
        line += 1
        kept = ""
        if line < end_line:
            _continue_leaf(state, line)
        elif (prefix := marks.match(text)) is not None:
            kept = prefix[0]
        filled.append(kept + FILLER * (len(text) - len(kept)))
    return filled


def _line_start(state: StateBlock, line: int) -> int:
    return state.src.rfind("\n", 0, state.bMarks[line]) + 1


def _continue_leaf(state: StateBlock, line: int) -> None:
    """Have ``line`` begin with its filler, as deep as its container wants it.

    An empty line has none and would end the leaf: it stands for the last character of the line before.
    """
    if state.bMarks[line] == state.eMarks[line]:
        state.eMarks[line] = state.eMarks[line - 1]
        state.bMarks[line] = state.eMarks[line] - 1
    state.tShift[line] = 0
    state.sCount[line] = state.blkIndent


def _consume(state: StateBlock, start_line: int, end_line: int) -> bool:
    """Advance over the lines at the leaf's start that hold nothing but filler."""
    line = start_line
    while line < end_line and state.sCount[line] >= state.blkIndent:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if not text or text.strip(FILLER + " \t"):
            break
        line += 1
    if line == start_line:
        return False
    state.line = line
    return True
