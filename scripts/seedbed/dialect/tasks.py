"""Task items: a list item whose text begins ``[ ]``, ``[x]`` or another single character. Rules OF-245 to OF-251.

A character is what people take for one: an emoji may be several of Unicode's, joined.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_core import StateCore

_TASK = re.compile(r"\[(?P<state>[^\[\]\n]{1,32})\](?:[ \t]+|\n|(?P<end>\Z))")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAG_CHARACTERS = range(0xE0020, 0xE0080)
"""Spell the region of a flag."""
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
"""Two of them are a flag."""


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
            if match and _is_task(match, state, had_comment="filled" in leaf.meta):
                token.meta["task"] = match["state"]
                lists[-1].meta["tasks"] = True
                leaf.content = leaf.content[match.end() :]


def _is_task(box: re.Match[str], state: StateCore, *, had_comment: bool) -> bool:
    """Whether ``box`` is a checkbox. With nothing behind it, any but the usual states may be something else."""
    if not _is_one_character(box["state"]):
        return False
    if box["end"] is None or had_comment or box["state"] == " ":
        return True
    is_link = normalizeReference(box["state"]) in state.env.get("references", ())
    return box["state"] in "xX" and not is_link


def _is_one_character(text: str) -> bool:
    first, *further = list(unicodedata.normalize("NFC", text))
    if ord(first) in _REGIONAL_INDICATORS and len(further) == 1:
        return ord(further[0]) in _REGIONAL_INDICATORS
    return all(
        _extends(character) or before == _JOINER
        for before, character in itertools.pairwise((first, *further))
    )


def _extends(character: str) -> bool:
    """Whether ``character`` belongs to the one before it."""
    return (
        character == _JOINER
        or unicodedata.category(character).startswith("M")
        or ord(character) in _SKIN_TONES
        or ord(character) in _TAG_CHARACTERS
    )
