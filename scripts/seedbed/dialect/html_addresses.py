"""Addresses in HTML that authors write: what ``src`` and ``href`` say of a file or note of the vault.

Reads tags by CommonMark's grammar and turns each address in them into a ``Ref``, as if it were a Markdown link or
image (OF-331). Nothing else in HTML is looked at: neither Markdown nor wikilinks hold there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from seedbed.dialect.wikilinks import Ref, markdown_ref
from seedbed.text import Span

_TAG = re.compile(
    r"""<[A-Za-z][A-Za-z0-9-]*(?P<attributes>(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)+)\s*/?>"""
)
_ADDRESS = re.compile(
    r"""(?<![\w:.-])(?P<name>src|href|poster)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+))""",
    re.IGNORECASE,
)


def html_addresses(fragment: str) -> Iterator[tuple[str, Ref]]:
    """Yield each address in ``fragment`` of HTML, and what it names; spans are of the fragment."""
    for tag in _TAG.finditer(fragment):
        for match in _ADDRESS.finditer(fragment, tag.start("attributes"), tag.end("attributes")):
            form = match.lastgroup or "bare"
            written = html.unescape(match[form])
            shown = match["name"].lower() != "href"
            span = Span(match.start(form), match.end(form))
            ref = markdown_ref(written, span, None, embed=shown, tentative=not shown)
            if ref is not None and ref.target:
                yield written, ref
