"""Mermaid diagrams inside articles: the drawing with its source, or the source with what is wrong with it.

``seedbed.diagrams`` draws; which page a node leads to, and where in the note a mistake stands, is known here.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from seedbed.article import links
from seedbed.article.code import highlight
from seedbed.article.rawhtml import is_safe_address
from seedbed.article.scope import Scope
from seedbed.diagnostics import Code
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, parse_ref
from seedbed.meanings import Found, Missing
from seedbed.text import Lines, Span, did_you_mean

if TYPE_CHECKING:
    from seedbed.diagrams import Drawing, Node, Problem

DIAGRAM_LANGUAGE = "mermaid"

_KINDS = {
    "block": "block diagram",
    "c4": "C4 diagram",
    "er": "entity relationship diagram",
    "gantt": "Gantt chart",
    "gitGraph": "Git graph",
    "journey": "user journey",
    "kanban": "Kanban board",
    "mindmap": "mind map",
    "pie": "pie chart",
    "sankey": "Sankey diagram",
    "xychart": "XY chart",
    **{kind: f"{kind} diagram" for kind in ("architecture", "packet", "requirement", "sequence")},
}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SMALLEST_SHARE = 0.65
"""A drawing shrinks so far on a narrow screen, then it scrolls."""
_NARROW = 300


def write_fence(scope: Scope, token: Token) -> str:
    """Return the diagram that a ``mermaid`` block describes, or the block in a box that says what is wrong."""
    from seedbed.diagrams import Problem, draw  # noqa: PLC0415 -- for notes with diagrams

    # Links never nest: within a link of the author's the diagram has none.
    drawn = draw(token.content, _is_no_link if scope.is_in_link else is_safe_address)
    source = highlight(token.content, token.info)
    if isinstance(drawn, Problem):
        return _failure(scope, token, drawn, source)
    name = html.escape(_name(drawn))
    smallest = drawn.width * _SMALLEST_SHARE
    # What is wider than a screen scrolls, by keyboard too.
    scrolls = f' tabindex="0" role="group" aria-label="{name}"' if smallest > _NARROW else ""
    # A picture's parts are hidden from those who hear the page, links among them.
    role = "group" if drawn.has_links else "img"
    drawing = drawn.svg(
        scope.id("diagram"),
        f'role="{role}" aria-label="{name}" style="--width:{drawn.width:g}px;--least:{smallest:g}px',
        lambda node, shown: _linked(scope, token, node, shown),
    )
    paper = f" seedbed-diagram--{drawn.paper}" if drawn.paper else ""
    return (
        f'<figure class="seedbed-diagram{paper}"><div class="seedbed-diagram__scroll"{scrolls}>'
        f"{drawing}</div><details><summary>Source</summary>{source}</details></figure>"
    )


def _is_no_link(_: str) -> bool:
    return False


def _name(drawn: Drawing) -> str:
    """Return what the diagram is called: by its author, else by its kind."""
    kind = drawn.kind.removesuffix("-v2").removesuffix("-elk")
    spoken = _KINDS.get(kind, _WORDS.sub(" ", kind).lower())
    title = drawn.title or f"Diagram: {spoken}"
    mark = "" if title.endswith((".", "!", "?")) else "."
    return f"{title}{mark} {drawn.description}" if drawn.description else title


def _failure(scope: Scope, token: Token, problem: Problem, source: str) -> str:
    offset = _offset(scope, token, problem.line, problem.column)
    message = f"this diagram cannot be drawn: {problem.message}"
    scope.report(Code.DIAGRAM_INVALID, message, offset)
    return (
        '<div class="seedbed-diagram-error" role="note"><p><strong>This diagram cannot be drawn</strong></p>'
        f"<p>{html.escape(problem.message)} (line {problem.line})</p>{source}</div>"
    )


def _offset(scope: Scope, token: Token, line: int, column: int) -> int:
    """Return where a place inside the block stands in the note."""
    scope.lines = scope.lines or Lines(scope.note.source)
    start = scope.lines.start((token.map[0] if token.map else 0) + line)
    end = scope.note.source.find("\n", start)
    written = scope.note.source[start : end if end >= 0 else None]
    inner = token.content.split("\n")
    text = inner[line - 1] if line <= len(inner) else ""
    indent = len(written) - len(text) if written.endswith(text) else 0
    return start + indent + min(column - 1, len(text))


def _linked(scope: Scope, token: Token, node: Node, shown: str) -> str:
    """Return what a node shows as a link to the note it names, or marked as leading nowhere."""
    index = scope.page.index
    if index is None or not node.names:
        return shown
    refs = [ref for name in node.names if (ref := _ref(name)) is not None]
    meanings = [(ref, links.resolve(scope, ref)) for ref in refs]
    for _, found in meanings:
        if isinstance(found, Found):
            return f'<a class="internal-link" href="{links.address_of(scope, found)}">{shown}</a>'
    for ref, found in meanings[:1]:
        if isinstance(found, Missing):
            _report_missing(scope, token, node, ref, found)
            stub = index.stub(found)
            if stub is not None:
                address = html.escape(scope.page.address(stub.uri))
                return f'<a class="missing-link" href="{address}">{shown}</a>'
    return f'<g class="missing-link">{shown}</g>'


def _ref(name: str) -> Ref | None:
    return parse_ref(name, Span(0, 0), embed=False)


def _report_missing(scope: Scope, token: Token, node: Node, ref: Ref, found: Missing) -> None:
    """Report a node without its note at the first place where the diagram names it."""
    places = [token.content.find(name) for name in node.names]
    place = next((each for each in places if each >= 0), 0)
    line, column = Lines(token.content).position(place)
    message = f'no note answers to "{ref.target}"{did_you_mean(found.nearest)}'
    scope.report(Code.LINK_MISSING, message, _offset(scope, token, line, column))
