"""What a page was made from: every question that was put to the index while it was written, with its answer.

A page whose questions have the same answers today is the same today. All that is written about one page asks a
``Witness``, so nothing has to be declared and nothing can be forgotten: what it does not answer, it does not have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seedbed.article import Drawing, FigurePlace
from seedbed.bases import Base
from seedbed.canvas import Canvas
from seedbed.dates import Dates
from seedbed.diagnostics import Code
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.linkplaces import Place
from seedbed.maturity import Stage
from seedbed.meanings import Missing, Resolution
from seedbed.mentions import Mention
from seedbed.nearby import Nearby
from seedbed.neighbourhood import Neighbours
from seedbed.note import Note
from seedbed.stubs import Stub
from seedbed.text import NotePath, PageUri, Span

Plain = Any
"""Texts, numbers, truth values, None, and tuples of these."""
Question = tuple[Plain, ...]
"""The name of what is asked, then what it is asked of."""
Trace = tuple[tuple[Question, Plain], ...]

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Sources:
    """All that pages are made from."""

    index: Index
    drawings: Mapping[FigurePlace, Drawing]
    now: datetime
    """The time of the build."""
    _names: dict[FigurePlace, str] = field(init=False, default_factory=dict)

    def name_of(self, place: FigurePlace) -> str | None:
        """Return a name for the content of the drawing at ``place``, if there is one."""
        if place not in self._names:
            drawing = self.drawings.get(place)
            if drawing is None:
                return None
            self._names[place] = _named(drawing)
        return self._names[place]


class Answers:
    """The answers of today, each found once: of ten thousand pages, half show the titles of the same few notes."""

    def __init__(self, sources: Sources) -> None:
        """Answer from ``sources``."""
        self._sources = sources
        self._known: dict[Question, Plain] = {}

    def hold(self, trace: Trace) -> bool:
        """Whether everything that was asked then has the same answer now."""
        known = self._known
        for question, answer in trace:
            if question not in known:
                known[question] = _ANSWERS[question[0]](self._sources, *question[1:])
            if known[question] != answer:
                return False
        return True


class Witness(Index):
    """An index that remembers what it was asked."""

    def __init__(self, sources: Sources) -> None:
        """Answer from ``sources``."""
        self._index = sources.index
        self.asked: dict[Question, Plain] = {}
        self.drawings: Mapping[FigurePlace, Drawing] = _Drawings(sources, self.asked)

    @property
    def trace(self) -> Trace:
        """Everything asked so far, and the answers."""
        return tuple(self.asked.items())

    @property
    def strict_line_breaks(self) -> bool:
        """Whether a single line end in a note is no line break."""
        strict = self._index.strict_line_breaks
        self.asked["strict_line_breaks",] = strict
        return strict

    def resolve(self, ref: Ref, source: NotePath | None) -> Resolution:
        """Return what ``ref``, written in the note ``source`` (None: outside the vault), means."""
        found = self._index.resolve(ref, source)
        self.asked["resolve", *_written(ref), source] = _meaning(found)
        return found

    def problem(self, ref: Ref, found: Resolution) -> tuple[Code, str] | None:
        """Return what is wrong with a link, written outside the vault, that means ``found``."""
        trouble = self._index.problem(ref, found)
        self.asked["problem", *_written(ref), ref.embed, ref.tentative] = _told(trouble)
        return trouble

    def uri(self, path: NotePath) -> PageUri:
        """Return the address of the page of the note, canvas or base at ``path``."""
        uri = self.asked["uri", path] = self._index.uri(path)
        return uri

    def title(self, path: NotePath) -> str:
        """Return the title of the page at ``path``."""
        title = self.asked["title", path] = self._index.title(path)
        return title

    def document(self, path: NotePath) -> Note | Canvas | Base:
        """Return the note at ``path``, with its text, or the canvas or base there."""
        self.asked["document", path] = self._index.vault.digest(path)
        return self._index.document(path)

    def dates(self, path: NotePath) -> Dates:
        """Return when the note, canvas or base at ``path`` was created and last updated."""
        dates = self._index.dates(path)
        self.asked["document", path] = self._index.vault.digest(path)
        self.asked["dates", path] = _moments(dates)
        return dates

    def stage(self, path: NotePath) -> Stage | None:
        """Return how ripe the note at ``path`` is, if it says so."""
        stage = self._index.stage(path)
        self.asked["stage", path] = stage and stage.tag
        return stage

    def linking(self, path: NotePath) -> tuple[NotePath, ...]:
        """Return whatever links to the note, canvas or base at ``path``."""
        linking = self.asked["linking", path] = self._index.linking(path)
        return linking

    def places(self, source: NotePath, target: NotePath) -> tuple[Place, ...]:
        """Return where the note ``source`` links to ``target``."""
        self.asked["document", source] = self._index.vault.digest(source)
        self.asked["places", source, target] = len(self._index.link_places.refs(source, target))
        return self._index.places(source, target)

    def nearby(self, path: NotePath) -> Nearby:
        """Return where readers of the page of ``path`` may go on to."""
        nearby = self.asked["nearby", path] = self._index.nearby(path)
        return nearby

    def neighbours(self, path: NotePath) -> Neighbours:
        """Return what links join to the note at ``path``."""
        neighbours = self.asked["neighbours", path] = self._index.neighbours(path)
        return neighbours

    def mentions(self, path: NotePath) -> tuple[tuple[Mention, Heading | None], ...]:
        """Return what other notes say of the note at ``path`` that link to it nowhere."""
        mentions = self._index.mentions(path)
        self.asked["mentions", path] = _said(mentions)
        return mentions

    def trail(self, path: NotePath) -> tuple[NotePath | None, ...]:
        """Return the notes above ``path``, topmost first."""
        trail = self.asked["trail", path] = self._index.trail(path)
        return trail

    def stub(self, missing: Missing) -> Stub | None:
        """Return the page that stands in for ``missing``, if it has one."""
        stub = self._index.stub(missing)
        self.asked["stub", missing.name, missing.private] = stub and stub.uri
        return stub

    def has_tag(self, tag: str) -> bool:
        """Whether a page of the site bears ``tag``."""
        has_tag = self.asked["has_tag", tag] = self._index.has_tag(tag)
        return has_tag

    def everything(self) -> Index:
        """Return the index, for what is written about all of the vault."""
        self.asked["everything",] = self._index.vault.state
        return self._index

    def moment(self, now: datetime) -> datetime:
        """Return ``now``, for what is written about the time of the build."""
        self.asked["moment",] = now.isoformat()
        return now


class _Drawings(Mapping[FigurePlace, Drawing]):
    """Drawings that are remembered when they are looked at."""

    def __init__(self, sources: Sources, asked: dict[Question, Plain]) -> None:
        self._sources = sources
        self._asked = asked

    def __getitem__(self, place: FigurePlace) -> Drawing:
        self._asked["drawing", place.path, place.token] = self._sources.name_of(place)
        return self._sources.drawings[place]

    def __iter__(self) -> Iterator[FigurePlace]:
        return iter(self._sources.drawings)

    def __len__(self) -> int:
        return len(self._sources.drawings)


def _written(ref: Ref) -> tuple[Plain, ...]:
    """Return what of ``ref`` its meaning depends on."""
    return ref.target, ref.fragment, ref.markdown, ref.query


def _ref(target: str, fragment: str | None, *more: Plain) -> Ref:
    markdown, query, embed, tentative = (*more, False, False)[:4]
    return Ref(target, fragment, None, embed, _NOWHERE, markdown, tentative, query)


def _meaning(found: Resolution) -> Plain:
    """Return all that a page can show of what a link means."""
    if isinstance(found, Missing):
        return found.name, found.nearest, found.private
    return found.path, found.uri, found.kind, found.anchor, found.lost_fragment, found.rivals


def _said(mentions: tuple[tuple[Mention, Heading | None], ...]) -> Plain:
    """Return a name for what is said of a note."""
    if not mentions:
        return None
    said = [(each, over and (over.plain, over.anchor)) for each, over in mentions]
    return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


def _told(trouble: tuple[Code, str] | None) -> Plain:
    return trouble and (trouble[0].name, trouble[1])


def _moments(dates: Dates) -> Plain:
    return tuple(each and each.isoformat() for each in (dates.created, dates.updated))


def _problem(sources: Sources, *written: Plain) -> Plain:
    ref = _ref(*written)
    return _told(sources.index.problem(ref, sources.index.resolve(ref, None)))


def _stub(sources: Sources, name: str, private: Plain) -> Plain:
    stub = sources.index.stub(Missing(name, (), private))
    return stub and stub.uri


def _document(sources: Sources, path: NotePath) -> Plain:
    return sources.index.vault.digest(path) if path in sources.index.uris else None


def _named(drawing: Drawing) -> str:
    shown = f"{drawing.id}\0{drawing.caption}\0{drawing.html('', '', '')}"
    return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()


_ANSWERS: dict[str, Callable[..., Plain]] = {
    "strict_line_breaks": lambda sources: sources.index.strict_line_breaks,
    "resolve": lambda sources, *written: _meaning(
        sources.index.resolve(_ref(*written[:-1]), written[-1])
    ),
    "problem": _problem,
    "uri": lambda sources, path: sources.index.uris.get(path),
    "title": lambda sources, path: sources.index.title(path),
    "document": _document,
    "stage": lambda sources, path: (stage := sources.index.stage(path)) and stage.tag,
    "dates": lambda sources, path: (
        _moments(sources.index.dates(path)) if path in sources.index.uris else None
    ),
    "linking": lambda sources, path: sources.index.backlinks.get(path),
    "places": lambda sources, source, target: (
        len(sources.index.link_places.refs(source, target))
        if source in sources.index.links
        else None
    ),
    "nearby": lambda sources, path: (
        sources.index.nearby(path) if path in sources.index.uris else None
    ),
    "neighbours": lambda sources, path: sources.index.neighbours(path),
    "mentions": lambda sources, path: _said(sources.index.mentions(path)),
    "trail": lambda sources, path: (
        sources.index.trail(path) if path in sources.index.vault.notes else None
    ),
    "stub": _stub,
    "has_tag": lambda sources, tag: sources.index.has_tag(tag),
    "everything": lambda sources: sources.index.vault.state,
    "moment": lambda sources: sources.now.isoformat(),
    "drawing": lambda sources, path, token: sources.name_of(FigurePlace(path, token)),
}
"""How a question is asked again; the answers are those that the methods of ``Witness`` remember."""
