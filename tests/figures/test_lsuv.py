"""LSUV: variance 1 at every layer, by orthogonal matrices times a number each, or an error."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import xavier
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.lsuv import lsuv, with_unit_variance

Values = checks.Weights
WIDTH, DEPTH = 256, 8
NAMES = ("tanh", "relu", "gelu")


def generator(*seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(list(seed)))


def inputs(seed: int, count: int = 200, width: int = WIDTH) -> Values:
    return generator(1, seed).standard_normal((count, width))


def preactivations(name: str, weights: tuple[Values, ...], batch: Values) -> list[Values]:
    signal, every = batch, []
    for matrix in weights:
        every.append(signal @ matrix)
        signal = ACTIVATIONS[name].function(every[-1])
    return every


@pytest.fixture(scope="module", params=NAMES)
def network(request: pytest.FixtureRequest) -> tuple[str, tuple[Values, ...]]:
    """Return an activation's name and weights that one iteration a layer has led to."""
    function = ACTIVATIONS[request.param].function
    drawn = lsuv([WIDTH] * DEPTH, function, inputs(1), generator(2), iterations=1)
    return request.param, drawn


def test_one_iteration_makes_the_standard_deviation_of_every_layer_one(
    network: tuple[str, tuple[Values, ...]],
) -> None:
    stds = [float(np.std(s)) for s in preactivations(*network, inputs(1))]
    assert pytest.approx([1.0] * DEPTH, abs=0.003) == stds


def test_the_standard_deviation_is_one_for_inputs_that_were_not_measured(
    network: tuple[str, tuple[Values, ...]],
) -> None:
    for s in preactivations(*network, inputs(3)):
        squares = np.mean((s - np.mean(s)) ** 2, axis=1)
        # Both batches are samples of the same inputs: the error of one stands in for either.
        error = math.sqrt(2.0 * float(np.var(squares, ddof=1)) / len(squares))
        # What is left of the tolerance adds to it.
        assert abs(float(np.mean(squares)) - 1.0) < checks.Z_LIMIT * error + 0.005


def test_without_it_the_signal_does_not_keep_its_variance(
    network: tuple[str, tuple[Values, ...]],
) -> None:
    name, drawn = network
    rng = generator(2)
    plain = tuple(xavier.orthogonal(matrix.shape, rng) for matrix in drawn)
    last = preactivations(name, plain, inputs(1))[-1]
    assert float(np.std(last)) < 0.5


def test_the_weights_are_the_orthogonal_matrices_of_the_same_seed_times_a_number(
    network: tuple[str, tuple[Values, ...]],
) -> None:
    _, drawn = network
    rng = generator(2)
    for matrix in drawn:
        start = xavier.orthogonal(matrix.shape, rng)
        factor = float(np.sum(matrix * start)) / WIDTH
        assert checks.sides_are_orthonormal(matrix, factor)
        np.testing.assert_allclose(matrix, factor * start, rtol=1e-12, atol=1e-15)


def test_widths_may_differ_and_chain() -> None:
    drawn = lsuv([50, 90, 10], np.tanh, inputs(4, 100, 30), generator(3))
    assert [matrix.shape for matrix in drawn] == [(30, 50), (50, 90), (90, 10)]
    stds = [float(np.std(s)) for s in preactivations("tanh", drawn, inputs(4, 100, 30))]
    assert pytest.approx([1.0] * 3, abs=0.003) == stds


def test_inputs_of_any_scale_are_made_up_for_by_the_first_layer_alone() -> None:
    small, large = (
        lsuv([20, 20], np.tanh, scale * inputs(5, 50, 20), generator(4), tolerance=1e-9)
        for scale in (1.0, 1000.0)
    )
    np.testing.assert_allclose(small[0], 1000.0 * large[0], rtol=1e-12)
    np.testing.assert_allclose(small[1], large[1], rtol=1e-12)


def test_no_layers_have_no_weights() -> None:
    assert lsuv([], np.tanh, inputs(6, 2, 3), generator(5)) == ()


def test_weights_within_the_tolerance_are_left_as_they_are() -> None:
    start = xavier.orthogonal((64, 64), generator(6))
    batch = inputs(7, 100, 64)
    variance = float(np.var(batch @ start))
    assert 0.001 < abs(variance - 1.0) < 0.1
    (near,) = lsuv([64], np.tanh, batch, generator(6), tolerance=0.1)
    np.testing.assert_array_equal(start, near)
    (nearer,) = lsuv([64], np.tanh, batch, generator(6), tolerance=0.001)
    np.testing.assert_allclose(start / math.sqrt(variance), nearer, rtol=1e-12)


def with_biases(std: float) -> Callable[[Values], Values]:
    batch = inputs(8, 400, 50)
    biases = generator(7).standard_normal(50)
    biases *= std / float(np.std(biases))
    return lambda weights: batch @ weights + biases


def test_biases_take_six_iterations() -> None:
    # Of a variance of 1.5 half is not scaled: what is left is about halved each time.
    outputs, start = with_biases(math.sqrt(0.5)), xavier.orthogonal((50, 50), generator(8))
    scaled = with_unit_variance(start, outputs, iterations=6)
    assert abs(float(np.var(outputs(scaled))) - 1.0) < 0.005
    with pytest.raises(ValueError, match=r"variance of the outputs is 1\..* after 5 iterations"):
        with_unit_variance(start, outputs, iterations=5)


def test_biases_of_more_than_the_variance_can_not_be_made_up_for() -> None:
    start = xavier.orthogonal((50, 50), generator(8))
    with pytest.raises(ValueError, match=r"after 10 iterations, not within 0\.005 of 1"):
        with_unit_variance(start, with_biases(2.0))


def test_neither_the_weights_nor_the_batch_are_changed() -> None:
    start, batch = xavier.orthogonal((9, 9), generator(9)), 5.0 * inputs(9, 20, 9)
    copies = start.copy(), batch.copy()
    with_unit_variance(start, lambda weights: batch @ weights)
    lsuv([9, 9], np.tanh, batch, generator(9))
    np.testing.assert_array_equal(copies[0], start)
    np.testing.assert_array_equal(copies[1], batch)


@pytest.mark.parametrize(
    "batch",
    [np.ones((1, 5)), np.arange(5.0), np.zeros((4, 5)), np.ones((0, 5)), np.full((3, 5), 2.0)],
    ids=["one input", "no batch", "zeros", "no inputs", "equal inputs"],
)
def test_a_batch_without_two_different_inputs_is_refused(batch: Values) -> None:
    with pytest.raises(ValueError, match="at least two different inputs"):
        lsuv([4], np.tanh, batch, generator(10))


def test_a_signal_that_died_has_no_variance_and_the_layer_is_named() -> None:
    with pytest.raises(ValueError, match="layer 2: the variance of the outputs is 0, so no scale"):
        lsuv([6, 6, 6], np.zeros_like, inputs(11, 30, 5), generator(11))


@pytest.mark.parametrize(("scale", "found"), [(1e300, "inf"), (math.nan, "nan")])
def test_a_variance_that_is_not_finite_is_refused(scale: float, found: str) -> None:
    with pytest.raises(ValueError, match=f"layer 1: the variance of the outputs is {found}"):
        lsuv([6], np.tanh, scale * inputs(12, 30, 5), generator(12))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tolerance": 0.0}, "tolerance must be above 0, got 0.0"),
        ({"tolerance": math.nan}, "tolerance must be above 0, got nan"),
        ({"iterations": 0}, "iterations must be at least 1, got 0"),
        ({"widths": [4, 0]}, "every dimension must be at least 1"),
    ],
    ids=str,
)
def test_impossible_arguments_raise_and_say_what_is_possible(
    arguments: dict[str, object], message: str
) -> None:
    right = {
        "widths": [4],
        "function": np.tanh,
        "batch": inputs(13, 10, 4),
        "rng": generator(13),
    }
    with pytest.raises(ValueError, match=message):
        lsuv(**{**right, **arguments})  # type: ignore[arg-type]
