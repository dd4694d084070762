"""Bare addresses become links: ``https://…``, ``www.…`` and e-mail addresses, as in GitHub's Markdown.

https://github.github.com/gfm/#autolinks-extension-. An address with a scheme is an inline rule, since it keeps
its ``_``, ``*``, ``#`` and ``==`` (OF-362, OF-363), and so is one that begins with ``www.``; the others, which need no
such protection, and those behind other marks are found in finished text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from seedbed.dialect.first_characters import SPECIAL, WWW
from seedbed.dialect.pairs import HIGHLIGHT, is_in_highlight

_SCHEME = re.compile(r"(?:\A|(?<![A-Za-z0-9]))(https?|ftp)\Z", re.IGNORECASE)
_LONGEST_SCHEME = 6
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_REST = re.compile(r"[^\s<\ufdd0]*")
_BARE = re.compile(
    r"(?<![^\s*_~(])(?P<www>www\.[^\s<]+)"
    r"|(?<![\w.+-])(?P<protocol>(?:mailto|xmpp):)?"
    r"(?P<mail>[A-Za-z0-9._+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)"
    r"(?P<resource>(?<=[A-Za-z0-9])/[A-Za-z0-9@.]+)?"
)
# No name of a host begins with such a sign; in finished text an address may be found there all the same.
_WWW = re.compile(r"(?<![^\s*_~(])www\.(?![-%+>@{}])[^\s<\ufdd0]+")
_ENDS_A_SENTENCE = frozenset("?!.,:*_~'\"")


def autolink_scheme(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take ``://…`` behind a scheme that is pending as text."""
    position = state.pos
    if not state.src.startswith("://", position) or silent or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.src, max(0, position - _LONGEST_SCHEME), position)
    if scheme is None or not state.pending.endswith(scheme[1]):
        return False
    host = _DOMAIN.match(state.src, position + 3, state.posMax)
    if host is None or not _is_domain(host[0]):
        return False
    rest = _REST.match(state.src, host.end(), state.posMax)
    address = trim(scheme[1] + state.src[position : rest.end() if rest else host.end()])
    address = _ending_before_highlight(address, state)
    if not state.md.validateLink(state.md.normalizeLink(address)):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    _push(state, address, address)
    state.pos += len(address) - len(scheme[1])
    return True


def text_before_address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take text as the parser's own rule does, but no further than to an address that begins with ``www.``."""
    special = SPECIAL.search(state.src, state.pos)
    end = special.start() if special else state.posMax
    if state.src.find(WWW, state.pos, end) >= 0 and (
        address := _WWW.search(state.src, state.pos, end)
    ):
        end = address.start()
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def autolink_www(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take an address that begins with ``www.``."""
    match = _WWW.match(state.src, state.pos, state.posMax)
    if match is None or silent or state.linkLevel:
        return False
    host = _DOMAIN.match(match[0])
    address = _ending_before_highlight(trim(match[0]), state)
    if host is None or not _is_domain(host[0]) or "." not in address:
        return False
    _push(state, address, f"http://{address}")
    state.pos += len(address)
    return True


def _push(state: StateInline, address: str, destination: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(destination)}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)


def _ending_before_highlight(address: str, state: StateInline) -> str:
    """Return ``address`` without the mark that ends the highlight it stands in."""
    return address.removesuffix(HIGHLIGHT) if is_in_highlight(state) else address


def autolink_bare(state: StateCore) -> None:
    """Link ``www.`` addresses and e-mail addresses in the text outside links."""
    for token in state.tokens:
        if (
            token.type == "inline"
            and token.children
            and (WWW in token.content or "@" in token.content)
        ):
            depth = 0
            children: list[Token] = []
            for child in token.children:
                depth += child.nesting if child.tag == "a" else 0
                children.extend(_linked(child) if child.type == "text" and not depth else (child,))
            token.children = children


def trim(address: str) -> str:
    """Return ``address`` without the punctuation that ends a sentence rather than an address."""
    end = len(address)
    unmatched = address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last in _ENDS_A_SENTENCE:
            end -= 1
        elif last == ")" and unmatched > 0:
            unmatched -= 1
            end -= 1
        elif last == ";":
            end = _before_entity(address, end)
        else:
            break
    return address[:end]


def _before_entity(address: str, end: int) -> int:
    """Return where the entity begins that ends at ``end`` with a semicolon; without one, where that stands."""
    start = end - 1
    while start and address[start - 1].isalnum() and address[start - 1].isascii():
        start -= 1
    is_entity = 0 < start < end - 1 and address[start - 1] == "&"
    return start - 1 if is_entity else end - 1


def _is_domain(host: str) -> bool:
    """Whether no underscore stands in the last two segments of ``host``."""
    return "_" not in "".join(host.rsplit(".", 2)[-2:])


def _linked(text: Token) -> Iterator[Token]:
    position = 0
    for match in _BARE.finditer(text.content):
        found = _address(match)
        if found is None:
            continue
        address, href = found
        yield text.copy(content=text.content[position : match.start()])
        yield Token("link_open", "a", 1, {"href": href}, level=text.level)
        yield text.copy(content=address)
        yield Token("link_close", "a", -1, level=text.level)
        position = match.start() + len(address)
    yield text.copy(content=text.content[position:]) if position else text


def _address(match: re.Match[str]) -> tuple[str, str] | None:
    """Return an address as written and where it leads; None if it only resembles one."""
    if match["www"]:
        address = trim(match["www"])
        host = _DOMAIN.match(match["www"])
        is_one = host is not None and _is_domain(host[0]) and "." in address
        return (address, f"http://{address}") if is_one else None
    mail = match["mail"]
    if mail[-1] in "-_":
        return None
    protocol = match["protocol"] or ""
    resource = (match["resource"] or "").rstrip(".") if protocol == "xmpp:" else ""
    if resource == "/":
        resource = ""
    return f"{protocol}{mail}{resource}", f"{protocol or 'mailto:'}{mail}{resource}"
