"""Everything that was measured, as values; to JSON and back."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command, all its processes together."""

    seconds: float
    """From its start to its end."""
    cpu: float | None
    """Seconds of processor time; None where the system does not say."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The most that was in memory at one time, in bytes."""

    pss: int
    """All processes, what several share counted once."""
    rss: int
    """All processes, what several share counted for each."""
    main: int
    """PSS of the first process at its own highest."""
    workers: int
    """PSS of the processes it started, at their highest together."""
    pagefind: int
    """PSS of all processes of Pagefind, at their highest together."""


@dataclass(frozen=True, slots=True)
class Bytes:
    """What a reader's browser downloads, compressed as a server compresses it."""

    page: int
    """The first page anybody opens, without fonts and images."""
    fonts_and_images: int
    search: int
    """What the first search adds."""


@dataclass(frozen=True, slots=True)
class Builds:
    """Builds of one vault; each list in the order of the runs."""

    notes: int
    cold: tuple[Run, ...]
    plain: tuple[Run, ...]
    warm: tuple[Run, ...]
    memory: dict[str, Memory]
    """By ``cold``, ``plain`` and ``warm``; empty where it cannot be measured."""
    files: dict[str, int]
    """Bytes of some files and of all, by name."""
    read: dict[str, Bytes]
    """By ``cold`` and ``plain``; empty where there is no browser."""
    floor: tuple[Run, ...] = ()
    """What `benchmarks.floor` does, which is less than any of these."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Seconds from saving a change to seeing it on a served page, by kind of change."""

    host: str
    notes: int
    seen_by: str
    seconds: dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a build in a single process takes."""

    name: str
    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A cold build in a single process, in parts that add up to it."""

    notes: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the benchmarks."""

    machine: dict[str, str]
    builds: tuple[Builds, ...] = ()
    edits: tuple[Edits, ...] = ()
    profile: Profile | None = None

    def of(self, notes: int) -> Builds | None:
        """Return the builds of the vault with that many notes."""
        return next((each for each in self.builds if each.notes == notes), None)


def median(runs: Iterable[Run]) -> float:
    """Return the median of the times of ``runs``, in seconds."""
    return statistics.median(run.seconds for run in runs)


def save(results: Results, file: Path) -> None:
    """Write ``results`` as JSON."""
    file.write_text(json.dumps(_rounded(asdict(results)), indent=1) + "\n", encoding="utf-8")


def load(file: Path) -> Results:
    """Read what ``save`` wrote."""
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    profile = read["profile"]
    return Results(
        machine=read["machine"],
        builds=tuple(map(_builds, read["builds"])),
        edits=tuple(
            Edits(**{**each, "seconds": {kind: tuple(s) for kind, s in each["seconds"].items()}})
            for each in read["edits"]
        ),
        profile=profile
        and Profile(profile["notes"], tuple(Part(**part) for part in profile["parts"])),
    )


def _builds(read: dict[str, Any]) -> Builds:
    return Builds(
        notes=read["notes"],
        cold=tuple(Run(**run) for run in read["cold"]),
        plain=tuple(Run(**run) for run in read["plain"]),
        warm=tuple(Run(**run) for run in read["warm"]),
        memory={kind: Memory(**each) for kind, each in read["memory"].items()},
        files=read["files"],
        read={kind: Bytes(**each) for kind, each in read["read"].items()},
        floor=tuple(Run(**run) for run in read.get("floor", ())),
    )


def _rounded(value: Any) -> Any:  # noqa: ANN401 -- anything that JSON holds
    """Return ``value`` with milliseconds as its smallest times: what is finer is noise."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return value
