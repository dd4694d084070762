"""From notes, canvases and bases to pages: each rendered once, side by side, and not again while its sources hold.

Turns paths into pages, which a ``Store`` keeps together with everything they were made from. The work goes to
``Workers`` in chunks, each with the texts it needs.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from seedbed import compact, mathfont, pages
from seedbed.article import render_document
from seedbed.diagnostics import Diagnostic
from seedbed.executors import Workers
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.pages import Page
from seedbed.store import Store
from seedbed.text import NotePath, PageUri
from seedbed.texts import AbsentError
from seedbed.witness import Answers, Sources, Trace, Witness

_KIND = "page"
_CHUNK = 16
_FEW = 100
"""Pages that are rendered before a second process has started."""
_ROWS = 256
"""Pages that are put into the store at a time."""
_MOST_EMBEDDED = 64
"""Texts that go with a page on suspicion; a page that needs more says so."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a build must know of a page that it does not make again."""

    uri: PageUri
    digest: str
    """A name for all that the page shows."""
    words: str
    """A name for what can be found in it; empty if it is not to be found."""
    title: str
    made: str
    """How it was made: a name for the settings."""
    trace: Trace | None = None
    """What it was made from; None for what is made again each time."""
    source: NotePath | None = None
    """The note, canvas or base whose page it is; None for a page about several or none."""
    documents: tuple[NotePath, ...] = ()
    """All whose content it shows."""
    is_of_everything: bool = False
    """Whether it shows what may lie anywhere in the vault."""
    timeless: bool = True
    """Whether it says nothing of when the site was built."""
    characters: frozenset[str] = frozenset()
    """What its formulas need of the math font."""
    attachments: tuple[str, ...] = ()
    """Vault paths of files shown that no link or embed names."""
    diagnostics: tuple[Diagnostic, ...] = ()


class LostError(Exception):
    """The store has lost a page that it knew."""


@dataclass(frozen=True, slots=True)
class Made:
    """One page of the site: what is known of it, and the page itself when it is asked for."""

    facts: Facts
    page: Callable[[], Page]


@dataclass(frozen=True, slots=True)
class Work:
    """What it takes to render any page."""

    sources: Sources
    shows_properties: bool

    @property
    def settings(self) -> str:
        """A name for how pages are made."""
        return f"shows_properties={self.shows_properties}"


class Pages:
    """The pages of one site: as the last build left them, then as they are."""

    def __init__(self, store: Store) -> None:
        """Know what ``store`` knows."""
        self._store = store
        self._rows: list[tuple[str, str, bytes, bytes]] = []
        self.facts: list[Facts] = []
        """Of all pages so far, without traces, which are as large as the pages."""

    def render(self, paths: Iterable[NotePath], work: Work, workers: Workers) -> Iterator[Made]:
        """Yield the pages of ``paths``: first those whose sources hold, as they were, then the others."""
        stale: list[NotePath] = []
        answers = Answers(work.sources)
        for path in paths:
            facts = self._unpickled(work.sources.index.uri(path))
            if facts and facts.trace and facts.made == work.settings and answers.hold(facts.trace):
                yield self._known(facts)
            else:
                stale.append(path)
        yield from self._rendered(stale, work, workers)

    def render_edited(
        self,
        last: Iterable[Facts],
        edited: AbstractSet[NotePath],
        around: AbstractSet[NotePath],
        work: Work,
        workers: Workers,
    ) -> Iterator[Made]:
        """Yield the pages that ``last`` tells of: anew those that show ``edited`` notes, the others as they were.

        Something else stands ``around`` the texts of some, so their own pages are made anew as well.
        """
        stale: list[NotePath] = []
        for facts in last:
            if facts.source is not None and (
                facts.is_of_everything
                or not facts.timeless
                or facts.source in around
                or not edited.isdisjoint(facts.documents)
            ):
                stale.append(facts.source)
            else:
                yield self._known(facts)
        yield from self._rendered(stale, work, workers)

    def _rendered(self, stale: list[NotePath], work: Work, workers: Workers) -> Iterator[Made]:
        more: dict[NotePath, set[NotePath]] = {}
        while stale:
            few = len(stale) < _FEW
            tasks = _tasks(stale, work.sources.index, more)
            stale = []
            for rendered in itertools.chain.from_iterable(
                workers.map(_render, work, tasks, few=few)
            ):
                if isinstance(rendered, _Lacking):
                    stale.append(rendered.path)
                    more.setdefault(rendered.path, set()).add(rendered.text)
                else:
                    yield self._fresh(*rendered)

    def add(self, page: Page) -> Made:
        """Add a page that is made again each time."""
        facts = _facts(page, "")
        return self._fresh(compact.dumps(facts), compact.dumps(page))

    def all_kept(self, uris: Iterable[str]) -> Iterator[Made]:
        """Yield the pages at ``uris`` as they were."""
        for uri in uris:
            facts = self._unpickled(uri)
            if facts is None:
                raise LostError(uri)
            yield self._known(facts)

    def keep(self) -> None:
        """Put into the store what is new."""
        self._store.put(_KIND, self._rows)
        self._rows.clear()

    def drop_others(self) -> None:
        """Drop from the store what is no page any more."""
        self._store.drop(_KIND, self._kept.keys() - {facts.uri for facts in self.facts})

    @functools.cached_property
    def _kept(self) -> dict[str, tuple[str, bytes]]:
        return self._store.small(_KIND)

    def _unpickled(self, uri: str) -> Facts | None:
        if uri not in self._kept:
            return None
        facts: Facts = compact.loads(self._kept[uri][1])
        return facts

    def _known(self, facts: Facts) -> Made:
        facts = self._noted(facts)
        return Made(facts, functools.partial(load_page, self._store, facts.uri))

    def _fresh(self, known: bytes, content: bytes) -> Made:
        facts: Facts = compact.loads(known)
        if facts.trace is not None or self._kept.get(facts.uri, ("",))[0] != facts.digest:
            self._rows.append((facts.uri, facts.digest, known, content))
            if len(self._rows) >= _ROWS:
                self._store.put(_KIND, self._rows)
                self._rows.clear()
        return Made(self._noted(facts), lambda: compact.loads(content))

    def _noted(self, facts: Facts) -> Facts:
        noted = facts if facts.trace is None else replace(facts, trace=None)
        self.facts.append(noted)
        return noted


def load_page(store: Store, uri: PageUri) -> Page:
    """Return the page at ``uri`` as ``store`` keeps it. Raises LostError if it does not."""
    content = store.large(_KIND, uri)
    if content is None:
        raise LostError(uri)
    page: Page = compact.loads(content)
    return page


@dataclass(frozen=True, slots=True)
class _Task:
    """Some pages to render, and the texts that takes."""

    paths: tuple[NotePath, ...]
    texts: dict[NotePath, bytes]


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A page that could not be rendered without one more text."""

    path: NotePath
    text: NotePath


def _tasks(
    paths: Iterable[NotePath], index: Index, more: Mapping[NotePath, set[NotePath]]
) -> Iterator[_Task]:
    remaining = iter(paths)
    while chunk := tuple(itertools.islice(remaining, _CHUNK)):
        needed = {
            text
            for path in chunk
            for start in (path, *more.get(path, ()))
            for text in _embedded(start, index)
        }
        yield _Task(chunk, index.vault.files.texts.packed(needed))


def _embedded(path: NotePath, index: Index) -> Iterable[NotePath]:
    """Return the notes that it takes to render ``path``: itself, what it embeds, what these do, up to a number."""
    found = {path: None}
    waiting = [path]
    while waiting and len(found) < _MOST_EMBEDDED:
        for ref, target in index.links.get(waiting.pop(), ()):
            if ref.embed and isinstance(target, Found) and target.is_note:
                embedded = NotePath(target.path)
                if embedded not in found:
                    found[embedded] = None
                    waiting.append(embedded)
    return (each for each in found if each in index.vault.notes)


def _render(work: Work, task: _Task) -> list[tuple[bytes, bytes] | _Lacking]:
    """Render the pages of ``task``: the facts of each, and the page, as bytes; who asks reads and keeps them."""
    rendered: list[tuple[bytes, bytes] | _Lacking] = []
    with work.sources.index.vault.files.texts.holding(task.texts):
        for path in task.paths:
            try:
                rendered.append(_rendered(path, work))
            except AbsentError as error:
                rendered.append(_Lacking(path, error.path))
    return rendered


def _rendered(path: NotePath, work: Work) -> tuple[bytes, bytes]:
    witness = Witness(work.sources)
    article = render_document(path, witness, drawings=witness.drawings, now=work.sources.now)
    note = work.sources.index.vault.notes.get(path)
    if note is None:
        page = pages.board_page(path, article, witness)
    else:
        page = pages.note_page(note, article, witness, with_properties=work.shows_properties)
    facts = replace(
        _facts(page, work.settings),
        trace=witness.trace,
        source=path,
        documents=tuple(asked[1] for asked in witness.asked if asked[0] == "document"),
        is_of_everything=("everything",) in witness.asked,
        timeless=("moment",) not in witness.asked,
        characters=mathfont.required_characters(article.mathml),
        attachments=article.attachments,
        diagnostics=article.diagnostics,
    )
    return compact.dumps(facts), compact.dumps(page)


def _facts(page: Page, settings: str) -> Facts:
    return Facts(
        page.uri,
        _name(f"{page.html}\0{replace(page, html='')}"),
        _name(f"{page.own_html}\0{page.title}\0{page.traits}") if page.searchable else "",
        page.title,
        settings,
    )


def _name(content: str) -> str:
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
