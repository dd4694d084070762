"""From a folder to a ``Vault``: which files are notes, which are attachments, what is private.

Reads the folder once. Ignored folders, excluded patterns and the vault's own Obsidian settings are applied here,
and unpublished notes are set apart here, so that nothing behind this module can show one by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from seedbed.bases import Base
from seedbed.canvas import Canvas
from seedbed.dates import UNDATED, Dates, dates_of
from seedbed.diagnostics import Code, Diagnostic
from seedbed.history import UNKNOWN, History
from seedbed.listing import Stamp, Survey, VaultSettings, survey
from seedbed.note import Note, name_of
from seedbed.reading import Document, Files, Means, read_files
from seedbed.text import NotePath, fold


class VaultError(Exception):
    """There is no vault where one was asked for. The one mistake in a vault that cannot be data."""


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
    files: Files = field(default_factory=Files)
    """What these were read from."""
    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    """What the file system said of every file of the vault."""
    history: History | None = UNKNOWN
    """What git knows of them; None if dates are not wanted."""
    state: str = ""
    """A name for all there is in the vault's folder."""

    def whole(self, path: NotePath) -> Note:
        """Return the note at ``path`` with its text. Raises Absent where neither it nor its file is at hand."""
        note = self.notes[path]
        return note if note.text is not None else replace(note, text=self.files.texts[path])

    def digest(self, path: NotePath) -> str:
        """Return a name for the content of the note, canvas or base at ``path``."""
        return self.files.found[path].digest

    def dates(self, path: NotePath) -> Dates:
        """Return when the note, canvas or base at ``path`` was created and last updated, if anybody shall know."""
        if self.history is None:
            return UNDATED
        note = self.notes.get(path)
        said = note.properties if note else {}
        return dates_of(path, said, self.stamps.get(path), self.history)

    def edited_quietly(self, before: Vault) -> frozenset[NotePath] | None:
        """Return the notes whose text is all that is new since ``before``; None if anything else is.

        As a rule somebody who writes changes one note, and no other note shows what has changed of it.
        """
        same = (
            self.stamps.keys() == before.stamps.keys()
            and self.settings == before.settings
            and self.private_names == before.private_names
            and self.attachments == before.attachments
        )
        if not same or self.files.found.keys() != before.files.found.keys():
            return None
        edited = set()
        for path, now in self.files.found.items():
            then = before.files.found[path]
            if now is not then and now != then:
                if not _has_one_face(now.document, then.document):
                    return None
                edited.add(path)
            elif path in self.notes and self._dated(path) != before._dated(path):
                edited.add(path)
        return frozenset(edited)

    def _dated(self, path: NotePath) -> tuple[object, ...]:
        """Return what the dates of an unchanged file depend on."""
        if self.history is None:
            return ()
        by_file = self.stamps.get(path) if self.history.leaves_to_files(path) else None
        return by_file, self.history.committed(path)

    def facts(self, path: str) -> FileFacts:
        """Return what the file system knows of the file at ``path``; nothing much if it is none."""
        size, born, changed = self.stamps.get(path, (0, 0.0, 0))
        return FileFacts(size, _moment(born), _moment(changed / 1e9))


def look(root: Path, exclude: Iterable[str] = ()) -> Survey:
    """Return what is in the vault at ``root``, less what the glob patterns ``exclude`` leave out.

    Raises VaultError if there is no such folder.
    """
    if not root.is_dir():
        raise VaultError(f'no vault at "{root}": there is no such folder')
    return survey(root, exclude)


def read(
    found: Survey,
    means: Means | None = None,
    last: Vault | None = None,
    history: History | None = UNKNOWN,
) -> Vault:
    """Read the vault that ``look`` found; ``last`` is the vault as it was read before."""
    files = read_files(found, means or Means(), last.files.found if last else None)
    notes = files.of(Note)
    diagnostics = list(found.diagnostics)
    private = {name for path in found.excluded if _is_note(path) for name in _path_names(path)}
    for path, each in files.found.items():
        diagnostics.extend(each.diagnostics)
        if each.document is not None:
            diagnostics.extend(each.document.diagnostics)
        elif each.digest:
            private.update((*_path_names(path), *each.aliases))
    if not notes:
        diagnostics.append(
            Diagnostic(".", 1, 1, Code.VAULT_EMPTY, "the vault is empty: it has no published note")
        )
    return Vault(
        found.root,
        notes,
        tuple(path for path in found.stamps if _is_attachment(path, files)),
        frozenset(private),
        found.settings,
        tuple(diagnostics),
        canvases=files.of(Canvas),
        bases=files.of(Base),
        files=files,
        stamps=found.stamps,
        history=history,
        state=found.state,
    )


def _has_one_face(now: Document | None, then: Document | None) -> bool:
    """Whether a file was and is a note that all others see as they did; what is computed for it is seen elsewhere."""
    if not (isinstance(now, Note) and isinstance(then, Note)) or now.figures or then.figures:
        return False
    return now.face == then.face


def _is_attachment(path: str, files: Files) -> bool:
    """Whether a file is neither a document nor an unpublished one; a canvas that cannot be read is a file as any."""
    found = files.found.get(NotePath(path))
    return found is None or not (_is_note(path) or found.digest)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=UTC).replace(tzinfo=None)


def _path_names(path: str) -> Iterator[str]:
    yield fold(path)
    yield fold(path.rpartition(".")[0])
    yield fold(name_of(NotePath(path)))


def _is_note(path: str) -> bool:
    return path.lower().endswith(".md")
