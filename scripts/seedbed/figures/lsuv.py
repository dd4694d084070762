"""Widths, an activation and a batch of inputs -> weights whose pre-activations have variance 1.

LSUV, layer-sequential unit variance: orthogonal matrices, each then divided by the standard
deviation that its outputs show. Separate from `xavier`, whose schemes know nothing of the data.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.xavier import Weights, orthogonal

Values = NDArray[np.float64]
Function = Callable[[Values], Values]

TOLERANCE = 0.005
"""Leaves a standard deviation within 0.0025 of 1."""
ITERATIONS = 10
_MATRIX = 2


def lsuv(  # noqa: PLR0913 -- what draws, what is drawn, the data, and when to stop
    widths: Sequence[int],
    function: Function,
    batch: Values,
    rng: np.random.Generator,
    *,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> tuple[Weights, ...]:
    """Draw the weights of a stack of dense layers by layer-sequential unit variance.

    Parameters
    ----------
    widths : sequence of int
        Number of units of each layer, from the first; each at least 1.
    function : callable
        φ, which stands between two layers; values of any shape in, of the same shape out.
    batch : ndarray, (batch, n_in)
        Inputs, at least two of them different. They are taken as they are: inputs of another
        scale are made up for by the first layer alone.
    rng : numpy.random.Generator
        Source of randomness of the orthogonal matrices.
    tolerance : float
        How far a variance may be from 1; dimensionless, above 0.
    iterations : int
        How often a layer may be divided; at least 1.

    Returns
    -------
    tuple of ndarray of float64
        ``W_l`` of shape (n_in, widths[0]), (widths[0], widths[1]) and so on, each an orthogonal
        matrix times a number.

    Raises
    ------
    ValueError
        For a batch with fewer than two different inputs, a width below 1, a tolerance or a number
        of iterations that is none; and, with the number of the layer, where the variance is zero
        or not finite or still too far from 1 after all iterations.

    Notes
    -----
    ``s_l = h_{l-1} W_l``, ``h_l = φ(s_l)``, ``h_0`` the batch and no biases. Layer by layer,
    ``W_l ← W_l / sqrt(Var s_l)`` until ``|Var s_l - 1| < tolerance``, the variance being that of
    all outputs of the layer together, over inputs and units. Without biases s_l is proportional
    to W_l, so that one division is enough.
    Source: Mishkin & Matas 2016, which starts from the matrices of Saxe et al. 2013.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> batch = rng.standard_normal((100, 64))
    >>> first, second = lsuv([32, 16], np.tanh, batch, rng)
    >>> second.shape, round(float(np.std(np.tanh(batch @ first) @ second)), 3)
    ((32, 16), 1.0)
    """
    if batch.ndim != _MATRIX or not (batch != batch[:1]).any():
        raise ValueError(
            "batch must have shape (batch, n_in) and hold at least two different inputs,"
            f" got shape {batch.shape}"
        )
    drawn = []
    signal = batch
    for layer, width in enumerate(widths, start=1):
        start = orthogonal((signal.shape[1], width), rng)
        try:
            weights = with_unit_variance(
                start,
                functools.partial(np.matmul, signal),
                tolerance=tolerance,
                iterations=iterations,
            )
        except ValueError as problem:
            raise ValueError(f"layer {layer}: {problem}") from problem
        drawn.append(weights)
        signal = function(signal @ weights)
    return tuple(drawn)


def with_unit_variance(
    weights: Weights,
    outputs: Callable[[Weights], Values],
    *,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> Weights:
    """Scale the weights of one layer, of any kind, until its outputs have variance 1.

    Parameters
    ----------
    weights : ndarray
        Of any shape; not changed.
    outputs : callable
        What the layer makes of a batch with the weights that it is given, before its activation:
        a matrix product, a convolution, with biases or without.
    tolerance, iterations
        As for `lsuv`.

    Returns
    -------
    ndarray of float64, of the shape of `weights`
        `weights` divided by a number; undivided if their outputs are near enough from the start.

    Raises
    ------
    ValueError
        For a tolerance not above 0, fewer than one iteration, outputs whose variance is zero or
        not finite, or one still too far from 1 after all iterations.

    Notes
    -----
    ``W ← W / sqrt(Var s)`` until ``|Var s - 1| < tolerance``. Biases make it take several
    iterations, and keep it from ending at all if their own variance is above 1.
    Source: Mishkin & Matas 2016.
    """
    if not tolerance > 0.0:
        raise ValueError(f"tolerance must be above 0, got {tolerance}")
    if iterations < 1:
        raise ValueError(f"iterations must be at least 1, got {iterations}")
    variance = _variance(outputs(weights))
    for _ in range(iterations):
        if abs(variance - 1.0) < tolerance:
            break
        weights = weights / math.sqrt(variance)
        variance = _variance(outputs(weights))
    if abs(variance - 1.0) < tolerance:
        return weights
    raise ValueError(
        f"the variance of the outputs is {variance:.3g} after {iterations} iterations,"
        f" not within {tolerance:g} of 1"
    )


def _variance(outputs: Values) -> float:
    """Return the variance of all outputs together, which must be one to divide by."""
    with np.errstate(over="ignore", invalid="ignore"):
        variance = float(np.var(outputs))
    if 0.0 < variance < math.inf:
        return variance
    raise ValueError(f"the variance of the outputs is {variance:g}, so no scale makes it 1")
