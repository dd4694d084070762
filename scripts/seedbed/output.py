"""A site on its way into its folder: pages in their frames, files, the search index.

Goes through everything a ``Site`` makes, once, and hands it on; what is as it should be is neither framed nor written.
Knows nothing of MkDocs: what is around a page, and which pages others have written, it is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seedbed import mathfont, search
from seedbed.folder import SiteFolder
from seedbed.pages import Page
from seedbed.rendering import Made
from seedbed.search import Document
from seedbed.site import Asset, Site, math_font
from seedbed.text import PageUri

_PAGE = "index.html"
_SEARCH = "pagefind"
_FINDABLE = b"data-pagefind-body"


@dataclass(frozen=True, slots=True)
class HandWrittenPart:
    """What pages that no note gave rise to need of the site, and where they are."""

    mathml: tuple[str, ...] = ()
    """Every formula on them."""
    attachments: tuple[str, ...] = ()
    """Vault paths of the files they show."""
    pages: tuple[str, ...] = ()
    """Their files in the site."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where a site goes, and how its pages look there."""

    folder: SiteFolder
    wrap: Callable[[Page], bytes]
    """Puts the theme around a page."""
    frame: str
    """A name for all that is around a page."""
    language: str
    """Of the pages, for those who search them."""
    cache: Path | None
    """Folder for what is expensive."""

    def write(
        self, site: Site, by_hand: HandWrittenPart, since: int | None
    ) -> tuple[Document, ...]:
        """Write what is not there yet, remove what is not of the site any more, and return what can be found in it.

        ``since`` is when others began to write their part, as ``SiteFolder.finish`` has it.
        """
        documents = []
        for made in site.pages():
            facts = made.facts
            self.folder.put(
                f"{facts.uri}{_PAGE}", f"{facts.digest} {self.frame}", self._wrapped(made)
            )
            if facts.words:
                documents.append(
                    Document(facts.uri, facts.words, partial(self._document, site, facts.uri))
                )
        for asset in self._assets(site, by_hand):
            self._put(asset)
        self.folder.finish(since, others=(_SEARCH,))
        documents.extend(self._documents_of_others(by_hand.pages))
        return tuple(documents)

    def index(
        self, documents: Iterable[Document], jobs: int, stop: search.Stop | None = None
    ) -> None:
        """Bring the search index up to date, if nobody stops it. Raises SearchError."""
        target = self.folder.folder / _SEARCH
        search.write_index(documents, target, last=target, jobs=jobs, stop=stop)

    def _wrapped(self, made: Made) -> Callable[[], bytes]:
        return lambda: self.wrap(made.page())

    def _document(self, site: Site, uri: PageUri) -> str:
        page = site.page(uri)
        return search.document(page.title, page.own_html, self.language, page.traits)

    def _documents_of_others(self, files: Iterable[str]) -> Iterator[Document]:
        for file in files:
            written = self.folder.folder / file
            content = written.read_bytes() if written.is_file() else b""  # an empty page is none
            if _FINDABLE in content:
                uri = PageUri(file.removesuffix(_PAGE))
                digest = hashlib.blake2b(content, digest_size=16).hexdigest()
                yield Document(uri, digest, partial(content.decode, "utf-8", "replace"))

    def _assets(self, site: Site, by_hand: HandWrittenPart) -> Iterator[Asset]:
        known = set()
        for asset in site.assets():
            known.add(asset.uri)
            yield asset
        shown = mathfont.required_characters(by_hand.mathml)
        yield math_font(shown.union(site.inventory.characters), self.cache)
        for path in by_hand.attachments:
            uri = site.index.files[path]
            if uri not in known:
                yield Asset(uri, site.index.vault.root / path)

    def _put(self, asset: Asset) -> None:
        content = asset.content
        if isinstance(content, Path):
            found = content.stat()
            name = f"{content} {found.st_size} {found.st_mtime_ns}"
            self.folder.put(asset.uri, name, content)
        else:
            digest = hashlib.blake2b(content, digest_size=16).hexdigest()
            self.folder.put(asset.uri, digest, partial(bytes, content))
