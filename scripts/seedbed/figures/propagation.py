"""Second moments of signals by depth: predicted for unlimited width, and simulated.

Layer l computes ``s_l = h_{l-1} W_l + b_l`` and ``h_l = φ(s_l)`` with ``h_0 = x``. Predictions
follow ``q_l = E s_l**2``; simulations draw weights and push a batch through. Separate from
`activations`, which knows one function, and from the experiments, which know what to show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.activations import Activation, quadrature

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Values]

# Below this ratio of differing to shared variance a quadrature over the difference would see
# nothing but rounding, and the first-order term is exact to the last digit.
_LINEAR_BELOW = 1e-10

# Below this 1 - c the arc-cosine kernel is taken from its series, whose next term is relatively
# below 1e-9, where the closed form loses the digits of 1 - c to cancellation.
_SERIES_BELOW = 1e-6


@dataclass(frozen=True, slots=True)
class Layers:
    """A stack of equal layers without its weights."""

    depth: int
    width: int
    bias_std: float = 0.0


def streams(seed: np.random.SeedSequence, count: int) -> tuple[np.random.Generator, ...]:
    """Return generators that do not disturb each other, always of the same algorithm.

    Parameters
    ----------
    seed : numpy.random.SeedSequence
        It must be fresh: spawning from it changes it.
    count : int
        How many.
    """
    return tuple(np.random.Generator(np.random.PCG64(child)) for child in seed.spawn(count))


def predicted_second_moments(
    activation: Activation, weight_factor: float, layers: Layers, input_moment: float = 1.0
) -> Values:
    """Return ``q_l`` for l = 1 … depth in the limit of unlimited width.

    Parameters
    ----------
    activation : Activation
        φ of every layer.
    weight_factor : float
        ``fan_in * Var W``, the same in every layer; dimensionless.
    layers : Layers
        Depth and standard deviation of the biases.
    input_moment : float
        ``E x**2``.

    Returns
    -------
    ndarray, (depth,)
        ``q_1 = weight_factor * input_moment + bias_std**2`` and
        ``q_{l+1} = weight_factor * V(q_l) + bias_std**2``; infinite from where it overflows.
    """
    moments = np.full(layers.depth, np.inf)
    signal = input_moment
    for layer in range(layers.depth):
        moment = weight_factor * signal + layers.bias_std**2
        if not math.isfinite(moment):
            break
        moments[layer] = moment
        signal = activation.second_moment(moment)
    return moments


def predicted_activation_moments(
    activation: Activation, weight_factor: float, layers: Layers, input_moment: float = 1.0
) -> Values:
    """Return ``E h_l**2 = V(q_l)`` for l = 1 … depth; as `predicted_second_moments`."""
    moments = predicted_second_moments(activation, weight_factor, layers, input_moment)
    return np.array([activation.second_moment(q) if math.isfinite(q) else q for q in moments])


def predicted_variance_across_inputs(
    activation: Activation, weight_factor: float, layers: Layers
) -> Values:
    """Return the variance of one unit's pre-activation over independent inputs, by layer.

    Parameters
    ----------
    activation, weight_factor, layers
        As for `predicted_second_moments`; the inputs are independent with ``E x**2 = 1``.

    Returns
    -------
    ndarray, (depth,)
        ``d_l = q_l (1 - c_l)``, c_l being the correlation between two inputs at layer l.

    Notes
    -----
    What two inputs share, ``r = q c``, and where they differ, d, are followed side by side:
    subtracting two nearly equal second moments would leave only rounding once c nears 1.
    ``d' = weight_factor * E_z Var_x φ(√r z + √d x)``,
    ``r' = weight_factor * E_z (E_x φ(√r z + √d x))**2 + bias_std**2``.
    Closed form for piecewise linear φ, else quadrature over z and x.
    """
    variances = np.full(layers.depth, np.inf)
    shared, differing = layers.bias_std**2, weight_factor
    for layer in range(layers.depth):
        if not math.isfinite(shared + differing):
            break
        variances[layer] = differing
        shared_next, differing_next = _split(activation, shared, differing)
        shared = weight_factor * shared_next + layers.bias_std**2
        differing = weight_factor * differing_next
    return variances


def _split(activation: Activation, shared: float, differing: float) -> tuple[float, float]:
    """Return the shared and the differing second moment of φ."""
    if activation.negative_slope is not None:
        return _split_piecewise_linear(activation.negative_slope, shared, differing)
    if differing <= _LINEAR_BELOW * shared:
        slope = activation.slope_moment(shared)
        return activation.second_moment(shared), slope * differing
    nodes, weights = quadrature()
    grid = math.sqrt(shared) * nodes[:, None] + math.sqrt(differing) * nodes[None, :]
    values = activation.function(grid)
    means = values @ weights
    spread = (values - means[:, None]) ** 2 @ weights
    return float(weights @ means**2), float(weights @ spread)


def _split_piecewise_linear(slope: float, shared: float, differing: float) -> tuple[float, float]:
    """Split through the arc-cosine kernel: ``E relu(u) relu(v) = q / 2 * k(c)``."""
    q = shared + differing
    if q == 0.0:
        return 0.0, 0.0
    # 1 - c to full precision where c itself would round to 1.
    gap = differing / q
    angle = 2.0 * math.asin(math.sqrt(gap / 2.0))
    # Of the slope's share 1 - k(c) only gap - (2 √2 / 3π) gap**1.5 is left near c = 1.
    series = gap - 2.0 * math.sqrt(2.0) / (3.0 * math.pi) * gap**1.5
    lost = series if gap < _SERIES_BELOW else 1.0 - _arc_cosine(angle)
    both = (1.0 - slope) ** 2 * q / 2.0
    differing_next = both * lost + slope * differing
    total = (1.0 + slope * slope) / 2.0 * q
    return total - differing_next, differing_next


def _arc_cosine(angle: float) -> float:
    return (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi


QUANTITIES: dict[str, Callable[[Values, Values], float]] = {
    "preactivation": lambda s, _: float(np.mean(np.square(s))),
    "activation": lambda _, h: float(np.mean(np.square(h))),
    "across-inputs": lambda s, _: float(np.mean(np.var(s, axis=0, ddof=1))),
}
"""What is measured of a layer's pre-activations s and activations h, each (batch, width)."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is fed into a simulated network, and what is measured of it."""

    batch: int
    """Number of inputs, each value from N(0, 1)."""
    quantity: str
    """A key of `QUANTITIES`."""


def simulated_moments(
    activations: Sequence[Activation],
    draw: Draw,
    layers: Layers,
    probe: Probe,
    seed: np.random.SeedSequence,
) -> Values:
    """Measure one network a function, all of them with the same weights and inputs.

    Parameters
    ----------
    activations : sequence of Activation
        The functions to compare.
    draw : callable
        Takes a generator, returns ``W`` of shape (width, width).
    layers : Layers
        Depth, width and standard deviation of the biases.
    probe : Probe
        What is fed and what is measured.
    seed : numpy.random.SeedSequence
        Inputs, weights and biases get a stream each, so that none disturbs the others. It must
        be fresh: spawning from it changes it.

    Returns
    -------
    ndarray, (len(activations), depth)
        The quantity at each layer; infinite or nan from where it overflows.
    """
    weight_rng, input_rng, bias_rng = streams(seed, 3)
    inputs = input_rng.standard_normal((probe.batch, layers.width))
    measure = QUANTITIES[probe.quantity]
    signals = [inputs] * len(activations)
    measured = np.empty((len(activations), layers.depth))
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for layer in range(layers.depth):
            weights = draw(weight_rng)
            bias = layers.bias_std * bias_rng.standard_normal(layers.width)
            for at, activation in enumerate(activations):
                s = signals[at] @ weights + bias
                signals[at] = activation.function(s)
                measured[at, layer] = measure(s, signals[at])
    return measured
