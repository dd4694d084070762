"""The parameters of `jacobian-spectrum`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import (
    About,
    AlsoCalled,
    Rule,
    Written,
    as_written,
    integer,
    listing,
    must,
    number,
)
from seedbed.figures.kinds.parameters import Activations, InitRows, Parameters, draw_seconds
from seedbed.figures.problem import Report
from seedbed.figures.scheme import named
from seedbed.placed_yaml import Scalar

AUTO = "auto"


def _gain() -> Rule[float | str]:
    """Accept `auto` or a number."""
    numbers = number(0.0, 20.0, above=True)
    allowed = f"{AUTO} or a {numbers.allowed}"

    def read(written: Written, report: Report) -> float | str | None:
        if isinstance(written.node, Scalar) and written.node.value == AUTO:
            return AUTO
        value = numbers.read(written, lambda _message, _line: None)
        if value is None:
            must(written, f"be {allowed}", report)
        return value

    return Rule(
        allowed, read, show=lambda value: value if isinstance(value, str) else as_written(value)
    )


@dataclass(frozen=True, slots=True)
class JacobianSpectrum(Parameters):
    """Singular values of the input-output Jacobian of untrained networks of several depths."""

    kind: ClassVar[str] = "jacobian-spectrum"
    about: ClassVar[str] = "singular values of the Jacobian of whole networks, by their depth"

    activations: Annotated[Activations, About("activation functions, a column of panels each")] = (
        "linear",
        "tanh",
        "relu",
    )
    inits: InitRows = (named("lecun"), named("orthogonal"))
    width: Annotated[
        int, integer(8, 256), About("inputs, and units a layer"), AlsoCalled(("units",))
    ] = 128
    depths: Annotated[
        tuple[int, ...],
        listing(integer(1, 200), 1, 5),
        About("layers, a curve each"),
        AlsoCalled(("depth", "layers")),
    ] = (1, 4, 16, 64)
    gain: Annotated[
        float | str,
        _gain(),
        About("factor on the weights; auto: 1 for linear and tanh, √2 for relu"),
    ] = AUTO

    def title(self) -> str:
        """Name what is shown."""
        return "Singular values of the input-output Jacobian"

    def caption(self) -> str:
        """Say of what, and how the values are laid out."""
        gain = (
            "the gain that keeps small signals level"
            if self.gain == AUTO
            else f"gain {self.gain:g}"
        )
        return (
            f"Singular values of the Jacobian of networks of {self.width} units a layer at one "
            f"input from N(0, 1), from the largest (left) to the smallest; {gain}. Circles: "
            "prediction for linear layers of unlimited width."
        )

    def seconds(self) -> float:
        """Add up draws, products and decompositions."""
        n, deepest = self.width, max(self.depths)
        drawn = sum(draw_seconds(scheme, n, n) for scheme in self.inits)
        networks = len(self.inits) * len(self.activations)
        products = networks * (2.0 * n**3 / 2e10 + 1e-8 * n**2)
        decompositions = networks * len(self.depths) * (1e-3 + 2e-9 * n**3)
        return 0.1 + deepest * (drawn + products) + decompositions

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find depths that do not grow, which legend and colours follow."""
        if list(self.depths) != sorted(self.depths):
            yield "depths", f"'depths' must increase, got {list(self.depths)}"
