"""Two raw SVG documents of one diagram, light and dark, to one drawing that can stand in any page.

An element or attribute passes if it is named here; style sheets are resolved, ids that nothing refers to, classes
and everything merman notes for itself are left out. Where the two documents differ in a colour, the drawing has a
variable that follows the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

from seedbed.diagrams import labels, paint
from seedbed.diagrams.cascade import Cascade

Element = ET.Element

ID_PLACE = "\x01"
"""Stands for a drawing's id, which the page gives; no XML document can hold this character."""
_BORDER = "\x02"
"""Stands before and after a node that leads to a note."""

_NAMESPACE = re.compile(r"^\{[^}]*\}")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_GEOMETRY = re.compile(r"[-+\w\s.,()%]*")
_SHAPES = frozenset({"circle", "ellipse", "line", "path", "polygon", "polyline", "rect"})
_TAGS = _SHAPES | {
    *("a", "clipPath", "defs", "g", "linearGradient", "marker", "radialGradient", "stop"),
    *("svg", "switch", "symbol", "text", "tspan", "use"),
}
_SPARE = frozenset({"clipPath", "linearGradient", "marker", "radialGradient", "symbol"})
"""Elements that show nothing unless something refers to them."""
_ATTRIBUTES = frozenset(
    {
        *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "d", "points"),
        *("dx", "dy", "viewBox", "refX", "refY", "markerWidth", "markerHeight", "markerUnits"),
        *("orient", "preserveAspectRatio", "offset", "gradientUnits", "clipPathUnits"),
        *("textLength", "lengthAdjust"),
    }
)
_HOLDERS = frozenset({"cluster", "node"})
"""Groups of a shape and the label upon it."""
_NODE_ID = re.compile(r"^(?:d-)?(?:flowchart|state|classId|entity)-(.*?)(?:-\d+)?$", re.DOTALL)
_PAINTED = frozenset({"c4"})
"""Kinds of diagrams that have colours of their own in every theme."""
_LINKED = "internal-link"
_BRIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Node:
    """A node that its author marked as a link to a note."""

    names: tuple[str, ...]
    """What may be the note's name, the likeliest first: its label, or its id in the source."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram, drawn."""

    kind: str
    """merman's word for the kind of diagram: ``flowchart-v2``."""
    title: str
    description: str
    width: float
    height: float
    paper: str | None
    """``light`` or ``dark`` where the author's own theme needs that background."""
    nodes: tuple[Node, ...]
    has_links: bool
    _frame: str
    _colours: str
    _pieces: tuple[str, ...]
    """What stands before, in and after each of the nodes, in turn."""

    def svg(self, identity: str, attributes: str, link: Callable[[Node, str], str]) -> str:
        """Return the ``svg`` element, its ids under ``identity``; ``link`` wraps what a node shows.

        ``attributes`` end with the declarations of a style that is still open.
        """
        parts = [
            link(self.nodes[place // 2], piece) if place % 2 else piece
            for place, piece in enumerate(self._pieces)
        ]
        body = "".join(parts).replace(ID_PLACE, html.escape(identity))
        return f'<svg {self._frame} {attributes}{self._colours}">{body}</svg>'


class _Shape(NamedTuple):
    """An element of one of the two documents, with what holds for it."""

    tag: str
    attributes: dict[str, str]
    looks: dict[str, str]
    text: str
    children: list[_Shape]
    tail: str
    classes: frozenset[str]
    node: Node | None


def convert(light: str, dark: str, is_safe: Callable[[str], bool]) -> Drawing:
    """Make one drawing of two documents; ``is_safe`` judges the addresses of links.

    Raises ValueError if a document is not XML.
    """
    bright, root = _read(light, is_safe)
    dim, _ = _read(dark, is_safe)
    kind = root.get("aria-roledescription", "")
    paper = _paper(kind, bright, dim)
    if paper:
        dim = bright
    ink = (bright.looks.get("fill", "#000"), dim.looks.get("fill", "#000"))
    writer = _Writer(paint.Palette(ink), _references(bright))
    size = bright.looks.get("font-size", "14.4")
    above = paint.INITIAL | {"fill": "currentColor", "font-size": size}
    for one, other in zip(bright.children, _matched(bright, dim), strict=True):
        writer.write(one, other, above, None)
    left, top, width, height = _view_box(root)
    box = " ".join(f"{number:.6g}" for number in (left, top, width, height))
    colours = writer.palette.declarations
    return Drawing(
        kind=kind,
        title=_spoken(root, "title"),
        description=_spoken(root, "desc"),
        width=width,
        height=height,
        paper=paper,
        nodes=tuple(writer.nodes),
        has_links=bool(writer.nodes) or writer.has_links,
        _frame=f'viewBox="{box}" fill="currentColor" font-size="{size}"',
        _colours=f";{colours}" if colours else "",
        _pieces=tuple("".join(writer.out).split(_BORDER)),
    )


def _paper(kind: str, light: _Shape, dark: _Shape) -> str | None:
    """Return which background a diagram needs whose colours stay as they are: by the colour of its text."""
    ink = light.looks.get("fill", "#000")
    if kind not in _PAINTED and (kind == "xychart" or ink != dark.looks.get("fill", "#000")):
        return None
    return "light" if (paint.luminance(ink) or 0) < _BRIGHT else "dark"


def _view_box(root: Element) -> tuple[float, float, float, float]:
    try:
        left, top, width, height = (float(part) for part in root.get("viewBox", "").split())
    except ValueError:
        width = _length(root.get("width", "")) or 400.0
        left, top, height = 0.0, 0.0, _length(root.get("height", "")) or 150.0
    return left, top, width, height


def _length(written: str) -> float:
    return float(written) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", written) else 0.0


def _spoken(root: Element, tag: str) -> str:
    """Return the title or description that the author gave the whole diagram."""
    found = root.find(tag)
    return "" if found is None else " ".join((found.text or "").split())


def _read(document: str, is_safe: Callable[[str], bool]) -> tuple[_Shape, Element]:
    try:
        root = ET.fromstring(document)  # noqa: S314 -- merman wrote it, and it has no document type
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.set(_NAMESPACE.sub("", name), element.attrib.pop(name))
    labels.expand(root)
    reader = _Reader(Cascade.of(root), is_safe)
    shape = reader.read(root)
    if shape is None:
        raise ValueError("the drawing is hidden")
    return shape, root


@dataclass(slots=True)
class _Reader:
    """Reads one document: what passes of it, with the styles resolved."""

    cascade: Cascade
    is_safe: Callable[[str], bool]
    path: list[tuple[Element, frozenset[str]]] = field(default_factory=list)

    def read(self, element: Element) -> _Shape | None:
        """Return ``element`` with all in it; None if no page may show it."""
        if element.tag not in _TAGS:
            return None
        classes = frozenset(element.get("class", "").split())
        self.path.append((element, classes))
        declared = self.cascade.style(self.path)
        children = []
        if declared.get("display") != "none":
            children = [(each, self.read(each)) for each in element]
        self.path.pop()
        if declared.get("display") == "none":
            return None
        is_text = element.tag in ("text", "tspan")
        return _Shape(
            element.tag,
            self._attributes(element, declared),
            paint.looks(declared),
            (element.text or "") if is_text else "",
            [shape for _, shape in children if shape is not None],
            (element.tail or "") if element.tag == "tspan" else "",
            classes,
            _node(element) if _LINKED in classes else None,
        )

    def _attributes(self, element: Element, declared: dict[str, str]) -> dict[str, str]:
        found = {
            name: _NUMBER.sub(_rounded, value)
            for name, value in element.attrib.items()
            if name in _ATTRIBUTES and _GEOMETRY.fullmatch(value)
        }
        moved = paint.transform(element.get("transform", ""))
        if moved:
            found["transform"] = _NUMBER.sub(_rounded, moved)
        # A property of CSS where the attribute is not meant: degrees have a unit there.
        turned = paint.transform(declared.get("transform", ""))
        if turned and turned != moved and "matrix(1 0 0 1 0 0)" not in turned:
            origin = declared.get("transform-origin", "")
            about = f";transform-origin:{origin}" if _GEOMETRY.fullmatch(origin) and origin else ""
            found["style"] = f"transform:{turned}{about}"
        if element.get("id"):
            found["id"] = element.get("id", "")
        address = element.get("href", "").strip()
        if element.tag == "use" and address.startswith("#"):
            found["href"] = address
        if element.tag == "a" and address and self.is_safe(address):
            found["href"] = address
        return found


def _node(element: Element) -> Node:
    """Return what a linked node may be called: its lines as words or run together, then its id."""
    lines = [" ".join("".join(text.itertext()).split()) for text in element.iter("text")]
    written = _NODE_ID.match(element.get("id", ""))
    names = (" ".join(lines), "".join(lines), written[1] if written else "")
    return Node(tuple(dict.fromkeys(name.strip() for name in names if name.strip())))


def _references(shape: _Shape) -> dict[str, str]:
    """Return the ids that something refers to, each with its name in the page."""
    found: dict[str, str] = {}

    def visit(each: _Shape) -> None:
        targets = [paint.reference(value) for value in each.looks.values()]
        if each.tag == "use":
            targets.append(each.attributes.get("href", "")[1:])
        for target in filter(None, targets):
            found.setdefault(str(target), f"{ID_PLACE}_{len(found)}")
        for child in each.children:
            visit(child)

    visit(shape)
    return found


@dataclass(slots=True)
class _Writer:
    """Writes two documents as one, element by element."""

    palette: paint.Palette
    names: dict[str, str]
    out: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    has_links: bool = False
    is_in_link: bool = False

    def write(self, one: _Shape, other: _Shape, above: dict[str, str], ground: str | None) -> None:
        """Write ``one``, which ``other`` is in the dark.

        ``above`` is what it inherits; ``ground`` the author's own colour of the shape under a label.
        """
        wanted = one.attributes.get("id", "")
        if one.tag in _SPARE and wanted not in self.names:
            return
        if one.tag == "rect" and "width" not in one.attributes:
            return
        linked = one.node is not None and not self.is_in_link
        starts_link = one.tag == "a" and "href" in one.attributes and not self.is_in_link
        tag = "g" if one.tag == "switch" or (one.tag == "a" and not starts_link) else one.tag
        looks = self._looks(one, other, ground if one.tag in ("text", "tspan") else None)
        attributes = self._attributes(one, tag)
        shown = {
            name: value
            for name, value in looks.items()
            if above.get(name, paint.DEFAULTS.get(name)) != value
        }
        if linked and one.node is not None:
            self.out.append(_BORDER)
            self.nodes.append(one.node)
        place = len(self.out)
        attributes += "".join(f' {name}="{html.escape(value)}"' for name, value in shown.items())
        self.out.append(f"<{tag}{attributes}>")
        was_in_link, self.is_in_link = self.is_in_link, self.is_in_link or linked or starts_link
        self.has_links |= starts_link
        self._content(one, other, above | _inherited(looks), ground)
        self.is_in_link = was_in_link
        self._close(tag, place, bool(attributes))
        self.out.append(html.escape(one.tail, quote=False))
        if linked:
            self.out.append(_BORDER)

    def _content(
        self, one: _Shape, other: _Shape, above: dict[str, str], ground: str | None
    ) -> None:
        self.out.append(html.escape(one.text, quote=False))
        if one.classes & _HOLDERS:
            ground = _ground(one, other) or ground
        for child, partner in zip(one.children, _matched(one, other), strict=True):
            self.write(child, partner, above, ground)

    def _close(self, tag: str, place: int, has_attributes: bool) -> None:  # noqa: FBT001 -- one caller
        """End the element begun at ``place``; a group that holds nothing, or says nothing, leaves no trace."""
        content = [part for part in self.out[place + 1 :] if part]
        if tag in ("g", "defs", "text") and not content:
            del self.out[place:]
        elif tag in ("g", "defs") and not has_attributes:
            self.out[place:] = content
        elif content:
            self.out.append(f"</{tag}>")
        else:
            self.out[place:] = [self.out[place][:-1] + "/>"]

    def _looks(self, one: _Shape, other: _Shape, ground: str | None) -> dict[str, str]:
        found = {}
        for name, value in one.looks.items():
            target = paint.reference(value)
            if target is not None:
                if target in self.names:
                    found[name] = f"url(#{self.names[target]})"
            elif name in paint.COLOURS:
                dark = other.looks.get(name, value)
                if value == dark and "rect" in one.classes:  # what an author lays under messages
                    dark = paint.faint(value)
                found[name] = self._colour(value, dark, ground)
            else:
                found[name] = value
        return found

    def _colour(self, light: str, dark: str, ground: str | None) -> str:
        if ground is None or light == dark:
            return self.palette.paint(light, dark)
        # What the author painted stays as it is in the dark, so its label has to contrast with that.
        return light if (paint.luminance(ground) or 0) >= _BRIGHT else dark

    def _attributes(self, one: _Shape, tag: str) -> str:
        found = dict(one.attributes)
        if found.get("id") in self.names:
            found["id"] = self.names[found["id"]]
        else:
            found.pop("id", None)
        if tag == "use":
            found["href"] = "#" + self.names.get(found.get("href", "")[1:], "")
        return "".join(f' {name}="{html.escape(value)}"' for name, value in found.items())


def _matched(one: _Shape, other: _Shape) -> list[_Shape]:
    """Return the children of ``other`` that belong to those of ``one``; itself again where they differ."""
    if [child.tag for child in one.children] == [child.tag for child in other.children]:
        return other.children
    return one.children


def _ground(one: _Shape, other: _Shape) -> str | None:
    """Return the colour of the first shape in a group, if its author chose it: then it is the same in the dark."""
    for child, partner in zip(one.children, _matched(one, other), strict=True):
        if child.tag in _SHAPES:
            colour = child.looks.get("fill", "none")
            chosen = colour == partner.looks.get("fill") and paint.luminance(colour) is not None
            return colour if chosen else None
    return None


def _inherited(looks: dict[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in looks.items() if name in paint.INITIAL or name == "font-size"
    }


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found.group()):.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
