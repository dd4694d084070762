"""What git knows of a vault's files: when each was first and last committed, and which are not as they were committed.

One ``git log`` for the whole repository, kept by the commit that is checked out. A clone without its full history, a
repository that git does not want to read, a machine without git: where nothing is known for sure, nothing is said.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from seedbed import compact
from seedbed.listing import DOCUMENTS
from seedbed.store import Store

_KIND = "history"
_MARK = "\x01"
"""Begins what ``git log`` says of a commit; no status of a file begins so."""
_CHUNK = 1 << 20
_ELSEWHERE = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX"),
        *("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
        *("GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NAMESPACE"),
    }
)
"""Variables that a hook of another repository may have set, such as ``git rev-parse --local-env-vars`` names."""
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "log.showRoot=true")
"""What the configuration of a repository must not decide: it may name programs to run."""
_LOG = (
    *("log", "-z", "--no-relative", "--name-status", "-M100%", "--no-color", "--no-show-signature"),
    f"--format={_MARK}%H %at %aI",
)
"""Of the whole repository, as notes may have come from another of its folders; of renamed files only those that git
knows without comparing texts."""
_STATUS = (
    *("status", "-z", "--porcelain=v2", "--branch", "--no-renames", "--untracked-files=all"),
    *("--ignore-submodules=all", "--", "."),
)

_PLACE = ("rev-parse", "--git-path", "shallow", "--show-prefix")
_UNBORN = "(initial)"
"""The commit that is checked out where there is none yet."""
_HEAD = "# branch.oid "
_BEFORE_PATH = {"1": 8, "u": 10, "?": 1}
"""How many words ``git status`` says of a file before its path, by how it begins."""

_Moment = tuple[int, str]
"""Seconds since 1970, and the same as ISO 8601 with the zone of whoever it was."""
Committed = tuple[str | None, str | None]
"""When a file was first and last committed, as ISO 8601 with the zone of whoever did; None if that is not known."""


@dataclass(frozen=True, slots=True)
class History:
    """What git knows of one vault; by itself, nothing."""

    commits: Mapping[str, Committed] = field(default_factory=dict, repr=False)
    """Of each note, canvas and base, by path."""
    edited: frozenset[str] = frozenset()
    """Files that are not as they were committed, or were never."""
    without_git: bool = False
    """Whether there is no git that could know anything, so that the file system is all there is."""
    state: str = ""
    """A name for all this."""
    head: str = ""
    """A name for what the commits were read from."""

    def committed(self, path: str) -> Committed:
        """Return when the file at ``path`` was first and last committed."""
        return self.commits.get(path, (None, None))

    def knows(self, path: str) -> bool:
        """Whether the file at ``path`` was ever committed, even if nobody knows when."""
        return path in self.commits

    def leaves_to_files(self, path: str) -> bool:
        """Whether the file's own times say when it was changed; those of a fresh clone say when it was cloned."""
        return self.without_git or path in self.edited


UNKNOWN = History()
"""For a vault that nobody has asked about."""


def read_history(root: Path, store: Store, last: History | None = None) -> History:
    """Return what git knows of the vault at ``root``; ``store`` keeps it, and ``last`` is what it knew before."""
    folder = root.resolve()
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return History(without_git=True, state="without git")
    try:
        return _read(folder, store, last)
    except (OSError, ValueError, subprocess.SubprocessError):
        return UNKNOWN


def _read(folder: Path, store: Store, last: History | None) -> History:
    shallow, _, prefix = _told(folder, *_PLACE).removesuffix("\n").partition("\n")
    head, edited = _status(_told(folder, *_STATUS), prefix)
    boundary = _boundary(folder / shallow)
    key = hashlib.blake2b(repr((head, prefix, sorted(boundary))).encode(), digest_size=16)
    known = key.hexdigest()
    commits = last.commits if last and last.head == known else _kept(known, store)
    if commits is None:
        commits = _commits(folder, prefix, boundary) if head != _UNBORN else {}
        store.put(_KIND, [("", known, b"", compact.dumps(commits))])
    without_git = not commits  # none of the vault's files is git's business
    state = repr((known, sorted(edited)))
    return History(commits, edited, without_git=without_git, state=state, head=known)


def _kept(known: str, store: Store) -> Mapping[str, Committed] | None:
    """Return the commits that ``store`` keeps, if they are those that ``known`` names."""
    key, _ = store.small(_KIND).get("", ("", b""))
    content = store.large(_KIND, "") if key == known else None
    return None if content is None else compact.loads(content)


def _status(told: str, prefix: str) -> tuple[str, frozenset[str]]:
    """Return the commit that is checked out, and the files that are not as it has them, as paths in the vault."""
    head, edited = _UNBORN, set()
    for line in told.split("\0"):
        if line.startswith(_HEAD):
            head = line.removeprefix(_HEAD)
        elif line[:1] in _BEFORE_PATH:
            path = line.split(" ", _BEFORE_PATH[line[:1]])[-1]
            if path.startswith(prefix) and _is_document(path):
                edited.add(path.removeprefix(prefix))
    return head, frozenset(edited)


def _boundary(file: Path) -> frozenset[str]:
    """Return the commits at which a clone without its full history ends: they seem to have made all files."""
    try:
        return frozenset(file.read_text("ascii").split())
    except FileNotFoundError:
        return frozenset()


def _commits(folder: Path, prefix: str, boundary: frozenset[str]) -> dict[str, Committed]:
    """Return when each document below ``prefix`` was first and last committed, or as much of that as is known."""
    moments: dict[str, _Moments] = {}
    with subprocess.Popen(
        _command(folder, *_LOG),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        assert process.stdout is not None  # noqa: S101 -- for the type
        for path, moment in _changes(process.stdout, boundary):
            if path.startswith(prefix) and _is_document(path):
                moments.setdefault(path.removeprefix(prefix), _Moments()).add(moment)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "git")
    return {path: each.committed for path, each in moments.items()}


@dataclass(slots=True)
class _Moments:
    """The first and the last commit of one file, as far as they have been seen."""

    first: _Moment | None = None
    last: _Moment | None = None
    is_cut_off: bool = False

    def add(self, moment: _Moment | None) -> None:
        if moment is None:
            self.is_cut_off = True
            return
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)

    @property
    def committed(self) -> Committed:
        first = None if self.is_cut_off else self.first
        return first and first[1], self.last and self.last[1]


def _changes(log: IO[bytes], boundary: frozenset[str]) -> Iterator[tuple[str, _Moment | None]]:
    """Yield every file of every commit, latest first: its path today, and when that was, if the commit can tell."""
    today: dict[str, str] = {}
    moment: _Moment | None = None
    words = _words(log)
    for word in words:
        said = word.removeprefix("\n")
        if said.startswith(_MARK):
            commit, _, written = said.removeprefix(_MARK).partition(" ")
            moment = None if commit in boundary else _moment(written)
        elif said:
            before = next(words)
            if said[0] in "RC":
                after = next(words)
                path = today.get(after, after)
                if said[0] == "R":
                    today[before] = path
            else:
                path = today.get(before, before)
            yield path, moment


def _moment(written: str) -> _Moment | None:
    """Return what a commit says of when it was made; None if no clock ever showed that."""
    seconds, _, iso = written.partition(" ")
    try:
        datetime.fromisoformat(iso)
        return int(seconds), iso
    except ValueError:
        return None


def _words(log: IO[bytes]) -> Iterator[str]:
    """Yield what stands between zeros."""
    rest = b""
    while chunk := log.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from map(os.fsdecode, whole)
    if rest:
        yield os.fsdecode(rest)


def _told(folder: Path, *question: str) -> str:
    """Return what git says of ``folder``. Raises SubprocessError if it says nothing, OSError if there is no git."""
    answer = subprocess.run(
        _command(folder, *question),
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    return os.fsdecode(answer.stdout)


def _command(folder: Path, *question: str) -> list[str]:
    return ["git", "-C", str(folder), "--no-pager", "--no-optional-locks", *_SETTINGS, *question]


def _environment() -> dict[str, str]:
    """Return what git is to know of ours: not to ask anybody, not to fetch, to look where it is told to."""
    own = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return own | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def _is_document(path: str) -> bool:
    return path.lower().endswith(DOCUMENTS)
