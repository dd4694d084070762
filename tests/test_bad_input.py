"""What authors, disks and other programs get wrong: each is said clearly, none stops the rest."""

import os
import re

import pytest
from markup import faults
from vaults import (
    articles_of,
    build_site,
    diagnostics_of,
    index_in_memory,
    index_of,
    write_vault,
)

from seedbed import cli, vault
from seedbed.diagnostics import describe

pytestmark = pytest.mark.timeout(60)  # whole sites are built

SOUND = {"Fern.md": "Green. [[Moss]]\n", "Moss.md": "Soft.\n"}


def said(root):
    """Return what is diagnosed in the vault ``root``, after checking that its sound notes are whole."""
    index = index_of(root)
    articles = articles_of(index)
    assert articles["Fern.md"].html == '<p>Green. <a href="../moss/">Moss</a></p>\n'
    for article in articles.values():
        assert faults(article.html) == []
    return [describe(found) for found in diagnostics_of(index)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "Bad.md",
            "---\ntitle: [a\n---\nText.\n",
            "Bad.md:3:1: properties.invalid: invalid YAML: ",
        ),
        ("Bad.md", "---\ntitle: x\n\nText.\n", "Bad.md:1:1: properties.unclosed: "),
        ("Bad.md", b"caf\xe9 \xff\n", "Bad.md:1:4: encoding.invalid: "),
        ("Bad.md", b"\xef\xbb\xbfone\r\ntwo\0\r\n", "Bad.md:2:4: encoding.invalid: "),
        ("Bad.md", b"\xff\xfea\0b\0", "Bad.md:1:1: encoding.invalid: "),
        ("Bad.md", "one\n\n```py\ntwo\n", "Bad.md:3:1: fence.unclosed: "),
        ("Bad.md", "one\n\n%% two\n", "Bad.md:3:1: comment.unclosed: "),
        ("Bad.md", "one\n\n$$\ntwo\n", "Bad.md:3:1: math.unclosed: "),
        ("Bad.md", "one $\\nosuchthing$\n", "Bad.md:1:6: math.invalid: invalid LaTeX: "),
        ("Bad.md", "![[Bad]]\n", "Bad.md:1:1: embed.cycle: Bad.md → Bad.md"),
        ("Bad.md", "a ^x\n\nb ^x\n", "Bad.md:3:1: block.duplicate: "),
        ("Bad.md", "[[Moss#Nothing]]\n", "Bad.md:1:1: anchor.missing: "),
        ("moss.md", "also at moss/\n", 'moss.md:1:1: uri.collision: address collision: "moss/"'),
        ("Bad.md", ">" * 5000 + " deep\n", "Bad.md:1:99: nesting.limit: "),
        ("Bad.md", "- " * 5000 + "deep\n", "Bad.md:1:99: nesting.limit: "),
        (".obsidian/app.json", "{", ".obsidian/app.json:1:1: settings.invalid: "),
        (".obsidian/app.json", b"\xff\xfe{", ".obsidian/app.json:1:1: settings.invalid: "),
        (".obsidian/app.json", "[]", ".obsidian/app.json:1:1: settings.invalid: "),
        (".obsidian/app.json", "[" * 100_000, ".obsidian/app.json:1:1: settings.invalid: "),
        (
            ".obsidian/app.json",
            '{"userIgnoreFilters": ["/[/", 7, null], "strictLineBreaks": "x"}',
            '.obsidian/app.json:1:1: settings.invalid: invalid settings, so "/[/"',
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_a_mistake_is_said_and_the_rest_is_whole(tmp_path, name, content, message):
    (found,) = said(write_vault(tmp_path, SOUND | {name: content}))
    assert found.startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "---",
        "---\n---",
        "%%%%",
        "[[",
        "|\n|-\n",
        "\\",
        "<",
        "&#0; &#xD800; &#x110000;",
        "\u2028\x85\x0b\x0c",
        "[^1]: [^1]\n\n[^1]",
        "^[^[^[a]]]",
        "![[ ]] ![]() []() [](<>)",
        "---\naliases: [a, [b], {c: d}, null, 1.5, 2024-01-01]\ncssclasses: {x: y}\n---\n",
        '---\npermalink: "a\\0b/../?#"\ntitle: "<b>&\\n"\ndescription: [x]\n---\n',
        "---\na: !!set {b, c}\n---\n",
    ],
    ids=repr,
)
def test_odd_texts_are_no_mistakes(tmp_path, text):
    assert said(write_vault(tmp_path, SOUND | {"Odd.md": text})) == []


@pytest.mark.parametrize(
    "text",
    [
        f"x #{'n' * 300}",
        f"[[{'n' * 300}]]",
        f"[[{'日' * 200}]]",
        f"---\npermalink: {'n' * 300}\n---\n",
        f"x #{'/'.join(['a' * 50] * 100)}",
        f"[[{'/'.join(['a' * 50] * 100)}]]",
        '---\npermalink: "a\\0b\\n/c"\n---\n',
        "---\npermalink: notes.json\n---\n",
        "---\npermalink: 404.html\n---\n",
        "---\npermalink: leaf.png\n---\n![[leaf.png]]",
        "[[fern/index.html]] [[index.html]]",
    ],
    ids=lambda text: text[:30],
)
def test_every_address_is_one_that_a_disk_can_hold(tmp_path, text):
    files = {"leaf.png": "png", "fern/index.html": "file", "index.html": "file"}
    write_vault(tmp_path / "notes", SOUND | files | {"Odd.md": text, "index.md": "home"})
    site = build_site(tmp_path / "notes")
    places = [f"{page.uri}index.html" for page in site.pages] + [asset.uri for asset in site.assets]
    assert len(set(places)) == len(places)
    for place in places:
        file = tmp_path / "site" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def test_links_that_differ_beyond_what_an_address_holds_have_pages_of_their_own():
    long = "n" * 300
    index = index_in_memory({"Fern.md": f"[[{long}a]] [[{long}b]]"})
    assert len({stub.uri for stub in index.stubs.values()}) == 2


def test_embeds_that_multiply_end(tmp_path):
    bomb = {f"B{level}.md": f"![[B{level + 1}]]\n\n" * 9 for level in range(12)}
    index = index_of(write_vault(tmp_path, SOUND | bomb | {"B12.md": "end\n"}))
    articles = articles_of(index)
    assert max(len(article.html) for article in articles.values()) < 1_000_000
    assert {found.code for found in diagnostics_of(index)} == {"embed.limit"}


def test_a_table_may_be_huge():
    row = "|" + "b|" * 60 + "\n"
    text = "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n" + row * 60
    article = articles_of(index_in_memory({"Table.md": text}))["Table.md"]
    assert (article.html.count("<td>"), article.diagnostics) == (3600, ())


def test_settings_in_a_folder_of_their_name_are_none(tmp_path):
    (tmp_path / ".obsidian" / "app.json").mkdir(parents=True)
    assert said(write_vault(tmp_path, SOUND)) == []


def test_links_out_of_the_vault_are_not_followed(tmp_path):
    root = write_vault(tmp_path / "notes", SOUND | {"inner/Leaf.md": "leaf\n"})
    write_vault(tmp_path, {"outside.md": "outside", "outside.png": "outside"})
    (root / "Out.md").symlink_to(tmp_path / "outside.md")
    (root / "out.png").symlink_to(tmp_path / "outside.png")
    (root / "folder").symlink_to(tmp_path, target_is_directory=True)
    (root / "Nowhere.md").symlink_to(tmp_path / "nowhere.md")
    (root / "In.md").symlink_to(root / "inner" / "Leaf.md")
    read = vault.read(vault.look(root))
    assert list(read.notes) == ["Fern.md", "In.md", "Moss.md", "inner/Leaf.md"]
    assert read.attachments == ()


def test_what_is_no_file_is_not_waited_for(tmp_path):
    write_vault(tmp_path, SOUND | {"folder.md/Leaf.md": "leaf\n"})
    os.mkfifo(tmp_path / "Pipe.md")
    assert said(tmp_path) == []
    assert list(vault.read(vault.look(tmp_path)).notes) == [
        "Fern.md",
        "Moss.md",
        "folder.md/Leaf.md",
    ]


def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    write_vault(tmp_path, SOUND | {"Locked.md": "locked\n"})
    read_bytes = type(tmp_path).read_bytes

    def refuse(path):
        if path.name == "Locked.md":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(type(tmp_path), "read_bytes", refuse)
    assert said(tmp_path) == [
        "Locked.md:1:1: file.unreadable: the file cannot be read: Permission denied"
    ]


def test_a_file_whose_name_is_no_text_is_said(tmp_path):
    write_vault(tmp_path, SOUND)
    try:
        with open(os.fsencode(tmp_path) + b"/\xff.md", "w") as file:  # noqa: PTH123 -- no Path is of bytes
            file.write("text\n")
    except OSError:
        pytest.skip("this disk holds no such name")
    assert said(tmp_path) == [
        "\ufffd.md:1:1: file.unreadable: the file cannot be read: its name is not UTF-8"
    ]


@pytest.mark.parametrize(
    "files", [{}, {"Diary.md": "---\npublish: false\n---\n"}, {"a.png": "png"}]
)
def test_a_vault_without_notes_is_said(tmp_path, files):
    index = index_of(write_vault(tmp_path, files))
    assert [describe(found) for found in diagnostics_of(index)] == [
        ".:1:1: vault.empty: the vault is empty: it has no published note"
    ]


def test_where_there_is_no_vault_none_is_read(tmp_path):
    with pytest.raises(vault.VaultError, match="there is no such folder"):
        vault.read(vault.look(tmp_path / "nowhere"))


def test_a_long_note_is_read_to_its_end(tmp_path):
    paragraph = "Some words, a [[Moss]] and $x$ of *stress*.\n\n"
    write_vault(tmp_path, SOUND | {"Long.md": "# Long\n\n" + paragraph * 4_000})
    html = articles_of(index_of(tmp_path))["Long.md"].html
    assert html.count('<a href="../moss/">Moss</a>') == 4_000


def test_a_site_of_mistakes_is_built(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    mistakes = {
        "Invalid.md": "---\na: [\n---\nInvalid text\n",
        "Latin.md": b"caf\xe9 text\n",
        "Nul.md": b"a\0b text\n",
        "Fence.md": "Fence text\n\n```\n",
        "fern.md": "namesake text\n",
        "Circle.md": "Circle text\n\n![[Round]]\n",
        "Round.md": "![[Circle]]\n",
        "Deep.md": ">" * 5000 + " deep text\n",
        "Long.md": f"long text #{'n' * 300} [[{'m' * 300}]]\n",
        ".obsidian/app.json": "{",
    }
    write_vault(tmp_path / "notes", SOUND | mistakes)
    assert cli.main(["build", "-q", "--strict"]) == 1
    printed = capsys.readouterr().err
    assert "Traceback" not in printed
    lines = printed.splitlines()
    assert all(re.match(r"notes/[^:]+:\d+:\d+: [a-z.]+: ", line) for line in lines[:-1])
    assert lines[-1].startswith("10 diagnostics: ")
    texts = {
        page: (tmp_path / "site" / page / "index.html").read_text(encoding="utf-8")
        for page in ("invalid", "latin", "nul", "fence", "fern", "fern_1", "circle", "deep", "long")
    }
    assert [
        page for page, text in texts.items() if "text" not in text and "Green" not in text
    ] == []
