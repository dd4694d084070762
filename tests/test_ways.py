"""Ways on from a note: its hub's order, related notes, folders, whatever the vault is like."""

import pytest
from counting import calls_in
from hypothesis import given
from hypothesis import strategies as st
from vaults import build_site, index_in_memory, write_vault

from seedbed.index import Index
from seedbed.looseends import loose_ends
from seedbed.related import MOST
from seedbed.site import SiteSettings
from seedbed.text import PageUri

NAMES = ["Fern", "fern", "Moss", "index", "Wet moss", "Wet fern"]
PATHS = st.builds(
    "{}{}.md".format, st.sampled_from(["", "a/", "a/b/", "B/", "Fern/"]), st.sampled_from(NAMES)
)
LINES = st.one_of(
    st.builds("[[{}]]\n".format, st.one_of(PATHS, st.sampled_from(NAMES))),
    st.sampled_from(["#wet\n", "#wet/soil\n", "text\n"]),
)
HEADS = st.one_of(st.just(""), st.builds("upstream: [[{}]]\n\n".format, PATHS))
TEXTS = st.builds("{}{}".format, HEADS, st.lists(LINES, max_size=4).map("".join))
VAULTS = st.dictionaries(PATHS, TEXTS, min_size=1, max_size=12)


def nearby(index):
    return {path: index.nearby(path) for path in index.uris}


@given(VAULTS)
def test_before_and_after_are_two_sides_of_one_thing(notes):
    index = index_in_memory(notes)
    turns = {index.uris[path]: near.turn for path, near in nearby(index).items() if near.turn}
    for uri, turn in turns.items():
        assert turn.previous or turn.next
        if turn.next:
            assert turns[turn.next.uri].previous.uri == uri
        if turn.previous:
            assert turns[turn.previous.uri].next.uri == uri


@given(VAULTS)
def test_related_notes_are_few_others_and_strangers(notes):
    index = index_in_memory(notes)
    paths = {uri: path for path, uri in index.uris.items()}
    for path, near in nearby(index).items():
        others = [paths[way.uri] for way in near.related]
        assert len(others) == len(set(others)) <= MOST
        assert path not in others
        assert all(path not in index.backlinks[other] for other in others)
        assert all(other not in index.backlinks[path] for other in others)
        assert all(way.more for way in near.related)


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("Мир и война", "Кот и пёс", None),
        ("Brot für alle", "Licht für Moose", None),
        ("हिन्दी भाषा", "देवनागरी हम", None),
        ("???? 1", "???? 2", None),
        ("What 1234", "What 1234", None),
        ("Война и мир", "О войне: война", "война"),
        ("हिन्दी भाषा", "भाषा विज्ञान", "भाषा"),
        ("수학 1", "수학_2", "수학"),
        ("漢字", "漢字2", "漢字"),
        ("Wet Fern", "a fern's life", "fern"),
    ],
)
def test_titles_share_words_that_tell_something(one, other, word):
    titles = {"A.md": one, "B.md": other}
    notes = {path: f"---\ntitle: {title!r}\n---\n" for path, title in titles.items()}
    index = index_in_memory(notes)
    said = [way.more for way in index.nearby("A.md").related]
    assert said == ([f"both titles say “{word}”"] if word else [])


@pytest.mark.parametrize("tag", ["seed", "Seedling", "evergreen", "seed/oak"])
def test_to_be_as_ripe_as_another_is_no_kinship(tag):
    index = index_in_memory({"A.md": f"#{tag}", "B.md": f"#{tag}"})
    said = [way.more for way in index.nearby("A.md").related]
    assert said == ([f"both tagged #{tag}"] if "/" in tag else [])


def test_each_unwritten_note_has_a_page_of_its_own():
    notes = {
        "A.md": "[[Wood]] [[Fern.MD]]",
        "B.md": "[[Wood!]] [[fern]]",
        "Wood/C.md": "[[wood.md]]",
    }
    stubs = index_in_memory(notes).stubs.values()
    assert {stub.uri: (stub.name, stub.wanted_by) for stub in stubs} == {
        "fern/": ("Fern", ("A.md", "B.md")),
        "wood/": ("Wood", ("A.md", "Wood/C.md")),
        "wood_1/": ("Wood!", ("B.md",)),
    }


def test_the_note_of_a_folder_whose_page_is_elsewhere_is_wanted_there():
    vault = index_in_memory({"A.md": "[[Wood]]", "Wood/C.md": ""}).vault
    index = Index(vault, reserved=[PageUri("wood/")])
    (stub,) = index.stubs.values()
    assert stub.uri == index.folders["Wood"].uri == "wood_1/"


def test_an_embed_of_what_nobody_wrote_leads_nowhere():
    index = index_in_memory({"A.md": "[[Fern]]", "B.md": "![[Fern]]"})
    (ends,) = (
        each for each in loose_ends(index, PageUri("x/")) if each.entry.anchor == "dead-ends"
    )
    assert ('href="../b/"' in ends.html, 'href="../a/"' in ends.html) == (True, False)


@given(VAULTS)
def test_every_document_lies_in_one_folder_or_stands_for_one(notes):
    folders = index_in_memory(notes).folders
    lying = [path for folder in folders.values() for path in folder.documents]
    standing = [folder.note for folder in folders.values() if folder.note]
    assert sorted((*lying, *standing)) == sorted(notes)
    assert folders[""].size == len(notes)


@pytest.mark.timeout(60)  # being watched takes five times as long
@pytest.mark.parametrize("name", ["one hub", "one target", "one tag and word", "neighbours"])
def test_ten_times_the_vault_is_ten_times_the_work(name):
    texts = {
        "one hub": lambda number, count: (
            "upstream: [[Note 0]]\n" if number else "".join(f"[[Note {n}]]\n" for n in range(count))
        ),
        "one target": lambda _number, _count: "[[Note 0]]\n",
        "one tag and word": lambda _number, _count: "#wet\n",
        "neighbours": lambda number, count: "".join(
            f"[[Note {(number + n) % count}]]\n" for n in range(8)
        ),
    }
    work = {}
    for count in (100, 1000):
        notes = {f"Note {n}.md": texts[name](n, count) for n in range(count)}
        vault = index_in_memory(notes).vault
        index = Index(vault)
        work[count] = calls_in(lambda index=index: nearby(index))
    assert work[1000] < 15 * work[100]


def test_a_list_written_by_hand_is_led_to_and_not_made(tmp_path):
    root = write_vault(tmp_path, {"A.md": "", "wood/B.md": ""})
    by_hand = frozenset({PageUri("random/"), PageUri("wood/")})
    site = build_site(root, SiteSettings(reserved=by_hand))
    pages = {page.uri: page.html for page in site.pages}
    assert by_hand.isdisjoint(pages)
    assert '<a href="../random/">Random note</a>' in pages["notes/"]
    assert "wood_1/" in pages


def test_no_list_names_what_is_private(tmp_path):
    hidden = "---\npublish: false\n---\n[[Fern]] [[Hidden wish]] #secret\n"
    root = write_vault(tmp_path, {"A.md": "[[Fern]]", "secret/Plan.md": hidden, "Fern.md": ""})
    pages = build_site(root).pages
    shown = " ".join(f"{page.uri} {page.html}" for page in pages).lower()
    assert not [word for word in ("secret", "plan", "hidden wish", "hidden-wish") if word in shown]
