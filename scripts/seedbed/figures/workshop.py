"""Specs -> figures, in their order: from the cache, or by worker processes in parallel.

Separate from the worker, which knows one figure: here it is decided what is started at all, and
what has become of it. Whatever an author writes, the answer is a figure or a problem.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from seedbed.figures import cache as entries
from seedbed.figures.figure import Drawn, Figure, figure_of
from seedbed.figures.job import OUT_OF_MEMORY, THREADS, Job, Limits
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec, cost_problem

Outcome = Figure | FigureProblem
Progress = Callable[[str], None]


def compute(
    specs: Sequence[FigureSpec],
    *,
    cache: Path | None,
    jobs: int,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> list[Outcome]:
    """Return a figure, or the problem in its place, for each spec.

    Figures in the cache start no process; without a cache all are computed afresh. `progress` is
    called from this thread, with a line a figure; what it raises stops the workers and goes on.
    Raises ValueError for a spec without id, OSError for a cache that cannot be written.
    """
    for spec in specs:
        if spec.id is None:
            raise ValueError("a figure must have its id before it is computed")
    with ExitStack() as stack:
        if cache is None:
            cache = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seedbed-")))
        workshop = _Workshop(cache.absolute(), limits or Limits(), len(specs), progress)
        return workshop.run(specs, max(1, jobs))


class _Workshop:
    """One run over a number of specs."""

    def __init__(self, cache: Path, limits: Limits, total: int, progress: Progress | None) -> None:
        self._cache = cache
        self._limits = limits
        self._total = total
        self._done = 0
        self._progress = progress
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, specs: Sequence[FigureSpec], jobs: int) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        groups: dict[str, list[int]] = {}
        for at, spec in enumerate(specs):
            if problem := cost_problem(spec):
                self._settle(outcomes, at, spec, problem, "failed")
                continue
            key = entries.data_key(spec)
            drawn = self._kept(entries.drawing_path(self._cache, entries.drawing_key(spec, key)))
            if drawn is None:
                # Figures that share their numbers wait for one another rather than compute twice.
                groups.setdefault(key, []).append(at)
            else:
                self._settle(outcomes, at, spec, self._finish(spec, drawn), "cached")
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            tasks = [pool.submit(self._group, key, specs, ats) for key, ats in groups.items()]
            try:
                for task in as_completed(tasks):
                    for at, outcome in task.result():
                        word = "failed" if isinstance(outcome, FigureProblem) else "computed"
                        self._settle(outcomes, at, specs[at], outcome, word)
            except BaseException:
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(self._running):
                    process.kill()
                raise
        return [outcomes[at] for at in range(len(specs))]

    def _settle(
        self, outcomes: dict[int, Outcome], at: int, spec: FigureSpec, outcome: Outcome, word: str
    ) -> None:
        outcomes[at] = outcome
        self._done += 1
        if self._progress is not None:
            self._progress(f"figure {self._done}/{self._total} {spec.id} ({spec.kind}): {word}")

    def _group(
        self, key: str, specs: Sequence[FigureSpec], ats: list[int]
    ) -> list[tuple[int, Outcome]]:
        return [(at, self._computed(specs[at], key)) for at in ats if not self._stopped]

    def _computed(self, spec: FigureSpec, key: str) -> Outcome:
        path = entries.drawing_path(self._cache, entries.drawing_key(spec, key))
        # A figure of the same group may have drawn just this.
        drawn = self._kept(path)
        if drawn is None:
            result = self._work(spec, entries.data_path(self._cache, key))
            if isinstance(result, str):
                return FigureProblem(result, spec.line_of("kind"))
            drawn = _read(result)
            if drawn is None:
                return FigureProblem("figure worker gave no result", spec.line_of("kind"))
            entries.store(path, result)
        return self._finish(spec, drawn)

    def _kept(self, path: Path) -> Drawn | None:
        content = entries.load(path)
        return None if content is None else _read(content)

    def _finish(self, spec: FigureSpec, drawn: Drawn) -> Outcome:
        size = len(drawn.drawing.body.encode())
        limit, advised = self._limits.svg_bytes, self._limits.svg_warning_bytes
        said = f"SVG is {size / 1000:.0f} kB"
        if size > limit:
            return FigureProblem(f"{said}, limit {limit / 1000:.0f} kB", spec.line_of("kind"))
        figure = figure_of(spec, drawn)
        if size <= advised:
            return figure
        warning = f"{said}, better below {advised / 1000:.0f} kB"
        problem = FigureProblem(warning, spec.line_of("kind"), warning=True)
        return replace(figure, problems=(*figure.problems, problem))

    def _work(self, spec: FigureSpec, numbers: Path) -> bytes | str:
        """Run one worker; return its result, or the message of its failure."""
        with tempfile.TemporaryDirectory(prefix="seedbed-figure-") as folder:
            job = Path(folder)
            job.joinpath("job.json").write_text(Job(spec, numbers, self._limits).to_json(), "utf-8")
            command = [sys.executable, "-P", "-m", "seedbed.figures.worker", folder]
            process = subprocess.Popen(
                command,
                env=_environment(self._cache),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            self._running.add(process)
            if self._stopped:  # It was started while the others were being stopped.
                process.kill()
            try:
                _, said = process.communicate(timeout=self._limits.wall_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return self._limits.wall_exceeded()
            finally:
                self._running.discard(process)
            if process.returncode == 0 and job.joinpath("result.json").exists():
                return job.joinpath("result.json").read_bytes()
            return self._failure(process.returncode, said.decode("utf-8", "replace"))

    def _failure(self, code: int, said: str) -> str:
        if code == OUT_OF_MEMORY:
            return self._limits.memory_exceeded()
        if code == -getattr(signal, "SIGXCPU", 0):
            return self._limits.cpu_exceeded()
        lines = said.strip().splitlines()
        return f"figure worker failed: {lines[-1][:200] if lines else f'exit code {code}'}"


def _read(content: bytes) -> Drawn | None:
    try:
        return Drawn.from_json(content)
    except (ValueError, KeyError, TypeError):
        return None


def _environment(cache: Path) -> dict[str, str]:
    """Return a worker's surroundings: this very package, one thread, fonts kept in the cache."""
    source_root = str(Path(__file__).parents[2])
    paths = [source_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    # A user's filter could turn a library's warning into the failure of a figure.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    return {
        **inherited,
        **dict.fromkeys(THREADS, "1"),
        "PYTHONPATH": os.pathsep.join(paths),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "MPLBACKEND": "svg",
    }
