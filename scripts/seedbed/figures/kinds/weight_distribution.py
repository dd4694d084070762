"""The parameters of `weight-distribution`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, integer, listing
from seedbed.figures.kinds.parameters import INITS_CALLED, Parameters, draw_seconds
from seedbed.figures.scheme import Scheme, init, named

_MOST_WEIGHTS = 4_000_000
_LEAST_SIZE = 1e-50
"""Of smaller weights the fourth power, which the kurtosis needs, would be 0."""


@dataclass(frozen=True, slots=True)
class WeightDistribution(Parameters):
    """Weights drawn by several schemes, each beside the density that its scheme promises."""

    kind: ClassVar[str] = "weight-distribution"
    about: ClassVar[str] = "the weights that schemes draw, beside the densities they promise"

    inits: Annotated[
        tuple[Scheme, ...],
        listing(init(), 1, 4),
        About("schemes, a panel each"),
        INITS_CALLED,
    ] = (
        named("xavier-uniform"),
        named("xavier-normal"),
        Scheme("scale", 1.0, "Xavier truncated", mode="fan_avg", distribution="truncated_normal"),
    )
    fan_in: Annotated[int, integer(1, 4096), About("inputs of the layer")] = 300
    fan_out: Annotated[int, integer(1, 4096), About("outputs of the layer")] = 100
    bins: Annotated[int, integer(5, 201), About("bars of the histogram")] = 81

    def title(self) -> str:
        """Name what all inits have in common."""
        return "Distribution of the initial weights"

    def caption(self) -> str:
        """Say what is drawn how."""
        return (
            f"Density of the weights of one layer with {self.fan_in} inputs and {self.fan_out} "
            "outputs: drawn (area) and promised by the scheme (thin line). The dotted lines "
            "stand one standard deviation from zero."
        )

    def seconds(self) -> float:
        """Add up draws and the comparison with the exact law."""
        size = self.fan_in * self.fan_out
        # Drawing, sorting for the Kolmogorov-Smirnov distance, and the exact distribution there.
        return sum(draw_seconds(scheme, self.fan_in, self.fan_out) for scheme in self.inits) + (
            4e-7 * size * len(self.inits)
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find too large a layer, and inits that have no density, or none that can be drawn."""
        size = self.fan_in * self.fan_out
        if size > _MOST_WEIGHTS:
            said = f"'fan_in' times 'fan_out' must be at most {_MOST_WEIGHTS}, got {size}"
            yield "fan_in", said
        for scheme in self.inits:
            if not scheme.random:
                yield "inits", f"'inits' must draw at random here, got '{scheme.label}'"
            elif scheme.amount * scheme.gain < _LEAST_SIZE:
                said = f"'inits' must draw weights above {_LEAST_SIZE:g} here, got '{scheme.label}'"
                yield "inits", said
