"""How much work a text makes for Python-Markdown, guessed before it is done.

Python-Markdown looks from each opening bracket for the closing one, from each tag for its end, and from each heading
over the rest of its block, and it copies a paragraph for each mark in it. In what people write these are short ways;
where thousands are left open, the work grows with the square of the text, and a build must not wait for that. Adding
up the ways takes one look at the text.
"""

from __future__ import annotations

import re

from seedbed.mkdocs_dialect.places import outside_fences

MOST = 4_000_000
"""Characters looked over; about a second's work. A book's chapter stays below a tenth of it."""

_BLOCKS = re.compile(r"\n[ \t]*\n")
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_BLOCK_MARK = re.compile(r"^[ \t>]*(?:#|\[\^|\*\[|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
_LEAVES = re.compile(r"\n(?=[ \t]*(?:[-*+|#>!:]|\d+[.)]))")
_MARK = re.compile(r"[\[<`$*_~^=+:\\]")
_COPIED_IN_THE_TIME = 100
"""Characters copied in the time that one is looked over."""
_TAG = re.compile(r"<[A-Za-z/!?]")


def cost(text: str) -> int:
    """Return how many characters of ``text`` will be looked over in search of what closes something."""
    total = _tags(text)
    for start, end in outside_fences(text):
        for block in _BLOCKS.split(text[start:end]):
            total += _brackets(block) + _marks(block)
            total += sum(_copies(leaf) for leaf in _LEAVES.split(block))
    return total


def _brackets(block: str) -> int:
    total = 0
    opened: list[int] = []
    for match in _BRACKET.finditer(block):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            total += match.start() - opened.pop()
    return total + sum(len(block) - start for start in opened)


def _marks(block: str) -> int:
    """Return what of ``block`` follows each line that Python-Markdown takes out of it."""
    return sum(len(block) - match.end() for match in _BLOCK_MARK.finditer(block))


def _copies(leaf: str) -> int:
    """Return what it takes that Python-Markdown copies a paragraph for each mark in it, which is quickly done."""
    return len(_MARK.findall(leaf)) * len(leaf) // _COPIED_IN_THE_TIME


def _tags(text: str) -> int:
    total = 0
    end = -1
    for match in _TAG.finditer(text):
        if end < match.start():
            found = text.find(">", match.start())
            end = len(text) if found < 0 else found
        total += end - match.start()
    return total
