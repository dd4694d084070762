"""HTML among comments: blocks that hold ``%%comments%%``, and HTML's own comments within a line.

HTML is none of Markdown's business (OF-324), but what an author hides is hidden there as well: a block's comments are
overwritten like those of any leaf, before anything reads the block.
"""

from __future__ import annotations

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import html_block as stock_html_block
from markdown_it.rules_inline import StateInline

from seedbed.dialect.comment_marks import MARK, CommentFinder
from seedbed.dialect.comments import Leaf, fill_comments


def html_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take a block of HTML as CommonMark does, its comments overwritten; those may make it longer."""
    if silent:
        return stock_html_block(state, start_line, end_line, True)
    done = start_line
    while stock_html_block(state, start_line, end_line, False):
        start, end = state.bMarks[done], state.eMarks[state.line - 1]
        if state.line <= done or state.src.find(MARK, start, end) < 0:
            return True
        state.tokens.pop()
        finder = CommentFinder(state.src, start, in_html=True)
        fill_comments(state, Leaf(state.line - 1, end_line), finder)
        done = state.line
    return False


def html_comment(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take an HTML comment as CommonMark 0.31 defines it: up to the first ``-->``, which may overlap its beginning."""
    start = state.pos
    if not state.src.startswith("<!--", start) or state.html_terminator_last("-->") < start:
        return False
    closing = state.src.find("-->", start + 2, state.posMax)
    if closing < 0:
        return False
    state.pos = closing + 3
    if not silent:
        state.push("html_inline", "", 0).content = state.src[start : state.pos]
    return True
