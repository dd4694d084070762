"""Residual blocks and scalings of their branches -> second moment of the signal, block by block."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import (
    Axis,
    Chart,
    Mark,
    Panel,
    Predicted,
    Presentation,
    Table,
    comma_separated,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import (
    cell_at,
    finite_length,
    line_keys,
    not_finite,
    range_and_median,
)
from seedbed.figures.kinds.residual_growth import BATCH, ResidualGrowth, branch_factor
from seedbed.figures.propagation import streams
from seedbed.figures.training import thinned
from seedbed.figures.xavier import he_normal, lecun_normal

Values = NDArray[np.float64]

_MOST_POINTS = 101
"""Points of a curve that are drawn; the CSV has all."""
_CIRCLES = 8
_NEAR = 4.0
"""Where the panel without the fast growth ends: above e, which 1/√blocks tends to."""


def measure(parameters: ResidualGrowth, seed: int) -> Measured:
    """Send inputs through networks that differ by the scaling of their branches alone.

    Returns ``simulated (scalings, seeds, blocks + 1)``: the second moment of the signal after
    each block in units of the input's, which is entry 0.
    """
    children = child_seeds(seed, parameters.kind, parameters.seeds)
    return {"simulated": np.stack([_network(parameters, child) for child in children], axis=1)}


def predicted(scaling: str, blocks: int) -> Values:
    """Return ``(1 + s**2) ** l`` for l = 0 … blocks, s being the factor of the branch.

    Notes
    -----
    A branch ``max(x A, 0) B`` with ``E A**2 = 2 / n`` and ``E B**2 = 1 / n`` keeps the second
    moment of x, and is uncorrelated with x since B has mean 0: exact for the mean over networks
    of any width. With ``s = 1 / sqrt(blocks)`` the end is below e for any number of blocks.
    Source: Zhang, Dauphin & Ma 2019, for the doubling.
    """
    return (1.0 + branch_factor(scaling, blocks) ** 2) ** np.arange(blocks + 1.0)


def _network(parameters: ResidualGrowth, seed: np.random.SeedSequence) -> Values:
    """Measure one network under every scaling, all with the same weights and inputs."""
    rng, input_rng = streams(seed, 2)
    inputs = input_rng.standard_normal((BATCH, parameters.width))
    factors = [branch_factor(scaling, parameters.blocks) for scaling in parameters.scalings]
    signals = [inputs] * len(factors)
    moments = np.empty((len(factors), parameters.blocks + 1))
    moments[:, 0] = np.mean(np.square(inputs))
    shape = (parameters.width, parameters.width)
    for block in range(1, parameters.blocks + 1):
        first, second = he_normal(shape, rng), lecun_normal(shape, rng)
        for at, factor in enumerate(factors):
            branch = np.maximum(signals[at] @ first, 0.0) @ second
            signals[at] = signals[at] + factor * branch
            moments[at, block] = np.mean(np.square(signals[at]))
    return moments / moments[:, :1]


class Curve:
    """One scaling: median, range and prediction, up to the first block that is not finite."""

    def __init__(self, parameters: ResidualGrowth, measured: Measured, at: int) -> None:
        self.scaling = parameters.scalings[at]
        self.series = at
        self.blocks = parameters.blocks
        runs = measured["simulated"][at]
        finite = np.isfinite(runs).all(axis=0)
        length = finite_length(finite)
        self.diverges_at = None if length == finite.size else length
        self.runs = runs[:, :length]
        self.median = np.median(self.runs, axis=0) if length else np.empty(0)
        self.predicted = predicted(self.scaling, parameters.blocks)

    @property
    def bounded(self) -> bool:
        """Whether the prediction stays where a linear axis can show it."""
        return bool(self.predicted[-1] < _NEAR)

    def marks(self, *, theory: bool) -> tuple[Mark, ...]:
        """Return range, median and prediction as they are drawn."""
        at = thinned(self.median.size, _MOST_POINTS)
        drawn = range_and_median(tuple(at), self.runs[:, at], self.median[at], self.series)
        places = thinned(self.blocks + 1, _CIRCLES + 1)
        circles = Predicted(tuple(places), tuple(self.predicted[places].tolist()), "circles")
        return (*drawn, circles) if theory else drawn


def present(parameters: ResidualGrowth, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the moments into a curve a scaling, and into a closer look at those that stay low."""
    curves = [Curve(parameters, measured, at) for at in range(len(parameters.scalings))]
    labels = (_label(scaling) for scaling in parameters.scalings)
    legend = line_keys(labels, circles="prediction" if theory else "")
    return Presentation(
        Chart(_panels(parameters, curves, theory=theory), legend),
        _description(parameters, curves, theory=theory),
        _table(parameters, curves, theory=theory),
        _csv(curves),
        tuple(not_finite("scalings", c.scaling) for c in curves if c.diverges_at is not None),
    )


def _panels(parameters: ResidualGrowth, curves: list[Curve], *, theory: bool) -> tuple[Panel, ...]:
    end = parameters.blocks + max(0.3, 0.02 * parameters.blocks)
    x = Axis("block", parameters.blocks - end, end, whole=True)
    symbol = "second moment, relative to the input"
    low = [curve for curve in curves if curve.bounded]
    fast = [curve for curve in curves if not curve.bounded]
    found = []
    if fast:
        top = 10.0 ** math.ceil(math.log10(fast[0].predicted[-1]) + 0.8)
        marks = tuple(mark for curve in curves for mark in curve.marks(theory=theory))
        found.append(Panel("logarithmic axis", x, Axis(symbol, 0.1, top, "log"), marks))
    if low:
        marks = tuple(mark for curve in low for mark in curve.marks(theory=theory))
        label = "" if fast else symbol
        found.append(
            Panel(
                "lower curves, linear axis" if fast else "linear axis",
                x,
                Axis(label, 0.0, _NEAR),
                marks,
            )
        )
    return tuple(found)


def _label(scaling: str) -> str:
    return {"plain": "plain sum", "inv-sqrt": "branch × 1/√blocks", "zero": "branch × 0"}[scaling]


def _description(parameters: ResidualGrowth, curves: list[Curve], *, theory: bool) -> str:
    after = "one block" if parameters.blocks == 1 else f"{parameters.blocks} blocks"
    found = "; ".join(_finding(curve, theory=theory) for curve in curves)
    return (
        f"Line chart of the signal's second moment over {after}, in units of the input's. "
        f"At the end it is {found}."
    )


def _finding(curve: Curve, *, theory: bool) -> str:
    name = {
        "plain": "when branches are added as they are",
        "inv-sqrt": "when each is divided by the square root of the number of blocks",
        "zero": "when each starts at zero",
    }[curve.scaling]
    if curve.diverges_at is not None:
        return f"not finite {name}, which diverges at block {curve.diverges_at}"
    against = f" (predicted {number(curve.predicted[-1], 3)})" if theory else ""
    end = float(curve.median[-1])
    rate = f", a factor of {number(end ** (1.0 / curve.blocks), 4)} a block" if end > 0.0 else ""
    return f"{number(end, 3)}{against} {name}{rate}"


def _table(parameters: ResidualGrowth, curves: list[Curve], *, theory: bool) -> Table:
    blocks = thinned(parameters.blocks + 1, 7)
    rows = []
    for curve in curves:
        name = _label(curve.scaling)
        rows.append((f"{name}: simulated", *(cell_at(curve.median, at) for at in blocks)))
        if theory:
            values = (number(float(curve.predicted[at])) for at in blocks)
            rows.append((f"{name}: predicted", *values))
    return Table(("scaling", *(f"block {at}" for at in blocks)), tuple(rows))


def _csv(curves: list[Curve]) -> str:
    rows: list[tuple[str | int | float, ...]] = [
        ("scaling", "block", "median", "minimum", "maximum", "predicted")
    ]
    for curve in curves:
        rows.extend(
            (
                curve.scaling,
                at,
                curve.median[at],
                curve.runs[:, at].min(),
                curve.runs[:, at].max(),
                curve.predicted[at],
            )
            for at in range(curve.median.size)
        )
    return comma_separated(tuple(rows))
