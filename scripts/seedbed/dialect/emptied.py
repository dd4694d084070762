"""Blocks that hold nothing but comments go: paragraphs, indented code, rows of tables, quotes.

A comment's lines are lines of the block they stand in. A block that has no other line would be left as a ghost: an
empty paragraph, a bar beside nothing. What has a mark of its own, such as a list item or a heading, stays (OF-188).
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from seedbed.dialect.comments import FILLER


def drop_emptied(state: StateCore) -> None:
    """Drop every block whose text is filler alone."""
    source: str = state.env.get("source", "")
    if FILLER not in source:
        return
    lines = source.split("\n")
    kept: list[Token] = []
    opened: list[int] = []
    for token in state.tokens:
        if token.nesting > 0:
            opened.append(len(kept))
        if token.type != "code_block" or not _is_filler(token.content):
            kept.append(token)
        if token.nesting < 0 and _is_emptied(kept, start := opened.pop(), lines):
            del kept[start:]
    state.tokens = kept


def _is_emptied(tokens: Sequence[Token], start: int, lines: Sequence[str]) -> bool:
    """Whether the block from ``tokens[start]`` to their end holds comments and nothing else."""
    first = tokens[start]
    if first.type == "paragraph_open":
        return _is_filler(tokens[start + 1].content)
    if first.map is None:
        return False
    if first.type == "tr_open":
        return _is_filler(tokens[start + 2].content) and "|" not in lines[first.map[0]]
    if first.type in {"blockquote_open", "tbody_open"} and start == len(tokens) - 2:
        return any(FILLER in line for line in lines[first.map[0] : first.map[1]])
    return False


def _is_filler(text: str) -> bool:
    return FILLER in text and not text.strip(FILLER + " \t\n")
