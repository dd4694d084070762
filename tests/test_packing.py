"""Tokens come back from bytes as they were."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from vaults import articles_of, index_of, write_vault
from writing import Writer

from seedbed.dialect import parse
from seedbed.dialect.packing import pack, unpack
from seedbed.index import Index
from seedbed.note import Text, read_note
from seedbed.text import NotePath

CASES = sorted((Path(__file__).parent / "cases").rglob("*.yml"))
WRITTEN = st.binary(min_size=4, max_size=150).map(lambda choices: Writer(choices).note())


def with_packed_tokens(note):
    return replace(note, text=Text(note.source, unpack(pack(note.tokens))))


@pytest.mark.parametrize("feature", sorted({file.parent.name for file in CASES}))
def test_notes_read_the_same_from_packed_tokens(feature, tmp_path):
    for file in (file for file in CASES if file.parent.name == feature):
        case = yaml.safe_load(file.read_text(encoding="utf-8"))
        root = tmp_path / file.stem
        files = case["notes"] | case.get("files", {})
        index = index_of(write_vault(root, files, case.get("settings")))
        notes = {path: with_packed_tokens(note) for path, note in index.vault.notes.items()}
        assert articles_of(Index(replace(index.vault, notes=notes))) == articles_of(index)


@given(WRITTEN)
def test_every_token_is_equal(text):
    tokens = read_note(NotePath("note.md"), text).tokens
    assert unpack(pack(tokens)) == tokens


def test_tokens_share_nothing_that_can_change():
    first, second = unpack(pack(parse("a\n\nb").tokens))[::3]
    first.meta["block_id"] = "x"
    first.attrs["start"] = 1
    assert (second.meta, second.attrs) == ({}, {})


def test_a_link_that_stands_in_two_places_is_one():
    (_, leaf, _) = parse("[[Fern]]").tokens
    (opening, *_) = leaf.children
    leaf.meta["same"] = opening.meta["ref"]
    (back,) = unpack(pack((leaf,)))
    assert back.meta["same"] is back.children[0].meta["ref"]
