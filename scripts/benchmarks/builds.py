"""Builds of one vault: by Seedbed from nothing, by plain MkDocs, by Seedbed with no change, and the least of builds.

Runs of the four alternate, so that whatever else slows the machine down slows all of them.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.results import Builds, Bytes, Memory, Run

_PLAIN = """\
site_name: Plain
theme:
  name: material
  font: false
docs_dir: {docs}
site_dir: site
nav: [index.md]
plugins: [search]
"""
"""Material and search, and a navigation of one page: what MkDocs does fastest. It takes links for text."""
_FLOOR = Path(__file__).with_name("floor.py")
_LISTED = {
    "list of all notes": "notes/index.html",
    "manifest notes.json": "notes.json",
}


@dataclass(frozen=True, slots=True)
class Sites:
    """Where two hosts build sites of one vault."""

    notes: Path
    folder: Path

    @property
    def ours(self) -> Path:
        """The site that Seedbed builds."""
        return self.folder / "ours" / "site"

    @property
    def plain(self) -> Path:
        """The site that MkDocs builds without Seedbed."""
        return self.folder / "plain" / "site"

    @property
    def commands(self) -> dict[str, tuple[str, ...]]:
        """What is run for each kind of build."""
        seedbed = (processes.seedbed(), "build", "--quiet", "--notes", str(self.notes))
        plain = (*processes.mkdocs(), "build", "--quiet")
        floor = (sys.executable, str(_FLOOR), str(self.notes), "site")
        return {"cold": seedbed, "plain": plain, "warm": seedbed, "floor": floor}

    def prepare(self, kind: str) -> Path:
        """Return the folder to run a ``kind`` of build in; all kinds but ``warm`` begin with nothing."""
        folder = self.folder / ("ours" if kind in {"cold", "warm"} else kind)
        if kind != "warm" and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "plain":
            settings = _PLAIN.format(docs=json.dumps(str(self.notes)))
            (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
        return folder


def measure(
    notes: int,
    sites: Sites,
    runs: int,
    read: Callable[[Path, Path], Bytes | None],
    say: Callable[[str], None],
) -> Builds:
    """Build ``runs`` times and once more for the memory; ``read`` says what readers of a site and note download."""
    times: dict[str, list[Run]] = {kind: [] for kind in sites.commands}
    memory: dict[str, Memory] = {}
    for number in range(1, runs + 1):
        for kind, command in sites.commands.items():
            times[kind].append(processes.timed(command, sites.prepare(kind)))
            say(f"{notes:,} notes, {kind} {number}/{runs}: {times[kind][-1].seconds:.2f} s")
    for kind, command in sites.commands.items():
        held = processes.watched(command, sites.prepare(kind))
        if held is not None:
            memory[kind] = held
            say(f"{notes:,} notes, {kind}: {held.pss / 1e6:.0f} MB")
    files = _files(sites)
    downloads = {"cold": read(sites.ours, sites.notes), "plain": read(sites.plain, sites.notes)}
    return Builds(
        notes=notes,
        cold=tuple(times["cold"]),
        plain=tuple(times["plain"]),
        warm=tuple(times["warm"]),
        floor=tuple(times["floor"]),
        memory=memory,
        files=files,
        read={kind: each for kind, each in downloads.items() if each is not None},
    )


def _files(sites: Sites) -> dict[str, int]:
    """Return the sizes of what grows with a vault."""
    tags = (file.stat().st_size for file in (sites.ours / "tags").rglob("index.html"))
    return {
        "notes": _all_in(sites.notes),
        "site": _all_in(sites.ours),
        "search index": _all_in(sites.ours / "pagefind"),
        "cache": _all_in(sites.folder / "ours" / ".cache"),
        **{name: (sites.ours / path).stat().st_size for name, path in _LISTED.items()},
        "largest page of a tag": max(tags, default=0),
        "site of plain MkDocs": _all_in(sites.plain),
    }


def _all_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
