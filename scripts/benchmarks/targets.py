"""What was promised of speed and size, and whether it is kept."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.edits import TEXT
from benchmarks.results import MB, Builds, Edits, Results, median

_SMALL, _MIDDLE, _LARGE = 1_000, 5_000, 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """A promise and what became of it; lower is better."""

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is kept."""
        return self.value <= self.limit


def targets(results: Results) -> tuple[Target, ...]:
    """Return all targets; with vaults of other sizes, what they would be on the nearest."""
    if not results.builds:
        return ()
    sizes = [builds.notes for builds in results.builds]
    small, middle, large = (
        _nearest(results, size) for size in (_SMALL, min(_MIDDLE, max(sizes)), _LARGE)
    )
    return tuple(_of_builds(small, middle, large)) + tuple(
        _of_edits(edits, middle) for edits in results.edits if TEXT in edits.seconds
    )


def _of_builds(small: Builds, middle: Builds, large: Builds) -> Iterator[Target]:
    cold = median(middle.cold)
    yield Target(
        f"cold, {middle.notes:,} notes, of the time of plain MkDocs",
        cold / median(middle.plain),
        0.45,
    )
    if small is not large:
        growth = median(large.cold) / median(small.cold)
        most = 1.1 * large.notes / small.notes
        yield Target(f"cold, {large.notes:,} notes, of the time for {small.notes:,}", growth, most)
    if "cold" in large.memory:
        held = large.memory["cold"].pss / MB
        yield Target(f"memory, cold, {large.notes:,} notes", held, 700, "MB")
    warm = median(middle.warm) / cold
    yield Target(f"warm, {middle.notes:,} notes, of the time of cold", warm, 0.10)


def _of_edits(edits: Edits, middle: Builds) -> Target:
    name = f"an edited note, {edits.host}, {edits.notes:,} notes, of the time of cold"
    return Target(name, statistics.median(edits.seconds[TEXT]) / median(middle.cold), 0.06)


def _nearest(results: Results, notes: int) -> Builds:
    return min(results.builds, key=lambda builds: abs(builds.notes - notes))
