"""The index of a vault that has changed, made with what the former one knows: the same as one made from nothing."""

import pickle
from dataclasses import replace

import hypothesis
from hypothesis import strategies as st
from vaults import index_in_memory

from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Index
from seedbed.text import NotePath, Span

NAMES = ["Fern", "fern", "Moss", "index", "Lichen"]
PATHS = st.builds(
    "{}{}.md".format, st.sampled_from(["", "a/", "b/", "a/c/"]), st.sampled_from(NAMES)
)
TARGETS = st.one_of(
    PATHS, st.sampled_from([*NAMES, "Green", "./Fern", "../Moss", "leaf.png", "a", "Ferm"])
)
LINES = st.one_of(
    st.builds("[[{}]]\n".format, TARGETS),
    st.builds("[x]({})\n".format, TARGETS),
    st.builds("![[{}#Roots]]\n".format, TARGETS),
    st.sampled_from(["# Roots\n", "#wet/moss\n", "text\n"]),
)
HEADS = st.one_of(
    st.sampled_from(["", "---\naliases: [Green]\n---\n", "---\npermalink: fern\n---\n"]),
    st.builds("upstream: [[{}]]\n\n".format, TARGETS),
)
TEXTS = st.builds("{}{}".format, HEADS, st.lists(LINES, max_size=4).map("".join))
VAULTS = st.dictionaries(PATHS, TEXTS, min_size=1, max_size=6)
ATTACHMENTS = st.sampled_from([(), ("leaf.png",), ("a/leaf.png", "b/leaf.png")])


@st.composite
def edits(draw):
    """Return a vault, and what it is after one or two edits, in which only texts may have changed."""
    before = draw(VAULTS)
    after = dict(before)
    for _ in range(draw(st.integers(1, 2))):
        after |= {draw(st.sampled_from(sorted(after))): draw(TEXTS)}
        if draw(st.booleans()):
            after |= draw(VAULTS)
    return before, dict(sorted(after.items()))


def known(index):
    """Return all that an index tells."""
    refs = [
        parse_ref(name, Span(0, 0), embed=False) for name in (*NAMES, "Green", "Nope", "#Roots")
    ]
    return (
        *(index.links, index.uris, index.files, index.own_pages, index.backlinks, index.tagged),
        *(index.stubs, sorted(index.diagnostics), index.used_attachments(), index.trails.below),
        {path: (index.upstream(path), index.trail(path)) for path in index.vault.notes},
        {(path, ref): index.resolve(ref, path) for path in index.vault.notes for ref in refs},
    )


@hypothesis.given(edits(), ATTACHMENTS, ATTACHMENTS)
def test_the_names_of_the_former_index_change_nothing(vaults, attachments, later_attachments):
    before, after = vaults
    former = index_in_memory(before, attachments)
    afresh = index_in_memory(after, later_attachments)
    assert known(Index(afresh.vault, last=former)) == known(afresh)


@hypothesis.given(VAULTS, ATTACHMENTS)
def test_private_names_and_settings_are_part_of_the_names(notes, attachments):
    former = index_in_memory(notes, attachments)
    settings = replace(former.vault.settings, attachment_folder="b")
    vault = replace(former.vault, settings=settings, private_names=frozenset({"nope"}))
    assert known(Index(vault, last=former)) == known(Index(vault))


def test_names_are_kept_when_only_texts_change():
    former = index_in_memory({"a.md": "[[b]]", "b.md": ""})
    edited = index_in_memory({"a.md": "[[b]] [[c]]", "b.md": "# b"}).vault
    renamed = index_in_memory({"a.md": "[[b]]", "c.md": ""}).vault
    assert Index(edited, last=former).names is former.names
    assert Index(renamed, last=former).names is not former.names


@hypothesis.given(VAULTS, ATTACHMENTS)
def test_an_index_that_went_to_another_process_knows_the_same(notes, attachments):
    index = index_in_memory(notes, attachments)
    index.resolve(parse_ref("Nope#Rots", Span(0, 0), embed=False), NotePath("Fern.md"))
    sent = pickle.loads(pickle.dumps(index))  # noqa: S301 -- made here
    assert known(sent) == known(index)
