"""From a note and the index to an ``Article``: HTML in the shapes that Material styles.

Walks the tokens of a note once, asking the index for every link, ``tex`` for every formula and the computed
drawings for every figure. Nothing here reads a file or knows of MkDocs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seedbed.article import bases, embeds, footnotes
from seedbed.article.blocks import write_range
from seedbed.article.handwritten import PAGE_HTML, Filled, HandWritten, fill
from seedbed.article.marks import NOT_WRITTEN
from seedbed.article.scope import Drawing, FigurePlace, Page, Scope, Step, TocEntry
from seedbed.article.wholenotes import header, header_line, text_start
from seedbed.canvas import Canvas
from seedbed.diagnostics import Diagnostic
from seedbed.index import Index
from seedbed.note import Note, no_text, read_note
from seedbed.text import NotePath, PageUri

__all__ = [
    "NOT_WRITTEN",
    "PAGE_HTML",
    "Article",
    "Drawing",
    "FigurePlace",
    "Filled",
    "HandWritten",
    "TocEntry",
    "fill",
    "header_line",
    "render_document",
    "render_text",
]


@dataclass(frozen=True, slots=True)
class Article:
    """The rendered text of one note."""

    title: str
    """The first-level heading that opens the note, as HTML; empty if it opens otherwise."""
    body: str
    """Everything after that."""
    toc: tuple[TocEntry, ...]
    mathml: tuple[str, ...]
    """Every formula shown."""
    attachments: tuple[str, ...]
    """Vault paths of files shown that no link or embed names: covers of a base's cards."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def html(self) -> str:
        """The whole article."""
        return self.title + self.body


def render_document(
    path: NotePath,
    index: Index,
    *,
    drawings: Mapping[FigurePlace, Drawing] | None = None,
    now: datetime | None = None,
) -> Article:
    """Render the note, canvas or base at ``path``. Never raises for anything an author wrote.

    ``now`` is the time that bases are told.
    """
    strict = index.strict_line_breaks
    page = Page(index.uri(path), index, drawings or {}, strict, now=now or datetime.now())  # noqa: DTZ005 -- as Obsidian
    document = index.document(path)
    if isinstance(document, Note):
        return _render_note(Scope(page, document, (Step(path),)))
    scope = Scope(page, no_text(path, document.source), (Step(path),))
    if isinstance(document, Canvas):
        return _article("", embeds.write_canvas_page(scope, document, write_range), page)
    return _article("", bases.write_page(scope, document), page)


def _render_note(scope: Scope) -> Article:
    scope.page.reserve(scope.note)
    start = text_start(scope.note)
    title = write_range(scope, 0, start) if start else ""
    body = write_range(scope, start, len(scope.tokens)) + scope.balance.close_all()
    body += footnotes.write(scope, write_range)
    return _article(title, body, scope.page)


def _article(title: str, body: str, page: Page) -> Article:
    return Article(
        title,
        body,
        tuple(page.toc),
        tuple(page.mathml),
        tuple(page.attachments),
        tuple(page.diagnostics),
    )


def render_text(markdown: str, *, strict_line_breaks: bool = False) -> str:
    """Return the article HTML of one note without a vault, through the same pipeline as a build.

    Links between notes have nothing to lead to, so they are marked; other links stay as written.
    """
    source = (
        markdown.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    note = read_note(NotePath("note.md"), source)
    page = Page(PageUri(""), None, {}, strict_line_breaks)
    scope = Scope(page, note, (Step(note.path),))
    article = _render_note(scope)
    return article.title + header(scope) + article.body
