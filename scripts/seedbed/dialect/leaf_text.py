"""From the text of each leaf to its inline tokens.

Does what the parser's own core rules ``inline`` and ``text_join`` do together, but not more than a leaf needs: most
texts hold nothing that could be anything but text, and only some an escape or an entity.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from seedbed.dialect.first_characters import is_only_text

_TEXTS = frozenset({"text", "text_special"})


def inlines(state: StateCore) -> None:
    """Parse the text of every leaf."""
    parse = state.md.inline.parse
    for token in state.tokens:
        if token.type != "inline":
            continue
        content = token.content
        if is_only_text(content):
            token.children = [Token("text", "", 0, content=content)] if content else []
            continue
        children = parse(content, state.md, state.env, [])
        token.children = _joined(children) if "\\" in content or "&" in content else children


def _joined(tokens: Iterable[Token]) -> list[Token]:
    """Return ``tokens`` with escapes and entities as part of the text they stand in, in images as well."""
    joined: list[Token] = []
    for are_text, run in itertools.groupby(tokens, _is_text):
        if are_text:
            joined.append(_one_text(run))
        else:
            joined.extend(_with_joined_label(token) for token in run)
    return joined


def _is_text(token: Token) -> bool:
    return token.type in _TEXTS


def _one_text(run: Iterator[Token]) -> Token:
    """Return the first of a run of texts, with the content of all."""
    token = next(run)
    token.type = "text"
    token.content = "".join((token.content, *(following.content for following in run)))
    return token


def _with_joined_label(token: Token) -> Token:
    if token.children:
        token.children = _joined(token.children)
    return token
