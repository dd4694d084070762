"""Global functions, and those of any value."""

from __future__ import annotations

import html
from datetime import time

from seedbed.bases.comparison import numeric
from seedbed.bases.file import File
from seedbed.bases.functions.signature import (
    Function,
    Table,
    limited_text,
    named,
    number_of,
    text_of,
)
from seedbed.bases.property_values import read_link
from seedbed.bases.reckoning import (
    epoch_milliseconds,
    from_epoch,
    read_date,
    read_duration,
    total_milliseconds,
)
from seedbed.bases.session import Session
from seedbed.bases.values import (
    Date,
    Duration,
    FormulaError,
    Html,
    Icon,
    Image,
    Link,
    Value,
    is_empty,
    is_truthy,
    type_name,
)

_MOST_SHOWN = 40


def _escape_html(_: Session, text: Value) -> Value:
    return limited_text(html.escape(text_of(text)))


def _date(_: Session, value: Value) -> Value:
    match value:
        case None | Date():
            return value
        case float():
            return from_epoch(value)
        case _:
            written = text_of(value)
            date = read_date(written)
            if date is None and written.strip():
                raise FormulaError(f'"{_short(written)}" is no date as YYYY-MM-DD HH:mm:ss')
            return date


def _duration(_: Session, value: Value) -> Value:
    if value is None or isinstance(value, Duration):
        return value
    written = text_of(value)
    duration = read_duration(written)
    if duration is None:
        raise FormulaError(f'"{_short(written)}" is no duration such as "2 weeks"')
    return duration


def _file(session: Session, value: Value) -> Value:
    match value:
        case None | File():
            return value
        case str() | Link():
            return session.file_of(read_link(value) or value if isinstance(value, str) else value)
        case _:
            raise FormulaError(f"a file or its path is needed, not {named(value)}")


def _html(_: Session, source: Value) -> Value:
    return None if source is None else Html(text_of(source))


def _image(_: Session, source: Value) -> Value:
    return None if is_empty(source) else Image(_address(source))


def _icon(_: Session, name: Value) -> Value:
    return None if is_empty(name) else Icon(text_of(name))


def _link(_: Session, path: Value, display: Value = None) -> Value:
    if is_empty(path):
        return None
    label = None if display is None else text_of(display)
    written = path if isinstance(path, Link) else read_link(text_of(path))
    if written is not None:
        return Link(written.target, label if label is not None else written.label)
    return Link(_address(path), label)


def _address(value: Value) -> str:
    """Return what a value leads to: a link's target, a file's path, or what a text says."""
    if isinstance(value, str):
        link = read_link(value)
        return link.target if link else str(value)
    return value.target if isinstance(value, Link) else text_of(value)


def _list(_: Session, element: Value) -> Value:
    return element if isinstance(element, tuple) else (element,)


def _numbers(values: tuple[Value, ...]) -> list[float]:
    inner = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
    return [number_of(value) for value in inner if value is not None]


def _max(session: Session, *values: Value) -> Value:
    session.spend(len(values))
    return max(_numbers(values), default=None)


def _min(session: Session, *values: Value) -> Value:
    session.spend(len(values))
    return min(_numbers(values), default=None)


def _now(session: Session) -> Value:
    return Date(session.now)


def _today(session: Session) -> Value:
    return Date(session.now.combine(session.now, time()), timed=False)


def _number(_: Session, value: Value) -> Value:
    match value:
        case None:
            return None
        case bool() | float():
            return float(value)
        case Date():
            return epoch_milliseconds(value)
        case Duration():
            return total_milliseconds(value)
        case _:
            written = text_of(value)
            number = numeric(written)
            if number is None:
                raise FormulaError(f'"{_short(written)}" is no number')
            return number


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


GLOBAL: Table = {
    "date": Function(_date, 1, 1),
    "duration": Function(_duration, 1, 1),
    "escapeHTML": Function(_escape_html, 1, 1),
    "file": Function(_file, 1, 1),
    "html": Function(_html, 1, 1),
    "icon": Function(_icon, 1, 1),
    "image": Function(_image, 1, 1),
    "link": Function(_link, 1, 2),
    "list": Function(_list, 1, 1),
    "max": Function(_max, 1, None),
    "min": Function(_min, 1, None),
    "now": Function(_now),
    "number": Function(_number, 1, 1),
    "today": Function(_today),
}


def _is_truthy(_: Session, value: Value) -> Value:
    return is_truthy(value)


def _is_type(_: Session, value: Value, name: Value) -> Value:
    return type_name(value) == text_of(name).strip().lower()


def _to_string(_: Session, value: Value) -> Value:
    return text_of(value)


def _is_empty(_: Session, value: Value) -> Value:
    return is_empty(value)


ANY: Table = {
    "isEmpty": Function(_is_empty),
    "isTruthy": Function(_is_truthy),
    "isType": Function(_is_type, 1, 1),
    "toString": Function(_to_string),
}
