"""The parameters of `gain-map`, and the rule for lists of records that other kinds share."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar, cast

from seedbed.figures.block import shown
from seedbed.figures.fields import (
    About,
    AlsoCalled,
    Field,
    Json,
    OnlyDrawn,
    Rule,
    Written,
    fields_of,
    flag,
    listing,
    number,
    word,
)
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES, Parameters
from seedbed.figures.problem import Report, suggestion
from seedbed.placed_yaml import Mapping

T = TypeVar("T")

_MOST_A_PANEL = 4


def record(noun: str, made_of: type[T], name: Callable[[T], str]) -> Rule[T]:
    """Accept a mapping with the fields of a dataclass whose annotations carry rules."""
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


def _required(field: Field) -> bool:
    return field.default is dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class GainedActivation:
    """An activation function behind weights of one gain, biases being 0."""

    activation: Annotated[str, word("activation", *ACTIVATION_NAMES)]
    gain: Annotated[float, number(0.0, 20.0, above=True)]
    """Square root of ``fan_in * Var W``; dimensionless."""

    @property
    def label(self) -> str:
        """What legend and table call the curve."""
        return f"{self.activation}, gain {self.gain:.4g}"


@dataclass(frozen=True, slots=True)
class GainMap(Parameters):
    """The second moment of the next layer against that of this one, with its fixed points."""

    kind: ClassVar[str] = "gain-map"
    about: ClassVar[str] = "at which size gains let signals settle, or not"

    curves: Annotated[
        tuple[GainedActivation, ...],
        listing(record("curve", GainedActivation, lambda curve: curve.label), 1, 5),
        About("activations with gains, a curve each"),
        AlsoCalled(("curve", "activations", "gains")),
    ] = (
        GainedActivation("tanh", 1.0),
        GainedActivation("tanh", 1.5925374197),
        GainedActivation("tanh", 5.0 / 3.0),
        GainedActivation("gelu", 1.5335304412),
        GainedActivation("gelu", math.sqrt(2.0)),
    )
    qmax: Annotated[
        float, number(0.1, 100.0), About("greatest second moment"), AlsoCalled(("q_max", "xmax"))
    ] = 4.0
    cobweb: Annotated[
        bool, flag(), About("the way of a signal from layer to layer"), OnlyDrawn()
    ] = False

    def panels(self) -> tuple[tuple[int, ...], ...]:
        """Return the curves of each panel, by their places in the list.

        An activation with several gains has a panel of its own, the others share one.
        """
        names = [curve.activation for curve in self.curves]
        groups: dict[str, list[int]] = {}
        for at, name in enumerate(names):
            groups.setdefault(name if names.count(name) > 1 else "", []).append(at)
        return tuple(map(tuple, groups.values()))

    def title(self) -> str:
        """Name the map."""
        return "Second moment of the pre-activations from one layer to the next"

    def caption(self) -> str:
        """Say what diagonal, points and steps are."""
        web = (
            " Thin steps: the way of a signal whose input has second moment 1."
            if self.cobweb
            else ""
        )
        return (
            "Computed for layers of unlimited width without biases. Where a curve meets the "
            "diagonal (thin line) signals keep their size: filled points attract, hollow ones "
            f"repel.{web}"
        )

    def seconds(self) -> float:
        """Count the quadratures of the curves and of the search for fixed points."""
        return 0.05 + 0.06 * len(self.curves)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a panel with more curves than can be told apart."""
        for panel in self.panels():
            if len(panel) > _MOST_A_PANEL:
                yield "curves", f"'curves' must put at most {_MOST_A_PANEL} curves into one panel"
