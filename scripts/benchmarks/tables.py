"""What was measured as tables: in a terminal, and in marked blocks of a page."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks import growth
from benchmarks.growth import Line
from benchmarks.results import MB, Results, median
from benchmarks.targets import targets

Row = Sequence[str]
_BLOCK = re.compile(
    r"(?P<mark><!-- measured: (?P<name>[a-z]+) -->\n).*?(?P<end><!-- end of measured -->\n)",
    re.DOTALL,
)
_FURTHER = (100_000, 1_000_000)
_LARGEST = 10
"""Parts of a build that are shown by name."""
_THOUSAND = 1000
_HUNDRED = 100


def page(text: str, results: Results) -> str:
    """Return the text of a page with its marked blocks filled. Raises KeyError for a block of another name."""
    return _BLOCK.sub(
        lambda block: (
            f"{block['mark']}\n{markdown(TABLES[block['name']](results))}\n{block['end']}"
        ),
        text,
    )


def markdown(rows: Iterable[Row]) -> str:
    """Return a table whose first row is its head; all columns but the first stand to the right."""
    head, *body = rows
    rule = ("---", *("---:" for _ in head[1:]))
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *body))


def plain(rows: Iterable[Row]) -> str:
    """Return a table for a terminal."""
    table = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def _of_machine(results: Results) -> Iterator[Row]:
    yield ("measured", "")
    yield from results.machine.items()


def _of_targets(results: Results) -> Iterator[Row]:
    yield ("target", "measured", "at most", "")
    for target in targets(results):
        unit = f" {target.unit}" if target.unit else ""
        value, limit = _number(target.value), _number(target.limit)
        yield (
            target.name,
            f"{value}{unit}",
            f"{limit}{unit}",
            "met" if target.is_met else "missed",
        )


def _of_builds(results: Results) -> Iterator[Row]:
    yield ("notes", "plain MkDocs", "cold", "of plain", "of CPU time", "warm", "of cold")
    for builds in results.builds:
        plain_time, cold, warm = map(median, (builds.plain, builds.cold, builds.warm))
        used = [run.cpu for run in builds.cold if run.cpu is not None]
        yield (
            f"{builds.notes:,}",
            f"{plain_time:.1f} s",
            f"{cold:.1f} s",
            f"{cold / plain_time:.2f}",
            f"{statistics.median(used):.1f} s" if used else "not measured",
            f"{warm:.2f} s",
            f"{warm / cold:.3f}",
        )


def _of_floor(results: Results) -> Iterator[Row]:
    yield ("notes", "plain MkDocs", "parser and Pagefind alone", "of plain", "of cold")
    for builds in results.builds:
        if builds.floor:
            plain_time, cold, floor = map(median, (builds.plain, builds.cold, builds.floor))
            shares = (f"{floor / plain_time:.2f}", f"{floor / cold:.2f}")
            yield (f"{builds.notes:,}", f"{plain_time:.1f} s", f"{floor:.1f} s", *shares)


def _of_memory(results: Results) -> Iterator[Row]:
    yield ("notes", "plain MkDocs", "cold", "RSS", "first process", "workers", "Pagefind", "warm")
    for builds in results.builds:
        held = builds.memory
        if "cold" not in held:
            yield (f"{builds.notes:,}", "not measured", *[""] * 6)
            continue
        cold = held["cold"]
        sizes = (cold.pss, cold.rss, cold.main, cold.workers, cold.pagefind, held["warm"].pss)
        yield (f"{builds.notes:,}", *(_size(size) for size in (held["plain"].pss, *sizes)))


def _of_edits(results: Results) -> Iterator[Row]:
    yield ("change", "notes", "served by", "seen by", "median", "slowest", "changes")
    if not results.edits:
        yield ("not measured", *[""] * 6)
    for edits in results.edits:
        for kind, seconds in edits.seconds.items():
            times = (f"{statistics.median(seconds):.2f} s", f"{max(seconds):.2f} s")
            count = str(len(seconds))
            yield (kind, f"{edits.notes:,}", edits.host, edits.seen_by, *times, count)


def _of_profile(results: Results) -> Iterator[Row]:
    yield ("part", "CPU time", "share")
    if results.profile is None:
        return
    parts = results.profile.parts
    total = sum(part.cpu for part in parts)
    for part in parts[:_LARGEST]:
        yield (part.name, f"{part.cpu:.2f} s", f"{part.cpu / total:.0%}")
    rest = sum(part.cpu for part in parts[_LARGEST:])
    yield ("the rest", f"{rest:.2f} s", f"{rest / total:.0%}")
    yield (f"all, {results.profile.notes:,} notes", f"{total:.2f} s", "100%")


def _of_bytes(results: Results) -> Iterator[Row]:
    yield ("notes", "host", "first page", "fonts and images", "first search")
    names = {"cold": "Seedbed", "plain": "plain MkDocs"}
    for builds in results.builds:
        for kind, read in builds.read.items():
            sizes = (read.page, read.fonts_and_images, read.search)
            yield (f"{builds.notes:,}", names[kind], *map(_size, sizes))


def _of_files(results: Results) -> Iterator[Row]:
    yield ("bytes of", *(f"{builds.notes:,} notes" for builds in results.builds))
    for name in results.builds[0].files if results.builds else ():
        yield (name, *(_size(builds.files[name]) for builds in results.builds))


def _of_growth(results: Results) -> Iterator[Row]:
    """Yield what each line says of vaults larger than any that was measured."""
    yield ("", "constant", "per 1,000 notes", *(f"{notes:,} notes" for notes in _FURTHER))
    for line in growth.lines(results):
        yield _row(line, _FURTHER)
    pagefind = growth.of_pagefind(results)
    if pagefind is not None:
        jobs = int(results.machine["cores"])
        held = [growth.at_once(notes, jobs) for notes in _FURTHER]
        yield _row(pagefind, held)


def _row(line: Line, places: Iterable[int]) -> Row:
    shown: Callable[[float], str] = _size if line.unit == "B" else _duration
    # A constant below nothing is what noise makes of one that is nothing.
    numbers = (max(line.constant, 0), line.per_note * _THOUSAND, *map(line.at, places))
    return (line.name, *map(shown, numbers))


TABLES: dict[str, Callable[[Results], Iterator[Row]]] = {
    "machine": _of_machine,
    "targets": _of_targets,
    "builds": _of_builds,
    "floor": _of_floor,
    "memory": _of_memory,
    "edits": _of_edits,
    "profile": _of_profile,
    "bytes": _of_bytes,
    "files": _of_files,
    "growth": _of_growth,
}
"""Rows of each table by its name in a page, the head first."""


def _number(value: float) -> str:
    return f"{value:.3g}" if value < _HUNDRED else f"{value:,.0f}"


def _duration(seconds: float) -> str:
    if abs(seconds) < _HUNDRED:
        return f"{seconds:.2f} s"
    return f"{seconds / 60:,.0f} min"


def _size(size: float) -> str:
    if abs(size) < MB:
        return f"{size / 1000:,.1f} kB"
    if abs(size) < _THOUSAND * MB:
        return f"{size / MB:,.1f} MB"
    return f"{size / MB / _THOUSAND:,.1f} GB"
