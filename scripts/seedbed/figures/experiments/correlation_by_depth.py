"""Activations with sizes of weights and biases -> the correlation of two inputs by layer."""

from __future__ import annotations

import math

import numpy as np

from seedbed.figures.activations import ACTIVATIONS, Values
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
    number,
)
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.runs import cell, line_keys
from seedbed.figures.kinds.correlation_by_depth import CorrelationByDepth
from seedbed.figures.meanfield import (
    Layer,
    correlation_gaps,
    settled,
    settled_correlation,
)
from seedbed.figures.training import thinned

_MOST_POINTS = 120
_CIRCLES = 11
_LOWEST = 1e-8
"""Where the axis of the right panel ends."""
_CRITICAL = 0.005
"""How near χ is to 1 where it is called critical."""


def measure(parameters: CorrelationByDepth, _seed: int) -> Measured:
    """Follow the correlation through the layers; nothing is random.

    Returns ``gap (curves, depth + 1)``, which is 1 - c_l, ``length (curves,)``, the second moment
    (0 or infinite where there is none that stays), ``chi (curves,)`` there, nan where there is
    none, and ``limit (curves,)``, the correlation in the end, nan where there is none.
    """
    layers = [
        Layer(ACTIVATIONS[each.activation], each.sigma_w**2, each.sigma_b**2)
        for each in parameters.curves
    ]
    lengths = [settled(layer) for layer in layers]
    return {
        "gap": np.array(
            [correlation_gaps(layer, parameters.c0, parameters.depth) for layer in layers]
        ),
        "length": np.array(lengths),
        "chi": np.array([_chi(layer, q) for layer, q in zip(layers, lengths, strict=True)]),
        "limit": np.array([settled_correlation(layer) for layer in layers]),
    }


def _chi(layer: Layer, q: float) -> float:
    if layer.activation.negative_slope is not None:
        return layer.chi(1.0)
    return layer.chi(q) if math.isfinite(q) else math.nan


def present(parameters: CorrelationByDepth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the correlations into a panel of themselves and one of what is missing to 1."""
    curves = [Curve(parameters, measured, at) for at in range(len(parameters.curves))]
    layer = Axis("layer", 0.0, 1.02 * parameters.depth + 0.2, whole=True)
    low = min(0.0, *(float(1.0 - curve.gap.max()) for curve in curves))
    laws = [law for curve in curves if (law := curve.law())] if theory else []
    legend = line_keys((curve.name for curve in curves), circles="in the end" if laws else "")
    panels = (
        Panel(
            "correlation",
            layer,
            Axis("$c_l$", 1.05 * low - 0.03, 1.05),
            tuple(curve.line(1.0 - curve.gap) for curve in curves),
        ),
        Panel(
            "what is missing to 1",
            layer,
            Axis("$1 - c_l$", _LOWEST, 3.0, "log"),
            (*(curve.line(curve.gap) for curve in curves), *laws),
        ),
    )
    return Presentation(
        Chart(panels, legend),
        _description(parameters, curves),
        _table(parameters, curves),
        _csv(parameters, curves),
    )


class Curve:
    """One activation with its variances: correlation by layer, and where that leads."""

    def __init__(self, parameters: CorrelationByDepth, measured: Measured, at: int) -> None:
        self.series = at
        self.given = parameters.curves[at]
        self.gap: Values = measured["gap"][at]
        self.chi = float(measured["chi"][at])
        self.limit = float(measured["limit"][at])
        self.length = float(measured["length"][at])
        self.phase = self._phase()
        self.name = f"{self.given.label}{f': {self.phase}' if self.phase else ''}"

    def _phase(self) -> str:
        """Return the phase, which only signals that neither die out nor grow for ever have."""
        if not 0.0 < self.length < math.inf or math.isnan(self.chi):
            return ""
        if abs(self.chi - 1.0) < _CRITICAL:
            return "critical"
        return "ordered" if self.chi < 1.0 else "chaotic"

    def line(self, values: Values) -> Mark:
        """Return the curve at no more layers than a drawing needs."""
        at = thinned(values.size, _MOST_POINTS)
        return Line(tuple(at), tuple(values[at].tolist()), self.series)

    def law(self) -> Mark | None:
        """Return how the gap ends: like ``χ**l``, at a level, or for ReLU like ``9π² / 2l²``."""
        depth = self.gap.size - 1
        at = np.array(thinned(depth + 1, _CIRCLES))
        at = at[at >= max(1, depth // 5)]
        if self.given.activation == "relu" and self.given.sigma_b == 0.0:
            y = 4.5 * math.pi**2 / at**2.0
        elif self.phase == "ordered" and self.gap[-1] > 0.0:
            y = self.gap[-1] * self.chi ** (at - float(depth))
        elif self.phase == "chaotic":
            y = np.full(at.size, 1.0 - self.limit)
        else:
            return None
        return Predicted(tuple(at.tolist()), tuple(y.tolist()), "circles")


def _description(parameters: CorrelationByDepth, curves: list[Curve]) -> str:
    after = "one layer" if parameters.depth == 1 else f"{parameters.depth} layers"
    found = "; ".join(_finding(curve) for curve in curves)
    return (
        "Line charts of the correlation of two inputs by layer and, on a logarithmic axis, of "
        f"what is missing to 1. From {number(parameters.c0)} it comes after {after} to: {found}."
    )


def _finding(curve: Curve) -> str:
    gap = float(curve.gap[-1])
    value = f"1 less {number(gap, 3)}" if gap < 0.1 else number(1.0 - gap, 3)  # noqa: PLR2004 -- where 1 - c says more than c
    known = [curve.phase] if curve.phase else []
    known += [] if math.isnan(curve.chi) else [f"gradients times {number(curve.chi, 4)} a layer"]
    known += [] if math.isnan(curve.limit) else [f"in the end {number(curve.limit, 4)}"]
    remarks = f" ({', '.join(known)})" if known else ""
    return f"{value} with {curve.given.label}{remarks}"


def _table(parameters: CorrelationByDepth, curves: list[Curve]) -> Table:
    """Return a row a curve, with some layers, χ and the limit."""
    layers = sorted({round(parameters.depth * part / 4) for part in range(1, 5)} - {0})
    columns = ("curve", *(f"layer {layer}" for layer in layers), "in the end", "gradients a layer")
    rows = tuple(
        (
            curve.name,
            *(number(1.0 - float(curve.gap[layer])) for layer in layers),
            cell(curve.limit),
            "–" if math.isnan(curve.chi) else f"× {number(curve.chi)}",
        )
        for curve in curves
    )
    return Table(columns, rows)


def _csv(parameters: CorrelationByDepth, curves: list[Curve]) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("activation", "sigma_w", "sigma_b", "layer", "correlation", "one_less_correlation")
    ]
    for curve in curves:
        given = (curve.given.activation, curve.given.sigma_w, curve.given.sigma_b)
        rows.extend(
            (*given, layer, 1.0 - float(curve.gap[layer]), float(curve.gap[layer]))
            for layer in range(parameters.depth + 1)
        )
    return comma_separated(tuple(rows))
