"""What tests of every kind of figure do alike: compute one, and look at what all must have.

A check raises AssertionError when its claim does not hold, and gives back what a test may look at
further. Bounds that differ from kind to kind are the tests' own.
"""

import csv
import dataclasses
import io
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from seedbed.figures import FigureSpec, parse
from seedbed.figures.chart import Panel, Predicted, Presentation, Table
from seedbed.figures.draw import draw
from seedbed.figures.experiments import Measured, experiment
from seedbed.figures.kinds.parameters import Parameters
from seedbed.figures.svg import Drawing

GOLDEN = pytest.mark.skipif(
    not np.__version__.startswith("2.4."), reason="golden numbers belong to numpy 2.4"
)
"""Marks numbers drawn at random: the streams of numpy may change with its minor version."""


class Run(NamedTuple):
    """One figure, from what was asked to what is shown."""

    parameters: Parameters
    measured: Measured
    shown: Presentation


def run(parameters: Parameters, seed: int = 0, *, theory: bool = True) -> Run:
    """Compute the figure of ``parameters``, with the experiment of their kind."""
    kind = experiment(parameters.kind)
    measured = kind.measure(parameters, seed)
    return Run(parameters, measured, kind.present(parameters, measured, theory=theory))


def run_block(block: str) -> Run:
    """Compute the figure that ``block`` asks for."""
    spec = spec_of(block)
    return run(spec.parameters, spec.seed, theory=spec.theory)


def spec_of(block: str) -> FigureSpec:
    """Return what ``block`` asks for; it must be free of mistakes."""
    spec = parse(block)
    assert isinstance(spec, FigureSpec), spec
    return spec


def with_id(block: str, figure_id: str) -> FigureSpec:
    """Return what ``block`` asks for under an id, which a page gives to every figure."""
    return dataclasses.replace(spec_of(block), id=figure_id)


def mistakes(block: str) -> list[tuple[int, str]]:
    """Return the line, from 0, and the message of each mistake of ``block``; it must have some."""
    problems = parse(block)
    assert isinstance(problems, tuple), problems
    assert not any(problem.warning for problem in problems)
    return [(problem.line, problem.message) for problem in problems]


def messages(block: str) -> list[str]:
    """Return the message of each mistake of ``block``; it must have some."""
    return [message for _, message in mistakes(block)]


def two_seeds(parameters: Parameters, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the array ``name`` as two seeds give it; the first gives it twice alike."""
    measure = experiment(parameters.kind).measure
    first, other, again = (measure(parameters, seed)[name] for seed in (1, 2, 1))
    np.testing.assert_array_equal(first, again)
    return first, other


def check_golden(actual: ArrayLike, golden: ArrayLike) -> None:
    """Compare with golden numbers, to within rounding; what was found is told where they differ."""
    found = np.asarray(actual)
    np.testing.assert_allclose(found, golden, rtol=1e-6, err_msg=str(found.tolist()))


def check_drawing(shown: Presentation, most: int = 120_000) -> Drawing:
    """Draw a figure: no letter may be lacking, and its body has fewer than ``most`` characters."""
    drawing, lacking = draw(shown.chart, "normal")
    assert lacking == ""
    assert len(drawing.body) < most
    return drawing


def check_table(table: Table) -> None:
    """Look whether every row has as many cells as there are columns."""
    assert {len(table.columns)} == {len(row) for row in table.rows}


def check_defaults(parameters: Parameters) -> FigureSpec:
    """Look whether a block of a kind alone asks for ``parameters``, which take less than 5 s."""
    spec = spec_of(f"kind: {parameters.kind}\n")
    assert spec.parameters == parameters
    assert spec.parameters.seconds() < 5.0
    return spec


def check_without_theory(made: Run) -> Presentation:
    """Show a figure again without theory: nothing is predicted, neither drawn nor in words."""
    kind = experiment(made.parameters.kind)
    shown = kind.present(made.parameters, made.measured, theory=False)
    assert not has_predictions(shown)
    assert "predict" not in shown.description
    return shown


def check_range(row: dict[str, str], runs: NDArray[np.float64], predicted: float) -> None:
    """Compare a row of a CSV with the runs that it sums up and with what is predicted of them."""
    expected = (np.median(runs), runs.min(), runs.max(), predicted)
    actual = tuple(float(row[name]) for name in ("median", "minimum", "maximum", "predicted"))
    assert pytest.approx(expected, rel=1e-8) == actual


def rows_of(shown: Presentation) -> list[dict[str, str]]:
    """Return the rows of a figure's CSV, by the names of its columns."""
    return list(csv.DictReader(io.StringIO(shown.csv)))


def counts(panel: Panel, *forms: type) -> list[int]:
    """Return how many marks of each form a panel has."""
    return [sum(isinstance(mark, form) for mark in panel.marks) for form in forms]


def has_predictions(shown: Presentation) -> bool:
    """Return whether any panel shows what is predicted."""
    return any(counts(panel, Predicted) != [0] for panel in shown.chart.panels)
