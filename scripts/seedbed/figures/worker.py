"""`python -m seedbed.figures.worker FOLDER`: make one figure in a process of its own.

FOLDER holds `job.json`, what to do, and receives `result.json`. Separate processes because a
figure must not take the build down with it, because figures are then made in parallel, and
because numpy heeds a number of threads only before it is loaded.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from seedbed.figures.job import OUT_OF_MEMORY, THREADS, Job


def main(folder: Path) -> int:
    """Do the job in the folder; return the exit code."""
    job = Job.from_json(folder.joinpath("job.json").read_text("utf-8"))
    os.environ.update(dict.fromkeys(THREADS, "1"))
    job.limits.apply()
    try:
        from seedbed.figures.making import make  # noqa: PLC0415 -- loads numpy, bound only now

        result = make(job.spec, job.numbers).to_json()
    except MemoryError:
        return OUT_OF_MEMORY
    except ImportError as error:
        # A library that finds no room to be loaded says so in its own words.
        if "memory" in str(error) or "map segment" in str(error):
            return OUT_OF_MEMORY
        raise
    folder.joinpath("result.json").write_bytes(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
