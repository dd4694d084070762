"""`rectangular-signal`: which fan to scale by when layers are not equally wide.

Physics holds for any seed. Bounds are at least six times the standard deviation over seeds of the
logarithm of a median: 0.04 in linear networks, 0.2 with ReLU.
"""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Band, Line, Predicted
from seedbed.figures.draw import draw
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.rectangular_signal import measure, predicted, present
from seedbed.figures.kinds.rectangular_signal import RectangularSignal
from seedbed.figures.presets import MODES
from seedbed.figures.spec import from_json, to_json

pytestmark = pytest.mark.timeout(60)

IN, OUT, AVERAGE, GEOMETRIC = range(4)
# From end to end, a row a mode: the median forward and backward.
GOLDEN_ENDS = [
    [0.957522562, 7.73909451],
    [0.957522562, 0.967386814],
    [0.00921454326, 0.0418926154],
    [0.957522562, 2.7361831],
]
PREDICTED_ENDS = {
    "fan_in": (1.0, 8.0),
    "fan_out": (1.0, 1.0),
    "fan_avg": ((32.0 / 81.0) ** 5, (32.0 / 81.0) ** 4 * 16.0 / 9.0),
    "fan_geo": (1.0, math.sqrt(8.0)),
}


def ends(measured: Measured) -> tuple[np.ndarray, np.ndarray]:
    """Return the median forward and backward factor from end to end, each (modes,)."""
    forward = np.median(measured["forward"][:, :, -1], axis=1)
    return forward, np.median(measured["backward"][:, :, 0], axis=1)


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(RectangularSignal())


def test_the_mean_of_the_fans_loses_the_signal_and_a_single_fan_keeps_it(
    default: figures.Run,
) -> None:
    forward, _ = ends(default.measured)
    assert 0.006 < forward[AVERAGE] < 0.015
    assert (np.abs(np.log2(forward[[IN, OUT, GEOMETRIC]])) < 1.0).all()


def test_gradients_telescope_but_for_the_mean_of_the_fans(default: figures.Run) -> None:
    _, backward = ends(default.measured)
    assert pytest.approx(8.0, rel=0.5) == backward[IN]
    assert pytest.approx(1.0, rel=0.5) == backward[OUT]
    assert 0.027 < backward[AVERAGE] < 0.07
    assert pytest.approx(math.sqrt(8.0), rel=0.5) == backward[GEOMETRIC]


@pytest.mark.parametrize("mode", MODES)
def test_the_prediction_is_the_product_over_the_layers(mode: str) -> None:
    widths = RectangularSignal().widths
    forward, backward = (predicted(widths, mode, way) for way in ("forward", "backward"))
    expected = PREDICTED_ENDS[mode]
    assert pytest.approx(expected, rel=1e-12) == (forward[-1], backward[0])
    assert (forward[0], backward[-1], forward.size, backward.size) == (1.0, 1.0, 11, 10)


def test_predictions_telescope_whatever_the_widths() -> None:
    widths = (7, 300, 20, 20, 1, 90)
    n = np.array(widths)
    np.testing.assert_allclose(predicted(widths, "fan_out", "forward"), 7 / n, rtol=1e-12)
    np.testing.assert_allclose(predicted(widths, "fan_in", "backward"), 90 / n[1:], rtol=1e-12)
    np.testing.assert_allclose(predicted(widths, "fan_geo", "forward"), np.sqrt(7 / n), rtol=1e-12)


def test_every_layer_follows_the_prediction(default: figures.Run) -> None:
    for direction in ("forward", "backward"):
        medians = np.median(default.measured[direction], axis=1)
        expected = [predicted(default.parameters.widths, mode, direction) for mode in MODES]
        assert np.abs(np.log(medians / np.array(expected))).max() < 0.45


def test_modes_differ_by_their_variances_alone(default: figures.Run) -> None:
    # The same draws: in a linear network the mode is a factor, known without any simulation.
    for direction in ("forward", "backward"):
        unit = [
            default.measured[direction][at] / predicted(default.parameters.widths, mode, direction)
            for at, mode in enumerate(MODES)
        ]
        np.testing.assert_allclose(unit[1:], [unit[0]] * 3, rtol=1e-10)


def test_relu_with_twice_the_variance_does_as_linear_layers_do() -> None:
    measured = figures.run(RectangularSignal(activation="relu")).measured
    forward, backward = ends(measured)
    assert 0.0025 < forward[AVERAGE] < 0.04
    assert 0.25 < forward[IN] < 4.0
    assert 3.2 < backward[IN] < 20.0
    assert 0.4 < backward[OUT] < 2.5


@figures.GOLDEN
def test_the_ends_are_the_golden_numbers(default: figures.Run) -> None:
    figures.check_golden(np.transpose(ends(default.measured)), GOLDEN_ENDS)


def test_a_mode_less_does_not_change_the_others(default: figures.Run) -> None:
    alone = measure(RectangularSignal(modes=("fan_avg",)), 0)
    np.testing.assert_array_equal(alone["forward"][0], default.measured["forward"][AVERAGE])
    np.testing.assert_array_equal(alone["backward"][0], default.measured["backward"][AVERAGE])


def test_a_seed_more_does_not_change_the_others_and_another_seed_does() -> None:
    small = {"widths": (8, 4, 8)}
    few, more = (measure(RectangularSignal(seeds=n, **small), 0)["forward"] for n in (2, 3))
    np.testing.assert_array_equal(few, more[:, :2])
    other = measure(RectangularSignal(seeds=2, **small), 1)["forward"]
    assert (other[:, :, 1:] != few[:, :, 1:]).all()


def test_each_direction_has_a_panel_with_a_curve_a_band_and_circles_a_mode(
    default: figures.Run,
) -> None:
    chart = default.shown.chart
    for panel in chart.panels:
        assert figures.counts(panel, Line, Band, Predicted) == [4, 4, 4]
        assert (panel.y.low, panel.y.high, panel.y.scale) == (1e-3, 1e2, "log")
    assert [key.label for key in chart.legend] == [*MODES, "prediction"]
    forward, backward = (
        next(m for m in panel.marks if isinstance(m, Line)) for panel in chart.panels
    )
    assert forward.x == tuple(range(11))
    assert backward.x == tuple(range(1, 11))


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    said = default.shown.description
    assert "Through 10 linear layers of 64 to 512 units" in said
    assert "with fan_avg (predicted 0.00962)" in said
    assert "with fan_in (predicted 8)" in said


def test_without_theory_nothing_is_predicted(default: figures.Run) -> None:
    shown = figures.check_without_theory(default)
    assert len(shown.table.columns) == 4


def test_the_table_has_a_row_a_mode_and_direction(default: figures.Run) -> None:
    table = default.shown.table
    assert len(table.rows) == 8
    assert len(table.columns) == 5
    figures.check_table(table)
    assert (table.rows[2][0], table.rows[2][4]) == ("forward, fan_avg", "0.009623")
    assert (table.rows[4][0], table.rows[4][4]) == ("backward, fan_in", "8")


def test_the_csv_holds_every_layer(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 4 * 11 + 4 * 10
    last = next(
        r for r in rows if (r["direction"], r["mode"], r["layer"]) == ("forward", "fan_avg", "10")
    )
    runs = default.measured["forward"][AVERAGE, :, -1]
    figures.check_range(last, runs, (32.0 / 81.0) ** 5)
    assert last["width"] == "512"


@pytest.mark.parametrize(
    "parameters",
    [
        RectangularSignal(widths=(1, 1, 1), seeds=1, activation="relu"),
        RectangularSignal(widths=(1, 2048, 1), seeds=1),
        RectangularSignal(widths=(1, 64) * 15, seeds=2, modes=("fan_avg",)),
        RectangularSignal(widths=(5,) * 30, seeds=20),
    ],
    ids=["ones", "wide", "long", "many"],
)
def test_extremes_are_shown(parameters: RectangularSignal) -> None:
    _, measured, shown = figures.run(parameters)
    assert np.isfinite(measured["forward"]).all()
    assert shown.warnings == ()
    assert len(parameters.caption()) <= 600
    if len(set(parameters.widths)) == 1:  # nothing but zeros, and as many curves as there can be
        figures.check_drawing(shown)


def test_one_network_has_no_range() -> None:
    shown = figures.run(RectangularSignal(widths=(4, 2, 4), seeds=1)).shown
    assert not any(isinstance(m, Band) for panel in shown.chart.panels for m in panel.marks)


def test_numbers_that_are_none_become_a_warning(default: figures.Run) -> None:
    forward, backward = default.measured["forward"].copy(), default.measured["backward"].copy()
    forward[IN, 0, 3:] = math.inf
    backward[OUT] = math.nan
    shown = present(default.parameters, {"forward": forward, "backward": backward}, theory=True)
    message = "figure produced non-finite data for curve"
    assert shown.warnings == (
        ("modes", f"{message} 'forward/fan_in'"),
        ("modes", f"{message} 'backward/fan_out'"),
    )
    lines = [m for panel in shown.chart.panels for m in panel.marks if isinstance(m, Line)]
    assert [len(line.x) for line in lines] == [3, 11, 11, 11, 10, 0, 10, 10]
    assert "no finite number with fan_in" in shown.description
    assert draw(shown.chart, "normal")[1] == ""


def test_the_drawing_is_small_and_lacks_no_letter(default: figures.Run) -> None:
    figures.check_drawing(default.shown)


def test_a_block_is_read_with_the_catalogue_s_defaults() -> None:
    spec = figures.check_defaults(RectangularSignal())
    assert from_json(to_json(spec)) == spec


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("widths: 64", "'widths' must be a list, got 64"),
        ("widths: [64, 64]", "'widths' must have 3 to 30 entries, got 2"),
        ("widths: [64, 0, 64]", "'widths' must be an integer from 1 to 2048, got 0"),
        ("modes: [fan_inn]", "unknown mode 'fan_inn' (did you mean 'fan_in'?)"),
        (f"widths: {[2048] * 30}\nseeds: 20", "estimated cost 256 s exceeds"),
    ],
)
def test_what_cannot_be_is_reported(block: str, message: str) -> None:
    (found,) = figures.messages(f"kind: rectangular-signal\n{block}\n")
    assert found.startswith(message)
