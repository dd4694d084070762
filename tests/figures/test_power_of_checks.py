"""What the checks of weights can tell apart: each accepts right weights and rejects wrong ones.

A check that accepts everything would never fail, and one with a wrong standard error would fail by
chance. So mistakes that implementations make, or have made, are put to the check that must see
each of them, and right weights to all of them as often as it takes to count false alarms.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import weight_checks as checks
from weight_checks import Weights

from seedbed.figures import xavier

pytestmark = pytest.mark.timeout(60)

Draw = Callable[[np.random.Generator], Weights]

SHAPE = (300, 100)
LARGE = (1000, 100)
XAVIER, HE, LECUN = 2.0 / 400.0, 2.0 / 300.0, 1.0 / 300.0
"""The variances of the schemes in a layer of that shape."""
STD = math.sqrt(XAVIER)
LIMIT = math.sqrt(3.0) * STD
TANH_GAIN = 5.0 / 3.0


def generator(*seed: int | str) -> np.random.Generator:
    words = [word for part in seed for word in ([part] if isinstance(part, int) else part.encode())]
    return np.random.Generator(np.random.PCG64(words))


def of_law(law: str, variance: float, shape: tuple[int, int] = SHAPE) -> Draw:
    """Return what draws a law of that variance, by the implementation that is judged."""
    std = math.sqrt(variance)
    return {
        "uniform": lambda rng: xavier.uniform(shape, xavier.uniform_limit(std), rng),
        "normal": lambda rng: xavier.normal(shape, std, rng),
        "truncated_normal": lambda rng: xavier.truncated_normal(shape, std, rng),
    }[law]


def clipped(rng: np.random.Generator) -> Weights:
    """Clip at two standard deviations where they should be drawn again; of the right variance."""
    weights = np.clip(rng.standard_normal(LARGE), -2.0, 2.0)
    return STD / math.sqrt(float(np.mean(weights**2))) * weights


def in_opposite_pairs(rng: np.random.Generator) -> Weights:
    half = xavier.normal((300, 50), STD, rng)
    return np.stack((half, -half), axis=2).reshape(SHAPE)


def with_equal_rows(rng: np.random.Generator) -> Weights:
    return np.repeat(xavier.normal((150, 100), STD, rng), 2, axis=0)


def with_equal_columns(rng: np.random.Generator) -> Weights:
    return np.repeat(xavier.normal((300, 50), STD, rng), 2, axis=1)


@dataclass(frozen=True)
class Mistake:
    """A wrong draw, the law that it should have had, and the checks that must all see it."""

    law: str
    variance: float
    wrong: Draw
    seen_by: tuple[str, ...]
    shape: tuple[int, int] = SHAPE


T1, T2, T3, T4, T5 = checks.CHECKS

MISTAKES = {
    "truncation not corrected for": Mistake(
        "truncated_normal",
        XAVIER,
        of_law("truncated_normal", XAVIER * checks.TRUNCATION**2),
        (T1, T3),
    ),
    "truncation corrected for twice": Mistake(
        "truncated_normal",
        XAVIER,
        of_law("truncated_normal", XAVIER / checks.TRUNCATION**2),
        (T1, T3, T4),
    ),
    "clipped, not drawn again": Mistake("truncated_normal", XAVIER, clipped, (T3,), LARGE),
    "not truncated": Mistake(
        "truncated_normal", XAVIER, of_law("normal", XAVIER, LARGE), (T3, T4), LARGE
    ),
    "truncated for normal": Mistake(
        "normal", XAVIER, of_law("truncated_normal", XAVIER, LARGE), (T3,), LARGE
    ),
    "std used as limit": Mistake(
        "uniform", XAVIER, lambda rng: xavier.uniform(SHAPE, STD, rng), (T1, T3, T4)
    ),
    "limit used as std": Mistake(
        "normal", XAVIER, lambda rng: xavier.normal(SHAPE, LIMIT, rng), (T1, T3)
    ),
    "limit too large by half a per cent": Mistake(
        "uniform", XAVIER, lambda rng: xavier.uniform(SHAPE, 1.005 * LIMIT, rng), (T4,)
    ),
    "limit too small by half a per cent": Mistake(
        "uniform", XAVIER, lambda rng: xavier.uniform(SHAPE, 0.995 * LIMIT, rng), (T4,)
    ),
    "variance used as std": Mistake(
        "normal", XAVIER, lambda rng: xavier.normal(SHAPE, XAVIER, rng), (T1, T3)
    ),
    "1 / fan_in for Xavier": Mistake(
        "normal", XAVIER, lambda rng: xavier.lecun_normal(SHAPE, rng), (T1, T3)
    ),
    "2 / fan_in for Xavier": Mistake(
        "uniform", XAVIER, lambda rng: xavier.he_uniform(SHAPE, rng), (T1, T3, T4)
    ),
    "fans swapped in He": Mistake(
        "normal", HE, lambda rng: xavier.he_normal(SHAPE, rng, layout="out_in"), (T1, T3)
    ),
    "fans swapped in LeCun": Mistake(
        "uniform", LECUN, lambda rng: xavier.lecun_uniform(SHAPE, rng, layout="out_in"), (T1, T4)
    ),
    "2 of He omitted": Mistake("normal", HE, lambda rng: xavier.lecun_normal(SHAPE, rng), (T1, T3)),
    "gain omitted": Mistake(
        "normal", XAVIER * TANH_GAIN**2, lambda rng: xavier.xavier_normal(SHAPE, rng), (T1, T3)
    ),
    "gain not squared": Mistake(
        "normal", XAVIER * TANH_GAIN**2, of_law("normal", XAVIER * TANH_GAIN), (T1, T3)
    ),
    "uniform for normal": Mistake(
        "normal", XAVIER, lambda rng: xavier.xavier_uniform(SHAPE, rng), (T3,)
    ),
    "normal for uniform": Mistake(
        "uniform", XAVIER, lambda rng: xavier.xavier_normal(SHAPE, rng), (T3, T4)
    ),
    "mean not zero": Mistake(
        "uniform", XAVIER, lambda rng: xavier.xavier_uniform(SHAPE, rng) + 0.004, (T2,)
    ),
    "from 0 upwards": Mistake(
        "uniform", XAVIER, lambda rng: rng.uniform(0.0, 2.0 * LIMIT, SHAPE), (T1, T2, T3, T4)
    ),
    "rows repeated": Mistake("normal", XAVIER, with_equal_rows, (T5,)),
    "columns repeated": Mistake("normal", XAVIER, with_equal_columns, (T5,)),
    "drawn in opposite pairs": Mistake("normal", XAVIER, in_opposite_pairs, (T5,)),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_rejected_by_the_checks_that_must_see_it(name: str) -> None:
    mistake = MISTAKES[name]
    wrong = mistake.wrong(generator(1, name))
    assert mistake.shape == wrong.shape
    seen_by = checks.rejecting(wrong, mistake.variance, mistake.law)
    assert set(mistake.seen_by) - set(seen_by) == set()


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_right_instead_is_accepted_by_all_checks(name: str) -> None:
    mistake = MISTAKES[name]
    right = of_law(mistake.law, mistake.variance, mistake.shape)(generator(2, name))
    assert checks.rejecting(right, mistake.variance, mistake.law) == []


def test_every_check_of_independent_weights_sees_a_mistake() -> None:
    assert set(checks.CHECKS) == {name for each in MISTAKES.values() for name in each.seen_by}


def test_some_mistakes_are_seen_by_one_check_alone() -> None:
    alone = {
        tuple(checks.rejecting(each.wrong(generator(1, name)), each.variance, each.law))
        for name, each in MISTAKES.items()
    }
    assert {(T3,), (T4,), (T5,)} <= alone


def test_swapped_fans_can_not_be_seen_in_xavier() -> None:
    weights = xavier.xavier_normal(SHAPE, generator(3), layout="out_in")
    assert checks.rejecting(weights, XAVIER, "normal") == []


@dataclass(frozen=True)
class Power:
    """How far T1 sees a mistake, in standard errors of the normal law."""

    stated: float
    rounding: float
    ratio: float
    """Of the wrong variance to the right one."""
    law: str = "normal"
    """Of the wrong weights."""
    shape: tuple[int, int] = SHAPE
    repeats: int = 40
    seen: bool = True


POWERS = {
    "truncation not corrected for": Power(
        -27.7, 0.05, checks.TRUNCATION**2, law="truncated_normal"
    ),
    "std used as limit": Power(-81.6, 0.06, 1.0 / 3.0, law="uniform"),
    "1 / fan_in for Xavier": Power(-40.8, 0.05, LECUN / XAVIER),
    "gain of tanh omitted": Power(-78.0, 0.5, 1.0 / TANH_GAIN**2),
    "five per cent": Power(6.1, 0.05, 1.05),
    "one per cent": Power(1.2, 0.05, 1.01, seen=False),
    "one per cent of a million": Power(7.1, 0.05, 1.01, shape=(1000, 1000), repeats=6),
}


@pytest.mark.parametrize("name", POWERS)
def test_the_variance_is_told_apart_as_clearly_as_stated(name: str) -> None:
    power = POWERS[name]
    size = math.prod(power.shape)
    expected = (power.ratio - 1.0) / checks.variance_error(size, "normal")
    assert pytest.approx(power.stated, abs=power.rounding) == expected
    draw, rng = of_law(power.law, power.ratio * XAVIER, power.shape), generator(4, name)
    scores = [checks.variance_score(draw(rng), XAVIER, "normal") for _ in range(power.repeats)]
    # One score of weights of another law scatters by the square root of their variances' ratio.
    spread = power.ratio * math.sqrt((checks.KURTOSIS[power.law] - 1.0) / 2.0)
    tolerance = checks.Z_LIMIT * spread / math.sqrt(power.repeats)
    assert pytest.approx(expected, abs=tolerance) == float(np.mean(scores))
    share_seen = float(np.mean(np.abs(scores) > checks.Z_LIMIT))
    assert share_seen >= 0.5 if power.seen else share_seen <= 0.1


@pytest.mark.parametrize(
    ("size", "per_cent"),
    [
        (3000, (12.63, 7.99, 10.44)),
        (30000, (3.99, 2.53, 3.30)),
        (1000000, (0.692, 0.438, 0.572)),
    ],
)
def test_the_variance_may_be_off_by_as_much_as_stated(
    size: int, per_cent: tuple[float, ...]
) -> None:
    laws = ("normal", "uniform", "truncated_normal")
    actual = [100.0 * checks.Z_LIMIT * checks.variance_error(size, law) for law in laws]
    assert pytest.approx(per_cent, rel=2e-3) == tuple(actual)


DISTANCES = {
    ("normal", "uniform"): (1.0, 0.0572, SHAPE),
    ("uniform", "truncated_normal"): (1.0, 0.0430, SHAPE),
    ("truncated_normal", "truncated_normal"): (checks.TRUNCATION**2, 0.0325, SHAPE),
    ("normal", "truncated_normal"): (1.0, 0.0167, LARGE),
}
"""By the claimed and the drawn law: ratio of variances, distance, and how many weights it takes."""


@pytest.mark.parametrize("laws", DISTANCES, ids=" for ".join)
def test_laws_are_as_far_apart_as_stated_and_told_apart(laws: tuple[str, str]) -> None:
    claimed, drawn = laws
    ratio, stated, shape = DISTANCES[laws]
    first, second = checks.cumulative(claimed, 1.0), checks.cumulative(drawn, ratio)
    apart = max(abs(first(x) - second(x)) for x in np.linspace(-3.0, 3.0, 6001).tolist())
    assert pytest.approx(stated, abs=6e-5) == apart
    size = math.prod(shape)
    assert apart > checks.KS_LIMIT / math.sqrt(size)
    weights = of_law(drawn, ratio * XAVIER, shape)(generator(5, *laws))
    distance = checks.distance(weights, XAVIER, claimed)
    # The distance of a sample from its own law is what it can be off by.
    assert abs(distance - apart) < checks.KS_LIMIT / math.sqrt(size)
    assert not checks.distribution_fits(weights, XAVIER, claimed)


def test_the_limits_are_those_of_one_in_a_million() -> None:
    assert pytest.approx(1e-6, rel=3e-3) == math.erfc(checks.Z_LIMIT / math.sqrt(2.0))
    assert pytest.approx(1e-6, rel=3e-3) == 2.0 * math.exp(-2.0 * checks.KS_LIMIT**2)


Z_OF_A_TWENTIETH = 1.959964
KS_OF_A_TWENTIETH = 1.358102


def rejected(scores: list[float], limit: float) -> float:
    return float(np.mean(np.abs(scores) > limit))


@pytest.mark.parametrize("law", checks.KURTOSIS)
def test_scores_of_right_weights_exceed_a_limit_as_often_as_they_should(law: str) -> None:
    rng, draw, repeats = generator(6, law), of_law(law, XAVIER, (60, 50)), 1000
    samples = [draw(rng) for _ in range(repeats)]
    scores = {
        "variance": [checks.variance_score(w, XAVIER, law) for w in samples],
        "mean": [checks.mean_score(w, XAVIER) for w in samples],
        "rows": [checks.correlation_score(w.ravel()[:-1], w.ravel()[1:]) for w in samples],
        "columns": [checks.correlation_score(w.T.ravel()[:-1], w.T.ravel()[1:]) for w in samples],
    }
    tolerance = checks.Z_LIMIT * math.sqrt(0.05 * 0.95 / repeats)
    expected = pytest.approx(dict.fromkeys(scores, 0.05), abs=tolerance)
    assert expected == {name: rejected(each, Z_OF_A_TWENTIETH) for name, each in scores.items()}


@pytest.mark.parametrize("law", checks.KURTOSIS)
def test_distances_of_right_weights_exceed_a_limit_as_often_as_they_should(law: str) -> None:
    rng, draw, repeats = generator(7, law), of_law(law, XAVIER, (40, 20)), 300
    scores = [math.sqrt(800) * checks.distance(draw(rng), XAVIER, law) for _ in range(repeats)]
    tolerance = checks.Z_LIMIT * math.sqrt(0.05 * 0.95 / repeats)
    assert 0.0 < rejected(scores, KS_OF_A_TWENTIETH) < 0.05 + tolerance


def test_layers_of_one_seed_are_rejected_and_of_spawned_seeds_are_not() -> None:
    seed, other = np.random.SeedSequence(8).spawn(2)
    first, second, again = (
        xavier.xavier_uniform(SHAPE, np.random.default_rng(each)) for each in (seed, other, seed)
    )
    assert (checks.uncorrelated(first, second), checks.uncorrelated(first, again)) == (True, False)


def test_streams_that_share_a_fraction_of_their_noise_are_rejected() -> None:
    rng = generator(9)
    first, other = xavier.normal(SHAPE, 1.0, rng), xavier.normal(SHAPE, 1.0, rng)
    assert checks.uncorrelated(first, other)
    assert not checks.uncorrelated(first, other + 0.06 * first)


NOT_ORTHOGONAL: dict[str, Draw] = {
    "Gaussian": lambda rng: xavier.normal(SHAPE, 1.0 / math.sqrt(300.0), rng),
    "columns of length one": lambda rng: (
        (columns := rng.standard_normal(SHAPE)) / np.linalg.norm(columns, axis=0)
    ),
    "gain omitted": lambda rng: xavier.orthogonal(SHAPE, rng, gain=1.0 / TANH_GAIN),
    "rounded to single precision": lambda rng: (
        xavier.orthogonal(SHAPE, rng).astype(np.float32).astype(np.float64)
    ),
}


@pytest.mark.parametrize("name", NOT_ORTHOGONAL)
def test_what_is_not_orthogonal_is_rejected(name: str) -> None:
    assert checks.sides_are_orthonormal(xavier.orthogonal(SHAPE, generator(10, name)))
    assert not checks.sides_are_orthonormal(NOT_ORTHOGONAL[name](generator(10, name)))


def test_orthogonal_matrices_without_the_sign_of_r_are_rejected_as_clearly_as_stated() -> None:
    rng, draws = generator(11), 4000
    right = np.array([xavier.orthogonal((8, 8), rng) for _ in range(draws)])
    unsigned = np.linalg.qr(rng.standard_normal((draws, 8, 8)))[0]
    assert (checks.trace_fits(right), checks.trace_fits(unsigned)) == (True, False)
    traces = np.trace(unsigned, axis1=1, axis2=2)
    # The stated mean is that of as many other draws.
    tolerance = checks.Z_LIMIT * math.sqrt(2.0 * 0.52 / draws)
    assert pytest.approx(-1.594, abs=tolerance) == float(np.mean(traces))
    assert pytest.approx(0.52, abs=0.1) == float(np.var(traces))
    assert pytest.approx(1.0, abs=0.2) == float(np.var(np.trace(right, axis1=1, axis2=2)))


DEPTH, WIDTH, NETWORKS = 20, 128, 40
SQUARE = (WIDTH, WIDTH)
RIGHT_SIGNALS: dict[str, tuple[Draw, float]] = {
    "linear": (lambda rng: xavier.lecun_normal(SQUARE, rng), 1.0),
    "relu": (lambda rng: xavier.he_normal(SQUARE, rng), 2.0),
}
"""By activation: what draws the weights, and the second moment that they keep."""
WRONG_SIGNALS: dict[str, tuple[str, Draw]] = {
    "2 of He omitted": ("relu", lambda rng: xavier.lecun_normal(SQUARE, rng)),
    "the older heuristic": ("linear", lambda rng: xavier.standard(SQUARE, rng)),
    "truncation not corrected for": (
        "linear",
        lambda rng: xavier.truncated_normal(SQUARE, checks.TRUNCATION / math.sqrt(WIDTH), rng),
    ),
    "a variance 8 % too large": (
        "linear",
        lambda rng: xavier.lecun_normal(SQUARE, rng, gain=math.sqrt(1.08)),
    ),
}


def log_ratios(draw: Draw, activation: str, seed: str) -> Weights:
    moments = checks.last_moments(draw, activation, DEPTH, NETWORKS, generator(13, seed))
    return np.log(moments / RIGHT_SIGNALS[activation][1])


@pytest.mark.parametrize("activation", RIGHT_SIGNALS)
def test_signals_through_right_weights_are_accepted(activation: str) -> None:
    ratios = log_ratios(RIGHT_SIGNALS[activation][0], activation, activation)
    assert checks.drift_fits(ratios, activation, DEPTH, WIDTH)
    # Their spread is what the bound is made of.
    stated = checks.DRIFT[activation] * DEPTH / WIDTH
    assert 0.2 * stated < float(np.var(ratios, ddof=1)) < 2.8 * stated


@pytest.mark.parametrize("mistake", WRONG_SIGNALS)
def test_signals_through_wrong_weights_are_rejected(mistake: str) -> None:
    activation, draw = WRONG_SIGNALS[mistake]
    ratios = log_ratios(draw, activation, mistake)
    assert not checks.drift_fits(ratios, activation, DEPTH, WIDTH)


def test_the_drift_that_narrow_networks_have_is_seen() -> None:
    width, depth, networks = 32, 10, 600
    draw = of_law("normal", 1.0 / width, (width, width))
    ratios = np.log(checks.last_moments(draw, "linear", depth, networks, generator(14)))
    assert checks.drift_fits(ratios, "linear", depth, width)
    assert not checks.drift_fits(ratios + depth / width, "linear", depth, width)
