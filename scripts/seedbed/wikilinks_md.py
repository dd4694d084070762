"""``[[wikilinks]]`` and ``$LaTeX$`` in hand-written pages, as a Python-Markdown extension.

Pages in ``docs/`` keep Python-Markdown and everything authors know from Material; this small extension lets them
link notes and write formulas as notes do. It holds no rules of its own: refs are read by the dialect, resolved by
the index, formulas rendered by ``tex``.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from seedbed import tex
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import display_text, parse_ref
from seedbed.index import Found, Index
from seedbed.text import Lines, PageUri, Span, did_you_mean, relative_uri

_WIKILINK = r"!?\[\[([^\[\]\n]+)\]\]"
_ABOVE_LINKS = 175
"""Before Python-Markdown's own links (160) and after code (190) and escapes (180)."""
_AFTER_INLINE = 15
_DELIMITED = re.compile(r"\A\\[(\[](?P<tex>.*)\\[)\]]\Z", re.DOTALL)


class SeedbedExtension(Extension):
    """Links notes and renders formulas; knows a page only while MkDocs renders it."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- Python-Markdown's signature
        """Start without an index: until one is given, wikilinks lead nowhere."""
        super().__init__(**settings)
        self.index: Index | None = None
        self.uri = PageUri("")
        self.path = ""
        self.markdown = ""
        self.problems: list[Diagnostic] = []
        self.formulas: list[str] = []
        """Every formula shown, as MathML."""
        self.attachments: dict[str, None] = {}
        """Every attachment of the vault that is linked."""

    def use(self, index: Index) -> None:
        """Resolve links with ``index`` from now on."""
        self.index = index

    def start_page(self, uri: PageUri, path: str, markdown: str) -> None:
        """Write links from the page at ``uri``, made from ``markdown``, the text of the file at ``path``."""
        self.uri = uri
        self.path = path
        self.markdown = markdown

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- Python-Markdown's name
        """Register the two processors."""
        md.inlinePatterns.register(
            _Wikilinks(_WIKILINK, md, self), "seedbed_wikilinks", _ABOVE_LINKS
        )
        md.treeprocessors.register(_Formulas(md, self), "seedbed_formulas", _AFTER_INLINE)

    def link(self, inner: str) -> str | None:
        """Return the HTML of a wikilink; None if it names nothing, so that it stays text."""
        ref = parse_ref(inner, Span(0, 0), embed=False)
        if ref is None:
            return None
        text = html.escape(ref.label or display_text(ref))
        found = self.index.resolve(ref, None) if self.index else None
        if isinstance(found, Found):
            if not found.is_note:
                self.attachments[found.path] = None
            if found.lost_fragment:
                self._report(Code.ANCHOR_MISSING, f'"{found.path}" has no "{ref.fragment}"', inner)
            return f'<a href="{html.escape(relative_uri(found.uri, self.uri, found.anchor))}">{text}</a>'
        hint = did_you_mean(found.nearest) if found is not None else ""
        self._report(Code.LINK_MISSING, f'no note answers to "{ref.target}"{hint}', inner)
        return f'<span class="missing-link" title="This link leads nowhere">{text}</span>'

    def formula(self, source: str, *, display: bool) -> str:
        """Return a formula as MathML, or its source in a marked box."""
        rendered = tex.render(source, display=display)
        if isinstance(rendered, tex.TexError):
            self._report(Code.MATH_INVALID, f"invalid LaTeX: {rendered.message}", source)
            hint = html.escape(rendered.message)
            return f'<code class="seedbed-tex-error" title="{hint}">{html.escape(source)}</code>'
        self.formulas.append(rendered.mathml)
        return f'<div class="seedbed-math">{rendered.mathml}</div>' if display else rendered.mathml

    def _report(self, code: Code, message: str, written: str) -> None:
        """Add a diagnostic where ``written`` first stands: Python-Markdown keeps no positions."""
        line, column = Lines(self.markdown).position(max(self.markdown.find(written), 0))
        self.problems.append(Diagnostic(self.path, line, column, code, message))


class _Wikilinks(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, extension: SeedbedExtension) -> None:
        super().__init__(pattern, md)
        self._extension = extension

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        shown = self._extension.link(m[1])
        if shown is None:
            return None, None, None
        return self.md.htmlStash.store(shown), m.start(0), m.end(0)


class _Formulas(Treeprocessor):
    """Renders what ``pymdownx.arithmatex`` marked, so its rules decide what is a formula."""

    def __init__(self, md: Markdown, extension: SeedbedExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: ET.Element) -> None:
        for parent in root.iter():
            for child in parent:
                if "arithmatex" not in child.get("class", "").split():
                    continue
                match = _DELIMITED.match((child.text or "").strip())
                if match is None:
                    continue
                shown = self._extension.formula(match["tex"], display=child.tag == "div")
                child.attrib.clear()
                child.text = self.md.htmlStash.store(shown)


def makeExtension(**settings: Any) -> SeedbedExtension:  # noqa: ANN401, N802 -- Python-Markdown's name
    """Return the extension, for configuration files that name it."""
    return SeedbedExtension(**settings)
