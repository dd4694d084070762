"""The folders of the vault that hold notes: what lies in each, and which note stands for it.

Turns the paths of a vault's documents into folders. Separate because addresses are given by it and pages are made from
it. Only what is published counts, so a folder of private notes is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from seedbed.note import name_of
from seedbed.text import NotePath, PageUri, fold
from seedbed.uris import FOLDERS
from seedbed.vault import Vault


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder with notes in it or somewhere below it."""

    path: str
    """Its vault path; empty for the vault itself."""
    note: NotePath | None
    """The folder note: the one whose page is the folder's page."""
    documents: tuple[NotePath, ...]
    """Notes, canvases and bases that lie in it and stand for no folder."""
    folders: tuple[str, ...]
    """The folders in it, in order of path."""
    size: int
    """How many documents there are in it and below it."""
    uri: PageUri = FOLDERS
    """Address of its page, once addresses are given."""

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path.rpartition("/")[2]

    @property
    def has_page(self) -> bool:
        """Whether it has a page that is no note's; the vault itself has the list of all folders."""
        return bool(self.path) and self.note is None


def folders_of(vault: Vault) -> dict[str, Folder]:
    """Return the folders of ``vault`` by path, the vault itself first."""
    documents = (*vault.notes, *vault.canvases, *vault.bases)
    lying: dict[str, list[NotePath]] = {"": []}
    inside: dict[str, list[str]] = defaultdict(list)
    for path in documents:
        folder = _above(path)
        if folder not in lying:
            _enter(folder, lying, inside)
        lying[folder].append(path)
    standing = _folder_notes(vault.notes, lying)
    notes = set(standing.values())
    sizes = _sizes(lying)
    return {
        path: Folder(
            path,
            standing.get(path),
            tuple(each for each in lying[path] if each not in notes),
            tuple(sorted(inside.get(path, ()))),
            sizes[path],
        )
        for path in sorted(lying)
    }


def above(path: str) -> list[str]:
    """Return the folders that ``path`` lies in, topmost first."""
    found = []
    while path := _above(path):
        found.append(path)
    return found[::-1]


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _enter(folder: str, lying: dict[str, list[NotePath]], inside: dict[str, list[str]]) -> None:
    while folder not in lying:
        lying[folder] = []
        inside[_above(folder)].append(folder)
        folder = _above(folder)


def _sizes(lying: dict[str, list[NotePath]]) -> dict[str, int]:
    sizes = {path: len(documents) for path, documents in lying.items()}
    for path in sorted(lying, key=len, reverse=True):  # what is below is longer
        if path:
            sizes[_above(path)] += sizes[path]
    return sizes


def _folder_notes(notes: Iterable[NotePath], folders: Iterable[str]) -> dict[str, NotePath]:
    """Return the note that stands for each folder, if any does.

    It is the note in the folder that is called as the folder is, else the one called ``index``, else the one beside
    the folder that is called as the folder is: the places where Obsidian's plug-ins for folder notes keep them.
    """
    of_name: dict[tuple[str, str], str] = {}
    for folder in sorted(
        filter(None, folders), reverse=True
    ):  # of two that differ in case alone, the first
        of_name[_above(folder), fold(folder.rpartition("/")[2])] = folder
    ranked: dict[str, tuple[int, NotePath]] = {}
    for path in notes:
        folder, key = _above(path), fold(name_of(path))
        if folder and key in {fold(folder.rpartition("/")[2]), "index"}:
            rank = int(key == "index")
        elif (folder, key) in of_name:
            folder, rank = of_name[folder, key], 2
        else:
            continue
        ranked[folder] = min(ranked.get(folder, (rank, path)), (rank, path))
    return {folder: path for folder, (_, path) in ranked.items()}
