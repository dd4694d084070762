"""Functions and fields of files, and functions of links."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seedbed.bases.file import File
from seedbed.bases.functions.signature import Function, Table, named, text_of
from seedbed.bases.session import Session
from seedbed.bases.values import FormulaError, Link, Tag, Value
from seedbed.text import fold


def _as_link(_: Session, file: File, display: Value = None) -> Value:
    return Link(file.path, None if display is None else text_of(display))


def _has_link(session: Session, file: File, other: Value) -> Value:
    wanted = _file(session, other)
    return wanted is not None and wanted.path in session.links_of(file)


def _has_property(session: Session, file: File, name: Value) -> Value:
    return session.has_property(file, text_of(name))


def _has_tag(session: Session, file: File, *wanted: Value) -> Value:
    session.spend(1 + len(file.tags) * len(wanted))
    names = [fold(text_of(each).lstrip("#")) for each in wanted]
    return any(
        tag == name or tag.startswith(f"{name}/")
        for tag in map(fold, file.tags)
        for name in names
        if name
    )


def _in_folder(_: Session, file: File, folder: Value) -> Value:
    wanted = fold(text_of(folder).strip("/"))
    own = fold(file.folder)
    return not wanted or own == wanted or own.startswith(f"{wanted}/")


def _as_file(session: Session, link: Link) -> Value:
    return session.file_of(link)


def _links_to(session: Session, link: Link, other: Value) -> Value:
    file = session.file_of(link)
    return file is not None and _has_link(session, file, other)


def _file(session: Session, value: Value) -> File | None:
    match value:
        case None:
            return None
        case str() | Link() | File():
            return session.file_of(value)
        case _:
            raise FormulaError(f"a file or its path is needed, not {named(value)}")


FILE: Table = {
    "asLink": Function(_as_link, 0, 1),
    "hasLink": Function(_has_link, 1, 1),
    "hasProperty": Function(_has_property, 1, 1),
    "hasTag": Function(_has_tag, 1, None),
    "inFolder": Function(_in_folder, 1, 1),
}
LINK: Table = {
    "asFile": Function(_as_file),
    "linksTo": Function(_links_to, 1, 1),
}


def _links(paths: tuple[str, ...]) -> Value:
    return tuple(Link(path) for path in paths)


FILE_FIELDS: Mapping[str, Callable[[Session, File], Value]] = {
    "aliases": lambda _, file: file.aliases,
    "backlinks": lambda _, file: _links(file.backlinks),
    "basename": lambda _, file: file.basename,
    "ctime": lambda session, file: session.date(file.created),
    "embeds": lambda _, file: _links(file.embeds),
    "ext": lambda _, file: file.extension,
    "file": lambda _, file: file,
    "folder": lambda _, file: file.folder,
    "links": lambda _, file: _links(file.links),
    "mtime": lambda session, file: session.date(file.modified),
    "name": lambda _, file: file.name,
    "path": lambda _, file: file.path,
    "properties": lambda session, file: session.properties(file),
    "size": lambda _, file: float(file.size),
    "tags": lambda _, file: tuple(Tag(tag) for tag in file.tags),
}
"""``file.x`` for every x that Obsidian has."""
