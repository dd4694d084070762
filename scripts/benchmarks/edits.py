"""Changes to a served vault: how long from saving one to seeing it on a page that is open in a browser.

Where there is no browser the page is asked for again and again, which leaves out what a browser takes to notice a new
page and to show it.
"""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks import processes, vaults
from benchmarks.results import Edits

_CONFIGURATION = """\
INHERIT: {theme}
site_name: Served
docs_dir: docs
plugins:
  seedbed:
    notes_dir: {notes}
"""
_FIRST_BUILD = 900.0
_PATIENCE = 300.0
_SETTLED = 120.0
"""Seconds until an edit must be found by a search; after that the next one does not wait for it."""
HOSTS = ("seedbed serve", "mkdocs serve")
TEXT = "a word of the text"
HEADING = "a heading"
NEW = "a new note"
RENAMED = "a renamed note"
SEARCHABLE = "a word of the text, until a search finds it"


@dataclass(slots=True)
class _Author:
    """Somebody who edits one note and looks at its page."""

    vault: Path
    note: Path
    url: str
    address: str
    """Of the note's page, relative to ``url``."""
    page: Page | None
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def look(self) -> None:
        """Open the page."""
        if self.page is not None:
            self.page.goto(self.url + self.address)

    def save(self, kind: str, change: Callable[[], object], shown: str) -> None:
        """Make a ``change`` and wait until the text ``shown`` is on the page, then until searches know of it."""
        index = _fetched(f"{self.url}pagefind/shards.json")
        began = time.perf_counter()
        change()
        self._see(shown)
        self.seconds.setdefault(kind, []).append(time.perf_counter() - began)
        try:
            processes.waited_for(
                lambda: _fetched(f"{self.url}pagefind/shards.json") not in (index, b""), _SETTLED
            )
        except TimeoutError:
            return
        if kind == TEXT:
            self.seconds.setdefault(SEARCHABLE, []).append(time.perf_counter() - began)

    def _see(self, shown: str) -> None:
        if self.page is not None:
            # Such a wait outlasts the page: it goes on in the one that is loaded instead.
            seen = self.page.locator("article, main").get_by_text(shown).first
            seen.wait_for(timeout=_PATIENCE * 1000)
            return
        word = shown.encode()
        processes.waited_for(
            lambda: word in _fetched(self.url + self.address), _PATIENCE, what=f"no {shown}"
        )


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and by whom."""

    host: str
    """One of ``HOSTS``."""
    notes: int
    vault: Path
    """The notes; they will be changed."""
    folder: Path
    """Where the host may write; it is not there yet."""


def measure(served: Served, browser: Browser | None, count: int) -> Edits:
    """Serve a vault and make ``count`` changes of each kind."""
    with _serving(served) as url:
        note = vaults.midmost(served.vault)
        page = browser.new_page() if browser else None
        author = _Author(served.vault, note, url, _address(note, served.vault, url), page)
        author.look()
        _edit(author, "Warmup", TEXT)
        author.seconds.clear()
        for number in range(count):
            _edit(author, f"Sprout{number}", TEXT)
            _edit(author, f"Shoot{number}", HEADING)
        for number in range(count):
            _add_and_rename(author, number)
        if page is not None:
            page.close()
    return Edits(
        host=served.host,
        notes=served.notes,
        seen_by="Chromium" if browser else "asking for the page every 20 ms",
        seconds={kind: tuple(seconds) for kind, seconds in author.seconds.items()},
    )


def _edit(author: _Author, word: str, kind: str) -> None:
    source = author.note.read_text(encoding="utf-8")
    changed = vaults.with_word if kind == TEXT else vaults.with_heading
    text = changed(source, word)
    author.save(kind, lambda: author.note.write_text(text, encoding="utf-8"), word)


def _add_and_rename(author: _Author, number: int) -> None:
    """Add a note that links to the open page, and rename it: each shows among the backlinks there."""
    first, second = f"Graft {number}", f"Regraft {number}"
    file = author.vault / f"{first}.md"
    text = f"See [[{author.note.stem}]].\n"
    author.save(NEW, lambda: file.write_text(text, encoding="utf-8"), first)
    author.save(RENAMED, lambda: file.rename(author.vault / f"{second}.md"), second)


@contextmanager
def _serving(served: Served) -> Iterator[str]:
    folder = served.folder
    folder.mkdir(parents=True)
    at = f"127.0.0.1:{_free_port()}"
    command: tuple[str, ...]
    if served.host == "seedbed serve":
        command = (processes.seedbed(), "serve", "--notes", str(served.vault), "--addr", at)
    else:
        command = (*processes.mkdocs(), "serve", "--livereload", "--dev-addr", at)
        _configure(served.vault, folder)
    scratch = folder / "temporary"
    scratch.mkdir()
    log = folder / "log.txt"
    with processes.running(command, folder, log, {"TMPDIR": str(scratch)}) as process:
        url = f"http://{at}/"

        def answers() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"{served.host} has ended: {log.read_text(errors='replace')}")
            return bool(_fetched(f"{url}pagefind/shards.json"))

        # The search index is made last.
        processes.waited_for(answers, _FIRST_BUILD, pause=0.5, what=f"no answer of {served.host}")
        yield url


def _configure(vault: Path, folder: Path) -> None:
    """Write a configuration for MkDocs that builds what `seedbed serve` builds without one."""
    from seedbed.host import DEFAULT_CONFIG  # noqa: PLC0415 -- only for this host

    (folder / "docs").mkdir()
    settings = _CONFIGURATION.format(
        theme=json.dumps(str(DEFAULT_CONFIG)), notes=json.dumps(str(vault))
    )
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")


def _address(note: Path, vault: Path, url: str) -> str:
    path = note.relative_to(vault).as_posix()
    entries = json.loads(_fetched(f"{url}notes.json"))
    return next(str(entry["uri"]) for entry in entries if entry["path"] == path)


def _fetched(url: str) -> bytes:
    """Return what stands at ``url``; nothing if there is nothing, or nobody who answers."""
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 -- our own server
            content: bytes = answer.read()
            return content
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return b""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
