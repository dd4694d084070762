"""What a link means: names, folders, spellings, parts of notes, and what stands behind each page."""

import itertools

import pytest
from vaults import index_in_memory

from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Found, Index, Missing, find_part
from seedbed.names import is_note_name
from seedbed.note import read_note
from seedbed.text import NotePath, PageUri, Span

COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"


def resolved(index, inner, source="Start.md"):
    return index.resolve(parse_ref(inner, Span(0, 0), embed=False), NotePath(source))


def led_to(files, inner, source="Start.md"):
    """Return the path that ``[[inner]]`` in ``source`` leads to among ``files``, None if nowhere."""
    notes = {path: "text" for path in (*files, source) if path.lower().endswith(".md")}
    attachments = tuple(path for path in files if not path.lower().endswith(".md"))
    found = resolved(index_in_memory(notes, attachments), inner, source)
    return found.path if isinstance(found, Found) else None


@pytest.mark.parametrize(
    ("files", "inner", "source", "path"),
    [
        # anywhere, in any case, with or without .md
        (["a/b/Fern.md"], "Fern", "Start.md", "a/b/Fern.md"),
        (["a/b/Fern.md"], "fERN", "c/d/Start.md", "a/b/Fern.md"),
        (["Fern.md"], "Fern.md", "Start.md", "Fern.md"),
        (["Fern.MD"], "fern", "Start.md", "Fern.MD"),
        (["Fern.md"], "FERN.Md", "Start.md", "Fern.md"),
        (["Ж/Ёлка.md"], "ж/ёЛКА", "Start.md", "Ж/Ёлка.md"),
        # Unicode spellings
        ([f"{DECOMPOSED}.md"], COMPOSED, "Start.md", f"{DECOMPOSED}.md"),
        ([f"{COMPOSED}.md"], DECOMPOSED, "Start.md", f"{COMPOSED}.md"),
        ([f"{DECOMPOSED}/x.png"], f"{COMPOSED}/x.png", "Start.md", f"{DECOMPOSED}/x.png"),
        # the full path, then the own folder, then the shortest path
        (["Fern.md", "a/Fern.md"], "Fern", "a/Start.md", "Fern.md"),
        (["b/Fern.md", "a/Fern.md"], "Fern", "a/Start.md", "a/Fern.md"),
        (["bb/c/Fern.md", "aaaaaaaa/Fern.md"], "Fern", "a/Start.md", "bb/c/Fern.md"),
        (["b/Fern.md", "a/Fern.md"], "Fern", "Start.md", "a/Fern.md"),
        (["a/b/Fern.md", "a/x/y/Fern.md"], "Fern", "a/x/Start.md", "a/b/Fern.md"),
        (["a/Fern.md", "x/a/Fern.md"], "a/Fern", "x/Start.md", "a/Fern.md"),
        # the end of a path, on whole segments
        (["x/a/Fern.md"], "a/Fern", "Start.md", "x/a/Fern.md"),
        (["x/ba/Fern.md"], "a/Fern", "Start.md", None),
        (["a/Fern.md"], "x/a/Fern", "Start.md", None),
        # relative and absolute paths
        (["a/Fern.md", "Fern.md"], "./Fern", "a/Start.md", "a/Fern.md"),
        (["a/Fern.md", "b/Fern.md"], "../b/Fern", "a/Start.md", "b/Fern.md"),
        (["a/Fern.md", "Fern.md"], "/a/Fern", "b/Start.md", "a/Fern.md"),
        (["Fern.md"], "../../../Fern", "a/Start.md", "Fern.md"),
        (["a/Fern.md"], "./a/../Fern", "a/Start.md", "a/Fern.md"),
        # dots in names, and files
        (["v1.2.md"], "v1.2", "Start.md", "v1.2.md"),
        (["main.py.md", "main.py"], "main.py", "Start.md", "main.py.md"),
        (["main.py"], "main.py", "Start.md", "main.py"),
        (["Chart.md", "Chart.png"], "Chart", "Start.md", "Chart.md"),
        (["Chart.md", "Chart.png"], "chart.PNG", "Start.md", "Chart.png"),
        (["Chart.png"], "Chart", "Start.md", None),
        (["a/x.png", "b/x.png"], "x.png", "b/Start.md", "b/x.png"),
        (["x.md.md", "x.md"], "x.md", "Start.md", "x.md.md"),
        # odd names
        (["a^b.md"], "a^b", "Start.md", "a^b.md"),
        (["CON.md"], "con", "Start.md", "CON.md"),
        (['what "is" this?.md'], 'what "is" this?', "Start.md", 'what "is" this?.md'),
        (["trailing dot..md"], "trailing dot.", "Start.md", "trailing dot..md"),
        (["a  b.md"], "a b", "Start.md", None),
        (["a/Fern.md"], "a", "Start.md", None),
        (["a/Fern.md"], "..", "a/Start.md", None),
        (["a/Fern.md"], "/", "a/Start.md", None),
        ([], "Start", "Start.md", "Start.md"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_name_leads_to(files, inner, source, path):
    assert led_to(files, inner, source) == path


@pytest.mark.parametrize(
    ("destination", "source", "path"),
    [
        ("b/Fern.md", "a/Start.md", "a/b/Fern.md"),
        ("c/Fern.md", "a/Start.md", "c/Fern.md"),
        ("Moss.md", "a/Start.md", "a/b/Moss.md"),
        ("../c/Fern.md", "a/Start.md", "c/Fern.md"),
        ("/b/Fern.md", "a/Start.md", "b/Fern.md"),
    ],
)
def test_a_markdown_destination_starts_from_its_note(destination, source, path):
    files = ["a/b/Fern.md", "b/Fern.md", "c/Fern.md", "a/b/Moss.md"]
    index = index_in_memory(dict.fromkeys(files, "x") | {source: f"[t]({destination})"})
    ((_, found),) = index.links[NotePath(source)]
    assert found.path == path


def test_an_ambiguous_name_names_its_rivals():
    index = index_in_memory({"b/Fern.md": "", "aa/Fern.md": "", "Start.md": "[[Fern]]"})
    found = resolved(index, "Fern")
    assert (found.path, found.rivals) == ("b/Fern.md", ("aa/Fern.md",))
    assert [found.code for found in index.diagnostics] == ["link.ambiguous"]


@pytest.mark.parametrize("inner", ["b/Fern", "./Fern", "Fern.md"])
def test_a_path_or_a_folder_settles_a_name(inner):
    index = index_in_memory({"b/Fern.md": "", "aa/Fern.md": "", "b/Start.md": f"[[{inner}]]"})
    assert resolved(index, inner, "b/Start.md").rivals == ()
    assert index.diagnostics == []


def test_a_missing_name_has_neighbours():
    index = index_in_memory({"He Initialization.md": "---\naliases: [Kaiming]\n---\n"})
    found = resolved(index, "Kaimng", "He Initialization.md")
    assert found == Missing("Kaimng", ("Kaiming",), private=False)


FERN = """# Fern

intro ^a

## Roots

### Tips & Tops

## Leaves

### Tips & Tops

- item ^Leaf-1

## `Code` and *stress*
"""


@pytest.mark.parametrize(
    ("fragment", "anchor"),
    [
        ("Roots", "roots"),
        ("ROOTS", "roots"),
        ("Tips Tops", "tips-tops"),
        ("Leaves#Tips & Tops", "tips-tops_1"),
        ("Fern#Leaves#Tips Tops", "tips-tops_1"),
        ("Fern#Tips Tops", "tips-tops"),
        ("Roots#Leaves", None),
        ("Leaves#Fern", None),
        ("Code and stress", "code-and-stress"),
        ("code-and-stress", "code-and-stress"),
        ("tips-tops_1", "tips-tops_1"),
        ("^a", "^a"),
        ("^leaf-1", "^leaf-1"),
        ("^LEAF-1", "^leaf-1"),
        ("^roots", None),
        ("a", None),
        ("", None),
        ("#", None),
        ("^", None),
    ],
)
def test_a_fragment_finds_its_part(fragment, anchor):
    part = find_part(read_note(NotePath("Fern.md"), FERN), fragment)
    assert (part.anchor if part else None) == anchor


@pytest.mark.parametrize(
    ("target", "is_note"),
    [
        ("Fern", True),
        ("a/Fern.md", True),
        ("v1.2", True),
        ("Fern.png", False),
        ("paper.PDF", False),
        ("Dr. Who", True),
        ("...", False),
        ("", False),
        ("board.canvas", False),
    ],
)
def test_a_missing_target_would_be_a_note(target, is_note):
    assert is_note_name(target) == is_note


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("Tall Fern.md", "tall-fern/"),
        ("Deep Sea/Tall Fern.md", "deep-sea/tall-fern/"),
        ("index.md", ""),
        ("a/Index.md", "a/"),
        ("a/A.md", "a/"),
        ("日本.md", "日本/"),
        ("😀.md", "note/"),
        ("a/😀/x.md", "a/note/x/"),
        ("C++.md", "c/"),
    ],
)
def test_a_note_has_its_address(path, uri):
    assert index_in_memory({path: "text"}).uris == {path: uri}


@pytest.mark.parametrize(
    ("permalink", "uri"),
    [
        ("/plants/fern/", "plants/fern/"),
        ("fern", "fern/"),
        ("/", ""),
        ("../../x", "x/"),
        ("7", "7/"),
    ],
)
def test_a_permalink_is_the_address(permalink, uri):
    note = f'---\npermalink: "{permalink}"\n---\n'
    assert index_in_memory({"a/Fern.md": note}).uris == {"a/Fern.md": uri}


def test_the_note_that_asks_for_an_address_gets_it():
    index = index_in_memory({"a.md": "", "b.md": "---\npermalink: a\n---\n"})
    assert index.uris == {"a.md": "a_1/", "b.md": "a/"}
    assert [found.path for found in index.diagnostics] == ["a.md"]


def test_what_links_mean_does_not_depend_on_the_order_of_files():
    notes = {
        "a/Fern.md": "---\naliases: [Green]\n---\n[[Moss]] [[Gone]]",
        "b/Fern.md": "---\naliases: [green]\n---\n[[Fern]] #T",
        "Moss.md": "[[Fern]] [[Green]] #t\n\nupstream: [[b/Fern]]",
        "moss .md": "[[moss]] [[gone]]",
    }
    outcomes = []
    for order in itertools.permutations(notes):
        index = index_in_memory({path: notes[path] for path in order})
        outcomes.append(
            (
                dict(sorted(index.uris.items())),
                {path: [found for _, found in index.links[path]] for path in sorted(notes)},
                sorted(index.diagnostics),
                sorted((stub.uri, sorted(stub.wanted_by)) for stub in index.stubs.values()),
                {path: sorted(linking) for path, linking in sorted(index.backlinks.items())},
            )
        )
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_backlinks_name_each_note_once_and_not_itself():
    index = index_in_memory(
        {"A.md": "[[B]] [[B#x]] ![[B]] [[A]]", "B.md": "", "C.md": "up: [[b]]\n"}
    )
    assert index.backlinks == {"A.md": (), "B.md": ("A.md", "C.md"), "C.md": ()}


def test_one_stub_stands_for_all_spellings_of_an_unwritten_note():
    index = index_in_memory(
        {"A.md": "[[New Idea]]", "B.md": "[[new idea.md]] ![[Other]] [[x.png]]"}
    )
    assert [(stub.name, stub.uri, stub.wanted_by) for stub in index.stubs.values()] == [
        ("New Idea", "new-idea/", ("A.md", "B.md"))
    ]


def test_tags_are_counted_with_those_above_them():
    index = index_in_memory({"A.md": "x #Area/Optics", "B.md": "x #area/optics/lenses #area"})
    assert dict(index.tagged.values()) == {
        "Area": ("A.md", "B.md"),
        "Area/Optics": ("A.md", "B.md"),
        "area/optics/lenses": ("B.md",),
    }


def test_only_linked_attachments_are_used():
    notes = {"A.md": "![[a.png]] [x](b.pdf)", "B.md": "---\ncover: '[[c.png]]'\n---\n"}
    index = index_in_memory(notes, ("a.png", "b.pdf", "c.png", "d.png"))
    assert index.used_attachments() == ("a.png", "b.pdf", "c.png")


def test_a_trail_upstream_ends_in_a_circle():
    index = index_in_memory(
        {name + ".md": f"upstream: [[{up}]]\n" for name, up in ["AB", "BC", "CB"]}
    )
    assert index.trail(NotePath("A.md")) == ("C.md", "B.md")
    assert index.trail(NotePath("B.md")) == ("C.md",)


def test_no_suggestions_are_sought_in_a_vault_that_is_too_large(monkeypatch):
    monkeypatch.setattr("seedbed.names._NEAREST_BELOW", 1)
    index = index_in_memory({"Fern.md": "[[Ferm]]", "Moss.md": ""})
    assert resolved(index, "Ferm", "Fern.md").nearest == ()


def test_pages_of_the_site_keep_their_addresses():
    vault = index_in_memory({"About.md": "[[guide]]", "index.md": ""}).vault
    index = Index(vault, reserved=[PageUri(""), PageUri("about/"), PageUri("guide/")])
    assert index.uris == {"About.md": "about_1/", "index.md": "index/"}
    assert [stub.uri for stub in index.stubs.values()] == ["guide_1/"]
    assert [found.code for found in index.diagnostics].count("uri.collision") == 2
