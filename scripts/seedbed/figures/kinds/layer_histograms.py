"""The parameters of `layer-histograms`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer, listing, word
from seedbed.figures.kinds.parameters import (
    InitRows,
    Parameters,
    activation_name,
    counted,
    draw_seconds,
)
from seedbed.figures.scheme import named

SHOWN = ("activations", "gradients")


@dataclass(frozen=True, slots=True)
class LayerHistograms(Parameters):
    """How activations and gradients are distributed in each layer of an untrained classifier."""

    kind: ClassVar[str] = "layer-histograms"
    about: ClassVar[str] = "activations and gradients of each layer, as histograms"

    activation: Annotated[
        str,
        activation_name(),
        About("activation function of all hidden layers"),
        AlsoCalled(("activations", "nonlinearity")),
    ] = "tanh"
    inits: InitRows = (named("standard"), named("xavier"))
    layers: Annotated[int, integer(1, 8), About("hidden layers"), AlsoCalled(("depth",))] = 5
    width: Annotated[
        int, integer(8, 1024), About("inputs, and units a layer"), AlsoCalled(("units",))
    ] = 500
    batch: Annotated[
        int, integer(16, 1024), About("inputs, each value from N(0, 1)"), AlsoCalled(("inputs",))
    ] = 300
    show: Annotated[
        tuple[str, ...],
        listing(word("quantity", *SHOWN), 1, 2),
        About("columns of panels"),
        AlsoCalled(("quantity", "quantities")),
    ] = SHOWN
    bins: Annotated[int, integer(5, 71), About("steps of a histogram")] = 61

    def title(self) -> str:
        """Name what is shown."""
        shown = " and ".join(self.show)
        return f"Distribution of {shown} in each layer"

    def caption(self) -> str:
        """Say of what network, in what units, and which prediction."""
        layers = counted(self.layers, "hidden layer")
        said = [f"{self.batch} inputs, {layers} of {self.width} {self.activation} units"]
        if "gradients" in self.show:
            said.append(
                "gradients of the cross-entropy with random labels, in standard deviations of "
                "the last layer"
            )
        of = {
            "activations": "the activations of the last layer",
            "gradients": "the gradients of the first layer",
        }
        predicted = " and ".join(of[shown] for shown in self.show)
        zeros = (
            " The steps at zero, with all inactive units, leave the panel."
            if self.activation == "relu"
            else ""
        )
        return f"{'; '.join(said)}.{zeros} Thin line: prediction for {predicted}."

    def seconds(self) -> float:
        """Add up draws, products, functions and histograms over all schemes."""
        weights = self.width**2
        drawn = sum(draw_seconds(scheme, self.width, self.width) for scheme in self.inits)
        products = 3 * 2.0 * self.batch * weights / 4e10
        function = 2.5e-7 if self.activation == "gelu" else 3e-8
        # Two histograms sort the values.
        values = (function + 2.4e-7) * self.batch * self.width
        each = products + values + 1e-8 * weights
        return 0.3 + self.layers * (drawn + each * len(self.inits))
