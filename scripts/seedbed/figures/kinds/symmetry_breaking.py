"""The parameters of `symmetry-breaking`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer
from seedbed.figures.kinds.learning import Dataset, Steps, lacking, step_seconds, widths
from seedbed.figures.kinds.parameters import Inits, Parameters
from seedbed.figures.scheme import Scheme, named

ACTIVATION = "tanh"
HIDDEN = 2
RATE = 0.1
BATCH = 64


@dataclass(frozen=True, slots=True)
class SymmetryBreaking(Parameters):
    """Networks whose units start equal, beside those whose units do not."""

    kind: ClassVar[str] = "symmetry-breaking"
    about: ClassVar[str] = "why weights must not start equal: equal units stay equal"

    inits: Annotated[Inits, About("schemes of all layers, a curve each")] = (
        named("zeros"),
        Scheme("constant", 0.05, "constant 0.05"),
        named("xavier"),
    )
    width: Annotated[int, integer(2, 256), About("units a layer"), AlsoCalled(("units",))] = 32
    steps: Steps = 300
    dataset: Dataset = "shapes"

    def title(self) -> str:
        """Name the finding's subject."""
        return "Units that start equal stay equal"

    def caption(self) -> str:
        """Say what was trained and measured how."""
        return (
            f"Networks with {HIDDEN} hidden layers of {self.width} {ACTIVATION} units learn "
            f"`{self.dataset}` (learning rate {RATE:g}, {BATCH} examples a step). Left: the loss, "
            "each point the mean of up to 20 steps; the dotted line is that of guessing. Right: how "
            "far a unit of the first layer is from the mean of all its units, in the weight that "
            "differs most."
        )

    def seconds(self) -> float:
        """Add up the steps of all networks."""
        sizes = widths(self.dataset, HIDDEN, self.width)
        a_step = step_seconds(sizes, BATCH, ACTIVATION) + 1e-5 + 4e-9 * sizes[0] * self.width
        return 0.3 + self.steps * len(self.inits) * a_step

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a data set that is not to be had."""
        yield from lacking(self.dataset)
