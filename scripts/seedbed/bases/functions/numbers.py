"""Functions of numbers."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext

from seedbed.bases.functions.signature import Function, Table, count_of
from seedbed.bases.session import Session
from seedbed.bases.values import FormulaError, Value, number_text

_MOST_DECIMALS = 100
_MOST_DIGITS = 15
_LARGEST_FIXED = 1e21
_PRECISION = 200


def _abs(_: Session, number: float) -> Value:
    return abs(number)


def _ceil(_: Session, number: float) -> Value:
    return float(math.ceil(number)) if math.isfinite(number) else number


def _floor(_: Session, number: float) -> Value:
    return float(math.floor(number)) if math.isfinite(number) else number


def _is_empty(_: Session, __: float) -> Value:
    return False


def _round(_: Session, number: float, digits: Value = None) -> Value:
    return rounded(number, 0 if digits is None else count_of(digits, _MOST_DIGITS))


def rounded(number: float, digits: int) -> float:
    """Return ``number`` to so many decimal places; halves go up, as in JavaScript."""
    if not math.isfinite(number):
        return number
    step = Decimal(1).scaleb(-digits)
    with localcontext() as arithmetic:
        arithmetic.prec = 400
        whole = (Decimal(repr(number)) / step + Decimal("0.5")).to_integral_value("ROUND_FLOOR")
        return float(whole * step)


def _to_fixed(_: Session, number: float, precision: Value = None) -> Value:
    decimals = 0 if precision is None else count_of(precision, _MOST_DECIMALS + 1)
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise FormulaError(f"toFixed() takes a number of decimals from 0 to {_MOST_DECIMALS}")
    if not math.isfinite(number) or abs(number) >= _LARGEST_FIXED:
        return number_text(number)
    with localcontext() as arithmetic:
        arithmetic.prec = _PRECISION
        fixed = Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return format(fixed, "f")


NUMBER: Table = {
    "abs": Function(_abs),
    "ceil": Function(_ceil),
    "floor": Function(_floor),
    "isEmpty": Function(_is_empty),
    "round": Function(_round, 0, 1),
    "toFixed": Function(_to_fixed, 0, 1),
}
