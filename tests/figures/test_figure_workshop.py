"""From specs to figures: the cache, worker processes, their limits, and what authors see of them."""

import dataclasses
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from figure_checks import with_id

from seedbed.figures import Figure, FigureProblem, FigureSpec, Limits, compute
from seedbed.figures.cache import data_key, drawing_key, load, store

# Each figure is a process that loads matplotlib.
pytestmark = pytest.mark.timeout(60)

SMALL = "kind: variance-by-depth\nwidth: 16\ndepth: 4\nseeds: 2\nbatch: 4\n"
WEIGHTS = "kind: weight-distribution\nfan_in: 20\nfan_out: 20\ninits: [he]\n"


def spec_of(block: str, figure_id: str = "fig-a") -> FigureSpec:
    return with_id(block, figure_id)


def figure_of(block: str, cache: Path | None = None, **limits: float) -> Figure:
    (figure,) = compute(
        [spec_of(block)],
        cache=cache,
        jobs=1,
        limits=Limits(**limits),  # type: ignore[arg-type]
    )
    assert isinstance(figure, Figure), figure
    return figure


def problem_of(block: str, cache: Path | None = None, **limits: float) -> FigureProblem:
    (problem,) = compute(
        [spec_of(block)],
        cache=cache,
        jobs=1,
        limits=Limits(**limits),  # type: ignore[arg-type]
    )
    assert isinstance(problem, FigureProblem), problem
    return problem


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Figure]:
    """A cache that holds one figure, and that figure."""
    cache = tmp_path_factory.mktemp("figures")
    return cache, figure_of(SMALL, cache)


@pytest.fixture
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.mark.usefixtures("no_processes")
def test_a_cached_figure_starts_no_process(filled: tuple[Path, Figure]) -> None:
    assert filled[1] == figure_of(SMALL, filled[0])


@pytest.mark.usefixtures("no_processes")
@pytest.mark.parametrize(
    "same",
    [
        SMALL + "title: Another title\n",
        SMALL + "caption: Another caption\n",
        SMALL + "alt: Another description, long enough\n",
        SMALL + "table: false\n",
        SMALL + "bias_std: 0.0\n",
        SMALL + "inits: [{std: 1e-2}, {std: 1.0}, standard, glorot, kaiming]\n",
    ],
    ids=["title", "caption", "alt", "table", "default written out", "other names"],
)
def test_what_changes_no_line_of_the_drawing_draws_nothing_again(
    same: str, filled: tuple[Path, Figure]
) -> None:
    body = filled[1].svg.partition("</desc>")[2]
    assert body == figure_of(same, filled[0]).svg.partition("</desc>")[2]


def entries(cache: Path, stage: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((cache / stage).iterdir())}


@pytest.mark.parametrize(
    "other",
    [
        "ylim: [1e-6, 1]\n",
        "theory: false\n",
        "size: wide\n",
        "inits: [{std: 0.01}, {std: 1}, standard, xavier, {scale: 2, label: ours}]\n",
    ],
)
def test_what_changes_the_drawing_alone_has_the_key_of_the_same_numbers(other: str) -> None:
    first, second = spec_of(SMALL), spec_of(SMALL + other)
    key = data_key(first)
    assert key == data_key(second)
    assert drawing_key([first], [key]) != drawing_key([second], [key])


@pytest.mark.parametrize(
    "other", ["seed: 1\n", "bias_std: 0.1\n", "inits: [he]\n", "quantity: activation\n"]
)
def test_what_changes_the_numbers_has_a_key_of_its_own(other: str) -> None:
    assert data_key(spec_of(SMALL)) != data_key(spec_of(SMALL + other))


def test_a_new_drawing_takes_its_numbers_from_the_cache(
    filled: tuple[Path, Figure], tmp_path: Path
) -> None:
    shutil.copytree(filled[0], tmp_path / "cache")
    figure = figure_of(SMALL + "ylim: [1e-6, 1]\n", tmp_path / "cache")
    assert filled[1].csv == figure.csv
    assert filled[1].svg != figure.svg
    counts = tuple(len(entries(tmp_path / "cache", stage)) for stage in ("data", "drawings"))
    assert counts == (1, 2)


def damaged(content: bytes) -> list[bytes]:
    flipped = bytearray(content)
    flipped[-10] ^= 1
    return [b"", content[:40], content[:-1], bytes(flipped), b"not an entry", content + b" "]


@pytest.mark.parametrize("kind_of_damage", range(6))
def test_a_damaged_entry_counts_as_none(kind_of_damage: int, tmp_path: Path) -> None:
    path = tmp_path / "stage" / "entry"
    store(path, b"what was measured")
    path.write_bytes(damaged(path.read_bytes())[kind_of_damage])
    assert load(path) is None
    store(path, b"what was measured")
    assert load(path) == b"what was measured"
    assert [path] == list(path.parent.iterdir())


def test_damaged_entries_of_both_stages_are_made_again(
    filled: tuple[Path, Figure], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(filled[0], cache)
    for stage in ("data", "drawings"):
        for name, content in entries(cache, stage).items():
            (cache / stage / name).write_bytes(damaged(content)[3])
    assert filled[1] == figure_of(SMALL, cache)
    assert entries(filled[0], "drawings") == entries(cache, "drawings")


def test_an_entry_with_a_right_checksum_and_foreign_content_is_made_again(
    filled: tuple[Path, Figure], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(filled[0], cache)
    (path,) = (cache / "drawings").iterdir()
    store(path, json.dumps({"drawing": 1}).encode())
    assert filled[1] == figure_of(SMALL, cache)


def test_empty_caches_give_the_same_bytes_whatever_the_number_of_threads(
    filled: tuple[Path, Figure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 20\n")
    assert filled[1] == figure_of(SMALL, tmp_path)


def test_figures_come_in_the_order_of_their_specs_with_failures_in_their_places(
    tmp_path: Path,
) -> None:
    dear = dataclasses.replace(
        spec_of(SMALL, "dear"),
        parameters=dataclasses.replace(
            spec_of(SMALL).parameters,  # type: ignore[type-var]
            width=1024,
            depth=100,
            seeds=20,
        ),
    )
    specs = [spec_of(SMALL, "one"), dear, spec_of(WEIGHTS, "two"), spec_of(SMALL, "three")]
    told: list[str] = []
    figures = compute(specs, cache=tmp_path, jobs=2, progress=told.append)
    problem = figures[1]
    assert isinstance(problem, FigureProblem)
    assert problem.message.startswith("estimated cost 1")
    assert [f.id for f in figures if isinstance(f, Figure)] == ["one", "two", "three"]
    assert len(told) == 4
    assert told[0] == "figure 1/4 dear (variance-by-depth): failed"
    assert told[-1].startswith("figure 4/4 ")
    # One and three differ in their id alone, and share both stages.
    assert len(entries(tmp_path, "drawings")) == 2


def test_an_interrupted_run_leaves_no_worker_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **named: object) -> None:
            super().__init__(*arguments, **named)  # type: ignore[call-overload]
            started.append(self)

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    specs = [spec_of(LONG, "long"), spec_of(WEIGHTS, "short"), spec_of(SMALL, "next")]
    with pytest.raises(KeyboardInterrupt):
        compute(specs, cache=None, jobs=2, progress=interrupt)
    assert started
    assert all(process.poll() is not None for process in started)


def test_no_specs_give_no_figures() -> None:
    assert compute([], cache=None, jobs=4) == []


def test_a_spec_without_id_is_a_mistake_of_the_caller() -> None:
    spec = dataclasses.replace(spec_of(SMALL), id=None)
    with pytest.raises(ValueError, match="must have its id"):
        compute([spec], cache=None, jobs=1)


LONG = "# a figure of several seconds\nkind: variance-by-depth\nseeds: 20\ndepth: 60\n"


def test_a_worker_that_takes_too_much_processor_time_is_a_problem() -> None:
    assert FigureProblem("figure worker exceeded 1 s CPU", 1) == problem_of(LONG, cpu_seconds=1)


def test_a_worker_that_wants_too_much_memory_is_a_problem() -> None:
    block = "kind: weight-distribution\nfan_in: 2000\nfan_out: 2000\ninits: [he]\n"
    problem = problem_of(block, memory_bytes=300 * 2**20)
    assert FigureProblem("figure worker exceeded 0.293 GiB memory", 0) == problem


def test_a_worker_that_does_not_end_is_a_problem() -> None:
    problem = problem_of(LONG, wall_seconds=0.2)
    assert FigureProblem("figure worker exceeded 0.2 s", 1) == problem


def test_a_worker_that_fails_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert FigureProblem("figure worker failed: exit code 1", 0) == problem_of(SMALL)


def test_a_worker_that_says_why_it_fails_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A numpy that cannot be loaded, before the real one on the path.
    (tmp_path / "numpy.py").write_text("raise RuntimeError('no numpy today')\n")
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.path.insert(0, {str(tmp_path)!r})")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    expected = FigureProblem("figure worker failed: RuntimeError: no numpy today", 0)
    assert expected == problem_of(SMALL)


def test_too_large_a_drawing_is_a_problem_and_a_large_one_a_warning(
    filled: tuple[Path, Figure],
) -> None:
    told = [
        problem_of(SMALL, filled[0], svg_bytes=10_000),
        *figure_of(SMALL, filled[0], svg_warning_bytes=10_000).problems,
    ]
    size = re.search(r"\d+", told[0].message)
    assert size is not None
    assert 20 < int(size.group()) < 60
    assert [
        FigureProblem(f"SVG is {size.group()} kB, limit 10 kB", 0),
        FigureProblem(f"SVG is {size.group()} kB, better below 10 kB", 0, warning=True),
    ] == told


def test_warnings_of_a_figure_stand_at_the_line_of_their_field(tmp_path: Path) -> None:
    block = (
        "kind: variance-by-depth\nwidth: 64\ndepth: 60\nactivations: [relu]\nseeds: 1\nbatch: 1\n"
        "inits: [{std: 1000, label: 日 $x$}]\n"
    )
    message = "figure produced non-finite data for curve 'relu/日 $x$'"
    lacking = "the font of figures lacks the characters '日'"
    figure = figure_of(block, tmp_path)
    expected = (FigureProblem(message, 6, warning=True), FigureProblem(lacking, 6, warning=True))
    assert expected == figure.problems
    assert figure == figure_of(block, tmp_path)


def test_a_character_that_cannot_be_drawn_is_told_at_the_field_that_has_it(tmp_path: Path) -> None:
    block = (
        "kind: phase-diagram\nresolution: [5, 5]\npoints: [{sigma_w: 1, sigma_b: 0, label: 日}]\n"
    )
    lacking = "the font of figures lacks the characters '日'"
    expected = (FigureProblem(lacking, 2, warning=True),)
    assert expected == figure_of(block, tmp_path).problems


def rewritten(path: Path, made_by: str | None) -> None:
    """Make the numbers of an entry say that something else computed them, or nothing."""
    kept = load(path)
    assert kept is not None
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files if name != "made by"}
    if made_by is not None:
        found["made by"] = np.array(made_by)
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **found)
    store(path, target.getvalue())


def test_a_figure_names_the_versions_that_made_it_and_not_those_of_today(
    filled: tuple[Path, Figure], tmp_path: Path
) -> None:
    today = dict(filled[1].versions)
    assert list(today) == ["seedbed", "Python", "numpy", "matplotlib"]
    shutil.copytree(filled[0] / "data", tmp_path / "data")
    (path,) = (tmp_path / "data").iterdir()
    rewritten(path, '[["seedbed", "0.0.9"], ["Python", "3.11.0"], ["numpy", "2.4.0"]]')
    made = figure_of(SMALL, tmp_path)
    older = {"seedbed": "0.0.9", "Python": "3.11.0", "numpy": "2.4.0"}
    assert {**today, **older} == dict(made.versions)
    assert filled[1].csv == made.csv
    # And so it says when nothing is computed any more.
    assert made == figure_of(SMALL, tmp_path)


def test_numbers_that_do_not_say_what_made_them_are_computed_again(
    filled: tuple[Path, Figure], tmp_path: Path
) -> None:
    shutil.copytree(filled[0] / "data", tmp_path / "data")
    (path,) = (tmp_path / "data").iterdir()
    rewritten(path, None)
    assert filled[1] == figure_of(SMALL, tmp_path)
    assert b"made by" in path.read_bytes()
