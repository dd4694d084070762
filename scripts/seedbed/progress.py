"""How far a build is, shown to a person: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seedbed import site

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class _Bars:
    """One line a step, the current one moving."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def step(self, name: str, total: int | None = None) -> None:
        self.finish()
        self._task = self._bars.add_task(name, total=total)

    def advance(self) -> None:
        if self._task is not None:
            self._bars.advance(self._task)

    def finish(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[-1]
            self._bars.update(self._task, total=task.total or 1, completed=task.total or 1)


class _Lines:
    """A line for each finished step, for logs."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._total: int | None = None
        self._begun = time.perf_counter()

    def step(self, name: str, total: int | None = None) -> None:
        self.finish()
        self._name, self._total, self._begun = name, total, time.perf_counter()

    def advance(self) -> None:
        pass

    def finish(self) -> None:
        if self._name is not None:
            count = f" ({self._total})" if self._total is not None else ""
            print(
                f"{self._name}{count}: {time.perf_counter() - self._begun:.1f} s", file=sys.stderr
            )


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[site.Progress]:
    """Show the steps of a build on standard error while the body runs."""
    if quiet:
        yield site.Silent()
    elif sys.stderr.isatty():
        with _terminal_bars() as bars:
            shown = _Bars(bars)
            yield shown
            shown.finish()
    else:
        lines = _Lines()
        yield lines
        lines.finish()


def _terminal_bars() -> Progress:
    from rich import progress  # noqa: PLC0415 -- logs do without
    from rich.console import Console  # noqa: PLC0415

    return progress.Progress(
        progress.SpinnerColumn(finished_text="✓"),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(24),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        console=Console(stderr=True),
    )
