"""From a vault to a ``Site``: every page and file that the notes give rise to.

The sum of the steps before it: read, plan the figures, index, compute, render, add the pages around the notes.
Knows nothing of MkDocs, so that another host can show the same site.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from seedbed import drawings, figures, mathfont, pages, vault
from seedbed.article import Article, FigurePlace, render_article
from seedbed.diagnostics import Diagnostic
from seedbed.index import Index
from seedbed.pages import Page
from seedbed.text import NotePath, PageUri
from seedbed.uris import ASSETS

_THEME_FILES = Path(__file__).parent / "theme" / "assets"
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
    """Addresses that hand-written pages have taken; if the home page is among them, none is made."""
    jobs: int = 0
    """Processes to work in; 0 for as many as there are processors."""
    cache: Path | None = None
    """Folder to keep what is expensive; None to compute all again."""


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
    read = vault.read(root, exclude=settings.exclude)
    planned = drawings.plan(read.notes)
    shown.step("Resolving links")
    index = Index(read, reserved=settings.reserved, further=planned.refs(read.notes))
    shown.step("Computing figures", len(planned.specs))
    cache = settings.cache / "figures" if settings.cache else None
    drawn = drawings.compute(
        planned, cache=cache, jobs=jobs, progress=lambda _line: shown.advance()
    )
    shown.step("Rendering notes", len(read.notes))
    articles = dict(_render(index, drawn.shown, jobs, shown.advance))
    shown.step("Adding pages")
    diagnostics = [*read.diagnostics, *index.diagnostics, *drawn.diagnostics]
    diagnostics += (found for article in articles.values() for found in article.diagnostics)
    return Site(
        pages=tuple(_pages(index, articles, settings)),
        assets=tuple(_assets(index, drawn)),
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
    uri = f"{ASSETS}seedbed-math.woff2"
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
    files = (posixpath.split(path) for path in index.used_attachments())
    taken = {
        *settings.reserved,
        *(f"{folder}/".lstrip("/") for folder, name in files if name == "index.html"),
    }
    for path, note in index.vault.notes.items():
        taken.add(index.uris[path])
        yield pages.note_page(note, articles[path], index)
    around: list[Page] = [pages.stub_page(stub, index) for stub in index.stubs.values()]
    around += pages.tag_pages(index)
    around.append(pages.all_notes_page(index))
    around.append(pages.home_page(index, settings.name))
    for page in around:
        if page.uri not in taken:
            taken.add(page.uri)
            yield page


def _assets(index: Index, drawn: drawings.Drawings) -> Iterator[Asset]:
    for path in index.used_attachments():
        yield Asset(path, index.vault.root / path)
    for uri, content in drawn.files.items():
        yield Asset(uri, content)
    yield Asset(
        "notes.json",
        (json.dumps(pages.manifest(index), ensure_ascii=False, indent=1) + "\n").encode(),
    )
    for file in sorted(_THEME_FILES.iterdir()):
        yield Asset(ASSETS + file.name, file)
    yield Asset(f"{ASSETS}seedbed-figures.css", figures.stylesheet().encode())


def _render(
    index: Index,
    shown: dict[FigurePlace, drawings.Shown | drawings.Failed],
    jobs: int,
    advance: Callable[[], None],
) -> Iterator[tuple[NotePath, Article]]:
    """Render all notes, in processes of their own where that pays and the system can fork the parsed vault."""
    work = _Work(index, shown, index.vault.settings.strict_line_breaks)
    paths = tuple(index.vault.notes)
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
    strict_line_breaks: bool

    def render(self, path: NotePath) -> Article:
        note = self.index.vault.notes[path]
        return render_article(
            note,
            self.index.uris[path],
            self.index,
            drawings=self.shown,
            strict_line_breaks=self.strict_line_breaks,
        )


_work: list[_Work] = []


def _take_work(work: _Work) -> None:
    _work[:] = [work]


def _render_one(path: NotePath) -> Article:
    return _work[0].render(path)
