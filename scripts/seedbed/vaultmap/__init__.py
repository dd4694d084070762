"""The map of a vault: every document at a place of its own, near to what it is linked with, in regions with names.

Turns links into places, communities of documents into regions. Places and communities depend on paths and links alone,
so they are worth keeping until one of these changes; names of regions come from titles and tags, and are cheap.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedbed import compact
from seedbed.store import Store
from seedbed.text import NotePath

__all__ = ["SIDE", "Chart", "Links", "chart"]

SIDE = 4096
"""Places are whole numbers from 0 to this, across and down; half of it is the middle."""
_KIND = "map"


@dataclass(frozen=True)
class Links:
    """What is linked with what, in whichever direction."""

    paths: tuple[NotePath, ...]
    """All documents, in order."""
    pairs: tuple[tuple[int, int], ...]
    """Places in ``paths`` of two that are linked, the lower first; in order."""

    @classmethod
    def of(cls, targets: Mapping[NotePath, Iterable[NotePath]]) -> Links:
        """Return the links from each document to its ``targets``, which are documents too."""
        paths = tuple(sorted(targets))
        place = {path: number for number, path in enumerate(paths)}
        both = (
            (place[path], place[target])
            for path, linked in targets.items()
            for target in linked
            if target != path
        )
        return cls(paths, tuple(sorted({(min(pair), max(pair)) for pair in both})))

    @functools.cached_property
    def digest(self) -> str:
        """A name for them."""
        content = json.dumps([self.paths, self.pairs]).encode()
        return hashlib.blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Chart:
    """Where documents are, and which belong together; all in the order of their paths."""

    links: Links
    places: tuple[tuple[int, int], ...]
    """Across and down, from 0 to SIDE."""
    communities: tuple[int, ...]
    """The number of each document's community; one that is linked with nothing has a community of its own."""


def chart(links: Links, store: Store) -> Chart:
    """Return the chart of documents with these ``links``, that in ``store`` if it is of the same links.

    What it takes to make one takes longer to load than most vaults to chart, so it is loaded here.
    """
    key, kept = store.small(_KIND).get("", ("", b""))
    if key == links.digest:
        return Chart(links, *compact.loads(kept))
    from seedbed.vaultmap.communities import communities  # noqa: PLC0415
    from seedbed.vaultmap.layout import places  # noqa: PLC0415

    made = Chart(links, places(links, SIDE), communities(links))
    content = compact.dumps((made.places, made.communities))
    store.put(_KIND, [("", links.digest, content, b"")])
    return made
