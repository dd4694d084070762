"""The header form: lines of tags, fields and rules before the first heading of a note.

Zettelkasten notes begin ``#seed``, ``upstream: [[Deep Learning]]``, ``---``, ``**links**:``. Such lines are
metadata, which is shown in one line. A field counts only if its value is empty or made of links and tags: ``Note:
keep this`` is a sentence (OF-025). Reads source text before the parser sees it, since CommonMark would take
``field: …`` over ``---`` for a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seedbed.dialect.tags import only_tags
from seedbed.dialect.wikilinks import Ref, is_address, markdown_ref, parse_ref
from seedbed.text import Span

_FIELD = re.compile(
    r"[ \t]*(?P<bold>\*\*|__)?(?P<key>[^\W\d_][\w -]{0,39}?)"
    r"(?(bold)(?:(?P=bold)[ \t]*::?|::?[ \t]*(?P=bold))|[ \t]*::?)"
    r"(?P<value>[ \t].*)?"
)
_RULE = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})")
_LINK = re.compile(
    r"\[\[(?P<inner>[^\[\]\n]+)\]\]|\[(?P<label>[^\[\]\n]*)\]\((?P<target>[^()\n]*)\)"
)
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)", re.MULTILINE)
_BETWEEN_LINKS = re.compile(r"[\s,;·|&+-]*")


@dataclass(frozen=True, slots=True)
class Field:
    """One ``key: value`` line of a header."""

    key: str
    refs: tuple[Ref, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata lines at the top of a note's text."""

    tags: tuple[str, ...]
    """Tags that stood on lines of their own."""
    fields: tuple[Field, ...]
    """Every field that has a value, in order."""
    span: Span
    """The lines themselves; they are no part of the text."""
    ends_with_rule: bool = False
    """A rule sets it off from the text."""


def read_header(source: str, start: int) -> Header | None:
    """Return the header that begins at ``start``; None if no tag or field stands there.

    A field without a value may as well be a sentence (``Things to buy:``), so it belongs to the header only if
    that reaches to a heading or ends with a rule.
    """
    header = _run(source, start, len(source), with_empty_fields=True)
    if header is not None and not _is_delimited(source, header.span):
        header = _run(source, start, _after_last_rule(source, header.span), with_empty_fields=True)
    return header or _run(source, start, len(source), with_empty_fields=False)


def _run(source: str, start: int, stop: int, *, with_empty_fields: bool) -> Header | None:
    """Return the longest run of header lines from ``start`` that ends before ``stop``.

    A rule belongs to it right after a field or between two; any other is the text's.
    """
    tags: list[str] = []
    fields: list[Field] = []
    end = start
    follows_field = ends_with_rule = rule_waits = False
    for offset, line in _lines(source, start, stop):
        if not line.strip():
            continue
        field = _field(line, offset)
        if _RULE.fullmatch(line):
            if end == start:
                break
            if not follows_field:
                rule_waits = True
                continue
            follows_field, ends_with_rule = False, True
        elif line_tags := only_tags(line):
            if rule_waits:
                break
            tags.extend(line_tags)
            ends_with_rule = False
        elif field is not None and (field.refs or field.tags or with_empty_fields):
            fields += [field] if field.refs or field.tags else []
            follows_field, ends_with_rule, rule_waits = True, False, False
        else:
            break
        end = min(offset + len(line) + 1, len(source))
    if end == start:
        return None
    return Header(tuple(tags), tuple(fields), Span(start, end), ends_with_rule)


def _lines(source: str, start: int, stop: int) -> Iterator[tuple[int, str]]:
    """Yield each line that begins before ``stop``, and its offset."""
    while start < stop:
        end = source.find("\n", start)
        end = len(source) if end < 0 else end
        yield start, source[start:end]
        start = end + 1


def _is_delimited(source: str, header: Span) -> bool:
    """Whether a heading follows the header, a rule ends it, or the note has nothing else."""
    rest = source[header.end :]
    last = source[header.start : header.end].rstrip().rpartition("\n")[2]
    return (
        not rest.strip()
        or _HEADING.match(rest.lstrip("\n")) is not None
        or _RULE.fullmatch(last) is not None
    )


def _after_last_rule(source: str, header: Span) -> int:
    """Return the offset after the last rule among the header's lines; its start if there is none."""
    end = position = header.start
    for line in source[header.start : header.end].split("\n"):
        position += len(line) + 1
        if _RULE.fullmatch(line):
            end = min(position, header.end)
    return end


def links(text: str, offset: int) -> tuple[Ref, ...]:
    """Return the links in ``text``, a stretch of a note's source that begins at ``offset``."""
    if "[" not in text:
        return ()
    found = []
    for match in _LINK.finditer(text):
        span = Span(offset + match.start(), offset + match.end())
        if match["inner"]:
            to_web = is_address(match["inner"])
            ref = None if to_web else parse_ref(match["inner"], span, embed=False)
        else:
            ref = markdown_ref(
                match["target"].strip("<>"), span, match["label"] or None, embed=False
            )
        if ref is not None:
            found.append(ref)
    return tuple(found)


def _field(line: str, start: int) -> Field | None:
    match = _FIELD.fullmatch(line)
    if match is None:
        return None
    value = match["value"] or ""
    key = match["key"].strip()
    if not value.strip():
        return Field(key, (), ())
    if tags := only_tags(value):
        return Field(key, (), tags)
    refs = links(value, start + match.start("value"))
    if refs and _BETWEEN_LINKS.fullmatch(_LINK.sub("", value)):
        return Field(key, refs, ())
    return None
