"""Which notes speak of the same things."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.likeness import Likeness, wording

WORDS = ("fern", "moss", "peat", "reed", "bark", "leaf", "root", "seed", "bud", "Ähre")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
VAULTS = st.lists(TEXTS, min_size=1, max_size=30).map(
    lambda texts: {f"{number}.md": wording(text) for number, text in enumerate(texts)}
)


def likeness(*texts, others=8):
    """Return the likeness of ``texts``, called 0, 1, ..., among others that say nothing."""
    said = {str(number): wording(text) for number, text in enumerate(texts)}
    return Likeness(said | {f"other {number}": "" for number in range(others)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("moss moss", ""),
        ("moss Moss MOSS, bog bog bog; x2x x2x x2x", "moss2"),
        ("fern " * 6 + "moss " * 5 + "peat " * 12 + "reed " * 10_000, "fern3 moss2 peat4 reed9"),
        ("Größe GRÖSSE größe Größe", "größe2"),
        ("A\u0308hre Ähre ähre", "ähre2"),
        ("snake_case snake_case snake_case", "case2 snake2"),
    ],
)
def test_words_said_again_and_again_are_counted_in_steps(text, expected):
    assert wording(text) == expected


def test_two_notes_that_say_the_same_are_wholly_alike():
    (found,) = likeness("fern moss peat " * 3, "peat fern moss " * 4).to("0")
    assert found.path == "1"
    assert found.cosine == pytest.approx(1)
    assert sorted(found.words) == ["fern", "moss", "peat"]


def test_two_words_are_too_few_whatever_they_are():
    assert list(likeness("fern moss " * 3, "fern moss " * 3).to("0")) == []


def test_what_many_say_joins_nobody():
    said = ["fern moss peat " * 3] * 4
    assert {each.path for each in likeness(*said[:3]).to("0")} == set()
    assert {each.path for each in likeness(*said[:3], others=9).to("0")} == {"1", "2"}
    assert list(likeness(*["fern moss peat " * 3] * 25, others=500).to("0")) == []


def test_the_most_telling_word_is_named_first():
    rare, common = "fern " * 3, "moss peat " * 3
    found = likeness(rare + common, rare + common, common, others=12).to("0")
    assert next(each.words[0] for each in found if each.path == "1") == "fern"


def test_a_note_that_says_much_else_is_less_alike():
    same = "fern moss peat " * 3
    more = "".join(f"{word} " * 3 for word in ("reed", "bark", "leaf", "root"))
    near, far = likeness(same, same, same + more, others=12).to("0")
    assert (near.path, far.path) == ("1", "2")
    assert far.cosine < near.cosine


@given(st.text(st.sampled_from("ab_ 1.B"), max_size=80))
def test_ascii_is_counted_as_any_text_is(text):
    assert wording(f"{text * 4} é") == wording(text * 4)


@given(VAULTS)
def test_likeness_is_mutual_and_at_most_whole(said):
    alike = Likeness(said)
    found = {(path, each.path): each for path in said for each in alike.to(path)}
    for (one, other), each in found.items():
        assert one != other
        assert 0.2 <= each.cosine <= 1 + 1e-9
        assert math.isclose(found[other, one].cosine, each.cosine)
        assert len(each.words) >= 3
        words = ({word[:-1] for word in said[path].split()} for path in (one, other))
        assert set(each.words) <= set.intersection(*words)


@given(VAULTS)
def test_the_order_of_notes_does_not_matter(said):
    backwards = dict(reversed(said.items()))
    one, other = Likeness(said), Likeness(backwards)
    for path in said:
        assert Counter(one.to(path)) == Counter(other.to(path))


@given(VAULTS, st.dictionaries(st.integers(0, 29).map("{}.md".format), TEXTS, max_size=3))
def test_after_edits_it_is_as_if_made_anew_and_says_who_is_otherwise_alike(said, edits):
    edited = {path: wording(text) for path, text in edits.items() if path in said}
    before = Likeness(said)
    after, changed = before.after(edited)
    anew = Likeness(said | edited)
    for path in said:
        then, now = Counter(before.to(path)), Counter(after.to(path))
        assert now == Counter(anew.to(path))
        assert (then != now) == (path in changed)
