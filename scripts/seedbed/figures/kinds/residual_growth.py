"""The parameters of `residual-growth`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer, listing, word
from seedbed.figures.kinds.parameters import Parameters, Seeds, Width, median_and_range

SCALINGS = ("plain", "inv-sqrt", "zero")
BATCH = 64
"""Inputs to one network."""


def branch_factor(scaling: str, blocks: int) -> float:
    """Return what a branch is multiplied by before it is added: 1, ``1 / sqrt(blocks)`` or 0."""
    return {"plain": 1.0, "inv-sqrt": 1.0 / math.sqrt(blocks), "zero": 0.0}[scaling]


@dataclass(frozen=True, slots=True)
class ResidualGrowth(Parameters):
    """What adding up many branches does to the signal of an untrained residual network."""

    kind: ClassVar[str] = "residual-growth"
    about: ClassVar[str] = "how residual branches add up from block to block"

    blocks: Annotated[
        int, integer(1, 200), About("residual blocks"), AlsoCalled(("depth", "layers"))
    ] = 32
    width: Width = 256
    scalings: Annotated[
        tuple[str, ...],
        listing(word("scaling", *SCALINGS), 1, len(SCALINGS)),
        About("what a branch is multiplied by: 1, 1/√blocks or 0; a curve each"),
        AlsoCalled(("scaling", "scale")),
    ] = SCALINGS
    seeds: Seeds = 4

    def title(self) -> str:
        """Name what grows."""
        return "Second moment of the signal by residual block"

    def caption(self) -> str:
        """Say what a block is, and how much was simulated."""
        runs = median_and_range(self.seeds, "network")
        return (
            "Each block adds to its input a branch of two layers, He weights with ReLU, then "
            f"weights of variance 1/n. Width {self.width}, {BATCH} inputs, {runs}; in units of "
            "the network's input. Circles: prediction, which holds for the mean over networks."
        )

    def seconds(self) -> float:
        """Add up draws, products and functions over all blocks of all networks."""
        layers = 2.0 * self.blocks * self.seeds
        products = 2.0 * BATCH * self.width**2 * len(self.scalings) / 2e10
        evaluated = 2e-8 * BATCH * self.width * len(self.scalings)
        return layers * (2e-8 * self.width**2 + products + evaluated)
