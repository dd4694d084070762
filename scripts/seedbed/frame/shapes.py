"""A page to its ``Shape``: what of it decides which parts of the theme stand around it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seedbed.article import TocEntry
from seedbed.pages import Page

Contents = Literal["none", "all", "below", "one"]
"""What a theme lists of a table of contents: Material takes a first entry of level one for the page's title.

``all`` entries, or those ``below`` the first, or nothing because there is only that ``one``.
"""
Image = Literal["none", "whole", "inside"]
"""Whether a page has an image, at a whole address or at one inside the site."""

_ADDRESS_INSIDE = re.compile(r"(?!/)[\w.~%/-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """What two pages have in common that differ only in their texts and their address."""

    contents: Contents
    described: bool
    image: Image
    classed: bool
    searchable: bool
    headed: bool
    """Whether it has a first-level heading of its own; Material writes one above a page without."""


SHAPES = (
    Shape("all", True, "inside", True, True, True),
    Shape("all", False, "whole", False, False, False),
    Shape("all", True, "none", True, True, False),
    Shape("below", False, "inside", True, False, False),
    Shape("below", True, "whole", False, True, True),
    Shape("below", False, "none", True, False, True),
    Shape("one", True, "inside", False, False, True),
    Shape("one", False, "whole", True, True, False),
    Shape("one", True, "none", False, False, False),
    Shape("none", False, "inside", False, True, False),
    Shape("none", True, "whole", True, False, True),
    Shape("none", False, "none", False, True, True),
)
"""Shapes among which each value of each field meets each value of each other."""


def shape_of(page: Page) -> Shape | None:
    """Return the shape of ``page``; None for one so unusual that only the theme knows what becomes of it."""
    toc, image = page.toc, page.image or ""
    whole = "://" in image
    if (
        page.uri[:1] in {"", "/", "."}
        or page.uri != posixpath.normpath(page.uri) + "/"
        or not page.title
        or (toc and "\\" in toc[0].anchor)
        or (image and not whole and not (_ADDRESS_INSIDE.fullmatch(image) and ".." not in image))
    ):
        return None
    return Shape(
        _contents(toc),
        bool(page.description),
        "whole" if whole else "inside" if image else "none",
        any(page.classes),
        page.searchable,
        "<h1" in page.html,
    )


def listed(toc: Sequence[TocEntry], contents: Contents) -> Sequence[TocEntry]:
    """Return the entries of ``toc`` that are listed."""
    if contents != "below":
        return toc if contents == "all" else ()
    end = next((place for place in range(1, len(toc)) if toc[place].level == 1), len(toc))
    return toc[1:end]


def _contents(toc: Sequence[TocEntry]) -> Contents:
    if not toc:
        return "none"
    if toc[0].level != 1:
        return "all"
    return "below" if len(toc) > 1 and toc[1].level > 1 else "one"
