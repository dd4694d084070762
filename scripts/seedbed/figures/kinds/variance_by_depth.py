"""The parameters of `variance-by-depth`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, word
from seedbed.figures.kinds.parameters import (
    ActivationPanels,
    BiasStd,
    Depth,
    InitCurves,
    Inputs,
    Parameters,
    Seeds,
    VerticalRange,
    Width,
    counted,
    draw_seconds,
    median_and_range,
)
from seedbed.figures.scheme import Scheme, named

QUANTITIES = ("preactivation", "activation", "across-inputs")


@dataclass(frozen=True, slots=True)
class VarianceByDepth(Parameters):
    """Second moments, layer by layer, of untrained networks with equally wide layers."""

    kind: ClassVar[str] = "variance-by-depth"
    about: ClassVar[str] = "how a scheme lets signals grow or shrink from layer to layer"

    activations: ActivationPanels = ("tanh", "relu")
    inits: InitCurves = (
        Scheme("std", 0.01, "std 0.01"),
        Scheme("std", 1.0, "std 1"),
        named("standard"),
        named("xavier"),
        named("he"),
    )
    depth: Depth = 30
    width: Width = 256
    batch: Inputs = 64
    seeds: Seeds = 5
    bias_std: BiasStd = 0.0
    quantity: Annotated[str, word("quantity", *QUANTITIES), About("what is measured")] = (
        "preactivation"
    )
    ylim: VerticalRange = (1e-12, 1e4)

    def title(self) -> str:
        """Name the quantity."""
        return {
            "preactivation": "Second moment of the pre-activations by layer",
            "activation": "Second moment of the activations by layer",
            "across-inputs": "Variance of the pre-activations across inputs by layer",
        }[self.quantity]

    def caption(self) -> str:
        """Say how much was simulated, and what the prediction leaves out."""
        inputs = counted(self.batch, "input")
        runs = median_and_range(self.seeds, "network")
        return (
            f"Width {self.width}, {inputs}, {runs}. Circles: prediction for layers of unlimited "
            "width, below which the median of finite networks tends to lie."
        )

    def seconds(self) -> float:
        """Add up draws, products and functions over all layers of all networks."""
        layers = self.depth * self.seeds
        curves = len(self.inits) * len(self.activations)
        drawn = sum(draw_seconds(scheme, self.width, self.width) for scheme in self.inits)
        products = 2.0 * self.batch * self.width**2 / 4e10
        costs = {"gelu": 1.2e-7}
        evaluated = sum(costs.get(name, 1e-8) for name in self.activations) * len(self.inits)
        evaluated *= self.batch * self.width
        predicted = 5e-3 * self.depth * curves if self.quantity == "across-inputs" else 0.0
        return layers * (drawn + products * curves + evaluated) + predicted

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a single input that is to differ."""
        if self.quantity == "across-inputs" and self.batch == 1:
            yield "batch", "'batch' must be at least 2 to measure across inputs, got 1"
