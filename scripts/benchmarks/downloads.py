"""What a reader's browser downloads of a built site: the first page, then a first search.

The site is served as any host of static files does, text compressed, and the browser has seen nothing of it before.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser

from benchmarks.results import Bytes

_TEXTS = (
    *("text/", "application/javascript", "application/json", "application/xml"),
    *("application/wasm", "image/svg+xml"),
)
_WORD = "orthogonal"
"""What is searched for; notes of every size of vault have it."""
_QUIET = 1500
"""Milliseconds after which nothing more is asked for."""
_SEARCHED = 5000
_TYPING = 40
"""Milliseconds between two letters, so that every search as one types is counted."""


@dataclass(slots=True)
class _Sent:
    text: int = 0
    media: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, size: int) -> None:
        with self.lock:
            if kind.startswith(("font/", "image/")) and kind != "image/svg+xml":
                self.media += size
            else:
                self.text += size


def measure(browser: Browser, site: Path, page: str) -> Bytes:
    """Return what the page at the address ``page`` and a search from there cost the reader of ``site``."""
    with served(site) as (address, sent):
        reader = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        reader.goto(address + quote(page), wait_until="load")
        reader.wait_for_timeout(_QUIET)
        text, media = sent.text, sent.media
        reader.keyboard.press("/")
        reader.wait_for_timeout(_QUIET)
        reader.keyboard.type(_WORD, delay=_TYPING)
        reader.wait_for_timeout(_SEARCHED)
        searched = sent.text + sent.media - text - media
        reader.context.close()
    return Bytes(page=text, fonts_and_images=media, search=searched)


def address_of(note: Path, vault: Path, site: Path) -> str:
    """Return where the page of ``note`` is in ``site``: where Seedbed says, else where MkDocs puts it."""
    path = note.relative_to(vault)
    manifest = site / "notes.json"
    if not manifest.is_file():
        return f"{path.with_suffix('').as_posix()}/"
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    return next(str(entry["uri"]) for entry in entries if entry["path"] == path.as_posix())


@contextmanager
def served(site: Path) -> Iterator[tuple[str, _Sent]]:
    """Serve ``site`` on this machine while the context lasts; yields its address, and counts what is sent."""
    sent = _Sent()
    handler = partial(_Compressing, sent, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", sent
        finally:
            server.shutdown()
            thread.join()


class _Compressing(SimpleHTTPRequestHandler):
    """Sends files, text of them compressed, and counts what it sends."""

    protocol_version = "HTTP/1.1"

    def __init__(self, sent: _Sent, *connection: object, directory: str) -> None:
        self._sent = sent
        super().__init__(*connection, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, or with the page for what is not there."""
        path = Path(self.directory, unquote(urlsplit(self.path).path).lstrip("/"))
        file = path / "index.html" if path.is_dir() else path
        there = file.is_file()
        content = (file if there else Path(self.directory, "404.html")).read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", kind)
        if kind.startswith(_TEXTS):
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self._sent.add(kind, len(content))

    def log_message(self, *_: object) -> None:
        """Say nothing."""
