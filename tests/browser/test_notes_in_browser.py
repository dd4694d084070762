"""Reading notes: the ways from one to the next, and what a note offers."""

import pytest
from browser_hosts import files_alone
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

XAVIER = "xavier-initialization/"
DESCRIBE_PLACE = """(element) => {
  const header = document.querySelector("header").getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return box.height > 0 && box.top >= header.bottom && box.top < innerHeight / 2 ? "seen" : box.top;
}"""


def main_link(reader, name):
    return reader.page.get_by_role("main").get_by_role("link", name=name, exact=True).first


def place_of_target(reader):
    """Return "seen" if the target of the address stands in the upper half below the header."""
    target = reader.page.locator(":target")
    expect(target).to_be_in_viewport()
    return target.evaluate(DESCRIBE_PLACE)


LINKING = ".seedbed-linking > li > a"


def test_a_backlink_shows_its_sentence_and_leads_to_the_words(reader):
    reader.open("sigmoid/")
    backlinks = reader.page.get_by_role("complementary", name="Linked from")
    source = backlinks.get_by_role("listitem").filter(
        has=reader.page.locator("a", has_text="Mean-Field Theory of Signal Propagation")
    )
    place = source.get_by_role("listitem").filter(has_text="is the plainest case")
    expect(place.locator("b")).to_have_text("Sigmoid")
    expect(place.get_by_role("link")).to_have_count(1)
    place.get_by_role("link").click()
    expect(reader.page).to_have_title("Mean-Field Theory of Signal Propagation - Seedbed")
    words = reader.page.get_by_role("article").get_by_text("is the plainest case")
    expect(words.first).to_be_in_viewport()


def test_formulas_of_a_backlink_are_formulas(reader):
    reader.open("sigmoid/")
    backlinks = reader.page.get_by_role("complementary", name="Linked from")
    expect(backlinks.locator(".seedbed-places math").first).to_be_visible()
    assert backlinks.locator(".seedbed-places a a, .seedbed-places [id]").count() == 0


def test_links_lead_to_their_notes_and_backlinks_return(reader):
    reader.open(XAVIER)
    for title in ("Sigmoid", "Hyperbolic Tangent", "He Initialization"):
        main_link(reader, title).click()
        expect(reader.page).to_have_title(f"{title} - Seedbed")
        assert title == reader.heading
        backlinks = reader.page.get_by_role("complementary", name="Linked from")
        backlinks.locator(LINKING, has_text="Xavier Initialization").click()
        expect(reader.page).to_have_title("Xavier Initialization - Seedbed")
        assert reader.heading == "Xavier Initialization"


def test_breadcrumbs_lead_up_to_the_hub(reader):
    reader.open("he-initialization/")
    crumbs = reader.page.get_by_role("navigation", name="Upstream").get_by_role("link")
    assert crumbs.all_inner_texts() == ["Deep Learning", "Weight Initialization"]
    crumbs.last.click()
    expect(reader.page).to_have_title("Weight Initialization - Seedbed")
    crumbs.click()
    expect(reader.page).to_have_title("Deep Learning - Seedbed")
    expect(crumbs).to_have_count(0)


def test_a_tag_leads_to_the_notes_that_bear_it(reader, manifest):
    reader.open("sigmoid/")
    main_link(reader, "#activation").click()
    expect(reader.page).to_have_title("#activation - Seedbed")
    listed = reader.page.get_by_role("article").locator(".seedbed-notes").get_by_role("link")
    tagged = sorted(title for title, note in manifest.items() if "activation" in note["tags"])
    assert tagged == sorted(listed.all_inner_texts())
    listed.first.click()
    expect(reader.page).to_have_title(f"{tagged[0]} - Seedbed")


@files_alone
def test_the_page_of_tags_lists_every_tag(reader, manifest):
    reader.open("tags/")
    listed = reader.page.get_by_role("main").locator(".tag").all_inner_texts()
    tags = {f"#{tag}" for note in manifest.values() for tag in note["tags"]}
    assert sorted(tags) == sorted(listed)


@files_alone
def test_the_page_of_notes_lists_every_note(reader, manifest):
    reader.open("notes/")
    listed = reader.page.locator(".seedbed-notes > li > a").all_inner_texts()
    assert sorted(manifest) == sorted(listed)


@files_alone
def test_the_sidebar_leads_to_the_hubs_and_the_lists(reader):
    reader.open(XAVIER)
    sidebar = reader.page.get_by_role("navigation", name="Navigation")
    for name, title in (("Deep Learning", "Deep Learning"), ("All notes", "All notes")):
        link = sidebar.get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            sidebar.get_by_text("Notes", exact=True).first.click()
        link.click()
        expect(reader.page).to_have_title(f"{title} - Seedbed")


def test_a_link_to_a_heading_scrolls_to_it(reader):
    reader.open(XAVIER)
    main_link(reader, "Deep Learning > Why depth multiplies").click()
    expect(reader.page).to_have_title("Deep Learning - Seedbed")
    assert reader.uri == "deep-learning/#why-depth-multiplies"
    assert place_of_target(reader) == "seen"


def test_a_link_to_a_block_scrolls_to_it(reader):
    reader.open(XAVIER)
    main_link(reader, "look at the numbers").click()
    expect(reader.page.locator(":target").get_by_text("older habit")).to_be_in_viewport()
    assert place_of_target(reader) == "seen"


@files_alone
def test_the_table_of_contents_leads_to_the_headings(reader):
    reader.open(XAVIER)
    contents = reader.page.get_by_role("navigation", name="Table of contents").last
    contents.get_by_role("link", name="How well it holds").click()
    expect(reader.page.locator(":target")).to_contain_text("How well it holds")
    assert place_of_target(reader) == "seen"


@files_alone
def test_a_footnote_is_reached_and_left(reader):
    reader.open(XAVIER)
    reader.page.locator("sup a").first.click()
    expect(reader.page.locator("li:target")).to_contain_text("Glorot")
    reader.page.locator("li:target").get_by_role("link").last.click()
    expect(reader.page.locator("sup:target, sup :target")).to_be_in_viewport()


@files_alone
def test_code_is_copied_as_it_was_written(new_reader, host):
    reader = new_reader(host, permissions=["clipboard-read", "clipboard-write"])
    reader.open(XAVIER)
    code = reader.page.locator("pre code", has_text="def xavier_uniform")
    code.hover()
    reader.page.get_by_role("button", name="Copy to clipboard").first.click()
    expect(reader.page.get_by_text("Copied to clipboard")).to_be_attached()
    copied = reader.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.rstrip().split("\n") == [
        "import numpy as np",
        "",
        "def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:",
        "    limit = np.sqrt(6 / (fan_in + fan_out))",
        "    return rng.uniform(-limit, limit, size=(fan_in, fan_out))  # used as x @ W",
    ]


@files_alone
def test_the_source_of_a_formula_stays_with_it(reader):
    reader.open(XAVIER)
    sources = reader.page.locator('math annotation[encoding="application/x-tex"]')
    assert (
        r"\operatorname{Var}(W) = \frac{2}{n_\text{in} + n_\text{out}}, \qquad \mathbb{E}[W] = 0"
        in [" ".join(source.split()) for source in sources.all_text_contents()]
    )


@pytest.mark.parametrize("uri", ["nobody-wrote-this/", "sigmoid/far/below"])
def test_an_unknown_address_shows_a_page_of_the_site(reader, uri):
    answer = reader.page.goto(reader.host.url + uri)
    assert answer.status == 404
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("404")
    assert len(reader.troubles) == 1, reader.troubles  # the page itself; its styles are found
    reader.troubles.clear()
    assert reader.page.evaluate("() => document.styleSheets.length") >= 4
    reader.page.get_by_role("banner").get_by_role("link", name="Seedbed").click()
    expect(reader.page).to_have_url(reader.host.url)


class TestWithoutJavaScript:
    @pytest.fixture
    def reader(self, new_reader, host):
        return new_reader(host, java_script_enabled=False)

    def test_a_note_is_all_there(self, reader, new_reader, host):
        other = new_reader(host)
        other.open(XAVIER)
        reader.open(XAVIER)
        page = reader.page
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("like throwing darts blindfolded")).to_be_visible()
        assert other.page.locator("math").count() == page.locator("math").count()
        for place in ("math", "figure svg", "nav[aria-label=Upstream] a", ".admonition"):
            expect(page.locator(f"main {place}").first).to_be_visible()
        expect(page.get_by_role("cell", name="Xavier", exact=True)).to_be_visible()
        backlinks = page.get_by_role("complementary", name="Linked from").locator(LINKING)
        shown = other.page.locator(f".seedbed-backlinks {LINKING}").all_inner_texts()
        assert shown == backlinks.all_inner_texts()
        assert len(shown) > 5
        page.get_by_text("Data", exact=True).first.click()
        expect(page.get_by_role("cell", name="0.07057")).to_be_visible()

    def test_links_lead_on(self, reader):
        reader.open(XAVIER)
        main_link(reader, "Sigmoid").click()
        expect(reader.page).to_have_title("Sigmoid - Seedbed")

    def test_nothing_offers_a_search_that_cannot_be(self, reader):
        reader.open(XAVIER)
        expect(reader.page.locator("[aria-label=Search]")).not_to_have_count(0)
        assert [
            found.evaluate("(element) => element.outerHTML")
            for found in reader.page.locator("[aria-label=Search], [role=search]").all()
            if found.is_visible()
        ] == []
