"""Activations and schemes -> loss and accuracy step by step, of networks that learn side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import datasets, training
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Level,
    Mark,
    Panel,
    Presentation,
    Table,
    comma_separated,
    literal,
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
from seedbed.figures.kinds.learning import widths
from seedbed.figures.kinds.training_curves import METRICS, TrainingCurves
from seedbed.figures.scheme import named
from seedbed.figures.training import Recipe

Values = NDArray[np.float64]

_LAST = named("lecun")
"""How the last layer starts in every curve: with it, logits of a kept signal have variance 1."""
_STUCK = 0.98
"""A loss above this part of that of guessing has learnt nothing yet."""


def measure(parameters: TrainingCurves, seed: int) -> Measured:
    """Train every network.

    Returns ``loss`` and ``accuracy``, of each step's batch, (inits, activations, seeds, steps) and
    nan from where a run diverged; and ``held_out (inits, activations, seeds)``, the accuracy in
    the end on examples kept back from training.
    """
    data = datasets.load(parameters.dataset)
    sizes = widths(parameters.dataset, parameters.depth, parameters.width)
    recipe = Recipe(parameters.lr, parameters.batch, parameters.steps, parameters.momentum)
    shape = (len(parameters.inits), len(parameters.activations), parameters.seeds)
    loss, accuracy = np.empty((*shape, recipe.steps)), np.empty((*shape, recipe.steps))
    held_out = np.empty(shape)
    for run, child in enumerate(child_seeds(seed, parameters.kind, parameters.seeds)):
        layer_seeds, order = training.seeds_of_run(child, parameters.depth + 1)
        for at, panel in np.ndindex(shape[:2]):
            schemes = (*(parameters.inits[at],) * parameters.depth, _LAST)
            activation = ACTIVATIONS[parameters.activations[panel]]
            network = training.initial_network(sizes, schemes, activation, layer_seeds)
            history = training.train(network, data, recipe, order)
            loss[at, panel, run] = history.loss
            accuracy[at, panel, run] = history.accuracy
            held_out[at, panel, run] = network.accuracy(data.held_out)
    return {"loss": loss, "accuracy": accuracy, "held_out": held_out}


def present(parameters: TrainingCurves, measured: Measured, *, theory: bool) -> Presentation:  # noqa: ARG001 -- nothing is predicted
    """Turn the runs into a panel an activation, with a curve a scheme."""
    curves = [
        Curve(parameters, measured, at, panel)
        for panel in range(len(parameters.activations))
        for at in range(len(parameters.inits))
    ]
    level = Level((guessing(parameters, parameters.metric),))
    panels = tuple(
        Panel(
            name,
            Axis("step", 0.0, float(parameters.steps), whole=True),
            _axis(parameters, curves, first=at == 0),
            (level, *(mark for curve in curves if curve.panel == at for mark in curve.marks())),
        )
        for at, name in enumerate(parameters.activations)
    )
    legend = line_keys(literal(scheme.label) for scheme in parameters.inits)
    return Presentation(
        Chart(panels, (*legend, Key("guessing", Level(())))),
        _description(parameters, curves),
        _table(parameters, curves),
        _csv(curves),
        tuple(not_finite("inits", c.name) for c in curves if c.diverges_at is not None),
    )


def guessing(parameters: TrainingCurves, metric: str) -> float:
    """Return loss or accuracy of whoever holds all classes to be equally likely."""
    classes = widths(parameters.dataset, 1, 1)[-1]
    return math.log(classes) if metric == "loss" else 1.0 / classes


class Curve:
    """One scheme under one activation: median and range of its runs, up to where one diverges."""

    def __init__(self, parameters: TrainingCurves, measured: Measured, at: int, panel: int) -> None:
        self.series = at
        self.panel = panel
        self.activation = parameters.activations[panel]
        self.label = parameters.inits[at].label
        self.name = f"{self.activation}/{self.label}"
        both = measured["loss"][at, panel] + measured["accuracy"][at, panel]
        finite = np.isfinite(both).all(axis=0)
        self.length = finite_length(finite)
        self.diverges_at = None if self.length == finite.size else self.length + 1
        self.runs: dict[str, Values] = {
            metric: training.running_mean(
                measured[metric][at, panel][:, : self.length], parameters.smooth
            )
            for metric in METRICS
        }
        self.median = {
            metric: np.median(runs, axis=0) if self.length else np.empty(0)
            for metric, runs in self.runs.items()
        }
        self.metric = parameters.metric
        self.held_out = float(np.median(measured["held_out"][at, panel]))
        self.points = training.thinned(self.length)

    def marks(self) -> tuple[Mark, ...]:
        """Return range and median as they are drawn."""
        runs = self.runs[self.metric][:, self.points]
        x = tuple(float(at + 1) for at in self.points)
        return range_and_median(x, runs, self.median[self.metric][self.points], self.series)

    def end(self) -> str:
        """Return the median in the end, or that there is none."""
        if self.diverges_at is not None:
            return f"not finite with {self.label}, which diverges at step {self.diverges_at}"
        return f"{number(float(self.median[self.metric][-1]), 3)} with {self.label}"

    def is_stuck(self, guess: float) -> bool:
        """Return whether the loss never left that of guessing."""
        return self.diverges_at is None and float(self.median["loss"][-1]) > _STUCK * guess


def _axis(parameters: TrainingCurves, curves: list[Curve], *, first: bool) -> Axis:
    label = parameters.metric if first else ""
    guess = guessing(parameters, "loss")
    if parameters.metric == "accuracy":
        return Axis(label, 0.0, 1.0, ticks=first)
    if parameters.scale == "log":
        return Axis(label, _decade_below(curves), 2.0 * guess, "log", ticks=first)
    return Axis(label, 0.0, 1.5 * guess, ticks=first)


def _decade_below(curves: list[Curve]) -> float:
    """Return the power of ten under every median, within bounds; 0.1 where nothing is learnt."""
    lowest = min((float(c.median["loss"].min()) for c in curves if c.length), default=1.0)
    return 10.0 ** min(max(math.floor(math.log10(max(lowest, 1e-9))), -5), -1)


def _description(parameters: TrainingCurves, curves: list[Curve]) -> str:
    metric = parameters.metric
    scaled = "logarithmic" if metric == "loss" and parameters.scale == "log" else "linear"
    guess = number(guessing(parameters, metric), 3)
    sentences = [f"Line chart, {scaled} vertical axis: {metric} while learning; guessing: {guess}."]
    for at, activation in enumerate(parameters.activations):
        own = [curve for curve in curves if curve.panel == at]
        found = ", ".join(curve.end() for curve in own)
        stuck = [c.label for c in own if c.is_stuck(guessing(parameters, "loss"))]
        sentences.append(
            f"With {activation}, after {parameters.steps} steps it is {found}"
            f"{_stuck(stuck, every=len(stuck) == len(own))}."
        )
    return " ".join(sentences)


def _stuck(labels: list[str], *, every: bool) -> str:
    if not labels:
        return ""
    if every:
        return ": no scheme does better than guessing"
    return f"; {' and '.join(labels)} no better than guessing"


def _table(parameters: TrainingCurves, curves: list[Curve]) -> Table:
    """Return a row a curve: the median on the way, the range in the end, and how soon."""
    steps = sorted({max(1, parameters.steps // 4), parameters.steps // 2, parameters.steps})
    half = guessing(parameters, "loss") / 2.0
    columns = (
        "curve",
        *(f"{parameters.metric}, step {step}" for step in steps),
        "lowest run",
        "highest run",
        "steps to half the loss of guessing",
        "accuracy on examples kept back",
    )
    rows = tuple(
        (
            f"{curve.activation}, {curve.label}",
            *(cell_at(curve.median[curve.metric], step - 1) for step in steps),
            cell_at(curve.runs[curve.metric].min(axis=0), parameters.steps - 1),
            cell_at(curve.runs[curve.metric].max(axis=0), parameters.steps - 1),
            _steps_to(curve.median["loss"], half),
            number(curve.held_out) if math.isfinite(curve.held_out) else "diverged",
        )
        for curve in curves
    )
    return Table(columns, rows)


def _steps_to(losses: Values, bound: float) -> str:
    reached = np.flatnonzero(losses <= bound)
    return str(int(reached[0]) + 1) if reached.size else "–"


def _csv(curves: Iterable[Curve]) -> str:
    columns = [
        f"{metric}_{what}" for metric in METRICS for what in ("median", "minimum", "maximum")
    ]
    rows: list[tuple[str | int | float, ...]] = [("activation", "init", "step", *columns)]
    for curve in curves:
        numbers = [
            values[curve.points]
            for metric in METRICS
            for values in (
                curve.median[metric],
                curve.runs[metric].min(axis=0),
                curve.runs[metric].max(axis=0),
            )
        ]
        rows.extend(
            (curve.activation, curve.label, at + 1, *(float(values[row]) for values in numbers))
            for row, at in enumerate(curve.points)
        )
    return comma_separated(tuple(rows))
