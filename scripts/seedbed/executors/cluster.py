"""Work on a Dask cluster, whose members have the same Seedbed as this machine; the only user of ``distributed``.

It is an optional dependency, and loaded only when an address asks for it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import pickle
import platform
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from seedbed.executors.crew import AHEAD, Crew, Result, Shared, Task, WorkersError
from seedbed.release import code_digest

_PATIENCE = 10.0
"""Seconds that a scheduler has to answer, and to find a worker."""
_AHEAD = 2 * AHEAD
"""Tasks a worker: on their way as well as at work."""
_LOUD = ("distributed", "tornado.application")
"""What logs at length, with traces, that which is raised here as one line."""
_NAME = re.compile(r"[\w.-]+")


class Cluster:
    """A scheduler with its workers, checked to have what this machine has."""

    def __init__(self, scheduler: tuple[str, int]) -> None:
        """Connect to the ``scheduler`` at a host and port.

        Raises WorkersError if there is none, if it has no workers, or if anybody there has other versions.
        """
        host, port = scheduler
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._address = f"dask://{shown}"
        self._levels = {name: logging.getLogger(name).level for name in _LOUD}
        self._client: Any = None
        try:
            from distributed import Client  # noqa: PLC0415 -- optional, and loading it takes a second
        except ImportError as error:
            raise WorkersError(
                f'the executor {self._address} needs an extra: pip install "seedbed[dask]"'
            ) from error
        try:
            for name in _LOUD:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            self._knock(scheduler)
            with self._answering():
                connect: Any = Client  # its types are not complete
                self._client = connect(f"tcp://{shown}", timeout=_PATIENCE, set_as_default=False)
            with self._answering("has no workers"):
                self._client.wait_for_workers(1, timeout=_PATIENCE)
            self._compare_versions()
        except BaseException:
            self.close()
            raise

    def crew(
        self, function: Callable[[Shared, Task], Result], shared: Shared
    ) -> Crew[Task, Result]:
        """Send ``shared`` to the workers, to do ``function(shared, task)`` for each task."""
        with self._answering("could not be sent what the notes need"):
            return _ClusterCrew(self, self._client, _Held(function, shared, installed()))

    def check(self) -> None:
        """Raise WorkersError if the scheduler is gone, or all its workers are."""
        with self._answering("is gone"):
            workers = self._client.nthreads()
        if not workers:
            raise self.failed("has no workers left")

    def failed(self, what: str) -> WorkersError:
        """Return the error that says ``what`` became of the scheduler."""
        return WorkersError(f"the Dask scheduler at {self._address} {what}")

    def close(self) -> None:
        """Take leave of the scheduler."""
        if self._client is not None:
            # A scheduler that is gone lets nobody take leave.
            with contextlib.suppress(Exception):
                self._client.close()
            self._client = None
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def _knock(self, scheduler: tuple[str, int]) -> None:
        """See whether somebody is there who speaks first, as schedulers do: Dask itself waits half a minute."""
        try:
            with socket.create_connection(scheduler, _PATIENCE) as door:
                door.settimeout(_PATIENCE)
                spoken = door.recv(1)
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorkersError(f"no Dask scheduler answers at {self._address}: {reason}") from error
        if not spoken:
            raise WorkersError(f"no Dask scheduler answers at {self._address}: something else does")

    @contextlib.contextmanager
    def _answering(self, otherwise: str = "does not answer") -> Iterator[None]:
        """Say ``otherwise`` of the scheduler if Dask raises anything: its errors are of many kinds."""
        try:
            yield
        except Exception as error:
            raise self.failed(otherwise) from error

    def _compare_versions(self) -> None:
        """Raise WorkersError if anybody there would write other pages than this machine."""
        here = installed()
        unlike = f"cannot be used: {{}} has no Seedbed {here['Seedbed']}"
        with self._answering():
            members = self._client.run(installed, on_error="return")
        with self._answering(unlike.format("it")):
            members["the scheduler"] = self._client.run_on_scheduler(installed)
        for member, there in members.items():
            if isinstance(there, Exception):
                raise self.failed(unlike.format(member))
            for name, version in here.items():
                if there.get(name) != version:
                    raise self.failed(
                        f"cannot be used: {member} has {name} {there.get(name)}, and this machine {version}"
                    )


@functools.cache
def installed() -> dict[str, str]:
    """Return what decides what a page looks like, by name: versions of Python, of Seedbed and of what it depends on."""
    found = {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "Seedbed": f"{metadata.version('seedbed')} ({code_digest(4)})",
    }
    for stated in metadata.requires("seedbed") or ():
        name = _NAME.match(stated)
        # Not all are for every system, and extras are for nobody's pages.
        with contextlib.suppress(metadata.PackageNotFoundError):
            if name and "extra ==" not in stated:
                found[name[0]] = metadata.version(name[0])
    return found


@dataclass(frozen=True, slots=True)
class _Held:
    """What each worker has once."""

    function: Callable[[Any, Any], Any]
    shared: Any
    installed: dict[str, str]
    """What the machine has that sent it."""


class _ClusterCrew(Crew[Task, Result]):
    """The workers of a cluster, each with a copy of what it was sent."""

    def __init__(self, cluster: Cluster, client: Any, held: _Held) -> None:  # noqa: ANN401 -- a type of an optional library
        """Send ``held`` to every worker; one that comes later has it from another."""
        self._cluster = cluster
        # Dask would take a list or a dictionary apart, and look for its own futures in it.
        (self._held,) = client.scatter([held], broadcast=True, hash=False)
        self._executor = client.get_executor(pure=False)
        self.ahead = _AHEAD * max(1, len(client.nthreads()))

    def submit(self, task: Task) -> Future[Result]:
        """Hand out ``task``, as bytes that Dask sends as they are."""
        question = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        future: Future[Result] = self._executor.submit(_work, self._held, question)
        return future

    def check(self) -> None:
        """Raise WorkersError if nobody is left."""
        self._cluster.check()

    def result(self, future: Future[Any]) -> Result:
        """Return the result of a task that is done."""
        from distributed import KilledWorker  # noqa: PLC0415 -- optional; it is loaded by now

        try:
            answer = future.result()
        except CancelledError as error:
            raise self._cluster.failed(
                "has lost workers, and with them what they were sent"
            ) from error
        except KilledWorker as error:
            raise self._cluster.failed(
                "has lost one worker after the other over the same work: they may need more memory"
            ) from error
        result: Result = pickle.loads(answer)  # noqa: S301 -- a worker, which runs code of ours, wrote it
        return result

    def close(self) -> None:
        """Take back what has not been done, and what was sent."""
        self._executor.shutdown(wait=False)
        self._held = None


_alone = threading.Lock()


def _work(held: _Held, question: bytes) -> bytes:
    """Do one task: on a worker, which may have several threads for tasks that, unlike ours, can share a process."""
    if held.installed != installed():
        raise WorkersError(
            "a worker came to the Dask cluster that has another Seedbed than this machine"
        )
    with _alone:
        result = held.function(held.shared, pickle.loads(question))  # noqa: S301 -- whoever reaches a worker may run any code there
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
