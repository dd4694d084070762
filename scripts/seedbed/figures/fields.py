"""A value as written in a block -> a checked value, or a problem that says what is allowed.

One function a type of field, each making a Rule. A kind declares its fields as a dataclass whose
annotations carry the rules (`depth: Annotated[int, integer(1, 100), About("…")] = 30`), so that
the declaration is at once the type, the check, the default and what `seedbed figures` lists.
Separate from the kinds because a rule knows nothing of any figure.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from seedbed.figures.block import shown
from seedbed.figures.problem import FigureProblem, Report, suggestion
from seedbed.placed_yaml import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_PAIR = 2
_PLAIN = re.compile(r"[A-Za-z][\w.()/=×±-]*(?: [\w.()/=×±-]+)*(?<!\.)")
_NOT_TEXT = {"true", "false", "null"}


@dataclass(frozen=True, slots=True)
class Written:
    """A value with the name and the line under which it is reported."""

    name: str
    line: int
    node: Node


def _unchanged(value: Any) -> Any:  # noqa: ANN401 -- JSON and value are the same thing here
    return value


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """What one type of field accepts."""

    allowed: str
    """What is allowed, in the words of the listing."""
    read: Callable[[Written, Report], T | None]
    """Returns the value, or None after reporting why there is none."""
    show: Callable[[T], str] = str
    """Returns the value as an author would write it."""
    name: Callable[[T], str] = str
    """Returns what legend and table call the value."""
    plain: Callable[[T], Json] = _unchanged
    """Returns the value as JSON: equal for equal meanings, whatever the author wrote."""
    restore: Callable[[Json], T] = _unchanged
    """Returns the value that JSON was made from."""


def as_written(value: float) -> str:
    """Return a number as an author would write it, to the last digit."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def quoted(words: str) -> str:
    """Return text as it can stand in a block, inside a mapping or a list too."""
    is_plain = _PLAIN.fullmatch(words) and words.lower() not in _NOT_TEXT
    return words if is_plain else json.dumps(words, ensure_ascii=False)


def must(written: Written, what: str, report: Report) -> None:
    """Report that a field must `what`, along with what was written instead."""
    report(f"'{written.name}' must {what}, got {shown(written.node)}", written.line)


def integer(low: int, high: int) -> Rule[int]:
    """Accept a whole number from `low` to `high`."""
    bounds = f"from {low} to {high}"

    def read(written: Written, report: Report) -> int | None:
        value = _number(written.node)
        if isinstance(value, int) and low <= value <= high:
            return value
        # A number without end is out of range rather than no integer.
        ranged = value is not None and (isinstance(value, int) or math.isinf(value))
        must(written, f"be an integer {bounds}" if ranged else "be an integer", report)
        return None

    return Rule(f"integer {bounds}", read)


def number(low: float, high: float, *, above: bool = False) -> Rule[float]:
    """Accept a number from `low`, or only `above` it, to `high`."""
    bounds = f"{'above' if above else 'from'} {low:g} to {high:g}"

    def read(written: Written, report: Report) -> float | None:
        value = _number(written.node)
        if value is None or math.isnan(value):
            must(written, "be a number", report)
            return None
        if not low <= value <= high or (above and value == low):
            must(written, f"be a number {bounds}", report)
            return None
        return float(value)

    return Rule(f"number {bounds}", read, show=as_written)


def flag() -> Rule[bool]:
    """Accept true or false."""

    def read(written: Written, report: Report) -> bool | None:
        value = _scalar(written.node)
        if isinstance(value, bool):
            return value
        must(written, "be true or false", report)
        return None

    return Rule("true or false", read, show=lambda value: "true" if value else "false")


def word(noun: str, *words: str) -> Rule[str]:
    """Accept one of a few words; an unknown one is called an unknown `noun`."""
    allowed = f"one of {', '.join(words)}"

    def read(written: Written, report: Report) -> str | None:
        value = _scalar(written.node)
        if isinstance(value, str) and value in words:
            return value
        near = suggestion(value, words) if isinstance(value, str) else ""
        # Without a near name the author needs to know what there is.
        report(f"unknown {noun} {shown(written.node)}{near or f' ({allowed})'}", written.line)
        return None

    return Rule(allowed, read)


def text(low: int, high: int) -> Rule[str]:
    """Accept one line of `low` to `high` characters; line breaks count as blanks."""
    allowed = f"text of {low} to {high} characters"

    def read(written: Written, report: Report) -> str | None:
        value = _scalar(written.node)
        if not isinstance(value, str):
            must(written, "be text", report)
            return None
        line = " ".join(value.split())
        if low <= len(line) <= high:
            return line
        report(f"'{written.name}' must be {allowed}, got {len(line)}", written.line)
        return None

    return Rule(allowed, read, show=quoted)


def slug() -> Rule[str]:
    """Accept a name that can be an HTML id and a file name."""
    allowed = "up to 64 lower-case letters, digits and hyphens"

    def read(written: Written, report: Report) -> str | None:
        # `id: 5` is meant as the text that was written.
        name = written.node.text if isinstance(written.node, Scalar) else ""
        if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name):
            return name
        must(written, f"be {allowed}", report)
        return None

    return Rule(allowed, read)


def interval(low: float, high: float) -> Rule[tuple[float, float]]:
    """Accept two increasing numbers, each from `low` to `high`."""
    allowed = f"two increasing numbers from {low:g} to {high:g}"

    def read(written: Written, report: Report) -> tuple[float, float] | None:
        items = written.node.items if isinstance(written.node, Sequence) else ()
        ends = [value for item in items if (value := _number(item)) is not None]
        fitting = len(items) == len(ends) == _PAIR and low <= ends[0] < ends[1] <= high
        if fitting:
            return float(ends[0]), float(ends[1])
        must(written, f"be {allowed}", report)
        return None

    return Rule(
        allowed,
        read,
        show=lambda ends: f"[{as_written(ends[0])}, {as_written(ends[1])}]",
        plain=list,
        restore=lambda plain: cast("tuple[float, float]", tuple(cast("list[float]", plain))),
    )


def listing(entry: Rule[T], low: int, high: int, *, repeats: bool = False) -> Rule[tuple[T, ...]]:
    """Accept a list of `low` to `high` entries, each under one rule.

    None of one name twice, unless it `repeats`: legend and table name each entry.
    """
    count = f"{low} to {high} entries"

    def read(written: Written, report: Report) -> tuple[T, ...] | None:
        if not isinstance(written.node, Sequence):
            must(written, "be a list", report)
            return None
        items = written.node.items
        if not low <= len(items) <= high:
            report(f"'{written.name}' must have {count}, got {len(items)}", written.line)
            return None
        read_entries = [
            entry.read(Written(written.name, at.place.line, at), report) for at in items
        ]
        values = tuple(value for value in read_entries if value is not None)
        if len(values) < len(items):
            return None
        if repeats:
            return values
        # Legend and table could not tell two entries of one name apart.
        names = [entry.name(value) for value in values]
        repeated = [at for at, name in enumerate(names) if name in names[:at]]
        for at in repeated:
            report(f"'{written.name}' has '{names[at]}' twice", items[at].place.line)
        return None if repeated else values

    return Rule(
        f"list of {count}, {entry.allowed}",
        read,
        show=lambda values: f"[{', '.join(map(entry.show, values))}]",
        plain=lambda values: [entry.plain(value) for value in values],
        restore=lambda plain: tuple(entry.restore(part) for part in cast("list[Json]", plain)),
    )


@dataclass(frozen=True, slots=True)
class About:
    """What a field means, for the listing."""

    text: str


@dataclass(frozen=True, slots=True)
class AlsoCalled:
    """What authors tend to write for the field's name; they are told the right one."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyDrawn:
    """Marks a field that changes the drawing, but not the numbers."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a declaration, with everything its annotation says."""

    name: str
    rule: Rule[Any]
    default: object
    about: str
    also_called: tuple[str, ...]
    only_drawn: bool


@functools.cache
def fields_of(declaration: type) -> tuple[Field, ...]:
    """Return the fields of a dataclass whose annotations carry a rule."""
    hints = get_type_hints(declaration, include_extras=True)
    found = []
    for declared in dataclasses.fields(declaration):
        hint = hints[declared.name]
        if get_origin(hint) is not Annotated:
            continue
        _, rule, *notes = get_args(hint)
        about = "".join(note.text for note in notes if isinstance(note, About))
        called = [name for note in notes if isinstance(note, AlsoCalled) for name in note.names]
        drawn = any(isinstance(note, OnlyDrawn) for note in notes)
        found.append(
            Field(declared.name, rule, declared.default, about, tuple(called), only_drawn=drawn)
        )
    return tuple(found)


def record(noun: str, made_of: type[T], name: Callable[[T], str]) -> Rule[T]:
    """Accept a mapping with the fields of a dataclass whose annotations carry rules.

    `noun` is what messages call the mapping, `name` what legend and table call its value.
    """
    fields = {field.name: field for field in fields_of(cast("type", made_of))}
    listed = ", ".join(fields)

    def read(written: Written, report: Report) -> T | None:
        node = written.node
        if not isinstance(node, Mapping):
            report(f"a {noun} must be a mapping with {listed}, got {shown(node)}", written.line)
            return None
        given = {entry.name for entry in node.entries}
        lacking = [
            each.name for each in fields.values() if _required(each) and each.name not in given
        ]
        for missing in lacking:
            report(f"a {noun} needs '{missing}'", node.place.line)
        values: dict[str, Any] = {}
        for entry in node.entries:
            if entry.name in fields:
                at = Written(entry.name, entry.place.line, entry.node)
                values[entry.name] = fields[entry.name].rule.read(at, report)
            else:
                hint = suggestion(entry.name, fields)
                report(f"unknown field '{entry.name}' in a {noun}{hint}", entry.place.line)
                values[entry.name] = None
        return None if lacking or None in values.values() else made_of(**values)

    def show(value: T) -> str:
        parts = ((each, getattr(value, each.name)) for each in fields.values())
        said = (f"{each.name}: {each.rule.show(part)}" for each, part in parts if part != "")
        return "{" + ", ".join(said) + "}"

    def plain(value: T) -> Json:
        return {each.name: each.rule.plain(getattr(value, each.name)) for each in fields.values()}

    def restore(written: Json) -> T:
        found = cast("dict[str, Json]", written)
        return made_of(**{each: fields[each].rule.restore(part) for each, part in found.items()})

    return Rule(f"each a mapping with {listed}", read, show, name, plain, restore)


def problems_to(found: list[FigureProblem]) -> Report:
    """Return a report that gathers errors in `found`."""
    return lambda message, line: found.append(FigureProblem(message, line))


def _scalar(node: Node) -> str | float | bool | None:
    return node.value if isinstance(node, Scalar) else None


def _number(node: Node) -> int | float | None:
    value = _scalar(node)
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def _required(field: Field) -> bool:
    return field.default is dataclasses.MISSING
