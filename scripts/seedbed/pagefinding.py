"""A running Pagefind: what it is asked, and how it is stopped at once.

Its package for Python does the same, but waits a tenth of a second for each answer; its command reads files in whatever
order a disk lists them. Separate from the index, which knows shards and no processes.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any, cast

from pagefind.service import get_executable

_AHEAD = 8
"""Pages that Pagefind is sent before it has answered for the first; their answers are short."""


class SearchError(Exception):
    """The index could not be made."""


class StoppedError(SearchError):
    """Somebody wanted no index any more."""


class Stop:
    """What ends the making of an index from another thread, at once: the index stays what it was."""

    def __init__(self) -> None:
        """Let the work go on until ``set`` is called."""
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def set(self) -> None:
        """End the work, its processes first."""
        with self._lock:
            self._event.set()
        self.kill()

    def kill(self) -> None:
        """End the processes that are at work now."""
        with self._lock:
            for process in self._running:
                process.kill()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the end of the work; whether that has come."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise StoppedError if the work shall end."""
        if self._event.is_set():
            raise StoppedError("the search index is not wanted any more")

    @contextmanager
    def reaching(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Have ``process`` ended with the work, while it runs."""
        with self._lock:
            self._running.add(process)
            if self._event.is_set():
                process.kill()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)


@contextmanager
def running(folder: Path, stop: Stop) -> Iterator[Service]:
    """Start Pagefind in ``folder``, where no configuration of its own lies; give a way to ask it for something.

    Raises SearchError if it cannot be started or fails, StoppedError if ``stop`` has ended it.
    """
    program = get_executable()
    if program is None:
        raise SearchError("cannot start Pagefind: it is not installed")
    with tempfile.TemporaryFile() as complaints:
        command = [str(program), "--service"]
        try:
            # In a session of its own: whoever presses Ctrl-C interrupts all processes of a terminal, and would hear
            # of a broken index.
            process = subprocess.Popen(
                command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=complaints,
                cwd=folder,
                start_new_session=True,
            )
        except OSError as error:
            raise SearchError(f"cannot start Pagefind: {error.strerror}") from error
        try:
            with process, stop.reaching(process):  # at the end of its input it ends
                yield Service(process)
        except (EOFError, OSError) as error:
            stop.check()
            complaints.seek(0)
            lines = complaints.read().decode(errors="replace").strip().splitlines()
            raise SearchError(f"Pagefind failed: {lines[-1] if lines else 'no message'}") from error


class Service:
    """A running Pagefind: messages and answers are base64 of JSON with a comma behind, in order."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._sending = cast(IO[bytes], process.stdin)
        self._receiving = cast(BufferedReader, process.stdout)
        self._rest = bytearray()
        """Received, and part of no answer yet."""
        self._searched = 0
        """How much of that holds no comma."""

    def __call__(self, kind: str, **payload: object) -> dict[str, Any]:
        """Send a message and return its answer.

        Raises SearchError if it says no, EOFError and OSError if Pagefind is not there any more.
        """
        self._send({"type": kind, **payload})
        return self._answer()

    def all(self, payloads: Iterable[dict[str, object]]) -> None:
        """Send messages, a few ahead of their answers, so that neither side waits for the other."""
        waiting = 0
        for payload in payloads:
            self._send(payload)
            waiting += 1
            if waiting > _AHEAD:
                self._answer()
                waiting -= 1
        for _ in range(waiting):
            self._answer()

    def _send(self, payload: dict[str, object]) -> None:
        message = json.dumps({"message_id": 0, "payload": payload})
        self._sending.write(base64.b64encode(message.encode()) + b",")
        self._sending.flush()

    def _answer(self) -> dict[str, Any]:
        while (end := self._rest.find(b",", self._searched)) < 0:
            self._searched = len(self._rest)
            piece = self._receiving.read1()
            if not piece:
                raise EOFError
            self._rest += piece
        answer = bytes(self._rest[:end])
        del self._rest[: end + 1]
        self._searched = 0
        said: dict[str, Any] = json.loads(base64.b64decode(answer))["payload"]
        if said["type"] == "Error":
            raise SearchError(f"Pagefind failed: {said['message']}")
        return said
