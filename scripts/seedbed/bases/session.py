"""One view while it is computed: the vault's files, the clock, and how much work is left to spend.

Turns paths and links into files and files into property values, each once. Separate because functions need it and
must not see the evaluator that calls them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from seedbed.bases.file import File
from seedbed.bases.property_values import read_property
from seedbed.bases.reckoning import as_date
from seedbed.bases.regexps import Patterns
from seedbed.bases.values import Date, FormulaError, Link, Object, Value
from seedbed.text import fold

_STEPS = 200_000
_STEPS_PER_FILE = 1000
_CHARACTERS_PER_STEP = 16
_RANDOM_BYTES = 6


class Session:
    """What all formulas of one view share."""

    def __init__(
        self,
        files: Iterable[File],
        this: File | None,
        find: Callable[[str], str | None],
        now: datetime,
    ) -> None:
        self.files = {file.path: file for file in files}
        self.this = this
        self.patterns = Patterns()
        self.zone = now
        self.now = (
            now if now.tzinfo is None else now.astimezone(now.tzinfo or UTC).replace(tzinfo=None)
        )
        self.spent = 0
        self._allowance = _STEPS + _STEPS_PER_FILE * len(self.files)
        self._find = find
        self._found: dict[str, File | None] = {}
        self._properties: dict[tuple[str, str], Value] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._links: dict[str, frozenset[str]] = {}
        self._drawn = 0
        if this is not None:
            self.files.setdefault(this.path, this)

    def spend(self, steps: int = 1) -> None:
        """Count work; raise ``FormulaError`` when the view has used up what it may take."""
        self.spent += steps
        if self.spent > self._allowance:
            raise FormulaError("the view takes more work than a build can give it")

    def spend_on_text(self, characters: int) -> None:
        """Count the work of going through a text."""
        self.spend(1 + characters // _CHARACTERS_PER_STEP)

    def file_of(self, target: str | Link | File) -> File | None:
        """Return the file that a link, path or wikilink target leads to."""
        if isinstance(target, File):
            return target
        name = target.target if isinstance(target, Link) else target
        if name in self.files:
            return self.files[name]
        if name not in self._found:
            path = None if "://" in name or not name.strip() else self._find(name)
            self._found[name] = self.files.get(path) if path is not None else None
        return self._found[name]

    def properties(self, file: File) -> Object:
        """Return all properties of a note."""
        self.spend(1 + len(file.properties))
        return Object({str(name): self.property(file, name) for name in file.properties})

    def property(self, file: File, name: str) -> Value:
        """Return one property of a note, whatever its case; nothing if the note lacks it."""
        key = (file.path, name)
        if key not in self._properties:
            own = name if name in file.properties else self._names_of(file).get(fold(name))
            self._properties[key] = (
                None if own is None else read_property(own, file.properties[own], self.zone)
            )
        return self._properties[key]

    def has_property(self, file: File, name: str) -> bool:
        """Whether a note has a property, empty or not."""
        return fold(name) in self._names_of(file)

    def links_of(self, file: File) -> frozenset[str]:
        """Return the vault paths that a file links to."""
        if file.path not in self._links:
            self._links[file.path] = frozenset((*file.links, *file.embeds))
        return self._links[file.path]

    def date(self, moment: datetime) -> Date:
        """Return a time of the file system by this view's clock."""
        return as_date(moment, self.zone)

    def random(self, file: File | None) -> float:
        """Return the next number of a row's own sequence, at least 0 and below 1: the same in every build."""
        self._drawn += 1
        seed = f"{file.path if file else ''}\n{self._drawn}".encode()
        drawn = hashlib.blake2b(seed, digest_size=_RANDOM_BYTES).digest()
        return int.from_bytes(drawn) / float(1 << 8 * _RANDOM_BYTES)

    def begin_row(self) -> None:
        """Begin the sequence of random numbers anew, for another row."""
        self._drawn = 0

    def _names_of(self, file: File) -> dict[str, str]:
        """Return the names of a note's properties by what they are compared by."""
        if file.path not in self._names:
            names: dict[str, str] = {}
            for name in file.properties:
                names.setdefault(fold(name), name)
            self._names[file.path] = names
        return self._names[file.path]
