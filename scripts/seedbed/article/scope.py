"""What is known while an article is being written.

A ``Page`` is the article as a whole: its address, the ids it has given out, what it found. A ``Scope`` is one
note's text within it: the page's own note, or one that is embedded, with the trail of embeds that led there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from seedbed.article.rawhtml import Balance
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import Token
from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.note import Note
from seedbed.text import THEME_IDS, Ids, Lines, NotePath, PageUri, relative_uri

_LIKE_EMBEDS = re.compile(r"e(\d{1,9})-")


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
    attachments: dict[str, None] = field(default_factory=dict)
    """Vault paths of files that are shown and that no link or embed of a note names."""
    now: datetime = field(default_factory=datetime.now)
    """The time of the build, which bases can ask for."""
    embedded: int = 0
    """How many characters embeds have brought so far, to stop in time."""
    nested: int = 0
    """How many of the embeds so far stand in another."""
    _reserved: set[str] = field(default_factory=set)
    """Ids of the page's own note that are not written yet."""
    _embeds: int = 0
    _not_prefixes: set[int] = field(default_factory=set)
    """Numbers of embeds that an id of the page's own note could seem to have."""

    def address(self, target: PageUri, anchor: str | None = None) -> str:
        """Return the link from this page to ``target``."""
        return relative_uri(target, self.uri, anchor)

    def reserve(self, note: Note) -> None:
        """Keep the ids to which links to ``note`` lead for its own headings and blocks."""
        # Those that Python-Markdown gave stand in its HTML, which is not known to be a heading's.
        headings = (
            each.anchor for each in note.headings if note.tokens[each.token].type == "heading_open"
        )
        self._reserved = {*headings, *(block.anchor for block in note.blocks.values())}
        for anchor in self._reserved:
            self.ids.give(anchor)
        like_embeds = (_LIKE_EMBEDS.match(each.anchor) for each in note.headings)
        self._not_prefixes = {int(match[1]) for match in like_embeds if match}

    def own_id(self, anchor: str) -> str:
        """Return the id of a heading or block of the page's own note, and give it out."""
        if anchor in self._reserved:
            self._reserved.remove(anchor)
            return anchor
        return self.ids.give(anchor)

    def embed_prefix(self) -> str:
        """Return what stands before the ids of another embed, and before no other id of the page."""
        self._embeds += 1
        while self._embeds in self._not_prefixes:
            self._embeds += 1
        return f"e{self._embeds}-"


@dataclass(frozen=True, slots=True)
class Step:
    """One embed on the way to what is being written."""

    path: NotePath
    at: int = 0
    """Index of the token, in the note at ``path``, that embeds the next."""


WriteRange = Callable[["Scope", int, int], str]
"""Whatever writes the tokens of a scope's note, from one index to another."""


@dataclass(slots=True)
class Scope:
    """One note's text within a page."""

    page: Page
    note: Note
    trail: tuple[Step, ...]
    """The page's own note, then each embed within the other."""
    prefix: str = ""
    """Before every id that an embedded note brings along."""
    is_outside: bool = False
    """The text is no note of the vault: a hand-written page, or an example on one."""
    balance: Balance = field(default_factory=Balance)
    footnotes: list[str] = field(default_factory=list)
    """Labels in order of reference."""
    footnote_numbers: dict[str, int] = field(default_factory=dict)
    footnote_uses: dict[str, int] = field(default_factory=dict)
    inline_footnotes: dict[str, str] = field(default_factory=dict)
    """Finished text of ``^[…]`` footnotes by the label made up for them."""
    closers: list[str] = field(default_factory=list)
    """End tags of the links being written: a missing link is no ``a``."""
    lines: Lines | None = None
    at: int = 0
    """Index of the token that is being written."""
    headings: dict[int, Heading] = field(init=False)
    """The note's headings by the index of their token."""

    def __post_init__(self) -> None:
        """Look the headings up once: a long note has many."""
        self.headings = {heading.token: heading for heading in self.note.headings}
        self.balance.ids.prefix = self.prefix
        self.balance.ids.give = self.page.ids.give

    @property
    def is_embedded(self) -> bool:
        """Whether this is not the page's own note."""
        return len(self.trail) > 1

    @property
    def way(self) -> tuple[Step, ...]:
        """The trail, and where in the note at its end an embed would stand."""
        return (*self.trail[:-1], replace(self.trail[-1], at=self.at))

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
        if not self.prefix:
            return self.page.own_id(wanted)
        return self.page.ids.give(self.prefix + wanted)

    def footnote_number(self, label: str) -> int:
        """Return a footnote's number: the next one, when it is referred to for the first time."""
        if label not in self.footnote_numbers:
            self.footnotes.append(label)
            self.footnote_numbers[label] = len(self.footnotes)
        return self.footnote_numbers[label]

    def inline_footnote(self) -> str:
        """Return a label made up for a ``^[…]`` footnote that begins here: what it refers to comes after it."""
        label = f"\0{len(self.inline_footnotes)}"
        self.inline_footnotes[label] = ""
        self.footnote_number(label)
        return label

    def report(self, code: Code, message: str, offset: int) -> None:
        """Add a diagnostic at ``offset`` of this note's source."""
        self.lines = self.lines or Lines(self.note.source)
        line, column = self.lines.position(offset)
        self.page.diagnostics.append(Diagnostic(self.note.path, line, column, code, message))
