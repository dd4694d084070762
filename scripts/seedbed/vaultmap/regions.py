"""The regions of the map: communities with names, colours, and a place for the name.

A region is called by the tag that tells it from the rest, if there is one: most of its notes bear it, and most notes
that bear it are in it. Else it is called after the document that most of its links lead to or from.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedbed.text import NotePath, TagName, fold
from seedbed.vaultmap import Chart

COLOURS = 10
"""Colours there are; the largest regions have one each, others share them."""
APART = "Apart from the others"
"""Name of the last region, of those with few links or none."""
_FEWEST = 3
"""Documents that make a region."""
_TELLS = 0.5
"""What a tag must reach to name a region: the harmonic mean of how much of the region bears it, and of how many that
bear it are there."""


@dataclass(frozen=True, slots=True)
class Region:
    """Documents that belong together."""

    name: str
    paths: tuple[NotePath, ...]
    """By title."""
    colour: int | None
    """A number below COLOURS; None for those that do not belong together."""
    place: tuple[int, int]
    """In the midst of them."""


def regions(
    titles: Mapping[NotePath, str],
    tags: Mapping[NotePath, Iterable[TagName]],
    chart: Chart,
) -> tuple[Region, ...]:
    """Return the regions of ``chart``, the largest first; each of the documents that have ``titles`` is in one."""
    links = chart.links
    members: dict[int, list[int]] = defaultdict(list)
    for place, community in enumerate(chart.communities):
        members[community].append(place)
    inside: Counter[int] = Counter()
    for pair in links.pairs:
        if len({chart.communities[place] for place in pair}) == 1:
            inside.update(pair)
    borne: Counter[str] = Counter(fold(tag) for path in links.paths for tag in tags.get(path, ()))
    apart: list[int] = []
    found: list[Region] = []
    taken: set[str] = set()
    colours = _Colours()
    for places in sorted(members.values(), key=lambda each: (-len(each), each)):
        if len(places) < _FEWEST:
            apart += places
            continue
        paths = [links.paths[place] for place in places]
        head = links.paths[max(places, key=lambda place: (inside[place], -place))]
        name = _telling_tag((tags.get(path, ()) for path in paths), len(paths), borne)
        if name is None or name in taken:
            name = titles[head]
        taken.add(name)
        found.append(_region(name, places, titles, chart, colours.for_(head)))
    if apart:
        found.append(_region(APART if found else "", apart, titles, chart, None))
    return tuple(found)


def _region(
    name: str,
    places: list[int],
    titles: Mapping[NotePath, str],
    chart: Chart,
    colour: int | None,
) -> Region:
    paths = sorted(
        (chart.links.paths[place] for place in places), key=lambda path: (fold(titles[path]), path)
    )
    across, down = zip(*(chart.places[place] for place in places), strict=True)
    midst = round(statistics.median(across)), round(statistics.median(down))
    return Region(name, tuple(paths), colour, midst)


def _telling_tag(
    tags: Iterable[Iterable[TagName]], size: int, borne: Mapping[str, int]
) -> str | None:
    """Return the tag that tells ``size`` documents with these ``tags`` from all, as it is first written, with a #."""
    written: dict[str, TagName] = {}
    here: Counter[str] = Counter()
    for of in tags:
        for key, tag in {fold(tag): tag for tag in of}.items():
            here[key] += 1
            written.setdefault(key, tag)
    best = max(here, key=lambda key: (2 * here[key] / (size + borne[key]), key), default=None)
    if best is None or 2 * here[best] / (size + borne[best]) < _TELLS:
        return None
    return f"#{written[best]}"


class _Colours:
    """Gives each region the colour that its head asks for, or the next that is free: it stays while the head does."""

    def __init__(self) -> None:
        self._free: list[int] = []

    def for_(self, head: NotePath) -> int:
        if not self._free:
            self._free = list(range(COLOURS))
        digest = hashlib.blake2b(head.encode("utf-8", "replace"), digest_size=4).digest()
        wanted = int.from_bytes(digest, "big") % COLOURS
        given = min(self._free, key=lambda each: (each - wanted) % COLOURS)
        self._free.remove(given)
        return given
