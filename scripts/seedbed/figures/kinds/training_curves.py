"""The parameters of `training-curves`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, OnlyDrawn, integer, number, word
from seedbed.figures.kinds.learning import (
    Dataset,
    Examples,
    LearningRate,
    Steps,
    lacking,
    step_seconds,
    widths,
)
from seedbed.figures.kinds.parameters import (
    ActivationPanels,
    Inits,
    Parameters,
    counted,
    median_and_range,
)
from seedbed.figures.scheme import Scheme, named

METRICS = ("loss", "accuracy")


@dataclass(frozen=True, slots=True)
class TrainingCurves(Parameters):
    """Networks that differ only in how they start, trained side by side."""

    kind: ClassVar[str] = "training-curves"
    about: ClassVar[str] = "how fast networks learn that differ only in how they start"

    dataset: Dataset = "shapes"
    activations: ActivationPanels = ("tanh", "relu", "sigmoid")
    inits: Annotated[Inits, About("schemes of the hidden layers, a curve each")] = (
        Scheme("std", 0.01, "std 0.01"),
        named("standard"),
        named("xavier"),
        named("he"),
    )
    depth: Annotated[int, integer(1, 40), About("hidden layers"), AlsoCalled(("layers",))] = 5
    width: Annotated[int, integer(4, 256), About("units a layer"), AlsoCalled(("units",))] = 100
    lr: LearningRate = 0.1
    momentum: Annotated[float, number(0.0, 0.99), About("momentum of the descent")] = 0.0
    batch: Examples = 64
    steps: Steps = 400
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
        layers = counted(self.depth, "hidden layer")
        runs = median_and_range(self.seeds, "run")
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
