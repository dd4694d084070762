"""What holds for every text an author may write, tried with texts made of the dialect's own marks."""

import html
import re

from hypothesis import example, given
from hypothesis import strategies as st
from markup import faults
from vaults import articles_of, diagnostics_of, index_in_memory

import seedbed
from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Found
from seedbed.note import read_note
from seedbed.text import NotePath, Span

MARKS = "[]|#^$`%=>!-*_~<&\n \\():.,/0a\t"
FRAGMENTS = (
    *(
        "[[",
        "]]",
        "![[",
        "[[Fern]]",
        "[[Fern|x]]",
        "[[Fern#Roots\\|y]]",
        "![[Moss]]",
        "[t](Fern.md)",
    ),
    *("%%", "%%a%%", "==", "$$", "$x$", "```\n", "~~~\n", "`", "\n\n", "\n", "    ", "\t", "  \n"),
    *("> ", "> [!note] ", "> [!tip]- T\n", "- ", "- [ ] ", "1. ", "# ", "## Roots", "---\n", "***"),
    *(
        "| a | b |\n",
        "| - | - |\n",
        "^[",
        "[^1]",
        "[^1]: ",
        " ^id",
        "\n^id\n",
        "#tag",
        "#",
        "**",
        "~~",
    ),
    *("<b>", "</b>", "<div>\n", "</div>\n", "<!--", "-->", "<script>", "&amp;", "\\", "upstream: "),
    *(
        "http://a.b/c_d",
        "<http://a.b>",
        "word",
        "é",
        "日本",
        "e\u0301",
        "\u00a0",
        "\ufdd0",
        "0",
        "x",
    ),
    *("[a]: b\n", "[a]", "{", "}", "![a|9](b.png)", "===\n", "^", "=", "\ud7ff", "😀"),
)
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.sampled_from(MARKS)), max_size=40).map(
    "".join
)
# Marks that neither are code, math, HTML or an address, nor escape what follows: what they surround is text.
AROUND = st.lists(
    st.sampled_from(
        [
            *(
                "[[Fern]] ",
                "==a== ",
                "> ",
                "- ",
                "- [ ] ",
                "# ",
                "1. ",
                "| a | b |\n| - | - |\n| c | ",
            ),
            *(
                "> [!note] T ",
                "> [!tip]- ",
                "**",
                "_",
                "\n",
                "\n\n",
                " ^id\n\n",
                "[^1]: ",
                "x[^1] ",
            ),
            *("#tag ", "word ", "é", "[", "]", "![[Moss]]\n", "---\n\n", "up: [[Fern]]\n"),
        ]
    ),
    max_size=12,
).map("".join)
HIDDEN = st.lists(
    st.sampled_from([fragment for fragment in FRAGMENTS if "%" not in fragment]), max_size=12
).map("".join)
ATTRIBUTE = re.compile(r'"[^"]*"')


def note_of(source):
    return read_note(NotePath("Note.md"), source)


def visible(rendered):
    return html.unescape(re.sub(r"<[^<>]*>", "", rendered))


@given(TEXTS)
@example("***<b>*")
@example("<b>*x</b>* <b>***x</b>*** y")
@example("*a <script> b* c")
@example("[a <title> b](c) [<a href=d>e</a>](f) <a href=g>[h](i)</a>")
@example("<script>*a</script>* ^[b] <script>^[c</script>]")
@example("x ^[a <b> c] <u>[d</u> e](f)")
def test_every_text_has_balanced_html(text):
    assert [fault for fault in faults(seedbed.render(text)) if "> in " not in fault] == []


@given(TEXTS.filter(lambda text: "<" not in text))
def test_what_authors_write_without_html_needs_no_mending(text):
    assert faults(seedbed.render(text)) == []


@given(TEXTS, TEXTS, TEXTS)
def test_notes_that_embed_one_another_have_balanced_html_and_ids_of_their_own(start, fern, moss):
    notes = {"Start.md": f"{start}\n\n![[Fern]]\n", "Fern.md": fern, "Moss.md": moss}
    index = index_in_memory(notes)
    for article in articles_of(index).values():
        assert [fault for fault in faults(article.html) if "> in " not in fault] == []


@given(st.text())
def test_no_text_is_refused(text):
    seedbed.render(text)
    seedbed.render(text, strict_line_breaks=True)


@given(st.text(alphabet=MARKS + "ab", max_size=60), TEXTS)
def test_rendering_twice_gives_the_same(short, text):
    assert seedbed.render(short + text) == seedbed.render(short + text)


@given(TEXTS)
def test_every_span_of_a_wikilink_reads_as_what_was_written(text):
    source = "x\n" + text  # no properties and no header, whose values may be spelt otherwise
    for ref in note_of(source).refs:
        if ref.markdown:
            assert source[ref.span.start] in "![", source[ref.span.start : ref.span.end]
            continue
        read = re.sub(r"%%.*?%%", "", source[ref.span.start : ref.span.end])
        assert read.startswith("![[" if ref.embed else "[[")
        again = parse_ref(read[2 + ref.embed : -2], ref.span, embed=ref.embed)
        assert again == ref


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_a_fence_keeps_every_byte(inner):
    inner = inner.replace("\ufdd0", "").replace("````", "")
    rendered = seedbed.render(f"before\n\n`````\n{inner}\n`````\n\nafter")
    shown = re.search(r"<pre>(.*?)</pre>", rendered, re.DOTALL)[1]
    assert visible(shown) == inner + "\n"


@given(TEXTS.filter(lambda text: text.strip()))
def test_a_code_span_keeps_every_byte_of_a_line(text):
    inner = text.replace("`", "").replace("\n", "").replace("\ufdd0", "").strip() or "x"
    shown = re.search(r"<code>(.*?)</code>", seedbed.render(f"before `{inner}` after"))[1]
    assert html.unescape(shown) == inner


@given(TEXTS)
def test_math_keeps_every_byte(text):
    inner = re.sub(r"[$\\\n%\ufdd0\u00a0]", "", text).strip(" \t") or "x"
    rendered = seedbed.render(f"before ${inner}$ after")
    shown = re.search(r"<annotation[^>]*>(.*?)</annotation>|<code[^>]*>(.*?)</code>", rendered)
    assert html.unescape(shown[1] or shown[2]) == inner


@given(AROUND, HIDDEN, HIDDEN, AROUND)
def test_no_byte_of_a_comment_gets_out(before, hidden, rest, after):
    hidden_word = "classified"
    start = "text\n" if before.startswith("---") else ""  # no block of properties
    source = f"{start}{before}%%{hidden}{hidden_word}{rest}%%{after}"
    index = index_in_memory({"Note.md": source, "Fern.md": "[[Note]] ![[Note]]", "Moss.md": ""})
    note = index.vault.notes[NotePath("Note.md")]
    for article in articles_of(index).values():
        assert hidden_word not in article.html
    assert hidden_word not in repr((note.title, note.tags, note.headings, note.blocks, note.header))
    assert hidden_word not in repr([ref.target for ref in note.refs])
    assert hidden_word not in repr(diagnostics_of(index))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a/", "a/b/", "b/"]),
            st.sampled_from(["Fern", "fern", "Moss", "index", "a", "Café", "Cafe\u0301"]),
            TEXTS,
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_what_links_mean_does_not_depend_on_the_order_of_files(written, random):
    notes = {f"{folder}{name}.md": text for folder, name, text in written}
    paths = list(notes)
    random.shuffle(paths)
    one, other = index_in_memory(notes), index_in_memory({path: notes[path] for path in paths})
    assert one.links == other.links
    assert one.uris == other.uris
    assert sorted(one.diagnostics) == sorted(other.diagnostics)
    assert {key: stub.uri for key, stub in one.stubs.items()} == {
        key: stub.uri for key, stub in other.stubs.items()
    }


@given(TEXTS)
def test_every_anchor_that_a_link_promises_is_on_the_page(text):
    index = index_in_memory({"Fern.md": text, "Moss.md": text})
    articles = articles_of(index)
    for links in index.links.values():
        for _, found in links:
            if isinstance(found, Found) and found.anchor:
                wanted = f'id="{html.escape(found.anchor)}"'
                assert wanted in articles[found.path].html


@given(TEXTS)
def test_positions_lie_inside_the_note(text):
    lines = text.replace("\ufdd0", "?").split("\n")
    for found in note_of(text).diagnostics:
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1


def test_a_noncharacter_of_the_authors_is_no_comment():
    source = "a \ufdd0\ufdd0 b [[Fern]]"
    (ref,) = note_of(source).refs
    assert ref.span == Span(7, 15)
    assert "\ufffd\ufffd" in seedbed.render(source)
