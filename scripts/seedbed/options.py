"""What the owner of a site decides: in ``mkdocs.yml``, or on a command line, which says it over that.

With what follows from a configuration alone: folders, addresses, what its navigation names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import base
from mkdocs.config import config_options as option
from mkdocs.structure.files import File

from seedbed.site import Progress
from seedbed.text import PageUri

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

_OWN = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a command line says over the configuration file."""

    notes: Path | None = None
    jobs: int | None = None
    executor: str = ""
    cached: bool = True
    searchable: bool = True
    """Whether to make a search index, if the configuration says so too."""
    written: bool = True
    """Whether to write the pages of notes, and not only to look for what is wrong."""
    progress: Progress | None = None


OVERRIDES: ContextVar[Overrides] = ContextVar("seedbedoverrides", default=Overrides())  # noqa: B039 -- frozen


@contextmanager
def overriding(overrides: Overrides) -> Iterator[None]:
    """Let ``overrides`` hold for the builds inside; MkDocs loads its configuration anew for each."""
    token = OVERRIDES.set(overrides)
    try:
        yield
    finally:
        OVERRIDES.reset(token)


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
    previews = option.Type(bool, default=True)
    """Whether links within the site show what they lead to."""
    show_properties = option.Type(bool, default=False)
    """Whether notes that do not say so themselves show their properties in a table."""
    dates = option.Type(bool, default=True)
    """Whether the site says when notes were created and updated."""
    jobs = option.Type(int, default=0)
    """Processes to work in; 0 for as many as there are processors."""
    executor = option.Type(str, default="")
    """Cluster to work on instead, as ``dask://HOST:PORT``."""


def base_folder(config: MkDocsConfig) -> Path:
    """Return the folder that relative paths start from: the configuration's, or here for the built-in one."""
    path = Path(config.config_file_path) if config.config_file_path else None
    return Path.cwd() if path is None or path.is_relative_to(_OWN) else path.parent


def watched_by(config: MkDocsConfig) -> tuple[str, ...]:
    """Return the files and folders, beside the notes, that the whole site depends on."""
    own = (config.docs_dir, config.config_file_path, config.theme.custom_dir)
    return tuple(str(each) for each in (*own, *config.watch) if each)


def as_seen(folder: Path) -> str:
    """Return the vault's folder as the one who reads the diagnostics sees it."""
    relative = os.path.relpath(folder)
    return "" if relative == "." else f"{Path(relative).as_posix()}/"


def address_of(file: File) -> PageUri:
    """Return where ``file`` will stand in the site: a page's folder, or the file itself."""
    folder, _, name = file.dest_uri.rpartition("/")
    if name != "index.html":
        return PageUri(file.dest_uri)
    return PageUri(f"{folder}/" if folder else "")


def named_in(nav: Any, uris: Iterable[PageUri]) -> Iterator[PageUri]:  # noqa: ANN401 -- whatever a configuration holds
    """Yield those of ``uris`` that the configuration's ``nav`` names by the file that a page would be made from."""
    if isinstance(nav, str):
        uri = PageUri(nav.removesuffix("index.md"))
        if uri != nav and uri in set(uris):
            yield uri
    elif isinstance(nav, (list, dict)):
        for each in nav.values() if isinstance(nav, dict) else nav:
            yield from named_in(each, uris)
