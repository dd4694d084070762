"""Schemes and a layer's fans -> histograms of drawn weights beside the exact densities."""

from __future__ import annotations

import math

import numpy as np

from seedbed.figures.chart import (
    Axis,
    Chart,
    Key,
    Panel,
    Predicted,
    Presentation,
    Steps,
    Table,
    Upright,
    comma_separated,
    literal,
    number,
)
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.kinds.weight_distribution import WeightDistribution
from seedbed.figures.laws import Law, Values, draw, law_of

_SPAN = 3.5
"""Half-width of the horizontal axis in standard deviations of the widest scheme."""


def measure(parameters: WeightDistribution, seed: int) -> Measured:
    """Draw one matrix a scheme.

    Returns ``edges (bins + 1,)``, ``density (inits, bins)`` and, each (inits,), ``std``,
    ``kurtosis`` (excess) and ``distance`` (Kolmogorov-Smirnov).
    """
    shape = (parameters.fan_in, parameters.fan_out)
    laws = [law_of(scheme, shape) for scheme in parameters.inits]
    edges = _edges(laws, parameters.bins)
    (child,) = child_seeds(seed, parameters.kind, 1)
    drawn = [
        draw(scheme, shape, np.random.Generator(np.random.PCG64(child))).ravel()
        for scheme in parameters.inits
    ]
    return {
        "edges": edges,
        "density": np.array([_density(weights, edges) for weights in drawn]),
        "std": np.array([math.sqrt(np.mean(weights**2)) for weights in drawn]),
        "kurtosis": np.array([np.mean(w**4) / np.mean(w**2) ** 2 - 3.0 for w in drawn]),
        "distance": np.array([ks_distance(w, law) for w, law in zip(drawn, laws, strict=True)]),
    }


def ks_distance(weights: Values, law: Law) -> float:
    """Return the largest difference of the drawn and the exact cumulative distribution."""
    exact = law.cumulative(np.sort(weights, axis=None))
    steps = np.arange(weights.size + 1) / weights.size
    return float(np.max(np.maximum(steps[1:] - exact, exact - steps[:-1])))


def present(parameters: WeightDistribution, measured: Measured, *, theory: bool) -> Presentation:
    """Turn the histograms into a panel a scheme, all on the same axes."""
    laws = [law_of(s, (parameters.fan_in, parameters.fan_out)) for s in parameters.inits]
    edges = measured["edges"]
    # The exact density, sampled finer than the histogram and at its jumps.
    fine = np.linspace(edges[0], edges[-1], 241)
    tops = [law.density(fine[np.abs(fine) < 0.9 * law.limit]).max(initial=0.0) for law in laws]
    top = 1.12 * max(*tops, float(np.max(measured["density"])))
    x = Axis("weight", float(edges[0]), float(edges[-1]))
    panels = tuple(
        Panel(
            literal(scheme.label),
            x,
            Axis("density" if at == 0 else "", 0.0, top, ticks=at == 0),
            (
                Steps(tuple(edges.tolist()), tuple(measured["density"][at].tolist()), at),
                Upright((-law.std, law.std)),
                *((_curve(law, fine),) if theory else ()),
            ),
            series=at,
        )
        for at, (scheme, law) in enumerate(zip(parameters.inits, laws, strict=True))
    )
    keys = (Key("one standard deviation from 0", Upright(())),)
    exact = (Key("exact density", Predicted((), (), "line")),) if theory else ()
    return Presentation(
        Chart(panels, exact + keys),
        _description(parameters, laws, measured),
        _table(parameters, laws, measured),
        _csv(parameters, laws, measured),
    )


def _edges(laws: list[Law], bins: int) -> Values:
    """Return bin edges around 0 that do not depend on what was drawn."""
    span = _SPAN * max(law.std for law in laws)
    decade = 10.0 ** (math.floor(math.log10(span)) - 1)
    return np.linspace(-1.0, 1.0, bins + 1) * math.ceil(span / decade - 1e-9) * decade


def _density(weights: Values, edges: Values) -> Values:
    counts, _ = np.histogram(weights, bins=edges)
    return counts / (weights.size * np.diff(edges))


def _curve(law: Law, fine: Values) -> Predicted:
    """Return the exact density as a line that is upright where the density jumps."""
    x = fine
    if math.isfinite(law.limit):
        inner = fine[np.abs(fine) < law.limit]
        ends = np.array([law.limit * (1.0 - 1e-9), law.limit])
        x = np.concatenate((fine[:1], -ends[::-1], inner, ends, fine[-1:]))
    y = law.density(x)
    return Predicted(tuple(x.tolist()), tuple(y.tolist()), "line")


def _description(parameters: WeightDistribution, laws: list[Law], measured: Measured) -> str:
    size = f"{parameters.fan_in} by {parameters.fan_out}"
    found = "; ".join(
        f"{scheme.label}: standard deviation {number(drawn, 3)} (exact {number(law.std, 3)}), "
        + (f"none beyond {number(law.limit, 3)}" if math.isfinite(law.limit) else "no limit")
        for scheme, law, drawn in zip(parameters.inits, laws, measured["std"], strict=True)
    )
    return f"Histograms of {size} weights, a panel each scheme. {found}."


def _table(parameters: WeightDistribution, laws: list[Law], measured: Measured) -> Table:
    columns = (
        "scheme",
        "standard deviation, exact",
        "standard deviation, drawn",
        "ratio of variances",
        "excess kurtosis, exact",
        "excess kurtosis, drawn",
        "limit",
        "Kolmogorov–Smirnov distance",
    )
    rows = tuple(
        (
            scheme.label,
            number(law.std),
            number(measured["std"][at]),
            number((measured["std"][at] / law.std) ** 2),
            number(law.excess_kurtosis),
            number(measured["kurtosis"][at]),
            number(law.limit) if math.isfinite(law.limit) else "none",
            number(measured["distance"][at]),
        )
        for at, (scheme, law) in enumerate(zip(parameters.inits, laws, strict=True))
    )
    return Table(columns, rows)


def _csv(parameters: WeightDistribution, laws: list[Law], measured: Measured) -> str:
    edges = measured["edges"]
    middles = 0.5 * (edges[1:] + edges[:-1])
    rows: list[tuple[str | int | float, ...]] = [
        ("scheme", "from", "to", "density_drawn", "density_exact_at_middle")
    ]
    for at, (scheme, law) in enumerate(zip(parameters.inits, laws, strict=True)):
        exact = law.density(middles)
        rows.extend(
            (scheme.label, edges[b], edges[b + 1], measured["density"][at, b], exact[b])
            for b in range(parameters.bins)
        )
    return comma_separated(tuple(rows))
