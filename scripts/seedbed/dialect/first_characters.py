"""Which rules are tried where: those alone that can begin with the character that stands there.

A parser asks all its rules at every line and every special character, and nearly all of them look at one character and
decline. Here each chain of rules becomes one rule, which looks at that character once. The order of precedence stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from markdown_it.parser_block import RuleFuncBlockType as BlockRule
from markdown_it.parser_inline import RuleFuncInlineType as InlineRule
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_Rule = TypeVar("_Rule", BlockRule, InlineRule)

_CHAINS = ("", "paragraph", "reference", "blockquote", "list")
"""All rules, and those that end a leaf or container of a kind."""
_BLOCKS_BEGIN = {
    "callout_title": "[",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "html_first": "<",
    "math_block": "$",
    "footnote": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""The characters that a block of each rule begins with; all other rules are tried at every line."""
_INLINES_BEGIN = {
    "autolink_www": "w",
    "newline": "\n",
    "autolink_scheme": ":",
    "icon": ":",
    "math_inline": "$",
    "escape": "\\",
    "backticks": "`",
    "pair_mark": "=~",
    "emphasis": "*_",
    "wikilink": "![",
    "footnote_reference": "[",
    "footnote_inline": "^",
    "tag": "#",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_comment": "<",
    "html_inline": "<",
    "entity": "&",
}
"""The same for what stands in a line. Everything else is text."""
_TEXT = "text"
_IN_WORDS = "w"
"""May begin an address, and is a letter all the same."""
_ENDS_LABEL = "]"
"""Begins nothing, but text must not run over it, for the parser looks out for it."""

SPECIAL = re.compile(
    f"[{re.escape(''.join({*_ENDS_LABEL, *''.join(_INLINES_BEGIN.values())} - {*_IN_WORDS}))}]"
)
"""A character at which text ends."""


WWW = "www."
"""How such an address begins."""


def is_only_text(text: str) -> bool:
    """Whether nothing can begin in ``text``."""
    return WWW not in text and SPECIAL.search(text) is None


class _Chains(Ruler[_Rule]):
    """The chains of another ruler, which has all its rules, each as one rule."""

    def __init__(self, names: Sequence[str], chains: Mapping[str, _Rule]) -> None:
        super().__init__()
        self._names = list(names)
        self._chains: dict[str, list[_Rule]] = {name: [rule] for name, rule in chains.items()}

    def getRules(self, chainName: str = "") -> list[_Rule]:  # noqa: N802, N803 -- the parser's names
        """Return the one rule that stands for a chain."""
        return self._chains[chainName]

    def get_active_rules(self) -> list[str]:
        """Return the names of all rules."""
        return self._names


def block_chains(ruler: Ruler[BlockRule]) -> Ruler[BlockRule]:
    """Return what finds the same blocks as ``ruler``."""
    names = ruler.get_active_rules()
    name_of = dict(zip(ruler.getRules(""), names, strict=True))
    chains = {}
    for chain in _CHAINS:
        rules = ruler.getRules(chain)
        begins = [_BLOCKS_BEGIN.get(name_of[rule]) for rule in rules]
        chains[chain] = _block_rule(*_by_character(rules, begins))
    return _Chains(names, chains)


def inline_chains(ruler: Ruler[InlineRule]) -> Ruler[InlineRule]:
    """Return what finds the same inlines as ``ruler``."""
    names = ruler.get_active_rules()
    rules = ruler.getRules("")
    begins = [_IN_WORDS if name == _TEXT else _INLINES_BEGIN[name] for name in names]
    text = rules[names.index(_TEXT)]
    table, _ = _by_character(rules, begins)
    return _Chains(names, {"": _inline_rule(table, (text,))})


def _by_character(
    rules: Sequence[_Rule], begins: Sequence[str | None]
) -> tuple[dict[str, tuple[_Rule, ...]], tuple[_Rule, ...]]:
    """Return the rules to try at each character that any names, and those to try at any other."""
    pairs = list(zip(rules, begins, strict=True))
    characters = {character for begin in begins for character in begin or ""}
    table = {
        character: tuple(rule for rule, begin in pairs if begin is None or character in begin)
        for character in characters
    }
    return table, tuple(rule for rule, begin in pairs if begin is None)


def _block_rule(table: Mapping[str, Sequence[BlockRule]], others: Sequence[BlockRule]) -> BlockRule:
    def block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
        start = state.bMarks[start_line] + state.tShift[start_line]
        for rule in table.get(state.src[start : start + 1], others):  # noqa: SIM110 -- twice as fast
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return block


def _inline_rule(
    table: Mapping[str, Sequence[InlineRule]], others: Sequence[InlineRule]
) -> InlineRule:
    def inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
        for rule in table.get(state.src[state.pos], others):  # noqa: SIM110 -- twice as fast
            if rule(state, silent):
                return True
        return False

    return inline
