"""What a vault's folder holds: which files are part of it, and what Obsidian's own settings say.

Turns a folder into vault paths, ignored folders and excluded patterns left out, each with a stamp and a digest by which
a change is known; and the bytes of a file into text. Parses nothing.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from seedbed.diagnostics import Code, Diagnostic
from seedbed.text import NotePath

LinkFormat = Literal["shortest", "relative", "absolute"]


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """What ``.obsidian/app.json`` says that concerns a published site."""

    strict_line_breaks: bool = False
    """A single line end is a blank, as in CommonMark, rather than a line break."""
    attachment_folder: str = ""
    """Where the vault keeps attachments: of files of one name, links mean the one there."""
    ignored: tuple[str, ...] = ()
    """Path prefixes, or regular expressions between slashes."""
    link_format: LinkFormat = "shortest"


Stamp = tuple[int, float, int]
"""What the file system says of a file: bytes, seconds when it was made, nanoseconds when it was last changed."""

DOCUMENTS = (".md", ".canvas", ".base")
"""How the names of files end that have pages."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A vault's folder at one moment, unread."""

    root: Path
    settings: VaultSettings
    stamps: dict[str, Stamp]
    """Every file that is part of the vault, in order of path."""
    digests: dict[NotePath, str]
    """A name for the content of each note, canvas and base; empty if it cannot be read."""
    excluded: tuple[str, ...]
    """Files that are not part of it."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def state(self) -> str:
        """A name for all there is in the folder, times of files included."""
        said = repr((self.settings, self.excluded, self.diagnostics, self.stamps, self.digests))
        return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def survey(root: Path, exclude: Iterable[str] = ()) -> Survey:
    """Look at the vault in the folder ``root``, less what the patterns ``exclude`` and its own settings leave out."""
    settings, diagnostics = _read_settings(root)
    stamps: dict[str, Stamp] = {}
    excluded: list[str] = []
    patterns = tuple(exclude)
    for path, stamp in _files(root):
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "replace")
            message = "the file cannot be read: its name is not UTF-8"
            diagnostics.append(Diagnostic(shown, 1, 1, Code.FILE_UNREADABLE, message))
            continue
        if _is_excluded(path, settings, patterns):
            excluded.append(path)
        else:
            stamps[path] = stamp
    paths = (NotePath(path) for path in stamps if path.lower().endswith(DOCUMENTS))
    digests = {path: digest_of(_content(root, path)) for path in paths}
    return Survey(root, settings, stamps, digests, tuple(excluded), tuple(diagnostics))


def digest_of(content: bytes | None) -> str:
    """Return a name for the ``content`` of a file; an empty one if it cannot be read."""
    return "" if content is None else hashlib.blake2b(content, digest_size=16).hexdigest()


def _content(root: Path, path: str) -> bytes | None:
    try:
        with open(f"{root}{os.sep}{path}", "rb") as file:  # noqa: PTH123 -- see _stamp
            return file.read()
    except OSError:
        return None


def decode(content: bytes) -> tuple[str, int | None]:
    r"""Return the text of a file, and the offset of the first character that is not UTF-8, if there is one.

    A byte-order mark is dropped and every line end becomes ``\\n`` (OF-010, OF-011).
    """
    text = _with_plain_line_ends(content.decode("utf-8", "replace"))
    places = [text.index("\0")] if "\0" in text else []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        places.append(len(_with_plain_line_ends(content[: error.start].decode("utf-8", "replace"))))
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}"), min(places, default=None)


def _with_plain_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _files(root: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield all files, sorted, without dot-folders; links out of the vault are not followed."""
    inside = os.path.realpath(root)
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = Path(folder).relative_to(root).as_posix()
        prefix = "" if base == "." else f"{base}/"
        for name in sorted(files):
            stamp = None if name.startswith(".") else _stamp(f"{folder}{os.sep}{name}", inside)
            if stamp:
                yield prefix + name, stamp


def _stamp(file: str, root: str) -> Stamp | None:
    """Return the stamp of ``file`` if it is one (nobody may ever write into a pipe) and lies in the vault."""
    # Plain strings: a Path for each of ten thousand files takes longer than to ask the file system.
    if os.path.islink(file) and not Path(file).resolve().is_relative_to(root):  # noqa: PTH114
        return None
    try:
        found = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    born = getattr(found, "st_birthtime", found.st_mtime)
    return (found.st_size, born, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _is_excluded(path: str, settings: VaultSettings, patterns: tuple[str, ...]) -> bool:
    if any(
        fnmatch.fnmatch(path, pattern) or path.startswith(pattern.rstrip("/*") + "/")
        for pattern in patterns
    ):
        return True
    for ignored in settings.ignored:
        if len(ignored) > 2 and ignored.startswith("/") and ignored.endswith("/"):  # noqa: PLR2004 -- two slashes
            if re.search(ignored[1:-1], path):
                return True
        elif path == ignored or path.startswith(ignored.rstrip("/") + "/"):
            return True
    return False


def _read_settings(root: Path) -> tuple[VaultSettings, list[Diagnostic]]:
    file = root / ".obsidian" / "app.json"
    if not file.is_file():
        return VaultSettings(), []
    try:
        loaded: Any = json.loads(decode(file.read_bytes())[0])
    except (OSError, ValueError, RecursionError) as error:
        return VaultSettings(), [_bad_setting(f"so Obsidian's defaults are used: {error}")]
    if not isinstance(loaded, dict):
        return VaultSettings(), [_bad_setting("so Obsidian's defaults are used: not a JSON object")]
    trouble = []
    ignored = []
    filters = loaded.get("userIgnoreFilters")
    for entry in filters if isinstance(filters, list) else []:
        try:
            re.compile(str(entry))
        except re.error as error:
            reason = f'so "{entry}" in userIgnoreFilters excludes nothing: {error}'
            trouble.append(_bad_setting(reason))
        else:
            ignored.append(str(entry))
    folder = loaded.get("attachmentFolderPath")
    wanted = loaded.get("newLinkFormat")
    formats: dict[object, LinkFormat] = {"relative": "relative", "absolute": "absolute"}
    settings = VaultSettings(
        strict_line_breaks=loaded.get("strictLineBreaks") is True,
        attachment_folder=folder.rstrip("/") if isinstance(folder, str) else "",
        ignored=tuple(ignored),
        link_format=formats.get(wanted, "shortest") if isinstance(wanted, str) else "shortest",
    )
    return settings, trouble


def _bad_setting(message: str) -> Diagnostic:
    return Diagnostic(
        ".obsidian/app.json", 1, 1, Code.SETTINGS_INVALID, f"invalid settings, {message}"
    )
