"""What kinds of figure have in common: their parameters, fields, words, and what they cost.

Nothing here computes or draws, and nothing loads numpy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Annotated, ClassVar

from seedbed.figures.fields import (
    About,
    AlsoCalled,
    OnlyDrawn,
    Rule,
    integer,
    interval,
    listing,
    number,
    word,
)
from seedbed.figures.scheme import Scheme, init

ACTIVATION_NAMES = (
    "linear",
    "tanh",
    "sigmoid",
    "relu",
    "leaky-relu",
    "softsign",
    "elu",
    "selu",
    "gelu",
    "silu",
    "lecun-tanh",
)
ENOUGH = 32_768
"""Weights, or results of a layer: a factor then has a standard error of about one percent."""


def activation_name() -> Rule[str]:
    """Accept the name of any activation function."""
    return word("activation", *ACTIVATION_NAMES)


# Fields that several kinds have in the same form: a kind adds its default, and what is missing.
Activations = Annotated[
    tuple[str, ...],
    listing(activation_name(), 1, 3),
    AlsoCalled(("activation", "nonlinearity", "nonlinearities")),
]
"""Without its meaning, as `OneInit` and `Inits` are: what each one changes is the kind's to say."""
ActivationPanels = Annotated[Activations, About("activation functions, a panel each")]
OneInit = Annotated[Scheme, init(), AlsoCalled(("inits", "scheme"))]
INITS_CALLED = AlsoCalled(("init", "schemes", "scheme"))
Inits = Annotated[tuple[Scheme, ...], listing(init(), 1, 5), INITS_CALLED]
InitCurves = Annotated[Inits, About("schemes, a curve each")]
InitRows = Annotated[
    tuple[Scheme, ...],
    listing(init(), 1, 3),
    About("schemes, a row of panels each"),
    INITS_CALLED,
]
Depth = Annotated[int, integer(1, 100), About("layers"), AlsoCalled(("layers",))]
LongDepth = Annotated[int, integer(1, 500), About("layers"), AlsoCalled(("layers",))]
"""For kinds that take little time a layer."""
Width = Annotated[int, integer(2, 1024), About("units a layer"), AlsoCalled(("units",))]
Inputs = Annotated[
    int, integer(1, 512), About("inputs, each value from N(0, 1)"), AlsoCalled(("inputs",))
]
Seeds = Annotated[int, integer(1, 20), About("networks a curve"), AlsoCalled(("repeats", "runs"))]
BiasStd = Annotated[float, number(0.0, 2.0), About("standard deviation of the biases")]
VerticalRange = Annotated[
    tuple[float, float],
    interval(1e-100, 1e100),
    About("vertical range"),
    AlsoCalled(("yrange",)),
    OnlyDrawn(),
]


class Parameters(ABC):
    """The parameters of one figure; each kind is a dataclass derived from this."""

    __slots__ = ()
    kind: ClassVar[str]
    about: ClassVar[str]
    """What the kind shows, in one line for the listing."""

    @abstractmethod
    def title(self) -> str:
        """Return the title of a figure whose block gives none; plain text."""

    @abstractmethod
    def caption(self) -> str:
        """Return the caption of a figure whose block gives none; inline Markdown."""

    @abstractmethod
    def seconds(self) -> float:
        """Return the estimated time on one processor core."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield field and message where allowed values do not go together."""
        yield from ()


def draw_seconds(scheme: Scheme, fan_in: int, fan_out: int) -> float:
    """Return the estimated time to draw one weight matrix on one core."""
    size = fan_in * fan_out
    if scheme.law == "constant":
        return 1e-9 * size
    if scheme.law == "orthogonal":
        return 2e-8 * size + 4e-10 * size * min(fan_in, fan_out)
    if scheme.law == "uniform" or scheme.distribution == "uniform":
        return 5e-9 * size
    return (2.6e-8 if scheme.distribution == "truncated_normal" else 2e-8) * size


def repeats_enough(size: int) -> int:
    """Return how many times `size` numbers are at least `ENOUGH`."""
    return max(1, -(-ENOUGH // size))


def counted(count: int, noun: str) -> str:
    """Return how many of a thing there are, for a caption: "one input", "64 inputs"."""
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def median_and_range(count: int, noun: str) -> str:
    """Return what a curve over `count` networks or runs, called `noun`, shows, for a caption."""
    drawn = "" if count == 1 else "median (line) and range (band) of "
    return f"{drawn}{counted(count, noun)}"
