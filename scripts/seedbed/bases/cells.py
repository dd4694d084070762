"""One value -> the HTML that shows it.

Links, tags, images and Markdown are the page's to write, which the ``Writer`` does; everything else is here.
Separate because tables, cards and lists show values alike.
"""

from __future__ import annotations

import html
import re

from seedbed.bases.definition import PropertyId
from seedbed.bases.file import File, Writer
from seedbed.bases.results import Result
from seedbed.bases.session import Session
from seedbed.bases.values import (
    DEEPEST,
    Date,
    Duration,
    Failure,
    FormulaError,
    Html,
    Icon,
    Image,
    Link,
    Object,
    Tag,
    Value,
    as_text,
    date_text,
    duration_text,
    is_empty,
    number_text,
)

_PLAIN = re.compile(r"(?!www\.)[^\W_]+(?:[ ,.'-]{1,2}[^\W_]+)*")
"""Text in which Markdown finds nothing: words and what stands between them."""
_MOST_PARTS = 500
_NAMES = frozenset({"name", "basename", "file"})


class Cells:
    """Writes values for one view."""

    def __init__(self, session: Session, writer: Writer) -> None:
        self._session = session
        self._writer = writer

    def of(self, result: Result, wanted: PropertyId) -> str:
        """Return a property of a row; the name of a file is a link to it."""
        if wanted.kind == "file" and wanted.name in _NAMES:
            return self.file(result.file)
        value = result.values.get(wanted)
        if wanted.kind == "file" and isinstance(value, str):
            return html.escape(value)
        return self.html(value)

    def file(self, file: File, label: str | None = None) -> str:
        """Return a link to a file."""
        name = file.basename if file.extension == "md" else file.name
        return self._writer.link(file.path, label or name)

    def title(self, result: Result, wanted: PropertyId) -> str:
        """Return a property of a row as the heading of its card, which leads to the file."""
        value = result.values.get(wanted)
        is_name = wanted.kind == "file" and wanted.name in _NAMES
        if is_name or value is None or isinstance(value, Failure | tuple | Object | Html | Image):
            return self.file(result.file)
        return self.file(result.file, _label(value))

    def html(self, value: Value | Failure) -> str:
        """Return any value, or the mark of one that could not be computed."""
        if isinstance(value, Failure):
            return f'<span class="seedbed-base__error" title="{html.escape(value.message)}">error</span>'
        try:
            return self._write(value, [_MOST_PARTS], 0)
        except FormulaError as error:
            return self.html(Failure(error.message))

    def image(self, value: Value | Failure, alt: str) -> str | None:
        """Return an image that a value names, if it names one."""
        if isinstance(value, tuple) and value:
            value = value[0]
        match value:
            case Image(source=source) | Link(target=source):
                return self._writer.image(source, alt)
            case File(path=path):
                return self._writer.image(path, alt)
            case str() if value.strip():
                return self._writer.image(value.strip(), alt)
            case _:
                return None

    def _write(self, value: Value, left: list[int], depth: int) -> str:  # noqa: PLR0911 -- one a type
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST:
            return "…"
        match value:
            case tuple():
                items = [
                    self._write(item, left, depth + 1)
                    for item in value[: max(left[0], 0) + 1]
                    if not is_empty(item)
                ]
                return (" " if all(isinstance(each, Tag) for each in value) else ", ").join(items)
            case Object(members=members):
                return ", ".join(
                    f"{html.escape(name)}: {self._write(member, left, depth + 1)}"
                    for name, member in list(members.items())[: max(left[0], 0) + 1]
                )
            case Tag():
                return self._writer.tag(value.lstrip("#"))
            case File():
                return self.file(value)
            case Link():
                return self._link(value)
            case str():
                return (
                    html.escape(value, quote=False)
                    if _PLAIN.fullmatch(value)
                    else self._writer.inline(value)
                )
            case Html(source=source):
                return self._writer.inline(source)
            case Image(source=source):
                return self._writer.image(source, "") or self._missing(source)
            case _:
                return _scalar(value)

    def _link(self, link: Link) -> str:
        if link.label is None and link.target in self._session.files:
            return self.file(self._session.files[link.target])
        return self._writer.link(link.target, link.label)

    def _missing(self, source: str) -> str:
        return f'<span class="missing-link" title="no such image">{html.escape(source)}</span>'


def _label(value: Value) -> str | None:
    """Return a value as the text of a link, unless it says nothing or too much."""
    try:
        return as_text(value).strip() or None
    except FormulaError:
        return None


def _scalar(value: Value) -> str:  # noqa: PLR0911 -- one a type
    match value:
        case bool():
            said = "yes" if value else "no"
            checked = " checked" if value else ""
            return f'<input type="checkbox" disabled aria-label="{said}"{checked}>'
        case float():
            return number_text(value)
        case Date(moment=moment, timed=timed):
            shown = date_text(value).removesuffix(f":{moment:%S}") if timed else date_text(value)
            machine = moment.isoformat(timespec="seconds") if timed else moment.date().isoformat()
            return f'<time datetime="{machine}">{shown}</time>'
        case Duration():
            return duration_text(value)
        case Icon(name=name):
            return f'<span class="seedbed-base__icon">{html.escape(name)}</span>'
        case None:
            return ""
        case _:
            return f"<code>{html.escape(as_text(value))}</code>"
