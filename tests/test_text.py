"""Spellings, slugs, positions and relative links."""

import posixpath
from urllib.parse import unquote

import hypothesis
import pytest
from hypothesis import strategies as st
from markdown.extensions.toc import slugify

from seedbed.text import (
    Ids,
    Lines,
    PageUri,
    did_you_mean,
    fold,
    fold_fragment,
    nearest,
    relative_uri,
    slug,
    text_directive,
)

DECOMPOSED = "Cafe\u0301"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Tall Fern", "tall fern"),
        ("HÄNGENDE", "hängende"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        (DECOMPOSED, "café"),
        ("İ", "i̇"),
        ("日本語", "日本語"),
        ("", ""),
    ],
)
def test_names_fold_without_case_and_composed(name, key):
    assert fold(name) == key


@hypothesis.given(st.text())
def test_folding_twice_changes_nothing_more(name):
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("Chess The Video Game", "Chess: The Video-Game!"),
        ("c vs. c++", "C vs C++"),
        ("  Two   blanks ", "Two blanks"),
        ("snake_case", "Snake_Case"),
        ("a|b^c%%d", "a b c d"),
        (DECOMPOSED, "café!"),
        ("हिन्दी", "हिन्दी:"),
        ("!!!", "!!!"),
        ("日本語", "「日本語」"),
        ("Gears", "⚙️ Gears"),
        ("1 Start", "1️⃣ Start"),
    ],
)
def test_a_fragment_finds_the_heading(written, heading):
    assert fold_fragment(written) == fold_fragment(heading)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "D"),
        ("!!!", "???"),
        ("a b", "ab"),
        ("snake_case", "snake case"),
        ("कला", "काला"),
        ("ปี", "ปู"),
        ("كَتَبَ", "كُتُب"),
    ],
)
def test_other_headings_stay_apart(one, other):
    assert fold_fragment(one) != fold_fragment(other)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Tall Fern", "tall-fern"),
        ("  R&D, (2024)! ", "rd-2024"),
        ("a -- b", "a-b"),
        ("under_score", "under_score"),
        ("Émile Zola", "émile-zola"),
        (DECOMPOSED, "café"),
        ("हिन्दी", "हिन्दी"),
        ("日本語のノート", "日本語のノート"),
        ("C++", "c"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_slugs(text, address):
    assert slug(text) == address


@hypothesis.given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_slugs_of_ascii_are_those_of_hand_written_pages(text):
    assert slug(text) == slugify(text, "-")


@pytest.mark.parametrize(
    ("wanted", "taken", "given"),
    [
        ("a", [], "a"),
        ("a", ["b"], "a"),
        ("a", ["a"], "a_1"),
        ("a", ["a", "a_1", "a_2"], "a_3"),
        ("a_1", ["a", "a_1"], "a_1_1"),
    ],
)
def test_a_taken_name_gets_the_first_free_number(wanted, taken, given):
    assert Ids(taken).give(wanted) == given


@hypothesis.given(st.lists(st.sampled_from(["a", "a_1", "a_1_1", "a_2", "b"]), max_size=20))
def test_no_name_is_given_out_twice(wanted):
    ids = Ids()
    given = [ids.give(name) for name in wanted]
    assert len(given) == len(set(given))


@pytest.mark.parametrize(
    ("target", "source", "link"),
    [
        ("fern/", "start/", "../fern/"),
        ("fern/", "", "fern/"),
        ("", "start/", "../"),
        ("", "", "./"),
        ("a/b/", "a/c/", "../b/"),
        ("a/", "a/b/", "../"),
        ("a/b/", "a/", "b/"),
        ("fern/", "fern/", "./"),
        ("img/Figure 1.png", "a/b/", "../../img/Figure%201.png"),
        ("100%/q?#x.pdf", "", "100%25/q%3F%23x.pdf"),
        ("日本/", "start/", "../%E6%97%A5%E6%9C%AC/"),
        ("a:b/", "", "a%3Ab/"),
    ],
)
def test_links_lead_from_page_to_page(target, source, link):
    assert relative_uri(PageUri(target), PageUri(source)) == link


STEPS = st.lists(st.sampled_from(["a", "b", "é x", "a.b", ".", "..", ""]), max_size=5).map("/".join)


@hypothesis.given(STEPS, STEPS)
def test_a_link_is_the_shortest_way_down_from_what_both_have_in_common(target, folder):
    shortest = posixpath.relpath(f"/{target}/x", f"/{folder}")
    assert unquote(relative_uri(PageUri(f"{target}/x"), PageUri(f"{folder}/"))) == shortest


@pytest.mark.parametrize(
    ("target", "anchor", "link"),
    [
        ("fern/", "roots", "../fern/#roots"),
        ("start/", "roots", "#roots"),
        ("fern/", "^leaf", "../fern/#^leaf"),
        ("fern/", 'a b"<>', "../fern/#a%20b%22%3C%3E"),
        ("fern/", "日", "../fern/#%E6%97%A5"),
        ("fern/", "", "../fern/#"),
    ],
)
def test_links_lead_to_a_part_of_a_page(target, anchor, link):
    assert relative_uri(PageUri(target), PageUri("start/"), anchor) == link


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (6, (3, 3))],
)
def test_offsets_are_lines_and_columns_from_one(offset, place):
    assert Lines("ab\n\ncd").position(offset) == place


@hypothesis.given(st.text(alphabet="a\n", max_size=30), st.data())
def test_a_position_says_how_many_line_ends_come_before(text, data):
    offset = data.draw(st.integers(0, len(text)))
    line, column = Lines(text).position(offset)
    assert (line, column) == (
        text.count("\n", 0, offset) + 1,
        offset - text.rfind("\n", 0, offset),
    )


@pytest.mark.parametrize(
    ("wanted", "names", "question"),
    [
        ("Kaimng", ["Kaiming", "Glorot"], ' (did you mean "Kaiming"?)'),
        ("sigmoids", ["Sigmoid", "Sigmoid 2"], ' (did you mean "Sigmoid" or "Sigmoid 2"?)'),
        ("Moss", ["Fern"], ""),
        ("Moss", [], ""),
    ],
)
def test_a_misspelt_name_is_asked_about(wanted, names, question):
    assert did_you_mean(nearest(wanted, names)) == question


def test_no_more_than_three_names_are_asked_about():
    assert len(nearest("note", [f"note{number}" for number in range(9)])) == 3


def test_a_text_directive_names_words_and_some_before_them():
    assert text_directive("non-linear, so") == "non%2Dlinear%2C%20so"
    assert text_directive("Über", ["a-b", "&"]) == "a%2Db%20%26-,%C3%9Cber"
