"""A command run as its user runs it: how long it takes, and how much memory with all the processes it starts.

Time and memory are measured in different runs, as looking at memory takes time. Linux says what several processes
share; elsewhere memory is not measured.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Memory, Run

_PROCESSES = Path("/proc")
_PAUSE = 0.02
"""Seconds between two looks at the memory."""
_FIELD = re.compile(r"^(Pss|Rss): +(\d+) kB$", re.MULTILINE)
_LOCAL = ("PYTHONPATH", "SITE_URL", "SOURCE_DATE_EPOCH")
"""Variables that would change what is measured."""


def seedbed() -> str:
    """Return the path of the command `seedbed` of this Python."""
    found = shutil.which("seedbed", path=sysconfig.get_path("scripts"))
    if found is None:
        raise FileNotFoundError("seedbed is not installed for this Python")
    return found


def mkdocs() -> tuple[str, ...]:
    """Return the command `mkdocs` of this Python."""
    return (sys.executable, "-m", "mkdocs")


def surroundings() -> dict[str, str]:
    """Return the environment for what is measured."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    return {**kept, "NO_MKDOCS_2_WARNING": "1"}


def timed(command: Sequence[str], folder: Path) -> Run:
    """Run ``command`` in ``folder``. Raises CalledProcessError if it fails."""
    if hasattr(os, "sync"):
        os.sync()  # so that nobody waits for what the last run wrote
    before = cpu_of_children()
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=surroundings(), check=True)
    seconds = time.perf_counter() - began
    after = cpu_of_children()
    return Run(seconds, None if before is None or after is None else after - before)


def watched(command: Sequence[str], folder: Path) -> Memory | None:
    """Run ``command`` in ``folder`` and return its memory; None where the system does not say."""
    most = None
    with subprocess.Popen(command, cwd=folder, env=surroundings()) as process:
        while process.poll() is None:
            now = _now(process.pid)
            most = _higher(most, now) if most and now else most or now
            time.sleep(_PAUSE)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most


def cpu_of_children() -> float | None:
    """Return the processor time of all processes that have ended, with those they had started themselves."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 -- no such module on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class _Process:
    parent: int
    name: str


def _now(root: int) -> Memory | None:
    """Return what the process ``root`` and all below it hold now."""
    if not (_PROCESSES / "self" / "smaps_rollup").is_file():
        return None
    kinds = {"main": 0, "workers": 0, "pagefind": 0}
    rss = 0
    for number, process in _below(root).items():
        held = _held(number)
        is_pagefind = process.name.startswith("pagefind")
        kind = "main" if number == root else "pagefind" if is_pagefind else "workers"
        kinds[kind] += held.get("Pss", 0)
        rss += held.get("Rss", 0)
    return Memory(pss=sum(kinds.values()), rss=rss, **kinds)


def _higher(one: Memory, other: Memory) -> Memory:
    return Memory(
        pss=max(one.pss, other.pss),
        rss=max(one.rss, other.rss),
        main=max(one.main, other.main),
        workers=max(one.workers, other.workers),
        pagefind=max(one.pagefind, other.pagefind),
    )


def _below(root: int) -> dict[int, _Process]:
    """Return the process ``root`` and all that it or they have started, by number."""
    everybody = dict(_all())
    found: dict[int, _Process] = {}
    generation = {root}
    while generation:
        found |= {number: everybody[number] for number in generation if number in everybody}
        generation = {
            number for number, process in everybody.items() if process.parent in generation
        }
    return found


def _all() -> Iterator[tuple[int, _Process]]:
    for folder in _PROCESSES.iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                said = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                # The name stands in parentheses, and may hold some itself.
                name, _, rest = said.partition("(")[2].rpartition(")")
                yield int(folder.name), _Process(int(rest.split()[1]), name)


def _held(number: int) -> dict[str, int]:
    try:
        said = (_PROCESSES / str(number) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return {}
    return {name: int(kilobytes) * 1024 for name, kilobytes in _FIELD.findall(said)}


def waited_for(
    happened: Callable[[], bool], seconds: float, *, pause: float = 0.02, what: str = ""
) -> float:
    """Return how many seconds it took until ``happened``. Raises TimeoutError after ``seconds``."""
    began = time.perf_counter()
    while not happened():
        if time.perf_counter() - began > seconds:
            raise TimeoutError(f"{what or 'nothing'} in {seconds:.0f} s")
        time.sleep(pause)
    return time.perf_counter() - began


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, log: Path, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` beside this process, and end it; what it says goes to ``log``."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**surroundings(), **(variables or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
