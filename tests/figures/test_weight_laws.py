"""The laws of drawn weights, by tests of known false-alarm rate, and the power of those tests."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import weight_checks as checks
from weight_checks import Weights

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
    assert checks.all_fit(weights, 2.25 * 2.0 / n, distribution)


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
    assert checks.all_fit(weights, *expected[name])


def test_kernels_stored_with_outputs_first_are_scaled_by_the_same_fan() -> None:
    weights = xavier.he_normal((100, 300), np.random.default_rng(3), layout="out_in")
    assert checks.all_fit(weights, 2.0 / 300.0, "normal")


def test_a_small_error_of_the_variance_is_seen_with_a_million_weights() -> None:
    weights = xavier.xavier_normal((1000, 1000), np.random.default_rng(4))
    assert checks.variance_fits(weights, 0.001, "normal")
    assert not checks.variance_fits(weights, 0.00101, "normal")


def wrong_truncation(rng: np.random.Generator) -> Weights:
    """Cut at two standard deviations, without widening the normal law first."""
    return xavier.truncated_normal(SHAPE, math.sqrt(0.005) * checks.TRUNCATION, rng)


def clipped(rng: np.random.Generator) -> Weights:
    """Clip instead of drawing again, and scale to the right variance."""
    weights = np.clip(rng.standard_normal((1000, 100)), -2.0, 2.0)
    return math.sqrt(0.005 / float(np.mean(weights**2))) * weights


WRONG: dict[str, tuple[str, Callable[[np.random.Generator], Weights]]] = {
    "missing truncation factor": ("truncated_normal", wrong_truncation),
    "clipped, not truncated": ("truncated_normal", clipped),
    "untruncated": ("truncated_normal", lambda rng: xavier.normal(SHAPE, math.sqrt(0.005), rng)),
    "limit used as std": (
        "uniform",
        lambda rng: xavier.uniform(SHAPE, math.sqrt(0.005), rng),
    ),
    "std used as variance": ("normal", lambda rng: xavier.normal(SHAPE, 0.005, rng)),
    "1 / fan_in for Xavier": ("normal", lambda rng: xavier.lecun_normal(SHAPE, rng)),
    "uniform for normal": ("normal", lambda rng: xavier.xavier_uniform(SHAPE, rng)),
    "gain omitted": ("normal", lambda rng: xavier.xavier_normal(SHAPE, rng, gain=0.6)),
    "mean not zero": ("uniform", lambda rng: xavier.xavier_uniform(SHAPE, rng) + 0.003),
    "rows repeated": (
        "normal",
        lambda rng: np.repeat(xavier.normal((150, 100), math.sqrt(0.005), rng), 2, axis=0),
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_the_checks_reject_a_wrong_xavier(mistake: str) -> None:
    law, draw = WRONG[mistake]
    assert not checks.all_fit(draw(np.random.default_rng(5)), 0.005, law)


def test_the_checks_reject_he_with_swapped_fans() -> None:
    weights = xavier.he_normal(SHAPE, np.random.default_rng(6), layout="out_in")
    assert not checks.all_fit(weights, 2.0 / 300.0, "normal")


def test_different_seeds_give_unrelated_weights_and_one_seed_the_same() -> None:
    first, second = np.random.SeedSequence(7).spawn(2)
    draws = [xavier.xavier_uniform(SHAPE, np.random.default_rng(s)) for s in (first, second, first)]
    assert checks.uncorrelated(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[1])
    np.testing.assert_array_equal(draws[0], draws[2])


def test_orthogonal_matrices_are_drawn_uniformly_and_without_the_sign_they_would_not() -> None:
    rng = np.random.default_rng(8)
    drawn = np.array([xavier.orthogonal((8, 8), rng) for _ in range(4000)])
    unsigned = np.linalg.qr(rng.standard_normal((4000, 8, 8)))[0]
    assert (checks.trace_fits(drawn), checks.trace_fits(unsigned)) == (True, False)


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
