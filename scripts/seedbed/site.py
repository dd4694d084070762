"""From a vault to a ``Site``: every page and file that the notes give rise to.

The sum of the steps before it: read, plan the figures, index, compute, render, add the pages around the notes.
Knows nothing of MkDocs, so that another host can show the same site.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from seedbed import drawings, figures, mathfont, pages, vault
from seedbed.article import Article, FigurePlace, render_document
from seedbed.diagnostics import Diagnostic
from seedbed.index import Index
from seedbed.mkdocs_dialect import Reader
from seedbed.pages import Page
from seedbed.text import NotePath, PageUri
from seedbed.uris import ASSETS

_THEME_FILES = Path(__file__).parent / "theme" / "assets"
_FIGURES_STYLE = "seedbed-figures.css"
_MATH_FONT = "seedbed-math.woff2"
_WORTH_PROCESSES = 200
"""Vaults with fewer notes are rendered before a second process has started."""
_CHUNK = 32


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
    jobs: int = 0
    """Processes to work in; 0 for as many as there are processors."""
    cache: Path | None = None
    """Folder to keep what is expensive; None to compute all again."""
    reader: Reader | None = None
    """Reads notes of MkDocs' dialect; None for the one of the built-in configuration."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the site."""

    uri: str
    content: bytes | Path
    """The content, or the file to copy."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the notes give rise to."""

    pages: tuple[Page, ...]
    assets: tuple[Asset, ...]
    mathml: tuple[str, ...] = field(repr=False)
    """Every formula of the notes."""
    index: Index = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]


def build_site(root: Path, settings: SiteSettings, progress: Progress | None = None) -> Site:
    """Build the site of the vault at ``root``. Raises VaultError if there is none."""
    shown = progress or Silent()
    jobs = settings.jobs or os.cpu_count() or 1
    shown.step("Reading notes")
    read = vault.read(root, exclude=settings.exclude, reader=settings.reader)
    planned = drawings.plan(read.notes)
    shown.step("Resolving links")
    reserved = (*settings.reserved, *_own_files(planned))
    index = Index(read, reserved=reserved, further=planned.refs(read.notes))
    shown.step("Computing figures", len(planned.specs))
    cache = settings.cache / "figures" if settings.cache else None
    drawn = drawings.compute(
        planned, cache=cache, jobs=jobs, progress=lambda _line: shown.advance()
    )
    shown.step("Rendering notes", len(index.uris))
    articles = dict(_render(index, drawn.shown, jobs, shown.advance))
    shown.step("Adding pages")
    diagnostics = [*read.diagnostics, *index.diagnostics, *drawn.diagnostics]
    diagnostics += (found for article in articles.values() for found in article.diagnostics)
    made = tuple(_pages(index, articles, settings))
    return Site(
        pages=made,
        assets=(*_assets(index, articles, drawn), *_redirects(index)),
        mathml=tuple(
            dict.fromkeys(formula for article in articles.values() for formula in article.mathml)
        ),
        index=index,
        diagnostics=tuple(sorted(set(diagnostics))),
    )


def math_font(formulas: Iterable[str], cache: Path | None) -> Asset:
    """Return the math font, cut to what ``formulas`` (MathML) show; kept in ``cache``, as cutting takes a second."""
    characters = mathfont.required_characters(formulas)
    maker = Path(mathfont.__file__).read_bytes()
    key = hashlib.sha256(maker + "".join(sorted(characters)).encode()).hexdigest()
    kept = cache / "fonts" / f"{key[:32]}.woff2" if cache else None
    uri = ASSETS + _MATH_FONT
    if kept is not None and kept.is_file():
        return Asset(uri, kept)
    content = mathfont.subset(characters)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(kept)
    return Asset(uri, content)


def _pages(
    index: Index, articles: dict[NotePath, Article], settings: SiteSettings
) -> Iterator[Page]:
    for path in index.uris:
        note = index.vault.notes.get(path)
        if note is not None:
            shown = settings.show_properties
            yield pages.note_page(note, articles[path], index, with_properties=shown)
        else:
            yield pages.board_page(path, articles[path], index)
    for stub in index.stubs.values():
        yield pages.stub_page(stub, index)
    for page in (*pages.tag_pages(index), pages.all_notes_page(index)):
        if page.uri in index.own_pages:
            yield page
    home = pages.home_page(index, settings.name)
    if index.addresses.claim(home.uri, "the front page"):
        yield home


def _own_files(planned: drawings.Plan) -> Iterator[PageUri]:
    """Yield the addresses of all files that do not come from the vault."""
    yield from map(PageUri, drawings.files_of(planned))
    yield from (PageUri(ASSETS + file.name) for file in _THEME_FILES.iterdir())
    yield from (PageUri(ASSETS + name) for name in (_FIGURES_STYLE, _MATH_FONT))


def _assets(
    index: Index, articles: dict[NotePath, Article], drawn: drawings.Drawings
) -> Iterator[Asset]:
    shown = (path for article in articles.values() for path in article.attachments)
    for path in sorted({*index.used_attachments(), *shown}):
        yield Asset(index.files[path], index.vault.root / path)
    for uri, content in drawn.files.items():
        yield Asset(uri, content)
    yield Asset(
        "notes.json",
        (json.dumps(pages.manifest(index), ensure_ascii=False, indent=1) + "\n").encode(),
    )
    for file in sorted(_THEME_FILES.iterdir()):
        yield Asset(ASSETS + file.name, file)
    yield Asset(ASSETS + _FIGURES_STYLE, figures.stylesheet().encode())


def _redirects(index: Index) -> Iterator[Asset]:
    """Yield a file for each address that a note has left, unless something else is there now."""
    for uri, target in pages.redirects(index):
        if index.addresses.claim(uri, "a redirect"):
            yield Asset(f"{uri}index.html", pages.redirect_file(uri, target))


def _render(
    index: Index,
    shown: dict[FigurePlace, drawings.Shown | drawings.Failed],
    jobs: int,
    advance: Callable[[], None],
) -> Iterator[tuple[NotePath, Article]]:
    """Render all notes, in processes of their own where that pays and the system can fork the parsed vault."""
    work = _Work(index, shown, _now())
    paths = tuple(index.uris)
    if (
        jobs == 1
        or len(paths) < _WORTH_PROCESSES
        or "fork" not in multiprocessing.get_all_start_methods()
    ):
        rendered: Iterable[Article] = map(work.render, paths)
        yield from _counted(paths, rendered, advance)
        return
    # A forked worker has the index already; sending it to a new process would cost more than rendering.
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context("fork"), _take_work, (work,)
    ) as executor:
        yield from _counted(paths, _mapped(executor, paths), advance)


def _now() -> datetime:
    """Return the time of the build: SOURCE_DATE_EPOCH if that is set, so that a build can be repeated to the byte."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed.isdecimal():
        return datetime.now()  # noqa: DTZ005 -- Obsidian's times have no zone
    return datetime.fromtimestamp(int(fixed), tz=UTC).replace(tzinfo=None)


def _mapped(executor: Executor, paths: tuple[NotePath, ...]) -> Iterator[Article]:
    return executor.map(_render_one, paths, chunksize=_CHUNK)


def _counted(
    paths: tuple[NotePath, ...], rendered: Iterable[Article], advance: Callable[[], None]
) -> Iterator[tuple[NotePath, Article]]:
    for path, article in zip(paths, rendered, strict=True):
        advance()
        yield path, article


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker needs to render any note."""

    index: Index
    shown: dict[FigurePlace, drawings.Shown | drawings.Failed]
    now: datetime

    def render(self, path: NotePath) -> Article:
        return render_document(path, self.index, drawings=self.shown, now=self.now)


_work: list[_Work] = []


def _take_work(work: _Work) -> None:
    _work[:] = [work]


def _render_one(path: NotePath) -> Article:
    return _work[0].render(path)
