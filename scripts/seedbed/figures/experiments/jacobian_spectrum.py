"""Schemes, functions and depths -> singular values of the input-output Jacobian."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import backpropagation
from seedbed.figures.activations import ACTIVATIONS, Activation
from seedbed.figures.chart import (
    Axis,
    Chart,
    Line,
    Mark,
    Panel,
    Predicted,
    Presentation,
    Table,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.moments import weight_factor
from seedbed.figures.experiments.runs import cell, line_keys, not_finite
from seedbed.figures.kinds.jacobian_spectrum import JacobianSpectrum
from seedbed.figures.laws import draw, variance
from seedbed.figures.propagation import Layers
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]

_LIMITS = (1e-8, 1e2)
_MOST_POINTS, _MOST_IN_ALL = 120, 2200
"""Points of a curve, and of all curves of the figure."""
_CIRCLES = 12


def measure(parameters: JacobianSpectrum, seed: int) -> Measured:
    """Decompose the Jacobian of each network after each depth.

    Returns ``singular`` and ``predicted (activations, inits, depths, width)``, largest first, 0
    where rounding is all that is left, nan where there is none; and ``predicted_rms (activations,
    inits, depths)``, the root of the predicted mean square.
    """
    (child,) = child_seeds(seed, parameters.kind, 1)
    weight_seed, input_seed = child.spawn(2)
    inputs = np.random.Generator(np.random.PCG64(input_seed)).standard_normal(parameters.width)
    shape = (parameters.width, parameters.width)
    drawn = []
    for scheme in parameters.inits:
        rng = np.random.Generator(np.random.PCG64(weight_seed))
        drawn.append([draw(scheme, shape, rng) for _ in range(max(parameters.depths))])
    singular = [
        [
            backpropagation.jacobian_spectra(
                function, (gain * matrix for matrix in weights), inputs, parameters.depths
            )
            for weights in drawn
        ]
        for function, gain in _functions(parameters)
    ]
    return {
        "singular": np.array(singular),
        "predicted": np.array(
            [
                [_predicted(parameters, function, gain, scheme) for scheme in parameters.inits]
                for function, gain in _functions(parameters)
            ]
        ),
        "predicted_rms": np.array(
            [
                [_predicted_rms(parameters, function, gain, scheme) for scheme in parameters.inits]
                for function, gain in _functions(parameters)
            ]
        ),
    }


def automatic_gain(function: Activation) -> float:
    """Return the gain at which a layer neither stretches nor shrinks small differences.

    1 over the slope at 0, or, without one there, over the root mean square slope at q = 1.
    """
    if function.slope_at_zero is not None:
        return 1.0 / function.slope_at_zero
    return function.backward_gain()


def present(parameters: JacobianSpectrum, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the spectra into a row of panels a scheme, a curve a depth."""
    spectra = [
        Spectrum(
            activation,
            scheme,
            depth,
            series,
            measured["singular"][column, row, series],
            measured["predicted"][column, row, series],
            float(measured["predicted_rms"][column, row, series]),
        )
        for row, scheme in enumerate(parameters.inits)
        for column, activation in enumerate(parameters.activations)
        for series, depth in enumerate(parameters.depths)
    ]
    labels = (f"depth {depth}" for depth in parameters.depths)
    return Presentation(
        Chart(
            _panels(parameters, spectra, theory=theory),
            line_keys(labels, circles="prediction" if theory else ""),
            columns=len(parameters.activations),
        ),
        _description(parameters, spectra, theory=theory),
        _table(parameters, spectra),
        _csv(parameters, spectra),
        tuple(not_finite("inits", each.name) for each in spectra if not each.finite),
    )


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The singular values of one network after one depth."""

    activation: str
    scheme: Scheme
    depth: int
    series: int
    values: Values
    """Largest first; 0 where rounding is all that is left, all nan after an overflow."""
    predicted: Values
    rms_predicted: float

    @property
    def name(self) -> str:
        """Return what messages call the curve."""
        return f"{self.activation}/{self.scheme.label}, depth {self.depth}"

    @property
    def finite(self) -> bool:
        """Return whether there are singular values at all."""
        return bool(np.isfinite(self.values).all())

    @property
    def rms(self) -> float:
        """Return the root mean square; nan after an overflow."""
        with np.errstate(over="ignore"):
            return math.sqrt(float(np.mean(np.square(self.values))))

    def marks(self, points: int, *, theory: bool) -> tuple[Mark, ...]:
        """Return what is neither 0 nor nan, as a line of so many points, and its prediction."""
        fractions = _fractions(self.values.size)
        line = Line(*_drawn(fractions, self.values, points), self.series)
        predicted = _drawn(fractions, self.predicted, _CIRCLES)
        return (line, Predicted(*predicted, "circles")) if theory and predicted[0] else (line,)


def _drawn(x: Values, y: Values, points: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the finite points above 0, thinned out evenly, both ends kept."""
    shown = (y > 0.0) & np.isfinite(y)
    x, y = x[shown], y[shown]
    count = min(x.size, points)
    at = np.round(np.linspace(0, x.size - 1, count)).astype(int)
    return tuple(x[at].tolist()), tuple(y[at].tolist())


def _fractions(width: int) -> Values:
    """Return which part of all singular values is larger than each."""
    return (np.arange(width) + 0.5) / width


def _functions(parameters: JacobianSpectrum) -> list[tuple[Activation, float]]:
    """Return each activation function and the factor on the weights before it."""
    functions = [ACTIVATIONS[name] for name in parameters.activations]
    gain = parameters.gain
    return [
        (function, automatic_gain(function) if isinstance(gain, str) else gain)
        for function in functions
    ]


def _predicted(
    parameters: JacobianSpectrum, function: Activation, gain: float, scheme: Scheme
) -> Values:
    """Predict the spectra of linear layers; nan for others, (depths, width)."""
    width = parameters.width
    std = gain * math.sqrt(width * variance(scheme, (width, width)))
    random = scheme.law != "constant"
    if function.negative_slope != 1.0 or not random:
        return np.full((len(parameters.depths), width), np.nan)
    with np.errstate(over="ignore"):
        scales = np.float64(std) ** np.array(parameters.depths, dtype=np.float64)
        if scheme.law == "orthogonal":
            return scales[:, None] * np.ones(width)
        fractions = _fractions(width)
        spectra = [
            backpropagation.gaussian_product_spectrum(depth, fractions)
            for depth in parameters.depths
        ]
        return scales[:, None] * np.array(spectra)


def _predicted_rms(
    parameters: JacobianSpectrum, function: Activation, gain: float, scheme: Scheme
) -> Values:
    """Predict the root mean square singular value at each depth, the product of all ``√χ_l``."""
    width = parameters.width
    factor = weight_factor(dataclasses.replace(scheme, gain=gain * scheme.gain), width)
    if math.isnan(factor):
        return np.full(len(parameters.depths), np.nan)
    layers = Layers(max(parameters.depths), width)
    factors = backpropagation.predicted_backward_factors(function, factor, layers)
    with np.errstate(over="ignore", under="ignore"):
        products = np.cumprod(np.sqrt(factors))
    chosen: Values = products[np.array(parameters.depths) - 1]
    return chosen


def _panels(
    parameters: JacobianSpectrum, spectra: list[Spectrum], *, theory: bool
) -> tuple[Panel, ...]:
    last, first = parameters.inits[-1], parameters.activations[0]
    points = min(_MOST_POINTS, _MOST_IN_ALL // len(spectra))
    return tuple(
        Panel(
            f"{activation}, {literal(scheme.label)}",
            Axis("rank / width" if scheme == last else "", -0.03, 1.03, ticks=scheme == last),
            Axis(
                "singular value" if activation == first else "",
                *_LIMITS,
                "log",
                ticks=activation == first,
            ),
            tuple(
                mark
                for each in spectra
                if (each.activation, each.scheme) == (activation, scheme)
                for mark in each.marks(points, theory=theory)
            ),
        )
        for scheme in parameters.inits
        for activation in parameters.activations
    )


def _description(parameters: JacobianSpectrum, spectra: list[Spectrum], *, theory: bool) -> str:
    deepest = parameters.depths[-1]
    sentences = [
        "Line charts, logarithmic vertical axis.",
        f"The {parameters.width} singular values of the input-output Jacobian in falling order.",
    ]
    for activation in parameters.activations:
        found = "; ".join(
            _finding(each, theory=theory)
            for each in spectra
            if each.activation == activation and each.depth == deepest
        )
        layers = "one layer" if deepest == 1 else f"{deepest} layers"
        sentences.append(f"With {activation}, after {layers}: {found}.")
    return " ".join(sentences)


def _finding(spectrum: Spectrum, *, theory: bool) -> str:
    label = spectrum.scheme.label
    if not spectrum.finite:
        return f"not finite with {label}"
    median = float(np.median(spectrum.values))
    middle = number(median, 3) if median > 0.0 else "lost in rounding"
    rms = f"root mean square {number(spectrum.rms, 3)}"
    if theory and math.isfinite(spectrum.rms_predicted):
        rms += f", predicted {number(spectrum.rms_predicted, 3)}"
    return f"the largest {number(spectrum.values[0], 3)}, the median {middle} with {label} ({rms})"


def _table(parameters: JacobianSpectrum, spectra: list[Spectrum]) -> Table:
    """Return three rows a network and a column a depth."""
    rows = []
    for scheme in parameters.inits:
        for activation in parameters.activations:
            found = [
                each for each in spectra if (each.activation, each.scheme) == (activation, scheme)
            ]
            label = f"{activation}, {scheme.label}"
            rows.append((f"{label}: largest", *(cell(each.values[0]) for each in found)))
            rows.append((f"{label}: median", *(cell(float(np.median(e.values))) for e in found)))
            rows.append((f"{label}: root mean square", *(cell(each.rms) for each in found)))
    return Table(("network", *(f"depth {depth}" for depth in parameters.depths)), tuple(rows))


def _csv(parameters: JacobianSpectrum, spectra: list[Spectrum]) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("activation", "init", "depth", "rank", "singular_value", "predicted")
    ]
    for each in spectra:
        rows.extend(
            (
                each.activation,
                each.scheme.label,
                each.depth,
                rank + 1,
                *(
                    float(values[rank]) if np.isfinite(values[rank]) else ""
                    for values in (each.values, each.predicted)
                ),
            )
            for rank in range(parameters.width)
        )
    return comma_separated(tuple(rows))
