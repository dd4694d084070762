"""Every name that a note or file answers to.

A note is entered under its file name and its aliases, an attachment under its file name; a lookup is a few
dictionary hits, whatever the size of the vault. Which of several is meant, full path, folder and length decide,
never the order of files. Rules OF-040 to OF-058.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from seedbed.diagnostics import Code, Diagnostic
from seedbed.note import name_of
from seedbed.text import NotePath, fold, nearest, slug
from seedbed.vault import Vault

_EXTENSION = re.compile(r"\.(?:[a-z0-9]{1,5}|canvas)\Z", re.IGNORECASE)
_NEAREST_BELOW = 20_000
"""Vaults with more names than this get no suggestions: comparing all with each missing link takes too long."""


@dataclass(frozen=True, slots=True)
class Match:
    """The note or file that a name means."""

    path: str
    rivals: tuple[str, ...] = ()
    """Others of that name, when neither path nor folder decides."""


class Names:
    """The names of one vault. Keys are folded last steps of paths; those of notes have no extension."""

    def __init__(self, vault: Vault) -> None:
        """Enter every note and attachment of ``vault``."""
        self._vault = vault
        self._notes: dict[str, list[str]] = defaultdict(list)
        self._files: dict[str, list[str]] = defaultdict(list)
        self._aliases: dict[str, list[str]] = defaultdict(list)
        for path, note in vault.notes.items():
            self._notes[fold(name_of(path))].append(path)
            for alias in note.aliases:
                self._aliases[fold(alias)].append(path)
        for file in vault.attachments:
            self._files[fold(file.rpartition("/")[2])].append(file)

    def find(self, target: str, source: NotePath | None, *, relative_first: bool) -> Match | None:
        """Return what ``target``, written in the note ``source``, means; None if nothing answers to it.

        ``relative_first`` tries a path with folders beside the note before the rest of the vault, as Markdown
        destinations are meant.
        """
        folder = posixpath.dirname(source or "")
        if target.startswith(("./", "../")) or (
            relative_first and "/" in target and not target.startswith("/")
        ):
            joined = posixpath.normpath(posixpath.join(folder, target))
            exact = self._exact(joined)
            if exact is not None:
                return Match(exact)
            if target.startswith("."):
                target = joined.lstrip("./")
        if target.startswith("/"):
            exact = self._exact(posixpath.normpath(target.lstrip("/")))
            if exact is not None:
                return Match(exact)
        return self._by_name(target.strip("/"), folder)

    def is_private(self, target: str) -> bool:
        """Whether a note that is not published answers to ``target``."""
        key = fold(target.strip("/")).removesuffix(".md")
        private = self._vault.private_names
        return key in private or key.rpartition("/")[2] in private

    def nearest(self, target: str) -> tuple[str, ...]:
        """Return up to three names that ``target`` may be a misspelling of."""
        notes = self._vault.notes
        if len(notes) > _NEAREST_BELOW:
            return ()
        names = [name_of(path) for path in notes]
        names += [alias for note in notes.values() for alias in note.aliases]
        if _EXTENSION.search(target):
            names += [path.rpartition("/")[2] for path in self._vault.attachments]
        return nearest(target.rpartition("/")[2], names)

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield the aliases that belong to several notes, which lead to the first of them."""
        for path, note in self._vault.notes.items():
            for alias in note.aliases:
                first = min(self._aliases[fold(alias)])
                if path != first:
                    message = f'duplicate alias "{alias}": links with it lead to "{first}"'
                    yield Diagnostic(path, 1, 1, Code.NAME_DUPLICATE, message)

    def _exact(self, path: str) -> str | None:
        """Return the note, else the file, whose full path is ``path``, its ``.md`` given or not."""
        key = fold(path)
        name = key.rpartition("/")[2]
        readings = (
            (self._notes.get(name, ()), f"{key}.md"),
            (self._notes.get(name.removesuffix(".md"), ()), key),
            (self._files.get(name, ()), key),
        )
        exact = ([found for found in paths if fold(found) == wanted] for paths, wanted in readings)
        return next((_best_spelt(found, path) for found in exact if found), None)

    def _by_name(self, target: str, folder: str) -> Match | None:
        """Return the note, else the file, whose path ends with ``target`` on whole steps; else go by alias."""
        key = fold(target)
        readings = [(self._notes, key)]
        if key.endswith(".md"):
            readings.append((self._notes, key.removesuffix(".md")))
        readings.append((self._files, key))
        for names, name in readings:
            wanted = f"{name}.md" if names is self._notes else name
            candidates = names.get(name.rpartition("/")[2], ())
            matches = [path for path in candidates if f"/{fold(path)}".endswith(f"/{wanted}")]
            if matches:
                return self._choose(matches, wanted, target, folder)
        alias = self._aliases.get(key)
        return Match(min(alias)) if alias else None

    def _choose(self, matches: list[str], wanted: str, target: str, folder: str) -> Match:
        """Settle a name: the full path, else the link's own folder, else the shortest path (OF-043 to OF-045).

        Before the shortest path comes the folder where the vault keeps attachments, if its settings name one:
        only attachments lie there.
        """
        exact = [path for path in matches if fold(path) == wanted]
        beside = [path for path in matches if posixpath.dirname(path) == folder]
        kept = [path for path in matches if posixpath.dirname(path) == self._attachments_of(folder)]
        if exact or beside or kept:
            return Match(_best_spelt(exact or beside or kept, target))
        best, *rivals = sorted(matches, key=lambda path: (len(path), path))
        return Match(best, tuple(rivals))

    def _attachments_of(self, folder: str) -> str | None:
        """Return the folder for attachments of notes in ``folder``; ``./x`` is meant beside the note."""
        named = self._vault.settings.attachment_folder
        if named.startswith("./"):
            return posixpath.normpath(posixpath.join(folder, named))
        return named or None


def is_note_name(target: str) -> bool:
    """Whether a missing target would be a note: it has no extension of some other kind of file."""
    extension = _EXTENSION.search(target)
    return bool(slug(target)) and (
        extension is None or extension[0].lower() == ".md" or extension[0][1:].isdigit()
    )


def _best_spelt(paths: list[str], target: str) -> str:
    """Return the one of ``paths``, which differ in spelling only, that is spelt as ``target`` is, else the first."""
    spelt = (f"/{target}", f"/{target}.md")
    return min(paths, key=lambda path: (not f"/{path}".endswith(spelt), path))
