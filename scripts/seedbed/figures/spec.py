"""The text of a figure block -> a FigureSpec, complete with defaults, or all its problems.

Separate from the kinds: here are the fields that every kind shares, the order in which a block
is checked, and the form in which a spec travels to a worker and into a cache key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from seedbed.figures.block import read_block, shown
from seedbed.figures.fields import (
    About,
    AlsoCalled,
    Field,
    Json,
    Written,
    fields_of,
    flag,
    integer,
    problems_to,
    slug,
    text,
    word,
)
from seedbed.figures.kinds import KINDS, Parameters
from seedbed.figures.problem import FigureProblem, suggestion
from seedbed.placed_yaml import Entry, Mapping, Scalar

COST_LIMIT = 60.0
"""Seconds on one core that a figure may be expected to take."""


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure as its block declares it, every default filled in."""

    kind: str
    parameters: Parameters
    id: Annotated[str | None, slug(), About("HTML id and file name, unique in the site")] = None
    title: Annotated[str, text(1, 120), About("default from the kind")] = ""
    """Plain text."""
    caption: Annotated[str, text(1, 600), About("inline Markdown; default from the kind")] = ""
    """Inline Markdown, to be rendered by the caller."""
    alt: Annotated[
        str | None, text(20, 600), About("description for those who cannot see, else generated")
    ] = None
    seed: Annotated[int, integer(0, 2**32 - 1), About("start of all random numbers")] = 0
    theory: Annotated[bool, flag(), About("draw the prediction, too")] = True
    table: Annotated[bool, flag(), About("give the data as a table, too")] = True
    size: Annotated[
        str,
        word("size", "normal", "wide"),
        About("6.4 or 9 inches wide; also written width where the kind has no width"),
        AlsoCalled(("width",)),
    ] = "normal"
    lines: tuple[tuple[str, int], ...] = ()
    """The line in the block of each field that was given."""

    def line_of(self, field: str) -> int:
        """Return the line of a field, or of the kind for one that was not given."""
        found = dict(self.lines)
        return found.get(field, found.get("kind", 0))


def parse(block: str) -> FigureSpec | tuple[FigureProblem, ...]:
    """Read the content of a figure block; whatever the text, the answer is a value."""
    tree = read_block(block)
    if isinstance(tree, tuple):
        return tree
    kind = _kind(tree)
    if isinstance(kind, FigureProblem):
        return (kind,)
    spec, problems = _spec(kind, tree)
    if spec is not None and not problems:
        problems = list(_disagreements(spec))
    if spec is None or problems:
        return tuple(sorted(problems, key=lambda problem: problem.line))
    return spec


def cost_problem(spec: FigureSpec) -> FigureProblem | None:
    """Return why the figure is too dear to start, if it is."""
    seconds = spec.parameters.seconds()
    if seconds <= COST_LIMIT:
        return None
    said = f"estimated cost {seconds:.0f} s exceeds the limit of {COST_LIMIT:.0f} s"
    advice = "(reduce depth, width, seeds or steps)"
    return FigureProblem(f"{said} {advice}", spec.line_of("kind"))


def id_taken(spec: FigureSpec, note_title: str) -> FigureProblem:
    """Return the problem of a figure whose id another note has used already."""
    message = f"id '{spec.id}' is already used in '{note_title}'"
    return FigureProblem(message, spec.line_of("id"))


def plain_parameters(parameters: Parameters, *, drawn: bool) -> dict[str, Json]:
    """Return the parameters as JSON, equal for equal meanings.

    Without `drawn`, only what the numbers depend on: no labels, nothing of the drawing alone.
    """
    plain = {
        field.name: field.rule.plain(getattr(parameters, field.name))
        for field in fields_of(type(parameters))
        if drawn or not field.only_drawn
    }
    return plain if drawn else {name: _without_labels(value) for name, value in plain.items()}


def to_json(spec: FigureSpec) -> str:
    """Return the spec as text that `from_json` turns back into an equal spec."""
    shared: dict[str, Any] = {
        field.name: getattr(spec, field.name) for field in fields_of(FigureSpec)
    }
    own = plain_parameters(spec.parameters, drawn=True)
    return json.dumps({"kind": spec.kind, "parameters": own, "shared": shared, "lines": spec.lines})


def from_json(written: str) -> FigureSpec:
    """Return the spec that `to_json` wrote."""
    plain = json.loads(written)
    kind = KINDS[plain["kind"]]
    own = {
        field.name: field.rule.restore(plain["parameters"][field.name]) for field in fields_of(kind)
    }
    lines = tuple((name, line) for name, line in plain["lines"])
    return FigureSpec(plain["kind"], kind(**own), **plain["shared"], lines=lines)


def _without_labels(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_labels(entry) for entry in value]
    if isinstance(value, dict):
        return {name: entry for name, entry in value.items() if name != "label"}
    return value


def _kind(tree: Mapping) -> type[Parameters] | FigureProblem:
    entry = next((entry for entry in tree.entries if entry.name == "kind"), None)
    if entry is None:
        return FigureProblem("missing field 'kind'", 0)
    name = entry.node.value if isinstance(entry.node, Scalar) else None
    if isinstance(name, str) and name in KINDS:
        return KINDS[name]
    hint = suggestion(name, KINDS) if isinstance(name, str) else ""
    return FigureProblem(f"unknown kind {shown(entry.node)}{hint}", entry.place.line)


def _spec(kind: type[Parameters], tree: Mapping) -> tuple[FigureSpec | None, list[FigureProblem]]:
    own = {field.name: field for field in fields_of(kind)}
    shared = {field.name: field for field in fields_of(FigureSpec)}
    problems: list[FigureProblem] = []
    own_values: dict[str, Any] = {}
    shared_values: dict[str, Any] = {}
    lines = []
    for entry in tree.entries:
        name = "size" if entry.name == "width" and "width" not in own else entry.name
        lines.append((name, entry.place.line))
        if name in own:
            own_values[name] = _read(own[name], entry, problems)
        elif name in shared:
            shared_values[name] = _read(shared[name], entry, problems)
        elif name != "kind":
            problems.append(_unknown(entry, kind.kind, {**shared, **own}))
    if problems:
        return None, problems
    parameters = kind(**own_values)
    spec = {"title": parameters.title(), "caption": parameters.caption(), **shared_values}
    return FigureSpec(kind.kind, parameters, **spec, lines=tuple(lines)), problems


def _read(field: Field, entry: Entry, problems: list[FigureProblem]) -> object:
    written = Written(entry.name, entry.place.line, entry.node)
    return field.rule.read(written, problems_to(problems))


def _unknown(entry: Entry, kind: str, known: dict[str, Field]) -> FigureProblem:
    meant = [name for name, field in known.items() if entry.name in field.also_called]
    hint = f" (did you mean '{meant[0]}'?)" if meant else suggestion(entry.name, ("kind", *known))
    return FigureProblem(f"unknown field '{entry.name}' for kind '{kind}'{hint}", entry.place.line)


def _disagreements(spec: FigureSpec) -> Iterator[FigureProblem]:
    for field, message in spec.parameters.faults():
        yield FigureProblem(message, spec.line_of(field))
    if problem := cost_problem(spec):
        yield problem
