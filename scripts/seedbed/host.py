"""Builds and serves from the outside: what ``mkdocs build`` and ``mkdocs serve`` do, for any vault.

Loads a configuration, the user's or the built-in one, and runs MkDocs with it. With ``plugin``, all that knows
MkDocs: the plugin is called by MkDocs, this module calls it.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seedbed.diagnostics import Code, Diagnostic
from seedbed.site import Progress, SiteSettings

DEFAULT_CONFIG = Path(__file__).parent / "theme" / "default.yml"
_NOTICE = "NO_MKDOCS_2_WARNING"


class SetupError(Exception):
    """A site cannot be built at all: no vault, no usable configuration, no safe place to write."""


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What a command line or a caller asks for."""

    notes: Path | None = None
    """The vault; None for what the configuration says."""
    site_dir: Path | None = None
    config: Path | None = None
    """A ``mkdocs.yml``; None for the built-in configuration."""
    jobs: int = 0
    executor: str = ""
    """A cluster to work on; empty for what the configuration says."""
    cached: bool = True
    searchable: bool = True
    written: bool = True
    """Whether to write the pages of notes, and not only to look for what is wrong."""
    progress: Progress | None = None


def find_config(wanted: Path | None) -> Path | None:
    """Return the configuration to use: ``wanted``, else ``mkdocs.yml`` here, else None for the built-in one."""
    if wanted is not None:
        if not wanted.is_file():
            raise SetupError(f'no configuration at "{wanted}"')
        return wanted
    here = Path("mkdocs.yml")
    return here if here.is_file() else None


def find_vault(wanted: Path | None, config: Path | None) -> Path | None:
    """Return the vault to use without a configuration: ``wanted``, else ``notes``, else this folder if it is one."""
    if wanted is not None:
        if not wanted.is_dir():
            raise SetupError(f'no vault at "{wanted}": there is no such folder')
        return wanted
    if config is not None:
        return None
    if Path("notes").is_dir():
        return Path("notes")
    if Path(".obsidian").is_dir() or any(Path().glob("*.md")):
        return Path()
    raise SetupError("no vault here: name its folder with --notes DIR")


def build(settings: HostSettings) -> tuple[Diagnostic, ...]:
    """Build a site and return everything that was diagnosed, paths as seen from here. Raises SetupError."""
    from mkdocs.commands.build import build as run  # noqa: PLC0415 -- loading MkDocs takes a second

    with _listening() as heard, ExitStack() as stack:
        loaded = _load(settings, stack, heard)
        plugin: Any = loaded.plugins["seedbed"]
        try:
            with _setup_errors(heard):
                run(loaded)
        finally:
            plugin.on_shutdown()
    config = shown(settings.config) if settings.config else "mkdocs.yml"
    of_host = (Diagnostic(config, 1, 1, Code.HOST_WARNING, message) for message in heard)
    return tuple(sorted({*plugin.diagnostics, *of_host}))


def check(settings: HostSettings) -> tuple[Diagnostic, ...]:
    """Return what a build would diagnose, in notes and hand-written pages, and leave no site. Raises SetupError."""
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        return build(replace(settings, site_dir=Path(folder), searchable=False, written=False))


def serve(settings: HostSettings, address: str) -> None:
    """Serve a site and build it again at every change, until interrupted. Raises SetupError."""
    from mkdocs.commands.serve import serve as run  # noqa: PLC0415 -- loading MkDocs takes a second

    with _listening() as heard, ExitStack() as stack:
        _load(settings, stack, heard)
    with _talking(), _own_temporary_folder(), ExitStack() as stack:
        keywords = _keywords(settings, stack)
        keywords.pop("site_dir", None)  # MkDocs serves from a folder of its own
        with _setup_errors():
            run(dev_addr=address, **keywords)


def site_settings_of(settings: HostSettings) -> tuple[Path, SiteSettings]:
    """Return the vault and the settings that a build with ``settings`` would use, hand-written pages included."""
    from mkdocs.structure.files import get_files  # noqa: PLC0415 -- loading MkDocs takes a second

    with _listening() as heard, ExitStack() as stack:
        loaded = _load(settings, stack, heard)
        plugin = loaded.plugins["seedbed"]
        return plugin.notes_dir(loaded), plugin.site_settings(loaded, get_files(loaded))


def shown(folder: Path) -> str:
    """Return ``folder`` as seen from the current one."""
    return Path(os.path.relpath(folder)).as_posix()


def _load(settings: HostSettings, stack: ExitStack, heard: list[str]) -> Any:  # noqa: ANN401 -- a library's untyped configuration
    from mkdocs.config import load_config  # noqa: PLC0415 -- loading MkDocs takes a second

    with _setup_errors(heard):
        loaded = load_config(**_keywords(settings, stack))
    plugin: Any = loaded.plugins.get("seedbed")
    if plugin is None:
        raise SetupError(
            f'"{settings.config}" does not use the plugin "seedbed": add it under plugins'
        )
    _refuse_unsafe(Path(loaded.site_dir), settings, Path(plugin.notes_dir(loaded)))
    return loaded


def _keywords(settings: HostSettings, stack: ExitStack) -> dict[str, Any]:
    from seedbed.options import Overrides, overriding  # noqa: PLC0415 -- loading MkDocs takes a second

    notes = settings.notes.absolute() if settings.notes else None
    stack.enter_context(
        overriding(
            Overrides(
                notes=notes,
                jobs=settings.jobs or None,
                executor=settings.executor,
                cached=settings.cached,
                searchable=settings.searchable,
                written=settings.written,
                progress=settings.progress,
            )
        )
    )
    keywords: dict[str, Any] = {"config_file": str(settings.config or DEFAULT_CONFIG)}
    if settings.site_dir is not None:
        keywords["site_dir"] = str(settings.site_dir.absolute())
    if settings.config is None:
        keywords.setdefault("site_dir", str(Path("site").absolute()))
        keywords["docs_dir"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="seedbed-"))
        if notes is not None:
            keywords["site_name"] = notes.resolve().name or "Notes"
    return keywords


@contextmanager
def _own_temporary_folder() -> Iterator[None]:
    """Have temporary files made where they go at the end: an interrupt at its beginning has MkDocs leave some."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="seedbed-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _refuse_unsafe(site_dir: Path, settings: HostSettings, notes: Path) -> None:
    """Refuse to write where something else is: MkDocs empties the folder of the site first."""
    target = site_dir.resolve()
    for kept in (
        notes.resolve(),
        Path.cwd().resolve(),
        settings.config.resolve() if settings.config else notes.resolve(),
    ):
        if kept.is_relative_to(target):
            raise SetupError(
                f'the site cannot be built into "{site_dir}": that folder holds "{kept}" and would be emptied'
            )
    if target.is_dir() and any(target.iterdir()) and not (target / "404.html").is_file():
        raise SetupError(
            f'the site cannot be built into "{site_dir}": it holds files that are no site; empty it first'
        )
    if target.exists() and not target.is_dir():
        raise SetupError(f'the site cannot be built into "{site_dir}": that is a file')


@contextmanager
def _setup_errors(heard: list[str] | None = None) -> Iterator[None]:
    """Turn what MkDocs raises about its configuration into one line: the last that it said, if it said one."""
    from mkdocs.exceptions import Abort, MkDocsException  # noqa: PLC0415 -- loading MkDocs takes a second

    try:
        yield
    except Abort as error:
        reason = "; ".join(heard or ()) or str(error) or "the configuration cannot be used"
        raise SetupError(reason) from error
    except (MkDocsException, OSError) as error:
        raise SetupError(" ".join(str(error).split())) from error


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Keep MkDocs from telling its own story, and yield the warnings that it and other plugins give."""
    os.environ.setdefault(_NOTICE, "1")
    logger = logging.getLogger("mkdocs")
    listener = _Listener()
    propagated, level = logger.propagate, logger.level
    logger.addHandler(listener)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield listener.heard
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagated
        logger.setLevel(level)


@contextmanager
def _talking() -> Iterator[None]:
    """Let MkDocs say where it serves, what it rebuilds and, each time, what is wrong."""
    os.environ.setdefault(_NOTICE, "1")
    logger = logging.getLogger("mkdocs")
    console = logging.StreamHandler()
    level = logger.level
    logger.addHandler(console)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(console)
        logger.setLevel(level)


class _Listener(logging.Handler):
    """Keeps what MkDocs and other plugins warn of; what Seedbed logs for MkDocs to count is known already."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning of the host."""
        if record.name != "mkdocs.plugins.seedbed":
            self.heard.append(" ".join(record.getMessage().split()))
