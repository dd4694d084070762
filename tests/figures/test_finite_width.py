"""Scatter at finite width: drawn against exact moments, and against networks with weights.

Statistical bounds have a false-alarm rate of one in a million, and fixed seeds.
"""

import math

import figure_checks as figures
import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures import xavier
from seedbed.figures.chart import Line, Predicted, Thin
from seedbed.figures.draw import draw
from seedbed.figures.experiments import finite_width as experiment
from seedbed.figures.kinds.finite_width import FiniteWidth
from seedbed.figures.meanfield import log_moments

pytestmark = pytest.mark.timeout(60)

# activation, width: variance of ln q at layers 10 and 100
GOLDEN_VARIANCE = [
    [
        [1.240680959770725, 14.187924109876183],
        [0.3147705465095124, 3.308417722990575],
        [0.08038369293207855, 0.8147409705844533],
    ],
    [
        [4.248204733652275, 37.84848682534471],
        [0.847200095781488, 7.749108257802579],
        [0.19061693074720598, 1.835743812363938],
    ],
]


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(FiniteWidth())


WIDTHS = (16, 64, 256)
LINEAR, RELU = 0, 1


@pytest.mark.parametrize("at", [LINEAR, RELU])
@pytest.mark.parametrize("column", range(3))
@pytest.mark.parametrize("layer", [20, 50, 100])
def test_mean_and_variance_are_the_exact_ones(
    default: figures.Run, at: int, column: int, layer: int
) -> None:
    measured = default.measured
    mean, variance = log_moments(WIDTHS[column], rectified=at == RELU)
    alive = measured["alive"][at, column, layer - 1]
    error = math.sqrt(variance * layer / alive)
    assert abs(measured["mean"][at, column, layer - 1] - layer * mean) < checks.Z_LIMIT * error
    # The excess kurtosis of a sum of twenty such terms is below 0.2.
    spread = checks.Z_LIMIT * math.sqrt(2.2 / alive)
    ratio = measured["variance"][at, column, layer - 1] / (layer * variance)
    assert abs(ratio - 1.0) < spread
    # The same bound sees the other activation's law.
    other = log_moments(WIDTHS[column], rectified=at != RELU)[1]
    assert abs(measured["variance"][at, column, layer - 1] / (layer * other) - 1.0) > spread


def test_wide_layers_follow_depth_over_width() -> None:
    measured = figures.run(FiniteWidth(widths=(64, 128, 512), depth=50, networks=2000)).measured
    bound = checks.Z_LIMIT * math.sqrt(2.1 / 2000) + 0.06  # first order is 6 % off at width 64
    for at, factor in ((LINEAR, 2.0), (RELU, 5.0)):
        ratios = [
            measured["variance"][at, c, -1] * n / (factor * 50)
            for c, n in enumerate((64, 128, 512))
        ]
        assert np.abs(np.array(ratios) - 1.0).max() < bound


@pytest.mark.parametrize(
    ("width", "linear", "relu"),
    [(16, 6.18, 21.2), (32, 3.25, 8.66), (64, 1.53, 3.87), (128, 0.83, 2.09), (256, 0.39, 0.96)],
)
def test_variances_at_layer_50_are_those_measured_before(
    width: int, linear: float, relu: float
) -> None:
    # Two samples of 1000 networks, each with a relative error of 4.5 %.
    measured = figures.run(FiniteWidth(widths=(width,), depth=50)).measured
    assert pytest.approx([linear, relu], rel=0.3) == measured["variance"][:, 0, -1]


@pytest.mark.parametrize(("activation", "factor"), [("linear", 1.0), ("relu", 2.0)])
def test_the_short_cut_draws_what_networks_with_weights_do(activation: str, factor: float) -> None:
    # 300 networks of width 12 and depth 6, pushed through matrices.
    rng = np.random.Generator(np.random.PCG64(5))
    logs = []
    for _ in range(300):
        signal = np.full((1, 12), 1.0)
        for _ in range(6):
            signal = signal @ xavier.normal((12, 12), math.sqrt(factor / 12), rng)
            signal = np.maximum(signal, 0.0) if activation == "relu" else signal
        logs.append(math.log(float(np.mean(signal**2))))
    mean, variance = log_moments(12, rectified=activation == "relu")
    assert abs(np.mean(logs) - 6 * mean) < checks.Z_LIMIT * math.sqrt(6 * variance / 300)
    assert abs(np.var(logs) / (6 * variance) - 1.0) < checks.Z_LIMIT * math.sqrt(2.8 / 300)


def test_the_mean_of_the_size_is_kept_while_the_typical_size_falls() -> None:
    parameters = FiniteWidth(widths=(256,), depth=10, networks=5000)
    for name, factor in (("linear", 2.0), ("relu", 5.0)):
        logs = experiment.log_sizes(name, 256, parameters, 0)[-1]
        spread = math.sqrt(math.expm1(factor * 10 / 256) / 5000)
        assert abs(np.exp(logs).mean() - 1.0) < checks.Z_LIMIT * spread
        fallen = math.exp(-factor * 10 / 512)
        error = 1.2533 * math.sqrt(factor * 10 / 256 / 5000)
        assert abs(math.log(np.median(np.exp(logs)) / fallen)) < checks.Z_LIMIT * error


@figures.GOLDEN
def test_variances_are_the_golden_numbers(default: figures.Run) -> None:
    actual = default.measured["variance"][:, :, [9, 99]]
    figures.check_golden(actual, GOLDEN_VARIANCE)


def test_a_further_curve_does_not_change_the_others() -> None:
    alone = figures.run(FiniteWidth(("relu",), (32,), 8, 60)).measured["variance"]
    among = figures.run(FiniteWidth(("linear", "relu"), (8, 32), 8, 60)).measured["variance"]
    np.testing.assert_array_equal(alone[0, 0], among[1, 1])


def test_another_seed_draws_other_networks_and_the_same_one_the_same() -> None:
    small = FiniteWidth(widths=(8,), depth=5, networks=50)
    first, second = figures.two_seeds(small, "paths")
    assert not np.array_equal(first, second)


def test_there_is_a_panel_an_activation_and_one_of_single_paths(default: figures.Run) -> None:
    panels = default.shown.chart.panels
    titles = ["linear", "ReLU", "20 ReLU networks, width 64"]
    assert titles == [panel.title for panel in panels]
    for panel, slope in zip(panels[:2], (2.0, 5.0), strict=True):
        lines = [mark for mark in panel.marks if isinstance(mark, Line)]
        assert [line.series for line in lines] == [0, 1, 2]
        assert all(len(line.x) <= 120 and line.x[-1] <= 2.0 for line in lines)
        (law,) = [m for m in panel.marks if isinstance(m, Predicted) and m.form == "line"]
        assert pytest.approx(slope) == law.y[-1] / law.x[-1]
    thin = [mark for mark in panels[2].marks if isinstance(mark, Thin)]
    assert [len(mark.x) for mark in thin] == [100] * 20
    assert {1} == {mark.series for mark in thin}
    inside = [panels[2].y.low < y < panels[2].y.high for mark in thin for y in mark.y]
    assert np.mean(inside) > 0.9


def test_without_theory_nothing_is_predicted() -> None:
    shown = figures.run(FiniteWidth(depth=3, networks=50), theory=False).shown
    assert not figures.has_predictions(shown)
    assert not any("exact" in text for text in (shown.description, *shown.table.columns))
    figures.check_table(shown.table)


def test_dead_networks_are_cut_and_told() -> None:
    parameters = FiniteWidth(("relu",), (2, 64), 20, 200)
    _, measured, shown = figures.run(parameters)
    alive = measured["alive"][0, 0]
    # A layer of two units is dead with chance 1/4.
    bound = checks.Z_LIMIT * math.sqrt(200 * 0.75 * 0.25)
    assert abs(alive[0] - 150) < bound
    assert math.isnan(measured["variance"][0, 0, -1])
    assert np.isfinite(measured["variance"][0, 1]).all()
    said = (("widths", "figure produced non-finite data for curve 'relu/width 2'"),)
    assert said == shown.warnings
    assert "of width 2, after which most networks are dead" in shown.description
    first = next(mark for mark in shown.chart.panels[0].marks if isinstance(mark, Line))
    assert np.isfinite(first.y).all()
    drawing, _ = draw(shown.chart, "normal")
    assert "nan" not in drawing.body


@pytest.mark.parametrize(
    "parameters",
    [
        FiniteWidth(("relu",), (2,), 500, 50),
        FiniteWidth(("linear",), (4096,), 1, 50),
        FiniteWidth(("linear", "relu"), (2, 3, 4, 5, 4096), 2, 50),
    ],
)
def test_extremes_are_drawn(parameters: FiniteWidth) -> None:
    _, measured, shown = figures.run(parameters)
    assert measured["paths"].shape == (20, parameters.depth)
    assert all(panel.y.low < panel.y.high for panel in shown.chart.panels)
    assert all(len(mark.x) == len(mark.y) for panel in shown.chart.panels for mark in panel.marks)
    assert "inf" not in shown.description
    figures.check_table(shown.table)


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    _, measured, shown = default
    assert "over 1000 networks grows in proportion to depth over width" in shown.description
    drawn = measured["variance"][RELU, 1, -1]
    assert f"{drawn:.3g} (exact 8.3) after 100 layers of width 64" in shown.description
    assert "Thin lines: 2 l/n for linear and 5 l/n for ReLU layers." in shown.description


def test_the_table_has_a_row_a_curve(default: figures.Run) -> None:
    table = default.shown.table
    assert len(table.rows) == 6
    assert len(table.columns) == 8
    assert {8} == {len(row) for row in table.rows}
    assert table.columns[6] == "mean, exact"
    assert table.rows[3][:2] == ("relu/width 16", "100")
    assert table.rows[3][4] == "31.25"


def test_the_csv_holds_every_moment(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 6 * 100
    row = next(r for r in rows if (r["activation"], r["width"], r["layer"]) == ("relu", "64", "50"))
    expected = default.measured["variance"][RELU, 1, 49]
    assert pytest.approx(expected, rel=1e-8) == float(row["variance"])


def test_the_drawing_is_small_and_its_numbers_the_same_every_time(default: figures.Run) -> None:
    figures.check_drawing(default.shown)
    assert default.shown == figures.run(FiniteWidth()).shown


def test_a_block_is_read() -> None:
    spec = figures.spec_of("kind: finite-width\nwidths: [8, 4096]\ndepth: 500\n")
    assert FiniteWidth(widths=(8, 4096), depth=500) == spec.parameters
    assert spec.parameters.seconds() < 60.0


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("widths: [1]", "'widths' must be an integer from 2 to 4096, got 1"),
        ("widths: [8, 8]", "'widths' has '8' twice"),
        ("activations: [tanh]", "unknown activation 'tanh' (one of linear, relu)"),
        ("networks: 49", "'networks' must be an integer from 50 to 5000, got 49"),
    ],
)
def test_mistakes_are_told(field: str, message: str) -> None:
    assert [(1, message)] == figures.mistakes(f"kind: finite-width\n{field}\n")
