"""The folder of a built site: what is in it, and that nothing in it is written twice.

Files that are as they should be stay untouched, others are written, and what belongs to the site no more goes. What was
written is remembered in the ``Store`` with the stamp that the file system gave it, so that a file somebody else has
changed is written again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from seedbed.store import Store

_KIND = "written in "

_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)

Content = Callable[[], bytes] | Path
"""What a file shall hold, or a file to copy."""


# Plain strings and the system's own calls below: a Path for each of ten thousand files takes longer than what is done
# with the file, and on some systems each call does.


class SiteFolder:
    """One folder, brought up to date build after build."""

    def __init__(self, folder: Path, store: Store) -> None:
        """Work on ``folder``, which need not be there yet, with what ``store`` knows of earlier builds."""
        self.folder = folder
        self.store = store
        self._kind = f"{_KIND}{folder.resolve()}"
        self._kept: set[str] = set()
        self._written = store.small(self._kind)
        self._made: set[str] = set()
        for kind in store.kinds():
            if kind.startswith(_KIND) and not Path(kind.removeprefix(_KIND)).is_dir():
                store.drop(kind, store.small(kind))

    def put(self, file: str, name: str, content: Content) -> bool:
        """Let ``file`` hold ``content``, of which ``name`` is another name; whether it had to be written."""
        self._kept.add(file)
        key, stamp = self._written.get(file, ("", b""))
        if key == name and stamp == self._stamp(file):
            return False
        self._written[file] = name, self._write(file, content)
        self.store.put(self._kind, [(file, *self._written[file], b"")])
        return True

    def finish(self, since: int | None, others: Iterable[str] = ()) -> None:
        """Remove what an earlier build put and this one did not, and then what else is old.

        ``since`` is when others began to write their part of the site, in nanoseconds by ``now_on_disk``: what they
        have not written goes, unless it lies in one of the folders ``others``. None if they have not written anew.
        """
        gone = [file for file in self._written if file not in self._kept]
        if since is not None:
            left = tuple(f"{folder}/" for folder in others)
            gone += [
                file
                for file in _files(self.folder)
                if file not in self._written
                and not file.startswith(left)
                and _changed(self.folder / file) < since
            ]
        for file in gone:
            if (self.folder / file).is_file():
                (self.folder / file).unlink()
            self._remove_empty(Path(file).parent)
            self._written.pop(file, None)
        self.store.drop(self._kind, gone)
        self._kept.clear()
        self._made.clear()

    def _write(self, file: str, content: Content) -> bytes:
        """Write ``file`` and return its stamp."""
        place = f"{self.folder}{os.sep}{file}"
        try:
            self._make(file.rpartition("/")[0])
            handle = os.open(place, _TO_WRITE, 0o666)
        except OSError:
            self._make_way(file)
            handle = os.open(place, _TO_WRITE, 0o666)
        with os.fdopen(handle, "wb") as written:
            if isinstance(content, Path):
                with content.open("rb") as original:
                    shutil.copyfileobj(original, written)
            else:
                written.write(content())
            written.flush()
            return _stamp_of(os.fstat(handle))

    def _make(self, folder: str) -> None:
        """Make ``folder``, and those it lies in."""
        if folder in self._made:
            return
        if folder:
            self._make(folder.rpartition("/")[0])
        with contextlib.suppress(FileExistsError):
            os.mkdir(f"{self.folder}{os.sep}{folder}")  # noqa: PTH102
        self._made.add(folder)

    def _make_way(self, file: str) -> None:
        """Remove what stands where ``file`` or one of its folders shall be, and make these."""
        place = self.folder / file
        if place.is_dir():
            shutil.rmtree(place)
        for step in reversed(Path(file).parents):
            if (self.folder / step).is_file():
                (self.folder / step).unlink()
        place.parent.mkdir(parents=True, exist_ok=True)

    def _stamp(self, file: str) -> bytes:
        """Return what the file system says of ``file``; nothing if it is not there."""
        try:
            return _stamp_of(os.stat(f"{self.folder}{os.sep}{file}"))  # noqa: PTH116
        except OSError:
            return b""

    def _remove_empty(self, folder: Path) -> None:
        while folder != Path() and (self.folder / folder).is_dir():
            if any((self.folder / folder).iterdir()):
                return
            (self.folder / folder).rmdir()
            folder = folder.parent


def _stamp_of(found: os.stat_result) -> bytes:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}".encode()


def now_on_disk(folder: Path) -> int:
    """Return the time by the clock of the disk that ``folder`` is on: what is written from now on is not older."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".") as file:
        return _changed(Path(file.name))


def _changed(file: Path) -> int:
    """Return when ``file`` was last written or put where it is; a copy may claim the time of its original."""
    found = file.stat()
    return max(found.st_mtime_ns, found.st_ctime_ns)


def _files(folder: Path) -> Iterator[str]:
    """Yield all files below ``folder``, but for what is hidden at its top: nobody who builds a site writes that."""
    for place, folders, files in os.walk(folder):
        inside = place[len(str(folder)) :].lstrip(os.sep).replace(os.sep, "/")
        if not inside:
            folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if inside or not name.startswith("."):
                yield f"{inside}/{name}" if inside else name
