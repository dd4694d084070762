"""Builds after the first, through the command line: what they leave alone, and what they must not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from vaults import write_vault

from seedbed import rendering
from seedbed.cli import main
from seedbed.host import DEFAULT_CONFIG

NOTES = {
    "notes/Fern.md": "---\naliases: [Bracken]\n---\n# Fern\n\n[[Moss]] and [[Moss#Where|where]].\n",
    "notes/Moss.md": "# Moss\n\nGreen.\n\n## Where\n\nIn the wood. #wet\n",
    "notes/Wood.md": "# Wood\n\n![[Moss#Where]]\n\n[[Nobody]]\n",
    "notes/Alone.md": "# Alone\n\nNothing.\n",
}
CONFIG = f"INHERIT: {DEFAULT_CONFIG}\nplugins:\n  seedbed:\n    search: false\n"


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """A folder with notes, a hand-written page and a configuration, entered."""
    write_vault(tmp_path, NOTES | {"docs/about.md": "# About\n\n[[Fern]]\n", "mkdocs.yml": CONFIG})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def rendered(monkeypatch):
    """Return the notes that were rendered since last asked."""
    seen = []
    real = rendering.render_document

    def remembering(path, *arguments, **keywords):
        seen.append(path)
        return real(path, *arguments, **keywords)

    monkeypatch.setattr(rendering, "render_document", remembering)

    def since_last():
        last = sorted(seen)
        seen.clear()
        return last

    return since_last


def build(*options):
    assert main(["build", "-q", *options]) == 0


def stamps():
    """Return when each page was written, by path."""
    files = Path("site").rglob("index.html")
    return {file.relative_to("site").as_posix(): file.stat().st_mtime_ns for file in files}


def changed(before):
    """Return the pages of notes that are not as in ``before``."""
    now = stamps()
    return sorted(
        path
        for path in {*before, *now}
        if before.get(path) != now.get(path) and not path.startswith("about")
    )


@pytest.mark.usefixtures("garden")
def test_with_nothing_changed_nothing_is_rendered_or_written(rendered):
    build()
    assert rendered() == ["Alone.md", "Fern.md", "Moss.md", "Wood.md"]
    before = stamps()
    build()
    assert rendered() == []
    assert changed(before) == []


@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("Alone.md", "# Alone\n\nMore.\n", ["Alone.md"]),
        ("Moss.md", NOTES["notes/Moss.md"] + "More.\n", ["Moss.md", "Wood.md"]),
        ("Moss.md", "# Moss\n\n## New\n\n## Where\n\nHere. #wet\n", ["Moss.md", "Wood.md"]),
        ("Moss.md", "# Moss\n\nGreen. #wet\n", ["Fern.md", "Moss.md", "Wood.md"]),
        # Moss is told of a note that is linked from where it is linked from.
        ("Nobody.md", "# Nobody\n", ["Moss.md", "Nobody.md", "Wood.md"]),
        ("Alone.md", "# Alone\n\n[[Fern]]\n", ["Alone.md", "Fern.md"]),
    ],
)
def test_an_edit_renders_what_asked_for_what_it_changed(garden, rendered, path, text, again):
    build()
    rendered()
    write_vault(garden / "notes", {path: text})
    build()
    assert rendered() == again


def test_another_title_reaches_those_who_show_it_and_no_others(garden, rendered):
    build()
    rendered()
    before = stamps()
    write_vault(garden / "notes", {"Wood.md": "---\ntitle: Forest\n---\n![[Moss]]\n"})
    build()
    assert rendered() == ["Fern.md", "Moss.md", "Wood.md"]  # Fern names Wood as related
    assert "alone/index.html" not in changed(before)


def test_another_name_of_the_site_reaches_every_page_and_renders_none(garden, rendered):
    build()
    rendered()
    before = stamps()
    write_vault(garden, {"mkdocs.yml": CONFIG + "site_name: Garden\n"})
    build()
    assert rendered() == []
    assert {"alone/index.html", "fern/index.html"} <= set(changed(before))


def test_what_is_private_now_is_gone_from_every_file(garden):
    build()
    write_vault(
        garden / "notes", {"Moss.md": "---\npublish: false\n---\n# Moss\n\nSecretly green.\n"}
    )
    build()
    assert not Path("site/moss").exists()
    site = [file for file in Path("site").rglob("*") if file.is_file()]
    assert not [file for file in site if b"In the wood" in file.read_bytes()]


@pytest.mark.usefixtures("garden")
def test_a_page_somebody_changed_is_mended():
    build()
    page = Path("site/alone/index.html")
    right = page.read_bytes()
    page.write_text("minified")
    build()
    assert page.read_bytes() == right


def test_the_site_is_the_same_without_what_was_kept(garden):
    build()
    write_vault(garden / "notes", {"Alone.md": "[[Wood]]\n"})
    build()
    build("--no-cache", "--site-dir", "clean")

    def content(folder):
        files = (file for file in Path(folder).rglob("*") if file.is_file())
        return {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in files
            if file.suffix != ".gz"  # which holds the path it was written to
        }

    assert content("site") == content("clean")


def test_what_cannot_be_built_leaves_the_last_site(garden):
    build()
    before = sorted(stamps())
    write_vault(garden, {"mkdocs.yml": CONFIG + "nav: {broken\n"})
    assert main(["build", "-q"]) == 2
    (garden / "notes").rename(garden / "elsewhere")
    write_vault(garden, {"mkdocs.yml": CONFIG})
    assert main(["build", "-q"]) == 2
    assert sorted(stamps()) == before
    assert not [each for each in Path().iterdir() if each.name.endswith("-before")]


@pytest.mark.usefixtures("garden")
def test_a_damaged_cache_is_made_again():
    build()
    page = Path("site/alone/index.html")
    right = page.read_bytes()
    (store,) = Path(".cache/seedbed/sites").iterdir()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE entries SET large = x'00' WHERE kind = 'page'")
    page.unlink()
    build()
    assert page.read_bytes() == right
