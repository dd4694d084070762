"""Tokens that Python-Markdown left to HTML: pieces of its HTML, with links, formulas and embeds between them.

What can stand in text is written as in any note. A block that stands in a paragraph, such as an embedded note, ends
the paragraph, and what follows begins another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from seedbed.article import embeds
from seedbed.article.inlines import write_inlines
from seedbed.article.scope import Scope, WriteRange
from seedbed.dialect import Token

WriteBlock = Callable[[Token], str]
"""Whatever writes a token that is a block by itself, such as a formula or a diagram."""

_ROOMY = frozenset({"flow", "paragraph"})
_BLOCKS = frozenset({"example", "fence", "math_block"})
_OPEN_PARAGRAPH = re.compile(r"<p>\s*\Z")
_BREAK_AT_END = re.compile(r"\s*<br\s*/?>\s*\Z")
_BREAK_AT_START = re.compile(r"\A\s*<br\s*/?>\s*")
_CLOSED_PARAGRAPH = re.compile(r"\A\s*</p>\n?")
_FIRST_TAG = re.compile(r"\A\s*<[A-Za-z][A-Za-z0-9-]*(?![^<>]*\sid=)")


def write(
    scope: Scope,
    pieces: Iterable[Token],
    write_range: WriteRange,
    write_block: WriteBlock,
) -> str:
    """Return ``pieces`` as HTML; what an author's own HTML leaves open ends with them."""
    scope.balance.enter()
    writing = _Writing(scope, write_range, write_block)
    depth = 0
    run: list[Token] = []
    for piece in pieces:
        depth += piece.nesting
        if depth == 0 and writing.may_be_block(piece):
            writing.add_text(run)
            run = []
            if writing.fits(piece):
                writing.add_block(piece)
                continue
        run.append(piece)
    writing.add_text(run)
    writing.add_html(scope.balance.leave() + scope.balance.settle())
    return "".join(writing.out)


def with_id(markup: str, attribute: str) -> str:
    """Return ``markup`` with an ``id`` on its first element, or around it if that has one."""
    if not attribute:
        return markup
    tag = _FIRST_TAG.match(markup)
    if tag is None:
        return f"<div{attribute}>\n{markup}\n</div>"
    return f"{tag[0]}{attribute}{markup[tag.end() :]}"


@dataclass(slots=True)
class _Writing:
    scope: Scope
    write_range: WriteRange
    write_block: WriteBlock
    out: list[str] = field(default_factory=list)
    cut: bool = False
    """The last thing written is a block that ended a paragraph, and nothing followed yet."""

    def may_be_block(self, token: Token) -> bool:
        """Whether ``token`` is written as a block if blocks may stand there."""
        if token.type in _BLOCKS:
            return True
        return token.meta.get("place") in _ROOMY and embeds.is_block(self.scope, token)

    def fits(self, token: Token) -> bool:
        """Whether a block may stand here: not in a link, nor in what an author's HTML holds open in a paragraph."""
        if token.type in _BLOCKS:
            return True
        held = self.scope.balance.scopes[-1]
        in_phrase = token.meta["place"] == "paragraph" and held and held[-1] != "p"
        return not (in_phrase or self.scope.is_in_link)

    def add_text(self, run: list[Token]) -> None:
        """Write what stands between two blocks."""
        self.add_html(write_inlines(self.scope, run))

    def add_html(self, text: str) -> None:
        """Add HTML that follows, which ends or takes up the paragraph that a block has cut."""
        if self.cut and text:
            closed = _CLOSED_PARAGRAPH.match(text)
            text = text[closed.end() :] if closed else "<p>" + _BREAK_AT_START.sub("", text)
            self.cut = False
        self.out.append(text)

    def add_block(self, token: Token) -> None:
        """Write a block, ending the paragraph it stands in."""
        block = (
            self.write_block(token)
            if token.type in _BLOCKS
            else embeds.write(self.scope, token.meta["ref"], self.write_range)
        )
        held = self.scope.balance.scopes[-1]
        place = token.meta.get("place", "paragraph" if held and held[-1] == "p" else "flow")
        if place == "paragraph" and not self.cut:
            before = self.out.pop() if self.out else ""
            opened = _OPEN_PARAGRAPH.search(before)
            self.out.append(
                before[: opened.start()] if opened else _BREAK_AT_END.sub("", before) + "</p>\n"
            )
            self.cut = True
        self.out.append(block)
