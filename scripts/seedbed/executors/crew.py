"""What all who work have in common: they hold one value, are handed tasks, and answer each with a result.

How far tasks are handed out ahead of results, and in which order results come, is settled here once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Any, Generic, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3
"""Tasks a worker: one at work, one under way, and one in reserve while results wait for an earlier one."""
_PATIENCE = 5.0
"""Seconds without an answer after which it is asked whether anybody is still there to give it."""


class WorkersError(Exception):
    """Work cannot be begun where it was asked for, or cannot be finished; one line says why."""


class WorkerDiedError(Exception):
    """A process ended while it worked on ``task``; the message says how."""

    def __init__(self, task: Any, message: str) -> None:  # noqa: ANN401 -- any kind of task
        """Keep ``task``."""
        super().__init__(message)
        self.task = task


class Crew(ABC, Generic[Task, Result]):
    """Those who do one kind of work with one shared value."""

    ahead: int
    """How many tasks may be handed out and not answered."""

    @abstractmethod
    def submit(self, task: Task) -> Future[Result]:
        """Hand out ``task``."""

    def result(self, future: Future[Result]) -> Result:
        """Return the result of a task that is done, or raise what it raised."""
        return future.result()

    def check(self) -> None:
        """Raise WorkersError if nobody is there who could answer."""

    @abstractmethod
    def close(self) -> None:
        """End all work at once, finished or not; a second time does nothing."""


class Alone(Crew[Task, Result]):
    """This process: a task is done when it is handed out, and nothing is pickled."""

    ahead = 1

    def __init__(self, function: Callable[[Shared, Task], Result], shared: Shared) -> None:
        """Do ``function(shared, task)`` for each task."""
        self._function: Callable[[Any, Task], Result] = function
        self._shared = shared

    def submit(self, task: Task) -> Future[Result]:
        """Do ``task``; what it raises is raised here, where it can be traced."""
        future: Future[Result] = Future()
        future.set_result(self._function(self._shared, task))
        return future

    def close(self) -> None:
        """Do nothing: there is nobody to send away."""


def answers(
    crew: Crew[Task, Result], tasks: Iterable[Task], unanswered: deque[Task]
) -> Iterator[Result]:
    """Yield the results of ``tasks`` in their order; ``unanswered`` holds what is handed out and not yet yielded."""
    futures: deque[Future[Result]] = deque()
    for task in tasks:
        unanswered.append(task)
        futures.append(crew.submit(task))
        if len(futures) >= crew.ahead:
            yield _next_answer(crew, futures, unanswered)
    while futures:
        yield _next_answer(crew, futures, unanswered)


def _next_answer(
    crew: Crew[Task, Result], futures: deque[Future[Result]], unanswered: deque[Task]
) -> Result:
    while not (futures[0].done() or wait((futures[0],), _PATIENCE).done):
        crew.check()
    result = crew.result(futures.popleft())
    unanswered.popleft()
    return result
