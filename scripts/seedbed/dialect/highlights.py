"""``==highlights==``, as an emphasis-like pair of delimiters. Rules OF-205 to OF-207."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_WIDTH = 2


def highlight(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Note a run of two equals signs as a possible delimiter; longer runs are text."""
    if silent or state.src[state.pos] != "=":
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length < _WIDTH:
        return False
    state.push("text", "", 0).content = "=" * scanned.length
    if scanned.length == _WIDTH:
        state.delimiters.append(
            Delimiter(
                marker=ord("="),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos += scanned.length
    return True


def mark_highlights(state: StateInline) -> None:
    """Turn the paired delimiters into ``mark`` tokens."""
    levels = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)]
    for delimiters in levels:
        for delimiter in delimiters:
            if delimiter.marker == ord("=") and delimiter.end != -1:
                _mark(state, delimiter.token, 1)
                _mark(state, delimiters[delimiter.end].token, -1)


def _mark(state: StateInline, index: int, nesting: int) -> None:
    token = state.tokens[index]
    token.type = "mark_open" if nesting > 0 else "mark_close"
    token.tag = "mark"
    token.nesting = 1 if nesting > 0 else -1
    token.markup = "=="
    token.content = ""
