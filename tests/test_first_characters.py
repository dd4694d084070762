"""Rules that are tried only where their first character stands find what they would find if tried everywhere."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from specification import examples

from seedbed.dialect.first_characters import block_chains, inline_chains, is_only_text

PIECES = (
    *"\n \tw`~*_-+#>[]()!<&\\:=|1.$^%@{}\u00a0é",
    *(
        "\n\n",
        "\n    ",
        "www.",
        "```\n",
        "- ",
        "10) ",
        "<b>",
        "<!--",
        "![a](b)",
        "[a]: /b\n",
        "---",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def parser():
    return MarkdownIt("commonmark").enable("table")


def chained_parser():
    chained = parser()
    chained.block.ruler = block_chains(chained.block.ruler)
    chained.inline.ruler = inline_chains(chained.inline.ruler)
    return chained


PLAIN, CHAINED = parser(), chained_parser()


def test_the_examples_of_commonmark_have_the_same_tokens():
    differing = [
        each.number
        for each in examples("commonmark")
        if PLAIN.parse(each.markdown) != CHAINED.parse(each.markdown)
    ]
    assert differing == []


@given(TEXTS)
@example("")
@example("a\n")
@example("> \n    a")
def test_any_text_has_the_same_tokens(text):
    assert CHAINED.parse(text) == PLAIN.parse(text)


@given(TEXTS)
def test_text_in_which_nothing_can_begin_is_one_token(text):
    if is_only_text(text):
        kinds = [token.type for token in PLAIN.parseInline(text)[0].children]
        assert kinds == ["text"] * bool(text)
