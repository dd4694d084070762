"""Canvases inside articles: on pages of their own, and embedded.

``seedbed.canvas`` draws the board; what its cards hold are texts with the scope of the canvas, and embeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from seedbed.article import footnotes, links, media
from seedbed.article.marks import missing
from seedbed.article.scope import Scope, Step, WriteRange
from seedbed.canvas import Canvas, write_canvas
from seedbed.canvas.model import FileNode, Node, TextNode
from seedbed.dialect.wikilinks import Ref
from seedbed.meanings import Found, Missing
from seedbed.note import no_text
from seedbed.text import NotePath

_NOT_PUBLISHED = "Not published"

Embed = Callable[[Scope, Ref], str]
"""How a note, canvas or base is shown inside another."""


@dataclass(slots=True)
class _SiteWriter:
    """Writes the cards of one canvas."""

    canvas: Canvas
    scope: Scope
    write_range: WriteRange
    embed: Embed

    def text(self, node: TextNode) -> str:
        """Return the Markdown of a text card, what is wrong with it reported at its place in the file."""
        page = self.scope.page
        known = len(page.diagnostics)
        inner = Scope(page, node.note, self.scope.trail, page.embed_prefix())
        shown = self.write_range(inner, 0, len(node.note.tokens)) + inner.balance.close_all()
        shown += footnotes.write(inner, self.write_range)
        page.diagnostics[known:] = self.canvas.placed(node, page.diagnostics[known:])
        return shown

    def file(self, node: FileNode) -> str:
        """Return what the file of a card shows: a note or a part of it, an image, a player."""
        if node.file == _NOT_PUBLISHED:
            return ""
        found = links.resolve(self.scope, node.ref)
        if isinstance(found, Found) and found.kind != "file" and not found.lost_fragment:
            return self.embed(self.scope, node.ref)
        return links.embedded_file(self.scope, node.ref)

    def file_title(self, node: FileNode) -> str:
        """Return the link above a card that shows a file."""
        if node.file == _NOT_PUBLISHED:
            return missing(_NOT_PUBLISHED)
        ref = node.ref
        found = links.resolve(self.scope, ref)
        name = ref.target.rpartition("/")[2]
        title = name
        if isinstance(found, Found) and found.kind != "file" and self.scope.page.index:
            title = self.scope.page.index.title(NotePath(found.path))
        return links.reference(self.scope, Ref(ref.target, ref.fragment, title, False, ref.span))

    def background(self, ref: Ref) -> str | None:
        """Return the address of a group's image."""
        found = links.resolve(self.scope, ref)
        if isinstance(found, Found) and media.extension(found.path) in media.IMAGES:
            return self.scope.page.address(found.uri)
        return None


def _without_private(canvas: Canvas, scope: Scope) -> Canvas:
    """Return ``canvas`` with cards that say nothing of the unpublished notes they show, not even where these are."""

    def public(node: Node) -> Node:
        found = links.resolve(scope, node.ref) if isinstance(node, FileNode) else None
        if not isinstance(node, FileNode) or not (isinstance(found, Missing) and found.private):
            return node
        ref = Ref(_NOT_PUBLISHED, None, None, embed=True, span=node.ref.span)
        return replace(node, file=_NOT_PUBLISHED, ref=ref)

    edges = (replace(edge, start=public(edge.start), end=public(edge.end)) for edge in canvas.edges)
    return replace(canvas, nodes=tuple(map(public, canvas.nodes)), edges=tuple(edges))


def write_page(scope: Scope, canvas: Canvas, write_range: WriteRange, embed: Embed) -> str:
    """Return ``canvas`` for the page that is its own."""
    shown = _without_private(canvas, scope)
    return write_canvas(shown, _SiteWriter(shown, scope, write_range, embed), scope.prefix)


def write_embed(scope: Scope, found: Found, write_range: WriteRange, embed: Embed) -> str:
    """Return an embedded canvas."""
    canvas = scope.page.index.document(NotePath(found.path)) if scope.page.index else None
    if not isinstance(canvas, Canvas):
        return ""
    inner = Scope(
        scope.page,
        no_text(canvas.path, canvas.source),
        (*scope.way, Step(canvas.path)),
        scope.page.embed_prefix(),
    )
    return links.boxed(scope, found, "canvas", write_page(inner, canvas, write_range, embed))
