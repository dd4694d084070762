"""The parameters of `rectangular-signal`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar, cast

from seedbed.figures.fields import About, AlsoCalled, Rule, integer, listing, word
from seedbed.figures.kinds.parameters import Parameters, Seeds, median_and_range
from seedbed.figures.presets import MODES, Mode

BATCH = 64
"""Inputs, and gradients at the last layer, of one network."""


@dataclass(frozen=True, slots=True)
class RectangularSignal(Parameters):
    """Signals and gradients, layer by layer, where layers are not equally wide."""

    kind: ClassVar[str] = "rectangular-signal"
    about: ClassVar[str] = "which fan to scale by when layers are not equally wide"

    widths: Annotated[
        tuple[int, ...],
        listing(integer(1, 2048), 3, 30, repeats=True),
        About("units of the input and of each layer"),
        AlsoCalled(("sizes", "layers", "units")),
    ] = (512, 64, 512, 64, 512, 64, 512, 64, 512, 64, 512)
    modes: Annotated[
        tuple[Mode, ...],
        listing(cast(Rule[Mode], word("mode", *MODES)), 1, len(MODES)),
        About("what divides the variance of the weights, a curve each"),
        AlsoCalled(("mode",)),
    ] = MODES
    activation: Annotated[
        str,
        word("activation", "linear", "relu"),
        About("activation function; relu doubles the variance of the weights"),
        AlsoCalled(("activations", "nonlinearity")),
    ] = "linear"
    seeds: Seeds = 8

    @property
    def scale(self) -> float:
        """The scale that makes up for the activation: 2 for ReLU, which loses half."""
        return 2.0 if self.activation == "relu" else 1.0

    def title(self) -> str:
        """Name what is followed through the layers."""
        return "Signals and gradients through layers of unequal width"

    def caption(self) -> str:
        """Say what is scaled how, and how much was simulated."""
        runs = median_and_range(self.seeds, "network")
        layers = {"linear": "Linear layers", "relu": "ReLU layers"}[self.activation]
        return (
            f"{layers} of {min(self.widths)} to {max(self.widths)} units with normal weights of "
            f"variance {self.scale:g}/n, where n is the fan or mean of fans in the legend; {runs}, "
            f"{BATCH} inputs. Left: second moment of the activations in units of the input's. "
            "Right: of the gradients in units of the last layer's. Circles: prediction."
        )

    def seconds(self) -> float:
        """Add up draws, made once forward and once backward, and the products of every mode."""
        weights = sum(n * m for n, m in pairwise(self.widths))
        products = 4.0 * BATCH * weights * len(self.modes) / 2e10
        evaluated = 3e-8 * BATCH * sum(self.widths) * len(self.modes)
        return self.seeds * (5e-8 * weights + products + evaluated)
