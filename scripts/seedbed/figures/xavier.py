"""Shape and scheme -> initial weights: Xavier, He, LeCun and the rest, from one primitive.

`variance_scaling` draws zero-mean weights of variance ``gain**2 * scale / n``; every published
scheme of that form is a preset of it. Orthogonal weights and constants stand beside it. Layers
compute ``Y = X @ W + b`` with ``W.shape == (fan_in, fan_out)`` unless the layout says otherwise.
Separate because it is the subject itself: no figure, no file, numpy alone.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.presets import DISTRIBUTIONS, MODES, PRESETS, Distribution, Mode

Weights = NDArray[np.float64]
Layout = Literal["in_out", "out_in"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

_LEAST_DIMENSIONS = 2
CUT = 2.0
"""Where the truncated normal is cut off, in standard deviations of the uncut normal."""


def truncation_factor(cut: float = CUT) -> float:
    """Return what cutting a normal law at ``±cut`` leaves of its standard deviation.

    Parameters
    ----------
    cut : float
        Half-width of the support in standard deviations of the uncut law; dimensionless.

    Returns
    -------
    float
        ``sqrt(1 - 2 cut φ(cut) / (2 Φ(cut) - 1))``; 0.8796256610342398 for the usual cut at 2.

    Raises
    ------
    ValueError
        Unless `cut` is positive.
    """
    if not cut > 0.0:
        raise ValueError(f"cut must be positive, got {cut}")
    density = math.exp(-cut * cut / 2.0) / math.sqrt(2.0 * math.pi)
    return math.sqrt(1.0 - 2.0 * cut * density / math.erf(cut / math.sqrt(2.0)))


def fans(shape: tuple[int, ...], layout: Layout = "in_out") -> tuple[int, int]:
    """Return fan-in and fan-out of a dense or convolution kernel.

    Parameters
    ----------
    shape : tuple of int
        At least two dimensions. ``in_out``: ``(in, out)`` or ``(*kernel, in, out)`` as in Keras
        and JAX; ``out_in``: ``(out, in)`` or ``(out, in / groups, *kernel)`` as in torch.
    layout : {'in_out', 'out_in'}
        Which of the two.

    Returns
    -------
    tuple of int
        Number of products summed into one output, and number of outputs that one input feeds
        (away from borders, at stride 1). Counts, dimensionless.

    Raises
    ------
    ValueError
        With fewer than two dimensions, a dimension below 1 or an unknown layout.

    Notes
    -----
    ``fan_in = prod(kernel) * in``, ``fan_out = prod(kernel) * out``. A transposed convolution's
    kernel must be given in the layout of the convolution that it transposes. Grouped kernels are
    right for fan-in, which `shape` states per group.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"layout must be one of {', '.join(LAYOUTS)}, got {layout!r}")
    if len(shape) < _LEAST_DIMENSIONS:
        raise ValueError(f"fans need at least 2 dimensions, got shape {shape}")
    if min(shape) < 1:
        raise ValueError(f"every dimension must be at least 1, got shape {shape}")
    if layout == "in_out":
        *kernel, inputs, outputs = shape
    else:
        outputs, inputs, *kernel = shape
    taps = math.prod(kernel)
    return taps * inputs, taps * outputs


def weight_variance(
    shape: tuple[int, ...],
    scale: float,
    mode: Mode,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> float:
    """Return the variance of one weight under variance scaling.

    Parameters
    ----------
    shape : tuple of int
        Shape of the kernel, as for `fans`.
    scale : float
        Factor on the variance; dimensionless, above 0.
    mode : {'fan_in', 'fan_out', 'fan_avg', 'fan_geo'}
        Which fan divides: one of the two, their arithmetic or their geometric mean.
    layout : {'in_out', 'out_in'}
        As for `fans`.
    gain : float
        Factor on the standard deviation; dimensionless, above 0.

    Returns
    -------
    float
        ``gain**2 * scale / n``; dimensionless.

    Raises
    ------
    ValueError
        For a shape, layout or mode that is none, or a scale or gain not finite and above 0.

    Notes
    -----
    Source: Glorot & Bengio 2010, eq. 12 (mean of the fans, scale 1); He et al. 2015, eq. 10
    (fan-in, scale 2) and eq. 14 (fan-out, scale 2). The geometric mean, which JAX knows as well,
    lets products telescope over layers of unequal width.
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
    for name, factor in (("scale", scale), ("gain", gain)):
        if not (math.isfinite(factor) and factor > 0.0):
            raise ValueError(f"{name} must be a finite number above 0, got {factor}")
    fan_in, fan_out = fans(shape, layout)
    n = {
        "fan_in": float(fan_in),
        "fan_out": float(fan_out),
        "fan_avg": (fan_in + fan_out) / 2.0,
        "fan_geo": math.sqrt(fan_in * fan_out),
    }[mode]
    return gain * gain * scale / n


def variance_scaling(  # noqa: PLR0913, PLR0917 -- one primitive with all that schemes differ in
    shape: tuple[int, ...],
    scale: float,
    mode: Mode,
    distribution: Distribution,
    layout: Layout,
    rng: np.random.Generator,
    gain: float = 1.0,
) -> Weights:
    """Draw zero-mean weights of variance ``gain**2 * scale / n``.

    Parameters
    ----------
    shape : tuple of int
        Shape of the kernel, as for `fans`.
    scale, mode, layout, gain
        As for `weight_variance`.
    distribution : {'uniform', 'normal', 'truncated_normal'}
        The law. All three have the same variance: the truncated normal is redrawn beyond two
        standard deviations of a normal law that is wider by just so much as the cut takes away.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of float64, of the given shape
        Independent weights.

    Raises
    ------
    ValueError
        As for `weight_variance`, and for an unknown distribution.

    Notes
    -----
    With ``v`` the variance: uniform on ``[-sqrt(3 v), sqrt(3 v))``; normal ``N(0, v)``; truncated
    ``N(0, s**2)`` within ``±2 s``, ``s = sqrt(v) / 0.8796256610342398``.
    Source: Glorot & Bengio 2010, eqs 12 and 16, for the mean of the fans and the uniform law.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weights = variance_scaling((300, 100), 2.0, "fan_in", "normal", "in_out", rng)
    >>> weights.shape, bool(abs(300 * weights.var() - 2.0) < 0.1)
    ((300, 100), True)
    """
    if distribution not in DISTRIBUTIONS:
        known = ", ".join(DISTRIBUTIONS)
        raise ValueError(f"distribution must be one of {known}, got {distribution!r}")
    std = math.sqrt(weight_variance(shape, scale, mode, layout, gain))
    if distribution == "uniform":
        return uniform(shape, uniform_limit(std), rng)
    if distribution == "normal":
        return normal(shape, std, rng)
    return truncated_normal(shape, std, rng)


def uniform_limit(std: float) -> float:
    """Return the limit ``a = sqrt(3) * std`` of the uniform law on ``[-a, a)`` with that std."""
    return math.sqrt(3.0) * std


def uniform(shape: tuple[int, ...], limit: float, rng: np.random.Generator) -> Weights:
    """Draw weights uniformly from ``[-limit, limit)``."""
    return rng.uniform(-limit, limit, shape)


def normal(shape: tuple[int, ...], std: float, rng: np.random.Generator) -> Weights:
    """Draw weights from ``N(0, std**2)``."""
    return std * rng.standard_normal(shape)


def truncated_normal(shape: tuple[int, ...], std: float, rng: np.random.Generator) -> Weights:
    """Draw weights from a normal law cut at two of its standard deviations.

    Parameters
    ----------
    shape : tuple of int
        Shape of the result.
    std : float
        Standard deviation *after* the cut; the support is ``±2.2737 * std``.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of float64
        What falls outside is drawn again, not clipped: no mass gathers at the ends.
    """
    drawn = rng.standard_normal(shape)
    while (outside := np.abs(drawn) > CUT).any():
        drawn[outside] = rng.standard_normal(int(outside.sum()))
    return std / truncation_factor() * drawn


def constant(shape: tuple[int, ...], value: float) -> Weights:
    """Return weights that are all `value`: a layer whose units stay equal for ever."""
    return np.full(shape, value, dtype=np.float64)


def orthogonal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw a matrix with orthonormal rows or columns, all such matrices being equally likely.

    Parameters
    ----------
    shape : tuple of int
        As for `fans`; a kernel of more dimensions is one matrix of all inputs by all outputs.
    rng : numpy.random.Generator
        Source of randomness.
    layout : {'in_out', 'out_in'}
        Which dimension holds the outputs: the last or the first.
    gain : float
        Factor on every singular value; dimensionless.

    Returns
    -------
    ndarray of float64, of the given shape
        ``gain * Q`` with ``Q.T @ Q = I`` or ``Q @ Q.T = I``, whichever is smaller. The variance
        of one weight is ``gain**2 / max(rows, columns)``.

    Raises
    ------
    ValueError
        As for `fans`.

    Notes
    -----
    QR of a Gaussian matrix, each column times the sign of R's diagonal: without the sign the
    draw is not uniform (Haar), since the sign convention of the QR routine shows through.
    Source: Saxe, McClelland & Ganguli 2013, section 3.
    """
    fans(shape, layout)
    split = len(shape) - 1 if layout == "in_out" else 1
    rows, columns = math.prod(shape[:split]), math.prod(shape[split:])
    gaussian = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(gaussian)
    q *= np.where(np.diagonal(r) < 0.0, -1.0, 1.0)
    return gain * np.ascontiguousarray(q if rows >= columns else q.T).reshape(shape)


def _preset(
    name: str, shape: tuple[int, ...], rng: np.random.Generator, layout: Layout, gain: float
) -> Weights:
    preset = PRESETS[name]
    return variance_scaling(
        shape, preset.scale, preset.mode, preset.distribution, layout, rng, gain
    )


def xavier_uniform(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by Xavier as published: uniform, limit ``gain * sqrt(6 / (fan_in + fan_out))``.

    Raises ValueError as `fans`. Source: Glorot & Bengio 2010, eq. 16.
    """
    return _preset("xavier-uniform", shape, rng, layout, gain)


def xavier_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by Xavier's variance from a normal law: std ``gain * sqrt(2 / (fan_in + fan_out))``.

    Raises ValueError as `fans`. Source: Glorot & Bengio 2010, eq. 12.
    """
    return _preset("xavier-normal", shape, rng, layout, gain)


def he_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by He as published: normal, std ``gain * sqrt(2 / fan_in)``; ReLU's 2 is included.

    Raises ValueError as `fans`. Source: He et al. 2015, eq. 10.
    """
    return _preset("he-normal", shape, rng, layout, gain)


def he_uniform(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by He's variance from a uniform law: limit ``gain * sqrt(6 / fan_in)``.

    Raises ValueError as `fans`. Source: He et al. 2015, eq. 10, for the variance.
    """
    return _preset("he-uniform", shape, rng, layout, gain)


def lecun_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by LeCun: normal, std ``gain / sqrt(fan_in)``.

    Raises ValueError as `fans`. Source: LeCun, Bottou, Orr & Müller 1998.
    """
    return _preset("lecun-normal", shape, rng, layout, gain)


def lecun_uniform(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by LeCun's variance from a uniform law: limit ``gain * sqrt(3 / fan_in)``.

    Raises ValueError as `fans`. Source: LeCun, Bottou, Orr & Müller 1998, for the variance.
    """
    return _preset("lecun-uniform", shape, rng, layout, gain)


def standard(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    layout: Layout = "in_out",
    gain: float = 1.0,
) -> Weights:
    """Draw by the older heuristic: uniform, limit ``gain / sqrt(fan_in)``, a third of LeCun's.

    It is what torch's Linear and Conv layers do by default, there written as He's uniform law
    with a leaky slope of sqrt(5). Raises ValueError as `fans`. Source: Glorot & Bengio 2010,
    eq. 1, which sets out to replace it.
    """
    return _preset("standard", shape, rng, layout, gain)
