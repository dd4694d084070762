"""Pages in ``docs/``: Python-Markdown with all that Material offers, and with links, embeds and formulas as in notes.

The door through which MkDocs, which renders these pages, reaches the index and the article: an extension that fills in
what Python-Markdown left open as soon as a page is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from seedbed.article import PAGE_HTML, Drawing, FigurePlace, HandWritten, fill
from seedbed.diagnostics import Diagnostic
from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.mkdocs_dialect.extension import DIAGRAM, SlotExtension
from seedbed.text import AnchorId, PageUri

EXAMPLE = "obsidian"
"""The language of fences that show a piece of a note and what it looks like."""


class SeedbedExtension(SlotExtension):
    """Fills hand-written pages; knows a page only while MkDocs renders it."""

    fences = MappingProxyType({DIAGRAM: "fence", EXAMPLE: "example"})

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- Python-Markdown's signature
        """Start without an index: until one is given, wikilinks lead nowhere."""
        super().__init__(**settings)
        self.index: Index | None = None
        self.drawings: Mapping[FigurePlace, Drawing] = {}
        self.page = HandWritten(PageUri(""), "", "")
        self.problems: list[Diagnostic] = []
        self.formulas: dict[str, None] = {}
        """Every formula shown, as MathML."""
        self.attachments: dict[str, None] = {}
        """Every attachment of the vault that is linked or shown."""

    def use(self, index: Index, drawings: Mapping[FigurePlace, Drawing] | None = None) -> None:
        """Resolve links with ``index`` from now on, and show the figures of embedded notes by ``drawings``."""
        self.index, self.drawings = index, {} if drawings is None else drawings

    def start_page(self, uri: PageUri, path: str, source: str, markdown: str | None = None) -> None:
        """Begin with the page at ``uri``, made from the file at ``path`` that holds ``source``.

        ``markdown`` is the part of it that is rendered: without properties, and as other plugins have changed it.
        """
        text = source if markdown is None else _placed(markdown, source)
        self.page = HandWritten(uri, path, text)
        self.start(text)

    def finish(self, html: str) -> str:
        """Fill the page that Python-Markdown has finished."""
        headings = tuple(_headings(getattr(self.md, "toc_tokens", ())))
        page = HandWritten(self.page.uri, self.page.path, self.page.source, headings)
        pieces = tuple(self.slots.tokens(html, PAGE_HTML))
        filled = fill(page, pieces, self.index, self.drawings)
        self.problems += filled.diagnostics
        self.formulas |= dict.fromkeys(filled.mathml)
        self.attachments |= dict.fromkeys(filled.attachments)
        return filled.html


def _placed(markdown: str, source: str) -> str:
    """Return ``markdown`` with blanks for what stands before it in ``source``, so that lines are right."""
    if not source.endswith(markdown):
        return markdown
    before = source[: len(source) - len(markdown)]
    return "".join("\n" if character == "\n" else " " for character in before) + markdown


def _headings(entries: Iterable[dict[str, Any]]) -> Iterator[Heading]:
    """Yield the headings of a page from its table of contents."""
    for entry in entries:
        yield Heading(entry["name"], entry["level"], AnchorId(entry["id"]), 1, 0, top_level=True)
        yield from _headings(entry["children"])


def makeExtension(**settings: Any) -> SeedbedExtension:  # noqa: ANN401, N802 -- Python-Markdown's name
    """Return the extension, for configuration files that name it."""
    return SeedbedExtension(**settings)
