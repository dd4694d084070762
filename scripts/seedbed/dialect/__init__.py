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
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image as stock_image
from markdown_it.rules_inline.link import link as stock_link
from markdown_it.token import Token

from seedbed.diagnostics import Code
from seedbed.dialect import problems
from seedbed.dialect.autolinks import autolink_bare, autolink_scheme
from seedbed.dialect.block_ids import block_ids
from seedbed.dialect.callouts import callout_title
from seedbed.dialect.comments import comment
from seedbed.dialect.footnotes import footnote_definition, footnote_inline, footnote_reference
from seedbed.dialect.highlights import highlight, mark_highlights
from seedbed.dialect.math import math_block, math_inline
from seedbed.dialect.positions import drop_comments, place_spans
from seedbed.dialect.problems import Problem
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


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("strikethrough")
    _add_block_rules(parser)
    _add_inline_rules(parser)
    _add_core_rules(parser)
    return parser


def _add_block_rules(parser: MarkdownIt) -> None:
    """Enter the block rules: what protects its content first, then containers, comments, leaves."""
    block = parser.block.ruler
    block.at("fence", _fence, {"alt": _LEAF_BREAKERS})
    block.at(
        "html_block", rules_block.html_block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    block.before("code", "callout_title", callout_title)
    block.before("code", "nesting", _too_deep)
    block.before("reference", "html_first", rules_block.html_block, {"alt": []})
    block.before("reference", "comment", comment)
    block.before(
        "reference", "math_block", math_block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    block.before("reference", "gfm_table", rules_block.table, {"alt": ["paragraph", "reference"]})
    block.before("reference", "footnote", footnote_definition, {"alt": ["paragraph", "reference"]})


def _add_inline_rules(parser: MarkdownIt) -> None:
    """Enter the inline rules: code spans and math before escapes' users, brackets before emphasis."""
    inline = parser.inline.ruler
    inline.before("escape", "autolink_scheme", autolink_scheme)
    inline.before("escape", "math_inline", math_inline)
    inline.after("backticks", "highlight", highlight)
    inline.before("link", "wikilink", wikilink)
    inline.before("link", "footnote_reference", footnote_reference)
    inline.before("link", "footnote_inline", footnote_inline)
    inline.before("link", "tag", tag)
    inline.at("link", _link)
    inline.at("image", _image)
    parser.inline.ruler2.before("fragments_join", "highlight", mark_highlights)


def _add_core_rules(parser: MarkdownIt) -> None:
    core = parser.core.ruler
    core.after("block", "drop_comments", drop_comments)
    core.after("drop_comments", "tasks", tasks)
    core.after("tasks", "block_ids", block_ids)
    core.push("autolink_bare", autolink_bare)
    core.push("place_spans", place_spans)


def _fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Parse a fence as CommonMark does, and report one that never closes."""
    if not rules_block.fence(state, start_line, end_line, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
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
    if _spanned(stock_link, "link_open", state, silent=silent):
        return True
    if state.linkLevel or not _AROUND_WIKILINKS.match(state.src, state.pos, state.posMax):
        return False
    state.cache.clear()
    state.linkLevel += 1
    found = _spanned(stock_link, "link_open", state, silent=silent)
    state.linkLevel -= 1
    state.cache.clear()
    return found


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    return _spanned(stock_image, "image", state, silent=silent)


def _spanned(rule: Any, kind: str, state: StateInline, *, silent: bool) -> bool:  # noqa: ANN401 -- a library's function
    """Run a rule of the library and note on its token where in the leaf it stood."""
    start, first = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        opened = next((token for token in _tail(state.tokens, first) if token.type == kind), None)
        if opened is not None:
            opened.meta["span"] = (start, state.pos)
    return True


def _tail(tokens: Sequence[Token], first: int) -> Sequence[Token]:
    return tokens[first:]
