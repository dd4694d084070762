"""Where the time of a cold build goes: its parts, timed at the doors between them.

Run in a process of its own, which does all the work itself, so that nothing is done where nobody looks. A part begins
where one of its functions is called and pauses while another part's runs, so that the parts add up. A profiler that
looks at every call would take as long as the build, and charge that to the code that calls most.
"""

from __future__ import annotations

import functools
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.results import Part, Profile

_START = "start: Python and libraries"
_REST = "MkDocs, and what has no name here"
_PAGEFIND = "search: Pagefind itself"
DOORS = {
    "configuration and plugins": ("seedbed.host:_load",),
    "MkDocs: assets, sitemap, 404": ("mkdocs.commands.build:build",),
    "listing and reading files": ("seedbed.vault:look", "seedbed.vault:read"),
    "parsing notes": ("seedbed.reading:_parse",),
    "sentences around links": ("seedbed.surroundings:packed", "seedbed.pages:backlinks"),
    "mentions": ("seedbed.mentions:find", "seedbed.pages:mention_list"),
    "pictures of what is around": ("seedbed.pages:local_graph",),
    "dates from git": ("seedbed.site:read_history",),
    "resolving links": ("seedbed.index:Index.__init__",),
    "rendering: articles and pages": ("seedbed.rendering:_render",),
    "rendering: formulas": ("seedbed.tex:render",),
    "rendering: code": ("seedbed.article.code:highlight",),
    "handing out pages": ("seedbed.rendering:_tasks",),
    "stubs, tags, list of notes": (
        "seedbed.pages:further_pages",
        "seedbed.site:Site._stock",
        "seedbed.ownfiles:contents",
    ),
    "figures": ("seedbed.drawings:compute",),
    "theme around pages": ("seedbed.frame:Frames.encoded", "seedbed.frame:Frames.name"),
    "writing files": (
        "seedbed.folder:SiteFolder.put",
        "seedbed.folder:SiteFolder.finish",
        "seedbed.folder:SiteFolder.__init__",
    ),
    "math font": ("seedbed.mathfont:subset",),
    "store": tuple(
        f"seedbed.store:Store.{name}"
        for name in ("__init__", "put", "small", "large", "drop", "commit", "close")
    ),
    "search: handing pages to Pagefind": ("seedbed.output:Output.index",),
}
"""The functions, methods and properties that begin each part."""


@dataclass(slots=True)
class Stopwatch:
    """Time by part, of which one runs at a time."""

    clocks: tuple[Callable[[], float], ...] = (time.perf_counter, time.process_time)
    spent: dict[str, list[float]] = field(default_factory=dict)
    """By each of the clocks."""
    _open: list[str] = field(default_factory=list)
    _last: list[float] = field(default_factory=list)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Charge to ``name`` what is done inside, but for other parts there."""
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def _charge(self) -> None:
        now = [clock() for clock in self.clocks]
        if self._open:
            spent = self.spent.setdefault(self._open[-1], [0.0] * len(now))
            for number, (before, after) in enumerate(zip(self._last, now, strict=True)):
                spent[number] += after - before
        self._last = now


def measure(notes: int, vault: Path, folder: Path) -> Profile:
    """Build ``vault`` in a process of its own in ``folder``, which must not be there yet."""
    folder.mkdir(parents=True)
    said = subprocess.run(
        (sys.executable, "-m", "benchmarks.profiles", str(vault)),
        cwd=folder,
        env={**processes.surroundings(), "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        check=True,
    )
    parts = (Part(**part) for part in json.loads(said.stdout))
    return Profile(notes, tuple(sorted(parts, key=lambda part: -part.cpu)))


def main(vault: Path) -> None:
    """Build ``vault`` here and print the parts as JSON."""
    watch = Stopwatch()
    with watch.part(_START):
        from seedbed import host  # noqa: PLC0415 -- loading is part of what is measured

        for doors in DOORS.values():
            for door in doors:
                importlib.import_module(door.partition(":")[0])
    for name, doors in DOORS.items():
        for door in doors:
            _watch(door, name, watch)
    before_python = time.process_time() - sum(cpu for _, cpu in watch.spent.values())
    with watch.part(_REST):
        host.build(host.HostSettings(notes=vault, site_dir=Path("site"), jobs=1))
    watch.spent[_START] = [each + before_python for each in watch.spent[_START]]
    parts = [Part(name, *spent) for name, spent in watch.spent.items()]
    # While it works somebody waits for it: its time is in the part that hands it the pages.
    parts.append(Part(_PAGEFIND, 0.0, processes.cpu_of_children() or 0.0))
    print(
        json.dumps(
            [{"name": part.name, "seconds": part.seconds, "cpu": part.cpu} for part in parts]
        )
    )


def _watch(door: str, name: str, watch: Stopwatch) -> None:
    """Time the function, method or property at ``door``, wherever it is called from."""
    module_name, _, path = door.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, last = path.split(".")
    for each in outer:
        owner = getattr(owner, each)
    found = vars(owner)[last]
    timed = _timed(found, name, watch)
    setattr(owner, last, timed)
    if isinstance(timed, functools.cached_property):
        timed.__set_name__(owner, last)
    # Others may have imported it by its name already.
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith(("seedbed", "mkdocs")):
            for other, value in [*vars(module).items()]:
                if value is found:
                    setattr(module, other, timed)


def _timed(found: Any, name: str, watch: Stopwatch) -> Any:  # noqa: ANN401 -- whatever stands at a door
    if isinstance(found, functools.cached_property):
        return functools.cached_property(_timed(found.func, name, watch))

    @functools.wraps(found)
    def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 -- as it is called
        with watch.part(name):
            made = found(*given, **named)
        return _steps(made, name, watch) if isinstance(made, Iterator) else made

    return timed


def _steps(made: Iterator[Any], name: str, watch: Stopwatch) -> Iterator[Any]:
    """Yield what ``made`` does, timing each step."""
    while True:
        with watch.part(name):
            try:
                each = next(made)
            except StopIteration:
                return
        yield each


if __name__ == "__main__":
    main(Path(sys.argv[1]))
