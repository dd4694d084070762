"""Convolution: against its definition written out, and its theory against counted products."""

import itertools
import math

import numpy as np
import pytest

from seedbed.figures.convolution import (
    PADDINGS,
    Convolution,
    Values,
    backward,
    backward_factor,
    forward,
    forward_factor,
)
from seedbed.figures.kinds import conv_fans

CHANNELS_IN, CHANNELS_OUT = 2, 4
GEOMETRIES = [
    Convolution(kernel, size, stride, groups, padding)
    for kernel, size, stride, groups, padding in itertools.product(
        (1, 2, 3, 5), (5, 6), (1, 2, 3, 4), (1, 2), PADDINGS
    )
]


def named(layer: Convolution) -> str:
    shape = f"{layer.kernel}-of-{layer.size}"
    return f"{shape}-stride-{layer.stride}-groups-{layer.groups}-{layer.padding}"


every_geometry = pytest.mark.parametrize("layer", GEOMETRIES, ids=named)


def drawn(layer: Convolution) -> tuple[Values, Values, Values]:
    rng = np.random.Generator(np.random.PCG64(5))
    x = rng.standard_normal((2, CHANNELS_IN, layer.size, layer.size))
    shape = (layer.kernel, layer.kernel, CHANNELS_IN // layer.groups, CHANNELS_OUT)
    gradient = rng.standard_normal((2, CHANNELS_OUT, layer.outputs, layer.outputs))
    return x, rng.standard_normal(shape), gradient


def by_definition(x: Values, weights: Values, layer: Convolution) -> Values:
    """Return the output product by product, with the padding that Keras documents."""
    if layer.padding == "same":
        outputs = math.ceil(layer.size / layer.stride)
        rest = layer.size % layer.stride or layer.stride
        before = max(layer.kernel - rest, 0) // 2
    else:
        outputs = math.ceil((layer.size - layer.kernel + 1) / layer.stride)
        before = 0
    y = np.zeros((len(x), CHANNELS_OUT, outputs, outputs))
    seen, made = CHANNELS_IN // layer.groups, CHANNELS_OUT // layer.groups
    taps = range(layer.kernel)
    for out, i, j, a, b in itertools.product(
        range(CHANNELS_OUT), range(outputs), range(outputs), taps, taps
    ):
        row, column = i * layer.stride + a - before, j * layer.stride + b - before
        if 0 <= row < layer.size and 0 <= column < layer.size:
            first = out // made * seen
            y[:, out, i, j] += x[:, first : first + seen, row, column] @ weights[a, b, :, out]
    return y


@every_geometry
def test_outputs_are_the_sums_of_the_definition(layer: Convolution) -> None:
    x, weights, _ = drawn(layer)
    expected = by_definition(x, weights, layer)
    np.testing.assert_allclose(forward(x, weights, layer), expected, rtol=1e-10, atol=1e-12)


@every_geometry
def test_backward_is_the_transpose_of_forward(layer: Convolution) -> None:
    x, weights, gradient = drawn(layer)
    down = float(np.sum(backward(gradient, weights, layer) * x))
    assert pytest.approx(float(np.sum(gradient * forward(x, weights, layer))), rel=1e-10) == down


@every_geometry
def test_factors_are_the_mean_number_of_products(layer: Convolution) -> None:
    # Of ones, every product is 1: what comes out counts them.
    x, weights, gradient = (np.ones_like(values) for values in drawn(layer))
    up = float(np.mean(forward(x, weights, layer)))
    down = float(np.mean(backward(gradient, weights, layer)))
    assert pytest.approx(0.25 * up, rel=1e-12) == forward_factor(layer, CHANNELS_IN, 0.25)
    assert pytest.approx(0.25 * down, rel=1e-12) == backward_factor(layer, CHANNELS_OUT, 0.25)


@pytest.mark.parametrize(
    ("kernel", "factor"), [(3, (46.0 / 48.0) ** 2), (5, (74.0 / 80.0) ** 2), (1, 1.0)]
)
def test_zeros_around_the_image_take_away_at_the_border(kernel: int, factor: float) -> None:
    layer = Convolution(kernel, 16, padding="same")
    assert pytest.approx(factor, rel=1e-12) == forward_factor(layer, 1, 1.0 / kernel**2)
    assert pytest.approx(factor, rel=1e-12) == backward_factor(layer, 1, 1.0 / kernel**2)


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_far_from_borders_a_stride_takes_its_square_from_gradients(stride: int) -> None:
    layer = Convolution(5, 12_000, stride)
    assert pytest.approx(stride**-2, rel=2e-3) == backward_factor(layer, 16, 1.0 / (25 * 16))
    assert pytest.approx(1.0, rel=1e-12) == forward_factor(layer, 16, 1.0 / (25 * 16))


def test_groups_divide_what_is_summed() -> None:
    layer = Convolution(3, 16, groups=4)
    assert pytest.approx(0.25, rel=1e-12) == forward_factor(layer, 16, 1.0 / (9 * 16))


def test_depthwise_channels_do_not_mix() -> None:
    layer = Convolution(2, 3, groups=2)
    x = np.stack([np.ones((1, 3, 3)), np.zeros((1, 3, 3))], axis=1)
    y = forward(x, np.ones((2, 2, 1, 2)), layer)
    np.testing.assert_array_equal(y[0, 0], np.full((2, 2), 4.0))
    np.testing.assert_array_equal(y[0, 1], np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kernel": 0}, "kernel must be at least 1, got 0"),
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"groups": -1}, "groups must be at least 1, got -1"),
        ({"padding": "full"}, "padding must be one of valid, same, got 'full'"),
        ({"kernel": 6}, "kernel 6 is larger than the image, 5"),
    ],
)
def test_what_is_no_layer_is_refused(changed: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Convolution(**{"kernel": 3, "size": 5, **changed})


def test_shapes_that_do_not_fit_are_refused() -> None:
    layer = Convolution(3, 5, groups=2)
    weights = np.ones((3, 3, 2, 4))
    with pytest.raises(
        ValueError, match=r"images must have shape \(1, 4, 5, 5\), got \(1, 4, 4, 5\)"
    ):
        forward(np.ones((1, 4, 4, 5)), weights, layer)
    with pytest.raises(
        ValueError, match=r"gradients must have shape \(1, 4, 3, 3\), got \(1, 2, 3, 3\)"
    ):
        backward(np.ones((1, 2, 3, 3)), weights, layer)
    with pytest.raises(ValueError, match="weights must have shape"):
        forward(np.ones((1, 4, 5, 5)), np.ones((5, 5, 2, 4)), layer)
    with pytest.raises(ValueError, match="2 groups do not divide 3 channels"):
        forward(np.ones((1, 4, 5, 5)), np.ones((3, 3, 2, 3)), layer)
    with pytest.raises(ValueError, match="2 groups do not divide 5 channels"):
        forward_factor(layer, 5, 1.0)


def test_blocks_know_the_same_paddings() -> None:
    assert PADDINGS == conv_fans.PADDINGS
