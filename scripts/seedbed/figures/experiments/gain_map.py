"""Activations with gains -> the map of second moments from layer to layer, and where it rests."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from seedbed.figures.activations import ACTIVATIONS, Values
from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Line,
    Mark,
    Panel,
    Points,
    Predicted,
    Presentation,
    Table,
    Thin,
    comma_separated,
    number,
)
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.runs import line_keys
from seedbed.figures.kinds.gain_map import GainMap
from seedbed.figures.meanfield import FixedPoint, Layer, fixed_points

_POINTS = 101
_MOST_FIXED = 4
"""Fixed points that are kept of a curve; no activation here has more."""
_WEB_STEPS = 12


def measure(parameters: GainMap, _seed: int) -> Measured:
    """Follow the map, and find its fixed points; nothing is random.

    Returns ``q (points,)``, ``next (curves, points)``, ``fixed (curves, 4, 4)``, each row q,
    slope, 1 where stable, and χ, filled up with nan; ``keeps (curves,)``, 1 where every second
    moment is fixed; and ``web (curves, 13)``, the second moments of an input of second moment 1.
    """
    q = np.linspace(0.0, parameters.qmax, _POINTS)
    layers = _layers(parameters)
    return {
        "q": q,
        "next": np.array([[layer.length(value) for value in q.tolist()] for layer in layers]),
        "fixed": np.array([_padded(fixed_points(layer)) for layer in layers]),
        "keeps": np.array([float(layer.keeps_every_length) for layer in layers]),
        "web": np.array([_web(layer) for layer in layers]),
    }


def _layers(parameters: GainMap) -> list[Layer]:
    return [Layer(ACTIVATIONS[each.activation], each.gain**2) for each in parameters.curves]


def _padded(points: tuple[FixedPoint, ...]) -> Values:
    rows = np.full((_MOST_FIXED, 4), np.nan)
    for at, point in enumerate(points[:_MOST_FIXED]):
        rows[at] = (point.q, point.slope, float(point.stable), point.chi)
    return rows


def _web(layer: Layer) -> list[float]:
    moments = [layer.weight_factor]
    for _ in range(_WEB_STEPS):
        moments.append(layer.length(moments[-1]))
    return moments


def present(parameters: GainMap, measured: Measured, *, theory: bool) -> Presentation:  # noqa: ARG001 -- there is nothing but theory here
    """Turn the maps into curves over the diagonal."""
    curves = [Curve(parameters, measured, at) for at in range(len(parameters.curves))]
    panels = tuple(
        _panel(parameters, [curves[at] for at in members], first=place == 0)
        for place, members in enumerate(parameters.panels())
    )
    legend = line_keys(curve.label for curve in curves)
    return Presentation(
        Chart(panels, (*legend, Key("size kept", Predicted((), (), "line")))),
        _description(curves),
        _table(curves),
        _csv(curves, measured["q"]),
    )


@dataclass(frozen=True, slots=True)
class Rest:
    """A fixed point as it is shown."""

    q: float
    slope: float
    stable: bool
    chi: float


class Curve:
    """One activation with one gain: its map, and where that rests."""

    def __init__(self, parameters: GainMap, measured: Measured, at: int) -> None:
        self.series = at
        self.activation = parameters.curves[at].activation
        self.gain = parameters.curves[at].gain
        self.label = parameters.curves[at].label
        self.q = measured["q"]
        self.next = measured["next"][at]
        self.keeps = bool(measured["keeps"][at])
        self.web = measured["web"][at]
        known = [row for row in measured["fixed"][at].tolist() if math.isfinite(row[0])]
        self.rests = [Rest(q, slope, bool(stable), chi) for q, slope, stable, chi in known]

    def marks(self, qmax: float, *, cobweb: bool) -> list[Mark]:
        """Return the curve, its fixed points within the panel and the way of a signal."""
        marks: list[Mark] = [Line(tuple(self.q.tolist()), tuple(self.next.tolist()), self.series)]
        if cobweb:
            marks.append(self._steps(qmax))
        for filled in (True, False):
            at = tuple(r.q for r in self.rests if r.q <= qmax and r.stable is filled)
            if at:
                marks.append(Points(at, at, self.series, filled=filled))
        return marks

    def _steps(self, qmax: float) -> Thin:
        """Return the way between curve and diagonal; far outside it is of no use."""
        web = np.minimum(self.web, 2.0 * qmax).tolist()
        x, y = [web[0]], [0.0]
        for before, after in itertools.pairwise(web):
            x += [before, after]
            y += [after, after]
        return Thin(tuple(x), tuple(y), self.series)

    def finding(self) -> str:
        """Say what becomes of signals."""
        if self.keeps:
            return f"{self.label}, keeps every second moment"
        said = []
        for rest in self.rests:
            how = f"slope {number(rest.slope, 3)}"
            if rest.q == 0.0:
                # A repelling 0 is what makes signals grow towards something else.
                said += [f"dies out near 0 ({how})"] if rest.stable else []
            elif rest.stable:
                said.append(
                    f"settles at {number(rest.q)} ({how}, gradients times {number(rest.chi)})"
                )
            else:
                said.append(f"is driven away from {number(rest.q)} on both sides ({how})")
        if not any(rest.stable for rest in self.rests):
            said.append("grows without end")
        return f"{self.label}, {' and '.join(said)}"


def _panel(parameters: GainMap, curves: list[Curve], *, first: bool) -> Panel:
    qmax = parameters.qmax
    names = {curve.activation for curve in curves}
    marks: list[Mark] = [Predicted((0.0, qmax), (0.0, qmax), "line")]
    for curve in curves:
        marks += curve.marks(qmax, cobweb=parameters.cobweb)
    margin = 0.03 * qmax
    return Panel(
        names.pop() if len(names) == 1 else "one gain each",
        Axis(r"second moment $q_l$", -margin, qmax),
        Axis(r"second moment $q_{l+1}$" if first else "", -margin, qmax, ticks=first),
        tuple(marks),
    )


def _description(curves: list[Curve]) -> str:
    found = "; ".join(curve.finding() for curve in curves)
    return (
        "Line chart of a layer's second moment against that of the layer before, with the "
        f"diagonal. The signal of {found}."
    )


def _table(curves: list[Curve]) -> Table:
    """Return a row a fixed point."""
    columns = ("curve", "gain", "fixed point", "slope there", "signals", "gradients a layer")
    rows: list[tuple[str, ...]] = []
    for curve in curves:
        lead = (curve.label, number(curve.gain, 6))
        if curve.keeps:
            rows.append((*lead, "every one", "1", "stay", "–"))
        elif not curve.rests:
            rows.append(
                (*lead, "none", "–", "grow" if curve.next[-1] > curve.q[-1] else "fall", "–")
            )
        rows += [
            (
                *lead,
                number(rest.q),
                number(rest.slope),
                "come nearer" if rest.stable else "go away",
                f"× {number(rest.chi)}",
            )
            for rest in curve.rests
        ]
    return Table(columns, tuple(rows))


def _csv(curves: list[Curve], q: Values) -> str:
    rows: list[tuple[str | int | float, ...]] = [("activation", "gain", "q", "next_q")]
    for curve in curves:
        rows.extend(
            (curve.activation, curve.gain, before, after)
            for before, after in zip(q.tolist(), curve.next.tolist(), strict=True)
        )
    return comma_separated(tuple(rows))
