"""Training: gradients against finite differences, the descent against the rule, order, divergence."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest

from seedbed.figures import training
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.datasets import DataSet, Examples
from seedbed.figures.scheme import Scheme, named
from seedbed.figures.training import Network, Recipe

pytestmark = pytest.mark.timeout(60)

ORDER = np.random.SeedSequence(99)
HE, XAVIER = named("he"), named("xavier")


def stream(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def examples(count: int, features: int = 6, classes: int = 4, seed: int = 5) -> Examples:
    rng = stream(seed)
    return Examples(rng.standard_normal((count, features)), rng.integers(0, classes, count))


def blobs(count: int = 60) -> DataSet:
    """Return three clouds of points in the plane, far enough apart to be learnt at once."""
    rng = stream(6)
    labels = np.arange(count) % 3
    angles = 2.0 * math.pi * labels / 3.0
    inputs = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    inputs = inputs + 0.1 * rng.standard_normal(inputs.shape)
    part = Examples(inputs, labels)
    return DataSet(part, part, 3)


def network(
    sizes: Sequence[int] = (6, 5, 5, 4), name: str = "tanh", scheme: Scheme = HE, seed: int = 7
) -> Network:
    layers = len(sizes) - 1
    seeds = np.random.SeedSequence(seed).spawn(layers)
    return training.initial_network(sizes, (scheme,) * layers, ACTIVATIONS[name], seeds)


def loss_of(net: Network, batch: Examples) -> float:
    return training.cross_entropy(net.activations(batch.inputs)[-1], batch.labels)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_gradients_are_the_slopes_of_the_loss(name: str) -> None:
    batch, net = examples(7), network(name=name)
    for bias in net.biases:
        bias[...] = 0.3 * stream(8).standard_normal(bias.shape)
    _, weight_gradients, bias_gradients = net.gradients(batch)
    step = 1e-5
    for parameters, gradients in ((net.weights, weight_gradients), (net.biases, bias_gradients)):
        for values, exact in zip(parameters, gradients, strict=True):
            assert values.shape == exact.shape
            for place in np.ndindex(values.shape):
                kept = values[place]
                values[place] = kept + step
                above = loss_of(net, batch)
                values[place] = kept - step
                below = loss_of(net, batch)
                values[place] = kept
                slope = (above - below) / (2.0 * step)
                assert pytest.approx(slope, rel=1e-6, abs=1e-9) == exact[place]


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_slopes_from_outputs_are_the_derivative(name: str) -> None:
    function = ACTIVATIONS[name]
    unknown = dataclasses.replace(function, name="another")
    batch, net = examples(9), network(name=name)
    direct = dataclasses.replace(net, activation=unknown).gradients(batch)[1]
    for first, second in zip(net.gradients(batch)[1], direct, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-15)


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_classes() -> None:
    labels = np.array([0, 2, 9])
    assert pytest.approx(math.log(10), rel=1e-14) == training.cross_entropy(
        np.full((3, 10), 5.0), labels
    )


def test_cross_entropy_survives_huge_logits() -> None:
    logits = np.array([[1e300, 0.0], [0.0, 700.0], [-1e5, 1e5]])
    assert pytest.approx(200_000 / 3, rel=1e-12) == training.cross_entropy(
        logits, np.array([0, 1, 0])
    )


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_descent_follows_its_rule(momentum: float) -> None:
    data = blobs(8)
    whole = data.training
    net, other = (network((2, 3, 3), scheme=XAVIER) for _ in range(2))
    # With all examples in a batch the order does not matter.
    history = training.train(net, data, Recipe(0.5, 8, 3, momentum), ORDER)
    velocities = [np.zeros_like(values) for values in (*other.weights, *other.biases)]
    for step in range(3):
        assert pytest.approx(loss_of(other, whole), rel=1e-12) == history.loss[step]
        _, weight_gradients, bias_gradients = other.gradients(whole)
        for at, (values, slope) in enumerate(
            zip(
                (*other.weights, *other.biases),
                (*weight_gradients, *bias_gradients),
                strict=True,
            )
        ):
            velocities[at] = momentum * velocities[at] - 0.5 * slope
            np.add(values, velocities[at], out=values)
    for first, second in zip(
        (*net.weights, *net.biases), (*other.weights, *other.biases), strict=True
    ):
        np.testing.assert_allclose(first, second, rtol=1e-11, atol=1e-14)


def test_what_can_be_learnt_is_learnt() -> None:
    data, net = blobs(), network((2, 8, 3))
    history = training.train(net, data, Recipe(0.5, 20, 100), ORDER)
    assert history.loss[-1] < 0.1
    assert history.loss[0] > 0.5
    assert history.accuracy[-1] == 1.0
    assert net.accuracy(data.held_out) == 1.0


def test_each_round_takes_every_example_once_in_another_order() -> None:
    places = np.arange(12)
    part = Examples(places[:, None].astype(float), places)
    batches = [batch.labels.tolist() for batch in training.batches(part, Recipe(1.0, 5, 6), ORDER)]
    rounds = [batches[0] + batches[1], batches[2] + batches[3], batches[4] + batches[5]]
    for taken in rounds:
        assert len(set(taken)) == 10
    assert rounds[0] != rounds[1] != rounds[2]


def test_runs_of_one_order_see_the_same_batches_and_others_do_not() -> None:
    data = blobs()
    recipe = Recipe(0.1, 10, 5)
    orders = (ORDER, np.random.SeedSequence(99), np.random.SeedSequence(100))
    first, again, other = (
        training.train(network((2, 3)), data, recipe, order).loss for order in orders
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_batch_larger_than_the_data_set_is_refused() -> None:
    with pytest.raises(ValueError, match="a batch of 61 is more than all 60 examples"):
        training.train(network((2, 3)), blobs(), Recipe(0.1, 61, 1), ORDER)


def test_a_run_that_diverges_ends_in_nan_without_a_warning() -> None:
    net = network((2, 30, 30, 30, 3), "relu")
    steps: list[int] = []
    history = training.train(
        net, blobs(), Recipe(1e6, 10, 60), ORDER, lambda step, _: steps.append(step)
    )
    finite = np.isfinite(history.loss)
    lasted = int(finite.argmin())
    assert 0 < lasted < 60
    assert not finite[lasted:].any()
    assert not np.isfinite(history.accuracy[lasted:]).any()
    assert steps == list(range(lasted + 1))
    assert math.isnan(net.accuracy(blobs().held_out))


def test_the_watch_sees_the_network_before_the_first_step_and_after_each() -> None:
    net = network((2, 3))
    before = net.weights[0].copy()
    seen: list[tuple[int, bool]] = []

    def watch(step: int, watched: Network) -> None:
        seen.append((step, bool(np.array_equal(before, watched.weights[0]))))

    training.train(net, blobs(), Recipe(0.1, 10, 2), ORDER, watch)
    assert seen == [(0, True), (1, False), (2, False)]


def test_how_one_layer_is_drawn_does_not_change_another() -> None:
    seeds = np.random.SeedSequence(3).spawn(2)
    last = named("lecun")
    nets = [
        training.initial_network((4, 5, 3), (scheme, last), ACTIVATIONS["relu"], seeds)
        for scheme in (HE, XAVIER, named("zeros"))
    ]
    for other in nets[1:]:
        np.testing.assert_array_equal(nets[0].weights[1], other.weights[1])
        assert not np.array_equal(nets[0].weights[0], other.weights[0])
    assert [bias.shape for bias in nets[0].biases] == [(5,), (3,)]
    assert not any(bias.any() for net in nets for bias in net.biases)


def test_a_network_needs_a_scheme_a_layer() -> None:
    seeds = np.random.SeedSequence(3).spawn(2)
    with pytest.raises(ValueError, match="longer than argument"):
        training.initial_network((4, 5, 3), (HE,), ACTIVATIONS["relu"], seeds)


def test_running_means_reach_back_but_not_before_the_first_step() -> None:
    values = np.array([[4.0, 2.0, 6.0, 0.0], [1.0, 1.0, np.nan, 1.0]])
    means = training.running_mean(values, 3)
    assert pytest.approx([4.0, 3.0, 4.0, 8.0 / 3.0]) == means[0].tolist()
    assert np.isfinite(means[1]).tolist() == [True, True, False, False]
    assert training.running_mean(np.empty((2, 0)), 3).shape == (2, 0)
    np.testing.assert_array_equal(values[0], training.running_mean(values[0], 1))


@pytest.mark.parametrize("count", [1, 2, 119, 120, 121, 200, 2000])
def test_thinning_keeps_both_ends_and_no_more_than_asked(count: int) -> None:
    places = training.thinned(count)
    assert (places[0], places[-1]) == (0, count - 1)
    assert len(places) == min(count, 120)
    gaps = np.diff(places)
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1
