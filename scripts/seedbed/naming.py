"""By which names notes are mentioned, and where names stand in a text as whole words."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seedbed.automaton import Automaton
from seedbed.note import Note, name_of
from seedbed.prose import Prose
from seedbed.text import NotePath, fold, fold_with_places

_LEAST, _LEAST_UNSPACED = 3, 2
"""Letters of the shortest name that is looked for, and of one in a script without blanks between words."""
_MOST = 100
"""Letters of the longest."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Letters of scripts without blanks: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands in a note's source."""

    name: str
    start: int
    end: int


class Nameables:
    """The names by which notes are mentioned."""

    def __init__(self, notes: Mapping[NotePath, Note]) -> None:
        """Collect the names of ``notes``."""
        owners: dict[str, dict[NotePath, None]] = defaultdict(dict)
        self.own: dict[NotePath, frozenset[str]] = {}
        for path, note in notes.items():
            own = tuple(names_of(note))
            self.own[path] = frozenset(own)
            for name in own:
                owners[name][path] = None
        self.owners: dict[str, NotePath | None] = {
            name: next(iter(paths)) if len(paths) == 1 else None for name, paths in owners.items()
        }
        """The note that each name means; None if several have it."""

    @functools.cached_property
    def automaton(self) -> Automaton:
        """All names, to be found."""
        return Automaton(tuple(self.owners))

    @functools.cached_property
    def shared(self) -> frozenset[str]:
        """The names of several notes."""
        return frozenset(name for name, owner in self.owners.items() if owner is None)


def names_of(note: Note) -> Iterator[str]:
    """Yield the names, folded, by which others may mention ``note``."""
    name = name_of(note.path)
    aliases = (each for each in note.aliases if "/" not in each and not each.endswith(".md"))
    names = (*(() if fold(name) == "index" else (name,)), note.title, *aliases)
    for each in names:
        key = fold(each.strip())
        if _may_be_looked_for(key):
            yield key


def _may_be_looked_for(key: str) -> bool:
    letters = sum(map(str.isalnum, key))
    least = _LEAST_UNSPACED if _UNSPACED.search(key) else _LEAST
    return least <= letters and len(key) <= _MOST and "\n" not in key


def places(source: str, prose: Prose, automaton: Automaton) -> Iterator[Place]:
    """Yield where names stand in the ``prose`` of a ``source`` as whole words; of names that overlap the longest."""
    folded, origins = fold_with_places(source)
    found = [each for each in automaton.find(folded) if _is_whole(folded, each[1], each[2])]
    found.sort(key=lambda each: (each[1], -each[2]))
    last = 0
    for name, first, end in found:
        start, stop = (first, end) if origins is None else (origins[first], origins[end])
        if first < last or not prose.holds(start, stop):
            continue
        if origins is not None and fold(source[start:stop]) != name:
            continue  # it begins or ends inside a letter
        if start and source[start - 1] in "![":
            continue  # a link there would be something else
        last = end
        yield Place(name, start, stop)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether words end on both sides of a name."""
    if start and _is_letter(text[start - 1]) and _are_one_word(text[start - 1], text[start]):
        return False
    if end == len(text):
        return True
    after = text[end]
    if after == "\\":  # of an escape
        after = text[end + 1 : end + 2] or after
    return not (_is_letter(after) and _are_one_word(text[end - 1], after))


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_" or _is_mark(character)


def _is_mark(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character).startswith("M")


def _are_one_word(before: str, after: str) -> bool:
    """Whether two characters side by side, the second a letter, belong to one word."""
    if _is_mark(after):
        return True
    return _is_letter(before) and not (_UNSPACED.match(before) or _UNSPACED.match(after))
