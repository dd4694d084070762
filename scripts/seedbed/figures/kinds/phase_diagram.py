"""The parameters of `phase-diagram`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, cast

from seedbed.figures.fields import (
    About,
    AlsoCalled,
    Rule,
    Written,
    interval,
    listing,
    must,
    number,
    record,
    text,
    word,
)
from seedbed.figures.kinds.parameters import Parameters
from seedbed.figures.problem import Report
from seedbed.placed_yaml import Scalar, Sequence

BOUNDED = ("tanh", "sigmoid", "softsign", "lecun-tanh")
_LEAST_GRID, _GREATEST_GRID = (5, 5), (121, 61)

WIDTH, LAYERS, NETWORKS = 300, 20, 3
"""The networks that are simulated at each point."""


def grid() -> Rule[tuple[int, int]]:
    """Accept two whole numbers: columns and rows of a grid."""
    (least, low), (most, high) = _LEAST_GRID, _GREATEST_GRID
    allowed = f"two integers, {least} to {most} columns and {low} to {high} rows"

    def read(written: Written, report: Report) -> tuple[int, int] | None:
        items = written.node.items if isinstance(written.node, Sequence) else ()
        counts = [item.value for item in items if isinstance(item, Scalar)]
        if len(items) == len(counts) == len(_LEAST_GRID):
            columns, rows = counts
            whole = type(columns) is type(rows) is int
            if whole and least <= cast("int", columns) <= most and low <= cast("int", rows) <= high:
                return cast("int", columns), cast("int", rows)
        must(written, f"be {allowed}", report)
        return None

    return Rule(
        allowed,
        read,
        show=lambda counts: f"[{counts[0]}, {counts[1]}]",
        plain=list,
        restore=lambda plain: cast("tuple[int, int]", tuple(cast("list[int]", plain))),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the plane at which networks are simulated."""

    sigma_w: Annotated[float, number(0.05, 20.0)]
    sigma_b: Annotated[float, number(0.0, 10.0)]
    label: Annotated[str, text(1, 24)] = ""

    @property
    def name(self) -> str:
        """What the table calls the point."""
        return self.label or f"({self.sigma_w:g}, {self.sigma_b:g})"


@dataclass(frozen=True, slots=True)
class PhaseDiagram(Parameters):
    """Where gradients shrink and where they grow, over the sizes of weights and biases."""

    kind: ClassVar[str] = "phase-diagram"
    about: ClassVar[str] = "for which weights and biases gradients vanish or explode"

    activation: Annotated[
        str,
        word("activation", *BOUNDED),
        About("activation function"),
        AlsoCalled(("nonlinearity",)),
    ] = "tanh"
    sigma_w: Annotated[
        tuple[float, float],
        interval(0.05, 20.0),
        About("range of the weights' standard deviation times the root of fan-in"),
        AlsoCalled(("xlim", "weights")),
    ] = (0.5, 4.0)
    sigma_b: Annotated[
        tuple[float, float],
        interval(0.0, 10.0),
        About("range of the biases' standard deviation"),
        AlsoCalled(("ylim", "biases")),
    ] = (0.0, 1.5)
    resolution: Annotated[
        tuple[int, int], grid(), About("columns and rows that are computed"), AlsoCalled(("grid",))
    ] = (71, 31)
    points: Annotated[
        tuple[Place, ...],
        listing(record("point", Place, lambda place: place.name), 0, 8),
        About("where networks are simulated, too"),
        AlsoCalled(("places",)),
    ] = ()

    def title(self) -> str:
        """Name the plane."""
        return f"Phases of {self.activation} networks"

    def caption(self) -> str:
        """Say what is shown, and what was simulated."""
        simulated = (
            f" Points: simulated with {NETWORKS} networks of width {WIDTH} and {LAYERS} layers."
            if self.points
            else ""
        )
        return (
            "Factor $\\chi_1$ by which a gradient's second moment changes a layer, predicted for "
            "layers of unlimited width; $\\sigma_w$ and $\\sigma_b$ are the standard deviations of "
            "weights, times $\\sqrt{n_\\mathrm{in}}$, and of biases. Thin line: "
            f"$\\chi_1 = 1$, the edge of chaos.{simulated}"
        )

    def seconds(self) -> float:
        """Count the bisections of the grid and the matrices of the points."""
        columns, rows = self.resolution
        return 0.3 + 2.5e-4 * columns * rows + 0.25 * len(self.points)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find points outside the plane."""
        for place in self.points:
            inside = (
                self.sigma_w[0] <= place.sigma_w <= self.sigma_w[1]
                and self.sigma_b[0] <= place.sigma_b <= self.sigma_b[1]
            )
            if not inside:
                yield "points", f"'points' must lie inside the plane, got '{place.name}'"
