"""What YAML reads in a note's properties -> the values of formulas.

Texts that are wikilinks become links, texts that are dates become dates, as in Obsidian, which knows a property's
type by how it looks. Separate because YAML can nest, repeat and circle; what comes out of here is small and finite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from seedbed.bases.reckoning import as_date, read_date
from seedbed.bases.values import Date, Link, Object, Tag, Value
from seedbed.text import fold

_WIKILINK = re.compile(r"!?\[\[(?P<target>[^\[\]|]+)(?:\|(?P<label>[^\[\]]*))?\]\]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_TAGS = frozenset({"tag", "tags"})
_MOST_VALUES = 5000
"""Of one property, counted as often as YAML's aliases repeat them."""
_DEEPEST = 12


def read_property(name: str, raw: Any, zone: datetime) -> Value:  # noqa: ANN401 -- whatever YAML holds
    """Return the value of a note's property; a time with a zone is told by the clock of ``zone``."""
    reader = _Reader(zone)
    return reader.tags(raw) if fold(name) in _TAGS else reader.value(raw, 0)


def read_link(text: str) -> Link | None:
    """Return the link that ``text`` is, if it is a wikilink and nothing else."""
    match = _WIKILINK.fullmatch(text.strip())
    if match is None:
        return None
    return Link(match["target"].strip().rstrip("\\"), match["label"] or None)


class _Reader:
    """Reads one property, as long as it does not grow beyond reason."""

    def __init__(self, zone: datetime) -> None:
        self._zone = zone
        self._left = _MOST_VALUES

    def tags(self, raw: Any) -> Value:  # noqa: ANN401 -- whatever YAML holds
        """Return the property ``tags``: a list, whether it was written as one or as text."""
        entries = re.split(r"[,\s]+", raw) if isinstance(raw, str) else raw
        if not isinstance(entries, list):
            return self.value(raw, 0)
        return tuple(
            Tag(str(entry).strip().lstrip("#"))
            for entry in entries[:_MOST_VALUES]
            if isinstance(entry, (str, int, float)) and str(entry).strip("# \t\n")
        )

    def value(self, raw: Any, depth: int) -> Value:  # noqa: ANN401, PLR0911 -- whatever YAML holds, one a type
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            return None
        match raw:
            case bool():
                return raw
            case int() | float():
                return _number(raw)
            case str():
                return _text(raw)
            case date():
                return as_date(raw, self._zone)
            case [[str(target)]] if target.strip() and not set(target) & set("[]|"):
                return Link(target.strip())  # what YAML makes of [[Note]] without quotes
            case list() | tuple():
                return tuple(self.value(item, depth + 1) for item in raw[: self._left + 1])
            case Mapping():
                return Object(
                    {str(name): self.value(item, depth + 1) for name, item in raw.items()}
                )
            case _:
                return None if raw is None else str(raw)


def _number(raw: float) -> float:
    try:
        return float(raw)
    except OverflowError:
        return float("inf") if raw > 0 else float("-inf")


def _text(raw: str) -> str | Link | Date:
    if link := read_link(raw):
        return link
    return (_DATE.fullmatch(raw) and read_date(raw)) or raw
