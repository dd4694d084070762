"""Marks in pairs around text: ``==highlights==``, ``~~strikes~~`` and ``~strikes~``. Rules OF-205 to OF-208.

They pair as emphasis does, each kind of mark with its own like: a lone tilde in a text that two tildes strike
stays what it is. A run of any other length is text. A highlight minds nothing but blanks on its inner sides, so that
it works beside any script's punctuation (OF-207).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class _Pair:
    """One kind of mark."""

    name: str
    """What its tokens are called, with ``_open`` and ``_close`` behind it."""
    tag: str
    marker: int
    """What tells its delimiters from all others; only the parser's own pairs use characters above zero."""


HIGHLIGHT = "=="
_PAIRS = {
    HIGHLIGHT: _Pair("mark", "mark", -1),
    "~~": _Pair("s", "del", -2),
    "~": _Pair("s", "del", -3),
}
_MOST_RECENT = 50
_BY_MARKER = {pair.marker: pair for pair in _PAIRS.values()}


def pair_mark(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Note a run of equals signs or tildes as a possible delimiter."""
    if silent or state.src[state.pos] not in "=~":
        return False
    scanned = state.scanDelims(state.pos, True)
    run = state.src[state.pos : state.pos + scanned.length]
    state.push("text", "", 0).content = run
    can_open, can_close = scanned.can_open, scanned.can_close
    if run == HIGHLIGHT:
        end = state.pos + len(run)
        can_open = end < state.posMax and not state.src[end].isspace()
        can_close = state.pos > 0 and not state.src[state.pos - 1].isspace()
    if run in _PAIRS:
        state.delimiters.append(
            Delimiter(
                marker=_PAIRS[run].marker,
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos += scanned.length
    return True


def is_in_highlight(state: StateInline) -> bool:
    """Whether a highlight may be open at the parser's position, as far as the last few marks can tell."""
    marker = _PAIRS[HIGHLIGHT].marker
    recent = state.delimiters[-_MOST_RECENT:]
    return sum(delimiter.marker == marker for delimiter in recent) % 2 == 1


def join_pairs(state: StateInline) -> None:
    """Turn delimiters that found their partner into tokens that open and close."""
    _join(state.tokens, state.delimiters)
    for meta in state.tokens_meta:
        if meta:
            _join(state.tokens, meta["delimiters"])


def _join(tokens: Sequence[Token], delimiters: Sequence[Delimiter]) -> None:
    for delimiter in delimiters:
        pair = _BY_MARKER.get(delimiter.marker)
        if pair is not None and delimiter.end != -1:
            _turn(tokens[delimiter.token], pair, 1)
            _turn(tokens[delimiters[delimiter.end].token], pair, -1)


def _turn(token: Token, pair: _Pair, nesting: int) -> None:
    token.type = f"{pair.name}_open" if nesting > 0 else f"{pair.name}_close"
    token.tag = pair.tag
    token.nesting = 1 if nesting > 0 else -1
    token.markup, token.content = token.content, ""
