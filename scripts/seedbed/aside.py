"""The last site, out of the way of a host that empties its folder before it builds."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Aside:
    """The folder of a site, which is put beside itself for a moment."""

    folder: Path

    def put(self) -> None:
        """Put the folder aside; where that cannot be, it stays and is emptied, and the site is written anew."""
        if self._place.exists():
            return  # since a build that was killed: what is in the folder now is unfinished
        with contextlib.suppress(OSError):
            self.folder.rename(self._place)

    def take_back(self) -> None:
        """Put the folder back, if it was put aside and is empty now."""
        if not self._place.exists():
            return
        with contextlib.suppress(OSError):
            self.folder.rmdir()
        with contextlib.suppress(OSError):
            self._place.rename(self.folder)

    @property
    def _place(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}-before")
