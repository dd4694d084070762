"""The parameters of `saturation-over-training`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer, word
from seedbed.figures.kinds.learning import Examples, LearningRate, step_seconds, widths
from seedbed.figures.kinds.parameters import OneInit, Parameters, counted
from seedbed.figures.scheme import named

BOUNDED = ("sigmoid", "tanh", "softsign", "lecun-tanh")
DATASET = "shapes"
PROBES = 300
"""Held-out examples on which the activations are measured."""
_INIT = named("standard")


@dataclass(frozen=True, slots=True)
class SaturationOverTraining(Parameters):
    """One network whose hidden layers are watched while it learns."""

    kind: ClassVar[str] = "saturation-over-training"
    about: ClassVar[str] = "how hidden layers saturate, and recover, while a network learns"

    activation: Annotated[
        str,
        word("activation", *BOUNDED),
        About("a function that saturates"),
        AlsoCalled(("activations", "nonlinearity")),
    ] = "sigmoid"
    init: Annotated[OneInit, About("scheme of all layers")] = _INIT
    layers: Annotated[int, integer(1, 6), About("hidden layers"), AlsoCalled(("depth",))] = 4
    width: Annotated[int, integer(8, 256), About("units a layer"), AlsoCalled(("units",))] = 100
    lr: LearningRate = 1.0
    batch: Examples = 10
    steps: Annotated[int, integer(10, 5000), About("steps of training")] = 3000
    every: Annotated[int, integer(1, 5000), About("steps between two measurements")] = 50

    def title(self) -> str:
        """Name the function."""
        return f"Activations of {self.activation} layers while a network learns"

    def caption(self) -> str:
        """Say what was trained and measured how."""
        layers = counted(self.layers, "hidden layer")
        return (
            f"A network with {layers} of {self.width} {self.activation} units learns `{DATASET}` "
            f"(learning rate {self.lr:g}, {self.batch} examples a step). Left: mean (line) and "
            f"standard deviation (band) of each layer's activations on the same {PROBES} examples, "
            "which are kept back from training. Right: the loss on these examples; the dotted line "
            "is that of guessing."
        )

    def seconds(self) -> float:
        """Add up steps and measurements."""
        sizes = widths(DATASET, self.layers, self.width)
        measurements = self.steps / self.every + 2.0
        # Other than a step of training, a measurement goes forward alone.
        watched = measurements * 0.6 * step_seconds(sizes, PROBES, self.activation)
        return 0.3 + self.steps * step_seconds(sizes, self.batch, self.activation) + watched
