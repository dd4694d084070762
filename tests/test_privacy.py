"""What is not to be published is in no file of the site, whatever else the site says."""

import gzip

import pytest
from vaults import articles_of, diagnostics_of, index_of, write_vault

from seedbed import cli

HIDDEN = "classified"
VAULT = {
    "Fern.md": "---\ntags: [green]\n---\nIt is green. See [[Moss]], [[Diary]] and ![[Diary]].\n",
    "Moss.md": f"Soft. %%{HIDDEN}-1%% <!-- {HIDDEN}-2 --> ![[moss.png]]\n\n%%\n{HIDDEN}-3 #{HIDDEN}-4\n%%\n",
    "Diary.md": (
        f"---\npublish: false\ntitle: {HIDDEN}-5\naliases: [{HIDDEN}-6]\ntags: [{HIDDEN}-7]\n"
        f"description: {HIDDEN}-8\npermalink: {HIDDEN}-9\n---\n# {HIDDEN}-10\n\n{HIDDEN}-11 #{HIDDEN}-12\n"
        f"[[Fern]] [[{HIDDEN}-13]] ![[{HIDDEN}-14.png]] $\\{HIDDEN}$ ^{HIDDEN}-15\n"
    ),
    f"{HIDDEN}-16.md": '---\npublish: "no"\n---\ntext\n',
    f"{HIDDEN}-17/Plan.md": f"---\ndraft: true\nupstream: '[[Fern]]'\n---\n{HIDDEN}-18\n",
    f"drafts/{HIDDEN}-19.md": f"[[Fern]] {HIDDEN}-20\n",
    f".trash/{HIDDEN}-21.md": f"[[Fern]] {HIDDEN}-22\n",
    f"{HIDDEN}-14.png": b"png",
    f"{HIDDEN}-23.png": b"png",
    "moss.png": b"png",
}
CONFIGURED = """\
site_name: Garden
site_url: https://example.org/garden/
theme: {name: material, font: false}
plugins:
  seedbed: {notes_dir: notes, exclude: [drafts/*]}
"""


@pytest.mark.timeout(60)
def test_no_file_of_the_site_says_what_is_hidden(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_vault(tmp_path / "notes", VAULT)
    write_vault(tmp_path, {"mkdocs.yml": CONFIGURED, "docs/about.md": "# About\n"})
    assert cli.main(["build", "-q"]) == 0
    files = [file for file in (tmp_path / "site").rglob("*") if file.is_file()]
    assert {"notes.json", "sitemap.xml", "moss.png"} <= {file.name for file in files}
    indexed = [contents(file) for file in files if "pagefind" in file.parts]
    assert any(b"It is green" in content for content in indexed)
    assert [file for file in files if HIDDEN in file.relative_to(tmp_path).as_posix()] == []
    assert [file for file in files if HIDDEN.encode() in contents(file)] == []
    assert HIDDEN not in capsys.readouterr().err


def contents(file):
    """Return what ``file`` holds, unpacked if it is packed, as the search index is."""
    content = file.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def test_links_to_an_unpublished_note_are_links_to_nothing(tmp_path):
    index = index_of(write_vault(tmp_path, VAULT))
    html = articles_of(index)["Fern.md"].html
    assert html.count('<span class="missing-link"') == 2
    assert index.stubs == {}
    assert index.backlinks["Fern.md"] == (f"drafts/{HIDDEN}-19.md",)
    assert [found.code for found in diagnostics_of(index) if found.path == "Fern.md"] == [
        "link.missing",
        "embed.missing",
    ]


@pytest.mark.parametrize(
    "inner", ["Diary", "diary.md", "secret plans", "deep/Diary", "Diary#Part|x"]
)
def test_no_stub_stands_for_an_unpublished_note(tmp_path, inner):
    notes = {
        "Fern.md": f"[[{inner}]]\n",
        "deep/Diary.md": "---\npublish: false\naliases: [Secret Plans]\n---\n",
    }
    assert index_of(write_vault(tmp_path, notes)).stubs == {}


def test_no_unpublished_name_is_suggested(tmp_path):
    notes = {
        "Fern.md": "[[Secret Dairy]] [[Secret Plan]]\n",
        "Secret Diary.md": "---\npublish: false\naliases: [Secret Plans]\n---\n",
    }
    found = diagnostics_of(index_of(write_vault(tmp_path, notes)))
    assert [each.message for each in found] == [
        'no note answers to "Secret Dairy"',
        'no note answers to "Secret Plan"',
    ]


def test_what_is_wrong_in_an_unpublished_note_is_not_said(tmp_path):
    notes = {"Diary.md": "---\npublish: false\n---\n```\n[[Gone]] %% $$\n", "Fern.md": ""}
    assert diagnostics_of(index_of(write_vault(tmp_path, notes))) == ()
