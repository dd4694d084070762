"""From Python-Markdown's tree of a note to tokens: the blocks, headings and footnotes that other notes can reach.

Works at the end of Python-Markdown's way, when the tree is finished and not yet text. Headings and footnotes become
what they are in any note; every other block at the top is kept as HTML between slots.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from markdown import Markdown
from markdown.extensions.footnotes import NBSP_PLACEHOLDER
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from seedbed.dialect import Token
from seedbed.dialect.wikilinks import markdown_ref
from seedbed.mkdocs_dialect.extension import DIAGRAM, SlotExtension, place_in
from seedbed.mkdocs_dialect.slots import SEPARATOR, token
from seedbed.text import THEME_IDS, Ids, Span, slug

FIGURE = "figure"

_NESTING: dict[str, Literal[-1, 1]] = {"footnote_open": 1, "footnote_close": -1}
_HEADING = re.compile(r"h[1-6]")
_HEADING_INNER = re.compile(r"\A\s*<h[1-6][^>]*>(.*)</h[1-6]>\s*\Z", re.DOTALL)
_HTML_TAG = re.compile(r"(<[^<>]*>)")
_BLOCK_ID = re.compile(r"(?:\A|(?<=\s))\^(?P<id>[A-Za-z0-9-]+)\s*\Z")
_BEFORE_CONTENTS = 5.5
"""After attributes in braces (8) and before the table of contents (5)."""
_AFTER_ALL = -10


@dataclass(slots=True)
class _Part:
    """A block at the top of the tree, or the beginning or end of a footnote."""

    kind: str
    meta: dict[str, Any]
    has_html: bool = False
    tag: str = ""


class NoteExtension(SlotExtension):
    """Leaves slots in a note, and its tokens when Python-Markdown is done."""

    fences = MappingProxyType({DIAGRAM: "fence", FIGURE: "fence"})

    def start(self, text: str) -> None:
        """Begin with ``text``."""
        super().start(text)
        self.parts: list[_Part] = []
        self.tokens: tuple[Token, ...] = ()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- Python-Markdown's name
        """Register two more processors."""
        super().extendMarkdown(md)
        md.treeprocessors.register(_Anchors(md), "seedbed_anchors", _BEFORE_CONTENTS)
        md.treeprocessors.register(_Parts(md, self), "seedbed_parts", _AFTER_ALL)

    def finish(self, html: str) -> str:
        """Read the finished HTML as tokens."""
        chunks = iter(html.split(SEPARATOR))
        found: list[Token] = []
        for part in self.parts:
            found.extend(self._read(part, next(chunks, "") if part.has_html else ""))
        found.extend(self._markup("".join(chunks), {}))
        self.tokens = tuple(found)
        return html

    def _read(self, part: _Part, chunk: str) -> Iterator[Token]:
        if part.kind == "heading_open":
            yield from self._heading(part, chunk)
        elif part.kind == "markup":
            yield from self._markup(chunk, part.meta)
        else:
            yield Token(part.kind, part.kind, _NESTING.get(part.kind, 0), meta=part.meta)

    def _heading(self, part: _Part, chunk: str) -> Iterator[Token]:
        inner = _HEADING_INNER.match(chunk)
        children = self.slots.tokens(inner[1] if inner else "", "html_inline")
        pieces = [piece for child in children for piece in _words(child)]
        line = part.meta.pop("line")
        yield Token("heading_open", part.tag, 1, map=[line, line + 1], meta=part.meta, block=True)
        yield Token("inline", "", 0, children=pieces, map=[line, line + 1])
        yield Token("heading_close", part.tag, -1, block=True)

    def _markup(self, chunk: str, meta: dict[str, Any]) -> Iterator[Token]:
        pieces = list(self.slots.tokens(chunk.strip(), "html_inline"))
        if len(pieces) == 1 and pieces[0].type in {"fence", "math_block"}:
            pieces[0].meta |= meta
            yield pieces[0]
        elif pieces:
            for piece in pieces:
                if piece.type == "fence" and piece.info == FIGURE:
                    piece.info = "yaml"  # figures are computed where they stand at the top alone
            yield Token("markup", "", 0, children=pieces, meta=meta, map=[0, 0])


class _Anchors(Treeprocessor):
    """Gives each heading the id that the same heading has in any other note, unless its author chose one."""

    def run(self, root: ET.Element) -> None:
        ids = Ids({*THEME_IDS, *(chosen for each in root.iter() if (chosen := each.get("id")))})
        for heading in _headings(root):
            if "id" not in heading.attrib:
                heading.set("id", ids.give(slug(_plain(heading, self.md)) or "section"))


class _Parts(Treeprocessor):
    """Takes the tree apart into what becomes tokens of its own."""

    def __init__(self, md: Markdown, extension: NoteExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: ET.Element) -> None:
        _Links(self._extension, root).make_slots()
        footnotes = list(_taken_footnotes(root))
        for block in list(root):
            written = _taken_block_id(block)
            if written and not _holds_anything(block) and self._extension.parts:
                root.remove(block)
                self._extension.parts[-1].meta["block_id"] = written
                continue
            self._add(block)
            if written:
                self._extension.parts[-1].meta["block_id"] = written
        for label, blocks in footnotes:
            self._extension.parts.append(_Part("footnote_open", {"label": label}))
            for block in blocks:
                root.append(block)
                self._add(block)
            self._extension.parts.append(_Part("footnote_close", {}))

    def _add(self, block: ET.Element) -> None:
        """Enter a block at the top as a part, and mark in the text where it ends."""
        block.tail = f"\n{SEPARATOR}"
        if _HEADING.fullmatch(block.tag):
            anchor, _, line = self._heading(block)
            meta = {"anchor": anchor, "line": line}
            self._extension.parts.append(_Part("heading_open", meta, has_html=True, tag=block.tag))
            return
        inside = [(*self._heading(each), int(each.tag[1])) for each in _headings(block)]
        kind = "hr" if block.tag == "hr" else "markup"
        meta = {"headings": inside} if inside else {}
        self._extension.parts.append(_Part(kind, meta, has_html=True))

    def _heading(self, heading: ET.Element) -> tuple[str, str, int]:
        """Return the anchor of a heading, its text and its line."""
        plain = " ".join(_plain(heading, self.md).split())
        return heading.get("id", ""), plain, self._extension.places.heading(plain)


@dataclass(slots=True)
class _Links:
    """The Markdown links, images and marks of footnotes in one tree."""

    extension: NoteExtension
    root: ET.Element

    def make_slots(self) -> None:
        """Make a slot of each that stays in the vault; the others are finished."""
        ids = {each.get("id") for each in self.root.iter()}
        for parent in self.root.iter():
            for child in parent:
                if child.tag == "a" and child.get("href", "")[1:] not in ids:
                    self._link(child)
                elif child.tag == "img":
                    self._image(child, place_in(parent))
                elif child.tag == "sup" and child.get("id", "").startswith("fnref"):
                    self._footnote(child)

    def _link(self, element: ET.Element) -> None:
        address = _address(element.get("href"))
        if markdown_ref(address, Span(0, 0), None, embed=False) is None:
            return
        opening = Token("link_open", "a", 1, attrs={"href": address})
        closing = Token("link_close", "a", -1)
        span = self.extension.places.link(address)
        self.extension.slots.occupy(element, opening, span, closing=closing)
        self.extension.slots.keep_attributes(element)

    def _image(self, element: ET.Element, place: str) -> None:
        address = _address(element.get("src"))
        if markdown_ref(address, Span(0, 0), None, embed=True) is None:
            return
        alt = element.get("alt", "")
        image = token("image", content=alt, place=place)
        image.attrs = {"src": address}
        image.children = [token("text", content=alt)]
        self.extension.slots.occupy(element, image, self.extension.places.link(address))
        self.extension.slots.keep_attributes(element)

    def _footnote(self, element: ET.Element) -> None:
        mark = element.find("a")
        if mark is not None:
            label = mark.get("href", "").removeprefix("#")
            element.remove(mark)
            self.extension.slots.occupy(element, token("footnote_ref", label=label), Span(0, 0))


def _headings(root: ET.Element) -> list[ET.Element]:
    return [each for each in root.iter() if _HEADING.fullmatch(str(each.tag))]


def _plain(heading: ET.Element, md: Markdown) -> str:
    """Return the visible text of a heading, as Python-Markdown's own table of contents has it."""
    return html.unescape(strip_tags(render_inner_html(remove_fnrefs(heading), md)))


def _taken_footnotes(root: ET.Element) -> Iterator[tuple[str, list[ET.Element]]]:
    """Take the list of footnotes out of the tree, and yield the label and the blocks of each."""
    for parent in root.iter():
        for div in list(parent):
            if div.tag == "div" and div.get("class") == "footnote":
                parent.remove(div)
                for item in div.iterfind("ol/li"):
                    for block in list(item):
                        _drop_way_back(block, item)
                    yield item.get("id", ""), list(item)
                return


def _drop_way_back(block: ET.Element, item: ET.Element) -> None:
    """Take the links back to its marks out of a footnote: the article writes its own."""
    links = [each for each in block if each.get("class") == "footnote-backref"]
    for link in links:
        block.remove(link)
    if links:
        block.text = (block.text or "").removesuffix(NBSP_PLACEHOLDER)
        for each in block:
            each.tail = (each.tail or "").removesuffix(NBSP_PLACEHOLDER)
        if not _holds_anything(block):
            item.remove(block)


def _taken_block_id(block: ET.Element) -> str | None:
    """Take the block id from the end of a paragraph."""
    if block.tag not in {"p", *(f"h{level}" for level in range(1, 7))}:
        return None
    last = block[-1] if len(block) else None
    text = (block.text if last is None else last.tail) or ""
    match = _BLOCK_ID.search(text)
    if match is None:
        return None
    rest = text[: match.start()].rstrip()
    if last is None:
        block.text = rest
    else:
        last.tail = rest
    return match["id"]


def _holds_anything(block: ET.Element) -> bool:
    return len(block) > 0 or bool((block.text or "").strip())


def _address(written: str | None) -> str:
    return (written or "").replace(AMP_SUBSTITUTE, "&")


def _words(piece: Token) -> Iterator[Token]:
    """Yield a piece of HTML as its tags and its words, so that the words can be read."""
    if piece.type != "html_inline":
        yield piece
        return
    for part in _HTML_TAG.split(piece.content):
        if part.startswith("<") and part.endswith(">"):
            yield token("html_inline", content=part)
        elif part:
            yield token("text", content=html.unescape(part))
