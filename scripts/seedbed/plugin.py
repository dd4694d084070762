# ruff: noqa: ARG002 -- MkDocs calls its events with arguments by name
"""MkDocs as the host: its events on one side, a ``Site`` on the other.

With ``host``, which starts MkDocs, the only module that imports it. Notes reach it as pages whose content is
already there; MkDocs puts the theme around them, renders the hand-written pages of ``docs/`` and writes the files.
"""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs.config import base
from mkdocs.config import config_options as option
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as HostPage
from mkdocs.structure.toc import get_toc

from seedbed import pages, search
from seedbed.article import TocEntry
from seedbed.diagnostics import Diagnostic, describe
from seedbed.handwritten import SeedbedExtension
from seedbed.mkdocs_dialect import Reader
from seedbed.site import Progress, Silent, Site, SiteSettings, build_site, math_font
from seedbed.text import PageUri
from seedbed.uris import ASSETS, NOTES, TAGS
from seedbed.vault import VaultError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

_THEME = Path(__file__).parent / "theme"
_STYLESHEETS = ("seedbed.css", "seedbed-math.css", "seedbed-figures.css")
_SCRIPT = "seedbed.js"
_MARK_OF_MATERIAL = "partials/language.html"
"""A template that Material has, and themes made from it."""

_log = logging.getLogger("mkdocs.plugins.seedbed")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a command line says over the configuration file."""

    notes: Path | None = None
    jobs: int | None = None
    cached: bool = True
    searchable: bool = True
    """Whether to make a search index, if the configuration says so too."""
    progress: Progress | None = None


_overrides: ContextVar[Overrides] = ContextVar("seedbed_overrides", default=Overrides())  # noqa: B039 -- frozen


@contextmanager
def overriding(overrides: Overrides) -> Iterator[None]:
    """Let ``overrides`` hold for the builds inside; MkDocs loads its configuration anew for each."""
    token = _overrides.set(overrides)
    try:
        yield
    finally:
        _overrides.reset(token)


class SeedbedConfig(base.Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in ``mkdocs.yml``."""

    notes_dir = option.Type(str, default="notes")
    """Folder of the vault, relative to the configuration file."""
    exclude = option.ListOfItems(option.Type(str), default=[])
    """Glob patterns of vault paths that are not part of the site."""
    cache_dir = option.Type(str, default=".cache/seedbed")
    """Folder that keeps computed figures, relative to the configuration file."""
    search = option.Type(bool, default=True)
    """Whether to make a search index."""
    show_properties = option.Type(bool, default=False)
    """Whether notes that do not say so themselves show their properties in a table."""
    jobs = option.Type(int, default=0)
    """Processes to work in; 0 for as many as there are processors."""


class NotePage(HostPage):
    """A page whose content is there before MkDocs asks for it."""

    def __init__(self, made: pages.Page, file: File, config: MkDocsConfig) -> None:
        """Take ``made`` as the content of ``file``."""
        self._made = made
        super().__init__(html.escape(made.title), file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        """Set what MkDocs would otherwise read from a file; its own reader would drop header lines."""
        self.markdown = ""
        # The theme's templates escape nothing.
        self.meta = {"title": html.escape(self._made.title), "searchable": self._made.searchable}
        if self._made.description:
            self.meta["description"] = html.escape(self._made.description)
        if self._made.image:
            self.meta["image"] = html.escape(self._made.image)
        if self._made.classes:
            self.meta["cssclasses"] = html.escape(" ".join(self._made.classes))

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Set content and table of contents."""
        self.content = self._made.html
        self.toc = get_toc(_nested(self._made.toc))
        self.present_anchor_ids = {entry.anchor for entry in self._made.toc}


class SeedbedPlugin(BasePlugin[SeedbedConfig]):  # type: ignore[no-untyped-call]
    """Turns the notes of a vault into pages of a MkDocs site."""

    def __init__(self) -> None:
        """Start without a site; each build makes its own."""
        self.site: Site | None = None
        self.diagnostics: list[Diagnostic] = []
        """Everything diagnosed, with paths as seen from the current folder."""
        self._extension = SeedbedExtension()

    @property
    def progress(self) -> Progress:
        """Whoever shows how far the build is."""
        return _overrides.get().progress or Silent()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add templates, styles, script and the Markdown extension for hand-written pages."""
        if not any(Path(folder, _MARK_OF_MATERIAL).is_file() for folder in config.theme.dirs):
            name = config.theme.name
            raise PluginError(f'the theme "{name}" cannot be used: choose "material"')
        place = 1 if config.theme.custom_dir else 0
        config.theme.dirs.insert(place, str(_THEME / "templates"))
        config.extra_css[:0] = [ASSETS + name for name in _STYLESHEETS]
        config.extra_javascript.append(ASSETS + _SCRIPT)
        config.markdown_extensions.append(self._extension)  # type: ignore[arg-type]
        return config

    @event_priority(-50)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Build the site and hand its pages and files to MkDocs, after plugins that add pages of their own."""
        try:
            self.site = build_site(
                self.notes_dir(config), self.site_settings(config, files), self.progress
            )
        except VaultError as error:
            raise PluginError(str(error)) from error
        self._report(self.site.diagnostics, _shown(self.notes_dir(config)))
        for asset in self.site.assets:
            files.append(_asset_file(asset.uri, asset.content, config))
        for page in self.site.pages:
            files.append(_page_file(page, config))
        self._extension.use(self.site.index)
        return files

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Add the hubs, and the ways to all notes and tags: as many lines for ten notes as for ten thousand."""
        if self.site is None:
            return nav
        by_url = {file.url.removeprefix("./"): file.page for file in files.documentation_pages()}
        index = self.site.index
        wanted = [index.uris[path] for path in pages.hubs(index)]
        wanted += [uri for uri in (NOTES, TAGS) if uri in by_url]
        shown = [
            page
            for uri in wanted
            if (page := by_url.get(quote(uri))) is not None and page is not nav.homepage
        ]
        section = Section("Notes", list[StructureItem](shown))
        for page in shown:
            page.parent = section
        nav.items.insert(1 if nav.items and nav.items[0] is nav.homepage else 0, section)
        home = by_url.get("")
        if nav.homepage is None and home is not None:
            nav.homepage = home
        return nav

    def on_page_markdown(
        self, markdown: str, page: HostPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell the Markdown extension which page its links start from."""
        uri = PageUri(page.url.removeprefix("./"))
        self._extension.start_page(uri, page.file.src_uri, page.file.content_string, markdown)
        return markdown

    def on_env(self, env: object, config: MkDocsConfig, files: Files) -> None:
        """Report what was wrong in hand-written pages, make the font for all formulas, begin to count pages."""
        self._report(self._extension.problems, _shown(Path(config.docs_dir)))
        formulas = (*(self.site.mathml if self.site else ()), *self._extension.formulas)
        font = math_font(formulas, self._cache(config))
        files.append(_asset_file(font.uri, font.content, config))
        known = {asset.uri for asset in self.site.assets} if self.site else set()
        addresses = self.site.index.files if self.site else {}
        for path in self._extension.attachments:
            if addresses[path] not in known:
                files.append(_asset_file(addresses[path], self.notes_dir(config) / path, config))
        self.progress.step("Writing pages", len(files.documentation_pages()))

    def on_post_page(self, output: str, page: HostPage, config: MkDocsConfig) -> str:
        """Count a finished page."""
        self.progress.advance()
        return output

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Make the search index of the finished site."""
        if not (self.config.search and _overrides.get().searchable):
            return
        self.progress.step("Indexing for search")
        try:
            search.write_index(Path(config.site_dir))
        except search.SearchError as error:
            raise PluginError(str(error)) from error

    def on_serve(
        self, server: LiveReloadServer, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Build again when a note changes, comes or goes."""
        server.watch(str(self.notes_dir(config)))
        return server

    def notes_dir(self, config: MkDocsConfig) -> Path:
        """Return the vault's folder."""
        return _overrides.get().notes or _base(config) / self.config.notes_dir

    def _cache(self, config: MkDocsConfig) -> Path | None:
        return _base(config) / self.config.cache_dir if _overrides.get().cached else None

    def _report(self, found: Iterable[Diagnostic], prefix: str) -> None:
        """Log each diagnostic as a warning, which MkDocs counts in strict mode, and keep it."""
        for diagnostic in found:
            seen = replace(diagnostic, path=prefix + diagnostic.path)
            self.diagnostics.append(seen)
            _log.warning(describe(seen))

    def site_settings(self, config: MkDocsConfig, files: Files) -> SiteSettings:
        """Return what the configuration and the command line say of the site beside the hand-written ``files``."""
        over = _overrides.get()
        reserved = frozenset(_address(file) for file in files)
        site_dir = Path(config.site_dir)
        notes = self.notes_dir(config).resolve()
        inside = site_dir.resolve().is_relative_to(notes) and site_dir.resolve() != notes
        own = (site_dir.resolve().relative_to(notes).as_posix(),) if inside else ()
        return SiteSettings(
            name=config.site_name,
            exclude=(*self.config.exclude, *own),
            reserved=reserved,
            show_properties=self.config.show_properties,
            jobs=over.jobs if over.jobs is not None else self.config.jobs,
            cache=self._cache(config),
            reader=Reader(config.markdown_extensions, config.mdx_configs),
        )


def _base(config: MkDocsConfig) -> Path:
    """Return the folder that relative paths start from: the configuration's, or here for the built-in one."""
    path = Path(config.config_file_path) if config.config_file_path else None
    return Path.cwd() if path is None or path.is_relative_to(_THEME) else path.parent


def _shown(folder: Path) -> str:
    """Return the vault's folder as the one who reads the diagnostics sees it."""
    relative = os.path.relpath(folder)
    return "" if relative == "." else f"{Path(relative).as_posix()}/"


def _nested(entries: tuple[TocEntry, ...]) -> list[Any]:
    """Return a table of contents in the nested form that Python-Markdown gives MkDocs."""
    top: list[Any] = []
    open_at: list[tuple[int, list[Any]]] = [(0, top)]
    for entry in entries:
        while open_at[-1][0] >= entry.level:
            open_at.pop()
        children: list[Any] = []
        token = {
            "level": entry.level,
            "id": entry.anchor,
            "name": html.escape(entry.title),
            "children": children,
        }
        open_at[-1][1].append(token)
        open_at.append((entry.level, children))
    return top


class _AssetFile(File):
    """A file to copy as it is, whatever it is called."""

    def is_documentation_page(self) -> bool:
        """Whether MkDocs may render it: not even if it is called ``x.markdown``."""
        return False


def _asset_file(uri: str, content: bytes | Path, config: MkDocsConfig) -> File:
    if isinstance(content, Path):
        return _AssetFile.generated(
            config, uri, abs_src_path=str(content), inclusion=InclusionLevel.NOT_IN_NAV
        )
    return _AssetFile.generated(config, uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _address(file: File) -> PageUri:
    """Return where ``file`` will stand in the site: a page's folder, or the file itself."""
    folder, _, name = file.dest_uri.rpartition("/")
    if name != "index.html":
        return PageUri(file.dest_uri)
    return PageUri(f"{folder}/" if folder else "")


def _page_file(page: pages.Page, config: MkDocsConfig) -> File:
    """Return a file that MkDocs takes for a Markdown source, with its page already attached."""
    source = f"{page.uri}index.md"
    file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
    file.dest_uri = f"{page.uri}index.html"
    file.url = quote(page.uri) or "./"
    NotePage(page, file, config)
    return file


__all__ = ["NotePage", "Overrides", "SeedbedConfig", "SeedbedPlugin", "overriding"]
