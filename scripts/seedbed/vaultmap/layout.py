"""Where documents lie on the map: near to what they are linked with, apart from the rest.

Places follow from paths and links alone. The place of each document starts from a digest of its path, moves to where
those are that it is linked with, and then gives way to forces: links pull, documents push one another off, and where
each started holds it a little. As nearly all of that is the same when one note is added, nearly all stays where it was,
on any machine and after any history.

Forces between all documents are computed on a mesh: what they weigh is spread over its cells, Fourier transforms turn
that into a potential, and its slope is the force. Hockney, Eastwood: Computer Simulation Using Particles (1988), ch. 5.
A round of 10,000 documents and 50,000 links takes some 20 ms.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from seedbed.vaultmap import Links

Numbers = NDArray[np.float64]
"""Of shape (2, n), across and down, for points and forces; (n,) for what is one number a document."""
Places = NDArray[np.int64]

_ROUNDS = 50
_PACE = 0.5
"""Part of a step towards balance that the first round takes."""
_PUSH = 0.1
"""What documents push one another off with, and are drawn to the middle; links pull with 1."""
_HOLD = 3.0
"""What holds documents at their start in a vault of one; a square root less in larger ones, which are steady."""
_LEAST_MESH, _MOST_MESH = 32, 256
_MARGIN = 0.02
"""Of the map, on each side."""
_MEAN = 0.62
"""How far from the middle documents are on average, in parts of the way to the margin: in an even disc two thirds."""
_BENT = 8
"""The higher, the less those well within the margin are drawn in, and the more those at it."""
_TILT = 1e-3
"""Of the way to where a document started, by which it is moved, so that no two are at just one place."""
_BREADTH = 0.5
"""Room that each document has at least, in parts of the square it would have if all had the same."""
_SETTLING = 12
"""Rounds in which documents that lie too close give way."""
_AT_ONCE = 24
"""Others that a document gives way to in one round, in each direction."""


def places(links: Links, side: int) -> tuple[tuple[int, int], ...]:
    """Return where each document is, in order of path: across and down, from 0 to ``side``."""
    if len(links.paths) < 2:  # noqa: PLR2004 -- a single one, which has nothing to keep away from
        return ((side // 2, side // 2),) * len(links.paths)
    net, start = _Net(links), _thrown(links)
    # Two that are linked with nothing but each other have one place in between; the tilt says which way to give way.
    points = _apart(_balanced(_drawn_together(start, net), net) + _TILT * start)
    whole = np.rint(side / 2 * (1 + (1 - 2 * _MARGIN) * _fitted(points))).astype(np.int64)
    return tuple((int(across), int(down)) for across, down in whole.T)


def _fitted(points: Numbers) -> Numbers:
    """Return ``points`` in a disc of radius 1 around 0.

    One that lies far out, as a new note with one link may, neither moves nor shrinks the rest: it is drawn in.
    """
    points = (points - points.mean(axis=1, keepdims=True)) * (_MEAN / _mean_radius(points))
    within: Numbers = points / (1 + np.hypot(*points) ** _BENT) ** (1 / _BENT)
    return within


def _mean_radius(points: Numbers) -> float:
    """Return how far ``points`` are from their middle, on average."""
    return max(float(np.hypot(*(points - points.mean(axis=1, keepdims=True))).mean()), 1e-12)


class _Net:
    """The links, as forces."""

    def __init__(self, links: Links) -> None:
        self.size = len(links.paths)
        pairs = np.array(links.pairs, dtype=np.int64).reshape(-1, 2)
        self._one, self._other = pairs[:, 0], pairs[:, 1]
        self.pull: Numbers = np.bincount(pairs.ravel(), minlength=self.size).astype(np.float64)
        """What all links of a document pull with: each with 1."""
        self.weight: Numbers = self.pull + 1
        self.alone = self.pull == 0

    def towards(self, points: Numbers) -> Numbers:
        """Return the sum of the points that each document is linked with."""
        one, other, size = self._one, self._other, self.size
        return np.stack(
            [
                np.bincount(one, axis[other], size) + np.bincount(other, axis[one], size)
                for axis in points
            ]
        )


def _thrown(links: Links) -> Numbers:
    """Return points all over a disc, each of which is known from its path alone."""
    digests = (
        hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for path in links.paths
    )
    chance = (np.frombuffer(b"".join(digests), dtype="<u4").reshape(-1, 2).T + 0.5) / 2**32
    radius, angle = np.sqrt(chance[0]), 2 * math.pi * chance[1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def _drawn_together(points: Numbers, net: _Net) -> Numbers:
    """Return ``points`` nearer to those they are linked with, evenly over a disc in which each has as much room.

    The more documents, the farther they are drawn: a part of a round more for each, never a whole one at once. Those
    without links come to lie at the rim.
    """
    rounds = min(8.0, max(1.0, 1.5 * math.log2(net.size) - 5.5))
    for begun in itertools.takewhile(lambda number: number < rounds, itertools.count()):
        part = 0.5 * min(1.0, rounds - begun)
        middle = net.towards(points) / np.where(net.alone, 1, net.pull)
        points = np.where(net.alone, points, (1 - part) * points + part * middle)
        points -= (points * net.pull).sum(axis=1, keepdims=True) / max(net.pull.sum(), 1e-9)
    points = np.where(net.alone, points, _round(points, ~net.alone))
    radius = np.hypot(*points)
    rank = np.empty(net.size)
    rank[np.lexsort((radius, net.alone))] = np.arange(net.size)
    even: Numbers = points / np.maximum(radius, 1e-12) * np.sqrt(rank + 0.5)
    return even


def _round(points: Numbers, counted: NDArray[np.bool_]) -> Numbers:
    """Return ``points`` stretched so that they are as broad in all directions, and turned as little as can be.

    That is by the inverse of the square root of their covariance, which for 2 by 2 numbers can be written down.
    """
    across, down = points * counted
    xx, yy, xy = (
        float((a * b).sum()) + 1e-9 for a, b in ((across, across), (down, down), (across, down))
    )
    root = math.sqrt(max(xx * yy - xy * xy, 1e-12))
    trace = math.sqrt(xx + yy + 2 * root)
    stretch = root * trace
    return np.stack(
        [
            ((yy + root) * points[0] - xy * points[1]) / stretch,
            ((xx + root) * points[1] - xy * points[0]) / stretch,
        ]
    )


def _balanced(points: Numbers, net: _Net) -> Numbers:
    """Return ``points`` where forces have moved them, in ever smaller steps."""
    mesh = _Mesh(net.size)
    start, weight = points, net.weight
    hold = _HOLD / math.sqrt(net.size)
    push = _PUSH * net.size / weight.sum()
    for number in range(_ROUNDS):
        left = 1 - number / _ROUNDS
        force = mesh.push(points, weight) * weight * push + net.towards(points) - net.pull * points
        force -= weight * (_PUSH * points + hold * (points - start))
        step = force / weight * (_PACE * left**0.7)
        longest = math.sqrt(net.size) * 0.15 * left + 0.01
        points = points + step * np.minimum(1, longest / np.maximum(np.hypot(*step), 1e-12))
    return points


class _Mesh:
    """A square of cells, at whose corners potential and force are computed."""

    def __init__(self, size: int) -> None:
        cells = 2 ** math.ceil(math.log2(2 * math.sqrt(size)))
        self._cells = min(max(cells, _LEAST_MESH), _MOST_MESH)
        away = np.arange(2 * self._cells)
        away = np.minimum(away, 2 * self._cells - away)
        # The potential of a push that falls with the distance; at less than a cell it grows no more.
        self._potential = np.fft.rfft2(-0.5 * np.log(away[:, None] ** 2 + away**2 + 0.7))

    def push(self, points: Numbers, weight: Numbers) -> Numbers:
        """Return the force on each of ``points`` that all with their ``weight`` push it away with."""
        cells = self._cells
        low = points.min(axis=1, keepdims=True)
        breadth = max(float((points - low).max()), 1e-9) * 1.0001 / (cells - 3)
        at = (points - low) / breadth + 1
        corner = np.floor(at).astype(np.int64)
        inside = at - corner
        first = corner[0] * cells + corner[1]
        near = [
            (
                first + across * cells + down,
                np.abs(1 - across - inside[0]) * np.abs(1 - down - inside[1]),
            )
            for across in (0, 1)
            for down in (0, 1)
        ]
        spread = sum(np.bincount(place, weight * part, cells * cells) for place, part in near)
        potential = self._solved(np.reshape(spread, (cells, cells)))
        slope = np.zeros((2, cells, cells))
        slope[0, 1:-1] = (potential[:-2] - potential[2:]) / 2
        slope[1, :, 1:-1] = (potential[:, :-2] - potential[:, 2:]) / 2
        flat = slope.reshape(2, -1)
        force: Numbers = sum(flat[:, place] * part for place, part in near) / breadth
        return force

    def _solved(self, spread: Numbers) -> Numbers:
        """Return the potential of what is ``spread`` over the cells; twice as broad, or it would come around."""
        cells = self._cells
        broad = np.fft.rfft2(spread, (2 * cells, 2 * cells))
        return np.fft.irfft2(broad * self._potential)[:cells, :cells]


def _apart(points: Numbers) -> Numbers:
    """Return ``points`` of which none lies so close to another that one would hide it."""
    size = points.shape[1]
    # Of an even disc, documents lie on average two thirds of its radius away from its middle.
    radius = 1.5 * _mean_radius(points)
    least = _BREADTH * radius * math.sqrt(math.pi / size)
    for _ in range(_SETTLING):
        one, other = (
            np.concatenate(ends) for ends in zip(*_neighbours(points, least), strict=True)
        )
        between = points[:, one] - points[:, other]
        distance = np.hypot(*between)
        close = distance < least
        one, other, between, distance = one[close], other[close], between[:, close], distance[close]
        if not len(one):
            break
        step = between / np.maximum(distance, 1e-9) * (least - distance) * 0.35
        points = points + np.stack(
            [np.bincount(one, axis, size) - np.bincount(other, axis, size) for axis in step]
        )
    return points


def _neighbours(points: Numbers, breadth: float) -> Iterator[tuple[Places, Places]]:
    """Yield pairs of points in one cell of this ``breadth``, or in two side by side, each pair once."""
    size = points.shape[1]
    cell = np.floor(points / breadth).astype(np.int64)
    cell -= cell.min(axis=1, keepdims=True)
    row = int(cell[1].max()) + 3
    key = (cell[0] + 1) * row + cell[1] + 1
    order = np.argsort(key, kind="stable")
    key = key[order]
    for beside in (0, 1, row - 1, row, row + 1):
        first = np.searchsorted(key, key + beside) if beside else np.arange(size) + 1
        count = np.minimum(np.searchsorted(key, key + beside, "right") - first, _AT_ONCE).clip(0)
        one = np.repeat(np.arange(size), count)
        other = np.arange(len(one)) + np.repeat(first - count.cumsum() + count, count)
        yield order[one], order[other]
