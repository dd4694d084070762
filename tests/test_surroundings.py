"""What stands around links, of every text an author may write."""

import itertools

import pytest
from counting import calls_in
from hypothesis import given
from hypothesis import strategies as st
from markup import faults
from test_any_text import TEXTS
from vaults import write_vault

from seedbed.backlinks import MOST_NOTES, MOST_PLACES, backlinks
from seedbed.index import Index
from seedbed.note import read_note
from seedbed.sentences import ends, is_ended
from seedbed.surroundings import packed, unpacked
from seedbed.text import NotePath
from seedbed.vault import look, read

SOURCE = NotePath("a.md")


@given(TEXTS, st.sampled_from(["[[Fern]]", "![[Fern]]", "[[Fern|*x*]]", "[y](Fern.md)"]), TEXTS)
def test_every_link_has_its_surroundings_which_are_balanced(before, link, behind):
    note = read_note(SOURCE, f"{before}{link}{behind}")
    found = unpacked(packed(note))
    assert {ref.span.start for ref in note.refs} == found.keys()
    for each in found.values():
        assert faults(f"<span>{each.html}</span>") == []
        assert "<a " not in each.html
        assert -1 <= each.heading < len(note.headings)


def test_a_note_without_links_keeps_nothing():
    assert packed(read_note(SOURCE, "# Text\n\nand more\n")) == b""


def test_what_is_shown_of_many_links_is_bounded(tmp_path):
    lines = "\n\n".join(f"Line {number} has [[Hub]] in it." for number in range(9))
    notes = {"Hub.md": "h"} | {f"{number:03}.md": lines for number in range(MOST_NOTES + 20)}
    write_vault(tmp_path, notes)
    shown = backlinks(NotePath("Hub.md"), Index(read(look(tmp_path))))
    assert shown.count("<b>Hub</b>") == MOST_NOTES * MOST_PLACES
    assert shown.count(f"and {9 - MOST_PLACES} more") == MOST_NOTES
    assert all(f'href="../{number:03}/"' in shown for number in range(MOST_NOTES + 20))
    assert faults(shown) == []


def around(text):
    """Return what is shown around the first link of ``text``."""
    found = unpacked(packed(read_note(SOURCE, text)))
    return found[min(found)].html


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four… End", ["One. ", "Two! ", "Three? ", "Four… ", "End"]),
        ('He said "so." Then (as "it".) \'Was.\' "Is', ['He said "so." ', 'Then (as "it".) ', "'Was.' ", '"Is']),
        ("It is. so it goes on. 3 times", ["It is. so it goes on. 3 times"]),
        ("See cf. Fig. 3. Dr. A. B. Green et al. 5. So", ["See cf. Fig. 3. Dr. A. B. Green et al. 5. So"]),
        ("The xcf. Two", ["The xcf. ", "Two"]),
        ("第一句。他说「好。」最后！", ["第一句。", "他说「好。」", "最后！"]),
        ("1.5 a.b", ["1.5 a.b"]),
        ("End. ", ["End. "]),
        ("No end.", ["No end."]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_another_begins(text, sentences):
    places = [0, *ends(text), len(text)]
    found = [text[start:end] for start, end in itertools.pairwise(places)]
    assert [each for each in found if each] == sentences


def test_before_words_that_may_be_code_any_sentence_ends():
    assert list(ends("Gains. calculate_gain etc. does", before_any=True)) == [7]


def test_a_line_ends_a_sentence_unless_it_ends_with_an_abbreviation():
    assert is_ended("It is so.")
    assert is_ended('It is "so."')
    assert not is_ended("It is so")
    assert not is_ended("It is so, cf.")


def test_where_sentences_end_in_a_very_long_text_is_soon_known():
    assert sum(1 for _ in ends("So it is. " * 50_000)) == 50_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hard<br>lines<BR/>[[Fern]] end", "Hard lines <b>Fern</b> end"),
        ('He said "so."\nThen [[Fern]] came.', "Then <b>Fern</b> came."),
        ("他说「好。」然后我们一起看到了[[Fern]]", "然后我们一起看到了<b>Fern</b>"),
        ("怎么？\n[[Fern]]", "怎么？ <b>Fern</b>"),
        ("为什么。\n[[Fern]]", "为什么。 <b>Fern</b>"),
    ],
)
def test_a_sentence_is_shown_as_it_reads(text, shown):
    assert around(text) == shown


def test_of_a_wide_row_the_nearest_cells_are_shown():
    cells = [f"{number:02} {'x' * 40}" for number in range(9)]
    row = f"|{'|'.join(cells)}|[[Fern]]|{'|'.join(cells)}|"
    shown = around(f"{'|a' * 19}|\n{'|-' * 19}|\n{row}\n")
    assert shown == " · ".join(["…", *cells[5:], "<b>Fern</b>", *cells[:4], "…"])


@pytest.mark.parametrize(
    "grow",
    [
        lambda count: f"{'|a' * count}|\n{'|-' * count}|\n{'|[[b]] c' * count}|\n",
        lambda count: f"{'|a' * count}|\n{'|-' * count}|\n{'|' * count}[[b]]|\n",
        lambda count: "---\nup:\n" + '  - "[[a]]"\n' * count + "---\n",
        lambda count: "So it is. " * count + "[[a]]",
    ],
)
def test_five_times_the_links_are_five_times_the_work(grow):
    few, many = (read_note(SOURCE, grow(count)) for count in (200, 1000))
    assert calls_in(lambda: packed(many)) < 8 * calls_in(lambda: packed(few))


def test_properties_of_very_many_links_are_soon_read():
    links = "".join(f'  - "[[Note number {number}]]"\n' for number in range(5_000))
    note = read_note(SOURCE, f"---\nother: 1\nup:\n{links}---\n")
    found = unpacked(packed(note))
    assert len(found) == 5_000
    assert {each.property for each in found.values()} == {"up"}
