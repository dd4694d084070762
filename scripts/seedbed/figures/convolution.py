"""Two-dimensional convolution and its transpose, and what they do to a signal's second moment.

In go images and kernels, out come images; for the theory a geometry goes in and an exact factor
comes out. Separate because `propagation` knows only dense layers, whose fans are plain: here a
border, a stride and groups decide how many products are summed up where.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from types import EllipsisType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Padding = Literal["valid", "same"]
PADDINGS: tuple[Padding, ...] = get_args(Padding)


@dataclass(frozen=True, slots=True)
class Convolution:
    """The geometry of a layer: square kernels over square images.

    Raises ValueError for a kernel, size, stride or number of groups below 1, an unknown padding,
    and a kernel larger than the image.
    """

    kernel: int
    size: int
    """Height and width of the input."""
    stride: int = 1
    groups: int = 1
    padding: Padding = "valid"
    """``same`` pads with zeros up to ``ceil(size / stride)`` outputs, an odd zero at the end.

    So do TensorFlow and Keras. torch allows it at stride 1 only, where it is the same rule."""

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name in ("kernel", "size", "stride", "groups"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.padding not in PADDINGS:
            raise ValueError(f"padding must be one of {', '.join(PADDINGS)}, got {self.padding!r}")
        if self.kernel > self.size:
            raise ValueError(f"kernel {self.kernel} is larger than the image, {self.size}")

    @property
    def outputs(self) -> int:
        """Height and width of the output."""
        if self.padding == "same":
            return -(-self.size // self.stride)
        return (self.size - self.kernel) // self.stride + 1

    @property
    def zeros(self) -> tuple[int, int]:
        """How many zeros stand before and after the input, along one direction."""
        if self.padding == "valid":
            return 0, 0
        needed = max((self.outputs - 1) * self.stride + self.kernel - self.size, 0)
        return needed // 2, needed - needed // 2

    @property
    def pairs(self) -> int:
        """Along one direction, how often an output sums up an input that is no padding."""
        before, _ = self.zeros
        starts = (at * self.stride - before for at in range(self.outputs))
        return sum(min(start + self.kernel, self.size) - max(start, 0) for start in starts)


def forward_factor(layer: Convolution, channels_in: int, weight_variance: float) -> float:
    """Return ``E y**2 / E x**2`` over all outputs; dimensionless.

    Parameters
    ----------
    layer : Convolution
        The geometry.
    channels_in : int
        Channels of the input, in all groups together.
    weight_variance : float
        Variance of one weight, whose mean is 0.

    Returns
    -------
    float
        ``Var W * (channels_in / groups) * t**2``, where t is the mean number of taps, along one
        direction, that an output has inside the image: the kernel's size but for padding.

    Raises
    ------
    ValueError
        Unless the groups divide the channels.

    Notes
    -----
    Exact for independent weights and independent inputs of mean 0; not at each output but on
    average over all. A stride does not change it (but for padding), and it is 1 away from
    padding for ``Var W = 1 / fan_in`` with ``fan_in = kernel**2 * channels_in / groups``.
    He et al. 2015 derive the case without padding and groups, their eqs 6 to 10.
    """
    return _factor(layer, channels_in, weight_variance, layer.outputs)


def backward_factor(layer: Convolution, channels_out: int, weight_variance: float) -> float:
    """Return ``E (∂C/∂x)**2 / E (∂C/∂y)**2`` over all inputs; as `forward_factor`.

    ``Var W * (channels_out / groups) * w**2``, where w is the mean number of windows, along one
    direction, that an input stands in, and channels_out counts those of all groups together.

    Notes
    -----
    As for `forward_factor`, with gradients for inputs. Far from borders w is
    ``kernel / stride``: with ``Var W = groups / (kernel**2 * channels_out)`` the factor is
    ``1 / stride**2``. It is also the forward factor of the transposed convolution.
    """
    return _factor(layer, channels_out, weight_variance, layer.size)


def forward(x: Values, weights: Values, layer: Convolution) -> Values:
    """Return what the layer makes of images.

    Parameters
    ----------
    x : ndarray, (batch, channels_in, size, size)
        The images.
    weights : ndarray, (kernel, kernel, channels_in / groups, channels_out)
        The kernels in the layout of Keras and JAX. Group g of the outputs sees group g of the
        inputs, both in order.
    layer : Convolution
        The geometry.

    Returns
    -------
    ndarray, (batch, channels_out, outputs, outputs)
        ``y[o] = sum over taps t of x[stride * o + t - zeros before] w[t]``, zero outside.

    Raises
    ------
    ValueError
        If shapes and geometry do not fit.

    Notes
    -----
    As everywhere in this field the kernel is not flipped: it is a correlation.
    """
    kernels = _by_tap(weights, layer)
    groups, depth, summed = kernels.shape[2:]
    _check_shape("images", x, groups * summed, layer.size)
    padded = np.pad(x, ((0, 0), (0, 0), layer.zeros, layer.zeros))
    grouped = padded.reshape(len(x), groups, summed, *padded.shape[2:])
    side = layer.outputs
    y = np.zeros((len(x), groups, depth, side * side))
    for row, column, seen in _taps(layer):
        y += kernels[row, column] @ grouped[seen].reshape(len(x), groups, summed, side * side)
    return y.reshape(len(x), groups * depth, side, side)


def backward(gradient: Values, weights: Values, layer: Convolution) -> Values:
    """Return the gradient with respect to the images: the transpose of `forward`.

    Parameters
    ----------
    gradient : ndarray, (batch, channels_out, outputs, outputs)
        The gradient with respect to the output.
    weights, layer
        As for `forward`.

    Returns
    -------
    ndarray, (batch, channels_in, size, size)
        ``x'[i] = sum over o, t with stride * o + t - zeros before = i of y'[o] w[t]``.

    Raises
    ------
    ValueError
        If shapes and geometry do not fit.
    """
    kernels = _by_tap(weights, layer)
    groups, depth, summed = kernels.shape[2:]
    batch, side = len(gradient), layer.outputs
    _check_shape("gradients", gradient, groups * depth, side)
    flat = gradient.reshape(batch, groups, depth, side * side)
    before, after = layer.zeros
    padded = layer.size + before + after
    x = np.zeros((batch, groups, summed, padded, padded))
    for row, column, seen in _taps(layer):
        spread = kernels[row, column].swapaxes(1, 2) @ flat
        x[seen] += spread.reshape(batch, groups, summed, side, side)
    inside = slice(before, before + layer.size)
    return x[..., inside, inside].reshape(batch, groups * summed, layer.size, layer.size)


def _factor(layer: Convolution, channels: int, weight_variance: float, side: int) -> float:
    """Return what layers make of second moments, `side` being that of the images that come out."""
    summed = _per_group(channels, layer.groups)
    return weight_variance * summed * (layer.pairs / side) ** 2


def _per_group(channels: int, groups: int) -> int:
    if channels % groups:
        raise ValueError(f"{groups} groups do not divide {channels} channels")
    return channels // groups


def _check_shape(what: str, images: Values, channels: int, side: int) -> None:
    expected = (len(images), channels, side, side)
    if images.shape != expected:
        raise ValueError(f"{what} must have shape {expected}, got {images.shape}")


def _by_tap(weights: Values, layer: Convolution) -> Values:
    """Return the weights as ``(kernel, kernel, groups, outputs of each, inputs of each)``."""
    dimensions = 4
    if weights.ndim != dimensions or weights.shape[:2] != (layer.kernel, layer.kernel):
        expected = f"({layer.kernel}, {layer.kernel}, inputs of a group, outputs)"
        raise ValueError(f"weights must have shape {expected}, got {weights.shape}")
    *taps, summed, outputs = weights.shape
    split = weights.reshape(*taps, summed, layer.groups, _per_group(outputs, layer.groups))
    return np.ascontiguousarray(split.transpose(0, 1, 3, 4, 2))


def _taps(layer: Convolution) -> Iterator[tuple[int, int, tuple[EllipsisType, slice, slice]]]:
    """Yield each tap of the kernel with the places of padded images that outputs see by it."""
    reach = (layer.outputs - 1) * layer.stride + 1
    for row, column in itertools.product(range(layer.kernel), repeat=2):
        down = slice(row, row + reach, layer.stride)
        across = slice(column, column + reach, layer.stride)
        yield row, column, (..., down, across)
