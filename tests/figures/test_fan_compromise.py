"""`fan-compromise`: what a layer of any shape does to signals and gradients.

Physics holds for any seed, with a false-alarm rate of one in a million where chance has a part:
a factor has a standard error of at most 0.0117, of 0.0093 for uniform weights.
"""

import itertools
import math

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Cells, Presentation
from seedbed.figures.draw import draw
from seedbed.figures.experiments import fan_compromise
from seedbed.figures.experiments.fan_compromise import measure, present
from seedbed.figures.kinds.fan_compromise import FanCompromise, matrices, rows
from seedbed.figures.scheme import Scheme, named
from seedbed.figures.spec import plain_parameters

pytestmark = pytest.mark.timeout(60)

SIZES = np.array([8, 16, 32, 64, 128, 256, 512, 1024])
RATIO = SIZES[None, :] / SIZES[:, None]
"""Fan-out over fan-in, rows being fan-ins."""
# The first and the last row and the diagonal of the forward and of the backward factors.
GOLDEN_FORWARD = [
    [
        0.976299679,
        0.657474165,
        0.405202375,
        0.219304387,
        0.118891218,
        0.0607772954,
        0.0308261716,
        0.0155751343,
    ],
    [
        1.97342005,
        1.96691569,
        1.93403197,
        1.89167267,
        1.80470343,
        1.59121578,
        1.32623843,
        1.00306006,
    ],
    [
        0.976299679,
        1.00073433,
        1.00755287,
        0.995910717,
        0.991987109,
        0.992677661,
        1.01015281,
        1.00306006,
    ],
]
GOLDEN_BACKWARD = [
    [
        0.978577257,
        1.31872743,
        1.63097653,
        1.78525915,
        1.88424138,
        1.94838179,
        1.96782229,
        1.98792085,
    ],
    [
        0.0155499182,
        0.0306707502,
        0.0608819033,
        0.117634574,
        0.227343633,
        0.397123978,
        0.659252404,
        1.00537165,
    ],
    [
        0.978577257,
        0.998869946,
        1.00428944,
        1.0060379,
        1.00441256,
        0.995846434,
        0.996876093,
        1.00537165,
    ],
]


def cells(shown: Presentation, panel: int) -> Cells:
    (mark,) = shown.chart.panels[panel].marks
    assert isinstance(mark, Cells)
    return mark


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(FanCompromise())


def test_square_layers_keep_signals_and_gradients_under_xavier(default: figures.Run) -> None:
    for direction in ("forward", "backward"):
        assert np.abs(np.diagonal(default.measured[direction]) - 1.0).max() < 0.06


def test_both_factors_of_xavier_add_up_to_two(default: figures.Run) -> None:
    assert np.abs(default.measured["forward"] + default.measured["backward"] - 2.0).max() < 0.15


def test_the_factors_of_xavier_follow_the_ratio_of_the_fans(default: figures.Run) -> None:
    # 5.8 standard errors: 128 chances at a rate of one in a million together.
    assert np.abs(default.measured["forward"] * (1.0 + RATIO) / 2.0 - 1.0).max() < 0.054
    assert np.abs(default.measured["backward"] * (1.0 + RATIO) / (2.0 * RATIO) - 1.0).max() < 0.054


@pytest.mark.parametrize(
    ("ratio", "product"), [(1, 1.0), (2, 0.889), (4, 0.640), (8, 0.395), (16, 0.221), (64, 0.0606)]
)
def test_a_rectangular_layer_loses_on_the_round_trip(
    default: figures.Run, ratio: int, product: float
) -> None:
    both = default.measured["forward"] * default.measured["backward"]
    assert pytest.approx(product, rel=0.06) == float(np.mean(both[ratio == RATIO]))


@figures.GOLDEN
def test_the_factors_are_the_golden_numbers(default: figures.Run) -> None:
    for name, golden in (("forward", GOLDEN_FORWARD), ("backward", GOLDEN_BACKWARD)):
        found = default.measured[name]
        actual = np.array([found[0], found[-1], np.diagonal(found)])
        figures.check_golden(actual, golden)


def test_scaling_by_fan_in_keeps_signals_and_by_fan_out_gradients() -> None:
    # Unlike Xavier these tell rows from columns.
    by_in = figures.run(FanCompromise(sizes=(8, 128), init=named("lecun"))).measured
    by_out = figures.run(
        FanCompromise(sizes=(8, 128), init=Scheme("scale", 1.0, "out", "fan_out", "normal"))
    ).measured
    assert np.abs(by_in["forward"] - 1.0).max() < 0.07
    assert np.abs(by_in["backward"] / [[1.0, 16.0], [1.0 / 16.0, 1.0]] - 1.0).max() < 0.07
    assert np.abs(by_out["backward"] - 1.0).max() < 0.07
    assert np.abs(by_out["forward"] / [[1.0, 1.0 / 16.0], [16.0, 1.0]] - 1.0).max() < 0.07


def test_a_cell_has_weights_and_results_enough_for_one_percent() -> None:
    for fan_in, fan_out in itertools.product((1, 7, 300, 2048), repeat=2):
        count = matrices(fan_in, fan_out)
        assert count * fan_in * fan_out >= 32_768
        assert count * rows(count, fan_out) * fan_out >= 32_768
        # No batch needs more memory than the largest matrix.
        assert rows(count, fan_out) * fan_in <= 2048 * 2048


def test_what_is_held_at_a_time_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    small = FanCompromise(sizes=(64, 128))
    together = measure(small, 0)
    monkeypatch.setattr(fan_compromise, "_AT_ONCE", 3 * 64 * 64)
    apart = measure(small, 0)
    for direction in ("forward", "backward"):
        np.testing.assert_allclose(apart[direction], together[direction], rtol=1e-12)


def test_another_seed_gives_other_numbers_and_the_same_one_the_same() -> None:
    small = FanCompromise(sizes=(8, 16))
    first, other = figures.two_seeds(small, "forward")
    assert (first != other).all()


def test_large_powers_have_no_decimals() -> None:
    made = {"forward": np.full((2, 2), 2.0**-10.04), "backward": np.full((2, 2), 2.0**9.94)}
    shown = present(FanCompromise(sizes=(1, 2)), made, theory=True)
    assert cells(shown, 0).texts == (("−10", "−10"),) * 2
    assert cells(shown, 1).texts == (("9.9", "9.9"),) * 2


def test_rows_of_cells_are_fan_outs_and_columns_fan_ins(default: figures.Run) -> None:
    forward, backward = cells(default.shown, 0), cells(default.shown, 1)
    expected = np.clip(np.log2(default.measured["forward"]).T, -5.0, 5.0)
    np.testing.assert_allclose(forward.values, expected, rtol=1e-12)
    # Eight inputs, 1024 outputs: the signal is spread thin.
    assert (forward.values[7][0], forward.texts[7][0]) == (-5.0, "−6.0")
    assert (backward.values[0][7], backward.texts[0][7]) == (-5.0, "−6.0")
    assert forward.texts[0][7] in {"0.9", "1.0", "1.1"}
    panel = default.shown.chart.panels[0]
    assert panel.y.names == tuple(map(str, SIZES))
    assert (panel.x.label, panel.y.label) == ("fan-in", "fan-out")


def test_there_is_a_panel_a_direction_in_the_order_asked_for() -> None:
    shown = figures.run(FanCompromise(sizes=(2, 4), direction=("backward",))).shown
    assert [panel.title for panel in shown.chart.panels] == ["backward factor (log₂), Xavier"]
    assert shown.description.startswith(
        "Heat map over fan-in and fan-out, weights by Xavier. The b"
    )
    assert "add up" not in shown.description


def test_without_annotations_cells_have_no_text() -> None:
    shown = figures.run(FanCompromise(sizes=(2, 4), annotate=False)).shown
    assert cells(shown, 0).texts == ()


def test_the_description_tells_the_finding(default: figures.Run) -> None:
    said = default.shown.description
    assert "The forward factor goes from 0.0" in said
    assert "(fan-in 8, fan-out 1024, predicted 0.0155)" in said
    assert "(predicted 2 for every layer)" in said
    assert " % off its prediction." in said


def test_where_the_sum_differs_from_layer_to_layer_none_is_predicted() -> None:
    shown = figures.run(FanCompromise(sizes=(2, 16), init=named("he"))).shown
    assert "add up to" in shown.description
    assert "for every layer" not in shown.description


def test_without_theory_nothing_is_predicted(default: figures.Run) -> None:
    shown = figures.check_without_theory(default)
    assert "predict" not in " ".join(shown.table.columns)
    assert len(shown.table.columns) == 4


def test_the_table_has_the_layers_with_the_first_size(default: figures.Run) -> None:
    table = default.shown.table
    assert len(table.rows) == 15
    assert len(table.columns) == 6
    figures.check_table(table)
    assert [row[0] for row in table.rows[:2]] == ["1024 × 8", "512 × 8"]
    assert table.rows[0][2] == "1.984"
    assert table.rows[-1][2] == "0.0155"


def test_the_csv_holds_every_cell(default: figures.Run) -> None:
    found = figures.rows_of(default.shown)
    assert len(found) == 64
    cell = next(c for c in found if (c["fan_in"], c["fan_out"]) == ("16", "512"))
    assert pytest.approx(default.measured["forward"][1, 6], rel=1e-8) == float(cell["forward"])
    assert pytest.approx(2.0 * 32.0 / 33.0, rel=1e-8) == float(cell["backward_predicted"])


@pytest.mark.parametrize(
    "scheme",
    [
        named("zeros"),
        named("orthogonal"),
        Scheme("constant", -1000.0, "constant", gain=20.0),
        Scheme("std", 1000.0, "$x$ <b>&", gain=20.0),
        Scheme("scale", 1e-6, 'a, "b"', "fan_geo", "truncated_normal"),
    ],
    ids=lambda scheme: scheme.law,
)
def test_any_scheme_is_shown(scheme: Scheme) -> None:
    parameters, measured, shown = figures.run(
        FanCompromise(sizes=(1, 70) if scheme.law == "std" else (4, 70), init=scheme)
    )
    assert np.isfinite(measured["forward"]).all()
    assert shown.warnings == ()
    assert len(parameters.caption()) <= 600
    if scheme.law == "std":
        assert "<b>" not in figures.check_drawing(shown).body


def test_layers_that_let_nothing_through_are_shown_at_the_end_of_the_scale() -> None:
    shown = figures.run(FanCompromise(sizes=(2, 4), init=named("zeros"))).shown
    assert cells(shown, 0).texts[0][0] == "−∞"
    assert cells(shown, 0).values[0][0] == -5.0
    assert "0 to 0" in shown.description


def test_orthogonal_layers_lose_only_what_does_not_fit() -> None:
    measured = figures.run(FanCompromise(sizes=(8, 128), init=named("orthogonal"))).measured
    np.testing.assert_allclose(measured["forward"][0], [1.0, 1.0 / 16.0], rtol=1e-9)
    assert pytest.approx(1.0, rel=0.07) == measured["forward"][1, 0]


def test_numbers_that_are_none_become_a_warning(default: figures.Run) -> None:
    forward = default.measured["forward"].copy()
    forward[0, 0], forward[3, 2] = math.nan, math.inf
    shown = present(default.parameters, {**default.measured, "forward": forward}, theory=True)
    said = "figure produced non-finite data for curve 'forward'"
    assert shown.warnings == (("init", said),)
    assert np.isfinite(cells(shown, 0).values).all()
    assert cells(shown, 0).texts[0][0] == "–"
    assert "forward factors are not all finite" in shown.description
    assert draw(shown.chart, "normal")[1] == ""


def test_the_drawing_is_small_and_lacks_no_letter(default: figures.Run) -> None:
    figures.check_drawing(default.shown)


def test_a_block_is_read_with_the_catalogue_s_defaults() -> None:
    spec = figures.check_defaults(FanCompromise())
    drawn = figures.spec_of("kind: fan-compromise\ndirection: [forward]\nannotate: false\n")
    numbers = [plain_parameters(s.parameters, drawn=False) for s in (spec, drawn)]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("sizes: [8]", "'sizes' must have 2 to 10 entries, got 1"),
        ("sizes: [8, 4096]", "'sizes' must be an integer from 1 to 2048, got 4096"),
        ("sizes: [8, 8]", "'sizes' has '8' twice"),
        ("direction: [sideways]", "unknown direction 'sideways' (one of forward, backward)"),
        (
            "sizes: [2048, 2047, 2046, 2045, 2044]\ninit: orthogonal",
            "estimated cost 88 s exceeds the limit of 60 s (reduce depth, width, seeds or steps)",
        ),
    ],
)
def test_what_cannot_be_is_reported(block: str, message: str) -> None:
    assert figures.messages(f"kind: fan-compromise\n{block}\n") == [message]
