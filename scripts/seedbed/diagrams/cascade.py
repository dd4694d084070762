"""A drawing's style sheet to the declarations that hold for each of its elements.

merman writes a style sheet of some kilobytes into every drawing, most of it for elements the drawing lacks, and
what authors declare goes into it too. Here the few selectors it uses are matched once, at build time, so that no
sheet has to stand in the page. What is not understood styles nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

Element = ET.Element

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_STEP = re.compile(r"(?P<child>\s*>\s*)|(?P<below>\s+)|(?P<compound>(?:[^\s>\[\]]|\[[^\]]*\])+)")
_COMPOUND = re.compile(
    r"""(?P<tag>[A-Za-z][\w-]*|\*)|\.(?P<class>[\w-]+)|\#(?P<id>[\w-]+)"""
    r"""|\[(?P<name>[\w-]+)(?:=["']?(?P<value>[^"'\]]*)["']?)?\]"""
)
_MOST_RULES = 2_000
_OWN = (1_000,)
"""The weight of an element's own style, above that of any selector."""


@dataclass(frozen=True, slots=True)
class _Compound:
    """What one element must be: tag, classes, attributes. An id counts as an attribute."""

    tag: str | None
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...]

    def fits(self, element: Element, classes: frozenset[str]) -> bool:
        return (
            (self.tag is None or self.tag == element.tag)
            and self.classes <= classes
            and all(
                name in element.attrib and (value is None or element.attrib[name] == value)
                for name, value in self.attributes
            )
        )


@dataclass(frozen=True, slots=True)
class _Selector:
    """Compounds from the innermost outwards; each says whether the next one out must be its parent."""

    steps: tuple[tuple[_Compound, bool], ...]
    weight: tuple[int, int, int, int]
    """Ids, classes with attributes, and tags in it, then its place in the sheet."""
    declarations: tuple[tuple[str, str, bool], ...]
    """Property, value, and whether it is marked as important."""


@dataclass(slots=True)
class Cascade:
    """The style sheets of one drawing, ready to be asked for one element after the other."""

    _by_class: dict[str, list[_Selector]] = field(default_factory=lambda: defaultdict(list))
    _by_tag: dict[str, list[_Selector]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, root: Element) -> Cascade:
        """Read every style sheet in ``root``, whose tags have no namespace."""
        cascade = cls()
        root_id = root.get("id", "")
        sheets = "".join(sheet.text or "" for sheet in root.iter("style"))
        for number, rule in enumerate(_RULE.finditer(sheets)):
            if number == _MOST_RULES:
                break
            declared = tuple(declarations(rule[2]))
            for written in rule[1].split(","):
                selector = _read(written.strip(), root_id, number, declared)
                if selector is not None:
                    cascade._enter(selector)
        return cascade

    def _enter(self, selector: _Selector) -> None:
        innermost = selector.steps[0][0]
        if innermost.classes:
            self._by_class[min(innermost.classes)].append(selector)
        else:
            self._by_tag[innermost.tag or "*"].append(selector)

    def style(self, path: list[tuple[Element, frozenset[str]]]) -> dict[str, str]:
        """Return the declarations for the last element of ``path``, which begins at the root.

        An attribute of SVG that is also a property is the weakest, the element's own ``style`` the strongest.
        """
        element, classes = path[-1]
        fitting: list[tuple[bool, tuple[int, ...], str, str]] = []
        candidates = [self._by_tag.get(element.tag, ()), self._by_tag.get("*", ())]
        candidates += [self._by_class[name] for name in sorted(classes) if name in self._by_class]
        for selectors in candidates:
            for selector in selectors:
                if _fits(selector.steps, path):
                    fitting += ((i, selector.weight, p, v) for p, v, i in selector.declarations)
        own = declarations(element.get("style", ""))
        fitting += ((important, _OWN, name, value) for name, value, important in own)
        fitting.sort(key=lambda one: one[:2])
        found = dict(element.attrib)
        found.update((name, value) for _, _, name, value in fitting)
        return found


def declarations(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield property, value and importance of each declaration in ``text``."""
    for written in text.split(";"):
        name, colon, value = written.partition(":")
        if colon:
            plain = value.replace("!important", "")
            yield name.strip().lower(), plain.strip(), plain != value


def _read(
    written: str, root_id: str, number: int, declared: tuple[tuple[str, str, bool], ...]
) -> _Selector | None:
    """Read a selector that begins at the drawing's own id; None for any other."""
    if not written.startswith(f"#{root_id}"):
        return None
    steps: list[tuple[_Compound, bool]] = []
    is_child, position = False, 0
    while position < len(written):
        step = _STEP.match(written, position)
        if step is None:
            return None
        position = step.end()
        if step["compound"]:
            compound = _read_compound(step["compound"])
            if compound is None:
                return None
            steps.append((compound, is_child))
        is_child = bool(step["child"])
    every = [compound for compound, _ in steps]
    weight = (
        sum(name == "id" for compound in every for name, _ in compound.attributes),
        sum(len(c.classes) + sum(n != "id" for n, _ in c.attributes) for c in every),
        sum(compound.tag is not None for compound in every),
        number,
    )
    return _Selector(tuple(reversed(steps)), weight, declared)


def _read_compound(written: str) -> _Compound | None:
    tag, classes, attributes, position = None, set(), [], 0
    while position < len(written):
        part = _COMPOUND.match(written, position)
        if part is None:
            return None
        position = part.end()
        if part["tag"]:
            tag = None if part["tag"] == "*" else part["tag"]
        elif part["class"]:
            classes.add(part["class"])
        elif part["id"]:
            attributes.append(("id", part["id"]))
        else:
            attributes.append((part["name"], part["value"]))
    return _Compound(tag, frozenset(classes), tuple(attributes))


def _fits(
    steps: tuple[tuple[_Compound, bool], ...], path: list[tuple[Element, frozenset[str]]]
) -> bool:
    """Whether the innermost step fits the end of ``path`` and the others something above, nearest first."""
    position = len(path) - 1
    if not steps[0][0].fits(*path[position]):
        return False
    must_be_parent = steps[0][1]
    for compound, is_child in steps[1:]:
        position -= 1
        while position >= 0 and not compound.fits(*path[position]):
            if must_be_parent:
                return False
            position -= 1
        if position < 0:
            return False
        must_be_parent = is_child
    return True
