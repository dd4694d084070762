"""Block ids: ``^id`` at the end of a block, or alone under it. Rules OF-095 to OF-106.

A core rule between blocks and inlines: it takes the ids out of the text of leaves and puts them on the token
that opens the named block.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_AT_END = re.compile(r"(?:^|[ \t]+|\n[ \t]*)\^([A-Za-z0-9-]+)[ \t]*\Z")
_LEAVES = frozenset({"paragraph_open", "heading_open", "callout_title_open"})


def block_ids(state: StateCore) -> None:
    """Move every block id from its leaf's text to the block it names, as ``meta["block_id"]``."""
    tokens = state.tokens
    dropped: set[int] = set()
    items: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            items.append(token)
        elif token.type == "list_item_close":
            items.pop()
        if token.type not in _LEAVES or "^" not in (leaf := tokens[index + 1]).content:
            continue
        match = _AT_END.search(leaf.content)
        if match is None:
            continue
        alone = match.start() == 0
        if token.hidden and not alone:  # a paragraph of a tight list has no element of its own
            named: Token | None = items[-1]
        else:
            named = _named_block(tokens, index, alone=alone)
        if named is None or "block_id" in named.meta:
            continue
        named.meta["block_id"] = match[1]
        leaf.content = leaf.content[: match.start()]
        if not leaf.content and token.type == "paragraph_open":
            dropped.update((index, index + 1, index + 2))
    if dropped:
        state.tokens = [token for index, token in enumerate(tokens) if index not in dropped]


def _named_block(tokens: list[Token], leaf: int, *, alone: bool) -> Token | None:
    """Return the token that opens the block named by an id in the leaf at ``leaf``."""
    if tokens[leaf].type == "callout_title_open":
        return tokens[leaf - 1]
    if alone:
        before = leaf - 1
        if before < 0:
            return None
        if tokens[before].nesting == 0:
            return tokens[before] if tokens[before].type != "inline" else None
        return _opening(tokens, before) if tokens[before].nesting < 0 else _item(tokens[before])
    opened = tokens[leaf - 1] if leaf else None
    return _item(opened) or tokens[leaf]


def _item(token: Token | None) -> Token | None:
    return token if token is not None and token.type == "list_item_open" else None


def _opening(tokens: list[Token], close: int) -> Token | None:
    depth = 0
    for index in range(close, -1, -1):
        depth -= tokens[index].nesting
        if depth == 0:
            return tokens[index]
    return None
