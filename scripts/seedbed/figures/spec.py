"""The text of a figure block -> a FigureSpec, complete with defaults, or all its problems.

Separate from the kinds: here are the fields that every kind shares, the order in which a block
is checked, the sweep of one field, and the form in which a spec travels to a worker and into a
cache key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from seedbed.placed_yaml import Entry, Mapping, Node, Scalar
from seedbed.placed_yaml import Sequence as Items

COST_LIMIT = 60.0
"""Seconds on one core that a figure may be expected to take, all its frames together."""
FEWEST_FRAMES, MOST_FRAMES = 2, 8


@dataclass(frozen=True, slots=True)
class Sweep:
    """One field, and the values that it takes in one frame of the figure after another."""

    field: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    """The values as an author would write them, no two alike."""
    lines: tuple[int, ...]
    """The line in the block of each value."""


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure as its block declares it, every default filled in."""

    kind: str
    parameters: Parameters
    """Of a sweep, those of its first frame."""
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
    sweep: Sweep | None = None

    def line_of(self, field: str) -> int:
        """Return the line of a field, or of the kind for one that was not given."""
        found = dict(self.lines)
        return found.get(field, found.get("kind", 0))

    def frames(self) -> tuple[FigureSpec, ...]:
        """Return the figures that this one consists of: one for each swept value, else itself.

        Each differs in nothing that its numbers depend on from a figure that stands alone.
        """
        if self.sweep is None:
            return (self,)
        return tuple(self._frame(self.sweep, at) for at in range(len(self.sweep.values)))

    def _frame(self, sweep: Sweep, at: int) -> FigureSpec:
        frame = replace(
            self,
            # No slug has an underscore, so no other figure can have this id.
            id=self.id and f"{self.id}_{at + 1}",
            title=f"{self.title} ({sweep.field} {sweep.labels[at]})",
            lines=(*self.lines, (sweep.field, sweep.lines[at])),
            sweep=None,
        )
        if sweep.field == "seed":
            return replace(frame, seed=sweep.values[at])
        own: Any = frame.parameters
        return replace(frame, parameters=replace(own, **{sweep.field: sweep.values[at]}))


def parse(block: str) -> FigureSpec | tuple[FigureProblem, ...]:
    """Read the content of a figure block; whatever the text, the answer is a value."""
    tree = read_block(block)
    if isinstance(tree, tuple):
        return tree
    kind = _kind(tree)
    if isinstance(kind, FigureProblem):
        return (kind,)
    reading = _Reading(kind)
    spec = reading.spec(tree)
    problems = reading.problems
    if spec is not None:
        # A fault may lie in what all frames have in common.
        problems = list(dict.fromkeys(_disagreements(spec)))
    if spec is None or problems:
        return tuple(sorted(problems, key=lambda problem: problem.line))
    return spec


def cost_problem(spec: FigureSpec) -> FigureProblem | None:
    """Return why the figure is too dear to start, if it is."""
    seconds = sum(frame.parameters.seconds() for frame in spec.frames())
    if seconds <= COST_LIMIT:
        return None
    said = f"estimated cost {seconds:.0f} s exceeds the limit of {COST_LIMIT:.0f} s"
    advice = "reduce depth, width, seeds or steps"
    if spec.sweep is not None:
        advice = f"sweep fewer values, or {advice}"
    line = spec.line_of("kind" if spec.sweep is None else "sweep")
    return FigureProblem(f"{said} ({advice})", line)


def id_taken(spec: FigureSpec, note_title: str) -> FigureProblem:
    """Return the problem of a figure whose id another note has used already."""
    message = f"id '{spec.id}' is already used in '{note_title}'"
    return FigureProblem(message, spec.line_of("id"))


def as_written(spec: FigureSpec) -> tuple[tuple[str, str], ...]:
    """Return what numbers and drawing depend on, defaults too: fields and values as in a block."""
    swept = spec.sweep.field if spec.sweep else ""
    written = [
        (field.name, field.rule.show(getattr(spec.parameters, field.name)))
        for field in fields_of(type(spec.parameters))
    ]
    written += [
        (name, field.rule.show(getattr(spec, field.name)))
        for name, field in shared_fields(type(spec.parameters)).items()
        if field.name in ("seed", "theory", "size")
    ]
    rows = [("kind", spec.kind), *(row for row in written if row[0] != swept)]
    if spec.sweep:
        rows.append(("sweep", f"{{{swept}: [{', '.join(spec.sweep.labels)}]}}"))
    return tuple(rows)


def shared_fields(kind: type[Parameters]) -> dict[str, Field]:
    """Return the fields of every kind under the names that they have in blocks of this one."""
    own = {field.name for field in fields_of(kind)}
    # Where `size` is something else, the drawing's is written `width`.
    return {
        "width" if field.name == "size" and "size" in own else field.name: field
        for field in fields_of(FigureSpec)
    }


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
    """Return the spec as text that `from_json` turns back into an equal spec.

    Raises ValueError for a sweep: its frames travel one by one.
    """
    if spec.sweep is not None:
        raise ValueError("a sweep is computed frame by frame")
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


class _Reading:
    """Reads the fields of one block, and gathers what is wrong with them."""

    def __init__(self, kind: type[Parameters]) -> None:
        self.problems: list[FigureProblem] = []
        self._kind = kind
        self._own = {field.name: field for field in fields_of(kind)}
        self._shared = {field.name: field for field in fields_of(FigureSpec)}
        self._sweepable = {
            name: field for name, field in self._own.items() if not field.only_drawn
        } | {"seed": self._shared["seed"]}

    def spec(self, tree: Mapping) -> FigureSpec | None:
        own: dict[str, Any] = {}
        shared: dict[str, Any] = {}
        sweep: Sweep | None = None
        lines = []
        for entry in tree.entries:
            name = self._meant(entry.name)
            lines.append((entry.name, entry.place.line))
            if entry.name in self._own:
                name = entry.name
                own[name] = self._value(self._own[name], entry)
            elif name in self._shared:
                shared[name] = self._value(self._shared[name], entry)
            elif name == "sweep":
                sweep = self._sweep(entry)
            elif name != "kind":
                self._unknown(entry, {**self._shared, **self._own})
        if sweep is not None and sweep.field in dict(lines):
            said = f"'{sweep.field}' is swept already (leave it out here or under 'sweep')"
            self._report(said, dict(lines)[sweep.field])
        if self.problems:
            return None
        return self._complete(own, shared, sweep, tuple(lines))

    def _complete(
        self,
        own: dict[str, Any],
        shared: dict[str, Any],
        sweep: Sweep | None,
        lines: tuple[tuple[str, int], ...],
    ) -> FigureSpec:
        if sweep is not None and sweep.field in self._own:
            own = {**own, sweep.field: sweep.values[0]}
        spec = FigureSpec(self._kind.kind, self._kind(**own), **shared, lines=lines, sweep=sweep)
        frames = [frame.parameters for frame in spec.frames()]
        title = _title(frames)
        caption = _caption(frames, sweep)
        return replace(spec, title=spec.title or title, caption=spec.caption or caption)

    def _meant(self, name: str) -> str:
        return "size" if name == "width" and "width" not in self._own else name

    def _value(self, field: Field, entry: Entry) -> object:
        written = Written(entry.name, entry.place.line, entry.node)
        return field.rule.read(written, problems_to(self.problems))

    def _sweep(self, entry: Entry) -> Sweep | None:
        node = entry.node
        entries = node.entries if isinstance(node, Mapping) else ()
        if len(entries) != 1:
            got = f"{len(entries)} fields" if isinstance(node, Mapping) else shown(node)
            said = f"'sweep' must be one field with a list of values, got {got}"
            self._report(said, entry.place.line)
            return None
        (swept,) = entries
        if swept.name in self._sweepable:
            return self._swept(self._sweepable[swept.name], swept)
        if self._meant(swept.name) in {"kind", "sweep", *self._own, *self._shared}:
            which = f"one of {', '.join(self._sweepable)}"
            self._report(f"'{swept.name}' cannot be swept ({which})", swept.place.line)
        else:
            self._unknown(swept, self._sweepable)
        return None

    def _swept(self, field: Field, swept: Entry) -> Sweep | None:
        items = swept.node.items if isinstance(swept.node, Items) else ()
        if not FEWEST_FRAMES <= len(items) <= MOST_FRAMES:
            got = len(items) if isinstance(swept.node, Items) else shown(swept.node)
            wanted = f"a list of {FEWEST_FRAMES} to {MOST_FRAMES} values"
            self._report(
                f"'{field.name}' must be {wanted} to be swept, got {got}", swept.place.line
            )
            return None
        values = [self._swept_value(field, item) for item in items]
        if None in values:
            return None
        labels = [field.rule.show(value) for value in values]
        repeated = [at for at, label in enumerate(labels) if label in labels[:at]]
        for at in repeated:
            self._report(f"'{field.name}' has '{labels[at]}' twice", items[at].place.line)
        lines = tuple(item.place.line for item in items)
        return None if repeated else Sweep(field.name, tuple(values), tuple(labels), lines)

    def _swept_value(self, field: Field, item: Node) -> object:
        written = Written(field.name, item.place.line, item)
        return field.rule.read(written, problems_to(self.problems))

    def _unknown(self, entry: Entry, known: dict[str, Field]) -> None:
        meant = [name for name, field in known.items() if entry.name in field.also_called]
        names = ("kind", "sweep", *known) if known is not self._sweepable else known
        hint = f" (did you mean '{meant[0]}'?)" if meant else suggestion(entry.name, names)
        said = f"unknown field '{entry.name}' for kind '{self._kind.kind}'{hint}"
        self._report(said, entry.place.line)

    def _report(self, message: str, line: int) -> None:
        self.problems.append(FigureProblem(message, line))


def _title(frames: Sequence[Parameters]) -> str:
    """Return the title that the kind gives all frames, or what they all show."""
    first, *others = dict.fromkeys(frame.title() for frame in frames)
    if not others:
        return first
    about = frames[0].about
    return about[:1].upper() + about[1:]


def _caption(frames: Sequence[Parameters], sweep: Sweep | None) -> str:
    """Return the sentences of the kind's caption that hold for all frames."""
    first, *others = (frame.caption() for frame in frames)
    if sweep is None or all(other == first for other in others):
        return first
    holding = [set(_sentences(other)) for other in others]
    kept = [said for said in _sentences(first) if all(said in other for other in holding)]
    # In code, where a list of words is no link and a dollar sign no formula.
    labels = ", ".join(f"`{label.replace(chr(96), chr(39))}`" for label in sweep.labels)
    return " ".join((f"By `{sweep.field}`: {labels}.", *kept))


def _sentences(text: str) -> list[str]:
    ended = text.replace(". ", ".\n")
    return ended.split("\n")


def _disagreements(spec: FigureSpec) -> Iterator[FigureProblem]:
    for frame in spec.frames():
        for field, message in frame.parameters.faults():
            yield FigureProblem(message, frame.line_of(field))
    if problem := cost_problem(spec):
        yield problem
