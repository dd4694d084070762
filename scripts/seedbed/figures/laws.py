"""A Scheme and a layer's shape -> the law of one weight: its draws, density and moments.

Separate from `xavier`, which only draws: here stands what the draws are measured against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import xavier
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]
Shape = tuple[int, int]


def draw(scheme: Scheme, shape: Shape, rng: np.random.Generator) -> Values:
    """Draw a ``(fan_in, fan_out)`` matrix of weights."""
    if scheme.law == "scale" and scheme.mode and scheme.distribution:
        return xavier.variance_scaling(
            shape, scheme.amount, scheme.mode, scheme.distribution, "in_out", rng, scheme.gain
        )
    if scheme.law == "orthogonal":
        return xavier.orthogonal(shape, rng, gain=scheme.gain)
    amount = scheme.gain * scheme.amount
    if scheme.law == "std":
        return xavier.normal(shape, amount, rng)
    if scheme.law == "uniform":
        return xavier.uniform(shape, amount, rng)
    return xavier.constant(shape, amount)


def variance(scheme: Scheme, shape: Shape) -> float:
    """Return the second moment of one weight about zero; dimensionless."""
    amount = scheme.gain * scheme.amount
    if scheme.law == "scale" and scheme.mode:
        return xavier.weight_variance(shape, scheme.amount, scheme.mode, "in_out", scheme.gain)
    if scheme.law == "orthogonal":
        return scheme.gain**2 / max(shape)
    return amount**2 / 3.0 if scheme.law == "uniform" else amount**2


@dataclass(frozen=True, slots=True)
class Law:
    """The distribution of one weight, always symmetric about 0."""

    family: str
    """uniform, normal, truncated_normal or orthogonal."""
    std: float
    dimension: int = 0
    """For orthogonal weights: the larger side of the matrix."""

    @property
    def limit(self) -> float:
        """The largest value that can occur."""
        return {
            "uniform": xavier.uniform_limit(self.std),
            "normal": math.inf,
            "truncated_normal": xavier.CUT * self.std / xavier.truncation_factor(),
            "orthogonal": self.std * math.sqrt(self.dimension),
        }[self.family]

    @property
    def excess_kurtosis(self) -> float:
        """Fourth moment in units of the squared variance, less the normal law's 3."""
        return {
            "uniform": -1.2,
            "normal": 0.0,
            "truncated_normal": _TRUNCATED_KURTOSIS - 3.0,
            "orthogonal": -6.0 / (self.dimension + 2.0),
        }[self.family]

    def density(self, x: Values) -> Values:
        """Return the probability density at each x; per unit of weight."""
        inside = np.abs(x) < self.limit
        if self.family == "uniform":
            return np.where(inside, 0.5 / self.limit, 0.0)
        if self.family == "orthogonal":
            return self._orthogonal_density(x)
        std = self.std
        mass = 1.0
        if self.family == "truncated_normal":
            std /= xavier.truncation_factor()
            mass = math.erf(xavier.CUT / math.sqrt(2.0))
        bell = np.exp(-0.5 * (x / std) ** 2) / (std * math.sqrt(2.0 * math.pi) * mass)
        return np.where(inside, bell, 0.0)

    def cumulative(self, x: Values) -> Values:
        """Return the probability of a weight of at most x, for each x."""
        if self.family == "uniform":
            return np.clip(0.5 + 0.5 * x / self.limit, 0.0, 1.0)
        if self.family == "orthogonal":
            return self._orthogonal_cumulative(x)
        if self.family == "normal":
            return 0.5 + 0.5 * erf(x / (self.std * math.sqrt(2.0)))
        uncut = self.std / xavier.truncation_factor()
        half = 0.5 * erf(x / (uncut * math.sqrt(2.0))) / math.erf(xavier.CUT / math.sqrt(2.0))
        return np.clip(0.5 + half, 0.0, 1.0)

    def _orthogonal_density(self, x: Values) -> Values:
        """Return the density of an entry of a uniform unit vector.

        It is ``(1 - u**2) ** ((N - 3) / 2)`` up to a constant.
        """
        u = x / self.limit
        inside = np.abs(u) < 1.0
        power = (self.dimension - 3.0) / 2.0
        with np.errstate(divide="ignore"):
            logarithm = power * np.log(np.where(inside, 1.0 - u * u, 1.0))
        if self.dimension == 1:
            return np.zeros_like(x)
        norm = _orthogonal_norm(self.dimension) / self.limit
        return np.where(inside, norm * np.exp(logarithm), 0.0)

    def _orthogonal_cumulative(self, x: Values) -> Values:
        """With ``u = sin t`` the density is ``cos(t) ** (N - 2)``, smooth even where N is 2."""
        if self.dimension == 1:
            return np.where(x < -self.limit, 0.0, np.where(x < self.limit, 0.5, 1.0))
        t = np.linspace(-math.pi / 2.0, math.pi / 2.0, 20001)
        height = np.cos(t) ** (self.dimension - 2)
        area = np.concatenate(([0.0], np.cumsum(0.5 * (height[1:] + height[:-1]))))
        at = np.arcsin(np.clip(x / self.limit, -1.0, 1.0))
        return np.asarray(np.interp(at, t, area / area[-1]), dtype=np.float64)


def law_of(scheme: Scheme, shape: Shape) -> Law:
    """Return the law of one weight of a random scheme; ValueError for a constant one."""
    std = math.sqrt(variance(scheme, shape))
    if not scheme.random:
        raise ValueError(f"{scheme.label} does not draw at random")
    if scheme.law == "orthogonal":
        return Law("orthogonal", std, max(shape))
    family = {"std": "normal", "uniform": "uniform"}.get(scheme.law, scheme.distribution)
    return Law(str(family), std)


def erf(x: Values) -> Values:
    """Return the error function of each x; numpy itself has none."""
    flat = np.fromiter(map(math.erf, x.ravel().tolist()), dtype=np.float64, count=x.size)
    return flat.reshape(x.shape)


def _orthogonal_norm(dimension: int) -> float:
    logarithm = math.lgamma(dimension / 2.0) - math.lgamma((dimension - 1.0) / 2.0)
    return math.exp(logarithm) / math.sqrt(math.pi)


def _truncated_kurtosis() -> float:
    """Return m4 / m2**2 of the cut normal, by ``m4 = 3 m2 - 2 c**3 φ(c) / mass``."""
    mass = math.erf(xavier.CUT / math.sqrt(2.0))
    density = math.exp(-(xavier.CUT**2) / 2.0) / math.sqrt(2.0 * math.pi)
    second = xavier.truncation_factor() ** 2
    fourth = 3.0 * second - 2.0 * xavier.CUT**3 * density / mass
    return fourth / second**2


_TRUNCATED_KURTOSIS = _truncated_kurtosis()
