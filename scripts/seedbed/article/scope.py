"""What is known while an article is being written.

A ``Page`` is the article as a whole: its address, the ids it has given out, what it found. A ``Scope`` is one
note's text within it: the page's own note, or one that is embedded, with the trail of embeds that led there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from seedbed.article.rawhtml import Balance
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import Token
from seedbed.index import Index
from seedbed.note import Heading, Note
from seedbed.text import THEME_IDS, Ids, Lines, NotePath, PageUri, relative_uri


class Drawing(Protocol):
    """A computed figure, or the box that says why there is none."""

    @property
    def id(self) -> str | None:
        """The figure's HTML id; None for a box that has none."""

    @property
    def caption(self) -> str | None:
        """The caption as Markdown, if the figure has one."""

    def html(self, caption: str, assets: str, prefix: str) -> str:
        """Return the figure as HTML.

        ``caption`` is rendered, ``assets`` leads to the folder of its files, ``prefix`` stands before its ids.
        """


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where a figure block stands: its note and the index of its token."""

    path: NotePath
    token: int


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of a page's table of contents."""

    level: int
    title: str
    """Plain text."""
    anchor: str


@dataclass(slots=True)
class Page:
    """One article in the making."""

    uri: PageUri
    index: Index | None
    """None when a note is rendered without its vault: links to notes then lead nowhere."""
    drawings: Mapping[FigurePlace, Drawing]
    strict_line_breaks: bool
    ids: Ids = field(default_factory=lambda: Ids(THEME_IDS))
    toc: list[TocEntry] = field(default_factory=list)
    mathml: list[str] = field(default_factory=list)
    """Every formula shown, to know which characters the math font needs."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    embeds: int = 0
    """How many notes have been embedded so far, to name their ids and to stop in time."""

    def address(self, target: PageUri, anchor: str | None = None) -> str:
        """Return the link from this page to ``target``."""
        return relative_uri(target, self.uri, anchor)


@dataclass(frozen=True, slots=True)
class Step:
    """One embed on the way to what is being written: a note, or a part of it."""

    path: NotePath
    anchor: str | None


@dataclass(slots=True)
class Scope:
    """One note's text within a page."""

    page: Page
    note: Note
    trail: tuple[Step, ...]
    """The page's own note, then each embed within the other."""
    prefix: str = ""
    """Before every id that an embedded note brings along."""
    balance: Balance = field(default_factory=Balance)
    footnotes: dict[str, int] = field(default_factory=dict)
    """Number by label, in order of reference."""
    footnote_uses: dict[str, int] = field(default_factory=dict)
    inline_footnotes: dict[str, str] = field(default_factory=dict)
    """Finished text of ``^[…]`` footnotes by the label made up for them."""
    closers: list[str] = field(default_factory=list)
    """End tags of the links being written: a missing link is no ``a``."""
    lines: Lines | None = None
    headings: dict[int, Heading] = field(init=False)
    """The note's headings by the index of their token."""

    def __post_init__(self) -> None:
        """Look the headings up once: a long note has many."""
        self.headings = {heading.token: heading for heading in self.note.headings}

    @property
    def is_embedded(self) -> bool:
        """Whether this is not the page's own note."""
        return len(self.trail) > 1

    @property
    def is_in_link(self) -> bool:
        """Whether what is written next stands inside a link."""
        return "</a>" in self.closers or self.balance.holds("a")

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The note's tokens."""
        return self.note.tokens

    def id(self, wanted: str) -> str:
        """Return ``wanted``, or the nearest id that the page has not given out yet, and give it out."""
        return self.page.ids.give(self.prefix + wanted)

    def report(self, code: Code, message: str, offset: int) -> None:
        """Add a diagnostic at ``offset`` of this note's source."""
        self.lines = self.lines or Lines(self.note.source)
        line, column = self.lines.position(offset)
        self.page.diagnostics.append(Diagnostic(self.note.path, line, column, code, message))
