"""Each message about a figure, where an author meets it: in the page, and in `seedbed check`."""

from contextlib import chdir, redirect_stdout
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from vaults import write_vault

from seedbed import cli
from seedbed.figures import workshop
from seedbed.figures.job import Limits

# Every figure that can be read is a process, and every build loads MkDocs.
pytestmark = pytest.mark.timeout(120)

DEPTH = "kind: variance-by-depth\n"
SMALL = "kind: weight-distribution\nfan_in: 6\nfan_out: 5\nbins: 5\ninits: [he]\n"
DIVERGING = (
    "kind: training-curves\nactivations: [leaky-relu]\ndepth: 5\nwidth: 8\nsteps: 30\nseeds: 1\n"
)

BLOCKS = {
    "No kind": ("depth: 30\n", 0, "missing field 'kind'"),
    "Kind": (
        "kind: variance-by-dept\n",
        0,
        "unknown kind 'variance-by-dept' (did you mean 'variance-by-depth'?)",
    ),
    "Field": (
        DEPTH + "layers: 5\n",
        1,
        "unknown field 'layers' for kind 'variance-by-depth' (did you mean 'depth'?)",
    ),
    "Range": (DEPTH + "depth: 500\n", 1, "'depth' must be an integer from 1 to 100, got 500"),
    "Type": (DEPTH + "\nseeds: five\n", 2, "'seeds' must be an integer, got 'five'"),
    "Init": (DEPTH + "inits: [xavierr]\n", 1, "unknown init 'xavierr' (did you mean 'xavier'?)"),
    "Mapping": (
        DEPTH + "inits:\n  - he\n  - gain: 2\n",
        3,
        "init mapping needs exactly one of std, uniform, constant, scale",
    ),
    "Entries": (
        DEPTH + "inits: [he, he, he, he, he, he, he]\n",
        1,
        "'inits' must have 1 to 5 entries, got 7",
    ),
    "Twice": (DEPTH + "depth: 30\ndepth: 20\n", 2, "duplicate key 'depth'"),
    "YAML": (DEPTH + "depth: 3: 4\n", 1, "invalid YAML: mapping values are not allowed here"),
    "Alias": (DEPTH + "depth: &a 30\n", 1, "aliases and tags are not allowed"),
    "Id": (SMALL + "id: fig-a\n", 5, "id 'fig-a' is already used in 'He Initialization'"),
    "Cost": (
        DEPTH + "width: 1024\ndepth: 100\nseeds: 20\n",
        0,
        "estimated cost 227 s exceeds the limit of 60 s (reduce depth, width, seeds or steps)",
    ),
    "Infinite": (
        DIVERGING + "inits: [{std: 1000}]\n",
        6,
        "figure produced non-finite data for curve 'leaky-relu/std 1000'",
    ),
}
LONG = "kind: variance-by-depth\nseeds: 20\ndepth: 60\n"
LARGE = "kind: weight-distribution\nfan_in: 2000\nfan_out: 2000\ninits: [he]\n"
LIMITED = [
    (Limits(cpu_seconds=1), LONG, "figure worker exceeded 1 s CPU"),
    (Limits(memory_bytes=300 * 2**20), LARGE, "figure worker exceeded 0.293 GiB memory"),
    (Limits(wall_seconds=0.2), LONG, "figure worker exceeded 0.2 s"),
    (Limits(svg_bytes=10_000), SMALL, "SVG is "),
]
BEFORE = 5
"""The line of a note that holds the first of its block."""


def note(block):
    return f"---\ntags: [a]\n---\n```figure\n{block}```\n"


def lines_of(command, *arguments):
    """Return what a command prints, and its exit code."""
    with redirect_stdout(StringIO()) as out:
        code = cli.main([command, *arguments])
    return out.getvalue().splitlines(), code


def box(site, name):
    """Return the text of the box that stands in the place of a figure, without its block."""
    page = BeautifulSoup((site / name / "index.html").read_text("utf-8"), "html.parser")
    found = page.select_one(".seedbed-figure-error")
    return None if found is None else [each.get_text() for each in found.find_all("p")][1:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a vault, and its site beside it."""
    folder = tmp_path_factory.mktemp("mistakes")
    notes = {f"{name}.md": note(block) for name, (block, _, _) in BLOCKS.items()}
    notes["He Initialization.md"] = note(SMALL + "id: fig-a\n")
    write_vault(folder / "notes", notes)
    with chdir(folder):
        assert lines_of("build", "-q")[1] == 0
    return folder


@pytest.fixture(scope="module")
def checked(folder):
    """Return what `seedbed check` prints of the vault."""
    with chdir(folder):
        lines, code = lines_of("check", "--strict")
    assert code == 1
    return lines


@pytest.mark.parametrize("name", BLOCKS)
def test_a_message_stands_in_the_check_with_its_line(name, checked):
    _, line, message = BLOCKS[name]
    own = [each for each in checked if each.startswith(f"notes/{name}.md:")]
    (said,) = own
    assert said.startswith(f"notes/{name}.md:{BEFORE + line}:")
    assert f"figure: {message}" in said


@pytest.mark.parametrize("name", [name for name in BLOCKS if name != "Infinite"])
def test_a_message_stands_in_the_page_and_the_rest_of_it_too(name, folder):
    _, line, message = BLOCKS[name]
    site = folder / "site"
    assert box(site, name.lower().replace(" ", "-")) == [f"{message} (line {line + 1})"]


def test_a_curve_that_diverges_is_drawn_up_to_there_and_the_words_say_so(folder):
    page = (folder / "site" / "infinite" / "index.html").read_text("utf-8")
    assert "seedbed-figure-error" not in page
    assert "diverges at step" in page


@pytest.mark.parametrize(("limits", "block", "message"), LIMITED)
def test_a_limit_stands_in_the_check_and_in_the_page(limits, block, message, tmp_path, monkeypatch):
    write_vault(tmp_path / "notes", {"Note.md": note(block)})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workshop, "Limits", lambda: limits)
    lines, code = lines_of("check", "--strict")
    assert code == 1
    assert any(
        each.startswith(f"notes/Note.md:{BEFORE}:") and f"figure: {message}" in each
        for each in lines
    ), lines
    assert lines_of("build", "-q")[1] == 0
    (said,) = box(tmp_path / "site", "note")
    assert said.startswith(message)
    assert said.endswith(" (line 1)")
