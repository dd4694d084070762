"""``%%comments%%``: inline, over several blocks, and unclosed.

A comment may begin in one paragraph and end in another, swallowing fences and lists on its way, yet ``%%`` in
code is code. Only the block parser knows, line by line, what is code; so this is a block rule that stands after
code, fences, containers and HTML: when a leaf block is about to begin, it overwrites the comments that open in it
with ``FILLER`` characters. The source keeps its length, so no offset moves, and no later rule can see a byte of a
comment. Rules OF-180 to OF-188 of the dialect, and the privacy rule: nothing of a comment reaches any output.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock, table

from seedbed.diagnostics import Code
from seedbed.dialect.problems import report

FILLER = "\ufdd0"
"""Stands for one character of a comment: a Unicode noncharacter, which no note can hold after reading."""

_BLANKS = " \t\n"
_RUN = rf"{FILLER}+(?:\n[ \t]*{FILLER}+)*"
_FILLED = re.compile(rf"^[ \t]*{_RUN}[ \t]*(?:\n|\Z)|{_RUN}", re.MULTILINE)
_MARK = "%%"
_NEXT = "next_comment"
# What may hide a %% from being a comment: an escape, code, HTML comments and tags, addresses.
_SPECIAL = re.compile(
    r"\\.|(?P<ticks>`+)|(?P<html><!--)|<[A-Za-z][^<>\n]*>|https?://[^\s<>]+|\]\([^()\s]*\)|(?P<mark>%%)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stretch of a leaf's text that is no comment."""

    after: int
    """Its offset without the comments; less than nothing if blanks that went with them begin it."""
    before: int
    """Its offset among the comments."""
    length: int


def comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Overwrite the comments that open in the leaf block at ``start_line``; consume lines they fill."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if silent or _next_mark(state, start) < 0:
        return False
    last = _last_leaf_line(state, start_line, end_line, "paragraph")
    fill_comments(state, start, state.eMarks[last])
    if table(
        state, start_line, end_line, True
    ):  # without its comments, that is; its rows end elsewhere
        last = _last_leaf_line(state, start_line, end_line, "blockquote")
        fill_comments(state, start, state.eMarks[last])
    return _consume(state, start_line, end_line)


def fill_comments(state: StateBlock, start: int, leaf_end: int) -> None:
    """Overwrite the comments that open in the leaf from ``start`` to ``leaf_end``, wherever they end."""
    source = state.src
    parts: list[str] = []
    position = done = start
    opened = _next_comment(source, position, leaf_end)
    while opened is not None:
        closing = source.find(_MARK, opened + 2)
        if closing < 0:
            if not _begins_line(source, opened):
                break
            report(
                state.env,
                Code.COMMENT_UNCLOSED,
                "this %% has no partner, so the rest of the note is hidden",
                opened,
            )
            closing = len(source)
        end = min(closing + 2, len(source))
        parts += (source[done:opened], _filler(source[opened:end]))
        position = done = end
        line_end = source.find("\n", position)
        leaf_end = max(leaf_end, len(source) if line_end < 0 else line_end)
        opened = _next_comment(source, position, leaf_end)
    if parts:  # once a leaf: each time copies the whole source
        state.src = state.env["source"] = source[:start] + "".join(parts) + source[done:]


def _next_mark(state: StateBlock, start: int) -> int:
    """Return where the next ``%%`` stands, or -1, looking at no part of the source twice."""
    known: int | None = state.env.get(_NEXT)
    if known is None or 0 <= known < start:
        known = state.env[_NEXT] = state.src.find(_MARK, start)
    return known


def without_comments(content: str) -> tuple[str, tuple[Kept, ...]]:
    """Return a leaf's text without filled characters, and what of it that is.

    Lines that held nothing else go whole; so do blanks at both ends.
    """
    kept: list[Kept] = []
    length = position = 0
    removed = [match.span() for match in _FILLED.finditer(content)]
    for start, end in (*removed, (len(content), len(content))):
        if start > position:
            kept.append(Kept(length, position, start - position))
            length += start - position
        position = end
    text = "".join(content[piece.before : piece.before + piece.length] for piece in kept)
    stripped = text.lstrip(_BLANKS)
    blanks = len(text) - len(stripped)
    return stripped.rstrip(_BLANKS), tuple(
        Kept(piece.after - blanks, piece.before, piece.length) for piece in kept
    )


def _last_leaf_line(state: StateBlock, start_line: int, end_line: int, chain: str) -> int:
    """Return the last line of the leaf that would begin at ``start_line``, which the rules of ``chain`` may end."""
    terminators = state.md.block.ruler.getRules(chain)
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


def _begins_line(source: str, offset: int) -> bool:
    line_start = source.rfind("\n", 0, offset) + 1
    return not re.sub(r"(?:[>\s]|[-*+]\s|\d{1,9}[.)]\s)+", "", source[line_start:offset])


def _filler(comment: str) -> str:
    """Return as many characters as ``comment`` has, keeping line ends and the marks of containers on further lines."""
    first, *further = comment.split("\n")
    filled = [FILLER * len(first)]
    for line in further:
        prefix = re.match(r"[ \t]*(?:>[ \t]?)*", line)
        kept = prefix[0] if prefix else ""
        filled.append(kept + FILLER * (len(line) - len(kept)))
    return "\n".join(filled)


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
