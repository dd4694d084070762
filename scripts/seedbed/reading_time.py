"""How long a note takes to read: its tokens -> whole minutes.

Words are read at the pace of silent reading of English (Brysbaert 2019: 238 words a minute, here 230), Chinese and
Japanese by characters. A formula or a line of code takes longer than its length in words, a picture as long as a few
lines. Other notes embedded in it have times of their own and do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref

_WORDS = 230
"""A minute."""
_CHARACTERS = 400
"""A minute, in Chinese and Japanese."""
_SIGNS = 4
"""Characters of a formula or of code that take as long as a word."""
_PICTURE = 12 * _WORDS / 60
"""Words that take as long as a picture: twelve seconds."""
_FEWEST = 100
"""Words; who sees less knows how long it takes."""
_CHARACTER = re.compile(
    r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SET_OFF = re.compile(r"[\u3000-\u303f\uff00-\uff65]")
"""Punctuation between such characters."""
_MARKUP = re.compile(r"<[^<>]*>")
_NO_TEXT = re.compile(r"[$\[\]!<`]")
"""Where a leaf of text may hold something else; Python-Markdown's leaves do not say."""
_PICTURES = frozenset({"avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp", "canvas", "base"})
_TEXTS = frozenset({"text", "code_inline", "tag"})
_BREAKS = frozenset({"softbreak", "hardbreak"})
_DRAWINGS = frozenset({"figure", "mermaid"})


def minutes(tokens: Iterable[Token]) -> int | None:
    """Return how many minutes it takes to read ``tokens``, one at least; None for a text of a few lines."""
    text: list[str] = []
    weight = 0.0
    for token in tokens:
        children, content = token.children, token.content
        if children is None:
            if content:
                weight += _weight(token.type, content, token.info)
        elif content and not _NO_TEXT.search(content):
            text.append(content)
        else:
            weight += _read_leaf(children, text)
    weight += _words(" ".join(text))
    return None if weight < _FEWEST else max(1, int(weight / _WORDS + 0.5))


def _weight(kind: str, content: str, info: str) -> float:
    """Return how many words take as long as a block that holds ``content``."""
    if kind == "fence":
        return _PICTURE if _DRAWINGS.intersection(info.split()[:1]) else _signs(content)
    if kind == "html_block":
        return _words(_MARKUP.sub(" ", content))
    return _signs(content) if kind in {"math_block", "code_block"} else 0


def _read_leaf(children: Iterable[Token], text: list[str]) -> float:
    """Add to ``text`` what is text in a leaf, and return how many words take as long as the rest."""
    weight = 0.0
    parts: list[str] = []
    for child in children:
        kind = child.type
        if kind in _TEXTS:
            parts.append(child.content)
        elif kind in _BREAKS:
            parts.append(" ")
        elif kind == "math_inline":
            weight += max(1, _signs(child.content))
        elif kind == "html_inline":
            parts.append(_MARKUP.sub("", child.content))
        elif kind == "image" or (kind == "embed" and _is_picture(child.meta["ref"])):
            weight += _PICTURE
        elif kind in {"fence", "math_block"}:
            weight += _weight(kind, child.content, child.info)
        elif child.children:
            weight += _read_leaf(child.children, parts)
    text.append("".join(parts))
    return weight


def _is_picture(ref: Ref) -> bool:
    """Whether an embed shows something to look at, and no other note."""
    _, dot, extension = ref.target.rpartition(".")
    return bool(dot) and extension.lower() in _PICTURES


def _words(text: str) -> float:
    if text.isascii():
        return len(text.split())
    characters = len(_CHARACTER.findall(text))
    rest = _CHARACTER.sub(" ", _SET_OFF.sub(" ", text)) if characters else text
    return len(rest.split()) + characters * _WORDS / _CHARACTERS


def _signs(content: str) -> float:
    return sum(map(len, content.split())) / _SIGNS
