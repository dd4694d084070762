"""What the parser finds wrong on its way: a code, a sentence and an offset in the source.

A rule of the dialect knows offsets but neither the note's path nor its lines; ``note`` turns problems into
diagnostics. Separate because every rule may report and none should know who listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seedbed.diagnostics import Code

KEY = "problems"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one source."""

    code: Code
    message: str
    offset: int


def report(found: Any, code: Code, message: str, offset: int) -> None:  # noqa: ANN401 -- the parser's environment is untyped
    """Add a problem to the parser's environment ``found``."""
    found.setdefault(KEY, []).append(Problem(code, message, offset))
