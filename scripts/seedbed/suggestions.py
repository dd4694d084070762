"""Names that a misspelt one may mean.

Turns a list of names into a table of the short pieces they are made of, so that a name is compared with the few that
share its rarest pieces and not with all. Separate because notes, headings and blocks are all looked for by name, and
a vault full of mistakes must cost no more than one of its size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from seedbed.text import fold, nearest

_LONGEST = 120
"""Characters; nobody misspells a name of that length, and comparing it takes long."""
_PIECES = (3, 2)
_MOST_SHARING = 3_000
"""Names that share a piece with the one looked for, at which the search for more ends."""
_MOST_COMPARED = 8


class Suggestions:
    """A set of names to choose from. Nothing is done before the first question."""

    __slots__ = ("_known", "_sharing", "names")

    def __init__(self, names: Collection[str]) -> None:
        """Choose from ``names``; their order makes no difference."""
        self.names = names
        self._sharing: dict[str, list[str]] | None = None
        self._known: dict[str, tuple[str, ...]] | None = None

    def __reduce__(self) -> tuple[type[Suggestions], tuple[Collection[str]]]:
        """Go to another process without what can be found out there again."""
        return Suggestions, (self.names,)

    def nearest(self, wanted: str) -> tuple[str, ...]:
        """Return up to three names that ``wanted`` may be a misspelling of, best first."""
        key = fold(wanted)
        if len(key) > _LONGEST:
            return ()
        if self._known is None:
            self._known = {}
        if key not in self._known:
            self._known[key] = nearest(wanted, self._most_alike(key))
        return self._known[key]

    def _most_alike(self, key: str) -> list[str]:
        """Return the names that have most pieces in common with ``key``, going by its rarest pieces."""
        if self._sharing is None:
            self._sharing = self._table()
        lists = (self._sharing.get(piece, []) for piece in dict.fromkeys(_pieces(key)))
        common: Counter[str] = Counter()
        left = _MOST_SHARING
        for names in sorted(lists, key=len):
            common.update(names[:left])
            left = max(left - len(names), 0)
        return [name for name, _ in common.most_common(_MOST_COMPARED)]

    def _table(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(self.names)):
            key = fold(name)
            if len(key) <= _LONGEST:
                for piece in dict.fromkeys(_pieces(key)):
                    table[piece].append(name)
        return dict(table)


def _pieces(key: str) -> Iterator[str]:
    """Yield all stretches of two and three characters, the ends of the name counting as blanks."""
    padded = f" {key} "
    for length in _PIECES:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]
