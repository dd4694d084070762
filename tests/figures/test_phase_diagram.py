"""The phase diagram: the edge of chaos, both sides of it, and networks with weights.

Statistical bounds have a false-alarm rate of one in a million, and fixed seeds.
"""

import math

import figure_checks as figures
import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Contours, Points, Predicted, Words
from seedbed.figures.draw import draw
from seedbed.figures.kinds.phase_diagram import LAYERS, NETWORKS, WIDTH, PhaseDiagram, Place
from seedbed.figures.meanfield import Layer, settled
from seedbed.figures.spec import from_json, to_json

pytestmark = pytest.mark.timeout(60)

GOLDEN_SIMULATED = [
    0.7526941610799204,
    1.0477556510110932,
    1.1325478440249408,
    1.3583426643305743,
    1.6119575365961458,
]

# χ at three σ_b, each at three σ_w
GOLDEN_CHI = [
    [0.25, 1.48330302, 2.37680158],
    [0.136456614, 1.33961795, 2.31923712],
    [0.0808574064, 1.0946888, 2.17119369],
]

PLACES = {
    (0.9, 0.1): 0.7527,
    (1.3, 0.1): 1.0450,
    (1.5, 0.05): 1.1367,
    (2.0, 0.05): 1.3616,
    (2.5, 0.3): 1.5852,
}


@pytest.fixture(scope="module")
def default() -> figures.Run:
    return figures.run(PhaseDiagram())


@pytest.fixture(scope="module")
def simulated() -> figures.Run:
    points = tuple(Place(*place) for place in PLACES)
    return figures.run(PhaseDiagram(resolution=(9, 7), points=points))


def test_the_plane_spans_the_known_range(default: figures.Run) -> None:
    chi = default.measured["chi"]
    assert chi.shape == (31, 71)
    assert pytest.approx([0.081, 2.377], abs=6e-4) == [chi.min(), chi.max()]


def test_each_place_of_the_plane_is_a_fixed_point(default: figures.Run) -> None:
    measured = default.measured
    for row, column in ((0, 0), (0, 40), (10, 5), (15, 16), (30, 70)):
        layer = Layer(
            ACTIVATIONS["tanh"], measured["weights"][column] ** 2, measured["biases"][row] ** 2
        )
        q = settled(layer)
        assert pytest.approx(q, abs=1e-12) == measured["length"][row, column]
        assert pytest.approx(layer.chi(q), rel=1e-9) == measured["chi"][row, column]


def test_gradients_shrink_left_of_the_line_and_grow_right_of_it(default: figures.Run) -> None:
    measured = default.measured
    line_w, line_b = measured["line"]
    for row, bias in enumerate(measured["biases"].tolist()):
        edge = float(np.interp(bias, line_b, line_w))
        left = measured["weights"] < edge - 0.01
        right = measured["weights"] > edge + 0.01
        assert (measured["chi"][row, left] < 1.0).all()
        assert (measured["chi"][row, right] > 1.0).all()
        assert left.any()
        assert right.any()


def test_the_line_begins_at_one_without_biases(default: figures.Run) -> None:
    _, measured, shown = default
    assert pytest.approx([1.0, 0.0], abs=1e-6) == measured["line"][:, 0]
    assert pytest.approx(1.5, abs=1e-9) == measured["line"][1, -1]
    assert (np.diff(measured["line"], axis=1) > 0.0).all()
    (line,) = (m for m in shown.chart.panels[0].marks if isinstance(m, Predicted))
    assert len(line.x) == len(line.y) == 81


def test_the_tabled_edge_passes_the_reference_points() -> None:
    measured = figures.run(PhaseDiagram(sigma_b=(0.0, 0.5), resolution=(5, 5))).measured
    expected = {0.0: 1.0, 0.1: 1.193401, 0.2: 1.304146, 0.3: 1.395584, 0.5: 1.549674}
    found = {round(bias, 9): weight for bias, weight, _ in measured["edge"].tolist()}
    assert pytest.approx(expected, abs=1e-6) == {bias: found[bias] for bias in expected}


def test_points_are_predicted_as_known_and_simulated_close_to_it(simulated: figures.Run) -> None:
    measured = simulated.measured
    predicted = measured["points"][:, 1]
    assert pytest.approx(list(PLACES.values()), abs=6e-5) == predicted
    assert measured["simulated"].shape == (5, NETWORKS)
    # A layer's factor has a relative variance of at most 6 / width, and its logarithm half as
    # much of a bias.
    logs = np.log(measured["simulated"]).mean(axis=1)
    bound = checks.Z_LIMIT * math.sqrt(6.0 / (WIDTH * LAYERS * NETWORKS)) + 3.0 / WIDTH
    assert (np.abs(logs - np.log(predicted)) < bound).all()
    assert bound < 0.11


@figures.GOLDEN
def test_simulated_factors_are_the_golden_numbers(simulated: figures.Run) -> None:
    actual = simulated.measured["simulated"].mean(axis=1)
    figures.check_golden(actual, GOLDEN_SIMULATED)


def test_a_further_point_does_not_change_the_others(simulated: figures.Run) -> None:
    small = PhaseDiagram(resolution=(5, 5), points=(Place(1.3, 0.1, "a"),))
    alone, other = (figures.run(small, seed).measured["simulated"] for seed in (0, 1))
    np.testing.assert_array_equal(alone[0], simulated.measured["simulated"][1])
    assert not np.isclose(alone, other).any()


def test_the_panel_has_areas_a_line_and_the_names_of_the_phases(default: figures.Run) -> None:
    (panel,) = default.shown.chart.panels
    (areas,) = (mark for mark in panel.marks if isinstance(mark, Contours))
    assert (len(areas.x), len(areas.y), len(areas.levels)) == (71, 31, 13)
    assert pytest.approx(2.4) == areas.levels[-1] == -areas.levels[0]
    assert np.isfinite(areas.values).all()
    said = [mark.text for mark in panel.marks if isinstance(mark, Words)]
    assert said == [r"$\chi_1 = 1$", "ordered: gradients vanish", "chaotic: gradients explode"]
    labels = [key.label for key in default.shown.chart.legend]
    assert labels[:3:2] == [r"$\chi_1 = 0.1$", r"$\chi_1 = 1$"]
    assert labels[-1] == "edge of chaos"


def test_without_theory_there_is_no_line() -> None:
    shown = figures.run(PhaseDiagram(resolution=(5, 5)), theory=False).shown
    assert not any(isinstance(mark, Predicted) for mark in shown.chart.panels[0].marks)
    assert "on a line" not in shown.description


def test_a_plane_without_an_edge_says_so() -> None:
    shown = figures.run(PhaseDiagram("sigmoid", resolution=(9, 5))).shown
    assert not any(isinstance(mark, Predicted) for mark in shown.chart.panels[0].marks)
    assert "Nowhere in this plane is it 1: gradients vanish." in shown.description
    shown = figures.run(PhaseDiagram(sigma_w=(3.0, 5.0), resolution=(9, 5))).shown
    assert "Nowhere in this plane is it 1: gradients explode." in shown.description
    said = [m.text for m in shown.chart.panels[0].marks if isinstance(m, Words)]
    assert said == ["chaotic: gradients explode"]


def test_sigmoid_is_critical_where_the_reference_says() -> None:
    _, measured, shown = figures.run(
        PhaseDiagram("sigmoid", sigma_w=(5.0, 15.0), resolution=(9, 5))
    )
    assert pytest.approx(10.149264, abs=1e-5) == measured["edge"][0, 1]
    assert pytest.approx(45.6243, abs=1e-3) == measured["edge"][0, 2]
    assert "on a line from weights 10.15, biases 0" in shown.description


def test_labels_are_text_and_stand_where_there_is_room() -> None:
    places = (Place(1.0, 0.5, "a $x < y"), Place(3.9, 0.5, r"b_1 \frac"), Place(2.0, 1.0))
    shown = figures.run(PhaseDiagram(resolution=(9, 5), points=places)).shown
    marks = shown.chart.panels[0].marks
    (points,) = (mark for mark in marks if isinstance(mark, Points))
    assert points.x == (1.0, 3.9, 2.0)
    left, right = [mark for mark in marks if isinstance(mark, Words)][-2:]
    assert (left.text, left.side) == (r"a \$x < y", "left")
    assert (right.text, right.side) == (r"b_1 \frac", "right")
    assert left.x > 1.0
    assert right.x < 3.9
    assert [row[0] for row in shown.table.rows[-3:]] == ["a $x < y", r"b_1 \frac", "(2, 1)"]
    drawing, _ = draw(shown.chart, "normal")
    assert "<path" in drawing.body


@pytest.mark.parametrize(
    "parameters",
    [
        PhaseDiagram("softsign", (0.05, 20.0), (0.0, 10.0), (5, 5)),
        PhaseDiagram("lecun-tanh", (0.05, 0.06), (9.0, 10.0), (5, 5), (Place(0.05, 10.0),)),
        PhaseDiagram(
            "tanh", (0.05, 20.0), (0.0, 0.1), (5, 5), (Place(0.05, 0.0), Place(20.0, 0.0))
        ),
    ],
)
def test_extremes_do_no_harm(parameters: PhaseDiagram) -> None:
    _, measured, shown = figures.run(parameters)
    assert all(np.isfinite(values).all() for values in measured.values())
    assert "nan" not in shown.description
    (areas,) = (mark for mark in shown.chart.panels[0].marks if isinstance(mark, Contours))
    assert np.isfinite(areas.values).all()


def test_the_description_tells_the_finding(default: figures.Run, simulated: figures.Run) -> None:
    said = default.shown.description
    assert "from 0.0809 to 2.38" in said
    assert "It is 1 on a line from weights 1, biases 0 to weights 2." in said
    assert "to its left gradients vanish, to its right they explode" in said
    assert "(1.3, 0.1): " in simulated.shown.description
    assert "(predicted 1.045)" in simulated.shown.description


def test_the_table_has_the_edge_and_the_points(simulated: figures.Run) -> None:
    table = simulated.shown.table
    assert len(table.rows) == 6 + 5
    figures.check_table(table)
    assert table.rows[0][:3] == ("edge of chaos", "1", "0")


def test_factors_are_the_golden_numbers(default: figures.Run) -> None:
    actual = default.measured["chi"][::15, [0, 35, 70]]
    figures.check_golden(actual, GOLDEN_CHI)


def test_the_csv_holds_every_place(default: figures.Run) -> None:
    rows = figures.rows_of(default.shown)
    assert len(rows) == 71 * 31
    assert pytest.approx(default.measured["chi"][0, 3], rel=1e-8) == float(rows[3]["chi"])


def test_the_drawing_is_small(default: figures.Run) -> None:
    figures.check_drawing(default.shown, 100_000)


def test_a_block_is_read() -> None:
    block = (
        "kind: phase-diagram\nactivation: softsign\nresolution: [121, 61]\n"
        "points: [{sigma_w: 1, sigma_b: 0.2, label: here}, {sigma_w: 2, sigma_b: 0}]\n"
    )
    spec = figures.spec_of(block)
    places = (Place(1.0, 0.2, "here"), Place(2.0, 0.0))
    assert PhaseDiagram("softsign", resolution=(121, 61), points=places) == spec.parameters
    assert spec == from_json(to_json(spec))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            "activation: relu",
            "unknown activation 'relu' (one of tanh, sigmoid, softsign, lecun-tanh)",
        ),
        (
            "resolution: [122, 61]",
            "'resolution' must be two integers, 5 to 121 columns and 5 to 61 rows, got a list",
        ),
        (
            "resolution: [true, 61]",
            "'resolution' must be two integers, 5 to 121 columns and 5 to 61 rows, got a list",
        ),
        (
            "resolution: 50",
            "'resolution' must be two integers, 5 to 121 columns and 5 to 61 rows, got 50",
        ),
        (
            "points: [{sigma_w: 9, sigma_b: 0}]",
            "'points' must lie inside the plane, got '(9, 0)'",
        ),
        ("points: [{sigma_b: 0}]", "a point needs 'sigma_w'"),
    ],
)
def test_mistakes_are_told(field: str, message: str) -> None:
    assert [(1, message)] == figures.mistakes(f"kind: phase-diagram\n{field}\n")
