"""Slots: what of a text Python-Markdown cannot finish, kept aside while it works on the rest.

A link to a note, an embed, a formula: each leaves an element of its own in Python-Markdown's tree, whose name holds a
character that no text has, so that nobody can write one. When the HTML is there, the elements are read back as tokens
of the dialect, with pieces of HTML between them, and the article is written from these as from any other.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from seedbed.dialect import Token
from seedbed.text import Span

MARK = "\ufdd1"
"""The character that names of slots hold."""
SEPARATOR = "\ufdd2"
"""The character that stands between blocks that become tokens of their own."""
RESERVED = str.maketrans(dict.fromkeys((MARK, SEPARATOR), "\N{REPLACEMENT CHARACTER}"))
"""What to make of these in a text before anything is read."""
INLINE = f"slot{MARK}"
BLOCK = f"block{MARK}"

_TAG = re.compile(
    rf'<(?P<close>/?)(?:{INLINE}|{BLOCK})(?: n="(?P<number>\d+)")?(?P<attributes>[^<>]*?)/?>'
)
_PASSED_ON = frozenset({"align", "class", "height", "loading", "style", "target", "title", "width"})
"""Attributes that an author may give a link or an image in braces."""


@dataclass(slots=True)
class Slot:
    """One thing to be written later."""

    opening: Token
    closing: Token | None
    """The token that ends what ``opening`` begins; None for a slot whose text is not shown."""
    span: Span
    """Where it stands in the source."""


@dataclass(slots=True)
class Slots:
    """The slots of one text."""

    found: list[Slot] = field(default_factory=list)

    def element(
        self, opening: Token, span: Span, *, closing: Token | None = None, block: bool = False
    ) -> ET.Element:
        """Return the element that stands for a new slot."""
        element = ET.Element(BLOCK if block else INLINE)
        self.occupy(element, opening, span, closing=closing)
        return element

    def occupy(
        self, element: ET.Element, opening: Token, span: Span, *, closing: Token | None = None
    ) -> None:
        """Make ``element``, which keeps its text, stand for a new slot."""
        opening.meta["span"] = span
        if "ref" in opening.meta:
            opening.meta["ref"] = replace(opening.meta["ref"], span=span)
        passed_on = {name: value for name, value in element.items() if name in _PASSED_ON}
        element.tag = element.tag if element.tag in {INLINE, BLOCK} else INLINE
        element.attrib.clear()
        element.set("n", str(len(self.found)))
        element.attrib.update(passed_on)
        self.found.append(Slot(opening, closing, span))

    def of(self, element: ET.Element) -> Slot | None:
        """Return the slot that ``element`` stands for."""
        number = element.get("n") if element.tag in {INLINE, BLOCK} else None
        return self.found[int(number)] if number is not None else None

    def keep_attributes(self, element: ET.Element) -> None:
        """Take what an author gave a slot's element in braces over to its token."""
        slot = self.of(element)
        if slot is None:
            return
        passed_on = {name: value for name, value in element.items() if name in _PASSED_ON}
        if passed_on:
            slot.opening.meta["attributes"] = passed_on
        number = element.get("n", "")
        element.attrib.clear()
        element.set("n", number)

    def tokens(self, html: str, kind: str) -> Iterator[Token]:
        """Yield ``html`` as tokens: slots as what they are, what stands between them as tokens of ``kind``."""
        open_slots: list[Slot] = []
        position = hidden = 0
        for tag in _TAG.finditer(html):
            if not hidden:
                yield from _piece(html[position : tag.start()], kind)
            position = tag.end()
            if not tag["close"]:
                slot = self.found[int(tag["number"] or 0)]
                if not hidden:
                    yield slot.opening
                open_slots.append(slot)
                hidden += slot.closing is None
            elif open_slots:
                slot = open_slots.pop()
                hidden -= slot.closing is None
                if slot.closing is not None and not hidden:
                    yield slot.closing
        yield from _piece(html[position:], kind)


def token(kind: str, *, content: str = "", info: str = "", **meta: Any) -> Token:  # noqa: ANN401 -- as the library's
    """Return a token of the dialect that begins and ends nothing."""
    return Token(kind, "", 0, content=content, info=info, meta=meta)


def _piece(html: str, kind: str) -> Iterator[Token]:
    if html:
        yield token(kind, content=html)
