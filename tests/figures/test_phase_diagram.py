"""The phase diagram: the edge of chaos, both sides of it, and networks with weights.

Statistical bounds have a false-alarm rate of one in a million, and fixed seeds.
"""

import csv
import io
import math

import numpy as np
import pytest
import weight_checks as checks

from seedbed.figures.activations import ACTIVATIONS
from seedbed.figures.chart import Contours, Points, Predicted, Presentation, Words
from seedbed.figures.draw import draw
from seedbed.figures.experiments import Measured
from seedbed.figures.experiments import phase_diagram as experiment
from seedbed.figures.kinds import KINDS
from seedbed.figures.kinds.phase_diagram import LAYERS, NETWORKS, WIDTH, PhaseDiagram, Place
from seedbed.figures.meanfield import Layer, settled
from seedbed.figures.spec import FigureSpec, from_json, parse, to_json

pytestmark = pytest.mark.timeout(60)

GOLDEN = pytest.mark.skipif(
    not np.__version__.startswith("2.4."), reason="golden numbers belong to numpy 2.4"
)
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

Run = tuple[Measured, Presentation]
PLACES = {
    (0.9, 0.1): 0.7527,
    (1.3, 0.1): 1.0450,
    (1.5, 0.05): 1.1367,
    (2.0, 0.05): 1.3616,
    (2.5, 0.3): 1.5852,
}


def run(parameters: PhaseDiagram, *, theory: bool = True, seed: int = 0) -> Run:
    measured = experiment.measure(parameters, seed)
    return measured, experiment.present(parameters, measured, theory=theory)


@pytest.fixture(scope="module")
def default() -> Run:
    return run(PhaseDiagram())


@pytest.fixture(scope="module")
def simulated() -> Run:
    points = tuple(Place(*place) for place in PLACES)
    return run(PhaseDiagram(resolution=(9, 7), points=points))


@pytest.fixture
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, PhaseDiagram.kind, PhaseDiagram)


def test_the_plane_spans_the_known_range(default: Run) -> None:
    chi = default[0]["chi"]
    assert chi.shape == (31, 71)
    assert pytest.approx([0.081, 2.377], abs=6e-4) == [chi.min(), chi.max()]


def test_each_place_of_the_plane_is_a_fixed_point(default: Run) -> None:
    measured, _ = default
    for row, column in ((0, 0), (0, 40), (10, 5), (15, 16), (30, 70)):
        layer = Layer(
            ACTIVATIONS["tanh"], measured["weights"][column] ** 2, measured["biases"][row] ** 2
        )
        q = settled(layer)
        assert pytest.approx(q, abs=1e-12) == measured["length"][row, column]
        assert pytest.approx(layer.chi(q), rel=1e-9) == measured["chi"][row, column]


def test_gradients_shrink_left_of_the_line_and_grow_right_of_it(default: Run) -> None:
    measured, _ = default
    line_w, line_b = measured["line"]
    for row, bias in enumerate(measured["biases"].tolist()):
        edge = float(np.interp(bias, line_b, line_w))
        left = measured["weights"] < edge - 0.01
        right = measured["weights"] > edge + 0.01
        assert (measured["chi"][row, left] < 1.0).all()
        assert (measured["chi"][row, right] > 1.0).all()
        assert left.any()
        assert right.any()


def test_the_line_begins_at_one_without_biases(default: Run) -> None:
    measured, shown = default
    assert pytest.approx([1.0, 0.0], abs=1e-6) == measured["line"][:, 0]
    assert pytest.approx(1.5, abs=1e-9) == measured["line"][1, -1]
    assert (np.diff(measured["line"], axis=1) > 0.0).all()
    (line,) = (m for m in shown.chart.panels[0].marks if isinstance(m, Predicted))
    assert len(line.x) == len(line.y) == 81


def test_the_tabled_edge_passes_the_reference_points() -> None:
    measured, _ = run(PhaseDiagram(sigma_b=(0.0, 0.5), resolution=(5, 5)))
    expected = {0.0: 1.0, 0.1: 1.193401, 0.2: 1.304146, 0.3: 1.395584, 0.5: 1.549674}
    found = {round(bias, 9): weight for bias, weight, _ in measured["edge"].tolist()}
    assert pytest.approx(expected, abs=1e-6) == {bias: found[bias] for bias in expected}


def test_points_are_predicted_as_known_and_simulated_close_to_it(simulated: Run) -> None:
    measured, _ = simulated
    predicted = measured["points"][:, 1]
    assert pytest.approx(list(PLACES.values()), abs=6e-5) == predicted
    assert measured["simulated"].shape == (5, NETWORKS)
    # A layer's factor has a relative variance of at most 6 / width, and its logarithm half as
    # much of a bias.
    logs = np.log(measured["simulated"]).mean(axis=1)
    bound = checks.Z_LIMIT * math.sqrt(6.0 / (WIDTH * LAYERS * NETWORKS)) + 3.0 / WIDTH
    assert (np.abs(logs - np.log(predicted)) < bound).all()
    assert bound < 0.11


@GOLDEN
def test_simulated_factors_are_the_golden_numbers(simulated: Run) -> None:
    actual = simulated[0]["simulated"].mean(axis=1)
    np.testing.assert_allclose(actual, GOLDEN_SIMULATED, rtol=1e-6, err_msg=str(actual.tolist()))


def test_a_further_point_does_not_change_the_others(simulated: Run) -> None:
    alone = run(PhaseDiagram(resolution=(5, 5), points=(Place(1.3, 0.1, "a"),)))[0]["simulated"]
    np.testing.assert_array_equal(alone[0], simulated[0]["simulated"][1])
    other = run(PhaseDiagram(resolution=(5, 5), points=(Place(1.3, 0.1),)), seed=1)[0]["simulated"]
    assert not np.isclose(alone, other).any()


def test_the_panel_has_areas_a_line_and_the_names_of_the_phases(default: Run) -> None:
    (panel,) = default[1].chart.panels
    (areas,) = (mark for mark in panel.marks if isinstance(mark, Contours))
    assert (len(areas.x), len(areas.y), len(areas.levels)) == (71, 31, 13)
    assert pytest.approx(2.4) == areas.levels[-1] == -areas.levels[0]
    assert np.isfinite(areas.values).all()
    said = [mark.text for mark in panel.marks if isinstance(mark, Words)]
    assert said == [r"$\chi_1 = 1$", "ordered: gradients vanish", "chaotic: gradients explode"]
    labels = [key.label for key in default[1].chart.legend]
    assert labels[:3:2] == [r"$\chi_1 = 0.1$", r"$\chi_1 = 1$"]
    assert labels[-1] == "edge of chaos"


def test_without_theory_there_is_no_line() -> None:
    _, shown = run(PhaseDiagram(resolution=(5, 5)), theory=False)
    assert not any(isinstance(mark, Predicted) for mark in shown.chart.panels[0].marks)
    assert "on a line" not in shown.description


def test_a_plane_without_an_edge_says_so() -> None:
    _, shown = run(PhaseDiagram("sigmoid", resolution=(9, 5)))
    assert not any(isinstance(mark, Predicted) for mark in shown.chart.panels[0].marks)
    assert "Nowhere in this plane is it 1: gradients vanish." in shown.description
    _, shown = run(PhaseDiagram(sigma_w=(3.0, 5.0), resolution=(9, 5)))
    assert "Nowhere in this plane is it 1: gradients explode." in shown.description
    said = [m.text for m in shown.chart.panels[0].marks if isinstance(m, Words)]
    assert said == ["chaotic: gradients explode"]


def test_sigmoid_is_critical_where_the_reference_says() -> None:
    measured, shown = run(PhaseDiagram("sigmoid", sigma_w=(5.0, 15.0), resolution=(9, 5)))
    assert pytest.approx(10.149264, abs=1e-5) == measured["edge"][0, 1]
    assert pytest.approx(45.6243, abs=1e-3) == measured["edge"][0, 2]
    assert "on a line from weights 10.15, biases 0" in shown.description


def test_labels_are_text_and_stand_where_there_is_room() -> None:
    places = (Place(1.0, 0.5, "a $x < y"), Place(3.9, 0.5, r"b_1 \frac"), Place(2.0, 1.0))
    _, shown = run(PhaseDiagram(resolution=(9, 5), points=places))
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
    measured, shown = run(parameters)
    assert all(np.isfinite(values).all() for values in measured.values())
    assert "nan" not in shown.description
    (areas,) = (mark for mark in shown.chart.panels[0].marks if isinstance(mark, Contours))
    assert np.isfinite(areas.values).all()


def test_the_description_tells_the_finding(default: Run, simulated: Run) -> None:
    said = default[1].description
    assert "from 0.0809 to 2.38" in said
    assert "It is 1 on a line from weights 1, biases 0 to weights 2." in said
    assert "to its left gradients vanish, to its right they explode" in said
    assert "(1.3, 0.1): " in simulated[1].description
    assert "(predicted 1.045)" in simulated[1].description


def test_the_table_has_the_edge_and_the_points(simulated: Run) -> None:
    table = simulated[1].table
    assert len(table.rows) == 6 + 5
    assert {len(table.columns)} == {len(row) for row in table.rows}
    assert table.rows[0][:3] == ("edge of chaos", "1", "0")


def test_factors_are_the_golden_numbers(default: Run) -> None:
    actual = default[0]["chi"][::15, [0, 35, 70]]
    np.testing.assert_allclose(actual, GOLDEN_CHI, rtol=1e-6, err_msg=str(actual.tolist()))


def test_the_csv_holds_every_place(default: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(default[1].csv)))
    assert len(rows) == 71 * 31
    assert pytest.approx(default[0]["chi"][0, 3], rel=1e-8) == float(rows[3]["chi"])


def test_the_drawing_is_small(default: Run) -> None:
    drawing, lacking = draw(default[1].chart, "normal")
    assert lacking == ""
    assert len(drawing.body) < 100_000


@pytest.mark.usefixtures("_registered")
def test_a_block_is_read() -> None:
    block = (
        "kind: phase-diagram\nactivation: softsign\nresolution: [121, 61]\n"
        "points: [{sigma_w: 1, sigma_b: 0.2, label: here}, {sigma_w: 2, sigma_b: 0}]\n"
    )
    spec = parse(block)
    assert isinstance(spec, FigureSpec)
    places = (Place(1.0, 0.2, "here"), Place(2.0, 0.0))
    assert PhaseDiagram("softsign", resolution=(121, 61), points=places) == spec.parameters
    assert spec == from_json(to_json(spec))


@pytest.mark.usefixtures("_registered")
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
    problems = parse(f"kind: phase-diagram\n{field}\n")
    assert isinstance(problems, tuple)
    assert [(1, message)] == [(problem.line, problem.message) for problem in problems]
