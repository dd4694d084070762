"""Hosts of a site on this machine: a folder of files, or a command that serves.

What runs is ended with its context manager, and writes nothing outside the folder it is given.
"""

import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

import pytest

files_alone = pytest.mark.parametrize("host", ["built"], indirect=True, scope="session")
"""Marks a claim about pages themselves, which need not be seen on every host."""
ROOT = Path(__file__).parents[2]
_LOOPBACK = "127.0.0.1"
_PATIENCE = 50.0
"""Seconds until a host must answer; a first build may have to compute every figure."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where a site can be read."""

    url: str
    """Address of the home page, with the slash at its end."""


def seedbed_command() -> str:
    """Return the path of the command `seedbed` of the Python that runs the tests."""
    found = shutil.which("seedbed", path=sysconfig.get_path("scripts"))
    if found is None:
        raise FileNotFoundError("seedbed is not installed for this Python")
    return found


def free_address() -> str:
    """Return HOST:PORT of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return f"{_LOOPBACK}:{probe.getsockname()[1]}"


@contextmanager
def hosting(folder: Path, prefix: str) -> Iterator[Host]:
    """Serve the files of `folder` under `prefix` alone, and its 404.html for all else, as Pages does."""
    handler = partial(_Files, prefix, directory=str(folder))
    with ThreadingHTTPServer((_LOOPBACK, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Host(f"http://{_LOOPBACK}:{server.server_port}{prefix}")
        finally:
            server.shutdown()
            thread.join()


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, prefix: str, *connection, directory: str) -> None:
        self._prefix = prefix
        super().__init__(*connection, directory=directory)

    def translate_path(self, path: str) -> str:
        if not path.startswith(self._prefix):
            return str(Path(self.directory, "outside", "of", "the", "site"))
        return super().translate_path(path.removeprefix(self._prefix[:-1]))

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory, "404.html")
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing: what went wrong is seen in the browser."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A command that serves, and what it prints."""

    process: subprocess.Popen
    log: Path

    def stop(self) -> int:
        """End it as Ctrl-C does and return its exit code; what it printed is in `log`."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@contextmanager
def serving(
    command: Sequence[str], address: str, scratch: Path, *, folder: Path = ROOT
) -> Iterator[Serving]:
    """Run `command` in `folder` while it serves at `address`; temporary files go to `scratch`."""
    log = scratch / "log.txt"
    with log.open("wb") as output, _start(command, folder, scratch, output) as process:
        running = Serving(process, log)
        try:
            _wait_for(address, running)
            yield running
        finally:
            if process.poll() is None:
                running.stop()


def _start(command: Sequence[str], folder: Path, scratch: Path, output: BinaryIO):
    surroundings = {**os.environ, "TMPDIR": str(scratch), "SITE_URL": ""}
    # What a shell runs in the background is deaf to Ctrl-C, and so would be what it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, cwd=folder, env=surroundings, stdout=output, stderr=subprocess.STDOUT
        )
    finally:
        signal.signal(signal.SIGINT, before)


def _wait_for(address: str, running: Serving) -> None:
    host, _, port = address.partition(":")
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up and running.process.poll() is None:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}: {running.log.read_text(errors='replace')}")
