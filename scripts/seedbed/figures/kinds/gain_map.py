"""The parameters of `gain-map`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, OnlyDrawn, flag, listing, number, record
from seedbed.figures.kinds.parameters import Parameters, activation_name

_MOST_A_PANEL = 4


@dataclass(frozen=True, slots=True)
class GainedActivation:
    """An activation function behind weights of one gain, biases being 0."""

    activation: Annotated[str, activation_name()]
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
