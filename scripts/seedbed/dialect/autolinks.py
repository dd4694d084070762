"""Bare addresses become links: ``https://…``, ``www.…`` and e-mail addresses, as in GitHub's Markdown.

https://github.github.com/gfm/#autolinks-extension-. An address with a scheme is an inline rule, since it keeps
its ``_``, ``*`` and ``#`` (OF-363); the others, which need no such protection, are found in finished text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_SCHEME = re.compile(r"(?:\A|(?<![A-Za-z0-9]))(https?|ftp)\Z", re.IGNORECASE)
_LONGEST_SCHEME = 6
_REST = re.compile(r"://[^\s<\ufdd0]+")
_BARE = re.compile(
    r"(?<![^\s*_~(])(?P<www>www\.[^\s<]+)|(?P<mail>(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)"
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;\Z")


def autolink_scheme(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``://…`` behind a scheme that is pending as text."""
    if silent or state.src[state.pos] != ":" or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - _LONGEST_SCHEME), state.pos)
    rest = _REST.match(state.src, state.pos, state.posMax) if scheme else None
    if scheme is None or rest is None or not state.pending.endswith(scheme[1]):
        return False
    address = trim(scheme[1] + rest[0])
    host = _DOMAIN.match(address, len(scheme[1]) + 3)
    if host is None or "_" in "".join(host[0].split(".")[-2:]):
        return False
    if not state.md.validateLink(state.md.normalizeLink(address)):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(address)}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address) - len(scheme[1])
    return True


def autolink_bare(state: StateCore) -> None:
    """Link ``www.`` addresses and e-mail addresses in the text outside links."""
    for token in state.tokens:
        if (
            token.type == "inline"
            and token.children
            and ("www." in token.content or "@" in token.content)
        ):
            depth = 0
            children: list[Token] = []
            for child in token.children:
                depth += child.nesting if child.tag == "a" else 0
                children.extend(_linked(child) if child.type == "text" and not depth else (child,))
            token.children = children


def trim(address: str) -> str:
    """Return ``address`` without the punctuation that ends a sentence rather than an address."""
    while True:
        shorter = address.rstrip("?!.,:*_~'\"")
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        elif shorter.endswith(";"):
            shorter = _ENTITY_END.sub("", shorter) if _ENTITY_END.search(shorter) else shorter[:-1]
        if shorter == address:
            return address
        address = shorter


def _linked(text: Token) -> Iterator[Token]:
    position = 0
    for match in _BARE.finditer(text.content):
        address = trim(match[0])
        host = _DOMAIN.match(address.rpartition("@")[2])
        if (
            host is None
            or "." not in host[0]
            or "_" in "".join(host[0].split(".")[-2:])
            or address[-1] in "-_"
        ):
            continue
        href = f"mailto:{address}" if match["mail"] else f"http://{address}"
        yield text.copy(content=text.content[position : match.start()])
        yield Token("link_open", "a", 1, {"href": href}, level=text.level)
        yield text.copy(content=address)
        yield Token("link_close", "a", -1, level=text.level)
        position = match.start() + len(address)
    yield text.copy(content=text.content[position:]) if position else text
