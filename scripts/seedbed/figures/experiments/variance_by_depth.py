"""Activations and schemes -> second moments layer by layer, simulated and predicted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import propagation
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
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth

Values = NDArray[np.float64]

_FLOOR = 1e-28
"""Variance across inputs at which nothing but the rounding of 64-bit numbers is left."""


def measure(parameters: VarianceByDepth, seed: int) -> Measured:
    """Simulate every curve, and predict it.

    Returns ``simulated (inits, activations, seeds, depth)`` and
    ``predicted (inits, activations, depth)``; nan where there is no prediction.
    """
    predict: Predict = {
        "preactivation": propagation.predicted_second_moments,
        "activation": propagation.predicted_activation_moments,
        "across-inputs": propagation.predicted_variance_across_inputs,
    }[parameters.quantity]
    return moments_by_depth(parameters, seed, propagation.simulated_moments, predict)


def present(parameters: VarianceByDepth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a panel an activation, with a curve a scheme."""
    floor = _FLOOR if parameters.quantity == "across-inputs" else -1.0
    curves = curves_of(parameters, measured, floor=floor)
    return Presentation(
        chart_of(parameters, curves, _symbol(parameters), theory=theory),
        _description(parameters, curves, theory=theory),
        _table(parameters, curves, theory=theory),
        csv_of(curves),
        warnings_of(curves),
    )


def _symbol(parameters: VarianceByDepth) -> str:
    return {
        "preactivation": "second moment $E[z_l^2]$",
        "activation": "second moment $E[h_l^2]$",
        "across-inputs": "variance across inputs",
    }[parameters.quantity]


def _description(parameters: VarianceByDepth, curves: list[Curve], *, theory: bool) -> str:
    sentences = ["Line chart, logarithmic vertical axis."]
    quantity = {
        "preactivation": "the second moment of the pre-activations",
        "activation": "the second moment of the activations",
        "across-inputs": "the variance of the pre-activations across inputs",
    }[parameters.quantity]
    for at, activation in enumerate(parameters.activations):
        found = ", ".join(_finding(c, theory=theory) for c in curves if c.panel == at)
        after = "one layer" if parameters.depth == 1 else f"{parameters.depth} layers"
        sentences.append(f"With {activation}, after {after} {quantity} is {found}.")
    return " ".join(sentences)


def _finding(curve: Curve, *, theory: bool) -> str:
    label = curve.scheme.label
    if curve.diverges_at is not None:
        return f"not finite with {label}, which diverges at layer {curve.diverges_at}"
    end = curve.predicted[-1]
    against = f" (predicted {number(end, 3)})" if theory and np.isfinite(end) else ""
    end_value = (
        "lost in rounding" if curve.median[-1] <= curve.floor else number(curve.median[-1], 3)
    )
    return f"{end_value} with {label}{against}"


def _table(parameters: VarianceByDepth, curves: list[Curve], *, theory: bool) -> Table:
    """Return a row a curve and a column for each of at most seven layers."""
    layers = some_layers(parameters.depth)
    rows = []
    for curve in curves:
        label = f"{curve.activation}, {curve.scheme.label}"
        rows.append((f"{label}: simulated", *map(curve.simulated_at, layers)))
        if theory:
            rows.append((f"{label}: predicted", *map(curve.predicted_at, layers)))
    return Table(("curve", *(f"layer {layer}" for layer in layers)), tuple(rows))
