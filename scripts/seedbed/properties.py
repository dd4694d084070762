"""The properties of a note: the YAML (or JSON) between its first two ``---`` lines.

Turns that block into plain values; a block that cannot be read costs the properties, never the note, and never its
word that the note is private. Rules OF-020 to OF-037. Values that Seedbed itself uses are read through the functions
below, which accept every spelling Obsidian accepts, names in any letter case, and ignore the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import yaml

from seedbed.dialect.tags import is_tag
from seedbed.placed_yaml import CORE_SCALARS, whole_number
from seedbed.text import Span, fold

Properties = Mapping[str, Any]
"""Names to values as YAML reads them; every name is text."""

IMAGE_NAMES = ("image", "cover")
"""Properties that name the image a shared link to the note shows."""

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_UNREADABLE = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    RecursionError,
    OverflowError,
    AttributeError,
    KeyError,
)
_PRIVATE = re.compile(
    r"""^[ \t{,-]*(?:(["']?)publish\1[ \t]*:[ \t\["']*(?:false|no|n|off|0)"""
    r"""|(["']?)draft\2[ \t]*:[ \t\["']*(?:true|yes|y|on|1))\b""",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of a block that nobody can read as a whole, but that says to keep the note to oneself."""
_YES = frozenset({"true", "yes", "y", "on", "1", "1.0"})
_NO = frozenset({"false", "no", "n", "off", "0", "0.0"})
_HIDDEN: Properties = {"publish": False}
_MOST_VALUES = 100_000
"""What YAML's ``*alias`` repeats counts each time: a few lines can stand for more values than memory holds."""
_DEEPEST = 100
"""Lists within lists."""
_SCALARS = {
    **CORE_SCALARS,
    "timestamp": r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[-+]\d{2}:\d{2})?)?",
}
"""Plain scalars that are no text: YAML 1.2's, and dates as Obsidian knows them."""


class _UnfitError(ValueError):
    """What a block says is no set of properties."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML 1.2, as Obsidian does: ``No``, ``On`` and ``12:30`` are text, where YAML 1.1 has values."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def _integer(loader: Any, node: yaml.ScalarNode) -> int | str:  # noqa: ANN401 -- in C or in Python
    written: str = loader.construct_scalar(node)
    whole = whole_number(written)
    return written if whole is None else whole


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


def _untagged(loader: Any, node: Any) -> Any:  # noqa: ANN401 -- in C or in Python
    """Return what ``node`` is without its tag, such as ``!odd``: a tag runs nothing here."""
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    tag = loader.resolve(yaml.ScalarNode, node.value, (not node.style, False))
    return loader.construct_object(yaml.ScalarNode(tag, node.value, style=node.style))


for _kind, _pattern in _SCALARS.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_pattern})\Z"), None
    )
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
for _tag in (None, *(f"tag:yaml.org,2002:{_kind}" for _kind in ("binary", "omap", "pairs", "set"))):
    _Loader.add_constructor(_tag, _untagged)


@dataclass(frozen=True, slots=True)
class Block:
    """A properties block as found in a note."""

    values: Properties
    span: Span
    """The block with both of its ``---`` lines; empty if the note has none."""
    error: tuple[str, int] | None = None
    """What is wrong with the YAML, and the offset where."""
    unclosed: bool = False


NO_BLOCK = Block({}, Span(0, 0))
"""What a text without properties has."""


def read_block(source: str) -> Block:
    """Return the properties at the top of ``source``."""
    opening = _FENCE.match(source)
    if opening is None:
        return NO_BLOCK
    closing = _CLOSING.search(source, opening.end())
    if closing is None:
        # All of it is text (OF-023), but text that its author wanted to keep back.
        meant = source[opening.end() :].partition("\n\n")[0]
        return Block(_if_private(meant), Span(0, 0), unclosed=True)
    span = Span(0, min(closing.end() + 1, len(source)))
    inner = source[opening.end() : closing.start()]
    try:
        values = {str(name): found for name, found in _load(inner).items()}
    except _UNREADABLE as error:
        message, offset = _explain(error, inner)
        return Block(_if_private(inner), span, (message, opening.end() + offset))
    return Block(values, span)


def value(values: Properties, name: str) -> Any:  # noqa: ANN401 -- whatever YAML holds
    """Return the property called ``name``, in whatever letter case its author wrote that; None if there is none."""
    return next(_named(values, name), None)


def text(values: Properties, name: str) -> str | None:
    """Return a property that is text and not blank."""
    found = value(values, name)
    return found.strip() if isinstance(found, str) and found.strip() else None


def texts(values: Properties, *names: str) -> tuple[str, ...]:
    """Return a property that is a list of texts, or one text, under the first of ``names`` that is set."""
    for name in names:
        found = value(values, name)
        if found is not None:
            entries = found if isinstance(found, list) else [found]
            return tuple(
                str(entry).strip() for entry in entries if _is_scalar(entry) and str(entry).strip()
            )
    return ()


def tags(values: Properties) -> tuple[str, ...]:
    """Return the tags, without hash marks; numbers alone and repetitions are left out (OF-026)."""
    written = value(values, "tags")
    if written is None:
        written = value(values, "tag")
    entries = (
        written
        if isinstance(written, list)
        else re.split(r"[,\s]+", written)
        if isinstance(written, str)
        else []
    )
    found: dict[str, str] = {}
    for entry in filter(_is_scalar, entries):
        name = str(entry).strip().lstrip("#").rstrip("/")
        if is_tag(name):
            found.setdefault(fold(name), name)
    return tuple(found.values())


def image(values: Properties) -> str | None:
    """Return the address or name of the note's image, without a wikilink's brackets (OF-032)."""
    named = (each.strip() for name in IMAGE_NAMES for each in strings(value(values, name)))
    found = next(filter(None, named), None)
    return found.removeprefix("!").removeprefix("[[").removesuffix("]]") if found else None


def is_published(values: Properties) -> bool:
    """Whether the note may appear in any output: neither ``publish`` nor ``draft`` forbids it (OF-029)."""
    refuses = any(_says(found, yes=False) for found in _named(values, "publish"))
    return not refuses and not any(_says(found, yes=True) for found in _named(values, "draft"))


def strings(written: Any) -> list[str]:  # noqa: ANN401 -- whatever YAML holds
    """Return every text inside ``written``; an unquoted ``[[Note]]``, which YAML nests, reads as a wikilink.

    What YAML's ``*alias`` repeats counts once, so a short note cannot hold a million texts.
    """
    found: list[str] = []
    seen: set[int] = set()
    waiting = [written]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            found.append(current)
        elif isinstance(current, (list, dict)) and id(current) not in seen:
            seen.add(id(current))
            if is_bare_wikilink(current):
                found.append(f"[[{current[0][0]}]]")
            else:
                inner = current.values() if isinstance(current, dict) else current
                waiting.extend(reversed(inner))
    return found


def is_bare_wikilink(value: list[Any] | dict[Any, Any]) -> bool:
    """Whether ``value`` is what YAML makes of ``[[Note]]`` without quotes."""
    return (
        isinstance(value, list)
        and len(value) == 1
        and isinstance(value[0], list)
        and len(value[0]) == 1
        and _is_scalar(value[0][0])
    )


def _named(values: Properties, name: str) -> Iterator[Any]:
    """Yield what stands under ``name``, then what stands under it in another letter case."""
    if name in values:
        yield values[name]
    for other, found in values.items():
        if other != name and other.strip().lower() == name:
            yield found


def _says(written: Any, *, yes: bool) -> bool:  # noqa: ANN401 -- whatever YAML holds
    """Whether ``written`` is that answer in any spelling, or a list with it: no private note slips out on a quote."""
    if isinstance(written, list):
        return any(_says(entry, yes=yes) for entry in written if not isinstance(entry, list))
    return str(written).strip().lower() in (_YES if yes else _NO)


def _load(inner: str) -> dict[Any, Any]:
    """Return the names and values in a block; raise what is among ``_UNREADABLE`` if it holds none."""
    loaded = _json(inner)
    if loaded is None:
        loaded = yaml.load(inner, Loader=_Loader)  # noqa: S506 -- a safe loader, in C where there is one
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise _UnfitError("properties must be `name: value` lines")
    if not _can_be_held(loaded):
        raise _UnfitError("lists in lists, or what `*` repeats, are more than properties can hold")
    return loaded


def _json(inner: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Return what a block of JSON says; None if it is none: YAML reads tabs and escapes otherwise (OF-024)."""
    if not inner.lstrip().startswith("{"):
        return None
    try:
        return json.loads(_paired(json.dumps(json.loads(inner), ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None


def _paired(written: str) -> str:
    """Return ``written`` with each half of a surrogate pair that stands alone replaced: no file can hold one."""
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _if_private(inner: str) -> Properties:
    """Return all that is known of a block that cannot be read: whether the note is to stay private."""
    return _HIDDEN if _PRIVATE.search(inner) else {}


def _can_be_held(values: dict[Any, Any]) -> bool:
    """Whether ``values``, all aliases written out, are no more and no deeper than anybody would write."""
    sizes: dict[int, int] = {}

    def size(written: Any, depth: int) -> int:  # noqa: ANN401 -- whatever YAML holds
        if not isinstance(written, (list, dict)):
            return 1
        if depth > _DEEPEST:
            return _MOST_VALUES + 1
        if id(written) not in sizes:
            sizes[id(written)] = _MOST_VALUES + 1  # for a list that holds itself
            inner = written.values() if isinstance(written, dict) else written
            sizes[id(written)] = 1 + sum(size(entry, depth + 1) for entry in inner)
        return sizes[id(written)]

    return size(values, 0) <= _MOST_VALUES


def _is_scalar(value: Any) -> bool:  # noqa: ANN401 -- whatever YAML holds
    return value is not None and not isinstance(value, (list, dict, bool))


def _explain(error: BaseException, inner: str) -> tuple[str, int]:
    if isinstance(error, _UnfitError):
        return str(error), 0
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "invalid YAML", 0
    lines = inner.split("\n")
    offset = sum(len(line) + 1 for line in lines[: mark.line]) + mark.column
    problem = getattr(error, "problem", None) or "cannot be read"
    return f"invalid YAML: {problem}", min(offset, len(inner))
