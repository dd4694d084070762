"""What a base is told of the vault: its files, and how the site writes a link.

Separate because it is all that stands between this package and the rest: whoever knows the vault makes ``File``
values and a ``Writer``, and nothing here asks for more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class File:
    """One published note or attachment: a row of a base."""

    path: str
    """Path inside the vault, POSIX, with its extension."""
    name: str
    """Last part of the path, with its extension."""
    basename: str
    """The name without its extension."""
    extension: str
    """Without its dot; empty if there is none."""
    folder: str
    """Path of the folder; empty for the vault's own."""
    size: int
    """In bytes."""
    created: datetime
    modified: datetime
    properties: Mapping[str, Any] = field(default_factory=dict)
    """As YAML reads them; attachments have none."""
    tags: tuple[str, ...] = ()
    """Of text and properties, without hash marks."""
    links: tuple[str, ...] = ()
    """Vault paths of the published files that text and properties link to."""
    embeds: tuple[str, ...] = ()
    """Vault paths of the published files that are embedded."""
    backlinks: tuple[str, ...] = ()
    """Vault paths of the published notes that link here."""
    aliases: tuple[str, ...] = ()


class Writer(Protocol):
    """How the page on which a view stands writes what only the site knows."""

    def find(self, target: str) -> str | None:
        """Return the vault path of the published file that a wikilink's target, or a path, names."""

    def link(self, target: str, label: str | None) -> str:
        """Return the HTML of a link to a vault path, wikilink target or URL; ``label`` is plain text."""

    def inline(self, markdown: str) -> str:
        """Return the HTML of one value written as Markdown, its wikilinks resolved, its HTML made safe."""

    def tag(self, name: str) -> str:
        """Return the HTML of a link to a tag's page; ``name`` has no hash mark."""

    def image(self, value: str, alt: str) -> str | None:
        """Return an ``img`` for a vault path, wikilink target or URL; nothing where there is no such image."""
