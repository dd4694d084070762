"""Addresses: where the page of a note, a stub or a tag stands in the site, and what files lie beside them.

Separate because the index, which gives addresses out, the articles, which link them, and the pages, which are them,
need one answer. Whatever an author writes, an address is a path that file systems can hold.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable

from seedbed.text import AnchorId, NotePath, PageUri, fold, slug

TAGS = PageUri("tags/")
NOTES = PageUri("notes/")
FOLDERS = PageUri("folders/")
RECENT = PageUri("recent/")
LOOSE_ENDS = PageUri("loose-ends/")
RANDOM = PageUri("random/")
MAP = PageUri("map/")
ASSETS = "assets/seedbed/"
FIGURES = "assets/figures/"
FILES = (
    *("404.html", "notes.json", "sitemap.xml", "sitemap.xml.gz"),
    *("pagefind", "search/search_index.json"),
)
"""Files of every site, and a folder that is filled when all else is written."""

_LONGEST_STEP = 200
"""In bytes; file systems hold names of 255."""
_LONGEST_PATH = 800
"""In bytes; with the site's own folder it must stay below 4096, on some systems 1024."""
_WIDEST = 4
"""Bytes of a character at most."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def note_uri(path: NotePath, permalink: str | None) -> PageUri:
    """Return the address a note asks for: its permalink, else the slugs of its path (OF-008, OF-030).

    A permalink may name the page's file, ``a/index.html``, in place of its folder.
    """
    if permalink:
        steps = [step for step in permalink.split("/") if step not in {"", ".", ".."}]
        return _uri(steps[:-1] if steps[-1:] == ["index.html"] else steps)
    folder, _, name = path.rpartition(".")[0].rpartition("/")
    return _uri(_slugs(folder if is_folder_note(path) else f"{folder}/{name}"))


def board_uri(path: NotePath) -> PageUri:
    """Return the address a canvas or a base asks for, which tells it from a note of its name."""
    stem, _, extension = path.rpartition(".")
    return _uri(_slugs(f"{stem}-{extension}"))


def view_anchor(name: str) -> AnchorId:
    """Return the anchor of a base's view called ``name`` on the base's page."""
    return AnchorId(f"view-{slug(name)}")


def is_folder_note(path: NotePath) -> bool:
    """Whether the note is its folder's page: called ``index``, or as the folder is."""
    folder, _, name = path.rpartition(".")[0].rpartition("/")
    key = fold(name)
    return key == "index" or key == fold(folder.rstrip("/").rpartition("/")[2])


def folder_uri(path: str) -> PageUri:
    """Return the address that the page of the folder at ``path`` asks for."""
    return _uri(_slugs(path))


def stub_uri(name: str) -> PageUri:
    """Return the page of the unwritten note that links call ``name``."""
    return _uri(_slugs(name))


@functools.lru_cache(maxsize=4096)
def tag_uri(tag: str) -> PageUri:
    """Return the page of ``tag``: its steps, which hold nothing an address cannot, as folders under ``tags/``."""
    return PageUri(TAGS + _uri(fold(tag).split("/")))


def _slugs(path: str) -> Iterable[str]:
    return (slug(step) or "note" for step in path.split("/") if step)


def _uri(steps: Iterable[str]) -> PageUri:
    path = "/".join(filter(None, map(_step, steps)))
    if len(path) > _LONGEST_PATH // _WIDEST and len(path.encode()) > _LONGEST_PATH:
        path = _shortened(path.replace("/", "-"), _LONGEST_STEP)
    return PageUri(f"{path}/" if path else "")


def _step(step: str) -> str:
    return _shortened(step if step.isprintable() else _CONTROLS.sub("", step), _LONGEST_STEP)


def _shortened(name: str, most: int) -> str:
    """Return ``name``, or as much of it as ``most`` bytes hold and a mark that tells it from its likes."""
    if len(name) <= most // _WIDEST:
        return name
    whole = name.encode("utf-8", "replace")
    if len(whole) <= most:
        return name
    mark = hashlib.sha256(whole).hexdigest()[:8]
    return f"{whole[: most - 9].decode('utf-8', 'ignore')}-{mark}"
