"""What earlier builds left, in one file on disk: parsed notes, rendered pages, what was written where.

Entries of bytes by kind and name; what they mean is known to whoever puts them there. Everything in it can be made
again, so a store that is of another version, broken or in use by another build is as good as an empty one.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import platform
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from seedbed.release import code_digest

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (kind TEXT, name TEXT, key TEXT, small BLOB, large BLOB);
CREATE UNIQUE INDEX IF NOT EXISTS by_name ON entries (kind, name);
CREATE TABLE IF NOT EXISTS made_by (version TEXT);
"""
_WAIT = 2.0
"""Seconds to wait for another build to finish writing, before doing without what it left."""
_SUM = 4
_LIBRARIES = (
    *("Markdown", "markdown-it-py", "math-core", "merman", "Pygments", "pymdown-extensions"),
    *("PyYAML", "regex", "numpy", "matplotlib", "graspologic-native"),
)
"""What shapes the HTML of a note, beside our own code."""


class Store:
    """Entries by kind and name, each with a key that says what it was made from."""

    def __init__(self, file: Path | None, made_by: str = "") -> None:
        """Open the store in ``file``; None for one that is gone when it is closed.

        ``made_by`` names whatever all entries depend on; the code itself need not be named.
        """
        self._made_by = made_by + _own_version()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._connection = (self._usable(file) if file else None) or self._temporary()

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of entries there are."""
        with contextlib.suppress(sqlite3.DatabaseError):
            rows = self._connection.execute("SELECT DISTINCT kind FROM entries")
            return tuple(kind for (kind,) in rows)
        return ()

    def small(self, kind: str) -> dict[str, tuple[str, bytes]]:
        """Return key and small part of every entry of ``kind``, by name."""
        query = "SELECT name, key, small FROM entries WHERE kind = ?"
        found: dict[str, tuple[str, bytes]] = {}
        with contextlib.suppress(sqlite3.DatabaseError):
            for name, key, kept in self._connection.execute(query, (kind,)):
                small = _checked(kept)
                if small is not None:
                    found[name] = key, small
        return found

    def large(self, kind: str, name: str) -> bytes | None:
        """Return the large part of an entry, if there is one."""
        query = "SELECT large FROM entries WHERE kind = ? AND name = ?"
        try:
            row = self._connection.execute(query, (kind, name)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return None if row is None else _checked(row[0])

    def put(self, kind: str, rows: Iterable[tuple[str, str, bytes, bytes]]) -> None:
        """Keep entries: name, key, small and large part."""
        summed = (
            (kind, name, key, _summed(small), _summed(large)) for name, key, small, large in rows
        )
        self._write("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", summed)

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Forget entries."""
        rows = ((kind, name) for name in names)
        self._write("DELETE FROM entries WHERE kind = ? AND name = ?", rows)

    def clear(self) -> None:
        """Forget everything."""
        self._write("DELETE FROM entries", [()])

    def begin(self) -> None:
        """Keep other builds from writing until ``commit``; go on without the file where another one writes."""
        if self._connection.in_transaction:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError:
            self._connection.close()
            self._connection = self._temporary()

    def commit(self) -> None:
        """Let what was put outlast this process."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self._connection.commit()

    def close(self) -> None:
        """Let go of the file; what was put since the last ``commit`` is forgotten."""
        self._connection.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        # A full disk, say: what is not kept is made again.
        with contextlib.suppress(sqlite3.DatabaseError):
            self._connection.executemany(statement, rows)

    def _usable(self, file: Path) -> sqlite3.Connection | None:
        """Open ``file``; replace it if it is broken. None where no file can be had."""
        for _ in range(2):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                return _opened(file, self._made_by)
            except sqlite3.OperationalError:
                return None  # in use, or no place to write
            except sqlite3.DatabaseError:
                file.unlink(missing_ok=True)
            except OSError:
                return None
        return None

    def _temporary(self) -> sqlite3.Connection:
        self._folder = tempfile.TemporaryDirectory(prefix="seedbed-", ignore_cleanup_errors=True)
        return _opened(Path(self._folder.name, "store.sqlite"), self._made_by)


def _opened(file: Path, made_by: str) -> sqlite3.Connection:
    # Pages are read by whoever needs them, in any thread; no two threads are at work at a time.
    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        before = connection.execute("SELECT version FROM made_by").fetchone()
        if before != (made_by,):
            connection.execute("DELETE FROM entries")
            connection.execute("DELETE FROM made_by")
            connection.execute("INSERT INTO made_by VALUES (?)", (made_by,))
    except BaseException:
        connection.close()
        raise
    return connection


@functools.cache
def _own_version() -> str:
    """Return a name for the code that makes entries: our own, to the byte, and the libraries it uses."""
    found = hashlib.blake2b(code_digest(16).encode(), digest_size=16)
    found.update(platform.python_version().encode())
    for library in _LIBRARIES:
        with contextlib.suppress(ImportError):
            found.update(f"{library} {version(library)}\n".encode())
    return found.hexdigest()


def _summed(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_SUM, "big") + content


def _checked(kept: bytes) -> bytes | None:
    content = kept[_SUM:]
    return content if zlib.crc32(content).to_bytes(_SUM, "big") == kept[:_SUM] else None
