"""The parameters of `correlation-by-depth`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, listing, number, record
from seedbed.figures.kinds.parameters import LongDepth, Parameters, activation_name


@dataclass(frozen=True, slots=True)
class BiasedActivation:
    """An activation function behind weights and biases of some size."""

    activation: Annotated[str, activation_name()]
    sigma_w: Annotated[float, number(0.0, 20.0, above=True)]
    """Square root of ``fan_in * Var W``; dimensionless."""
    sigma_b: Annotated[float, number(0.0, 10.0)]
    """Standard deviation of the biases; dimensionless."""

    @property
    def label(self) -> str:
        """What legend and table call the curve."""
        return f"{self.activation} ({self.sigma_w:.4g}, {self.sigma_b:.4g})"


@dataclass(frozen=True, slots=True)
class CorrelationByDepth(Parameters):
    """How alike the signals of two inputs become, predicted for layers of unlimited width."""

    kind: ClassVar[str] = "correlation-by-depth"
    about: ClassVar[str] = "how layers make two inputs more alike or less"

    curves: Annotated[
        tuple[BiasedActivation, ...],
        listing(record("curve", BiasedActivation, lambda curve: curve.label), 1, 5),
        About("activations with the sizes of weights and biases, a curve each"),
        AlsoCalled(("curve", "activations")),
    ] = (
        BiasedActivation("relu", math.sqrt(2.0), 0.0),
        BiasedActivation("tanh", 0.9, 0.1),
        BiasedActivation("tanh", 1.304146, 0.2),
        BiasedActivation("tanh", 2.5, 0.3),
    )
    depth: LongDepth = 50
    c0: Annotated[
        float, number(-1.0, 1.0), About("correlation at the start"), AlsoCalled(("correlation",))
    ] = 0.0

    def title(self) -> str:
        """Name the quantity."""
        return "Correlation of two inputs by layer"

    def caption(self) -> str:
        """Say what the numbers in the legend are, and what the thin lines."""
        return (
            "Computed for layers of unlimited width; in parentheses $\\sigma_w$ and $\\sigma_b$. "
            f"Left: correlation $c_l$ of the pre-activations of two inputs, from {self.c0:g}. "
            "Right: what is missing to 1. Circles: how theory says it ends."
        )

    def seconds(self) -> float:
        """Count the quadratures over two variables, one a layer."""
        costs = {"linear": 1e-5, "relu": 1e-5, "leaky-relu": 1e-5, "gelu": 1.5e-2}
        steps = self.depth + 60
        return 0.1 + sum(costs.get(each.activation, 2.5e-3) * steps for each in self.curves)
