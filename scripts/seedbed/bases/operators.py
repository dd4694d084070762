"""What the operators make of two values.

Arithmetic of numbers, dates and durations, joining of texts, and comparison. Reckoning with a property that a note
lacks gives nothing, so a cell stays empty where JavaScript would show ``NaN``. Separate from the evaluator, which
decides only what is computed and when.
"""

from __future__ import annotations

import math

from seedbed.bases.comparison import are_equal, is_less, numeric
from seedbed.bases.functions.signature import limited_text, named
from seedbed.bases.reckoning import (
    later,
    milliseconds_between,
    read_date,
    read_duration,
    total_milliseconds,
)
from seedbed.bases.session import Session
from seedbed.bases.values import Date, Duration, FormulaError, Value, as_text, type_name

_ARITHMETIC = frozenset("+-*/%")
_VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "divide"}


def apply(session: Session, operator: str, left: Value, right: Value) -> Value:
    """Return ``left operator right``; ``&&`` and ``||`` are the evaluator's."""
    if operator in _ARITHMETIC:
        return _reckoned(session, operator, left, right)
    if operator in {"==", "!="}:
        return are_equal(session, left, right) == (operator == "==")
    if operator in {"<", ">="}:
        less = is_less(left, right)
        return less is not None and less == (operator == "<")
    more = is_less(right, left)
    return more is not None and more == (operator == ">")


def negated(value: Value) -> Value:
    """Return ``-value``."""
    match value:
        case None:
            return None
        case Duration(months=months, milliseconds=milliseconds):
            return Duration(-months, -milliseconds)
        case _:
            number = _number(value)
            if number is None:
                raise FormulaError(f"cannot negate {named(value)}")
            return -number


def _reckoned(session: Session, operator: str, left: Value, right: Value) -> Value:
    if isinstance(left, Date) or (isinstance(right, Date) and not isinstance(left, str)):
        return _with_date(operator, left, right)
    if isinstance(left, Duration) or isinstance(right, Duration):
        return _with_duration(operator, left, right)
    one, other = _number(left), _number(right)
    if operator == "+" and (one is None or other is None or _are_texts(left, right)):
        if left is None or right is None:
            return _beside_nothing(left if right is None else right, operand_is_last=left is None)
        return _joined(session, left, right)
    if left is None or right is None:
        return None
    if one is None or other is None:
        culprit = left if one is None else right
        raise FormulaError(f"cannot {_VERBS[operator]} with {named(culprit)}")
    return _computed(operator, one, other)


def _are_texts(left: Value, right: Value) -> bool:
    return isinstance(left, str) or isinstance(right, str)


def _beside_nothing(value: Value, *, operand_is_last: bool) -> Value:
    """Return a text with nothing added: itself; a number, or a duration behind a lacking date, is nothing."""
    if operand_is_last and isinstance(value, str) and read_duration(value) is not None:
        return None
    return as_text(value) if type_name(value) in {"string", "link", "list"} else None


def _joined(session: Session, left: Value, right: Value) -> str:
    text = as_text(left) + as_text(right)
    session.spend_on_text(len(text))
    return limited_text(text)


def _number(value: Value) -> float | None:
    match value:
        case bool():
            return float(value)
        case float():
            return value
        case str():
            return numeric(value)
        case _:
            return None


def _computed(operator: str, one: float, other: float) -> float:
    """Return the result as JavaScript has it, infinities and all."""
    match operator:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case "/" if other == 0:
            return (
                math.nan
                if one == 0 or math.isnan(one)
                else math.copysign(math.inf, one) * (math.copysign(1, other))
            )
        case "/":
            return one / other
        case _:
            return math.nan if other == 0 or not math.isfinite(one) else math.fmod(one, other)


def _with_date(operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if operator == "-" and isinstance(left, Date):
        end = read_date(right) if isinstance(right, str) else right
        if isinstance(end, Date):
            return milliseconds_between(end, left)
    if isinstance(left, Date) and operator in {"+", "-"}:
        sign = 1 if operator == "+" else -1
        duration = _as_duration(right)
        if duration is not None:
            return later(left, duration, sign)
    if isinstance(right, Date) and operator == "+":
        duration = _as_duration(left)
        if duration is not None:
            return later(right, duration)
    if operator == "+" and _are_texts(left, right):
        return as_text(left) + as_text(right)
    culprit = right if isinstance(left, Date) else left
    raise FormulaError(f"cannot {_VERBS[operator]} a date and {named(culprit)}")


def _as_duration(value: Value) -> Duration | None:
    match value:
        case Duration():
            return value
        case str():
            return read_duration(value)
        case float() if math.isfinite(value):
            return Duration(milliseconds=value)
        case _:
            return None


def _with_duration(operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    one = read_duration(left) if isinstance(left, str) else left
    other = read_duration(right) if isinstance(right, str) else right
    if isinstance(one, Duration) and isinstance(other, Duration):
        if operator in {"+", "-"}:
            sign = 1 if operator == "+" else -1
            return Duration(
                one.months + sign * other.months, one.milliseconds + sign * other.milliseconds
            )
        if operator == "/":
            return _computed("/", total_milliseconds(one), total_milliseconds(other))
    if operator == "+" and _are_texts(left, right):
        return as_text(left) + as_text(right)
    number = _number(right)
    if isinstance(one, Duration) and number is not None and operator in {"*", "/"}:
        return Duration(
            _computed(operator, one.months, number), _computed(operator, one.milliseconds, number)
        )
    culprit = right if isinstance(left, Duration) else left
    raise FormulaError(f"cannot {_VERBS[operator]} a duration and {named(culprit)}")
