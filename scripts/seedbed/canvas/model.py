"""What a canvas is, once read: boxes with a place and a size, and the lines between them.

Everything here has been checked: numbers are numbers that a page can hold, colours are colours, and every line has
both its ends. What a box refers to is still as written. Separate from reading and writing, which share only this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NewType

from seedbed.diagnostics import Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.note import Note
from seedbed.text import Lines, NotePath, Span

if TYPE_CHECKING:
    from seedbed.canvas.values import Text

Color = NewType("Color", str)
"""A preset, ``1`` to ``6``, or a colour in hexadecimal such as ``#ff0000``."""
Side = Literal["top", "right", "bottom", "left"]
End = Literal["none", "arrow"]
BackgroundStyle = Literal["cover", "ratio", "repeat"]


@dataclass(frozen=True, slots=True)
class Node:
    """A box on the board."""

    order: int
    """Its place among the nodes of the file, counted from one: later ones lie above earlier ones."""
    id: str
    """As written; empty if the author gave none."""
    x: int
    y: int
    width: int
    height: int
    color: Color | None


@dataclass(frozen=True, slots=True)
class TextNode(Node):
    """A card with Markdown of its own."""

    text: Text
    note: Note
    """The parse of its text; spans, lines and columns are of that text, not of the file."""
    line: int
    """Line of the file in which its text begins."""
    column: int

    def place(self, span: Span) -> Span:
        """Return where in the file stands what has ``span`` in the note."""
        return Span(self.text.offset(span.start), self.text.offset(span.end))

    def placed(self, source: str, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what was ``found`` in the note by line and column of the file, whose text is ``source``.

        What was found in other notes, which this one embeds, stays as it is.
        """
        in_note = Lines(self.note.source)
        in_file = Lines(source[self.text.span.start : self.text.span.end])
        moved = []
        for each in found:
            if each.path != self.note.path:
                moved.append(each)
                continue
            offset = self.text.offset(in_note.start(each.line - 1) + each.column - 1)
            line, column = in_file.position(offset - self.text.span.start)
            column += self.column - 1 if line == 1 else 0
            moved.append(replace(each, line=self.line + line - 1, column=column))
        return tuple(moved)


@dataclass(frozen=True, slots=True)
class FileNode(Node):
    """A card that shows a note, a part of one, or another file."""

    file: str
    """Path in the vault."""
    ref: Ref
    """The same as an embed, with the node's subpath as its fragment."""


@dataclass(frozen=True, slots=True)
class LinkNode(Node):
    """A card for a page elsewhere."""

    url: str | None
    """None if a link to what is written there could do harm or would lead nowhere."""
    title: str
    """What it shows: the host, or else what is written."""
    detail: str
    """The path on that host."""


@dataclass(frozen=True, slots=True)
class GroupNode(Node):
    """A frame around other nodes."""

    label: str
    background: Ref | None
    """The image behind it, as an embed."""
    background_style: BackgroundStyle


@dataclass(frozen=True, slots=True)
class UnknownNode(Node):
    """A node of a type that JSON Canvas 1.0 does not have."""

    type: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from one node to another."""

    start: Node
    end: Node
    start_side: Side | None
    """None where the author left it open: the side nearest to the other node."""
    end_side: Side | None
    start_tip: End
    end_tip: End
    color: Color | None
    label: str


@dataclass(frozen=True, slots=True)
class Canvas:
    """One ``.canvas`` file, read."""

    path: NotePath
    source: str = field(repr=False)
    nodes: tuple[Node, ...]
    """In the order of the file."""
    edges: tuple[Edge, ...]
    refs: tuple[Ref, ...]
    """Every link and file, in the order of the file; spans are of its source."""
    published: bool
    """Whether the canvas may appear in any output."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def texts(self) -> tuple[Note, ...]:
        """The parse of each text node."""
        return tuple(node.note for node in self.nodes if isinstance(node, TextNode))

    def placed(self, node: TextNode, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what was ``found`` in a text node's note by line and column of the file."""
        return node.placed(self.source, found)
