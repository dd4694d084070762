"""Statistical checks of drawn weights, each with the same false-alarm rate: one in a million.

That is the probability that weights drawn by a right implementation are rejected when a seed (or
numpy's stream) changes. Seeds are fixed in the tests, so that no verdict changes from run to run.
The reference distributions are written out here, independently of what they judge.

A check answers yes or no; the `score` behind it is in units of its standard error, so that what it
can tell apart, and how clearly, can be tested as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
Cumulative = Callable[[float], float]

Z_LIMIT = 4.892
"""Two-sided normal quantile of 1e-6."""
KS_LIMIT = 2.6934
"""sqrt(-ln(1e-6 / 2) / 2), the Dvoretzky-Kiefer-Wolfowitz-Massart bound, for any sample size."""
TRUNCATION = 0.8796256610342398
KURTOSIS = {"normal": 3.0, "uniform": 1.8, "truncated_normal": 2.3655367171}
NORMAL_RATIO = {3000: (0.878753, 1.131435), 30000: (0.960568, 1.040451)}
"""By number of weights: where mean square over variance lies, but for 1e-6, if they are normal."""
LEAST = 3000
"""With fewer weights the normal approximation of T1 and T5 is not good enough for 1e-6."""
ORTHONORMAL_WITHIN = 1e-13
"""Rounding of Q.T @ Q, a unit of the larger side."""
DRIFT = {"linear": 2.0, "relu": 5.0}
"""k: a layer of width n changes ln q by -k / (2 n) in the mean, with variance k / n."""


def cumulative(law: str, variance: float) -> Cumulative:
    """Return the distribution function of a law with mean 0 and that variance."""
    std = math.sqrt(variance)

    def phi(x: float) -> float:
        return 0.5 * math.erfc(-x / math.sqrt(2.0))

    if law == "uniform":
        limit = math.sqrt(3.0) * std
        return lambda x: min(1.0, max(0.0, 0.5 + 0.5 * x / limit))
    if law == "normal":
        return lambda x: phi(x / std)
    uncut = std / TRUNCATION
    mass = phi(2.0) - phi(-2.0)
    return lambda x: (phi(min(2.0, max(-2.0, x / uncut))) - phi(-2.0)) / mass


def variance_error(size: int, law: str) -> float:
    """Return the standard error of the mean square, relative to the variance."""
    return math.sqrt((KURTOSIS[law] - 1.0) / size)


def variance_score(weights: Weights, variance: float, law: str) -> float:
    """Return how far the mean square is from the variance, in standard errors."""
    return (float(np.mean(weights**2)) / variance - 1.0) / variance_error(weights.size, law)


def variance_fits(weights: Weights, variance: float, law: str) -> bool:
    """T1: the mean square; for the normal law by its exact distribution, where that is listed."""
    assert weights.size >= LEAST
    if law == "normal" and weights.size in NORMAL_RATIO:
        low, high = NORMAL_RATIO[weights.size]
        return low <= float(np.mean(weights**2)) / variance <= high
    return abs(variance_score(weights, variance, law)) < Z_LIMIT


def mean_score(weights: Weights, variance: float) -> float:
    """Return the mean in standard errors."""
    return float(np.mean(weights)) / math.sqrt(variance / weights.size)


def mean_fits(weights: Weights, variance: float) -> bool:
    """T2: the mean."""
    return abs(mean_score(weights, variance)) < Z_LIMIT


def distance(weights: Weights, variance: float, law: str) -> float:
    """Return Kolmogorov and Smirnov's distance of the weights from a law."""
    exact = np.array([*map(cumulative(law, variance), np.sort(weights, axis=None).tolist())])
    steps = np.arange(weights.size + 1) / weights.size
    return float(np.max(np.maximum(steps[1:] - exact, exact - steps[:-1])))


def distribution_fits(weights: Weights, variance: float, law: str) -> bool:
    """T3: Kolmogorov and Smirnov's distance."""
    return distance(weights, variance, law) < KS_LIMIT / math.sqrt(weights.size)


def support_fits(weights: Weights, variance: float, law: str) -> bool:
    """T4: nothing beyond the limit; for the uniform law, something close to it."""
    largest = float(np.max(np.abs(weights)))
    std = math.sqrt(variance)
    if law == "uniform":
        limit = math.sqrt(3.0) * std
        # All of n weights are below a share x of the limit with probability x**n.
        return min(0.999, 1e-6 ** (1.0 / weights.size)) * limit < largest <= limit
    return law == "normal" or largest <= 2.0 * std / TRUNCATION


def correlation_score(first: Weights, second: Weights) -> float:
    """Return the correlation of two arrays in standard errors."""
    correlation = float(np.corrcoef(first.ravel(), second.ravel())[0, 1])
    return correlation * math.sqrt(first.size)


def uncorrelated(first: Weights, second: Weights) -> bool:
    """T5 for two arrays, as of two layers or two seeds."""
    return abs(correlation_score(first, second)) < Z_LIMIT


def neighbours_are_independent(weights: Weights) -> bool:
    """T5: the correlation of neighbours, along rows and along columns."""
    return all(uncorrelated(line[:-1], line[1:]) for line in (weights.ravel(), weights.T.ravel()))


CHECKS: dict[str, Callable[[Weights, float, str], bool]] = {
    "T1 variance": variance_fits,
    "T2 mean": lambda weights, variance, _: mean_fits(weights, variance),
    "T3 distribution": distribution_fits,
    "T4 support": support_fits,
    "T5 independence": lambda weights, _variance, _law: neighbours_are_independent(weights),
}
"""The checks of one array of independent weights: of the weights, their variance and law."""


def rejecting(weights: Weights, variance: float, law: str) -> list[str]:
    """Return the names of the checks that reject the weights."""
    return [name for name, fits in CHECKS.items() if not fits(weights, variance, law)]


def all_fit(weights: Weights, variance: float, law: str) -> bool:
    """Whether T1 to T5 all accept the weights."""
    return not rejecting(weights, variance, law)


def orthonormality_error(matrix: Weights, gain: float = 1.0) -> float:
    """Return the largest error of the products of the shorter side, a unit of the larger one."""
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    products = tall.T @ tall / gain**2
    return float(np.max(np.abs(products - np.eye(len(products))))) / max(matrix.shape)


def sides_are_orthonormal(matrix: Weights, gain: float = 1.0) -> bool:
    """T6: the columns or the rows, whichever are fewer, are orthogonal and of length `gain`."""
    return orthonormality_error(matrix, gain) < ORTHONORMAL_WITHIN


def trace_score(matrices: Weights) -> float:
    """Return the mean trace of (count, n, n) matrices in standard errors, if they are uniform."""
    return float(np.mean(np.trace(matrices, axis1=1, axis2=2))) * math.sqrt(len(matrices))


def trace_fits(matrices: Weights) -> bool:
    """T6: the mean trace of uniformly drawn orthogonal (n, n) matrices is 0, with variance 1."""
    return abs(trace_score(matrices)) < Z_LIMIT


def drift_score(log_ratios: Weights, activation: str, depth: int, width: int) -> float:
    """Return how far the mean of ln(q / predicted) is from what finite width makes of it.

    One value a network, each of its own weights and of a single input: the mean over a batch of
    inputs has another bias. In standard errors.
    """
    k = DRIFT[activation]
    centre = -k * depth / (2.0 * width)
    return float(np.mean(log_ratios) - centre) / math.sqrt(k * depth / (width * log_ratios.size))


def drift_fits(log_ratios: Weights, activation: str, depth: int, width: int) -> bool:
    """T7: signals through a network without biases drift as finite width makes them."""
    return abs(drift_score(log_ratios, activation, depth, width)) < Z_LIMIT


def last_moments(
    draw: Callable[[np.random.Generator], Weights],
    activation: str,
    depth: int,
    networks: int,
    rng: np.random.Generator,
) -> Weights:
    """Return the mean square of the last pre-activations of networks, each of one input of ones."""
    moments = np.empty(networks)
    for network in range(networks):
        weights = draw(rng)
        preactivations = np.ones(len(weights)) @ weights
        for _ in range(depth - 1):
            rectified = activation == "relu"
            signal = np.maximum(preactivations, 0.0) if rectified else preactivations
            preactivations = signal @ draw(rng)
        moments[network] = np.mean(preactivations**2)
    return moments
