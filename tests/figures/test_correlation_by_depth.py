"""Correlations by depth: reference values, phases, and networks with weights.

Statistical bounds have a false-alarm rate of one in a million, and fixed seeds.
"""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures import xavier
from seedbed.figures.chart import Line, Predicted
from seedbed.figures.kinds.correlation_by_depth import BiasedActivation, CorrelationByDepth
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES
from seedbed.figures.spec import from_json, to_json

pytestmark = pytest.mark.timeout(60)

# 1 - c_l at layers 10 and 50
GOLDEN_GAP = [
    [0.128464484, 0.0121380551],
    [0.0578781531, 6.70001015e-07],
    [0.506969326, 0.145178876],
    [0.894794443, 0.877902948],
]

RELU, ORDERED, CRITICAL, CHAOTIC = range(4)


def of(
    *curves: tuple[str, float, float], depth: int = 10, start: float = 0.0
) -> CorrelationByDepth:
    return CorrelationByDepth(tuple(BiasedActivation(*curve) for curve in curves), depth, start)


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(CorrelationByDepth())


def test_relu_makes_inputs_alike_at_the_known_pace(default: figures.Run) -> None:
    correlations = 1.0 - default.measured["gap"][RELU]
    assert pytest.approx(1.0 / math.pi, rel=1e-12) == correlations[1]
    expected = [0.318, 0.494, 0.736, 0.872, 0.972]
    assert pytest.approx(expected, abs=6e-4) == correlations[[1, 2, 5, 10, 30]]


def test_networks_with_weights_correlate_as_predicted(default: figures.Run) -> None:
    # Two orthogonal inputs through ReLU layers of width 400; a run errs by about 1 / √400 a layer.
    rng = np.random.Generator(np.random.PCG64(3))
    width, found = 400, []
    for _ in range(6):
        signal = np.eye(2, width) * math.sqrt(width)
        reached = []
        for _ in range(11):
            pre = signal @ xavier.normal((width, width), math.sqrt(2.0 / width), rng)
            reached.append(float(pre[0] @ pre[1] / np.linalg.norm(pre[0]) / np.linalg.norm(pre[1])))
            signal = np.maximum(pre, 0.0)
        found.append(reached)
    means = np.mean(found, axis=0)
    expected = 1.0 - default.measured["gap"][RELU]
    assert pytest.approx(expected[[1, 2, 5, 10]], abs=0.1) == means[[1, 2, 5, 10]]


def test_tanh_is_ordered_critical_or_chaotic(default: figures.Run) -> None:
    _, measured, shown = default
    assert pytest.approx([1.0, 0.7527, 1.0, 1.5852], abs=6e-5) == measured["chi"]
    assert pytest.approx([1.0, 1.0, 1.0, 0.1221], abs=6e-5) == measured["limit"]
    phases = ["critical", "ordered", "critical", "chaotic"]
    assert phases == [key.label.rpartition(": ")[2] for key in shown.chart.legend[:4]]


def test_the_ordered_gap_shrinks_by_chi_a_layer(default: figures.Run) -> None:
    gap, chi = default.measured["gap"][ORDERED], default.measured["chi"][ORDERED]
    assert pytest.approx(chi, rel=1e-6) == gap[50] / gap[49]
    assert gap[50] < 1e-5


def test_the_critical_gap_shrinks_slower_and_the_chaotic_one_stays(default: figures.Run) -> None:
    gap = default.measured["gap"]
    assert gap[CRITICAL, 50] > 1e-2
    assert pytest.approx(1.0, abs=0.1) == gap[CRITICAL, 50] / gap[CRITICAL, 49]
    assert pytest.approx(1.0 - 0.1221, abs=1e-4) == gap[CHAOTIC, 50]


def test_relu_meets_its_law_in_the_end() -> None:
    _, measured, shown = figures.run(of(("relu", math.sqrt(2.0), 0.0), depth=500))
    gap = measured["gap"][0]
    ratios = [gap[layer] * 2.0 * layer**2 / (9.0 * math.pi**2) for layer in (50, 100)]
    assert pytest.approx([0.68, 0.81], abs=0.01) == ratios
    (law,) = (mark for mark in shown.chart.panels[1].marks if isinstance(mark, Predicted))
    assert pytest.approx(4.5 * math.pi**2 / 500**2) == law.y[-1]
    assert pytest.approx(law.y[-1], rel=0.1) == gap[500]


def test_the_gain_of_relu_alone_changes_no_correlation() -> None:
    gap = figures.run(
        of(("relu", 1.0, 0.0), ("relu", math.sqrt(2.0), 0.0), ("relu", 20.0, 0.0), depth=300)
    ).measured["gap"]
    np.testing.assert_allclose(gap[0], gap[1], rtol=1e-9)
    np.testing.assert_allclose(gap[2], gap[1], rtol=1e-9)


@pytest.mark.parametrize("start", [-1.0, -0.4, 0.3, 1.0])
def test_any_correlation_can_be_the_start(start: float) -> None:
    parameters = of(("tanh", 1.3, 0.0), ("relu", 1.4, 0.0), depth=40, start=start)
    _, measured, shown = figures.run(parameters)
    correlations = 1.0 - measured["gap"]
    assert pytest.approx([start, start], abs=1e-15) == correlations[:, 0]
    # tanh is odd, so that opposite inputs stay opposite when there is no bias.
    mirrored = figures.run(of(("tanh", 1.3, 0.0), depth=40, start=-start)).measured["gap"][0]
    np.testing.assert_allclose(correlations[0], mirrored - 1.0, atol=1e-9)
    assert (np.diff(correlations[1]) >= 0.0).all()
    axis = shown.chart.panels[0].y
    assert axis.low < correlations.min() <= correlations.max() < axis.high


def test_both_panels_have_a_curve_each_and_at_most_120_points() -> None:
    shown = figures.run(of(("relu", 1.4142135, 0.0), ("leaky-relu", 1.4, 0.1), depth=500)).shown
    for panel in shown.chart.panels:
        lines = [mark for mark in panel.marks if isinstance(mark, Line)]
        assert [line.series for line in lines] == [0, 1]
        assert all((line.x[0], line.x[-1]) == (0, 500) for line in lines)
        assert all(len(line.x) <= 120 for line in lines)


def test_theory_of_the_end_can_be_left_out(default: figures.Run) -> None:
    laws = [m for m in default.shown.chart.panels[1].marks if isinstance(m, Predicted)]
    assert len(laws) == 3
    shown = figures.run(of(("tanh", 2.5, 0.3)), theory=False).shown
    assert not figures.has_predictions(shown)
    assert [key.label for key in shown.chart.legend] == ["tanh (2.5, 0.3): chaotic"]


@pytest.mark.parametrize("name", sorted({*ACTIVATION_NAMES} - {"gelu"}))
@pytest.mark.parametrize(
    ("sigma_w", "sigma_b"), [(1e-300, 0.0), (1e-4, 0.0), (20.0, 10.0), (1.5, 0.3)]
)
def test_extremes_do_no_harm(name: str, sigma_w: float, sigma_b: float) -> None:
    _, measured, shown = figures.run(of((name, sigma_w, sigma_b), depth=1 if sigma_b else 60))
    assert np.isfinite(measured["gap"]).all()
    assert (measured["gap"] > -1e-12).all()
    assert (measured["gap"] < 2.0).all()
    assert "nan" not in shown.description
    figures.check_table(shown.table)


def test_signals_that_die_or_grow_for_ever_have_no_phase() -> None:
    shown = figures.run(of(("tanh", 0.5, 0.0), ("elu", 5.0, 0.0), ("linear", 1.0, 0.0))).shown
    assert [": " in key.label for key in shown.chart.legend[:2]] == [False, False]
    assert shown.table.rows[1][-2] == "–"
    assert shown.table.rows[2][-2] == "–"


def test_where_nothing_is_known_of_the_end_nothing_is_said_of_it() -> None:
    shown = figures.run(of(("elu", 5.0, 0.1))).shown
    assert shown.description.endswith(" with elu (5, 0.1).")


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    said = default.shown.description
    assert "From 0 it comes after 50 layers to: 1 less 0.012" in said
    assert "(ordered, gradients times 0.7527 a layer, in the end 1)" in said
    assert "0.122 with tanh (2.5, 0.3) (chaotic, gradients times 1.585 a layer, in the end" in said


def test_the_table_has_a_row_a_curve(default: figures.Run) -> None:
    table = default.shown.table
    columns = ("curve", "layer 12", "layer 25", "layer 38", "layer 50", "in the end")
    assert (*columns, "gradients a layer") == table.columns
    assert [len(row) for row in table.rows] == [7] * 4
    assert table.rows[3][-2:] == ("0.1221", "× 1.585")


def test_correlations_are_the_golden_numbers(default: figures.Run) -> None:
    actual = default.measured["gap"][:, [10, 50]]
    figures.check_golden(actual, GOLDEN_GAP)


def test_the_csv_holds_every_layer(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 4 * 51
    assert rows[0]["correlation"] == "0"
    last = float(rows[-1]["one_less_correlation"])
    assert pytest.approx(default.measured["gap"][CHAOTIC, 50], rel=1e-8) == last


def test_the_drawing_is_small_and_its_numbers_the_same_every_time(default: figures.Run) -> None:
    figures.check_drawing(default.shown, 80_000)
    assert default.shown == figures.run(CorrelationByDepth()).shown


def test_a_block_is_read() -> None:
    block = "kind: correlation-by-depth\nc0: -0.5\ncurves: [{activation: elu, sigma_w: 1, sigma_b: 0}]\n"
    spec = figures.spec_of(block)
    assert of(("elu", 1.0, 0.0), depth=50, start=-0.5) == spec.parameters
    assert spec == from_json(to_json(spec))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("c0: 2", "'c0' must be a number from -1 to 1, got 2"),
        ("depth: 501", "'depth' must be an integer from 1 to 500, got 501"),
        ("curves: [{activation: tanh, sigma_w: 1}]", "a curve needs 'sigma_b'"),
        (
            "curves: [{activation: tanh, sigma_w: 0, sigma_b: 0}]",
            "'sigma_w' must be a number above 0 to 20, got 0",
        ),
    ],
)
def test_mistakes_are_told(field: str, message: str) -> None:
    assert [(1, message)] == figures.mistakes(f"kind: correlation-by-depth\n{field}\n")
