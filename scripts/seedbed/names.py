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
from functools import cached_property

from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.note import name_of
from seedbed.suggestions import Suggestions
from seedbed.text import NotePath, fold, slug
from seedbed.vault import Vault

_EXTENSION = re.compile(r"\.(?:[a-z0-9]{1,5}|canvas)\Z", re.IGNORECASE)
_NOTE = ".md"

_Name = tuple[str, str, bool]
"""What a link says of its target: name, query, and whether it is the destination of a Markdown link."""


@dataclass(frozen=True, slots=True)
class Match:
    """The note or file that a name means."""

    path: str
    rivals: tuple[str, ...] = ()
    """Others of that name, when neither path nor folder decides."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """All that names are made from."""

    notes: dict[NotePath, tuple[str, ...]]
    """The aliases of every note."""
    files: tuple[str, ...]
    private: frozenset[str]
    attachment_folder: str


class Names:
    """The names of one vault."""

    def __init__(self, vault: Vault) -> None:
        """Enter every note and attachment of ``vault``."""
        self._entered = _entered(vault)
        self._everywhere: dict[_Name, Match | None] = {}
        self._by_folder: dict[tuple[str, _Name], Match | None] = {}
        self._notes = _Endings()
        self._files = _Endings()
        self._folders = _Endings()
        self._aliases: dict[str, list[str]] = defaultdict(list)
        for path, aliases in self._entered.notes.items():
            self._notes.enter(path.rpartition(".")[0], path)
            folder, slash, name = path.rpartition("/")
            if slash and fold(name) == f"index{_NOTE}":
                self._folders.enter(folder, path)
            for alias in aliases:
                self._aliases[fold(alias)].append(path)
        for file in self._entered.files:
            self._files.enter(file, file)

    def are_of(self, vault: Vault) -> bool:
        """Whether these are the names of ``vault`` as well, so that all links mean the same there."""
        return self._entered == _entered(vault)

    def find(self, ref: Ref, source: NotePath | None) -> Match | None:
        """Return what the target of ``ref``, written in the note ``source``, means; None if nothing answers to it."""
        name = (ref.target, ref.query, ref.markdown)
        if name in self._everywhere:
            return self._everywhere[name]
        key = (posixpath.dirname(source or ""), name)
        if key in self._by_folder:
            return self._by_folder[key]
        match = self._look_up(ref, key[0])
        if self._is_one_everywhere(ref):
            self._everywhere[name] = match
        else:
            self._by_folder[key] = match
        return match

    def _look_up(self, ref: Ref, folder: str) -> Match | None:
        """Try a path with folders, as the destination of a Markdown link, beside the note before the whole vault."""
        found = (self._meant(name, folder, relative_first=ref.markdown) for name in names_of(ref))
        return next(filter(None, found), None)

    def _is_one_everywhere(self, ref: Ref) -> bool:
        """Whether ``ref`` means the same in all folders: it is no path from one of them, and no name of several."""
        return not any(
            _is_relative(name, relative_first=ref.markdown) or self._is_of_several(name.strip("/"))
            for name in names_of(ref)
        )

    def _is_of_several(self, target: str) -> bool:
        return any(entered.is_of_several(name) for entered, name in self._readings(target))

    def _meant(self, target: str, folder: str, *, relative_first: bool) -> Match | None:
        if _is_relative(target, relative_first=relative_first):
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
        private = self._entered.private
        return key in private or key.rpartition("/")[2] in private

    def nearest(self, target: str) -> tuple[str, ...]:
        """Return up to three names that ``target`` may be a misspelling of."""
        names = self._all_names if _EXTENSION.search(target) else self._note_names
        return names.nearest(target.rpartition("/")[2])

    @cached_property
    def _note_names(self) -> Suggestions:
        names = [name_of(path) for path in self._entered.notes]
        names += [alias for aliases in self._entered.notes.values() for alias in aliases]
        return Suggestions(names)

    @cached_property
    def _all_names(self) -> Suggestions:
        files = (file.rpartition("/")[2] for file in self._entered.files)
        return Suggestions([*self._note_names.names, *files])

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield the aliases that belong to several notes, which lead to the first of them."""
        first = {key: min(paths) for key, paths in self._aliases.items()}
        for path, aliases in self._entered.notes.items():
            for alias in aliases:
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
        named = self._entered.attachment_folder
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
        entry = _Entry(name, path)
        ending, slash = fold(name), "/"
        while slash:
            self._entries[ending].append(entry)
            _, slash, ending = ending.partition("/")

    def is_of_several(self, name: str) -> bool:
        """Whether more than one answers to ``name``."""
        return len(self._entries.get(fold(name), ())) > 1

    def whole(self, name: str) -> str | None:
        """Return the path whose name is ``name``, but for spelling."""
        found = self._fitting(fold(name))
        return _best_spelt(found.whole, name).path if found and found.whole else None

    def choose(self, name: str, folders: tuple[str | None, ...]) -> Match | None:
        """Settle a name by full path, else by the first of ``folders``, else by length of path (OF-043 to OF-045).

        The folders are the link's own and, if the vault's settings name one, that where it keeps attachments: only
        attachments lie there.
        """
        key = fold(name)
        entries = self._entries.get(key, ())
        if len(entries) == 1:
            return Match(entries[0].path)
        found = self._fitting(key)
        if found is None:
            return None
        beside = (found.by_folder.get(folder, []) for folder in folders if folder is not None)
        settled = next(filter(None, (found.whole, *beside)), None)
        if settled:
            return Match(_best_spelt(settled, name).path)
        if name not in self._unsettled:
            self._unsettled[name] = _shortest(found.ordered, name)
        return self._unsettled[name]

    def _fitting(self, key: str) -> _Namesakes | None:
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


def names_of(ref: Ref) -> tuple[str, ...]:
    """Return the names that ``ref`` may mean, in order: what looks like a query may be part of one."""
    return (ref.target + ref.query, ref.target) if ref.query else (ref.target,)


def _entered(vault: Vault) -> _Entered:
    return _Entered(
        {path: note.aliases for path, note in vault.notes.items()},
        (*vault.attachments, *vault.canvases, *vault.bases),
        vault.private_names,
        vault.settings.attachment_folder,
    )


def _is_relative(target: str, *, relative_first: bool) -> bool:
    """Whether ``target`` is a path from the folder that it is written in, at first at least."""
    return target.startswith(("./", "../")) or (
        relative_first and "/" in target and not target.startswith("/")
    )


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
