"""A folder that somebody works in: whoever wants to know is told when something in it changes.

Hears of changes from the system where it tells, else looks at every file twice a second. The folder may go and come
back. What is only read, and what no vault holds, is no change: else a build would set off the next one by reading, and
Obsidian by remembering which note is open.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

_SILENT_SYSTEMS = frozenset(
    {"9p", "cifs", "drvfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs"}
)
"""File systems that tell nothing of changes made elsewhere; those of ``fuse`` neither."""
_PAUSE = 0.5
"""Seconds between two looks at whether the folder is there, and at its files where the system does not tell."""
_CHANGES: list[type[FileSystemEvent]] = [
    *(FileCreatedEvent, FileModifiedEvent, FileAttribEvent, FileClosedEvent),
    *(FileDeletedEvent, FileMovedEvent, DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
]
"""All but reading, of which a build does so much that to hear of it takes longer than to do it."""
_SETTINGS = ".obsidian/app.json"
"""The only hidden file that a site depends on."""

_log = logging.getLogger("mkdocs.plugins.seedbed")


class Watch:
    """Eyes on one folder, until ``stop``."""

    def __init__(self, folder: Path, changed: Callable[[], None]) -> None:
        """Call ``changed`` from now on, in a thread of its own, whenever a file in ``folder`` is another."""
        self.folder = folder
        self._changed = changed
        self._observer: BaseObserver | None = None
        self._identity: tuple[int, int] | None = None
        self._stopped = threading.Event()
        self._look()
        self._thread = threading.Thread(target=self._keep_looking, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look away."""
        self._stopped.set()
        self._thread.join()
        self._close()

    def _keep_looking(self) -> None:
        while not self._stopped.wait(_PAUSE):
            if self._look():
                self._changed()

    def _look(self) -> bool:
        """Listen to the folder that is there now; whether it is another one than before."""
        identity = _identity(self.folder)
        if identity == self._identity and self._is_listening():
            return False
        self._close()
        self._identity = identity
        if identity is None:
            return False
        self._observer = self._listen()
        return self._observer is not None

    def _is_listening(self) -> bool:
        # Whoever listens to a folder ends with it, and another folder may get its number.
        observer = self._observer
        return self._identity is None or (
            observer is not None and all(each.is_alive() for each in observer.emitters)
        )

    def _listen(self) -> BaseObserver | None:
        kinds = [Observer] if _tells_of_changes(self.folder) else []
        for kind in (*kinds, PollingObserver):
            observer: BaseObserver = kind(timeout=_PAUSE)
            observer.schedule(
                _Listener(self.folder, self._changed),
                str(self.folder),
                recursive=True,
                event_filter=_CHANGES,
            )
            try:
                observer.start()
            except OSError as error:  # no more watches to be had, or the folder is gone again
                _log.debug("cannot listen to %s: %s", self.folder, error)
            else:
                return observer
        return None

    def _close(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None


class _Listener(FileSystemEventHandler):
    """Passes on what happens to files that can be part of a vault."""

    def __init__(self, folder: Path, changed: Callable[[], None]) -> None:
        self._folder = str(folder)
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass ``event`` on, or not."""
        if any(self._concerns(os.fsdecode(path)) for path in (event.src_path, event.dest_path)):
            self._changed()

    def _concerns(self, path: str) -> bool:
        if not path:
            return False
        inside = Path(os.path.relpath(path, self._folder))
        hidden = any(part.startswith(".") for part in inside.parts if part != "..")
        return not hidden or inside.as_posix() == _SETTINGS


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of its name; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _tells_of_changes(folder: Path) -> bool:
    """Whether the system says when a file in ``folder`` changes."""
    if sys.platform != "linux":
        return True
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    place = folder.resolve()
    found = ("", "")
    for line in mounts.splitlines():
        _, mounted, kind, *_ = line.split(" ")
        if place.is_relative_to(mounted) and len(mounted) >= len(found[0]):
            found = mounted, kind
    return not (found[1] in _SILENT_SYSTEMS or found[1].startswith("fuse"))
