"""The texts of a vault's notes, which stay on disk and are read where they are written out.

A text is the larger part of a note by far, and only its own page and those that embed it need it. Separate from the
vault, because the processes that render notes are handed the texts they need and know no store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

from seedbed.dialect.packing import pack, unpack
from seedbed.note import Text
from seedbed.text import NotePath

_MOST_KEPT = 64
"""Texts that stay unpacked: of embedded notes, which are asked for again and again."""


class AbsentError(LookupError):
    """The text of a note is not at hand where it is needed."""

    def __init__(self, path: NotePath) -> None:
        """Say which."""
        super().__init__(path)
        self.path = path


class Texts:
    """Texts by path, packed; unpacked when they are asked for."""

    __slots__ = ("_load", "_packed", "_unpacked")

    def __init__(
        self,
        load: Callable[[NotePath], bytes] | None = None,
        packed: Mapping[NotePath, bytes] | None = None,
    ) -> None:
        """Hold ``packed`` texts, and ``load`` others."""
        self._load = load
        self._packed: Mapping[NotePath, bytes] = packed or {}
        self._unpacked: dict[NotePath, Text] = {}

    def __reduce__(self) -> tuple[type[Self], tuple[()]]:
        """Go to other processes empty-handed."""
        return type(self), ()

    @contextmanager
    def holding(self, packed: Mapping[NotePath, bytes]) -> Iterator[None]:
        """Hold ``packed`` for a while, and nothing else."""
        before = self._load, self._packed
        self._load, self._packed = None, packed
        self._unpacked.clear()
        try:
            yield
        finally:
            self._load, self._packed = before
            self._unpacked.clear()

    def packed(self, paths: Iterable[NotePath]) -> dict[NotePath, bytes]:
        """Return the packed texts at ``paths``. Raises AbsentError."""
        return {path: self._packed_at(path) for path in paths}

    def __getitem__(self, path: NotePath) -> Text:
        """Return the text at ``path``. Raises AbsentError."""
        if path not in self._unpacked:
            if len(self._unpacked) >= _MOST_KEPT:
                del self._unpacked[next(iter(self._unpacked))]
            self._unpacked[path] = unpacked(self._packed_at(path))
        return self._unpacked[path]

    def _packed_at(self, path: NotePath) -> bytes:
        if path in self._packed:
            return self._packed[path]
        if self._load is None:
            raise AbsentError(path)
        return self._load(path)


def packed(text: Text) -> bytes:
    """Return ``text`` as bytes."""
    source = text.source.encode("utf-8", "surrogatepass")
    return len(source).to_bytes(8, "big") + source + pack(text.tokens)


def unpacked(content: bytes) -> Text:
    """Return the text that ``packed`` made ``content`` from."""
    end = 8 + int.from_bytes(content[:8], "big")
    return Text(content[8:end].decode("utf-8", "surrogatepass"), unpack(content[end:]))
