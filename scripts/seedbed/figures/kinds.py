"""What kinds of figure there are: fields with types, ranges and defaults, words and costs.

A kind is a dataclass of its parameters. Nothing here computes or draws, and nothing loads numpy:
`experiments` holds one module a kind for that. Separate so that a build whose figures are all in
the cache stays light.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import (
    About,
    AlsoCalled,
    OnlyDrawn,
    integer,
    interval,
    listing,
    number,
    word,
)
from seedbed.figures.scheme import Scheme, init, named

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
QUANTITIES = ("preactivation", "activation", "across-inputs")
_MOST_WEIGHTS = 4_000_000


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


@dataclass(frozen=True, slots=True)
class WeightDistribution(Parameters):
    """Weights drawn by several schemes, each beside the density that its scheme promises."""

    kind: ClassVar[str] = "weight-distribution"
    about: ClassVar[str] = "the weights that schemes draw, beside the densities they promise"

    inits: Annotated[
        tuple[Scheme, ...],
        listing(init(), 1, 4),
        About("schemes, a panel each"),
        AlsoCalled(("init", "schemes", "scheme")),
    ] = (
        named("xavier-uniform"),
        named("xavier-normal"),
        Scheme("scale", 1.0, "Xavier truncated", mode="fan_avg", distribution="truncated_normal"),
    )
    fan_in: Annotated[int, integer(1, 4096), About("inputs of the layer")] = 300
    fan_out: Annotated[int, integer(1, 4096), About("outputs of the layer")] = 100
    bins: Annotated[int, integer(5, 201), About("bars of the histogram")] = 81

    def title(self) -> str:
        """Name what all inits have in common."""
        return "Distribution of the initial weights"

    def caption(self) -> str:
        """Say what is drawn how."""
        return (
            f"Density of the weights of one layer with {self.fan_in} inputs and {self.fan_out} "
            "outputs: drawn (area) and promised by the scheme (thin line). The dotted lines "
            "stand one standard deviation from zero."
        )

    def seconds(self) -> float:
        """Add up draws and the comparison with the exact law."""
        size = self.fan_in * self.fan_out
        # Drawing, sorting for the Kolmogorov-Smirnov distance, and the exact distribution there.
        return sum(draw_seconds(scheme, self.fan_in, self.fan_out) for scheme in self.inits) + (
            4e-7 * size * len(self.inits)
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find too large a layer, and inits that have no density."""
        size = self.fan_in * self.fan_out
        if size > _MOST_WEIGHTS:
            said = f"'fan_in' times 'fan_out' must be at most {_MOST_WEIGHTS}, got {size}"
            yield "fan_in", said
        for scheme in self.inits:
            if not scheme.random:
                yield "inits", f"'inits' must draw at random here, got '{scheme.label}'"


@dataclass(frozen=True, slots=True)
class VarianceByDepth(Parameters):
    """Second moments, layer by layer, of untrained networks with equally wide layers."""

    kind: ClassVar[str] = "variance-by-depth"
    about: ClassVar[str] = "how a scheme lets signals grow or shrink from layer to layer"

    activations: Annotated[
        tuple[str, ...],
        listing(word("activation", *ACTIVATION_NAMES), 1, 3),
        About("activation functions, a panel each"),
        AlsoCalled(("activation", "nonlinearity", "nonlinearities")),
    ] = ("tanh", "relu")
    inits: Annotated[
        tuple[Scheme, ...],
        listing(init(), 1, 5),
        About("schemes, a curve each"),
        AlsoCalled(("init", "schemes", "scheme")),
    ] = (
        Scheme("std", 0.01, "std 0.01"),
        Scheme("std", 1.0, "std 1"),
        named("standard"),
        named("xavier"),
        named("he"),
    )
    depth: Annotated[int, integer(1, 100), About("layers"), AlsoCalled(("layers",))] = 30
    width: Annotated[int, integer(2, 1024), About("units a layer"), AlsoCalled(("units",))] = 256
    batch: Annotated[
        int, integer(1, 512), About("inputs, each value from N(0, 1)"), AlsoCalled(("inputs",))
    ] = 64
    seeds: Annotated[
        int, integer(1, 20), About("networks a curve"), AlsoCalled(("repeats", "runs"))
    ] = 5
    bias_std: Annotated[float, number(0.0, 2.0), About("standard deviation of the biases")] = 0.0
    quantity: Annotated[str, word("quantity", *QUANTITIES), About("what is measured")] = (
        "preactivation"
    )
    ylim: Annotated[
        tuple[float, float],
        interval(1e-100, 1e100),
        About("vertical range"),
        AlsoCalled(("yrange",)),
        OnlyDrawn(),
    ] = (1e-12, 1e4)

    def title(self) -> str:
        """Name the quantity."""
        return {
            "preactivation": "Second moment of the pre-activations by layer",
            "activation": "Second moment of the activations by layer",
            "across-inputs": "Variance of the pre-activations across inputs by layer",
        }[self.quantity]

    def caption(self) -> str:
        """Say how much was simulated, and what the prediction leaves out."""
        inputs = "one input" if self.batch == 1 else f"{self.batch} inputs"
        runs = (
            "one network"
            if self.seeds == 1
            else f"median (line) and range (band) of {self.seeds} networks"
        )
        return (
            f"Width {self.width}, {inputs}, {runs}. Circles: prediction for layers of unlimited "
            "width, below which the median of finite networks tends to lie."
        )

    def seconds(self) -> float:
        """Add up draws, products and functions over all layers of all networks."""
        layers = self.depth * self.seeds
        curves = len(self.inits) * len(self.activations)
        drawn = sum(draw_seconds(scheme, self.width, self.width) for scheme in self.inits)
        products = 2.0 * self.batch * self.width**2 / 4e10
        costs = {"gelu": 1.2e-7}
        evaluated = sum(costs.get(name, 1e-8) for name in self.activations) * len(self.inits)
        evaluated *= self.batch * self.width
        predicted = 5e-3 * self.depth * curves if self.quantity == "across-inputs" else 0.0
        return layers * (drawn + products * curves + evaluated) + predicted

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find a single input that is to differ."""
        if self.quantity == "across-inputs" and self.batch == 1:
            yield "batch", "'batch' must be at least 2 to measure across inputs, got 1"


KINDS: dict[str, type[Parameters]] = {
    kind.kind: kind for kind in (WeightDistribution, VarianceByDepth)
}


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
