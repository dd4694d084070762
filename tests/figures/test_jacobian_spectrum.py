"""Singular values of whole networks: what holds for any seed, and the golden numbers of this one."""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures import spec
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Line, Predicted
from seedbed.figures.draw import draw
from seedbed.figures.experiments import jacobian_spectrum
from seedbed.figures.kinds.jacobian_spectrum import JacobianSpectrum
from seedbed.figures.scheme import Scheme, named

pytestmark = pytest.mark.timeout(60)

# activation, scheme, depth: largest singular value, and the root mean square of all
GOLDEN_LARGEST = [
    [[1.96886015, 3.28436634, 5.46314244, 11.3696827], [1.0, 1.0, 1.0, 1.0]],
    [
        [1.50636729, 1.5239923, 1.12408008, 1.47716847],
        [0.99998997, 0.766361359, 0.439377747, 0.223838352],
    ],
    [
        [2.35604953, 3.81134648, 5.27308681, 7.39183411],
        [1.41421356, 3.10343642, 5.18637135, 10.9383806],
    ],
]
GOLDEN_RMS = [
    [[0.995633839, 1.00002667, 0.989475178, 1.22724744], [1.0, 1.0, 1.0, 1.0]],
    [
        [0.68781049, 0.418410414, 0.214098107, 0.151448156],
        [0.68090734, 0.401290232, 0.208157143, 0.102975158],
    ],
    [
        [1.00337168, 0.997479163, 0.824355906, 0.753933212],
        [1.0, 1.08923909, 1.00367519, 1.23996667],
    ],
]

LINEAR, TANH, RELU = range(3)
GAUSSIAN, ORTHOGONAL = range(2)
DEPTHS = (1, 4, 16, 64)
SMALL = {"width": 12, "depths": (1, 3)}


@pytest.fixture(scope="module")
def default():
    return figures.run(JacobianSpectrum())


def rms(values):
    return np.sqrt(np.mean(np.square(values), axis=-1))


def test_orthogonal_linear_networks_have_singular_values_of_one_at_any_depth(default):
    np.testing.assert_allclose(default.measured["singular"][LINEAR, ORTHOGONAL], 1.0, atol=1e-10)


def test_gaussian_linear_networks_squash_most_directions(default):
    values = default.measured["singular"][LINEAR, GAUSSIAN]
    medians = np.median(values, axis=-1)
    assert medians[3] < 1e-6
    # The middle of a product of L matrices falls like 2 ** (-L / 2).
    np.testing.assert_allclose(np.log2(medians[1:]), [-2.0, -8.0, -32.0], atol=2.0)
    assert (values[:, 0] < np.array([2.4, 4.4, 10.0, 25.0])).all()
    assert values[3, 0] > values[0, 0]


def test_one_gaussian_layer_ends_near_two_and_keeps_the_quarter_circle_mean(default):
    values = default.measured["singular"][LINEAR, GAUSSIAN, 0]
    assert 1.85 < values[0] < 2.2
    assert pytest.approx(8.0 / (3.0 * math.pi), abs=0.03) == float(np.mean(values))
    assert pytest.approx(0.80, abs=0.06) == float(np.median(values))


def test_tanh_keeps_some_isometry_with_orthogonal_weights_alone(default):
    gaussian, orthogonal = default.measured["singular"][TANH, :, 3]
    assert np.median(orthogonal) > 0.02
    assert np.median(gaussian) < 1e-6
    assert orthogonal[0] / np.median(orthogonal) < 10.0


def test_relu_cannot_be_isometric(default):
    values = default.measured["singular"][RELU]
    one = np.mean(values[:, 0] == 0.0, axis=-1)
    # Half of 128 units are off, give or take 4.9 standard deviations.
    assert (np.abs(one - 0.5) < 0.22).all()
    assert (np.mean(values[:, 3] == 0.0, axis=-1) > 0.5).all()
    assert (np.median(values[:, 1:], axis=-1) < 1e-1).all()


def test_the_root_mean_square_is_that_of_the_prediction(default):
    measured = default.measured
    ratio = rms(measured["singular"]) / measured["predicted_rms"]
    # Over L layers of width n its logarithm scatters by up to sqrt(5 L / n) / 2.
    limit = 4.892 * np.sqrt(5.0 * np.array(DEPTHS) / 128.0) / 2.0
    assert (np.abs(np.log(ratio)) < limit).all()
    np.testing.assert_allclose(measured["predicted_rms"][LINEAR], 1.0, rtol=1e-12)
    np.testing.assert_allclose(measured["predicted_rms"][RELU], 1.0, rtol=1e-12)


def test_linear_spectra_follow_their_law(default):
    measured = default.measured
    found, law = (measured[name][LINEAR, GAUSSIAN] for name in ("singular", "predicted"))
    larger = slice(6, 64)
    # Each layer takes half the logarithm of a χ² of at least 64 degrees of freedom.
    limit = 0.15 + 4.892 * np.sqrt(np.array(DEPTHS)[:, None] / (2.0 * 64.0))
    assert (np.abs(np.log(found[:, larger] / law[:, larger])) < limit).all()
    np.testing.assert_allclose(measured["predicted"][LINEAR, ORTHOGONAL], 1.0, rtol=1e-12)
    assert np.isnan(measured["predicted"][[TANH, RELU]]).all()


def test_the_figure_measures_what_the_catalogue_says(default):
    values = default.measured["singular"]
    linear, tanh = values[LINEAR, GAUSSIAN], values[TANH]
    median = np.median
    # Each with the factor by which one network of 128 units may differ from another.
    for found, expected, factor in (
        (linear[0, 0], 1.99, 1.15),
        (median(linear[0]), 0.794, 1.15),
        (rms(linear[0]), 0.997, 1.1),
        (linear[2, 0], 5.15, 2.0),
        (median(linear[2]), 0.0039, 2.0),
        (rms(linear[2]), 0.950, 2.0),
        (linear[3, 0], 7.75, 4.0),
        (median(linear[3]), 1.7e-10, 10.0),
        (tanh[ORTHOGONAL, 3, 0], 0.23, 2.0),
        (median(tanh[ORTHOGONAL, 3]), 0.081, 2.0),
        (rms(tanh[ORTHOGONAL, 3]), 0.111, 2.0),
        (tanh[GAUSSIAN, 3, 0], 1.38, 4.0),
        (median(tanh[GAUSSIAN, 3]), 1.8e-11, 10.0),
    ):
        assert abs(math.log(found / expected)) < math.log(factor), (found, expected)


@figures.GOLDEN
def test_singular_values_are_the_golden_numbers(default):
    values = default.measured["singular"]
    for actual, expected in ((values[..., 0], GOLDEN_LARGEST), (rms(values), GOLDEN_RMS)):
        figures.check_golden(actual, expected)


def test_a_row_a_scheme_a_column_a_function_and_a_curve_a_depth(default):
    chart = default.shown.chart
    assert [panel.title for panel in chart.panels] == [
        f"{activation}, {scheme}"
        for scheme in ("LeCun", "orthogonal")
        for activation in ("linear", "tanh", "relu")
    ]
    assert chart.columns == 3
    assert [figures.counts(panel, Line, Predicted) for panel in chart.panels] == [
        [4, 4],
        [4, 0],
        [4, 0],
    ] * 2
    assert [key.label for key in chart.legend] == [*(f"depth {at}" for at in DEPTHS), "prediction"]
    lines = [mark for panel in chart.panels for mark in panel.marks if isinstance(mark, Line)]
    assert all(len(line.x) <= 120 and min(line.y) > 0.0 for line in lines)
    assert lines[0].x[0] == 0.5 / 128
    assert lines[0].x[-1] == 127.5 / 128


def test_the_description_tells_the_finding(default):
    _, measured, shown = default
    largest = measured["singular"][LINEAR, GAUSSIAN, 3, 0]
    assert f"With linear, after 64 layers: the largest {largest:.3g}, the median " in (
        shown.description
    )
    assert "the largest 1, the median 1 with orthogonal (root mean square 1, predicted 1)" in (
        shown.description
    )
    assert "With relu, after 64 layers: the largest" in shown.description
    assert "the median lost in rounding" in shown.description


def test_the_table_has_three_rows_a_network(default):
    table = default.shown.table
    assert table.columns == ("network", "depth 1", "depth 4", "depth 16", "depth 64")
    assert len(table.rows) == 18
    assert {len(row) for row in table.rows} == {5}
    assert table.rows[9:12] == tuple(
        (f"linear, orthogonal: {what}", "1", "1", "1", "1")
        for what in ("largest", "median", "root mean square")
    )


def test_the_csv_holds_every_singular_value(default):
    _, measured, shown = default
    rows = figures.rows_of(shown)
    assert len(rows) == 3 * 2 * 4 * 128
    row = rows[1]
    assert (row["activation"], row["init"], row["depth"], row["rank"]) == (
        "linear",
        "LeCun",
        "1",
        "2",
    )
    expected = measured["singular"][0, 0, 0, 1], measured["predicted"][0, 0, 0, 1]
    actual = float(row["singular_value"]), float(row["predicted"])
    assert pytest.approx(expected, rel=1e-8) == actual
    assert {row["predicted"] for row in rows if row["activation"] == "relu"} == {""}


def test_without_theory_nothing_is_predicted(default):
    shown = figures.check_without_theory(default)
    assert [key.label for key in shown.chart.legend][-1] == "depth 64"


@pytest.mark.parametrize(
    ("name", "gain"),
    [("linear", 1.0), ("tanh", 1.0), ("relu", math.sqrt(2.0)), ("sigmoid", 4.0), ("gelu", 2.0)],
)
def test_the_automatic_gain_keeps_small_differences(name, gain):
    assert pytest.approx(gain, rel=1e-12) == jacobian_spectrum.automatic_gain(ACTIVATIONS[name])


def test_a_gain_multiplies_every_layer():
    plain = figures.run(
        JacobianSpectrum(("linear",), (named("lecun"),), gain=1.0, **SMALL)
    ).measured
    double = figures.run(
        JacobianSpectrum(("linear",), (named("lecun"),), gain=2.0, **SMALL)
    ).measured
    for name in ("singular", "predicted"):
        ratio = double[name][0, 0] / plain[name][0, 0]
        np.testing.assert_allclose(ratio[0], 2.0, rtol=1e-9)
        np.testing.assert_allclose(ratio[1], 8.0, rtol=1e-6)
    np.testing.assert_allclose(double["predicted_rms"][0, 0], [2.0, 8.0], rtol=1e-12)


def test_the_scale_of_a_scheme_enters_the_prediction():
    he, lecun = (
        figures.run(JacobianSpectrum(("linear",), (named(s),), **SMALL)).measured
        for s in ("he", "lecun")
    )
    np.testing.assert_allclose(he["predicted"][0, 0, 1] / lecun["predicted"][0, 0, 1], 2.0**1.5)


def test_depths_look_into_one_network():
    both = figures.run(JacobianSpectrum(("tanh",), **SMALL)).measured
    one = figures.run(JacobianSpectrum(("tanh",), width=12, depths=(3,))).measured
    np.testing.assert_array_equal(both["singular"][:, :, 1], one["singular"][:, :, 0])


def test_another_seed_draws_other_weights_and_the_same_one_the_same():
    first, other = figures.two_seeds(JacobianSpectrum(**SMALL), "singular")
    assert not np.array_equal(first, other)


def test_one_layer_of_one_scheme_makes_a_figure():
    label = Scheme("std", 0.3, "a $x < y$ & $")
    shown = figures.run(JacobianSpectrum(("gelu",), (label,), 8, (1,))).shown
    assert [panel.title for panel in shown.chart.panels] == [r"gelu, a \$x < y\$ & \$"]
    assert draw(shown.chart, "normal")[0].body
    assert "after one layer" in shown.description


def test_what_overflows_becomes_a_warning():
    huge = Scheme("std", 1000.0, "huge")
    shown = figures.run(
        JacobianSpectrum(("linear",), (named("lecun"), huge), 8, (1, 200), 20.0)
    ).shown
    said = "figure produced non-finite data for curve 'linear/huge, depth 200'"
    assert shown.warnings == (("inits", said),)
    assert "not finite with huge" in shown.description
    assert [len(panel.marks) for panel in shown.chart.panels] == [4, 3]
    assert draw(shown.chart, "normal")[0].body


@pytest.mark.parametrize("scheme", [named("zeros"), Scheme("constant", 0.1, "constant")])
def test_weights_that_are_not_random_make_a_figure(scheme):
    _, measured, shown = figures.run(JacobianSpectrum(("tanh",), inits=(scheme,), **SMALL))
    assert np.isnan(measured["predicted"]).all()
    assert (np.count_nonzero(measured["singular"], axis=-1) <= 1).all()
    assert draw(shown.chart, "normal")[0].body


def test_the_drawing_is_small_enough(default):
    figures.check_drawing(default.shown)


@pytest.mark.parametrize(("written", "gain"), [("auto", "auto"), ("1.5", 1.5), ("2", 2.0)])
def test_a_block_is_read_and_travels(written, gain):
    read = figures.spec_of(
        f"kind: jacobian-spectrum\ndepths: [2, 30]\ngain: {written}\nwidth: 64\n"
    )
    assert read.parameters == JacobianSpectrum(depths=(2, 30), gain=gain, width=64)
    assert spec.from_json(spec.to_json(read)) == read


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("gain: outo", "'gain' must be auto or a number above 0 to 20, got 'outo'"),
        ("gain: 0", "'gain' must be auto or a number above 0 to 20, got 0"),
        ("depths: [4, 1]", "'depths' must increase, got [4, 1]"),
        ("depths: [4, 4]", "'depths' has '4' twice"),
        ("depths: [201]", "'depths' must be an integer from 1 to 200, got 201"),
    ],
)
def test_mistakes_are_told(field, message):
    assert figures.messages(f"kind: jacobian-spectrum\n{field}\n") == [message]


def test_the_estimate_grows_with_the_work():
    assert 0.1 < JacobianSpectrum().seconds() < 5.0
    assert JacobianSpectrum(width=256, depths=(200,)).seconds() > JacobianSpectrum().seconds()
