"""The command line of the benchmarks: measure, print, write down.

Whatever ends a run early leaves what was measured until then in the JSON file.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import browser, builds, downloads, edits, plot, profiles, results, tables, vaults
from benchmarks.results import Bytes, Results

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "dev" / "performance.md"
_JSON = _ROOT / "docs" / "dev" / "performance.json"
_PLOT = _ROOT / "docs" / "assets" / "performance.svg"
_SIZES = (1_000, 5_000, 10_000)
_QUICK_SIZES = (100, 300)
_SERVED = 5_000
"""Notes of the vault that is edited and profiled, if there is one of that size."""
_LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "markdown-it-py", "pagefind")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all benchmarks, or write down what an earlier run found."""
    chosen = _parser().parse_args(arguments)
    if chosen.write_docs_from:
        _write_docs(results.load(chosen.write_docs_from))
        return 0
    sizes = tuple(chosen.sizes or (_QUICK_SIZES if chosen.quick else _SIZES))
    file = chosen.json or (_JSON if chosen.write_docs else None)
    found = start = Results(_machine())
    with tempfile.TemporaryDirectory(prefix="seedbed-bench-", dir=chosen.folder) as folder:
        for found in _measured(start, sizes, chosen, Path(folder)):
            if file:
                results.save(found, file)
    for name in tables.TABLES:
        _say(f"\n{tables.plain(tables.TABLES[name](found))}")
    if chosen.write_docs:
        _write_docs(found)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench.py",
        allow_abbrev=False,
        description="Measure Seedbed beside plain MkDocs, on vaults that are made for it.",
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="N", help="numbers of notes (1000 5000 10000)"
    )
    parser.add_argument(
        "--runs", type=int, default=3, metavar="N", help="builds of each kind (default: 3)"
    )
    parser.add_argument(
        "--edits",
        type=int,
        default=5,
        metavar="N",
        help="changes of each kind, if any (default: 5)",
    )
    parser.add_argument("--quick", action="store_true", help="on vaults of 100 and 300 notes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the results")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="where to work (default: temporary files)"
    )
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="show the results in docs/dev/performance.md, and keep them beside it",
    )
    parser.add_argument(
        "--write-docs-from",
        type=Path,
        metavar="FILE",
        help="measure nothing, and show the results that FILE holds",
    )
    return parser


def _measured(
    found: Results, sizes: Sequence[int], chosen: argparse.Namespace, folder: Path
) -> Iterator[Results]:
    """Yield all that is known after each measurement."""
    for notes in sizes:
        vault = folder / f"{notes}"
        vaults.write_vault(vault, notes)
        sites = builds.Sites(vault, folder / f"{notes}-sites")
        with browser.opened() as chromium:
            read = partial(_downloaded, chromium)
            measured = builds.measure(notes, sites, chosen.runs, read, _say)
        found = replace(found, builds=(*found.builds, measured))
        yield found
        shutil.rmtree(sites.folder)
    middle = min(sizes, key=lambda notes: abs(notes - _SERVED))
    vault = folder / f"{middle}"
    found = replace(found, profile=profiles.measure(middle, vault, folder / "profile"))
    _say(f"{middle:,} notes: profiled")
    yield found
    for number, host in enumerate(edits.HOSTS if chosen.edits else ()):
        copied = folder / f"edited-{number}"
        shutil.copytree(vault, copied)
        with browser.opened() as chromium:
            served = edits.Served(host, middle, copied, folder / f"served-{number}")
            seen = edits.measure(served, chromium, chosen.edits)
        found = replace(found, edits=(*found.edits, seen))
        _say(f"{middle:,} notes: edited under {host}")
        yield found


def _downloaded(chromium: Browser | None, site: Path, vault: Path) -> Bytes | None:
    if chromium is None:
        return None
    page = downloads.address_of(vaults.midmost(vault), vault, site)
    return downloads.measure(chromium, site, page)


def _machine() -> dict[str, str]:
    versions = (f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "cores": str(os.cpu_count() or 1),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "libraries": ", ".join(versions),
    }


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line)
    return next(names, platform.machine())


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "not known"
    asked = subprocess.run(
        (git, "describe", "--always", "--dirty", "--exclude=*"),
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "not known"


def _write_docs(found: Results) -> None:
    text = _PAGE.read_text(encoding="utf-8")
    _PAGE.write_text(tables.page(text, found), encoding="utf-8", newline="\n")
    _PLOT.parent.mkdir(exist_ok=True)
    plot.draw(found, _PLOT)
    results.save(found, _JSON)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
