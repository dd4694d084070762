"""What Python-Markdown learns: ``[[wikilinks]]``, ``![[embeds]]``, formulas and blocks that become drawings.

An extension that leaves a slot for each of them. It holds no rules of its own: what stands between brackets is read by
the dialect of notes, and what is a formula, ``pymdownx.arithmatex`` decides. What the slots become is for others to
say, once the index is known.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString
from pymdownx.superfences import SuperFencesCodeExtension

from seedbed.dialect import Token
from seedbed.dialect.wikilinks import display_text, parse_ref
from seedbed.mkdocs_dialect.places import Places
from seedbed.mkdocs_dialect.slots import BLOCK, RESERVED, Slots, token
from seedbed.text import Span

DIAGRAM = "mermaid"

_WIKILINK = r"!?\[\[([^\[\]\n]+)\]\]"
_ESCAPED = re.compile("\x02(\\d+)\x03")
_FORMULAS = "pymdownx.arithmatex"
_FORMULA_RULE = "arithmatex-inline"
_DELIMITED = re.compile(r"\A\\[(\[](?P<tex>.*)\\[)\]]\Z", re.DOTALL)
# Python-Markdown's own are: normalised text 30, fences 25; escapes 180, links 160; inline markup 20, white space 10,
# the table of contents 5, the last one 0; raw HTML 30.
_BEFORE_ANYTHING = 100
_ABOVE_LINKS = 175
_AFTER_INLINE = 15
_AFTER_ATTRIBUTES = 6.5
_AT_LAST = -1000

# Elements that may hold blocks beside text.
_FLOW = frozenset({"blockquote", "dd", "div", "figure", "li", "section", "td", "th"})


class SlotExtension(Extension):
    """Leaves slots in the HTML of one text after the other."""

    fences: Mapping[str, str] = MappingProxyType({DIAGRAM: "fence"})
    """The types of token that fences become, by language; all other fences are highlighted code."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- Python-Markdown's signature
        """Start with no text."""
        super().__init__(**settings)
        self.md: Markdown | None = None
        self.start("")

    def start(self, text: str) -> None:
        """Begin with ``text``, as it stands in its file, so that places are right."""
        self.slots = Slots()
        self.places = Places(text)
        self._is_tree_done = False

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- Python-Markdown's name
        """Register the processors; formulas are read whether or not the configuration says so."""
        if _FORMULA_RULE not in md.inlinePatterns:
            md.registerExtensions([_FORMULAS], {_FORMULAS: {"generic": True}})
        self.md = md
        md.block_level_elements.append(BLOCK)
        md.preprocessors.register(_Marks(md), "seedbed_marks", _BEFORE_ANYTHING)
        links = _Wikilinks(_WIKILINK, md, self)
        md.inlinePatterns.register(links, "seedbed_wikilinks", _ABOVE_LINKS)
        md.treeprocessors.register(_Formulas(md, self), "seedbed_formulas", _AFTER_INLINE)
        md.treeprocessors.register(_Slots(md, self), "seedbed_slots", _AFTER_ATTRIBUTES)
        md.treeprocessors.register(_TreeDone(md, self), "seedbed_tree_done", _AT_LAST)
        md.postprocessors.register(_Finish(self), "seedbed_finish", _AT_LAST)
        for extension in md.registeredExtensions:
            if isinstance(extension, SuperFencesCodeExtension):
                for language in self.fences:
                    extension.extend_super_fences(language, self._fence, _accept, None)

    def finish(self, html: str) -> str:
        """Return the finished HTML of the text; slots stay in it unless somebody fills them."""
        return html

    def tree_is_done(self) -> None:
        """Take note that what follows is the text itself, no heading for the table of contents."""
        self._is_tree_done = True

    def finish_once(self, html: str) -> str:
        """Return ``html`` finished, if it is the whole text."""
        if not self._is_tree_done:
            return html
        self._is_tree_done = False
        return self.finish(html)

    def wikilink(self, inner: str, *, embed: bool) -> ET.Element | None:
        """Return the slot of a link or embed; None if it names nothing, so that it stays text."""
        ref = parse_ref(inner, Span(0, 0), embed=embed)
        if ref is None:
            return None
        if embed:
            return self.slots.element(token("embed", ref=ref), self.places.wikilink(inner))
        opening = Token("ref_open", "a", 1, meta={"ref": ref})
        closing = Token("ref_close", "a", -1)
        link = self.slots.element(opening, self.places.wikilink(inner), closing=closing)
        link.text = ref.label or AtomicString(display_text(ref))
        return link

    def formula(self, element: ET.Element, tex: str, *, display: bool) -> None:
        """Make ``element`` the slot of a formula; its text stays for the table of contents."""
        span = self.places.formula(tex)
        kind = token("math_block", content=tex, offset=span.start)
        if not display:
            kind = token("math_inline", content=tex, display=False)
            span = Span(span.start - 1, span.end + 1)
        element.tag = BLOCK if display else "span"
        element.text = AtomicString(tex)
        self.slots.occupy(element, kind, span)

    def _fence(self, src: str, language: str, options: dict[str, str], **_: object) -> str:
        """Return the slot of a fenced block, as ``pymdownx.superfences`` wants it."""
        span = self.places.fence(language)
        content = f"{src}\n" if src else ""
        fence = token(self.fences[language], content=content, info=language, **options)
        fence.map = [self.places.line(span.start), self.places.line(span.start) + 1]
        return ET.tostring(self.slots.element(fence, span, block=True), "unicode", method="html")


def _accept(_language: str, inputs: Any, options: Any, *_: object) -> bool:  # noqa: ANN401 -- as pymdownx calls it
    """Accept whatever else the first line of a fence says."""
    options.update(inputs)
    return True


class _Marks(Preprocessor):
    """Takes from the text the characters that have a meaning here."""

    def run(self, lines: list[str]) -> list[str]:
        return [line.translate(RESERVED) for line in lines]


class _Wikilinks(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, extension: SlotExtension) -> None:
        super().__init__(pattern, md)
        self._extension = extension

    def handleMatch(  # type: ignore[override]  # noqa: N802 -- Python-Markdown's name
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 -- Python-Markdown's signature
    ) -> tuple[ET.Element | None, int | None, int | None]:
        inline: Any = self.md.treeprocessors["inline"]
        stashed: dict[str, object] = inline.stashed_nodes

        def unescaped(escape: re.Match[str]) -> str:
            known = stashed.get(escape[1])
            return _ESCAPED.sub(_character, known) if isinstance(known, str) else escape[0]

        inner = INLINE_PLACEHOLDER_RE.sub(unescaped, m[1])
        shown = self._extension.wikilink(inner, embed=m[0].startswith("!"))
        return (None, None, None) if shown is None else (shown, m.start(0), m.end(0))


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1]))


class _Formulas(Treeprocessor):
    """Makes slots of what ``pymdownx.arithmatex`` marked."""

    def __init__(self, md: Markdown, extension: SlotExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if "arithmatex" in element.get("class", "").split():
                match = _DELIMITED.match((element.text or "").strip())
                if match is not None:
                    display = element.tag == "div"
                    element.attrib.clear()
                    self._extension.formula(element, match["tex"], display=display)


class _Slots(Treeprocessor):
    """Notes where slots stand, and what attributes authors gave them."""

    def __init__(self, md: Markdown, extension: SlotExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: ET.Element) -> None:
        slots = self._extension.slots
        for parent in root.iter():
            for child in parent:
                slots.keep_attributes(child)
                slot = slots.of(child)
                if slot is not None:
                    slot.opening.meta["place"] = place_in(parent)
                    for link in child.iter("a"):  # links never nest (OF-075)
                        link.tag = "span"
                        link.attrib.clear()


class _TreeDone(Treeprocessor):
    def __init__(self, md: Markdown, extension: SlotExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: ET.Element) -> None:  # noqa: ARG002 -- Python-Markdown's signature
        self._extension.tree_is_done()


class _Finish(Postprocessor):
    def __init__(self, extension: SlotExtension) -> None:
        super().__init__()
        self._extension = extension

    def run(self, text: str) -> str:
        return self._extension.finish_once(text)


def place_in(parent: ET.Element) -> str:
    """Return what kind of element a slot stands in: a paragraph, one that holds blocks, or one for text alone."""
    if parent.tag == "p":
        return "phrase" if "admonition-title" in parent.get("class", "") else "paragraph"
    return "flow" if parent.tag in _FLOW else "phrase"
