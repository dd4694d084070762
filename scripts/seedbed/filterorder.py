"""The files of an index that Pagefind wrote -> the same files, with the values of its filters in order.

Pagefind keeps these in no order, so that every run would write other bytes under other names. A filter is a compressed
piece of CBOR: its name, and a list of its values with the numbers of their pages. Nothing of that need be understood
but where each value begins and ends.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping

ENTRY = "pagefind-entry.json"
"""The file that names all others."""
_MAGIC = b"pagefind_dcd"
_TEXT, _ARRAY = 3, 4
"""Kinds of CBOR items that hold others, or bytes; of all others here, only the head is there."""
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
"""Bytes of a number behind the head, by what the head says instead of one."""


def in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return ``files`` by their paths in the index, every filter in order, and all that is named by content renamed.

    Raises ValueError for what this does not know as Pagefind's.
    """
    try:
        return _ordered(files)
    except (LookupError, TypeError, AttributeError, OSError, EOFError, zlib.error) as error:
        raise ValueError(f"its files hold something else: {error!r}") from error


def _ordered(files: Mapping[str, bytes]) -> dict[str, bytes]:
    ordered = dict(files)
    entry = json.loads(ordered[ENTRY])  # the languages of the pages, in random order
    for language in entry["languages"].values():
        name = f"pagefind.{language['hash']}.pf_meta"
        if name in ordered:  # it names none of a language whose pages say nothing
            language["hash"] = _settle(ordered, name)
    ordered[ENTRY] = json.dumps(entry, sort_keys=True).encode()
    return ordered


def _settle(files: dict[str, bytes], meta: str) -> str:
    """Put the filters in order that the file ``meta`` names; return the hash by which it is known then."""
    known = meta.removeprefix("pagefind.").removesuffix(".pf_meta")
    content = before = _unpacked(files[meta])
    for path in [each for each in files if each.endswith(".pf_filter")]:
        stem = path.rpartition("/")[2].removesuffix(".pf_filter")
        if stem.encode() not in content:
            continue
        values = _sorted(_unpacked(files.pop(path)))
        named = _renamed(stem, values)
        files[path.replace(stem, named)] = _packed(values)
        content = content.replace(stem.encode(), named.encode())
    if content == before:
        return known
    del files[meta]
    hashed = _renamed(known, content)
    files[f"pagefind.{hashed}.pf_meta"] = _packed(content)
    return hashed


def _renamed(name: str, content: bytes) -> str:
    """Return ``name``, a language and a hash, with the hash of ``content``, as long as it was."""
    language, _, old = name.rpartition("_")
    return f"{language}_{hashlib.sha256(content).hexdigest()[: len(old)]}"


def _sorted(content: bytes) -> bytes:
    """Return a filter with its values in order."""
    position = _end(content, _head(content, 0)[2])
    _, count, start = _head(content, position)
    values = []
    place = start
    for _ in range(count):
        end = _end(content, place)
        values.append(content[place:end])
        place = end
    if place != len(content):
        raise ValueError("there is more in a filter than its values")
    return content[:start] + b"".join(sorted(values))


def _head(content: bytes, position: int) -> tuple[int, int, int]:
    """Return the kind of the item at ``position``, its number, and where what follows the head begins."""
    kind, number = divmod(content[position], 32)
    width = _WIDTHS.get(number, 0)
    if width:
        number = int.from_bytes(content[position + 1 : position + 1 + width], "big")
    return kind, number, position + 1 + width


def _end(content: bytes, position: int) -> int:
    """Return where the item at ``position`` ends."""
    kind, number, end = _head(content, position)
    if kind == _TEXT:
        return end + number
    if kind == _ARRAY:
        for _ in range(number):
            end = _end(content, end)
    return end


def _unpacked(content: bytes) -> bytes:
    unpacked = gzip.decompress(content)
    if not unpacked.startswith(_MAGIC):
        raise ValueError("a file of Pagefind's begins in a way of its own")
    return unpacked[len(_MAGIC) :]


def _packed(content: bytes) -> bytes:
    return gzip.compress(_MAGIC + content, mtime=0)
