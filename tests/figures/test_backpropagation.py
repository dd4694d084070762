"""The backward pass against finite differences, and its predictions against reference values.

Statistical bounds have a false-alarm rate of one in a million, and fixed seeds.
"""

import itertools
import math

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import backpropagation, xavier
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.propagation import Layers, Probe

TANH, RELU, LINEAR = ACTIVATIONS["tanh"], ACTIVATIONS["relu"], ACTIVATIONS["linear"]
SIZES = (5, 4, 6, 3)


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def small_network(rng: np.random.Generator):
    """Return weights, biases, inputs and gradients at the top of three unequal layers."""
    shapes = list(itertools.pairwise(SIZES))
    weights = [rng.standard_normal(shape) / math.sqrt(shape[0]) for shape in shapes]
    biases = [0.3 * rng.standard_normal(shape[1]) for shape in shapes]
    return weights, biases, rng.standard_normal((7, SIZES[0])), rng.standard_normal((7, SIZES[-1]))


def cost(activation, weights, biases, inputs, top):
    """Return a cost whose gradient at the last pre-activations is ``top``."""
    h = inputs
    for matrix, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = activation.function(h @ matrix + bias)
    return float(np.sum(top * (h @ weights[-1] + biases[-1])))


def difference(array, at, evaluate, step=1e-6):
    """Return the central difference of ``evaluate()`` with respect to one element."""
    kept, ends = array[at], []
    for shift in (step, -step):
        array[at] = kept + shift
        ends.append(evaluate())
    array[at] = kept
    return (ends[0] - ends[1]) / (2.0 * step)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_gradients_are_those_of_finite_differences(name):
    activation = ACTIVATIONS[name]
    weights, biases, inputs, top = small_network(generator(1))
    passed = backpropagation.forward(activation, weights, biases, inputs)
    gradients = backpropagation.backward(weights, passed.slopes, top)
    found = backpropagation.weight_gradients(passed.signals, gradients)

    def evaluate():
        return cost(activation, weights, biases, inputs, top)

    for layer in range(3):
        assert found[layer].shape == weights[layer].shape
        for at in np.ndindex(weights[layer].shape):
            expected = difference(weights[layer], at, evaluate)
            assert pytest.approx(expected, rel=1e-5, abs=1e-7) == found[layer][at]
        # A bias is added to the pre-activation of every input.
        for unit in range(biases[layer].size):
            expected = difference(biases[layer], unit, evaluate)
            assert pytest.approx(expected, rel=1e-5, abs=1e-7) == gradients[layer][:, unit].sum()


def test_the_jacobian_of_a_layer_is_that_of_finite_differences():
    rng = generator(2)
    matrix, h = rng.standard_normal((4, 3)), rng.standard_normal(4)
    jacobian = backpropagation.layer_jacobian(matrix, TANH.derivative(h @ matrix))
    for at, unit in np.ndindex(4, 3):
        expected = difference(h, at, lambda unit=unit: float(np.tanh(h @ matrix)[unit]))
        assert pytest.approx(expected, rel=1e-6) == jacobian[at, unit]


@pytest.mark.parametrize("shape", [(6, 6), (7, 4), (4, 7)])
def test_the_root_mean_square_is_that_of_the_singular_values(shape):
    rng = generator(3)
    matrix, slopes = rng.standard_normal(shape), rng.uniform(0.0, 1.0, (5, shape[1]))
    values = [
        np.linalg.svd(backpropagation.layer_jacobian(matrix, slope), compute_uv=False)
        for slope in slopes
    ]
    expected = math.sqrt(np.mean(np.square(values)))
    assert pytest.approx(expected, rel=1e-12) == backpropagation.rms_singular_value(matrix, slopes)


@pytest.mark.parametrize(
    ("name", "gain", "chi"),
    [
        ("linear", 1.0, 1.0),
        ("relu", math.sqrt(2.0), 1.0),
        ("leaky-relu", 1.0, (1.0 + 0.01**2) / 2.0),
        ("tanh", 1.5925374197, 1.17781),
        ("tanh", 5.0 / 3.0, 1.20983),
        ("tanh", math.sqrt(2.0), 1.10553),
        ("sigmoid", 1.0 / math.sqrt(3.0), 0.02001),
        ("sigmoid", 1.0, 0.05572),
        ("sigmoid", 4.0, 0.39888),
        ("sigmoid", 10.149264, 1.0),
        ("selu", 1.0, 1.07157),
        ("elu", 1.2451983007, 1.03590),
        ("lecun-tanh", 1.1543694540, 1.07137),
    ],
)
def test_a_layer_deep_inside_multiplies_gradients_by_the_known_factor(name, gain, chi):
    layers = Layers(200, 1)
    factors = backpropagation.predicted_backward_factors(ACTIVATIONS[name], gain**2, layers)
    assert pytest.approx(chi, abs=6e-6) == factors[-1]


@pytest.mark.parametrize(
    ("std", "bias_std", "chi"),
    [
        (0.9, 0.1, 0.7527),
        (1.3, 0.1, 1.0450),
        (1.5, 0.05, 1.1367),
        (2.0, 0.05, 1.3616),
        (2.5, 0.3, 1.5852),
    ],
)
def test_biases_shift_the_edge_of_chaos(std, bias_std, chi):
    layers = Layers(400, 1, bias_std)
    factors = backpropagation.predicted_backward_factors(TANH, std**2, layers)
    assert pytest.approx(chi, abs=6e-5) == factors[-1]


@pytest.mark.parametrize(
    ("name", "factor", "mean"),
    [
        ("tanh", 1.0, 0.8803),
        ("tanh", 2.0, 1.0738),
        ("relu", 1.0, 0.5),
        ("relu", 2.0, 1.0),
        ("sigmoid", 1.0, 0.0553),
        ("sigmoid", 2.0, 0.0998),
    ],
)
def test_thirty_layers_multiply_gradients_by_the_reference_factors(name, factor, mean):
    moments = backpropagation.predicted_gradient_moments(ACTIVATIONS[name], factor, Layers(30, 1))
    assert moments.shape == (30,)
    assert moments[-1] == 1.0
    assert pytest.approx(mean, abs=6e-5) == float(moments[0]) ** (1.0 / 29.0)


def test_tanh_with_gain_one_loses_gradients_slowly():
    moments = backpropagation.predicted_gradient_moments(TANH, 1.0, Layers(50, 1))
    assert pytest.approx(0.0146, rel=0.03) == moments[0]


def test_each_predicted_moment_is_its_factor_times_the_one_above():
    layers = Layers(6, 1, 0.2)
    factors = backpropagation.predicted_backward_factors(TANH, 2.0, layers)
    moments = backpropagation.predicted_gradient_moments(TANH, 2.0, layers)
    np.testing.assert_allclose(moments[:-1], factors[:-1] * moments[1:], rtol=1e-12)
    assert len(set(factors.tolist())) == 6


@pytest.mark.parametrize("factor", [1.0 / 3.0, 1.0, 2.0])
def test_a_linear_network_spreads_weight_gradients_evenly(factor):
    moments = backpropagation.predicted_weight_gradient_moments(LINEAR, factor, Layers(40, 1))
    np.testing.assert_allclose(moments, 1.0, rtol=1e-12)


def test_relu_spreads_weight_gradients_evenly_but_for_the_unrectified_input():
    moments = backpropagation.predicted_weight_gradient_moments(RELU, 1.0 / 3.0, Layers(40, 1))
    # Backwards every layer but the last halves, forwards every layer but the input.
    np.testing.assert_allclose(moments, 1.0, rtol=1e-12)


def test_sigmoid_has_no_such_luck():
    sigmoid = ACTIVATIONS["sigmoid"]
    moments = backpropagation.predicted_weight_gradient_moments(sigmoid, 1.0 / 3.0, Layers(30, 1))
    assert 1e-49 < moments[0] < 4e-49


def test_what_overflows_is_not_predicted():
    layers = Layers(6, 1)
    factors = backpropagation.predicted_backward_factors(RELU, 1e100, layers)
    assert np.isnan(factors).tolist() == [False] * 3 + [True] * 3
    moments = backpropagation.predicted_gradient_moments(RELU, 1e100, layers)
    assert np.isnan(moments).tolist() == [True] * 5 + [False]
    assert np.isnan(backpropagation.predicted_weight_gradient_moments(RELU, 1e100, layers)).all()


def simulated(name, factor, layers, probe, seed=5):
    def draw(rng):
        return xavier.normal((layers.width,) * 2, math.sqrt(factor / layers.width), rng)

    (moments,) = backpropagation.simulated_gradient_moments(
        [ACTIVATIONS[name]], draw, layers, probe, np.random.SeedSequence(seed)
    )
    return moments


@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid", "gelu", "leaky-relu"])
@pytest.mark.parametrize(
    ("quantity", "predict"),
    [
        ("backprop", backpropagation.predicted_gradient_moments),
        ("weight", backpropagation.predicted_weight_gradient_moments),
    ],
)
def test_wide_networks_do_what_is_predicted(name, quantity, predict):
    layers = Layers(4, 500, bias_std=0.2)
    moments = simulated(name, 2.0, layers, Probe(64, quantity))
    expected = predict(ACTIVATIONS[name], 2.0, layers)
    # Each of three layers adds an error of order sqrt(5 / width), 0.1.
    np.testing.assert_allclose(moments, expected, rtol=checks.Z_LIMIT * math.sqrt(15.0 / 500))
    assert moments[-1] == 1.0


def test_the_logarithm_drifts_as_finite_width_makes_it():
    # With linear layers and one input, ln(g_1 / g_L) is a sum of ln(χ²_n / n), as going forward.
    n, depth, networks = 64, 9, 60
    drawn = [
        simulated("linear", 1.0, Layers(depth, n), Probe(1, "backprop"), seed)[0]
        for seed in range(networks)
    ]
    steps = depth - 1
    tolerance = checks.Z_LIMIT * math.sqrt(2.0 * steps / (n * networks))
    assert abs(float(np.mean(np.log(drawn))) + steps / n) < tolerance
    # The same bound sees a variance that is 10 % off.
    assert abs(float(np.mean(np.log(drawn))) + steps * (1.0 / n - math.log(1.1))) > tolerance


def test_functions_are_compared_on_the_same_weights_inputs_and_gradients():
    layers, probe = Layers(3, 20), Probe(4, "backprop")

    def draw(rng):
        return xavier.he_normal((20, 20), rng)

    both, alone = (
        backpropagation.simulated_gradient_moments(
            functions, draw, layers, probe, np.random.SeedSequence(1)
        )
        for functions in ([TANH, RELU], [RELU])
    )
    np.testing.assert_array_equal(both[1], alone[0])


def test_orthogonal_products_have_singular_values_of_one():
    rng = generator(6)
    weights = [xavier.orthogonal((16, 16), rng) for _ in range(30)]
    spectra = backpropagation.jacobian_spectra(LINEAR, weights, np.ones(16), [1, 30])
    assert spectra.shape == (2, 16)
    np.testing.assert_allclose(spectra, 1.0, atol=1e-12)


def test_spectra_are_those_of_the_jacobian_by_finite_differences():
    rng = generator(7)
    weights = [xavier.normal((6, 6), 0.5, rng) for _ in range(3)]
    x = rng.standard_normal(6)

    def output(unit):
        h = x
        for matrix in weights:
            h = np.tanh(h @ matrix)
        return float(h[unit])

    jacobian = [[difference(x, i, lambda j=j: output(j)) for j in range(6)] for i in range(6)]
    expected = np.linalg.svd(np.array(jacobian), compute_uv=False)
    (found,) = backpropagation.jacobian_spectra(TANH, weights, x, [3])
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-9)


def test_what_is_rounding_counts_as_zero_and_what_overflows_as_nothing():
    x = np.ones(3)
    fading = [np.diag([1.0, 1e-7, 0.0])] * 2
    assert backpropagation.jacobian_spectra(LINEAR, fading, x, [1]).tolist() == [[1.0, 1e-7, 0.0]]
    assert backpropagation.jacobian_spectra(LINEAR, fading, x, [2]).tolist() == [[1.0, 0.0, 0.0]]
    growing = [np.full((3, 3), 1e200)] * 2
    assert np.isnan(backpropagation.jacobian_spectra(LINEAR, growing, x, [2])).all()


def test_one_random_matrix_has_the_quarter_circle_law():
    fractions = np.linspace(0.01, 0.99, 99)
    s = backpropagation.gaussian_product_spectrum(1, fractions)
    smaller = (s * np.sqrt(4.0 - s * s) / 2.0 + 2.0 * np.arcsin(s / 2.0)) / math.pi
    np.testing.assert_allclose(1.0 - smaller, fractions, atol=1e-6)


@pytest.mark.parametrize(("depth", "edge"), [(1, 2.0), (4, 3.494), (16, 6.697), (64, 13.24)])
def test_products_end_at_the_known_edge(depth, edge):
    exact = math.sqrt((depth + 1) * (1.0 + 1.0 / depth) ** depth)
    assert pytest.approx(exact, rel=1e-3) == edge
    (largest,) = backpropagation.gaussian_product_spectrum(depth, np.array([1e-10]))
    assert pytest.approx(exact, rel=1e-4) == largest


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_products_keep_the_mean_square(depth):
    middles = (np.arange(200_000) + 0.5) / 200_000
    values = backpropagation.gaussian_product_spectrum(depth, middles)
    assert pytest.approx(1.0, rel=2e-3) == float(np.mean(values**2))
    assert (np.diff(values) <= 0.0).all()


def test_the_mean_singular_value_of_one_matrix_is_known():
    middles = (np.arange(100_000) + 0.5) / 100_000
    mean = float(np.mean(backpropagation.gaussian_product_spectrum(1, middles)))
    assert pytest.approx(8.0 / (3.0 * math.pi), rel=1e-5) == mean


@pytest.mark.parametrize("depth", [1, 3])
def test_large_products_follow_the_law(depth):
    rng, n = generator(8), 300
    weights = [xavier.lecun_normal((n, n), rng) for _ in range(depth)]
    (found,) = backpropagation.jacobian_spectra(LINEAR, weights, np.ones(n), [depth])
    expected = backpropagation.gaussian_product_spectrum(depth, (np.arange(n) + 0.5) / n)
    # Singular values keep their distance from each other: few ranks separate them from the law.
    ranks = 8
    assert (found[ranks:] < expected[:-ranks]).all()
    assert (found[:-ranks] > expected[ranks:]).all()


def test_a_product_has_at_least_one_factor():
    with pytest.raises(ValueError, match="depth must be at least 1"):
        backpropagation.gaussian_product_spectrum(0, np.array([0.5]))
