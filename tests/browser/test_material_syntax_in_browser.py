"""Material's own syntax as readers meet it: tabs, folds, annotations and icons, in pages and in notes."""

import subprocess

import pytest
from browser_hosts import hosting, seedbed_command
from playwright.sync_api import expect

from seedbed.host import DEFAULT_CONFIG

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

PAGE = """# Everything

=== "First"

    one

=== "Second"

    two with [[Fern]] and $x^2$

??? note "Folded"

    inside

```py
x = 1 # (1)!
```

1.  why it is one

:material-account: :smile:

```obsidian
> [!tip] Live
> [[Fern]]
```
"""
NOTES = {
    "Fern.md": "---\ndialect: mkdocs\n---\n" + PAGE.replace("# Everything", "# Fern"),
    "Moss.md": "![[Fern]]\n\n![[Fern]]\n\n:octicons-dot-16:\n",
}


@pytest.fixture(scope="module")
def material(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    folder = tmp_path_factory.mktemp("material")
    for name in ("docs", "notes"):
        (folder / name).mkdir()
    (folder / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    for name, text in NOTES.items():
        (folder / "notes" / name).write_text(text, encoding="utf-8")
    configuration = f"INHERIT: {DEFAULT_CONFIG}\nplugins:\n  seedbed:\n    notes_dir: notes\n"
    (folder / "mkdocs.yml").write_text(configuration, encoding="utf-8")
    command = [seedbed_command(), "build", "--quiet", "--site-dir", str(folder / "site")]
    subprocess.run(command, cwd=folder, check=True)
    with hosting(folder / "site", "/") as host:
        yield host


@pytest.mark.parametrize("uri", ["", "fern/"])
def test_tabs_folds_and_annotations_work_in_pages_and_notes(new_reader, material, uri):
    reader = new_reader(material)
    reader.open(uri)
    article = reader.page.locator(".seedbed-article")
    article.get_by_text("Second", exact=True).click()
    expect(article.get_by_text("two with")).to_be_visible()
    expect(article.get_by_text("one", exact=True)).to_be_hidden()
    article.get_by_text("Folded").click()
    expect(article.get_by_text("inside")).to_be_visible()
    expect(article.locator(".md-annotation")).to_have_count(1)


def test_tabs_of_one_note_embedded_twice_turn_each_for_itself(new_reader, material):
    reader = new_reader(material)
    reader.open("moss/")
    embeds = reader.page.locator(".seedbed-embed")
    embeds.nth(1).get_by_text("Second", exact=True).click()
    expect(embeds.nth(1).get_by_text("two with")).to_be_visible()
    expect(embeds.nth(0).get_by_text("two with")).to_be_hidden()


@pytest.mark.parametrize("uri", ["", "fern/", "moss/"])
def test_icons_are_drawn_without_another_host(new_reader, material, uri):
    reader = new_reader(material)
    reader.open(uri)
    icons = reader.page.locator(".seedbed-article .twemoji svg")
    assert icons.count()
    assert icons.first.bounding_box()["width"] > 5


def test_an_example_shows_what_a_note_would(new_reader, material):
    reader = new_reader(material)
    reader.open("")
    example = reader.page.locator(".seedbed-example")
    assert "[!tip]" in example.locator(".seedbed-example__source").inner_text()
    example.locator(".admonition.tip").get_by_role("link", name="Fern").click()
    reader.page.wait_for_url("**/fern/")
    assert reader.heading == "Fern"
