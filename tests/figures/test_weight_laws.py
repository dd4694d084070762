"""The laws of drawn weights, by tests of known false-alarm rate.

What these tests can tell apart is tested beside them, in `test_power_of_checks`.
"""

import math

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import presets, xavier
from seedbed.figures.laws import law_of
from seedbed.figures.scheme import Scheme, named

SHAPE = (300, 100)


@pytest.mark.parametrize("distribution", presets.DISTRIBUTIONS)
@pytest.mark.parametrize("mode", presets.MODES)
def test_variance_scaling_draws_the_law_that_it_states(
    mode: presets.Mode, distribution: presets.Distribution
) -> None:
    rng = np.random.default_rng([1, *mode.encode(), *distribution.encode()])
    weights = xavier.variance_scaling(SHAPE, 2.0, mode, distribution, "in_out", rng, 1.5)
    n = {"fan_in": 300.0, "fan_out": 100.0, "fan_avg": 200.0, "fan_geo": math.sqrt(30000.0)}[mode]
    assert checks.rejecting(weights, 2.25 * 2.0 / n, distribution) == []


@pytest.mark.parametrize("name", presets.PRESETS)
def test_presets_draw_the_law_that_they_state(name: str) -> None:
    expected = {
        "xavier-uniform": (0.005, "uniform"),
        "xavier-normal": (0.005, "normal"),
        "he-normal": (2.0 / 300.0, "normal"),
        "he-uniform": (2.0 / 300.0, "uniform"),
        "lecun-normal": (1.0 / 300.0, "normal"),
        "lecun-uniform": (1.0 / 300.0, "uniform"),
        "standard": (1.0 / 900.0, "uniform"),
    }
    draw = getattr(xavier, name.replace("-", "_"))
    weights = draw(SHAPE, np.random.default_rng([2, *name.encode()]))
    assert checks.rejecting(weights, *expected[name]) == []


def test_kernels_stored_with_outputs_first_are_scaled_by_the_same_fan() -> None:
    weights = xavier.he_normal((100, 300), np.random.default_rng(3), layout="out_in")
    assert checks.rejecting(weights, 2.0 / 300.0, "normal") == []


@pytest.mark.parametrize("distribution", presets.DISTRIBUTIONS)
def test_the_variance_of_a_million_weights_is_right_to_within_a_hundredth(
    distribution: presets.Distribution,
) -> None:
    rng = np.random.default_rng([4, *distribution.encode()])
    weights = xavier.variance_scaling((1000, 1000), 1.0, "fan_avg", distribution, "in_out", rng)
    assert checks.variance_fits(weights, 0.001, distribution)


def test_layers_drawn_one_after_another_are_unrelated() -> None:
    rng = np.random.default_rng(5)
    first, second = (xavier.xavier_normal(SHAPE, rng) for _ in range(2))
    assert checks.uncorrelated(first, second)


def test_different_seeds_give_unrelated_weights_and_one_seed_the_same() -> None:
    first, second = np.random.SeedSequence(7).spawn(2)
    draws = [xavier.xavier_uniform(SHAPE, np.random.default_rng(s)) for s in (first, second, first)]
    assert checks.uncorrelated(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[1])
    np.testing.assert_array_equal(draws[0], draws[2])


@pytest.mark.parametrize("shape", [(300, 100), (100, 300), (128, 128), (3, 3, 16, 32)], ids=str)
@pytest.mark.parametrize("layout", xavier.LAYOUTS)
@pytest.mark.parametrize("gain", [1.0, 1.7])
def test_orthogonal_weights_have_orthonormal_shorter_sides(
    shape: tuple[int, ...], layout: xavier.Layout, gain: float
) -> None:
    weights = xavier.orthogonal(shape, np.random.default_rng(0), layout=layout, gain=gain)
    assert shape == weights.shape
    rows = math.prod(shape[:-1]) if layout == "in_out" else shape[0]
    matrix = weights.reshape(rows, -1)
    assert checks.sides_are_orthonormal(matrix, gain)
    # Rows or columns of length one leave this of a weight.
    assert pytest.approx(gain**2 / max(matrix.shape), rel=1e-12) == float(np.mean(weights**2))


def test_orthogonal_matrices_are_drawn_uniformly() -> None:
    rng = np.random.default_rng(8)
    drawn = np.array([xavier.orthogonal((8, 8), rng) for _ in range(4000)])
    assert checks.trace_fits(drawn)
    # Uniform means that no reflection of rows or columns is told from the matrix itself.
    assert checks.trace_fits(drawn[:, ::-1])
    assert checks.trace_fits(-drawn[:, :, ::-1])


@pytest.mark.parametrize(
    ("activation", "scheme"), [("linear", "lecun_normal"), ("relu", "he_normal")]
)
def test_signals_pass_through_the_scheme_of_their_activation_as_predicted(
    activation: str, scheme: str
) -> None:
    draw = getattr(xavier, scheme)
    rng = np.random.default_rng([10, *scheme.encode()])
    moments = checks.last_moments(lambda rng: draw((128, 128), rng), activation, 20, 40, rng)
    predicted = {"linear": 1.0, "relu": 2.0}[activation]
    assert checks.drift_fits(np.log(moments / predicted), activation, 20, 128)


@pytest.mark.parametrize("law", ["uniform", "normal", "truncated_normal"])
def test_the_exact_law_beside_a_histogram_is_the_reference_law(law: str) -> None:
    scheme = Scheme("scale", 1.0, law, mode="fan_avg", distribution=law)  # type: ignore[arg-type]
    x = np.linspace(-0.3, 0.3, 121)
    expected = [checks.cumulative(law, 0.005)(at) for at in x.tolist()]
    np.testing.assert_allclose(law_of(scheme, SHAPE).cumulative(x), expected, atol=1e-12)
    kurtosis = law_of(scheme, SHAPE).excess_kurtosis + 3.0
    assert pytest.approx(checks.KURTOSIS[law], abs=1e-9) == kurtosis


@pytest.mark.parametrize(
    "scheme",
    [
        named("he-uniform"),
        named("lecun"),
        Scheme("uniform", 0.1, "limit"),
        Scheme("std", 0.02, "std"),
        Scheme("scale", 1.0, "cut", mode="fan_geo", distribution="truncated_normal", gain=2.0),
        named("orthogonal"),
    ],
    ids=lambda scheme: scheme.label,
)
def test_densities_have_mass_one_and_the_stated_variance(scheme: Scheme) -> None:
    law = law_of(scheme, (40, 24))
    limit = min(law.limit, 12.0 * law.std)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    density = limit * weights * law.density(limit * nodes)
    assert pytest.approx(1.0, abs=1e-9) == density.sum()
    assert pytest.approx(law.std**2, rel=1e-9) == density @ (limit * nodes) ** 2
    below = law.cumulative(np.array([-limit, 0.0, limit]))
    np.testing.assert_allclose(below, [0.0, 0.5, 1.0], atol=1e-9)


def test_entries_of_orthogonal_matrices_follow_their_exact_law() -> None:
    law = law_of(named("orthogonal"), (8, 8))
    rng = np.random.default_rng(9)
    # One entry a matrix: those of one matrix depend on each other.
    entries = np.sort([xavier.orthogonal((8, 8), rng)[0, 0] for _ in range(4000)])
    exact = law.cumulative(entries)
    steps = np.arange(4001) / 4000
    distance = np.max(np.maximum(steps[1:] - exact, exact - steps[:-1]))
    assert distance < checks.KS_LIMIT / math.sqrt(4000)
