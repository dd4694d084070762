"""Jobs -> exit codes, by way of a process that has everything loaded and forks a worker for each.

Loading numpy and matplotlib takes longer than drawing most figures, so it is done once; a worker
is still a process of its own, with limits of its own. Separate from the workshop, which decides
what is worked at, and from `worker`, the other end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from seedbed.figures.job import THREADS


class Nursery:
    """One such process, started when it is first needed and again when it has gone.

    Used by one thread at a time; only `close` may come from another.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def work(self, folder: Path, seconds: float) -> int | None:
        """Have a worker do the job in `folder`; return its exit code, as `subprocess` gives it.

        None if it has not come to an end after so many seconds.
        """
        process = self._started()
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            _kill(process)

        alarm = threading.Timer(seconds, give_up)
        alarm.start()
        try:
            answer = _asked(process, folder)
        finally:
            alarm.cancel()
        if answer:
            return int(answer)
        # It has gone itself: killed, or where it cannot fork, in the place of its worker.
        code = process.wait()
        self._discard()
        return None if is_late.is_set() else code

    def close(self) -> None:
        """End the process and whatever it is at; there is no other after it."""
        self._is_closed = True
        if self._process is not None:
            _kill(self._process)
            self._process.wait()
            self._discard()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._discard()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "seedbed.figures.worker"],
                env=_environment(self._cache),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # A group of their own, so that it can be ended together with its worker.
                start_new_session=True,
            )
            if self._is_closed:  # It was started while the others were being ended.
                _kill(self._process)
        return self._process

    def _discard(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def _asked(process: subprocess.Popen[bytes], folder: Path) -> bytes:
    """Give the job to the process; return its answer, empty if it has gone."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("a nursery is spoken to through pipes")
    try:
        process.stdin.write(os.fsencode(folder) + b"\n")
        process.stdin.flush()
    except OSError:
        return b""
    return process.stdout.readline().strip()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and its worker, unless it has ended."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


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
