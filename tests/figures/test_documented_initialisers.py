"""Agreement with what Keras, JAX and PyTorch document of their initialisers and gains.

Their pages are the source: each table names the one that says so. Nothing of theirs is run.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import presets, xavier
from seedbed.figures.activations import ACTIVATIONS, Activation, piecewise_linear

pytestmark = pytest.mark.timeout(60)

EXACT = 1e-12
IN_OUT, OUT_IN = (300, 100), (100, 300)
"""One layer of 300 inputs and 100 outputs, in either layout."""


@dataclass(frozen=True)
class Documented:
    """An initialiser of a framework, as its page describes it, and the same of ours."""

    says: Callable[[float, float], float]
    """The limit of a uniform law, the standard deviation (after truncation) of another."""
    scale: float
    mode: presets.Mode
    distribution: presets.Distribution
    gain: float = 1.0


def limit(scale: float, mode: presets.Mode, says: Callable[[float, float], float]) -> Documented:
    return Documented(says, scale, mode, "uniform")


def cut(scale: float, mode: presets.Mode, says: Callable[[float, float], float]) -> Documented:
    return Documented(says, scale, mode, "truncated_normal")


def std(scale: float, mode: presets.Mode, says: Callable[[float, float], float]) -> Documented:
    return Documented(says, scale, mode, "normal")


# keras.io/api/layers/initializers, Keras 3
KERAS = {
    "GlorotUniform": limit(1.0, "fan_avg", lambda i, o: math.sqrt(6.0 / (i + o))),
    "GlorotNormal": cut(1.0, "fan_avg", lambda i, o: math.sqrt(2.0 / (i + o))),
    "HeUniform": limit(2.0, "fan_in", lambda i, _: math.sqrt(6.0 / i)),
    "HeNormal": cut(2.0, "fan_in", lambda i, _: math.sqrt(2.0 / i)),
    "LecunUniform": limit(1.0, "fan_in", lambda i, _: math.sqrt(3.0 / i)),
    "LecunNormal": cut(1.0, "fan_in", lambda i, _: math.sqrt(1.0 / i)),
    "VarianceScaling(0.3, fan_out, untruncated_normal)": std(
        0.3, "fan_out", lambda _, o: math.sqrt(0.3 / o)
    ),
    "VarianceScaling(0.3, fan_out, uniform)": limit(
        0.3, "fan_out", lambda _, o: math.sqrt(3.0 * 0.3 / o)
    ),
}
# docs.jax.dev, jax.nn.initializers: each is variance_scaling with a standard deviation of
# sqrt(scale / n), after truncation
JAX = {
    "glorot_uniform": limit(
        1.0, "fan_avg", lambda i, o: math.sqrt(3.0) * math.sqrt(1.0 / ((i + o) / 2.0))
    ),
    "glorot_normal": cut(1.0, "fan_avg", lambda i, o: math.sqrt(1.0 / ((i + o) / 2.0))),
    "he_uniform": limit(2.0, "fan_in", lambda i, _: math.sqrt(3.0) * math.sqrt(2.0 / i)),
    "he_normal": cut(2.0, "fan_in", lambda i, _: math.sqrt(2.0 / i)),
    "lecun_uniform": limit(1.0, "fan_in", lambda i, _: math.sqrt(3.0) * math.sqrt(1.0 / i)),
    "lecun_normal": cut(1.0, "fan_in", lambda i, _: math.sqrt(1.0 / i)),
    "variance_scaling(1, fan_geo_avg, normal)": std(
        1.0, "fan_geo", lambda i, o: math.sqrt(1.0 / math.sqrt(i * o))
    ),
}
# docs.pytorch.org/docs/stable/nn.init.html, and generated/torch.nn.Linear.html for the last
TORCH = {
    "xavier_uniform_": limit(1.0, "fan_avg", lambda i, o: math.sqrt(6.0 / (i + o))),
    "xavier_uniform_(gain=5/3)": Documented(
        lambda i, o: 5.0 / 3.0 * math.sqrt(6.0 / (i + o)), 1.0, "fan_avg", "uniform", 5.0 / 3.0
    ),
    "xavier_normal_": std(1.0, "fan_avg", lambda i, o: math.sqrt(2.0 / (i + o))),
    "kaiming_uniform_": limit(2.0, "fan_in", lambda i, _: math.sqrt(2.0) * math.sqrt(3.0 / i)),
    "kaiming_normal_": std(2.0, "fan_in", lambda i, _: math.sqrt(2.0) / math.sqrt(i)),
    "kaiming_normal_(mode=fan_out)": std(
        2.0, "fan_out", lambda _, o: math.sqrt(2.0) / math.sqrt(o)
    ),
    "kaiming_normal_(a=0.2)": Documented(
        lambda i, _: math.sqrt(2.0 / (1.0 + 0.2**2)) / math.sqrt(i),
        1.0,
        "fan_in",
        "normal",
        math.sqrt(2.0 / 1.04),
    ),
    "Linear.weight": limit(1.0 / 3.0, "fan_in", lambda i, _: math.sqrt(1.0 / i)),
}
DOCUMENTED: dict[str, tuple[Documented, tuple[int, int], xavier.Layout]] = {
    **{f"Keras {name}": (each, IN_OUT, "in_out") for name, each in KERAS.items()},
    **{f"JAX {name}": (each, IN_OUT, "in_out") for name, each in JAX.items()},
    **{f"torch {name}": (each, OUT_IN, "out_in") for name, each in TORCH.items()},
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_standard_deviations_and_limits_are_those_that_frameworks_document(name: str) -> None:
    theirs, shape, layout = DOCUMENTED[name]
    ours = math.sqrt(xavier.weight_variance(shape, theirs.scale, theirs.mode, layout, theirs.gain))
    if theirs.distribution == "uniform":
        ours = xavier.uniform_limit(ours)
    assert pytest.approx(theirs.says(300.0, 100.0), rel=EXACT) == ours


@pytest.mark.parametrize("name", DOCUMENTED)
def test_weights_follow_the_law_that_frameworks_document(name: str) -> None:
    theirs, shape, layout = DOCUMENTED[name]
    rng = np.random.Generator(np.random.PCG64([1, *name.encode()]))
    weights = xavier.variance_scaling(
        shape, theirs.scale, theirs.mode, theirs.distribution, layout, rng, theirs.gain
    )
    variance = theirs.says(300.0, 100.0) ** 2
    if theirs.distribution == "uniform":
        variance /= 3.0
    assert checks.rejecting(weights, variance, theirs.distribution) == []


@pytest.mark.parametrize(
    ("preset", "name"),
    [
        ("xavier-uniform", "Keras GlorotUniform"),
        ("xavier-uniform", "JAX glorot_uniform"),
        ("xavier-uniform", "torch xavier_uniform_"),
        ("xavier-normal", "torch xavier_normal_"),
        ("he-normal", "torch kaiming_normal_"),
        ("he-uniform", "torch kaiming_uniform_"),
        ("he-uniform", "Keras HeUniform"),
        ("he-uniform", "JAX he_uniform"),
        ("lecun-uniform", "Keras LecunUniform"),
        ("lecun-uniform", "JAX lecun_uniform"),
        ("standard", "torch Linear.weight"),
    ],
    ids=str,
)
def test_presets_are_what_frameworks_have_by_that_name(preset: str, name: str) -> None:
    theirs = DOCUMENTED[name][0]
    ours = presets.PRESETS[preset]
    assert (theirs.scale, theirs.mode, theirs.distribution) == (
        ours.scale,
        ours.mode,
        ours.distribution,
    )


def test_the_default_of_torch_is_the_older_heuristic_under_another_name() -> None:
    # Linear and Conv layers call kaiming_uniform_ with a = sqrt(5).
    gain = piecewise_linear("a = sqrt(5)", math.sqrt(5.0)).forward_gain()
    assert pytest.approx(math.sqrt(1.0 / 3.0), rel=EXACT) == gain
    called = xavier.weight_variance(OUT_IN, 1.0, "fan_in", "out_in", gain)
    heuristic = presets.PRESETS["standard"]
    assert pytest.approx(called, rel=EXACT) == xavier.weight_variance(
        OUT_IN, heuristic.scale, heuristic.mode, "out_in"
    )


# docs.pytorch.org/docs/stable/nn.init.html: calculate_gain
TORCH_GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "leaky-relu": math.sqrt(2.0 / (1.0 + 0.01**2)),
    "selu": 3.0 / 4.0,
}
DERIVED = ("linear", "relu", "leaky-relu")
"""Where torch's gain is the one that keeps the second moment."""


@pytest.mark.parametrize("name", DERIVED)
def test_gains_of_torch_that_have_a_derivation_are_ours(name: str) -> None:
    activation = ACTIVATIONS[name]
    gains = (activation.forward_gain(), activation.backward_gain())
    assert pytest.approx((TORCH_GAINS[name],) * 2, rel=EXACT) == gains


def test_the_gain_of_torch_for_a_leaky_slope_is_ours_for_any_slope() -> None:
    assert pytest.approx(1.4141428570, abs=5e-11) == TORCH_GAINS["leaky-relu"]
    slopes = (0.0, 0.01, 0.2, 0.25, 1.0)
    theirs = [math.sqrt(2.0 / (1.0 + slope**2)) for slope in slopes]
    ours = [piecewise_linear("leaky", slope).forward_gain() for slope in slopes]
    assert pytest.approx(theirs, rel=EXACT) == ours


def settled(activation: Activation, gain: float) -> float:
    q = 1.0
    for _ in range(3000):
        q = gain**2 * activation.second_moment(q)
    return q


@pytest.mark.parametrize(
    ("name", "moment", "factor", "rounding"),
    [
        ("tanh", 1.17848, 1.20983, 5e-6),
        ("sigmoid", 0.26469, 0.05572, 5e-6),
        ("selu", 0.0230, 1.0037, 5e-5),
    ],
)
def test_the_other_gains_of_torch_let_signals_settle_elsewhere(
    name: str, moment: float, factor: float, rounding: float
) -> None:
    activation, gain = ACTIVATIONS[name], TORCH_GAINS[name]
    assert abs(gain / activation.forward_gain() - 1.0) > 0.04
    q = settled(activation, gain)
    actual = (q, gain**2 * activation.slope_moment(q))
    assert pytest.approx((moment, factor), abs=1.01 * rounding) == actual


def test_every_gain_that_torch_documents_is_compared() -> None:
    assert set(TORCH_GAINS) == {*DERIVED, "tanh", "sigmoid", "selu"}


@pytest.mark.parametrize(
    ("name", "gain"),
    [("linear", 1.0), ("tanh", 1.0), ("sigmoid", 4.0), ("gelu", 2.0), ("silu", 2.0)],
)
def test_the_slope_at_zero_gives_the_textbook_gain(name: str, gain: float) -> None:
    slope = ACTIVATIONS[name].slope_at_zero
    assert slope is not None
    assert pytest.approx(gain, rel=EXACT) == 1.0 / slope


def test_truncated_normals_that_frameworks_do_not_correct_are_narrower() -> None:
    # jax.nn.initializers.truncated_normal and tf.random.truncated_normal, asked for 0.02
    assert pytest.approx(0.01759, abs=5e-6) == 0.02 * xavier.truncation_factor()
