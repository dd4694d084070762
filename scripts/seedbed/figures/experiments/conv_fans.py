"""Kernels, padding, stride and groups -> factors of one convolution forward and backward."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import (
    Axis,
    Chart,
    Level,
    Line,
    Mark,
    Panel,
    Predicted,
    Presentation,
    Table,
    comma_separated,
    number,
)
from seedbed.figures.convolution import (
    Convolution,
    Padding,
    backward,
    backward_factor,
    forward,
    forward_factor,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import cell, decades_around, line_keys, not_finite
from seedbed.figures.kinds.conv_fans import ConvFans
from seedbed.figures.propagation import streams

Values = NDArray[np.float64]

_DIRECTIONS = ("forward", "backward")
_MOST_AT_ONCE = 4_000_000
"""Numbers that the images of repeats made together may have: kernels of one weight need many repeats."""
_COUNTED, _NO_AREA, _NO_GROUPS = "counted", "area forgotten", "groups forgotten"


def measure(parameters: ConvFans, seed: int) -> Measured:
    """Send images and gradients through layers with weights of variance 1.

    Returns ``forward`` and ``backward``, each (kernels,): the mean square of what comes out in
    units of the mean square of what went in; and their standard errors, ``forward_error`` and
    ``backward_error``. A convolution is linear in its weights: of the same draws, weights of
    variance v give just v times these factors, so that one pass serves every way to count fans.
    """
    children = child_seeds(seed, parameters.kind, len(parameters.kernels))
    found = [
        _factors(parameters, kernel, child)
        for kernel, child in zip(parameters.kernels, children, strict=True)
    ]
    names = ("forward", "forward_error", "backward", "backward_error")
    return {
        name: np.array(column) for name, column in zip(names, zip(*found, strict=True), strict=True)
    }


def _factors(
    parameters: ConvFans, kernel: int, seed: np.random.SeedSequence
) -> tuple[float, float, float, float]:
    """Return both factors with their errors, many repeats at a time being groups of one wide layer."""
    weight_rng, input_rng, gradient_rng = streams(seed, 3)
    repeats, batch, channels = (
        parameters.repeats(kernel),
        parameters.batch(kernel),
        parameters.channels,
    )
    weights = weight_rng.standard_normal(
        (kernel, kernel, channels // parameters.groups, repeats * channels)
    )
    together = max(1, _MOST_AT_ONCE // (batch * channels * parameters.size**2))
    up, down = [], []
    for first in range(0, repeats, together):
        count = min(together, repeats - first)
        layer = _layer(parameters, kernel, count)
        own = weights[..., first * channels : (first + count) * channels]
        x = input_rng.standard_normal((batch, count * channels, layer.size, layer.size))
        up.append(_mean_squares(forward(x, own, layer), x, count))
        side = layer.outputs
        gradient = gradient_rng.standard_normal((batch, count * channels, side, side))
        down.append(_mean_squares(backward(gradient, own, layer), gradient, count))
    return *_ratio(np.hstack(up)), *_ratio(np.hstack(down))


def _layer(parameters: ConvFans, kernel: int, repeats: int = 1) -> Convolution:
    return Convolution(
        kernel,
        parameters.size,
        parameters.stride,
        parameters.groups * repeats,
        cast("Padding", parameters.padding),
    )


def _mean_squares(after: Values, before: Values, repeats: int) -> Values:
    """Return the mean square of each repeat, after the layer and before it, (2, repeats)."""
    return np.array(
        [
            np.square(values).reshape(len(values), repeats, -1).mean(axis=(0, 2))
            for values in (after, before)
        ]
    )


def _ratio(mean_squares: Values) -> tuple[float, float]:
    """Return the ratio of mean squares, and its standard error from repeat to repeat."""
    top, bottom = mean_squares
    error = np.std(top / bottom, ddof=1) / math.sqrt(top.size)
    return float(top.mean() / bottom.mean()), float(error)


def _variances(parameters: ConvFans, kernel: int) -> dict[str, float]:
    """Return the variance of a weight for each way to count; both fans are equal here."""
    channels = parameters.channels
    fans = {
        _COUNTED: kernel**2 * channels // parameters.groups,
        _NO_AREA: channels // parameters.groups,
        _NO_GROUPS: kernel**2 * channels,
    }
    if parameters.groups == 1:
        del fans[_NO_GROUPS]
    return {name: 1.0 / fan for name, fan in fans.items()}


def predicted(parameters: ConvFans, kernel: int, direction: str) -> float:
    """Return the exact factor of a layer whose weights have variance 1."""
    factor = forward_factor if direction == "forward" else backward_factor
    return factor(_layer(parameters, kernel), parameters.channels, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """One way to count the fans in one direction: the factors, each (kernels,)."""

    direction: str
    name: str
    series: int
    kernels: tuple[int, ...]
    """In increasing order, as all below."""
    measured: Values
    error: Values
    predicted: Values

    @property
    def finite(self) -> NDArray[np.intp]:
        """Which places have numbers."""
        return np.flatnonzero(np.isfinite(self.measured))

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return what is measured, where it is finite, and what is predicted."""
        line = Line(
            tuple(self.finite.tolist()), tuple(self.measured[self.finite].tolist()), self.series
        )
        circles = tuple(range(len(self.kernels))), tuple(self.predicted.tolist())
        return (line, Predicted(*circles, "circles")) if theory else (line,)


def present(parameters: ConvFans, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the factors into a panel a direction, with a curve for each way to count the fans."""
    curves = _curves(parameters, measured)
    # Around the predictions, which no seed can move.
    low, high = decades_around(np.concatenate([curve.predicted for curve in curves]), 0.2)
    names = tuple(map(str, curves[0].kernels))
    x = Axis("height and width of the kernel", -0.2, len(names) - 0.8, names=names)
    titles = {"forward": "forward: outputs / inputs", "backward": "backward: gradients"}
    panels = tuple(
        Panel(
            titles[direction],
            x,
            Axis("second moment, relative" if at == 0 else "", low, high, "log", ticks=at == 0),
            (
                Level((1.0,)),
                *(m for c in curves if c.direction == direction for m in c.marks(theory=theory)),
            ),
        )
        for at, direction in enumerate(_DIRECTIONS)
    )
    labels = (_label(c.name) for c in curves if c.direction == "forward")
    legend = line_keys(labels, circles="prediction" if theory else "")
    return Presentation(
        Chart(panels, legend),
        _description(parameters, curves, theory=theory),
        _table(curves, theory=theory),
        _csv(curves),
        tuple(
            not_finite("kernels", f"{c.direction}/{c.name}")
            for c in curves
            if c.finite.size < len(c.kernels)
        ),
    )


def _curves(parameters: ConvFans, measured: Measured) -> list[Curve]:
    order = sorted(range(len(parameters.kernels)), key=parameters.kernels.__getitem__)
    kernels = tuple(parameters.kernels[at] for at in order)
    variances = [_variances(parameters, kernel) for kernel in kernels]
    return [
        Curve(
            direction,
            name,
            series,
            kernels,
            measured[direction][order] * factor,
            measured[f"{direction}_error"][order] * factor,
            np.array([predicted(parameters, kernel, direction) for kernel in kernels]) * factor,
        )
        for direction in _DIRECTIONS
        for series, name in enumerate(variances[0])
        for factor in [np.array([of[name] for of in variances])]
    ]


def _label(name: str) -> str:
    return {_COUNTED: "all counted", _NO_AREA: "kernel area forgotten"}.get(name, name)


def _description(parameters: ConvFans, curves: list[Curve], *, theory: bool) -> str:
    kernels = ", ".join(map(str, curves[0].kernels))
    sentences = [
        "Two line charts, logarithmic vertical axis.",
        f"Kernels of size {kernels}, stride {parameters.stride}, {parameters.padding} padding.",
    ]
    for direction, said in (
        ("forward", "The second moment of the outputs, in units of the inputs', is"),
        ("backward", "That of the gradients at the inputs, in units of those at the outputs, is"),
    ):
        found = "; ".join(_finding(c, theory=theory) for c in curves if c.direction == direction)
        sentences.append(f"{said} {found}.")
    return " ".join(sentences)


def _finding(curve: Curve, *, theory: bool) -> str:
    how = {
        _COUNTED: "with the kernel's area counted in the fan",
        _NO_AREA: "with the area forgotten",
        _NO_GROUPS: "with the groups forgotten",
    }[curve.name]
    values = ", ".join(map(_number, curve.measured.tolist()))
    if not theory:
        return f"{values} {how}"
    return f"{values} (predicted {', '.join(map(_number, curve.predicted.tolist()))}) {how}"


def _number(value: float) -> str:
    return number(value, 3) if math.isfinite(value) else "not finite"


def _table(curves: list[Curve], *, theory: bool) -> Table:
    columns = ("factor", *(f"{k} × {k}" for k in curves[0].kernels))
    rows = []
    for curve in curves:
        name = f"{curve.direction}, {_label(curve.name)}"
        rows.append((f"{name}: measured", *map(cell, curve.measured.tolist())))
        if theory:
            rows.append((f"{name}: predicted", *map(cell, curve.predicted.tolist())))
    return Table(columns, tuple(rows))


def _csv(curves: list[Curve]) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("direction", "fans", "kernel", "measured", "standard_error", "predicted")
    ]
    for curve in curves:
        for at, kernel in enumerate(curve.kernels):
            values = (curve.measured[at], curve.error[at], curve.predicted[at])
            shown = (value if math.isfinite(value) else "" for value in values)
            rows.append((curve.direction, _label(curve.name), kernel, *shown))
    return comma_separated(tuple(rows))
