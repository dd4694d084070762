"""The order in which notes lie below a hub: what comes before each, and what comes after it.

Turns what each note names as its upstream, and the links of those notes, into rows. A hub's own links to the notes
below it say their order, as in a table of contents; those it does not link follow by title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedbed.text import NotePath, fold


@dataclass(frozen=True, slots=True)
class Place:
    """Where one note stands below its hub."""

    hub: NotePath
    previous: NotePath | None
    next: NotePath | None


class Series:
    """The rows of notes below all hubs of one vault."""

    __slots__ = ("_places",)

    def __init__(
        self,
        upstream: Mapping[NotePath, NotePath],
        targets: Mapping[NotePath, Iterable[NotePath]],
        titles: Mapping[NotePath, str],
    ) -> None:
        """Line up the notes below each hub; ``targets`` are what each note links to, in order of its text."""
        below: dict[NotePath, list[NotePath]] = defaultdict(list)
        for path, hub in upstream.items():
            below[hub].append(path)
        self._places: dict[NotePath, Place] = {}
        for hub, notes in below.items():
            if len(notes) > 1:
                self._line_up(hub, notes, targets[hub], titles)

    def place(self, path: NotePath) -> Place | None:
        """Return where the note at ``path`` stands, if there are others below its hub."""
        return self._places.get(path)

    def _line_up(
        self,
        hub: NotePath,
        notes: list[NotePath],
        linked: Iterable[NotePath],
        titles: Mapping[NotePath, str],
    ) -> None:
        number = {path: number for number, path in enumerate(dict.fromkeys(linked))}
        last = len(number)
        row = sorted(notes, key=lambda each: (number.get(each, last), fold(titles[each]), each))
        around = (None, *row, None)
        for before, path, after in zip(around, row, around[2:], strict=False):
            self._places[path] = Place(hub, before, after)
