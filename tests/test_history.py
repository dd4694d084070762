"""What git knows of a vault, from true repositories: each question that an owner's repository may put."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from vaults import write_vault

from seedbed import history
from seedbed.history import read_history
from seedbed.site import Site, SiteSettings
from seedbed.store import Store

NIGHT = "2024-03-01T23:30:00-08:00"
"""Already the next day in Greenwich."""


class Repository:
    """A repository to commit into, at times of one's choice."""

    def __init__(self, root):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words, at="2024-01-01T12:00:00+00:00"):
        own = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "HOME": str(self.root)}
        who = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
        environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", **own}
        command = ["git", "-C", self.root, *who, *words]
        done = subprocess.run(
            command, check=True, env=environment, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def commit(self, at, files=None):
        """Commit all there is, with ``files`` written."""
        write_vault(self.root, files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x", at=at)


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.fixture
def store():
    with_nothing = Store(None)
    yield with_nothing
    with_nothing.close()


def dates(root, path, **settings):
    """Return when the note at ``path`` was created and updated, as days, as the site says."""
    site = Site(root, SiteSettings(**settings))
    found = site.index.dates(path)
    site.close()
    return tuple(each and each.isoformat() for each in (found.created, found.updated))


def changed(file, at):
    seconds = datetime.fromisoformat(at).timestamp()
    os.utime(file, (seconds, seconds))


def test_a_note_is_as_old_as_its_first_commit_and_as_new_as_its_last(repository):
    repository.commit("2020-01-01T10:00:00+01:00", {"A.md": "a", "B.md": "b"})
    repository.commit("2021-02-03T10:00:00+01:00", {"A.md": "c"})
    repository.commit(NIGHT, {"other.txt": "d"})
    assert dates(repository.root, "A.md") == ("2020-01-01T10:00:00", "2021-02-03T10:00:00")
    assert dates(repository.root, "B.md") == ("2020-01-01T10:00:00", "2020-01-01T10:00:00")


def test_the_day_is_the_authors(repository):
    repository.commit(NIGHT, {"A.md": "a"})
    assert dates(repository.root, "A.md")[0] == "2024-03-01T23:30:00"


def test_order_in_the_history_decides_nothing(repository):
    repository.commit("2022-01-01T00:00:00+00:00", {"A.md": "a"})
    repository.commit("2021-01-01T00:00:00+00:00", {"A.md": "b"})
    assert dates(repository.root, "A.md") == ("2021-01-01T00:00:00", "2022-01-01T00:00:00")


@pytest.mark.parametrize("folder", ["notes", "mit Leerzeichen/ü", "a/\tb"])
@pytest.mark.parametrize("name", ["A b.md", "Über — 日本.md", 'quote".md', "-n.md", "line\nend.md"])
def test_a_vault_may_be_a_folder_of_a_repository_and_have_any_names(repository, folder, name):
    repository.commit(NIGHT, {f"{folder}/{name}": "a", "A b.md": "b"})
    repository.commit("2025-01-01T00:00:00+00:00", {"A b.md": "c"})
    vault = repository.root / folder
    assert dates(vault, name) == ("2024-03-01T23:30:00", "2024-03-01T23:30:00")
    write_vault(vault, {name: "edited"})
    changed(vault / name, "2026-05-06T07:08:09+00:00")
    assert dates(vault, name) == ("2024-03-01T23:30:00", "2026-05-06T07:08:09")


def test_a_renamed_note_keeps_its_dates_and_a_new_one_of_its_name_has_its_own(repository):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a\n" * 9})
    repository.git("mv", "A.md", "B.md")
    repository.commit("2021-01-01T00:00:00+00:00")
    repository.commit("2022-01-01T00:00:00+00:00", {"A.md": "another\n"})
    assert dates(repository.root, "B.md") == ("2020-01-01T00:00:00", "2021-01-01T00:00:00")
    assert dates(repository.root, "A.md") == ("2022-01-01T00:00:00", "2022-01-01T00:00:00")


def test_a_note_that_came_from_another_folder_of_the_repository_keeps_its_dates(repository, store):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a\n" * 9, "other/B.md": "b\n" * 9})
    repository.commit("2021-01-01T00:00:00+00:00", {"notes/C.md": "c", "notes.md": "d"})
    repository.git("mv", "A.md", "other/B.md", "notes")
    repository.commit("2022-01-01T00:00:00+00:00")
    found = read_history(repository.root / "notes", store).commits
    assert {path: first[:4] for path, (first, _) in found.items()} == {
        "A.md": "2020",
        "B.md": "2020",
        "C.md": "2021",
    }


@pytest.mark.parametrize(
    "when", ["1500000000 +051800", "1500000000 +9900", "999999999999 +0000", "soon +0000", ""]
)
def test_a_commit_of_no_time_that_there_is_says_nothing(repository, when):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a"})
    repository.commit("2021-01-01T00:00:00+00:00", {"B.md": "b"})
    repository.commit("2022-01-01T00:00:00+00:00", {"A.md": "c", "C.md": "d"})
    lines = repository.git("cat-file", "commit", "HEAD").splitlines()
    odd = [f"author A <a@b.example> {when}" if "author" in line else line for line in lines]
    raw = repository.root / ".git" / "raw"
    raw.write_text("\n".join(odd))
    words = ("hash-object", "-t", "commit", "-w", "--literally", str(raw))
    repository.git("update-ref", "refs/heads/main", repository.git(*words).strip())
    known = {name: dates(repository.root, f"{name}.md") for name in "ABC"}
    assert known["B"] == ("2021-01-01T00:00:00", "2021-01-01T00:00:00")
    assert known["A"][0] is known["C"][0] is known["C"][1] is None


def test_commits_of_a_merged_branch_count(repository):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a"})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("2021-01-01T00:00:00+00:00", {"B.md": "b"})
    repository.git("checkout", "-q", "main")
    repository.commit("2022-01-01T00:00:00+00:00", {"C.md": "c"})
    repository.git("merge", "-q", "-m", "x", "side", at="2023-01-01T00:00:00+00:00")
    assert dates(repository.root, "B.md") == ("2021-01-01T00:00:00", "2021-01-01T00:00:00")


def test_what_is_not_committed_has_the_time_of_its_file(repository):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a", "B.md": "b", ".gitignore": "C.md"})
    write_vault(repository.root, {"B.md": "edited", "C.md": "ignored", "D.md": "new", "E.md": "e"})
    repository.git("add", "E.md")
    for name in "ABCDE":
        changed(repository.root / f"{name}.md", "2025-06-07T08:09:10+00:00")
    found = {name: dates(repository.root, f"{name}.md") for name in "ABCDE"}
    assert found == {
        "A": ("2020-01-01T00:00:00", "2020-01-01T00:00:00"),
        "B": ("2020-01-01T00:00:00", "2025-06-07T08:09:10"),
        "C": (None, None),
        "D": (None, "2025-06-07T08:09:10"),
        "E": (None, "2025-06-07T08:09:10"),
    }


@pytest.mark.parametrize("begun", [True, False])
def test_without_a_commit_files_are_all_there_is(repository, tmp_path, begun):
    root = repository.root if begun else write_vault(tmp_path / "plain", {})
    write_vault(root, {"A.md": "a"})
    changed(root / "A.md", "2025-06-07T08:09:10+00:00")
    assert dates(root, "A.md") == (None, "2025-06-07T08:09:10")


def test_a_vault_that_a_repository_ignores_has_the_times_of_its_files(repository):
    repository.commit(NIGHT, {".gitignore": "notes/", "other.md": "a"})
    write_vault(repository.root, {"notes/A.md": "a"})
    changed(repository.root / "notes/A.md", "2025-06-07T08:09:10+00:00")
    assert dates(repository.root / "notes", "A.md") == (None, "2025-06-07T08:09:10")


def test_a_clone_without_its_history_says_only_what_it_knows(repository, tmp_path):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a", "B.md": "b"})
    repository.commit("2021-01-01T00:00:00+00:00", {"A.md": "c"})
    repository.commit("2022-01-01T00:00:00+00:00", {"B.md": "d"})
    repository.commit("2023-01-01T00:00:00+00:00", {"C.md": "e"})
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.root}", clone)
    assert dates(clone, "A.md") == (None, None)
    assert dates(clone, "B.md") == (None, None)
    assert dates(clone, "C.md") == ("2023-01-01T00:00:00", "2023-01-01T00:00:00")


def test_of_notes_in_a_submodule_nothing_is_said_but_a_vault_may_be_one(repository, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.commit("2019-01-01T00:00:00+00:00", {"In.md": "a"})
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a"})
    allowed = ("-c", "protocol.file.allow=always")
    repository.git(*allowed, "submodule", "--quiet", "add", f"file://{inner.root}", "sub")
    repository.commit("2021-01-01T00:00:00+00:00")
    assert dates(repository.root, "sub/In.md") == (None, None)
    assert dates(repository.root, "A.md")[0] == "2020-01-01T00:00:00"
    assert dates(repository.root / "sub", "In.md")[0] == "2019-01-01T00:00:00"


def test_a_second_work_tree_is_as_good(repository, tmp_path):
    repository.commit(NIGHT, {"A.md": "a"})
    repository.git("worktree", "add", "-q", tmp_path / "second")
    assert dates(tmp_path / "second", "A.md")[0] == "2024-03-01T23:30:00"


def test_without_git_nothing_is_said_of_a_work_tree(repository, monkeypatch, tmp_path):
    repository.commit(NIGHT, {"A.md": "a"})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dates(repository.root, "A.md") == (None, None)


@pytest.mark.parametrize("broken", ["HEAD", "objects"])
def test_of_a_broken_repository_nothing_is_said(repository, broken):
    repository.commit(NIGHT, {"A.md": "a"})
    (repository.root / ".git" / broken).rename(repository.root / ".git" / "lost")
    assert dates(repository.root, "A.md") == (None, None)


def test_a_hook_of_another_repository_confuses_nobody(repository, monkeypatch, tmp_path):
    repository.commit(NIGHT, {"A.md": "a"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "objects"))
    assert dates(repository.root, "A.md")[0] == "2024-03-01T23:30:00"


def test_the_configuration_of_a_repository_runs_no_programs(repository, tmp_path):
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    repository.commit(NIGHT, {"A.md": "a"})
    for name in ("core.fsmonitor", "gpg.program", "diff.external", "core.pager"):
        repository.git("config", name, str(program))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "log.showRoot", "false")
    repository.git("config", "color.ui", "always")
    write_vault(repository.root, {"B.md": "b"})
    assert dates(repository.root, "A.md")[0] == "2024-03-01T23:30:00"
    assert not ran.exists()


def test_the_owner_may_not_want_dates(repository):
    repository.commit(NIGHT, {"A.md": "---\ncreated: 2020-01-01\n---\na"})
    assert dates(repository.root, "A.md", dates=False) == (None, None)


def test_commits_are_read_once_for_each_that_is_checked_out(repository, store, monkeypatch):
    logs = []
    real = history._commits  # noqa: SLF001 -- the one step that takes long
    monkeypatch.setattr(history, "_commits", lambda *told: logs.append(1) or real(*told))
    repository.commit(NIGHT, {"A.md": "a"})
    first = read_history(repository.root, store)
    write_vault(repository.root, {"A.md": "edited"})
    again = read_history(repository.root, store, first)
    assert (len(logs), again.commits, again.state != first.state) == (1, first.commits, True)
    assert read_history(repository.root, store) == again
    assert len(logs) == 1
    repository.commit("2025-01-01T00:00:00+00:00")
    assert read_history(repository.root, store, again).committed("A.md")[1][:4] == "2025"
    assert len(logs) == 2


def test_a_commit_alone_makes_a_page_again(repository, tmp_path):
    repository.commit("2020-01-01T00:00:00+00:00", {"A.md": "a", "B.md": "b"})
    write_vault(repository.root, {"A.md": "edited"})
    changed(repository.root / "A.md", "2021-01-01T00:00:00+00:00")
    settings = SiteSettings(cache=tmp_path / "cache")

    def shown(last):
        site = Site(repository.root, settings, last=last)
        pages = {made.facts.source: made.page().html for made in site.pages()}
        return site, pages["A.md"]

    site, before = shown(None)
    repository.commit("2022-02-03T00:00:00+00:00")
    site, after = shown(site)
    site.close()
    assert ("1 Jan 2021" in before, "3 Feb 2022" in after, "1 Jan 2020" in after) == (True,) * 3
    assert Path(tmp_path / "cache").exists()
