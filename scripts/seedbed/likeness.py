"""How alike notes are in what they say: the words that each says again and again, weighed by how few others do.

The measure is the cosine of tf-idf vectors (Salton and Buckley 1988, https://doi.org/10.1016/0306-4573(88)90021-0), in
whole numbers, so that the same vault gives the same answer everywhere. Words that many notes say, such as those of
grammar in any language, tell two notes apart no more than they join them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from seedbed.text import NotePath

_WORD = re.compile(r"[^\W\d_]+")
_SMALL_LETTERS = bytes(code if code in ascii_lowercase.encode() else 32 for code in range(256))
"""What each byte of a text in ASCII counts as: a letter, or what stands between words."""
_SHORTEST = 4
"""Letters of a word that tells something."""
_OFTEN = 3
"""Times that a note says a word that tells what it is about."""
_STRENGTHS = "23456789"
"""What a word counts that is said 3, 6, 12, ... times."""
_MOST_SHARING = 24
"""Notes that may share something and be told by it."""
_COMMON = 150
"""What a word weighs that more notes say."""
_FEWEST = 3
"""Words that two notes must have in common."""
_ALIKE = 0.2
"""The least cosine of notes that are about one thing."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A note that says much of what another says."""

    path: NotePath
    cosine: float
    """From 0 to 1, which is: in the same words."""
    words: tuple[str, ...]
    """What both say, the most telling first."""


def most_sharing(notes: int, fewest: int) -> int:
    """Return how many ``notes`` of a vault may share something that tells anything: each fourth, or ``fewest``."""
    return min(_MOST_SHARING, max(fewest, notes // 4))


def wording(text: str) -> str:
    """Return the words that ``text`` says again and again, each with a digit for how often: ``fern4 moss2``."""
    often = [
        (word, count)
        for word, count in _counted(text).items()
        if count >= _OFTEN and len(word) >= _SHORTEST
    ]
    return " ".join(word + _strength(count) for word, count in sorted(often))


def _counted(text: str) -> dict[str, int]:
    if not text.isascii():
        return Counter(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
    # Three times as fast, and every word of every note is counted.
    counts = Counter(text.lower().encode().translate(_SMALL_LETTERS).split())
    return {word.decode(): count for word, count in counts.items()}


def _strength(count: int) -> str:
    return _STRENGTHS[min((count // _OFTEN).bit_length(), len(_STRENGTHS)) - 1]


class Likeness:
    """How alike the notes of one vault are."""

    def __init__(self, wordings: Mapping[NotePath, str]) -> None:
        """Compare all notes by their ``wordings``."""
        self._wordings = dict(wordings)
        saying: dict[str, list[NotePath]] = defaultdict(list)
        for path, said in wordings.items():
            for word, _ in _read(said):
                saying[word].append(path)
        self._saying = {word: tuple(paths) for word, paths in saying.items()}
        self._most = most_sharing(len(wordings), 2)
        self._vectors: dict[NotePath, tuple[dict[str, int], int]] = {}

    def after(self, edited: Mapping[NotePath, str]) -> tuple[Likeness, frozenset[NotePath]]:
        """Return the likeness once ``edited`` notes have other wordings, and the notes that are like others then."""
        after = Likeness({})
        after._most = self._most
        after._wordings = {**self._wordings, **edited}
        after._saying = {**self._saying}
        turned = set(edited)
        for path, said in edited.items():
            before, now = (dict(_read(each)) for each in (self._wordings.get(path, ""), said))
            for word in before.keys() ^ now.keys():
                others = tuple(each for each in after._saying.get(word, ()) if each != path)
                after._saying[word] = (*others, path) if word in now else others
                if len(others) <= self._most:
                    turned.update(others)
        kept = self._vectors.items()
        after._vectors = {path: vector for path, vector in kept if path not in turned}
        # Two notes are as alike as before unless one of them has turned.
        met = {path: self._unlike(after, path) for path in turned}
        return after, frozenset().union(
            *met.values(), (path for path, others in met.items() if others)
        )

    def to(self, path: NotePath) -> Iterator[Alike]:
        """Yield the notes that say much of what the note at ``path`` says, in no order."""
        own, square = self._vector(path)
        common: dict[NotePath, list[tuple[int, str]]] = defaultdict(list)
        for word, weight in own.items():
            for other in self._saying[word]:
                if other != path:
                    common[other].append((-weight * self._vector(other)[0][word], word))
        for other, products in common.items():
            if len(products) >= _FEWEST:
                product = -sum(each for each, _ in products)
                cosine = product / math.sqrt(square * self._vector(other)[1])
                if cosine >= _ALIKE:
                    yield Alike(other, cosine, tuple(word for _, word in sorted(products)))

    def _unlike(self, other: Likeness, path: NotePath) -> set[NotePath]:
        """Return the notes to which the note at ``path`` is otherwise alike in ``other``."""
        then, now = ({each.path: each for each in of.to(path)} for of in (self, other))
        return {each for each in then.keys() | now.keys() if then.get(each) != now.get(each)}

    def _vector(self, path: NotePath) -> tuple[dict[str, int], int]:
        """Return what each word of a note weighs that few say, and the square of the length of all its words."""
        known = self._vectors.get(path)
        if known is None:
            weights: dict[str, int] = {}
            square = 0
            for word, strength in _read(self._wordings.get(path, "")):
                count = len(self._saying[word])
                weight = strength * (_weight(count) if count <= self._most else _COMMON)
                square += weight * weight
                if 1 < count <= self._most:
                    weights[word] = weight
            known = self._vectors[path] = weights, square
        return known


def _read(said: str) -> Iterator[tuple[str, int]]:
    for each in said.split():
        yield each[:-1], int(each[-1])


def _weight(count: int) -> int:
    """Return what a word weighs that ``count`` notes say."""
    return round(100 * (7 - math.log2(count)))
