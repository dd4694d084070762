"""The headings of one note, and which of them a link's fragment names.

Turns fragments as people and Obsidian write them into headings. Separate from the note, which only lists its
headings, because a fragment may spell one in several ways. Rules OF-081 to OF-093.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from seedbed.suggestions import Suggestions
from seedbed.text import AnchorId, fold, fold_fragment

_DEEPEST = 6
_CUT_FROM_LINKS = re.compile(r"[#|^:\\]|%%|\[\[|\]\]")
"""What Obsidian replaces by a blank when it writes a link to a heading."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the part of the note it opens."""

    plain: str
    """Its visible text, without markup."""
    level: int
    anchor: AnchorId
    line: int
    token: int
    """Index of its opening token."""
    top_level: bool
    """Not inside a quote or list, so that it divides the note into sections."""
    spellings: tuple[str, ...] = ()
    """Other texts that a link may name it by: as it stands in the source, and with short codes of icons."""


def _as_typed(text: str) -> str:
    return " ".join(fold(text).split())


def _as_linked(text: str) -> str:
    return " ".join(_CUT_FROM_LINKS.sub(" ", fold(text)).split())


_Fold = Callable[[str], str]
_FOLDS: tuple[_Fold, ...] = (_as_typed, _as_linked, fold_fragment)
"""Ways to compare a fragment with a heading, strictest first: ``#C++`` is "C++" if there is one, else "C"."""


class Outline:
    """The headings of one note by all that a fragment may call them. Nothing is done before the first question."""

    __slots__ = ("_finder", "_headings", "_suggestions")

    def __init__(self, headings: Sequence[Heading]) -> None:
        """Search ``headings``, which are in the order of the note."""
        self._headings = headings
        self._finder: _Finder | None = None
        self._suggestions: Suggestions | None = None

    def __reduce__(self) -> tuple[type[Outline], tuple[Sequence[Heading]]]:
        """Go to another process without what can be found out there again."""
        return Outline, (self._headings,)

    def find(self, fragment: str) -> Heading | None:
        """Return the heading that ``fragment`` names: ``A#B`` is B under A; of equal headings the first wins."""
        if self._finder is None:
            self._finder = _Finder(self._headings)
        return self._finder.find(fragment)

    def nearest(self, fragment: str) -> tuple[str, ...]:
        """Return up to three headings that the last step of ``fragment`` may be a misspelling of."""
        if self._suggestions is None:
            self._suggestions = Suggestions([heading.plain for heading in self._headings])
        return self._suggestions.nearest(fragment.rpartition("#")[2])


class _Finder:
    """Headings by folded text, and how they lie under each other."""

    __slots__ = ("_anchors", "_ends", "_headings", "_known", "_parents", "_tables")

    def __init__(self, headings: Sequence[Heading]) -> None:
        self._headings = headings
        self._known: dict[str, Heading | None] = {}
        self._tables: dict[_Fold, dict[str, list[int]]] = {}
        """Indices of headings by folded text, for each way of folding that was needed."""
        self._parents: list[int] = []
        """For each heading, the index of the one it lies under; -1 for none."""
        self._ends = [len(headings)] * len(headings)
        """For each heading, the index of the first one that does not lie under it."""
        self._anchors: dict[str, Heading] = {}
        open_at: list[int] = []
        for index, heading in enumerate(headings):
            while open_at and headings[open_at[-1]].level >= heading.level:
                self._ends[open_at.pop()] = index
            self._parents.append(open_at[-1] if open_at else -1)
            open_at.append(index)
            self._anchors.setdefault(heading.anchor, heading)

    def find(self, fragment: str) -> Heading | None:
        if fragment not in self._known:
            self._known[fragment] = self._look_up(fragment)
        return self._known[fragment]

    def _look_up(self, fragment: str) -> Heading | None:
        """Take a heading that itself has a ``#`` for what it is, then go step by step, then be lenient."""
        steps = [step for step in fragment.split("#") if step.strip()]
        if not steps:
            return None
        if whole := self._called(_as_typed, fragment):
            return self._headings[whole[0]]
        if len(steps) <= _DEEPEST:
            found = self._last_of([self._best_called(step) for step in steps])
            if found is None:
                found = self._last_of([self._called(fold_fragment, step) for step in steps])
            if found is not None:
                return self._headings[found]
        whole = self._best_called(fragment)
        return self._headings[whole[0]] if whole else self._anchors.get(fragment)

    def _called(self, folded: _Fold, text: str) -> list[int]:
        if folded not in self._tables:
            self._tables[folded] = self._table(folded)
        return self._tables[folded].get(folded(text), [])

    def _best_called(self, text: str) -> list[int]:
        """Return the headings that the strictest comparison finds any for."""
        found = (self._called(folded, text) for folded in _FOLDS)
        return next(filter(None, found), [])

    def _last_of(self, steps: list[list[int]]) -> int | None:
        """Return the first of the last step's headings that lies under one of each step before it, in order."""
        *above, last = steps
        if not all(steps):
            return None
        found = (each for each in self._below(above, last) if self._lies_under(each, above))
        return next(found, None)

    def _below(self, above: list[list[int]], last: list[int]) -> Iterator[int]:
        """Yield the headings of ``last`` that can be meant, starting from whichever step has fewer headings."""
        if not above or len(last) <= len(above[0]):
            yield from last
            return
        for top in above[0]:
            place = bisect_left(last, top + 1)
            while place < len(last) and last[place] < self._ends[top]:
                yield last[place]
                place += 1

    def _lies_under(self, index: int, above: list[list[int]]) -> bool:
        parent = self._parents[index]
        for step in reversed(above):
            while parent >= 0 and not _holds(step, parent):
                parent = self._parents[parent]
            if parent < 0:
                return False
            parent = self._parents[parent]
        return True

    def _table(self, folded: _Fold) -> dict[str, list[int]]:
        table: dict[str, list[int]] = {}
        for index, heading in enumerate(self._headings):
            for key in {folded(text) for text in (heading.plain, *heading.spellings)}:
                table.setdefault(key, []).append(index)
        return table


def _holds(ordered: list[int], index: int) -> bool:
    place = bisect_left(ordered, index)
    return place < len(ordered) and ordered[place] == index
