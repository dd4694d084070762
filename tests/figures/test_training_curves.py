"""`training-curves`: which schemes learn, for any seed, and what the figure says of it.

The networks are smaller than the default's, but show the same. Golden numbers hold for one minor
version of numpy.
"""

import math
from dataclasses import replace
from typing import Any

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures import FigureSpec, datasets, parse, training
from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Band, Level, Line, Predicted
from seedbed.figures.draw import draw
from seedbed.figures.experiments import child_seeds
from seedbed.figures.experiments import training_curves as kind
from seedbed.figures.kinds import learning as declared
from seedbed.figures.kinds.training_curves import TrainingCurves
from seedbed.figures.scheme import Scheme, named
from seedbed.figures.training import Network, Recipe

pytestmark = pytest.mark.timeout(60)

LN3 = math.log(3)
SMALL, STANDARD, XAVIER, HE = range(4)
TANH, RELU, SIGMOID = range(3)
FIGURE = TrainingCurves(width=32, batch=32, lr=0.2, steps=200, seeds=2)
TINY = TrainingCurves(
    dataset="spirals", activations=("relu",), inits=(named("he"),), depth=1, width=4, steps=10
)


@pytest.fixture(scope="module")
def figure() -> figures.Run:
    return figures.run(FIGURE)


def final(figure: figures.Run) -> np.ndarray:
    """Return the mean loss of the last 20 steps, (inits, activations), median over runs."""
    return np.median(figure.measured["loss"][..., -20:].mean(axis=-1), axis=-1)


def whole(figure: figures.Run) -> np.ndarray:
    """Return the mean loss of all steps, (inits, activations), median over runs: the smaller the sooner."""
    return np.median(figure.measured["loss"].mean(axis=-1), axis=-1)


def test_relu_learns_the_sooner_the_better_its_scheme_keeps_the_signal(figure: figures.Run) -> None:
    losses = whole(figure)[:, RELU]
    assert losses[HE] < 1.02 * losses[XAVIER]
    assert 1.2 * losses[XAVIER] < losses[STANDARD] < 1.02 * losses[SMALL]
    assert final(figure)[[XAVIER, HE], RELU].max() < 0.6 * LN3


def test_tanh_learns_with_xavier_and_he(figure: figures.Run) -> None:
    losses = whole(figure)[:, TANH]
    assert 1.1 * losses[[XAVIER, HE]].max() < losses[STANDARD]
    assert final(figure)[[XAVIER, HE], TANH].max() < 0.5 * LN3


def test_small_weights_and_sigmoids_stay_at_guessing(figure: figures.Run) -> None:
    losses = final(figure)
    assert (losses[SMALL] > 0.98 * LN3).all()
    assert (losses[:, SIGMOID] > 0.98 * LN3).all()
    # Guessing may be a little worse than even odds, but no more than a step's noise.
    assert (losses[:, SIGMOID] < 1.1 * LN3).all()


@figures.GOLDEN
def test_losses_are_the_golden_numbers(figure: figures.Run) -> None:
    actual = final(figure)
    figures.check_golden(actual, GOLDEN_LOSSES)
    held_out = np.median(figure.measured["held_out"], axis=-1)
    np.testing.assert_allclose(held_out, GOLDEN_HELD_OUT, atol=2e-3, err_msg=str(held_out.tolist()))


def perturbed_loss(scheme: Scheme, name: str, by: float) -> float:
    """Return the loss in the end of a network whose first weights are off by a factor of 1 + by."""
    data = datasets.load("shapes")
    weight_seed, order = child_seeds(0, "training-curves", 1)[0].spawn(2)
    sizes = declared.widths("shapes", FIGURE.depth, FIGURE.width)
    schemes = (*(scheme,) * FIGURE.depth, named("lecun"))
    net = training.initial_network(
        sizes, schemes, ACTIVATIONS[name], weight_seed.spawn(len(schemes))
    )
    off = Network(net.activation, tuple(w * (1.0 + by) for w in net.weights), net.biases)
    recipe = Recipe(FIGURE.lr, FIGURE.batch, FIGURE.steps)
    return float(training.train(off, data, recipe, order).loss[-20:].mean())


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_training_is_not_chaotic(name: str) -> None:
    exact, off = (perturbed_loss(named("he"), name, by) for by in (0.0, 1e-12))
    assert exact != off
    assert pytest.approx(exact, rel=1e-8) == off


def test_twenty_five_relu_layers_learn_with_he_alone() -> None:
    parameters = TrainingCurves(
        activations=("relu",),
        inits=(named("xavier"), named("he")),
        depth=24,
        width=40,
        lr=1e-2,
        momentum=0.9,
        batch=32,
        steps=200,
        seeds=2,
    )
    losses = final(figures.run(parameters))[:, 0]
    assert losses[0] > 0.98 * LN3
    assert losses[1] < 0.85 * LN3


def test_curves_of_a_repeat_share_order_and_draws() -> None:
    schemes = (named("lecun"), Scheme("scale", 1.0, "the same", "fan_in", "normal"), named("he"))
    all_three = kind.measure(replace(TINY, inits=schemes, activations=("tanh", "relu")), 3)
    np.testing.assert_array_equal(all_three["loss"][0], all_three["loss"][1])
    alone = kind.measure(replace(TINY, inits=(named("he"),)), 3)
    np.testing.assert_array_equal(alone["loss"][0, 0], all_three["loss"][2, 1])


def test_another_seed_or_repeat_gives_another_run_and_the_same_one_the_same() -> None:
    first, second = figures.two_seeds(TINY, "loss")
    assert not np.array_equal(first, second)
    assert not np.array_equal(first[0, 0, 0], first[0, 0, 1])


def test_losses_are_those_before_each_step_and_the_accuracy_is_that_of_examples_kept_back() -> None:
    zeros = replace(TINY, inits=(named("zeros"),), lr=1e-9)
    measured = kind.measure(zeros, 0)
    # The hidden layer gives 0, hence all logits are 0.
    np.testing.assert_allclose(measured["loss"], LN3, rtol=1e-6)
    labels = datasets.load("spirals").held_out.labels
    shares = np.bincount(labels) / len(labels)
    assert all(np.isclose(shares, share).any() for share in measured["held_out"].ravel())


def test_the_last_layer_starts_at_random_whatever_the_scheme() -> None:
    # Sigmoids of 0 are 1/2, from which a last layer of zeros would make equal logits.
    zeros = replace(TINY, inits=(named("zeros"),), activations=("sigmoid",))
    assert abs(kind.measure(zeros, 0)["loss"][0, 0, 0, 0] - LN3) > 1e-3


def test_each_activation_has_a_panel_with_a_curve_and_a_band_a_scheme(figure: figures.Run) -> None:
    chart = figure.shown.chart
    assert [panel.title for panel in chart.panels] == ["tanh", "relu", "sigmoid"]
    found = [figures.counts(panel, Line, Band, Level, Predicted) for panel in chart.panels]
    assert found == [[4, 4, 1, 0]] * 3
    labels = [key.label for key in chart.legend]
    assert labels == ["std 0.01", "standard", "Xavier", "He", "guessing"]
    line = next(mark for mark in chart.panels[0].marks if isinstance(mark, Line))
    assert (line.x[0], line.x[-1], len(line.x)) == (1.0, 200.0, 120)


def test_one_run_has_no_range() -> None:
    shown = figures.run(replace(TINY, seeds=1)).shown
    assert figures.counts(shown.chart.panels[0], Band) == [0]


def test_the_curve_is_the_mean_of_the_last_steps(figure: figures.Run) -> None:
    line = [m for m in figure.shown.chart.panels[RELU].marks if isinstance(m, Line)][HE]
    assert pytest.approx(final(figure)[HE, RELU], rel=1e-9) == line.y[-1]
    unsmoothed = kind.present(replace(FIGURE, smooth=1), figure.measured, theory=True)
    line = [m for m in unsmoothed.chart.panels[RELU].marks if isinstance(m, Line)][HE]
    assert pytest.approx(np.median(figure.measured["loss"][HE, RELU, :, 0]), rel=1e-9) == line.y[0]


def test_the_description_tells_who_learns_and_who_guesses(figure: figures.Run) -> None:
    said = figure.shown.description
    assert said.startswith(
        "Line chart, logarithmic vertical axis: loss while learning; guessing: 1.1"
    )
    assert "std 0.01 no better than guessing. With relu" in said
    assert said.endswith(": no scheme does better than guessing.")
    he = float(final(figure)[HE, RELU])
    assert f"{he:.3g} with He" in said


def test_accuracy_is_drawn_where_it_is_asked_for(figure: figures.Run) -> None:
    shown = kind.present(replace(FIGURE, metric="accuracy"), figure.measured, theory=True)
    axis = shown.chart.panels[0].y
    assert (axis.label, axis.low, axis.high, axis.scale) == ("accuracy", 0.0, 1.0, "linear")
    level = next(m for m in shown.chart.panels[0].marks if isinstance(m, Level))
    assert pytest.approx((1 / 3,)) == level.y
    line = [m for m in shown.chart.panels[RELU].marks if isinstance(m, Line)][HE]
    assert line.y[-1] > 0.7
    assert "accuracy" in shown.table.columns[1]
    assert "linear vertical axis: accuracy" in shown.description


def test_a_linear_axis_starts_at_zero(figure: figures.Run) -> None:
    shown = kind.present(replace(FIGURE, scale="linear"), figure.measured, theory=True)
    axis = shown.chart.panels[0].y
    assert (axis.scale, axis.low) == ("linear", 0.0)


def test_the_table_has_a_row_a_curve(figure: figures.Run) -> None:
    table = figure.shown.table
    assert len(table.columns) == 8
    assert len(table.rows) == 12
    figures.check_table(table)
    row = table.rows[4 + HE]
    assert row[0] == "relu, He"
    losses = figure.measured["loss"][HE, RELU]
    half = np.median(training.running_mean(losses, FIGURE.smooth), axis=0)
    assert str(int(np.argmax(half <= LN3 / 2)) + 1) == row[6]
    assert table.rows[0][6] == "–"


def test_the_csv_holds_every_point_of_the_curves(figure: figures.Run) -> None:
    rows = figures.rows_of(figure.shown)
    assert len(rows) == 12 * 120
    last = next(r for r in rows if (r["activation"], r["init"], r["step"]) == ("relu", "He", "200"))
    means = figure.measured["loss"][HE, RELU][:, -20:].mean(axis=-1)
    expected = (np.median(means), means.min(), means.max())
    actual = tuple(float(last[f"loss_{name}"]) for name in ("median", "minimum", "maximum"))
    assert pytest.approx(expected, rel=1e-7) == actual


def test_labels_are_literal_and_survive_the_csv() -> None:
    scheme = Scheme("std", 0.1, 'a $x$, <b> "c"')
    shown = figures.run(replace(TINY, inits=(scheme,))).shown
    assert shown.chart.legend[0].label == r'a \$x\$, <b> "c"'
    assert {scheme.label} == {row["init"] for row in figures.rows_of(shown)}
    draw(shown.chart, "normal")


def test_a_run_that_diverges_is_cut_and_told() -> None:
    # A leaky function keeps its units alive, whatever the first step does to them.
    schemes = (named("he"), Scheme("std", 1000.0, "huge"))
    parameters = replace(TINY, activations=("leaky-relu",), inits=schemes, depth=5, steps=30)
    _, measured, shown = figures.run(parameters)
    lasted = np.isfinite(measured["loss"][1, 0]).all(axis=0)
    assert 0 <= lasted.sum() < 30
    said = (("inits", "figure produced non-finite data for curve 'leaky-relu/huge'"),)
    assert said == shown.warnings
    lines = [mark for mark in shown.chart.panels[0].marks if isinstance(mark, Line)]
    assert [30, lasted.sum()] == [len(line.x) for line in lines]
    assert all(np.isfinite(line.y).all() for line in lines)
    assert f"with huge, which diverges at step {lasted.sum() + 1}" in shown.description
    assert shown.table.rows[1][3:6] == ("diverged",) * 3
    draw(shown.chart, "normal")


def test_a_run_without_a_finite_step_is_drawn_as_nothing() -> None:
    measured = kind.measure(TINY, 0)
    measured["loss"][:] = np.nan
    shown = kind.present(TINY, measured, theory=True)
    assert "diverges at step 1" in shown.description
    draw(shown.chart, "normal")


@pytest.mark.parametrize(
    "extreme",
    [
        {"depth": 40, "width": 4, "steps": 10},
        {"steps": 10, "smooth": 200, "batch": 512},
        {"batch": 1, "seeds": 10, "metric": "accuracy"},
        {"activations": ("gelu", "softsign", "selu"), "steps": 11, "scale": "linear"},
        {"lr": 10.0, "momentum": 0.99},
    ],
)
def test_extremes_do_not_fail(extreme: dict[str, Any]) -> None:
    shown = figures.run(replace(TINY, **extreme)).shown
    figures.check_table(shown.table)


def test_the_caption_says_what_was_trained() -> None:
    said = TrainingCurves().caption()
    assert "5 hidden layers of 100 units learn to tell `shapes` apart" in said
    assert "learning rate 0.1, 64 examples a step; median (line) and range (band) of 3 runs" in said
    assert "one hidden layer" in TINY.caption()
    assert "momentum 0.9" in replace(TINY, momentum=0.9).caption()
    assert "Accuracy" in replace(TINY, metric="accuracy").title()


def test_costs_grow_with_the_work() -> None:
    default = TrainingCurves()
    assert 2.0 < default.seconds() < 30.0
    assert replace(default, steps=800).seconds() > 1.9 * default.seconds()
    assert replace(default, width=200).seconds() > 2.0 * default.seconds()
    assert TINY.seconds() < 1.0


BLOCK = "kind: training-curves\ndataset: {}\nactivations: [relu]\nlr: 5e-4\nmomentum: 0.9\n"


def test_a_block_is_read() -> None:
    spec = figures.spec_of(BLOCK.format("spirals"))
    expected = TrainingCurves(dataset="spirals", activations=("relu",), lr=5e-4, momentum=0.9)
    assert expected == spec.parameters


@pytest.mark.parametrize("installed", [False, True])
def test_digits_are_a_clear_problem_where_they_are_not_to_be_had(
    monkeypatch: pytest.MonkeyPatch, *, installed: bool
) -> None:
    found = object() if installed else None
    monkeypatch.setattr(declared.importlib.util, "find_spec", lambda _: found)
    answer = parse(BLOCK.format("digits"))
    if installed:
        assert isinstance(answer, FigureSpec)
        return
    assert isinstance(answer, tuple)
    message = "dataset 'digits' needs scikit-learn, which is not installed"
    assert [(message, 1)] == [(problem.message, problem.line) for problem in answer]


def test_unknown_data_sets_are_named() -> None:
    message = "unknown dataset 'shape' (did you mean 'shapes'?)"
    assert figures.messages(BLOCK.format("shape")) == [message]


# a row a scheme, a column an activation
GOLDEN_LOSSES = [
    [1.0992060398856665, 1.0982580439472178, 1.1079689016011538],
    [0.30385645218073387, 0.4948374182350037, 1.108103529441026],
    [0.25879658241134923, 0.33878731620695546, 1.1083550155336512],
    [0.23543054444531542, 0.23386334864333916, 1.10972848711363],
]
GOLDEN_HELD_OUT = [
    [0.332, 0.336, 0.332],
    [0.8375, 0.6595, 0.332],
    [0.8365, 0.788, 0.332],
    [0.8405, 0.8445, 0.332],
]
