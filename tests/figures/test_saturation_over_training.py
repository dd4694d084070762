"""`saturation-over-training`: what happens to the layers, for any seed, and what the figure says."""

import math
from dataclasses import replace
from typing import Any

import figure_checks as figures
import numpy as np
import pytest

from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Band, Level, Line
from seedbed.figures.datasets import Examples
from seedbed.figures.draw import draw
from seedbed.figures.experiments import saturation_over_training as kind
from seedbed.figures.kinds.saturation_over_training import BOUNDED, SaturationOverTraining
from seedbed.figures.scheme import Scheme

pytestmark = pytest.mark.timeout(60)

LN3 = math.log(3)
DEFAULT = SaturationOverTraining()
# Long enough to saturate, too short to recover.
FIGURE = replace(DEFAULT, steps=500, every=25)
TINY = SaturationOverTraining(layers=2, width=8, steps=20, every=5)


@pytest.fixture(scope="module")
def figure() -> figures.Run:
    return figures.run(FIGURE)


def test_the_last_layer_saturates_while_those_below_rise_above_one_half(
    figure: figures.Run,
) -> None:
    mean = figure.measured["mean"]
    lowest = mean[3].argmin()
    assert mean[3, 0] > 0.45
    assert mean[3, lowest] < 0.05
    assert mean[2, lowest] > 0.6


def test_the_loss_does_not_fall_while_the_last_layer_is_saturated(figure: figures.Run) -> None:
    measured = figure.measured
    lowest = measured["mean"][3].argmin()
    assert measured["loss"][lowest] > 0.98 * LN3


@figures.GOLDEN
def test_means_are_the_golden_numbers(figure: figures.Run) -> None:
    measured = figure.measured
    places = [0, 2, 8, 14, 20]
    actual = [*measured["mean"][:, places].tolist(), measured["loss"][places].tolist()]
    figures.check_golden(actual, GOLDEN_MEANS)


def test_looks_start_before_the_first_step_and_include_the_last() -> None:
    measured = figures.run(replace(TINY, steps=12, every=5)).measured
    assert measured["step"].tolist() == [0.0, 5.0, 10.0, 12.0]
    assert dict.fromkeys(("mean", "std", "slope"), (2, 4)) == {
        name: measured[name].shape for name in ("mean", "std", "slope")
    }
    rarely = figures.run(replace(TINY, every=5000)).measured
    assert rarely["step"].tolist() == [0.0, 20.0]


def test_looks_are_at_examples_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    data = kind.datasets.load("shapes")
    quiet = Examples(0.0 * data.held_out.inputs, data.held_out.labels)
    monkeypatch.setattr(kind.datasets, "load", lambda _: replace(data, held_out=quiet))
    measured = kind.measure(replace(TINY, layers=1), 0)
    # Inputs of 0 and biases of 0 leave every sigmoid at 1/2.
    assert (measured["mean"][0, 0], measured["std"][0, 0]) == (0.5, 0.0)
    assert pytest.approx(measured["std"][0], abs=0.05) == np.zeros(5)


def test_how_often_one_looks_does_not_change_what_is_seen() -> None:
    often, rarely = (figures.run(replace(TINY, every=every)).measured for every in (1, 10))
    np.testing.assert_array_equal(often["mean"][:, ::10], rarely["mean"])


def test_another_seed_gives_another_run_and_the_same_one_the_same() -> None:
    first, second = figures.two_seeds(TINY, "mean")
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("name", BOUNDED)
def test_slopes_are_those_of_the_function_in_parts_of_the_largest(name: str) -> None:
    function = ACTIVATIONS[name]
    z = np.linspace(-6.0, 6.0, 49)
    expected = function.derivative(z) / function.derivative(np.zeros(1))
    np.testing.assert_allclose(
        kind.relative_slope(name, function.function(z)), expected, atol=1e-12
    )


def test_constant_weights_of_zero_leave_every_layer_in_the_middle() -> None:
    zeros = replace(TINY, init=Scheme("constant", 0.0, "zeros"), steps=10, lr=1e-9)
    measured = figures.run(zeros).measured
    np.testing.assert_allclose(measured["mean"], 0.5, atol=1e-8)
    np.testing.assert_allclose(measured["std"], 0.0, atol=1e-8)
    np.testing.assert_allclose(measured["slope"], 1.0, atol=1e-8)
    np.testing.assert_allclose(measured["loss"], LN3, rtol=1e-6)


def test_layers_have_curves_with_bands_and_the_loss_has_a_panel(figure: figures.Run) -> None:
    layers, loss = figure.shown.chart.panels
    assert figures.counts(layers, Line, Band) == [4, 4]
    assert figures.counts(loss, Line, Level) == [1, 1]
    labels = [key.label for key in figure.shown.chart.legend]
    assert labels == ["layer 1", "layer 2", "layer 3", "layer 4", "loss", "guessing"]
    line = next(mark for mark in layers.marks if isinstance(mark, Line))
    assert figure.measured["mean"][0].tolist() == list(line.y)


def test_of_six_layers_four_are_drawn_and_all_are_in_the_table() -> None:
    shown = figures.run(replace(TINY, layers=6)).shown
    labels = [key.label for key in shown.chart.legend][:-2]
    assert labels == ["layer 1", "layer 3", "layer 4", "layer 6"]
    assert len(shown.table.columns) == 8
    assert {row["layer"] for row in figures.rows_of(shown)} == set("123456")


def test_the_description_tells_the_finding(figure: figures.Run) -> None:
    _, measured, shown = figure
    worst = int(measured["slope"][3].argmin())
    said = f"Layer 4 of 4 is most saturated at step {measured['step'][worst]:.0f}, where the slope"
    assert said in shown.description
    means = ", ".join(f"{value:.3g}" for value in measured["mean"][:, worst])
    assert f"There, the means of layers 1 to 4: {means};" in shown.description
    assert shown.description.endswith("guessing: 1.1.")


def test_the_last_layer_alone_tells_when_saturation_is_worst() -> None:
    measured = kind.measure(TINY, 0)
    measured["slope"][0, 3] = 0.01
    measured["slope"][1, 2] = 0.02
    said = kind.present(TINY, measured, theory=True).description
    assert "Layer 2 of 2 is most saturated at step 10, where the slope of sigmoid is 2 %" in said


def test_the_table_holds_the_look_at_which_saturation_is_worst(figure: figures.Run) -> None:
    _, measured, shown = figure
    worst = int(measured["slope"][3].argmin())
    rows = {row[0]: row for row in shown.table.rows}
    assert 2 <= len(rows) <= 10
    assert f"{measured['mean'][3, worst]:.4g}" == rows[f"{measured['step'][worst]:.0f}"][4]


def test_the_csv_holds_every_look(figure: figures.Run) -> None:
    _, measured, shown = figure
    rows = figures.rows_of(shown)
    assert len(rows) == 4 * 21
    row = next(r for r in rows if (r["layer"], r["step"]) == ("3", "300"))
    assert pytest.approx(measured["mean"][2, 12], rel=1e-8) == float(row["mean"])
    assert pytest.approx(measured["slope"][2, 12], rel=1e-8) == float(row["mean_relative_slope"])


def test_curves_have_no_more_than_120_points() -> None:
    shown = figures.run(replace(TINY, steps=300, every=1)).shown
    for mark in shown.chart.panels[0].marks:
        assert isinstance(mark, Line | Band)
        assert (len(mark.x), mark.x[0], mark.x[-1]) == (120, 0.0, 300.0)


@pytest.mark.parametrize("from_look", [2, 0])
def test_what_is_not_finite_is_cut_and_told(from_look: int) -> None:
    measured = kind.measure(TINY, 0)
    measured["mean"][1, from_look:] = np.nan
    shown = kind.present(TINY, measured, theory=True)
    said = (("init", "figure produced non-finite data for curve 'sigmoid/standard'"),)
    assert said == shown.warnings
    line = next(mark for mark in shown.chart.panels[0].marks if isinstance(mark, Line))
    assert from_look == len(line.x) == len(line.y)
    if from_look:
        assert "By step 10 the run diverges." in shown.description
    else:
        draw(shown.chart, "normal")


@pytest.mark.parametrize(
    "extreme",
    [
        {"layers": 1, "steps": 10, "every": 1},
        {"layers": 6, "batch": 512, "lr": 10.0},
        {"activation": "tanh", "init": Scheme("std", 1000.0, "a $b$ <c>")},
        {"activation": "softsign", "batch": 1},
        {"activation": "lecun-tanh", "width": 9},
    ],
)
def test_extremes_do_not_fail(extreme: dict[str, Any]) -> None:
    parameters = replace(TINY, **extreme)
    shown = figures.run(parameters).shown
    assert shown.warnings == ()
    figures.check_table(shown.table)
    axis = shown.chart.panels[0].y
    lowest = -1.7159 if parameters.activation == "lecun-tanh" else -1.0
    lowest = 0.0 if parameters.activation == "sigmoid" else lowest
    assert pytest.approx(lowest, abs=0.15) == axis.low


def test_the_caption_says_what_was_trained() -> None:
    assert "4 hidden layers of 100 sigmoid units learns `shapes`" in FIGURE.caption()
    assert "one hidden layer" in replace(FIGURE, layers=1).caption()
    assert FIGURE.title() == "Activations of sigmoid layers while a network learns"


def test_costs_grow_with_the_work() -> None:
    assert 0.5 < DEFAULT.seconds() < 15.0
    assert replace(DEFAULT, every=1).seconds() > 1.5 * DEFAULT.seconds()
    assert FIGURE.seconds() < 0.5 * DEFAULT.seconds()


def test_a_block_is_read() -> None:
    spec = figures.spec_of(
        "kind: saturation-over-training\nactivation: tanh\ninit: xavier\nlr: 0.5\n"
    )
    assert isinstance(spec.parameters, SaturationOverTraining)
    assert (
        spec.parameters.activation,
        spec.parameters.init.label,
        spec.parameters.lr,
    ) == ("tanh", "Xavier", 0.5)
    (message,) = figures.messages("kind: saturation-over-training\nactivation: relu\n")
    assert "unknown activation 'relu'" in message


# mean of each layer, and last the loss, at steps 0, 50, 200, 350 and 500
GOLDEN_MEANS = [
    [
        0.49918301683511374,
        0.4993394395924856,
        0.4995407034803334,
        0.49970526497431395,
        0.4995175786100843,
    ],
    [
        0.49559358691637967,
        0.5293547950477553,
        0.5451609030790575,
        0.5496530093493247,
        0.5476473831245218,
    ],
    [
        0.5088879565388913,
        0.7136140749198467,
        0.7466457448856061,
        0.7516032351592166,
        0.7536163154840897,
    ],
    [
        0.49401853363611264,
        0.022210847585366428,
        0.01446528416452137,
        0.0138412722635974,
        0.013629771433121036,
    ],
    [
        1.1206575511817054,
        1.1505666030972785,
        1.097236368273478,
        1.104337400142841,
        1.143131096435418,
    ],
]
