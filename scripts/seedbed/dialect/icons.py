"""``:material-account:`` and its kin: icons of the theme in running text.

Turns a short code into an icon if, and only if, the installed theme has one of that name; emoji short codes and all
else between colons stay text (OF-214). Icons are files of the theme, each read once.
"""

from __future__ import annotations

import functools
import re
from importlib.util import find_spec
from pathlib import Path

from markdown_it.rules_inline import StateInline

_THEME = "material"
_LONGEST = 100
# Every icon's name begins with its set's: letters, a hyphen, more of both.
_CODE = re.compile(r":([a-z]+(?:-[a-z0-9_]+)+):")
_GLUE = "_:/.@#-&="
"""Behind these a colon belongs to something longer, such as an address or a tag."""
_MOST_FOLDERS = 2
"""Folders that an icon can lie in: its set and, for some sets, its style."""


def icon(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take a short code that names an icon and does not touch a word before it."""
    start = state.pos
    if state.src[start] != ":" or not state.src[start + 1 : start + 2].islower():
        return False
    if start and (state.src[start - 1].isalnum() or state.src[start - 1] in _GLUE):
        return False
    match = _CODE.match(state.src, start, min(state.posMax, start + _LONGEST))
    if match is None or drawing(match[1]) is None:
        return False
    if not silent:
        state.push("icon", "", 0).content = match[1]
    state.pos = match.end()
    return True


@functools.lru_cache(maxsize=4096)
def drawing(name: str) -> str | None:
    """Return the icon called ``name`` as SVG, or None if the theme has none."""
    steps = name.split("-")
    for folders in range(1, min(len(steps), _MOST_FOLDERS + 1)):
        file = _folder().joinpath(*steps[:folders], "-".join(steps[folders:]) + ".svg")
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    return None


@functools.cache
def _folder() -> Path:
    """Return the folder of the theme's icons."""
    found = find_spec(_THEME)
    places = found.submodule_search_locations if found is not None else None
    return Path(next(iter(places or ()), "")) / "templates" / ".icons"
