"""Mean-field theory against reference values, against itself, and against long known limits."""

import math

import numpy as np
import pytest

from seedbed.figures import meanfield
from seedbed.figures.activations import ACTIVATIONS, Activation, piecewise_linear
from seedbed.figures.meanfield import Layer

pytestmark = pytest.mark.timeout(60)

KNOWN = {**ACTIVATIONS, "leaky 0.2": piecewise_linear("leaky 0.2", 0.2)}
TANH, SIGMOID, RELU, GELU = (ACTIVATIONS[name] for name in ("tanh", "sigmoid", "relu", "gelu"))


@pytest.mark.parametrize(
    ("name", "gain"), [("linear", 1), ("tanh", 1), ("sigmoid", 4), ("gelu", 2), ("silu", 2)]
)
def test_the_inverse_slope_at_0_is_the_gain_that_keeps_small_signals(
    name: str, gain: float
) -> None:
    slope = KNOWN[name].slope_at_zero
    assert slope is not None
    assert pytest.approx(gain, rel=1e-12) == 1.0 / slope
    if name != "sigmoid":  # which adds a mean to its small signals
        assert pytest.approx(1.0, abs=1e-6) == Layer(KNOWN[name], gain**2).length_slope(0.0)


# gain that keeps q = 1, gain that keeps gradients level there, χ under the first
GAINS = {
    "linear": (1.0, 1.0, 1.0),
    "tanh": (1.5925374197, 1.4674135916, 1.17781),
    "lecun-tanh": (1.1543694540, 1.1152568925, 1.07137),
    "softsign": (2.3375333631, 2.0957806089, 1.24401),
    "sigmoid": (1.8462285453, 4.7226460859, 0.15283),
    "relu": (math.sqrt(2.0), math.sqrt(2.0), 1.0),
    "leaky 0.2": (1.3867504906, 1.3867504906, 1.0),
    "elu": (1.2451983007, 1.2234285576, 1.03590),
    "selu": (1.0, 0.9660257770, 1.07157),
    "gelu": (1.5335304412, 1.4811144127, 1.07203),
    "silu": (1.6765324703, 1.6233202580, 1.06663),
}


@pytest.mark.parametrize("name", GAINS)
def test_gains_keep_second_moments_or_gradients(name: str) -> None:
    forward, backward, chi = GAINS[name]
    activation = KNOWN[name]
    assert pytest.approx(forward, abs=1e-9) == activation.forward_gain()
    assert pytest.approx(backward, abs=1e-9) == activation.backward_gain()
    kept = Layer(activation, forward**2)
    assert pytest.approx(1.0, abs=1e-9) == kept.length(1.0)
    assert pytest.approx(chi, abs=6e-6) == kept.chi(1.0)
    assert pytest.approx(1.0, abs=1e-9) == Layer(activation, backward**2).chi(1.0)


@pytest.mark.parametrize(
    ("name", "gain", "q", "chi"),
    [
        ("tanh", 5.0 / 3.0, 1.17848, 1.20983),
        ("tanh", math.sqrt(2.0), 0.617965, 1.10553),
        ("tanh", 1.0, 0.0, 1.0),
        ("sigmoid", 1.0 / math.sqrt(3.0), 0.0850, 0.02001),
        ("sigmoid", 1.0, 0.26469, 0.05572),
        ("sigmoid", 4.0, 5.85540, 0.39888),
        ("sigmoid", 10.149264, 45.6243, 1.0),
        ("selu", 0.75, 0.0230, 1.0037),
        ("lecun-tanh", 1.0, 0.3824, 1.0192),
        ("gelu", math.sqrt(2.0), 0.0, 0.5),
    ],
)
def test_signals_settle_where_the_reference_says(
    name: str, gain: float, q: float, chi: float
) -> None:
    layer = Layer(ACTIVATIONS[name], gain**2)
    found = meanfield.settled(layer)
    assert pytest.approx(q, abs=6e-5) == found
    assert pytest.approx(chi, abs=6e-5) == layer.chi(found)


@pytest.mark.parametrize(
    ("name", "gain", "rms"),
    [("tanh", 5 / 3, 0.65135), ("tanh", 1.5925374197, 0.6279), ("tanh", math.sqrt(2.0), 0.5559)],
)
def test_activations_have_the_reference_size(name: str, gain: float, rms: float) -> None:
    layer = Layer(ACTIVATIONS[name], gain**2)
    found = math.sqrt(layer.activation.second_moment(meanfield.settled(layer)))
    assert pytest.approx(rms, abs=6e-5) == found


@pytest.mark.parametrize(
    ("gain", "sd"),
    [(1 / math.sqrt(3.0), 0.0714), (1.0, 0.1212), (4.0, 0.3405), (10.149264, 0.4392)],
)
def test_sigmoid_units_spread_about_one_half(gain: float, sd: float) -> None:
    layer = Layer(SIGMOID, gain**2)
    moment = SIGMOID.second_moment(meanfield.settled(layer))
    assert pytest.approx(sd, abs=6e-5) == math.sqrt(moment - 0.25)


@pytest.mark.parametrize(
    ("name", "gain", "slope", "stable"),
    [
        ("gelu", None, 1.144, False),
        ("silu", None, 1.173, False),
        ("selu", None, 0.7826, True),
        ("elu", None, 0.891, True),
        ("tanh", 5.0 / 3.0, 0.431, True),
    ],
)
def test_fixed_points_attract_or_repel(name: str, gain: float | None, slope: float, stable) -> None:
    activation = ACTIVATIONS[name]
    layer = Layer(activation, (gain or activation.forward_gain()) ** 2)
    point = meanfield.fixed_points(layer)[-1]
    assert pytest.approx(slope, abs=6e-4) == point.slope
    assert point.stable is stable


def test_lecun_tanh_would_be_stable_at_1_with_its_gain() -> None:
    layer = Layer(ACTIVATIONS["lecun-tanh"], 1.0)
    (_, rest) = meanfield.fixed_points(layer)
    assert rest.stable
    assert pytest.approx(0.7805, abs=6e-5) == rest.slope


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("q", [0.01, 0.7, 3.0, 20.0])
def test_slopes_are_those_of_the_map(name: str, q: float) -> None:
    layer = Layer(ACTIVATIONS[name], 1.7, 0.1)
    step = 1e-5 * q
    numeric = (layer.length(q + step) - layer.length(q - step)) / (2.0 * step)
    assert pytest.approx(numeric, rel=1e-6) == layer.length_slope(q)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("start", [0.01, 1.0, 30.0])
def test_settled_is_where_iteration_leads(name: str, start: float) -> None:
    layer = Layer(ACTIVATIONS[name], 1.3, 0.2)
    q = start
    for _ in range(3000):
        q = min(layer.length(q), 1e9)
    expected = math.inf if q > 1e6 else q
    assert pytest.approx(expected, rel=1e-6) == meanfield.settled(layer, start)


def test_gelu_dies_below_its_repelling_point_and_grows_above_it() -> None:
    layer = Layer(GELU, GELU.forward_gain() ** 2)
    assert [0.0, math.inf] == [meanfield.settled(layer, start) for start in (0.9, 1.1)]


def test_relu_with_its_gain_keeps_what_it_gets() -> None:
    layer = Layer(RELU, 2.0)
    assert layer.keeps_every_length
    assert meanfield.fixed_points(layer) == ()
    assert [meanfield.settled(layer, start) for start in (0.3, 1.0, 7.0)] == [0.3, 1.0, 7.0]
    assert not Layer(RELU, 2.0, 0.1).keeps_every_length
    assert [math.inf, 0.0] == [meanfield.settled(Layer(RELU, factor)) for factor in (2.1, 1.9)]
    (point,) = meanfield.fixed_points(Layer(RELU, 1.0, 0.25))
    assert pytest.approx((0.5, 0.5, 0.5), rel=1e-12) == (point.q, point.slope, point.chi)


@pytest.mark.parametrize(
    ("bias_std", "weight_std"),
    [
        (0.0, 1.0),
        (0.05, 1.122539),
        (0.1, 1.193401),
        (0.2, 1.304146),
        (0.3, 1.395584),
        (0.5, 1.549674),
    ],
)
def test_the_edge_of_chaos_passes_the_reference_points(bias_std: float, weight_std: float) -> None:
    found = meanfield.critical_weight_std(TANH, bias_std)
    assert pytest.approx(weight_std, abs=1e-6) == found
    layer = Layer(TANH, found**2, bias_std**2)
    assert pytest.approx(1.0, abs=1e-6) == layer.chi(meanfield.settled(layer))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softsign", "lecun-tanh"])
def test_gradients_are_level_along_the_critical_line(name: str) -> None:
    activation = ACTIVATIONS[name]
    weights, biases = meanfield.critical_line(activation, (0.1, 1.5), 7)
    assert pytest.approx([0.1, 1.5], abs=1e-9) == [biases[0], biases[-1]]
    q = meanfield.settled_plane(activation, weights**2, biases**2)
    chi = weights**2 * meanfield.square_means(activation.derivative, q)
    np.testing.assert_allclose(chi, 1.0, atol=1e-9)


def test_the_plane_agrees_with_single_layers() -> None:
    factors, variances = np.array([0.25, 0.81, 2.25, 16.0]), np.array([0.0, 0.01, 0.04, 2.25])
    q = meanfield.settled_plane(TANH, factors, variances)
    alone = [meanfield.settled(Layer(TANH, w, b)) for w, b in zip(factors, variances, strict=True)]
    np.testing.assert_allclose(q, alone, rtol=1e-9, atol=1e-13)


def test_the_plane_is_for_bounded_activations() -> None:
    with pytest.raises(ValueError, match="relu is not bounded"):
        meanfield.settled_plane(RELU, np.ones(1), np.zeros(1))


def gaps(name: str, sigma_w: float, sigma_b: float, start: float, depth: int) -> np.ndarray:
    layer = Layer(ACTIVATIONS[name], sigma_w**2, sigma_b**2)
    return meanfield.correlation_gaps(layer, start, depth)


def test_relu_correlations_near_one_as_9_pi_squared_over_2_l_squared() -> None:
    gap = gaps("relu", math.sqrt(2.0), 0.0, 0.0, 10_000)
    ratios = [gap[at] * 2.0 * at**2 / (9.0 * math.pi**2) for at in (50, 100, 1000, 10_000)]
    assert pytest.approx([0.68, 0.81, 0.971, 0.996], abs=6e-3) == ratios


def test_relu_follows_the_arc_cosine_map() -> None:
    layer = Layer(RELU, 2.0)
    for c in (-1.0, -0.5, 0.0, 0.3, 0.9, 0.999, 1.0 - 1e-6):
        expected = (math.sqrt(1.0 - c * c) + c * (math.pi - math.acos(c))) / math.pi
        assert pytest.approx(1.0 - expected, abs=1e-12) == meanfield.next_gap(layer, 1.0, 1.0 - c)


def test_the_series_near_one_joins_the_closed_form() -> None:
    at = 1.0 - math.cos(0.1)
    layer = Layer(RELU, 2.0)
    before, after = (
        meanfield.next_gap(layer, 1.0, at * part) / part for part in (1 - 1e-9, 1 + 1e-9)
    )
    assert pytest.approx(before, rel=1e-8) == after
    tiny = meanfield.next_gap(layer, 1.0, 1e-12)
    assert pytest.approx(1e-12 - 2.0 * math.sqrt(2.0) / (3.0 * math.pi) * 1e-18, rel=1e-12) == tiny


@pytest.mark.parametrize("c", [-0.95, -0.3, 0.0, 0.4, 0.9])
def test_the_closed_form_of_piecewise_linear_functions_agrees_with_quadrature(c: float) -> None:
    leaky = KNOWN["leaky 0.2"]
    by_quadrature = Activation("leaky", leaky.function, leaky.derivative, None)
    closed = meanfield.next_gap(Layer(leaky, 1.5, 0.1), 2.0, 1.0 - c)
    numeric = meanfield.next_gap(Layer(by_quadrature, 1.5, 0.1), 2.0, 1.0 - c)
    assert pytest.approx(closed, rel=2e-3) == numeric


@pytest.mark.parametrize("c", [-0.8, -0.2, 0.0, 0.5, 0.97])
def test_correlation_maps_agree_with_sampling(c: float) -> None:
    # 10^6 pairs: the mean of products of magnitude below 1 errs by less than 0.001.
    rng = np.random.Generator(np.random.PCG64(7))
    first, other = rng.standard_normal((2, 1_000_000))
    second = c * first + math.sqrt(1.0 - c * c) * other
    q, layer = 1.5, Layer(SIGMOID, 3.0, 0.2)
    product = float(
        np.mean(SIGMOID.function(math.sqrt(q) * first) * SIGMOID.function(math.sqrt(q) * second))
    )
    expected = 1.0 - (3.0 * product + 0.2) / layer.length(q)
    assert pytest.approx(expected, abs=0.01) == meanfield.next_gap(layer, q, 1.0 - c)


@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(0.9, 0.1), (1.304146, 0.2), (2.5, 0.3)])
def test_the_slope_of_the_correlation_map_at_one_is_chi(sigma_w: float, sigma_b: float) -> None:
    layer = Layer(TANH, sigma_w**2, sigma_b**2)
    q = meanfield.settled(layer)
    for gap, tolerance in ((1e-12, 1e-9), (1e-4, 2e-3)):
        found = meanfield.next_gap(layer, q, gap) / gap
        assert pytest.approx(layer.chi(q), rel=tolerance) == found


def test_chaos_leaves_inputs_apart_and_order_does_not() -> None:
    chaotic, ordered = Layer(TANH, 2.5**2, 0.3**2), Layer(TANH, 0.9**2, 0.1**2)
    limit = meanfield.settled_correlation(chaotic)
    assert pytest.approx(0.12210, abs=6e-6) == limit
    for start in (-0.9, 0.0, 0.9):
        gap = meanfield.correlation_gaps(chaotic, start, 100)
        assert pytest.approx(limit, abs=1e-7) == 1.0 - gap[-1]
    assert meanfield.settled_correlation(ordered) == 1.0
    assert meanfield.correlation_gaps(ordered, 0.0, 200)[-1] < 1e-20
    # An odd function without biases forgets what inputs had in common.
    assert pytest.approx(0.0, abs=1e-6) == meanfield.settled_correlation(Layer(TANH, 4.0))


def test_correlations_end_where_signals_stay() -> None:
    assert meanfield.settled_correlation(Layer(RELU, 1.0)) == 1.0
    assert meanfield.settled_correlation(Layer(RELU, 9.0)) == 1.0
    assert math.isnan(meanfield.settled_correlation(Layer(ACTIVATIONS["linear"], 1.0)))
    assert math.isnan(meanfield.settled_correlation(Layer(TANH, 0.5)))
    assert math.isnan(meanfield.settled_correlation(Layer(ACTIVATIONS["elu"], 25.0)))


def test_linear_layers_keep_every_correlation() -> None:
    np.testing.assert_allclose(1.0 - gaps("linear", 1.7, 0.0, 0.3, 50), 0.3, atol=1e-12)


def test_digamma_and_trigamma_have_their_known_values() -> None:
    euler = 0.5772156649015329
    x = np.array([0.5, 1.0, 2.0, 8.0, 0.25])
    expected = [
        -euler - 2.0 * math.log(2.0),
        -euler,
        1.0 - euler,
        sum(1.0 / k for k in range(1, 8)) - euler,
        -euler - math.pi / 2.0 - 3.0 * math.log(2.0),
    ]
    np.testing.assert_allclose(meanfield.digamma(x), expected, atol=1e-12)
    catalan = 0.915965594177219015
    sixth = math.pi**2 / 6.0
    expected = [
        math.pi**2 / 2.0,
        sixth,
        sixth - 1.0,
        sixth - sum(1.0 / k**2 for k in range(1, 8)),
        math.pi**2 + 8.0 * catalan,
    ]
    np.testing.assert_allclose(meanfield.trigamma(x), expected, rtol=1e-12)


@pytest.mark.parametrize(("rectified", "slope"), [(False, 2.0), (True, 5.0)])
def test_log_moments_tend_to_first_order_in_one_over_width(rectified, slope: float) -> None:
    for width in (256, 4096):
        mean, variance = meanfield.log_moments(width, rectified=rectified)
        assert pytest.approx(slope / width, rel=10.0 / width) == variance
        assert pytest.approx(-slope / (2.0 * width), rel=10.0 / width) == mean


def test_narrow_relu_layers_scatter_more_than_first_order_says() -> None:
    assert pytest.approx(0.4196, abs=6e-5) == meanfield.log_moments(16, rectified=True)[1]
    # Width 1: one unit, active, 2 χ²_1; the digamma and trigamma of one half.
    mean, variance = meanfield.log_moments(1, rectified=True)
    assert pytest.approx(-1.9635100260214235 + math.log(4.0), abs=1e-12) == mean
    assert pytest.approx(math.pi**2 / 2.0, rel=1e-12) == variance
