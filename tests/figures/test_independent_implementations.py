"""Agreement with scipy: laws, limits of the checks, orthogonal matrices, moments, drift.

Nothing that is judged here judges itself. scipy is needed for tests alone; without it, these are
skipped. What frameworks document is compared in `test_documented_initialisers`.
"""

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import presets, xavier
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.laws import Law, erf

pytestmark = pytest.mark.timeout(60)

NO_SCIPY = "needs scipy, which the extra 'test' installs"
IN_OUT = (300, 100)


@pytest.fixture(scope="module")
def stats() -> ModuleType:
    return pytest.importorskip("scipy.stats", reason=NO_SCIPY)


@pytest.fixture(scope="module")
def special() -> ModuleType:
    return pytest.importorskip("scipy.special", reason=NO_SCIPY)


@pytest.fixture(scope="module")
def integrate() -> ModuleType:
    return pytest.importorskip("scipy.integrate", reason=NO_SCIPY)


def frozen(stats: ModuleType, family: str, deviation: float) -> Any:
    if family == "uniform":
        half = math.sqrt(3.0) * deviation
        return stats.uniform(-half, 2.0 * half)
    if family == "normal":
        return stats.norm(0.0, deviation)
    uncut = stats.truncnorm(-2.0, 2.0)
    return stats.truncnorm(-2.0, 2.0, scale=deviation / uncut.std())


@pytest.mark.parametrize("width", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_a_cut_leaves_what_scipy_says(stats: ModuleType, width: float) -> None:
    expected = float(stats.truncnorm(-width, width).std())
    assert pytest.approx(expected, rel=1e-10) == xavier.truncation_factor(width)


@pytest.mark.parametrize("family", presets.DISTRIBUTIONS)
def test_laws_have_the_moments_that_scipy_says(stats: ModuleType, family: str) -> None:
    law = Law(family, 0.07)
    mean, variance, excess = map(float, frozen(stats, family, 0.07).stats(moments="mvk"))
    assert pytest.approx((0.0, 0.07**2), rel=1e-9, abs=1e-15) == (mean, variance)
    assert pytest.approx(excess, abs=1e-8) == law.excess_kurtosis
    assert pytest.approx(excess + 3.0, abs=1e-8) == checks.KURTOSIS[family]
    assert pytest.approx(float(frozen(stats, family, 0.07).support()[1])) == law.limit


@pytest.mark.parametrize("family", presets.DISTRIBUTIONS)
def test_laws_have_the_densities_that_scipy_says(stats: ModuleType, family: str) -> None:
    law, theirs = Law(family, 0.07), frozen(stats, family, 0.07)
    x = np.linspace(-0.35, 0.35, 402)
    np.testing.assert_allclose(law.density(x), theirs.pdf(x), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(law.cumulative(x), theirs.cdf(x), rtol=1e-11, atol=1e-14)
    reference = [checks.cumulative(family, 0.07**2)(at) for at in x.tolist()]
    np.testing.assert_allclose(reference, theirs.cdf(x), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("dimension", [2, 3, 8, 300])
def test_entries_of_orthogonal_matrices_have_the_law_that_scipy_says(
    stats: ModuleType, dimension: int
) -> None:
    law = Law("orthogonal", 1.5 / math.sqrt(dimension), dimension)
    # (1 + u) / 2 of an entry u of a uniform unit vector follows a beta law.
    shape = (dimension - 1) / 2.0
    theirs = stats.beta(shape, shape, loc=-1.5, scale=3.0)
    x = np.linspace(-1.49, 1.49, 299)
    np.testing.assert_allclose(law.density(x), theirs.pdf(x), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(law.cumulative(x), theirs.cdf(x), atol=1e-6)
    assert pytest.approx(float(theirs.stats(moments="k")), rel=1e-9) == law.excess_kurtosis


@pytest.mark.parametrize("family", presets.DISTRIBUTIONS)
@pytest.mark.parametrize("mode", presets.MODES)
def test_drawn_weights_pass_the_test_of_scipy(
    stats: ModuleType, mode: presets.Mode, family: presets.Distribution
) -> None:
    rng = np.random.Generator(np.random.PCG64([2, *mode.encode(), *family.encode()]))
    weights = xavier.variance_scaling(IN_OUT, 2.0, mode, family, "in_out", rng)
    n = {"fan_in": 300.0, "fan_out": 100.0, "fan_avg": 200.0, "fan_geo": math.sqrt(3e4)}[mode]
    result = stats.kstest(weights.ravel(), frozen(stats, family, math.sqrt(2.0 / n)).cdf)
    assert result.pvalue > 1e-6
    assert pytest.approx(result.statistic, abs=1e-11) == checks.distance(weights, 2.0 / n, family)


@pytest.mark.parametrize(("claimed", "drawn"), [("uniform", "normal"), ("normal", "uniform")])
def test_the_test_of_scipy_rejects_another_law(
    stats: ModuleType, claimed: str, drawn: presets.Distribution
) -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    weights = xavier.variance_scaling(IN_OUT, 1.0, "fan_in", drawn, "in_out", rng)
    law = frozen(stats, claimed, math.sqrt(1.0 / 300.0))
    assert stats.kstest(weights.ravel(), law.cdf).pvalue < 1e-6


def test_the_test_of_scipy_rejects_a_truncation_that_is_not_corrected_for(
    stats: ModuleType,
) -> None:
    rng = np.random.Generator(np.random.PCG64(4))
    weights = xavier.truncated_normal(IN_OUT, xavier.truncation_factor(), rng)
    assert stats.kstest(weights.ravel(), frozen(stats, "truncated_normal", 1.0).cdf).pvalue < 1e-6


def test_the_limits_of_the_checks_are_the_quantiles_of_scipy(stats: ModuleType) -> None:
    assert pytest.approx(float(stats.norm.isf(5e-7)), abs=5e-4) == checks.Z_LIMIT
    assert pytest.approx(float(stats.kstwobign.isf(1e-6)), rel=1e-4) == checks.KS_LIMIT
    for size in (1000, 30000):
        false_alarms = float(stats.kstwo.sf(checks.KS_LIMIT / math.sqrt(size), size))
        assert 5e-7 < false_alarms < 1.001e-6
    for size, bounds in checks.NORMAL_RATIO.items():
        law = stats.chi2(size)
        exact = (float(law.ppf(5e-7)) / size, float(law.isf(5e-7)) / size)
        assert pytest.approx(exact, abs=1e-6) == bounds


@pytest.mark.parametrize(("size", "stated"), [(30000, 1.04e-6), (3000, 1.4e-6)])
def test_the_normal_approximation_costs_as_little_as_stated(
    stats: ModuleType, size: int, stated: float
) -> None:
    law, reach = stats.chi2(size), float(stats.norm.isf(5e-7)) * math.sqrt(2.0 * size)
    rate = float(law.cdf(size - reach) + law.sf(size + reach))
    assert pytest.approx(stated, rel=0.03) == rate


def test_orthogonal_matrices_are_distributed_like_those_of_scipy(stats: ModuleType) -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    ours = np.array([xavier.orthogonal((8, 8), rng) for _ in range(4000)])
    theirs = stats.ortho_group(8).rvs(4000, random_state=rng)
    unsigned = np.linalg.qr(rng.standard_normal((4000, 8, 8)))[0]
    assert [checks.trace_fits(each) for each in (ours, theirs, unsigned)] == [True, True, False]
    measures: dict[str, Callable[[checks.Weights], checks.Weights]] = {
        "trace": lambda matrices: np.trace(matrices, axis1=1, axis2=2),
        "corner": lambda matrices: matrices[:, 0, 0],
        "last": lambda matrices: matrices[:, -1, -1],
        "trace of the square": lambda matrices: np.einsum("kij,kji->k", matrices, matrices),
    }
    for name, measure in measures.items():
        same = stats.ks_2samp(measure(ours), measure(theirs)).pvalue
        assert same > 1e-6, name
    assert stats.ks_2samp(measures["trace"](ours), measures["trace"](unsigned)).pvalue < 1e-6


def test_the_error_function_is_that_of_scipy(special: ModuleType) -> None:
    x = np.concatenate((np.linspace(-7.0, 7.0, 401), [0.0, 1e-300, -1e-9]))
    np.testing.assert_allclose(erf(x), special.erf(x), rtol=1e-14)


@pytest.mark.parametrize("q", [0.05, 1.0, 9.0])
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu", "softsign", "elu", "gelu", "silu"])
def test_gaussian_moments_are_the_integrals_of_scipy(
    special: ModuleType, integrate: ModuleType, name: str, q: float
) -> None:
    function = {
        "tanh": math.tanh,
        "sigmoid": special.expit,
        "relu": lambda s: max(s, 0.0),
        "softsign": lambda s: s / (1.0 + abs(s)),
        "elu": lambda s: s if s > 0.0 else special.expm1(s),
        "gelu": lambda s: s * special.ndtr(s),
        "silu": lambda s: s * special.expit(s),
    }[name]

    def integral(power: int) -> float:
        def weighted(z: float) -> float:
            density = math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)
            return float(function(math.sqrt(q) * z)) ** power * density

        halves = ((-12.0, 0.0), (0.0, 12.0))
        return sum(
            float(integrate.quad(weighted, low, high, epsabs=1e-13, epsrel=1e-12, limit=200)[0])
            for low, high in halves
        )

    activation = ACTIVATIONS[name]
    ours = (activation.mean(q), activation.second_moment(q))
    assert pytest.approx((integral(1), integral(2)), rel=1e-10, abs=1e-12) == ours


WIDTH, DEPTH, NETWORKS = 32, 10, 1000


def test_linear_signals_drift_by_the_digamma_function(special: ModuleType) -> None:
    rng = np.random.Generator(np.random.PCG64(6))
    moments = checks.last_moments(
        lambda rng: xavier.lecun_normal((WIDTH, WIDTH), rng), "linear", DEPTH, NETWORKS, rng
    )
    # A layer multiplies the mean square by a chi squared of n over n.
    mean = DEPTH * float(special.digamma(WIDTH / 2.0) + math.log(2.0 / WIDTH))
    variance = DEPTH * float(special.polygamma(1, WIDTH / 2.0))
    score = (float(np.mean(np.log(moments))) - mean) / math.sqrt(variance / NETWORKS)
    assert abs(score) < checks.Z_LIMIT
    # The expansions that T7 uses are its first terms.
    assert pytest.approx((-1.0 / WIDTH, 2.0 / WIDTH), rel=0.04) == (
        mean / DEPTH,
        variance / DEPTH,
    )


def rectified_layer(stats: ModuleType, special: ModuleType, width: int) -> tuple[float, float]:
    """Return mean and variance of the logarithm of a He layer's factor, if any unit is left.

    Of `width` units K are positive, each with probability 1/2, and the factor is a chi squared of
    K times 2 / width.
    """
    k = np.arange(1, width + 1)
    shares = stats.binom.pmf(k, width, 0.5)
    shares /= shares.sum()
    means = special.digamma(k / 2.0) + math.log(2.0) + math.log(2.0 / width)
    mean = float(shares @ means)
    return mean, float(shares @ (special.polygamma(1, k / 2.0) + (means - mean) ** 2))


def test_rectified_signals_drift_by_a_mixture_of_digamma_functions(
    stats: ModuleType, special: ModuleType
) -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    moments = checks.last_moments(
        lambda rng: xavier.he_normal((WIDTH, WIDTH), rng), "relu", DEPTH, NETWORKS, rng
    )
    # The first layer's inputs are not rectified.
    layer_mean, layer_variance = rectified_layer(stats, special, WIDTH)
    mean = float(special.digamma(WIDTH / 2.0)) + math.log(2.0 / WIDTH) + (DEPTH - 1) * layer_mean
    variance = float(special.polygamma(1, WIDTH / 2.0)) + (DEPTH - 1) * layer_variance
    score = (float(np.mean(np.log(moments / 2.0))) - mean) / math.sqrt(variance / NETWORKS)
    assert abs(score) < checks.Z_LIMIT


def test_the_expansion_for_wide_layers_is_off_in_narrow_ones_as_stated(
    stats: ModuleType, special: ModuleType
) -> None:
    assert pytest.approx(0.4196, abs=5e-5) == rectified_layer(stats, special, 16)[1]
    wide = rectified_layer(stats, special, 1000)
    assert pytest.approx((-2.5 / 1000, 5.0 / 1000), rel=0.01) == wide
