"""The parameters of `rectangular-signal`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar, cast

from seedbed.figures.block import shown
from seedbed.figures.fields import About, AlsoCalled, Rule, Written, integer, listing, word
from seedbed.figures.kinds.parameters import Parameters
from seedbed.figures.presets import MODES, Mode
from seedbed.figures.problem import Report
from seedbed.placed_yaml import Sequence

BATCH = 64
"""Inputs, and gradients at the last layer, of one network."""


def widths_rule(low: int, high: int) -> Rule[tuple[int, ...]]:
    """Accept `low` to `high` widths; unlike a `listing`, with one width as often as wanted."""
    entry = integer(1, 2048)
    count = f"{low} to {high} entries"

    def read(written: Written, report: Report) -> tuple[int, ...] | None:
        if not isinstance(written.node, Sequence):
            report(f"'{written.name}' must be a list, got {shown(written.node)}", written.line)
            return None
        items = written.node.items
        if not low <= len(items) <= high:
            report(f"'{written.name}' must have {count}, got {len(items)}", written.line)
            return None
        read_entries = [
            entry.read(Written(written.name, at.place.line, at), report) for at in items
        ]
        values = tuple(value for value in read_entries if value is not None)
        return values if len(values) == len(items) else None

    return Rule(
        f"list of {count}, {entry.allowed}",
        read,
        show=lambda widths: f"[{', '.join(map(str, widths))}]",
        plain=list,
        restore=lambda plain: tuple(cast("list[int]", plain)),
    )


@dataclass(frozen=True, slots=True)
class RectangularSignal(Parameters):
    """Signals and gradients, layer by layer, where layers are not equally wide."""

    kind: ClassVar[str] = "rectangular-signal"
    about: ClassVar[str] = "which fan to scale by when layers are not equally wide"

    widths: Annotated[
        tuple[int, ...],
        widths_rule(3, 30),
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
    seeds: Annotated[
        int, integer(1, 20), About("networks a curve"), AlsoCalled(("repeats", "runs"))
    ] = 8

    @property
    def scale(self) -> float:
        """The scale that makes up for the activation: 2 for ReLU, which loses half."""
        return 2.0 if self.activation == "relu" else 1.0

    def title(self) -> str:
        """Name what is followed through the layers."""
        return "Signals and gradients through layers of unequal width"

    def caption(self) -> str:
        """Say what is scaled how, and how much was simulated."""
        runs = (
            "one network"
            if self.seeds == 1
            else f"median (line) and range (band) of {self.seeds} networks"
        )
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
