"""Markdown that stands outside a note's text: captions of figures, properties, cells of a base.

A line of it is parsed where it is needed and written in the scope of the note it belongs to. It has no place of its
own in the source, so whatever is wrong with it is reported at ``offset``.
"""

from __future__ import annotations

from seedbed.article.inlines import write_inlines
from seedbed.article.scope import Scope
from seedbed.dialect import parse
from seedbed.text import Span
from seedbed.tokens import refs_in, walk


def write_line(scope: Scope, markdown: str, offset: int = 0) -> str:
    """Return the inline Markdown of the first paragraph of ``markdown`` as HTML."""
    tokens = parse(markdown).tokens
    for _ in refs_in(tokens):
        pass  # which gives each Markdown link its ref
    leaf = next((token for token in tokens if token.type == "inline"), None)
    if leaf is None:
        return ""
    for token in walk(leaf.children or []):
        if "span" in token.meta:
            token.meta["span"] = Span(offset, offset)
    return write_inlines(scope, leaf.children or [])
