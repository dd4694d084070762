"""A moment, laid out by the tokens of Moment.js: ``YYYY-MM-DD`` and its kin, in English.

Separate because the tokens are a small language of their own.
https://momentjs.com/docs/#/displaying/format/
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from seedbed.bases.reckoning import EPOCH

_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_TOKEN = re.compile(
    r"\[([^\[\]]*)\]|\\(.)|YYYY|YY|Y|gggg|gg|GGGG|GG|Qo|Q|MMMM|MMM|MM|Mo|M|DDDD|DDDo|DDD|DD|Do|D|dddd|ddd|dd|do|d"
    r"|e|E|wo|ww|w|Wo|WW|W|A|a|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|ZZ|Z|X|x|LTS|LT|LLLL|LLL|LL|L|llll|lll|ll|l",
    re.DOTALL,
)
_LONG_FORMATS = {
    "LT": "h:mm A",
    "LTS": "h:mm:ss A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}


def format_date(moment: datetime, layout: str) -> str:
    """Return ``moment`` laid out by Moment's tokens, in English; ``[…]`` and other text stay as they are."""

    def write(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        if match[2] is not None:
            return match[2]
        token = match[0]
        if token in _LONG_FORMATS:
            return format_date(moment, _LONG_FORMATS[token])
        if token.startswith("S"):
            return f"{moment.microsecond:06}".ljust(9, "0")[: len(token)]
        return _TOKENS[token](moment)

    return _TOKEN.sub(write, layout)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _sunday_week(moment: datetime) -> tuple[int, int]:
    """Return year and week as they are counted in English: week 1 holds January 1, weeks begin on Sundays."""
    saturday = moment.toordinal() + 6 - moment.isoweekday() % 7
    year = date.fromordinal(min(saturday, date.max.toordinal())).year
    first = date(year, 1, 1)
    return year, (saturday - 6 - (first.toordinal() - first.isoweekday() % 7)) // 7 + 1


def _clock12(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _quarter(moment: datetime) -> int:
    return (moment.month + 2) // 3


def _day_of_year(moment: datetime) -> int:
    return moment.timetuple().tm_yday


_TOKENS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda moment: f"{moment.year:04}",
    "YY": lambda moment: f"{moment.year % 100:02}",
    "Y": lambda moment: str(moment.year),
    "gggg": lambda moment: f"{_sunday_week(moment)[0]:04}",
    "gg": lambda moment: f"{_sunday_week(moment)[0] % 100:02}",
    "GGGG": lambda moment: f"{moment.isocalendar().year:04}",
    "GG": lambda moment: f"{moment.isocalendar().year % 100:02}",
    "Q": lambda moment: str(_quarter(moment)),
    "Qo": lambda moment: _ordinal(_quarter(moment)),
    "MMMM": lambda moment: _MONTH_NAMES[moment.month - 1],
    "MMM": lambda moment: _MONTH_NAMES[moment.month - 1][:3],
    "MM": lambda moment: f"{moment.month:02}",
    "Mo": lambda moment: _ordinal(moment.month),
    "M": lambda moment: str(moment.month),
    "DDDD": lambda moment: f"{_day_of_year(moment):03}",
    "DDDo": lambda moment: _ordinal(_day_of_year(moment)),
    "DDD": lambda moment: str(_day_of_year(moment)),
    "DD": lambda moment: f"{moment.day:02}",
    "Do": lambda moment: _ordinal(moment.day),
    "D": lambda moment: str(moment.day),
    "dddd": lambda moment: _DAY_NAMES[moment.isoweekday() % 7],
    "ddd": lambda moment: _DAY_NAMES[moment.isoweekday() % 7][:3],
    "dd": lambda moment: _DAY_NAMES[moment.isoweekday() % 7][:2],
    "do": lambda moment: _ordinal(moment.isoweekday() % 7),
    "d": lambda moment: str(moment.isoweekday() % 7),
    "e": lambda moment: str(moment.isoweekday() % 7),
    "E": lambda moment: str(moment.isoweekday()),
    "wo": lambda moment: _ordinal(_sunday_week(moment)[1]),
    "ww": lambda moment: f"{_sunday_week(moment)[1]:02}",
    "w": lambda moment: str(_sunday_week(moment)[1]),
    "Wo": lambda moment: _ordinal(moment.isocalendar().week),
    "WW": lambda moment: f"{moment.isocalendar().week:02}",
    "W": lambda moment: str(moment.isocalendar().week),
    "A": lambda moment: "PM" if moment.hour >= 12 else "AM",  # noqa: PLR2004 -- noon
    "a": lambda moment: "pm" if moment.hour >= 12 else "am",  # noqa: PLR2004 -- noon
    "HH": lambda moment: f"{moment.hour:02}",
    "H": lambda moment: str(moment.hour),
    "hh": lambda moment: f"{_clock12(moment):02}",
    "h": lambda moment: str(_clock12(moment)),
    "kk": lambda moment: f"{moment.hour or 24:02}",
    "k": lambda moment: str(moment.hour or 24),
    "mm": lambda moment: f"{moment.minute:02}",
    "m": lambda moment: str(moment.minute),
    "ss": lambda moment: f"{moment.second:02}",
    "s": lambda moment: str(moment.second),
    "Z": lambda _: "+00:00",
    "ZZ": lambda _: "+0000",
    "X": lambda moment: str(math.floor((moment - EPOCH) / timedelta(seconds=1))),
    "x": lambda moment: str(math.floor((moment - EPOCH) / timedelta(milliseconds=1))),
}
