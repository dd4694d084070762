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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from seedbed.figures import cache as entries
from seedbed.figures.drawn import Drawn
from seedbed.figures.figure import Figure, figure_of
from seedbed.figures.job import OUT_OF_MEMORY, THREADS, Job, Limits
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec, cost_problem

Outcome = Figure | FigureProblem
Progress = Callable[[str], None]
_Place = tuple[int, int]
"""The number of a figure, and of one of its frames."""


def compute(
    specs: Sequence[FigureSpec],
    *,
    cache: Path | None,
    jobs: int,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> list[Outcome]:
    """Return a figure, or the problem in its place, for each spec; of a sweep, all frames.

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


class _InMaking:
    """A figure of which some frames may not be drawn yet."""

    def __init__(self, spec: FigureSpec) -> None:
        self.spec = spec
        self.frames = spec.frames()
        self.drawn: dict[int, Drawn | FigureProblem] = {}
        self.word = "cached"
        """How it came about, for whoever follows the progress."""

    @property
    def is_complete(self) -> bool:
        return len(self.drawn) == len(self.frames)

    def outcome(self, limits: Limits) -> Outcome:
        """Return the figure, once all frames are there, or the first problem of one."""
        drawn = []
        problems = []
        for at, frame in enumerate(self.frames):
            found = self.drawn[at]
            if isinstance(found, FigureProblem):
                return self._placed(at, found)
            if problem := _size_problem(frame, found, limits):
                if not problem.warning:
                    return self._placed(at, problem)
                problems.append(self._placed(at, problem))
            drawn.append(found)
        whole, limit = sum(map(_size, drawn)), limits.svg_bytes
        if whole > limit:
            said = f"SVG of all frames is {_kilobytes(whole)}, limit {_kilobytes(limit)}"
            line = self.spec.line_of("sweep")
            return FigureProblem(f"{said} (sweep fewer values)", line)
        figure = figure_of(self.spec, drawn)
        return replace(figure, problems=(*figure.problems, *problems))

    def _placed(self, at: int, problem: FigureProblem) -> FigureProblem:
        """Return the problem with the value of the frame that has it."""
        sweep = self.spec.sweep
        if sweep is None:
            return problem
        said = f"{sweep.field} {sweep.labels[at]}: {problem.message}"
        return replace(problem, message=said, line=sweep.lines[at])


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
        making = [_InMaking(spec) for spec in specs]
        groups: dict[str, list[_Place]] = {}
        for at, spec in enumerate(specs):
            if problem := cost_problem(spec):
                self._settle(outcomes, at, spec, problem, "failed")
                continue
            for key, place in self._missing(making[at], at):
                # Figures that share their numbers wait for one another rather than compute twice.
                groups.setdefault(key, []).append(place)
            self._finish(outcomes, at, making[at])
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            tasks = [pool.submit(self._group, key, making, group) for key, group in groups.items()]
            try:
                for task in as_completed(tasks):
                    for (at, frame), drawn in task.result():
                        making[at].drawn[frame] = drawn
                        self._finish(outcomes, at, making[at])
            except BaseException:
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(self._running):
                    process.kill()
                raise
        return [outcomes[at] for at in range(len(specs))]

    def _missing(self, figure: _InMaking, at: int) -> Iterator[tuple[str, _Place]]:
        """Take what is kept of a figure's frames; yield the others, each with its data key."""
        for number, frame in enumerate(figure.frames):
            key = entries.data_key(frame)
            drawn = self._kept(entries.drawing_path(self._cache, entries.drawing_key(frame, key)))
            if drawn is None:
                figure.word = "computed"
                yield key, (at, number)
            else:
                figure.drawn[number] = drawn

    def _finish(self, outcomes: dict[int, Outcome], at: int, figure: _InMaking) -> None:
        """Settle a figure whose last frame has come."""
        if not figure.is_complete:
            return
        outcome = figure.outcome(self._limits)
        failed = isinstance(outcome, FigureProblem)
        word = "failed" if failed and figure.word == "computed" else figure.word
        self._settle(outcomes, at, figure.spec, outcome, word)

    def _settle(
        self, outcomes: dict[int, Outcome], at: int, spec: FigureSpec, outcome: Outcome, word: str
    ) -> None:
        outcomes[at] = outcome
        self._done += 1
        if self._progress is not None:
            self._progress(f"figure {self._done}/{self._total} {spec.id} ({spec.kind}): {word}")

    def _group(
        self, key: str, making: Sequence[_InMaking], group: list[_Place]
    ) -> list[tuple[_Place, Drawn | FigureProblem]]:
        return [
            ((at, frame), self._computed(making[at].frames[frame], key))
            for at, frame in group
            if not self._stopped
        ]

    def _computed(self, spec: FigureSpec, key: str) -> Drawn | FigureProblem:
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
        return drawn

    def _kept(self, path: Path) -> Drawn | None:
        content = entries.load(path)
        return None if content is None else _read(content)

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


def _size(drawn: Drawn) -> int:
    return len(drawn.drawing.body.encode())


def _kilobytes(count: int) -> str:
    return f"{count / 1000:.0f} kB"


def _size_problem(spec: FigureSpec, drawn: Drawn, limits: Limits) -> FigureProblem | None:
    """Return what is wrong with the size of one drawing, if it is too large or nearly so."""
    size, line = _size(drawn), spec.line_of("kind")
    said = f"SVG is {_kilobytes(size)}"
    if size > limits.svg_bytes:
        return FigureProblem(f"{said}, limit {_kilobytes(limits.svg_bytes)}", line)
    if size > limits.svg_warning_bytes:
        better = _kilobytes(limits.svg_warning_bytes)
        return FigureProblem(f"{said}, better below {better}", line, warning=True)
    return None


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
