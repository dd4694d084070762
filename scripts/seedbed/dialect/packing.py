"""Tokens to bytes and back, for another process or another day.

Pickle does this by itself, but asks every token, link and span for its fields by name, which takes three times as long
and half as much room again. Here each is written as a call that makes it anew.
"""

from __future__ import annotations

import io
import operator
import pickle
from dataclasses import fields
from typing import Any, Literal

from markdown_it.token import Token

from seedbed.dialect.wikilinks import Ref
from seedbed.text import Span

_PROTOCOL = 5
_fields_of_ref = operator.attrgetter(*(each.name for each in fields(Ref)))


def pack(tokens: tuple[Token, ...]) -> bytes:
    """Return ``tokens``, with all that they hold, as bytes that only this version of the package can read."""
    packed = io.BytesIO()
    _Pickler(packed, _PROTOCOL).dump(tokens)
    return packed.getvalue()


def unpack(packed: bytes) -> tuple[Token, ...]:
    """Return the tokens that ``pack`` was given: equal to them, and one where they were one.

    The bytes can run code, so they must come from this machine's own builds.
    """
    tokens: tuple[Token, ...] = pickle.loads(packed)  # noqa: S301 -- our own bytes
    return tokens


def _token(  # noqa: PLR0913, PLR0917 -- the fields of a token, in its order
    type_: str,
    tag: str,
    nesting: Literal[-1, 0, 1],
    attrs: dict[str, str | int | float] | None,
    map_: list[int] | None,
    level: int,
    children: list[Token] | None,
    content: str,
    markup: str,
    info: str,
    meta: dict[Any, Any] | None,
    block: bool,  # noqa: FBT001
    hidden: bool,  # noqa: FBT001
) -> Token:
    token = Token.__new__(Token)  # its own constructor takes twice as long
    token.type = type_
    token.tag = tag
    token.nesting = nesting
    token.attrs = attrs or {}
    token.map = map_
    token.level = level
    token.children = children
    token.content = content
    token.markup = markup
    token.info = info
    token.meta = meta or {}
    token.block = block
    token.hidden = hidden
    return token


def _call_for_token(token: Token) -> tuple[Any, ...]:
    return _token, (
        token.type,
        token.tag,
        token.nesting,
        token.attrs or None,
        token.map,
        token.level,
        token.children,
        token.content,
        token.markup,
        token.info,
        token.meta or None,
        token.block,
        token.hidden,
    )


def _call_for_ref(ref: Ref) -> tuple[Any, ...]:
    return Ref, _fields_of_ref(ref)


def _call_for_span(span: Span) -> tuple[Any, ...]:
    return Span, (span.start, span.end)


class _Pickler(pickle.Pickler):
    """Knows how to write what there are most of."""

    dispatch_table = {  # noqa: RUF012 -- a pickler looks for it in this form
        Token: _call_for_token,
        Ref: _call_for_ref,
        Span: _call_for_span,
    }
