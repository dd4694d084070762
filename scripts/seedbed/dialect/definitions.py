"""Definitions of links, ``[label]: destination "title"``, among comments and callouts.

The library's rule wants nothing but a title behind a destination, and takes any label. Here a comment may stand
anywhere in a definition and leaves nothing there (OF-185), and the mark of a callout is no label (OF-174).
"""

from __future__ import annotations

from markdown_it.rules_block import StateBlock, reference

from seedbed.dialect.comments import FILLER
from seedbed.dialect.leaves import last_leaf_line


def definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take the definition at ``start_line``; in a note with comments, every one that its leaf begins with."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("[", start) or state.src.startswith("[!", start):
        return False
    if silent or "source" not in state.env:
        return reference(state, start_line, end_line, silent)
    if state.is_code_block(start_line):
        return False
    last = last_leaf_line(state, start_line, end_line, "reference")
    text = state.getLines(start_line, last + 1, state.blkIndent, False)
    leaf = StateBlock(text.replace(FILLER, ""), state.md, state.env, [])
    line = 0
    while line < leaf.lineMax and (
        leaf.isEmpty(line) or reference(leaf, line, leaf.lineMax, False)
    ):
        line = max(line + 1, leaf.line)
    state.line = start_line + line
    return line > 0
