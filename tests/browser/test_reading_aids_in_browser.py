"""Search and previews where something is amiss: lost requests, early keys, focus, forced colours, print."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

LINES = "".join(f"A line of text, number {number}, to fill the window.\n\n" for number in range(40))
DRAWING = '<svg role="img" aria-labelledby="leaf_d"><desc id="leaf_d">A green leaf</desc></svg>'
NOTES = {
    "Moss.md": (
        "upstream: [[Plants]]\n\nGrows near [[Fern]], by [[Stone]]; [[Bark]] and [[Plants]], "
        f"[![a picture of a fern](photo.png)](Fern.md), and the [[#^far|far]].\n\n{LINES}"
        "One [[Stone]] more.\n\nThere.\n^far\n"
    ),
    "Fern.md": (
        "upstream: [[Plants]]\n\nLikes *shade* and [[Moss]], also [[Stone]].\n\n"
        f"![](https://example.com/fern.png)\n\n{DRAWING}\n\n{'Many years. ' * 200}\n"
    ),
    "Stone.md": "Hard, as said [here](http://[) and ![dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=).\n",
    "Bark.md": "Rough.\n",
    "Plants.md": "#hub\n\n[[Fern]], [[Moss]]\n",
    "photo.png": "not a picture at all",
    **{f"Leaf {number}.md": f"#tree Leaf of a tree, {number}.\n" for number in range(12)},
}


@pytest.fixture(scope="module")
def garden(site_of):
    return site_of("aids", NOTES)


@pytest.fixture
def visitor(new_reader, garden):
    visitor = new_reader(garden)
    visitor.open("moss/")
    return visitor


def dialog(visitor):
    return visitor.page.get_by_role("dialog", name="Search")


def field(visitor):
    return dialog(visitor).get_by_role("searchbox")


def status(visitor):
    return dialog(visitor).get_by_role("status")


def results(visitor):
    return dialog(visitor).get_by_role("listitem").get_by_role("link")


def searching(visitor, query):
    """Open search and wait for what is found."""
    visitor.page.keyboard.press("/")
    field(visitor).fill(query)
    expect(results(visitor).first).to_be_visible()


def lose(visitor, pattern):
    """Let requests fail until they are no longer lost."""
    visitor.page.route(pattern, lambda route: route.abort())


def find_again(visitor, pattern):
    """Let them through, and forget the browser's own words on those that were lost."""
    visitor.page.unroute(pattern)
    assert [one for one in visitor.troubles if "ERR_FAILED" not in one] == []
    visitor.troubles.clear()


def preview(visitor):
    return visitor.page.locator(".seedbed-preview")


def link(visitor, name):
    return visitor.page.get_by_role("article").get_by_role("link", name=name, exact=True).first


def by_keyboard(visitor, name):
    """Come to a link by the keyboard, and wait for its preview."""
    link(visitor, name).focus()
    visitor.page.keyboard.press("Shift+Tab")
    visitor.page.keyboard.press("Tab")
    expect(link(visitor, name)).to_be_focused()
    expect(preview(visitor)).to_be_visible()


def rest(visitor):
    """Wait longer than a preview takes to come or go."""
    visitor.page.wait_for_timeout(800)


def test_names_are_found_whatever_the_address_became_and_asked_for_again_when_lost(visitor):
    visitor.page.keyboard.press("/")
    visitor.page.evaluate(
        """() => {
            const icon = document.querySelector("link[rel=icon]");
            icon.href = icon.href; // whatever the address
            history.pushState(null, "", "winter/deep/");
        }"""
    )
    lose(visitor, "**/names.json")
    field(visitor).fill("msos")
    expect(status(visitor)).to_have_text("No matching documents")
    find_again(visitor, "**/names.json")
    field(visitor).fill("moss")
    expect(results(visitor).first).to_be_visible()
    field(visitor).fill("#hub brak")
    expect(status(visitor)).to_have_text("No matching documents. Did you mean:")
    expect(results(visitor)).to_have_js_property("href", f"{visitor.host.url}bark/")


def test_more_results_that_are_lost_can_be_asked_for_again(visitor):
    searching(visitor, "tree")
    more = dialog(visitor).get_by_role("button", name="More results")
    lose(visitor, "**/fragment/**")
    more.click()
    expect(status(visitor)).to_contain_text("cannot be loaded")
    find_again(visitor, "**/fragment/**")
    more.click()
    expect(status(visitor)).to_have_text("12 matching documents")
    more.click()
    expect(results(visitor)).to_have_count(12)
    expect(results(visitor).nth(8)).to_be_focused()


def test_enter_never_follows_what_an_earlier_query_found(visitor):
    searching(visitor, "hard")
    lose(visitor, "**/fragment/**")
    field(visitor).fill("rough")
    visitor.page.keyboard.press("Enter")
    expect(status(visitor)).to_contain_text("cannot be loaded")
    rest(visitor)
    assert visitor.uri == "moss/"
    find_again(visitor, "**/fragment/**")


def test_who_leaves_search_after_enter_stays_on_the_page(visitor):
    visitor.page.keyboard.press("/")
    held = []
    visitor.page.route("**/fragment/**", lambda route: held.append(route))  # noqa: PLW0108 -- it asks for a function's signature
    field(visitor).fill("rough")
    with visitor.page.expect_request("**/fragment/**"):
        visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Escape")
    expect(dialog(visitor)).to_be_hidden()
    for route in held:
        route.continue_()
    rest(visitor)
    assert visitor.uri == "moss/"


def test_a_click_beside_search_closes_it_and_a_selection_that_ends_there_does_not(visitor):
    searching(visitor, "tree")
    box = field(visitor).bounding_box()
    mouse = visitor.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(5, 5)
    mouse.up()
    expect(dialog(visitor)).to_be_visible()
    mouse.click(5, 5)
    expect(dialog(visitor)).to_be_hidden()


def test_the_focus_is_not_lost_with_what_had_it(visitor):
    searching(visitor, "tree")
    field(visitor).fill("leaf")
    visitor.page.keyboard.press("ArrowDown")
    expect(results(visitor).first).to_be_focused()
    expect(field(visitor)).to_be_focused()
    expect(field(visitor)).to_have_value("leaf")


def test_arrows_lead_from_tags_to_results(visitor):
    searching(visitor, "#tree leaf")
    tag = dialog(visitor).get_by_role("group", name="Tags").get_by_role("button").first
    tag.focus()
    visitor.page.keyboard.press("ArrowDown")
    expect(results(visitor).first).to_be_focused()
    tag.focus()
    visitor.page.keyboard.press("ArrowUp")
    expect(dialog(visitor).get_by_role("button", name="More results")).to_be_focused()


def test_forced_colours_leave_what_is_chosen_visible(new_reader, garden):
    visitor = new_reader(garden, forced_colors="active")
    visitor.open("moss/")
    searching(visitor, "#tree")
    tag = dialog(visitor).get_by_role("group", name="Tags").get_by_role("button").first
    expect(tag).to_have_attribute("aria-pressed", "true")
    base = dialog(visitor).get_by_role("button", name="Close")
    colour = "(it) => getComputedStyle(it).backgroundColor"
    assert tag.evaluate(colour) != base.evaluate(colour)
    visitor.page.keyboard.press("ArrowDown")
    expect(results(visitor).first).to_be_focused()
    assert results(visitor).first.evaluate("(it) => getComputedStyle(it).outlineStyle") == "solid"


def test_what_only_a_screen_is_for_is_not_printed(visitor):
    expect(visitor.page.locator(".seedbed-turn")).to_be_visible()
    visitor.page.keyboard.press("/")
    expect(dialog(visitor)).to_be_visible()
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator(".seedbed-turn")).to_be_hidden()
    expect(visitor.page.locator("dialog.seedbed-search")).to_be_hidden()


def test_tab_leads_through_a_preview_and_on_from_its_link(visitor):
    by_keyboard(visitor, "Fern")
    visitor.page.keyboard.press("Alt+ArrowDown")
    expect(preview(visitor)).to_be_focused()
    visitor.page.keyboard.press("Shift+Tab")
    expect(link(visitor, "Fern")).to_be_focused()
    visitor.page.keyboard.press("Alt+ArrowDown")
    visitor.page.keyboard.press("Tab")
    expect(preview(visitor).get_by_role("link", name="Moss")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(preview(visitor).get_by_role("link", name="Stone")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(link(visitor, "Stone")).to_be_focused()


def test_a_preview_that_has_the_focus_stays_whatever_the_pointer_does(visitor):
    link(visitor, "Fern").hover()
    expect(preview(visitor)).to_be_visible()
    visitor.page.keyboard.press("Alt+ArrowDown")
    expect(preview(visitor)).to_be_focused()
    visitor.page.mouse.move(3, 300)
    rest(visitor)
    expect(preview(visitor)).to_be_focused()
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(preview(visitor)).to_have_count(0)
    expect(link(visitor, "Fern")).to_be_focused()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_a_preview_whose_link_is_gone_does_not_come(visitor):
    held = []
    visitor.page.route("**/fern/", lambda route: held.append(route))  # noqa: PLW0108 -- as above
    with visitor.page.expect_request("**/fern/"):
        link(visitor, "Fern").hover()
    link(visitor, "Fern").evaluate("(it) => it.remove()")
    held.pop().continue_()
    rest(visitor)
    expect(preview(visitor)).to_have_count(0)


def test_what_a_preview_holds_has_its_names_and_asks_no_other_host(visitor):
    link(visitor, "Fern").hover()
    drawing = preview(visitor).get_by_role("img", name="A green leaf")
    expect(drawing).to_have_count(1)
    visitor.page.mouse.move(3, 300)
    expect(preview(visitor)).to_have_count(0)
    link(visitor, "a picture of a fern").hover()
    expect(visitor.page.get_by_role("dialog", name="a picture of a fern")).to_be_visible()


def test_an_address_that_is_none_spoils_no_preview(visitor):
    link(visitor, "Stone").hover()
    expect(preview(visitor)).to_contain_text("Hard, as said here")
    expect(preview(visitor).get_by_role("img", name="dot")).to_have_count(1)
