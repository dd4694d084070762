"""What a link means: names, folders, spellings, parts of notes, and what stands behind each page."""

import itertools

import hypothesis
import pytest
from hypothesis import strategies as st
from vaults import index_in_memory

from seedbed.addresses import Addresses
from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Index
from seedbed.meanings import Found, Missing, find_part
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
        # spelling decides between paths that differ in case alone
        (["a/Fern.md", "a/fern.md"], "fern", "Start.md", "a/fern.md"),
        (["a/Fern.md", "a/fern.md"], "Fern", "Start.md", "a/Fern.md"),
        (["a/Fern.md", "a/fern.md"], "a/FERN", "Start.md", "a/Fern.md"),
        (["Fern.MD", "Fern.md"], "Fern", "Start.md", "Fern.MD"),
        # a folder's name leads to its index note, if nothing else is called so
        (["Wood/index.md"], "Wood", "Start.md", "Wood/index.md"),
        (["a/Wood/Index.md"], "wood", "Start.md", "a/Wood/Index.md"),
        (["a/Wood/index.md"], "a/Wood/", "Start.md", "a/Wood/index.md"),
        (["a/Wood/index.md", "b/Wood/index.md"], "Wood", "b/Start.md", "b/Wood/index.md"),
        (["a/Wood/index.md"], "../Wood", "a/b/Start.md", "a/Wood/index.md"),
        (["Wood/index.md", "x/Wood.md"], "Wood", "Start.md", "x/Wood.md"),
        (["Wood/index.md"], "ood", "Start.md", None),
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
        ("../d/", "a/Start.md", "d/index.md"),
        ("d/", "Start.md", "d/index.md"),
        ("<Why not?.md>", "Start.md", "Why not?.md"),
        ("<Why not?>", "Start.md", "Why not?.md"),
        ("Why%20not%3F.md", "Start.md", "Why not?.md"),
        ("c/Fern.md?why=not", "Start.md", "c/Fern.md"),
    ],
)
def test_a_markdown_destination_starts_from_its_note(destination, source, path):
    files = ["a/b/Fern.md", "b/Fern.md", "c/Fern.md", "a/b/Moss.md", "d/index.md", "Why not?.md"]
    index = index_in_memory(dict.fromkeys(files, "x") | {source: f"[t]({destination})"})
    ((_, found),) = index.links[NotePath(source)]
    assert found.path == path


def test_an_ambiguous_name_names_its_rivals():
    index = index_in_memory({"b/Fern.md": "", "aa/Fern.md": "", "Start.md": "[[Fern]]"})
    found = resolved(index, "Fern")
    assert (found.path, found.rivals) == ("b/Fern.md", ("aa/Fern.md",))
    assert [found.code for found in index.diagnostics] == ["link.ambiguous"]


def test_an_ambiguous_name_names_five_of_its_rivals():
    notes = {f"{folder}/Fern.md": "" for folder in "abcdefgh"}
    (found,) = index_in_memory(notes | {"Start.md": "[[Fern]]"}).diagnostics
    rivals = ", ".join(f'"{folder}/Fern.md"' for folder in "bcdef")
    assert found.message == (
        f'"Fern" leads to "a/Fern.md", but {rivals} and 2 more have that name too'
    )


def test_spelling_leaves_no_rival_of_the_same_path():
    index = index_in_memory({"a/Fern.md": "", "a/fern.md": "", "Start.md": "[[fern]]"})
    assert resolved(index, "fern").rivals == ()
    assert resolved(index, "FERN").rivals == ("a/fern.md",)


@pytest.mark.parametrize("target", ["Bracken", "bracken.md"])
def test_an_alias_may_be_given_an_extension(target):
    notes = {"Fern.md": "---\naliases: [Bracken]\n---\n", "Start.md": f"[x]({target})"}
    ((_, found),) = index_in_memory(notes).links[NotePath("Start.md")]
    assert found.path == "Fern.md"


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


ODD_HEADINGS = """## C

## C++

## Why?

## Why!

## कला

## काला

## 🔧 Tools

## Tools

## ⚙️ Gears

## Bug #42 is gone

## Bug

### 42 is gone

## The _old_ wood

## See [[Moss|the moss]] there

## A: B

## A B

## Week 1

### Done

## Week 2

### Done

#### By me
"""


@pytest.mark.parametrize(
    ("fragment", "heading"),
    [
        # what is typed as the heading is wins over what merely resembles it
        ("C", "C"),
        ("c++", "C++"),
        ("Why!", "Why!"),
        ("Why", "Why?"),
        ("Tools", "Tools"),
        ("🔧 tools", "🔧 Tools"),
        ("Gears", "⚙️ Gears"),
        ("A: B", "A: B"),
        ("A B", "A B"),
        # vowel signs are letters
        ("कला", "कला"),
        ("काला", "काला"),
        ("कल", None),
        # a hash mark may belong to the heading
        ("Bug #42 is gone", "Bug #42 is gone"),
        ("bug 42 is gone", "Bug #42 is gone"),
        ("Bug#42 is gone", "42 is gone"),
        # as Obsidian writes it: from the source, with what has a meaning in links cut out
        ("The old wood", "The old wood"),
        ("The _old_ wood", "The old wood"),
        ("See Moss the moss there", "See the moss there"),
        # step by step, one looser than the other
        ("Why!#Done", None),
        ("Week 2#Done", "Done"),
        ("week 2!#By me", "By me"),
        ("Week 2#Done#By me", "By me"),
        ("Week 1#Done#By me", None),
        ("Week 1#By me", None),
        ("C#C#C#C#C#C#C", None),
    ],
)
def test_a_fragment_finds_the_heading_that_is_most_like_it(fragment, heading):
    part = find_part(read_note(NotePath("Odd.md"), ODD_HEADINGS), fragment)
    assert (part.plain if part else None) == heading


def test_a_step_leads_to_the_part_under_it():
    note = read_note(NotePath("Odd.md"), ODD_HEADINGS)
    found = (find_part(note, f"Week {number}#Done") for number in (1, 2))
    assert [part.anchor for part in found] == ["done", "done_1"]


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


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Fren", ("Fern",)),
        ("tree number 377", ("Tree number 77", "Tree number 37", "Tree number 277")),
        ("Moss", ()),
        ("x" * 5000, ()),
    ],
)
def test_a_misspelling_is_found_among_many_names(wanted, names):
    notes = {f"Tree number {number}.md": "" for number in range(300)}
    index = index_in_memory(notes | {"Fern.md": "", "n" * 200 + ".md": ""})
    assert resolved(index, wanted).nearest == names


ONE_PLACE = {
    "a permalink below a file": (
        {"a.md": "![[b.png]]", "b.png": "", "c.md": "b.png/x"},
        "b.png_1/x/",
    ),
    "a permalink of another page's file": ({"a.md": "", "c.md": "a/index.html"}, "a/"),
    "a permalink below another page's file": (
        {"a.md": "", "c.md": "a/index.html/x"},
        "a/index.html/x/",
    ),
    "a permalink below a file of the site": ({"c.md": "sitemap.xml/x"}, "sitemap.xml_1/x/"),
    "a permalink that is a file of the site": ({"c.md": "404.html"}, "404.html_1/"),
    "a permalink below the search index": ({"c.md": "pagefind/x"}, "pagefind_1/x/"),
    "a permalink that is the list of notes": ({"c.md": "notes"}, "notes_1/"),
    "a permalink that is a tag": ({"a.md": "x #wet", "c.md": "tags/wet"}, "tags/wet_1/"),
    "a permalink that would be a tag": ({"a.md": "x #wet", "c.md": "tags/dry"}, "tags/dry/"),
    "a file without extension": ({"a.md": "[[wood]]", "wood": "", "c.md": "wood/x"}, "wood_1/x/"),
    "a file in no link": ({"a.md": "", "wood": "", "c.md": "wood/x"}, "wood/x/"),
    "a home page that is a file": (
        {"a.md": "[[index.html]]", "index.html": "", "c.md": "/"},
        "index/",
    ),
}


@pytest.mark.parametrize("name", ONE_PLACE)
def test_no_address_stands_in_the_way_of_another(name):
    files, uri = ONE_PLACE[name]
    permalink = f"---\npermalink: {files['c.md']}\n---\n"
    notes = {path: text for path, text in files.items() if path.endswith(".md")}
    index = index_in_memory(
        notes | {"c.md": permalink}, tuple(path for path in files if path not in notes)
    )
    assert index.uris["c.md"] == uri


def test_a_file_makes_way_for_those_of_the_site():
    notes = {"a.md": "[[notes.json]] ![[leaf.png]] [x](data)", "data/b.md": ""}
    vault = index_in_memory(notes, ("data", "leaf.png", "notes.json", "sitemap.xml")).vault
    index = Index(vault, reserved=[PageUri("leaf.png"), PageUri("data/x.csv")])
    assert index.files == {
        "data": "data_1",
        "leaf.png": "leaf_1.png",
        "notes.json": "notes_1.json",
        "sitemap.xml": "sitemap_1.xml",
    }
    assert [found.uri for _, found in index.links["a.md"]] == [
        "notes_1.json",
        "leaf_1.png",
        "data_1",
    ]
    assert [(found.path, found.code) for found in index.diagnostics] == [
        ("data", "uri.collision"),
        ("leaf.png", "uri.collision"),
        ("notes.json", "uri.collision"),
    ]


@hypothesis.given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "index.html", "a_1"]), min_size=1, max_size=4)
        .map("/".join)
        .flatmap(lambda path: st.sampled_from([path, f"{path}/"])),
        max_size=12,
    )
)
def test_addresses_fit_in_one_folder(wanted):
    addresses = Addresses()
    given = [addresses.give(PageUri(uri), "x") for uri in ["", *wanted]]
    files = [f"{uri}index.html" if uri.endswith("/") or not uri else uri for uri in given]
    assert len(files) == len(set(files))
    assert not [(one, other) for one in files for other in files if other.startswith(f"{one}/")]


def test_pages_of_the_site_keep_their_addresses():
    vault = index_in_memory({"About.md": "[[guide]]", "index.md": ""}).vault
    index = Index(vault, reserved=[PageUri(""), PageUri("about/"), PageUri("guide/")])
    assert index.uris == {"About.md": "about_1/", "index.md": "index/"}
    assert [stub.uri for stub in index.stubs.values()] == ["guide_1/"]
    assert [found.code for found in index.diagnostics].count("uri.collision") == 2
