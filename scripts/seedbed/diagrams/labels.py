"""A label as merman draws it, twice, to lines of plain SVG text.

merman writes each label as HTML in a ``foreignObject`` and again as broken lines of SVG text, which it keeps apart
under ``defs``. The lines stay, since no font of a reader's can clip them; the HTML says which words in them are bold
or italic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree as ET

Element = ET.Element

_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"em", "i"})
_LEFT = frozenset(
    {
        *("members-group", "methods-group", "items"),
        *("attribute-comment", "attribute-keys", "attribute-name", "attribute-type"),
    }
)
"""Parts of boxes whose lines begin at the left; all others are centred."""
_ROW = re.compile(r"(?:Doc Ref|ID|Risk|Text|Type|Verification): ")


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False


def expand(root: Element) -> None:
    """Put every label's lines of text where the label stands, in place of both its forms."""
    kept_apart = {
        element.get("id", ""): element
        for element in root.iter("g")
        if "-foreignobject-label-" in element.get("id", "")
    }
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("data-merman-foreignobject") == "fallback":
                _replace(parent, child, kept_apart)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "foreignObject" or child.get("id", "") in kept_apart:
                parent.remove(child)


def _replace(parent: Element, label: Element, kept_apart: dict[str, Element]) -> None:
    if parent.tag == "switch":  # which holds text of its own
        parent.remove(label)
        return
    use = label.find("use")
    lines = kept_apart.get(use.get("href", "").removeprefix("#")) if use is not None else None
    place = list(parent).index(label)
    formatted = parent[place - 1] if place and parent[place - 1].tag == "foreignObject" else None
    looks = [] if formatted is None else list(_looks(formatted, _Look()))
    children = [] if lines is None else [each for each in lines.iter() if each is not lines]
    classes = frozenset(label.get("data-merman-source-classes", "").split())
    shown = [
        each
        for each in children
        if each.tag == "text" or (each.tag == "rect" and _is_backing(each, classes))
    ]
    looks.reverse()
    is_left = _is_left(classes, shown)
    for text in shown:
        if text.tag == "text":
            _format(text, looks)
            if is_left:
                text.attrib |= {"x": "0", "style": text.get("style", "") + ";text-anchor:start"}
    group = ET.Element("g", {"class": "label-lines"})
    group.extend(shown)
    parent[place] = group


def _is_left(classes: frozenset[str], shown: list[Element]) -> bool:
    if "requirementDiagram" in classes:  # whose rows are known by their words alone
        first = next((text.text or "" for text in shown if text.tag == "text"), "")
        return _ROW.match(first) is not None
    return not _LEFT.isdisjoint(classes)


def _is_backing(box: Element, classes: frozenset[str]) -> bool:
    """Whether ``box`` sets a label off from lines behind it: not the empty box that is behind every label."""
    return box.get("fill") != "none" and "node" not in classes


def _looks(element: Element, look: _Look) -> Iterator[tuple[str, _Look]]:
    """Yield each character of a formatted label with its look, blanks left out."""
    inner = _Look(look.bold or element.tag in _BOLD, look.italic or element.tag in _ITALIC)
    yield from ((character, inner) for character in element.text or "" if not character.isspace())
    for child in element:
        yield from _looks(child, inner)
        yield from ((character, inner) for character in child.tail or "" if not character.isspace())


def _format(text: Element, looks: list[tuple[str, _Look]]) -> None:
    """Give the words of one line their looks, which ``looks`` holds for the rest of the label, last first."""
    line = text.text or ""
    found: list[tuple[str, _Look]] = []
    look = _Look()
    for character in line:
        if not character.isspace() and looks:
            expected, look = looks.pop()
            if expected != character:  # an icon or an entity: the rest cannot be told
                looks.clear()
                return
        found.append((character, look))
    if all(look == _Look() for _, look in found):
        return
    text.text = None
    for look, run in groupby(found, lambda one: one[1]):
        span = ET.SubElement(text, "tspan")
        span.text = "".join(character for character, _ in run)
        if look.bold:
            span.set("font-weight", "bold")
        if look.italic:
            span.set("font-style", "italic")
