"""Activations and schemes -> second moments of gradients by layer, simulated and predicted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import backpropagation
from seedbed.figures.chart import Presentation, Table, number
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.curves import (
    Curve,
    chart_of,
    csv_of,
    curves_of,
    some_layers,
    warnings_of,
)
from seedbed.figures.experiments.moments import Predict, moments_by_depth
from seedbed.figures.experiments.runs import cell
from seedbed.figures.kinds.gradient_by_depth import GradientByDepth

Values = NDArray[np.float64]

_MOST_STEPS = 60
"""Layers up to which each is drawn; fifteen curves of more make too large a drawing."""


def measure(parameters: GradientByDepth, seed: int) -> Measured:
    """Simulate every curve, and predict it.

    Returns ``simulated (inits, activations, seeds, depth)`` and
    ``predicted (inits, activations, depth)``, both over their values at the last layer; nan where
    there is none.
    """
    predict: Predict = {
        "backprop": backpropagation.predicted_gradient_moments,
        "weight": backpropagation.predicted_weight_gradient_moments,
    }[parameters.quantity]
    return moments_by_depth(parameters, seed, backpropagation.simulated_gradient_moments, predict)


def present(parameters: GradientByDepth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a panel an activation, with a curve a scheme."""
    step = 1 if parameters.depth <= _MOST_STEPS else 2
    curves = curves_of(parameters, measured, backward=True, step=step)
    symbol = {
        "backprop": r"$E[\delta_l^2]\,/\,E[\delta_L^2]$",
        "weight": r"$E[\nabla W_l^2]\,/\,E[\nabla W_L^2]$",
    }[parameters.quantity]
    return Presentation(
        chart_of(parameters, curves, symbol, theory=theory),
        _description(parameters, curves, theory=theory),
        _table(parameters, curves, theory=theory),
        csv_of(curves),
        warnings_of(curves),
    )


def _description(parameters: GradientByDepth, curves: list[Curve], *, theory: bool) -> str:
    whose = {"backprop": "pre-activation", "weight": "weight"}[parameters.quantity]
    sentences = [
        "Line chart, logarithmic vertical axis.",
        f"Second moments of {whose} gradients at layer 1, relative to layer {parameters.depth}.",
    ]
    for at, activation in enumerate(parameters.activations):
        found = "; ".join(_finding(c, theory=theory) for c in curves if c.panel == at)
        sentences.append(f"With {activation}: {found}.")
    return " ".join(sentences)


def _finding(curve: Curve, *, theory: bool) -> str:
    label = curve.scheme.label
    if curve.diverges_at is not None:
        return f"not finite with {label}, which diverges at layer {curve.diverges_at}"
    start = float(curve.predicted[0])
    many = len(curve.median) > 1
    factor = f", {number(_factor(curve.median), 3)} a layer" if many else ""
    against = f" (predicted {number(start, 3)})" if theory and math.isfinite(start) else ""
    return f"{number(curve.median[0], 3)} with {label}{factor}{against}"


def _factor(moments: Values) -> float:
    """Return by what a layer multiplies on the way back, in the geometric mean."""
    return math.pow(float(moments[0] / moments[-1]), 1.0 / (len(moments) - 1))


def _table(parameters: GradientByDepth, curves: list[Curve], *, theory: bool) -> Table:
    """Return a row a curve; at most six layers, and the last one's 1 only if there is no other."""
    depth = parameters.depth
    layers = [layer for layer in some_layers(depth) if layer < depth] or [depth]
    rows = []
    for curve in curves:
        label = f"{curve.activation}, {curve.scheme.label}"
        told = depth > 1 and curve.diverges_at is None
        factor = cell(_factor(curve.median)) if told else "–"
        rows.append((f"{label}: simulated", factor, *map(curve.simulated_at, layers)))
        if theory:
            factor = cell(_factor(curve.predicted)) if depth > 1 else "–"
            rows.append((f"{label}: predicted", factor, *map(curve.predicted_at, layers)))
    return Table(("curve", "factor a layer", *(f"layer {layer}" for layer in layers)), tuple(rows))
