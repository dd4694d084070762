"""Inline tokens to HTML: text, emphasis, code, formulas, links, footnote marks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from seedbed.article import links
from seedbed.article.scope import Scope
from seedbed.diagnostics import Code
from seedbed.dialect import Token
from seedbed.dialect.icons import drawing
from seedbed.text import Span, relative_uri
from seedbed.uris import tag_uri

Writer = Callable[[Scope, Token], str]

_ANCHOR = re.compile(r"</?a[\s>]", re.IGNORECASE)


def write_inlines(scope: Scope, tokens: list[Token]) -> str:
    """Return inline ``tokens`` as HTML; what an author's HTML leaves open in emphasis or a link ends with it."""
    out: list[str] = []
    captured: list[tuple[list[str], str]] = []
    written: list[bool] = []
    for token in tokens:
        if token.nesting > 0:
            written.append(scope.balance.dropping is None)
            if not written[-1]:
                continue
            if token.type == "footnote_inline_open":
                captured.append((out, scope.inline_footnote()))
                out = []
            else:
                out.append(_writer(token)(scope, token))
            scope.balance.enter()
        elif token.nesting < 0:
            if not written.pop():
                continue
            out.append(scope.balance.leave())
            if token.type == "footnote_inline_close":
                text = "".join(out)
                out, label = captured.pop()
                scope.inline_footnotes[label] = text
                out.append(footnote_mark(scope, label))
            else:
                out.append(_writer(token)(scope, token))
        elif scope.balance.dropping is None or token.type == "html_inline":
            out.append(_writer(token)(scope, token))
    return "".join(out)


def formula(scope: Scope, source: str, *, display: bool, offset: int) -> str:
    """Return a formula as MathML, or its source in a marked box with a diagnostic."""
    from seedbed import tex  # noqa: PLC0415 -- for notes with formulas

    rendered = tex.render(source, display=display)
    if isinstance(rendered, tex.TexError):
        scope.report(
            Code.MATH_INVALID, f"invalid LaTeX: {rendered.message}", offset + rendered.offset
        )
        shown = html.escape(source.strip())
        kind = "math display" if display else "math"
        hint = html.escape(rendered.message)
        return f'<code class="{kind} seedbed-tex-error" title="{hint}">{shown}</code>'
    scope.page.mathml.append(rendered.mathml)
    return rendered.mathml


def footnote_mark(scope: Scope, label: str) -> str:
    """Return the raised number that leads to a footnote; the first mark of a note is where it leads back."""
    number = scope.footnote_number(label)
    use = scope.footnote_uses[label] = scope.footnote_uses.get(label, 0) + 1
    name = f"{scope.prefix}fnref:{number}" + (f":{use}" if use > 1 else "")
    if scope.is_in_link:
        return f'<sup id="{name}">{number}</sup>'
    target = f"{scope.prefix}fn:{number}"
    return f'<sup id="{name}"><a class="footnote-ref" href="#{target}">{number}</a></sup>'


def tag_mark(scope: Scope, tag: str) -> str:
    """Return ``tag`` with its hash mark, as a link to its page where there is one and a link may stand."""
    name = html.escape(tag)
    index = scope.page.index
    if index is None or scope.is_in_link or not index.has_tag(tag):
        return f'<span class="tag">#{name}</span>'
    return f'<a class="tag" href="{relative_uri(tag_uri(tag), scope.page.uri)}">#{name}</a>'


def _text(_: Scope, token: Token) -> str:
    return html.escape(token.content, quote=False)


def _softbreak(scope: Scope, _: Token) -> str:
    return "\n" if scope.page.strict_line_breaks else "<br>\n"


def _code(_: Scope, token: Token) -> str:
    return f"<code>{html.escape(token.content, quote=False)}</code>"


def _math(scope: Scope, token: Token) -> str:
    span = token.meta.get("span")
    width = 2 if token.meta["display"] else 1
    start = span.start + width if isinstance(span, Span) else 0
    return formula(scope, token.content, display=token.meta["display"], offset=start)


def _icon(_: Scope, token: Token) -> str:
    """Write an icon in the shape that Material gives it."""
    return f'<span class="twemoji" aria-hidden="true">{drawing(token.content)}</span>'


def _tag(scope: Scope, token: Token) -> str:
    return tag_mark(scope, token.content)


def _html(scope: Scope, token: Token) -> str:
    if "</a>" in scope.closers and _ANCHOR.match(token.content):
        return ""  # links never nest (OF-075)
    addresses = links.addresses(scope, token)
    return scope.balance.write(token.content, inline=True, addresses=addresses)


def _footnote(scope: Scope, token: Token) -> str:
    return footnote_mark(scope, token.meta["label"])


def _writer(token: Token) -> Writer:
    return _WRITERS.get(token.type, _unknown)


def _unknown(_: Scope, token: Token) -> str:
    """Show as text what no writer knows, so that nothing an author wrote can vanish."""
    return html.escape(token.content, quote=False)


def _fixed(text: str) -> Writer:
    return lambda _scope, _token: text


_WRITERS: dict[str, Writer] = {
    "text": _text,
    "softbreak": _softbreak,
    "hardbreak": _fixed("<br>\n"),
    "code_inline": _code,
    "em_open": _fixed("<em>"),
    "em_close": _fixed("</em>"),
    "strong_open": _fixed("<strong>"),
    "strong_close": _fixed("</strong>"),
    "s_open": _fixed("<del>"),
    "s_close": _fixed("</del>"),
    "mark_open": _fixed("<mark>"),
    "mark_close": _fixed("</mark>"),
    "inline_field_open": lambda _, token: (
        f'<span class="seedbed-inline-field" data-form="{token.meta["form"]}">'
    ),
    "inline_field_close": _fixed("</span>"),
    "inline_key_open": _fixed('<span class="seedbed-inline-key">'),
    "inline_key_close": _fixed("</span>"),
    "math_inline": _math,
    "icon": _icon,
    "tag": _tag,
    "html_inline": _html,
    "page_html": lambda _, token: token.content,
    "footnote_ref": _footnote,
    "ref_open": links.open_ref,
    "ref_close": links.close,
    "link_open": links.open_link,
    "link_close": links.close,
    "image": links.image,
    "embed": links.inline_embed,
}
