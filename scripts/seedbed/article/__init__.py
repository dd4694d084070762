"""From a note and the index to an ``Article``: HTML in the shapes that Material styles.

Walks the tokens of a note once, asking the index for every link, ``tex`` for every formula and the computed
drawings for every figure. Nothing here reads a file or knows of MkDocs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedbed.article import footnotes
from seedbed.article.blocks import write_range
from seedbed.article.links import NOT_WRITTEN
from seedbed.article.scope import Drawing, FigurePlace, Page, Scope, Step, TocEntry
from seedbed.diagnostics import Diagnostic
from seedbed.index import Index
from seedbed.note import Note, read_note
from seedbed.text import NotePath, PageUri

__all__ = [
    "NOT_WRITTEN",
    "Article",
    "Drawing",
    "FigurePlace",
    "TocEntry",
    "render_article",
    "render_text",
]

_TITLE_TOKENS = 3


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
    diagnostics: tuple[Diagnostic, ...]

    @property
    def html(self) -> str:
        """The whole article."""
        return self.title + self.body


def render_article(
    note: Note,
    uri: PageUri,
    index: Index | None,
    *,
    drawings: Mapping[FigurePlace, Drawing] | None = None,
    strict_line_breaks: bool = False,
) -> Article:
    """Render ``note`` for the page at ``uri``. Never raises for anything an author wrote."""
    page = Page(uri, index, drawings or {}, strict_line_breaks)
    scope = Scope(page, note, (Step(note.path, None),))
    start = _TITLE_TOKENS if note.opens_with_title else 0
    title = write_range(scope, 0, start) if start else ""
    body = write_range(scope, start, len(note.tokens)) + scope.balance.close_all()
    body += footnotes.write(scope, write_range)
    return Article(title, body, tuple(page.toc), tuple(page.mathml), tuple(page.diagnostics))


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
    return render_article(note, PageUri(""), None, strict_line_breaks=strict_line_breaks).html
