"""What an author sees in the browser while notes change."""

import sys

import pytest
from browser_hosts import Host, free_address, seedbed_command, serving
from playwright.sync_api import expect
from vaults import write_vault

from seedbed.host import DEFAULT_CONFIG

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

SOIL = "soil/"
NOTES = {
    "Soil.md": "Holds the roots.\n\n## Conclusion\n\nGood soil holds water too.\n",
    "Sand.md": "Unlike [[Soil]].\n",
    "Passing Thought.md": "On [[Soil]].\n",
    "Lasting Thought.md": "After a [[Passing Thought]].\n",
}
TALL = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="1200"><rect width="9" height="9"/></svg>'
READING = """() => {
  const top = (block) => block.getBoundingClientRect().top;
  const block = [...document.querySelectorAll("article p")].find((block) => top(block) > 0);
  return { text: block.textContent, top: top(block) };
}"""
"""The first paragraph in view, and where it is."""
PATIENCE = 30_000
"""Milliseconds until a change must be seen: noticed, built and loaded again."""


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    """A folder with a configuration, a page and notes that tests may change."""
    folder = tmp_path_factory.mktemp("garden")
    write_vault(folder / "notes", NOTES)
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Garden\n", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        f"INHERIT: {DEFAULT_CONFIG}\nsite_name: Garden\nplugins:\n  seedbed:\n    notes_dir: notes\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def edited(garden, tmp_path_factory, chromium):  # noqa: ARG001 -- nothing is built where none can be seen
    """A host that builds the notes again at every change."""
    address = free_address()
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
    with serving(command, address, tmp_path_factory.mktemp("edited"), folder=garden):
        yield Host(f"http://{address}/")


@pytest.fixture
def author(new_reader, edited):
    return new_reader(edited)


@pytest.fixture
def notes(garden):
    return garden / "notes"


def backlink(reader, name):
    backlinks = reader.page.get_by_role("complementary", name="Linked from")
    return backlinks.get_by_role("link", name=name, exact=True)


def write(notes, name, text):
    (notes / f"{name}.md").write_text(text, encoding="utf-8")


def long_note(paragraphs):
    """Return a note of many screens, with what takes its time: formulas, a picture, a drawing."""
    lines = [f"Paragraph {number} with $x_{{{number}}}^2$.\n" for number in range(paragraphs)]
    lines[3] = "![[tall.svg]]\n\n```mermaid\ngraph TD\n  A --> B --> C\n```\n"
    lines[paragraphs // 2] = "## Half way\n"
    return "\n".join(lines)


def added(reader, name):
    """Wait until the note ``name`` has its page."""
    reader.open("notes/")
    link = reader.page.get_by_role("article").get_by_role("link", name=name, exact=True)
    expect(link).to_be_visible(timeout=PATIENCE)


def count_loads(reader):
    loads = []
    reader.page.on("load", lambda _: loads.append(None))
    return loads


def wait_until(reader, condition):
    """Wait for what no page shows."""
    for _ in range(PATIENCE // 100):
        if condition():
            return
        reader.page.wait_for_timeout(100)
    raise AssertionError("this never came true")


def shards(reader):
    """Return what the search index says of itself; nothing while there is none."""
    found = reader.page.request.get(f"{reader.host.url}pagefind/shards.json")
    return found.text() if found.ok else ""


def status(reader, uri):
    """Return how a fresh request for a page is answered."""
    return reader.page.request.get(reader.host.url + uri).status


def test_an_edited_note_changes_before_the_authors_eyes(author, notes):
    author.open(SOIL)
    file = notes / "Soil.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("## Conclusion\n", "## Conclusion\n\nSown anew with $q = 7$.\n"),
        encoding="utf-8",
    )
    sown = author.page.get_by_text("Sown anew with")
    expect(sown).to_be_visible(timeout=PATIENCE)
    expect(sown.locator("math")).to_be_visible()


def test_an_added_note_is_there_and_its_link_is_seen_where_it_leads(author, notes):
    author.open(SOIL)
    write(notes, "Clay", "Not [[Soil]] but heavier.\n")
    expect(backlink(author, "Clay")).to_be_visible(timeout=PATIENCE)
    backlink(author, "Clay").click()
    expect(author.page).to_have_title("Clay - Garden")
    assert author.heading == "Clay"


def test_a_renamed_note_is_found_under_its_new_name_alone(author, notes):
    author.open(SOIL)
    expect(backlink(author, "Sand")).to_be_visible()
    (notes / "Sand.md").rename(notes / "Gravel.md")
    expect(backlink(author, "Gravel")).to_be_visible(timeout=PATIENCE)
    expect(backlink(author, "Sand")).to_have_count(0)
    backlink(author, "Gravel").click()
    expect(author.page).to_have_title("Gravel - Garden")
    assert author.uri == "gravel/"
    assert status(author, "sand/") == 404


def test_a_deleted_note_is_gone_and_links_to_it_say_so(author, notes):
    author.open(SOIL)
    expect(backlink(author, "Passing Thought")).to_be_visible()
    author.open("lasting-thought/")
    link = author.page.get_by_role("article").get_by_role(
        "link", name="Passing Thought", exact=True
    )
    expect(link).not_to_have_class("missing-link")
    (notes / "Passing Thought.md").unlink()
    expect(link).to_have_class("missing-link", timeout=PATIENCE)
    link.click()
    expect(author.page.get_by_text("Nobody has written this note yet.")).to_be_visible()
    wanting = author.page.get_by_role("article").get_by_role("listitem")
    assert wanting.all_inner_texts() == ["Lasting Thought"]
    author.open(SOIL)
    expect(author.page.get_by_role("complementary", name="Linked from")).to_be_visible()
    expect(backlink(author, "Passing Thought")).to_have_count(0)


def test_a_mistake_in_a_note_does_not_stop_the_others(author, notes):
    write(notes, "Half Written", "---\ntags: [open\n---\n$\\frac{1$ and ![[Nowhere]].\n")
    write(notes, "Whole Written", "A whole note.\n")
    author.open("notes/")
    expect(author.page.get_by_role("link", name="Whole Written")).to_be_visible(timeout=PATIENCE)
    author.page.get_by_role("article").get_by_role("link", name="Half Written").click()
    expect(author.page).to_have_title("Half Written - Garden")


def test_an_unpublished_note_is_gone_at_once(author, notes):
    write(notes, "Diary", "On [[Soil]].\n")
    author.open(SOIL)
    expect(backlink(author, "Diary")).to_be_visible(timeout=PATIENCE)
    write(notes, "Diary", "---\npublish: false\n---\nOn [[Soil]].\n")
    expect(backlink(author, "Diary")).to_have_count(0, timeout=PATIENCE)
    assert status(author, "diary/") == 404


@pytest.mark.parametrize(
    ("name", "fragment", "where"),
    [
        ("Ash", "", "at the end"),
        ("Birch", "", "above"),
        ("Cedar", "#half-way", "at the end"),
        ("Elder", "#half-way", "above"),
    ],
)
def test_a_reader_stays_where_she_was_after_an_edit(author, notes, name, fragment, where):
    (notes / "tall.svg").write_text(TALL, encoding="utf-8")
    text = long_note(80)
    write(notes, name, text)
    added(author, name)
    author.open(f"{name.lower()}/{fragment}")
    author.page.evaluate("document.fonts.ready")
    author.page.evaluate("scrollTo(0, document.body.scrollHeight * 0.7)")
    before = author.page.evaluate(READING)
    assert before["top"] < 100
    loads = count_loads(author)
    edited = f"{text}\nSown anew.\n" if where == "at the end" else f"Sown anew.\n\n{text}"
    write(notes, name, edited)
    expect(author.page.get_by_text("Sown anew.")).to_be_attached(timeout=PATIENCE)
    author.page.wait_for_function("document.readyState === 'complete'")
    author.page.evaluate("document.fonts.ready")
    author.page.wait_for_timeout(300)
    after = author.page.evaluate(READING)
    assert after["text"] == before["text"]
    assert after["top"] == pytest.approx(before["top"], abs=2)
    assert len(loads) == 1


def test_one_edit_loads_the_page_once(author, notes):
    write(notes, "Once", "Before.\n")
    added(author, "Once")
    author.open("once/")
    loads = count_loads(author)
    saved = notes / ".Once.md.saving"
    saved.write_text("After.\n", encoding="utf-8")
    saved.rename(notes / "Once.md")  # as many editors save
    expect(author.page.get_by_text("After.")).to_be_visible(timeout=PATIENCE)
    (notes / ".obsidian").mkdir(exist_ok=True)
    (notes / ".obsidian" / "workspace.json").write_text("{}", encoding="utf-8")
    author.page.wait_for_timeout(2_000)
    assert len(loads) == 1


def test_seedbed_serve_serves_any_vault_and_stops_when_asked(new_reader, tmp_path):
    vault = tmp_path / "Garden"
    vault.mkdir()
    write(vault, "Moss", "Grows near [[Fern]]; $m^2$.\n")
    write(vault, "Fern", "Likes shade.\n")
    address = free_address()
    command = [seedbed_command(), "serve", "--notes", "Garden", "--addr", address]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with serving(command, address, scratch, folder=tmp_path) as running:
        author = new_reader(Host(f"http://{address}/"))
        author.open("moss/")
        author.page.get_by_role("article").get_by_role("link", name="Fern", exact=True).click()
        expect(author.page).to_have_title("Fern - Garden")
        before = shards(author)
        write(vault, "Fern", "Likes shade and rain.\n")
        expect(author.page.get_by_text("and rain")).to_be_visible(timeout=PATIENCE)
        wait_until(author, lambda: shards(author) not in {"", before})
        author.page.keyboard.press("/")
        author.page.keyboard.type("rain")  # which was not there when the server began
        author.page.get_by_role("dialog").get_by_role("link", name="Fern").wait_for()
        author.page.keyboard.press("Escape")
        author.page.goto("about:blank")
        assert running.stop() == 0
    assert "Traceback" not in running.log.read_text(encoding="utf-8")
    assert list(scratch.glob("mkdocs_*")) == []
