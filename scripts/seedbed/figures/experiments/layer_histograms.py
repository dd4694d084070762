"""Schemes -> histograms of every layer's activations and gradients, drawn and predicted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import backpropagation, propagation
from seedbed.figures.activations import ACTIVATIONS, Activation, quadrature
from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Mark,
    Panel,
    Predicted,
    Presentation,
    Steps,
    Table,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.curves import some_layers
from seedbed.figures.experiments.moments import weight_factor
from seedbed.figures.experiments.runs import cell, not_finite
from seedbed.figures.kinds.layer_histograms import LayerHistograms
from seedbed.figures.laws import draw, erf
from seedbed.figures.propagation import Layers
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]

CLASSES = 10
_SPAN = 3.0
"""Half-width of an axis in standard deviations: of the gradients, and of unbounded activations."""
_MOST_DRAWN = 5
"""Layers in a panel."""
_RANGES = {
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "lecun-tanh": (-1.7159, 1.7159),
    "sigmoid": (0.0, 1.0),
}
"""The values that bounded activations take."""


def measure(parameters: LayerHistograms, seed: int) -> Measured:
    """Send a batch forward and the gradient of its cost back, under every scheme.

    Returns ``activations_edges`` and ``gradients_edges (bins + 1,)``; the densities ``activations``
    and ``gradients (inits, layers, bins)``; their predictions ``activations_predicted`` of the last
    and ``gradients_predicted`` of the first layer ``(inits, bins)``; and, each (inits, layers),
    ``activation_sd``, ``gradient_sd`` and ``weight_gradient_sd`` (over the last layer's),
    ``singular`` (root mean square of the layer's Jacobian) and three ``predicted_…`` of these.
    """
    function = ACTIVATIONS[parameters.activation]
    edges = {
        "activations": _activation_edges(parameters, function),
        "gradients": np.linspace(-_SPAN, _SPAN, parameters.bins + 1),
    }
    (child,) = child_seeds(seed, parameters.kind, 1)
    seeds = child.spawn(3)
    with np.errstate(all="ignore"):
        found = [
            {
                **_drawn(_Network(parameters, function, scheme, tuple(seeds)), edges),
                **_predicted(parameters, function, scheme, edges),
            }
            for scheme in parameters.inits
        ]
    stacked = {name: np.array([each[name] for each in found]) for name in found[0]}
    return {**stacked, **{f"{name}_edges": values for name, values in edges.items()}}


def present(parameters: LayerHistograms, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the histograms into a row of panels a scheme, a histogram a layer."""
    layers = _drawn_layers(parameters)
    panels = tuple(
        _panel(parameters, measured, at, shown, theory=theory)
        for at in range(len(parameters.inits))
        for shown in parameters.show
    )
    legend = [
        Key(f"layer {layer}", Steps((), (), series, filled=False))
        for series, layer in enumerate(layers)
    ]
    if theory:
        legend.append(Key("prediction", Predicted((), (), "line")))
    return Presentation(
        Chart(panels, tuple(legend), columns=len(parameters.show)),
        _description(parameters, measured, theory=theory),
        _table(parameters, measured, theory=theory),
        _csv(parameters, measured),
        tuple(
            not_finite("inits", scheme.label)
            for at, scheme in enumerate(parameters.inits)
            if not all(
                np.isfinite(measured[f"{shown[:-1]}_sd"][at]).all() for shown in parameters.show
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Network:
    """A classifier to be drawn from seeds that all schemes share."""

    parameters: LayerHistograms
    function: Activation
    scheme: Scheme
    seeds: tuple[np.random.SeedSequence, ...]
    """For weights, inputs and labels."""


def _drawn(network: _Network, edges: dict[str, Values]) -> Measured:
    """Draw one network, and measure what passes through it in both directions."""
    parameters, width = network.parameters, network.parameters.width
    weight_rng, input_rng, label_rng = (
        np.random.Generator(np.random.PCG64(seed)) for seed in network.seeds
    )
    weights = [draw(network.scheme, (width, width), weight_rng) for _ in range(parameters.layers)]
    output = draw(network.scheme, (width, CLASSES), weight_rng)
    inputs = input_rng.standard_normal((parameters.batch, width))
    labels = label_rng.integers(CLASSES, size=parameters.batch)
    biases = [np.zeros(width)] * parameters.layers
    passed = backpropagation.forward(network.function, weights, biases, inputs)
    top = passed.slopes[-1] * (
        cross_entropy_gradient(passed.signals[-1] @ output, labels) @ output.T
    )
    gradients = backpropagation.backward(weights, passed.slopes, top)
    scale = float(np.std(top))
    of_weights = np.array(
        [np.std(each) for each in backpropagation.weight_gradients(passed.signals, gradients)]
    )
    singular = map(backpropagation.rms_singular_value, weights, passed.slopes)
    return {
        "activations": _densities(passed.signals[1:], 1.0, edges["activations"]),
        "gradients": _densities(gradients, scale, edges["gradients"]),
        "activation_sd": np.array([np.std(h) for h in passed.signals[1:]]),
        "gradient_sd": np.array([np.std(delta) for delta in gradients]) / scale,
        "weight_gradient_sd": of_weights / of_weights[-1],
        "singular": np.array(list(singular)),
    }


def cross_entropy_gradient(logits: Values, labels: NDArray[np.int64]) -> Values:
    """Return the gradient of the mean cross-entropy after softmax with respect to the logits.

    ``(p - onehot) / batch``, of the shape of ``logits``, (batch, classes).
    """
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient: Values = shifted / shifted.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1.0
    return gradient / len(labels)


def _densities(values: tuple[Values, ...], scale: float, edges: Values) -> Values:
    """Return a histogram a layer; nan where a layer has values that are not finite."""
    found = np.full((len(values), edges.size - 1), np.nan)
    for at, layer in enumerate(values):
        scaled = layer.ravel() / scale
        if np.isfinite(scaled).all():
            found[at] = np.histogram(scaled, bins=edges)[0] / (scaled.size * np.diff(edges))
    return found


def _activation_edges(parameters: LayerHistograms, function: Activation) -> Values:
    """Return edges that do not depend on what was drawn."""
    low, high = _RANGES.get(parameters.activation, (0.0, 0.0))
    if low == high:
        layers = Layers(parameters.layers, parameters.width)
        factors = [weight_factor(scheme, parameters.width) for scheme in parameters.inits]
        moments = [
            propagation.predicted_activation_moments(function, factor, layers).max()
            for factor in factors
            if math.isfinite(factor)
        ]
        span = _SPAN * math.sqrt(max(moments, default=1.0))
        high = span if math.isfinite(span) and span > 0.0 else _SPAN
        low = 0.0 if function.negative_slope == 0.0 else -high
    return np.linspace(low, high, parameters.bins + 1)


def _predicted(
    parameters: LayerHistograms, function: Activation, scheme: Scheme, edges: dict[str, Values]
) -> Measured:
    """Predict standard deviations, and the densities where signals have gone farthest."""
    layers = Layers(parameters.layers, parameters.width)
    factor = weight_factor(scheme, parameters.width)
    if math.isfinite(factor):
        moments = propagation.predicted_second_moments(function, factor, layers)
        back = backpropagation.predicted_gradient_moments(function, factor, layers)
        singular = backpropagation.predicted_backward_factors(function, factor, layers)
    else:
        moments, back, singular = np.full((3, layers.depth), np.nan)
    spreads = [
        function.second_moment(q) - function.mean(q) ** 2 if math.isfinite(q) else math.nan
        for q in moments.tolist()
    ]
    first, last = float(moments[0]), float(moments[-1])
    return {
        "activations_predicted": _activation_density(function, last, edges["activations"]),
        "gradients_predicted": _gradient_density(
            function, first, float(back[0]), edges["gradients"]
        ),
        "predicted_activation_sd": np.sqrt(np.maximum(spreads, 0.0)),
        "predicted_gradient_sd": np.sqrt(back),
        "predicted_singular": np.sqrt(singular),
    }


def _activation_density(function: Activation, q: float, edges: Values) -> Values:
    """Return the density of ``φ(√q z)``, averaged over each bin."""
    if not (math.isfinite(q) and q > 0.0):
        return np.full(edges.size - 1, np.nan)
    z = np.linspace(-8.0, 8.0, 160_001)
    mass = np.exp(-0.5 * z * z)
    counts, _ = np.histogram(function.function(math.sqrt(q) * z), bins=edges, weights=mass)
    density: Values = counts / (mass.sum() * np.diff(edges))
    return density


def _gradient_density(function: Activation, q: float, moment: float, edges: Values) -> Values:
    """Return the density of ``φ'(√q z) v``, v normal and independent, averaged over each bin.

    ``moment`` is its second moment. What comes down to a unit adds up many gradients, hence the
    normal law; it is independent of the unit's own slope.
    """
    if not (math.isfinite(q) and math.isfinite(moment) and q > 0.0 and moment > 0.0):
        return np.full(edges.size - 1, np.nan)
    nodes, weights = quadrature()
    slopes = np.abs(function.derivative(math.sqrt(q) * nodes))
    std = slopes * math.sqrt(2.0 * moment / function.slope_moment(q))
    # Where the slope is 0 so is the gradient: all of it lies above a negative edge.
    ratio = edges[:, None] / np.maximum(std, 1e-300)[None, :]
    cumulative = 0.5 + 0.5 * erf(ratio) @ weights
    density: Values = np.diff(cumulative) / np.diff(edges)
    return density


def _drawn_layers(parameters: LayerHistograms) -> list[int]:
    """Return all layers, or the first, the last and those between them in even steps."""
    count = min(parameters.layers, _MOST_DRAWN)
    return sorted({round(at) for at in np.linspace(1, parameters.layers, count).tolist()})


def _panel(
    parameters: LayerHistograms, measured: Measured, at: int, shown: str, *, theory: bool
) -> Panel:
    edges = measured[f"{shown}_edges"]
    x = tuple(edges.tolist())
    heights = measured[shown][at]
    marks: list[Mark] = [
        Steps(x, tuple(heights[layer - 1].tolist()), series, filled=False)
        for series, layer in enumerate(_drawn_layers(parameters))
        if np.isfinite(heights[layer - 1]).all()
    ]
    predicted = measured[f"{shown}_predicted"][at]
    if theory and np.isfinite(predicted).all():
        middles = 0.5 * (edges[1:] + edges[:-1])
        line = Predicted(tuple(middles.tolist()), tuple(predicted.tolist()), "line")
        marks.append(line)
    top = _top(parameters, heights, edges)
    last_row = at == len(parameters.inits) - 1
    label = {
        "activations": "activation $h$",
        "gradients": f"gradient, in standard deviations of layer {parameters.layers}",
    }[shown]
    return Panel(
        f"{literal(parameters.inits[at].label)}: {shown}",
        Axis(label if last_row else "", x[0], x[-1]),
        Axis("density" if shown == parameters.show[0] else "", 0.0, 1.08 * top),
        tuple(marks),
    )


def _top(parameters: LayerHistograms, heights: Values, edges: Values) -> float:
    """Return the largest height; with ReLU, of those that do not hold the many exact zeros."""
    counted = np.isfinite(heights)
    if ACTIVATIONS[parameters.activation].negative_slope == 0.0:
        at_zero = (edges[:-1] <= 0.0) & (edges[1:] > 0.0)
        counted &= ~at_zero
    return float(np.max(heights, initial=0.0, where=counted)) or 1.0


def _description(parameters: LayerHistograms, measured: Measured, *, theory: bool) -> str:
    last = parameters.layers
    sentences = [f"Histograms of every layer of {parameters.activation} units."]
    for at, scheme in enumerate(parameters.inits):
        found = []
        if "activations" in parameters.show:
            sd = measured["activation_sd"][at]
            against = _against(measured["predicted_activation_sd"][at, -1], theory=theory)
            found.append(
                f"the standard deviation of the activations goes from {number(sd[0], 3)} in layer "
                f"1 to {number(sd[-1], 3)} in layer {last}{against}"
            )
        if "gradients" in parameters.show:
            sd = measured["gradient_sd"][at]
            against = _against(measured["predicted_gradient_sd"][at, 0], theory=theory)
            found.append(
                f"that of the gradients in layer 1 is {number(sd[0], 3)} of that in layer "
                f"{last}{against}"
                if math.isfinite(sd[0])
                else f"the gradients have no size relative to those in layer {last}"
            )
        singular = float(np.mean(measured["singular"][at]))
        sentences.append(
            f"With {scheme.label}, {', and '.join(found)}; the singular values of the layers' "
            f"Jacobians are around {number(singular, 3)}."
        )
    return " ".join(sentences)


def _against(predicted: float, *, theory: bool) -> str:
    shown = theory and math.isfinite(predicted)
    return f" (predicted {number(float(predicted), 3)})" if shown else ""


_ROWS = {
    "activation_sd": "standard deviation of activations",
    "gradient_sd": "of gradients, over the last layer's",
    "weight_gradient_sd": "of weight gradients, over the last layer's",
    "singular": "singular values, root mean square",
}


def _table(parameters: LayerHistograms, measured: Measured, *, theory: bool) -> Table:
    """Return four rows a scheme, predictions below, and a column a layer."""
    layers = some_layers(parameters.layers)
    rows = []
    for at, scheme in enumerate(parameters.inits):
        for name, said in _ROWS.items():
            cells = [cell(measured[name][at, layer - 1]) for layer in layers]
            rows.append((f"{scheme.label}: {said}", *cells))
            if theory and f"predicted_{name}" in measured:
                predicted = measured[f"predicted_{name}"][at]
                rows.append(
                    (
                        f"{scheme.label}: predicted",
                        *(cell(predicted[layer - 1]) for layer in layers),
                    )
                )
    return Table(("quantity", *(f"layer {layer}" for layer in layers)), tuple(rows))


def _csv(parameters: LayerHistograms, measured: Measured) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("init", "quantity", "layer", "from", "to", "density", "standard_deviation")
    ]
    for at, scheme in enumerate(parameters.inits):
        for shown in parameters.show:
            edges = measured[f"{shown}_edges"]
            rows.extend(
                (
                    scheme.label,
                    shown,
                    layer + 1,
                    edges[b],
                    edges[b + 1],
                    height if np.isfinite(height) else "",
                    sd if np.isfinite(sd) else "",
                )
                for layer, sd in enumerate(measured[f"{shown[:-1]}_sd"][at])
                for b, height in enumerate(measured[shown][at, layer])
            )
    return comma_separated(tuple(rows))
