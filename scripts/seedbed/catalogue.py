"""The vault as a list of files with their facts: what bases choose rows from.

Turns the index into one record a published file: its properties, tags and links both ways, its times and its size.
What is not published is no row, and neither is an attachment that no published note shows.
"""

from __future__ import annotations

import functools
import posixpath

from seedbed.bases import File
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.text import NotePath


@functools.lru_cache(maxsize=1)
def files(index: Index) -> dict[str, File]:
    """Return a record for every note, canvas, base and shown attachment of the vault, by path."""
    paths = (*index.uris, *index.used_attachments())
    return {path: _file(path, index) for path in paths}


def _file(path: str, index: Index) -> File:
    note = index.vault.notes.get(NotePath(path))
    links = index.links.get(NotePath(path), ())
    found = [(ref, target.path) for ref, target in links if isinstance(target, Found)]
    folder, name = posixpath.split(path)
    stem, _, extension = name.rpartition(".")
    facts = index.vault.facts(path)
    return File(
        path=path,
        name=name,
        basename=stem or name,
        extension=extension if stem else "",
        folder=folder,
        size=facts.size,
        created=facts.created,
        modified=facts.modified,
        properties=note.properties if note else {},
        tags=note.tags if note else (),
        links=tuple(dict.fromkeys(target for _, target in found)),
        embeds=tuple(dict.fromkeys(target for ref, target in found if ref.embed)),
        backlinks=index.backlinks.get(NotePath(path), ()),
        aliases=note.aliases if note else (),
    )
