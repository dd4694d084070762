"""The commands: what they do, say and return. Every one leaves 0, 1 (strict and diagnosed) or 2 (set-up)."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from vaults import write_vault

from seedbed import cli
from seedbed.figures.kinds import KINDS
from seedbed.note import read_note
from seedbed.text import NotePath

pytestmark = pytest.mark.timeout(60)  # whole sites are built

CONFIGURED = """\
site_name: Garden
theme: {name: material, font: false}
plugins:
  seedbed: {notes_dir: notes, search: false, exclude: [drafts/*]}
"""
NOTES = {
    "Fern.md": "---\naliases: [Bracken]\ntags: [green]\n---\nupstream: [[Plants]]\n\nA [[Moss]]. ![[leaf.png]] $x^2$\n",
    "Moss.md": "# Soft moss\n\n#wet [[fern]] [[Plants|up]]\n",
    "Plants.md": "All of them.\n",
    "leaf.png": b"\x89PNG",
    "linked.png": b"\x89PNG",
    "unused.png": b"\x89PNG",
    "drafts/Idea.md": "[[Nowhere]]\n",
}
BROKEN = {"Fern.md": "see [[Mos]]\n", "Moss.md": "soft\n"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return a new current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def garden(here):
    """Return a current folder with a configured vault in which nothing is wrong."""
    write_vault(here / "notes", NOTES)
    home = "# Home\n\nSee [[Fern]] and [[linked.png]].\n"
    write_vault(here, {"mkdocs.yml": CONFIGURED, "docs/index.md": home})
    return here


@pytest.fixture
def broken(here):
    """Return a current folder with a configured vault in which a link is wrong."""
    write_vault(here / "notes", BROKEN)
    write_vault(here, {"mkdocs.yml": CONFIGURED, "docs/index.md": "# Home\n"})
    return here


def run(*arguments):
    """Run a command and return its exit code, however it leaves."""
    try:
        return cli.main(arguments)
    except SystemExit as exit_:
        return exit_.code


# Building


def test_a_build_writes_the_site(garden, capsys):
    assert run("build", "-q") == 0
    assert capsys.readouterr().err == ""
    site = garden / "site"
    assert "<p>A <a href" in (site / "fern" / "index.html").read_text(encoding="utf-8")
    assert 'href="fern/"' in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "leaf.png").read_bytes() == b"\x89PNG"
    assert (site / "linked.png").read_bytes() == b"\x89PNG"
    assert not (site / "unused.png").exists()
    assert not (site / "drafts").exists()


def test_a_build_leaves_a_manifest_for_tools(garden):
    run("build", "-q")
    assert json.loads((garden / "site" / "notes.json").read_text(encoding="utf-8")) == [
        {
            "path": "Fern.md",
            "kind": "note",
            "uri": "fern/",
            "title": "Fern",
            "aliases": ["Bracken"],
            "tags": ["green"],
            "fields": [],
            "upstream": "Plants.md",
            "links": ["Plants.md", "Moss.md", "leaf.png"],
            "backlinks": ["Moss.md"],
        },
        {
            "path": "Moss.md",
            "kind": "note",
            "uri": "moss/",
            "title": "Soft moss",
            "aliases": [],
            "tags": ["wet"],
            "fields": [],
            "upstream": None,
            "links": ["Fern.md", "Plants.md"],
            "backlinks": ["Fern.md"],
        },
        {
            "path": "Plants.md",
            "kind": "note",
            "uri": "plants/",
            "title": "Plants",
            "aliases": [],
            "tags": [],
            "fields": [],
            "upstream": None,
            "links": [],
            "backlinks": ["Fern.md", "Moss.md"],
        },
    ]


def test_a_vault_builds_without_any_configuration(here, capsys):
    write_vault(here / "my garden", NOTES | {"drafts/Idea.md": "later\n"})
    assert run("build", "--notes", "my garden", "--site-dir", "out", "--strict", "--jobs", "1") == 0
    page = (here / "out" / "fern" / "index.html").read_text(encoding="utf-8")
    assert "<title>Fern - my garden</title>" in page
    assert (here / "out" / "pagefind" / "pagefind.js").is_file()
    assert (here / "out" / "assets" / "seedbed" / "seedbed-math.woff2").read_bytes()[:4] == b"wOF2"
    steps = capsys.readouterr().err
    assert re.findall(r"^(\w+)", steps, re.MULTILINE)[0] == "Reading"
    assert "Rendering notes (4)" in steps
    assert not list((here / "my garden").glob("out*"))


def test_a_folder_of_notes_is_a_vault_where_one_stands_in_it(here):
    write_vault(here, {"Fern.md": "green\n", "mkdocs.yaml.txt": "no configuration"})
    assert run("build", "-q", "--strict") == 0
    assert (here / "site" / "fern" / "index.html").is_file()
    assert run("build", "-q", "--strict") == 0, "a site in the vault is no part of it"


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_a_strict_build_fails_when_something_is_wrong(broken, capsys, strict, code):
    assert run("build", "-q", *strict) == code
    assert capsys.readouterr().err == (
        'notes/Fern.md:1:5: link.missing: no note answers to "Mos" (did you mean "Moss"?)\n'
        "1 diagnostic: 1 link.missing\n"
    )
    assert (broken / "site" / "fern" / "index.html").is_file()


def test_a_second_build_takes_figures_from_the_cache(garden):
    block = "```figure\nkind: weight-distribution\nfan_in: 4\nfan_out: 4\nbins: 5\n```\n"
    write_vault(garden / "notes", {"Figure.md": block})
    assert run("build", "-q", "--strict") == 0
    kept = {
        file: file.stat().st_mtime_ns for file in (garden / ".cache").rglob("*") if file.is_file()
    }
    assert kept
    assert run("build", "-q", "--strict") == 0
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert (garden / "site/assets/figures/figure-fig-1.csv").is_file()


def test_without_a_cache_nothing_is_kept(garden):
    assert run("build", "-q", "--strict", "--no-cache") == 0
    assert not (garden / ".cache").exists()


# Set-up that cannot be


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "required: COMMAND"),
        (("grow",), "invalid choice: 'grow'"),
        (("build", "--wrong"), "unrecognized arguments: --wrong"),
        (("build", "--jobs", "0"), "must be a number from 1, got '0'"),
        (("build", "--jobs", "many"), "must be a number from 1, got 'many'"),
        (("check", "--format", "xml"), "invalid choice: 'xml'"),
        (("serve", "--addr", "nowhere"), "HOST:PORT"),
        (("new",), "required: TITLE"),
        (("export",), "required: DIR"),
        (("build", "--notes", "nowhere"), 'no vault at "nowhere"'),
        (("check", "--notes", "nowhere"), 'no vault at "nowhere"'),
        (("serve", "--notes", "nowhere"), 'no vault at "nowhere"'),
        (("export", "out", "--notes", "nowhere"), 'no vault at "nowhere"'),
        (("build", "--config", "nowhere.yml"), 'no configuration at "nowhere.yml"'),
        (("build", "--config", "plain.yml"), 'does not use the plugin "seedbed"'),
        (("build", "--config", "torn.yml"), "error parsing the configuration file"),
        (("build", "--config", "bare.yml"), 'the theme "mkdocs" cannot be used'),
        (("build", "--config", "moved.yml"), "no vault at"),
        (("build", "--config", "odd.yml"), "Expected a list"),
        (("build", "--site-dir", "notes"), "cannot be built into"),
        (("build", "--site-dir", "."), "site_dir"),
        (("build", "--site-dir", ".."), "site_dir"),
        (("build", "--site-dir", "full"), "it holds files that are no site"),
        (("build", "--site-dir", "full/kept.txt"), "that is a file"),
        (("export", "full"), "is not empty"),
        (("export", "notes"), "is not empty"),
        (("export", "full/kept.txt"), "is not empty"),
        (("new", "Fern"), "a note of that name already"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said_in_one_line(garden, capsys, arguments, said):
    write_vault(
        garden,
        {
            "full/kept.txt": "kept",
            "plain.yml": "site_name: x\n",
            "torn.yml": "a: [",
            "bare.yml": "site_name: x\nplugins: [seedbed]\n",
            "moved.yml": CONFIGURED.replace("notes_dir: notes", "notes_dir: moved"),
            "odd.yml": CONFIGURED.replace("[drafts/*]", "7"),
        },
    )
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert (garden / "full" / "kept.txt").read_text() == "kept"
    assert sorted(file.name for file in (garden / "notes").iterdir()) == sorted(
        {path.partition("/")[0] for path in NOTES}
    )


@pytest.mark.parametrize("site", [".", "vault", "..", "vault/.."])
def test_no_folder_that_holds_the_vault_is_emptied(here, monkeypatch, capsys, site):
    write_vault(here / "inner" / "vault", BROKEN)
    monkeypatch.chdir(here / "inner")
    assert run("build", "-q", "--notes", "vault", "--site-dir", site) == 2
    assert "cannot be built into" in capsys.readouterr().err
    assert (here / "inner" / "vault" / "Fern.md").is_file()


@pytest.mark.usefixtures("here")
def test_there_is_no_vault_where_there_are_no_notes(capsys):
    assert run("build") == 2
    assert capsys.readouterr().err == "seedbed: no vault here: name its folder with --notes DIR\n"


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_is_no_mistake(here, capsys, arguments):
    assert run(*arguments) == 0
    assert capsys.readouterr().out.startswith(("usage: seedbed", "seedbed "))
    assert not list(here.iterdir())


# Checking


def test_a_check_prints_text(broken, capsys):
    assert run("check") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith('notes/Fern.md:1:5: link.missing: no note answers to "Mos"')
    assert printed.err == "1 diagnostic: 1 link.missing\n"
    assert not (broken / "site").exists()


@pytest.mark.usefixtures("broken")
def test_a_check_prints_json(capsys):
    assert run("check", "--format", "json", "--strict") == 1
    printed = capsys.readouterr()
    (found,) = json.loads(printed.out)
    assert found["path"] == "notes/Fern.md"
    assert (found["line"], found["column"], found["code"]) == (1, 5, "link.missing")
    assert printed.err == ""


def test_a_check_prints_annotations(broken, capsys):
    write_vault(broken / "notes", {"50%, so: what.md": "[[100%, a:b]]\n"})
    assert run("check", "--format", "github", "--strict") == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == (
        "::warning file=notes/50%25%2C so%3A what.md,line=1,col=1,title=link.missing"
        '::no note answers to "100%25, a:b"'
    )
    assert printed.err == ""


@pytest.mark.parametrize(("form", "said"), [("text", ""), ("json", "[]\n"), ("github", "")])
@pytest.mark.usefixtures("garden")
def test_a_check_of_a_sound_vault_finds_nothing(capsys, form, said):
    assert run("check", "--strict", "--format", form) == 0
    assert capsys.readouterr().out == said


def test_a_check_reads_hand_written_pages_too(garden, capsys):
    arithmatex = "markdown_extensions: [{pymdownx.arithmatex: {generic: true}}]\n"
    home = "# Home\n\nSee [[Ferm]] and $\\frac{$.\n"
    write_vault(garden, {"docs/index.md": home, "mkdocs.yml": CONFIGURED + arithmatex})
    assert run("check", "--strict") == 1
    codes = re.findall(r"^docs/index.md:3:\d+: ([a-z.]+):", capsys.readouterr().out, re.MULTILINE)
    assert sorted(codes) == ["link.missing", "math.invalid"]


# Writing new notes


@pytest.mark.parametrize(
    ("arguments", "path", "text"),
    [
        (["Tall Tree"], "Tall Tree.md", "# Tall Tree\n\n"),
        (
            ["Oak", "--upstream", "plants", "--tag", "wood", "--tag", "#old/tree"],
            "Oak.md",
            '---\ntags: [wood, old/tree]\nupstream: "[[Plants]]"\n---\n\n# Oak\n\n',
        ),
        (
            ['What: is/was "it"? [a|b]#c^d'],
            "What is was it a b c d.md",
            '---\ntitle: "What: is/was \\"it\\"? [a|b]#c^d"\n---\n\n# What: is/was "it"? [a|b]#c^d\n\n',
        ),
        (["  Blanks . "], "Blanks.md", '---\ntitle: "  Blanks . "\n---\n\n#   Blanks . \n\n'),
        (["日本語"], "日本語.md", "# 日本語\n\n"),
    ],
)
def test_a_new_note_is_written(garden, capsys, arguments, path, text):
    assert run("new", *arguments) == 0
    assert Path(capsys.readouterr().out.strip()).resolve() == (garden / "notes" / path).resolve()
    assert (garden / "notes" / path).read_text(encoding="utf-8") == text
    assert read_note(NotePath(path), text).title == arguments[0].strip()


def test_a_new_note_stands_beside_its_upstream_note(garden, capsys):
    write_vault(
        garden / "notes",
        {"deep/Roots.md": "", ".obsidian/app.json": '{"newLinkFormat": "absolute"}'},
    )
    assert run("new", "Tips", "--upstream", "Roots") == 0
    capsys.readouterr()
    text = (garden / "notes" / "deep" / "Tips.md").read_text(encoding="utf-8")
    assert 'upstream: "[[deep/Roots]]"' in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fern"], "a note of that name already"),
        (["???"], "cannot be the name of a note"),
        ([""], "cannot be the name of a note"),
        (["Oak", "--upstream", "Plantz"], 'no note answers to "Plantz" (did you mean "Plants"?)'),
        (["Oak", "--upstream", "leaf.png"], "no note answers to"),
        (["Oak", "--tag", "two words"], '"two words" is not a tag'),
        (["Oak", "--tag", "1984"], '"1984" is not a tag'),
    ],
)
def test_a_new_note_that_cannot_be_is_not_written(garden, capsys, arguments, said):
    before = sorted((garden / "notes").rglob("*"))
    assert run("new", *arguments) == 2
    assert said in capsys.readouterr().err
    assert sorted((garden / "notes").rglob("*")) == before


# Figures


def test_the_kinds_of_figures_are_listed(capsys):
    assert run("figures") == 0
    listed = capsys.readouterr().out
    assert re.findall(r"^([a-z-]+): (?=\w+ \w+)", listed, re.MULTILINE)[-len(KINDS) :] == [*KINDS]
    assert len(KINDS) == 17


def test_a_title_runs_no_code_wherever_it_stands(tmp_path, monkeypatch):
    title = '</title><script>alert(1)</script>\\"><img src=x onerror=alert(2)>'
    lines = [f'{name}: "{title}"' for name in ("title", "description")]
    header = "\n".join(("---", *lines, "image: https://a.example/x.png", "---", ""))
    write_vault(tmp_path / "notes", {"A.md": f"{header}text\n", "B.md": "[[A]]\n"})
    monkeypatch.chdir(tmp_path)
    assert run("build", "-q") == 0
    for page in (tmp_path / "site").rglob("*.html"):
        read = BeautifulSoup(page.read_text(encoding="utf-8"), "html5lib")
        assert not read.find(attrs={"onerror": True})
        assert not [each for each in read("script") if "alert(" in (each.string or "")]
