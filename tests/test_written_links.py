"""Links, tags and headers as written: what is read from them before anything is resolved."""

import pytest

from seedbed.dialect.fields import links, read_header
from seedbed.dialect.tags import is_tag, only_tags
from seedbed.dialect.wikilinks import display_text, markdown_ref, parse_ref
from seedbed.note import read_note
from seedbed.text import NotePath, Span

HERE = Span(0, 0)


def note_of(source):
    return read_note(NotePath("Note.md"), source)


def written(source):
    """Return each ref of ``source`` as its span reads."""
    return [source[ref.span.start : ref.span.end] for ref in note_of(source).refs]


# What stands between double brackets


@pytest.mark.parametrize(
    ("inner", "target", "fragment", "label"),
    [
        ("Note", "Note", None, None),
        (" Note ", "Note", None, None),
        ("folder/Note.md", "folder/Note.md", None, None),
        ("Note|Text", "Note", None, "Text"),
        ("Note\\|Text", "Note", None, "Text"),
        ("Note|", "Note", None, None),
        ("Note| ", "Note", None, None),
        ("Note|a|b", "Note", None, "a|b"),
        ("Note#Part", "Note", "Part", None),
        ("Note # Part | Text ", "Note", "Part", "Text"),
        ("Note#A#B", "Note", "A#B", None),
        ("Note##Part", "Note", "Part", None),
        ("Note#", "Note", None, None),
        ("Note#^id", "Note", "^id", None),
        ("#Part", "", "Part", None),
        ("#^id|Text", "", "^id", "Text"),
        ("Note|Text#no", "Note", None, "Text#no"),
        ("C#", "C", None, None),
        ("a^b", "a^b", None, None),
    ],
)
def test_a_wikilink_says(inner, target, fragment, label):
    ref = parse_ref(inner, HERE, embed=False)
    assert (ref.target, ref.fragment, ref.label) == (target, fragment, label)


@pytest.mark.parametrize("inner", ["", " ", "|x", " | ", "#", "# #", "##|x"])
def test_a_wikilink_that_names_nothing_is_none(inner):
    assert parse_ref(inner, HERE, embed=False) is None


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("Note", "Note"),
        ("a/Note", "a/Note"),
        ("Note#Part", "Note > Part"),
        ("Note#A # B", "Note > A > B"),
        ("#Part", "Part"),
        ("#^id", "^id"),
    ],
)
def test_without_a_label_the_parts_are_shown(inner, shown):
    assert display_text(parse_ref(inner, HERE, embed=False)) == shown


@pytest.mark.parametrize(
    ("destination", "target", "fragment"),
    [
        ("Tall%20Fern.md", "Tall Fern.md", None),
        ("a/b.md#Deep%20Part", "a/b.md", "Deep Part"),
        ("a%23b.md#c", "a#b.md", "c"),
        ("#Part", "", "Part"),
        ("a.md?raw=1#x", "a.md", "x"),
        ("%E6%97%A5.md", "日.md", None),
        ("a%zz.md", "a%zz.md", None),
        ("x:y.md".replace(":", "%3A"), "x:y.md", None),
    ],
)
def test_a_markdown_destination_says(destination, target, fragment):
    ref = markdown_ref(destination, HERE, None, embed=False)
    assert (ref.target, ref.fragment) == (target, fragment)


@pytest.mark.parametrize(
    "destination",
    ["", "#", "https://example.org/", "mailto:a@b", "//host/x", "obsidian://open", "\\\\server\\x"],
)
def test_a_destination_outside_the_vault_is_none(destination):
    assert markdown_ref(destination, HERE, None, embed=False) is None


# Where links stand


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("- a\n  > b [[A]]\n  > ![[B|x]] c\n", ["[[A]]", "![[B|x]]"]),
        ("> > [[A]]\n> > text [t](<a b.md>)\n", ["[[A]]", "[t](<a b.md>)"]),
        (
            "| a | b |\n| - | - |\n| [[A\\|x]] | [[B]] |\n| [[B]] | \\| [[A\\|y]] |\n",
            ["[[A\\|x]]", "[[B]]", "[[B]]", "[[A\\|y]]"],
        ),
        ("| %%x%% [[A]] | [[B]] |\n| - | - |\n| [[A]] %%[[B]]%% [[C]] |\n", list("ABAC")),
        ("1. one\n\n   [[A]]\n\t- [[B]]\n", list("AB")),
        ("> [!note] [[A]]\n> %%[[B]]%% [[C]] %%x%%[[D]]\n", list("ACD")),
        ("> [!note] %%[[A]]%% [[B]]\n", list("B")),
        ("- [ ] [[A]] %%\n  gone\n  %% [[B]]\n", list("AB")),
        ("- [ ]\n  [[A]]\n", list("A")),
        ("- [x] [[A]]\n- [[A]] ^a\n", list("AA")),
        ("[[A]]\n%%a [[B]]\nb%%[[C]]\n", list("AC")),
        ("%%a%%\n%%b%%\n[[A]] %%c%%\n%%d%%\n[[A]]\n", list("AA")),
        ("x %%[[A]]\n\n[[A]]%% [[A]]\n", list("A")),
        ("# [[A]] ^id\n\ntext [[B]] ^id2\n", list("AB")),
        ("[[A]]\n[[A]]\n===\n", list("AA")),
        ("[^1]: [[A]]\n    [[B]]\n\nx[^1] ^[[[C]]]\n", list("ABC")),
        ("[[A]] [[A]]\n[[A]]\n", list("AAA")),
        ("a  \n   [[A]]  \n[[B]]\\\n[[C]]", list("ABC")),
        ("**[[A]]** ==[[B|*x*]]== [[[C]]]\n", ["[[A]]", "[[B|*x*]]", "[[C]]"]),
        ("up: [[A]], [t](B.md)\n\ntext [[C]]\n", ["[[A]]", "[t](B.md)", "[[C]]"]),
        ('---\nup: "[[A]]"\nmore: ["see [[B|2]]"]\n---\n[[C]]\n', ["[[A]]", "[[B|2]]", "[[C]]"]),
        ("[t][r] and [r]\n\n[r]: Note.md\n", ["[t][r]", "[r]"]),
        ("![a|30](x.png) ![[y.png|40]]\n", ["![a|30](x.png)", "![[y.png|40]]"]),
        ("[see [[A]] there](B.md)\n", ["[see [[A]] there](B.md)"]),
        ("![see [[A]]](x.png) [[B]]\n", ["![see [[A]]](x.png)", "[[B]]"]),
        ("[[https://a.b]] [[http://a.b|c]] [[A]]\n", list("A")),
        ("source: [[https://a.b]]\n\n[[A]]\n", list("A")),
        ("x[^1]\n\n[^1]: [[A]]\n\n    > [[B]]\n    > - [[C]]\n", list("ABC")),
        ("> [^1]: [[A]]\n>\n>       [[B]]\n>\n>           [[C]]\n\nx[^1]\n", list("AB")),
        ("~[[A]]~ ~~[[B|~c~]]~~\n", ["[[A]]", "[[B|~c~]]"]),
        (
            "- > [!note] [[A]]\n  > 1. | a |\n  >    | - |\n  >    | [[B\\|c]] |\n",
            ["[[A]]", "[[B\\|c]]"],
        ),
        ("`[[A]]` $[[B]]$ <b>[[C]]</b> \\[[D]]\n\n    [[E]]\n", list("C")),
    ],
)
def test_every_span_reads_as_the_whole_link(source, read):
    assert written(source) == [text if "[" in text else f"[[{text}]]" for text in read]


def test_spans_come_in_the_order_of_the_source():
    source = '---\na: "[[1]]"\n---\nup: [[2]]\n\n# [[3]]\n\n- [[4]] [5](5.md)\n'
    assert written(source) == ["[[1]]", "[[2]]", "[[3]]", "[[4]]", "[5](5.md)"]


# Tags


@pytest.mark.parametrize(
    "name",
    ["a", "a/b", "2024-goals", "3d", "y1984", "日本語", "हिन्दी", "✅done", "a_b-c", "é", "a/1"],
)
def test_a_tag_is(name):
    assert is_tag(name)


@pytest.mark.parametrize(
    "name", ["", "1984", "42/7", "/", "a b", "a.b", "a,b", "a#b", "a'b", "a—b", "a\u2003b", "a:b"]
)
def test_a_tag_is_not(name):
    assert not is_tag(name)


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("#a #b/c", ("a", "b/c")),
        ("  #a/ ", ("a",)),
        ("#a and", ()),
        ("#1", ()),
        ("# a", ()),
        ("", ()),
    ],
)
def test_a_line_of_tags(line, tags):
    assert only_tags(line) == tags


# The header


def header_of(source):
    header = read_header(source, 0)
    if header is None:
        return None
    fields = [
        (field.key, *(ref.target for ref in field.refs), *(f"#{tag}" for tag in field.tags))
        for field in header.fields
    ]
    return list(header.tags), fields, source[header.span.end :]


@pytest.mark.parametrize(
    ("source", "tags", "fields", "rest"),
    [
        ("#seed\n\ntext", ["seed"], [], "\ntext"),
        ("#a #b\n#c\n", ["a", "b", "c"], [], ""),
        ("up: [[A]]\ntext", [], [("up", "A")], "text"),
        ("up:: [[A]], [[B|c]] & [d](D.md)\n", [], [("up", "A", "B", "D.md")], ""),
        ("**up**: [[A]]\n__down:__ #x\n", [], [("up", "A"), ("down", "#x")], ""),
        ("two words: [[A]]\n", [], [("two words", "A")], ""),
        ("#a\n---\nup:\n***\n# H\n", ["a"], [], "# H\n"),
        ("#a\n\nup:\n\n## H\n", ["a"], [], "\n## H\n"),
        ("#a\nup:\n\ntext", ["a"], [], "up:\n\ntext"),
        ("#a\nup:\n---\nmore:\ntext", ["a"], [], "more:\ntext"),
        ("#a\n\ttabbed: [[A]]\n", ["a"], [("tabbed", "A")], ""),
    ],
)
def test_a_header_is_read(source, tags, fields, rest):
    assert header_of(source) == (tags, fields, rest)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text\n#a\n",
        "---\n\ntext",
        "Note: keep this\n",
        "up: see [[A]]\n",
        "Things:\n\n- milk\n",
        "https://example.org\n",
        "- up: [[A]]\n",
        "# up: [[A]]\n",
        "7up: [[A]]\n",
        "#a and text\n",
        "up [[A]]\n",
        "source: [[https://example.org]]\n",
    ],
)
def test_no_header_is_read(source):
    assert header_of(source) is None


def test_links_in_a_text_know_their_place():
    text = "see [[A|b]] and [c](<D e.md>)"
    spans = [(ref.target, ref.span.start - 10, ref.span.end - 10) for ref in links(text, 10)]
    assert spans == [("A", 4, 11), ("D e.md", 16, 29)]


# What a note holds besides


def test_a_note_lists_what_it_holds():
    note = note_of(
        "---\ntitle: T\naliases: [Q]\ntags: [x]\n---\n#y\n\n# H *i*\n\ntext #z #X ^b\n\n"
        "```figure\nkind: k\n```\n\n## H i\n"
    )
    assert (note.title, note.aliases, note.tags) == ("T", ("Q",), ("x", "y", "z"))
    assert note.stated_tags == ("x", "y")
    headings = [(heading.plain, heading.level, heading.anchor) for heading in note.headings]
    assert headings == [("H i", 1, "h-i"), ("H i", 2, "h-i_1")]
    assert [heading.line for heading in note.headings] == [8, 16]
    assert [(block.id, block.anchor) for block in note.blocks.values()] == [("b", "^b")]
    assert [(figure.source, figure.line) for figure in note.figures] == [("kind: k\n", 13)]
