"""Made-up pages that show what a theme does with a page's values.

A marked page has in place of each value a text between two marks, which are found again in what the theme makes of it;
the text between says how the value is spelled there. A proof page has none and differs from it in everything that may
differ between pages of one shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from seedbed.article import TocEntry
from seedbed.frame.shapes import Shape
from seedbed.pages import Page
from seedbed.text import PageUri

MARK = "Qz5e3d"
"""What marks begin with: a number follows, and a letter for the beginning or the end of a value."""
DEPTH = 7
"""Folders that a marked page lies below: more than pages have, so that no other address climbs as many."""
FIELDS: Mapping[str, Callable[[Page], str]] = {
    "address": lambda page: page.uri[:-1],
    "title": lambda page: page.title,
    "description": lambda page: page.description or "",
    "image": lambda page: page.image or "",
    "classes": lambda page: " ".join(page.classes),
    "content": lambda page: page.html,
}
"""What varies between pages of one shape."""
ENTRY_FIELDS: Mapping[str, Callable[[TocEntry], str]] = {
    "title": lambda entry: entry.title,
    "anchor": lambda entry: entry.anchor,
}
"""The same of the entries of their tables of contents."""

_NUMBERS = (*FIELDS,)
_ENTRY_NUMBERS = (*ENTRY_FIELDS,)
"""Marks are numbered in the order of fields, those of a page first, then of one entry after the other."""
_ODD = "<b>&\"'  ü%{{ x }}"
"""Each spelling of it is another."""
_LEVELS = (2, 2, 2, 3, 4, 4, 4, 5, 4, 3, 4, 3, 2, 3, 2)
"""A table of contents with every step from one entry to the next that there is, but for longer ones of its kind."""
_FEW_LEVELS = (2, 3)
"""One that begins and ends the other way."""
_PROOF_LEVELS = (4, 5, 7, 8, 3, 2, 3, 4, 5, 2, 3, 2, 2, 3, 5, 6)


def marked_page(shape: Shape, *, few: bool = False) -> Page:
    """Return a page of ``shape`` with marks; with the shorter table of contents for ``few``."""
    image = {"none": None, "whole": "://" + _ODD, "inside": "/b%20c/"}[shape.image]
    heading = f"<h1>{_ODD}</h1>" if shape.headed else ""
    return Page(
        uri=PageUri(_marked("address", " a/ü&b/c/d/e/f/") + "/"),
        title=_marked("title"),
        html=_marked("content", f"{heading}\n<p>{_ODD}</p>\n"),
        toc=tuple(
            TocEntry(level, _marked_of(entry, "title"), _marked_of(entry, "anchor"))
            for entry, level in enumerate(_levels(shape, _FEW_LEVELS if few else _LEVELS))
        ),
        description=_marked("description") if shape.described else None,
        image=None if image is None else _marked("image", image),
        classes=(_marked("classes"),) if shape.classed else (),
        searchable=shape.searchable,
    )


def proof_page(shape: Shape, targets: Iterable[str]) -> Page:
    """Return a page of ``shape`` without marks, whose address has its beginning in common with one of ``targets``."""
    folders = (target.partition("/")[0] for target in targets if "/" in target)
    folder = next((folder for folder in folders if folder.strip(".")), "a")
    image = {"none": None, "whole": "https://a.example/b?c=1&d", "inside": f"{folder}/e%20f.png"}
    levels = (
        *_levels(shape, _PROOF_LEVELS),
        *((1, 2) if shape.contents in {"below", "one"} else ()),
    )
    return Page(
        uri=PageUri(f"{unquote(folder)}/Ä é+,1/"),
        title=" 5 <i>&amp;\t\"q\"  'ß' </i>{% y %}",
        html=("<p>x</p><h1 id='g'>2" if shape.headed else "") + "<!-- & --></h2>\n\n{{ z }}  ",
        toc=tuple(
            TocEntry(level, f" <k{place}> & 'l'  \"m\" ", f"n-{place}-ö&'\"<")
            for place, level in enumerate(levels)
        ),
        description="\n Two < 3 & \"4\"\n 'five'  " if shape.described else None,
        image=image[shape.image],
        classes=("o&p", '"q"') if shape.classed else (),
        searchable=shape.searchable,
    )


def value_at(number: int, page: Page) -> tuple[str, int | None, str]:
    """Return what the mark ``number`` on ``page`` stands for: a field, the entry it is of or None, the marked value."""
    if number < len(_NUMBERS):
        field = _NUMBERS[number]
        return field, None, FIELDS[field](page)
    entry, place = divmod(number - len(_NUMBERS), len(_ENTRY_NUMBERS))
    field = _ENTRY_NUMBERS[place]
    return field, entry, ENTRY_FIELDS[field](page.toc[entry])


def _levels(shape: Shape, levels: Sequence[int]) -> Iterator[int]:
    if shape.contents in {"below", "one"}:
        yield 1
    if shape.contents in {"below", "all"}:
        yield from levels


def _marked(field: str, text: str = _ODD) -> str:
    return _between(_NUMBERS.index(field), text)


def _marked_of(entry: int, field: str) -> str:
    place = _ENTRY_NUMBERS.index(field)
    return _between(len(_NUMBERS) + len(_ENTRY_NUMBERS) * entry + place, _ODD)


def _between(number: int, text: str) -> str:
    return f"{MARK}{number}a{text}{MARK}{number}z"
