"""A scheme and a few sizes -> the factors of one layer forward and backward, for every shape."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import (
    Axis,
    Cells,
    Chart,
    Key,
    Panel,
    Presentation,
    Shade,
    Table,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import cell, not_finite
from seedbed.figures.kinds.fan_compromise import DIRECTIONS, FanCompromise, matrices, rows
from seedbed.figures.laws import Shape, draw, variance
from seedbed.figures.propagation import streams
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]

_SPAN = 5.0
"""Where the shades end: factors of 2**-5 and 2**5."""
_AT_ONCE = 2**22
"""Numbers held at a time: small matrices go together, large ones one by one."""
_NO_DECIMALS = 9.95
_TEXT_WIDTH = 5.6
"""Points that a digit of an axis takes."""


def measure(parameters: FanCompromise, seed: int) -> Measured:
    """Send signals and gradients through layers of every shape.

    Returns ``forward`` and ``backward``, each (fan-ins, fan-outs): the mean square of what comes
    out in units of the mean square of what went in.
    """
    count = len(parameters.sizes)
    children = child_seeds(seed, parameters.kind, count * count)
    shapes = itertools.product(parameters.sizes, parameters.sizes)
    pairs = [
        _factors(parameters.init, shape, child)
        for shape, child in zip(shapes, children, strict=True)
    ]
    grid = np.array(pairs).reshape(count, count, 2)
    return {"forward": grid[:, :, 0], "backward": grid[:, :, 1]}


def _factors(scheme: Scheme, shape: Shape, seed: np.random.SeedSequence) -> tuple[float, float]:
    weight_rng, input_rng, gradient_rng = streams(seed, 3)
    fan_in, fan_out = shape
    count = matrices(fan_in, fan_out)
    signals, gradients = rows(count, fan_out), rows(count, fan_in)
    forward, backward = np.zeros(2), np.zeros(2)
    for part in _parts(count, max(fan_in * fan_out, signals * fan_in, gradients * fan_out)):
        weights = np.stack([draw(scheme, shape, weight_rng) for _ in range(part)])
        forward += _squares(weights, signals, input_rng)
        backward += _squares(weights.swapaxes(1, 2), gradients, gradient_rng)
    return float(forward[1] / forward[0]), float(backward[1] / backward[0])


def _parts(count: int, size: int) -> Iterator[int]:
    """Divide so many matrices, each with that many numbers about it, into what fits at once."""
    most = max(1, _AT_ONCE // size)
    while count > 0:
        yield min(most, count)
        count -= most


def _squares(weights: Values, inputs: int, rng: np.random.Generator) -> Values:
    """Return the mean square of normal inputs and of their products with (m, n, p) matrices."""
    x = rng.standard_normal((len(weights), inputs, weights.shape[1]))
    return np.array([np.square(x).mean(), np.square(x @ weights).mean()]) * len(weights)


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of one direction, each (fan-ins, fan-outs)."""

    direction: str
    measured: Values
    predicted: Values

    @property
    def finite(self) -> bool:
        """Whether there is a number for every layer."""
        return bool(np.isfinite(self.measured).all())

    def off(self) -> float:
        """Return the largest difference from the prediction, in units of it; 0 if all are 0."""
        known = np.isfinite(self.measured) & (self.predicted > 0.0)
        return float(np.max(np.abs(self.measured[known] / self.predicted[known] - 1.0), initial=0))


def present(parameters: FanCompromise, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the factors into a heat map a direction."""
    both = [
        Factors(direction, measured[direction], _predicted(parameters, direction))
        for direction in DIRECTIONS
    ]
    shown = [both[DIRECTIONS.index(direction)] for direction in parameters.direction]
    keys = (("÷32", -1.0), ("÷4", -0.4), ("kept", 0.0), ("×4", 0.4), ("×32", 1.0))
    return Presentation(
        Chart(
            tuple(_panel(parameters, factors, first=at == 0) for at, factors in enumerate(shown)),
            tuple(Key(label, Shade(place)) for label, place in keys),
        ),
        _description(parameters, shown, theory=theory),
        _table(parameters, shown, theory=theory),
        _csv(parameters, both),
        tuple(not_finite("init", f.direction) for f in shown if not f.finite),
    )


def _predicted(parameters: FanCompromise, direction: str) -> Values:
    """Return ``fan_in * Var W`` or ``fan_out * Var W``, exact for inputs of mean 0."""
    sizes = parameters.sizes
    weight = [[variance(parameters.init, (n, m)) for m in sizes] for n in sizes]
    width = np.array(sizes, dtype=np.float64)
    return np.array(weight) * (width[:, None] if direction == "forward" else width)


def _panel(parameters: FanCompromise, factors: Factors, *, first: bool) -> Panel:
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log2(factors.measured.T)
    shades = np.nan_to_num(np.clip(powers, -_SPAN, _SPAN))
    texts = tuple(tuple(map(_power, row)) for row in powers.tolist())
    sizes = parameters.sizes
    width = 390.0 / len(parameters.direction) / len(sizes)
    step = math.ceil(_TEXT_WIDTH * max(len(str(size)) for size in sizes) / width)
    across = tuple(str(size) if at % step == 0 else "" for at, size in enumerate(sizes))
    end = len(sizes) - 0.5
    return Panel(
        f"{factors.direction} factor (log₂), {literal(parameters.init.label)}",
        Axis("fan-in", -0.5, end, names=across),
        Axis("fan-out" if first else "", -0.5, end, names=tuple(map(str, sizes))),
        (
            Cells(
                tuple(map(tuple, shades.tolist())),
                _SPAN,
                texts if parameters.annotate else (),
            ),
        ),
    )


def _power(power: float) -> str:
    if math.isinf(power):
        return "−∞" if power < 0 else "∞"
    if math.isnan(power):
        return "–"
    # No more than fits ten cells in a row.
    text = f"{power:.1f}" if abs(power) < _NO_DECIMALS else f"{power:.0f}"
    return "0.0" if text == "-0.0" else text.replace("-", "−")


def _description(parameters: FanCompromise, shown: list[Factors], *, theory: bool) -> str:
    label = parameters.init.label
    start = "Heat map" if len(shown) == 1 else "Two heat maps"
    sentences = [f"{start} over fan-in and fan-out, weights by {label}."]
    sentences += [_finding(parameters, factors, theory=theory) for factors in shown]
    if len(shown) == len(DIRECTIONS) and all(factors.finite for factors in shown):
        sums = shown[0].measured + shown[1].measured
        said = f"The two factors add up to {_range(sums)}"
        expected = shown[0].predicted + shown[1].predicted
        same = np.ptp(expected) <= 1e-9 * np.max(expected)
        sentences.append(
            f"{said} (predicted {number(expected[0, 0], 3)} for every layer)."
            if theory and same
            else f"{said}."
        )
    if theory:
        off = 100.0 * max(factors.off() for factors in shown)
        sentences.append(f"No factor is more than {number(off, 2)} % off its prediction.")
    return " ".join(sentences)


def _finding(parameters: FanCompromise, factors: Factors, *, theory: bool) -> str:
    if not factors.finite:
        return f"The {factors.direction} factors are not all finite."
    ends = []
    for place in (int(np.argmin(factors.measured)), int(np.argmax(factors.measured))):
        at = divmod(place, len(parameters.sizes))
        fan_in, fan_out = (parameters.sizes[index] for index in at)
        against = f", predicted {number(factors.predicted[at], 3)}" if theory else ""
        ends.append(
            f"{number(factors.measured[at], 3)} (fan-in {fan_in}, fan-out {fan_out}{against})"
        )
    square = _range(np.diagonal(factors.measured))
    return (
        f"The {factors.direction} factor goes from {ends[0]} to {ends[1]}; "
        f"square layers have {square}."
    )


def _range(values: Values) -> str:
    return f"{number(float(np.min(values)), 3)} to {number(float(np.max(values)), 3)}"


def _table(parameters: FanCompromise, shown: list[Factors], *, theory: bool) -> Table:
    """Return the layers that have the first size as one of their fans: every ratio of it."""
    columns = ["fan-in × fan-out"]
    for factors in shown:
        columns.append(f"{factors.direction}, measured")
        columns += [f"{factors.direction}, predicted"] if theory else []
    both = len(shown) == len(DIRECTIONS)
    columns += ["sum, measured"] if both else []
    count = len(parameters.sizes)
    body = []
    for at in [(n, 0) for n in range(count - 1, 0, -1)] + [(0, n) for n in range(count)]:
        row = [f"{parameters.sizes[at[0]]} × {parameters.sizes[at[1]]}"]
        for factors in shown:
            row.append(cell(factors.measured[at]))
            row += [cell(factors.predicted[at])] if theory else []
        row += [cell(shown[0].measured[at] + shown[1].measured[at])] if both else []
        body.append(tuple(row))
    return Table(tuple(columns), tuple(body))


def _csv(parameters: FanCompromise, both: list[Factors]) -> str:
    sizes = parameters.sizes
    found: list[tuple[str | int | float, ...]] = [
        ("fan_in", "fan_out", "forward", "forward_predicted", "backward", "backward_predicted")
    ]
    for n, m in itertools.product(range(len(sizes)), repeat=2):
        values = (f for factors in both for f in (factors.measured[n, m], factors.predicted[n, m]))
        found.append((sizes[n], sizes[m], *(v if math.isfinite(v) else "" for v in values)))
    return comma_separated(tuple(found))
