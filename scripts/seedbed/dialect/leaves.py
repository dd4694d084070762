"""Where a leaf block ends: what a rule must know that looks ahead before any leaf is parsed."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

_CODE_INDENT = 4
_UNDERLINE = re.compile(r"=+[ \t]*$", re.MULTILINE)
"""Makes a heading of the lines above it; one of hyphens is a rule as well, and so is met with below."""


def last_leaf_line(state: StateBlock, start_line: int, end_line: int, chain: str) -> int:
    """Return the last line of the leaf that would begin at ``start_line``, which the rules of ``chain`` may end."""
    terminators = state.md.block.ruler.getRules(chain)
    old_parent, state.parentType = state.parentType, "paragraph"
    line = start_line + 1
    while line < end_line and not state.isEmpty(line):
        if 0 <= state.sCount[line] - state.blkIndent < _CODE_INDENT:
            if any(rule(state, line, end_line, True) for rule in terminators):
                break
            text = state.bMarks[line] + state.tShift[line]
            if chain == "paragraph" and _UNDERLINE.match(state.src, text):
                line += 1
                break
        line += 1
    state.parentType = old_parent
    return line - 1
