"""Functions of dates."""

from __future__ import annotations

from seedbed.bases.date_format import format_date
from seedbed.bases.functions.signature import Function, Table, limited_text, text_of
from seedbed.bases.reckoning import relative
from seedbed.bases.session import Session
from seedbed.bases.values import Date, FormulaError, Value

_LONGEST_LAYOUT = 1000


def _date(_: Session, date: Date) -> Value:
    return Date(date.moment.replace(hour=0, minute=0, second=0, microsecond=0), timed=False)


def _format(session: Session, date: Date, layout: Value) -> Value:
    tokens = text_of(layout)
    if len(tokens) > _LONGEST_LAYOUT:
        raise FormulaError("the format of a date is too long")
    session.spend(1 + len(tokens))
    return limited_text(format_date(date.moment, tokens))


def _time(_: Session, date: Date) -> Value:
    return f"{date.moment:%H:%M:%S}"


def _relative(session: Session, date: Date) -> Value:
    return relative(date.moment, session.now)


def _is_empty(_: Session, __: Date) -> Value:
    return False


DATE: Table = {
    "date": Function(_date),
    "format": Function(_format, 1, 1),
    "isEmpty": Function(_is_empty),
    "relative": Function(_relative),
    "time": Function(_time),
}


def field_of(date: Date, name: str) -> Value:
    """Return a field such as ``year``; nothing for any other name."""
    if name == "millisecond":
        return float(date.moment.microsecond // 1000)
    if name in DATE_FIELDS:
        return float(getattr(date.moment, name))
    return None


DATE_FIELDS = ("year", "month", "day", "hour", "minute", "second", "millisecond")
