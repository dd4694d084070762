"""What stands around links, of every text an author may write."""

from hypothesis import given
from hypothesis import strategies as st
from markup import faults
from test_any_text import TEXTS
from vaults import write_vault

from seedbed.backlinks import MOST_NOTES, MOST_PLACES, backlinks
from seedbed.index import Index
from seedbed.note import read_note
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
