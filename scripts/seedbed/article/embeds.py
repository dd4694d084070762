"""Notes inside notes: whole, by section, by block. Rules OF-120 to OF-138.

An embed is the target's own tokens, written with the target's own scope on the page where it appears, so its
links, formulas and figures are as right there as at home. A circle is known by membership: an embed whose text is
being written, on the page or around the embed, is not followed.
"""

from __future__ import annotations

import html

from seedbed.article import bases, canvases, footnotes, links, wholenotes
from seedbed.article.marks import missing
from seedbed.article.scope import Scope, Step, WriteRange
from seedbed.bases import View
from seedbed.canvas import Canvas
from seedbed.diagnostics import Code
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.headings import Heading
from seedbed.meanings import Found
from seedbed.note import Block, Note
from seedbed.text import NotePath, PageUri
from seedbed.uris import FIGURES

FIGURE_FILES = PageUri(FIGURES)
_DEEPEST = 50
"""Embeds within embeds; each level takes some of the stack."""
_MOST_NESTED = 1000
"""Embeds within embeds can multiply without a circle; a page holds no more of them than this."""
_MOST_EMBEDDED = 2_000_000
"""Characters of all embeds of a page: a long note may be embedded often."""


def is_block(scope: Scope, token: Token) -> bool:
    """Whether ``token`` embeds what cannot stand in a paragraph: a note, a part of one, a canvas, a view."""
    return _is_embed(scope, token) and _embeds_block(scope, token.meta["ref"])


def _is_embed(scope: Scope, token: Token) -> bool:
    """Whether ``token`` is ``![[…]]``, or ``![](…)`` with a destination in the vault (OF-138)."""
    if token.type == "image":
        return isinstance(token.meta.get("ref"), Ref) and scope.page.index is not None
    return token.type == "embed"


def write(scope: Scope, ref: Ref, write_range: WriteRange) -> str:
    """Return the embedded note, section, block, canvas or view; a link in a marked box where that cannot be."""
    page = scope.page
    found = links.resolve(scope, ref)
    if not isinstance(found, Found):
        return missing(display_text(ref))
    limit = _limit(scope)
    if limit:
        scope.report(Code.EMBED_LIMIT, limit, ref.span.start)
        address = links.address_of(scope, found)
        return _notice(address, display_text(ref), "Too many embeds on this page:")
    page.nested += scope.is_embedded
    before = page.embedded
    shown = _shown(scope, ref, found, write_range)
    page.embedded = before + len(shown)
    return shown


def _limit(scope: Scope) -> str | None:
    """Return why nothing more can be embedded here, if so."""
    if len(scope.trail) > _DEEPEST:
        return f"more than {_DEEPEST} embeds, each within the next"
    if scope.page.nested >= _MOST_NESTED:
        return f"more than {_MOST_NESTED:,} embeds within embeds on one page"
    if scope.page.embedded > _MOST_EMBEDDED:
        return f"more than {_MOST_EMBEDDED:,} characters of embeds on one page"
    return None


def _shown(scope: Scope, ref: Ref, found: Found, write_range: WriteRange) -> str:
    path = NotePath(found.path)
    if found.kind == "base":
        return bases.write_embed(scope, ref, found)
    if found.kind == "canvas":
        circle = _circle(scope, path, None)
        if circle:
            return _cut(scope, ref, found, circle)
        return canvases.write_embed(scope, found, write_range, _embedding(write_range))
    note = _note_of(scope, path)
    part = None if isinstance(found.part, View) else found.part
    extent = _extent(note, part)
    circle = _circle(scope, path, extent)
    if circle:
        return _cut(scope, ref, found, circle)
    return links.boxed(scope, found, *_note(scope, note, part, extent, write_range))


def _embedding(write_range: WriteRange) -> canvases.Embed:
    return lambda scope, ref: write(scope, ref, write_range)


def write_canvas_page(scope: Scope, canvas: Canvas, write_range: WriteRange) -> str:
    """Return ``canvas`` for the page that is its own."""
    return canvases.write_page(scope, canvas, write_range, _embedding(write_range))


def _note_of(scope: Scope, path: NotePath) -> Note:
    """Return the note at ``path``, which may be the text being written if that is none of the vault."""
    if scope.is_outside and path == scope.note.path:
        return scope.note
    document = scope.page.index.document(path) if scope.page.index else None
    return document if isinstance(document, Note) else scope.note


def _note(
    scope: Scope,
    note: Note,
    part: Heading | Block | None,
    extent: tuple[int, int],
    write_range: WriteRange,
) -> tuple[str, str]:
    """Return what kind of thing is embedded, and the tokens of ``extent`` as HTML."""
    trail = (*scope.way, Step(note.path))
    is_outside = scope.is_outside and note is scope.note
    inner = Scope(scope.page, note, trail, scope.page.embed_prefix(), is_outside=is_outside)
    body = wholenotes.write(inner, write_range) if part is None else write_range(inner, *extent)
    body += inner.balance.close_all() + footnotes.write(inner, write_range)
    if not isinstance(part, Block):
        return ("section" if part else "note"), body
    opening = note.tokens[part.start]
    return "block", _list_of(opening, body) if opening.type == "list_item_open" else body


def _embeds_block(scope: Scope, ref: Ref) -> bool:
    found = links.resolve(scope, ref)
    return isinstance(found, Found) and found.kind != "file" and not found.lost_fragment


def _extent(note: Note, part: Heading | Block | None) -> tuple[int, int]:
    """Return the tokens of a part: a heading reaches to the next of its level or above, in its container."""
    if part is None:
        return 0, len(note.tokens)
    if isinstance(part, Block):
        return part.start, part.end
    depth = 0
    for index in range(part.token, len(note.tokens)):
        token = note.tokens[index]
        if (
            index > part.token
            and depth == 0
            and token.type == "heading_open"
            and int(token.tag[1]) <= part.level
        ):
            return part.token, index
        depth += token.nesting
        if depth < 0:
            return part.token, index
    return part.token, len(note.tokens)


def _list_of(item: Token, body: str) -> str:
    """Return a list of the one ``item`` whose HTML is ``body``, numbered as where it was written."""
    style = ' class="task-list"' if "task" in item.meta else ""
    if item.markup in {".", ")"}:
        return f'<ol start="{int(item.info)}"{style}>\n{body}</ol>\n'
    return f"<ul{style}>\n{body}</ul>\n"


def _circle(scope: Scope, path: NotePath, extent: tuple[int, int] | None) -> tuple[Step, ...]:
    """Return the steps from where the tokens of ``extent`` are being written; none if that is nowhere."""
    way = scope.way
    for index, step in enumerate(way):
        if step.path == path and (extent is None or extent[0] <= step.at < extent[1]):
            return way[index:]
    return ()


def _cut(scope: Scope, ref: Ref, found: Found, circle: tuple[Step, ...]) -> str:
    """Return the notice that stands where a circle would close."""
    names = " → ".join((*(step.path for step in circle), found.path))
    scope.report(Code.EMBED_CYCLE, names, ref.span.start)
    return _notice(links.address_of(scope, found), display_text(ref), "Circular embed:")


def _notice(address: str, text: str, reason: str) -> str:
    return (
        f'<p class="seedbed-embed-error">{reason} <a href="{address}">{html.escape(text)}</a></p>\n'
    )
