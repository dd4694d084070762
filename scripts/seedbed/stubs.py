"""Notes that others link to and nobody wrote yet.

Turns the links that mean nothing into stubs: one for each such note, however links spell its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedbed.addresses import Addresses, give_stub
from seedbed.dialect.wikilinks import Ref
from seedbed.folders import Folder
from seedbed.meanings import Missing, Resolution
from seedbed.names import is_note_name
from seedbed.text import NotePath, PageUri, fold

_NOTE = ".md"


@dataclass(frozen=True, slots=True)
class Stub:
    """A note that others link to and nobody wrote yet."""

    name: str
    uri: PageUri
    wanted_by: tuple[NotePath, ...]


def stubs_of(
    links: Mapping[NotePath, Iterable[tuple[Ref, Resolution]]],
    addresses: Addresses,
    folders: Mapping[str, Folder],
) -> dict[str, Stub]:
    """Return a stub for each note that links name and nobody wrote, by its key."""
    wanted: dict[str, dict[NotePath, None]] = defaultdict(dict)
    names: dict[str, str] = {}
    for path, written in links.items():
        for ref, found in written:
            if (
                isinstance(found, Missing)
                and is_note_name(found.name)
                and not found.private
                and not ref.embed
                and not ref.tentative
            ):
                key = stub_key(found.name)
                names.setdefault(key, _without_extension(found.name.strip("/")))
                wanted[key][path] = None
    pages: dict[str, PageUri] = {}
    for folder in folders.values():
        if folder.has_page:  # the note would be its folder note
            pages.setdefault(fold(folder.path), folder.uri)
    return {
        key: Stub(
            names[key],
            pages.get(key) or give_stub(addresses, names[key]),
            tuple(wanted[key]),
        )
        for key in sorted(wanted)
    }


def stub_key(name: str) -> str:
    """Return the key under which links to one unwritten note meet."""
    return fold(_without_extension(name.strip("/")))


def _without_extension(name: str) -> str:
    return name[: -len(_NOTE)] if name.lower().endswith(_NOTE) else name
