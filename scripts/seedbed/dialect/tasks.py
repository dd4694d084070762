"""Task items: a list item whose text begins ``[ ]``, ``[x]`` or another single character. Rules OF-245 to OF-251."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore

_TASK = re.compile(r"\[([^\[\]\n])\](?:[ \t]+|\n)|\[( )\]\Z")


def tasks(state: StateCore) -> None:
    """Move each checkbox from the text of its item to the item, as ``meta["task"]``; mark the list."""
    lists = []
    for index, token in enumerate(state.tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open" and state.tokens[index + 1].type == "paragraph_open":
            leaf = state.tokens[index + 2]
            match = _TASK.match(leaf.content)
            if match:
                token.meta["task"] = match[1] or match[2]
                lists[-1].meta["tasks"] = True
                leaf.content = leaf.content[match.end() :]
