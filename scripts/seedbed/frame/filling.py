"""What a theme puts around all pages of one shape: learned from made-up pages, proved on another, filled for each."""

from __future__ import annotations

import hashlib
import itertools
import posixpath
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from seedbed.frame.cutting import cut
from seedbed.frame.listing import learn, writer
from seedbed.frame.pieces import SPELLINGS, Hole, Listing, Pieces, UnforeseenError, Way
from seedbed.frame.probes import ENTRY_FIELDS, FIELDS, marked_page, proof_page
from seedbed.frame.shapes import SHAPES, Shape, listed
from seedbed.pages import Page
from seedbed.text import PageUri

Render = Callable[[Page], str]
"""A page to its whole HTML by the theme's own templates: slow, always right."""
Place = tuple[int, str]
"""What relative addresses depend on: how deep a page lies, and which folder it shares with what they lead to."""

_Value = Callable[[Page, str], str]
"""What fills a hole, of a page and its percent-encoded address."""
_Layout = tuple[list[bytes], list[tuple[_Value, list[int]]]]
"""A frame for one place: its parts, and which of them are filled with which values."""


class Frame:
    """What stands around pages of one shape."""

    __slots__ = ("_folders", "_layouts", "_pieces", "_values")

    def __init__(self, pieces: Pieces, shape: Shape) -> None:
        """Take what the theme makes of pages of ``shape``."""
        self._pieces = pieces
        self._values = {hole: _value(hole, shape) for hole in pieces.holes}
        self._folders = {folder for target in _targets(pieces) for folder in _folders(target)}
        self._layouts: dict[Place, _Layout] = {}

    def fill(self, page: Page) -> tuple[bytes, Place]:
        """Return ``page`` in its frame, and its place."""
        address = quote(page.uri)
        place = self._place(address)
        layout = self._layouts.get(place)
        if layout is None:
            layout = self._layouts[place] = self._layout(address)
        parts = layout[0].copy()
        for value, filled in layout[1]:
            text = encoded(value(page, address))
            for at in filled:
                parts[at] = text
        return b"".join(parts), place

    def _place(self, address: str) -> Place:
        shared = ""
        for folder in _folders(address):
            if folder not in self._folders:
                break
            shared = folder
        return address.count("/"), shared

    def _layout(self, address: str) -> _Layout:
        parts = [self._pieces.texts[0]]
        filled: dict[Hole | Way | Listing, list[int]] = {}
        for hole, text in zip(self._pieces.holes, self._pieces.texts[1:], strict=True):
            if isinstance(hole, Way) and hole.target:
                parts[-1] += _relative(hole.target, address) + text
            else:
                filled.setdefault(hole, []).append(len(parts))
                parts += ("", text)
        return [*map(encoded, parts)], [
            (self._values[hole], places) for hole, places in filled.items()
        ]


def frame_of(shape: Shape, render: Render) -> Frame:
    """Return the frame that ``render`` puts around pages of ``shape``. Raises UnforeseenError if there is none."""
    page = marked_page(shape)
    pieces = cut(_asked(render, page), page)
    if shape.contents in {"all", "below"}:
        few = marked_page(shape, few=True)
        first = len(page.toc) - len(listed(page.toc, shape.contents))
        pieces = learn((pieces, page.toc), (cut(_asked(render, few), few), few.toc), first)
    frame = Frame(pieces, shape)
    proof = proof_page(shape, _targets(pieces))
    if frame.fill(proof)[0] != encoded(_asked(render, proof)):
        raise UnforeseenError
    return frame


def name_of(render: Render, in_nav: Iterable[PageUri]) -> str:
    """Return a name for everything that ``render`` puts around pages: another as soon as that is another.

    Each page that the navigation names may have something else around it. Takes some two dozen runs.
    """
    digest = hashlib.sha256()
    named = (replace(marked_page(SHAPES[0]), uri=uri) for uri in sorted({*in_nav, PageUri("")}))
    for page in itertools.chain(map(marked_page, SHAPES), named):
        try:
            made = encoded(_asked(render, page))
        except UnforeseenError:
            return secrets.token_hex()  # nothing can be said of this theme, so nothing is as it was
        digest.update(b"%d " % len(made) + made)
    return digest.hexdigest()


def encoded(text: str) -> bytes:
    """Return ``text`` as MkDocs writes it."""
    return text.encode("utf-8", "xmlcharrefreplace")


def _asked(render: Render, page: Page) -> str:
    """Return what ``render`` makes of a made-up page; a user's template may fail on one that is none of the site's."""
    try:
        return render(page)
    except Exception as error:
        raise UnforeseenError from error


def _value(hole: Hole | Way | Listing, shape: Shape) -> _Value:
    """Return what fills ``hole`` on pages of ``shape``."""
    if isinstance(hole, Way):
        return lambda page, address: _relative(hole.target or page.image or "", address)
    if isinstance(hole, Listing):
        write = writer(hole)
        return lambda page, _: write(listed(page.toc, shape.contents))
    spelled, entry = SPELLINGS[hole.spelling], hole.entry
    if entry is None:
        value = FIELDS[hole.field]
        return lambda page, _: spelled(value(page))
    value_of = ENTRY_FIELDS[hole.field]
    return lambda page, _: spelled(value_of(page.toc[entry]))


def _relative(target: str, address: str) -> str:
    """Return the way from the page at ``address`` to ``target``, as MkDocs writes it."""
    way = posixpath.relpath("/" + target, "/" + address)
    return way + "/" if target.endswith("/") else way


def _targets(pieces: Pieces) -> list[str]:
    return [hole.target for hole in pieces.holes if isinstance(hole, Way)]


def _folders(address: str) -> Iterator[str]:
    """Yield the folders on the way to ``address``, itself among them: ``a/``, ``a/b/``."""
    folder = ""
    for step in address.removesuffix("/").split("/"):
        folder += step + "/"
        yield folder
