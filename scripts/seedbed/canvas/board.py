"""From a ``Canvas`` to HTML: boxes that are positioned over lines in one system of coordinates.

All lengths are pixels of the board; the stylesheet scales the board as a whole. In the document, groups come first,
then cards from top to bottom and left to right, then a list of the connections for those who do not see the lines;
which box lies above which is told by numbers instead. Needs no script.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from seedbed.canvas.geometry import Line, Point, Room, line_of, room_for
from seedbed.canvas.model import (
    Canvas,
    Color,
    Edge,
    FileNode,
    GroupNode,
    LinkNode,
    Node,
    TextNode,
    UnknownNode,
)
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.note import name_of
from seedbed.tokens import plain_text

_MARGIN = 48
"""In pixels: names of groups and files stand above their boxes."""
_LONGEST_NAME = 60
_ARROWS = {
    ("none", "none"): "–",
    ("none", "arrow"): "→",
    ("arrow", "none"): "←",
    ("arrow", "arrow"): "↔",
}


class Writer(Protocol):
    """Writes as HTML what the cards of a canvas show."""

    def text(self, node: TextNode) -> str:
        """Return the text of a card."""

    def file(self, node: FileNode) -> str:
        """Return what a file shows: a note or a part of it, an image, a player, or that it is missing."""

    def file_title(self, node: FileNode) -> str:
        """Return the name of a file as a link."""

    def background(self, ref: Ref) -> str | None:
        """Return the address of a group's image; None if there is no such image."""


def write_canvas(canvas: Canvas, writer: Writer, prefix: str) -> str:
    """Return ``canvas`` as a box of its size: groups below, lines over them, cards on top."""
    if not canvas.nodes:
        return '<div class="seedbed-canvas"><p class="seedbed-canvas__empty">This canvas is empty.</p></div>\n'
    lines = tuple(line_of(edge) for edge in canvas.edges)
    board = _Board(writer, prefix, room_for(canvas.nodes, lines, _MARGIN))
    ordered = sorted(canvas.nodes, key=lambda node: (node.y, node.x, node.order))
    groups = (board.group(node) for node in ordered if isinstance(node, GroupNode))
    cards = (board.card(node) for node in ordered if not isinstance(node, GroupNode))
    labels = (board.label(*pair) for pair in zip(canvas.edges, lines, strict=True))
    name = html.escape(f"Canvas {name_of(canvas.path)}")
    return (
        f'<div class="seedbed-canvas" style="--width:{board.room.width};--height:{board.room.height}">\n'
        f'<div class="seedbed-canvas__view" role="region" aria-label="{name}" tabindex="0">'
        '<div class="seedbed-canvas__sheet"><div class="seedbed-canvas__board">\n'
        f'<div class="seedbed-canvas__layer">\n{"".join(groups)}</div>\n'
        f"{board.drawing(canvas.edges, lines)}"
        f'<div class="seedbed-canvas__layer">\n{"".join(cards)}</div>\n'
        f'<div class="seedbed-canvas__layer" aria-hidden="true">\n{"".join(labels)}</div>\n'
        f"</div></div></div>\n{_connections(canvas.edges)}</div>\n"
    )


@dataclass(frozen=True, slots=True)
class _Board:
    """What all parts of one board have in common."""

    writer: Writer
    prefix: str
    room: Room

    def group(self, node: GroupNode) -> str:
        """Return a frame, its image and its name."""
        label = html.escape(node.label.strip())
        name = f'<p class="seedbed-canvas__title">{label}</p>' if label else ""
        image = self._background(node)
        return f'<div class="seedbed-canvas__group"{self._box(node)}>{image}{name}</div>\n'

    def card(self, node: Node) -> str:
        """Return a box with what it shows."""
        if isinstance(node, TextNode):
            kind, shown = "text", _scrolling(node, self.writer.text(node))
        elif isinstance(node, FileNode):
            title = f'<p class="seedbed-canvas__title">{self.writer.file_title(node)}</p>\n'
            kind, shown = "file", title + _scrolling(node, self.writer.file(node))
        elif isinstance(node, LinkNode):
            kind, shown = "link", _link(node)
        else:
            name = html.escape(_name(node))
            kind, shown = "unknown", f'<p class="seedbed-canvas__body">{name}</p>'
        return (
            f'<div class="seedbed-canvas__card" data-type="{kind}"{self._box(node)}>{shown}</div>\n'
        )

    def label(self, edge: Edge, line: Line) -> str:
        """Return the words on an edge, about its middle."""
        label = html.escape(edge.label.strip(), quote=False)
        if not label:
            return ""
        place = self._place(line.curve.middle)
        style = f"left:{_number(place.x)}px;top:{_number(place.y)}px"
        return f'<span class="seedbed-canvas__label"{_painted(edge.color, style)}>{label}</span>\n'

    def drawing(self, edges: Iterable[Edge], lines: Iterable[Line]) -> str:
        """Return all lines as one drawing; the list of connections says the same in words."""
        size = f'width="{self.room.width}" height="{self.room.height}"'
        box = f'viewBox="0 0 {self.room.width} {self.room.height}"'
        drawn = "".join(self._line(*pair) for pair in zip(edges, lines, strict=True))
        return (
            f'<svg class="seedbed-canvas__lines" {box} {size} aria-hidden="true">\n{drawn}</svg>\n'
        )

    def _line(self, edge: Edge, line: Line) -> str:
        start, first, second, end = (self._pair(point) for point in line.curve.points)
        path = f'<path d="M{start}C{first} {second} {end}"/>'
        tips = "".join(
            f'<path class="seedbed-canvas__tip" d="M{"L".join(map(self._pair, tip))}Z"/>'
            for tip in line.tips
        )
        return f"<g{_painted(edge.color)}>{path}{tips}</g>\n"

    def _background(self, node: GroupNode) -> str:
        address = self.writer.background(node.background) if node.background else None
        if address is None:
            return ""
        style = f'class="seedbed-canvas__image" data-style="{node.background_style}"'
        if node.background_style != "repeat":
            return f'<img {style} src="{html.escape(address)}" alt="" loading="lazy">'
        quoted = address.replace("\\", "%5C").replace('"', "%22").replace("\n", "%0A")
        image = html.escape(f'background-image:url("{quoted}")')
        return f'<div {style} style="{image}"></div>'

    def _box(self, node: Node) -> str:
        """Return the attributes that give a node its id, place and colour."""
        place = f"left:{node.x - self.room.x}px;top:{node.y - self.room.y}px"
        size = f"width:{node.width}px;height:{node.height}px"
        style = f"{place};{size};z-index:{node.order}"
        return f' id="{html.escape(self.prefix)}card-{node.order}"{_painted(node.color, style)}'

    def _place(self, point: Point) -> Point:
        return Point(point.x - self.room.x, point.y - self.room.y)

    def _pair(self, point: Point) -> str:
        place = self._place(point)
        return f"{_number(place.x)},{_number(place.y)}"


def _scrolling(node: Node, shown: str) -> str:
    """Return what a card shows in an area that the keyboard can scroll."""
    name = html.escape(_name(node))
    return (
        f'<div class="seedbed-canvas__body" role="group" aria-label="{name}" tabindex="0">\n'
        f"{shown}</div>"
    )


def _link(node: LinkNode) -> str:
    """Return a card that leads elsewhere; nothing of the page is loaded, as it would say who reads."""
    shown = f"<strong>{html.escape(node.title, quote=False)}</strong>"
    if node.detail:
        shown += f"<span>{html.escape(node.detail, quote=False)}</span>"
    if node.url is None:
        return f'<p class="seedbed-canvas__body">{shown}</p>'
    return f'<a class="seedbed-canvas__body" href="{html.escape(node.url)}">{shown}</a>'


def _painted(color: Color | None, style: str = "") -> str:
    """Return the attributes for a colour, a preset by its number, and the rest of the style."""
    attributes = ""
    if color is not None:
        attributes = f' data-color="{color if len(color) == 1 else "own"}"'
        own = f"--color:{color}" if len(color) > 1 else ""
        style = ";".join(filter(None, (style, own)))
    return f'{attributes} style="{style}"' if style else attributes


def _connections(edges: tuple[Edge, ...]) -> str:
    """Return the edges in words."""
    if not edges:
        return ""
    items = []
    for edge in edges:
        arrow = _ARROWS[edge.start_tip, edge.end_tip]
        label = " ".join(edge.label.split())
        said = f"{_name(edge.start)} {arrow} {_name(edge.end)}" + (f": {label}" if label else "")
        items.append(f"<li>{html.escape(said, quote=False)}</li>\n")
    return f'<ul class="seedbed-canvas__connections" aria-label="Connections">\n{"".join(items)}</ul>\n'


def _name(node: Node) -> str:
    """Return what to call a node in one line."""
    if isinstance(node, TextNode):
        name = _first_line(node)
    elif isinstance(node, FileNode):
        file = node.ref.target.rpartition("/")[2].removesuffix(".md")
        name = display_text(replace(node.ref, target=file))
    elif isinstance(node, LinkNode):
        name = node.title + node.detail
    elif isinstance(node, GroupNode):
        name = node.label or "Group"
    else:
        name = node.type if isinstance(node, UnknownNode) else ""
    name = " ".join(name.split()) or "Card"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _first_line(node: TextNode) -> str:
    """Return the text of the first block that has any, without markup."""
    for token in node.note.tokens:
        if token.type in {"fence", "code_block", "math_block"} and token.content.strip():
            return token.content
        if token.type == "inline" and (text := plain_text(token.children or []).strip()):
            return text
    return ""


def _number(value: float) -> str:
    """Return a length with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")
