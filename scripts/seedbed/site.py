"""From a vault to a ``Site``: every page and file that the notes give rise to.

The sum of the steps before it: look, read, index, compute figures, render, add the pages around the notes. What an
earlier build left is used where it still holds. Knows nothing of MkDocs, so that another host can show the same site.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from seedbed import compact, drawings, mathfont, mentions, ownfiles, pages, vault
from seedbed.diagnostics import Diagnostic
from seedbed.executors import Workers, open_workers
from seedbed.history import History, read_history
from seedbed.index import Index
from seedbed.mkdocs_dialect import Reader
from seedbed.nearby import LISTS
from seedbed.pages import Page
from seedbed.reading import Means
from seedbed.rendering import Facts, LostError, Made, Pages, Work, load_page
from seedbed.store import Store
from seedbed.text import NotePath, PageUri
from seedbed.uris import ASSETS, MAP, NOTES, TAGS
from seedbed.vaultmap import Chart, Links, chart
from seedbed.witness import Sources

_SITE = "site"
_ASSET = "asset"


class Progress(Protocol):
    """Whoever shows how far a build is."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step, of ``total`` parts if that is known."""

    def advance(self) -> None:
        """Finish one part of the current step."""


class Silent:
    """Shows nothing."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self) -> None:
        """Finish one part."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What the owner of a site decides."""

    name: str = "Notes"
    exclude: tuple[str, ...] = ()
    """Glob patterns of vault paths that are no part of the site."""
    reserved: frozenset[PageUri] = frozenset()
    """Addresses of hand-written pages and of all files beside them; if the home page is among them, none is made."""
    show_properties: bool = False
    """Whether notes that do not say so themselves show their properties."""
    dates: bool = True
    """Whether the site says when notes were created and updated."""
    jobs: int = 0
    """Processes to work in; 0 for as many as there are processors."""
    executor: str = ""
    """Where else to work: ``dask://HOST:PORT``; empty for this machine."""
    cache: Path | None = None
    """Folder to keep what is expensive; None to compute all again."""
    reader: Reader | None = None
    """Reads notes of MkDocs' dialect; None for the one of the built-in configuration."""

    @property
    def shown(self) -> str:
        """A name for those settings on which the site depends."""
        said = (self.name, self.exclude, sorted(self.reserved), self.show_properties, self.dates)
        return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the site."""

    uri: str
    content: bytes | Path
    """The content, or the file to copy."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A page that the navigation of every page leads to."""

    uri: PageUri
    title: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that a site holds beside the content of its pages."""

    pages: tuple[PageUri, ...]
    hubs: tuple[Hub, ...]
    home: Hub | None
    """The front page, unless it is written by hand."""
    copied: tuple[tuple[str, Path], ...]
    """Address of each asset that is a file elsewhere, and that file."""
    own: tuple[str, ...]
    """Addresses of those that are made, which the store keeps."""
    characters: str
    """What all formulas need of the math font."""
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known before the first page is made."""

    vault: vault.Vault
    planned: drawings.Plan
    index: Index
    mentions: mentions.Mentions


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a site leaves to the one that follows it; only a site whose pages were all made leaves everything."""

    ground: Ground
    drawn: drawings.Drawings | None
    facts: tuple[Facts, ...] | None
    inventory: Inventory | None


class Site:
    """Everything the notes give rise to, made as it is asked for."""

    def __init__(
        self,
        root: Path,
        settings: SiteSettings,
        progress: Progress | None = None,
        last: Site | None = None,
    ) -> None:
        """Look at the vault at ``root``; ``last`` is its site as it was. Raises VaultError if there is none."""
        self._settings = settings
        self._progress = progress or Silent()
        self._now = _now()
        self._progress.step("Reading notes")
        self._found = vault.look(root, settings.exclude)
        self.store: Store = last.store if last else _store(root, settings)
        self.store.begin()
        self._last = last.outcome if last else None
        self._history = self._looked_up()
        told = self._history.state if self._history else ""
        self._state = f"{self._found.state} {settings.shown} {told}"
        self._inventory = self._as_before()
        self.is_as_before = self._inventory is not None
        """Whether nothing has changed since the last build."""
        self._edited: frozenset[NotePath] | None = None
        """Notes whose text is all that is new since the last build; None if more may be."""
        self._around: frozenset[NotePath] = frozenset()
        """Notes of which these say something else now, or which are near to others."""
        self._facts: tuple[Facts, ...] | None = None

    @property
    def outcome(self) -> Outcome:
        """What it leaves to the site that follows it."""
        return Outcome(self.ground, self.__dict__.get("_drawn"), self._facts, self._inventory)

    @property
    def index(self) -> Index:
        """The meaning of every link."""
        return self.ground.index

    @functools.cached_property
    def uris(self) -> frozenset[PageUri]:
        """The addresses of all pages."""
        if self._inventory is not None:
            return frozenset(self._inventory.pages)
        index = self.index
        stubs = (stub.uri for stub in index.stubs.values())
        home = () if PageUri("") in self._settings.reserved else (PageUri(""),)
        return frozenset((*index.uris.values(), *stubs, *index.own_pages, *home))

    @property
    def files(self) -> Iterator[str]:
        """The addresses of all files but pages, as far as they are known before the pages are made."""
        if self._inventory is not None:
            yield from (uri for uri, _ in self._inventory.copied)
            yield from self._inventory.own
            return
        yield from (self.index.files[path] for path in self.index.used_attachments())
        yield from ownfiles.addresses(self.ground.planned)

    @functools.cached_property
    def hubs(self) -> tuple[Hub, ...]:
        """What the navigation of every page leads to: as many lines for ten notes as for ten thousand."""
        if self._inventory is not None:
            return self._inventory.hubs
        index = self.index
        notes = (Hub(index.uri(path), index.title(path)) for path in pages.hubs(index))
        lists = ((index.lists.get(uri), LISTS[uri]) for uri in (NOTES, TAGS, MAP))
        made = (Hub(uri, title) for uri, title in lists if uri in index.own_pages)
        return (*notes, *made)

    @functools.cached_property
    def home(self) -> Hub | None:
        """The front page, unless it is written by hand."""
        if self._inventory is not None:
            return self._inventory.home
        uri = PageUri("")
        if uri in self._settings.reserved:
            return None
        return Hub(uri, self.title(uri) or self._settings.name)

    def title(self, uri: PageUri) -> str:
        """Return the title of the page of the note, canvas or base at ``uri``; nothing if it is none."""
        paths = (path for path, each in self.index.uris.items() if each == uri)
        return next((self.index.title(path) for path in paths), "")

    @property
    def sources(self) -> Sources:
        """What pages written by hand are made from; most of them show no figure, which are computed if one does."""
        return Sources(self.index, drawings.WhenAsked(lambda: self._drawn), self._now)

    @property
    def inventory(self) -> Inventory:
        """What the site holds, once all its pages are made."""
        if self._inventory is None:
            raise RuntimeError("the pages are not made yet")
        return self._inventory

    def pages(self) -> Iterator[Made]:
        """Make all pages, and then the inventory; each page is had once and is nowhere kept in memory."""
        made = Pages(self.store)
        if self._inventory is not None:
            yield from made.all_kept(self._inventory.pages)
        else:
            self.store.put(_SITE, [("", "", b"", b"")])  # what follows may end early
            yield from self._made(made)
        self._facts, self._last = tuple(made.facts), None

    def _made(self, made: Pages) -> Iterator[Made]:
        """Make the pages, and know the inventory then."""
        index, last, drawn = self.index, self._last, self._drawn
        work = Work(Sources(index, drawn.shown, self._now), self._settings.show_properties)
        self._progress.step("Rendering notes", len(index.uris))
        with self._workers() as workers:
            if last and last.facts and last.inventory and self._edited is not None:
                dated = pages.dated_pages(index)
                again = {page.uri for page in dated}
                kept = (each for each in last.facts if each.uri not in again)
                yield from made.render_edited(kept, self._edited, self._around, work, workers)
                yield from map(made.add, dated)
                own = last.inventory.own
            else:
                for each in made.render(tuple(index.uris), work, workers):
                    self._progress.advance()
                    yield each
                for page in pages.further_pages(index, self._settings.name, self._chart):
                    yield made.add(page)
                made.drop_others()
                own = self._put({**drawn.files, **ownfiles.contents(index)})
        made.keep()
        self._inventory = self._stock(made.facts, own)
        timeless = all(facts.timeless for facts in made.facts)
        key = self._state if timeless and drawn.is_lasting else ""
        self.store.put(_SITE, [("", key, compact.dumps(self._inventory), b"")])

    def _chart(self) -> Chart:
        return chart(Links.of(self.index.around.ground.targets), self.store)

    def _put(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Keep ``files``, which are made, and return their addresses."""
        self.store.put(_ASSET, ((uri, "", b"", content) for uri, content in files.items()))
        return tuple(files)

    def page(self, uri: PageUri) -> Page:
        """Return one page, once all are made. Raises LostError if there is none at ``uri``."""
        return load_page(self.store, uri)

    def assets(self) -> Iterator[Asset]:
        """Yield all files but pages, once the inventory is there."""
        for uri, file in self.inventory.copied:
            yield Asset(uri, file)
        for uri in self.inventory.own:
            content = self.store.large(_ASSET, uri)
            if content is None:
                raise LostError(uri)
            yield Asset(uri, content)

    def close(self) -> None:
        """Let what was made outlast this process, and let go of the cache."""
        self.store.commit()
        self.store.close()

    def afresh(self) -> Site:
        """Return the same site without what the cache has of it, as some of that is lost."""
        self.store.clear()
        return Site(self._found.root, self._settings, self._progress, self)

    def commit(self) -> None:
        """Let what was made outlast this process."""
        self.store.commit()

    @functools.cached_property
    def ground(self) -> Ground:
        """The vault, read, and its links, resolved."""
        before = self._last.ground if self._last else None
        if before and self.is_as_before:
            return before
        with self._workers() as workers:
            means = Means(workers, self.store, self._settings.reader)
            former = before.vault if before else None
            read = vault.read(self._found, means, former, self._history)
            self._edited = read.edited_quietly(before.vault) if before else None
            if before and self._edited is not None:
                said = before.mentions.after(read, self._edited)
                after = before.index.after(self._edited, read, said.of)
                self._around = said.differing(before.mentions) | after.moved
                return Ground(read, before.planned, after, said)
            said = mentions.find(read, means, before.mentions if before else None)
        planned = drawings.plan(read.notes)
        self._progress.step("Resolving links")
        reserved = (*self._settings.reserved, *ownfiles.addresses(planned))
        known = before.index if before else None
        index = Index(
            read, reserved=reserved, further=planned.refs(read), last=known, mentions=said.of
        )
        return Ground(read, planned, index, said)

    def _looked_up(self) -> History | None:
        """Return what git knows of the vault, if anybody wants to know."""
        before = self._last.ground.vault.history if self._last else None
        found = self._found
        return read_history(found.root, self.store, before) if self._settings.dates else None

    def _workers(self) -> Workers:
        return open_workers(self._settings.executor, self._settings.jobs)

    @functools.cached_property
    def _drawn(self) -> drawings.Drawings:
        planned, cache = self.ground.planned, self._settings.cache
        if self._last and self._last.drawn and self._last.ground.planned is planned:
            return self._last.drawn
        self._progress.step("Computing figures", len(planned.specs))
        return drawings.compute(
            planned,
            cache=cache / "figures" if cache else None,
            jobs=self._settings.jobs or os.cpu_count() or 1,
            progress=lambda _line: self._progress.advance(),
        )

    def _as_before(self) -> Inventory | None:
        """Return the inventory of the last build if all there is in the vault is as it was then."""
        key, content = self.store.small(_SITE).get("", ("", b""))
        known = key == self._state
        return compact.loads(content) if known else None

    def _stock(self, made: Iterable[Facts], own: tuple[str, ...]) -> Inventory:
        index = self.index
        shown = {path for facts in made for path in facts.attachments}
        attachments = sorted({*index.used_attachments(), *shown})
        found = {*index.vault.diagnostics, *index.diagnostics, *self._drawn.diagnostics}
        return Inventory(
            pages=tuple(facts.uri for facts in made),
            hubs=self.hubs,
            home=self.home,
            copied=(
                *((index.files[path], index.vault.root / path) for path in attachments),
                *((ASSETS + file.name, file) for file in sorted(ownfiles.THEME_FILES.iterdir())),
            ),
            own=own,
            characters="".join(sorted({each for facts in made for each in facts.characters})),
            diagnostics=tuple(sorted(found.union(*(facts.diagnostics for facts in made)))),
        )


def math_font(characters: Iterable[str], cache: Path | None) -> Asset:
    """Return the math font, cut to ``characters``; kept in ``cache``, as cutting takes a second."""
    return Asset(ASSETS + ownfiles.MATH_FONT, mathfont.subset(characters, cache))


def _store(root: Path, settings: SiteSettings) -> Store:
    """Return what earlier builds of the vault at ``root`` left; each vault has a file of its own."""
    name = hashlib.blake2b(os.fsencode(root.resolve()), digest_size=8).hexdigest()
    file = settings.cache / "sites" / f"{name}.sqlite" if settings.cache else None
    return Store(file, settings.reader.name if settings.reader else "")


def _now() -> datetime:
    """Return the time of the build: SOURCE_DATE_EPOCH if that is set, so that a build can be repeated to the byte."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed.isdecimal():
        return datetime.now()  # noqa: DTZ005 -- Obsidian's times have no zone
    return datetime.fromtimestamp(int(fixed), tz=UTC).replace(tzinfo=None)
