"""Notes that say ``dialect: mkdocs``: read by Python-Markdown, and notes like any other in all else."""

import pytest
from markup import faults
from vaults import articles_of, diagnostics_of, index_in_memory

import seedbed
from seedbed.diagnostics import Code, describe
from seedbed.meanings import Found
from seedbed.mkdocs_dialect import Reader
from seedbed.note import read_note
from seedbed.text import NotePath

PROPERTIES = "---\ndialect: mkdocs\n---\n"
FERN = "# Fern\n\n## Tall roots\n\nleaf ^leaf\n\n[^1]: deep\n"


def article_of(text, others=None, attachments=("leaf.png",)):
    """Return the HTML of a note of the dialect in a vault with others, and what is diagnosed."""
    index = index_in_memory(
        {"A.md": PROPERTIES + text} | (others or {"Fern.md": FERN}), attachments
    )
    html = articles_of(index)["A.md"].html
    assert faults(html) == []
    return html.strip(), [describe(found) for found in diagnostics_of(index)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[Fern]]", '<p><a href="../fern/">Fern</a></p>'),
        ("[[fern|the *fern*]]", '<p><a href="../fern/">the <em>fern</em></a></p>'),
        ("[[Fern#Tall roots]]", '<p><a href="../fern/#tall-roots">Fern &gt; Tall roots</a></p>'),
        ("[[Fern#^leaf|l]]{ .b }", '<p><a href="../fern/#^leaf" class="b">l</a></p>'),
        ("[f](Fern.md#tall-roots)", '<p><a href="../fern/#tall-roots">f</a></p>'),
        ("`[[Fern]]` and \\[[Fern]]", "<p><code>[[Fern]]</code> and [[Fern]]</p>"),
        (
            "![[leaf.png|30]]{ align=left }",
            '<p><img align="left" src="../leaf.png" alt="leaf.png" width="30" loading="lazy"></p>',
        ),
        (
            "![Leaf](leaf.png){ width=9 }",
            '<p><img width="9" src="../leaf.png" alt="Leaf" loading="lazy"></p>',
        ),
        ("Note: a text", "<p>Note: a text</p>"),
        ("^^a^^ :smile: 1/2", "<p><ins>a</ins> 😄 &frac12;</p>"),
        (
            "!!! note\n    text\n",
            '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<p>text</p>\n</div>',
        ),
        ("text ^here", '<p id="^here">text</p>'),
        (
            '=== "T"\n    text\n',
            (
                '<div class="tabbed-set tabbed-alternate" data-tabs="1:1">'
                '<input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio">'
                '<div class="tabbed-labels"><label for="__tabbed_1_1">T</label></div>\n'
                '<div class="tabbed-content">\n<div class="tabbed-block">\n<p>text</p>\n'
                "</div>\n</div>\n</div>"
            ),
        ),
    ],
)
def test_a_note_reads(text, html):
    assert article_of(text) == (html, [])


def test_headings_blocks_and_titles_are_known_to_other_notes():
    text = "# Moss\n\n## Wet places\n\nsoft ^soft\n\n!!! note\n    ## Inside\n"
    index = index_in_memory({"A.md": PROPERTIES + text})
    note = index.vault.notes[NotePath("A.md")]
    assert note.title == "Moss"
    headings = [(each.plain, each.anchor, each.line) for each in note.headings]
    assert headings == [
        ("Moss", "moss", 4),
        ("Wet places", "wet-places", 6),
        ("Inside", "inside", 11),
    ]
    assert note.blocks["soft"].anchor == "^soft"


def test_a_heading_keeps_the_id_that_its_author_chose_and_any_script_has_one():
    html, _ = article_of("## Roots { #deep }\n\n## 日本\n\n[[#Roots]] [[#日本]]\n")
    assert '<h2 id="deep">' in html
    assert '<h2 id="日本">' in html
    assert '<a href="#deep">' in html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![[A#Wet]]", "<p>soft</p>"),
        ("![[A#^dry]]", "<p>sand</p>"),
        ("![[A]]", '<h2 id="e1-wet">'),
    ],
)
def test_a_note_of_the_dialect_is_embedded_whole_and_in_parts(written, shown):
    note = PROPERTIES + "## Wet\n\nsoft\n\n## Dry\n\nsand ^dry\n"
    index = index_in_memory({"A.md": note, "B.md": f"{written}\n"})
    html = articles_of(index)["B.md"].html
    assert shown in html
    assert faults(html) == []
    assert index.backlinks[NotePath("A.md")] == ("B.md",)


def test_tabs_and_footnotes_of_an_embedded_note_keep_apart_from_the_pages_own():
    note = PROPERTIES + '=== "T"\n    text[^1]\n\n[^1]: foot\n'
    index = index_in_memory({"A.md": note + "\n![[B]]\n", "B.md": note})
    html = articles_of(index)["A.md"].html
    assert faults(html) == []
    assert html.count('name="__tabbed_1"') == 1
    assert html.count('name="e1-__tabbed_1"') == 1
    assert html.count('id="fn:1"') == 1
    assert html.count('id="e1-fn:1"') == 1


def test_an_embed_ends_its_paragraph_and_the_text_goes_on():
    html, _ = article_of("before ![[Fern#^leaf]] after")
    assert html.startswith("<p>before </p>\n<div")
    assert html.endswith("</div>\n<p> after</p>")


def test_links_count_for_backlinks_and_attachments():
    text = "[[Fern]] ![[leaf.png]]\n\n!!! note\n    [[Moss]]\n"
    index = index_in_memory(
        {"A.md": PROPERTIES + text, "Fern.md": "", "Moss.md": ""}, ("leaf.png",)
    )
    assert index.backlinks[NotePath("Fern.md")] == ("A.md",)
    assert index.backlinks[NotePath("Moss.md")] == ("A.md",)
    assert index.used_attachments() == ("leaf.png",)


def test_mistakes_are_reported_where_they_stand():
    text = "`[[Nope]]` [[Nope]]\n\n```\n[[Nope]]\n```\n\n- [[Nope]]\n\n$\\q{$ [x](No.md)\n"
    _, found = article_of(text)
    assert [line[: line.index(": no ") if ": no " in line else 27] for line in found] == [
        "A.md:4:12: link.missing",
        "A.md:10:3: link.missing",
        "A.md:12:4: math.invalid: in",
        "A.md:12:11: link.missing",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<script>alert("x")</script>',
        '<img src="x" onerror="alert(1)">',
        "[x](javascript:alert(1))",
        '<a href="javascript:alert(1)">x</a>',
        "<div markdown>\n<script>alert(1)</script>\n</div>",
        '=== "<script>alert(1)</script>"\n    x',
    ],
)
def test_nothing_in_a_note_runs(text):
    html = seedbed.render(PROPERTIES + text)
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "onerror" not in html


def test_no_file_is_read_through_a_note(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words", encoding="utf-8")
    configs = {
        "pymdownx.snippets": {"base_path": [str(tmp_path)], "restrict_base_path": False},
        "pymdownx.b64": {"base_path": str(tmp_path)},
    }
    text = f'{PROPERTIES}--8<-- "secret.txt"\n\n--8<-- "{secret}"\n'
    note = read_note(NotePath("A.md"), text, Reader(tuple(configs), configs))
    html = articles_of(index_in_memory({"A.md": text}))["A.md"].html
    assert "hidden words" not in html
    assert all("hidden words" not in str(token) for token in note.tokens)


def test_formatters_of_other_origin_do_not_work_on_notes():
    def run(*_, **__):
        raise AssertionError("a formatter of the site ran on a note")

    fence = {"name": "run", "class": "run", "format": run}
    configs = {"pymdownx.superfences": {"custom_fences": [fence]}}
    note = read_note(
        NotePath("A.md"), f"{PROPERTIES}```run\nx\n```\n", Reader(tuple(configs), configs)
    )
    assert note.diagnostics == ()


@pytest.mark.parametrize("name", ["meta", "markdown.extensions.meta"])
def test_first_lines_are_no_metadata(name):
    text = f"{PROPERTIES}Author: somebody\n\ntext\n"
    note = read_note(NotePath("A.md"), text, Reader((name,)))
    assert "Author: somebody" in note.tokens[0].children[0].content


def test_the_extensions_of_the_site_are_used():
    reader = Reader(("attr_list",))
    note = read_note(NotePath("A.md"), f"{PROPERTIES}==a== [x](b.md){{ .c }}\n", reader)
    assert note.tokens[0].children[0].content == "<p>==a== "


@pytest.mark.parametrize("text", ["[" * 4000, "<a " * 4000, "# a\n" * 4000, "`a` " * 20_000])
def test_what_would_take_too_long_is_read_as_any_other_note(text):
    note = read_note(NotePath("A.md"), PROPERTIES + text)
    assert [found.code for found in note.diagnostics] == [Code.DIALECT_FAILED]


@pytest.mark.parametrize(
    "text", ["", "\n", "\x02wzxhzdk:0\x03", "\x02klzzwxh:0001\x03", "\ufdd1", "\ufdd2"]
)
def test_marks_of_the_machinery_are_text(text):
    html = seedbed.render(f"{PROPERTIES}a {text} b")
    assert html.startswith("<p>a ")
    assert html.endswith(" b</p>\n")


def test_other_dialects_are_the_notes_own():
    assert seedbed.render("---\ndialect: obsidian\n---\n==a==") == "<p><mark>a</mark></p>\n"
    assert seedbed.render("---\ndialect: 3\n---\n!!! a").startswith("<p>!!! a")


def test_a_link_to_its_section_is_found():
    index = index_in_memory({"A.md": PROPERTIES + "## Wet\n", "B.md": "[[A#Wet]]\n"})
    (_, found) = index.links[NotePath("B.md")][0]
    assert isinstance(found, Found)
    assert found.anchor == "wet"
