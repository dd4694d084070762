"""``$inline$`` and ``$$display$$`` formulas. Rules OF-220 to OF-229.

The content is handed on untouched. An opening ``$`` has no white space behind it, a closing one none before it
and no digit after it, so that amounts of money are text.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from seedbed.diagnostics import Code

_DOLLAR = re.compile(r"\\.|(\$)", re.DOTALL)
_DISPLAY = re.compile(r"\\.|(\$\$)", re.DOTALL)
_UNCLOSED = "display math has no closing $$, so it is shown as text"
_BLOCK_ID = re.compile(r"[ \t]*(?:\^([A-Za-z0-9-]+))?[ \t]*$")


def math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``$$`` at a line's start up to the next ``$$``, if nothing but a block id follows that."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("$$", start) or state.is_code_block(start_line):
        return False
    # A formula that is not indented as its list is ends the list, as a fence does.
    indent = min(state.blkIndent, state.sCount[start_line])
    content: list[str] = []
    line, begin = start_line, start + 2
    while True:
        text = state.src[begin : state.eMarks[line]]
        closing = _search(_DISPLAY, text, 0, len(text))
        if closing is not None:
            content.append(text[:closing])
            break
        content.append(text)
        line += 1
        if line >= end_line or (state.sCount[line] < indent and not state.isEmpty(line)):
            return False
        begin = state.bMarks[line] + state.tShift[line]
    tail = _BLOCK_ID.fullmatch(text, closing + 2)
    source = "\n".join(content)
    if tail is None or not source.strip():
        return False
    if silent:
        return True
    token = state.push("math_block", "math", 0)
    token.content = source
    token.map = [start_line, line + 1]
    token.meta["offset"] = start + 2
    if tail[1]:
        token.meta["block_id"] = tail[1]
    state.line = line + 1
    return True


def math_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``$$…$$`` within a leaf as display math, ``$…$`` as inline math."""
    start = state.pos
    if state.src[start] != "$":
        return False
    display = state.src.startswith("$$", start, state.posMax)
    end = formula_end(state.src, start, state.posMax)
    if end is None:
        return display and _lone(state, silent=silent)
    if not silent:
        width = 2 if display else 1
        token = state.push("math_inline", "math", 0)
        token.content = state.src[start + width : end - width]
        token.meta["display"] = display
        token.meta["span"] = (start, end)
    state.pos = end
    return True


def formula_end(text: str, start: int, end: int) -> int | None:
    """Return where the formula ends that opens with the dollar at ``start``; None if none does before ``end``."""
    display = text.startswith("$$", start, end)
    width = 2 if display else 1
    closing = _search(_DISPLAY if display else _DOLLAR, text, start + width, end)
    if closing is None or not _is_formula(text, start, closing, display=display):
        return None
    return closing + width


def _search(closing: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    for match in closing.finditer(text, start, end):
        if match[1]:
            return match.start()
    return None


def _is_formula(text: str, start: int, closing: int, *, display: bool) -> bool:
    if display:
        return bool(text[start + 2 : closing].strip())
    after = text[closing + 1 : closing + 2]
    inner = text[start + 1 : closing]
    return bool(inner) and not (inner[0].isspace() or inner[-1].isspace() or after.isdigit())


def _lone(state: StateInline, *, silent: bool) -> bool:
    """Take ``$$`` that opens no formula as text, so that its second dollar opens nothing."""
    if not silent:
        if _search(_DISPLAY, state.src, state.pos + 2, state.posMax) is None:
            # Said by an empty token, since texts are joined and cut.
            token = state.push("problem", "", 0)
            token.meta["span"] = (state.pos, state.pos + 2)
            token.meta["problem"] = (Code.MATH_UNCLOSED, _UNCLOSED)
        state.pending += "$$"
    state.pos += 2
    return True
