"""Small vaults for tests: written into a folder or made in memory, and what becomes of their notes."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from seedbed import vault
from seedbed.article import Article, render_document
from seedbed.diagnostics import Diagnostic
from seedbed.index import Index
from seedbed.note import read_note
from seedbed.pages import Page
from seedbed.site import Asset, Inventory, Site, SiteSettings
from seedbed.store import Store
from seedbed.text import NotePath
from seedbed.vault import Vault, VaultSettings
from seedbed.vaultmap import Chart, Links, chart


def write_vault(
    root: Path, files: Mapping[str, str | bytes], settings: Mapping[str, object] | None = None
) -> Path:
    """Write ``files`` under ``root``, with ``settings`` as Obsidian's, and return ``root``."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if settings is not None:
        write_vault(root / ".obsidian", {"app.json": json.dumps(settings)})
    return root


@dataclass(frozen=True)
class Built:
    """A site, all of it in memory."""

    pages: tuple[Page, ...]
    assets: tuple[Asset, ...]
    index: Index
    inventory: Inventory

    @property
    def diagnostics(self):
        """Everything wrong with the vault."""
        return self.inventory.diagnostics


def build_site(root: Path, settings: SiteSettings | None = None) -> Built:
    """Return the site of the vault in the folder ``root``."""
    site = Site(root, settings or SiteSettings())
    pages = tuple(made.page() for made in site.pages())
    built = Built(pages, tuple(site.assets()), site.index, site.inventory)
    site.close()
    return built


def index_of(root: Path) -> Index:
    """Return the index of the vault in the folder ``root``."""
    return Index(vault.read(vault.look(root)))


def chart_of(index: Index) -> Chart:
    """Return the chart of all that is linked in ``index``."""
    with closing(Store(None)) as store:
        return chart(Links.of(index.around.ground.targets), store)


def index_in_memory(notes: Mapping[str, str], attachments: tuple[str, ...] = ()) -> Index:
    """Return the index of a vault that stands nowhere on disk, its notes in the order given."""
    read = {NotePath(path): read_note(NotePath(path), text) for path, text in notes.items()}
    return Index(Vault(Path(), read, attachments, frozenset(), VaultSettings(), ()))


def articles_of(index: Index) -> dict[str, Article]:
    """Return the article of every note, canvas and base, by path."""
    return {path: render_document(path, index) for path in index.uris}


def diagnostics_of(index: Index) -> tuple[Diagnostic, ...]:
    """Return everything wrong with the vault but its figures, sorted."""
    of_articles = (found for each in articles_of(index).values() for found in each.diagnostics)
    return tuple(sorted({*index.vault.diagnostics, *index.diagnostics, *of_articles}))
