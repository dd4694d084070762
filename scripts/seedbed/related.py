"""Notes that have something in common and do not link each other: links, tags, words of titles, words of texts.

Turns links, tags, titles and likeness into up to five notes for each, with what speaks for them. What few notes share
tells most, and what many share is not looked at: so a hub with thousands of links costs no more than any note.
"""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from seedbed.likeness import Alike, most_sharing
from seedbed.maturity import is_of_maturity
from seedbed.text import NotePath, TagName, fold, fold_fragment
from seedbed.trails import HUB

Kind = Literal["link", "linked", "tag", "word", "text"]
"""What two notes can share: a note both link to, one that links to both, a tag, a word of their titles or texts."""

_Key = TypeVar("_Key", bound=str)

MOST = 5
"""Notes that are named."""
_ENOUGH = 380
"""What must speak for a note: something that five notes share, or two things that twenty-four do."""
_WHOLE = 1000
"""What it weighs if only the two share something, and as much again."""
_ALL_ALIKE = 4000
"""What it would weigh if two notes said the same: notes that are just alike enough are related by that alone."""
_MOST_WORDS = 3
"""Words of two texts that are named: how many more there are tells nobody anything."""
_SHORTEST = 4
"""Letters of a word that tells something, where letters do not stand for words or syllables."""
_SYLLABLE = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""A letter that does, of Chinese, Japanese or Korean."""
_NO_LETTERS = re.compile(r"[\d_]+")
_EMPTY = frozenset(
    {"about", "from", "into", "note", "notes", "that", "their", "this", "what", "when", "with"}
)


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that two notes have in common."""

    kind: Kind
    name: str
    """The path of a note, a tag, or a word."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A note that has something in common with another."""

    path: NotePath
    shared: tuple[Shared, ...]
    """What speaks for it, the rarest first; then the words of both texts, if these are alike."""


class Related:
    """What the notes of one vault have in common."""

    def __init__(
        self,
        titles: Mapping[NotePath, str],
        tags: Mapping[NotePath, Iterable[TagName]],
        targets: Mapping[NotePath, Iterable[NotePath]],
        backlinks: Mapping[NotePath, Iterable[NotePath]],
        upstream: Mapping[NotePath, NotePath],
    ) -> None:
        """Compare the notes that have ``titles``, by their ``tags``, what they link to and what links to them.

        That two lie under one note, ``upstream`` of both, is no news to readers: it stands over each of them.
        """
        self._upstream = upstream
        self._targets = targets
        self._backlinks = backlinks
        most = most_sharing(len(titles), 4)
        self._linking = _few(backlinks, most, titles)
        self._linked = _few(targets, most, titles)
        tagged: dict[str, list[NotePath]] = defaultdict(list)
        titled: dict[str, list[NotePath]] = defaultdict(list)
        for path, title in titles.items():
            for tag in tags[path]:
                if not is_of_maturity(tag) and fold(tag) != HUB:
                    tagged[fold(tag)].append(path)
            for word in _words(title):
                titled[word].append(path)
        self._tagged, self._titled = _few(tagged, most), _few(titled, most)
        self._tags = tags
        self._words: dict[NotePath, list[str]] = defaultdict(list)
        for word, paths in self._titled.items():
            for path in paths:
                self._words[path].append(word)

    def to(self, path: NotePath, like: Iterable[Alike]) -> tuple[Kin, ...]:
        """Return the notes that have most in common with the note at ``path`` and neither link it nor are linked.

        What others say may speak for them as well, if they are ``like`` it.
        """
        shared = list(self._shared(path))
        weights: dict[NotePath, int] = defaultdict(int)
        for _, _, sharing in shared:
            weight = _weight(len(sharing))
            for other in sharing:
                weights[other] += weight
        alike = {each.path: each for each in like}
        for other, each in alike.items():
            weights[other] += round(_ALL_ALIKE * each.cosine)
        known = {path, *self._targets[path], *self._backlinks[path]}
        found = [
            (-weight, other)
            for other, weight in weights.items()
            if weight >= _ENOUGH and other not in known
        ]
        shared.sort(key=lambda each: len(each[2]))
        best = []
        for _, other in sorted(found)[:MOST]:
            common = [Shared(kind, name) for kind, name, of in shared if other in of]
            words = alike[other].words if other in alike else ()
            titled = {each.name for each in common if each.kind == "word"}
            common += [Shared("text", word) for word in words if word not in titled][:_MOST_WORDS]
            best.append(Kin(other, tuple(common)))
        return tuple(best)

    def _shared(self, path: NotePath) -> Iterator[tuple[Kind, str, tuple[NotePath, ...]]]:
        """Yield what the note at ``path`` shares with a few others, and with which."""
        hub = self._upstream.get(path)
        for target in self._targets[path]:
            if target in self._linking and target != hub:
                yield "link", target, self._linking[target]
        for source in self._backlinks[path]:
            if source in self._linked and source != hub:
                yield "linked", source, self._linked[source]
        for tag in self._tags[path]:
            if (key := fold(tag)) in self._tagged:
                yield "tag", tag, self._tagged[key]
        for word in self._words.get(path, ()):
            yield "word", word, self._titled[word]


def _few(
    sharing: Mapping[_Key, Iterable[NotePath]],
    most: int,
    notes: Mapping[NotePath, str] | None = None,
) -> dict[_Key, tuple[NotePath, ...]]:
    """Return what ``most`` of the ``notes`` share or fewer: not what is one note's own, nor what many have."""
    found = {}
    for key, paths in sharing.items():
        few = tuple(each for each in paths if each in notes) if notes else tuple(paths)
        if 1 < len(few) <= most:
            found[key] = few
    return found


def _words(title: str) -> Iterator[str]:
    """Yield each word of ``title`` that may tell something of its note."""
    for word in dict.fromkeys(_NO_LETTERS.sub(" ", fold_fragment(title)).split()):
        is_long = len(word) >= _SHORTEST or _SYLLABLE.search(word)
        if is_long and word not in _EMPTY and word[0].isalpha():  # a title may be all punctuation
            yield word


@functools.cache
def _weight(count: int) -> int:
    """Return how much it tells that ``count`` notes share something; whole numbers add up to the same in any order."""
    return round(_WHOLE / math.log2(1 + count))
