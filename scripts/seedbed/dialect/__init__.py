"""Obsidian's Markdown as rules of a CommonMark parser: text in, tokens out.

``parse`` turns the text of a note into markdown-it tokens in one pass. CommonMark and GFM come from the
library; each construct of Obsidian's is a rule in a file of its own, entered below in its order of precedence.
This is the only place that builds the parser.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt, rules_block
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image as stock_image
from markdown_it.rules_inline.link import link as stock_link
from markdown_it.token import Token

from seedbed.diagnostics import Code
from seedbed.dialect import problems
from seedbed.dialect.autolinks import (
    autolink_bare,
    autolink_scheme,
    autolink_www,
    text_before_address,
)
from seedbed.dialect.block_ids import block_ids
from seedbed.dialect.callouts import callout_title
from seedbed.dialect.comments import comment
from seedbed.dialect.definitions import definition
from seedbed.dialect.emptied import drop_emptied
from seedbed.dialect.first_characters import block_chains, inline_chains
from seedbed.dialect.footnotes import footnote_definition, footnote_inline, footnote_reference
from seedbed.dialect.icons import icon
from seedbed.dialect.inline_fields import inline_fields
from seedbed.dialect.leaf_text import inlines
from seedbed.dialect.math import math_block, math_inline
from seedbed.dialect.pairs import join_pairs, pair_mark
from seedbed.dialect.positions import drop_comments, place_spans
from seedbed.dialect.problems import Problem
from seedbed.dialect.raw_html import html_block, html_comment
from seedbed.dialect.tags import tag
from seedbed.dialect.tasks import tasks
from seedbed.dialect.wikilinks import wikilink

__all__ = ["Parsed", "Token", "parse"]

# The parser recurses into containers; deeper nesting is shown as typed rather than overflow the stack.
_MAX_NESTING = 100
# A link's text with wikilinks in it, up to where its destination begins.
_AROUND_WIKILINKS = re.compile(r"\[(?!\[)[^\[\]\n]*(?:\[\[[^\[\]\n]*\]\][^\[\]\n]*)+\][(\[]")
_LEAF_BREAKERS = ["paragraph", "reference", "blockquote", "list"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tokens of one text, and what the parser found wrong with it."""

    tokens: tuple[Token, ...]
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    r"""Parse ``text``, whose line ends are ``\\n``. Total: every text has tokens."""
    found: dict[str, Any] = {}
    tokens = _parser().parse(text, found)
    return Parsed(tuple(tokens), tuple(found.get(problems.KEY, ())))


class _Parser(MarkdownIt):
    """Takes links to any address for links: which of them lead anywhere is for the article to say."""

    def validateLink(self, _url: str) -> bool:  # noqa: N802 -- the parser's name
        """Return True."""
        return True


@functools.cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"maxNesting": _MAX_NESTING})
    _add_block_rules(parser)
    _add_inline_rules(parser)
    _add_core_rules(parser)
    parser.block.ruler = block_chains(parser.block.ruler)
    parser.inline.ruler = inline_chains(parser.inline.ruler)
    return parser


def _add_block_rules(parser: MarkdownIt) -> None:
    """Enter the block rules: what protects its content first, then containers, comments, leaves."""
    block = parser.block.ruler
    block.at("fence", _fence, {"alt": _LEAF_BREAKERS})
    block.at("html_block", html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("reference", definition, {"alt": []})
    block.before("code", "callout_title", callout_title)
    block.before("code", "nesting", _too_deep)
    block.before("reference", "html_first", html_block, {"alt": []})
    block.before("reference", "comment", comment)
    block.before(
        "reference", "math_block", math_block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    block.before("reference", "gfm_table", rules_block.table, {"alt": ["paragraph", "reference"]})
    block.before(
        "reference",
        "footnote",
        footnote_definition,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )


def _add_inline_rules(parser: MarkdownIt) -> None:
    """Enter the inline rules: code spans and math before escapes' users, brackets before emphasis."""
    inline = parser.inline.ruler
    inline.at("text", text_before_address)
    inline.after("text", "autolink_www", autolink_www)
    inline.before("escape", "autolink_scheme", autolink_scheme)
    inline.before("escape", "icon", icon)
    inline.before("escape", "math_inline", math_inline)
    inline.after("backticks", "pair_mark", pair_mark)
    inline.before("link", "wikilink", wikilink)
    inline.before("link", "footnote_reference", footnote_reference)
    inline.before("link", "footnote_inline", footnote_inline)
    inline.before("link", "tag", tag)
    inline.before("html_inline", "html_comment", html_comment)
    inline.at("link", _link)
    inline.at("image", _image)
    parser.inline.ruler2.before("fragments_join", "join_pairs", join_pairs)


def _add_core_rules(parser: MarkdownIt) -> None:
    core = parser.core.ruler
    core.at("inline", inlines)
    core.disable("text_join")
    core.after("block", "drop_emptied", drop_emptied)
    core.after("drop_emptied", "drop_comments", drop_comments)
    core.after("drop_comments", "tasks", tasks)
    core.after("tasks", "block_ids", block_ids)
    core.push("autolink_bare", autolink_bare)
    core.push("inline_fields", inline_fields)
    core.push("place_spans", place_spans)


def _fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Parse a fence as CommonMark does, its info string read to the end, and report one that never closes."""
    if not rules_block.fence(state, start_line, end_line, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
    token.info = unescapeAll(token.info).strip()
    first, last = token.map or (start_line, start_line + 1)
    lines_inside = token.content.count("\n") + (
        bool(token.content) and not token.content.endswith("\n")
    )
    if last - first - 1 == lines_inside:
        offset = state.bMarks[start_line] + state.tShift[start_line]
        problems.report(
            state.env, Code.FENCE_UNCLOSED, f"this {token.markup} has no closing line", offset
        )
    return True


def _too_deep(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Show as typed what lies deeper than the parser follows: nothing an author wrote gets lost."""
    if silent or state.level < _MAX_NESTING - 2:
        return False
    offset = state.bMarks[start_line] + state.tShift[start_line]
    problems.report(
        state.env, Code.NESTING_LIMIT, "nested too deeply, so the rest is shown as typed", offset
    )
    token = state.push("code_block", "code", 0)
    token.content = state.getLines(start_line, end_line, state.blkIndent, True)
    token.map = [start_line, end_line]
    state.line = end_line
    return True


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Parse a link as CommonMark does, but take wikilinks in its text for text (OF-075)."""
    start, first = state.pos, len(state.tokens)
    found = stock_link(state, silent)
    if not (found or state.linkLevel) and _AROUND_WIKILINKS.match(state.src, start, state.posMax):
        state.cache.clear()
        state.linkLevel += 1
        found = stock_link(state, silent)
        state.linkLevel -= 1
        state.cache.clear()
    if found and not silent:
        _note_span(state, "link_open", start, first)
    return found


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Parse an image as CommonMark does; what its text holds is read as words and links nothing."""
    start, first = state.pos, len(state.tokens)
    if not stock_image(state, silent):
        return False
    if not silent:
        _note_span(state, "image", start, first)
        _unlink(state.tokens[-1].children or ())
    return True


def _unlink(tokens: Sequence[Token]) -> None:
    for token in tokens:
        token.meta = {}
        _unlink(token.children or ())


def _note_span(state: StateInline, kind: str, start: int, first: int) -> None:
    """Note on the token of a link or image, ``first`` or behind it, where in the leaf that stood."""
    opened = next((token for token in state.tokens[first:] if token.type == kind), None)
    if opened is not None:
        opened.meta["span"] = (start, state.pos)
