"""One network that learns -> mean, spread and slope of each hidden layer's activations on the way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import datasets, training
from seedbed.figures.activations import ACTIVATIONS
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
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.runs import finite_length, line_keys, not_finite
from seedbed.figures.kinds.learning import widths
from seedbed.figures.kinds.saturation_over_training import (
    DATASET,
    PROBES,
    SaturationOverTraining,
)
from seedbed.figures.training import Network, Recipe

Values = NDArray[np.float64]

_ENDS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "lecun-tanh": (-1.7159, 1.7159),
}
"""Between which values the activations of each function are."""
_MOST_DRAWN = 4
"""Layers drawn; the fifth look is that of the loss."""
_LOSS = 4


def measure(parameters: SaturationOverTraining, seed: int) -> Measured:
    """Train the network, and look at it before the first step, at every so many, and at the end.

    Returns ``step (looks,)``; of each hidden layer's activations over units and examples ``mean``
    and ``std``, and as ``slope`` the mean of φ' in parts of its largest value, (layers, looks)
    each; and ``loss (looks,)``. What follows a divergence is nan.
    """
    data = datasets.load(DATASET)
    inputs, labels = data.held_out.inputs[:PROBES], data.held_out.labels[:PROBES]
    steps = sorted({*range(0, parameters.steps, parameters.every), parameters.steps})
    places = {step: at for at, step in enumerate(steps)}
    measured = {
        name: np.full((parameters.layers, len(steps)), np.nan) for name in ("mean", "std", "slope")
    }
    loss = np.full(len(steps), np.nan)

    def look(step: int, network: Network) -> None:
        if step not in places:
            return
        at = places[step]
        *hidden, logits = network.activations(inputs)
        loss[at] = training.cross_entropy(logits, labels)
        for layer, h in enumerate(hidden):
            measured["mean"][layer, at] = h.mean()
            measured["std"][layer, at] = h.std()
            measured["slope"][layer, at] = relative_slope(parameters.activation, h).mean()

    _train(parameters, seed, look)
    return {"step": np.array(steps, dtype=np.float64), **measured, "loss": loss}


def relative_slope(activation: str, h: Values) -> Values:
    """Return φ' at activations h in parts of its largest value, that at 0; 0 is full saturation."""
    low, high = _ENDS[activation]
    u = (2.0 * h - low - high) / (high - low)
    return (1.0 - np.abs(u)) ** 2 if activation == "softsign" else 1.0 - u * u


def present(
    parameters: SaturationOverTraining,
    measured: Measured,
    *,
    theory: bool,  # noqa: ARG001 -- nothing is predicted
) -> Presentation:
    """Turn the looks into a panel of activations and one of the loss."""
    looks = Looks(parameters, measured)
    low, high = _ENDS[parameters.activation]
    margin = 0.03 * (high - low)
    x = Axis("step", 0.0, float(parameters.steps), whole=True)
    guessing = _guessing()
    panels = (
        Panel(
            f"{parameters.activation} layers",
            x,
            Axis("activation", low - margin, high + margin),
            looks.layer_marks(),
        ),
        Panel(
            "loss",
            x,
            Axis("", 0.0, 1.5 * guessing),
            (Level((guessing,)), Line(looks.x, looks.drawn(looks.loss), _LOSS)),
            series=_LOSS,
        ),
    )
    legend = line_keys(f"layer {layer + 1}" for layer in looks.drawn_layers)
    name = f"{parameters.activation}/{parameters.init.label}"
    return Presentation(
        Chart(panels, (*legend, Key("loss", Line((), (), _LOSS)), Key("guessing", Level(())))),
        _description(parameters, looks),
        _table(parameters, looks),
        _csv(parameters, looks),
        () if looks.diverges_at is None else (not_finite("init", name),),
    )


class Looks:
    """What was seen at each look, up to a divergence."""

    def __init__(self, parameters: SaturationOverTraining, measured: Measured) -> None:
        seen = np.isfinite(measured["mean"]).all(axis=0) & np.isfinite(measured["loss"])
        length = finite_length(seen)
        self.diverges_at = None if length == seen.size else int(measured["step"][length])
        self.step = measured["step"][:length]
        self.mean, self.std, self.slope = (
            measured[name][:, :length] for name in ("mean", "std", "slope")
        )
        self.loss = measured["loss"][:length]
        self.points = training.thinned(length)
        self.x = self.drawn(self.step)
        layers = parameters.layers
        self.drawn_layers = training.thinned(layers, _MOST_DRAWN)

    def drawn(self, values: Values) -> tuple[float, ...]:
        """Return the values at the points that are drawn."""
        return tuple(values[self.points].tolist())

    def layer_marks(self) -> tuple[Mark, ...]:
        """Return mean and standard deviation of the layers that are drawn."""
        marks: list[Mark] = []
        for series, layer in enumerate(self.drawn_layers):
            mean, std = self.mean[layer], self.std[layer]
            low, high = self.drawn(mean - std), self.drawn(mean + std)
            marks.append(Band(self.x, low, high, series))
        for series, layer in enumerate(self.drawn_layers):
            marks.append(Line(self.x, self.drawn(self.mean[layer]), series))
        return tuple(marks)

    @property
    def worst(self) -> int:
        """The look at which the last hidden layer is most saturated."""
        return int(self.slope[-1].argmin())


def _train(parameters: SaturationOverTraining, seed: int, look: training.Watch) -> None:
    (child,) = child_seeds(seed, parameters.kind, 1)
    layers = parameters.layers + 1
    layer_seeds, order = training.seeds_of_run(child, layers)
    network = training.initial_network(
        widths(DATASET, parameters.layers, parameters.width),
        (parameters.init,) * layers,
        ACTIVATIONS[parameters.activation],
        layer_seeds,
    )
    recipe = Recipe(parameters.lr, parameters.batch, parameters.steps)
    training.train(network, datasets.load(DATASET), recipe, order, look)


def _guessing() -> float:
    return math.log(widths(DATASET, 1, 1)[-1])


def _description(parameters: SaturationOverTraining, looks: Looks) -> str:
    if not looks.step.size:
        return "Line charts without a curve: not even the untrained network has finite activations."
    worst, last = looks.worst, parameters.layers
    slope = number(100.0 * looks.slope[-1, worst], 2)
    layers = "mean of the only hidden layer" if last == 1 else f"means of layers 1 to {last}"
    lost = "" if looks.diverges_at is None else f" By step {looks.diverges_at} the run diverges."
    return (
        "Line charts, linear vertical axes. "
        f"Layer {last} of {last} is most saturated at step {looks.step[worst]:.0f}, where the slope of "
        f"{parameters.activation} is {slope} % of its largest on average. There, "
        f"the {layers}: {_list(looks.mean[:, worst])}; before the first step "
        f"{_list(looks.mean[:, 0])}; at step {looks.step[-1]:.0f} {_list(looks.mean[:, -1])}. "
        f"The loss goes from {number(looks.loss[0], 3)} over {number(looks.loss[worst], 3)} to "
        f"{number(looks.loss[-1], 3)}; guessing: {number(_guessing(), 3)}.{lost}"
    )


def _list(values: Values) -> str:
    return ", ".join(number(value, 3) for value in values.tolist())


def _table(parameters: SaturationOverTraining, looks: Looks) -> Table:
    """Return a row for each of up to nine looks, with the mean activation of each layer."""
    layers = range(parameters.layers)
    columns = ("step", *(f"mean, layer {layer + 1}" for layer in layers), "loss")
    if not looks.step.size:
        return Table(columns, (("0", *("diverged",) * (len(columns) - 1)),))
    at = sorted({looks.worst, *training.thinned(looks.step.size, 9)})
    rows = tuple(
        (
            f"{looks.step[look]:.0f}",
            *(number(looks.mean[layer, look]) for layer in layers),
            number(looks.loss[look]),
        )
        for look in at
    )
    return Table(columns, rows)


def _csv(parameters: SaturationOverTraining, looks: Looks) -> str:
    """Return every look at every layer, at most `thinned` of them."""
    rows: list[tuple[str | int | float, ...]] = [
        ("step", "layer", "mean", "standard_deviation", "mean_relative_slope", "loss")
    ]
    rows.extend(
        (
            int(looks.step[look]),
            layer + 1,
            *(float(values[layer, look]) for values in (looks.mean, looks.std, looks.slope)),
            float(looks.loss[look]),
        )
        for layer in range(parameters.layers)
        for look in looks.points
    )
    return comma_separated(tuple(rows))
