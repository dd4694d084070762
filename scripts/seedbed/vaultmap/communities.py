"""Which documents belong together: communities of those that link one another more than the rest.

Leiden's algorithm, by graspologic-native. Traag, Waltman, van Eck: From Louvain to Leiden: guaranteeing well-connected
communities. Scientific Reports 9 (2019), https://doi.org/10.1038/s41598-019-41695-z.
"""

from __future__ import annotations

import graspologic_native

from seedbed.vaultmap import Links

_SEED = 1
"""Any, but always the same."""
_TRIALS = 3
"""Of these the best counts; a second at 60,000 notes."""


def communities(links: Links) -> tuple[int, ...]:
    """Return the number of each document's community, in order of path; who has no link is one alone."""
    found: dict[str, int] = {}
    if links.pairs:
        edges = [(str(one), str(other), 1.0) for one, other in links.pairs]
        _, found = graspologic_native.leiden(edges=edges, seed=_SEED, trials=_TRIALS)
    alone = len(links.paths)
    return tuple(found.get(str(place), alone + place) for place in range(len(links.paths)))
