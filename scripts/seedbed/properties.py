"""The properties of a note: the YAML (or JSON) between its first two ``---`` lines.

Turns that block into plain values; a block that cannot be read costs the properties, never the note. Rules
OF-020 to OF-037. Values that Seedbed itself uses are read through the functions below, which accept every
spelling Obsidian accepts and ignore the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import yaml

from seedbed.dialect.tags import is_tag
from seedbed.text import Span, fold

Properties = Mapping[str, Any]
"""Names to values as YAML reads them; every name is text."""

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_UNREADABLE = (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError, AttributeError)
_NUMBER_START = "-+.0123456789"
_SCALARS = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list(_NUMBER_START)),
    "float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list(_NUMBER_START),
    ),
    "timestamp": (
        r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[-+]\d{2}:\d{2})?)?",
        list(_NUMBER_START),
    ),
}
"""Plain scalars that are no text, and what they begin with: YAML 1.2's, and dates as Obsidian knows them."""
_RADIX = {"0o": 8, "0x": 16}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML 1.2, as Obsidian does: ``No``, ``On`` and ``12:30`` are text, where YAML 1.1 has values."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def _integer(loader: Any, node: yaml.ScalarNode) -> int | str:  # noqa: ANN401 -- in C or in Python
    written: str = loader.construct_scalar(node)
    try:
        return int(written[2:], _RADIX[written[:2]]) if written[:2] in _RADIX else int(written)
    except ValueError:  # more digits than Python turns into a number
        return written


def _date(loader: Any, node: yaml.ScalarNode) -> date | str:  # noqa: ANN401 -- in C or in Python
    written: str = loader.construct_scalar(node)
    try:
        return (
            datetime.fromisoformat(written)
            if len(written) > len("2000-01-01")
            else date.fromisoformat(written)
        )
    except ValueError:  # no such day
        return written


for _kind, (_pattern, _beginnings) in _SCALARS.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_pattern})\Z"), _beginnings
    )
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


@dataclass(frozen=True, slots=True)
class Block:
    """A properties block as found in a note."""

    values: Properties
    span: Span
    """The block with both of its ``---`` lines; empty if the note has none."""
    error: tuple[str, int] | None = None
    """What is wrong with the YAML, and the offset where."""
    unclosed: bool = False


def read_block(source: str) -> Block:
    """Return the properties at the top of ``source``."""
    opening = _FENCE.match(source)
    if opening is None:
        return Block({}, Span(0, 0))
    closing = _CLOSING.search(source, opening.end())
    if closing is None:
        return Block({}, Span(0, 0), unclosed=True)
    span = Span(0, min(closing.end() + 1, len(source)))
    inner = source[opening.end() : closing.start()]
    try:
        loaded = yaml.load(inner, Loader=_Loader)  # noqa: S506 -- a safe loader, in C where there is one
    except _UNREADABLE as error:
        message, offset = _explain(error, inner)
        return Block({}, span, (message, opening.end() + offset))
    if loaded is None:
        return Block({}, span)
    if not isinstance(loaded, dict):
        return Block({}, span, ("properties must be `name: value` lines", opening.end()))
    return Block({str(name): value for name, value in loaded.items()}, span)


def text(values: Properties, name: str) -> str | None:
    """Return a property that is text and not blank."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) and value.strip() else None


def texts(values: Properties, *names: str) -> tuple[str, ...]:
    """Return a property that is a list of texts, or one text, under the first of ``names`` that is set."""
    for name in names:
        value = values.get(name)
        if value is not None:
            entries = value if isinstance(value, list) else [value]
            return tuple(
                str(entry).strip() for entry in entries if _is_scalar(entry) and str(entry).strip()
            )
    return ()


def tags(values: Properties) -> tuple[str, ...]:
    """Return the tags, without hash marks; numbers alone and repetitions are left out (OF-026)."""
    value = values.get("tags", values.get("tag"))
    entries = (
        value
        if isinstance(value, list)
        else re.split(r"[,\s]+", value)
        if isinstance(value, str)
        else []
    )
    found: dict[str, str] = {}
    for entry in filter(_is_scalar, entries):
        name = str(entry).strip().lstrip("#").rstrip("/")
        if is_tag(name):
            found.setdefault(fold(name), name)
    return tuple(found.values())


def is_published(values: Properties) -> bool:
    """Whether the note may appear in any output: ``publish`` and ``draft`` say otherwise (OF-029)."""
    return not (_says(values.get("publish"), yes=False) or _says(values.get("draft"), yes=True))


def strings(value: Any) -> list[str]:  # noqa: ANN401 -- whatever YAML holds
    """Return every text inside ``value``; an unquoted ``[[Note]]``, which YAML nests, reads as a wikilink.

    What YAML's ``*alias`` repeats counts once, so a short note cannot hold a million texts.
    """
    found: list[str] = []
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            found.append(current)
        elif isinstance(current, (list, dict)) and id(current) not in seen:
            seen.add(id(current))
            if _is_bare_wikilink(current):
                found.append(f"[[{current[0][0]}]]")
            else:
                inner = current.values() if isinstance(current, dict) else current
                waiting.extend(reversed(inner))
    return found


def _is_bare_wikilink(value: list[Any] | dict[Any, Any]) -> bool:
    """Whether ``value`` is what YAML makes of ``[[Note]]`` without quotes."""
    return (
        isinstance(value, list)
        and len(value) == 1
        and isinstance(value[0], list)
        and len(value[0]) == 1
        and _is_scalar(value[0][0])
    )


def _says(value: Any, *, yes: bool) -> bool:  # noqa: ANN401 -- whatever YAML holds
    """Whether ``value`` is that answer, as a boolean or as text: a private note must not slip out on a quote."""
    if isinstance(value, bool):
        return value is yes
    return isinstance(value, str) and value.strip().lower() in (
        {"true", "yes", "on"} if yes else {"false", "no", "off"}
    )


def _is_scalar(value: Any) -> bool:  # noqa: ANN401 -- whatever YAML holds
    return value is not None and not isinstance(value, (list, dict, bool))


def _explain(error: BaseException, inner: str) -> tuple[str, int]:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "invalid YAML", 0
    lines = inner.split("\n")
    offset = sum(len(line) + 1 for line in lines[: mark.line]) + mark.column
    problem = getattr(error, "problem", None) or "cannot be read"
    return f"invalid YAML: {problem}", min(offset, len(inner))
