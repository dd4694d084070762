"""`python -m seedbed.figures.worker`: make figures, each in a process of its own.

Reads a folder a line, which holds `job.json`, what to do, and receives `result.json`, or `said`,
the reason why not, and the number of the frame it was at; answers each with an exit code a line.
Separate processes because a figure must not take the build down with it, because figures are then
made in parallel, and because numpy heeds a number of threads only before it is loaded.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path

from seedbed.figures.drawn import to_json
from seedbed.figures.job import OUT_OF_MEMORY, THREADS, Job

FORKS = sys.platform == "linux"
"""Whether a process that has numpy loaded can safely be doubled: macOS's own arithmetic cannot."""


def main() -> int:
    """Do one job after another, each in a child process; without such, only one."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    if FORKS:
        # What cannot be loaded is told by the worker that needs it.
        with contextlib.suppress(Exception):
            from seedbed.figures import making  # noqa: F401, PLC0415 -- once for all workers
    for line in sys.stdin.buffer:
        folder = Path(os.fsdecode(line.rstrip(b"\n")))
        if not FORKS:
            answers.write(b"%d\n" % done(folder))
            return 0
        child = os.fork()
        if child == 0:
            os._exit(done(folder))
        _, status = os.waitpid(child, 0)
        answers.write(b"%d\n" % os.waitstatus_to_exitcode(status))
    return 0


def done(folder: Path) -> int:
    """Do the job in the folder within its limits; return the exit code, 0 if there is a result."""
    try:
        job = Job.from_json(folder.joinpath("job.json").read_text("utf-8"))
        job.limits.apply()
        from seedbed.figures.making import make  # noqa: PLC0415 -- loads numpy, bound only now

        def begin(frame: int) -> None:
            folder.joinpath("frame").write_text(str(frame), "ascii")

        drawn = make(job.frames, job.numbers, begin)
        folder.joinpath("result.json").write_bytes(to_json(drawn))
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 -- whatever it is, the build goes on
        # A library that finds no room to be loaded says so in its own words.
        if isinstance(error, ImportError) and (
            "memory" in str(error) or "map segment" in str(error)
        ):
            return OUT_OF_MEMORY
        folder.joinpath("said").write_text(traceback.format_exc(), "utf-8", "replace")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
