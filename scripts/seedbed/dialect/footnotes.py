"""Footnotes: ``[^id]`` with ``[^id]: text``, and ``^[inline]``. Rules OF-235 to OF-243.

Definitions stay where they were written, as tokens; the article numbers them by order of reference, so that an
embedded note brings its own along.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from seedbed.dialect.leaves import last_leaf_line

KEY = "footnotes"
_DEFINITION = re.compile(r"\[\^([^\s\[\]]+)\]:[ \t]*")
_REFERENCE = re.compile(r"\[\^([^\s\[\]]+)\]")
_LEAST_INDENT = 2
_USUAL_INDENT = 4


def footnote_definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``[^id]:`` at a line's start, with its text and the indented blocks under it."""
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _DEFINITION.match(state.src, start, state.eMarks[start_line])
    if match is None:
        return False
    if silent:
        return True
    has_text = match.end() < state.eMarks[start_line]
    last = last_leaf_line(state, start_line, end_line, "paragraph") if has_text else start_line
    indent = _indent(state, last + 1, end_line)
    state.env.setdefault(KEY, set()).add(label(match[1]))
    opening = state.push("footnote_open", "", 1)
    opening.meta["label"] = label(match[1])
    saved = (
        state.bMarks[start_line],
        state.tShift[start_line],
        state.sCount[start_line],
        state.blkIndent,
        state.parentType,
    )
    state.bMarks[start_line] = match.end()
    state.tShift[start_line] = 0
    state.blkIndent += indent
    state.sCount[start_line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start_line, end_line)
    (
        state.bMarks[start_line],
        state.tShift[start_line],
        state.sCount[start_line],
        state.blkIndent,
        state.parentType,
    ) = saved
    if state.line <= start_line:  # nothing follows the mark on its line
        state.line = start_line + 1
    opening.map = [start_line, state.line]
    state.push("footnote_close", "", -1)
    return True


def _indent(state: StateBlock, start_line: int, end_line: int) -> int:
    """Return by how much the blocks under a definition are indented, the lines of its first paragraph apart.

    That is four blanks, or two or three if some block has no more (OF-236).
    """
    indent = _USUAL_INDENT
    for line in range(start_line, end_line):
        if state.isEmpty(line):
            continue
        found = state.sCount[line] - state.blkIndent
        if found < _LEAST_INDENT:
            break
        indent = min(indent, found)
    return indent


def footnote_reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``[^id]`` if some definition has that id; otherwise it is text."""
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None or label(match[1]) not in state.env.get(KEY, ()):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta["label"] = label(match[1])
    state.pos = match.end()
    return True


def footnote_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``^[text]``, whose text may hold markup, links and balanced brackets; without text it is none."""
    start = state.pos
    if not state.src.startswith("^[", start):
        return False
    end = state.md.helpers.parseLinkLabel(state, start + 1)
    if end < 0 or not state.src[start + 2 : end].strip():
        return False
    if not silent:
        state.push("footnote_inline_open", "", 1)
        old_end, state.pos, state.posMax = state.posMax, start + 2, end
        state.md.inline.tokenize(state)
        state.posMax = old_end
        state.push("footnote_inline_close", "", -1)
    state.pos = end + 1
    return True


def label(written: str) -> str:
    """Return the key under which a reference finds its definition."""
    return written.casefold()
