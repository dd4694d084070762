"""Bases inside articles: on pages of their own, embedded, and written as a block in a note.

``seedbed.bases`` computes a view and writes it; how the site links, marks tags and shows images is told to it here.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from seedbed.article import links, media
from seedbed.article.fragments import write_line
from seedbed.article.inlines import tag_mark
from seedbed.article.marks import missing
from seedbed.article.rawhtml import is_safe_address
from seedbed.article.scope import Scope, TocEntry
from seedbed.bases import Base, View, read_base, show
from seedbed.catalogue import files
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text, parse_ref
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.text import NotePath, Span
from seedbed.uris import view_anchor

BASE_LANGUAGE = "base"
_OF_TIME = ("now", "today", "relative", "\\")
"""Functions of formulas whose value depends on when the site is built; YAML can write their names in escapes."""


@dataclass(slots=True)
class _SiteWriter:
    """Writes for the page that ``scope`` stands on."""

    scope: Scope
    index: Index

    def find(self, target: str) -> str | None:
        """Return the vault path of what ``target`` names."""
        found = self._resolved(_ref(target, None))
        return found.path if found else None

    def link(self, target: str, label: str | None) -> str:
        """Return a link to a note, file or address."""
        if target.partition(":")[2].startswith("//"):
            text = html.escape(label or target)
            safe = is_safe_address(target)
            return f'<a href="{html.escape(target)}">{text}</a>' if safe else text
        ref = _ref(target, label)
        return links.reference(self.scope, ref) if ref else html.escape(label or target)

    def inline(self, markdown: str) -> str:
        """Return one line of Markdown."""
        self.scope.balance.enter()
        return write_line(self.scope, markdown) + self.scope.balance.leave()

    def tag(self, name: str) -> str:
        """Return a link to the page of a tag, or the tag as text if no published note has it."""
        return tag_mark(self.scope, name)

    def image(self, value: str, alt: str) -> str | None:
        """Return an image of the vault, or from elsewhere."""
        shape = media.Shape(alt)
        if value.startswith(("https://", "http://")):
            return media.image(value, html.escape(alt), shape)
        found = self._resolved(_ref(value, None))
        if found is None or media.extension(found.path) not in media.IMAGES:
            return None
        self.scope.page.attachments[found.path] = None
        return media.image(self.scope.page.address(found.uri), html.escape(alt), shape)

    def _resolved(self, ref: Ref | None) -> Found | None:
        found = links.resolve(self.scope, ref) if ref else None
        return found if isinstance(found, Found) else None


def write_page(scope: Scope, base: Base) -> str:
    """Return all views of ``base``, one under another, for the page that is its own."""
    parts = []
    for view in base.views:
        anchor = scope.id(view_anchor(view.name))
        name = f' id="{html.escape(anchor)}"'
        if len(base.views) > 1:
            scope.page.toc.append(TocEntry(2, view.name, anchor))
            parts.append(
                f"<h2{name}>{html.escape(view.name)}</h2>\n{_shown(scope, base, view, titled=False)}"
            )
        else:
            parts.append(f"<div{name}>\n{_shown(scope, base, view)}</div>\n")
    return "".join(parts)


def write_embed(scope: Scope, ref: Ref, found: Found) -> str:
    """Return one view of the base that ``ref`` embeds: the one it names, else the first."""
    base = scope.page.index.document(NotePath(found.path)) if scope.page.index else None
    if not isinstance(base, Base) or found.lost_fragment:
        return missing(display_text(ref))
    view = found.part if isinstance(found.part, View) else None
    return links.boxed(scope, found, "base", _shown(scope, base, view))


def write_fence(scope: Scope, token: Token) -> str | None:
    """Return the first view of the base written in a block of a note; None where there is no vault."""
    if scope.page.index is None:
        return None
    line = token.map[0] + 2 if token.map else 1
    base = read_base(scope.note.path, token.content, line)
    scope.page.diagnostics.extend(base.diagnostics)
    return _shown(scope, base, None)


def _shown(scope: Scope, base: Base, view: View | None, *, titled: bool = True) -> str:
    index = scope.page.index
    if index is None:
        return ""
    rows = files(index.everything())
    tells_time = any(word in base.source.lower() for word in _OF_TIME)
    shown = show(
        base,
        view.name if view else None,
        tuple(rows.values()),
        rows.get(scope.trail[0].path),
        _SiteWriter(scope, index),
        index.moment(scope.page.now) if tells_time else scope.page.now,
        titled=titled,
    )
    scope.page.diagnostics.extend(shown.problems)
    return shown.html


def _ref(target: str, label: str | None) -> Ref | None:
    """Return what a wikilink to ``target``, with or without its brackets, means."""
    inner = target.removeprefix("!").removeprefix("[[").removesuffix("]]")
    ref = parse_ref(inner, Span(0, 0), embed=False)
    return (
        Ref(ref.target, ref.fragment, label or ref.label, embed=False, span=ref.span)
        if ref
        else None
    )
