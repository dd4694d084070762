"""The parameters of `activation-curves`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, flag, interval, listing
from seedbed.figures.kinds.parameters import Parameters, activation_name

FARTHEST = 20.0
"""How far from 0 curves may be drawn, and how far saturation is looked for."""


@dataclass(frozen=True, slots=True)
class ActivationCurves(Parameters):
    """Activation functions and their derivatives, exactly as the other figures compute them."""

    kind: ClassVar[str] = "activation-curves"
    about: ClassVar[str] = "activation functions and their derivatives"

    activations: Annotated[
        tuple[str, ...],
        listing(activation_name(), 1, 5),
        About("activation functions, a curve each"),
        AlsoCalled(("activation", "nonlinearity", "nonlinearities", "functions")),
    ] = ("sigmoid", "tanh", "relu")
    range: Annotated[
        tuple[float, float],
        interval(-FARTHEST, FARTHEST),
        About("from where to where"),
        AlsoCalled(("xlim", "xrange")),
    ] = (-4.0, 4.0)
    derivative: Annotated[
        bool, flag(), About("a panel of the derivatives, too"), AlsoCalled(("derivatives",))
    ] = True

    def title(self) -> str:
        """Name the functions, or what they have in common."""
        one = len(self.activations) == 1
        what = self.activations[0] if one else "Activation functions"
        if not self.derivative:
            return f"The activation function {what}" if one else what
        return f"{what} and its derivative" if one else f"{what} and their derivatives"

    def caption(self) -> str:
        """Say what the panels and the shading are."""
        panels = "Left: value. Right: slope." if self.derivative else "Value."
        if len(self.activations) > 1:
            return f"{panels} What grows without bound leaves the panel."
        return f"{panels} Shaded: where the slope is below a twentieth of its greatest."

    def seconds(self) -> float:
        """Evaluate each function at some thousand places."""
        return 0.03 * len(self.activations)
