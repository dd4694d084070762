"""What a link shows of its target before it is followed."""

import pytest
from browser_crowd import hosted
from browser_hosts import Host
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

HE = "he-initialization/"
LINES = "".join(f"A line of text, number {number}, to fill the window.\n\n" for number in range(40))
NOTES = {
    "Moss.md": (
        "Grows near [[Fern]], by [[Fern#Care|care]], [[Fern#Über Größe|größe]] and [[Fern#^rule|rule]]; see the "
        "[[Fern#^list|item]], the [[Fern#^curve|drawing]], [[Lichen]], [[Stone]], [[photo.png|file]], #green, "
        "[elsewhere](https://example.com/), [said](Fern.md 'So be it.'), [[Moss]], the [[#Far|far]] and "
        f"[[#Near|near]] ends, and a note.[^1]\n\n## Near\n\nHere.\n\n{LINES}## Far\n\nThere, see [[Fern#Care]].\n\n"
        "[^1]: It is *soft*.\n"
    ),
    "Fern.md": (
        "---\ntags: [plant]\n---\nupstream: [[Moss]]\n\nLikes *shade* and [[Moss]], as $x^2$ says.\n\n"
        f"{'It has been growing in this garden for many years. ' * 4}\n\n"
        "![](https://example.com/fern.png)\n\n"
        "<script>document.title = 'seized';</script>\n\n## Care\n\nWater it, ![[photo.png]] often.\n\n### Winter\n\n"
        "Less then.\n\n## Über Größe\n\nTwo metres.\n\n$$E = m$$\n^rule\n\n- One\n- Two ^list\n\n"
        "```mermaid\ngraph LR\n  A --> B\n```\n^curve\n"
    ),
    "Hidden Garden.md": "Wants [[Lichen]].\n",
    "Stone.md": "\n",
    "photo.png": "not a picture at all",
}


@pytest.fixture(scope="module")
def gardens(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    with hosted(tmp_path_factory.mktemp("previews"), NOTES) as gardens:
        yield gardens


@pytest.fixture(scope="module")
def garden(gardens):
    return gardens["files"]


@pytest.fixture
def visitor(new_reader, garden):
    visitor = new_reader(garden)
    visitor.open("moss/")
    return visitor


def preview(reader):
    return reader.page.get_by_role("dialog").and_(reader.page.locator(".seedbed-preview"))


def link(reader, name):
    return reader.page.get_by_role("article").get_by_role("link", name=name, exact=True).first


def requested(reader):
    found = []
    reader.page.on("request", lambda request: found.append(request.url))
    return found


def rest(reader):
    """Wait longer than a preview takes to come or go."""
    reader.page.wait_for_timeout(800)


def leave(reader):
    reader.page.mouse.move(3, 300)


@pytest.mark.parametrize(
    ("name", "shown", "not_shown"),
    [
        ("Fern", ["Fern", "Likes shade and Moss"], ["upstream", "plant", "Two metres"]),
        ("care", ["Care", "Water it", "Winter", "Less then."], ["Über Größe"]),
        ("größe", ["Über Größe", "Two metres."], ["Less then"]),
        ("rule", ["Fern", "E"], ["Two"]),
        ("item", ["Two"], ["One"]),
        ("drawing", ["A", "B"], ["Two", "graph LR"]),
        ("Lichen", ["Nobody has written this note yet", "Hidden Garden"], []),
        ("far", ["Far", "There, see"], ["soft"]),
        ("1", ["It is soft."], ["↩"]),
    ],
)
def test_a_link_shows_what_it_leads_to(visitor, name, shown, not_shown):
    link(visitor, name).hover()
    for text in shown:
        expect(preview(visitor)).to_contain_text(text)
    for text in not_shown:
        expect(preview(visitor)).not_to_contain_text(text)
    expect(visitor.page).to_have_title("Moss - Notes")
    assert preview(visitor).locator("[id]:not(svg *), script, [title]").count() == 0
    expect(visitor.page.locator(".md-tooltip2--active")).to_have_count(0)


def test_links_show_the_same_while_a_site_is_served(new_reader, gardens):
    visitor = new_reader(gardens["served"])
    visitor.open("moss/")
    for name, shown in {
        "Fern": "Likes shade and Moss",
        "care": "Water it",
        "rule": "E",
        "item": "Two",
        "1": "It is soft.",
    }.items():
        link(visitor, name).hover()
        expect(preview(visitor)).to_contain_text(shown)
    expect(preview(visitor)).not_to_contain_text("Two")
    preview(visitor).locator("em").hover()
    rest(visitor)
    expect(preview(visitor)).to_be_visible()
    leave(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_a_site_may_do_without_previews(new_reader, tmp_path):
    with hosted(tmp_path, NOTES, "    previews: false\n") as hosts:
        for host in hosts.values():
            visitor = new_reader(host)
            asked = requested(visitor)
            visitor.open("moss/")
            link(visitor, "Fern").hover()
            rest(visitor)
            expect(preview(visitor)).to_have_count(0)
            assert [url for url in asked if "preview" in url or "/fern/" in url] == []
            visitor.page.goto("about:blank")


@pytest.mark.parametrize("name", ["Stone", "file", "#green", "elsewhere", "said", "Moss", "near"])
def test_some_links_show_nothing(visitor, name):
    link(visitor, name).hover()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_a_page_is_asked_for_once_and_one_s_own_never(visitor):
    asked = requested(visitor)
    for name in ("Fern", "care", "far", "1", "Fern"):
        link(visitor, name).hover()
        rest(visitor)
        expect(preview(visitor)).to_be_visible()
    pages = [url for url in asked if url.endswith("/")]
    assert pages == [f"{visitor.host.url}fern/"]


def test_links_and_pictures_in_a_preview_hold_and_the_pointer_may_go_there(visitor):
    link(visitor, "care").hover()
    expect(preview(visitor).locator("img")).to_have_js_property(
        "src", f"{visitor.host.url}photo.png"
    )
    link(visitor, "Fern").hover()
    expect(preview(visitor)).to_contain_text("Likes shade")
    inner = preview(visitor).get_by_role("link", name="Moss")
    inner.hover()
    rest(visitor)
    expect(inner).to_have_js_property("href", f"{visitor.host.url}moss/")
    box = preview(visitor).bounding_box()
    assert box["y"] >= link(visitor, "Fern").bounding_box()["y"]
    leave(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_previews_by_keyboard_come_with_focus_are_entered_and_dismissed(visitor):
    link(visitor, "Fern").focus()
    visitor.page.keyboard.press("Shift+Tab")
    visitor.page.keyboard.press("Tab")
    expect(link(visitor, "Fern")).to_be_focused()
    expect(preview(visitor)).to_contain_text("Likes shade")
    visitor.page.mouse.move(3, 300)
    visitor.page.mouse.move(3, 400)
    rest(visitor)
    expect(preview(visitor)).to_be_visible()  # as long as the focus is there
    visitor.page.keyboard.press("Escape")
    expect(preview(visitor)).to_have_count(0)
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)
    visitor.page.keyboard.press("Tab")
    expect(preview(visitor)).to_contain_text("Water it")
    visitor.page.keyboard.press("Alt+ArrowDown")
    expect(preview(visitor)).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(link(visitor, "care")).to_be_focused()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_escape_dismisses_what_the_pointer_is_at(visitor):
    link(visitor, "Fern").hover()
    expect(preview(visitor)).to_be_visible()
    visitor.page.keyboard.press("Escape")
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_a_preview_goes_with_its_link_and_moves_nothing(visitor):
    height = visitor.page.evaluate("document.documentElement.scrollHeight")
    link(visitor, "Fern").hover()
    expect(preview(visitor)).to_be_visible()
    assert height == visitor.page.evaluate("document.documentElement.scrollHeight")
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(preview(visitor)).to_have_count(0)


def test_a_preview_keeps_within_a_narrow_window(new_reader, garden):
    visitor = new_reader(garden, viewport=PHONE)
    visitor.open("moss/")
    for name in ("Fern", "item", "1"):
        link(visitor, name).hover()
        expect(preview(visitor)).to_be_visible()
        box = preview(visitor).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"]
        leave(visitor)
        expect(preview(visitor)).to_have_count(0)


def test_fingers_get_no_previews(new_reader, garden):
    visitor = new_reader(garden, viewport=PHONE, has_touch=True, is_mobile=True)
    visitor.open("moss/")
    asked = requested(visitor)
    visitor.page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
    link(visitor, "Fern").tap()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)
    assert [url for url in asked if url.endswith("/")] == []


def test_a_slow_page_comes_late_or_not_at_all_and_a_lost_one_is_tried_again(visitor):
    held = []
    visitor.page.route("**/fern/", lambda route: held.append(route))  # noqa: PLW0108 -- it asks for a function's signature
    link(visitor, "Fern").hover()
    rest(visitor)
    leave(visitor)
    rest(visitor)
    held.pop().continue_()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)
    visitor.page.unroute("**/fern/")
    visitor.page.route("**/lichen/", lambda route: route.abort())
    link(visitor, "Lichen").hover()
    rest(visitor)
    leave(visitor)
    rest(visitor)
    visitor.page.unroute("**/lichen/")
    link(visitor, "Lichen").hover()
    expect(preview(visitor)).to_contain_text("Hidden Garden")
    assert [trouble for trouble in visitor.troubles if "ERR_FAILED" not in trouble] == []
    visitor.troubles.clear()  # the browser's own word on the lost request


def test_nothing_is_printed_of_a_preview(visitor):
    link(visitor, "Fern").hover()
    expect(preview(visitor)).to_be_visible()
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator(".seedbed-preview")).to_be_hidden()


def test_pages_opened_from_files_show_what_is_in_them(new_reader, built_folder):
    reader = new_reader(Host(f"{built_folder.as_uri()}/"))
    reader.open(f"{HE}index.html")
    reader.page.locator("a.footnote-ref").first.hover()
    expect(preview(reader)).to_contain_text("Kaiming He")
    link(reader, "ReLU").hover()
    rest(reader)
    expect(preview(reader)).to_have_count(0)


def test_formulas_and_drawings_are_shown_as_in_their_note(reader):
    reader.open(HE)
    reader.page.locator('a[href$="#^forward"]').first.hover()
    expect(preview(reader).locator("math")).to_be_visible()
    reader.open("finite-width-effects/")
    reader.page.locator(
        'article p a[href$="he-initialization/#what-it-does-by-depth"]'
    ).first.hover()
    drawing = preview(reader).locator("svg").first
    expect(drawing).to_be_visible()
    used = drawing.locator("use").evaluate_all(
        "(all) => all.map((it) => it.getAttribute('href').slice(1))"
    )
    there = drawing.locator("[id]").evaluate_all("(all) => all.map((it) => it.id)")
    assert set(used) <= set(there)
