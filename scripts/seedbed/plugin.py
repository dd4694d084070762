# ruff: noqa: ARG002 -- MkDocs calls its events with arguments by name
"""MkDocs as the host: its events on one side, a ``Site`` on the other.

MkDocs renders the hand-written pages of ``docs/`` and copies its theme. Notes do not pass through it one by one: their
pages are put into its theme and written when it is done, and only where they are not what they should be already.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure import StructureItem
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as HostPage
from mkdocs.utils.templates import TemplateContext

from seedbed import options, search, templates
from seedbed.aside import Aside
from seedbed.diagnostics import Diagnostic, describe
from seedbed.executors import WorkersError
from seedbed.folder import SiteFolder, now_on_disk
from seedbed.frame import Frames
from seedbed.handwritten import SeedbedExtension
from seedbed.mkdocs_dialect import Reader
from seedbed.options import OVERRIDES, SeedbedConfig
from seedbed.output import HandWrittenPart, Output
from seedbed.pages import Page
from seedbed.rendering import LostError
from seedbed.serving import Serving
from seedbed.site import Progress, Silent, Site, SiteSettings
from seedbed.store import Store
from seedbed.text import PageUri
from seedbed.uris import ASSETS
from seedbed.vault import VaultError
from seedbed.witness import Answers, Witness
from seedbed.wrapping import (
    TEMPLATES,
    NotePage,
    Target,
    Wrapper,
    listed,
    others_look_at_pages,
    templates_of,
)

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

_STYLESHEETS = ("seedbed.css", "seedbed-math.css", "seedbed-figures.css")
_SCRIPT = "seedbed.js"
_MARK_OF_MATERIAL = "partials/language.html"
"""A template that Material has, and themes made from it."""

_log = logging.getLogger("mkdocs.plugins.seedbed")


class SeedbedPlugin(BasePlugin[SeedbedConfig]):  # type: ignore[no-untyped-call]
    """Turns the notes of a vault into pages of a MkDocs site."""

    def __init__(self) -> None:
        """Start without a site; each build makes its own, from the one before."""
        self.site: Site | None = None
        self.diagnostics: list[Diagnostic] = []
        """Everything diagnosed, with paths as seen from the current folder."""
        self._extension = SeedbedExtension()
        self._witness: Witness | None = None
        self._aside: Aside | None = None
        self._began = 0
        self._placed: dict[PageUri, NotePage] = {}
        self._targets: list[Target] = []
        self._nav = Navigation([], [])
        self._wrapper: Wrapper | None = None
        self._by_hand = HandWrittenPart()
        self._output: Output | None = None
        self._documents: tuple[search.Document, ...] = ()
        self._indexed: tuple[tuple[PageUri, str], ...] = ()
        """Address and digest of every page in the search index."""
        self._notes = Path()
        self._settings = SiteSettings()
        self._docs = Path()
        self._outside: tuple[str, ...] = ()
        self._others_look = False
        self._serves = False
        self._serving = Serving(self._update, self._index, lambda: self._outside)

    @property
    def progress(self) -> Progress:
        """Whoever shows how far the build is."""
        return OVERRIDES.get().progress or Silent()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Stay for all builds of a server: MkDocs makes plugins anew that do not listen to this."""
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add templates, styles, script and the Markdown extension for hand-written pages."""
        if not any(Path(folder, _MARK_OF_MATERIAL).is_file() for folder in config.theme.dirs):
            name = config.theme.name
            raise PluginError(f'the theme "{name}" cannot be used: choose "material"')
        place = 1 if config.theme.custom_dir else 0
        config.theme.dirs.insert(place, str(TEMPLATES))
        made, cache = config.theme.get_env, self._cache(config)
        config.theme.get_env = lambda: templates.prepare(made(), cache)  # type: ignore[method-assign]
        config.extra_css[:0] = [ASSETS + name for name in _STYLESHEETS]
        config.extra_javascript.append(ASSETS + _SCRIPT)
        if not self._serves:
            self._let_go()
        self.diagnostics = []
        self._extension = SeedbedExtension()
        self._witness = None
        config.markdown_extensions.append(self._extension)  # type: ignore[arg-type]
        return config

    @event_priority(-100)
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Put the last site where MkDocs does not empty its folder."""
        # A build makes a million values that all stay; looking for cycles among them takes a third of its time.
        gc.disable()
        self._aside = Aside(Path(config.site_dir))
        self._aside.put()

    @event_priority(-50)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Look at the vault, and show MkDocs those of our pages that its navigation names."""
        if self._aside is not None:
            self._aside.take_back()
        self._began = now_on_disk(Path(config.site_dir))
        self._notes, self._settings = self.notes_dir(config), self.site_settings(config, files)
        if self._serves:
            self._serving.watch(self._notes)  # before they are read, so that no change is missed
        with _plugin_errors():
            self.site = Site(self._notes, self._settings, self.progress, self.site)
        shown = {hub.uri: hub.title for hub in (*self.site.hubs, self.site.home) if hub}
        named = options.named_in(config.nav, self.site.uris - shown.keys())
        shown |= {uri: self.site.title(uri) for uri in named}
        self._placed = {uri: NotePage(Page(uri, shown[uri], ""), config) for uri in shown}
        for page in self._placed.values():
            files.append(page.file)
        self._targets = []
        if files.documentation_pages():
            known = set(files.src_uris)
            targets = [Target.for_page(uri, config) for uri in self.site.uris - self._placed.keys()]
            targets += (Target.for_file(uri, config) for uri in self.site.files)
            self._targets = [target for target in targets if target.src_uri not in known]
            for target in self._targets:
                files.append(target)
        return files

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Add the hubs, and the ways to all notes and tags: as many lines for ten notes as for ten thousand."""
        for uri, page in self._placed.items():
            files.remove(page.file)
            files.append(target := Target.for_page(uri, config))
            self._targets.append(target)
        hubs = self.site.hubs if self.site else ()
        shown = [self._placed[hub.uri] for hub in hubs if hub.uri]
        section = Section("Notes", list[StructureItem](shown))
        for page in shown:
            page.parent = section
        nav.items.insert(1 if nav.items and nav.items[0] is nav.homepage else 0, section)
        nav.homepage = nav.homepage or self._placed.get(PageUri(""))
        self._nav = nav
        return nav

    def on_page_markdown(
        self, markdown: str, page: HostPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell the Markdown extension which page its links start from."""
        if isinstance(page, NotePage) or self.site is None:
            return markdown
        if self._witness is None:
            self._witness = Witness(self.site.sources)
            self._extension.use(self._witness, self._witness.drawings)
        uri = PageUri(page.url.removeprefix("./"))
        self._extension.start_page(uri, page.file.src_uri, page.file.content_string, markdown)
        return markdown

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
        """Report what was wrong in hand-written pages, and keep what puts the theme around the others."""
        self._docs = Path(config.docs_dir)
        self._report(self._extension.problems, options.as_seen(self._docs))
        for target in self._targets:
            files.remove(target)
        self._wrapper = Wrapper(config, files, self._nav, env, self._placed)
        self.progress.step("Writing pages by hand", len(files.documentation_pages()))

    def on_template_context(
        self, context: TemplateContext, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Let the theme list our pages in its sitemap."""
        if template_name == "sitemap.xml" and config.site_url and self.site is not None:
            ours = listed(sorted(self.site.uris), config)
            context["pages"] = [*context["pages"], *ours]  # type: ignore[list-item]
        return context

    @event_priority(100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of notes, and make the search index of the whole site."""
        if self.site is None or self._wrapper is None:
            return
        by_hand = self._extension
        self._by_hand = HandWrittenPart(
            tuple(by_hand.formulas),
            tuple(by_hand.attachments),
            tuple(file.dest_uri for file in self._wrapper.doc_files),
        )
        self._outside = options.watched_by(config)
        with _plugin_errors():
            if OVERRIDES.get().written:
                self._output = self._new_output(config, self._wrapper, self.site.store)
            self._write(self.site, self._began)
            if not self._serves:
                self._index()
                self._let_go()
            elif not self._indexed and (len(self._documents) > search.MOST or not self._index()):
                self._serving.index_soon()
        _collect_again()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave the last site where it was, and what was made for the next one."""
        if self._aside is not None:
            self._aside.take_back()
        if self.site is not None:
            self.site.commit()
        _collect_again()

    def on_serve(
        self, server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Build again what a changed note touches; everything if anything else changes."""
        if self.site is not None:
            _ = self.site.ground  # so that the first edit need not wait for it
        self._serving.attach(server, builder)
        return server

    def on_shutdown(self) -> None:
        """Stop listening for changes, and let go of the cache; whenever that is, a build may have been interrupted."""
        self._serves = False
        self._serving.stop()
        if self._aside is not None:
            self._aside.take_back()
        self._let_go()

    def notes_dir(self, config: MkDocsConfig) -> Path:
        """Return the vault's folder."""
        return OVERRIDES.get().notes or options.base_folder(config) / self.config.notes_dir

    def site_settings(self, config: MkDocsConfig, files: Files) -> SiteSettings:
        """Return what the configuration and the command line say of the site beside the hand-written ``files``."""
        over = OVERRIDES.get()
        reserved = frozenset(options.address_of(file) for file in files)
        site_dir, notes = Path(config.site_dir).resolve(), self.notes_dir(config).resolve()
        inside = site_dir.is_relative_to(notes) and site_dir != notes
        own = (site_dir.relative_to(notes).as_posix(),) if inside else ()
        return SiteSettings(
            name=config.site_name,
            exclude=(*self.config.exclude, *own),
            reserved=reserved,
            show_properties=self.config.show_properties,
            dates=self.config.dates,
            jobs=over.jobs if over.jobs is not None else self.config.jobs,
            executor=over.executor or self.config.executor,
            cache=self._cache(config),
            reader=Reader(config.markdown_extensions, config.mdx_configs),
        )

    def _new_output(self, config: MkDocsConfig, wrapper: Wrapper, store: Store) -> Output:
        frames = Frames(wrapper, frozenset(self._placed))
        seen = self._others_look = others_look_at_pages(config, self)
        return Output(
            folder=SiteFolder(Path(config.site_dir), store),
            wrap=wrapper.encoded if seen else frames.encoded,
            # What another plugin makes of a page, or keeps of it, is known to it alone.
            frame=secrets.token_hex() if seen else f"{frames.name} {templates_of(config)}",
            language=str(config.theme.get("language") or "en"),
            cache=self._cache(config),
        )

    def _write(self, site: Site, since: int | None) -> None:
        """Write what is new in ``site``, or only make it where nothing shall be written, and report what is wrong."""
        try:
            self._make(site, since)
        except LostError:
            self.site = site = site.afresh()
            self._make(site, since)
        self._report(site.inventory.diagnostics, options.as_seen(self._notes))
        site.store.commit()

    def _make(self, site: Site, since: int | None) -> None:
        if self._output is not None:
            self._documents = self._output.write(site, self._by_hand, since)
        else:
            for _ in site.pages():
                pass

    def _update(self) -> bool:
        """Bring the pages of notes up to date; whether nothing that others write depends on what has changed."""
        before = self.site
        # What another plugin makes of all pages, it makes in a whole build.
        if before is None or self._output is None or self._others_look:
            return False
        gc.disable()
        try:
            site = self.site = Site(self._notes, self._settings, Silent(), before)
            if not self._is_the_same_for_others(before, site):
                return False
            self.diagnostics = []
            self._write(site, None)
        except (VaultError, WorkersError, LostError, OSError):
            return False  # a whole build finds a way, or tells of it
        finally:
            _collect_again()
        self._report(self._extension.problems, options.as_seen(self._docs))
        return True

    def _is_the_same_for_others(self, before: Site, now: Site) -> bool:
        """Whether all is as it was that the navigation, the sitemap and hand-written pages show of the notes."""
        if (now.hubs, now.home, now.uris) != (before.hubs, before.home, before.uris):
            return False
        if any(now.title(uri) != before.title(uri) for uri in self._placed):
            return False
        asked = self._witness.trace if self._witness else ()
        if asked and not Answers(now.sources).hold(asked):
            return False
        # MkDocs knows which files they may link.
        return not self._by_hand.pages or (
            now.index.used_attachments() == before.index.used_attachments()
        )

    def _index(self, stop: search.Stop | None = None) -> bool:
        """Bring the search index up to date; whether it is."""
        over = OVERRIDES.get()
        known = tuple((each.uri, each.digest) for each in self._documents)
        if (
            self._output is None
            or not (self.config.search and over.searchable)
            or known == self._indexed
        ):
            return True
        self.progress.step("Indexing for search")
        jobs = over.jobs or self.config.jobs or os.cpu_count() or 1
        try:
            self._output.index(self._documents, jobs, stop)
        except (search.StoppedError, LostError):
            return False
        except search.SearchError as error:
            if not self._serves:
                raise PluginError(str(error)) from error
            _log.warning(str(error))
            return False
        self._indexed = known
        return True

    def _let_go(self) -> None:
        """Forget the last build."""
        if self.site is not None:
            self.site.close()
        self.site = None
        self._indexed = ()
        self._output = None

    def _cache(self, config: MkDocsConfig) -> Path | None:
        return (
            options.base_folder(config) / self.config.cache_dir if OVERRIDES.get().cached else None
        )

    def _report(self, found: Iterable[Diagnostic], prefix: str) -> None:
        """Log each diagnostic as a warning, which MkDocs counts in strict mode, and keep it."""
        for diagnostic in found:
            seen = replace(diagnostic, path=prefix + diagnostic.path)
            self.diagnostics.append(seen)
            _log.warning(describe(seen))


def _collect_again() -> None:
    """Look for cycles again, but not among what a build has made: that stays, and to look takes a second."""
    gc.freeze()
    gc.enable()


@contextmanager
def _plugin_errors() -> Iterator[None]:
    """Turn what ends a build into one line."""
    try:
        yield
    except (VaultError, WorkersError) as error:
        raise PluginError(str(error)) from error
