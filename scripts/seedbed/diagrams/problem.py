"""What keeps a diagram from being drawn, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no drawing, and where in the source; lines and columns count from one."""

    message: str
    line: int = 1
    column: int = 1


TOO_LARGE = Problem("it is too large")
