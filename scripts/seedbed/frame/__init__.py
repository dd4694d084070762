"""The theme around a page without running its templates for each page.

What a theme puts around the pages of a site differs in little: their texts, their table of contents, and the way from
their address to the rest of the site. So the templates are run for a few made-up pages of each shape; what they made of
these is cut into pieces, and the pieces are filled for each page. Whether that gives what the templates give is tried
on another made-up page and on the first pages that come, byte by byte. Where it does not, because a template makes
something else of a page's values, the templates are run for each page of that shape: slower, and right.

One thing no trial shows: a template that asks for a certain value, ``{% if page.title == "Imprint" %}``, unless a page
that has it is among those compared.
"""

from __future__ import annotations

import functools

from seedbed.frame.filling import Frame, Place, Render, encoded, frame_of, name_of
from seedbed.frame.pieces import UnforeseenError
from seedbed.frame.shapes import Shape, shape_of
from seedbed.pages import Page
from seedbed.text import PageUri

__all__ = ["Frames", "Render"]


class Frames:
    """What the theme puts around the pages of one site."""

    def __init__(self, render: Render, in_nav: frozenset[PageUri]) -> None:
        """Learn from ``render``, which is asked for each page that the navigation names: it marks them there."""
        self._render = render
        self._in_nav = in_nav
        self._frames: dict[Shape, Frame | None] = {}
        self._compared: set[Shape | Place] = set()

    @functools.cached_property
    def name(self) -> str:
        """A name for everything around pages: another as soon as the theme, the navigation or a setting changes it."""
        return name_of(self._render, self._in_nav)

    def encoded(self, page: Page) -> bytes:
        """Return the whole HTML of ``page`` as MkDocs would write what ``render`` gives."""
        shape = None if page.uri in self._in_nav else shape_of(page)
        frame = self._frame(shape) if shape else None
        if shape is None or frame is None:
            return encoded(self._render(page))
        made, place = frame.fill(page)
        if shape in self._compared and place in self._compared:
            return made
        self._compared |= {shape, place}
        right = encoded(self._render(page))
        if made != right:
            self._frames[shape] = None
        return right

    def _frame(self, shape: Shape) -> Frame | None:
        if shape not in self._frames:
            try:
                self._frames[shape] = frame_of(shape, self._render)
            except UnforeseenError:
                self._frames[shape] = None
        return self._frames[shape]
