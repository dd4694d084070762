"""Whether a source would cost more time or memory than any diagram is worth, told before it is parsed.

merman has limits of its own, but some of its parsers unfold a source before they look at them: groups joined by
``&`` and nested blocks take the square of their number, and days that a Gantt chart leaves out are counted one by one.
"""

from __future__ import annotations

import re

_MOST_CHARACTERS = 50_000
"""Mermaid's own limit."""
_MOST_JOINTS = 300
_MOST_OPENED = 200
_MOST_KANBAN_LINES = 1_000
_MOST_DAYS = 100_000

_KIND = re.compile(r"^[ \t]*(gantt|kanban)\b", re.MULTILINE)
_OPENING = re.compile(r"^[ \t]*(?:block|namespace|subgraph)\b", re.MULTILINE)
_DURATION = re.compile(r"(\d{1,15})(?:\.\d*)?(ms|[yMwdhms])\b")
_YEAR = re.compile(r"\b\d{4,6}(?=-)")
_DAYS = {"y": 366, "M": 31, "w": 7, "d": 1, "h": 1 / 24, "m": 1 / 1440, "s": 1e-5, "ms": 1e-8}


def is_too_large(source: str) -> bool:
    """Whether ``source`` is not to be drawn."""
    if len(source) > _MOST_CHARACTERS or source.count("&") > _MOST_JOINTS:
        return True
    if len(_OPENING.findall(source)) > _MOST_OPENED:
        return True
    kinds = set(_KIND.findall(source))
    if "kanban" in kinds and source.count("\n") > _MOST_KANBAN_LINES:
        return True
    return "gantt" in kinds and "excludes" in source and _days(source) > _MOST_DAYS


def _days(source: str) -> float:
    """Return an upper bound of the days that a Gantt chart spans."""
    lasting = sum(int(number) * _DAYS[unit] for number, unit in _DURATION.findall(source))
    years = [int(year) for year in _YEAR.findall(source)]
    return lasting + (max(years) - min(years) if years else 0) * _DAYS["y"]
