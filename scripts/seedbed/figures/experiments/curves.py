"""Simulated runs and predictions, layer by layer -> curves: marks, legend, cells and CSV.

Separate because signals and gradients by depth are shown alike: a panel an activation, a curve a
scheme, the median of all networks as a line, their range as a band and theory as circles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import (
    Axis,
    Chart,
    Mark,
    Panel,
    Predicted,
    comma_separated,
    literal,
)
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.runs import cell, line_keys, not_finite, range_and_median
from seedbed.figures.kinds.gradient_by_depth import GradientByDepth
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]
ByDepth = VarianceByDepth | GradientByDepth


@dataclass(frozen=True, eq=False)
class Curve:
    """One scheme under one activation: median, range and prediction, where they are finite."""

    scheme: Scheme
    series: int
    activation: str
    panel: int
    simulated: Values
    """(networks, depth); may be infinite or nan."""
    predicted: Values
    """(depth,); nan where there is no prediction."""
    backward: bool = False
    """Whether the layers are passed from the last to the first, and values lost on that way."""
    floor: float = -1.0
    """Below this nothing but the rounding of numbers is left."""
    step: int = 1
    """From which layer to which the drawing goes at once."""

    @property
    def name(self) -> str:
        """Return what messages call the curve."""
        return f"{self.activation}/{self.scheme.label}"

    @cached_property
    def _stretch(self) -> slice:
        """Return where no run has become infinite or nan yet."""
        lost = np.flatnonzero(~np.isfinite(self.simulated).all(axis=0))
        depth = self.simulated.shape[1]
        if self.backward:
            return slice(int(lost[-1]) + 1 if lost.size else 0, depth)
        return slice(0, int(lost[0]) if lost.size else depth)

    @property
    def diverges_at(self) -> int | None:
        """Return the first layer, on the way through, that is not finite, if there is one."""
        stretch, depth = self._stretch, self.simulated.shape[1]
        if self.backward:
            return stretch.start or None
        return stretch.stop + 1 if stretch.stop < depth else None

    @cached_property
    def runs(self) -> Values:
        """Return what is finite, ``(networks, layers)``."""
        return np.maximum(self.simulated[:, self._stretch], self.floor)

    @property
    def layers(self) -> NDArray[np.int_]:
        """Return the layers of `runs`."""
        return np.arange(1, self.simulated.shape[1] + 1)[self._stretch]

    @cached_property
    def median(self) -> Values:
        """Return the median of the networks, ``(layers,)``."""
        return np.asarray(np.median(self.runs, axis=0)) if self.runs.size else np.empty(0)

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return range, median and prediction as they are drawn."""
        count = self.layers.size
        at = sorted({*range(0, count, self.step), count - 1} - {-1})
        x = tuple(self.layers[at].tolist())
        drawn = range_and_median(x, self.runs[:, at], self.median[at], self.series)
        return (*drawn, *((self._circles(),) if theory else ()))

    def _circles(self) -> Predicted:
        """Return the prediction at every fourth step, finite ones only."""
        at = np.arange(0, self.predicted.size, 4 * self.step)
        at = at[np.isfinite(self.predicted[at])]
        return Predicted(tuple((at + 1).tolist()), tuple(self.predicted[at].tolist()), "circles")

    def simulated_at(self, layer: int) -> str:
        """Return the median at a layer as a cell of a table."""
        at = layer - 1 - self._stretch.start
        return cell(self.median[at]) if 0 <= at < self.median.size else "diverged"

    def predicted_at(self, layer: int) -> str:
        """Return the prediction at a layer as a cell of a table."""
        return cell(self.predicted[layer - 1])


def curves_of(
    parameters: ByDepth,
    measured: Measured,
    *,
    backward: bool = False,
    floor: float = -1.0,
    step: int = 1,
) -> list[Curve]:
    """Return all curves, those of a panel together.

    ``measured`` holds ``simulated (inits, activations, networks, depth)`` and
    ``predicted (inits, activations, depth)``.
    """
    return [
        Curve(
            scheme,
            at,
            activation,
            panel,
            measured["simulated"][at, panel],
            measured["predicted"][at, panel],
            backward,
            floor,
            step,
        )
        for panel, activation in enumerate(parameters.activations)
        for at, scheme in enumerate(parameters.inits)
    ]


def chart_of(parameters: ByDepth, curves: list[Curve], symbol: str, *, theory: bool) -> Chart:
    """Return a panel an activation; ``symbol`` labels the vertical axis."""
    panels = tuple(
        Panel(
            name,
            Axis("layer", 0.0, parameters.depth + 1.0, whole=True),
            Axis(symbol if at == 0 else "", *parameters.ylim, "log", ticks=at == 0),
            tuple(
                mark for curve in curves if curve.panel == at for mark in curve.marks(theory=theory)
            ),
        )
        for at, name in enumerate(parameters.activations)
    )
    labels = (literal(scheme.label) for scheme in parameters.inits)
    return Chart(panels, line_keys(labels, circles="prediction" if theory else ""))


def warnings_of(curves: list[Curve]) -> tuple[tuple[str, str], ...]:
    """Return what is to be said of curves that are cut."""
    return tuple(not_finite("inits", c.name) for c in curves if c.diverges_at is not None)


def some_layers(depth: int) -> list[int]:
    """Return the first and the last layer and up to five between them."""
    return sorted({1, depth, *(round(depth * part / 6) for part in range(1, 6))} - {0})


def csv_of(curves: list[Curve]) -> str:
    """Return median, range and prediction of every curve at every layer."""
    rows: list[tuple[str | int | float, ...]] = [
        ("activation", "init", "layer", "median", "minimum", "maximum", "predicted")
    ]
    for curve in curves:
        low = curve.runs.min(axis=0) if curve.median.size else curve.median
        high = curve.runs.max(axis=0) if curve.median.size else curve.median
        rows.extend(
            (
                curve.activation,
                curve.scheme.label,
                layer,
                *(values[at] for values in (curve.median, low, high)),
                curve.predicted[layer - 1] if np.isfinite(curve.predicted[layer - 1]) else "",
            )
            for at, layer in enumerate(curve.layers.tolist())
        )
    return comma_separated(tuple(rows))
