"""Activation functions, each beside its derivative and its Gaussian moments.

With ``z ~ N(0, 1)`` and a pre-activation of second moment q, three moments tell how signals and
gradients pass: ``E φ(√q z)``, ``E φ(√q z)**2`` and ``E φ'(√q z)**2``. Each is a closed form where
there is one and 128-point Gauss-Legendre quadrature otherwise. Separate so that the theory of
`propagation` names no function.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.laws import erf

Values = NDArray[np.float64]
Function = Callable[[Values], Values]
Moment = Callable[[float], float]


@functools.cache
def quadrature() -> tuple[Values, Values]:
    """Return nodes and weights for ``E f(z)``, ``z ~ N(0, 1)``: ``sum(weights * f(nodes))``.

    Returns
    -------
    tuple of ndarray, each (256,)
        128 Gauss-Legendre points on [0, 10] times the density, and their mirror images.

    Notes
    -----
    Gauss-Legendre on each half line, not Gauss-Hermite: that converges slowly for functions that
    saturate (its error in E tanh(√10 z)**2 is 3e-3 with 64 points) and not at all across a kink.
    Here the kink at 0 is an end point and the error is below 1e-11 for q up to 100.
    """
    nodes, weights = np.polynomial.legendre.leggauss(128)
    half = 5.0 * (nodes + 1.0)
    density = 5.0 * weights * np.exp(-half * half / 2.0) / math.sqrt(2.0 * math.pi)
    return np.concatenate((-half[::-1], half)), np.concatenate((density[::-1], density))


def expectation(function: Function, q: float) -> float:
    """Return ``E f(√q z)`` with ``z ~ N(0, 1)`` by quadrature."""
    nodes, weights = quadrature()
    return float(weights @ function(math.sqrt(q) * nodes))


@dataclass(frozen=True, slots=True)
class Activation:
    """A function φ with its derivative and moments; arrays in, arrays of that shape out."""

    name: str
    function: Function
    derivative: Function
    slope_at_zero: float | None
    """``φ'(0)``, or None where there is no derivative at 0."""
    negative_slope: float | None = None
    """``a`` of a piecewise linear φ: z for z > 0, a z otherwise."""
    closed_mean: Moment | None = None
    closed_second_moment: Moment | None = None
    closed_slope_moment: Moment | None = None

    def mean(self, q: float) -> float:
        """Return ``E φ(√q z)``; in units of φ."""
        if self.closed_mean is not None:
            return self.closed_mean(q)
        return expectation(self.function, q)

    def second_moment(self, q: float) -> float:
        """Return ``V(q) = E φ(√q z)**2``, q being the second moment of the pre-activation."""
        if self.closed_second_moment is not None:
            return self.closed_second_moment(q)
        return expectation(lambda z: self.function(z) ** 2, q)

    def slope_moment(self, q: float) -> float:
        """Return ``D(q) = E φ'(√q z)**2``; dimensionless."""
        if self.closed_slope_moment is not None:
            return self.closed_slope_moment(q)
        return expectation(lambda z: self.derivative(z) ** 2, q)

    def forward_gain(self, q: float = 1.0) -> float:
        """Return the gain that keeps the second moment at q: ``sqrt(q / V(q))``."""
        return math.sqrt(q / self.second_moment(q))

    def backward_gain(self, q: float = 1.0) -> float:
        """Return the gain that keeps gradients level at q: ``1 / sqrt(D(q))``."""
        return 1.0 / math.sqrt(self.slope_moment(q))


def _linear(z: Values) -> Values:
    return z


def _one(z: Values) -> Values:
    return np.ones_like(z)


def _sech_squared(z: Values) -> Values:
    # cosh overflows beyond 710, where the square of its inverse has long been 0.
    return 1.0 / np.cosh(np.minimum(np.abs(z), 350.0)) ** 2


def _sigmoid(z: Values) -> Values:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _sigmoid_slope(z: Values) -> Values:
    return 0.25 * _sech_squared(0.5 * z)


def _softsign(z: Values) -> Values:
    return z / (1.0 + np.abs(z))


def _softsign_slope(z: Values) -> Values:
    return 1.0 / (1.0 + np.abs(z)) ** 2


def _silu(z: Values) -> Values:
    return z * _sigmoid(z)


def _silu_slope(z: Values) -> Values:
    return _sigmoid(z) + z * _sigmoid_slope(z)


def _normal_cumulative(z: Values) -> Values:
    return 0.5 + 0.5 * erf(z / math.sqrt(2.0))


def _gelu(z: Values) -> Values:
    return z * _normal_cumulative(z)


def _gelu_slope(z: Values) -> Values:
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return _normal_cumulative(z) + z * density


def _gelu_second_moment(q: float) -> float:
    angle = math.asin(q / (1.0 + q)) / (2.0 * math.pi)
    return q * (0.25 + angle) + q * q / (math.pi * (1.0 + q) * math.sqrt(1.0 + 2.0 * q))


def _gelu_slope_moment(q: float) -> float:
    angle = math.asin(q / (1.0 + q)) / (2.0 * math.pi)
    root = math.sqrt(1.0 + 2.0 * q)
    return 0.25 + angle + q / (math.pi * (1.0 + q) * root) + q / (2.0 * math.pi * root**3)


def piecewise_linear(name: str, negative_slope: float) -> Activation:
    """Return ReLU or its leaky form: ``V = (1 + a**2) q / 2`` and ``D = (1 + a**2) / 2``."""
    a = negative_slope
    half = (1.0 + a * a) / 2.0
    return Activation(
        name,
        lambda z: np.maximum(z, a * z) if a else np.maximum(z, 0.0),
        lambda z: np.where(z > 0.0, 1.0, a),
        None,
        negative_slope=a,
        closed_mean=lambda q: (1.0 - a) * math.sqrt(q / (2.0 * math.pi)),
        closed_second_moment=lambda q: half * q,
        closed_slope_moment=lambda _: half,
    )


SELU_ALPHA = -math.sqrt(2.0 / math.pi) / (math.erfc(math.sqrt(0.5)) * math.sqrt(math.e) - 1.0)
"""The α for which SELU has mean 0 at q = 1; Klambauer et al. 2017."""


def _exponential_linear(name: str, alpha: float, factor: float) -> Activation:
    """ELU, ``z`` or ``α (e**z - 1)``, times a factor."""
    return Activation(
        name,
        lambda z: factor * np.where(z > 0.0, z, alpha * np.expm1(np.minimum(z, 0.0))),
        lambda z: factor * np.where(z > 0.0, 1.0, alpha * np.exp(np.minimum(z, 0.0))),
        factor if alpha == 1.0 else None,
    )


def _selu() -> Activation:
    """SELU: ELU with the α that makes the mean 0 and the factor that makes V(1) = 1."""
    unscaled = _exponential_linear("selu", SELU_ALPHA, 1.0)
    return _exponential_linear("selu", SELU_ALPHA, unscaled.forward_gain())


def _scaled_tanh(name: str, height: float, slope: float) -> Activation:
    return Activation(
        name,
        lambda z: height * np.tanh(slope * z),
        lambda z: height * slope * _sech_squared(slope * z),
        height * slope,
        closed_mean=lambda _: 0.0,
    )


_ALL = (
    Activation(
        "linear",
        _linear,
        _one,
        1.0,
        negative_slope=1.0,
        closed_mean=lambda _: 0.0,
        closed_second_moment=lambda q: q,
        closed_slope_moment=lambda _: 1.0,
    ),
    _scaled_tanh("tanh", 1.0, 1.0),
    Activation("sigmoid", _sigmoid, _sigmoid_slope, 0.25, closed_mean=lambda _: 0.5),
    piecewise_linear("relu", 0.0),
    piecewise_linear("leaky-relu", 0.01),
    Activation("softsign", _softsign, _softsign_slope, 1.0, closed_mean=lambda _: 0.0),
    _exponential_linear("elu", 1.0, 1.0),
    _selu(),
    Activation(
        "gelu",
        _gelu,
        _gelu_slope,
        0.5,
        closed_mean=lambda q: q / math.sqrt(2.0 * math.pi * (1.0 + q)),
        closed_second_moment=_gelu_second_moment,
        closed_slope_moment=_gelu_slope_moment,
    ),
    Activation("silu", _silu, _silu_slope, 0.5),
    _scaled_tanh("lecun-tanh", 1.7159, 2.0 / 3.0),
)
ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _ALL}
"""Sources of the less usual: lecun-tanh, LeCun et al. 1998; selu, Klambauer et al. 2017."""
