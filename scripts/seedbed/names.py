"""Every name that a note or file answers to.

A note is entered under every ending of its path and its aliases, an attachment under every ending of its path, an
index note under its folder's too; a lookup is a few dictionary hits, whatever the size of the vault. Which of several
is meant, full path, folder and length decide, never the order of files. Rules OF-040 to OF-058.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from seedbed.diagnostics import Code, Diagnostic
from seedbed.note import name_of
from seedbed.suggestions import Suggestions
from seedbed.text import NotePath, fold, slug
from seedbed.vault import Vault

_EXTENSION = re.compile(r"\.(?:[a-z0-9]{1,5}|canvas)\Z", re.IGNORECASE)
_NOTE = ".md"


@dataclass(frozen=True, slots=True)
class Match:
    """The note or file that a name means."""

    path: str
    rivals: tuple[str, ...] = ()
    """Others of that name, when neither path nor folder decides."""


class Names:
    """The names of one vault."""

    def __init__(self, vault: Vault) -> None:
        """Enter every note and attachment of ``vault``."""
        self._vault = vault
        self._notes = _Endings()
        self._files = _Endings()
        self._folders = _Endings()
        self._aliases: dict[str, list[str]] = defaultdict(list)
        files = (*vault.attachments, *vault.canvases, *vault.bases)
        for path, note in vault.notes.items():
            self._notes.enter(path.rpartition(".")[0], path)
            folder, slash, name = path.rpartition("/")
            if slash and fold(name) == f"index{_NOTE}":
                self._folders.enter(folder, path)
            for alias in note.aliases:
                self._aliases[fold(alias)].append(path)
        for file in files:
            self._files.enter(file, file)
        names = [name_of(path) for path in vault.notes]
        names += [alias for note in vault.notes.values() for alias in note.aliases]
        self._note_names = Suggestions(names)
        self._all_names = Suggestions([*names, *(file.rpartition("/")[2] for file in files)])

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
        key = fold(target.strip("/")).removesuffix(_NOTE)
        private = self._vault.private_names
        return key in private or key.rpartition("/")[2] in private

    def nearest(self, target: str) -> tuple[str, ...]:
        """Return up to three names that ``target`` may be a misspelling of."""
        names = self._all_names if _EXTENSION.search(target) else self._note_names
        return names.nearest(target.rpartition("/")[2])

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield the aliases that belong to several notes, which lead to the first of them."""
        first = {key: min(paths) for key, paths in self._aliases.items()}
        for path, note in self._vault.notes.items():
            for alias in note.aliases:
                owner = first[fold(alias)]
                if path != owner:
                    message = f'duplicate alias "{alias}": links with it lead to "{owner}"'
                    yield Diagnostic(path, 1, 1, Code.NAME_DUPLICATE, message)

    def _readings(self, target: str) -> Iterator[tuple[_Endings, str]]:
        """Yield what ``target`` may be, in order: a note, a note with its extension, a file, a folder's page."""
        yield self._notes, target
        if target.lower().endswith(_NOTE):
            yield self._notes, target[: -len(_NOTE)]
        yield self._files, target
        yield self._folders, target

    def _exact(self, path: str) -> str | None:
        """Return the note, file or folder's page whose full path is ``path``, its ``.md`` given or not."""
        found = (entered.whole(name) for entered, name in self._readings(path))
        return next(filter(None, found), None)

    def _by_name(self, target: str, folder: str) -> Match | None:
        """Return what has a path that ends with ``target`` on whole steps; else go by alias."""
        folders = (folder, self._attachments_of(folder))
        for entered, name in self._readings(target):
            match = entered.choose(name, folders)
            if match is not None:
                return match
        key = fold(target)
        alias = self._aliases.get(key) or self._aliases.get(key.removesuffix(_NOTE))
        return Match(min(alias)) if alias else None

    def _attachments_of(self, folder: str) -> str | None:
        """Return the folder for attachments of notes in ``folder``; ``./x`` is meant beside the note."""
        named = self._vault.settings.attachment_folder
        if named.startswith("./"):
            return posixpath.normpath(posixpath.join(folder, named))
        return named or None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What links call a note or file, and its path."""

    name: str
    path: str

    def is_spelt(self, wanted: str) -> bool:
        return f"/{self.name}".endswith(f"/{wanted}")


@dataclass(frozen=True, slots=True)
class _Namesakes:
    """What one ending of names fits."""

    ordered: list[_Entry]
    """The shortest path first."""
    whole: list[_Entry]
    """Those of which the ending is all."""
    by_folder: dict[str, list[_Entry]]


class _Endings:
    """Names by every ending of theirs on whole steps, folded, and the paths they stand for."""

    def __init__(self) -> None:
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        self._namesakes: dict[str, _Namesakes] = {}
        self._unsettled: dict[str, Match] = {}

    def enter(self, name: str, path: str) -> None:
        ending, slash = fold(name), "/"
        while slash:
            self._entries[ending].append(_Entry(name, path))
            _, slash, ending = ending.partition("/")

    def whole(self, name: str) -> str | None:
        """Return the path whose name is ``name``, but for spelling."""
        found = self._fitting(name)
        return _best_spelt(found.whole, name).path if found and found.whole else None

    def choose(self, name: str, folders: tuple[str | None, ...]) -> Match | None:
        """Settle a name by full path, else by the first of ``folders``, else by length of path (OF-043 to OF-045).

        The folders are the link's own and, if the vault's settings name one, that where it keeps attachments: only
        attachments lie there.
        """
        found = self._fitting(name)
        if found is None:
            return None
        beside = (found.by_folder.get(folder, []) for folder in folders if folder is not None)
        settled = next(filter(None, (found.whole, *beside)), None)
        if settled:
            return Match(_best_spelt(settled, name).path)
        if name not in self._unsettled:
            self._unsettled[name] = _shortest(found.ordered, name)
        return self._unsettled[name]

    def _fitting(self, name: str) -> _Namesakes | None:
        key = fold(name)
        if key not in self._entries:
            return None
        if key not in self._namesakes:
            entries = sorted(self._entries[key], key=lambda entry: (len(entry.path), entry.path))
            by_folder: dict[str, list[_Entry]] = defaultdict(list)
            for entry in entries:
                by_folder[posixpath.dirname(entry.name)].append(entry)
            whole = [entry for entry in entries if fold(entry.name) == key]
            self._namesakes[key] = _Namesakes(entries, whole, dict(by_folder))
        return self._namesakes[key]


def is_note_name(target: str) -> bool:
    """Whether a missing target would be a note: it has no extension of some other kind of file."""
    extension = _EXTENSION.search(target)
    return bool(slug(target)) and (
        extension is None or extension[0].lower() == _NOTE or extension[0][1:].isdigit()
    )


def _shortest(entries: list[_Entry], wanted: str) -> Match:
    """Return the first of ``entries``; of paths that differ in case alone, the one that is spelt as ``wanted``."""
    alike = [entry for entry in entries if len(entry.path) == len(entries[0].path)]
    best = _best_spelt(alike, wanted)
    settled = fold(best.name) if best.is_spelt(wanted) else None
    rivals = (entry for entry in entries if entry != best and fold(entry.name) != settled)
    return Match(best.path, tuple(entry.path for entry in rivals))


def _best_spelt(entries: list[_Entry], wanted: str) -> _Entry:
    """Return the one of ``entries`` that is spelt as ``wanted`` is, else the first by path."""
    return min(entries, key=lambda entry: (not entry.is_spelt(wanted), entry.path))
