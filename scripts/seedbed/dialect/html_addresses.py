"""Addresses in HTML that authors write: what ``src`` and ``href`` say of a file or note of the vault.

Reads tags by CommonMark's grammar and turns each address in them into a ``Ref``, as if it were a Markdown link or
image (OF-331). Nothing else in HTML is looked at: neither Markdown nor wikilinks hold there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from markdown_it.token import Token

from seedbed.dialect.wikilinks import Ref, markdown_ref
from seedbed.text import Lines, Span

_DOCUMENT = re.compile(r"\.(?:md|canvas|base)(?:#|\Z)", re.IGNORECASE)
_LEAVES = frozenset({"inline", "markup"})
_HTML = frozenset({"html_block", "html_inline"})

_TAG = re.compile(
    r"""<[A-Za-z][A-Za-z0-9-]*(?P<attributes>(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)+)\s*/?>"""
)
_ADDRESS = re.compile(
    r"""(?<![\w:.-])(?P<name>src|href|poster)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+))""",
    re.IGNORECASE,
)


def html_refs(tokens: Iterable[Token], source: str) -> Iterator[Ref]:
    """Yield what the HTML among ``tokens`` names, and leave each ref on its token by the address as written."""
    lines: Lines | None = None
    for token in tokens:
        if token.content and "<" not in token.content:
            continue
        pieces = token.children or () if token.type in _LEAVES else (token,)
        written = [piece for piece in pieces if piece.type in _HTML and "=" in piece.content]
        if not written or not token.map:
            continue
        lines = lines or Lines(source)
        position = lines.start(token.map[0])
        for piece in written:
            refs: dict[str, Ref] = {}
            for attribute, address, ref in _addresses(piece.content):
                # The attribute as a whole: what its value says may stand in the text before it.
                position = max(source.find(attribute, position), position)
                span = Span(position + ref.span.start, position + ref.span.end)
                refs[address] = replace(ref, span=span)
                yield refs[address]
            piece.meta["addresses"] = refs


def _addresses(fragment: str) -> Iterator[tuple[str, str, Ref]]:
    """Yield each attribute of ``fragment`` that is an address, that address, and what it names by its offset there."""
    for tag in _TAG.finditer(fragment):
        for match in _ADDRESS.finditer(fragment, tag.start("attributes"), tag.end("attributes")):
            form = match.lastgroup or "bare"
            address = html.unescape(match[form])
            shown = match["name"].lower() != "href"
            # Any other address may be one of the site that the vault knows nothing of.
            tentative = not (shown or _DOCUMENT.search(address))
            span = Span(match.start(form) - match.start(), match.end(form) - match.start())
            ref = markdown_ref(address, span, None, embed=shown, tentative=tentative)
            if ref is not None and ref.target:
                yield match[0], address, ref
