"""Schemes -> loss, and how far apart the units of a layer are, step by step while networks learn."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import datasets, training
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Level,
    Line,
    Panel,
    Presentation,
    Table,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import finite_length, line_keys, not_finite
from seedbed.figures.kinds.learning import widths
from seedbed.figures.kinds.symmetry_breaking import (
    ACTIVATION,
    BATCH,
    HIDDEN,
    RATE,
    SymmetryBreaking,
)
from seedbed.figures.training import Network, Recipe

Values = NDArray[np.float64]

_SMOOTH = 20
_EQUAL = 1e-12
"""Units closer than this differ by rounding alone."""
_DEPENDENT = 1e-9
"""Singular values below this part of the largest do not count for the rank."""


def measure(parameters: SymmetryBreaking, seed: int) -> Measured:
    """Train a network a scheme.

    Returns ``loss (inits, steps)``, of each step's batch; ``spread (inits, steps + 1)``, the largest
    distance of a weight of the first layer from the mean over units, before the first step and
    after each; ``rank (inits, 2)``, the rank in the end of the weights into each hidden layer; and
    ``largest (inits,)``, the largest of these weights. nan from where a run diverged.
    """
    data = datasets.load(parameters.dataset)
    sizes = widths(parameters.dataset, HIDDEN, parameters.width)
    recipe = Recipe(RATE, BATCH, parameters.steps)
    (child,) = child_seeds(seed, parameters.kind, 1)
    layer_seeds, order = training.seeds_of_run(child, HIDDEN + 1)
    count = len(parameters.inits)
    loss = np.full((count, recipe.steps), np.nan)
    spread = np.full((count, recipe.steps + 1), np.nan)
    ranks, largest = np.full((count, HIDDEN), np.nan), np.full(count, np.nan)
    for at, scheme in enumerate(parameters.inits):

        def look(step: int, network: Network, at: int = at) -> None:
            spread[at, step] = distance_of_units(network.weights[0])

        schemes = (scheme,) * (HIDDEN + 1)
        network = training.initial_network(sizes, schemes, ACTIVATIONS[ACTIVATION], layer_seeds)
        loss[at] = training.train(network, data, recipe, order, look).loss
        hidden = network.weights[:HIDDEN]
        ranks[at] = [rank(weights) for weights in hidden]
        largest[at] = max(float(np.abs(weights).max()) for weights in hidden)
    return {"loss": loss, "spread": spread, "rank": ranks, "largest": largest}


def distance_of_units(weights: Values) -> float:
    """Return ``max |W_ij - mean_j W_ij|``: 0 if and only if all units (columns) are equal."""
    return float(np.abs(weights - weights.mean(axis=1, keepdims=True)).max())


def rank(weights: Values) -> float:
    """Return the rank of a matrix up to rounding; nan unless its values are finite."""
    if not np.isfinite(weights).all():
        return math.nan
    values = np.linalg.svd(weights, compute_uv=False)
    return float(np.count_nonzero(values > _DEPENDENT * values[0]))


def present(parameters: SymmetryBreaking, measured: Measured, *, theory: bool) -> Presentation:  # noqa: ARG001 -- nothing is predicted
    """Turn the runs into a panel of losses and one of distances."""
    curves = [Curve(parameters, measured, at) for at in range(len(parameters.inits))]
    guessing = _guessing(parameters)
    x = Axis("step", 0.0, float(parameters.steps), whole=True)
    top = max((float(curve.spread.max(initial=0.0)) for curve in curves), default=0.0)
    panels = (
        Panel(
            "Loss",
            x,
            Axis("loss", 0.0, 1.25 * guessing),
            (Level((guessing,)), *(curve.line(curve.loss, 1) for curve in curves)),
        ),
        Panel(
            "Distance of units",
            x,
            Axis("distance from the mean unit", -0.04 * _above(top), _above(top)),
            tuple(curve.line(curve.spread, 0) for curve in curves),
        ),
    )
    legend = line_keys(literal(curve.label) for curve in curves)
    return Presentation(
        Chart(panels, (*legend, Key("guessing", Level(())))),
        _description(parameters, curves),
        _table(parameters, curves),
        _csv(curves),
        tuple(not_finite("inits", c.label) for c in curves if c.diverges_at is not None),
    )


class Curve:
    """One scheme: loss and distance up to where the run diverges."""

    def __init__(self, parameters: SymmetryBreaking, measured: Measured, at: int) -> None:
        self.series = at
        self.label = parameters.inits[at].label
        losses = measured["loss"][at]
        seen = np.isfinite(losses) & np.isfinite(measured["spread"][at, :-1])
        length = finite_length(seen)
        self.diverges_at = None if length == seen.size else length + 1
        self.loss = training.running_mean(losses[:length], _SMOOTH)
        kept = length + 1 if self.diverges_at is None else length
        self.spread = measured["spread"][at, :kept]
        self.rank = measured["rank"][at]
        self.largest = float(measured["largest"][at])

    def line(self, values: Values, first: int) -> Line:
        """Return values of steps from `first` on as they are drawn."""
        points = training.thinned(values.size)
        x = tuple(float(at + first) for at in points)
        return Line(x, tuple(values[points].tolist()), self.series)

    @property
    def equal(self) -> bool:
        """Whether the units of the first layer were equal all along."""
        return self.diverges_at is None and float(self.spread.max()) < _EQUAL


def _above(value: float) -> float:
    """Return a little more than a value, in round numbers; 1 for 0."""
    if value <= _EQUAL:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(1.1 * value))
    return math.ceil(1.1 * value / unit * 5.0) / 5.0 * unit


def _guessing(parameters: SymmetryBreaking) -> float:
    return math.log(widths(parameters.dataset, 1, 1)[-1])


def _description(parameters: SymmetryBreaking, curves: list[Curve]) -> str:
    guessing = number(_guessing(parameters), 3)
    found = " ".join(_finding(curve) for curve in curves)
    return (
        f"Two line charts, linear vertical axes: the loss over {parameters.steps} steps, and how far "
        f"apart the units of the first layer are. Guessing has a loss of {guessing}. {found}"
    )


def _finding(curve: Curve) -> str:
    if curve.diverges_at is not None:
        return f"With {curve.label} the run diverges at step {curve.diverges_at}."
    loss = f"With {curve.label} the loss ends at {number(curve.loss[-1], 3)}"
    ranks = " and ".join(f"{value:.0f}" for value in curve.rank.tolist())
    if curve.largest == 0.0:
        return f"{loss}; the weights of the hidden layers are all exactly 0 to the end."
    if curve.equal:
        return f"{loss}; all units of a layer stay equal, the weights have ranks {ranks}."
    apart = f"{number(curve.spread[0], 3)}, in the end {number(curve.spread[-1], 3)}"
    return f"{loss}; units differ by {apart}, the weights have ranks {ranks}."


def _table(parameters: SymmetryBreaking, curves: list[Curve]) -> Table:
    middle = parameters.steps // 2
    columns = (
        "scheme",
        f"loss, step {middle}",
        f"loss, step {parameters.steps}",
        "distance of units at the start",
        f"distance of units, step {parameters.steps}",
        "rank, weights into layer 1",
        "rank, weights into layer 2",
    )
    rows = tuple(
        (
            curve.label,
            _at(curve.loss, middle - 1),
            _at(curve.loss, parameters.steps - 1),
            _at(curve.spread, 0),
            _at(curve.spread, parameters.steps),
            *(f"{value:.0f}" if math.isfinite(value) else "diverged" for value in curve.rank),
        )
        for curve in curves
    )
    return Table(columns, rows)


def _at(values: Values, at: int) -> str:
    if at >= values.size:
        return "diverged"
    value = float(values[at])
    return "0" if abs(value) < _EQUAL else number(value)


def _csv(curves: list[Curve]) -> str:
    rows: list[tuple[str | int | float, ...]] = [("init", "step", "loss", "distance_of_units")]
    for curve in curves:
        rows.extend(
            (curve.label, at, curve.loss[at - 1] if at else "", float(curve.spread[at]))
            for at in training.thinned(curve.loss.size + 1)
            if at < curve.spread.size
        )
    return comma_separated(tuple(rows))
