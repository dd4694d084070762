"""An activation and a plane of variances -> where gradients vanish or explode, and the edge."""

from __future__ import annotations

import math

import numpy as np

from seedbed.figures.activations import ACTIVATIONS, Activation, Values
from seedbed.figures.chart import (
    Axis,
    Chart,
    Contours,
    Key,
    Mark,
    Panel,
    Points,
    Predicted,
    Presentation,
    Shade,
    Table,
    Words,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.kinds.phase_diagram import LAYERS, NETWORKS, WIDTH, PhaseDiagram, Place
from seedbed.figures.meanfield import (
    Layer,
    critical_length,
    critical_line,
    critical_variances,
    settled,
    settled_plane,
    square_means,
)
from seedbed.figures.propagation import streams
from seedbed.figures.xavier import normal

_SPAN = 2.4
"""Magnitude of ln χ at which the last shade begins."""
_LEVELS = tuple(np.linspace(-_SPAN, _SPAN, 13).tolist())
_LINE_POINTS = 81
_TABLED = 6


def measure(parameters: PhaseDiagram, seed: int) -> Measured:
    """Compute χ over the plane and the edge of chaos, and simulate the points.

    Returns ``weights (columns,)``, ``biases (rows,)``, ``chi`` and ``length``, each (rows,
    columns); ``line (2, 81)``, σ_w and σ_b along the edge, and ``edge (6, 3)``, σ_b, σ_w and
    second moment at even σ_b; ``points (points, 2)``, second moment and χ as predicted; and
    ``simulated (points, networks)``, χ as measured.
    """
    activation = ACTIVATIONS[parameters.activation]
    columns, rows = parameters.resolution
    weights = np.linspace(*parameters.sigma_w, columns)
    biases = np.linspace(*parameters.sigma_b, rows)
    w, b = (part.ravel() for part in np.meshgrid(weights**2, biases**2))
    length = settled_plane(activation, w, b)
    chi = w * square_means(activation.derivative, length)
    at_points = [
        (q, layer.chi(q))
        for place in parameters.points
        for layer in [Layer(activation, place.sigma_w**2, place.sigma_b**2)]
        for q in [settled(layer)]
    ]
    return {
        "weights": weights,
        "biases": biases,
        "length": length.reshape(rows, columns),
        "chi": chi.reshape(rows, columns),
        "line": np.array(critical_line(activation, parameters.sigma_b, _LINE_POINTS)),
        "edge": _edge(activation, parameters.sigma_b),
        "points": np.array(at_points).reshape(-1, 2),
        "simulated": np.array(
            [
                [
                    simulated_chi(activation, place, q, child)
                    for child in child_seeds(seed, parameters.kind, NETWORKS)
                ]
                for place, (q, _) in zip(parameters.points, at_points, strict=True)
            ]
        ).reshape(-1, NETWORKS),
    }


def _edge(activation: Activation, ends: tuple[float, float]) -> Values:
    stds = np.linspace(*ends, _TABLED).tolist()
    lengths = [critical_length(activation, std) for std in stds]
    weights = [math.sqrt(critical_variances(activation, q)[0]) for q in lengths]
    return np.array([stds, weights, lengths]).T


def simulated_chi(
    activation: Activation, place: Place, q: float, seed: np.random.SeedSequence
) -> float:
    """Measure how a gradient's second moment changes a layer in one network.

    Parameters
    ----------
    activation : Activation
        φ of every layer.
    place : Place
        Sizes of weights and biases.
    q : float
        Second moment of the first layer's pre-activations: its fixed point.
    seed : numpy.random.SeedSequence
        Weights, biases, signal and gradient get a stream each. It must be fresh.

    Returns
    -------
    float
        Geometric mean over the layers of ``|δ_l|**2 / |δ_{l+1}|**2`` with
        ``δ_l = φ'(s_l) * (δ_{l+1} W_{l+1}.T)``; dimensionless.
    """
    weight_rng, bias_rng, signal_rng, gradient_rng = streams(seed, 4)
    s = math.sqrt(q) * signal_rng.standard_normal(WIDTH)
    slopes, matrices = [], []
    for _ in range(LAYERS):
        slopes.append(activation.derivative(s))
        matrices.append(normal((WIDTH, WIDTH), place.sigma_w / math.sqrt(WIDTH), weight_rng))
        bias = place.sigma_b * bias_rng.standard_normal(WIDTH)
        s = activation.function(s) @ matrices[-1] + bias
    gradient = gradient_rng.standard_normal(WIDTH)
    logarithms = []
    for slope, matrix in zip(reversed(slopes), reversed(matrices), strict=True):
        before = slope * (matrix @ gradient)
        logarithms.append(math.log(float(before @ before) / float(gradient @ gradient)))
        gradient = before
    return math.exp(sum(logarithms) / LAYERS)


def present(parameters: PhaseDiagram, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the plane into areas of ln χ, with the edge of chaos and the points."""
    marks: list[Mark] = [
        Contours(
            tuple(measured["weights"].tolist()),
            tuple(measured["biases"].tolist()),
            tuple(tuple(row) for row in _logarithms(measured["chi"]).tolist()),
            _LEVELS,
        )
    ]
    line = _inside(parameters, measured["line"])
    legend = [
        Key(rf"$\chi_1 = {chi:g}$", Shade(math.log(chi) / _SPAN)) for chi in (0.1, 0.3, 1, 3, 10)
    ]
    if theory and line.size:
        marks.append(Predicted(tuple(line[0].tolist()), tuple(line[1].tolist()), "boundary"))
        legend.append(Key("edge of chaos", Predicted((), (), "boundary")))
        marks.append(_named(parameters, line))
    marks += _phases(parameters, measured)
    marks += _places(parameters)
    if parameters.points:
        legend.append(Key("simulated", Points((), (), 0)))
    panel = Panel(
        parameters.activation,
        Axis(r"$\sigma_w$", *parameters.sigma_w),
        Axis(r"$\sigma_b$", *parameters.sigma_b),
        tuple(marks),
    )
    return Presentation(
        Chart((panel,), tuple(legend)),
        _description(parameters, measured, line, theory=theory),
        _table(parameters, measured),
        _csv(measured),
    )


def _logarithms(chi: Values) -> Values:
    return np.log(np.maximum(chi, 1e-30))


def _inside(parameters: PhaseDiagram, line: Values) -> Values:
    """Return the part of the edge that lies in the plane."""
    low, high = parameters.sigma_w
    return line[:, (line[0] >= low) & (line[0] <= high)]


def _named(parameters: PhaseDiagram, line: Values) -> Mark:
    """Return the name of the edge, beside it at half its height."""
    low, high = parameters.sigma_w
    x, y = line[:, int(np.argmin(np.abs(line[1] - 0.5 * (line[1, 0] + line[1, -1]))))].tolist()
    return Words(x + 0.012 * (high - low), y, r"$\chi_1 = 1$")


def _phases(parameters: PhaseDiagram, measured: Measured) -> list[Mark]:
    """Return the names of the phases, each where its corner of the plane is in that phase."""
    left, right = parameters.sigma_w
    low, high = parameters.sigma_b
    inset = 0.03 * (right - left)
    rows, columns = measured["chi"].shape
    top, bottom = round(0.88 * (rows - 1)), round(0.12 * (rows - 1))
    marks: list[Mark] = []
    if measured["chi"][top, : max(1, columns // 4)].max() < 1.0:
        y = low + 0.88 * (high - low)
        marks.append(Words(left + inset, y, "ordered: gradients vanish"))
    if measured["chi"][bottom, -max(1, columns // 4) :].min() > 1.0:
        y = low + 0.12 * (high - low)
        marks.append(Words(right - inset, y, "chaotic: gradients explode", "right"))
    return marks


def _places(parameters: PhaseDiagram) -> list[Mark]:
    """Return the points, with their labels on the side where there is room."""
    left, right = parameters.sigma_w
    middle, step = 0.5 * (left + right), 0.018 * (right - left)
    marks: list[Mark] = []
    if parameters.points:
        places = [(place.sigma_w, place.sigma_b) for place in parameters.points]
        x, y = zip(*places, strict=True)
        marks.append(Points(x, y, 0))
    for place in parameters.points:
        if place.label:
            side, x_label = ("left", place.sigma_w + step)
            if place.sigma_w > middle:
                side, x_label = ("right", place.sigma_w - step)
            marks.append(Words(x_label, place.sigma_b, literal(place.label), side))  # type: ignore[arg-type]
    return marks


def _description(
    parameters: PhaseDiagram, measured: Measured, line: Values, *, theory: bool
) -> str:
    chi = measured["chi"]
    ends = " to ".join(number(float(end)) for end in parameters.sigma_w)
    heights = " to ".join(number(float(end)) for end in parameters.sigma_b)
    begin = (
        f"Map of the factor by which {parameters.activation} layers change a gradient, over weights "
        f"from {ends} and biases from {heights}: from {number(float(chi.min()), 3)} to "
        f"{number(float(chi.max()), 3)}."
    )
    sentences = [begin]
    if line.size and theory:
        (w_low, b_low), (w_high, b_high) = line[:, 0].tolist(), line[:, -1].tolist()
        sentences.append(
            f"It is 1 on a line from weights {number(w_low)}, biases {number(round(b_low, 6))} to weights "
            f"{number(w_high)}, biases {number(b_high)}; to its left gradients vanish, to its "
            "right they explode."
        )
    elif not line.size:
        what = "explode" if float(chi.min()) > 1.0 else "vanish"
        sentences.append(f"Nowhere in this plane is it 1: gradients {what}.")
    if parameters.points:
        found = "; ".join(
            f"{place.name}: {number(float(np.mean(runs)), 4)} (predicted {number(float(chi), 4)})"
            for place, (_, chi), runs in zip(
                parameters.points, measured["points"], measured["simulated"], strict=True
            )
        )
        sentences.append(f"Simulated networks: {found}.")
    return " ".join(sentences)


def _table(parameters: PhaseDiagram, measured: Measured) -> Table:
    """Return the edge at some σ_b, and the points."""
    columns = ("place", "σ_w", "σ_b", "second moment", "χ predicted", "χ simulated")
    rows = [
        ("edge of chaos", number(weight, 7), number(bias), number(round(q, 9)), "1", "–")
        for bias, weight, q in measured["edge"].tolist()
    ]
    found = zip(parameters.points, measured["points"].tolist(), measured["simulated"], strict=True)
    rows += [
        (
            place.name,
            number(place.sigma_w),
            number(place.sigma_b),
            number(q),
            number(chi),
            number(float(np.mean(runs))),
        )
        for place, (q, chi), runs in found
    ]
    return Table(columns, tuple(rows))


def _csv(measured: Measured) -> str:
    rows: list[tuple[str | int | float, ...]] = [("sigma_w", "sigma_b", "second_moment", "chi")]
    for at, bias in enumerate(measured["biases"].tolist()):
        columns = (measured["weights"], measured["length"][at], measured["chi"][at])
        rows.extend((w, bias, q, chi) for w, q, chi in zip(*columns, strict=True))
    return comma_separated(tuple(rows))
