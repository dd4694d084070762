"""How gradients fade on their way back: physics for any seed, and the golden numbers of this one."""

import math

import figure_checks as figures
import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import spec
from seedbed.figures.chart import Band, Line, Predicted
from seedbed.figures.draw import draw
from seedbed.figures.kinds.gradient_by_depth import GradientByDepth
from seedbed.figures.scheme import Scheme, named

# The figure that all share takes two seconds, and more on a busy machine.
pytestmark = pytest.mark.timeout(60)

# scheme, activation, layer 1 and layer 20
GOLDEN_MOMENTS = [
    [
        [8.68823116e-15, 1.65736736e-05],
        [2.60409572e-23, 1.88598143e-08],
        [5.11037459e-50, 9.96573674e-18],
    ],
    [
        [0.0267162281, 0.642854378],
        [1.78720072e-09, 0.00111365317],
        [3.46334292e-37, 2.73851797e-13],
    ],
    [[7.7508286, 2.65976526], [0.602851061, 0.973687376], [8.89330536e-30, 1.05144802e-10]],
]

STANDARD, XAVIER, HE = range(3)
TANH, RELU, SIGMOID = range(3)
SMALL = {"width": 16, "depth": 4, "batch": 8, "seeds": 2}


@pytest.fixture(scope="module")
def default():
    return figures.run(GradientByDepth())


@pytest.fixture(scope="module")
def weight():
    return figures.run(
        GradientByDepth(quantity="weight", seeds=2, batch=32, inits=(named("standard"),))
    )


def factors(measured):
    """Return what a layer multiplies by, in the geometric mean; ``(inits, activations)``."""
    return np.median(measured["simulated"], axis=2)[:, :, 0] ** (1.0 / 29.0)


def test_a_layer_multiplies_gradients_by_the_published_factors(default):
    # Over 29 layers of width 256 the logarithm of a factor has a standard error below 0.012.
    expected = {
        (XAVIER, TANH): 0.8803,
        (HE, TANH): 1.0738,
        (XAVIER, RELU): 0.5,
        (HE, RELU): 1.0,
        (XAVIER, SIGMOID): 0.0553,
        (HE, SIGMOID): 0.0998,
        (STANDARD, RELU): 1.0 / 6.0,
    }
    found = factors(default.measured)
    for at, factor in expected.items():
        assert abs(math.log(found[at] / factor)) < checks.Z_LIMIT * 0.012, (at, found[at])


def test_the_figure_measures_what_the_catalogue_says(default):
    found = np.median(default.measured["simulated"], axis=2)[:, :, 0]
    # Another seed gave these; ReLU's scatter is the widest.
    assert pytest.approx(0.0261, rel=0.3) == found[XAVIER, TANH]
    assert 2.0e-9 / 3.0 < found[XAVIER, RELU] < 2.0e-9 * 3.0
    assert 3.4e-37 / 3.0 < found[XAVIER, SIGMOID] < 3.4e-37 * 3.0


def test_simulated_moments_follow_the_prediction_at_every_layer(default):
    measured = default.measured
    drift = np.abs(np.log(np.median(measured["simulated"], axis=2) / measured["predicted"]))
    passed = np.arange(29, -1, -1)
    limit = 5.0 * passed / 512 + checks.Z_LIMIT * np.sqrt(5.0 * passed / (256 * 5))
    assert (drift <= limit).all()
    assert (measured["simulated"][..., -1] == 1.0).all()


def test_only_xavier_under_tanh_and_he_under_relu_keep_gradients_on_the_panel(default):
    first = np.median(default.measured["simulated"], axis=2)[:, :, 0]
    assert first[XAVIER, TANH] > 1e-3
    assert first[HE, RELU] > 1e-2
    assert (first[STANDARD] < 1e-9).all()
    assert (first[:, SIGMOID] < 1e-16).all()


def test_weight_gradients_stay_level_where_backpropagated_ones_fall(default, weight):
    falls = np.median(default.measured["simulated"], axis=2)[STANDARD, :, 0]
    level = np.median(weight.measured["simulated"], axis=2)[0, :, 0]
    assert falls[TANH] < 1e-9
    assert falls[RELU] < 1e-18
    assert 0.3 < level[TANH] < 3.0
    assert 0.3 < level[RELU] < 3.0
    assert 1e-50 < level[SIGMOID] < 1e-47


def test_weight_gradients_follow_their_prediction(weight):
    measured = weight.measured
    drift = np.abs(np.log(np.median(measured["simulated"], axis=2) / measured["predicted"]))
    # What signals lose on their way up is lost by another part of the weights: both add up.
    assert (drift < 5.0 * 29 / 256 + checks.Z_LIMIT * math.sqrt(5.0 * 29 / (256 * 2))).all()
    assert (drift[..., -1] == 0.0).all()


@figures.GOLDEN
def test_second_moments_are_the_golden_numbers(default):
    actual = np.median(default.measured["simulated"], axis=2)[:, :, [0, 19]]
    figures.check_golden(actual, GOLDEN_MOMENTS)


def test_each_activation_has_a_panel_with_a_curve_a_band_and_a_prediction_a_scheme(default):
    chart = default.shown.chart
    assert [panel.title for panel in chart.panels] == ["tanh", "relu", "sigmoid"]
    for panel in chart.panels:
        assert figures.counts(panel, Line, Band, Predicted) == [3, 3, 3]
    assert [key.label for key in chart.legend] == ["standard", "Xavier", "He", "prediction"]


def test_the_description_tells_the_finding(default):
    _, measured, shown = default
    said = shown.description
    assert "at layer 1, relative to layer 30" in said
    for found in ("(predicted 0.0248)", "(predicted 1.86e-9)", "(predicted 1)", "(predicted 3.4"):
        assert found in said
    first = float(np.median(measured["simulated"], axis=2)[XAVIER, SIGMOID, 0])
    assert f"{first:.3g} with Xavier, 0.055" in said


def test_the_table_has_a_row_a_curve_and_its_factor(default):
    table = default.shown.table
    layers = tuple(f"layer {layer}" for layer in (1, 5, 10, 15, 20, 25))
    assert ("curve", "factor a layer", *layers) == table.columns
    assert len(table.rows) == 18
    assert table.rows[11] == ("relu, He: predicted", *["1"] * 7)
    assert {len(row) for row in table.rows} == {8}


def test_the_csv_holds_every_number_of_the_curves(default):
    _, measured, shown = default
    rows = figures.rows_of(shown)
    assert len(rows) == 3 * 3 * 30
    row = next(r for r in rows if (r["activation"], r["init"], r["layer"]) == ("tanh", "He", "7"))
    runs = measured["simulated"][HE, TANH][:, 6]
    figures.check_range(row, runs, measured["predicted"][HE, TANH, 6])


def test_without_theory_nothing_is_predicted(default):
    shown = figures.check_without_theory(default)
    assert len(shown.table.rows) == 9


def test_a_further_curve_does_not_change_the_others():
    alone = figures.run(GradientByDepth(("relu",), (named("he"),), **SMALL)).measured
    among = figures.run(
        GradientByDepth(("tanh", "relu"), (named("xavier"), named("he")), **SMALL)
    ).measured
    np.testing.assert_array_equal(alone["simulated"][0, 0], among["simulated"][1, 1])


def test_another_seed_draws_other_weights_and_the_same_one_the_same():
    parameters = GradientByDepth(("tanh",), (named("he"),), **SMALL)
    first, other = figures.two_seeds(parameters, "simulated")
    assert not np.array_equal(first, other)


def test_one_layer_one_network_and_one_scheme_make_a_figure():
    label = Scheme("std", 1.0, "a $x < y$ & $")
    for quantity in ("backprop", "weight"):
        parameters = GradientByDepth(
            ("gelu",), (label,), depth=1, width=2, batch=1, seeds=1, quantity=quantity
        )
        shown = figures.run(parameters).shown
        assert shown.table.columns == ("curve", "factor a layer", "layer 1")
        assert shown.table.rows[0] == ("gelu, a $x < y$ & $: simulated", "–", "1")
        assert "one network" in parameters.caption()
    assert draw(shown.chart, "normal")[0].body


@pytest.mark.parametrize("quantity", ["backprop", "weight"])
def test_a_curve_that_is_not_finite_is_cut_and_told(quantity):
    parameters = GradientByDepth(
        ("linear",),
        (named("xavier"), Scheme("std", 1000.0, "std 1000")),
        depth=60,
        width=64,
        batch=4,
        seeds=2,
        quantity=quantity,
    )
    _, measured, shown = figures.run(parameters)
    assert not np.isfinite(measured["simulated"][1, 0, :, 0]).any()
    lines = [mark for mark in shown.chart.panels[0].marks if isinstance(mark, Line)]
    assert lines[0].x == tuple(range(1, 61))
    assert len(lines[1].x) == len(lines[1].y) < 60
    assert np.isfinite(lines[1].y).all()
    assert shown.warnings == (
        ("inits", "figure produced non-finite data for curve 'linear/std 1000'"),
    )
    assert shown.table.rows[2][1:3] == ("–", "diverged")
    if quantity == "backprop":
        assert f"diverges at layer {int(lines[1].x[0]) - 1}." in shown.description
        assert lines[1].x[-1] == 60


def test_weights_of_zero_end_the_gradient_at_once():
    _, measured, shown = figures.run(GradientByDepth(("tanh",), (named("zeros"),), **SMALL))
    assert measured["simulated"][0, 0].tolist() == [[0.0, 0.0, 0.0, 1.0]] * 2
    assert measured["predicted"][0, 0].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert not shown.warnings
    # No signal reaches the last layer's weights: there is nothing to compare with.
    shown = figures.run(
        GradientByDepth(("tanh",), (named("zeros"),), **SMALL, quantity="weight")
    ).shown
    assert len(shown.warnings) == 1
    assert draw(shown.chart, "normal")[0].body


def test_curves_that_cannot_be_predicted_are_not():
    shown = figures.run(
        GradientByDepth(("tanh",), (Scheme("constant", 0.1, "constant"),), **SMALL)
    ).shown
    predicted = [m for m in shown.chart.panels[0].marks if isinstance(m, Predicted)]
    assert [mark.x for mark in predicted] == [()]
    assert shown.table.rows[1][1:] == ("–",) * 4
    assert "predicted" not in shown.description


@pytest.mark.parametrize("depth", [2, 3, 7, 100])
def test_tables_fit_any_depth(depth):
    shown = figures.run(GradientByDepth(("tanh",), (named("xavier"),), depth, 2, 1, 1)).shown
    figures.check_table(shown.table)
    assert len(shown.table.columns) <= 8
    assert shown.table.columns[2] == "layer 1"


def test_the_drawing_is_small_enough(default):
    figures.check_drawing(default.shown)


def test_deep_networks_are_drawn_at_every_other_layer_and_at_the_last():
    parameters = GradientByDepth(("tanh",), (named("xavier"),), 100, 4, 1, 2)
    shown = figures.run(parameters).shown
    band, line, circles = shown.chart.panels[0].marks
    assert line.x == band.x == (*range(1, 101, 2), 100)
    assert len(line.y) == len(band.low) == len(band.high) == 51
    assert circles.x == tuple(range(1, 101, 8))
    assert shown.csv.count("\n") == 101


def test_a_block_is_read_and_travels():
    read = figures.spec_of("kind: gradient-by-depth\nquantity: weight\ninits: [he, {std: 0.1}]\n")
    assert read.parameters == GradientByDepth(
        quantity="weight", inits=(named("he"), Scheme("std", 0.1, "std 0.1"))
    )
    assert spec.from_json(spec.to_json(read)) == read
    assert "weight" in read.title
    assert "weights" in read.caption


def test_a_network_too_large_for_the_memory_is_refused():
    block = "kind: gradient-by-depth\ndepth: 100\nwidth: 1024\nseeds: 1\ninits: [zeros]\n"
    must = "'depth' layers of 'width' units for 'batch' inputs must keep at most"
    assert figures.mistakes(block) == [(1, f"{must} 100 million numbers, got 125 million")]


def test_the_estimate_grows_with_the_work():
    parameters = GradientByDepth()
    assert 0.5 < parameters.seconds() < 10.0
    assert GradientByDepth(seeds=10).seconds() > 1.9 * parameters.seconds()
    assert GradientByDepth(quantity="weight").seconds() > parameters.seconds()
