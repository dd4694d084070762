"""A drawing with its words and numbers, as a worker returns it and the cache keeps it.

Separate from the figure in its page because it is made before anybody knows an id or a title:
one drawing may stand in two figures, and as a frame in a third.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from seedbed.figures.chart import Table
from seedbed.figures.svg import Drawing

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure before it has an id and a title."""

    drawing: Drawing
    description: str
    table: Table
    csv: str
    warnings: Pairs
    """Field and message."""
    versions: Pairs
    """What numbers and drawing were made by: name and version."""

    def to_json(self) -> bytes:
        """Return the value as `from_json` reads it."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Drawn:
        """Return the value that `to_json` wrote; ValueError or the like for anything else."""
        plain = json.loads(content)
        table = Table(
            tuple(plain["table"]["columns"]), tuple(tuple(row) for row in plain["table"]["rows"])
        )
        warnings, versions = (
            tuple((name, text) for name, text in plain[part]) for part in ("warnings", "versions")
        )
        drawing = Drawing(**plain["drawing"])
        return cls(drawing, plain["description"], table, plain["csv"], warnings, versions)
