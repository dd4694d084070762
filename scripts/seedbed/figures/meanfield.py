"""Mean-field theory of signals: what layers of unlimited width do, and what finite width adds.

In goes an activation with the variances of weights and biases; out come fixed points of the
second moment, the factor χ by which gradients grow, the critical line where it is 1, and how the
correlation of two inputs changes. Separate from `propagation`, which follows signals layer by
layer and asks for no fixed point.

Layer l computes ``s_l = h_{l-1} W_l + b_l`` and ``h_l = φ(s_l)``; ``q = E s**2``,
``V(q) = E φ(√q z)**2``, ``D(q) = E φ'(√q z)**2`` with ``z ~ N(0, 1)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.activations import Activation, Function, quadrature

Values = NDArray[np.float64]

_LEAST, _GREATEST = 1e-9, 1e6
"""Between which second moments fixed points are looked for, besides 0."""
_SCANNED = 361
_TINY = 1e-12
"""Second moment that stands for 0 where the limit towards 0 is meant."""
_MARGIN = 1e-9
"""How near a slope is to 1 if it is meant to be 1."""
_LINEAR_BELOW = 1e-10
"""1 - c below which a quadrature would see rounding alone, and the first order is exact."""
_SERIES_BELOW = 0.1
"""Angle below which sin θ - θ cos θ loses digits, and its series does not."""
_CRITICAL_UP_TO = 1e3
"""Second moment up to which the critical line is followed."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of unlimited width, the same at every depth."""

    activation: Activation
    weight_factor: float
    """``σ_w**2 = fan_in * Var W``; dimensionless."""
    bias_variance: float = 0.0
    """``σ_b**2 = Var b``; dimensionless."""

    def length(self, q: float) -> float:
        """Return the next layer's second moment, ``σ_w**2 V(q) + σ_b**2``."""
        return self.weight_factor * self.activation.second_moment(q) + self.bias_variance

    def length_slope(self, q: float) -> float:
        """Return the derivative of `length`: ``σ_w**2 E[φ(s) φ'(s) z] / √q`` with ``s = √q z``.

        Below 1 in magnitude at a fixed point that attracts. At q = 0 the limit from above.
        """
        a = self.activation.negative_slope
        if a is not None:
            return self.weight_factor * (1.0 + a * a) / 2.0
        root = math.sqrt(max(q, _TINY))
        nodes, weights = quadrature()
        s = root * nodes
        product = self.activation.function(s) * self.activation.derivative(s) * nodes
        return self.weight_factor * float(weights @ product) / root

    def chi(self, q: float) -> float:
        """Return ``χ = σ_w**2 D(q)``, the growth a layer of a gradient's second moment.

        At q = 0 the limit from above. Source: Poole et al. 2016; Schoenholz et al. 2017.
        """
        return self.weight_factor * self.activation.slope_moment(max(q, _TINY))

    @property
    def keeps_every_length(self) -> bool:
        """Whether each second moment is a fixed point, as for ReLU with gain √2 and no biases."""
        return self.scales and abs(self.length_slope(1.0) - 1.0) < _MARGIN

    @property
    def scales(self) -> bool:
        """Whether the layer multiplies every second moment by one factor."""
        return self.activation.negative_slope is not None and self.bias_variance == 0.0


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """A second moment that a layer does not change."""

    q: float
    slope: float
    """Derivative of the map there."""
    stable: bool
    """Whether signals near it come nearer."""
    chi: float
    """Growth a layer of a gradient's second moment there."""


def fixed_points(layer: Layer) -> tuple[FixedPoint, ...]:
    """Return the fixed points of the second moment, least first.

    Returns
    -------
    tuple of FixedPoint
        Solutions of ``q = σ_w**2 V(q) + σ_b**2`` up to q = 1e6, 0 included where it is one;
        none for a layer that keeps every second moment.

    Notes
    -----
    Changes of sign on a logarithmic grid, refined by bisection. Where the slope is 1 to within
    1e-9 (tanh with gain 1, at 0) a step to the right decides whether the point attracts.
    """
    if layer.keeps_every_length:
        return ()
    found = [0.0] if layer.length(0.0) == 0.0 else []
    places = np.geomspace(_LEAST, _GREATEST, _SCANNED).tolist()
    grows = [layer.length(q) >= q for q in places]
    changes = [at for at in range(_SCANNED - 1) if grows[at] != grows[at + 1]]
    found += [_crossing(layer, places[at], places[at + 1]) for at in changes]
    return tuple(_fixed_point(layer, q) for q in found)


def _crossing(layer: Layer, low: float, high: float) -> float:
    grows = layer.length(low) >= low
    return _bisected(lambda q: (layer.length(q) >= q) is grows, low, high)


def _fixed_point(layer: Layer, q: float) -> FixedPoint:
    slope = layer.length_slope(q)
    stable = abs(slope) < 1.0
    if abs(slope - 1.0) < _MARGIN:
        beyond = q + 1e-3 * max(q, 1.0)
        stable = layer.length(beyond) < beyond
    return FixedPoint(q, slope, stable, layer.chi(q))


def settled(layer: Layer, start: float = 1.0) -> float:
    """Return where the second moment goes from `start`; 0 or infinity where it stays nowhere.

    The maps of all activations here increase, so that it is the next fixed point on the side
    towards which the first step leads.
    """
    step = layer.length(start) - start
    if abs(step) <= _TINY * start:
        return start
    places = [point.q for point in fixed_points(layer)]
    if step > 0.0:
        return min((q for q in places if q > start), default=math.inf)
    return max((q for q in places if q < start), default=0.0)


def settled_plane(activation: Activation, weight_factors: Values, bias_variances: Values) -> Values:
    """Return the fixed points of a bounded activation for many variances at once.

    Parameters
    ----------
    activation : Activation
        Bounded, such as tanh: the map then crosses the diagonal but once above 0.
    weight_factors, bias_variances : ndarray, (n,)
        σ_w² and σ_b² of each place.

    Returns
    -------
    ndarray, (n,)
        The stable q of each place; about 1e-15 of the greatest possible q for one that is 0.

    Raises
    ------
    ValueError
        For an activation that is not bounded.
    """
    bound = activation.function(np.array([-1e6, 1e6])) ** 2
    if bound.max() > 1e3:  # noqa: PLR2004 -- anything between 3 and a million would do
        raise ValueError(f"{activation.name} is not bounded")
    low = np.zeros_like(weight_factors)
    high = weight_factors * bound.max() + bias_variances
    for _ in range(50):
        middle = 0.5 * (low + high)
        after = weight_factors * square_means(activation.function, middle) + bias_variances
        grows = after > middle
        low, high = np.where(grows, middle, low), np.where(grows, high, middle)
    return np.asarray(0.5 * (low + high), dtype=np.float64)


def square_means(function: Function, q: Values) -> Values:
    """Return ``E f(√q z)**2`` for each of several q, ``(n,)`` in and out, by quadrature."""
    nodes, weights = quadrature()
    return np.asarray(function(np.sqrt(q)[:, None] * nodes) ** 2 @ weights, dtype=np.float64)


def critical_variances(activation: Activation, q: float) -> tuple[float, float]:
    """Return the σ_w² and σ_b² for which q is a fixed point and χ = 1 there.

    ``σ_w**2 = 1 / D(q)``, ``σ_b**2 = q - V(q) / D(q)``; the second is negative where no bias
    makes q critical.
    """
    slope = activation.slope_moment(q)
    return 1.0 / slope, q - activation.second_moment(q) / slope


def critical_length(activation: Activation, bias_std: float) -> float:
    """Return the second moment at which a bounded activation is critical with these biases."""
    wanted = bias_std**2
    return _bisected(lambda q: critical_variances(activation, q)[1] < wanted, 0.0, _CRITICAL_UP_TO)


def critical_weight_std(activation: Activation, bias_std: float) -> float:
    """Return the σ_w on the edge of chaos, where gradients keep their size.

    For a bounded activation: the σ_w with ``χ = 1`` at the fixed point that σ_b makes, both standard
    deviations and dimensionless; 1.304146 for tanh with σ_b = 0.2.
    Source: Poole et al. 2016; Schoenholz et al. 2017.
    """
    q = critical_length(activation, bias_std)
    return math.sqrt(critical_variances(activation, q)[0])


def critical_line(
    activation: Activation, bias_stds: tuple[float, float], count: int
) -> tuple[Values, Values]:
    """Return σ_w and σ_b, each ``(count,)``, along the edge of chaos between two σ_b.

    Evenly spaced in q, in which the line is smooth down to its end at σ_b = 0.
    """
    low, high = (critical_length(activation, std) for std in bias_stds)
    pairs = [critical_variances(activation, q) for q in np.linspace(low, high, count).tolist()]
    weights, biases = np.array(pairs).T
    return np.sqrt(weights), np.sqrt(np.maximum(biases, 0.0))


def next_gap(layer: Layer, q: float, gap: float) -> float:
    """Return one less the correlation of two signals a layer further on.

    Parameters
    ----------
    layer : Layer
        Activation and variances.
    q : float
        Second moment of both signals.
    gap : float
        ``1 - c``, from 0 to 2; followed in place of c because c rounds to 1 long before the gap
        rounds to 0.

    Returns
    -------
    float
        ``1 - c' = σ_w**2 (V(q) - E φ(u) φ(v)) / (σ_w**2 V(q) + σ_b**2)`` for normal u and v of
        second moment q and correlation c.

    Notes
    -----
    Closed form for piecewise linear φ, else quadrature, for which u and v are split into what
    they share and where they differ. Source: Poole et al. 2016.
    """
    after = _lost(layer.activation, q, gap) * _share(layer, q)
    # Rounding may carry it over its ends.
    return min(max(after, 0.0), 2.0)


def correlation_gaps(layer: Layer, correlation: float, depth: int) -> Values:
    """Return ``1 - c_l`` for l = 0 … depth, from ``c_0 = correlation``; ``(depth + 1,)``.

    The second moment stands at its fixed point from the start. Where it has none but 0 or
    infinity it starts at 1, and moves.
    """
    q = _starting_length(layer)
    gaps = np.empty(depth + 1)
    gaps[0] = 1.0 - correlation
    for at in range(depth):
        gaps[at + 1] = next_gap(layer, q, float(gaps[at]))
        # Correlations depend on q no more when it nears 0 or infinity, where it would overflow.
        q = min(max(layer.length(q), 1e-100), 1e100)
    return gaps


def settled_correlation(layer: Layer) -> float:
    """Return the correlation at which that of any two signals ends; nan where there is none.

    There is none where q goes to 0 or infinity, or where every correlation stays. It is 1 unless
    ``χ > 1``; then what solves ``c = c'(c)`` below 1.
    """
    q = 1.0 if layer.scales else settled(layer)
    if not 0.0 < q < math.inf or (layer.scales and layer.activation.negative_slope == 1.0):
        return math.nan
    # At a fixed point this is χ.
    if layer.activation.slope_moment(q) * q * _share(layer, q) <= 1.0 + _MARGIN:
        return 1.0
    return 1.0 - _bisected(lambda gap: next_gap(layer, q, gap) > gap, _LEAST, 1.0)


def _starting_length(layer: Layer) -> float:
    q = settled(layer)
    return q if 0.0 < q < math.inf else 1.0


def _share(layer: Layer, q: float) -> float:
    """Return ``σ_w**2 / length(q)``; without biases the weights cancel, even those whose square is 0."""
    if layer.bias_variance == 0.0:
        return 1.0 / layer.activation.second_moment(q)
    return layer.weight_factor / layer.length(q)


def _lost(activation: Activation, q: float, gap: float) -> float:
    """Return ``V(q) - E φ(u) φ(v)``."""
    a = activation.negative_slope
    if a is not None:
        return a * q * gap + (1.0 - a) ** 2 * q / 2.0 * _rectified_loss(gap)
    if gap <= _LINEAR_BELOW:
        return activation.slope_moment(q) * q * gap
    nodes, weights = quadrature()
    opposed = gap > 1.0
    shared = q * (gap - 1.0 if opposed else 1.0 - gap)
    differing = q * (2.0 - gap if opposed else gap)
    grid = math.sqrt(shared) * nodes[:, None] + math.sqrt(differing) * nodes[None, :]
    values = activation.function(grid)
    means = values @ weights
    if opposed:
        # What they share has the opposite sign in v; the nodes are their own mirror image.
        return activation.second_moment(q) - float(weights @ (means * means[::-1]))
    return float(weights @ ((values - means[:, None]) ** 2 @ weights))


def _rectified_loss(gap: float) -> float:
    """Return ``1 - k(c)``, k being ReLU's map ``(sin θ + (π - θ) cos θ) / π`` with cos θ = c.

    Source: Cho & Saul 2009.
    """
    angle = 2.0 * math.asin(math.sqrt(min(gap / 2.0, 1.0)))
    if angle < _SERIES_BELOW:
        square = angle * angle
        bracket = 1.0 / 3.0 - square * (1.0 / 30.0 - square * (1.0 / 840.0 - square / 45360.0))
        return gap - angle**3 * bracket / math.pi
    return gap - (math.sin(angle) - angle * math.cos(angle)) / math.pi


def log_moments(width: int, *, rectified: bool) -> tuple[float, float]:
    """Return mean and variance of what one layer adds to the logarithm of a signal's length.

    Parameters
    ----------
    width : int
        Units of the layer, and of the one before.
    rectified : bool
        Whether φ is ReLU, with weights of variance ``2 / width``; else linear, ``1 / width``.

    Returns
    -------
    tuple of float
        Exact moments of ``ln(|h_l|**2 / |h_{l-1}|**2)`` for a single input and normal weights;
        of a ReLU layer that lets something through, whose chance is ``1 - 2**-width``.

    Notes
    -----
    The ratio is ``χ²_n / n``, and for ReLU ``2 χ²_K / n`` with ``K ~ Bin(n, 1/2)`` active units.
    ``E ln χ²_k = ψ(k/2) + ln 2``, ``Var ln χ²_k = ψ₁(k/2)``. For large n the means tend to
    ``-1/n`` and ``-5/(2n)``, the variances to ``2/n`` and ``5/n``.
    """
    if not rectified:
        half = np.array([width / 2.0])
        return float(digamma(half)[0]) + math.log(2.0 / width), float(trigamma(half)[0])
    active = np.arange(1, width + 1)
    logarithms = [
        math.lgamma(width + 1.0) - math.lgamma(k + 1.0) - math.lgamma(width - k + 1.0)
        for k in active.tolist()
    ]
    chances = np.exp(np.array(logarithms) - width * math.log(2.0))
    chances /= chances.sum()
    means = digamma(active / 2.0)
    mean = float(chances @ means)
    variance = float(chances @ trigamma(active / 2.0) + chances @ (means - mean) ** 2)
    return mean + math.log(4.0 / width), variance


def digamma(x: Values) -> Values:
    """Return ψ, the derivative of ln Γ, at each x above 0.

    By ``ψ(x) = ψ(x + 12) - Σ 1 / (x + k)`` and the asymptotic series; error below 1e-12.
    """
    s = x + 12.0
    r = 1.0 / (s * s)
    series = np.log(s) - 0.5 / s - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240)))
    return np.asarray(series - sum(1.0 / (x + k) for k in range(12)), dtype=np.float64)


def trigamma(x: Values) -> Values:
    """Return ψ₁, the derivative of ψ, at each x above 0; as `digamma`."""
    s = x + 12.0
    r = 1.0 / (s * s)
    series = (1.0 + r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r / 30)))) / s + 0.5 * r
    return np.asarray(series + sum(1.0 / (x + k) ** 2 for k in range(12)), dtype=np.float64)


def _bisected(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return where a condition that holds at `low` ceases to hold, at `high` for one that stays."""
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return 0.5 * (low + high)
