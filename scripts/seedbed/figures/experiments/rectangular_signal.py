"""Widths and modes of scaling -> second moments of signals and gradients at every layer."""

from __future__ import annotations

import math
import operator
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import (
    Axis,
    Chart,
    Mark,
    Panel,
    Predicted,
    Presentation,
    Table,
    comma_separated,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import (
    cell,
    decades_around,
    line_keys,
    not_finite,
    range_and_median,
)
from seedbed.figures.kinds.rectangular_signal import BATCH, RectangularSignal
from seedbed.figures.presets import Mode
from seedbed.figures.xavier import weight_variance

Values = NDArray[np.float64]

_DIRECTIONS = ("forward", "backward")


def measure(parameters: RectangularSignal, seed: int) -> Measured:
    """Follow signals up and gradients down networks that differ by the mode alone.

    Returns ``forward (modes, seeds, layers + 1)``, the second moment of the activations in units
    of the input's, which is entry 0, and ``backward (modes, seeds, layers)``, that of the
    gradients with respect to pre-activations in units of the last layer's, the last entry.
    """
    children = child_seeds(seed, parameters.kind, parameters.seeds)
    runs = [_network(parameters, child) for child in children]
    return {
        "forward": np.stack([forward for forward, _ in runs], axis=1),
        "backward": np.stack([backward for _, backward in runs], axis=1),
    }


def predicted(widths: tuple[int, ...], mode: Mode, direction: str) -> Values:
    """Return the factors from the input, or from the last layer, to each layer.

    Parameters
    ----------
    widths : tuple of int
        Units of the input and of each of L layers.
    mode : {'fan_in', 'fan_out', 'fan_avg', 'fan_geo'}
        Which n divides: ``Var W = scale / n``, with a scale that makes up for the activation.
    direction : {'forward', 'backward'}
        Signals or gradients.

    Returns
    -------
    ndarray, (L + 1,) forward or (L,) backward
        Forward the products of ``fan_in / n`` over the layers so far, starting with 1 at the
        input; backward those of ``fan_out / n`` over the layers above, ending with 1 at the last.

    Notes
    -----
    With one of the two fans the products telescope, and with their geometric mean; with their
    arithmetic mean they do not. He et al. 2015 remark on the former, below their eq. 14.
    """
    shapes = list(pairwise(widths))
    if direction == "forward":
        factors = [shape[0] * weight_variance(shape, 1.0, mode) for shape in shapes]
        return np.array([1.0, *accumulate(factors, operator.mul)])
    factors = [shape[1] * weight_variance(shape, 1.0, mode) for shape in shapes[:0:-1]]
    return np.array([1.0, *accumulate(factors, operator.mul)])[::-1]


def _network(parameters: RectangularSignal, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """Measure one network under every mode: (modes, layers + 1) and (modes, layers)."""
    weight_seed, input_seed, gradient_seed = seed.spawn(3)
    shapes = list(pairwise(parameters.widths))
    # A stream a layer, so that on the way back it can be drawn again rather than kept.
    layers = list(zip(weight_seed.spawn(len(shapes)), shapes, strict=True))
    stds = [
        [math.sqrt(weight_variance(shape, parameters.scale, mode)) for shape in shapes]
        for mode in parameters.modes
    ]
    function = ACTIVATIONS[parameters.activation]
    signals = [_normal(input_seed, (BATCH, shapes[0][0]))] * len(stds)
    forward = [[_mean_square(signal)] for signal in signals]
    slopes: list[list[Values]] = []
    for at, (child, shape) in enumerate(layers):
        weights = _normal(child, shape)
        sums = [signal @ (std[at] * weights) for signal, std in zip(signals, stds, strict=True)]
        slopes.append([function.derivative(z) for z in sums])
        signals = [function.function(z) for z in sums]
        for found, signal in zip(forward, signals, strict=True):
            found.append(_mean_square(signal))
    gradients = [_normal(gradient_seed, (BATCH, shapes[-1][1]))] * len(stds)
    backward = [[_mean_square(gradient)] for gradient in gradients]
    for at in range(len(shapes) - 1, 0, -1):
        weights = _normal(*layers[at]).T
        gradients = [
            (gradient @ (std[at] * weights)) * slope
            for gradient, std, slope in zip(gradients, stds, slopes[at - 1], strict=True)
        ]
        for found, gradient in zip(backward, gradients, strict=True):
            found.append(_mean_square(gradient))
    up, down = np.array(forward), np.array(backward)
    return up / up[:, :1], (down / down[:, :1])[:, ::-1]


def _normal(seed: np.random.SeedSequence, shape: tuple[int, int]) -> Values:
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(shape)


def _mean_square(values: Values) -> float:
    return float(np.mean(np.square(values)))


class Curve:
    """One mode in one direction: median, range and prediction, at the layers that are finite."""

    def __init__(
        self, parameters: RectangularSignal, measured: Measured, at: int, direction: str
    ) -> None:
        self.mode = parameters.modes[at]
        self.series = at
        self.direction = direction
        runs = measured[direction][at]
        predicted_ = predicted(parameters.widths, self.mode, direction)
        layers = np.arange(len(parameters.widths) - runs.shape[1], len(parameters.widths))
        kept = np.isfinite(runs).all(axis=0)
        self.finite = bool(kept.all())
        self.layers = layers[kept]
        self.runs = runs[:, kept]
        self.predicted = predicted_[kept]
        self.median = np.median(self.runs, axis=0) if kept.any() else np.empty(0)
        end = -1 if direction == "forward" else 0
        self.end = float(np.median(runs[:, end])) if kept[end] else math.nan
        self.range = (float(runs[:, end].min()), float(runs[:, end].max()))
        self.predicted_end = float(predicted_[end])

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return range, median and prediction as they are drawn."""
        x = tuple(self.layers.tolist())
        drawn = range_and_median(x, self.runs, self.median, self.series)
        circles = Predicted(x, tuple(self.predicted.tolist()), "circles")
        return (*drawn, circles) if theory else drawn


def present(parameters: RectangularSignal, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a panel a direction, with a curve a mode."""
    curves = [
        Curve(parameters, measured, at, direction)
        for direction in _DIRECTIONS
        for at in range(len(parameters.modes))
    ]
    every = [predicted(parameters.widths, c.mode, c.direction) for c in curves]
    # Around the predictions, which no seed can move.
    low, high = decades_around(np.concatenate(every), 0.5)
    layers = len(parameters.widths) - 1
    labels = ("activations / input", "gradients / last layer")
    panels = tuple(
        Panel(
            f"{direction}: {label}",
            Axis("layer", -0.3, layers + 0.3, whole=True),
            Axis("second moment, relative" if at == 0 else "", low, high, "log", ticks=at == 0),
            tuple(m for c in curves if c.direction == direction for m in c.marks(theory=theory)),
        )
        for at, (direction, label) in enumerate(zip(_DIRECTIONS, labels, strict=True))
    )
    legend = line_keys(parameters.modes, circles="prediction" if theory else "")
    return Presentation(
        Chart(panels, legend),
        _description(parameters, curves, theory=theory),
        _table(curves, theory=theory),
        _csv(parameters, curves),
        tuple(not_finite("modes", f"{c.direction}/{c.mode}") for c in curves if not c.finite),
    )


def _description(parameters: RectangularSignal, curves: list[Curve], *, theory: bool) -> str:
    widths = parameters.widths
    layers = len(widths) - 1
    found = {
        direction: ", ".join(_finding(c, theory=theory) for c in curves if c.direction == direction)
        for direction in _DIRECTIONS
    }
    return (
        "Two line charts, logarithmic vertical axis. "
        f"Through {layers} {parameters.activation} layers of {min(widths)} to {max(widths)} units, "
        f"the second moment of the signal is multiplied by {found['forward']}. "
        "From the last layer back to the first, that of the gradient is multiplied by "
        f"{found['backward']}."
    )


def _finding(curve: Curve, *, theory: bool) -> str:
    against = f" (predicted {number(curve.predicted_end, 3)})" if theory else ""
    if math.isnan(curve.end):
        return f"no finite number with {curve.mode}{against}"
    return f"{number(curve.end, 3)} with {curve.mode}{against}"


def _table(curves: list[Curve], *, theory: bool) -> Table:
    """Return a row a mode and direction, from end to end."""
    columns = ["direction, mode", "median", "minimum", "maximum"]
    columns += ["predicted"] if theory else []
    body = []
    for curve in curves:
        values = [curve.end, *curve.range, *([curve.predicted_end] if theory else [])]
        body.append((f"{curve.direction}, {curve.mode}", *map(cell, values)))
    return Table(tuple(columns), tuple(body))


def _csv(parameters: RectangularSignal, curves: list[Curve]) -> str:
    found: list[tuple[str | int | float, ...]] = [
        ("direction", "mode", "layer", "width", "median", "minimum", "maximum", "predicted")
    ]
    for curve in curves:
        for at, layer in enumerate(curve.layers.tolist()):
            runs = curve.runs[:, at]
            values = (curve.median[at], runs.min(), runs.max(), curve.predicted[at])
            width = parameters.widths[layer]
            found.append((curve.direction, curve.mode, layer, width, *values))
    return comma_separated(tuple(found))
