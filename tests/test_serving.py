"""A served site: what an edit sets off, what goes on when something is wrong, and what is left at the end."""

import logging
import os
import shutil
import signal
import subprocess
import sysconfig
import threading
import time
from glob import glob as files_like
from pathlib import Path

import pytest
from mkdocs.commands import build as mkdocs_build
from mkdocs.livereload import LiveReloadServer
from vaults import write_vault

from seedbed import host, pagefinding, search
from seedbed.host import HostSettings
from seedbed.search import Document, Stop, StoppedError, write_index
from seedbed.text import PageUri
from seedbed.watching import Watch

PATIENCE = 60.0
"""Seconds until something that must happen counts as never happening."""
SILENCE = 1.5
"""Seconds after which something that must not happen counts as not happening; more make a test no stricter."""
NOTES = {
    "Fern.md": "Near [[Moss]].\n\n## Roots\n\ndeep\n",
    "Moss.md": "Soft, with [[Fern|a fern]] above.\n",
    "Hub.md": "---\ntags: [hub]\n---\n[[Fern]]\n",
    "leaf.png": "no picture",
}


def until(condition):
    """Return what ``condition`` gives once that is true."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("this never came true")


# The folder of notes


@pytest.fixture
def vault(tmp_path):
    return write_vault(tmp_path / "vault", NOTES)


@pytest.fixture
def heard(vault):
    """Set whenever a change of the vault is heard of."""
    event = threading.Event()
    watch = Watch(vault, event.set)
    yield event
    watch.stop()


def replaced(vault):
    (vault / ".Fern.md.new").write_text("New.\n", encoding="utf-8")
    (vault / ".Fern.md.new").rename(vault / "Fern.md")


def moved_out(vault):
    (vault / "area").rename(vault.parent / "area")


@pytest.mark.parametrize(
    "edit",
    [
        lambda vault: (vault / "Fern.md").write_text("New.\n", encoding="utf-8"),
        lambda vault: (vault / "New.md").write_text("", encoding="utf-8"),
        lambda vault: (vault / "Fern.md").rename(vault / "Bracken.md"),
        lambda vault: (vault / "Fern.md").unlink(),
        lambda vault: os.utime(vault / "leaf.png"),
        lambda vault: (vault / ".obsidian" / "app.json").write_text("{}", encoding="utf-8"),
        replaced,
        moved_out,
    ],
    ids=[
        *("written", "added", "renamed", "deleted", "touched", "settings"),
        *("saved by rename", "folder moved out"),
    ],
)
def test_a_change_is_heard(tmp_path, edit):
    vault = write_vault(tmp_path / "vault", NOTES | {"area/A.md": "A.\n", ".obsidian/x": ""})
    event = threading.Event()
    watch = Watch(vault, event.set)
    try:
        edit(vault)
        assert event.wait(PATIENCE)
    finally:
        watch.stop()


def test_reading_and_what_obsidian_remembers_are_no_change(vault, heard):
    assert (vault / "Fern.md").read_bytes()
    list(vault.rglob("*"))
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian" / "workspace.json").write_text("{}", encoding="utf-8")
    (vault / ".Fern.md.swp").write_text("", encoding="utf-8")
    assert not heard.wait(SILENCE)


@pytest.mark.parametrize("way", ["renamed", "deleted"])
def test_a_folder_that_comes_back_is_heard_of_and_listened_to(vault, heard, way):
    if way == "renamed":
        away = vault.rename(vault.with_name("away"))
    else:
        for file in vault.iterdir():
            file.unlink()
        vault.rmdir()
    time.sleep(SILENCE)
    heard.clear()
    if way == "renamed":
        away.rename(vault)
    else:
        write_vault(vault, NOTES)
    assert heard.wait(PATIENCE)
    time.sleep(SILENCE)
    heard.clear()
    (vault / "Fern.md").write_text("Again.\n", encoding="utf-8")
    assert heard.wait(PATIENCE)


# One server, whose builds are asked for here


class Served:
    """A server between two edits."""

    def __init__(self, server, folder, builds):
        self._server = server
        self._builds = builds
        self.vault = folder / "vault"
        self.docs = folder / "docs"
        self.site = Path(server.root)

    def save(self, name, text):
        (self.vault / name).write_text(text, encoding="utf-8")

    def rebuild(self):
        """Do what the server does after an edit; return how many whole builds that took."""
        before = len(self._builds)
        self._server.builder()
        return len(self._builds) - before

    def page(self, uri):
        return (self.site / uri / "index.html").read_text(encoding="utf-8")

    def has(self, uri):
        return (self.site / uri / "index.html").is_file()


CONFIG = """\
site_name: Garden
site_url: ""
docs_dir: docs
theme: material
{more}
plugins:
  seedbed: {{notes_dir: vault}}
"""


@pytest.fixture
def serve(tmp_path, monkeypatch, caplog):
    """Serve the notes and a hand-written page, and have a function make edits instead of somebody else."""
    write_vault(tmp_path / "vault", NOTES)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "about.md").write_text("# About\n\n[[Moss#Bog]]\n", encoding="utf-8")
    config = tmp_path / "mkdocs.yml"
    monkeypatch.chdir(tmp_path)
    builds = []
    whole = mkdocs_build.build
    monkeypatch.setattr(
        "mkdocs.commands.serve.build", lambda *a, **k: (builds.append(None), whole(*a, **k))
    )

    def run(steps, more=""):
        config.write_text(CONFIG.format(more=more), encoding="utf-8")

        def edited(server, **_):
            steps(Served(server, tmp_path, builds))
            raise KeyboardInterrupt

        monkeypatch.setattr(LiveReloadServer, "serve", edited)
        with caplog.at_level(logging.INFO, logger="mkdocs"):
            host.serve(HostSettings(config=config), "127.0.0.1:0")

    return run


def test_an_edited_text_rebuilds_what_it_touches_alone(serve):
    def steps(served):
        other = (served.site / "moss/index.html").stat()
        served.save("Fern.md", NOTES["Fern.md"] + "\nSown anew.\n")
        assert served.rebuild() == 0
        assert "Sown anew." in served.page("fern/")
        assert (served.site / "moss/index.html").stat() == other

    serve(steps)


def test_what_the_rest_of_the_site_shows_of_notes_takes_a_whole_build(serve):
    def steps(served):
        served.save("New.md", "On [[Moss]].\n")
        assert served.rebuild() == 1
        assert served.has("new/")
        (served.vault / "New.md").rename(served.vault / "Newer.md")
        assert served.rebuild() == 1
        assert served.has("newer/")
        assert not served.has("new/")
        (served.vault / "Newer.md").unlink()
        assert served.rebuild() == 1
        assert not served.has("newer/")
        served.save("Hub.md", "---\ntags: [hub]\ntitle: Centre\n---\n[[Fern]]\n")
        assert served.rebuild() == 1
        assert "Centre" in served.page("about/")
        served.save("Moss.md", "---\npermalink: peat/\n---\n")
        assert served.rebuild() == 1
        assert "peat/" in served.page("about/")
        served.save("Moss.md", "---\npermalink: peat/\n---\n# Bog\n")
        assert served.rebuild() == 1  # now the heading that the page links is there
        served.save("Fern.md", "![[leaf.png]]\n")  # a file that hand-written pages may link now
        assert served.rebuild() == 1
        assert served.rebuild() == 0

    serve(steps)


def test_a_new_title_of_a_note_in_the_navigation_takes_a_whole_build(serve):
    def steps(served):
        served.save("Fern.md", "---\ntitle: Bracken\n---\n")
        assert served.rebuild() == 1
        assert "Bracken" in served.page("about/")

    serve(steps, more="nav: [about.md, fern/index.md]")


@pytest.mark.parametrize("file", ["docs/about.md", "docs/new.md", "mkdocs.yml"])
def test_an_edit_beside_the_notes_takes_a_whole_build(serve, file):
    def steps(served):
        place = served.vault.parent / file
        before = place.read_text(encoding="utf-8") if place.is_file() else ""
        place.write_text(before + "\n# More\n", encoding="utf-8")
        os.utime(place, ns=(1, 1))
        assert served.rebuild() == 1
        assert served.rebuild() == 0

    serve(steps)


def test_an_unpublished_note_is_gone_at_once(serve):
    def steps(served):
        assert "fern/" in served.page("moss/")
        served.save("Fern.md", "---\npublish: false\n---\nSecret.\n")
        served.rebuild()
        assert not served.has("fern/")
        assert "fern/" not in served.page("moss/")
        assert "Fern" not in (served.site / "notes.json").read_text(encoding="utf-8")

    serve(steps)


def test_all_diagnostics_are_told_after_each_build_once(serve, caplog):
    def steps(served):
        (served.docs / "about.md").write_text("# About\n\n[[Nobody]]\n", encoding="utf-8")
        served.save("Moss.md", "![[Nothing]]\n")
        served.rebuild()
        told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        first = sorted(line for line in told if "Nobody" in line or "Nothing" in line)
        assert len(first) == 2
        caplog.clear()
        served.save("Fern.md", "Another text.\n")
        assert served.rebuild() == 0
        told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        assert sorted(told) == first

    serve(steps)


def test_the_site_stays_while_its_notes_or_its_configuration_are_broken(serve, caplog):
    def steps(served):
        config = served.vault.parent / "mkdocs.yml"
        before = config.read_text(encoding="utf-8")
        served.vault.rename(served.vault.with_name("away"))
        served.rebuild()
        assert "no vault at" in caplog.text
        assert served.has("fern/")
        served.vault.with_name("away").rename(served.vault)
        assert served.rebuild() == 1
        config.write_text("theme: [", encoding="utf-8")
        served.rebuild()
        assert served.has("fern/")
        config.write_text(before, encoding="utf-8")
        served.save("Fern.md", "Mended.\n")
        assert served.rebuild() == 1
        assert "Mended." in served.page("fern/")

    serve(steps)
    assert "Traceback" not in caplog.text


def entry(served):
    """Return what the search index says of itself, if it is there."""
    file = served.site / "pagefind" / search.LIST
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def test_the_search_index_follows_without_being_waited_for(serve):
    def steps(served):
        first = until(lambda: entry(served))
        served.save("Fern.md", "Zanzibar.\n")
        served.rebuild()
        assert entry(served) == first
        until(lambda: entry(served) not in ("", first))
        until(lambda: not list(served.site.glob(".pagefind-*")))

    serve(steps)


def test_an_index_that_could_not_be_made_is_tried_again(serve, monkeypatch, caplog):
    monkeypatch.setattr("seedbed.serving._PAUSES", (0.0, 0.0, 0.0))
    real = pagefinding.get_executable()
    answers = iter([None])
    monkeypatch.setattr(pagefinding, "get_executable", lambda: next(answers, real))
    serve(lambda served: until(lambda: entry(served)))
    assert "cannot start Pagefind" in caplog.text


def test_a_stopped_index_changes_nothing(tmp_path):
    def documents(word):
        for number in range(40):
            text = search.document(f"Page {number}", f"<p>{word}</p>", "en")
            yield Document(PageUri(f"{number}/"), f"{word}{number > 20}", lambda text=text: text)

    target = tmp_path / "pagefind"
    write_index(documents("moss"), target, most=20)
    before = {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}
    stop = Stop()
    stop.set()
    with pytest.raises(StoppedError):
        write_index(documents("fern"), target, last=target, most=20, stop=stop)
    assert {file: file.read_bytes() for file in target.rglob("*") if file.is_file()} == before
    assert list(tmp_path.iterdir()) == [target]


# A server of its own, interrupted


def there_is(pattern, scratch):
    """Return what matches ``pattern`` among files that come and go."""
    return files_like(f"{scratch}/seedbed-*/{pattern}", include_hidden=True)  # noqa: PTH207 -- they may be gone


def started(scratch):
    return there_is("mkdocs_*", scratch)


def writing(scratch):
    return there_is("mkdocs_*/*", scratch)


def indexing(scratch):
    return there_is("mkdocs_*/.pagefind-*", scratch)


def indexed(scratch):
    return there_is(f"mkdocs_*/pagefind/{search.LIST}", scratch)


def running_with(scratch):
    """Return the processes that work in ``scratch``; none where the system does not tell."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            surroundings = (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(f"TMPDIR={scratch}\0") in surroundings:
            found.append(process.name)
    return found


@pytest.mark.parametrize("moment", [started, writing, indexing, indexed])
def test_an_interrupted_server_leaves_nothing(tmp_path, moment):
    notes = {f"{number}.md": f"Note [[{number + 1}]], $x^{number}$.\n" for number in range(400)}
    vault = write_vault(tmp_path / "vault", notes)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program = shutil.which("seedbed", path=sysconfig.get_path("scripts"))
    command = [program, "serve", "--notes", str(vault), "--addr", "127.0.0.1:0"]
    log = tmp_path / "log.txt"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=tmp_path,
                env={**os.environ, "TMPDIR": str(scratch)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        until(lambda: moment(scratch) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "rror" not in said
    until(lambda: not running_with(scratch))
    assert list(scratch.iterdir()) == []
