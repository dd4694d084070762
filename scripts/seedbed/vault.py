"""From a folder to a ``Vault``: which files are notes, which are attachments, what is private.

Reads the folder once. Ignored folders, excluded patterns and the vault's own Obsidian settings are applied here,
and unpublished notes are set apart here, so that nothing behind this module can show one by accident.
"""

from __future__ import annotations

import fnmatch
import functools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from seedbed.bases import Base, read_base
from seedbed.canvas import Canvas, read_canvas
from seedbed.diagnostics import Code, Diagnostic
from seedbed.mkdocs_dialect import Reader
from seedbed.note import Note, name_of, read_note
from seedbed.text import NotePath, fold

LinkFormat = Literal["shortest", "relative", "absolute"]

Document = TypeVar("Document", Canvas, Base)

_CHUNK = 16


class VaultError(Exception):
    """There is no vault where one was asked for. The one mistake in a vault that cannot be data."""


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """What ``.obsidian/app.json`` says that concerns a published site."""

    strict_line_breaks: bool = False
    """A single line end is a blank, as in CommonMark, rather than a line break."""
    attachment_folder: str = ""
    """Where the vault keeps attachments: of files of one name, links mean the one there."""
    ignored: tuple[str, ...] = ()
    """Path prefixes, or regular expressions between slashes."""
    link_format: LinkFormat = "shortest"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file system knows of a file."""

    size: int
    """In bytes."""
    created: datetime
    """When it was made, where the system tells, else when it was last changed."""
    modified: datetime


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of notes, read."""

    root: Path
    notes: dict[NotePath, Note]
    """Published notes by path, in order of path."""
    attachments: tuple[str, ...]
    """Paths of all other files, in order."""
    private_names: frozenset[str]
    """Folded paths, names and aliases of notes that are not published."""
    settings: VaultSettings
    diagnostics: tuple[Diagnostic, ...]
    canvases: dict[NotePath, Canvas] = field(default_factory=dict)
    """Canvases by path, in order of path."""
    bases: dict[NotePath, Base] = field(default_factory=dict)
    """Bases by path, in order of path."""

    def facts(self, path: str) -> FileFacts:
        """Return what the file system knows of the file at ``path``; nothing much if it is gone by now."""
        try:
            found = (self.root / path).stat()
        except OSError:
            return FileFacts(0, datetime.min, datetime.min)  # noqa: DTZ901 -- Obsidian's times have no zone
        born = getattr(found, "st_birthtime", found.st_mtime)
        return FileFacts(found.st_size, _moment(born), _moment(found.st_mtime))


def read(
    root: Path,
    *,
    exclude: Iterable[str] = (),
    executor: Executor | None = None,
    reader: Reader | None = None,
) -> Vault:
    """Read the vault at ``root``.

    ``exclude`` holds glob patterns of paths that are no part of the vault; ``executor`` parses notes side by
    side; ``reader`` reads notes of MkDocs' dialect. Raises VaultError if there is no such folder.
    """
    if not root.is_dir():
        raise VaultError(f'no vault at "{root}": there is no such folder')
    settings, diagnostics = _read_settings(root)
    listed, unnamable = _listed(root)
    diagnostics.extend(unnamable)
    excluded = {path for path in listed if _is_excluded(path, settings, tuple(exclude))}
    paths = [path for path in listed if path not in excluded]
    note_paths = [NotePath(path) for path in paths if _is_note(path)]
    read_one = functools.partial(_read_note, str(root), reader)
    mapped = (
        executor.map(read_one, note_paths, chunksize=_CHUNK)
        if executor
        else map(read_one, note_paths)
    )
    notes: dict[NotePath, Note] = {}
    private = {name for path in excluded if _is_note(path) for name in _path_names(path)}
    for note, trouble in mapped:
        if note is None or note.published:
            diagnostics.extend(trouble)
        if note is not None and note.published:
            diagnostics.extend(note.diagnostics)
            notes[note.path] = note
        elif note is not None:
            private.update(_names(note))
    if not notes:
        diagnostics.append(
            Diagnostic(".", 1, 1, Code.VAULT_EMPTY, "the vault is empty: it has no published note")
        )
    drawn = _read_all(root, paths, ".canvas", read_canvas, diagnostics)
    canvases = {path: canvas for path, canvas in drawn.items() if canvas.published}
    private.update(name for path in drawn.keys() - canvases.keys() for name in _path_names(path))
    bases = _read_all(root, paths, ".base", read_base, diagnostics)
    diagnostics.extend(found for canvas in canvases.values() for found in canvas.diagnostics)
    diagnostics.extend(found for base in bases.values() for found in base.diagnostics)
    attachments = tuple(
        path for path in paths if not (_is_note(path) or path in drawn or path in bases)
    )
    return Vault(
        root,
        notes,
        attachments,
        frozenset(private),
        settings,
        tuple(diagnostics),
        canvases=canvases,
        bases=bases,
    )


def decode(content: bytes) -> tuple[str, int | None]:
    r"""Return the text of a file, and the offset of the first character that is not UTF-8, if there is one.

    A byte-order mark is dropped and every line end becomes ``\\n`` (OF-010, OF-011).
    """
    text = _with_plain_line_ends(content.decode("utf-8", "replace"))
    places = [text.index("\0")] if "\0" in text else []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        places.append(len(_with_plain_line_ends(content[: error.start].decode("utf-8", "replace"))))
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}"), min(places, default=None)


def _with_plain_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _read_note(
    root: str, reader: Reader | None, path: NotePath
) -> tuple[Note | None, list[Diagnostic]]:
    text, trouble = _read_text(root, path)
    return (None if text is None else read_note(path, text, reader)), trouble


def _read_all(
    root: Path,
    paths: Iterable[str],
    extension: str,
    reader: Callable[[NotePath, str], Document],
    diagnostics: list[Diagnostic],
) -> dict[NotePath, Document]:
    """Return what ``reader`` makes of each file with ``extension``; add what is wrong with them."""
    found = {}
    for path in (NotePath(path) for path in paths if path.lower().endswith(extension)):
        text, trouble = _read_text(str(root), path)
        diagnostics.extend(trouble)
        if text is not None:
            found[path] = reader(path, text)
    return found


def _read_text(root: str, path: NotePath) -> tuple[str | None, list[Diagnostic]]:
    """Return the text of a file of the vault, None if it cannot be read, and what is wrong with it."""
    try:
        content = Path(root, path).read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown error"
        return None, [
            Diagnostic(path, 1, 1, Code.FILE_UNREADABLE, f"the file cannot be read: {reason}")
        ]
    text, bad = decode(content)
    if bad is None:
        return text, []
    line = text.count("\n", 0, bad) + 1
    column = bad - (text.rfind("\n", 0, bad) + 1) + 1
    message = "invalid encoding: the file is not UTF-8"
    return text, [Diagnostic(path, line, column, Code.ENCODING_INVALID, message)]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=UTC).replace(tzinfo=None)


def _names(note: Note) -> Iterator[str]:
    yield from _path_names(note.path)
    yield from map(fold, note.aliases)


def _path_names(path: str) -> Iterator[str]:
    yield fold(path)
    yield fold(path.rpartition(".")[0])
    yield fold(name_of(NotePath(path)))


def _is_note(path: str) -> bool:
    return path.lower().endswith(".md")


def _listed(root: Path) -> tuple[list[str], list[Diagnostic]]:
    """Return vault paths of all files, and a diagnostic for each whose name is no text."""
    paths: list[str] = []
    trouble = []
    for path in _list_files(root):
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "replace")
            message = "the file cannot be read: its name is not UTF-8"
            trouble.append(Diagnostic(shown, 1, 1, Code.FILE_UNREADABLE, message))
        else:
            paths.append(path)
    return paths, trouble


def _list_files(root: Path) -> Iterator[str]:
    """Yield vault paths of all files, sorted, without dot-folders; links out of the vault are not followed."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = Path(folder).relative_to(root).as_posix()
        prefix = "" if base == "." else f"{base}/"
        for name in sorted(files):
            if not name.startswith(".") and _belongs(Path(folder, name), root):
                yield prefix + name


def _belongs(file: Path, root: Path) -> bool:
    """Whether ``file`` is a file (nobody may ever write into a pipe) and lies in the vault."""
    inside = not file.is_symlink() or file.resolve().is_relative_to(root.resolve())
    return inside and file.is_file()


def _is_excluded(path: str, settings: VaultSettings, patterns: tuple[str, ...]) -> bool:
    if any(
        fnmatch.fnmatch(path, pattern) or path.startswith(pattern.rstrip("/*") + "/")
        for pattern in patterns
    ):
        return True
    for ignored in settings.ignored:
        if len(ignored) > 2 and ignored.startswith("/") and ignored.endswith("/"):  # noqa: PLR2004 -- two slashes
            if re.search(ignored[1:-1], path):
                return True
        elif path == ignored or path.startswith(ignored.rstrip("/") + "/"):
            return True
    return False


def _read_settings(root: Path) -> tuple[VaultSettings, list[Diagnostic]]:
    file = root / ".obsidian" / "app.json"
    if not file.is_file():
        return VaultSettings(), []
    try:
        loaded: Any = json.loads(decode(file.read_bytes())[0])
    except (OSError, ValueError, RecursionError) as error:
        return VaultSettings(), [_bad_setting(f"so Obsidian's defaults are used: {error}")]
    if not isinstance(loaded, dict):
        return VaultSettings(), [_bad_setting("so Obsidian's defaults are used: not a JSON object")]
    trouble = []
    ignored = []
    filters = loaded.get("userIgnoreFilters")
    for entry in filters if isinstance(filters, list) else []:
        try:
            re.compile(str(entry))
        except re.error as error:
            reason = f'so "{entry}" in userIgnoreFilters excludes nothing: {error}'
            trouble.append(_bad_setting(reason))
        else:
            ignored.append(str(entry))
    folder = loaded.get("attachmentFolderPath")
    wanted = loaded.get("newLinkFormat")
    formats: dict[object, LinkFormat] = {"relative": "relative", "absolute": "absolute"}
    settings = VaultSettings(
        strict_line_breaks=loaded.get("strictLineBreaks") is True,
        attachment_folder=folder.rstrip("/") if isinstance(folder, str) else "",
        ignored=tuple(ignored),
        link_format=formats.get(wanted, "shortest") if isinstance(wanted, str) else "shortest",
    )
    return settings, trouble


def _bad_setting(message: str) -> Diagnostic:
    return Diagnostic(
        ".obsidian/app.json", 1, 1, Code.SETTINGS_INVALID, f"invalid settings, {message}"
    )
