"""Work in processes on this machine, each at the end of a pipe of its own.

``ProcessPoolExecutor`` has one pipe for all answers: of a process that is killed while it writes, half an answer is
left there, and everybody waits for the rest; and if this process is killed, the others wait for tasks for ever. Here
threads of a ``ThreadPoolExecutor`` talk with one process each, and who dies is the end of one pipe.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any

from seedbed.executors.crew import AHEAD, Crew, Result, Shared, Task, WorkerDiedError

_RARELY = 100_000
"""Values more than before that a process may hold until its collector looks for cycles: tasks leave hardly any."""
_Member = tuple[BaseProcess, Connection]


class Processes(Crew[Task, Result]):
    """Processes that were forked from this one, and so have all it has, or that were started afresh."""

    def __init__(
        self, function: Callable[[Shared, Task], Result], shared: Shared, count: int, start: str
    ) -> None:
        """Start ``count`` processes to do ``function(shared, task)`` for each task.

        ``start`` is "fork" or "spawn"; empty, it is fork where that is safe. A forked process reads ``shared`` where
        it is; others are sent it, pickled once.
        """
        self.ahead = count * AHEAD
        self._members: list[_Member] = []
        self._idle: SimpleQueue[_Member | WorkerDiedError] = SimpleQueue()
        # As many threads as tasks under way: the next one is pickled while a process works on the last.
        self._executor = ThreadPoolExecutor(self.ahead)
        forked = (start or _best_start()) == "fork"
        held: Any = (function, shared) if forked else pickle.dumps((function, shared))
        try:
            with _frozen_heap():
                for _ in range(count):
                    self._start(held, forked=forked)
        except BaseException:
            self.close()
            raise

    def submit(self, task: Task) -> Future[Result]:
        """Hand out ``task``. The result raises WorkerDiedError if a process has died, over this task or another."""
        question = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        answer: Any = self._executor.submit(self._ask, task, question)
        return answer  # type: ignore[no-any-return]  # still as bytes, until ``result`` reads it

    def result(self, future: Future[Result]) -> Result:
        """Return the result of a task that is done, or raise what it raised."""
        # Pickling is for the caller's thread: beside it, threads that do more than wait would keep it from its work.
        answer: Any = future.result()
        result, error, trace = pickle.loads(answer)  # noqa: S301 -- our own process wrote it
        if error is not None:
            error.add_note(f"In a worker process:\n{trace}")
            raise error
        return result  # type: ignore[no-any-return]  # what the function returned

    def close(self) -> None:
        """Kill the processes: they hold nothing that anybody still wants."""
        for process, _ in self._members:
            process.kill()
        self._executor.shutdown(cancel_futures=True)
        for process, pipe in self._members:
            process.join()
            pipe.close()
        self._members.clear()

    def _start(self, held: Any, *, forked: bool) -> None:  # noqa: ANN401 -- as _work takes it
        context: Any = multiprocessing.get_context("fork" if forked else "spawn")
        ours, theirs = context.Pipe()
        # A fork has a copy of each of our ends; as long as one is open anywhere, nobody learns that we are gone.
        unwanted = [ours, *(pipe for _, pipe in self._members)] if forked else []
        process = context.Process(target=_work, args=(held, theirs, unwanted), daemon=True)
        process.start()
        theirs.close()
        self._members.append((process, ours))
        self._idle.put((process, ours))

    def _ask(self, task: Task, question: bytes) -> bytes:
        member = self._idle.get()
        if isinstance(member, WorkerDiedError):
            self._idle.put(member)  # for the next who waits
            raise member
        process, pipe = member
        try:
            pipe.send_bytes(question)
            answer = pipe.recv_bytes()
        except (EOFError, OSError):
            process.join()
            died = WorkerDiedError(task, _how_it_ended(process.exitcode))
            self._idle.put(died)
            raise died from None
        self._idle.put(member)
        return answer


def _best_start() -> str:
    # macOS has fork, but what its frameworks do in a forked process may crash it.
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    return "fork" if forks else "spawn"


def _how_it_ended(exit_code: int | None) -> str:
    """Return the end of a process in words: a negative code is the number of a signal."""
    return f"by signal {-exit_code}" if exit_code and exit_code < 0 else f"with code {exit_code}"


@contextmanager
def _frozen_heap() -> Iterator[None]:
    """Keep the cyclic collector from all there is: looking at a value writes to it, and forks then have their own."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _work(held: Any, pipe: Connection, unwanted: Iterable[Connection]) -> None:  # noqa: ANN401 -- any function and value
    """Answer tasks until nobody asks: a process from its beginning to its end."""
    # Whoever presses Ctrl-C interrupts all processes of a terminal; the one that waits for us decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in unwanted:
        each.close()
    if isinstance(held, bytes):
        held = pickle.loads(held)  # noqa: S301 -- the process that started this one wrote it
        gc.freeze()
    gc.set_threshold(_RARELY)
    function, shared = held
    try:
        while True:
            pipe.send_bytes(_answer(function, shared, pipe.recv_bytes()))
    except (EOFError, OSError):
        pass  # whoever asked is gone


def _answer(function: Callable[[Shared, Task], Result], shared: Shared, question: bytes) -> bytes:
    """Return the pickled answer: result, error and trace, of which either the first or the others are None."""
    try:
        result = function(shared, pickle.loads(question))  # noqa: S301 -- our own process wrote it
        return pickle.dumps((result, None, None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 -- it is raised where the work was asked for
        trace = traceback.format_exc()
        try:
            answer = pickle.dumps((None, error, trace))
            pickle.loads(answer)  # noqa: S301 -- some errors can be written and not read
        except Exception:  # noqa: BLE001 -- whatever an error of any kind may do
            return pickle.dumps((None, RuntimeError(repr(error)), trace))
        return answer
