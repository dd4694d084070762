"""The schemes: fans, scales, limits and errors, against reference values."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from seedbed.figures import presets, xavier

EXACT = 1e-12

# fan_in, fan_out; Xavier's limit, std, variance; He's std, limit; LeCun's std, limit; the standard
# heuristic's limit, std
REFERENCE: list[tuple[float, ...]] = [
    (
        4,
        4,
        0.8660254037844386,
        0.5,
        0.25,
        0.7071067811865476,
        1.224744871391589,
        0.5,
        0.8660254037844386,
        0.5,
        0.2886751345948129,
    ),
    (
        3,
        2,
        1.0954451150103321,
        0.6324555320336759,
        0.4,
        0.816496580927726,
        1.4142135623730951,
        0.5773502691896258,
        1.0,
        0.5773502691896258,
        0.3333333333333333,
    ),
    (
        300,
        100,
        0.1224744871391589,
        0.07071067811865475,
        0.005,
        0.08164965809277261,
        0.1414213562373095,
        0.05773502691896257,
        0.1,
        0.05773502691896257,
        0.03333333333333333,
    ),
    (
        784,
        256,
        0.075955452531275,
        0.04385290096535146,
        0.0019230769230769232,
        0.050507627227610534,
        0.08748177652797065,
        0.03571428571428571,
        0.06185895741317419,
        0.03571428571428571,
        0.020619652471058063,
    ),
    (
        64,
        10,
        0.2847473987257497,
        0.1643989873053573,
        0.02702702702702703,
        0.1767766952966369,
        0.30618621784789724,
        0.125,
        0.21650635094610965,
        0.125,
        0.07216878364870323,
    ),
    (
        1,
        1,
        1.7320508075688772,
        1.0,
        1.0,
        1.4142135623730951,
        2.449489742783178,
        1.0,
        1.7320508075688772,
        1.0,
        0.5773502691896258,
    ),
]


def std_of(name: str, shape: tuple[int, ...]) -> float:
    preset = presets.PRESETS[name]
    return math.sqrt(xavier.weight_variance(shape, preset.scale, preset.mode))


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: f"{row[0]}x{row[1]}")
def test_presets_have_the_published_standard_deviations_and_limits(row: tuple[float, ...]) -> None:
    shape = (int(row[0]), int(row[1]))
    stds = {name: std_of(name, shape) for name in presets.PRESETS}
    actual = (
        xavier.uniform_limit(stds["xavier-uniform"]),
        stds["xavier-normal"],
        stds["xavier-normal"] ** 2,
        stds["he-normal"],
        xavier.uniform_limit(stds["he-uniform"]),
        stds["lecun-normal"],
        xavier.uniform_limit(stds["lecun-uniform"]),
        xavier.uniform_limit(stds["standard"]),
        stds["standard"],
    )
    assert pytest.approx(row[2:], rel=EXACT) == actual


# scale, mode and the standard deviation that they stand for
SCHEMES: dict[str, tuple[float, presets.Mode, Callable[[float, float], float]]] = {
    "Xavier": (1.0, "fan_avg", lambda fan_in, fan_out: math.sqrt(2.0 / (fan_in + fan_out))),
    "He": (2.0, "fan_in", lambda fan_in, _: math.sqrt(2.0 / fan_in)),
    "He, for gradients": (2.0, "fan_out", lambda _, fan_out: math.sqrt(2.0 / fan_out)),
    "He, for a slope of 1/4": (
        2.0 / (1.0 + 0.0625),
        "fan_in",
        lambda fan_in, _: math.sqrt(2.0 / (1.0625 * fan_in)),
    ),
    "LeCun": (1.0, "fan_in", lambda fan_in, _: 1.0 / math.sqrt(fan_in)),
    "standard": (1.0 / 3.0, "fan_in", lambda fan_in, _: 1.0 / math.sqrt(3.0 * fan_in)),
    "scikit-learn, logistic": (
        1.0 / 3.0,
        "fan_avg",
        lambda fan_in, fan_out: math.sqrt(2.0 / (fan_in + fan_out) / 3.0),
    ),
    "four times Xavier, for sigmoid": (
        16.0,
        "fan_avg",
        lambda fan_in, fan_out: 4.0 * math.sqrt(2.0 / (fan_in + fan_out)),
    ),
    "geometric mean": (1.0, "fan_geo", lambda fan_in, fan_out: (fan_in * fan_out) ** -0.25),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_schemes_are_cases_of_variance_scaling(name: str) -> None:
    scale, mode, std = SCHEMES[name]
    shapes = [(int(row[0]), int(row[1])) for row in REFERENCE]
    expected = [std(*shape) for shape in shapes]
    actual = [math.sqrt(xavier.weight_variance(shape, scale, mode)) for shape in shapes]
    assert pytest.approx(expected, rel=EXACT) == actual


@pytest.mark.parametrize(
    ("shape", "layout", "expected"),
    [
        ((5, 7), "in_out", (5, 7)),
        ((5, 7), "out_in", (7, 5)),
        ((3, 3, 32, 64), "in_out", (288, 576)),
        ((64, 32, 3, 3), "out_in", (288, 576)),
        ((64, 16, 3, 3), "out_in", (144, 576)),  # four groups
        ((5, 8, 16), "in_out", (40, 80)),
        ((16, 8, 5), "out_in", (40, 80)),
        ((2, 3, 4, 5, 6), "in_out", (120, 144)),
        ((6, 5, 2, 3, 4), "out_in", (120, 144)),
        ((1, 1), "in_out", (1, 1)),
    ],
    ids=str,
)
def test_fans_count_inputs_and_outputs_in_either_layout(
    shape: tuple[int, ...], layout: xavier.Layout, expected: tuple[int, int]
) -> None:
    assert expected == xavier.fans(shape, layout)


def convolved(inputs: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convolve (height, width, in) with a (k, k, in, out) kernel, around the edges."""
    size = len(kernel)
    wrapped = np.pad(inputs, ((0, size - 1), (0, size - 1), (0, 0)), mode="wrap")
    windows = np.lib.stride_tricks.sliding_window_view(wrapped, (size, size), axis=(0, 1))
    return np.einsum("hwcij,ijco->hwo", windows, kernel)


@pytest.mark.parametrize("shape", [(1, 1, 3, 5), (3, 3, 2, 4), (5, 5, 4, 2)], ids=str)
def test_fans_are_what_a_convolution_sums_and_where_it_leads(shape: tuple[int, ...]) -> None:
    ones, pixel = np.ones((8, 8, shape[2])), np.zeros((8, 8, shape[2]))
    pixel[4, 4, 0] = 1.0
    kernel = np.ones(shape)
    products = convolved(ones, kernel)
    fan_in, fan_out = xavier.fans(shape)
    assert (products == fan_in).all()
    assert fan_out == np.count_nonzero(convolved(pixel, kernel))
    outputs_first = (shape[3], shape[2], *shape[:2])
    assert (fan_in, fan_out) == xavier.fans(outputs_first, "out_in")


def test_fans_of_grouped_kernels_sum_over_one_group() -> None:
    # Four groups: each a convolution of its own, of 8 of 32 inputs to 16 of 64 outputs.
    one_group, _ = xavier.fans((3, 3, 8, 16))
    assert (one_group, 9 * 64) == xavier.fans((64, 8, 3, 3), "out_in")
    assert 4 * one_group == xavier.fans((64, 32, 3, 3), "out_in")[0]


@pytest.mark.parametrize("layout", xavier.LAYOUTS)
@pytest.mark.parametrize("shape", [(), (5,), (0, 3), (3, 0), (3, -1), (0, 3, 4, 5), (3, 3, 4, 0)])
def test_shapes_without_fans_raise(shape: tuple[int, ...], layout: xavier.Layout) -> None:
    with pytest.raises(ValueError, match=r"at least (2 dimensions|1), got shape"):
        xavier.fans(shape, layout)
    with pytest.raises(ValueError, match=r"at least (2 dimensions|1), got shape"):
        xavier.orthogonal(shape, np.random.default_rng(0), layout=layout)


@pytest.mark.parametrize(
    ("filters", "expected"), [(64, 0.0589), (128, 0.0417), (256, 0.0295), (512, 0.0208)]
)
def test_he_gives_the_worked_example_of_its_paper(filters: int, expected: float) -> None:
    actual = std_of("he-normal", (3, 3, filters, filters))
    assert pytest.approx(expected, abs=5e-5) == actual


def test_modes_divide_by_the_fan_that_they_name() -> None:
    actual = [1.0 / xavier.weight_variance((4, 16), 1.0, mode) for mode in presets.MODES]
    assert pytest.approx([4.0, 16.0, 10.0, 8.0], rel=EXACT) == actual


def test_gain_multiplies_the_standard_deviation_not_the_variance() -> None:
    plain = xavier.weight_variance((30, 10), 2.0, "fan_in")
    assert pytest.approx(9.0 * plain, rel=EXACT) == xavier.weight_variance(
        (30, 10), 2.0, "fan_in", gain=3.0
    )


def test_truncation_at_two_leaves_the_known_share_of_the_standard_deviation() -> None:
    assert pytest.approx(0.8796256610342398, rel=EXACT) == xavier.truncation_factor()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": ()}, "at least 2 dimensions"),
        ({"shape": (5,)}, "at least 2 dimensions"),
        ({"shape": (0, 3)}, "at least 1"),
        ({"scale": 0.0}, "scale must be"),
        ({"scale": math.nan}, "scale must be"),
        ({"gain": -1.0}, "gain must be"),
        ({"gain": math.inf}, "gain must be"),
        ({"mode": "fan_on"}, "mode must be one of fan_in, fan_out, fan_avg, fan_geo"),
        ({"distribution": "cauchy"}, "distribution must be one of uniform, normal, truncated_norm"),
        ({"layout": "oi"}, "layout must be one of in_out, out_in"),
    ],
    ids=str,
)
def test_impossible_arguments_raise_and_say_what_is_possible(
    arguments: dict[str, object], message: str
) -> None:
    right = {
        "shape": (3, 4),
        "scale": 1.0,
        "mode": "fan_in",
        "distribution": "normal",
        "layout": "in_out",
        "rng": np.random.default_rng(0),
    }
    with pytest.raises(ValueError, match=message):
        xavier.variance_scaling(**{**right, **arguments})  # type: ignore[arg-type]


def test_each_named_function_draws_what_its_preset_says() -> None:
    for name, preset in presets.PRESETS.items():
        by_name = getattr(xavier, name.replace("-", "_"))
        actual = by_name((6, 3), np.random.default_rng(1), layout="out_in", gain=1.5)
        expected = xavier.variance_scaling(
            (6, 3),
            preset.scale,
            preset.mode,
            preset.distribution,
            "out_in",
            np.random.default_rng(1),
            1.5,
        )
        np.testing.assert_array_equal(expected, actual)


def test_aliases_lead_to_presets() -> None:
    assert set(presets.PRESETS) >= {preset for preset, _ in presets.ALIASES.values()}


def test_constant_weights_are_constant() -> None:
    np.testing.assert_array_equal(np.full((2, 3), 0.05), xavier.constant((2, 3), 0.05))


@pytest.mark.parametrize("cut", [0.0, -1.0, math.nan])
def test_a_cut_that_leaves_nothing_raises(cut: float) -> None:
    with pytest.raises(ValueError, match="cut must be positive"):
        xavier.truncation_factor(cut)


def test_a_wide_cut_leaves_all_and_a_narrow_one_a_uniform_law() -> None:
    assert pytest.approx(1.0, abs=1e-12) == xavier.truncation_factor(9.0)
    assert pytest.approx(0.01 / math.sqrt(3.0), rel=1e-4) == xavier.truncation_factor(0.01)
