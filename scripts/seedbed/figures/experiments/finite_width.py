"""Widths and a depth -> how the sizes of signals scatter, drawn and predicted."""

from __future__ import annotations

import math

import numpy as np

from seedbed.figures.activations import Values
from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Line,
    Mark,
    Numbers,
    Panel,
    Predicted,
    Presentation,
    Table,
    Thin,
    comma_separated,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import finite_length, line_keys, not_finite
from seedbed.figures.kinds.finite_width import PATHS, FiniteWidth
from seedbed.figures.meanfield import log_moments
from seedbed.figures.propagation import streams
from seedbed.figures.training import thinned

FIRST_ORDER = {"linear": 2.0, "relu": 5.0}
"""The variance that a layer adds, times its width, for large widths."""
_MOST_POINTS = 120
_CIRCLES = 6
_FARTHEST = 2.0
"""Depth over width at which the axis ends."""
_NAMES = {"linear": "linear", "relu": "ReLU"}


def measure(parameters: FiniteWidth, seed: int) -> Measured:
    """Draw the sizes of signals layer by layer, without drawing weights.

    Returns ``mean``, ``variance`` and ``alive``, each (activations, widths, depth): moments of
    ln q_l over the networks that let something through up to there, nan where fewer than half do,
    and the number of these; and ``paths`` (20, depth): ln q_l of single networks of the last
    activation and the middle width, -inf from where nothing passes.
    """
    shape = (len(parameters.activations), len(parameters.widths), parameters.depth)
    found = {name: np.full(shape, np.nan) for name in ("mean", "variance", "alive")}
    for at, activation in enumerate(parameters.activations):
        for column, width in enumerate(parameters.widths):
            logs = log_sizes(activation, width, parameters, seed)
            alive = np.isfinite(logs).sum(axis=1)
            found["alive"][at, column] = alive
            for layer in np.flatnonzero(2 * alive >= parameters.networks).tolist():
                kept = logs[layer][np.isfinite(logs[layer])]
                found["mean"][at, column, layer] = kept.mean()
                found["variance"][at, column, layer] = kept.var(ddof=1)
    last = parameters.activations[-1]
    shown = log_sizes(last, parameters.shown_width, parameters, seed)
    return {**found, "paths": shown[:, :PATHS].T.copy()}


def log_sizes(activation: str, width: int, parameters: FiniteWidth, seed: int) -> Values:
    """Return ln q_l of each network, (depth, networks), for weights that keep the mean of q.

    Notes
    -----
    Normal weights have no preferred direction, so that a layer multiplies the size of a signal
    by a random factor that does not depend on the signal: ``χ²_n / n``, and for ReLU, of whose
    units ``K ~ Bin(n, 1/2)`` are active, ``2 χ²_K / n``. Exact, and as cheap as it looks.
    Every curve draws from the same streams, one for K and one for χ².
    """
    (child,) = child_seeds(seed, parameters.kind, 1)
    active_rng, size_rng = streams(child, 2)
    shape = (parameters.depth, parameters.networks)
    if activation == "linear":
        factors = size_rng.chisquare(width, shape) / width
    else:
        active = active_rng.binomial(width, 0.5, shape)
        drawn = size_rng.chisquare(np.maximum(active, 1))
        factors = np.where(active > 0, 2.0 * drawn / width, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.cumsum(np.log(factors), axis=0), dtype=np.float64)


def present(parameters: FiniteWidth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a panel an activation, and single networks into one more."""
    curves = [
        Curve(parameters, measured, at, column)
        for at in range(len(parameters.activations))
        for column in range(len(parameters.widths))
    ]
    names = parameters.activations
    panels = [
        _scatter(parameters, [c for c in curves if c.activation == name], theory=theory)
        for name in names
    ]
    panels.append(_single(parameters, measured, theory=theory))
    labels = (f"width {width}" for width in parameters.widths)
    legend = line_keys(labels, circles="exact" if theory else "")
    if theory:
        law = ", ".join(f"{FIRST_ORDER[name]:g} l/n" for name in names)
        legend = (*legend, Key(law, Predicted((), (), "line")))
    return Presentation(
        Chart(tuple(panels), legend),
        _description(parameters, curves, theory=theory),
        _table(curves, theory=theory),
        _csv(curves),
        tuple(not_finite("widths", c.name) for c in curves if c.layers < parameters.depth),
    )


class Curve:
    """One activation at one width: drawn moments as far as most networks live, and the law."""

    def __init__(self, parameters: FiniteWidth, measured: Measured, at: int, column: int) -> None:
        self.activation = parameters.activations[at]
        self.width = parameters.widths[column]
        self.series = column
        self.name = f"{self.activation}/width {self.width}"
        variance = measured["variance"][at, column]
        finite = np.isfinite(variance)
        self.layers = finite_length(finite)
        self.variance = variance[: self.layers]
        self.mean = measured["mean"][at, column, : self.layers]
        self.dead = parameters.networks - measured["alive"][at, column]
        self.exact = log_moments(self.width, rectified=self.activation == "relu")
        self.first_order = FIRST_ORDER[self.activation] / self.width

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return drawn and exact variance, as far as the axis reaches."""
        length = min(self.layers, max(1, math.floor(_FARTHEST * self.width)))
        if not length:
            return ()
        at = np.array(thinned(length, _MOST_POINTS))
        x = (at + 1) / self.width
        line = Line(tuple(x.tolist()), tuple(self.variance[at].tolist()), self.series)
        if not theory:
            return (line,)
        layers = np.unique(np.linspace(1, length, _CIRCLES).round())
        y = layers * self.exact[1]
        return line, Predicted(tuple((layers / self.width).tolist()), tuple(y.tolist()), "circles")


def _scatter(parameters: FiniteWidth, curves: list[Curve], *, theory: bool) -> Panel:
    name = curves[0].activation
    end = min(_FARTHEST, max(parameters.depth / width for width in parameters.widths))
    marks = [mark for curve in curves for mark in curve.marks(theory=theory)]
    heights = [max(mark.y) for mark in marks if isinstance(mark, Line | Predicted)]
    top = max(*heights, FIRST_ORDER[name] * end) if heights else FIRST_ORDER[name] * end
    if theory:
        marks.append(Predicted((0.0, end), (0.0, FIRST_ORDER[name] * end), "line"))
    first = name == parameters.activations[0]
    return Panel(
        _NAMES[name],
        Axis("depth / width", 0.0, 1.02 * end),
        Axis(r"variance of $\ln\,q_l$" if first else "", 0.0, 1.08 * top),
        tuple(marks),
    )


def _single(parameters: FiniteWidth, measured: Measured, *, theory: bool) -> Panel:
    name, width = parameters.activations[-1], parameters.shown_width
    at = np.array(thinned(parameters.depth, 100))
    series = parameters.widths.index(width)
    marks: list[Mark] = []
    for path in measured["paths"]:
        kept = at[np.isfinite(path[at])]
        marks.append(Thin(_layers(kept), tuple(path[kept].tolist()), series))
    mean, variance = log_moments(width, rectified=name == "relu")
    end = parameters.depth
    low = mean * end - 2.6 * math.sqrt(variance * end)
    high = max(0.0, mean * end) + 2.6 * math.sqrt(variance * end)
    if theory:
        middle = (at + 1) * mean
        for sds in (-2.0, 0.0, 2.0):
            y = middle + sds * np.sqrt((at + 1) * variance)
            marks.append(Predicted(_layers(at), tuple(y.tolist()), "line"))
    return Panel(
        f"{len(measured['paths'])} {_NAMES[name]} networks, width {width}",
        Axis("layer", 0.0, end + 1.0, whole=True),
        Axis(r"$\ln\,q_l$", low, high),
        tuple(marks),
    )


def _layers(at: Values) -> Numbers:
    return tuple((at + 1).tolist())


def _description(parameters: FiniteWidth, curves: list[Curve], *, theory: bool) -> str:
    begin = (
        "Line charts: the variance of the logarithm of the signal's size over "
        f"{parameters.networks} networks grows in proportion to depth over width."
    )
    sentences = [begin]
    for name in parameters.activations:
        found = [c for c in curves if c.activation == name]
        said = ", ".join(_finding(curve, theory=theory) for curve in found)
        sentences.append(f"{_NAMES[name]}: {said}.")
    if theory:
        law = " and ".join(
            f"{FIRST_ORDER[n]:g} l/n for {_NAMES[n]}" for n in parameters.activations
        )
        sentences.append(f"Thin lines: {law} layers.")
    sentences.append(
        f"Last panel: {min(PATHS, parameters.networks)} single networks of width "
        f"{parameters.shown_width} part like random walks, most of them downwards."
    )
    return " ".join(sentences)


def _finding(curve: Curve, *, theory: bool) -> str:
    if not curve.layers:
        return f"no signal passes the first layer of most networks of width {curve.width}"
    layers = "one layer" if curve.layers == 1 else f"{curve.layers} layers"
    exact = f" (exact {number(curve.layers * curve.exact[1], 3)})" if theory else ""
    cut = "" if curve.layers == curve.dead.size else ", after which most networks are dead"
    return f"{number(curve.variance[-1], 3)}{exact} after {layers} of width {curve.width}{cut}"


def _table(curves: list[Curve], *, theory: bool) -> Table:
    """Return a row a curve, at its last layer."""
    columns = ["curve", "layers", "variance of ln q, drawn", "mean of ln q, drawn", "dead networks"]
    if theory:
        columns[3:3] = ["variance, exact", "variance, first order"]
        columns[6:6] = ["mean, exact"]
    rows = []
    for curve in curves:
        layers = curve.layers
        drawn = [number(values[-1]) if layers else "–" for values in (curve.variance, curve.mean)]
        predicted = (layers * curve.exact[1], layers * curve.first_order, layers * curve.exact[0])
        variance, linear, mean = map(number, predicted)
        row = [curve.name, str(layers), drawn[0], drawn[1], f"{curve.dead[-1]:.0f}"]
        if theory:
            row[3:3] = [variance, linear]
            row[6:6] = [mean]
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows))


def _csv(curves: list[Curve]) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("activation", "width", "layer", "mean", "variance", "mean_exact", "variance_exact", "dead")
    ]
    for curve in curves:
        mean, variance = curve.exact
        rows.extend(
            (
                curve.activation,
                curve.width,
                layer,
                curve.mean[layer - 1],
                curve.variance[layer - 1],
                layer * mean,
                layer * variance,
                curve.dead[layer - 1],
            )
            for layer in range(1, curve.layers + 1)
        )
    return comma_separated(tuple(rows))
