"""How what was measured grows with the number of notes, and what that comes to for many more.

Everything here is a constant and an amount per note, fitted by least squares, but for the two things that are divided:
the search index, whose shards are indexed a few at a time, and what a browser loads of it.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.results import Builds, Results, median
from seedbed.search import MOST

_ENOUGH = 2
"""Points that a line needs."""
MOST_SHARDS = 8
"""As the search index is divided; a test compares it with that."""


@dataclass(frozen=True, slots=True)
class Line:
    """A constant, and an amount per note."""

    name: str
    unit: str
    constant: float
    per_note: float

    def at(self, notes: int) -> float:
        """Return what the line says for so many notes."""
        return self.constant + self.per_note * notes


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    unit: str
    of: Callable[[Builds], float | None]


_MEASURES = (
    _Measure("cold build", "s", lambda builds: median(builds.cold)),
    _Measure("warm build with no change", "s", lambda builds: median(builds.warm)),
    _Measure("plain MkDocs", "s", lambda builds: median(builds.plain)),
    _Measure("memory of the first process", "B", lambda builds: _memory(builds, "main")),
    _Measure("memory of workers", "B", lambda builds: _memory(builds, "workers")),
    _Measure("site", "B", lambda builds: builds.files["site"]),
    _Measure("cache", "B", lambda builds: builds.files["cache"]),
    _Measure("notes.json", "B", lambda builds: builds.files["manifest notes.json"]),
    _Measure("list of all notes", "B", lambda builds: builds.files["list of all notes"]),
    _Measure("largest page of a tag", "B", lambda builds: builds.files["largest page of a tag"]),
    _Measure("a reader's first page", "B", lambda builds: _read(builds, "page")),
    _Measure("a reader's first search", "B", lambda builds: _read(builds, "search")),
)


def lines(results: Results) -> tuple[Line, ...]:
    """Return a line for everything that was measured on two vaults or more."""
    found = []
    for measure in _MEASURES:
        points = [(builds.notes, measure.of(builds)) for builds in results.builds]
        known = [(notes, value) for notes, value in points if value is not None]
        if len(known) >= _ENOUGH:
            found.append(_fitted(measure.name, measure.unit, known))
    return tuple(found)


def at_once(notes: int, jobs: int) -> int:
    """Return how many pages are in processes of Pagefind at one time."""
    shards = 1
    while shards < MOST_SHARDS and notes > shards * MOST:
        shards *= 2
    return round(notes * min(jobs, shards) / shards)


def of_pagefind(results: Results) -> Line | None:
    """Return the memory of Pagefind by the number of pages that it holds at one time."""
    jobs = int(results.machine.get("cores", os.cpu_count() or 1))
    points = [
        (at_once(builds.notes, jobs), builds.memory["cold"].pagefind)
        for builds in results.builds
        if "cold" in builds.memory
    ]
    if len(points) < _ENOUGH:
        return None
    return _fitted("memory of Pagefind", "B", points)


def _fitted(name: str, unit: str, points: Sequence[tuple[int, float]]) -> Line:
    """Return the line that fits best; a level one for what does not grow, where noise may have it fall."""
    notes, values = zip(*points, strict=True)
    fitted = statistics.linear_regression(notes, values)
    if fitted.slope <= 0:
        return Line(name, unit, statistics.fmean(values), 0.0)
    return Line(name, unit, fitted.intercept, fitted.slope)


def _memory(builds: Builds, part: str) -> float | None:
    return getattr(builds.memory["cold"], part) if "cold" in builds.memory else None


def _read(builds: Builds, part: str) -> float | None:
    return getattr(builds.read["cold"], part) if "cold" in builds.read else None
