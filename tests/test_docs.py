"""The documentation says what is so: help texts, codes, modules, links, examples."""

import contextlib
import doctest
import re
from pathlib import Path

import pytest

from seedbed import cli, drawings, figures, vault
from seedbed.diagnostics import Code
from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.text import Span, slug

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = ROOT / "scripts" / "seedbed"
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN_OUTPUT = re.compile(
    r"(?P<mark><!-- (?P<kind>help|output): seedbed ?(?P<command>\w*) -->\n\n(?P<fence>```+)text\n)"
    r"(?P<text>.*?)^(?P<end>(?P=fence)\n)",
    re.DOTALL | re.MULTILINE,
)
FENCED = re.compile(r"^[ \t]*(?P<fence>```+).*?^[ \t]*(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)
CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)")
MARKDOWN_LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")
WIKILINK = re.compile(r"!?\[\[(?P<inner>[^\[\]\n]+)\]\]")
HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>.+?)[ \t]*$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose_of(page: Path) -> str:
    """Return the page without code, which may show links that lead nowhere."""
    return CODE_SPAN.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))


def printed_by(
    arguments: list[str], capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    with contextlib.suppress(SystemExit):  # which argparse raises after it has printed help
        cli.main(arguments)
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return re.findall(r"^    (\w+)  ", printed_by(["--help"], capsys, monkeypatch), re.MULTILINE)


# Help and output


def check_output(
    page: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Compare every marked block of the page with what its command prints; --golden rewrites."""
    text = page.read_text(encoding="utf-8")

    def arguments(block: re.Match) -> list[str]:
        return [word for word in (block["command"],) if word] + (
            ["--help"] if block["kind"] == "help" else []
        )

    if request.config.getoption("--golden", default=False):
        page.write_text(
            WRITTEN_OUTPUT.sub(
                lambda block: (
                    block["mark"]
                    + printed_by(arguments(block), capsys, monkeypatch).strip("\n")
                    + "\n"
                    + block["end"]
                ),
                text,
            ),
            encoding="utf-8",
        )
        return
    for block in WRITTEN_OUTPUT.finditer(text):
        # Word by word: argparse breaks lines differently from one Python to the next.
        assert printed_by(arguments(block), capsys, monkeypatch).split() == block["text"].split()


def test_readme_shows_the_help_of_every_command(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readme = ROOT / "README.md"
    shown = [
        block["command"]
        for block in WRITTEN_OUTPUT.finditer(readme.read_text(encoding="utf-8"))
        if block["kind"] == "help"
    ]
    assert ["", *commands(capsys, monkeypatch)] == shown
    check_output(readme, request, capsys, monkeypatch)


def test_guide_shows_the_figures_that_there_are(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = DOCS / "guide" / "figures.md"
    shown = [
        (block["kind"], block["command"])
        for block in WRITTEN_OUTPUT.finditer(page.read_text(encoding="utf-8"))
    ]
    expected = [("output", "figures")]
    assert expected == shown
    check_output(page, request, capsys, monkeypatch)


# Examples


def python_blocks(page: Path) -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def test_interactive_examples_of_the_readme_print_what_they_show() -> None:
    examples = [block for block in python_blocks(ROOT / "README.md") if block.startswith(">>>")]
    test = doctest.DocTestParser().get_doctest("\n".join(examples), {}, "README.md", None, 0)
    said: list[str] = []
    results = doctest.DocTestRunner().run(test, out=said.append)
    assert not said
    assert results.attempted


def test_build_example_of_the_readme_prints_the_diagnostics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "A.md").write_text("See [[B]].\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    example = next(
        block for block in python_blocks(ROOT / "README.md") if "seedbed.build(" in block
    )
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own example
    printed = capsys.readouterr().out.splitlines()
    expected = ['notes/A.md:1:5: link.missing: no note answers to "B"']
    assert expected == printed
    assert (tmp_path / "site" / "a" / "index.html").is_file()


# Tables of codes and modules


def test_diagnostics_page_has_a_row_for_every_code_and_no_other() -> None:
    page = (DOCS / "dev" / "diagnostics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert sorted(code.value for code in Code) == sorted(rows)


def test_architecture_names_every_module_and_no_other() -> None:
    page = (DOCS / "dev" / "architecture.md").read_text(encoding="utf-8")
    named = {
        span["code"]
        for span in CODE_SPAN.finditer(FENCED.sub("", page))
        if re.fullmatch(r"[\w/]+\.py", span["code"]) and not span["code"].startswith("scripts/")
    }
    modules = {file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py")}
    assert modules == named


def test_every_decision_is_listed() -> None:
    folder = DOCS / "dev" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "index.md").read_text("utf-8"))
    assert sorted(file.name for file in folder.glob("0*.md")) == listed


def test_every_page_is_in_the_navigation_or_is_a_decision() -> None:
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    missing = [
        page.relative_to(DOCS).as_posix()
        for page in PAGES
        if not re.match(r"\d{4}-", page.name)
        and f": {page.relative_to(DOCS).as_posix()}\n" not in configuration
    ]
    assert not missing


# Links


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(vault.read(vault.look(ROOT / "notes")))


@pytest.fixture(scope="module")
def made_files(index: Index) -> set[Path]:
    """Return the files of docs/ that are not there but made: pages of notes, drawings."""
    planned = drawings.plan(index.vault.notes)
    names = [f"assets/figures/{spec.id}.svg" for spec in planned.specs.values()]
    names += [f"{uri.rstrip('/')}.md" for uri in index.uris.values()]
    return {DOCS / name for name in names}


def anchors_of(page: Path) -> set[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = [match["text"].replace("`", "") for match in HEADING.finditer(text)]
    return {slug(heading) for heading in headings}


def leads_nowhere(target: str, page: Path, made_files: set[Path]) -> bool:
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if file in made_files:
        return False
    return not file.exists() or bool(anchor and anchor not in anchors_of(file))


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path, made_files: set[Path]) -> None:
    targets = [match["target"] for match in MARKDOWN_LINK.finditer(prose_of(page))]
    internal = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in internal if leads_nowhere(target, page, made_files)]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_wikilinks_in_pages_lead_to_notes(page: Path, index: Index) -> None:
    refs = [
        parse_ref(match["inner"], Span(0, 0), embed=False)
        for match in WIKILINK.finditer(prose_of(page))
    ]
    found = [(ref, index.resolve(ref, None)) for ref in refs if ref is not None]
    assert not [
        ref.target
        for ref, meaning in found
        if not isinstance(meaning, Found) or meaning.lost_fragment
    ]


def test_examples_of_figure_blocks_in_the_guide_can_be_computed() -> None:
    page = (DOCS / "guide" / "figures.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```figure\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert blocks
    assert not [block for block in blocks if isinstance(figures.parse(block), tuple)]
