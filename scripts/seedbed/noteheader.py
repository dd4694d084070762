"""What stands above a note's text: the trail of notes over it, its fields and tags, its properties.

Turns what a note says of itself into HTML. Values of properties are not Markdown: a text is shown as it is, but for
the links in it (OF-034, OF-036).
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from seedbed import properties
from seedbed.article import header_line
from seedbed.dates import MONTHS
from seedbed.dialect.fields import Field, links
from seedbed.dialect.wikilinks import leaves_the_vault
from seedbed.index import Index
from seedbed.maturity import Stage
from seedbed.nearby import Way
from seedbed.note import Note
from seedbed.notefooter import trail
from seedbed.pagelinks import ref_link, tag_link
from seedbed.properties import is_bare_wikilink
from seedbed.reading_time import minutes
from seedbed.text import NotePath, PageUri, TagName, fold, relative_uri
from seedbed.uris import tag_uri

SHOW = "show-properties"
"""The property by which an author asks for the table: ``true``, or the names to show."""

_NOT_SHOWN = frozenset(
    {SHOW, "publish", "draft", "permalink", "cssclasses", "cssclass", "dialect", "title"}
)
"""Properties that say how the note is published: shown only when they are asked for by name."""
_TAGS = frozenset({"tags", "tag"})
_DEEPEST = 8
"""Lists within lists beyond this are shown as JSON."""


def breadcrumbs(note: Note, index: Index) -> str:
    """Return the trail of notes above ``note``."""
    above = index.trail(note.path)
    steps = [Way(index.uri(path), index.title(path)) if path else None for path in above]
    return trail(steps, index.uri(note.path), "Upstream") if steps else ""


def header(note: Note, index: Index, *, with_properties: bool) -> str:
    """Return the compact header, fields with their links and then tags, and the table if it is asked for.

    ``with_properties`` says what holds for notes that do not say it themselves.
    """
    uri = index.uri(note.path)
    fields = [(entry.key, _field_values(entry, note, index)) for entry in note.header]
    names = _names(note, asked=with_properties)
    shown_elsewhere = {fold(tag) for entry in note.header for tag in entry.tags}
    if _TAGS & {name.lower() for name in names}:
        shown_elsewhere |= {fold(tag) for tag in note.stated_tags}
    stage = index.stage(note.path)
    marks = [_stage(stage, uri)] if stage else []
    if stage:
        shown_elsewhere.add(fold(stage.tag))
    tags = [tag_link(tag, uri) for tag in note.stated_tags if fold(tag) not in shown_elsewhere]
    line = header_line(fields, [*marks, *tags], _facts(note.path, index))
    return line + _properties(names, note, index)


def _stage(stage: Stage, uri: PageUri) -> str:
    """Return how ripe a note is, as a link from its page at ``uri`` to all others that are."""
    address = html.escape(relative_uri(tag_uri(stage.tag), uri))
    name = f'<span class="seedbed-unseen">Maturity: </span>{stage.tag}'
    return f'<a class="seedbed-maturity" href="{address}">{stage.picture}{name}</a>'


def _facts(path: NotePath, index: Index) -> list[str]:
    """Return when the note at ``path`` was written and how long it takes to read."""
    dates = index.dates(path)
    created, updated = dates.created, dates.updated
    said = [("Created", created)] if created else []
    if updated and (created is None or updated.date() > created.date()):
        said.append(("Updated", updated))
    facts = [f"<span>{word} {_day(moment)}</span>" for word, moment in said]
    document = index.document(path)
    taken = minutes(document.tokens) if isinstance(document, Note) else None
    if taken:
        facts.append(f'<span>{taken} min<span class="seedbed-unseen"> to read</span></span>')
    return [f'<span class="seedbed-facts">{" ".join(facts)}</span>'] if facts else []


def _day(moment: datetime) -> str:
    day = f"{moment.day} {MONTHS[moment.month - 1][:3]} {moment.year}"
    return f'<time datetime="{moment.date().isoformat()}">{day}</time>'


def _field_values(entry: Field, note: Note, index: Index) -> list[str]:
    tags = (tag_link(TagName(tag), index.uri(note.path)) for tag in entry.tags)
    return [*(ref_link(ref, note.path, index) for ref in entry.refs), *tags]


def _properties(names: list[str], note: Note, index: Index) -> str:
    values = ((name, _value(name, note.properties[name], note, index)) for name in names)
    rows = [
        f'<tr><th scope="row">{html.escape(name)}</th><td>{value}</td></tr>\n'
        for name, value in values
    ]
    if not rows:
        return ""
    return (
        '<table class="seedbed-properties" aria-label="Properties">\n<tbody>\n'
        f"{''.join(rows)}</tbody>\n</table>\n"
    )


def _names(note: Note, *, asked: bool) -> list[str]:
    """Return the properties to show: those that the note names, or all that say something of it."""
    wanted = properties.value(note.properties, SHOW)
    wanted = asked if wanted is None else wanted
    if isinstance(wanted, str):
        wanted = [wanted]
    if isinstance(wanted, list):
        asked_for = [fold(str(name)) for name in wanted]
        named = [name for name in note.properties if fold(name) in asked_for]
        return sorted(named, key=lambda name: asked_for.index(fold(name)))
    shown = (name for name in note.properties if name.lower() not in _NOT_SHOWN)
    return list(shown) if wanted is True else []


def _value(name: str, value: Any, note: Note, index: Index) -> str:  # noqa: ANN401 -- whatever YAML holds
    if isinstance(value, bool):
        checked = " checked" if value else ""
        return f'<input type="checkbox" aria-label="{html.escape(name)}" disabled{checked}>'
    if name.lower() in _TAGS:
        return " ".join(tag_link(tag, index.uri(note.path)) for tag in _own_tags(value, note))
    return ", ".join(_entries(value, note, index, _DEEPEST))


def _own_tags(value: Any, note: Note) -> Iterator[TagName]:  # noqa: ANN401 -- whatever YAML holds
    written = {fold(str(entry).lstrip("#")) for entry in (value if isinstance(value, list) else [])}
    if isinstance(value, str):
        written = {fold(entry.lstrip("#")) for entry in value.replace(",", " ").split()}
    return (tag for tag in note.stated_tags if fold(tag) in written)


def _entries(value: Any, note: Note, index: Index, depth: int) -> Iterator[str]:  # noqa: ANN401 -- whatever YAML holds
    if value is None:
        return
    if isinstance(value, str):
        yield _text(value, note, index)
    elif isinstance(value, datetime):
        yield f'<time datetime="{value.isoformat()}">{value:%Y-%m-%d %H:%M}</time>'
    elif isinstance(value, date):
        yield f'<time datetime="{value.isoformat()}">{value.isoformat()}</time>'
    elif isinstance(value, list) and is_bare_wikilink(value):
        yield _text(f"[[{value[0][0]}]]", note, index)
    elif isinstance(value, list) and depth:
        for entry in value:
            yield from _entries(entry, note, index, depth - 1)
    elif isinstance(value, (list, dict)):
        shown = json.dumps(value, ensure_ascii=False, default=str, skipkeys=True)
        yield f"<code>{html.escape(shown)}</code>"
    else:
        yield html.escape(str(value).lower() if isinstance(value, bool) else str(value))


def _text(value: str, note: Note, index: Index) -> str:
    """Return a text with its links; an address that is all of it is one too."""
    if (
        value.startswith(("https://", "http://"))
        and leaves_the_vault(value)
        and not value.split()[1:]
    ):
        address = html.escape(value.strip())
        return f'<a href="{address}">{address}</a>'
    parts: list[str] = []
    position = 0
    for ref in links(value, 0):
        parts += (html.escape(value[position : ref.span.start]), ref_link(ref, note.path, index))
        position = ref.span.end
    return "".join((*parts, html.escape(value[position:])))
