"""Activations and schemes -> second moments layer by layer, simulated and predicted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import propagation
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import (
    Axis,
    Band,
    Chart,
    Key,
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
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth
from seedbed.figures.laws import draw, variance
from seedbed.figures.propagation import Layers, Probe
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]

_FLOOR = 1e-28
"""Variance across inputs at which nothing but the rounding of 64-bit numbers is left."""


def measure(parameters: VarianceByDepth, seed: int) -> Measured:
    """Simulate every curve, and predict it.

    Returns ``simulated (inits, activations, seeds, depth)`` and
    ``predicted (inits, activations, depth)``; nan where there is no prediction.
    """
    layers = Layers(parameters.depth, parameters.width, parameters.bias_std)
    functions = [ACTIVATIONS[name] for name in parameters.activations]
    shape = (parameters.width, parameters.width)
    simulated = [
        [
            propagation.simulated_moments(
                functions,
                lambda rng, scheme=scheme: draw(scheme, shape, rng),  # type: ignore[misc]
                layers,
                Probe(parameters.batch, parameters.quantity),
                child,
            )
            for child in child_seeds(seed, parameters.kind, parameters.seeds)
        ]
        for scheme in parameters.inits
    ]
    predicted = [
        [_predicted(parameters, layers, scheme, name) for name in parameters.activations]
        for scheme in parameters.inits
    ]
    return {
        "simulated": np.moveaxis(np.array(simulated), 1, 2),
        "predicted": np.array(predicted),
    }


def present(parameters: VarianceByDepth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a panel an activation, with a curve a scheme."""
    curves = [
        Curve(parameters, measured, at, panel)
        for panel in range(len(parameters.activations))
        for at in range(len(parameters.inits))
    ]
    panels = tuple(
        Panel(
            name,
            Axis("layer", 0.0, parameters.depth + 1.0, whole=True),
            Axis(_symbol(parameters) if at == 0 else "", *parameters.ylim, "log", ticks=at == 0),
            tuple(
                mark for curve in curves if curve.panel == at for mark in curve.marks(theory=theory)
            ),
        )
        for at, name in enumerate(parameters.activations)
    )
    legend = [
        Key(literal(scheme.label), Line((), (), at)) for at, scheme in enumerate(parameters.inits)
    ]
    if theory:
        legend.append(Key("prediction", Predicted((), (), "circles")))
    message = "figure produced non-finite data for curve"
    return Presentation(
        Chart(panels, tuple(legend)),
        _description(parameters, curves, theory=theory),
        _table(parameters, curves, theory=theory),
        _csv(curves),
        tuple(("inits", f"{message} '{c.name}'") for c in curves if c.diverges_at is not None),
    )


class Curve:
    """One scheme under one activation: median, range and prediction, where they are finite."""

    def __init__(
        self, parameters: VarianceByDepth, measured: Measured, at: int, panel: int
    ) -> None:
        self.scheme: Scheme = parameters.inits[at]
        self.series = at
        self.panel = panel
        self.activation = parameters.activations[panel]
        self.name = f"{self.activation}/{self.scheme.label}"
        runs = measured["simulated"][at, panel]
        finite = np.isfinite(runs).all(axis=0)
        length = int(finite.argmin()) if not finite.all() else finite.size
        self.diverges_at = None if length == finite.size else length + 1
        self.floor = _FLOOR if parameters.quantity == "across-inputs" else -1.0
        self.runs = np.maximum(runs[:, :length], self.floor)
        self.layers = np.arange(1, length + 1)
        self.median = np.median(self.runs, axis=0) if length else np.empty(0)
        self.predicted = measured["predicted"][at, panel]

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return range, median and prediction as they are drawn."""
        x = tuple(self.layers.tolist())
        band: tuple[Mark, ...] = ()
        if len(self.runs) > 1:
            low, high = self.runs.min(axis=0), self.runs.max(axis=0)
            band = (Band(x, tuple(low.tolist()), tuple(high.tolist()), self.series),)
        line = Line(x, tuple(self.median.tolist()), self.series)
        return (*band, line, *((self._circles(),) if theory else ()))

    def _circles(self) -> Predicted:
        """Return the prediction at every fourth layer, finite ones only."""
        at = np.arange(0, self.predicted.size, 4)
        at = at[np.isfinite(self.predicted[at])]
        return Predicted(tuple((at + 1).tolist()), tuple(self.predicted[at].tolist()), "circles")


def _predicted(parameters: VarianceByDepth, layers: Layers, scheme: Scheme, name: str) -> Values:
    shape = (layers.width, layers.width)
    if scheme.law == "constant" and scheme.amount != 0.0:
        # Equal weights add up their inputs: there is no law of large numbers to predict with.
        return np.full(layers.depth, np.nan)
    factor = layers.width * variance(scheme, shape)
    predict = {
        "preactivation": propagation.predicted_second_moments,
        "activation": propagation.predicted_activation_moments,
        "across-inputs": propagation.predicted_variance_across_inputs,
    }[parameters.quantity]
    return predict(ACTIVATIONS[name], factor, layers)


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
    layers = _some_layers(parameters.depth)
    rows = []
    for curve in curves:
        label = f"{curve.activation}, {curve.scheme.label}"
        rows.append((f"{label}: simulated", *(_at(curve.median, layer) for layer in layers)))
        if theory:
            rows.append((f"{label}: predicted", *(_at(curve.predicted, at) for at in layers)))
    return Table(("curve", *(f"layer {layer}" for layer in layers)), tuple(rows))


def _some_layers(depth: int) -> list[int]:
    """Return the first and the last layer and up to five between them."""
    return sorted({1, depth, *(round(depth * part / 6) for part in range(1, 6))} - {0})


def _at(values: Values, layer: int) -> str:
    if layer > values.size:
        return "diverged"
    value = float(values[layer - 1])
    return number(value) if np.isfinite(value) else "–"


def _csv(curves: list[Curve]) -> str:
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
                at + 1,
                *(values[at] for values in (curve.median, low, high)),
                curve.predicted[at] if np.isfinite(curve.predicted[at]) else "",
            )
            for at in range(curve.median.size)
        )
    return comma_separated(tuple(rows))
