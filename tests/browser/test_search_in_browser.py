"""Searching the site, from the files that Pagefind wrote."""

import json
import re
import shutil

import pytest
from browser_hosts import Host, files_alone, hosting
from browser_reader import Reader
from playwright.sync_api import expect

from seedbed.search import Document, write_index

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]


@pytest.fixture
def reader(reader):
    reader.open("notes/")
    expect(opener(reader)).to_be_visible()
    return reader


def opener(reader):
    return reader.page.get_by_role("banner").get_by_role("button", name="Search")


def dialog(reader):
    return reader.page.get_by_role("dialog", name="Search")


def field(reader):
    return dialog(reader).get_by_role("searchbox")


def results(reader):
    """Return the links to notes, without those to sections within."""
    return dialog(reader).get_by_role("link").filter(has=reader.page.locator("strong"))


def test_the_button_opens_search_with_the_field_ready(reader):
    expect(dialog(reader)).not_to_be_visible()
    opener(reader).click()
    expect(field(reader)).to_be_focused()


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_opens_search_with_the_field_empty_and_ready(reader, key):
    reader.page.keyboard.press(key)
    expect(field(reader)).to_be_focused()
    expect(field(reader)).to_have_value("")


def test_a_name_finds_its_note_and_enter_opens_it(reader):
    reader.page.keyboard.press("/")
    reader.page.keyboard.insert_text("Glorot")  # at once: no list of a beginning comes before
    expect(results(reader).first).to_be_visible()
    titles = results(reader).locator("strong").all_inner_texts()
    assert "Xavier Initialization" in titles
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title(f"{titles[0]} - Seedbed")
    assert titles[0] == reader.heading


@files_alone
def test_a_title_is_found_first(reader):
    opener(reader).click()
    field(reader).fill("xavier initialization")
    expect(results(reader).first).to_contain_text("Xavier Initialization")
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title("Xavier Initialization - Seedbed")
    assert reader.uri.partition("?")[0] == "xavier-initialization/"


@files_alone
def test_arrow_keys_choose_another_result(reader):
    opener(reader).click()
    field(reader).fill("Glorot")
    expect(results(reader).nth(1)).to_be_visible()
    links = dialog(reader).get_by_role("link")
    reader.page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    reader.page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    reader.page.keyboard.press("ArrowUp")
    reader.page.keyboard.press("ArrowUp")
    expect(field(reader)).to_be_focused()


@files_alone
def test_a_click_opens_a_result_and_the_dialog_is_gone(reader):
    opener(reader).click()
    field(reader).fill("saturated")
    results(reader).filter(has_text="Sigmoid").first.click()
    expect(reader.page).to_have_title("Sigmoid - Seedbed")
    expect(dialog(reader)).not_to_be_visible()


@files_alone
def test_the_words_that_were_found_are_marked(reader):
    opener(reader).click()
    field(reader).fill("compromise")
    expect(dialog(reader).locator("mark").first).to_have_text(
        re.compile("compromise", re.IGNORECASE)
    )


def test_a_word_of_no_note_gives_a_message(reader):
    opener(reader).click()
    field(reader).fill("qzxwvkjhgf")
    expect(dialog(reader).get_by_role("status")).to_have_text("No matching documents")
    expect(results(reader)).to_have_count(0)


def test_escape_closes_search_and_gives_the_focus_back(reader):
    opener(reader).click()
    field(reader).fill("tanh")
    expect(results(reader).first).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(dialog(reader)).not_to_be_visible()
    expect(opener(reader)).to_be_focused()


@files_alone
def test_nothing_is_loaded_for_search_before_it_is_opened(new_reader, host):
    reader = new_reader(host)
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.open("notes/")
    expect(opener(reader)).to_be_visible()
    assert [url for url in asked if "pagefind" in url] == []
    with reader.page.expect_request("**/pagefind/**"):
        opener(reader).click()


@files_alone
def test_only_notes_and_written_pages_are_found(reader):
    opener(reader).click()
    field(reader).fill("activation")
    expect(results(reader).first).to_be_visible()
    titles = results(reader).locator("strong").all_inner_texts()
    assert [title for title in titles if title.startswith("#") or title == "All notes"] == []


def test_a_page_opened_from_a_file_says_why_it_cannot_be_searched(new_reader, built_folder):
    reader = new_reader(Host(f"{built_folder.as_uri()}/"))
    reader.open("sigmoid/index.html")
    reader.page.keyboard.press("/")
    expect(dialog(reader).get_by_role("status")).to_contain_text("served over HTTP")
    expect(field(reader)).to_be_disabled()
    expect(dialog(reader).get_by_role("button", name="Close")).to_be_focused()


@pytest.fixture(scope="module")
def sharded(built_folder, tmp_path_factory):
    """The same pages in a folder within a site, with an index in as many shards as there can be."""
    folder = indexed(built_folder, tmp_path_factory.mktemp("sharded") / "site", most=1)
    assert (folder / "pagefind" / "7").is_dir()
    with hosting(folder, "/deep/pagefind/kb/") as host:
        yield host


@pytest.fixture(scope="module")
def whole(built_folder, tmp_path_factory):
    """These pages, with an index in one piece."""
    folder = indexed(built_folder, tmp_path_factory.mktemp("whole") / "site", most=1000)
    with hosting(folder, "/") as host:
        yield host


def indexed(built_folder, folder, most):
    shutil.copytree(built_folder, folder)
    listed = json.loads((folder / "notes.json").read_text("utf-8"))
    bearing = {note["uri"]: note["tags"] for note in listed}
    write_index(searchable(folder, bearing), folder / "pagefind", most=most)
    return folder


def searchable(folder, bearing):
    for page in folder.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        if "data-pagefind-body" in text:
            uri = page.parent.relative_to(folder).as_posix()
            address = "" if uri == "." else f"{uri}/"
            marks = "".join(
                f'<data data-pagefind-filter="tag[value]" value="{tag}"></data>'
                for tag in bearing.get(address, ())
            )
            text = re.sub(r"<[^>]*data-pagefind-body[^>]*>", lambda body: body[0] + marks, text)  # noqa: B023
            yield Document(address, text, lambda text=text: text)


def answer(reader, query):
    """Return what is said of the results of a query, and where on the site each leads."""
    status = dialog(reader).locator(".seedbed-search__status")  # which has no role while empty
    status.evaluate("status => (status.textContent = '')")
    field(reader).fill(query)
    expect(status).to_contain_text(re.compile(r"\d|^No"))
    more = dialog(reader).get_by_role("button", name="More results")
    while more.count():
        shown = results(reader).count()
        more.click()
        expect(results(reader)).not_to_have_count(shown)
    links = results(reader).evaluate_all("links => links.map(link => link.href)")
    return status.inner_text(), sorted(links)


QUERIES = (
    *("Glorot", "xavier initialization", "compromise", "orthog", "satu", "initialising", "sigm"),
    *(
        '"fan in"',
        "variance depth",
        "orthogonal matrix",
        "qzxwvkjhgf",
        "compromisingly",
        "tanh qqq",
    ),
)
"""Words of many pages, of few and of none; beginnings, other forms, and words behind one another."""


@pytest.fixture(scope="module")
def answers(chromium, whole, sharded):
    """Return the answers of a whole and of a divided index, with links from the root of the site.

    One reader of each asks everything, and loads the index once.
    """
    readers = [Reader(chromium, host) for host in (whole, sharded)]
    for reader in readers:
        reader.open("xavier-initialization/")
        opener(reader).click()

    def ask(query):
        for reader in readers:
            status, links = answer(reader, query)
            yield status, [link.removeprefix(reader.host.url) for link in links]

    yield ask
    for reader in readers:
        reader.close()
    assert [reader.troubles for reader in readers] == [[], []]


@pytest.mark.parametrize("query", QUERIES)
def test_a_divided_index_finds_what_a_whole_one_does(query, answers):
    one, many = answers(query)
    assert one == many


def test_a_divided_index_loses_nothing_of_a_beginning_that_is_a_word_somewhere(answers):
    """Where a part lacks the word itself, Pagefind answers with the words that begin so."""
    one, many = answers("saturat")
    assert one[1]
    assert set(one[1]) <= set(many[1])


def test_more_results_are_there_however_long_a_reader_waits(new_reader, sharded):
    """Pagefind forgets a result once the page has."""
    reader = new_reader(sharded)
    reader.open("notes/")
    opener(reader).click()
    field(reader).fill("initialization")
    more = dialog(reader).get_by_role("button", name="More results")
    more.wait_for()
    memory = reader.context.new_cdp_session(reader.page)
    for _ in range(3):
        memory.send("HeapProfiler.collectGarbage")
        reader.page.wait_for_timeout(50)
    shown = results(reader).count()
    more.click()
    expect(results(reader)).not_to_have_count(shown)


def test_a_result_of_any_shard_can_be_opened_from_any_page(new_reader, sharded):
    reader = new_reader(sharded)
    reader.open("guide/links/")
    opener(reader).click()
    field(reader).fill("xavier initialization")
    expect(results(reader).first).to_contain_text("Xavier Initialization")
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title("Xavier Initialization - Seedbed")


def test_a_shard_that_cannot_be_loaded_is_told_and_asked_for_again(new_reader, sharded):
    reader = new_reader(sharded)
    reader.open("notes/")
    reader.page.route("**/shards.json", lambda route: route.fulfill(status=200, body="{"))
    opener(reader).click()
    status = dialog(reader).get_by_role("status")
    expect(status).to_have_text("The search index of this site cannot be loaded.")
    reader.page.unroute("**/shards.json")
    field(reader).fill("Glorot")
    expect(results(reader).first).to_be_visible()


@files_alone
def test_search_fits_a_phone(new_reader, host):
    reader = new_reader(host, viewport={"width": 390, "height": 844}, has_touch=True)
    reader.open("notes/")
    opener(reader).tap()
    field(reader).fill("Glorot")
    expect(results(reader).first).to_be_in_viewport()
    box = dialog(reader).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    results(reader).filter(has_text="Xavier Initialization").first.tap()
    expect(reader.page).to_have_title("Xavier Initialization - Seedbed")


def tags(reader):
    return dialog(reader).get_by_role("group", name="Tags").get_by_role("button")


def test_a_result_says_what_it_is_under_and_how_it_is_tagged(reader):
    opener(reader).click()
    field(reader).fill("hyperbolic tangent")
    found = results(reader).filter(has_text="Hyperbolic Tangent").first
    expect(found).to_contain_text("Activation Function · #activation")


@files_alone
def test_tags_narrow_a_search_typed_or_chosen(reader):
    opener(reader).click()
    field(reader).fill("#activation")
    expect(results(reader).first).to_be_visible()
    tagged = results(reader).locator("strong").all_inner_texts()
    assert {"Sigmoid", "ReLU", "Hyperbolic Tangent"} <= set(tagged)
    assert "Xavier Initialization" not in tagged
    expect(tags(reader).first).to_have_text("#activation")
    expect(tags(reader).first).to_have_attribute("aria-pressed", "true")
    field(reader).fill("#activation gates")
    expect(results(reader).first).to_contain_text("Sigmoid")
    tags(reader).first.click()
    expect(field(reader)).to_have_value("gates")
    expect(field(reader)).to_be_focused()
    again = tags(reader).filter(has_text="#activation")
    again.click()  # at once, when the list may still be that of the tag
    expect(field(reader)).to_have_value("gates #activation")
    expect(again).to_have_attribute("aria-pressed", "true")


@files_alone
def test_a_misspelt_name_leads_to_the_note_and_nothing_more_is_loaded_before(reader):
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url))
    opener(reader).click()
    field(reader).fill("gates")
    expect(results(reader).first).to_be_visible()
    assert not any("names.json" in url for url in asked)
    field(reader).fill("sigmiod")
    status = dialog(reader).get_by_role("status")
    expect(status).to_have_text("No matching documents. Did you mean:")
    expect(results(reader).locator("strong")).to_have_text("Sigmoid")
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_title("Sigmoid - Seedbed")


@files_alone
def test_an_alias_finds_its_note_first(reader):
    opener(reader).click()
    field(reader).fill("kaiming initialization")
    expect(results(reader).first).to_contain_text("He Initialization")


CHINESE = {
    "权重初始化.md": "---\naliases: [重み初期化]\n---\n神经网络的初始化决定了训练的开始。Xavier 很重要。\n",
    "Other.md": "Words 训练 here, ニューラルネットワークの重み.\n",
}


def test_chinese_and_japanese_are_found_inside_a_site_of_another_language(new_reader, site_of):
    host = site_of("chinese", CHINESE)
    reader = new_reader(host)
    reader.open("other/")
    reader.page.keyboard.press("/")
    for query, title in {
        "开始": "权重初始化",
        "重み初期化": "权重初始化",
        "ネットワーク": "Other",
        "xavier 初始化": "权重初始化",
    }.items():
        field(reader).fill(query)
        expect(results(reader).locator("strong")).to_have_text(title)
    field(reader).fill("决定了")
    expect(dialog(reader).locator("ol p").first).to_contain_text("训练的开始。")
    field(reader).fill("不存在")
    expect(dialog(reader).get_by_role("status")).to_have_text("No matching documents")


def test_tags_narrow_a_search_in_every_shard(new_reader, sharded, manifest):
    reader = new_reader(sharded)
    reader.open("sigmoid/")
    opener(reader).click()
    _, links = answer(reader, "#activation")
    tagged = [note["uri"] for note in manifest.values() if "activation" in note["tags"]]
    assert sorted(f"{sharded.url}{uri}" for uri in tagged) == links
