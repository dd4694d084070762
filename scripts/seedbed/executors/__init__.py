"""One way to have much work done: in this process, in processes beside it, or on a Dask cluster.

    with open_workers("dask://10.0.0.5:8786") as workers:
        for page in workers.map(render, index, paths):
            ...

Whoever has work names a function, one value that all tasks read, and the tasks; who does it changes nothing in the
results. Tasks are taken from their iterator a few ahead of the results, so neither are ever all in memory.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from seedbed.executors.crew import (
    Alone,
    Crew,
    Result,
    Shared,
    Task,
    WorkerDiedError,
    WorkersError,
    answers,
)

if TYPE_CHECKING:
    from seedbed.executors.cluster import Cluster


def open_workers(address: str = "", jobs: int = 0, *, start: str = "") -> Workers:
    """Return workers at ``address``: ``dask://HOST:PORT``, or nothing for ``jobs`` processes on this machine.

    ``jobs`` is 0 for as many as there are processors, and 1 for this process alone. ``start`` is how a process
    begins, "fork" or "spawn"; nothing for what is best on this system. Raises WorkersError if the address is none.
    """
    return Workers(jobs or os.cpu_count() or 1, start, scheduler_of(address) if address else None)


def scheduler_of(address: str) -> tuple[str, int]:
    """Return host and port of ``dask://HOST:PORT``. Raises WorkersError if ``address`` is something else."""
    try:
        parts = urlsplit(address)
        if address == f"dask://{parts.netloc}" and parts.hostname and parts.port:
            return parts.hostname, parts.port
    except ValueError:
        pass  # such as a port that is no number
    raise WorkersError(f'an executor is dask://HOST:PORT, and not "{address}"')


class Workers:
    """Those who do the work; a context manager, at whose end none of their processes is left."""

    def __init__(
        self, jobs: int = 1, start: str = "", scheduler: tuple[str, int] | None = None
    ) -> None:
        """Work in up to ``jobs`` processes, or on the cluster of the ``scheduler`` at a host and port.

        Processes are started, and the scheduler is asked, when there is work for them.
        """
        self._jobs = jobs
        self._start = start
        self._scheduler = scheduler
        self._cluster: Cluster | None = None
        self._open: list[Crew[Any, Any]] = []

    def map(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
        *,
        few: bool = False,
        named: Callable[[Task], str] | None = None,
    ) -> Iterator[Result]:
        """Yield ``function(shared, task)`` for each of ``tasks``, in their order.

        ``function`` belongs to a module, so that others can import it, and changes nothing that it is given. With
        ``few``, the work is done before anybody else could have begun, and stays in this process; so it does with
        one job. ``shared`` is what it is when the first result is asked for. ``named`` says what a task is about,
        for whoever reads that it cannot be done.

        Raises what ``function`` raises, and WorkersError if the work cannot be begun or finished. When a process
        dies, what is unanswered is done again in a single new one: short of memory, several were too many.
        """
        unanswered: deque[Task] = deque()
        source = iter(tasks)
        try:
            with self._working(self._crew(function, shared, few=few)) as crew:
                yield from answers(crew, source, unanswered)
        except WorkerDiedError:
            pass
        else:
            return
        with self._working(self._processes(function, shared, 1)) as crew:
            try:
                yield from answers(crew, chain(tuple(unanswered), source), deque())
            except WorkerDiedError as error:
                place = f" at {named(error.task)}" if named else ""
                raise WorkersError(
                    "a worker process ended before its work was done, and the one that did its work again"
                    f" ended{place} too, {error}: there may be too little memory"
                ) from error

    def __enter__(self) -> Self:
        """Return these workers."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what somebody began and did not go on with, and take leave of the cluster."""
        while self._open:
            self._open.pop().close()
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _crew(
        self, function: Callable[[Shared, Task], Result], shared: Shared, *, few: bool
    ) -> Crew[Task, Result]:
        if few or (self._scheduler is None and self._jobs == 1):
            return Alone(function, shared)
        if self._scheduler is None:
            return self._processes(function, shared, self._jobs)
        from seedbed.executors.cluster import Cluster  # noqa: PLC0415 -- few builds need it

        self._cluster = self._cluster or Cluster(self._scheduler)
        return self._cluster.crew(function, shared)

    def _processes(
        self, function: Callable[[Shared, Task], Result], shared: Shared, count: int
    ) -> Crew[Task, Result]:
        from seedbed.executors.processes import Processes  # noqa: PLC0415 -- most builds after the first need none

        return Processes(function, shared, count, self._start)

    @contextmanager
    def _working(self, crew: Crew[Task, Result]) -> Iterator[Crew[Task, Result]]:
        self._open.append(crew)
        try:
            yield crew
        finally:
            crew.close()
            if crew in self._open:
                self._open.remove(crew)


__all__ = ["Workers", "WorkersError", "open_workers", "scheduler_of"]
