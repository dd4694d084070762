"""A served site, kept up to date: an edited note costs what it touches, and a browser is told at once.

Stands between MkDocs' server, which rebuilds everything at any change, and the plugin. The search index follows when
nothing has changed for a moment, beside the server's work; whatever else is to be done does not wait for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import MkDocsException

from seedbed.search import Stop
from seedbed.watching import Watch

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

_PAUSES = (1.0, 5.0, 30.0)
"""Seconds without a change before the search index is brought up to date, and before that is tried again."""

_READING_PLACE = Path(__file__).with_name("reading_place.js")
"""A script for served pages alone."""

_log = logging.getLogger("mkdocs.plugins.seedbed")


@dataclass(slots=True)
class Serving:
    """One server and the site that it serves."""

    update: Callable[[], bool]
    """Bring the pages of notes up to date, if nothing else has to change for that; whether it could."""
    index: Callable[[Stop], bool]
    """Bring the search index up to date, unless that is stopped; whether it is now."""
    watched: Callable[[], Iterable[str]]
    """Files and folders, beside the notes, that the whole site depends on."""
    _server: LiveReloadServer | None = None
    _build: Callable[..., None] | None = None
    _watch: Watch | None = None
    _heard: bool = False
    """Whether notes have changed before there was a server to tell."""
    _outside: dict[str, int] | None = None
    """What the last build knew of the files beside the notes; None if it failed."""
    _stop: Stop = field(default_factory=Stop)
    _indexing: threading.Thread | None = None

    def watch(self, notes: Path) -> None:
        """Hear of changes in the folder ``notes`` from now on, and of no other."""
        if self._watch is not None:
            if self._watch.folder == notes:
                return
            self._watch.stop()
        self._watch = Watch(notes, self._tell)

    def attach(self, server: LiveReloadServer, build: Callable[..., None]) -> None:
        """Let ``server`` rebuild by ``update`` where that does, else by ``build``."""
        self._outside = self._look_outside()
        self._server, self._build = server, build
        server.builder = self.rebuild
        _keep_reading_places(server)
        _end_quietly(server)
        if self._heard:
            self._tell()

    def rebuild(self) -> None:
        """Bring the site up to date; where that cannot be, say why and leave it as it was.

        An error would have MkDocs answer nobody until there is none.
        """
        self._stop_indexing()
        try:
            self._bring_up_to_date()
        except MkDocsException as error:
            _log.error(" ".join(str(error).split()))
        except Exception:  # noqa: BLE001 -- it may come from any plugin
            _log.exception("The site could not be built:")
        self.index_soon()

    def stop(self) -> None:
        """Listen no more and leave nothing running."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        self._stop_indexing()

    def _bring_up_to_date(self) -> None:
        before, self._outside = self._outside, None
        outside = self._look_outside()
        if outside != before or not self.update():
            assert self._build is not None  # noqa: S101 -- there is a server, so it was attached
            self._build()
        self._outside = outside

    def _tell(self) -> None:
        """Ask the server, if it is there, to rebuild."""
        self._heard = self._server is None
        if self._server is not None:
            # As its own listeners do; it offers no other way.
            with self._server._rebuild_cond:  # noqa: SLF001
                self._server._want_rebuild = True  # noqa: SLF001
                self._server._rebuild_cond.notify_all()  # noqa: SLF001

    def index_soon(self) -> None:
        """Bring the search index up to date when nothing has changed for a moment."""
        self._stop = Stop()
        # A thread begins without the context in which a command line has said what holds.
        self._indexing = threading.Thread(
            target=copy_context().run, args=(self._index, self._stop), daemon=True
        )
        self._indexing.start()

    def _stop_indexing(self) -> None:
        """End the making of a search index: it would be of pages that are not there any more."""
        self._stop.set()
        if self._indexing is not None:
            self._indexing.join()

    def _index(self, stop: Stop) -> None:
        for pause in _PAUSES:
            if stop.wait(pause) or self.index(stop):
                return

    def _look_outside(self) -> dict[str, int]:
        files: dict[str, int] = {}
        for watched in map(Path, self.watched()):
            for file in (watched, *watched.rglob("*")):
                try:
                    files[str(file)] = file.stat().st_mtime_ns
                except OSError:
                    continue
        return files


def _keep_reading_places(server: LiveReloadServer) -> None:
    """Have what an author reads stay where it is when ``server`` lets a browser load a page again."""
    script = b"<script>%b</script>" % _READING_PLACE.read_bytes()
    # MkDocs offers no other way.
    inject: Callable[[bytes, int], bytes] = server._inject_js_into_html  # noqa: SLF001

    def inject_both(content: bytes, epoch: int) -> bytes:
        before, end, after = content.rpartition(b"</body>")
        return inject(b"%b%b%b%b" % (before, script, end, after) if end else content, epoch)

    server._inject_js_into_html = inject_both  # type: ignore[method-assign]  # noqa: SLF001


def _end_quietly(server: LiveReloadServer) -> None:
    """Let an interrupt at once end ``server`` without a word: its thread may find its socket closed already."""
    serve = server.serve_forever

    def serve_forever(poll_interval: float = 0.5) -> None:
        try:
            serve(poll_interval)
        except ValueError:
            if server.fileno() >= 0:
                raise

    server.serve_forever = serve_forever  # type: ignore[method-assign]
