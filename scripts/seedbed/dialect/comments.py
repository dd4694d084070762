"""``%%comments%%``: inline, over several blocks, and unclosed.

A comment may begin in one paragraph and end in another, swallowing fences and lists on its way, yet ``%%`` in
code is code. Only the block parser knows, line by line, what is code; so this is a block rule that stands after
code, fences, containers and HTML: when a leaf block is about to begin, it overwrites the comments that open in it
with ``FILLER`` characters. The source keeps its length, so no offset moves, and no later rule can see a byte of a
comment. Rules OF-180 to OF-188 of the dialect, and the privacy rule: nothing of a comment reaches any output.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from seedbed.diagnostics import Code
from seedbed.dialect.problems import report

FILLER = "\ufdd0"
"""Stands for one character of a comment: a Unicode noncharacter, which no note can hold after reading."""

_FILLED_LINE = re.compile(rf"^[ \t]*{FILLER}+[ \t]*(?:\n|\Z)", re.MULTILINE)
_FILLED = re.compile(rf"{FILLER}+(?:\n[ \t]*{FILLER}+)*")
_MARK = "%%"
_NEXT = "next_comment"
# What may hide a %% from being a comment: an escape, code, HTML comments and tags, addresses.
_SPECIAL = re.compile(
    r"\\.|(?P<ticks>`+)|(?P<html><!--)|<[A-Za-z][^<>\n]*>|https?://[^\s<>]+|\]\([^()\s]*\)|(?P<mark>%%)",
    re.DOTALL,
)


def comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Overwrite the comments that open in the leaf block at ``start_line``; consume lines they fill."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if silent or _next_mark(state, start) < 0:
        return False
    fill_comments(state, start, state.eMarks[_last_leaf_line(state, start_line, end_line)])
    return _consume(state, start_line, end_line)


def fill_comments(state: StateBlock, start: int, leaf_end: int) -> None:
    """Overwrite the comments that open in the leaf from ``start`` to ``leaf_end``, wherever they end."""
    position = start
    opened = _next_comment(state.src, position, leaf_end)
    while opened is not None:
        closing = state.src.find(_MARK, opened + 2)
        if closing < 0:
            if not _begins_line(state, opened):
                break
            report(
                state.env,
                Code.COMMENT_UNCLOSED,
                "this %% has no partner, so the rest of the note is hidden",
                opened,
            )
            closing = len(state.src)
        _fill(state, opened, min(closing + 2, len(state.src)))
        position = closing + 2
        line_end = state.src.find("\n", position)
        leaf_end = max(leaf_end, len(state.src) if line_end < 0 else line_end)
        opened = _next_comment(state.src, position, leaf_end)


def _next_mark(state: StateBlock, start: int) -> int:
    """Return where the next ``%%`` stands, or -1, looking at no part of the source twice."""
    known: int | None = state.env.get(_NEXT)
    if known is None or 0 <= known < start:
        known = state.env[_NEXT] = state.src.find(_MARK, start)
    return known


def without_comments(content: str) -> str:
    """Return a leaf's text without filled characters; lines that held nothing else go whole."""
    if FILLER not in content:
        return content
    return _FILLED.sub("", _FILLED_LINE.sub("", content))


def _last_leaf_line(state: StateBlock, start_line: int, end_line: int) -> int:
    """Return the last line of the paragraph that would begin at ``start_line``."""
    terminators = state.md.block.ruler.getRules("paragraph")
    old_parent, state.parentType = state.parentType, "paragraph"
    line = start_line + 1
    while line < end_line and not state.isEmpty(line):
        ends = 0 <= state.sCount[line] - state.blkIndent <= 3 and any(  # noqa: PLR2004 -- four blanks make code
            rule(state, line, end_line, True) for rule in terminators
        )
        if ends:
            break
        line += 1
    state.parentType = old_parent
    return line - 1


def _next_comment(source: str, start: int, end: int) -> int | None:
    """Return where the first comment in ``source[start:end]`` opens, code and addresses passed over."""
    position = start
    lone_ticks: set[int] = set()
    while (special := _SPECIAL.search(source, position, end)) is not None:
        if special["mark"]:
            return special.start()
        position = special.end()
        if special["html"]:
            position = _after(source, "-->", position, end)
        elif special["ticks"] and (length := len(special["ticks"])) not in lone_ticks:
            closing = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(source, position, end)
            if closing is None:
                lone_ticks.add(length)
            else:
                position = closing.end()
    return None


def _after(source: str, mark: str, start: int, end: int) -> int:
    found = source.find(mark, start, end)
    return start if found < 0 else found + len(mark)


def _begins_line(state: StateBlock, offset: int) -> bool:
    line_start = state.src.rfind("\n", 0, offset) + 1
    return not re.sub(r"(?:[>\s]|[-*+]\s|\d{1,9}[.)]\s)+", "", state.src[line_start:offset])


def _fill(state: StateBlock, start: int, end: int) -> None:
    """Overwrite ``source[start:end]``, keeping line ends and the marks of containers on its further lines."""
    first, *further = state.src[start:end].split("\n")
    filled = [FILLER * len(first)]
    for line in further:
        prefix = re.match(r"[ \t]*(?:>[ \t]?)*", line)
        kept = prefix[0] if prefix else ""
        filled.append(kept + FILLER * (len(line) - len(kept)))
    state.src = state.src[:start] + "\n".join(filled) + state.src[end:]
    state.env["source"] = state.src


def _consume(state: StateBlock, start_line: int, end_line: int) -> bool:
    """Advance over the lines at the leaf's start that hold nothing but filler."""
    line = start_line
    while line < end_line and state.sCount[line] >= state.blkIndent:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if text.strip(FILLER + " \t") or (not text and line == start_line):
            break
        if not text.strip() and not _filler_follows(state, line, end_line):
            break
        line += 1
    if line == start_line:
        return False
    state.line = line
    return True


def _filler_follows(state: StateBlock, line: int, end_line: int) -> bool:
    """Whether the blank lines from ``line`` on lie inside a comment: filler stands right after them."""
    while line < end_line and state.isEmpty(line):
        line += 1
    return line < end_line and state.src.startswith(FILLER, state.bMarks[line] + state.tShift[line])
