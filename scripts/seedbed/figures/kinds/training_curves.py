"""The parameters of `training-curves`, and what all kinds that train networks share."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar

from seedbed.figures.fields import (
    About,
    AlsoCalled,
    OnlyDrawn,
    Rule,
    integer,
    listing,
    number,
    word,
)
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES, Parameters
from seedbed.figures.scheme import Scheme, init, named

SIZES = {"shapes": (144, 3), "digits": (64, 10), "spirals": (2, 3)}
"""Features and classes of each data set."""
METRICS = ("loss", "accuracy")


def dataset_name() -> Rule[str]:
    """Accept the name of a data set."""
    return word("dataset", *SIZES)


def lacking(name: str) -> Iterator[tuple[str, str]]:
    """Yield field and message where a data set is not to be had here."""
    if name == "digits" and importlib.util.find_spec("sklearn") is None:
        yield "dataset", "dataset 'digits' needs scikit-learn, which is not installed"


def widths(name: str, depth: int, width: int) -> tuple[int, ...]:
    """Return features, units of each hidden layer, and classes."""
    features, classes = SIZES[name]
    return (features, *(width,) * depth, classes)


def step_seconds(sizes: Sequence[int], batch: int, activation: str) -> float:
    """Return the estimated time of one step of training on one core."""
    products = sum(first * second for first, second in pairwise(sizes))
    # Forward and back; other functions than these have no slope that follows from their value.
    cost = {"relu": 4e-9, "tanh": 1.2e-8, "sigmoid": 1.2e-8, "gelu": 2.6e-7}.get(activation, 4e-8)
    return (
        6.0 * batch * products / 3e10
        + 4e-9 * products
        + cost * batch * sum(sizes[1:-1])
        + 2.5e-5 * len(sizes)
    )


@dataclass(frozen=True, slots=True)
class TrainingCurves(Parameters):
    """Networks that differ only in how they start, trained side by side."""

    kind: ClassVar[str] = "training-curves"
    about: ClassVar[str] = "how fast networks learn that differ only in how they start"

    dataset: Annotated[
        str,
        dataset_name(),
        About("what is learnt; digits needs scikit-learn"),
        AlsoCalled(("data",)),
    ] = "shapes"
    activations: Annotated[
        tuple[str, ...],
        listing(word("activation", *ACTIVATION_NAMES), 1, 3),
        About("activation functions, a panel each"),
        AlsoCalled(("activation", "nonlinearity", "nonlinearities")),
    ] = ("tanh", "relu", "sigmoid")
    inits: Annotated[
        tuple[Scheme, ...],
        listing(init(), 1, 5),
        About("schemes of the hidden layers, a curve each"),
        AlsoCalled(("init", "schemes", "scheme")),
    ] = (Scheme("std", 0.01, "std 0.01"), named("standard"), named("xavier"), named("he"))
    depth: Annotated[int, integer(1, 40), About("hidden layers"), AlsoCalled(("layers",))] = 5
    width: Annotated[int, integer(4, 256), About("units a layer"), AlsoCalled(("units",))] = 100
    lr: Annotated[
        float,
        number(0.0, 10.0, above=True),
        About("learning rate"),
        AlsoCalled(("rate", "learning_rate", "learning-rate")),
    ] = 0.1
    momentum: Annotated[float, number(0.0, 0.99), About("momentum of the descent")] = 0.0
    batch: Annotated[
        int, integer(1, 512), About("examples a step"), AlsoCalled(("batch_size", "batch-size"))
    ] = 64
    steps: Annotated[int, integer(10, 2000), About("steps of training")] = 400
    seeds: Annotated[
        int, integer(1, 10), About("networks a curve"), AlsoCalled(("repeats", "runs"))
    ] = 3
    smooth: Annotated[
        int,
        integer(1, 200),
        About("steps whose mean is drawn"),
        AlsoCalled(("window",)),
        OnlyDrawn(),
    ] = 20
    scale: Annotated[
        str, word("scale", "log", "linear"), About("vertical axis of the loss"), OnlyDrawn()
    ] = "log"
    metric: Annotated[str, word("metric", *METRICS), About("what is drawn"), OnlyDrawn()] = "loss"

    def title(self) -> str:
        """Name what is drawn."""
        what = "Loss" if self.metric == "loss" else "Accuracy"
        return f"{what} while training, by how the weights start"

    def caption(self) -> str:
        """Say what was trained how."""
        layers = "one hidden layer" if self.depth == 1 else f"{self.depth} hidden layers"
        runs = (
            "one run" if self.seeds == 1 else f"median (line) and range (band) of {self.seeds} runs"
        )
        mean = "" if self.smooth == 1 else f", each point the mean of {self.smooth} steps"
        momentum = f", momentum {self.momentum:g}" if self.momentum else ""
        return (
            f"Networks with {layers} of {self.width} units learn to tell `{self.dataset}` apart: "
            f"learning rate {self.lr:g}{momentum}, {self.batch} examples a step; {runs}{mean}. "
            "Curves differ in the start of the hidden layers alone; the weights of the last layer "
            "always start with variance 1 / fan-in."
        )

    def seconds(self) -> float:
        """Add up the steps of all networks."""
        sizes = widths(self.dataset, self.depth, self.width)
        a_step = sum(step_seconds(sizes, self.batch, name) for name in self.activations)
        return 0.3 + self.steps * self.seeds * len(self.inits) * a_step

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a data set that is not to be had."""
        yield from lacking(self.dataset)
