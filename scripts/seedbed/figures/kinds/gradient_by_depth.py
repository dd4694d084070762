"""The parameters of `gradient-by-depth`."""

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
from seedbed.figures.scheme import named

QUANTITIES = ("backprop", "weight")
_MOST_KEPT = 100_000_000
"""Numbers, of 8 bytes, that a network may keep for its backward pass."""


@dataclass(frozen=True, slots=True)
class GradientByDepth(Parameters):
    """Second moments of gradients, layer by layer, in untrained networks of equally wide layers."""

    kind: ClassVar[str] = "gradient-by-depth"
    about: ClassVar[str] = "how gradients vanish or explode on their way back through the layers"

    activations: ActivationPanels = ("tanh", "relu", "sigmoid")
    inits: InitCurves = (named("standard"), named("xavier"), named("he"))
    depth: Depth = 30
    width: Width = 256
    batch: Inputs = 64
    seeds: Seeds = 5
    bias_std: BiasStd = 0.0
    quantity: Annotated[str, word("quantity", *QUANTITIES), About("whose gradients")] = "backprop"
    ylim: VerticalRange = (1e-16, 1e2)

    def title(self) -> str:
        """Name the quantity."""
        return {
            "backprop": "Second moment of the backpropagated gradients by layer",
            "weight": "Second moment of the weight gradients by layer",
        }[self.quantity]

    def caption(self) -> str:
        """Say what is measured in what units, and how much was simulated."""
        inputs = counted(self.batch, "input")
        runs = median_and_range(self.seeds, "network")
        whose = {"backprop": "pre-activations (δ)", "weight": "weights (∇W)"}[self.quantity]
        return (
            f"Gradients with respect to the {whose} of each layer, relative to the last layer; "
            "there the gradients of the pre-activations are drawn from N(0, 1). "
            f"Width {self.width}, {inputs}, {runs}. Circles: prediction for layers of unlimited "
            "width."
        )

    def seconds(self) -> float:
        """Add up draws, products and functions over all layers of all networks."""
        layers = self.depth * self.seeds
        curves = len(self.inits) * len(self.activations)
        drawn = sum(draw_seconds(scheme, self.width, self.width) for scheme in self.inits)
        passes = {"backprop": 2, "weight": 3}[self.quantity]
        products = passes * 2.0 * self.batch * self.width**2 / 4e10
        # A function and its slope; GELU's come from the standard library, a value at a time.
        evaluated = sum(2.5e-7 if name == "gelu" else 3e-8 for name in self.activations)
        evaluated *= len(self.inits) * self.batch * self.width
        squared = 6e-9 * self.width**2 * curves if self.quantity == "weight" else 0.0
        return layers * (drawn + products * curves + evaluated + squared)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a network too large to be kept for the backward pass."""
        kept = self.depth * self.width * (self.width + 3 * self.batch)
        if kept > _MOST_KEPT:
            most, got = _MOST_KEPT // 10**6, -(-kept // 10**6)
            must = "'depth' layers of 'width' units for 'batch' inputs must keep at most"
            yield "depth", f"{must} {most} million numbers, got {got} million"
