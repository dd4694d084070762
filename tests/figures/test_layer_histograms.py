"""Activations and gradients layer by layer: what Glorot and Bengio saw, for any seed and for this one."""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures import spec
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Predicted, Steps
from seedbed.figures.draw import draw
from seedbed.figures.experiments import layer_histograms
from seedbed.figures.kinds.layer_histograms import LayerHistograms
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES
from seedbed.figures.scheme import Scheme, named

pytestmark = pytest.mark.timeout(60)

# scheme, layer: standard deviations of activations, of gradients and of weight gradients
GOLDEN_ACTIVATIONS = [
    [0.459165309, 0.249615428, 0.140568595, 0.0807644203, 0.0463651967],
    [0.626542843, 0.486252501, 0.4063905, 0.356655302, 0.320055728],
]
GOLDEN_GRADIENTS = [
    [0.0848423974, 0.179270656, 0.329482762, 0.569829855, 1.0],
    [0.418611328, 0.612652686, 0.766790543, 0.879720442, 1.0],
]
GOLDEN_WEIGHTS = [
    [1.04410559, 1.01389196, 1.02636695, 0.986037213, 1.0],
    [1.15161756, 1.05909059, 1.05347239, 0.99807269, 1.0],
]

STANDARD, XAVIER = range(2)
SMALL = {"width": 32, "batch": 16, "bins": 11}


@pytest.fixture(scope="module")
def default():
    return figures.run(LayerHistograms())


def test_the_old_heuristic_loses_a_factor_of_root_three_a_layer(default):
    for name in ("activation_sd", "gradient_sd"):
        sd = default.measured[name][STANDARD]
        up = sd[1:] / sd[:-1] if name == "activation_sd" else sd[:-1] / sd[1:]
        np.testing.assert_allclose(up[2:], 1.0 / math.sqrt(3.0), atol=0.05)


def test_xavier_loses_far_less(default):
    activations, gradients = default.measured["activation_sd"], default.measured["gradient_sd"]
    assert (activations[XAVIER, 3:] / activations[XAVIER, 2:-1] > 0.84).all()
    assert (gradients[XAVIER, 2:-1] / gradients[XAVIER, 3:] > 0.84).all()


def test_standard_deviations_are_those_of_the_catalogue(default):
    measured = default.measured
    expected = {
        "activation_sd": [[0.461, 0.250, 0.142, 0.081, 0.047], [0.629, 0.487, 0.409, 0.357, 0.323]],
        "gradient_sd": [[0.081, 0.173, 0.319, 0.571, 1.0], [0.400, 0.593, 0.743, 0.882, 1.0]],
        "weight_gradient_sd": [[0.988, 0.968, 0.963, 0.991, 1.0], [1.08, 1.0, 0.98, 1.0, 1.0]],
    }
    for name, values in expected.items():
        # A width of 500 leaves a scatter of some percent between seeds.
        np.testing.assert_allclose(measured[name], values, rtol=0.12, err_msg=name)


def test_predictions_are_what_is_measured(default):
    measured = default.measured
    for name in ("activation_sd", "gradient_sd", "singular"):
        np.testing.assert_allclose(measured[name], measured[f"predicted_{name}"], rtol=0.12)
    for shown, layer in (("activations", -1), ("gradients", 0)):
        width = np.diff(measured[f"{shown}_edges"])
        distance = np.abs(measured[shown][:, layer] - measured[f"{shown}_predicted"]) * width
        # Half the sum is how much of the mass lies elsewhere.
        assert (distance.sum(axis=1) / 2.0 < 0.08).all()


@pytest.mark.parametrize(("scheme", "published"), [("xavier", 0.797), ("standard", 0.542)])
def test_singular_values_are_around_what_the_paper_reports(scheme, published):
    # "Around 0.8" and 0.5, in networks of 1000 units; between the first two hidden layers.
    parameters = LayerHistograms(inits=(named(scheme),), layers=2, width=1000, batch=64, bins=5)
    measured = figures.run(parameters).measured
    assert pytest.approx(published, abs=0.006) == measured["singular"][0, 1]
    assert pytest.approx(published, abs=0.002) == measured["predicted_singular"][0, 1]


def test_predicted_densities_have_their_mass_and_spread(default):
    measured = default.measured
    for shown in ("activations", "gradients"):
        edges = measured[f"{shown}_edges"]
        mass = measured[f"{shown}_predicted"] * np.diff(edges)
        np.testing.assert_allclose(mass.sum(axis=1), 1.0, atol=5e-3)
        middles = 0.5 * (edges[1:] + edges[:-1])
        spread = np.sqrt((mass * middles**2).sum(axis=1))
        at = (slice(None), -1 if shown == "activations" else 0)
        np.testing.assert_allclose(spread, measured[f"predicted_{shown[:-1]}_sd"][at], rtol=0.06)


def test_every_histogram_holds_all_of_its_values(default):
    measured = default.measured
    for shown, least in (("activations", 1.0), ("gradients", 0.98)):
        mass = (measured[shown] * np.diff(measured[f"{shown}_edges"])).sum(axis=-1)
        assert (mass > least - 1e-9).all()
        assert (mass < 1.0 + 1e-9).all()


def test_the_gradient_of_the_cross_entropy_is_that_of_finite_differences():
    rng = np.random.Generator(np.random.PCG64(1))
    logits, labels = rng.standard_normal((4, 10)), np.array([3, 0, 9, 3])

    def cost(values):
        return float(np.mean(np.log(np.exp(values).sum(axis=1)) - values[np.arange(4), labels]))

    found = layer_histograms.cross_entropy_gradient(logits, labels)
    for at in np.ndindex(logits.shape):
        step = np.zeros(logits.shape)
        step[at] = 1e-6
        expected = (cost(logits + step) - cost(logits - step)) / 2e-6
        assert pytest.approx(expected, rel=1e-5, abs=1e-9) == found[at]
    shifted = layer_histograms.cross_entropy_gradient(logits + 1e4, labels)
    np.testing.assert_allclose(shifted, found, rtol=1e-8)


@figures.GOLDEN
def test_standard_deviations_are_the_golden_numbers(default):
    names = ("activation_sd", "gradient_sd", "weight_gradient_sd")
    golden = (GOLDEN_ACTIVATIONS, GOLDEN_GRADIENTS, GOLDEN_WEIGHTS)
    for name, expected in zip(names, golden, strict=True):
        actual = default.measured[name]
        figures.check_golden(actual, expected)


def test_a_row_a_scheme_and_a_histogram_a_layer(default):
    chart = default.shown.chart
    titles = [panel.title for panel in chart.panels]
    assert titles == [
        f"{scheme}: {shown}"
        for scheme in ("standard", "Xavier")
        for shown in ("activations", "gradients")
    ]
    assert chart.columns == 2
    for panel in chart.panels:
        assert [type(mark) for mark in panel.marks] == [*[Steps] * 5, Predicted]
    labels = [key.label for key in chart.legend]
    assert labels == [*(f"layer {layer}" for layer in range(1, 6)), "prediction"]


def test_the_description_tells_the_finding(default):
    _, measured, shown = default
    for at, scheme in enumerate(("standard", "Xavier")):
        first, last = measured["activation_sd"][at, [0, -1]]
        assert (
            f"With {scheme}, the standard deviation of the activations goes from {first:.3g}"
            in (shown.description)
        )
        assert f"to {last:.3g} in layer 5 (predicted " in shown.description
        assert f"{measured['gradient_sd'][at, 0]:.3g} of that in layer 5" in shown.description
        around = float(np.mean(measured["singular"][at]))
        assert f"are around {around:.3g}." in shown.description


def test_the_table_has_seven_rows_a_scheme(default):
    table = default.shown.table
    assert table.columns == ("quantity", *(f"layer {layer}" for layer in range(1, 6)))
    assert len(table.rows) == 14
    assert {len(row) for row in table.rows} == {6}
    assert table.rows[2][0] == "standard: of gradients, over the last layer's"
    assert table.rows[2][-1] == "1"


def test_the_csv_holds_every_step(default):
    _, measured, shown = default
    rows = figures.rows_of(shown)
    assert len(rows) == 2 * 2 * 5 * 61
    row = rows[-1]
    assert (row["init"], row["quantity"], row["layer"]) == ("Xavier", "gradients", "5")
    assert float(row["to"]) == 3.0
    assert pytest.approx(measured["gradients"][1, 4, -1], rel=1e-8) == float(row["density"])
    assert float(row["standard_deviation"]) == 1.0


def test_without_theory_nothing_is_predicted(default):
    shown = figures.check_without_theory(default)
    assert len(shown.table.rows) == 8
    assert [key.label for key in shown.chart.legend][-1] == "layer 5"


def test_schemes_share_their_inputs_and_draws():
    one = figures.run(LayerHistograms(inits=(named("lecun"),), **SMALL)).measured
    two = figures.run(LayerHistograms(inits=(named("standard"), named("lecun")), **SMALL)).measured
    np.testing.assert_array_equal(one["activations"][0], two["activations"][1])
    # Equal widths: LeCun's and Xavier's normal law are one.
    same = figures.run(
        LayerHistograms(inits=(named("lecun"), named("xavier-normal")), **SMALL)
    ).measured
    hidden = same["activation_sd"]
    np.testing.assert_allclose(hidden[0], hidden[1], rtol=1e-12)


def test_another_seed_draws_other_weights_and_the_same_one_the_same():
    first, other = figures.two_seeds(LayerHistograms(**SMALL), "activation_sd")
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_any_activation_has_a_range(name):
    parameters = LayerHistograms(name, (named("he"),), 3, **SMALL)
    _, measured, shown = figures.run(parameters)
    low, high = measured["activations_edges"][[0, -1]]
    mass = (measured["activations"][0] * np.diff(measured["activations_edges"])).sum(axis=1)
    assert (mass > 0.9).all()
    assert low == {"sigmoid": 0.0, "relu": 0.0}.get(name, -high)
    assert not shown.warnings
    values = ACTIVATIONS[name].function(np.array([-1e3, 1e3]))
    if np.abs(values).max() < 2.0:
        assert low <= values.min()
        assert values.max() <= high


def test_inactive_units_do_not_flatten_the_histograms_of_relu():
    parameters = LayerHistograms("relu", (named("he"),), **SMALL)
    _, measured, shown = figures.run(parameters)
    zeros = measured["activations"][0, :, 0]
    assert (zeros > 2.0 * shown.chart.panels[0].y.high).all()
    assert "leave the panel" in parameters.caption()
    assert "leave the panel" not in LayerHistograms().caption()


@pytest.mark.parametrize("layers", [1, 2, 6, 8])
def test_no_more_than_five_layers_are_drawn(layers):
    shown = figures.run(LayerHistograms(layers=layers, **SMALL)).shown
    labels = [key.label for key in shown.chart.legend[:-1]]
    assert labels[0] == "layer 1"
    assert labels[-1] == f"layer {layers}"
    assert len(labels) == min(layers, 5)
    assert shown.table.columns[-1] == f"layer {layers}"
    assert len(shown.table.columns) <= 8
    figures.check_table(shown.table)


def test_one_layer_of_one_scheme_makes_a_figure():
    parameters = LayerHistograms(
        "gelu", (Scheme("std", 1.0, "a $x < y$ & $"),), 1, 8, 16, ("gradients",), 5
    )
    shown = figures.run(parameters).shown
    assert [panel.title for panel in shown.chart.panels] == [r"a \$x < y\$ & \$: gradients"]
    assert draw(shown.chart, "normal")[0].body
    assert "activations" not in shown.description
    assert "one hidden layer" in parameters.caption()


def test_weights_without_gradients_become_a_warning():
    parameters = LayerHistograms(inits=(named("zeros"), named("xavier")), **SMALL)
    _, measured, shown = figures.run(parameters)
    assert np.isnan(measured["gradient_sd"][0]).all()
    assert shown.warnings == (("inits", "figure produced non-finite data for curve 'zeros'"),)
    assert [len(panel.marks) for panel in shown.chart.panels] == [5, 0, 6, 6]
    assert draw(shown.chart, "normal")[0].body
    assert ",,\n" in shown.csv
    assert "the gradients have no size relative to those in layer 5; " in shown.description
    assert "nan" not in shown.description


@pytest.mark.parametrize("name", ["linear", "relu", "tanh"])
def test_huge_and_constant_weights_make_a_figure(name):
    schemes = (
        Scheme("std", 1000.0, "huge", gain=20.0),
        Scheme("constant", 1000.0, "constant", gain=20.0),
        Scheme("std", 1e-300, "tiny"),
    )
    _, measured, shown = figures.run(LayerHistograms(name, schemes, 8, **SMALL))
    assert np.isfinite(measured["activations_edges"]).all()
    marks = [mark for panel in shown.chart.panels for mark in panel.marks]
    assert all(np.isfinite(m.heights).all() for m in marks if isinstance(m, Steps))
    assert all(np.isfinite(m.y).all() for m in marks if isinstance(m, Predicted))
    assert all(0.0 < panel.y.high < math.inf for panel in shown.chart.panels)
    # What is tiny, gradients included, still has a shape; only its scale is lost where it is 0.
    assert {"inits"} >= {field for field, _ in shown.warnings}


def test_the_drawing_is_small_enough(default):
    figures.check_drawing(default.shown)


def test_a_block_is_read_and_travels():
    read = figures.spec_of("kind: layer-histograms\nshow: [gradients]\nlayers: 3\nwidth: 64\n")
    assert read.parameters == LayerHistograms(show=("gradients",), layers=3, width=64)
    assert spec.from_json(spec.to_json(read)) == read
    assert read.title == "Distribution of gradients in each layer"
    assert "gradients of the first layer" in read.caption


def test_the_estimate_grows_with_the_work():
    assert 0.1 < LayerHistograms().seconds() < 5.0
    assert LayerHistograms(layers=8, width=1024).seconds() > 3.0 * LayerHistograms().seconds()
