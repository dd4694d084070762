"""A paragraph divided at the blocks it holds: runs of text, and the notes embedded between them.

An embedded note is a block, which cannot stand in a paragraph. Emphasis around it, or an element such as ``<b>``, ends
before it and goes on behind it. In a link or a footnote nothing can be divided, so the note is linked there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeGuard

from seedbed.dialect import Token

Piece = list[Token] | Token
"""A run of text, or a token that embeds a block."""

_BREAKS = frozenset({"softbreak", "hardbreak"})
_MARKS = frozenset({"em_open", "strong_open", "s_open", "mark_open"})
_TAG = re.compile(r"<(?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9-]*)")
_SPANNING = frozenset(
    [
        *("abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q"),
        *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var"),
    ]
)
"""Elements that can end and go on without a reader's noticing."""
_ID = re.compile(r"""\sid\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_MOST_OPEN = 20
"""More than this around an embed would cost more than its text."""


def split(children: Sequence[Token], is_block: Callable[[Token], bool]) -> list[Piece]:
    """Return the runs and the blocks of a paragraph's inline tokens, in order."""
    if not any(map(is_block, children)):
        return [list(children)]
    pieces: list[Piece] = []
    run: list[Token] = []
    shows = False
    opened: list[Token] = []
    for token in children:
        if is_block(token) and _can_be_divided(opened):
            pieces += [_ended(run, opened), token] if shows else [token]
            opened = [_again(each) for each in opened]
            run, shows = list(opened), False
            continue
        if token.nesting > 0:
            opened.append(token)
        elif token.nesting < 0:
            opener = _closed(opened)
            if pieces and run and run[-1] is opener:
                run.pop()
                continue
        elif token.type == "html_inline":
            _follow(opened, token)
        elif token.type in _BREAKS and pieces and not shows:
            continue
        shows = shows or _is_seen(token)
        run.append(token)
    if not pieces:
        return [run]
    return [*pieces, _ended(run, opened)] if shows else pieces


def is_one_text(children: Sequence[Token] | None) -> TypeGuard[list[Token]]:
    """Whether a paragraph holds words and nothing else, as most do."""
    return children is not None and len(children) == 1 and children[0].type == "text"


def _ended(run: list[Token], opened: list[Token]) -> list[Token]:
    """Return a run that shows something with the marks that are open at its end closed."""
    unclosed = list(opened)
    while not _is_seen(run[-1]) and (
        run[-1].type in _BREAKS or (unclosed and run[-1] is unclosed[-1])
    ):
        if run.pop().type not in _BREAKS:
            unclosed.pop()
    marks = (token for token in reversed(unclosed) if token.nesting > 0)
    return [*run, *(_closing(mark) for mark in marks)]


def _closed(opened: list[Token]) -> Token | None:
    """Take the last mark off ``opened``, with the elements that end with it, and return it."""
    while opened:
        if opened[-1].nesting > 0:
            return opened.pop()
        opened.pop()
    return None


def _closing(mark: Token) -> Token:
    return Token(mark.type.replace("_open", "_close"), mark.tag, -1, markup=mark.markup)


def _can_be_divided(opened: list[Token]) -> bool:
    return len(opened) <= _MOST_OPEN and all(
        token.type in _MARKS or _is_spanning(token) for token in opened
    )


def _follow(opened: list[Token], html: Token) -> None:
    """Note that a tag of an author's HTML opens an element, or closes one of the last that were opened."""
    tag = _TAG.match(html.content)
    name = tag["name"].lower() if tag else ""
    if tag is None or (name != "a" and name not in _SPANNING):
        return
    if not tag["close"]:
        opened.append(html)
        return
    for index in range(len(opened) - 1, max(len(opened) - _MOST_OPEN, 0) - 1, -1):
        other = _TAG.match(opened[index].content)
        if opened[index].nesting > 0 or other is None:
            return
        if other["name"].lower() == name:
            del opened[index:]
            return


def _is_spanning(token: Token) -> bool:
    tag = _TAG.match(token.content) if token.type == "html_inline" else None
    return tag is not None and tag["name"].lower() in _SPANNING


def _again(token: Token) -> Token:
    """Return what opens once more what ``token`` opened; an id stands once."""
    return token if token.nesting else token.copy(content=_ID.sub("", token.content))


def _is_seen(token: Token) -> bool:
    """Whether ``token`` shows something or can be linked to: it is more than a mark, a break or blanks."""
    if token.type == "text":
        return bool(token.content.strip(" \t\n"))
    if _is_spanning(token):
        return _ID.search(token.content) is not None
    return not token.nesting and token.type not in _BREAKS
