"""What an author sees in the browser while notes change."""

import pytest
from browser_hosts import Host, free_address, seedbed_command, serving
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

XAVIER = "xavier-initialization/"
PATIENCE = 30_000
"""Milliseconds until a change must be seen: noticed, built and loaded again."""


@pytest.fixture
def author(new_reader, edited):
    return new_reader(edited)


@pytest.fixture
def notes(copied_vault):
    return copied_vault / "notes"


def backlink(reader, name):
    backlinks = reader.page.get_by_role("complementary", name="Linked from")
    return backlinks.get_by_role("link", name=name, exact=True)


def write(notes, name, text):
    (notes / f"{name}.md").write_text(text, encoding="utf-8")


def status(reader, uri):
    """Return how a fresh request for a page is answered."""
    return reader.page.request.get(reader.host.url + uri).status


def test_an_edited_note_changes_before_the_authors_eyes(author, notes):
    author.open(XAVIER)
    file = notes / "Xavier Initialization.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("## Conclusion\n", "## Conclusion\n\nSown anew with $q = 7$.\n"),
        encoding="utf-8",
    )
    sown = author.page.get_by_text("Sown anew with")
    expect(sown).to_be_visible(timeout=PATIENCE)
    expect(sown.locator("math")).to_be_visible()


def test_an_added_note_is_there_and_its_link_is_seen_where_it_leads(author, notes):
    author.open(XAVIER)
    write(notes, "Orthogonal Initialization", "Not [[Xavier Initialization]] but orthogonal.\n")
    expect(backlink(author, "Orthogonal Initialization")).to_be_visible(timeout=PATIENCE)
    backlink(author, "Orthogonal Initialization").click()
    expect(author.page).to_have_title("Orthogonal Initialization - Seedbed")
    assert author.heading == "Orthogonal Initialization"


def test_a_renamed_note_is_found_under_its_new_name_alone(author, notes):
    author.open(XAVIER)
    expect(backlink(author, "Sparse Weights")).to_be_visible()
    (notes / "Sparse Weights.md").rename(notes / "Sparse Start.md")
    expect(backlink(author, "Sparse Start")).to_be_visible(timeout=PATIENCE)
    expect(backlink(author, "Sparse Weights")).to_have_count(0)
    backlink(author, "Sparse Start").click()
    expect(author.page).to_have_title("Sparse Start - Seedbed")
    assert author.uri == "sparse-start/"
    assert status(author, "sparse-weights/") == 404


def test_a_deleted_note_is_gone_and_links_to_it_say_so(author, notes):
    author.open(XAVIER)
    expect(backlink(author, "Passing Thought")).to_be_visible()
    author.open("lasting-thought/")
    link = author.page.get_by_role("article").get_by_role("link", name="Passing Thought")
    expect(link).not_to_have_class("missing-link")
    (notes / "Passing Thought.md").unlink()
    expect(link).to_have_class("missing-link", timeout=PATIENCE)
    link.click()
    expect(author.page.get_by_text("Nobody has written this note yet.")).to_be_visible()
    wanting = author.page.get_by_role("article").get_by_role("listitem")
    assert wanting.all_inner_texts() == ["Lasting Thought"]
    author.open(XAVIER)
    expect(author.page.get_by_role("complementary", name="Linked from")).to_be_visible()
    expect(backlink(author, "Passing Thought")).to_have_count(0)


def test_a_mistake_in_a_note_does_not_stop_the_others(author, notes):
    write(notes, "Half Written", "---\ntags: [open\n---\n$\\frac{1$ and ![[Nowhere]].\n")
    write(notes, "Whole Written", "A whole note.\n")
    author.open("notes/")
    expect(author.page.get_by_role("link", name="Whole Written")).to_be_visible(timeout=PATIENCE)
    author.page.get_by_role("article").get_by_role("link", name="Half Written").click()
    expect(author.page).to_have_title("Half Written - Seedbed")


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
        author.page.get_by_role("article").get_by_role("link", name="Fern").click()
        expect(author.page).to_have_title("Fern - Garden")
        write(vault, "Fern", "Likes shade and rain.\n")
        expect(author.page.get_by_text("and rain")).to_be_visible(timeout=PATIENCE)
        author.page.keyboard.press("/")
        author.page.keyboard.type("moss")
        author.page.get_by_role("dialog").get_by_role("link", name="Moss").wait_for()
        author.page.keyboard.press("Enter")
        expect(author.page).to_have_title("Moss - Garden")
        author.page.goto("about:blank")
        assert running.stop() == 0
    assert "Traceback" not in running.log.read_text(encoding="utf-8")
    assert list(scratch.glob("mkdocs_*")) == []
