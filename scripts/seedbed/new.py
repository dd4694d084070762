"""A new note in a vault: its name, its properties, its link upward."""

from __future__ import annotations

import re
from pathlib import Path

from seedbed import vault
from seedbed.dialect.tags import is_tag
from seedbed.dialect.wikilinks import Ref
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.note import name_of
from seedbed.text import NotePath, Span, did_you_mean, fold
from seedbed.vault import Vault, VaultError

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f]')


class NameTakenError(Exception):
    """A note cannot be written under that name."""


def write_note(
    root: Path, exclude: tuple[str, ...], title: str, upstream: str | None, tags: tuple[str, ...]
) -> Path:
    """Write a note called ``title`` and return its path; beside its upstream note if it has one.

    Raises NameTakenError if the name cannot be used or is in use, VaultError if the vault, the upstream note or
    a tag does not exist as given.
    """
    name = _NOT_IN_NAMES.sub(" ", title).strip(" .")
    name = " ".join(name.split())
    if not name:
        raise NameTakenError(f'"{title}" cannot be the name of a note')
    read = vault.read(vault.look(root, exclude))
    taken = next((path for path in read.notes if fold(name_of(path)) == fold(name)), None)
    if taken is not None:
        raise NameTakenError(f'there is a note of that name already: "{taken}"')
    for tag in tags:
        if not is_tag(tag.removeprefix("#")):
            raise VaultError(f'"{tag}" is not a tag')
    above = _upstream(read, upstream) if upstream else None
    folder = Path(above).parent if above else Path()
    file = root / folder / f"{name}.md"
    if file.exists():
        raise NameTakenError(f'there is a file of that name already: "{file}"')
    file.write_text(_text(title, name, read, above, tags), encoding="utf-8", newline="\n")
    return file


def _upstream(read: Vault, wanted: str) -> NotePath:
    index = Index(read)
    found = index.resolve(Ref(wanted, None, None, embed=False, span=Span(0, 0)), None)
    if isinstance(found, Found) and found.is_note:
        return NotePath(found.path)
    hint = "" if isinstance(found, Found) else did_you_mean(found.nearest)
    raise VaultError(f'no note answers to "{wanted}"{hint}')


def _text(title: str, name: str, read: Vault, above: NotePath | None, tags: tuple[str, ...]) -> str:
    lines = []
    if title != name:
        lines.append(f"title: {_quoted(title)}")
    if tags:
        lines.append(f"tags: [{', '.join(tag.removeprefix('#') for tag in tags)}]")
    if above is not None:
        target = (
            above.removesuffix(".md") if read.settings.link_format == "absolute" else name_of(above)
        )
        lines.append(f'upstream: "[[{target}]]"')
    header = "\n".join(("---", *lines, "---", "")) if lines else ""
    return f"{header}\n# {title}\n\n" if header else f"# {title}\n\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
