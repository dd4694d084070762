"""Many names looked for in one text at once, in one pass over it whatever their number.

The only user of ahocorasick_rs.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import ahocorasick_rs

_MOST_AT_ONCE = 16_000
"""Characters looked through at a time, so that few finds are in memory."""


class Automaton:
    """Names, made ready to be found."""

    def __init__(self, names: Sequence[str]) -> None:
        """Look for ``names``, none of which is empty or has a line end."""
        self._names = tuple(names)

    def __reduce__(self) -> tuple[type[Automaton], tuple[tuple[str, ...]]]:
        """Go to other processes as names."""
        return type(self), (self._names,)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield every name in ``text`` with start and end, those inside others as well, by their ends."""
        if not self._names:
            return
        names, find = self._names, self._ready.find_matches_as_indexes
        for start, end in _parts(text):
            part = text if end - start == len(text) else text[start:end]
            for at, first, last in find(part, overlapping=True):
                yield names[at], start + first, start + last

    def finds_any(self, text: str) -> bool:
        """Whether there is any name in ``text``."""
        return next(self.find(text), None) is not None

    @functools.cached_property
    def _ready(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(
            self._names,
            matchkind=ahocorasick_rs.MatchKind.Standard,
            store_patterns=False,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where to divide ``text``: between lines; a line that is too long for that is nobody's prose."""
    start = 0
    while len(text) - start > _MOST_AT_ONCE:
        end = text.rfind("\n", start, start + _MOST_AT_ONCE) + 1
        if end:
            yield start, end
            start = end
        else:
            start = text.find("\n", start) + 1 or len(text)
    yield start, len(text)
