"""The parameters of `fan-compromise`, and how much it draws for each cell."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, OnlyDrawn, flag, integer, listing, word
from seedbed.figures.kinds.parameters import OneInit, Parameters, draw_seconds, repeats_enough
from seedbed.figures.scheme import Scheme, named

DIRECTIONS = ("forward", "backward")
_XAVIER = named("xavier")


def matrices(fan_in: int, fan_out: int) -> int:
    """Return how many matrices of that shape have enough weights between them."""
    return repeats_enough(fan_in * fan_out)


def rows(count: int, width: int) -> int:
    """Return how many inputs to each of `count` matrices give enough results of that width."""
    return repeats_enough(count * width)


@dataclass(frozen=True, slots=True)
class FanCompromise(Parameters):
    """What one layer does to signals and gradients, for layers of all shapes of a few sizes."""

    kind: ClassVar[str] = "fan-compromise"
    about: ClassVar[str] = "what a scheme does to signals and gradients by a layer's two fans"

    sizes: Annotated[
        tuple[int, ...],
        listing(integer(1, 2048), 2, 10),
        About("sizes, each as fan-in and as fan-out"),
        AlsoCalled(("widths", "fans")),
    ] = (8, 16, 32, 64, 128, 256, 512, 1024)
    init: Annotated[OneInit, About("scheme of the weights")] = _XAVIER
    direction: Annotated[
        tuple[str, ...],
        listing(word("direction", *DIRECTIONS), 1, 2),
        About("what passes through the layer, a panel each"),
        AlsoCalled(("directions",)),
        OnlyDrawn(),
    ] = DIRECTIONS
    annotate: Annotated[bool, flag(), About("write the numbers into the cells"), OnlyDrawn()] = True

    def title(self) -> str:
        """Name what the cells show."""
        return "Change of the second moment across one layer by its fans"

    def caption(self) -> str:
        """Say how a cell is to be read."""
        return (
            "A cell is one layer with so many inputs (across) and "
            "outputs (up). Its shade, and its number as a power of two, tell the factor by which "
            "the layer changes the second moment of signals (forward) or gradients (backward). "
            "Shades end at factors of 32."
        )

    def seconds(self) -> float:
        """Add up draws and products over all cells."""
        shapes = itertools.product(self.sizes, self.sizes)
        return sum(_cell_seconds(self.init, fan_in, fan_out) for fan_in, fan_out in shapes)


def _cell_seconds(scheme: Scheme, fan_in: int, fan_out: int) -> float:
    count = matrices(fan_in, fan_out)
    forward, backward = rows(count, fan_out), rows(count, fan_in)
    inputs = 2e-8 * (forward * fan_in + backward * fan_out)
    products = 2.0 * (forward + backward) * fan_in * fan_out / 2e10
    # A call of its own for each matrix; factoring even a small one takes several.
    call = 8e-5 if scheme.law == "orthogonal" else 1e-5
    return count * (call + draw_seconds(scheme, fan_in, fan_out) + inputs + products)
