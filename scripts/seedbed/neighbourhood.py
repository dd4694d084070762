"""Which notes stand in the picture of what is around one: those it links and that link it, nearest first.

Links both ways count most, then links among the neighbours themselves. However many a note has, only so many are
shown, and only these are looked at closely, so that a vault's hubs cost no more than their links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from seedbed.text import NotePath, PageUri

MOST = 20
"""Neighbours of a note that are shown."""
_MOST_AMONG = 40
"""Links among them that are."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A note, canvas or base that one link or more join to a note."""

    path: NotePath
    links_here: bool
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is around one note."""

    shown: tuple[Neighbour, ...] = ()
    """Those that only link to it first, then those joined both ways, then those that it only links to."""
    more: int = 0
    """How many are not shown."""
    among: tuple[tuple[int, int], ...] = ()
    """Which of those shown are linked with one another, by their places; the lower place first."""
    chart: PageUri | None = None
    """Where the map of all notes is, if there is one."""


class Surveyor:
    """Knows the links of a vault."""

    def __init__(
        self,
        targets: Mapping[NotePath, tuple[NotePath, ...]],
        backlinks: Mapping[NotePath, tuple[NotePath, ...]],
    ) -> None:
        """Know what each note, canvas or base links to, and what links to it, itself neither."""
        self._targets = targets
        self._backlinks = backlinks
        self._sets: dict[NotePath, frozenset[NotePath]] = {}

    def around(self, path: NotePath) -> Neighbours:
        """Return what is around the note at ``path``."""
        here = frozenset(self._backlinks.get(path, ()))
        linked = self._of(path)
        found = tuple(dict.fromkeys((*self._targets.get(path, ()), *self._backlinks.get(path, ()))))
        shown = found if len(found) <= MOST else self._nearest(found, here & linked)
        neighbours = [Neighbour(each, each in here, each in linked) for each in shown]
        neighbours.sort(key=lambda each: each.is_linked + (each.is_linked and not each.links_here))
        return Neighbours(tuple(neighbours), len(found) - len(shown), self._among(neighbours))

    def _nearest(
        self, found: tuple[NotePath, ...], both: AbstractSet[NotePath]
    ) -> tuple[NotePath, ...]:
        """Return as many of ``found`` as are shown, in their order."""
        all_of_them = frozenset(found)

        def farness(path: NotePath) -> tuple[bool, int]:
            return path not in both, -len(self._of(path) & all_of_them)

        nearest = frozenset(sorted(found, key=farness)[:MOST])
        return tuple(path for path in found if path in nearest)

    def _among(self, neighbours: Iterable[Neighbour]) -> tuple[tuple[int, int], ...]:
        places = {each.path: place for place, each in enumerate(neighbours)}
        shown = frozenset(places)
        pairs = (
            (place, places[target])
            for path, place in places.items()
            for target in self._of(path) & shown
        )
        return tuple(sorted({(min(pair), max(pair)) for pair in pairs})[:_MOST_AMONG])

    def _of(self, path: NotePath) -> frozenset[NotePath]:
        """Return what ``path`` links to; many ask of one hub."""
        if path not in self._sets:
            self._sets[path] = frozenset(self._targets.get(path, ()))
        return self._sets[path]
