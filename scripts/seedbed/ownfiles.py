"""The files of a site that are neither pages nor the vault's: what they are called, and those made from all notes.

Separate from the site, which only hands them on; their addresses must be known before any page has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from seedbed import drawings, pages
from seedbed.index import Index
from seedbed.text import PageUri
from seedbed.uris import ASSETS

THEME_FILES = Path(__file__).parent / "theme" / "assets"
MATH_FONT = "seedbed-math.woff2"
_FIGURES_STYLE = "seedbed-figures.css"
_NAMES = "names.json"
"""What a misspelt search may have meant."""


def addresses(planned: drawings.Plan) -> Iterator[PageUri]:
    """Yield the addresses of all files that do not come from the vault."""
    yield from map(PageUri, drawings.files_of(planned))
    yield from (PageUri(ASSETS + file.name) for file in THEME_FILES.iterdir())
    yield from (PageUri(ASSETS + name) for name in (_FIGURES_STYLE, MATH_FONT, _NAMES))


def contents(index: Index) -> dict[str, bytes]:
    """Return the files that are made from the vault as a whole, by address."""
    listed = ",\n".join(json.dumps(each, ensure_ascii=False) for each in pages.manifest(index))
    made = {
        "notes.json": f"[\n{listed}\n]\n".encode(),
        ASSETS + _NAMES: json.dumps(pages.names(index), ensure_ascii=False).encode(),
        ASSETS + _FIGURES_STYLE: drawings.stylesheet().encode(),
    }
    for uri, target in pages.redirects(index):
        # Not where something else is now.
        if index.addresses.claim(uri, "a redirect"):
            made[f"{uri}index.html"] = pages.redirect_file(uri, target)
    return made
