"""A drawing with its words and numbers, as a worker returns it and the cache keeps it.

Separate from the figure in its page because it is made before anybody knows an id or a title:
one drawing may stand in two figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

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


def to_json(frames: Sequence[Drawn]) -> bytes:
    """Return the frames of a figure as `from_json` reads them."""
    return json.dumps([asdict(each) for each in frames], sort_keys=True).encode()


def from_json(content: bytes) -> tuple[Drawn, ...]:
    """Return the frames that `to_json` wrote; ValueError or the like for anything else."""
    return tuple(_drawn(plain) for plain in json.loads(content))


def _drawn(plain: dict[str, Any]) -> Drawn:
    table = Table(
        tuple(plain["table"]["columns"]), tuple(tuple(row) for row in plain["table"]["rows"])
    )
    warnings, versions = (
        tuple((name, text) for name, text in plain[part]) for part in ("warnings", "versions")
    )
    drawing = Drawing(**plain["drawing"])
    return Drawn(drawing, plain["description"], table, plain["csv"], warnings, versions)
