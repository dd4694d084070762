"""The regions of the map: communities with names, colours, and a place for the name.

A region is called by the tag that tells it from the rest, if there is one: most of its notes bear it, and most notes
that bear it are in it. Else it is called after the document that most of its links lead to or from.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from seedbed.text import NotePath, TagName, fold
from seedbed.vaultmap import Chart

COLOURS = 10
"""Colours there are; the largest regions have one each, others share them."""
APART = "Apart from the others"
"""Name of the last region, of those with few links or none."""
_FEWEST = 3
"""Documents that make a region."""


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
    borne = Counter(tag for path in links.paths for tag in set(map(fold, tags.get(path, ()))))
    by_size = sorted(members.values(), key=lambda each: (-len(each), each))
    large = [places for places in by_size if len(places) >= _FEWEST]
    apart = [place for places in by_size[len(large) :] for place in places]
    heads = [
        links.paths[max(places, key=lambda place: (inside[place], -place))] for places in large
    ]
    found: list[Region] = []
    for places, head, colour in zip(large, heads, _colours(heads), strict=True):
        tag = _telling_tag(
            (tags.get(links.paths[place], ()) for place in places), len(places), borne
        )
        name = titles[head] if tag is None else f"#{tag}"
        found.append(_region(name, places, titles, chart, colour))
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
) -> TagName | None:
    """Return the tag that tells ``size`` documents with these ``tags`` from all, as it is first written."""
    written: dict[str, TagName] = {}
    here: Counter[str] = Counter()
    for of in tags:
        for key, tag in {fold(tag): tag for tag in of}.items():
            here[key] += 1
            written.setdefault(key, tag)
    best = max(here, key=lambda key: (2 * here[key] / (size + borne[key]), key), default=None)
    tells = best is not None and 2 * here[best] > max(size, borne[best])
    return written[best] if best is not None and tells else None


def _colours(heads: Sequence[NotePath]) -> list[int]:
    """Return the colour of each region by its head, the largest region first: ten at a time have one each.

    It is the one that the head asks for, or the next that is free. Heads are asked in order of path, not of size: so
    their colours stay when another region outgrows one.
    """
    given: dict[NotePath, int] = {}
    for start in range(0, len(heads), COLOURS):
        free = list(range(COLOURS))
        for head in sorted(heads[start : start + COLOURS]):
            digest = hashlib.blake2b(head.encode("utf-8", "surrogatepass"), digest_size=4).digest()
            wanted = int.from_bytes(digest, "big") % COLOURS
            given[head] = min(free, key=lambda each: (each - wanted) % COLOURS)
            free.remove(given[head])
    return [given[head] for head in heads]
