"""Activations: their moments against reference values, quadrature against closed forms."""

import math

import numpy as np
import pytest

from seedbed.figures.activations import (
    ACTIVATIONS,
    SELU_ALPHA,
    Activation,
    expectation,
    piecewise_linear,
)
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES

# E φ, E φ², E φ'², the gain that keeps q = 1, the gain that keeps gradients level at q = 1
REFERENCE = {
    "linear": (0.0, 1.0, 1.0, 1.0, 1.0),
    "tanh": (0.0, 0.3942944904, 0.4644029024, 1.5925374197, 1.4674135916),
    "lecun-tanh": (0.0, 0.7504302763, 0.8039891133, 1.1543694540, 1.1152568925),
    "softsign": (0.0, 0.1830140213, 0.2276713404, 2.3375333631, 2.0957806089),
    "sigmoid": (0.5, 0.2933790359, 0.0448362414, 1.8462285453, 4.7226460859),
    "relu": (0.3989422804, 0.5, 0.5, math.sqrt(2.0), math.sqrt(2.0)),
    "leaky 0.2": (0.3191538243, 0.52, 0.52, 1.3867504906, 1.3867504906),
    "elu": (0.1605205723, 0.6449454175, 0.6681020012, 1.2451983007, 1.2234285576),
    "selu": (0.0, 1.0, 1.0715749925, 1.0, 0.9660257770),
    "gelu": (0.2820947918, 0.4252214826, 0.4558508656, 1.5335304412, 1.4811144127),
    "silu": (0.2066209641, 0.3557755198, 0.3794823516, 1.6765324703, 1.6233202580),
}
KNOWN = {**ACTIVATIONS, "leaky 0.2": piecewise_linear("leaky 0.2", 0.2)}


@pytest.mark.parametrize("name", REFERENCE)
def test_moments_and_gains_at_one_are_the_reference_values(name: str) -> None:
    activation = KNOWN[name]
    actual = (
        activation.mean(1.0),
        activation.second_moment(1.0),
        activation.slope_moment(1.0),
        activation.forward_gain(),
        activation.backward_gain(),
    )
    assert pytest.approx(REFERENCE[name], abs=1e-9) == actual


@pytest.mark.parametrize("q", [0.01, 1.0, 10.0, 100.0])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_closed_forms_agree_with_quadrature(name: str, q: float) -> None:
    activation = ACTIVATIONS[name]
    by_quadrature = Activation(name, activation.function, activation.derivative, None)
    for moment in ("mean", "second_moment", "slope_moment"):
        expected = getattr(by_quadrature, moment)(q)
        assert pytest.approx(expected, rel=1e-9, abs=1e-12) == getattr(activation, moment)(q)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_the_slopes_of_their_functions(name: str) -> None:
    activation = ACTIVATIONS[name]
    z = np.array([-40.0, -3.0, -1.0, -0.1, 0.1, 0.7, 2.0, 5.0, 40.0])
    slope = (activation.function(z + 1e-6) - activation.function(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(activation.derivative(z), slope, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_functions_stay_finite_far_out(name: str) -> None:
    z = np.array([-1e6, -1e3, 1e3, 1e6])
    assert np.isfinite(ACTIVATIONS[name].function(z)).all()
    assert np.isfinite(ACTIVATIONS[name].derivative(z)).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_at_zero_is_given_where_there_is_one(name: str) -> None:
    activation = ACTIVATIONS[name]
    kinked = name in ("relu", "leaky-relu", "selu")
    assert kinked is (activation.slope_at_zero is None)
    if activation.slope_at_zero is not None:
        expected = activation.derivative(np.array([1e-12]))[0]
        assert pytest.approx(expected, abs=1e-9) == activation.slope_at_zero


def test_quadrature_integrates_the_normal_law_itself() -> None:
    moments = [expectation(lambda z, p=power: z**p, 1.0) for power in (0, 1, 2, 4)]  # type: ignore[misc]
    np.testing.assert_allclose(moments, [1.0, 0.0, 1.0, 3.0], atol=1e-12)


def test_quadrature_is_exact_across_the_kink_of_relu() -> None:
    assert abs(expectation(lambda z: np.maximum(z, 0.0) ** 2, 1.0) - 0.5) < 1e-12


def test_selu_has_its_published_constants() -> None:
    scale = float(ACTIVATIONS["selu"].function(np.array([1.0]))[0])
    assert pytest.approx((1.6732632423543772, 1.0507009873554805), rel=1e-11) == (SELU_ALPHA, scale)


def test_lecun_tanh_maps_one_to_one() -> None:
    values = ACTIVATIONS["lecun-tanh"].function(np.array([-1.0, 1.0]))
    np.testing.assert_allclose(values, [-1.0, 1.0], atol=1e-4)


@pytest.mark.parametrize(
    ("bias_std", "weight_std"),
    [(0.05, 1.122539), (0.1, 1.193401), (0.2, 1.304146), (0.3, 1.395584), (0.5, 1.549674)],
)
def test_tanh_is_critical_where_the_reference_says(bias_std: float, weight_std: float) -> None:
    tanh = ACTIVATIONS["tanh"]
    low, high = 1e-6, 4.0
    for _ in range(80):  # bisect for the q at which the critical line has this bias
        q = (low + high) / 2.0
        too_small = q - tanh.second_moment(q) / tanh.slope_moment(q) < bias_std**2
        low, high = (q, high) if too_small else (low, q)
    assert pytest.approx(weight_std, abs=1e-6) == 1.0 / math.sqrt(tanh.slope_moment(low))


def test_the_schema_names_exactly_the_activations_that_there_are() -> None:
    assert tuple(ACTIVATIONS) == ACTIVATION_NAMES
