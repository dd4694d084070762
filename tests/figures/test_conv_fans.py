"""`conv-fans`: what counts as a fan of a convolution.

Physics holds for any seed, with a false-alarm rate of one in a million: a factor of layers with
as many channels as here has a standard error of at most one percent and a half.
"""

import itertools
import math
from typing import Any

import figure_checks as figures
import numpy as np
import pytest
from numpy.typing import NDArray

from seedbed.figures.chart import Level, Line, Predicted, Presentation
from seedbed.figures.convolution import Convolution, forward
from seedbed.figures.draw import draw
from seedbed.figures.experiments import conv_fans
from seedbed.figures.experiments.conv_fans import measure, predicted, present
from seedbed.figures.kinds.conv_fans import ConvFans

pytestmark = pytest.mark.timeout(60)

# With weights of variance 1, a kernel each: forward, backward.
GOLDEN_FACTORS = [
    [15.9839597, 145.097502, 401.724932, 796.331809],
    [15.9889061, 112.007023, 225.933618, 309.800402],
]
CLOSE = 0.1
"""More than six standard errors: no more than one in a million for all chances together."""


def curves(shown: Presentation) -> dict[tuple[str, str], list[float]]:
    """Return the measured factors, a list over kernels for each direction and way to count."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in figures.rows_of(shown):
        found.setdefault((row["direction"], row["fans"]), []).append(float(row["measured"]))
    return found


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(ConvFans())


def test_fan_in_with_the_kernel_s_area_keeps_the_signal(default: figures.Run) -> None:
    counted = np.array(curves(default.shown)["forward", "all counted"])
    assert np.abs(counted - 1.0).max() < CLOSE


def test_forgetting_the_area_multiplies_the_signal_by_it(default: figures.Run) -> None:
    forgotten = np.array(curves(default.shown)["forward", "kernel area forgotten"])
    assert np.abs(forgotten / [1.0, 9.0, 25.0, 49.0] - 1.0).max() < CLOSE


def test_gradients_fade_where_fewer_windows_reach_the_border(default: figures.Run) -> None:
    counted = np.array(curves(default.shown)["backward", "all counted"])
    windows = np.array([(17 - k) / 16 for k in (1, 3, 5, 7)])
    assert np.abs(counted / windows**2 - 1.0).max() < CLOSE


@figures.GOLDEN
def test_the_factors_are_the_golden_numbers(default: figures.Run) -> None:
    actual = [default.measured[name].tolist() for name in ("forward", "backward")]
    figures.check_golden(actual, GOLDEN_FACTORS)


@pytest.mark.parametrize(
    ("stride", "groups", "padding"),
    list(itertools.product((1, 2, 3, 4), (1, 4), ("valid", "same"))),
)
def test_every_geometry_follows_its_prediction(stride: int, groups: int, padding: str) -> None:
    parameters = ConvFans((1, 2, 4, 7), 16, 12, padding, stride, groups)
    measured = measure(parameters, 1)
    for direction in ("forward", "backward"):
        exact = np.array(
            [predicted(parameters, kernel, direction) for kernel in parameters.kernels]
        )
        assert np.abs(measured[direction] / exact - 1.0).max() < CLOSE
        # The error that is told is of the size of the error that is made.
        assert (measured[f"{direction}_error"] / exact < 0.05).all()
        assert (measured[f"{direction}_error"] / exact > 0.001).all()


def test_zeros_at_the_border_lower_the_mean() -> None:
    shown = figures.run(ConvFans((3, 5), channels=64, padding="same")).shown
    assert pytest.approx([0.918, 0.856], rel=0.03) == curves(shown)["forward", "all counted"]


@pytest.mark.parametrize(("stride", "factor"), [(1, 1.0), (2, 0.25), (3, 1.0 / 9.0)])
def test_a_stride_takes_its_square_from_gradients(stride: int, factor: float) -> None:
    # As many windows as the largest image allows: borders take away up to an eighth more.
    kernel, size = stride * 2, stride * 40 + stride
    one = ConvFans((kernel,), 16, min(size, 64), "valid", stride)
    exact = predicted(one, kernel, "backward") / (kernel**2 * 16)
    assert pytest.approx(factor, rel=0.15) == exact
    measured = measure(one, 0)["backward"][0] / (kernel**2 * 16)
    assert pytest.approx(exact, rel=CLOSE) == measured
    assert pytest.approx(1.0, rel=CLOSE) == measure(one, 0)["forward"][0] / (kernel**2 * 16)


def test_forgetting_groups_divides_the_signal_by_their_number() -> None:
    shown = figures.run(ConvFans((3,), groups=4)).shown
    found = curves(shown)
    assert pytest.approx([0.25], rel=CLOSE) == found["forward", "groups forgotten"]
    assert pytest.approx([1.0], rel=CLOSE) == found["forward", "all counted"]
    assert [key.label for key in shown.chart.legend] == [
        "all counted",
        "kernel area forgotten",
        "groups forgotten",
        "prediction",
    ]
    assert "with the groups forgotten" in shown.description


def test_outputs_of_the_kind_and_of_the_layer_agree() -> None:
    for kernel, size, stride, padding in itertools.product(
        (1, 2, 5), (5, 6, 13), (1, 2, 3, 4), ("valid", "same")
    ):
        kind = ConvFans((kernel,), 4, size, padding, stride)
        assert Convolution(kernel, size, stride, 1, padding).outputs == kind.outputs(kernel)


def test_another_seed_gives_other_numbers_and_the_same_one_the_same() -> None:
    small = ConvFans((1, 3), size=4)
    first, other = figures.two_seeds(small, "forward")
    assert (first != other).all()


def test_each_direction_has_a_panel_with_two_curves(default: figures.Run) -> None:
    chart = default.shown.chart
    for panel in chart.panels:
        assert figures.counts(panel, Line, Predicted, Level) == [2, 2, 1]
        assert (panel.y.low, panel.y.high, panel.y.scale) == (0.1, 100.0, "log")
    circles = [m for m in chart.panels[0].marks if isinstance(m, Predicted)]
    assert [m.x for m in circles] == [(0, 1, 2, 3)] * 2
    assert all(panel.x.names == ("1", "3", "5", "7") for panel in chart.panels)
    np.testing.assert_allclose(circles[1].y, (1.0, 9.0, 25.0, 49.0), rtol=1e-12)


def test_kernels_stand_in_increasing_order() -> None:
    _, measured, shown = figures.run(ConvFans((5, 1), size=6))
    assert measured["forward"][0] > measured["forward"][1]
    assert shown.table.columns == ("factor", "1 × 1", "5 × 5")
    line = next(m for m in shown.chart.panels[0].marks if isinstance(m, Line))
    assert (line.x, shown.chart.panels[0].x.names) == ((0, 1), ("1", "5"))
    assert pytest.approx(measured["forward"][1] / 16, rel=1e-12) == line.y[0]


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    said = default.shown.description
    assert "(predicted 1, 9, 25, 49) with the area forgotten" in said
    assert "(predicted 1, 1, 1, 1) with the kernel's area counted in the fan" in said
    assert "(predicted 1, 0.766, 0.562, 0.391)" in said


def test_without_theory_nothing_is_predicted(default: figures.Run) -> None:
    shown = figures.check_without_theory(default)
    assert len(shown.table.rows) == 4


def test_the_table_has_a_column_a_kernel(default: figures.Run) -> None:
    table = default.shown.table
    assert table.columns == ("factor", "1 × 1", "3 × 3", "5 × 5", "7 × 7")
    assert len(table.rows) == 8
    assert table.rows[3] == ("forward, kernel area forgotten: predicted", "1", "9", "25", "49")


@pytest.mark.parametrize(
    "parameters",
    [
        ConvFans((1,), 1, 1),
        ConvFans((15,), 1, 15, "valid", 4),
        ConvFans((1, 2, 3, 4, 5, 6, 7), 6, 7, "same", 4, 6),
        ConvFans((1, 3), 64, 8, "same", 3, 64),
    ],
    ids=["one", "large", "many", "depthwise"],
)
def test_extremes_are_shown(parameters: ConvFans) -> None:
    _, measured, shown = figures.run(parameters)
    assert all(np.isfinite(values).all() for values in measured.values())
    assert shown.warnings == ()
    assert len(shown.table.columns) <= 8
    assert len(shown.table.rows) <= 20
    assert len(parameters.caption()) <= 600
    if parameters.kernels != (15,):
        figures.check_drawing(shown)


def test_many_repeats_are_made_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # A kernel of one weight takes 32 768 repeats: with large images more than memory can hold at once.
    sizes = []

    def spied(x: NDArray[np.float64], *rest: Any) -> NDArray[np.float64]:
        sizes.append(x.size)
        return forward(x, *rest)

    monkeypatch.setattr(conv_fans, "forward", spied)
    monkeypatch.setattr(conv_fans, "_MOST_AT_ONCE", 40_000)
    parameters = ConvFans((1,), channels=1, size=4)
    measured = measure(parameters, 0)
    assert max(sizes) <= 40_000
    assert sum(sizes) == parameters.repeats(1) * 16
    for direction in ("forward", "backward"):
        assert pytest.approx(predicted(parameters, 1, direction), rel=CLOSE) == measured[direction]
        assert measured[f"{direction}_error"][0] < 0.02


def test_numbers_that_are_none_become_a_warning(default: figures.Run) -> None:
    forward, backward = default.measured["forward"].copy(), default.measured["backward"].copy()
    forward[2], backward[:] = math.nan, math.inf
    measured = {**default.measured, "forward": forward, "backward": backward}
    shown = present(default.parameters, measured, theory=True)
    message = "figure produced non-finite data for curve"
    assert [said for _, said in shown.warnings] == [
        f"{message} '{direction}/{name}'"
        for direction, name in itertools.product(
            ("forward", "backward"), ("counted", "area forgotten")
        )
    ]
    lines = [m for panel in shown.chart.panels for m in panel.marks if isinstance(m, Line)]
    assert [len(line.x) for line in lines] == [3, 3, 0, 0]
    assert "not finite" in shown.description
    assert draw(shown.chart, "normal")[1] == ""


def test_the_drawing_is_small_and_lacks_no_letter(default: figures.Run) -> None:
    figures.check_drawing(default.shown)


def test_a_block_is_read_with_the_catalogue_s_defaults() -> None:
    figures.check_defaults(ConvFans())


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("kernels: [1, 17]", "'kernels' must be an integer from 1 to 15, got 17"),
        ("size: 5", "'size' must be at least 7, the largest of 'kernels', got 5"),
        ("groups: 3", "'groups' must divide 'channels', which is 16, got 3"),
        ("channels: 1\ngroups: 64", "'groups' must divide 'channels', which is 1, got 64"),
        ("kernels: [15]\nsize: 1", "'size' must be at least 15, the largest of 'kernels', got 1"),
        ("padding: full", "unknown padding 'full' (one of valid, same)"),
        ("stride: 5", "'stride' must be an integer from 1 to 4, got 5"),
    ],
)
def test_what_does_not_go_together_is_reported(block: str, message: str) -> None:
    assert figures.messages(f"kind: conv-fans\n{block}\n") == [message]
