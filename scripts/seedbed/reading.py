"""From the files of a vault to documents: each parsed once, side by side, and not again while it stays as it is.

Turns bytes into notes, canvases and bases. What parsing made is kept in a ``Store`` by the digest of the bytes,
a note's text apart from the rest of it, so that it is in memory only while somebody works on it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from seedbed import compact, surroundings
from seedbed.bases import Base, read_base
from seedbed.canvas import Canvas, read_canvas
from seedbed.diagnostics import Code, Diagnostic
from seedbed.executors import Workers
from seedbed.likeness import wording
from seedbed.listing import Survey, decode, digest_of
from seedbed.mkdocs_dialect import Reader
from seedbed.note import Note, Text, read_note
from seedbed.prose import Prose, prose_of
from seedbed.store import Store
from seedbed.text import Lines, NotePath, fold
from seedbed.texts import Texts, packed

_KIND = "document"
_CHUNK = 32
_FEW = 200
"""Files that are parsed before a second process has started."""

Document = Note | Canvas | Base
Kind = TypeVar("Kind", Note, Canvas, Base)


@dataclass(frozen=True, slots=True)
class Found:
    """One file, read."""

    document: Document | None
    """None for what is not published and for a file that cannot be read."""
    digest: str
    """Of the file's bytes; empty if it cannot be read."""
    aliases: tuple[str, ...] = ()
    """Folded aliases of an unpublished note."""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The documents of a vault by path, in the order asked for."""

    found: dict[NotePath, Found] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)

    def of(self, kind: type[Kind]) -> dict[NotePath, Kind]:
        """Return the published documents of one kind."""
        documents = ((path, found.document) for path, found in self.found.items())
        return {path: document for path, document in documents if isinstance(document, kind)}


@dataclass(frozen=True, slots=True)
class Means:
    """What reading and rendering work with."""

    workers: Workers = field(default_factory=Workers)
    store: Store | None = None
    """Keeps what was made, texts among it; None to keep everything in memory and make it here."""
    reader: Reader | None = None
    """Reads notes of MkDocs' dialect; None for the one of the built-in configuration."""


@dataclass(frozen=True, slots=True)
class _Parser:
    """What it takes to parse any file."""

    reader: Reader | None
    packs: bool
    """Whether texts are kept apart."""

    def parse(self, path: NotePath, content: bytes, digest: str) -> tuple[Found, bytes]:
        """Return what is in a file, and its packed text."""
        source, bad = decode(content)
        trouble = () if bad is None else (_bad_encoding(path, source, bad),)
        document = self._document(path, source)
        if isinstance(document, (Note, Canvas)) and not document.published:
            aliases = document.aliases if isinstance(document, Note) else ()
            return Found(None, digest, tuple(map(fold, aliases))), b""
        if not (isinstance(document, Note) and document.text):
            return Found(document, digest, diagnostics=trouble), b""
        around = surroundings.packed(document)
        prose = prose_of(document.tokens, document.source)
        said = (*(each.plain for each in document.headings), Prose(prose).text(document.source))
        rest = replace(document, surroundings=around, prose=prose, wording=wording(" ".join(said)))
        if not self.packs:
            return Found(rest, digest, diagnostics=trouble), b""
        text = packed(document.text)
        rest = replace(rest, text=None)
        return Found(rest, digest, diagnostics=trouble), text

    def _document(self, path: NotePath, source: str) -> Document:
        lowered = path.lower()
        if lowered.endswith(".canvas"):
            return read_canvas(path, source)
        if lowered.endswith(".base"):
            return read_base(path, source)
        return read_note(path, source, self.reader)


def read_files(found: Survey, means: Means, last: Mapping[NotePath, Found] | None = None) -> Files:
    """Read the notes, canvases and bases that a survey has found.

    What the store knows is not parsed again; ``last`` is what was read before, in memory.
    """
    store, reader = means.store, means.reader
    parser = _Parser(reader, packs=store is not None)
    kept = store.small(_KIND) if store and last is None else {}
    read: dict[NotePath, Found] = {}

    def changed() -> Iterator[_File]:
        for path, digest in found.digests.items():
            before = last.get(path) if last is not None else _unpickled(kept.get(path), digest)
            if before is not None and before.digest == digest:
                read[path] = before
                continue
            content = _content(found.root, path)
            read[path] = content if isinstance(content, Found) else _UNREAD
            if not isinstance(content, Found):
                yield path, content, digest_of(content)

    if store is None:
        for path, content, digest in changed():
            read[path], _ = parser.parse(path, content, digest)
        return Files(read)
    files = changed()
    first = tuple(itertools.islice(files, _FEW))
    rest = itertools.chain(first, files)
    for rows in means.workers.map(_parse, parser, _chunks(rest), few=len(first) < _FEW):
        store.put(_KIND, rows)
        read.update((NotePath(path), compact.loads(small)) for path, _, small, _ in rows)
    store.drop(_KIND, (kept.keys() if last is None else last.keys()) - read.keys())
    return Files(read, Texts(functools.partial(_load, found.root, reader, store)))


_File = tuple[NotePath, bytes, str]
"""Path, content and digest."""
_Row = tuple[NotePath, str, bytes, bytes]
"""A row of the store: path, digest, what was found, packed text."""
_UNREAD = Found(None, "")


def _parse(parser: _Parser, files: tuple[_File, ...]) -> list[_Row]:
    rows = []
    for path, content, digest in files:
        found, text = parser.parse(path, content, digest)
        rows.append((path, digest, compact.dumps(found), text))
    return rows


def _chunks(files: Iterator[_File]) -> Iterator[tuple[_File, ...]]:
    while chunk := tuple(itertools.islice(files, _CHUNK)):
        yield chunk


def _content(root: Path, path: NotePath) -> bytes | Found:
    try:
        return Path(root, path).read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown error"
        message = f"the file cannot be read: {reason}"
        return Found(None, "", diagnostics=(Diagnostic(path, 1, 1, Code.FILE_UNREADABLE, message),))


def _unpickled(kept: tuple[str, bytes] | None, digest: str) -> Found | None:
    return compact.loads(kept[1]) if kept and kept[0] == digest else None


def _load(root: Path, reader: Reader | None, store: Store, path: NotePath) -> bytes:
    """Return the packed text of the note at ``path``, parsed again if the store has lost it."""
    text = store.large(_KIND, path)
    if text is None:
        content = _content(root, path)
        source = "" if isinstance(content, Found) else decode(content)[0]
        note = read_note(path, source, reader)
        text = packed(note.text or Text("", ()))
    return text


def _bad_encoding(path: NotePath, source: str, bad: int) -> Diagnostic:
    line, column = Lines(source).position(bad)
    return Diagnostic(
        path, line, column, Code.ENCODING_INVALID, "invalid encoding: the file is not UTF-8"
    )
