"""What an author got wrong in a figure block, as a value with its line.

Separate because everything on this side of the door reports in this one form: reading a block,
computing its figure, drawing it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureProblem:
    """One thing to tell the author of a figure block."""

    message: str
    """What is wrong, in one line and without a position."""
    line: int
    """The line within the block's content, counted from 0."""
    warning: bool = False
    """Whether there is a figure all the same."""


Report = Callable[[str, int], None]
"""Takes a message and the line it belongs to."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the known name nearest to `name`, or nothing."""
    nearest = difflib.get_close_matches(name, sorted(known), n=1)
    return f" (did you mean '{nearest[0]}'?)" if nearest else ""
