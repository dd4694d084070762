"""What figures are called that have no id of their own."""

import pytest
from vaults import write_vault

from seedbed import drawings
from seedbed.vault import look, read

BLOCK = "```figure\nkind: activation-curves\n```\n"
OWN = "```figure\nkind: activation-curves\nid: {}\n```\n"


@pytest.fixture
def plan(tmp_path):
    """Return a function that plans the figures of notes: ids by note, and the notes with failures."""

    def planned(notes):
        write_vault(tmp_path, notes)
        plan = drawings.plan(read(look(tmp_path, [])).notes)
        named = [(place.path, spec.id) for place, spec in plan.specs.items()]
        return named, [place.path for place in plan.failed]

    return planned


def test_a_figure_is_named_after_its_note_and_its_place_there(plan):
    named, failed = plan({"deep/A fern.md": BLOCK + "\n" + OWN.format("own") + "\n" + BLOCK})
    assert [name for _, name in named] == ["a-fern-fig-1", "own", "a-fern-fig-3"]
    assert failed == []


def test_notes_of_one_name_in_two_folders_both_show_their_figures(plan):
    named, failed = plan({"a/Fern.md": BLOCK, "b/Fern.md": BLOCK, "Fern.md": BLOCK})
    assert failed == []
    assert len({name for _, name in named}) == 3
    assert ("b/Fern.md", "b-fern-fig-1") in named


def test_names_that_leave_nothing_of_themselves_are_told_apart_by_numbers(plan):
    named, failed = plan({"!.md": BLOCK, "!!.md": BLOCK, "!!!.md": BLOCK})
    assert failed == []
    assert sorted(name for _, name in named) == ["note-fig-1", "note-fig-1-2", "note-fig-1-3"]


def test_a_chosen_id_goes_before_a_made_one_wherever_it_stands(plan):
    named, failed = plan({"Fern.md": BLOCK, "Moss.md": OWN.format("fern-fig-1")})
    assert failed == []
    assert named == [("Fern.md", "fern-fig-1-2"), ("Moss.md", "fern-fig-1")]


def test_one_id_chosen_twice_fails_the_second_time(plan):
    named, failed = plan({"Fern.md": OWN.format("x"), "Moss.md": OWN.format("x")})
    assert named == [("Fern.md", "x")]
    assert failed == ["Moss.md"]
