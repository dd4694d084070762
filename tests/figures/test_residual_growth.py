"""`residual-growth`: how the branches of residual blocks add up.

Physics holds for any seed: over L blocks of width n the logarithm of a signal's second moment
has a variance of at most 2.75 L / n for one input, less for the mean of many.
"""

import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Band, Line, Predicted, Presentation
from seedbed.figures.draw import draw
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments.residual_growth import measure, predicted, present
from seedbed.figures.kinds.residual_growth import ResidualGrowth

pytestmark = pytest.mark.timeout(60)

PLAIN, ROOT, ZERO = range(3)
# Medians after 8, 16 and 32 blocks, of the plain sum and with 1/√blocks.
GOLDEN_MEDIANS = [
    [262.861567, 59397.3091, 4.62644593e09],
    [1.27928496, 1.61694171, 2.66672453],
]


def medians(measured: Measured) -> np.ndarray:
    return np.median(measured["simulated"], axis=1)


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(ResidualGrowth())


def test_a_plain_sum_doubles_the_second_moment_with_every_block(default: figures.Run) -> None:
    # Five standard errors of the mean logarithm of four networks.
    bound = 5.0 * math.sqrt(2.75 * 32 / 256 / 4)
    logs = np.log(default.measured["simulated"][PLAIN, :, -1] / 2.0**32)
    assert -bound - 2.75 * 32 / 512 < np.mean(logs) < bound
    rate = medians(default.measured)[PLAIN, -1] ** (1.0 / 32.0)
    assert 1.9 < rate < 2.1


def test_branches_over_the_root_of_their_number_stay_below_e(default: figures.Run) -> None:
    end = medians(default.measured)[ROOT, -1]
    assert pytest.approx((33.0 / 32.0) ** 32, rel=0.25) == end
    assert pytest.approx(2.677, abs=5e-4) == (33.0 / 32.0) ** 32
    for blocks in (1, 2, 32, 200):
        assert predicted("inv-sqrt", blocks)[-1] < math.e


def test_branches_that_start_at_zero_change_nothing(default: figures.Run) -> None:
    np.testing.assert_array_equal(default.measured["simulated"][ZERO], 1.0)


def test_the_prediction_is_a_power_of_the_factor_of_a_block() -> None:
    np.testing.assert_allclose(predicted("plain", 5), [1.0, 2.0, 4.0, 8.0, 16.0, 32.0], rtol=1e-12)
    np.testing.assert_allclose(predicted("inv-sqrt", 2), [1.0, 1.5, 2.25], rtol=1e-12)
    np.testing.assert_array_equal(predicted("zero", 3), np.ones(4))


def test_the_mean_over_networks_of_any_width_is_the_prediction() -> None:
    # The mean, unlike the median, has no drift of finite width; its standard error is 0.02.
    measured = measure(ResidualGrowth(blocks=2, width=64, seeds=20, scalings=("plain",)), 0)
    mean = float(np.mean(measured["simulated"][0, :, -1]))
    assert pytest.approx(4.0, rel=0.12) == mean


@figures.GOLDEN
def test_the_medians_are_the_golden_numbers(default: figures.Run) -> None:
    actual = medians(default.measured)[[PLAIN, ROOT]][:, [8, 16, 32]]
    figures.check_golden(actual, GOLDEN_MEDIANS)


def test_scalings_share_their_draws() -> None:
    # One block, where the root of their number is 1.
    measured = measure(ResidualGrowth(blocks=1, width=8), 0)["simulated"]
    np.testing.assert_array_equal(measured[PLAIN], measured[ROOT])


def test_a_scaling_less_does_not_change_the_others_and_another_seed_does() -> None:
    small = {"blocks": 3, "width": 8}
    all_three = measure(ResidualGrowth(**small), 0)["simulated"]
    alone = measure(ResidualGrowth(**small, scalings=("inv-sqrt",)), 0)["simulated"]
    np.testing.assert_array_equal(all_three[ROOT], alone[0])
    other = measure(ResidualGrowth(**small), 1)["simulated"]
    assert (other[PLAIN, :, 1:] != all_three[PLAIN, :, 1:]).all()


def lines(shown: Presentation, panel: int, kind: type = Line) -> list:
    return [mark for mark in shown.chart.panels[panel].marks if isinstance(mark, kind)]


def test_what_stays_low_has_a_panel_with_a_linear_axis(default: figures.Run) -> None:
    shown = default.shown
    assert [panel.y.scale for panel in shown.chart.panels] == ["log", "linear"]
    assert [line.series for line in lines(shown, 0)] == [PLAIN, ROOT, ZERO]
    assert [line.series for line in lines(shown, 1)] == [ROOT, ZERO]
    assert len(lines(shown, 0, Band)) == len(lines(shown, 0, Predicted)) == 3
    assert (shown.chart.panels[0].y.low, shown.chart.panels[0].y.high) == (0.1, 1e11)


@pytest.mark.parametrize(
    ("scalings", "scales"), [(("plain",), ["log"]), (("zero", "inv-sqrt"), ["linear"])]
)
def test_a_panel_without_curves_is_left_out(scalings: tuple[str, ...], scales: list[str]) -> None:
    shown = figures.run(ResidualGrowth(blocks=5, width=4, scalings=scalings)).shown
    assert scales == [panel.y.scale for panel in shown.chart.panels]
    assert all(panel.y.label for panel in shown.chart.panels)


def test_curves_are_thinned_to_what_can_be_seen() -> None:
    shown = figures.run(ResidualGrowth(blocks=200, width=2, seeds=2)).shown
    line = lines(shown, 0)[0]
    assert len(line.x) <= 120
    assert (line.x[0], line.x[-1]) == (0, 200)
    assert len(figures.rows_of(shown)) == 3 * 201


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    said = default.shown.description
    assert "over 32 blocks" in said
    assert "(predicted 4.29e9) when branches are added as they are, a factor of " in said
    assert "(predicted 2.68) when each is divided by the square root" in said
    assert "1 (predicted 1) when each starts at zero" in said


def test_without_theory_nothing_is_predicted(default: figures.Run) -> None:
    shown = figures.check_without_theory(default)
    assert len(shown.table.rows) == 3


def test_the_table_has_a_few_blocks_and_two_rows_a_scaling(default: figures.Run) -> None:
    table = default.shown.table
    assert table.columns[0] == "scaling"
    assert (table.columns[1], table.columns[-1]) == ("block 0", "block 32")
    assert len(table.columns) == 8
    assert len(table.rows) == 6
    assert {len(row) for row in table.rows} == {8}
    assert (table.rows[1][0], table.rows[1][-1]) == ("plain sum: predicted", "4.295e9")


def test_the_csv_holds_every_block(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 3 * 33
    last = rows[32]
    runs = default.measured["simulated"][PLAIN, :, -1]
    figures.check_range(last, runs, 2.0**32)


@pytest.mark.parametrize(
    "parameters",
    [
        ResidualGrowth(blocks=1, width=2, seeds=1),
        ResidualGrowth(blocks=200, width=2, seeds=1),
        ResidualGrowth(blocks=2, width=1024, seeds=1, scalings=("zero",)),
    ],
    ids=["least", "deep", "wide"],
)
def test_extremes_are_shown(parameters: ResidualGrowth) -> None:
    _, measured, shown = figures.run(parameters)
    assert np.isfinite(measured["simulated"]).all()
    assert shown.warnings == ()
    figures.check_table(shown.table)
    assert len(parameters.caption()) <= 600
    if parameters.width == 2:
        figures.check_drawing(shown)


def test_one_network_has_no_range() -> None:
    shown = figures.run(ResidualGrowth(blocks=3, width=4, seeds=1)).shown
    assert lines(shown, 0, Band) == []


def test_a_diverging_curve_is_cut_and_told(default: figures.Run) -> None:
    simulated = default.measured["simulated"].copy()
    simulated[PLAIN, 0, 20:] = math.inf
    simulated[ROOT] = math.nan
    shown = present(default.parameters, {"simulated": simulated}, theory=True)
    message = "figure produced non-finite data for curve"
    expected = (("scalings", f"{message} 'plain'"), ("scalings", f"{message} 'inv-sqrt'"))
    assert expected == shown.warnings
    assert [len(line.x) for line in lines(shown, 0)] == [20, 0, 33]
    assert "diverges at block 20" in shown.description
    assert shown.table.rows[0][-1] == "diverged"
    assert draw(shown.chart, "normal")[1] == ""


def test_the_drawing_is_small_and_lacks_no_letter(default: figures.Run) -> None:
    figures.check_drawing(default.shown)


def test_a_block_is_read_with_the_catalogue_s_defaults() -> None:
    figures.check_defaults(ResidualGrowth())


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("blocks: 0", "'blocks' must be an integer from 1 to 200, got 0"),
        ("scalings: [plane]", "unknown scaling 'plane' (did you mean 'plain'?)"),
        ("blocks: 200\nwidth: 1024\nseeds: 20", "estimated cost 360 s exceeds"),
    ],
)
def test_what_cannot_be_is_reported(block: str, message: str) -> None:
    (found,) = figures.messages(f"kind: residual-growth\n{block}\n")
    assert found.startswith(message)
