"""A whole note as HTML: its title, then its header lines in one, then its text.

A page of the site shows more between the title and the text, and writes its header itself, in the shape given here.
Where a note is shown without that page, embedded or alone, its header lines are all that tells of its fields and tags.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from seedbed.article import links
from seedbed.article.inlines import tag_mark
from seedbed.article.scope import Scope, WriteRange
from seedbed.note import Note
from seedbed.text import fold

_TITLE_TOKENS = 3


def text_start(note: Note) -> int:
    """Return the index of the first token after the heading that opens ``note``."""
    return _TITLE_TOKENS if note.opens_with_title else 0


def write(scope: Scope, write_range: WriteRange) -> str:
    """Return the scope's note, but for its footnotes."""
    start = text_start(scope.note)
    title = write_range(scope, 0, start) if start else ""
    return title + header(scope) + write_range(scope, start, len(scope.tokens))


def header(scope: Scope) -> str:
    """Return the header lines of the scope's note."""
    lines = scope.note.header_lines
    if lines is None:
        return ""
    fields = [
        (
            field.key,
            [
                *(links.reference(scope, ref) for ref in field.refs),
                *(tag_mark(scope, tag) for tag in field.tags),
            ],
        )
        for field in lines.fields
    ]
    in_fields = {fold(tag) for field in lines.fields for tag in field.tags}
    distinct = {fold(tag): tag for tag in reversed(lines.tags) if fold(tag) not in in_fields}
    return header_line(fields, [tag_mark(scope, tag) for tag in reversed(distinct.values())])


def header_line(
    fields: Iterable[tuple[str, Sequence[str]]], tags: Sequence[str], further: Sequence[str] = ()
) -> str:
    """Return fields, each a key and its values as HTML, tags, and what else there is, as one line."""
    parts = [_field(key, values) for key, values in fields]
    if tags:
        parts.append(f'<span class="seedbed-tags">{" ".join(tags)}</span>')
    parts += further
    return f'<div class="seedbed-header">{" ".join(parts)}</div>\n' if parts else ""


def _field(key: str, values: Sequence[str]) -> str:
    name = f'<span class="seedbed-key">{html.escape(key)}:</span>'
    return f'<span class="seedbed-field">{name} {", ".join(values)}</span>'
