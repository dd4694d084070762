"""Dataview's inline fields: ``key:: value`` on a line, ``[key:: value]`` and ``(key:: value)`` within one.

Wraps a field's tokens, so that it can be read and styled; what it holds stays what it is, links above all (OF-342).
Runs when a leaf's inline tokens are known: code, formulas and links are no text then, and hold no field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_KEY = r"(?P<key>[^\W\d_][^\[\](){}:`|\n]{0,60}?)[ \t]*::"
_LINE = re.compile(rf"[ \t]*{_KEY}(?=[ \t]|\Z)")
_MARKED_KEY = re.compile(r"::(?=[ \t]|\Z)")
_BRACKET = re.compile(rf"(?P<open>[\[(])(?:[ \t]*{_KEY}[ \t]*)?|(?P<close>[\])])")
_PAIRS = {"[": "]", "(": ")"}
_AFTER = -1
"""The offset of a cut that follows its child."""
_BREAKS = frozenset({"softbreak", "hardbreak"})


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place in the children of a leaf where a wrapper begins or ends."""

    child: int
    start: int
    """Offset in the child's text at which the wrapper's own characters begin."""
    end: int
    """Offset after them."""
    tokens: tuple[Token, ...]


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner."""

    sign: str
    level: int
    cut: _Cut | None


@dataclass(slots=True)
class _Line:
    """What one line of a leaf holds."""

    opened: list[_Open] = field(default_factory=list)
    cuts: list[_Cut] = field(default_factory=list)


def inline_fields(state: StateCore) -> None:
    """Wrap the inline fields of every leaf."""
    for leaf in state.tokens:
        if leaf.type == "inline" and leaf.children and "::" in leaf.content:
            cuts = sorted(_cuts(leaf.children), key=lambda cut: (cut.child, cut.start))
            if cuts:
                leaf.children = list(_with_cuts(leaf.children, cuts))


def _cuts(children: list[Token]) -> Iterator[_Cut]:
    line = _Line()
    start = links = 0
    for index, child in enumerate((*children, Token("softbreak", "", 0))):
        links += child.nesting if child.tag == "a" else 0
        if child.type in _BREAKS:
            whole = _whole_line(children, start, index)
            yield from whole or line.cuts
            line, start = _Line(), index + 1
        elif child.type == "text" and not links:
            for bracket in _BRACKET.finditer(child.content):
                _meet(line, bracket, index, child.level)


def _meet(line: _Line, bracket: re.Match[str], index: int, level: int) -> None:
    """Take note of one bracket: a field is a pair of them, on one level, whose first is followed by a key."""
    if bracket["open"]:
        form = "bracket" if bracket["open"] == "[" else "parenthesis"
        opening = _opening(bracket["key"], form, " ") if bracket["key"] else ()
        cut = _Cut(index, bracket.start(), bracket.end(), opening) if opening else None
        line.opened.append(_Open(bracket["open"], level, cut))
        return
    while line.opened:
        last = line.opened.pop()
        if last.level == level and _PAIRS[last.sign] == bracket["close"]:
            if last.cut is not None:
                closing = Token("inline_field_close", "span", -1)
                line.cuts += (last.cut, _Cut(index, bracket.start(), bracket.end(), (closing,)))
            return


def _whole_line(children: list[Token], start: int, end: int) -> tuple[_Cut, ...]:
    """Return the cuts of a line that is a field from its beginning to its end; none if it is no such line."""
    while start < end and children[start].type == "text" and not children[start].content:
        start += 1  # what is left of a mark of emphasis
    if start == end or not _is_balanced(children[start:end]):
        return ()
    closing = _Cut(end - 1, _AFTER, _AFTER, (Token("inline_field_close", "span", -1),))
    first, *others = children[start : min(end, start + 4)]
    if first.type == "text" and (match := _LINE.match(first.content)):
        return _Cut(
            start, match.start(), match.end(), _opening(match["key"], "line", "::")
        ), closing
    marked = ["text", first.type.replace("open", "close"), "text"]
    if first.type not in {"strong_open", "em_open"} or [each.type for each in others] != marked:
        return ()
    if not _MARKED_KEY.match(others[-1].content):
        return ()
    meta = {"key": others[0].content, "form": "line"}
    return _Cut(start, 0, 0, (Token("inline_field_open", "span", 1, meta=meta),)), closing


def _is_balanced(children: list[Token]) -> bool:
    """Whether all that opens among ``children`` closes there, so that a wrapper crosses nothing."""
    depth = 0
    for child in children:
        depth += child.nesting
        if depth < 0:
            return False
    return depth == 0


def _opening(key: str, form: str, behind: str) -> tuple[Token, ...]:
    return (
        Token("inline_field_open", "span", 1, meta={"key": key, "form": form}),
        Token("inline_key_open", "span", 1),
        Token("text", "", 0, content=key),
        Token("inline_key_close", "span", -1),
        Token("text", "", 0, content=behind),
    )


def _with_cuts(children: list[Token], cuts: list[_Cut]) -> Iterator[Token]:
    """Yield the children, each cut's tokens in the place of the characters it stands for."""
    waiting = iter(cuts)
    cut = next(waiting, None)
    for index, child in enumerate(children):
        taken = 0
        after: list[Token] = []
        while cut is not None and cut.child == index:
            if cut.start == _AFTER:
                after.extend(cut.tokens)
            elif child.type != "text":
                yield from cut.tokens
            else:
                yield from _text(child, taken, cut.start)
                yield from cut.tokens
                taken = cut.end
            cut = next(waiting, None)
        if taken:
            yield from _text(child, taken, len(child.content))
        else:
            yield child
        yield from after


def _text(child: Token, start: int, end: int) -> Iterator[Token]:
    if start < end:
        yield child.copy(content=child.content[start:end])
