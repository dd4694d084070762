"""Links and embeds to HTML, once the index has said what they mean."""

from __future__ import annotations

import html
import re

from seedbed.article import media
from seedbed.article.marks import NOT_FOUND, NOT_WRITTEN, missing
from seedbed.article.rawhtml import is_safe_address
from seedbed.article.scope import Scope
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.meanings import Found, Missing, Resolution, find_part
from seedbed.text import NotePath
from seedbed.tokens import plain_text

_ELEMENT = re.compile(r"\A<(?!span)\w+")


def resolve(scope: Scope, ref: Ref) -> Resolution:
    """Return what ``ref`` means where it stands."""
    index = scope.page.index
    if index is not None and not scope.is_outside:
        return index.resolve(ref, scope.note.path)
    if not ref.target:
        return _resolve_here(scope, ref)
    if index is None:
        return Missing(ref.target, (), private=True)
    # A text that is no note finds notes as one at the top of the vault does.
    found = index.resolve(ref, None)
    if isinstance(found, Found) and found.kind == "file":
        scope.page.attachments[found.path] = None
    return found


def _resolve_here(scope: Scope, ref: Ref) -> Resolution:
    """Return the part of a text of its own that ``ref`` names."""
    part = find_part(scope.note, ref.fragment or "")
    if part is None or (ref.embed and not scope.note.tokens):
        return Missing(f"#{ref.fragment}", (), private=True)
    return Found(scope.note.path, scope.page.uri, "note", part=part)


def open_ref(scope: Scope, token: Token) -> str:
    """Begin a wikilink: a link to its page, to a stub, or a mark that it leads nowhere."""
    return _open(scope, token.meta["ref"], _given(token))


def open_link(scope: Scope, token: Token) -> str:
    """Begin a Markdown link; one that leaves the vault, or has no vault, stays as written."""
    hint = f' title="{html.escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
    hint += _given(token)
    if "ref" in token.meta and scope.page.index is not None:
        return _open(scope, token.meta["ref"], hint)
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
    return html.escape(_address(scope, found))


def image(scope: Scope, token: Token) -> str:
    """Write ``![label](target)``: an image of the vault, or one from elsewhere."""
    wanted = media.shape(plain_text(token.children or []))
    title = str(token.attrs.get("title", ""))
    ref = token.meta.get("ref")
    if isinstance(ref, Ref) and scope.page.index is not None:
        return _with_given(token, _file(scope, ref, resolve(scope, ref), wanted, title))
    address = str(token.attrs.get("src", ""))
    if not is_safe_address(address):
        return html.escape(wanted.caption or "")
    if media.is_post(address):
        shown = html.escape(wanted.caption or address)
        return _begin(scope, f'<a href="{html.escape(address)}">') + shown + close(scope, token)
    shown = media.player(address, wanted) or media.image(
        address, html.escape(wanted.caption or ""), wanted, title=title
    )
    return _with_given(token, shown)


def inline_embed(scope: Scope, token: Token) -> str:
    """Write ``![[target]]`` where only text may stand: a file is shown, a note is linked."""
    return _with_given(token, embedded_file(scope, token.meta["ref"]))


def addresses(scope: Scope, token: Token) -> dict[str, str | None]:
    """Return where the addresses in an author's HTML lead from this page; None for a file that is missing."""
    found: dict[str, str | None] = {}
    for written, ref in token.meta.get("addresses", {}).items():
        target = resolve(scope, ref)
        if isinstance(target, Found):
            found[written] = _address(scope, target, ref.fragment)
        elif scope.page.index is not None and (target.private or not ref.tentative):
            stub = None if ref.embed else scope.page.index.stub(target)
            found[written] = scope.page.address(stub.uri) if stub else None
    return found


def embedded_file(scope: Scope, ref: Ref) -> str:
    """Write the file that ``ref`` embeds, or mark that there is none; a note is linked."""
    return _file(scope, ref, resolve(scope, ref), media.shape(ref.label), "")


def reference(scope: Scope, ref: Ref) -> str:
    """Write a whole link that stands outside a note's text; its label is plain text."""
    return _open(scope, ref, "") + html.escape(ref.label or display_text(ref)) + scope.closers.pop()


def boxed(scope: Scope, found: Found, kind: str, body: str) -> str:
    """Return the ``body`` of an embed in its box, with a link to where it comes from."""
    index = scope.page.index
    title = index.title(NotePath(found.path)) if index else scope.note.title
    label = html.escape(f"Open {title}")
    address = address_of(scope, found)
    source = f'<a class="seedbed-embed__source" href="{address}" title="{label}" aria-label="{label}"></a>'
    return f'<div class="seedbed-embed" data-embed="{kind}">{source}\n{body}</div>\n'


def _given(token: Token) -> str:
    """Return the attributes that an author gave a link or an image in braces, as Python-Markdown has them."""
    if "attributes" not in token.meta:
        return ""
    given: dict[str, str] = token.meta["attributes"]
    return "".join(f' {name}="{html.escape(value)}"' for name, value in given.items())


def _with_given(token: Token, element: str) -> str:
    return _ELEMENT.sub(lambda name: name[0] + _given(token), element, count=1)


def _begin(scope: Scope, tag: str) -> str:
    """Begin a link with ``tag``, but not inside another: anchors never nest (OF-075)."""
    closer = "" if scope.is_in_link else "</a>"
    scope.closers.append(closer)
    return tag if closer else ""


def _address(scope: Scope, found: Found, fragment: str | None = None) -> str:
    """Return the address of ``found``, and of the place in it that ``fragment`` names if it is a file."""
    if found.kind == "file":
        return scope.page.address(found.uri) + media.place(found.path, fragment)
    is_here = scope.is_outside and found.path == scope.note.path and found.anchor is not None
    anchor = f"{scope.prefix}{found.anchor}" if is_here else found.anchor
    return scope.page.address(found.uri, anchor)


def _open(scope: Scope, ref: Ref, hint: str) -> str:
    found = resolve(scope, ref)
    if isinstance(found, Found):
        return _begin(
            scope, f'<a href="{html.escape(_address(scope, found, ref.fragment))}"{hint}>'
        )
    stub = scope.page.index.stub(found) if scope.page.index else None
    if stub is not None:
        address = html.escape(scope.page.address(stub.uri))
        return _begin(scope, f'<a class="missing-link" href="{address}" title="{NOT_WRITTEN}">')
    scope.closers.append("</span>")
    return f'<span class="missing-link" title="{NOT_FOUND}">'


def _file(scope: Scope, ref: Ref, found: Resolution, wanted: media.Shape, title: str) -> str:
    if isinstance(found, Missing):
        return missing(wanted.caption or display_text(ref))
    if found.kind != "file":
        text = html.escape(wanted.caption or display_text(ref))
        return _begin(scope, f'<a href="{address_of(scope, found)}">') + text + scope.closers.pop()
    address = scope.page.address(found.uri)
    return media.element(address, found.path, wanted, fragment=ref.fragment, title=title)
