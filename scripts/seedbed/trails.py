"""The notes above each note, and how many lie below it.

Turns what each note names as its upstream into trails. Separate because a trail may be as long as the vault, as in a
diary whose days each lie under the day before: what a page shows of it must cost no more than what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from seedbed.text import NotePath

HUB = "hub"
"""The tag of notes that say of themselves that others lie under them."""
_LONGEST = 6


class Trails:
    """All trails of one vault."""

    __slots__ = ("_top", "_upstream", "below")

    def __init__(self, upstream: Mapping[NotePath, NotePath]) -> None:
        """Follow ``upstream``, which leads from a note to another; it may lead in a circle."""
        self._upstream = upstream
        order, circling = self._lowest_first()
        self.below: dict[NotePath, int] = self._counted(order, circling)
        """For each note that is upstream of any, in how many trails it is."""
        self._top = self._topmost(order, circling)

    def trail(self, path: NotePath) -> tuple[NotePath | None, ...]:
        """Return the notes above ``path``, topmost first; a circle ends where it would close.

        They are six at most: in the middle of a longer trail None stands for the rest.
        """
        nearest = list(islice(self._upwards(path), _LONGEST + 1))
        if len(nearest) <= _LONGEST:
            return tuple(reversed(nearest))
        return (self._top[path], None, *reversed(nearest[: _LONGEST - 2]))

    def _upwards(self, path: NotePath) -> Iterator[NotePath]:
        seen = {path}
        current = self._upstream.get(path)
        while current is not None and current not in seen:
            yield current
            seen.add(current)
            current = self._upstream.get(current)

    def _lowest_first(self) -> tuple[list[NotePath], list[NotePath]]:
        """Return all notes outside circles, each before the one above it, and the notes of circles."""
        directly_below = dict.fromkeys((*self._upstream, *self._upstream.values()), 0)
        for above in self._upstream.values():
            directly_below[above] += 1
        order = [path for path, number in directly_below.items() if not number]
        for path in order:  # grows while it is read
            top = self._upstream.get(path)
            if top is not None:
                directly_below[top] -= 1
                if not directly_below[top]:
                    order.append(top)
        return order, [path for path, number in directly_below.items() if number]

    def _counted(self, order: list[NotePath], circling: list[NotePath]) -> dict[NotePath, int]:
        below = dict.fromkeys(self._upstream.values(), 0)
        for path in order:
            above = self._upstream.get(path)
            if above is not None:
                below[above] += below.get(path, 0) + 1
        done: set[NotePath] = set()
        for path in circling:
            if path not in done:
                circle = (path, *self._upwards(path))
                done.update(circle)
                others = sum(below[each] for each in circle) + len(circle) - 1
                below |= dict.fromkeys(circle, others)
        return below

    def _topmost(self, order: list[NotePath], circling: list[NotePath]) -> dict[NotePath, NotePath]:
        """Return the top of every trail: on a circle, the note before the one where the trail comes to it."""
        top = {self._upstream[path]: path for path in circling}
        for path in reversed(order):
            above = self._upstream.get(path)
            if above is not None:
                top[path] = top.get(above, above)
        return top
