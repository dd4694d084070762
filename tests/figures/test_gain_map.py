"""The map of second moments: fixed points, their slopes, and the rule for lists of records."""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Line, Points, Predicted, Thin
from seedbed.figures.experiments import Measured
from seedbed.figures.fields import fields_of
from seedbed.figures.kinds.gain_map import GainedActivation, GainMap
from seedbed.figures.kinds.parameters import ACTIVATION_NAMES
from seedbed.figures.spec import from_json, to_json

pytestmark = pytest.mark.timeout(60)

# the next second moment after 1 and after 4
GOLDEN_NEXT = [
    [0.39429449, 0.635261234],
    [1.0, 1.61113394],
    [1.09526247, 1.76461454],
    [1.0, 4.53849369],
    [0.850442965, 3.85973003],
]

TANH_1, TANH_UNIT, TANH_TORCH, GELU, GELU_HE = range(5)


def of(*pairs: tuple[str, float], cobweb: bool = False, qmax: float = 4.0) -> GainMap:
    return GainMap(tuple(GainedActivation(*pair) for pair in pairs), qmax, cobweb)


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(GainMap())


def rests(measured: Measured, at: int) -> list[list[float]]:
    """Return q, slope, stability and χ of each fixed point."""
    rows = measured["fixed"][at]
    return rows[np.isfinite(rows[:, 0])].tolist()


def test_tanh_rests_at_0_at_1_or_at_1_178(default: figures.Run) -> None:
    measured = default.measured
    ((q, slope, stable, chi),) = rests(measured, TANH_1)
    assert (q, stable) == (0.0, 1.0)
    assert pytest.approx([1.0, 1.0], abs=1e-9) == [slope, chi]
    for at, q, slope, chi in (
        (TANH_UNIT, 1.0, None, 1.17781),
        (TANH_TORCH, 1.17848, 0.431, 1.20983),
    ):
        zero, rest = rests(measured, at)
        assert (zero[0], zero[2]) == (0.0, 0.0)
        assert pytest.approx(q, abs=5e-6) == rest[0]
        assert pytest.approx(chi, abs=5e-6) == rest[3]
        assert rest[2] == 1.0
        assert slope is None or pytest.approx(slope, abs=6e-4) == rest[1]


def test_gelu_dies_out_with_the_gain_of_relu_and_is_driven_away_from_1_with_its_own(
    default: figures.Run,
) -> None:
    measured = default.measured
    assert [pytest.approx([0.0, 0.5, 1.0, 0.5], abs=1e-5)] == rests(measured, GELU_HE)
    zero, gelu = rests(measured, GELU)
    assert (zero[0], zero[2]) == (0.0, 1.0)
    assert pytest.approx([1.0, 1.144, 0.0, 1.07203], abs=6e-4) == gelu


def test_selu_is_attracted_by_1_and_an_activation_of_one_gain_shares_its_panel() -> None:
    _, measured, shown = figures.run(
        of(("selu", 1.0), ("silu", 1.6765324703), ("selu", 0.75), ("elu", 1.2))
    )
    assert pytest.approx([1.0, 0.7826, 1.0, 1.07157], abs=6e-5) == rests(measured, 0)[-1]
    assert pytest.approx([1.0, 1.173, 0.0, 1.06663], abs=6e-4) == rests(measured, 1)[-1]
    # The slope at 0 is that of both halves, not of the kink itself.
    assert pytest.approx(2.0976, abs=1e-3) == rests(measured, 0)[0][3]
    assert [panel.title for panel in shown.chart.panels] == ["selu", "one gain each"]
    drawn = [[m.series for m in p.marks if isinstance(m, Line)] for p in shown.chart.panels]
    assert drawn == [[0, 2], [1, 3]]


def test_where_a_curve_meets_the_diagonal_there_is_a_fixed_point(default: figures.Run) -> None:
    measured = default.measured
    q = measured["q"][1:]
    for at in range(5):
        above = measured["next"][at, 1:] > q
        crossings = q[1:][above[1:] != above[:-1]]
        places = [rest[0] for rest in rests(measured, at) if 0.0 < rest[0] < 4.0]
        assert pytest.approx(places, abs=0.05) == crossings.tolist()


def test_points_are_filled_where_signals_are_attracted(default: figures.Run) -> None:
    panels = default.shown.chart.panels
    assert [panel.title for panel in panels] == ["tanh", "gelu"]
    left, right = ([m for m in panel.marks if isinstance(m, Points)] for panel in panels)
    shown = {(mark.series, mark.filled): mark.x for mark in left + right}
    assert shown[TANH_1, True] == (0.0,)
    assert shown[TANH_TORCH, False] == (0.0,)
    assert pytest.approx((1.17848,), abs=5e-6) == shown[TANH_TORCH, True]
    assert pytest.approx((1.0,), abs=1e-6) == shown[GELU, False]
    assert shown[GELU, True] == (0.0,)
    assert all(mark.x == mark.y for mark in left + right)


def test_each_panel_has_the_diagonal_and_at_most_four_curves(default: figures.Run) -> None:
    for panel in default.shown.chart.panels:
        (diagonal,) = (mark for mark in panel.marks if isinstance(mark, Predicted))
        assert diagonal.x == diagonal.y == (0.0, 4.0)
        lines = [mark for mark in panel.marks if isinstance(mark, Line)]
        assert 1 <= len(lines) <= 4
        assert all(len(line.x) <= 120 for line in lines)
    labels = [key.label for key in default.shown.chart.legend]
    assert labels[:3] == ["tanh, gain 1", "tanh, gain 1.593", "tanh, gain 1.667"]


def test_relu_keeps_everything_or_rests_nowhere_but_at_0() -> None:
    parameters = of(("relu", math.sqrt(2.0)), ("relu", 1.0), ("relu", 2.0))
    _, measured, shown = figures.run(parameters)
    assert measured["keeps"].tolist() == [1.0, 0.0, 0.0]
    assert [rests(measured, at) for at in range(3)] == [
        [],
        [[0.0, 0.5, 1.0, 0.5]],
        [[0.0, 2.0, 0.0, 2.0]],
    ]
    assert "relu, gain 1.414, keeps every second moment" in shown.description
    assert "relu, gain 1, dies out near 0 (slope 0.5)" in shown.description
    assert "relu, gain 2, grows without end" in shown.description
    assert shown.table.rows[0] == ("relu, gain 1.414", "1.41421", "every one", "1", "stay", "–")


def test_the_cobweb_follows_a_signal_of_unit_size() -> None:
    _, measured, shown = figures.run(of(("tanh", 5.0 / 3.0), cobweb=True))
    (web,) = (mark for mark in shown.chart.panels[0].marks if isinstance(mark, Thin))
    assert pytest.approx((25.0 / 9.0, 0.0)) == (web.x[0], web.y[0])
    assert pytest.approx(1.17848, abs=1e-4) == web.y[-1]
    assert all(x in (y, x2) for x, y, x2 in zip(web.x[2::2], web.y[2::2], web.x[1::2], strict=True))
    assert not any(
        isinstance(m, Thin) for m in figures.run(of(("tanh", 1.0))).shown.chart.panels[0].marks
    )
    # A curve that runs away leaves coordinates that a drawing can hold.
    wild = figures.run(of(("linear", 20.0), cobweb=True)).shown
    (web,) = (mark for mark in wild.chart.panels[0].marks if isinstance(mark, Thin))
    assert max(web.x + web.y) <= 8.0
    assert measured["web"].shape == (1, 13)


def test_the_description_tells_where_signals_settle(default: figures.Run) -> None:
    said = default.shown.description
    assert "tanh, gain 1, dies out near 0 (slope 1)" in said
    assert "tanh, gain 1.667, settles at 1.178 (slope 0.431, gradients times 1.21)" in said
    assert "gelu, gain 1.534, dies out near 0 (slope 0.588)" in said
    assert "and is driven away from 1 on both sides (slope 1.14)" in said


def test_the_table_has_a_row_a_fixed_point(default: figures.Run) -> None:
    table = default.shown.table
    figures.check_table(table)
    row = ("tanh, gain 1.667", "1.66667", "1.178", "0.4309", "come nearer", "× 1.21")
    assert row in table.rows
    assert 5 <= len(table.rows) <= 20


def test_moments_are_the_golden_numbers(default: figures.Run) -> None:
    actual = default.measured["next"][:, [25, 100]]
    figures.check_golden(actual, GOLDEN_NEXT)


def test_the_csv_holds_every_point(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 5 * 101
    assert pytest.approx(default.measured["next"][0, -1], rel=1e-8) == float(rows[100]["next_q"])


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
@pytest.mark.parametrize(("gain", "qmax"), [(1e-6, 0.1), (20.0, 100.0), (1.0, 4.0)])
def test_every_activation_has_a_map(name: str, gain: float, qmax: float) -> None:
    _, measured, shown = figures.run(of((name, gain), qmax=qmax, cobweb=True))
    assert np.isfinite(measured["next"]).all()
    assert shown.table.rows
    assert "nan" not in shown.description
    assert " of ." not in shown.description


def test_the_drawing_is_small_and_its_numbers_the_same_every_time(default: figures.Run) -> None:
    figures.check_drawing(default.shown, 80_000)
    assert default.shown == figures.run(GainMap()).shown


def test_a_block_is_read() -> None:
    block = (
        "kind: gain-map\nqmax: 2\ncobweb: true\ncurves:\n"
        "  - {activation: tanh, gain: 1}\n  - activation: relu\n    gain: 1.5\n"
    )
    spec = figures.spec_of(block)
    assert of(("tanh", 1.0), ("relu", 1.5), cobweb=True, qmax=2.0) == spec.parameters
    assert spec == from_json(to_json(spec))
    curves = next(field for field in fields_of(GainMap) if field.name == "curves")
    assert curves.rule.show(of(("tanh", 1.0)).curves) == "[{activation: tanh, gain: 1}]"


TOO_MANY = ", ".join(f"{{activation: tanh, gain: {gain}}}" for gain in range(1, 6))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("curves: [tanh]", "a curve must be a mapping with activation, gain, got 'tanh'"),
        ("curves: [{activation: tanh}]", "a curve needs 'gain'"),
        ("curves: [{gain: 1, activation: tan}]", "unknown activation 'tan' (did you mean 'tanh'?)"),
        (
            "curves: [{activation: tanh, gain: 0}]",
            "'gain' must be a number above 0 to 20, got 0",
        ),
        (
            "curves: [{activation: tanh, gain: 1, gian: 2}]",
            "unknown field 'gian' in a curve (did you mean 'gain'?)",
        ),
        (
            "curves: [{activation: tanh, gain: 1}, {gain: 1.0, activation: tanh}]",
            "'curves' has 'tanh, gain 1' twice",
        ),
        (f"curves: [{TOO_MANY}]", "'curves' must put at most 4 curves into one panel"),
        ("qmax: 0", "'qmax' must be a number from 0.1 to 100, got 0"),
    ],
)
def test_mistakes_are_told(field: str, message: str) -> None:
    assert [(1, message)] == figures.mistakes(f"kind: gain-map\n{field}\n")
