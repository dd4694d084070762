"""Hand-written pages, once Python-Markdown is done with them: their links, embeds, formulas and live examples.

What stands between these is the HTML of the site's owner and stays as it is. A page is no note: it finds notes as one
at the top of the vault does, nothing links back to it, and all that is wrong with it is reported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from seedbed.article import footnotes, markup, wholenotes
from seedbed.article.blocks import Blocks, write_range
from seedbed.article.code import highlight
from seedbed.article.links import resolve
from seedbed.article.scope import Drawing, FigurePlace, Page, Scope, Step
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.meanings import Found, Resolution
from seedbed.note import Text, read_note
from seedbed.text import THEME_IDS, Ids, NotePath, PageUri, did_you_mean, nearest
from seedbed.tokens import refs_in

PAGE_HTML = "page_html"
"""The type of tokens that hold a hand-written page's own HTML."""

_NO_NOTE = NotePath("this page")
_ID = re.compile(r"""\sid=["']?([^\s"'<>]+)""")


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A hand-written page: where it stands and what it says."""

    uri: PageUri
    path: str
    """Its file, as seen from the folder of hand-written pages."""
    source: str
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A hand-written page with its slots filled."""

    html: str
    mathml: tuple[str, ...]
    """Every formula shown."""
    attachments: tuple[str, ...]
    """Vault paths of the files that it links or shows."""
    diagnostics: tuple[Diagnostic, ...]


def fill(
    written: HandWritten,
    pieces: tuple[Token, ...],
    index: Index | None,
    drawings: Mapping[FigurePlace, Drawing],
) -> Filled:
    """Write ``pieces``, the page's HTML and what its slots hold; figures of the notes it embeds are ``drawings``.

    Never raises for anything an author wrote.
    """
    strict = index.strict_line_breaks if index else False
    page = Page(written.uri, index, drawings, strict, ids=Ids({*THEME_IDS, *_ids(pieces)}))
    empty = read_note(_NO_NOTE, "")
    note = replace(empty, text=Text(written.source, ()), headings=written.headings)
    scope = Scope(page, note, (Step(_NO_NOTE),), is_outside=True)
    _report_refs(scope, pieces)

    def write_block(token: Token) -> str:
        if token.type == "example":
            return _example(scope, token)
        return Blocks(scope).write((token,), 0, 1)

    html = markup.write(scope, pieces, write_range, write_block)
    return Filled(
        html,
        tuple(dict.fromkeys(page.mathml)),
        tuple(page.attachments),
        tuple(_with_path(page.diagnostics, written.path)),
    )


def _example(scope: Scope, token: Token) -> str:
    """Return the source of an example, highlighted, and what a note with that text shows."""
    page = scope.page
    note = read_note(_NO_NOTE, token.content)
    inner = Scope(page, note, scope.trail, page.embed_prefix(), is_outside=True)
    before = len(page.diagnostics)
    page.diagnostics += note.diagnostics
    _report_refs(inner, note.tokens)
    shown = (
        wholenotes.write(inner, write_range)
        + inner.balance.close_all()
        + footnotes.write(inner, write_range)
    )
    found = page.diagnostics[before:]
    page.diagnostics[before:] = () if token.meta.get("faulty") else _moved(found, token)
    source = highlight(token.content, "markdown")
    return (
        f'<div class="seedbed-example">\n<div class="seedbed-example__source">\n{source}\n</div>\n'
        f'<div class="seedbed-example__result">\n{shown}</div>\n</div>\n'
    )


def _moved(found: Iterable[Diagnostic], example: Token) -> list[Diagnostic]:
    """Return diagnostics of an example at their places in the page."""
    first = example.map[0] + 1 if example.map else 0
    return [
        replace(each, line=each.line + first) if each.path == _NO_NOTE else each for each in found
    ]


def _with_path(found: Iterable[Diagnostic], path: str) -> Iterable[Diagnostic]:
    return (replace(each, path=path) if each.path == _NO_NOTE else each for each in found)


def _report_refs(scope: Scope, tokens: tuple[Token, ...]) -> None:
    """Report every link and embed that leads nowhere; those of notes, the index reports."""
    index = scope.page.index
    for ref in refs_in(tokens) if index else ():
        found = resolve(scope, ref)
        if index is None:
            continue
        trouble = index.problem(ref, found) if ref.target else _own_problem(scope, ref, found)
        if trouble is not None:
            scope.report(*trouble, ref.span.start)


def _own_problem(scope: Scope, ref: Ref, found: Resolution) -> tuple[Code, str] | None:
    """Return what is wrong with a link that stays on the page."""
    if isinstance(found, Found):
        return None
    if ref.embed and not scope.note.tokens:
        return Code.EMBED_MISSING, "a hand-written page cannot show a part of itself"
    names = [heading.plain for heading in scope.note.headings]
    hint = did_you_mean(nearest(ref.fragment or "", names))
    return Code.ANCHOR_MISSING, f'this page has no heading or block "{ref.fragment}"{hint}'


def _ids(pieces: Iterable[Token]) -> Iterable[str]:
    """Yield the ids that the page's own HTML has taken."""
    for piece in pieces:
        if piece.type == PAGE_HTML:
            yield from _ID.findall(piece.content)
