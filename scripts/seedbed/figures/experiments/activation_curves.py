"""Activations and a range -> their values and slopes, and where they saturate."""

from __future__ import annotations

import math

import numpy as np

from seedbed.figures.activations import ACTIVATIONS, Activation, Values
from seedbed.figures.chart import (
    Axis,
    Band,
    Chart,
    Key,
    Level,
    Line,
    Mark,
    Panel,
    Presentation,
    Table,
    comma_separated,
    number,
)
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.runs import line_keys
from seedbed.figures.kinds.activation_curves import FARTHEST, ActivationCurves

SATURATED = 0.05
"""Part of its greatest slope below which a function counts as saturated."""
_POINTS = 201
_DRAWN_EVERY = 2
_STEPS_FAR = 8001
_LEAVING = 2.0
"""How far the panel reaches, in units of the least of the curves' greatest magnitudes."""


def measure(parameters: ActivationCurves, _seed: int) -> Measured:
    """Evaluate functions and derivatives; nothing is random.

    Returns ``x (points,)``, ``value`` and ``slope``, each (activations, points), and ``facts``
    (activations, 5): value at 0, slope at 0 (nan at a kink), greatest slope, and below and above
    which place the function is saturated (infinite where it never is).
    """
    functions = [ACTIVATIONS[name] for name in parameters.activations]
    x = _places(*parameters.range)
    return {
        "x": x,
        "value": np.array([each.function(x) for each in functions]),
        "slope": np.array([each.derivative(x) for each in functions]),
        "facts": np.array([_facts(each) for each in functions]),
    }


def _places(low: float, high: float) -> Values:
    """Return even places, and one right after 0, where a kinked function's slope jumps."""
    x = np.linspace(low, high, _POINTS)
    if not low < 0.0 < high:
        return x
    return np.unique(np.concatenate((x, [0.0, 1e-9 * (high - low)])))


def _facts(activation: Activation) -> tuple[float, ...]:
    x = np.linspace(-FARTHEST, FARTHEST, _STEPS_FAR)
    slopes = np.abs(activation.derivative(x))
    greatest = float(slopes.max())
    steep = np.flatnonzero(slopes >= SATURATED * greatest)
    first, last = int(steep[0]), int(steep[-1])
    below = _edge(activation, greatest, x[first - 1], x[first]) if first else -math.inf
    beyond = _edge(activation, greatest, x[last + 1], x[last]) if last + 1 < x.size else math.inf
    at_zero = activation.slope_at_zero
    value = float(activation.function(np.zeros(1))[0])
    return value, math.nan if at_zero is None else at_zero, greatest, below, beyond


def _edge(activation: Activation, greatest: float, flat: float, steep: float) -> float:
    """Return the place between a flat and a steep one where saturation ends."""
    for _ in range(50):
        middle = 0.5 * (flat + steep)
        saturated = abs(float(activation.derivative(np.array([middle]))[0])) < SATURATED * greatest
        flat, steep = (middle, steep) if saturated else (flat, middle)
    return 0.5 * (flat + steep)


def present(parameters: ActivationCurves, measured: Measured, *, theory: bool) -> Presentation:  # noqa: ARG001 -- there is nothing but theory here
    """Turn the values into a panel of functions and a panel of derivatives."""
    panels = [_panel(parameters, measured, "value", r"$\varphi(z)$")]
    if parameters.derivative:
        panels.append(_panel(parameters, measured, "slope", r"$\varphi^\prime(z)$"))
    legend = list(line_keys(parameters.activations))
    if len(parameters.activations) == 1 and _shaded(parameters, measured):
        legend.append(Key("slope below 5 % of its greatest", Band((), (), (), 0)))
    return Presentation(
        Chart(tuple(panels), tuple(legend)),
        _description(parameters, measured),
        _table(parameters, measured),
        _csv(parameters, measured),
    )


def _panel(parameters: ActivationCurves, measured: Measured, what: str, symbol: str) -> Panel:
    x, curves = measured["x"], measured[what]
    kept = _drawn(x)
    low, high = _limits(curves, parameters.range, bounded=what == "slope")
    marks: list[Mark] = []
    if len(parameters.activations) == 1:
        marks += [Band(span, (low, low), (high, high), 0) for span in _shaded(parameters, measured)]
    marks.append(Level((0.0,)))
    for at, curve in enumerate(curves):
        marks.append(Line(tuple(x[kept].tolist()), tuple(curve[kept].tolist()), at))
    return Panel(
        {"value": "function", "slope": "derivative"}[what],
        Axis("pre-activation $z$", *parameters.range),
        Axis(symbol, low, high),
        tuple(marks),
    )


def _drawn(x: Values) -> Values:
    """Return the indices of every other place, with those around 0."""
    around = np.flatnonzero(np.abs(x) < 1e-6 * (x[-1] - x[0]))
    ends = (np.arange(0, x.size, _DRAWN_EVERY), around, [x.size - 1])
    return np.unique(np.concatenate(ends))


def _limits(curves: Values, ends: tuple[float, float], *, bounded: bool) -> tuple[float, float]:
    """Return vertical limits; where curves may be unbounded, ones that leave the others room."""
    least = min(float(np.abs(curve).max()) for curve in curves)
    reach = math.inf if bounded or len(curves) == 1 or least == 0.0 else _LEAVING * least
    low = max(float(curves.min()), -reach)
    high = min(float(curves.max()), reach)
    if high - low < 1e-9 * (ends[1] - ends[0]):
        return low - 0.5, high + 0.5
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _shaded(parameters: ActivationCurves, measured: Measured) -> list[tuple[float, float]]:
    """Return the parts of the axis where the first function is saturated."""
    low, high = parameters.range
    below, beyond = measured["facts"][0, 3:].tolist()
    spans = [(low, min(below, high)), (max(beyond, low), high)]
    return [(start, end) for start, end in spans if start < end]


def _description(parameters: ActivationCurves, measured: Measured) -> str:
    low, high = parameters.range
    shown = "values and slopes" if parameters.derivative else "values"
    found = [
        _finding(name, facts)
        for name, facts in zip(parameters.activations, measured["facts"], strict=True)
    ]
    ranges = ", ".join(
        f"{name} from {number(float(values.min()), 3)} to {number(float(values.max()), 3)}"
        for name, values in zip(parameters.activations, measured["value"], strict=True)
    )
    begin = f"Line chart of {shown} between {number(low)} and {number(high)}."
    return f"{begin} Values run: {ranges}. {' '.join(found)}"


def _finding(name: str, facts: Values) -> str:
    value, slope, greatest, below, beyond = facts.tolist()
    at_zero = "a kink" if math.isnan(slope) else f"slope {number(slope, 3)}"
    sides = [f"below {_place(below)}"] if math.isfinite(below) else []
    sides += [f"above {_place(beyond)}"] if math.isfinite(beyond) else []
    flat = f"saturated {' and '.join(sides)}" if sides else "nowhere saturated"
    return (
        f"{name} is {number(value, 3)} at 0, with {at_zero}; its slope is at most "
        f"{number(greatest, 3)}, and it is {flat}."
    )


def _place(x: float) -> str:
    # What bisection leaves of a 0 is no number to show.
    return number(round(x, 6), 3)


def _table(parameters: ActivationCurves, measured: Measured) -> Table:
    columns = (
        "activation",
        "least value",
        "greatest value",
        "value at 0",
        "slope at 0",
        "greatest slope",
        "saturated below",
        "saturated above",
    )
    rows = []
    for at, name in enumerate(parameters.activations):
        value, slope, greatest, below, beyond = measured["facts"][at].tolist()
        ends = measured["value"][at].min(), measured["value"][at].max()
        rows.append(
            (
                name,
                *(number(float(end)) for end in ends),
                number(value),
                "none" if math.isnan(slope) else number(slope),
                number(greatest),
                *(_place(x) if math.isfinite(x) else "–" for x in (below, beyond)),
            )
        )
    return Table(columns, tuple(rows))


def _csv(parameters: ActivationCurves, measured: Measured) -> str:
    rows: list[tuple[str | int | float, ...]] = [("activation", "x", "value", "slope")]
    for at, name in enumerate(parameters.activations):
        columns = (measured["x"], measured["value"][at], measured["slope"][at])
        rows.extend((name, *numbers) for numbers in zip(*columns, strict=True))
    return comma_separated(tuple(rows))
