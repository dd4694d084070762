"""Gradients by depth: the backward pass, the Jacobians of layers, and what is predicted of them.

In the notation of `propagation`: ``δ_l = ∂C/∂s_l`` and ``g_l = E δ_l**2``. What goes in is a stack
of layers, or its weights; what comes out are gradients, their second moments and singular values.
Separate from `propagation` because every figure of signals does without a backward pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.activations import Activation
from seedbed.figures.propagation import (
    Draw,
    Layers,
    Probe,
    predicted_second_moments,
    streams,
)

Values = NDArray[np.float64]

ROUNDING = 1e-12
"""Singular values below this part of the largest are rounding, which differs between machines."""

_ANGLES = 4097
"""Points of the grid over which the law of a product's singular values is added up."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What a forward pass leaves behind for the backward pass."""

    signals: tuple[Values, ...]
    """``h_0 … h_L``, each (batch, units)."""
    slopes: tuple[Values, ...]
    """``φ'(s_1) … φ'(s_L)``, each (batch, units)."""


def forward(
    activation: Activation, weights: Sequence[Values], biases: Sequence[Values], inputs: Values
) -> Passed:
    """Push a batch through a network, keeping what the backward pass needs.

    Parameters
    ----------
    activation : Activation
        φ of every layer.
    weights, biases : sequence of ndarray
        ``W_l`` of shape (fan_in, fan_out) and ``b_l`` of shape (fan_out,), for l = 1 … L.
    inputs : ndarray, (batch, fan_in of the first layer)
        ``h_0``.

    Returns
    -------
    Passed
        By ``s_l = h_{l-1} W_l + b_l`` and ``h_l = φ(s_l)``.

    Raises
    ------
    ValueError
        Unless there are as many weights as biases.
    """
    signals, slopes = [inputs], []
    for matrix, bias in zip(weights, biases, strict=True):
        s = signals[-1] @ matrix + bias
        signals.append(activation.function(s))
        slopes.append(activation.derivative(s))
    return Passed(tuple(signals), tuple(slopes))


def backward(
    weights: Sequence[Values], slopes: Sequence[Values], top: Values
) -> tuple[Values, ...]:
    """Return the gradient of the cost with respect to the pre-activations of every layer.

    Parameters
    ----------
    weights, slopes : sequence of ndarray
        ``W_l`` and ``φ'(s_l)`` for l = 1 … L, as in `forward`.
    top : ndarray, (batch, units of the last layer)
        ``δ_L``, which the cost decides.

    Returns
    -------
    tuple of ndarray, each (batch, units)
        ``δ_1 … δ_L`` by ``δ_l = φ'(s_l) * (δ_{l+1} W_{l+1}.T)``.

    Raises
    ------
    ValueError
        Unless there are as many weights as slopes.
    """
    gradients = [top]
    for matrix, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        gradients.append(slope * (gradients[-1] @ matrix.T))
    return tuple(gradients[::-1])


def weight_gradients(signals: Sequence[Values], gradients: Sequence[Values]) -> tuple[Values, ...]:
    """Return ``∂C/∂W_l = h_{l-1}.T δ_l``, summed over the batch, for l = 1 … L.

    Parameters
    ----------
    signals : sequence of ndarray
        At least ``h_0 … h_{L-1}``, each (batch, fan_in).
    gradients : sequence of ndarray
        ``δ_1 … δ_L``, each (batch, fan_out).

    Returns
    -------
    tuple of ndarray, each (fan_in, fan_out)
        In units of the cost over those of a weight.
    """
    return tuple(h.T @ delta for h, delta in zip(signals, gradients, strict=False))


QUANTITIES: dict[str, Callable[[Passed, tuple[Values, ...]], list[float]]] = {
    "backprop": lambda _, gradients: [float(np.mean(np.square(delta))) for delta in gradients],
    "weight": lambda passed, gradients: [
        float(np.mean(np.square(h.T @ delta)))
        for h, delta in zip(passed.signals, gradients, strict=False)
    ],
}
"""Second moments, layer by layer: of the backpropagated gradients or of those of the weights."""


def simulated_gradient_moments(
    activations: Sequence[Activation],
    draw: Draw,
    layers: Layers,
    probe: Probe,
    seed: np.random.SeedSequence,
) -> Values:
    """Measure the gradients of one network a function, all with the same weights and inputs.

    Parameters
    ----------
    activations, draw, layers, seed
        As for `propagation.simulated_moments`; the gradient at the last layer gets a stream, too.
    probe : Probe
        How many inputs are fed, and which of the `QUANTITIES` here is measured.

    Returns
    -------
    ndarray, (len(activations), depth)
        The second moment at each layer over that at the last one, where ``δ_L ~ N(0, 1)``
        independently for each input and unit; infinite or nan where it overflows.
    """
    weight_rng, input_rng, bias_rng, top_rng = streams(seed, 4)
    weights = [draw(weight_rng) for _ in range(layers.depth)]
    inputs = input_rng.standard_normal((probe.batch, layers.width))
    biases = list(layers.bias_std * bias_rng.standard_normal((layers.depth, layers.width)))
    top = top_rng.standard_normal((probe.batch, layers.width))
    measured = np.empty((len(activations), layers.depth))
    with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
        for at, activation in enumerate(activations):
            passed = forward(activation, weights, biases, inputs)
            gradients = backward(weights, passed.slopes, top)
            measured[at] = QUANTITIES[probe.quantity](passed, gradients)
        return measured / measured[:, -1:]


def predicted_backward_factors(
    activation: Activation, weight_factor: float, layers: Layers, input_moment: float = 1.0
) -> Values:
    """Return ``χ_l``, by which layer l multiplies the second moment of gradients on their way back.

    Parameters
    ----------
    activation, layers, input_moment
        As for `propagation.predicted_second_moments`.
    weight_factor : float
        ``n * Var W`` of layers with n inputs and n outputs; dimensionless.

    Returns
    -------
    ndarray, (depth,)
        ``χ_l = weight_factor * D(q_l)``, D being the slope moment; nan from where q overflows.

    Notes
    -----
    ``g_l = χ_l g_{l+1}``. Gradients vanish where χ stays below 1 and explode where it stays above;
    it is also the mean square of the singular values of the layer's Jacobian.
    Source: Glorot & Bengio 2010 for the linear regime; Schoenholz et al. 2017 for any φ.
    """
    moments = predicted_second_moments(activation, weight_factor, layers, input_moment)
    return np.array(
        [
            weight_factor * activation.slope_moment(q) if math.isfinite(q) else math.nan
            for q in moments.tolist()
        ]
    )


def predicted_gradient_moments(
    activation: Activation, weight_factor: float, layers: Layers, input_moment: float = 1.0
) -> Values:
    """Return ``g_l / g_L`` for l = 1 … L, ``(depth,)``; as `predicted_backward_factors`.

    The product of ``χ_l … χ_{L-1}``; nan below a layer that cannot be predicted.
    """
    factors = predicted_backward_factors(activation, weight_factor, layers, input_moment)
    with np.errstate(over="ignore", under="ignore"):
        below = np.cumprod(factors[-2::-1])[::-1]
    return np.concatenate((below, [1.0]))


def predicted_weight_gradient_moments(
    activation: Activation, weight_factor: float, layers: Layers, input_moment: float = 1.0
) -> Values:
    """Return the second moment of ``∂C/∂W_l`` over that of the last layer, for l = 1 … L.

    ``E h_{l-1}**2 * g_l`` relative to its value at L, ``(depth,)``: the size of the batch cancels.
    What goes in is as for `predicted_backward_factors`.

    Notes
    -----
    Signals that shrink on their way up and gradients that shrink on their way down make up for
    each other: in a linear network every layer's weights get gradients of one size, whatever the
    scheme. Source: Glorot & Bengio 2010, section 4.2.1.
    """
    moments = predicted_second_moments(activation, weight_factor, layers, input_moment)
    below = [activation.second_moment(q) if math.isfinite(q) else q for q in moments[:-1].tolist()]
    gradients = predicted_gradient_moments(activation, weight_factor, layers, input_moment)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        products = np.array([input_moment, *below]) * gradients
        relative: Values = products / products[-1]
    return relative


def layer_jacobian(weights: Values, slopes: Values) -> Values:
    """Return ``∂h_l/∂h_{l-1} = W_l diag(φ'(s_l))`` at one input.

    Parameters
    ----------
    weights : ndarray, (fan_in, fan_out)
    slopes : ndarray, (fan_out,)

    Returns
    -------
    ndarray, (fan_in, fan_out)
        A row for each unit of the layer below.
    """
    return weights * slopes


def rms_singular_value(weights: Values, slopes: Values) -> float:
    """Return the root mean square of the singular values of a layer's Jacobian.

    Parameters
    ----------
    weights : ndarray, (fan_in, fan_out)
    slopes : ndarray, (batch, fan_out)
        ``φ'(s_l)`` at every input.

    Returns
    -------
    float
        Over the singular values at all inputs; its square is predicted to be ``χ_l`` in a square
        layer.

    Notes
    -----
    The squares of the singular values add up to those of the entries: nothing is decomposed.
    """
    columns = np.sum(np.square(weights), axis=0) * np.mean(np.square(slopes), axis=0)
    return math.sqrt(float(np.sum(columns)) / min(weights.shape))


def jacobian_spectra(
    activation: Activation, weights: Iterable[Values], inputs: Values, depths: Sequence[int]
) -> Values:
    """Return the singular values of ``∂h_L/∂x`` for several depths L of one network.

    Parameters
    ----------
    activation : Activation
        φ of every layer; there are no biases.
    weights : iterable of ndarray, each (n, n)
        At least as many as the largest depth.
    inputs : ndarray, (n,)
        x, one input.
    depths : sequence of int
        After which layers to look.

    Returns
    -------
    ndarray, (len(depths), n)
        In falling order; 0 for what is below `ROUNDING` times the largest, nan where the
        Jacobian overflows.
    """
    spectra: dict[int, Values] = {}
    signal, jacobian = inputs, np.eye(inputs.size)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for layer, matrix in enumerate(weights, 1):
            s = signal @ matrix
            jacobian = layer_jacobian(jacobian @ matrix, activation.derivative(s))
            signal = activation.function(s)
            if layer in depths:
                spectra[layer] = _singular_values(jacobian)
    return np.array([spectra[depth] for depth in depths])


def _singular_values(jacobian: Values) -> Values:
    if not np.isfinite(jacobian).all():
        return np.full(len(jacobian), np.nan)
    found = np.linalg.svd(jacobian, compute_uv=False)
    return np.where(found < ROUNDING * found[0], 0.0, found)


def gaussian_product_spectrum(depth: int, fractions: Values) -> Values:
    """Return the singular values of a product of random matrices, as a function of their rank.

    Parameters
    ----------
    depth : int
        L, the number of independent square matrices with entries of mean 0 and variance 1 / n.
    fractions : ndarray, any shape
        Which part of all singular values is larger; from 0 to 1, ends excluded.

    Returns
    -------
    ndarray, of that shape
        In the limit of large n; dimensionless. The largest is sqrt((L + 1)**(L + 1) / L**L).

    Raises
    ------
    ValueError
        Unless `depth` is at least 1.

    Notes
    -----
    The squares follow the Fuss-Catalan law. With an angle t from 0 to π / (L + 1) they are
    ``sin((L + 1) t)**(L + 1) / (sin(t) sin(L t)**L)``, and their density over t is what the code
    adds up: smooth, where the density of the squares themselves has no bound at 0. For L = 1 it
    is 4 sin(t)**2 / π, the quarter circle.
    """
    if depth < 1:
        raise ValueError(f"depth must be at least 1, got {depth}")
    over = depth + 1
    angles = np.linspace(0.0, math.pi / over, _ANGLES)
    t = angles[1:]
    inner = np.sin(depth * t)
    density = (
        np.cos(t) * np.sin(over * t) / inner
        - over**2 * np.sin(t) * np.cos(over * t) / inner
        + depth**2 * np.sin(t) * np.sin(over * t) * np.cos(depth * t) / inner**2
    )
    # At 0, the edge of the spectrum, the density is 0.
    heights = np.concatenate(([0.0], density))
    larger = np.concatenate(([0.0], np.cumsum(0.5 * (heights[1:] + heights[:-1]))))
    at = np.interp(fractions, larger / larger[-1], angles)
    logarithm = (
        over * np.log(np.sin(over * at)) - np.log(np.sin(at)) - depth * np.log(np.sin(depth * at))
    )
    values: Values = np.exp(0.5 * logarithm)
    return values
