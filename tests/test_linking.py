"""``seedbed link``: what it shows, what it changes, and that it changes nothing else."""

import builtins
import stat
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vaults import write_vault

from seedbed import cli, linking
from seedbed.site import Site, SiteSettings
from seedbed.text import NotePath

pytestmark = pytest.mark.timeout(60)  # MkDocs is loaded

NOTES = {
    "Sigmoid.md": "---\naliases: [logistic function]\n---\n# The curve\n",
    "A.md": "A sigmoid, Sigmoid and\nthe logistic function.\n",
    "B.md": "[[Sigmoid]]: the curve\n",
    "C.md": "moss\n",
}
LINKED = {
    "A.md": "A [[Sigmoid|sigmoid]], [[Sigmoid]] and\nthe [[Sigmoid|logistic function]].\n",
    "B.md": "[[Sigmoid]]: [[Sigmoid|the curve]]\n",
}


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """Return a vault below the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_vault(tmp_path / "notes", NOTES)


def offers(root, target="Sigmoid.md"):
    """Return index and offers for a note."""
    site = Site(root, SiteSettings(jobs=1))
    try:
        ground = site.ground
        return ground.index, linking.offers(NotePath(target), ground.index, ground.mentions)
    finally:
        site.close()


def texts(root):
    return {file.name: file.read_bytes().decode() for file in sorted(root.glob("*.md"))}


def test_it_shows_mentions_as_a_diff_and_changes_nothing(garden, capsys):
    assert cli.main(["link", "Sigmoid"]) == 0
    out = capsys.readouterr()
    assert out.out.splitlines()[:6] == [
        "[1] A.md:1:3",
        "- A sigmoid, Sigmoid and",
        "+ A [[Sigmoid|sigmoid]], Sigmoid and",
        "[2] A.md:1:12",
        "- A sigmoid, Sigmoid and",
        "+ A sigmoid, [[Sigmoid]] and",
    ]
    assert "--only" in out.err
    assert texts(garden) == NOTES
    assert cli.main(["link", "Sigmoid", "--all", "--dry-run"]) == 0
    assert texts(garden) == NOTES


def test_all_become_links(garden, capsys):
    assert cli.main(["link", "logistic function", "--all"]) == 0
    assert texts(garden) == NOTES | LINKED
    assert capsys.readouterr().err == "4 links in 2 notes\n"
    assert cli.main(["link", "Sigmoid", "--all"]) == 0
    assert capsys.readouterr().err == 'no other note mentions "Sigmoid.md" without a link\n'


def test_some_become_links(garden):
    assert cli.main(["link", "notes/Sigmoid.md", "--only", "2-3"]) == 0
    changed = "A sigmoid, [[Sigmoid]] and\nthe [[Sigmoid|logistic function]].\n"
    assert texts(garden) == NOTES | {"A.md": changed}


def test_the_first_of_each_note_that_has_no_link_becomes_one(garden):
    assert cli.main(["link", "Sigmoid", "--first", "--all"]) == 0
    changed = "A [[Sigmoid|sigmoid]], Sigmoid and\nthe logistic function.\n"
    assert texts(garden) == NOTES | {"A.md": changed}


def test_without_a_note_it_lists_what_is_mentioned_most(garden, capsys):
    write_vault(garden, {"D.md": "Some moss.", "Moss.md": ""})
    assert cli.main(["link"]) == 0
    assert capsys.readouterr().out == "4  Sigmoid.md\n2  Moss.md\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Sigmoids"], 'no note answers to "Sigmoids"'),
        (["Sigmoid", "--only", "9"], "there is no mention 9: they are 1 to 4"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(garden, capsys, arguments, message):
    assert cli.main(["link", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert texts(garden) == NOTES


@pytest.mark.usefixtures("garden")
def test_numbers_are_checked(capsys):
    with pytest.raises(SystemExit):
        cli.main(["link", "Sigmoid", "--only", "1,x"])
    assert "must be numbers such as 1,3,5-7, got '1,x'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answers", "changed"),
    [
        ("nyq", {"A.md": "A sigmoid, [[Sigmoid]] and\nthe logistic function.\n"}),
        ("a", LINKED),
        ("n?nnn", {}),
        ("yn", {"A.md": "A [[Sigmoid|sigmoid]], Sigmoid and\nthe logistic function.\n"}),
    ],
)
def test_at_a_terminal_it_asks(garden, monkeypatch, capsys, answers, changed):
    given_answers = iter(answers)

    def answer(_question):
        try:
            return next(given_answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert cli.main(["link", "Sigmoid"]) == 0
    assert "+\x1b[0m A \x1b[32m[[Sigmoid|sigmoid]]\x1b[0m" in capsys.readouterr().out
    assert texts(garden) == NOTES | changed


def test_line_ends_byte_order_mark_and_permissions_stay(tmp_path):
    content = "\ufeffÜber\r\n\r\nsigmoid\rsigmoid\nx \r\n sigmoid"
    write_vault(tmp_path, {"Sigmoid.md": "", "A.md": content})
    (tmp_path / "A.md").chmod(0o640)
    index, found = offers(tmp_path)
    linking.write(tmp_path / "A.md", index.vault.digest(NotePath("A.md")), found)
    after = (tmp_path / "A.md").read_bytes().decode()
    assert after == content.replace("sigmoid", "[[Sigmoid|sigmoid]]")
    assert stat.S_IMODE((tmp_path / "A.md").stat().st_mode) == 0o640
    assert {file.name for file in tmp_path.iterdir()} == {"A.md", "Sigmoid.md"}


def test_a_file_that_has_changed_is_left_alone(tmp_path):
    write_vault(tmp_path, {"Sigmoid.md": "", "A.md": "a sigmoid"})
    index, found = offers(tmp_path)
    write_vault(tmp_path, {"A.md": "another sigmoid"})
    with pytest.raises(linking.NotLinkedError, match="has changed"):
        linking.write(tmp_path / "A.md", index.vault.digest(NotePath("A.md")), found)
    assert texts(tmp_path) == {"Sigmoid.md": "", "A.md": "another sigmoid"}


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ("shortest", "[[b/Sigmoid|The curve]]"),
        ("relative", "[[../b/Sigmoid|The curve]]"),
        ("absolute", "[[b/Sigmoid|The curve]]"),
    ],
)
def test_a_link_has_the_form_that_the_vault_wants(tmp_path, form, link):
    files = {"a/b/Sigmoid.md": "# Else\n", "b/Sigmoid.md": "# The curve\n", "a/N.md": "The curve"}
    write_vault(tmp_path, files, {"newLinkFormat": form})
    _, found = offers(tmp_path, "b/Sigmoid.md")
    assert [each.link for each in found] == [link]


def test_a_name_alone_is_enough_where_it_is_clear(tmp_path):
    write_vault(tmp_path, {"a/Sigmoid.md": "", "N.md": "Sigmoid"}, {"newLinkFormat": "shortest"})
    assert [each.link for each in offers(tmp_path, "a/Sigmoid.md")[1]] == ["[[Sigmoid]]"]


def test_a_bar_in_a_table_is_escaped(tmp_path):
    table = "| a |\n|---|\n| sigmoid |\n"
    write_vault(tmp_path, {"Sigmoid.md": "", "N.md": table})
    assert [each.link for each in offers(tmp_path)[1]] == [r"[[Sigmoid\|sigmoid]]"]


def test_a_note_that_no_link_can_name_is_linked_by_its_alias(tmp_path):
    files = {"C# in use.md": "---\naliases: [C sharp]\n---\n", "N.md": "c sharp"}
    write_vault(tmp_path, files)
    assert [each.link for each in offers(tmp_path, "C# in use.md")[1]] == ["[[C sharp|c sharp]]"]


def test_one_mention_that_can_be_no_link_costs_few_readings(tmp_path, monkeypatch):
    write_vault(tmp_path, {"Sigmoid.md": "", "A.md": "a sigmoid " * 120})
    _, found = offers(tmp_path)
    bad, read = found[77], []
    monkeypatch.setattr(linking, "_becomes", lambda wanted, *_: read.append(1) or bad not in wanted)
    assert offers(tmp_path)[1] == [each for each in found if each != bad]
    assert len(read) < 20


def test_names_of_one_long_line_share_its_text(tmp_path):
    write_vault(tmp_path, {"Sigmoid.md": "", "A.md": "moss\n" + "a sigmoid " * 50 + "\nmoss"})
    _, found = offers(tmp_path)
    assert len(found) == 50
    assert {id(each.text) for each in found} == {id(found[0].text)}
    assert found[0].text == "a sigmoid " * 50


WORDS = st.sampled_from(
    ("sigmoid", "Sigmoid", "logistic function", "the curve", " ", " and ", "*", "**", "`", "$", "[[A]]", "[", "]",
     "](A.md)", "|", "\n", "\n\n", "> ", "- ", "| a | b |\n|---|---|\n| ", " | ", "# ", "\\", "&amp;", "%%", "==",
     "<b>", "</b>", "<br>", "#tag ", "^[", "```", "::", "!", "é", "_", "\r\n", "ß", "~~", "^id", "[^1]", "(", ")", ":")
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(WORDS, min_size=1, max_size=20).map("".join), st.randoms(use_true_random=False))
def test_linking_adds_brackets_and_targets_and_one_link_each(tmp_path, text, random):
    root = tmp_path / str(random.getrandbits(64))
    write_vault(root, {**NOTES, "A.md": text, "B.md": ""})
    index, found = offers(root)
    chosen = [each for each in found if random.random() < 0.7]
    if chosen:
        linking.write(root / "A.md", index.vault.digest(NotePath("A.md")), chosen)
    after = (root / "A.md").read_bytes().decode()
    without = after
    for each in reversed(chosen):
        start = without.rindex(each.link)
        without = without[:start] + each.words + without[start + len(each.link) :]
    assert without == text
    now, rest = offers(root)
    to_target = [found.path for _, found in now.links["A.md"] if found.path == "Sigmoid.md"]
    assert len(to_target) == len(chosen)
    assert len(now.links["A.md"]) == len(index.links["A.md"]) + len(chosen)
    assert len(rest) == len(found) - len(chosen)
