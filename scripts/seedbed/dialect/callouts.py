"""Callouts: a quote whose first line begins ``[!type]``.

The title is a leaf of its own, so that any block may follow it at once (OF-171). A block rule takes the first
line inside a quote as the title and marks the quote; the rest of the quote is parsed as any quote is. Rules
OF-160 to OF-179.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markdown_it.rules_block import StateBlock

from seedbed.dialect.comment_marks import CommentFinder
from seedbed.dialect.comments import FILLER, Leaf, fill_comments

Fold = Literal["open", "closed"] | None

_MARK = re.compile(
    r"\[!(?P<type>[^\[\]|\\\s][^\[\]|\\]*?)[ \t]*(?:\|(?P<metadata>[^\[\]\\]*))?\](?P<fold>[+-]?)(?P<gap>[ \t]+|$)"
)


@dataclass(frozen=True, slots=True)
class Callout:
    """The mark of a callout."""

    type: str
    """As written, without regard to case: lower case."""
    fold: Fold
    """How a foldable callout begins; None when it cannot be folded."""
    metadata: str | None
    """What stood behind a bar in the mark."""


def callout_title(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take the first line of a quote as a callout's title."""
    if (
        silent
        or not state.tokens
        or state.tokens[-1].type != "blockquote_open"
        or state.is_code_block(start_line)
    ):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    quote = state.tokens[-1]
    if not state.src.startswith("[!", start) or quote.map is None or quote.map[0] != start_line:
        return False
    fill_comments(state, Leaf(start_line, end_line), CommentFinder(state.src, start))
    line = state.src[start : state.eMarks[start_line]]
    mark = _MARK.match(line)
    kind = mark["type"].replace(FILLER, "").strip().lower() if mark else ""
    if mark is None or not kind:
        return False
    fold: dict[str, Fold] = {"+": "open", "-": "closed"}
    metadata = mark["metadata"].replace(FILLER, "").strip() if mark["metadata"] else None
    quote.meta["callout"] = Callout(kind, fold.get(mark["fold"]), metadata)
    state.push("callout_title_open", "p", 1).map = [start_line, start_line + 1]
    title = state.push("inline", "", 0)
    title.content = line[mark.end() :].strip()
    title.map = [start_line, start_line + 1]
    title.children = []
    state.push("callout_title_close", "p", -1)
    state.line = start_line + 1
    if state.line < end_line and state.sCount[state.line] < 0:
        # A lazy line under the title belongs to the body as it would under a paragraph (OF-170).
        state.sCount[state.line] = state.blkIndent
    return True
