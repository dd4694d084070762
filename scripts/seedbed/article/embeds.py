"""Notes inside notes: whole, by section, by block. Rules OF-120 to OF-138.

An embed is the target's own tokens, written with the target's own scope on the page where it appears, so its
links, formulas and figures are as right there as at home. A circle is known by membership: an embed that already
stands on the trail is not followed again.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from seedbed.article import footnotes, links
from seedbed.article.scope import Scope, Step
from seedbed.diagnostics import Code
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.index import Found
from seedbed.note import Block, Heading, Note
from seedbed.text import NotePath, PageUri
from seedbed.uris import FIGURES

FIGURE_FILES = PageUri(FIGURES)
_MOST_EMBEDS = 400
"""Embeds within embeds can multiply without a circle; a page holds no more than this."""

WriteRange = Callable[[Scope, int, int], str]


def split(scope: Scope, children: list[Token]) -> list[list[Token] | Token]:
    """Divide a paragraph's inline tokens at the notes it embeds, which are blocks and cannot stand in it."""
    runs: list[list[Token]] = [[]]
    pieces: list[list[Token] | Token] = [runs[0]]
    for token in children:
        if token.level == 0 and _is_embed(scope, token) and _embeds_note(scope, token.meta["ref"]):
            while runs[-1] and runs[-1][-1].type in {"softbreak", "hardbreak"}:
                runs[-1].pop()
            runs.append([])
            pieces.extend((token, runs[-1]))
        elif runs[-1] or len(runs) == 1 or token.type not in {"softbreak", "hardbreak"}:
            runs[-1].append(token)
    return pieces


def _is_embed(scope: Scope, token: Token) -> bool:
    """Whether ``token`` is ``![[…]]``, or ``![](…)`` with a destination in the vault (OF-138)."""
    if token.type == "image":
        return isinstance(token.meta.get("ref"), Ref) and scope.page.index is not None
    return token.type == "embed"


def write(scope: Scope, token: Token, write_range: WriteRange) -> str:
    """Return the embedded note, section or block; a link in a marked box where that cannot be."""
    ref: Ref = token.meta["ref"]
    found = links.resolve(scope, ref)
    if not isinstance(found, Found) or scope.page.index is None:
        return links.missing(display_text(ref))
    note = scope.page.index.vault.notes[NotePath(found.path)]
    step = Step(note.path, found.anchor)
    if step in scope.trail:
        return _circle(scope, ref, found, step)
    if scope.page.embeds >= _MOST_EMBEDS:
        scope.report(
            Code.EMBED_LIMIT, f"more than {_MOST_EMBEDS} embeds on one page", ref.span.start
        )
        return _notice(
            links.address_of(scope, found), display_text(ref), "Too many embeds on this page:"
        )
    scope.page.embeds += 1
    inner = Scope(scope.page, note, (*scope.trail, step), prefix=f"e{scope.page.embeds}-")
    start, end = _extent(note, found.part)
    body = (
        write_range(inner, start, end)
        + inner.balance.close_all()
        + footnotes.write(inner, write_range)
    )
    if start < len(note.tokens) and note.tokens[start].type == "list_item_open":
        body = _list_of(note.tokens[start], body)
    address = links.address_of(scope, found)
    label = html.escape(f"Open {note.title}")
    source = f'<a class="seedbed-embed__source" href="{address}" title="{label}" aria-label="{label}"></a>'
    kind = "block" if isinstance(found.part, Block) else "section" if found.part else "note"
    return f'<div class="seedbed-embed" data-embed="{kind}">{source}\n{body}</div>\n'


def end_of(tokens: tuple[Token, ...], start: int) -> int:
    """Return the index after the token that closes the one at ``start``."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _embeds_note(scope: Scope, ref: Ref) -> bool:
    found = links.resolve(scope, ref)
    return isinstance(found, Found) and found.is_note and not found.lost_fragment


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


def _circle(scope: Scope, ref: Ref, found: Found, step: Step) -> str:
    names = [place.path for place in scope.trail[scope.trail.index(step) :]]
    circle = " → ".join((*names, step.path))
    scope.report(Code.EMBED_CYCLE, circle, ref.span.start)
    return _notice(links.address_of(scope, found), display_text(ref), "Circular embed:")


def _notice(address: str, text: str, reason: str) -> str:
    return (
        f'<p class="seedbed-embed-error">{reason} <a href="{address}">{html.escape(text)}</a></p>\n'
    )
