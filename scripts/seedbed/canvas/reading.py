"""From the text of a ``.canvas`` file to a ``Canvas``.

JSON Canvas 1.0, checked field by field: what is wrong is reported where it stands, and a default takes its place if
there is one, so that one mistake costs one field and not the board. Never raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar, get_args

from seedbed.canvas.model import (
    BackgroundStyle,
    Canvas,
    Color,
    Edge,
    End,
    FileNode,
    GroupNode,
    LinkNode,
    Node,
    Side,
    TextNode,
    UnknownNode,
)
from seedbed.canvas.values import Text, Value, read_values
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.note import read_passage
from seedbed.properties import is_published
from seedbed.text import Lines, NotePath

_FARTHEST = 1_000_000
"""In pixels; what lies farther away would make everything else invisibly small."""
_CARD = (250, 60)
"""Width and height of a text card that Obsidian makes by a double click."""
_FILE_CARD = (400, 400)
_COLOR = re.compile(r"[1-6]|#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
_ADDRESS = re.compile(
    r"https?://(?:[^/?#@\\\s]*+@)?+(?P<host>[^/?#@\\\s]++)(?P<path>(?:/[^?#\s]*+)?+)(?:[?#]\S*+)?+"
    r"|(?:mailto:|obsidian://|tel:)(?P<rest>\S++)",
    re.IGNORECASE,
)
"""Addresses that run no code, whoever wrote them."""
_LONGEST_QUOTE = 60
_Box = tuple[int, str, int, int, int, int, Color | None]
"""What all nodes have, in the order of their fields."""

_Choice = TypeVar("_Choice", bound=str)


def read_canvas(path: NotePath, source: str) -> Canvas:
    """Read ``source`` as the canvas at ``path``, with what is wrong with it."""
    document = read_values(source)
    report = _Report(path, Lines(source))
    if document.problem is not None:
        report.add(f"the canvas is not JSON: {document.problem}", document.offset)
    board = _Board(path, source, report)
    if document.value is not None:
        board.read(document.value)
    return Canvas(
        path=path,
        source=source,
        nodes=tuple(board.nodes),
        edges=tuple(board.edges),
        refs=tuple(sorted(_refs(board.nodes), key=lambda ref: (ref.span.start, ref.span.end))),
        published=_is_published(document.value),
        diagnostics=tuple(report.found),
    )


def _is_published(document: Value | None) -> bool:
    """Whether the canvas may be shown: Obsidian keeps the properties of one in its metadata."""
    for key in ("metadata", "frontmatter"):
        if document is None or not isinstance(document.content, dict):
            return True
        document = document.content.get(key)
    if document is None or not isinstance(document.content, dict):
        return True
    said = {key: value.content for key, value in document.content.items()}
    return is_published(
        {key: each.content if isinstance(each, Text) else each for key, each in said.items()}
    )


def _refs(nodes: Iterable[Node]) -> Iterator[Ref]:
    for node in nodes:
        if isinstance(node, TextNode):
            yield from (replace(ref, span=node.place(ref.span)) for ref in node.note.refs)
        elif isinstance(node, FileNode):
            yield node.ref
        elif isinstance(node, GroupNode) and node.background is not None:
            yield node.background


@dataclass(slots=True)
class _Report:
    """Collects what is wrong with one canvas."""

    path: NotePath
    lines: Lines
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, message: str, offset: int) -> None:
        place = self.lines.position(offset)
        self.found.append(Diagnostic(self.path, *place, Code.CANVAS_INVALID, message))


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one node or edge."""

    values: dict[str, Value]
    offset: int
    name: str
    """What a message calls it."""
    report: _Report

    def text(self, key: str, *, required: bool = False) -> Text | None:
        """Return a string; None if there is none."""
        value = self.values.get(key)
        if value is not None and isinstance(value.content, Text):
            return value.content
        if value is not None and value.content is not None:
            self.report.add(f'{self.name}: "{key}" must be text', value.offset)
        elif required:
            self.report.add(f'{self.name} has no "{key}"', self.offset)
        return None

    def words(self, key: str, *, required: bool = False) -> str:
        """Return what a string says; nothing if there is none."""
        text = self.text(key, required=required)
        return "" if text is None else text.content

    def pixels(self, key: str, default: int, *, least: int) -> int:
        """Return a whole number of pixels."""
        value = self.values.get(key)
        if value is None:
            self.report.add(f'{self.name} has no "{key}", so {default} is taken', self.offset)
            return default
        number = value.content
        if (
            isinstance(number, float)
            and math.isfinite(number)
            and least <= round(number) <= _FARTHEST
        ):
            return round(number)
        allowed = f"a number from {least} to {_FARTHEST}"
        message = f'{self.name}: "{key}" must be {allowed}, so {default} is taken'
        self.report.add(message, value.offset)
        return default

    def choice(self, key: str, allowed: tuple[_Choice, ...]) -> _Choice | None:
        """Return one of ``allowed``; None if there is none."""
        text = self.text(key)
        if text is None:
            return None
        for each in allowed:
            if text.content == each:
                return each
        wanted = " or ".join(f'"{each}"' for each in allowed)
        self.report.add(f'{self.name}: "{key}" must be {wanted}', text.span.start)
        return None

    def color(self) -> Color | None:
        """Return the colour; it goes into a stylesheet, so nothing else passes."""
        text = self.text("color")
        if text is None or not text.content:
            return None
        if _COLOR.fullmatch(text.content):
            return Color(text.content.lower())
        message = f'{self.name}: "color" must be "1" to "6" or as "#ff0000"'
        self.report.add(message, text.span.start)
        return None


@dataclass(slots=True)
class _Board:
    """What has been read of one canvas."""

    path: NotePath
    source: str
    report: _Report
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def read(self, root: Value) -> None:
        """Read nodes, then the edges between them."""
        if not isinstance(root.content, dict):
            self.report.add("a canvas must be an object in braces", root.offset)
            return
        for value in self._listed(root.content, "nodes"):
            self._node(value)
        for value in self._listed(root.content, "edges"):
            self._edge(value)

    def _listed(self, fields: dict[str, Value], key: str) -> tuple[Value, ...]:
        listed = fields.get(key)
        if listed is None:
            return ()
        if not isinstance(listed.content, tuple):
            self.report.add(f'"{key}" must be a list in brackets', listed.offset)
            return ()
        return listed.content

    def _fields(self, value: Value, kind: str) -> _Fields | None:
        if not isinstance(value.content, dict):
            self.report.add(f"this {kind} must be an object in braces", value.offset)
            return None
        written = value.content.get("id")
        id_ = written.content if written is not None else None
        known = id_.content if isinstance(id_, Text) else ""
        name = f'{kind} "{_shortened(known)}"' if known else f"this {kind}"
        return _Fields(value.content, value.offset, name, self.report)

    def _node(self, value: Value) -> None:
        fields = self._fields(value, "node")
        if fields is None:
            return
        node = self._read_node(fields)
        self.nodes.append(node)
        if node.id in self.by_id:
            offset = fields.values["id"].offset
            self.report.add(
                f"{fields.name} is not the first of this id; edges lead to that", offset
            )
        elif node.id:
            self.by_id[node.id] = node

    def _read_node(self, fields: _Fields) -> Node:
        id_ = fields.words("id", required=True)
        type_ = fields.words("type", required=True)
        width, height = _CARD if type_ == "text" else _FILE_CARD
        box = (
            len(self.nodes) + 1,
            id_,
            fields.pixels("x", 0, least=-_FARTHEST),
            fields.pixels("y", 0, least=-_FARTHEST),
            fields.pixels("width", width, least=1),
            fields.pixels("height", height, least=1),
            fields.color(),
        )
        if type_ == "text" and (text := fields.text("text", required=True)) is not None:
            return self._text_node(box, text)
        if type_ == "file" and (file := fields.text("file", required=True)) is not None:
            return FileNode(*box, file=file.content, ref=self._file(fields, file))
        if type_ == "link" and (url := fields.text("url", required=True)) is not None:
            return self._link_node(box, fields, url)
        if type_ == "group":
            return self._group_node(box, fields)
        if type_ and type_ not in {"text", "file", "link"}:
            message = f'{fields.name}: there is no type "{_shortened(type_)}"'
            self.report.add(message, fields.values["type"].offset)
        return UnknownNode(*box, type=type_)

    def _text_node(self, box: _Box, text: Text) -> TextNode:
        note = read_passage(self.path, text.content)
        line, column = self.report.lines.position(text.span.start)
        node = TextNode(*box, text=text, note=note, line=line, column=column)
        self.report.found.extend(node.placed(self.source, note.diagnostics))
        return node

    def _file(self, fields: _Fields, file: Text) -> Ref:
        subpath = fields.text("subpath")
        fragment = None
        if subpath is not None and subpath.content:
            fragment = subpath.content.strip("# \t") or None
            if not subpath.content.startswith("#"):
                message = f'{fields.name}: "subpath" must begin with "#"'
                self.report.add(message, subpath.span.start)
        return Ref(file.content.strip(), fragment, None, embed=True, span=file.span)

    def _link_node(self, box: _Box, fields: _Fields, url: Text) -> LinkNode:
        written = url.content.strip()
        address = _ADDRESS.fullmatch(written)
        if address is None:
            message = f'{fields.name}: no link can lead to this "url"'
            self.report.add(message, url.span.start)
            return LinkNode(*box, url=None, title=written, detail="")
        title = address["host"] or address["rest"]
        return LinkNode(*box, url=written, title=title, detail=(address["path"] or "").rstrip("/"))

    def _group_node(self, box: _Box, fields: _Fields) -> GroupNode:
        image = fields.text("background")
        style = fields.choice("backgroundStyle", get_args(BackgroundStyle))
        return GroupNode(
            *box,
            label=fields.words("label"),
            background=Ref(image.content.strip(), None, None, embed=True, span=image.span)
            if image is not None and image.content.strip()
            else None,
            background_style=style or "cover",
        )

    def _edge(self, value: Value) -> None:
        fields = self._fields(value, "edge")
        if fields is None:
            return
        fields.words("id", required=True)
        start, end = self._end_of(fields, "fromNode"), self._end_of(fields, "toNode")
        if start is None or end is None:
            return
        edge = Edge(
            start=start,
            end=end,
            start_side=fields.choice("fromSide", get_args(Side)),
            end_side=fields.choice("toSide", get_args(Side)),
            start_tip=fields.choice("fromEnd", get_args(End)) or "none",
            end_tip=fields.choice("toEnd", get_args(End)) or "arrow",
            color=fields.color(),
            label=fields.words("label"),
        )
        self.edges.append(edge)

    def _end_of(self, fields: _Fields, key: str) -> Node | None:
        """Return the node at one end of an edge; an edge that lacks one is left out."""
        text = fields.text(key, required=True)
        if text is None:
            return None
        node = self.by_id.get(text.content)
        if node is None:
            name = _shortened(text.content)
            message = f'{fields.name} is left out: "{key}" names no node: "{name}"'
            self.report.add(message, text.span.start)
        return node


def _shortened(text: str) -> str:
    """Return as much of ``text`` as a message can hold."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
