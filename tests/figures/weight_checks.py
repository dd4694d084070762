"""Statistical checks of drawn weights, each with the same false-alarm rate: one in a million.

That is the probability that weights drawn by a right implementation are rejected when a seed (or
numpy's stream) changes. Seeds are fixed in the tests, so that no verdict changes from run to run.
The reference distributions are written out here, independently of what they judge.
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


def variance_fits(weights: Weights, variance: float, law: str) -> bool:
    """T1: the mean square, in standard errors."""
    error = math.sqrt((KURTOSIS[law] - 1.0) / weights.size)
    return abs(float(np.mean(weights**2)) / variance - 1.0) / error < Z_LIMIT


def mean_fits(weights: Weights, variance: float) -> bool:
    """T2: the mean, in standard errors."""
    return abs(float(np.mean(weights))) < Z_LIMIT * math.sqrt(variance / weights.size)


def distribution_fits(weights: Weights, variance: float, law: str) -> bool:
    """T3: Kolmogorov and Smirnov's distance."""
    exact = np.array([cumulative(law, variance)(x) for x in np.sort(weights, axis=None).tolist()])
    steps = np.arange(weights.size + 1) / weights.size
    distance = np.max(np.maximum(steps[1:] - exact, exact - steps[:-1]))
    return float(distance) < KS_LIMIT / math.sqrt(weights.size)


def support_fits(weights: Weights, variance: float, law: str) -> bool:
    """T4: nothing beyond the limit; for the uniform law, something close to it."""
    largest = float(np.max(np.abs(weights)))
    std = math.sqrt(variance)
    if law == "uniform":
        limit = math.sqrt(3.0) * std
        return 0.999 * limit < largest <= limit
    return law == "normal" or largest <= 2.0 * std / TRUNCATION


def neighbours_are_independent(weights: Weights) -> bool:
    """T5: the correlation of neighbours, along rows and along columns."""
    return all(uncorrelated(line[:-1], line[1:]) for line in (weights.ravel(), weights.T.ravel()))


def uncorrelated(first: Weights, second: Weights) -> bool:
    """T5 for two arrays: their correlation, in standard errors."""
    correlation = float(np.corrcoef(first.ravel(), second.ravel())[0, 1])
    return abs(correlation) * math.sqrt(first.size) < Z_LIMIT


def all_fit(weights: Weights, variance: float, law: str) -> bool:
    """Whether T1 to T5 all accept the weights."""
    return (
        variance_fits(weights, variance, law)
        and mean_fits(weights, variance)
        and distribution_fits(weights, variance, law)
        and support_fits(weights, variance, law)
        and neighbours_are_independent(weights)
    )


def trace_fits(matrices: Weights) -> bool:
    """T6: the mean trace of uniformly drawn orthogonal (n, n) matrices is 0, with variance 1."""
    traces = np.trace(matrices, axis1=1, axis2=2)
    return abs(float(np.mean(traces))) < Z_LIMIT / math.sqrt(len(matrices))
