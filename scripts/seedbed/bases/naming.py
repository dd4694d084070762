"""A property or a group -> the name that readers see.

Separate because all layouts name properties alike.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from seedbed.bases.cells import Cells
from seedbed.bases.definition import Order, PropertyId
from seedbed.bases.results import Section
from seedbed.bases.values import is_empty

_FILE_LABELS: Mapping[str, str] = {
    "aliases": "Aliases",
    "backlinks": "Backlinks",
    "basename": "Name",
    "ctime": "Created",
    "embeds": "Embeds",
    "ext": "Extension",
    "file": "File",
    "folder": "Folder",
    "links": "Links",
    "mtime": "Modified",
    "name": "Name",
    "path": "Path",
    "properties": "Properties",
    "size": "Size",
    "tags": "Tags",
}


class Labels:
    """The names of the properties of one base."""

    def __init__(self, display_names: Iterable[tuple[PropertyId, str]]) -> None:
        self._given = dict(display_names)

    def of(self, wanted: PropertyId) -> str:
        """Return the author's name for a property, else its own."""
        if wanted in self._given:
            return self._given[wanted]
        if wanted.kind == "file":
            return _FILE_LABELS.get(wanted.name, wanted.name)
        return wanted.name

    def of_group(self, group: Order, section: Section, cells: Cells) -> str:
        """Return the heading of a group as HTML: property, value and number of results."""
        label = section.label
        absent = is_empty(label)
        value = "none" if absent else cells.html(label)
        return (
            f'<span class="seedbed-base__property">{html.escape(self.of(group.id))}</span> {value} '
            f'<span class="seedbed-base__count">{len(section.results)}</span>'
        )
