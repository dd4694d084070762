"""`symmetry-breaking`: equal units stay equal, for any seed, and the figure says so."""

import math
from dataclasses import replace
from typing import Any

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.chart import Level, Line
from seedbed.figures.draw import draw
from seedbed.figures.experiments import symmetry_breaking as kind
from seedbed.figures.kinds.symmetry_breaking import SymmetryBreaking
from seedbed.figures.scheme import Scheme, named

pytestmark = pytest.mark.timeout(60)

LN3 = math.log(3)
ZEROS, CONSTANT, XAVIER = range(3)
FIGURE = SymmetryBreaking()
TINY = SymmetryBreaking(width=5, steps=10, dataset="spirals")


@pytest.fixture(scope="module")
def figure() -> figures.Run:
    return figures.run(FIGURE)


def test_from_zero_only_the_last_biases_learn(figure: figures.Run) -> None:
    measured = figure.measured
    assert measured["largest"][ZEROS] == 0.0
    assert (measured["spread"][ZEROS] == 0.0).all()
    assert measured["rank"][ZEROS].tolist() == [0.0, 0.0]
    assert measured["loss"][ZEROS, -20:].mean() > 0.98 * LN3


@pytest.mark.parametrize("width", [32, 33, 37])
def test_from_a_constant_all_units_stay_equal_while_the_network_learns(width: int) -> None:
    # Kernels of other widths sum in another order: equal but for rounding.
    measured = kind.measure(replace(FIGURE, width=width, steps=100), 0)
    assert measured["spread"][CONSTANT].max() < 1e-12
    assert measured["rank"][CONSTANT].tolist() == [1.0, 1.0]
    assert measured["largest"][CONSTANT] > 0.05


def test_random_weights_let_units_differ_and_learn_more(figure: figures.Run) -> None:
    measured = figure.measured
    ends = measured["loss"][:, -20:].mean(axis=1)
    assert ends[XAVIER] < 0.8 * ends[CONSTANT]
    assert ends[XAVIER] < 0.8 * ends[ZEROS]
    limit = math.sqrt(6.0 / (144 + 32))
    assert limit < measured["spread"][XAVIER, 0] < 2.0 * limit
    assert measured["spread"][XAVIER, -1] > measured["spread"][XAVIER, 0]
    assert measured["rank"][XAVIER].tolist() == [32.0, 32.0]


@figures.GOLDEN
def test_losses_and_distances_are_the_golden_numbers(figure: figures.Run) -> None:
    measured = figure.measured
    actual = [
        *measured["loss"][:, [0, 149, 299]].tolist(),
        measured["spread"][XAVIER, [0, 150, 300]].tolist(),
    ]
    figures.check_golden(actual, GOLDEN_NUMBERS)


def test_the_distance_of_units_is_that_of_the_farthest_weight_from_its_mean() -> None:
    weights = np.array([[1.0, 1.0, 4.0], [0.0, 0.0, 0.0]])
    assert kind.distance_of_units(weights) == 2.0
    # Rows may differ: units are columns.
    assert kind.distance_of_units(np.array([[1.0, 1.0], [5.0, 5.0]])) == 0.0


def test_ranks_do_not_count_rounding() -> None:
    one = np.outer(np.arange(1.0, 5.0), np.ones(3))
    assert kind.rank(one) == 1.0
    assert kind.rank(one + 1e-13 * np.eye(4, 3)) == 1.0
    assert kind.rank(one + 1e-3 * np.eye(4, 3)) == 3.0
    assert kind.rank(np.zeros((3, 2))) == 0.0
    assert math.isnan(kind.rank(np.array([[np.inf]])))


def test_curves_share_order_and_draws() -> None:
    among = kind.measure(TINY, 3)
    alone = kind.measure(replace(TINY, inits=(named("xavier"),)), 3)
    np.testing.assert_array_equal(alone["loss"][0], among["loss"][XAVIER])


def test_another_seed_gives_another_run_and_the_same_one_the_same() -> None:
    first, second = figures.two_seeds(TINY, "loss")
    assert not np.array_equal(first[XAVIER], second[XAVIER])


def test_loss_and_distance_have_a_panel_each(figure: figures.Run) -> None:
    loss, distance = figure.shown.chart.panels
    assert figures.counts(loss, Line, Level) == [3, 1]
    assert figures.counts(distance, Line, Level) == [3, 0]
    labels = [key.label for key in figure.shown.chart.legend]
    assert labels == ["zeros", "constant 0.05", "Xavier", "guessing"]
    for panel, first in ((loss, 1.0), (distance, 0.0)):
        line = next(mark for mark in panel.marks if isinstance(mark, Line))
        assert (first, 300.0, 120) == (line.x[0], line.x[-1], len(line.x))
    top = max(mark.y[-1] for mark in distance.marks if isinstance(mark, Line))
    assert distance.y.low < 0.0 < top < distance.y.high < 1.5 * top


def test_the_description_tells_who_stays_equal(figure: figures.Run) -> None:
    said = figure.shown.description
    assert "weights of the hidden layers are all exactly 0 to the end" in said
    assert "all units of a layer stay equal, the weights have ranks 1 and 1" in said
    assert "the weights have ranks 32 and 32." in said
    assert "Guessing has a loss of 1.1." in said


def test_the_table_has_a_row_a_scheme(figure: figures.Run) -> None:
    table = figure.shown.table
    assert [row[0] for row in table.rows] == ["zeros", "constant 0.05", "Xavier"]
    figures.check_table(table)
    assert table.rows[CONSTANT][3:] == ("0", "0", "1", "1")
    mean = figure.measured["loss"][XAVIER, -20:].mean()
    assert f"{mean:.4g}" == table.rows[XAVIER][2]


def test_the_csv_holds_every_point(figure: figures.Run) -> None:
    rows = figures.rows_of(figure.shown)
    assert len(rows) == 3 * 120
    assert rows[0]["loss"] == ""
    last = rows[-1]
    assert (last["init"], last["step"]) == ("Xavier", "300")
    assert pytest.approx(figure.measured["spread"][XAVIER, -1], rel=1e-8) == float(
        last["distance_of_units"]
    )


@pytest.mark.parametrize("from_step", [4, 0])
def test_what_is_not_finite_is_cut_and_told(from_step: int) -> None:
    measured = kind.measure(TINY, 0)
    measured["loss"][XAVIER, from_step:] = np.nan
    measured["spread"][XAVIER, from_step:] = np.nan
    measured["rank"][XAVIER] = np.nan
    shown = kind.present(TINY, measured, theory=True)
    assert shown.warnings == (("inits", "figure produced non-finite data for curve 'Xavier'"),)
    assert f"With Xavier the run diverges at step {from_step + 1}." in shown.description
    assert shown.table.rows[XAVIER][-1] == "diverged"
    lines = [mark for panel in shown.chart.panels for mark in panel.marks]
    assert all(np.isfinite(mark.y).all() for mark in lines if isinstance(mark, Line))
    if not from_step:
        draw(shown.chart, "normal")


@pytest.mark.parametrize(
    "extreme",
    [
        {"width": 2},
        {"inits": (Scheme("std", 1000.0, "a $b$ <c>"),)},
        {"inits": (named("zeros"),)},
        {"inits": (Scheme("constant", 1000.0, "1"), Scheme("constant", -1.0, "2"))},
        {"width": 256, "dataset": "shapes"},
        {"steps": 121},
    ],
)
def test_extremes_do_not_fail(extreme: dict[str, Any]) -> None:
    shown = figures.run(replace(TINY, **extreme)).shown
    figures.check_table(shown.table)
    assert shown.warnings == ()


def test_the_caption_says_what_was_trained() -> None:
    assert "2 hidden layers of 32 tanh units learn `shapes`" in FIGURE.caption()


def test_costs_grow_with_the_work() -> None:
    assert 0.1 < FIGURE.seconds() < 5.0
    assert replace(FIGURE, steps=2000).seconds() > 3.0 * FIGURE.seconds()


def test_a_block_is_read() -> None:
    spec = figures.spec_of("kind: symmetry-breaking\ninits: [{constant: 0.5}, he]\nwidth: 16\n")
    assert isinstance(spec.parameters, SymmetryBreaking)
    assert [scheme.label for scheme in spec.parameters.inits] == ["constant 0.5", "He"]


# losses of each scheme at steps 1, 150 and 300; distances after 0, 150 and 300 steps
GOLDEN_NUMBERS = [
    [1.0986122886681098, 1.0956919577801159, 1.0956906293428603],
    [1.0986122886681098, 1.1250724327151627, 1.0863860613929484],
    [1.2416417312667607, 0.328724401634124, 0.1869070922441362],
    [0.23058189054116976, 0.33720693618607456, 0.37475352983173404],
]
