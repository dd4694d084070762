"""The site without a mouse, and without motion."""

import pytest
from browser_hosts import files_alone
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

XAVIER = "xavier-initialization/"


def test_the_first_tab_reaches_a_way_past_the_header(reader):
    reader.open(XAVIER)
    reader.page.keyboard.press("Tab")
    skip = reader.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("h1:target")).to_be_in_viewport()
    reader.page.keyboard.press("Tab")
    focused = reader.page.locator(":focus")
    assert focused.evaluate("(element) => element.closest('main') !== null")


def test_tab_reaches_search_and_enter_opens_it(reader):
    reader.open(XAVIER)
    button = reader.page.get_by_role("banner").get_by_role("button", name="Search")
    expect(button).to_be_visible()
    for _ in range(8):
        reader.page.keyboard.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            break
    expect(button).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("dialog", name="Search")).to_be_visible()


@files_alone
def test_what_has_the_focus_can_be_seen(reader):
    reader.open(XAVIER)
    hidden = []
    for _ in range(25):
        reader.page.keyboard.press("Tab")
        focused = reader.page.locator(":focus")
        # The theme shows a switch by the label after it.
        size = focused.evaluate(
            "(it) => (it.matches('input') ? it.nextElementSibling : it).getBoundingClientRect().width"
        )
        if not size:
            hidden.append(focused.evaluate("(it) => it.outerHTML.slice(0, 200)"))
    assert hidden == []


@files_alone
@pytest.mark.parametrize(("motion", "flashes"), [("no-preference", True), ("reduce", False)])
def test_the_target_of_a_link_flashes_unless_motion_is_unwanted(new_reader, host, motion, flashes):
    reader = new_reader(host, reduced_motion=motion)
    reader.open("deep-learning/#why-depth-multiplies")
    animation = reader.page.locator(":target").evaluate(
        "(it) => getComputedStyle(it).animationName"
    )
    assert flashes == (animation != "none")


@files_alone
def test_nothing_moves_where_motion_is_unwanted(reader):
    reader.open(XAVIER)
    reader.page.keyboard.press("/")
    expect(reader.page.get_by_role("dialog", name="Search")).to_be_visible()
    moving = reader.page.evaluate(
        "() => document.getAnimations().map((it) => it.effect.target.outerHTML.slice(0, 100))"
    )
    assert moving == []
