"""Links and embeds to HTML, once the index has said what they mean."""

from __future__ import annotations

import html

from seedbed.article import media
from seedbed.article.rawhtml import is_safe_address
from seedbed.article.scope import Scope
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.index import Found, Missing, Resolution
from seedbed.note import plain_text

NOT_WRITTEN = "Nobody has written this note yet"
_NOT_FOUND = "This link leads nowhere"


def resolve(scope: Scope, ref: Ref) -> Resolution:
    """Return what ``ref`` means where it stands."""
    if scope.page.index is None:
        return Missing(ref.target, (), private=True)
    return scope.page.index.resolve(ref, scope.note.path)


def open_ref(scope: Scope, token: Token) -> str:
    """Begin a wikilink: a link to its page, to a stub, or a mark that it leads nowhere."""
    return _open(scope, resolve(scope, token.meta["ref"]), "")


def open_link(scope: Scope, token: Token) -> str:
    """Begin a Markdown link; one that leaves the vault, or has no vault, stays as written."""
    hint = f' title="{html.escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
    if "ref" in token.meta and scope.page.index is not None:
        return _open(scope, resolve(scope, token.meta["ref"]), hint)
    address = str(token.attrs.get("href", ""))
    if not is_safe_address(address):
        scope.closers.append("</span>")
        return '<span class="missing-link">'
    return _begin(scope, f'<a href="{html.escape(address)}"{hint}>')


def close(scope: Scope, _: Token) -> str:
    """End the link that was begun last."""
    return scope.closers.pop() if scope.closers else ""


def address_of(scope: Scope, found: Found) -> str:
    """Return the link from the page being written to ``found``."""
    return html.escape(scope.page.address(found.uri, found.anchor))


def image(scope: Scope, token: Token) -> str:
    """Write ``![label](target)``: an image of the vault, or one from elsewhere."""
    wanted = (
        media.shape(token.content)
        if _is_sized(token)
        else media.Shape(plain_text(token.children or []))
    )
    title = str(token.attrs.get("title", ""))
    ref = token.meta.get("ref")
    if isinstance(ref, Ref) and scope.page.index is not None:
        return _file(scope, ref, resolve(scope, ref), wanted, title)
    address = str(token.attrs.get("src", ""))
    if not is_safe_address(address):
        return html.escape(wanted.caption or "")
    return media.player(address, wanted) or media.image(
        address, html.escape(wanted.caption or ""), wanted, title=title
    )


def inline_embed(scope: Scope, token: Token) -> str:
    """Write ``![[target]]`` where only text may stand: a file is shown, a note is linked."""
    ref = token.meta["ref"]
    return _file(scope, ref, resolve(scope, ref), media.shape(ref.label), "")


def missing(text: str, reason: str = _NOT_FOUND) -> str:
    """Return ``text`` marked as a link that leads nowhere."""
    return f'<span class="missing-link" title="{reason}">{html.escape(text)}</span>'


def _begin(scope: Scope, tag: str) -> str:
    """Begin a link with ``tag``, but not inside another: anchors never nest (OF-075)."""
    closer = "" if scope.is_in_link else "</a>"
    scope.closers.append(closer)
    return tag if closer else ""


def _open(scope: Scope, found: Resolution, hint: str) -> str:
    if isinstance(found, Found):
        return _begin(scope, f'<a href="{address_of(scope, found)}"{hint}>')
    stub = scope.page.index.stub(found) if scope.page.index else None
    if stub is not None:
        address = html.escape(scope.page.address(stub.uri))
        return _begin(scope, f'<a class="missing-link" href="{address}" title="{NOT_WRITTEN}">')
    scope.closers.append("</span>")
    return f'<span class="missing-link" title="{_NOT_FOUND}">'


def _file(scope: Scope, ref: Ref, found: Resolution, wanted: media.Shape, title: str) -> str:
    if isinstance(found, Missing):
        return missing(wanted.caption or display_text(ref))
    if found.is_note:
        text = html.escape(wanted.caption or display_text(ref))
        return _begin(scope, f'<a href="{address_of(scope, found)}">') + text + scope.closers.pop()
    address = scope.page.address(found.uri)
    return media.element(address, found.path, wanted, fragment=ref.fragment, title=title)


def _is_sized(token: Token) -> bool:
    shape = media.shape(token.content)
    return shape.width is not None
