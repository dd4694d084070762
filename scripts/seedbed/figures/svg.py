"""matplotlib's SVG file -> markup that can stand inside a page, in the page's own colours.

Separate from `draw` because it knows XML and nothing of matplotlib: dropped are what would leak
into the page (its `*{}` style, ids), and what is not needed; numbers are rounded; stand-in
colours become `currentColor` and CSS variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree as ET

from seedbed.figures import style

Element = ET.Element

ID_PLACE = "@id@"
"""Stands for the figure's id in a body, which is drawn before anybody knows the id."""

_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_ROUNDED = ("d", "x", "y", "width", "height", "style")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing without its frame: what stands between `<svg>` and `</svg>`."""

    width: float
    height: float
    """The size of the view box, in points."""
    body: str

    def inline(self, figure_id: str, title: str, description: str) -> str:
        """Return the `<svg>` element for a page; `title` and `description` are plain text."""
        return f"<svg {self._head(figure_id)}>{self._rest(figure_id, title, description)}"

    def standalone(self, figure_id: str, title: str, description: str) -> bytes:
        """Return the SVG file, which follows the light or dark setting of whoever opens it."""
        # 4/3 pixels a point, so that the file opens in the size that it has in a page.
        size = f'width="{self.width * 4 / 3:g}" height="{self.height * 4 / 3:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {self._head(figure_id)}>'
        sheet = f"<style>{style.standalone_style()}</style>"
        return f"{head}{sheet}{self._rest(figure_id, title, description)}\n".encode()

    def _head(self, figure_id: str) -> str:
        return (
            f'viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'aria-labelledby="{figure_id}_t {figure_id}_d" '
            'stroke-linejoin="round" stroke-linecap="butt"'
        )

    def _rest(self, figure_id: str, title: str, description: str) -> str:
        # Slugs have no underscore: these ids cannot be another figure's or a heading's.
        return (
            f'<title id="{figure_id}_t">{escape(title)}</title>'
            f'<desc id="{figure_id}_d">{escape(description)}</desc>'
            f"{self.body.replace(ID_PLACE, figure_id)}</svg>"
        )


def tidy(source: bytes) -> Drawing:
    """Turn an SVG file drawn in stand-in colours into a Drawing.

    Raises ValueError if a colour is left that follows no theme.
    """
    root = ET.fromstring(source)  # noqa: S314 -- matplotlib wrote it, just now
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF))
    _remove(root, lambda child: child.tag in ("metadata", "style"))
    _rename_ids(root)
    colours = style.paint()
    for element in root.iter():
        element.text = element.tail = None
        _compact(element, colours)
    _unwrap(root)
    body = "".join(ET.tostring(child, encoding="unicode") for child in root)
    body = body.replace(" />", "/>")
    if left := set(_COLOUR.findall(re.sub(r"var\([^)]*\)", "", body))):
        raise ValueError(f"colours that follow no theme: {', '.join(sorted(left))}")
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    return Drawing(width, height, body)


def _remove(root: Element, unwanted: Callable[[Element], bool]) -> None:
    for parent in list(root.iter()):
        for child in [child for child in parent if unwanted(child)]:
            parent.remove(child)


def _references(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if match := _REFERENCE.search(value):
            yield name, match.group(1) or match.group(2)


def _rename_ids(root: Element) -> None:
    """Keep the ids that something refers to, numbered in order under the figure's own id."""
    used = dict.fromkeys(target for element in root.iter() for _, target in _references(element))
    names = {target: f"{ID_PLACE}_{number}" for number, target in enumerate(used)}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        for name, target in list(_references(element)):
            element.set(name, element.attrib[name].replace(f"#{target}", f"#{names[target]}"))
        if own in names:
            element.set("id", names[own])


def _compact(element: Element, colours: dict[str, str]) -> None:
    for name in _ROUNDED:
        if name in element.attrib:
            element.set(name, _NUMBER.sub(_rounded, element.attrib[name]))
    if path := element.get("d"):
        tight = re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(path.split()))
        element.set("d", re.sub(r"-0(?![.\d])", "0", tight))
    if shift := element.get("transform"):
        element.set("transform", re.sub(r"translate\([^)]*\)", _rounded_shift, shift))
    if declarations := element.get("style"):
        painted = _COLOUR.sub(lambda hit: colours.get(hit.group(), hit.group()), declarations)
        element.set("style", re.sub(r"\s*([:;])\s*", r"\1", painted))


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _rounded_shift(found: re.Match[str]) -> str:
    return _NUMBER.sub(_rounded, found.group())


def _unwrap(parent: Element) -> None:
    """Replace groups that say nothing by what they hold."""
    children: list[Element] = []
    for child in parent:
        _unwrap(child)
        children.extend(child if child.tag in ("g", "defs") and _says_nothing(child) else [child])
    parent[:] = children


def _says_nothing(element: Element) -> bool:
    return (element.tag == "g" and not element.attrib) or len(element) == 0
