"""MkDocs' theme around a page of ours: what MkDocs does for a hand-written page, for one that has its content already.

With ``plugin`` and ``host`` the door to MkDocs. The slow way, by the theme's template; ``frame`` learns from it.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs.commands.build import get_context
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as HostPage
from mkdocs.structure.toc import get_toc

from seedbed.article import TocEntry
from seedbed.pages import Page
from seedbed.text import PageUri

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.plugins import BasePlugin

TEMPLATES = Path(__file__).parent / "theme" / "templates"
_CONTENT = ("markdown", "meta", "content", "toc")
_PAGE_EVENTS = (
    *("pre_page", "page_read_source", "page_markdown", "page_content"),
    *("page_context", "post_page"),
)


class NotePage(HostPage):
    """A page of MkDocs whose content is there before MkDocs asks for it."""

    def __init__(self, made: Page, config: MkDocsConfig) -> None:
        """Take ``made`` as content."""
        super().__init__(html.escape(made.title), page_file(made.uri, config), config)
        self.markdown = ""
        # The theme's templates escape nothing.
        self.meta = {"title": html.escape(made.title), "searchable": made.searchable}
        if made.description:
            self.meta["description"] = html.escape(made.description)
        if made.image:
            self.meta["image"] = html.escape(made.image)
        if made.classes:
            self.meta["cssclasses"] = html.escape(" ".join(made.classes))
        self.content = made.html
        self.toc = get_toc(_nested(made.toc))


class Wrapper:
    """Puts the theme around pages, by its own template and past all plugins that look at pages."""

    def __init__(
        self,
        config: MkDocsConfig,
        files: Files,
        nav: Navigation,
        env: jinja2.Environment,
        placed: Mapping[PageUri, NotePage],
    ) -> None:
        """Use what MkDocs has made of the site; ``placed`` are the pages that stand in ``nav``."""
        self._config = config
        self._files = files
        self._nav = nav
        self._env = env
        self._placed = placed
        self.doc_files = files.documentation_pages()
        """What MkDocs renders itself."""

    def encoded(self, made: Page) -> bytes:
        """Return the whole HTML of ``made`` as it is written."""
        return self(made).encode("utf-8", "xmlcharrefreplace")

    def __call__(self, made: Page) -> str:
        """Return the whole HTML of ``made``."""
        page = NotePage(made, self._config)
        placed = self._placed.get(made.uri)
        if placed is not None:
            # The template compares pages of the navigation with this one by identity.
            return self._rendered_as(placed, page)
        return self._rendered(page)

    def _rendered_as(self, placed: NotePage, page: NotePage) -> str:
        """Return the HTML of ``page``, with ``placed`` in its place for as long as that takes."""
        before = {name: placed.__dict__[name] for name in _CONTENT}
        placed.__dict__.update({name: page.__dict__[name] for name in _CONTENT})
        try:
            return self._rendered(placed)
        finally:
            placed.__dict__.update(before)

    def _rendered(self, page: Any) -> str:  # noqa: ANN401 -- another plugin may put another page in its place
        config, events = self._config, self._config.plugins
        page = events.on_pre_page(page, config=config, files=self._files)
        page.markdown = events.on_page_markdown(
            page.markdown, page=page, config=config, files=self._files
        )
        page.content = events.on_page_content(
            page.content, page=page, config=config, files=self._files
        )
        page.active = True
        config._current_page = page  # noqa: SLF001 -- as MkDocs does, for filters that ask for it
        try:
            context = get_context(self._nav, self.doc_files, config, page)
            template = self._env.get_template("main.html")
            context = events.on_page_context(context, page=page, config=config, nav=self._nav)
            return str(events.on_post_page(template.render(context), page=page, config=config))
        finally:
            page.active = False
            config._current_page = None  # noqa: SLF001


def templates_of(config: MkDocsConfig) -> str:
    """Return a name for the templates themselves: what they do with one page's values, no other page shows."""
    found = hashlib.blake2b(digest_size=16)
    for library in ("mkdocs", "mkdocs-material", "Jinja2"):
        found.update(version(library).encode())
    for folder in filter(None, (config.theme.custom_dir, str(TEMPLATES))):
        for file in sorted(Path(folder).rglob("*.html")):
            found.update(file.read_bytes())
    return found.hexdigest()


def others_look_at_pages(config: MkDocsConfig, own: BasePlugin[Any]) -> bool:
    """Whether another plugin than ``own`` wants to see each page."""
    listening = (method for event in _PAGE_EVENTS for method in config.plugins.events[event])
    return any(getattr(method, "__self__", None) is not own for method in listening)


class Target(File):
    """A page or file of ours while MkDocs looks where the links of hand-written pages lead; not for it to write."""

    def is_documentation_page(self) -> bool:
        """Whether MkDocs may render it: never."""
        return False

    @classmethod
    def for_page(cls, uri: PageUri, config: MkDocsConfig) -> Target:
        """Return the page at ``uri``."""
        target = cls.for_file(f"{uri}index.md", config)
        target.dest_uri = f"{uri}index.html"
        target.url = quote(uri) or "./"
        return target

    @classmethod
    def for_file(cls, uri: str, config: MkDocsConfig) -> Target:
        """Return the file at ``uri``."""
        made = cls.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        assert isinstance(made, cls)  # noqa: S101 -- for the type, which MkDocs does not say
        return made


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of ours in the list from which the theme makes its sitemap."""

    page: HostPage


def listed(uris: Iterable[PageUri], config: MkDocsConfig) -> list[Listed]:
    """Return the pages at ``uris`` for that list."""
    return [Listed(HostPage("", page_file(uri, config), config)) for uri in uris]


def page_file(uri: PageUri, config: MkDocsConfig) -> File:
    """Return a file that MkDocs takes for the Markdown source of the page at ``uri``."""
    file = File.generated(config, f"{uri}index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
    file.dest_uri = f"{uri}index.html"
    file.url = quote(uri) or "./"
    return file


def _nested(entries: Iterable[TocEntry]) -> list[Any]:
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
