"""What the experiments find: assertions that hold for any seed, and the numbers of this one.

The first kind is physics, with a false-alarm rate of one in a million where chance has a part.
Golden numbers hold for one minor version of numpy, whose streams may change with the next.
"""

import math

import figure_checks as figures
import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures.chart import Band, Line, Predicted, Steps
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth
from seedbed.figures.kinds.weight_distribution import WeightDistribution

# The figure that all share takes a second, and more on a busy machine.
pytestmark = pytest.mark.timeout(60)

# scheme, activation, layer 10 and layer 30
GOLDEN_DEPTH = [
    [[1.17198186e-16, 1.62275617e-48], [2.17842352e-19, 2.81033637e-57]],
    [[242.022591, 243.707295], [2.17842352e21, 2.81033637e63]],
    [[8.65725736e-06, 2.7669555e-15], [3.82164722e-08, 6.10849792e-24]],
    [[0.0577877325, 0.0181701633], [0.00225664446, 1.25768555e-09]],
    [[0.620021118, 0.614638909], [1.8451965, 1.70788732]],
]
# standard deviation, excess kurtosis and Kolmogorov-Smirnov distance, each of three laws
GOLDEN_WEIGHTS = [
    [0.070566315, 0.0707362038, 0.0708744337],
    [-1.19386152, -0.0579460033, -0.630939242],
    [0.00423655668, 0.00815279783, 0.00762271282],
]


@pytest.fixture(scope="module")
def depth() -> figures.Run:
    return figures.run_block("kind: variance-by-depth\n")


@pytest.fixture(scope="module")
def weights() -> figures.Run:
    return figures.run_block("kind: weight-distribution\n")


TANH, RELU = 0, 1
SMALL, LARGE, STANDARD, XAVIER, HE = range(5)


def test_relu_loses_half_of_the_signal_a_layer_under_xavier(depth: figures.Run) -> None:
    medians = np.median(depth.measured["simulated"][XAVIER, RELU], axis=0)
    slope = np.polyfit(np.arange(1, 31), np.log2(medians), 1)[0]
    assert abs(slope + 1.0) < 0.1


def test_relu_keeps_the_signal_under_he_up_to_the_drift_of_finite_width(depth: figures.Run) -> None:
    logs = np.log(depth.measured["simulated"][HE, RELU][:, -1] / 2.0)
    variance = 5.0 * 30 / 256
    bound = checks.Z_LIMIT * math.sqrt(variance / len(logs))
    # Averaging over a batch takes away some of the drift of a single input.
    assert -variance / 2.0 - bound < np.mean(logs) < bound


def test_tanh_decays_like_one_over_twice_the_layer_under_xavier(depth: figures.Run) -> None:
    last = np.median(depth.measured["simulated"][XAVIER, TANH][:, -1])
    assert 0.7 < 2 * 30 * last < 1.5


def test_tanh_settles_where_he_leads_it(depth: figures.Run) -> None:
    last = np.median(depth.measured["simulated"][HE, TANH][:, -1])
    assert pytest.approx(0.617965, rel=0.1) == last
    assert pytest.approx(0.617965, abs=5e-6) == depth.measured["predicted"][HE, TANH, -1]


def test_too_small_and_too_large_weights_leave_the_panel(depth: figures.Run) -> None:
    medians = np.median(depth.measured["simulated"], axis=2)
    assert (medians[SMALL, :, -1] < 1e-12).all()
    assert medians[LARGE, RELU, -1] > 1e60
    assert medians[STANDARD, RELU, -1] < medians[XAVIER, RELU, -1] < medians[HE, RELU, -1]


def test_simulated_moments_follow_the_prediction_at_every_layer(depth: figures.Run) -> None:
    simulated = np.log(np.median(depth.measured["simulated"], axis=2))
    drift = np.abs(simulated - np.log(depth.measured["predicted"]))
    layers = np.arange(1, 31)
    assert (drift < 5.0 * layers / 512 + checks.Z_LIMIT * np.sqrt(5.0 * layers / (256 * 5))).all()


@figures.GOLDEN
def test_second_moments_are_the_golden_numbers(depth: figures.Run) -> None:
    medians = np.median(depth.measured["simulated"], axis=2)
    # With weights of standard deviation 1 tanh is chaotic: in the end it amplifies what the
    # rounding of one processor does differently from that of another.
    tolerances = np.full((5, 2, 2), 1e-6)
    tolerances[LARGE, TANH, 1] = 1e-2
    actual = medians[:, :, [9, 29]]
    assert (np.abs(actual / np.array(GOLDEN_DEPTH) - 1.0) < tolerances).all(), actual.tolist()


def test_three_laws_of_one_variance_differ_in_shape_alone(weights: figures.Run) -> None:
    measured = weights.measured
    size = 30_000
    for at, law in enumerate(("uniform", "normal", "truncated_normal")):
        error = math.sqrt((checks.KURTOSIS[law] - 1.0) / size)
        assert abs(measured["std"][at] ** 2 / 0.005 - 1.0) < checks.Z_LIMIT * error
        assert measured["distance"][at] < checks.KS_LIMIT / math.sqrt(size)
        # The excess kurtosis of 30,000 weights has a standard error of at most 0.03.
        assert abs(measured["kurtosis"][at] - checks.KURTOSIS[law] + 3.0) < 0.15


def test_the_histogram_has_the_edges_of_the_laws_not_of_the_draw(weights: figures.Run) -> None:
    measured = weights.measured
    assert isinstance(weights.parameters, WeightDistribution)
    np.testing.assert_allclose(measured["edges"], np.linspace(-0.25, 0.25, 82), atol=1e-15)
    masses = (measured["density"] * np.diff(measured["edges"])).sum(axis=1)
    np.testing.assert_allclose(masses, 1.0, atol=2e-3)


def test_another_seed_draws_other_weights_and_the_same_one_the_same() -> None:
    block = "kind: weight-distribution\nfan_in: 20\nfan_out: 20\ninits: [he]\nseed: {}\n"
    first, second, again = (
        figures.run_block(block.format(seed)).measured["density"] for seed in (1, 2, 1)
    )
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)


def test_a_further_curve_does_not_change_the_others() -> None:
    block = "kind: variance-by-depth\nwidth: 16\ndepth: 4\nactivations: [{}]\ninits: [{}]\n"
    alone = figures.run_block(block.format("relu", "he")).measured["simulated"]
    among = figures.run_block(block.format("tanh, relu", "xavier, {std: 1}, he")).measured[
        "simulated"
    ]
    np.testing.assert_array_equal(alone[0, 0], among[2, 1])


def test_schemes_of_equal_variance_share_their_draws() -> None:
    # Equal widths: LeCun and Xavier have one variance, so that the normal curves must coincide.
    block = "kind: variance-by-depth\nwidth: 16\ndepth: 4\ninits: [lecun, xavier-normal]\n"
    simulated = figures.run_block(block).measured["simulated"]
    np.testing.assert_allclose(simulated[0], simulated[1], rtol=1e-12)


def test_each_activation_has_a_panel_with_a_curve_a_band_and_a_prediction_a_scheme(
    depth: figures.Run,
) -> None:
    chart = depth.shown.chart
    assert [panel.title for panel in chart.panels] == ["tanh", "relu"]
    found = [figures.counts(panel, Line, Band, Predicted) for panel in chart.panels]
    assert found == [[5, 5, 5], [5, 5, 5]]
    labels = [key.label for key in chart.legend]
    assert labels == ["std 0.01", "std 1", "standard", "Xavier", "He", "prediction"]


def test_each_scheme_has_a_panel_with_its_histogram_and_density(weights: figures.Run) -> None:
    panels = weights.shown.chart.panels
    assert [figures.counts(panel, Steps, Predicted) for panel in panels] == [[1, 1]] * 3


@pytest.mark.parametrize("kind", ["weight-distribution", "variance-by-depth\nwidth: 8\ndepth: 3"])
def test_without_theory_nothing_is_predicted(kind: str) -> None:
    shown = figures.run_block(f"kind: {kind}\ntheory: false\n").shown
    assert not figures.has_predictions(shown)
    assert not any("predict" in key.label or "exact" in key.label for key in shown.chart.legend)
    assert "predicted" not in shown.description


def test_one_network_has_no_range() -> None:
    shown = figures.run_block("kind: variance-by-depth\nwidth: 8\ndepth: 3\nseeds: 1\n").shown
    assert [figures.counts(panel, Band) for panel in shown.chart.panels] == [[0], [0]]


def test_the_description_tells_the_finding(depth: figures.Run, weights: figures.Run) -> None:
    assert depth.shown.description.startswith(
        "Line chart, logarithmic vertical axis. With tanh, aft"
    )
    assert "(predicted 1.86e-9)" in depth.shown.description
    assert "(predicted 2)" in depth.shown.description
    assert "Xavier uniform: standard deviation 0.07" in weights.shown.description
    assert "(exact 0.0707), none beyond 0.122" in weights.shown.description


def test_the_csv_holds_every_number_of_the_curves(depth: figures.Run) -> None:
    rows = figures.rows_of(depth.shown)
    assert len(rows) == 2 * 5 * 30
    row = next(r for r in rows if (r["activation"], r["init"], r["layer"]) == ("relu", "He", "30"))
    runs = depth.measured["simulated"][HE, RELU][:, -1]
    figures.check_range(row, runs, 2.0)


def test_the_csv_of_weights_holds_every_bar(weights: figures.Run) -> None:
    rows = figures.rows_of(weights.shown)
    assert len(rows) == 3 * 81
    assert float(rows[0]["from"]) == -0.25
    drawn = [float(row["density_drawn"]) for row in rows[:81]]
    np.testing.assert_allclose(drawn, weights.measured["density"][0], rtol=1e-8)


def test_labels_with_commas_and_quotes_survive_the_csv() -> None:
    block = "kind: variance-by-depth\nwidth: 4\ndepth: 1\ninits: [{std: 1, label: 'a, \"b\"'}]\n"
    rows = figures.rows_of(figures.run_block(block).shown)
    assert {'a, "b"'} == {row["init"] for row in rows}


def test_tables_have_a_row_a_curve_and_no_more_than_seven_layers(depth: figures.Run) -> None:
    table = depth.shown.table
    layers = tuple(f"layer {layer}" for layer in (1, 5, 10, 15, 20, 25, 30))
    assert ("curve", *layers) == table.columns
    assert len(table.rows) == 2 * 5 * 2
    assert table.rows[-1][0] == "relu, He: predicted"
    assert table.rows[-1][1:] == ("2",) * 7


@pytest.mark.parametrize("depth_of_net", [1, 2, 3, 5, 7, 100])
def test_tables_fit_any_depth(depth_of_net: int) -> None:
    shown = figures.run_block(
        f"kind: variance-by-depth\nwidth: 2\nseeds: 1\ndepth: {depth_of_net}\n"
    ).shown
    assert shown.table.columns[1] == "layer 1"
    assert f"layer {depth_of_net}" == shown.table.columns[-1]
    figures.check_table(shown.table)


DIVERGING = (
    "kind: variance-by-depth\nwidth: 64\ndepth: 60\nactivations: [relu]\nseeds: 2\n"
    "inits: [he, {std: 1000}]\n"
)


def test_a_diverging_curve_is_cut_and_told() -> None:
    _, measured, shown = figures.run_block(DIVERGING)
    assert not np.isfinite(measured["simulated"][1, 0, :, -1]).any()
    lines = [mark for mark in shown.chart.panels[0].marks if isinstance(mark, Line)]
    assert len(lines[0].x) == 60
    assert 60 > len(lines[1].x) == len(lines[1].y) > 10
    assert np.isfinite(lines[1].y).all()
    said = (("inits", "figure produced non-finite data for curve 'relu/std 1000'"),)
    assert said == shown.warnings
    assert f"diverges at layer {len(lines[1].x) + 1}" in shown.description
    assert shown.table.rows[2][-1] == "diverged"


def test_curves_that_cannot_be_predicted_are_not() -> None:
    shown = figures.run_block(
        "kind: variance-by-depth\nwidth: 8\ndepth: 2\ninits: [{constant: 0.1}]\n"
    ).shown
    predicted = [m for m in shown.chart.panels[0].marks if isinstance(m, Predicted)]
    assert [mark.x for mark in predicted] == [()]
    assert shown.table.rows[1][1] == "–"


def test_differences_between_inputs_end_at_the_rounding_of_numbers() -> None:
    block = "kind: variance-by-depth\nwidth: 32\nactivations: [sigmoid]\ninits: [xavier]\n"
    parameters, measured, shown = figures.run_block(block + "quantity: across-inputs\n")
    assert isinstance(parameters, VarianceByDepth)
    predicted = measured["predicted"][0, 0]
    assert pytest.approx(0.05572, abs=5e-6) == float(predicted[29] / predicted[28])
    drawn = np.median(measured["simulated"][0, 0], axis=0)
    assert pytest.approx(predicted[:8], rel=0.5) == drawn[:8]
    (line,) = (m for m in shown.chart.panels[0].marks if isinstance(m, Line))
    assert line.y[-1] == 1e-28
    assert "is lost in rounding with Xavier" in shown.description


@figures.GOLDEN
def test_histograms_are_the_golden_numbers(weights: figures.Run) -> None:
    measured = weights.measured
    actual = [measured[name].tolist() for name in ("std", "kurtosis", "distance")]
    figures.check_golden(actual, GOLDEN_WEIGHTS)
