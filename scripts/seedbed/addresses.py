"""Who has which address, so that nothing in the site stands in the way of something else.

Turns what notes, files and tags ask for into addresses that one folder can hold: a page at ``a/`` is the file
``a/index.html``, so nothing else can be that file, no file can be called ``a``, and ``a/index.html/b/`` cannot be at
all. What came first keeps its address; what comes later gets a number. Rules OF-006, OF-008, OF-030 and OF-381.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seedbed import properties
from seedbed.diagnostics import Code, Diagnostic
from seedbed.folders import Folder, folders_of
from seedbed.text import NotePath, PageUri, TagName
from seedbed.uris import (
    FILES,
    FOLDERS,
    LOOSE_ENDS,
    MAP,
    NOTES,
    RANDOM,
    RECENT,
    TAGS,
    board_uri,
    folder_uri,
    is_folder_note,
    note_uri,
    stub_uri,
    tag_uri,
)
from seedbed.vault import Vault

_INDEX = "index.html"
_LISTS = (NOTES, TAGS, FOLDERS, MAP, RECENT, LOOSE_ENDS, RANDOM)
"""One that is written by hand is not made. The others but the first two are elsewhere if notes have their addresses."""


class Addresses:
    """The addresses of one site that are taken."""

    __slots__ = ("_files", "_folders", "_numbers")

    def __init__(self) -> None:
        """Start with an empty site."""
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._numbers: dict[tuple[str, bool], int] = {}

    def reserve(self, uri: PageUri, owner: str) -> None:
        """Let ``owner`` have ``uri``, whatever stands there: somebody else has seen to it that nothing does."""
        file = _file_of(uri)
        self._take(file, _folders_of(file), owner)

    def has_page(self, uri: PageUri) -> bool:
        """Whether somebody has just the address ``uri``."""
        return _file_of(uri) in self._files

    def rival(self, uri: PageUri) -> str | None:
        """Return whose file stands where ``uri`` would need a file or folder of its own, if any does."""
        file = _file_of(uri)
        return self._rival(file, _folders_of(file))

    def claim(self, uri: PageUri, owner: str) -> bool:
        """Let ``owner`` have ``uri`` if nothing stands in the way; whether it does now."""
        file = _file_of(uri)
        folders = _folders_of(file)
        free = self._rival(file, folders) is None
        if free:
            self._take(file, folders, owner)
        return free

    def give(self, wanted: PageUri, owner: str) -> PageUri:
        """Let ``owner`` have ``wanted``, each step that is taken with a number, and return what it is."""
        uri = wanted
        if not self.claim(uri, owner):
            *folders, name = (wanted.rstrip("/") or "index").split("/")
            above = ""
            for folder in folders:
                above += self._numbered(above, folder, self._files.__contains__) + "/"
            if wanted.endswith("/") or not wanted:
                uri = PageUri(above + self._numbered(above, name, self._is_no_page) + "/")
            else:
                uri = PageUri(above + self._numbered(above, name, self._is_no_file, is_file=True))
            self.reserve(uri, owner)
        return uri

    def _rival(self, file: str, folders: list[str]) -> str | None:
        found = self._files.get(file) or self._folders.get(file)
        if found is None:
            owners = (self._files[folder] for folder in folders if folder in self._files)
            found = next(owners, None)
        return found

    def _take(self, file: str, folders: list[str], owner: str) -> None:
        self._files.setdefault(file, owner)
        for folder in folders:
            self._folders.setdefault(folder, owner)

    def _is_no_page(self, path: str) -> bool:
        file = f"{path}/{_INDEX}"
        return path in self._files or file in self._files or file in self._folders

    def _is_no_file(self, path: str) -> bool:
        return path in self._files or path in self._folders

    def _numbered(
        self, above: str, name: str, is_taken: Callable[[str], bool], *, is_file: bool = False
    ) -> str:
        """Return ``name`` with the first number that is free, if it is taken; any number of namesakes is quick."""
        if not is_taken(above + name):
            return name
        stem, dot, extension = name.rpartition(".") if is_file else (name, "", "")
        if not stem:
            stem, dot, extension = name, "", ""
        key = (above + name, is_file)
        number = self._numbers.get(key, 1)
        while is_taken(above + (given := f"{stem}_{number}{dot}{extension}")):
            number += 1
        self._numbers[key] = number
        return given


@dataclass(frozen=True, slots=True)
class Given:
    """What was given away, and what could not be had."""

    own: frozenset[PageUri]
    """Pages of tags and lists; others have the rest."""
    documents: dict[NotePath, PageUri]
    """Notes, then canvases, then bases."""
    files: dict[str, PageUri]
    """Every attachment."""
    folders: dict[str, Folder]
    """Every folder with notes in it."""
    lists: dict[PageUri, PageUri]
    """Where the lists of the site are, also those written by hand, by where they are wanted."""
    diagnostics: tuple[Diagnostic, ...]


def give_all(
    addresses: Addresses, vault: Vault, linked: Iterable[str], tags: Iterable[TagName]
) -> Given:
    """Give all of ``vault`` its addresses: what the site makes of ``tags``, then ``linked`` files, notes, the rest.

    Files in no link come last, so that what is not published moves nothing.
    """
    problems: list[Diagnostic] = []

    def give(path: str, wanted: PageUri, kind: str) -> PageUri:
        owner = f'"{path}"'
        if addresses.claim(wanted, owner):
            return wanted
        rival = addresses.rival(wanted)
        given = addresses.give(wanted, owner)
        if given != wanted:
            where = f'"{wanted or "/"}" belongs to {rival}, so this {kind} is at "{given}"'
            message = f"address collision: {where}"
            problems.append(Diagnostic(path, 1, 1, Code.URI_COLLISION, message))
        return given

    own = frozenset(_own_pages(addresses, tags))
    by_hand = {uri for uri in _LISTS if addresses.has_page(uri)} - own
    files = {path: give(path, PageUri(path), "file") for path in linked}
    uris: dict[NotePath, PageUri] = {}
    for path, wanted in _wanted(vault):
        uris[path] = give(path, wanted, "note")
    boards: tuple[tuple[str, Mapping[NotePath, object]], ...] = (
        ("canvas", vault.canvases),
        ("base", vault.bases),
    )
    for kind, documents in boards:
        for path in documents:
            uris[path] = give(path, board_uri(path), kind)
    folders = dict(_with_addresses(addresses, folders_of(vault), uris))
    there = own | by_hand
    lists = {
        uri: uri if uri in there else addresses.give(uri, "a list of the site")
        for uri in _LISTS
        if uri in there or uri in _with_something(vault, folders)
    }
    own |= {*lists.values(), *(each.uri for each in folders.values() if each.has_page)} - by_hand
    for file in vault.attachments:
        if file not in files:
            files[file] = addresses.give(PageUri(file), f'"{file}"')
    in_order = (*vault.notes, *vault.canvases, *vault.bases)
    placed = {path: uris[path] for path in in_order}
    return Given(own, placed, files, folders, lists, tuple(problems))


def _with_addresses(
    addresses: Addresses, folders: Mapping[str, Folder], uris: Mapping[NotePath, PageUri]
) -> Iterator[tuple[str, Folder]]:
    """Yield ``folders`` with the addresses of their pages, which their notes have if there are any."""
    for path, folder in folders.items():
        if folder.note is not None:
            yield path, replace(folder, uri=uris[folder.note])
        elif folder.has_page:
            owner = f'the folder "{path}"'
            yield path, replace(folder, uri=addresses.give(folder_uri(path), owner))
        else:
            yield path, folder


def _with_something(vault: Vault, folders: Mapping[str, Folder]) -> Iterator[PageUri]:
    """Yield where the lists are wanted that there is something for."""
    if len(folders) > 1:
        yield FOLDERS
    if vault.notes:
        yield from (NOTES, MAP, LOOSE_ENDS, RANDOM)
        if vault.history is not None:
            yield RECENT


def reserve_site(addresses: Addresses, reserved: Iterable[PageUri]) -> None:
    """Reserve the addresses of hand-written pages, of what lies beside them, and of the site's own files."""
    for uri in reserved:
        is_page = uri.endswith("/") or not uri
        addresses.reserve(uri, "a page of the site" if is_page else "a file of the site")
    for file in FILES:
        addresses.reserve(PageUri(file), "a file of the site")


def give_stub(addresses: Addresses, name: str) -> PageUri:
    """Return the address of the page for a note called ``name`` that nobody wrote yet."""
    return addresses.give(stub_uri(name), f'the missing note "{name}"')


def _own_pages(addresses: Addresses, tags: Iterable[TagName]) -> Iterator[PageUri]:
    """Claim what pages about the whole vault need, and yield what they get: the rest is written by hand."""
    wanted = [(NOTES, "the list of all notes")]
    pages = [(tag_uri(tag), f'the page of the tag "{tag}"') for tag in tags]
    if pages:
        wanted += [(TAGS, "the list of all tags"), *pages]
    for uri, owner in wanted:
        if addresses.claim(uri, owner):
            yield uri


def _wanted(vault: Vault) -> Iterator[tuple[NotePath, PageUri]]:
    """Yield what notes ask for: first those that say where they want to be, then those that are a folder's page."""
    permalinks = {
        path: properties.text(note.properties, "permalink") for path, note in vault.notes.items()
    }
    ordered = sorted(
        permalinks, key=lambda path: (permalinks[path] is None, not is_folder_note(path), path)
    )
    for path in ordered:
        yield path, note_uri(path, permalinks[path])


def _file_of(uri: PageUri) -> str:
    return f"{uri}{_INDEX}" if uri.endswith("/") or not uri else uri


def _folders_of(file: str) -> list[str]:
    """Return the paths of all folders that ``file`` lies in, topmost first."""
    folders = []
    place = file.find("/")
    while place >= 0:
        folders.append(file[:place])
        place = file.find("/", place + 1)
    return folders
