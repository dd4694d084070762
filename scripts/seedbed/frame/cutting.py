"""A marked page as the theme made it, cut at its marks and wherever a relative address stands."""

from __future__ import annotations

import re

from seedbed.frame.pieces import SPELLINGS, Hole, Pieces, UnforeseenError, Way
from seedbed.frame.probes import DEPTH, MARK, value_at
from seedbed.pages import Page

_HOLE = re.compile(
    rf"""
    (?:\.\./){{{DEPTH - 1}}}\.\.(?!/\.\.)   # from the page up to the root
    (?P<down>/[^\s"'<>()&?\#\\]*)?          # and down again
    | {MARK}(?P<number>\d+)a.*?{MARK}(?P=number)z
    """,
    re.DOTALL | re.VERBOSE,
)


def cut(made: str, page: Page) -> Pieces:
    """Return ``made``, which the theme made of the marked ``page``, in pieces. Raises UnforeseenError."""
    texts = []
    holes = []
    end = 0
    for match in _HOLE.finditer(made):
        texts.append(made[end : match.start()])
        end = match.end()
        holes.append(_hole(match, page) if match["number"] else _way(match["down"] or "", page))
    texts.append(made[end:])
    if any(MARK.lower() in text.lower() for text in texts):
        raise UnforeseenError
    return Pieces(tuple(texts), tuple(holes))


def _way(down: str, page: Page) -> Way:
    if down[1:] == page.image:
        return Way("")
    if MARK in down:
        raise UnforeseenError
    return Way("." + down if down in {"", "/"} else down[1:])


def _hole(match: re.Match[str], page: Page) -> Hole:
    field, entry, value = value_at(int(match["number"]), page)
    for spelling, spelled in SPELLINGS.items():
        if spelled(value) == match[0]:
            return Hole(field, entry, spelling)
    raise UnforeseenError
