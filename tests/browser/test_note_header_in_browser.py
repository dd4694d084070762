"""What a note says of itself under its title: how ripe it is, when it was written, how long it takes to read."""

import pytest
from browser_hosts import files_alone
from browser_reader import PHONE
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60, func_only=True)]

NOTES = {
    "Oak.md": "---\nmaturity: sapling\ncreated: 2022-05-03\nupdated: 2024-01-31\n"
    "upstream: '[[A wood of many trees that all have grown old in one another’s shade]]'\n"
    "tags: [" + ", ".join(f"tag-number-{number}" for number in range(12)) + "]\n"
    "links: ['[[Fern]]', '[[Moss]]', '[[Acorns of every kind and what becomes of them]]']\n---\n"
    + "An oak grows slowly. "
    * 200,
    "Fern.md": "#seed\n\n[[Oak]]\n",
}


@files_alone
def test_maturity_leads_to_the_notes_that_are_as_ripe(reader):
    reader.open("xavier-initialization/")
    main = reader.page.get_by_role("main")
    main.get_by_role("link", name="Maturity: seed", exact=True).click()
    expect(reader.page).to_have_title("#seed - Seedbed")
    listed = main.get_by_role("listitem").filter(has=reader.page.get_by_role("img", name="seed"))
    listed.get_by_role("link", name="Xavier Initialization").click()
    assert reader.heading == "Xavier Initialization"


def test_a_header_says_all_in_words_and_fits_a_phone(site_of, new_reader):
    host = site_of("header", NOTES, "--site-dir", "site")
    for scheme in ("light", "dark"):
        reader = new_reader(
            host, viewport=PHONE, color_scheme=scheme, java_script_enabled=scheme == "light"
        )
        reader.open("oak/")
        header = reader.page.locator(".seedbed-header")
        said = " ".join(header.locator(".seedbed-facts").text_content().split())
        assert said == "Created 3 May 2022 Updated 31 Jan 2024 3 min to read"
        days = [each.get_attribute("datetime") for each in header.locator("time").all()]
        assert days == ["2022-05-03", "2024-01-31"]
        if scheme == "light":
            wide = reader.page.evaluate("document.documentElement.scrollWidth")
            assert wide == PHONE["width"]
        green = header.locator("svg").evaluate("(svg) => getComputedStyle(svg).stroke")
        assert green != header.evaluate("(element) => getComputedStyle(element).color")
