"""The parameters of `finite-width`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer, listing, word
from seedbed.figures.kinds.parameters import LongDepth, Parameters

PATHS = 20
"""Networks that are drawn one by one."""


@dataclass(frozen=True, slots=True)
class FiniteWidth(Parameters):
    """How far the signals of networks that differ by their weights alone part with depth."""

    kind: ClassVar[str] = "finite-width"
    about: ClassVar[str] = "how networks of finite width scatter about the prediction"

    activations: Annotated[
        tuple[str, ...],
        listing(word("activation", "linear", "relu"), 1, 2),
        About("activation functions, a panel each"),
        AlsoCalled(("activation", "nonlinearity", "nonlinearities")),
    ] = ("linear", "relu")
    widths: Annotated[
        tuple[int, ...],
        listing(integer(2, 4096), 1, 5),
        About("units a layer, a curve each"),
        AlsoCalled(("width", "units")),
    ] = (16, 64, 256)
    depth: LongDepth = 100
    networks: Annotated[
        int, integer(50, 5000), About("networks a curve"), AlsoCalled(("seeds", "repeats", "runs"))
    ] = 1000

    @property
    def shown_width(self) -> int:
        """The width whose networks are drawn one by one: the middle one."""
        return sorted(self.widths)[len(self.widths) // 2]

    def title(self) -> str:
        """Name the quantity."""
        return "Scatter of the signal's size between networks of finite width"

    def caption(self) -> str:
        """Say what was drawn how often, and what the lines are."""
        names = " and ".join({"linear": "linear", "relu": "ReLU"}[n] for n in self.activations)
        return (
            f"Variance of $\\ln q_l$ over {self.networks} {names} networks a width, with weights "
            "that keep the mean of $q_l$, against depth over width; one input each. Circles: exact "
            "for that width; the curves share their random numbers, and stray together. Thin lines: "
            "$2l/n$ for linear layers, $5l/n$ for ReLU. Last panel: "
            f"{PATHS} of the networks of width {self.shown_width}, with their mean and two "
            "standard deviations on either side as predicted."
        )

    def seconds(self) -> float:
        """Count draws: one chi-squared number a layer and network, for ReLU a binomial, too."""
        draws = self.networks * self.depth * len(self.widths)
        return 0.05 + sum(
            {"linear": 7e-8, "relu": 2.7e-7}[name] * draws for name in self.activations
        )
