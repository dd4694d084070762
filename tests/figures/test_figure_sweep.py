"""Sweeps: one field in several frames. How a block says it, what is computed, what a page shows."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Tag
from figure_checks import mistakes, with_id

from seedbed.figures import Figure, FigureProblem, FigureSpec, Limits, compute
from seedbed.figures.cache import data_key
from seedbed.figures.spec import as_written, to_json

# Each frame is a process that loads matplotlib.
pytestmark = pytest.mark.timeout(60)

DEPTH = "kind: variance-by-depth\nwidth: 16\nseeds: 2\nbatch: 4\nactivations: [relu]\ninits: [he]\n"
SWEEP = DEPTH + "sweep:\n  depth:\n    - 3\n    - 5\n    - 9\n"
WEIGHTS = "kind: weight-distribution\nfan_in: 6\nfan_out: 5\nbins: 5\n"
FIELDS = "(one of activations, inits, depth, width, batch, seeds, bias_std, quantity, seed)"


def spec_of(block: str, figure_id: str = "swept") -> FigureSpec:
    return with_id(block, figure_id)


def made(block: str, cache: Path | None = None, **limits: float) -> Figure | FigureProblem:
    bounds = Limits(**limits)  # type: ignore[arg-type]
    (outcome,) = compute([spec_of(block)], cache=cache, jobs=2, limits=bounds)
    return outcome


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Figure]:
    """A cache that holds one sweep, and that figure."""
    cache = tmp_path_factory.mktemp("figures")
    figure = made(SWEEP, cache)
    assert isinstance(figure, Figure), figure
    return cache, figure


@pytest.fixture(scope="module")
def page(filled: tuple[Path, Figure]) -> Tag:
    page = BeautifulSoup(filled[1].html("A caption.", "../figures/", "A.md"), "html5lib")
    assert isinstance(page.figure, Tag)
    return page.figure


def count(cache: Path, stage: str) -> int:
    return len(list((cache / stage).iterdir()))


# The block


@pytest.mark.parametrize(
    ("sweep", "line", "message"),
    [
        ("sweep: 5\n", 0, "'sweep' must be one field with a list of values, got 5"),
        ("sweep: [depth]\n", 0, "'sweep' must be one field with a list of values, got a list"),
        ("sweep:\n", 0, "'sweep' must be one field with a list of values, got nothing"),
        ("sweep: {}\n", 0, "'sweep' must be one field with a list of values, got 0 fields"),
        (
            "sweep:\n  depth: [1, 2]\n  seeds: [1, 2]\n",
            0,
            "'sweep' must be one field with a list of values, got 2 fields",
        ),
        ("sweep: {depth: 5}\n", 0, "'depth' must be a list of 2 to 8 values to be swept, got 5"),
        ("sweep: {depth: [5]}\n", 0, "'depth' must be a list of 2 to 8 values to be swept, got 1"),
        (
            f"sweep: {{depth: {list(range(1, 10))}}}\n",
            0,
            "'depth' must be a list of 2 to 8 values to be swept, got 9",
        ),
        ("sweep:\n  depth:\n  - 5\n  - 0\n", 3, "'depth' must be an integer from 1 to 100, got 0"),
        ("sweep:\n  depth:\n  - 5\n  - ten\n", 3, "'depth' must be an integer, got 'ten'"),
        ("sweep:\n  depth:\n  - 5\n  - 5\n", 3, "'depth' has '5' twice"),
        ("sweep: {bias_std: [1, 1.0]}\n", 0, "'bias_std' has '1' twice"),
        (
            "sweep:\n  dept: [1, 2]\n",
            1,
            "unknown field 'dept' for kind 'variance-by-depth' (did you mean 'depth'?)",
        ),
        (
            "sweep: {layers: [1, 2]}\n",
            0,
            "unknown field 'layers' for kind 'variance-by-depth' (did you mean 'depth'?)",
        ),
        ("sweep:\n  ylim: [[1, 2], [1, 3]]\n", 1, f"'ylim' cannot be swept {FIELDS}"),
        ("sweep: {size: [normal, wide]}\n", 0, f"'size' cannot be swept {FIELDS}"),
        ("sweep: {title: [a, b]}\n", 0, f"'title' cannot be swept {FIELDS}"),
        ("sweep: {kind: [a, b]}\n", 0, f"'kind' cannot be swept {FIELDS}"),
        ("sweep: {sweep: [1, 2]}\n", 0, f"'sweep' cannot be swept {FIELDS}"),
        (
            "sweep: {depth: [1, 2]}\ndepth: 4\n",
            1,
            "'depth' is swept already (leave it out here or under 'sweep')",
        ),
        (
            "seed: 3\nsweep: {seed: [1, 2]}\n",
            0,
            "'seed' is swept already (leave it out here or under 'sweep')",
        ),
        ("sweep: {activations: [tanh, relu]}\n", 0, "'activations' must be a list, got 'tanh'"),
        ("sweep: {inits: [[he], [hee]]}\n", 0, "unknown init 'hee' (did you mean 'he'?)"),
        (
            "quantity: across-inputs\nsweep:\n  batch:\n  - 4\n  - 1\n",
            4,
            "'batch' must be at least 2 to measure across inputs, got 1",
        ),
        (
            "quantity: across-inputs\nbatch: 1\nsweep: {depth: [4, 5]}\n",
            1,
            "'batch' must be at least 2 to measure across inputs, got 1",
        ),
        (
            "swep: {depth: [4, 5]}\n",
            0,
            "unknown field 'swep' for kind 'variance-by-depth' (did you mean 'sweep'?)",
        ),
    ],
    ids=lambda value: value.replace("\n", "|") if isinstance(value, str) else None,
)
def test_a_mistake_is_told_with_its_line(sweep: str, line: int, message: str) -> None:
    found = mistakes(sweep + "kind: variance-by-depth\n")
    assert (line, message) in found
    # Both entries of a list of words are no lists, and say so.
    assert len({said for _, said in found}) <= 2


def test_mistakes_of_a_sweep_stand_among_the_others() -> None:
    found = mistakes("sweep: {depth: [5, 0]}\nkind: variance-by-depth\nseeds: five\n")
    assert [line for line, _ in found] == [0, 2]


def test_the_cost_is_that_of_all_frames() -> None:
    block = "kind: variance-by-depth\nwidth: 1024\nseeds: 3\n"
    spec_of(block + "depth: 40\n")  # which alone is not too dear
    ((line, message),) = mistakes(block + "sweep:\n  depth: [40, 41, 42, 43, 44, 45, 46, 47]\n")
    assert re.fullmatch(
        r"estimated cost \d+ s exceeds the limit of 60 s "
        r"\(sweep fewer values, or reduce depth, width, seeds or steps\)",
        message,
    )
    assert line == 3


def test_frames_are_the_figures_that_stand_alone_with_each_value() -> None:
    spec = spec_of(SWEEP)
    frames = spec.frames()
    assert [frame.id for frame in frames] == ["swept_1", "swept_2", "swept_3"]
    for depth, frame in zip((3, 5, 9), frames, strict=True):
        alone = spec_of(f"{DEPTH}depth: {depth}\n")
        assert alone.parameters == frame.parameters
        assert frame.sweep is None
        key = data_key(alone)
        assert key == data_key(frame)
        assert frame.title == f"Second moment of the pre-activations by layer (depth {depth})"


def test_a_figure_without_sweep_is_its_only_frame() -> None:
    spec = spec_of(DEPTH)
    assert (spec,) == spec.frames()


def test_the_seed_can_be_swept_and_changes_nothing_else() -> None:
    frames = spec_of(DEPTH + "sweep: {seed: [0, 7]}\n").frames()
    assert [frame.seed for frame in frames] == [0, 7]
    assert frames[0].parameters == frames[1].parameters


def test_a_field_of_lists_is_swept_over_lists() -> None:
    frames = spec_of(WEIGHTS + "sweep:\n  inits: [[he], [xavier, lecun]]\n").frames()
    shown = [[scheme.label for scheme in frame.parameters.inits] for frame in frames]  # type: ignore[attr-defined]
    assert shown == [["He"], ["Xavier", "LeCun"]]
    assert frames[1].title.endswith(" (inits [xavier, lecun])")


def test_title_and_caption_of_the_kind_hold_for_all_frames() -> None:
    by_depth, by_width = (
        spec_of(DEPTH.replace("width: 16\n", "") + f"sweep: {{{swept}}}\n")
        for swept in ("depth: [3, 5]", "width: [8, 16]")
    )
    assert by_depth.caption.startswith("Width 256, 4 inputs")
    assert by_width.title == "Second moment of the pre-activations by layer"
    assert by_width.caption.startswith("By `width`: `8`, `16`. Circles: prediction")
    assert "Width" not in by_width.caption
    by_quantity = spec_of(DEPTH + "sweep: {quantity: [preactivation, activation]}\n")
    assert by_quantity.title == "How a scheme lets signals grow or shrink from layer to layer"
    own = spec_of(SWEEP + "title: Mine\ncaption: My own.\n")
    assert (own.title, own.caption) == ("Mine", "My own.")


def test_a_worker_is_never_told_of_a_sweep() -> None:
    with pytest.raises(ValueError, match="frame by frame"):
        to_json(spec_of(SWEEP))


# Computing


def test_frames_and_single_figures_share_numbers(tmp_path: Path) -> None:
    alone = spec_of(DEPTH + "depth: 9\n", "alone")
    # One of them waits for what the other computes.
    both = compute([spec_of(SWEEP), alone], cache=tmp_path, jobs=2)
    assert all(isinstance(each, Figure) for each in both)
    assert (count(tmp_path, "data"), count(tmp_path, "drawings")) == (3, 2)
    told: list[str] = []
    again = compute([alone, spec_of(SWEEP)], cache=tmp_path, jobs=2, progress=told.append)
    assert told == [
        "figure 1/2 alone (variance-by-depth): cached",
        "figure 2/2 swept (variance-by-depth): cached",
    ]
    assert again == both[::-1]


def test_the_axes_of_all_frames_are_equal(filled: tuple[Path, Figure], tmp_path: Path) -> None:
    """The last frame has all layers, so it looks as it does alone; the others have its axes."""
    axes = [tick_labels(svg) for svg in filled[1].svg.split("</svg>")[:-1]]
    assert len(axes) == 3
    assert axes[0] == axes[1] == axes[2]
    (alone,) = compute([spec_of(DEPTH + "depth: 9\n", "swept_3")], cache=tmp_path, jobs=1)
    (short,) = compute([spec_of(DEPTH + "depth: 3\n", "swept_1")], cache=tmp_path, jobs=1)
    assert isinstance(alone, Figure)
    assert isinstance(short, Figure)
    assert tick_labels(alone.svg) == axes[2]
    assert tick_labels(short.svg) != axes[0]


def tick_labels(svg: str) -> list[str]:
    """Return where the numbers along the axes stand, and what they look like."""
    shapes = dict(re.findall(r'<path d="([^"]*)"[^>]* id="([^"]*)"', svg))
    names = {name: shape for shape, name in shapes.items()}
    groups = re.findall(r'transform="(translate\([^"]*) scale\(0\.085 -0\.085\)">(.*?)</g>', svg)
    used = re.compile(r'href="#([^"]*)"')
    return [f"{place} {[names[each] for each in used.findall(inside)]}" for place, inside in groups]


def test_an_empty_cache_gives_the_same_bytes(filled: tuple[Path, Figure]) -> None:
    assert filled[1] == made(SWEEP)


def test_a_frame_that_fails_is_named(filled: tuple[Path, Figure]) -> None:
    problem = made(SWEEP, filled[0], svg_bytes=1000)
    assert isinstance(problem, FigureProblem)
    assert re.fullmatch(r"depth 3: SVG is \d+ kB, limit 1 kB", problem.message)
    assert problem.line == 8


def test_all_frames_together_may_be_too_large(filled: tuple[Path, Figure]) -> None:
    largest = max(len(part) for part in re.findall(r"</desc>.*?</svg>", filled[1].svg))
    problem = made(SWEEP, filled[0], svg_bytes=int(largest * 1.5))
    assert isinstance(problem, FigureProblem)
    assert re.fullmatch(
        r"SVG of all frames is \d+ kB, limit \d+ kB \(sweep fewer values\)", problem.message
    )
    assert problem.line == 6


def test_warnings_name_the_frame_and_stand_at_its_value(tmp_path: Path) -> None:
    block = (
        "kind: variance-by-depth\nwidth: 64\nactivations: [relu]\nseeds: 1\nbatch: 1\n"
        "inits: [{std: 1000, label: large}]\nsweep:\n  depth:\n  - 4\n  - 60\n"
    )
    figure = made(block, tmp_path)
    assert isinstance(figure, Figure)
    message = "depth 60: figure produced non-finite data for curve 'relu/large'"
    # The curve belongs to inits, which all frames share.
    assert (FigureProblem(message, 5, warning=True),) == figure.problems


# The page


def test_every_frame_has_its_drawing_with_title_and_description(page: Tag) -> None:
    frames = page.select(".seedbed-figure__frame")
    assert [frame["data-value"] for frame in frames] == ["3", "5", "9"]
    assert [frame.p.get_text() for frame in frames if frame.p] == ["depth 3", "depth 5", "depth 9"]
    for frame in frames:
        assert frame.svg is not None
        title, desc = (page.find(id=label) for label in str(frame.svg["aria-labelledby"]).split())
        assert isinstance(title, Tag)
        assert isinstance(desc, Tag)
        value = frame["data-value"]
        assert title.get_text() == f"Second moment of the pre-activations by layer (depth {value})"
        assert f"after {value} layers" in desc.get_text()


def test_every_frame_has_its_table(page: Tag) -> None:
    boxes = page.select(".seedbed-figure__tables > .seedbed-figure__table")
    assert [box["data-frame"] for box in boxes] == ["0", "1", "2"]
    captions = [box.table.caption.get_text() for box in boxes if box.table and box.table.caption]
    assert [caption.partition("(")[2] for caption in captions] == [
        "depth 3)",
        "depth 5)",
        "depth 9)",
    ]


def test_ids_are_unique_and_every_reference_has_its_target(page: Tag) -> None:
    ids = [found["id"] for found in page.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    targets = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', str(page)))
    assert targets
    assert targets <= {*ids, page["id"]}


def test_the_slider_is_labelled_and_hidden_until_a_script_shows_it(page: Tag) -> None:
    control = page.select_one(".seedbed-figure__control")
    assert control is not None
    assert control.has_attr("hidden")
    assert control.label is not None
    slider = control.label.input
    assert slider is not None
    assert control.label.get_text() == "depth"
    wanted = {"type": "range", "min": "0", "max": "2", "step": "1", "value": "0"}
    assert wanted == {name: slider[name] for name in wanted}
    assert slider["aria-valuetext"] == "3"
    assert control.output is not None
    assert control.output.get_text() == "3"


def test_a_figure_without_sweep_has_no_slider(filled: tuple[Path, Figure]) -> None:
    figure = made(DEPTH + "depth: 3\n", filled[0])
    assert isinstance(figure, Figure)
    assert figure.slider == ""
    markup = figure.html("", "", "A.md")
    assert "seedbed-figure--sweep" not in markup
    assert "data-frame" not in markup


def test_the_numbers_have_the_swept_field_in_their_first_column(
    filled: tuple[Path, Figure],
) -> None:
    rows = list(csv.DictReader(io.StringIO(filled[1].csv.decode())))
    assert next(iter(rows[0])) == "depth"
    layers = {
        depth: [int(row["layer"]) for row in rows if row["depth"] == depth]
        for depth in ("3", "5", "9")
    }
    assert layers == {"3": [1, 2, 3], "5": [1, 2, 3, 4, 5], "9": list(range(1, 10))}
    alone = made(DEPTH + "depth: 5\n", filled[0])
    assert isinstance(alone, Figure)
    single = list(csv.DictReader(io.StringIO(alone.csv.decode())))
    own = [{**row} for row in rows if row.pop("depth") == "5"]
    assert single == own


def test_a_list_as_value_is_one_cell_of_the_numbers(tmp_path: Path) -> None:
    figure = made(WEIGHTS + "sweep: {inits: [[he], [xavier, lecun]]}\n", tmp_path)
    assert isinstance(figure, Figure)
    rows = list(csv.reader(io.StringIO(figure.csv.decode())))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert {row[0] for row in rows[1:]} == {"[he]", "[xavier, lecun]"}


def test_the_file_holds_all_frames_under_their_values(filled: tuple[Path, Figure]) -> None:
    name = "{http://www.w3.org/2000/svg}"
    root = ET.fromstring(filled[1].standalone)  # noqa: S314 -- our own markup
    drawings = root.findall(f"{name}svg")
    assert [text.text for text in root.findall(f"{name}text")] == ["depth 3", "depth 5", "depth 9"]
    assert len(drawings) == 3
    assert len({(each.get("x"), each.get("y")) for each in drawings}) == 3
    assert len({(each.get("width"), each.get("height")) for each in drawings}) == 1
    assert root.findtext(f"{name}title") == filled[1].title
    assert root.find(f"{name}style") is not None


def test_what_a_sweep_was_made_from_is_a_block_again(filled: tuple[Path, Figure]) -> None:
    spec = spec_of(SWEEP)
    assert dict(filled[1].recipe)["sweep"] == "{depth: [3, 5, 9]}"
    block = "".join(f"{name}: {value}\n" for name, value in as_written(spec))
    again = spec_of(block)
    assert [each.parameters for each in spec.frames()] == [
        each.parameters for each in again.frames()
    ]


def test_hostile_labels_are_no_markup(tmp_path: Path) -> None:
    block = (
        "kind: variance-by-depth\nwidth: 4\nseeds: 1\nbatch: 1\nactivations: [relu]\n"
        "inits: [{std: 1, label: '</th><script>'}]\nsweep: {depth: [2, 3]}\n"
        "title: '<script>alert(1)</script>'\nalt: '</desc></svg><script>alert(2)</script>'\n"
    )
    figure = made(block, tmp_path)
    assert isinstance(figure, Figure)
    assert BeautifulSoup(figure.html("", "", "A.md"), "html5lib").find("script") is None
    ET.fromstring(figure.standalone)  # noqa: S314 -- our own markup
