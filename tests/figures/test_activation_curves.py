"""Activation curves: ranges, slopes and saturation as analysis gives them."""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Band, Line
from seedbed.figures.kinds.activation_curves import ActivationCurves
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES
from seedbed.figures.spec import from_json, to_json

pytestmark = pytest.mark.timeout(60)

# slope at two places
GOLDEN_SLOPE = [[0.104993585, 0.20021666], [0.0706508249, 0.446051945], [0.0, 1.0]]


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(ActivationCurves())


SIGMOID, TANH, RELU = range(3)
VALUE, SLOPE, GREATEST, BELOW, BEYOND = range(5)


def test_sigmoid_lies_between_0_and_1_and_is_no_steeper_than_a_quarter(
    default: figures.Run,
) -> None:
    measured = default.measured
    values = measured["value"][SIGMOID]
    assert 0.0 < values.min() < values.max() < 1.0
    assert pytest.approx(1.0 / (1.0 + np.exp(-measured["x"])), rel=1e-12) == values
    facts = measured["facts"][SIGMOID]
    assert pytest.approx([0.5, 0.25, 0.25], rel=1e-9) == facts[:BELOW]
    assert pytest.approx(0.25, abs=1e-12) == measured["slope"][SIGMOID].max()


def test_tanh_is_odd_and_has_slope_1_at_0(default: figures.Run) -> None:
    measured = default.measured
    x, values = measured["x"], measured["value"][TANH]
    assert np.abs(values).max() < 1.0
    np.testing.assert_allclose(values, np.interp(-x, x, -values), atol=1e-4)
    assert pytest.approx([0.0, 1.0, 1.0]) == measured["facts"][TANH, :BELOW]


def test_saturation_begins_where_the_slope_has_fallen_to_a_twentieth(default: figures.Run) -> None:
    facts = default.measured["facts"]
    # sech² z = 1/20, and for the sigmoid the same at twice the distance.
    place = math.acosh(math.sqrt(20.0))
    assert pytest.approx([-place, place], rel=1e-9) == facts[TANH, BELOW:]
    assert pytest.approx([-2.0 * place, 2.0 * place], rel=1e-9) == facts[SIGMOID, BELOW:]
    assert pytest.approx(0.0, abs=1e-12) == facts[RELU, BELOW]
    assert facts[RELU, BEYOND] == math.inf


def test_relu_has_a_kink_and_no_slope_at_0(default: figures.Run) -> None:
    _, measured, shown = default
    assert math.isnan(measured["facts"][RELU, SLOPE])
    line = [m for m in shown.chart.panels[1].marks if isinstance(m, Line)][RELU]
    jump = [i for i in range(1, len(line.x)) if line.y[i] != line.y[i - 1]]
    assert len(jump) == 1
    assert line.x[jump[0]] - line.x[jump[0] - 1] < 1e-7


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_slopes_are_those_of_the_values(name: str) -> None:
    measured = figures.run(ActivationCurves((name,), (0.5, 4.0))).measured
    x = measured["x"]
    slope = np.gradient(measured["value"][0], x)[1:-1]
    np.testing.assert_allclose(measured["slope"][0][1:-1], slope, atol=2e-3)


def test_each_panel_has_a_line_an_activation_of_at_most_120_points(default: figures.Run) -> None:
    _, measured, shown = default
    panels = shown.chart.panels
    assert [panel.title for panel in panels] == ["function", "derivative"]
    for panel in panels:
        lines = [mark for mark in panel.marks if isinstance(mark, Line)]
        assert [line.series for line in lines] == [0, 1, 2]
        assert all(len(line.x) == len(line.y) <= 120 for line in lines)
        assert all((line.x[0], line.x[-1]) == (-4.0, 4.0) for line in lines)
    assert measured["x"].size == 202


def test_unbounded_functions_leave_room_for_the_bounded(default: figures.Run) -> None:
    axis = default.shown.chart.panels[0].y
    assert -1.3 < axis.low < -1.0
    assert 1.5 < axis.high < 2.5
    alone = figures.run(ActivationCurves(("relu",))).shown.chart.panels[0].y
    assert alone.high > 4.0


def test_one_function_alone_is_shaded_where_it_is_saturated() -> None:
    shown = figures.run(ActivationCurves(("tanh",))).shown
    for panel in shown.chart.panels:
        left, right = (mark for mark in panel.marks if isinstance(mark, Band))
        assert pytest.approx((-4.0, -2.1784), abs=1e-3) == left.x
        assert pytest.approx((2.1784, 4.0), abs=1e-3) == right.x
    assert "slope below 5 % of its greatest" in [key.label for key in shown.chart.legend]
    linear = figures.run(ActivationCurves(("linear",))).shown
    assert not any(isinstance(m, Band) for panel in linear.chart.panels for m in panel.marks)
    assert "linear is 0 at 0, with slope 1" in linear.description
    assert "nowhere saturated" in linear.description


def test_without_derivative_there_is_one_panel() -> None:
    shown = figures.run(ActivationCurves(derivative=False)).shown
    assert len(shown.chart.panels) == 1


def test_the_description_tells_ranges_slopes_and_saturation(default: figures.Run) -> None:
    said = default.shown.description
    assert "sigmoid from 0.018 to 0.982, tanh from -0.999 to 0.999, relu from 0 to 4" in said
    assert "sigmoid is 0.5 at 0, with slope 0.25; its slope is at most 0.25" in said
    assert "saturated below -2.18 and above 2.18" in said
    assert (
        "relu is 0 at 0, with a kink; its slope is at most 1, and it is saturated below 0." in said
    )


def test_the_table_has_a_row_an_activation(default: figures.Run) -> None:
    table = default.shown.table
    assert [len(table.columns)] * 3 == [len(row) for row in table.rows]
    row = ("sigmoid", "0.01799", "0.982", "0.5", "0.25", "0.25", "-4.36", "4.36")
    assert row == table.rows[0]
    assert table.rows[2][4] == "none"


def test_slopes_are_the_golden_numbers(default: figures.Run) -> None:
    actual = default.measured["slope"][:, [50, 125]]
    figures.check_golden(actual, GOLDEN_SLOPE)


def test_the_csv_holds_every_value(default: figures.Run) -> None:
    _, measured, shown = default
    rows = figures.rows_of(shown)
    assert len(rows) == 3 * measured["x"].size
    slopes = [float(row["slope"]) for row in rows if row["activation"] == "tanh"]
    np.testing.assert_allclose(slopes, measured["slope"][TANH], rtol=1e-8)


@pytest.mark.parametrize("ends", [(-20.0, 20.0), (-20.0, -19.999), (1e-9, 2e-9), (-1e-6, 20.0)])
def test_extreme_ranges_are_drawn(ends: tuple[float, float]) -> None:
    names = ("relu", "gelu", "selu", "lecun-tanh", "softsign")
    _, measured, shown = figures.run(ActivationCurves(names, ends))
    assert np.isfinite(measured["value"]).all()
    assert all(panel.y.low < panel.y.high for panel in shown.chart.panels)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_every_activation_can_stand_alone(name: str) -> None:
    shown = figures.run(ActivationCurves((name,))).shown
    assert "nan" not in shown.description
    assert all(panel.y.low < panel.y.high for panel in shown.chart.panels)


def test_the_drawing_is_small_and_its_numbers_the_same_every_time(default: figures.Run) -> None:
    figures.check_drawing(default.shown, 60_000)
    assert default.shown == figures.run(ActivationCurves()).shown


def test_a_block_is_read() -> None:
    block = "kind: activation-curves\nactivations: [tanh]\nrange: [-1, 2]\nderivative: false\n"
    spec = figures.spec_of(block)
    assert ActivationCurves(("tanh",), (-1.0, 2.0), derivative=False) == spec.parameters
    assert spec == from_json(to_json(spec))
    assert spec.title == "The activation function tanh"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("range: [-21, 0]", "'range' must be two increasing numbers from -20 to 20, got a list"),
        ("range: [2, 1]", "'range' must be two increasing numbers from -20 to 20, got a list"),
        ("activations: []", "'activations' must have 1 to 5 entries, got 0"),
        (
            "xlim: [0, 1]",
            "unknown field 'xlim' for kind 'activation-curves' (did you mean 'range'?)",
        ),
    ],
)
def test_mistakes_are_told(field: str, message: str) -> None:
    assert [(1, message)] == figures.mistakes(f"kind: activation-curves\n{field}\n")
