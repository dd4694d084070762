"""What holds for every text an author may write, tried with texts made of the dialect's own marks."""

import html
import re
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markup import faults
from vaults import articles_of, diagnostics_of, index_in_memory
from writing import Writer

import seedbed
from seedbed.dialect.comments import FILLER
from seedbed.dialect.wikilinks import parse_ref
from seedbed.listing import decode
from seedbed.meanings import Found
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
WRITTEN = st.binary(min_size=4, max_size=150).map(lambda choices: Writer(choices).note())
CONTAINERS = {
    "the note": ("", ""),
    "a quote": ("> ", "> "),
    "an item": ("- ", "  "),
    "a numbered item": ("10. ", "    "),
    "a task": ("- [ ] t\n\n  ", "  "),
    "a callout": ("> [!note] T\n> ", "> "),
    "a callout in an item": ("- > [!tip]-\n  > ", "  > "),
    "an item in a callout": ("> [!note]\n> - ", ">   "),
    "a quote in a quote": ("> > ", "> > "),
    "an item in an item": ("- a\n  1. ", "     "),
    "a footnote": ("a[^1]\n\n[^1]: b\n\n    ", "    "),
    "a footnote in an item": ("- a[^1]\n\n  [^1]: b\n\n      ", "      "),
    "a table in a callout": ("> | a |\n> | - |\n> | b |\n>\n> ", "> "),
}
"""What stands before the first line of a block, and before its further lines."""
COMMENT = re.compile("%%.*?%%", re.DOTALL)


def placed(block, container):
    """Return the lines of ``block`` in a container."""
    first, rest = CONTAINERS[container]
    return first + block.replace("\n", "\n" + rest)


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
@example("<div>&#")
@example("<div>&#a")
def test_every_text_has_balanced_html(text):
    assert [fault for fault in faults(seedbed.render(text)) if "> in " not in fault] == []


@given(TEXTS.filter(lambda text: "<" not in text))
def test_what_authors_write_without_html_needs_no_mending(text):
    assert faults(seedbed.render(text)) == []


@given(TEXTS, TEXTS, TEXTS)
@example("", "", "[ ![[Moss]] ] ^id")
def test_notes_that_embed_one_another_have_balanced_html_and_ids_of_their_own(start, fern, moss):
    notes = {"Start.md": f"{start}\n\n![[Fern]]\n", "Fern.md": fern, "Moss.md": moss}
    index = index_in_memory(notes)
    for article in articles_of(index).values():
        assert [fault for fault in faults(article.html) if "> in " not in fault] == []


@given(st.text())
@example("a@b.c $$")
@example("[c:: d] $$")
def test_no_text_is_refused(text):
    seedbed.render(text)
    seedbed.render(text, strict_line_breaks=True)


@given(st.text(alphabet=MARKS + "ab", max_size=60), TEXTS)
def test_rendering_twice_gives_the_same(short, text):
    assert seedbed.render(short + text) == seedbed.render(short + text)


def assert_spans_read_back(source):
    for ref in note_of(source).refs:
        written = source[ref.span.start : ref.span.end]
        read = COMMENT.sub("", written)
        if ref.markdown:
            is_link = read.startswith("![" if ref.embed else "[") and read[-1] in ")]"
            in_a_tag = re.search(
                rf"""(?:src|href|poster)\s*=\s*["']?{re.escape(written)}""", source
            )
            assert is_link or in_a_tag, written
            continue
        assert read.startswith("![[" if ref.embed else "[["), written
        again = [
            parse_ref(each[2 + ref.embed : -2], ref.span, embed=ref.embed)
            for each in (read, read.replace("\\|", "|"), written)
        ]
        if "%%" not in written:
            assert ref in again
        elif (
            "\n" not in written
        ):  # some of it may only look like a comment: in code, behind a backslash
            assert (ref.target, ref.fragment) in {
                (each.target, each.fragment) for each in again if each
            }


@given(TEXTS)
@example("![[[Fern]]](a.png) ![[t](Moss.md)](b.png) [[Fern]]")
def test_every_span_of_a_wikilink_reads_as_what_was_written(text):
    assert_spans_read_back("x\n" + text)  # no properties, whose values may be spelt otherwise


@pytest.mark.parametrize("container", CONTAINERS)
@given(WRITTEN)
def test_every_span_in_every_container_reads_as_what_was_written(container, written):
    assert_spans_read_back(placed(written, container))


@settings(max_examples=200)
@given(WRITTEN, st.sampled_from(["\r\n", "\r", "\n"]))
def test_line_ends_and_a_byte_order_mark_change_nothing(written, line_end):
    content = b"\xef\xbb\xbf" + written.replace("\n", line_end).encode()
    read, _ = decode(content)
    assert read == written
    assert note_of(read).refs == note_of(written).refs


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=250)
@given(WRITTEN)
def test_every_written_note_has_balanced_html_in_every_container(container, written):
    rendered = seedbed.render(placed(written, container))
    assert [fault for fault in faults(rendered) if "> in " not in fault] == []


@settings(max_examples=300)
@given(WRITTEN.map(lambda written: re.sub(r"<[^>\n]*>?", "", written)))
def test_every_written_note_without_html_needs_no_mending(written):
    assert faults(seedbed.render(written)) == []


@given(WRITTEN, WRITTEN, WRITTEN)
def test_written_notes_that_embed_one_another_have_balanced_html_and_ids_of_their_own(a, b, c):
    index = index_in_memory({"Fern.md": a, "Moss.md": b, "a/Fern.md": c}, ("pic.png",))
    for article in articles_of(index).values():
        assert [fault for fault in faults(article.html) if "> in " not in fault] == []


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_a_fence_keeps_every_byte(inner):
    inner = inner.replace("\ufdd0", "").replace("````", "")
    rendered = seedbed.render(f"before\n\n`````\n{inner}\n`````\n\nafter")
    shown = re.search(r"<pre>(.*?)</pre>", rendered, re.DOTALL)[1]
    assert visible(shown) == inner + "\n"


CODE_LINES = st.lists(
    st.lists(st.sampled_from([each.replace("\n", " ") for each in FRAGMENTS]), max_size=4).map(
        "".join
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=30)
@given(CODE_LINES, st.sampled_from(["", "python", "no-such-language"]))
def test_a_fence_keeps_every_byte_in_every_container(container, lines, language):
    inner = "\n".join(lines).replace("\ufdd0", "")
    source = placed(f"`````{language}\n{inner}\n`````\n\nafter", container)
    shown = re.search(r"<pre>(.*?)</pre>", seedbed.render(source), re.DOTALL)[1]
    assert visible(shown) == inner + "\n"


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=30)
@given(CODE_LINES)
def test_indented_code_keeps_every_byte_in_every_container(container, lines):
    inner = "x" + "\n".join(lines).replace("\ufdd0", "").strip() + "x"
    source = placed("above\n\n    " + inner.replace("\n", "\n    "), container)
    shown = re.search(r"<pre>(.*?)</pre>", seedbed.render(source), re.DOTALL)[1]
    blank_lines = re.compile(r"^[ \t]+$", re.MULTILINE)  # how many blanks they have is nobody's
    assert blank_lines.sub("", visible(shown)) == blank_lines.sub("", inner) + "\n"


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=30)
@given(TEXTS)
def test_math_keeps_every_byte_in_every_container(container, text):
    inner = re.sub(r"[$\\\n\t%\ufdd0\u00a0]", "", text).strip() or "x"
    rendered = seedbed.render(placed(f"$$\n{inner}\n$$\n\nand ${inner}$ on", container))
    shown = re.findall(r"<annotation[^>]*>(.*?)</annotation>|<code[^>]*>(.*?)</code>", rendered)
    assert [html.unescape(formula or error).strip() for formula, error in shown] == [inner, inner]


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


COMMENTED = st.lists(
    st.one_of(
        st.sampled_from(
            ["%%", "%%", "%%a%%", "%%a\n\nb%%", "$a$", '"c"', "[r]: ", "](", "[r]", "\n"]
        ),
        st.sampled_from(FRAGMENTS),
    ),
    max_size=25,
).map("".join)


@given(COMMENTED)
@example('[r]: u "t %%c%%"\n\n[r]')
@example("[r%%c%%]: u\n\n[r]")
@example("[^a%%b%%]: c\n\n[^a]")
@example("> [!note%%a%%|%%b%%] %%c%%")
@example("a %%b\nc%% ```d\ne")
def test_nothing_that_stands_for_a_comment_gets_out(text):
    index = index_in_memory({"Note.md": text, "Fern.md": "![[Note]]"})
    note = index.vault.notes[NotePath("Note.md")]
    for article in articles_of(index).values():
        assert FILLER not in article.html
        assert quote(FILLER) not in article.html
    for found in (note.title, note.tags, note.headings, note.blocks, note.refs, note.inline_fields):
        assert FILLER not in str(found)
        assert ascii(FILLER)[1:-1] not in repr(found)


def test_a_noncharacter_of_the_authors_is_no_comment():
    source = "a \ufdd0\ufdd0 b [[Fern]]"
    (ref,) = note_of(source).refs
    assert ref.span == Span(7, 15)
    assert "\ufffd\ufffd" in seedbed.render(source)
