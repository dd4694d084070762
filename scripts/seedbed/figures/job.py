"""What a worker process is told, and what it may use.

Separate because both sides need it: the workshop to give a job and to say which limit was
exceeded, the worker to read the job and to bind itself before it loads anything large.
"""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from seedbed.figures.spec import FigureSpec, from_json, to_json

if sys.platform != "win32":
    import resource

OUT_OF_MEMORY = 3
"""The exit code of a worker that met its memory limit."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What must be 1 before numpy is loaded, so that sums come out the same."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one figure."""

    cpu_seconds: int = 120
    wall_seconds: float = 180.0
    memory_bytes: int = 2 * 2**30
    svg_warning_bytes: int = 120_000
    svg_bytes: int = 300_000

    def apply(self) -> None:
        """Bind this process to processor time and memory, where the system can."""
        if sys.platform == "win32":
            return  # It has no such limits; the wall time still holds.
        bounds = (
            # The first limit sends a signal that can be told from others, the second kills.
            (resource.RLIMIT_CPU, self.cpu_seconds, self.cpu_seconds + 5),
            (resource.RLIMIT_AS, self.memory_bytes, self.memory_bytes),
            (resource.RLIMIT_CORE, 0, 0),
        )
        for which, soft, hard in bounds:
            _, most = resource.getrlimit(which)
            if most == resource.RLIM_INFINITY:
                most = hard
            # macOS refuses some of them.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (min(soft, most), min(hard, most)))

    def cpu_exceeded(self) -> str:
        """Return the message for a worker that took too much processor time."""
        return f"figure worker exceeded {self.cpu_seconds} s CPU"

    def memory_exceeded(self) -> str:
        """Return the message for a worker that wanted too much memory."""
        return f"figure worker exceeded {self.memory_bytes / 2**30:.3g} GiB memory"

    def wall_exceeded(self) -> str:
        """Return the message for a worker that did not come to an end."""
        return f"figure worker exceeded {self.wall_seconds:g} s"


@dataclass(frozen=True, slots=True)
class Job:
    """One figure to make."""

    frames: tuple[FigureSpec, ...]
    numbers: tuple[Path, ...]
    """For each frame the cache entry of what is measured, to be read or else written."""
    limits: Limits

    def to_json(self) -> str:
        """Return the job as `from_json` reads it."""
        return json.dumps(
            {
                "frames": [to_json(frame) for frame in self.frames],
                "numbers": [str(path) for path in self.numbers],
                "limits": asdict(self.limits),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Job:
        """Return the job that `to_json` wrote."""
        plain = json.loads(text)
        return cls(
            tuple(from_json(frame) for frame in plain["frames"]),
            tuple(Path(path) for path in plain["numbers"]),
            Limits(**plain["limits"]),
        )
