"""Specs -> figures, in their order: from the cache, or by worker processes in parallel.

Separate from the worker, which knows one figure: here it is decided what is started at all, and
what has become of it. Whatever an author writes, the answer is a figure or a problem.
"""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from seedbed.figures import cache as entries
from seedbed.figures.drawn import Drawn, from_json
from seedbed.figures.figure import Figure, figure_of
from seedbed.figures.job import OUT_OF_MEMORY, Job, Limits
from seedbed.figures.nursery import Nursery
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec, cost_problem

Outcome = Figure | FigureProblem
Progress = Callable[[str], None]
_Frames = tuple[Drawn, ...] | FigureProblem


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
        workshop = _Workshop(
            cache.absolute(), limits or Limits(), len(specs), max(1, jobs), progress
        )
        stack.callback(workshop.close)
        return workshop.run(specs)


@dataclass(frozen=True, slots=True)
class _Order:
    """A figure to make, and where the cache has it."""

    at: int
    """Which of the figures it is."""
    spec: FigureSpec
    frames: tuple[FigureSpec, ...]
    numbers: tuple[str, ...]
    """The data key of each frame."""
    drawing: Path
    """The entry of what was drawn."""

    def seconds(self) -> float:
        """Return what the numbers will cost, as far as their kind can tell."""
        return sum(frame.parameters.seconds() for frame in self.frames)


class _Workshop:
    """One run over a number of specs."""

    def __init__(
        self, cache: Path, limits: Limits, total: int, jobs: int, progress: Progress | None
    ) -> None:
        self._cache = cache
        self._limits = limits
        self._total = total
        self._done = 0
        self._progress = progress
        self._nurseries = [Nursery(cache) for _ in range(jobs)]
        self._idle: SimpleQueue[Nursery] = SimpleQueue()
        for nursery in self._nurseries:
            self._idle.put(nursery)
        self._stopped = False

    def close(self) -> None:
        """End all processes, whatever they are at."""
        self._stopped = True
        for nursery in self._nurseries:
            nursery.close()

    def run(self, specs: Sequence[FigureSpec]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        missing: list[_Order] = []
        for at, spec in enumerate(specs):
            if problem := cost_problem(spec):
                outcomes[at] = self._settled(spec, problem, "failed")
                continue
            order = self._order(at, spec)
            kept = self._kept(order.drawing)
            if kept is None:
                missing.append(order)
            else:
                outcomes[at] = self._settled(spec, self._outcome(spec, kept), "cached")
        # What takes longest comes first, lest one processor be left alone with it in the end.
        ordered = sorted(_grouped(missing), key=lambda group: -group[0].seconds())
        with ThreadPoolExecutor(max_workers=len(self._nurseries)) as pool:
            tasks = [pool.submit(self._made, group) for group in ordered]
            try:
                for task in as_completed(tasks):
                    for order, drawn in task.result():
                        spec = specs[order.at]
                        outcome = self._outcome(spec, drawn)
                        failed = isinstance(outcome, FigureProblem)
                        word = "failed" if failed else "computed"
                        outcomes[order.at] = self._settled(spec, outcome, word)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise
        return [outcomes[at] for at in range(len(specs))]

    def _order(self, at: int, spec: FigureSpec) -> _Order:
        frames = spec.frames()
        numbers = tuple(entries.data_key(frame) for frame in frames)
        drawing = entries.drawing_path(self._cache, entries.drawing_key(frames, numbers))
        return _Order(at, spec, frames, numbers, drawing)

    def _settled(self, spec: FigureSpec, outcome: Outcome, word: str) -> Outcome:
        self._done += 1
        if self._progress is not None:
            self._progress(f"figure {self._done}/{self._total} {spec.id} ({spec.kind}): {word}")
        return outcome

    def _outcome(self, spec: FigureSpec, drawn: _Frames) -> Outcome:
        """Return the figure of all frames, or the first problem of one."""
        if isinstance(drawn, FigureProblem):
            return drawn
        problems = []
        for at, (frame, each) in enumerate(zip(spec.frames(), drawn, strict=True)):
            if problem := _size_problem(frame, each, self._limits):
                problem = _of_frame(spec, at, problem)
                if not problem.warning:
                    return problem
                problems.append(problem)
        whole, limit = sum(map(_size, drawn)), self._limits.svg_bytes
        if whole > limit:
            said = f"SVG of all frames is {_kilobytes(whole)}, limit {_kilobytes(limit)}"
            line = spec.line_of("sweep")
            return FigureProblem(f"{said} (sweep fewer values)", line)
        figure = figure_of(spec, drawn)
        return replace(figure, problems=(*figure.problems, *problems))

    def _made(self, group: list[_Order]) -> list[tuple[_Order, _Frames]]:
        return [(order, self._computed(order)) for order in group if not self._stopped]

    def _computed(self, order: _Order) -> _Frames:
        # A figure of the same group may have drawn just this.
        drawn = self._kept(order.drawing)
        if drawn is None:
            result = self._work(order)
            if isinstance(result, FigureProblem):
                return result
            drawn = _read(result)
            if drawn is None:
                line = order.frames[0].line_of("kind")
                return FigureProblem("figure worker gave no result", line)
            entries.store(order.drawing, result)
        return drawn

    def _kept(self, path: Path) -> tuple[Drawn, ...] | None:
        content = entries.load(path)
        return None if content is None else _read(content)

    def _work(self, order: _Order) -> bytes | FigureProblem:
        """Have one worker make a figure; return its result, or why there is none."""
        numbers = tuple(entries.data_path(self._cache, key) for key in order.numbers)
        with tempfile.TemporaryDirectory(prefix="seedbed-figure-") as folder:
            job = Path(folder)
            told = Job(order.frames, numbers, self._limits).to_json()
            job.joinpath("job.json").write_text(told, "utf-8")
            nursery = self._idle.get()
            try:
                code = nursery.work(job, self._limits.wall_seconds)
            finally:
                self._idle.put(nursery)
            if code == 0 and job.joinpath("result.json").exists():
                return job.joinpath("result.json").read_bytes()
            said, at = _text(job / "said"), int(_text(job / "frame") or "0")
            reason = self._limits.wall_exceeded() if code is None else self._failure(code, said)
            problem = FigureProblem(reason, order.frames[at].line_of("kind"))
            return _of_frame(order.spec, at, problem)

    def _failure(self, code: int, said: str) -> str:
        if code == OUT_OF_MEMORY:
            return self._limits.memory_exceeded()
        if code == -getattr(signal, "SIGXCPU", 0):
            return self._limits.cpu_exceeded()
        lines = said.strip().splitlines()
        return f"figure worker failed: {lines[-1][:200] if lines else f'exit code {code}'}"


def _grouped(orders: Sequence[_Order]) -> list[list[_Order]]:
    """Return the orders in groups that share no numbers; within one they wait for one another.

    So that what two figures need is computed once.
    """
    groups: list[list[_Order]] = []
    for order in orders:
        near = [each for each in groups if any(set(order.numbers) & set(o.numbers) for o in each)]
        groups = [each for each in groups if each not in near]
        groups.append([*(known for each in near for known in each), order])
    return groups


def _of_frame(spec: FigureSpec, at: int, problem: FigureProblem) -> FigureProblem:
    """Return the problem of a figure's frame with the value that it shows."""
    if spec.sweep is None:
        return problem
    said = f"{spec.sweep.field} {spec.sweep.labels[at]}: {problem.message}"
    return replace(problem, message=said, line=spec.sweep.lines[at])


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


def _read(content: bytes) -> tuple[Drawn, ...] | None:
    try:
        return from_json(content)
    except (ValueError, KeyError, TypeError):
        return None


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""
