"""`seedbed figures KIND` and `seedbed figures render`: what they print, write and refuse."""

import dataclasses
import html
import re
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from figure_checks import spec_of
from vaults import write_vault

from seedbed import cli
from seedbed.figures import catalogue
from seedbed.figures.kinds import KINDS

# Each figure is a process that loads matplotlib, and rendering one loads MkDocs.
pytestmark = pytest.mark.timeout(60)

WEIGHTS = "kind: weight-distribution\nfan_in: 6\nfan_out: 5\nbins: 5\ninits: [he]\n"
MOSS = "deep/Moss & co.md"
NOTES = {
    "Fern.md": f"```figure\n{WEIGHTS}```\n",
    MOSS: f"---\naliases: [Lichen]\n---\n```figure\n{WEIGHTS}id: moss\ntitle: Much moss\n```\n",
    "deep/Torn.md": "text\n\n```figure\nkind: weight-distribution\nfan_im: 3\n```\n",
    "a/Twin.md": f"```figure\n{WEIGHTS}```\n",
    "b/Twin.md": f"```figure\n{WEIGHTS}id: other\n```\n",
    "Dear.md": "```figure\nkind: variance-by-depth\nwidth: 1024\ndepth: 100\nseeds: 20\nid: d\n```\n",
    "leaf.png": b"\x89PNG",
}


@pytest.fixture
def vault(tmp_path, monkeypatch):
    """Return a current folder with a vault in `notes`."""
    monkeypatch.chdir(tmp_path)
    write_vault(tmp_path / "notes", NOTES)
    return tmp_path


def run(*arguments):
    """Run a command and return its exit code, however it leaves."""
    try:
        return cli.main(arguments)
    except SystemExit as exit_:
        return exit_.code


def times(folder: Path) -> dict[Path, int]:
    """Return when each file below a folder was last written."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


def drawing(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 -- our own markup


# One kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_explained_with_all_its_fields_and_those_of_every_kind(kind, capsys):
    assert run("figures", kind) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{kind}: {KINDS[kind].about}\n")
    assert printed == catalogue(kind) + "\n"
    own = [field.name for field in dataclasses.fields(KINDS[kind])]
    for name in (*own, "id", "title", "seed", "size", "sweep"):
        assert len(re.findall(rf"^  {name} ", printed, re.MULTILINE)) == 1, name
    others = [name for name in KINDS if name != kind]
    assert not [name for name in others if f"\n{name}: " in printed]


@pytest.mark.parametrize("kind", KINDS)
def test_the_block_to_copy_is_the_figure_that_its_first_line_alone_would_be(kind):
    block = catalogue(kind).partition("```figure\n")[2].partition("```")[0]
    copied, short = spec_of(block), spec_of(f"kind: {kind}\n")
    assert (short.parameters, short.title) == (copied.parameters, copied.title)
    assert block.count("\n") > 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["variance-by-dept"],
            "unknown kind 'variance-by-dept' (did you mean 'variance-by-depth'?)",
        ),
        (["xyz"], "unknown kind 'xyz' (seedbed figures lists all)"),
        (["variance-by-depth", "Fern"], "only figures render takes a note, an id and a file"),
        (["-o", "x.svg"], "only figures render takes a note, an id and a file"),
        (["render"], "figures render needs a note, the figure's id and -o FILE"),
        (
            ["render", "Fern", "fern-fig-1"],
            "figures render needs a note, the figure's id and -o FILE",
        ),
        (
            ["render", "Ferm", "x", "-o", "x.svg"],
            'no note answers to "Ferm" (did you mean "Fern"?)',
        ),
        (["render", "leaf.png", "x", "-o", "x.svg"], 'no note answers to "leaf.png"'),
        (["render", "twin", "x", "-o", "x.svg"], '"twin" may be "a/Twin.md" or "b/Twin.md"'),
        (
            ["render", "Fern", "fern-fig-2", "-o", "x.svg"],
            'no figure "fern-fig-2" in "Fern.md" (did you mean "fern-fig-1"?)',
        ),
        (["render", "Fern", "moss", "-o", "x.svg"], 'no figure "moss" in "Fern.md"'),
        (
            ["render", "Torn", "torn-fig-1", "-o", "x.svg"],
            'no figure "torn-fig-1" in "deep/Torn.md"; line 5: unknown field',
        ),
        (
            ["render", "Dear", "d", "-o", "x.svg"],
            'no figure "d" in "Dear.md"; line 2: estimated cost ',
        ),
        (
            ["render", "Fern", "fern-fig-1", "-o", "no/x.svg"],
            'No such file or directory: "no/x.svg"',
        ),
        (["render", "Fern", "x", "-o", "x.svg", "--notes", "nowhere"], 'no vault at "nowhere"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_said_in_one_line(vault, capsys, arguments, said):
    assert run("figures", *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"seedbed: {said}")
    assert printed.err.count("\n") == 1
    assert not (vault / "x.svg").exists()


@pytest.mark.usefixtures("vault")
def test_a_figure_that_cannot_be_made_is_said_with_its_place(monkeypatch, capsys):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert run("figures", "render", "Fern", "fern-fig-1", "-o", "x.svg") == 2
    said = "seedbed: Fern.md:2:1: figure: figure worker failed: exit code 1\n"
    assert capsys.readouterr().err == said


# One figure


def test_a_figure_is_found_by_the_file_path_name_or_alias_of_its_note(vault, capsys):
    names = ("notes/{0}", "{0}", "Moss & co", "moss & CO", "lichen", f"{vault}/notes/{{0}}")
    for at, name in enumerate(names):
        file = vault / f"moss-{at}.svg"
        assert run("figures", "render", name.format(MOSS), "moss", "-o", file.name) == 0
        assert tuple(capsys.readouterr()) == ("", "")
        root = drawing(file)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.findtext("{http://www.w3.org/2000/svg}title") == "Much moss"
    assert len(list(vault.glob("*.svg"))) == len(names)
    assert not (vault / "site").exists()


@pytest.mark.timeout(120)
def test_the_command_in_a_page_gives_the_file_beside_the_page_from_the_same_cache(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    sweep = f"```figure\n{WEIGHTS}sweep: {{seed: [1, 2]}}\n```\n"
    write_vault(tmp_path / "notes", {"It's.md": sweep, "deep/Moss & co.md": NOTES[MOSS]})
    assert run("build", "-q", "--strict") == 0
    before = times(tmp_path / "site"), times(tmp_path / ".cache" / "seedbed" / "figures")
    for page, name in (("its", "its-fig-1"), ("deep/moss-co", "moss")):
        text = (tmp_path / "site" / page / "index.html").read_text(encoding="utf-8")
        (shown,) = re.findall(r'__command"><code>seedbed (.*?)</code>', text)
        assert run(*shlex.split(html.unescape(shown))) == 0
        beside = tmp_path / "site" / "assets" / "figures" / f"{name}.svg"
        assert (tmp_path / f"{name}.svg").read_bytes() == beside.read_bytes()
    assert before == (times(tmp_path / "site"), times(tmp_path / ".cache" / "seedbed" / "figures"))
    assert tuple(capsys.readouterr()) == ("", "")


def test_a_note_whose_name_begins_with_a_hyphen_can_be_named(vault):
    write_vault(vault / "notes", {"-x.md": f"```figure\n{WEIGHTS}id: hyphen\n```\n"})
    assert run("figures", "render", "./-x.md", "hyphen", "-o", "x.svg") == 0
