"""GFM 0.29: every example of the specification's extensions, but for those that a rule of the dialect overrides."""

import pytest
from same_html import article_meaning, meaning
from specification import examples

import seedbed

EXTENSIONS = {"table": 8, "disabled": 2, "strikethrough": 2, "autolink": 11, "tagfilter": 1}
"""How many examples show each extension; the specification calls task lists by their disabled boxes."""
EXCEPTIONS = {
    652: "OF-328: what a browser does not read as text or HTML is left out, not shown as text"
}


@pytest.fixture(scope="module")
def gfm():
    return {example.number: example for example in examples("gfm") if example.label}


def shown(markdown):
    return article_meaning(seedbed.render(markdown, strict_line_breaks=True))


def test_no_extension_is_forgotten(gfm):
    labels = [example.label for example in gfm.values()]
    assert {label: labels.count(label) for label in labels} == EXTENSIONS


def test_every_example_means_what_the_specification_says_but_for_the_exceptions(gfm):
    differing = [
        number for number, each in gfm.items() if shown(each.markdown) != meaning(each.html)
    ]
    assert differing == list(EXCEPTIONS)


# What GitHub does beyond the text of that version: later versions of the specification describe it.


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("~one~ and ~~two~~", "<p><del>one</del> and <del>two</del></p>"),
        ("~~~three~~~ and ~~~~four~~~~ are text", "<p>~~~three~~~ and ~~~~four~~~~ are text</p>"),
        ("~~one ~ in two~~", "<p><del>one ~ in two</del></p>"),
        ("~~about ~5 of them~~", "<p><del>about ~5 of them</del></p>"),
        ("~one~~ and two", "<p>~one~~ and two</p>"),
        ("~one~~ and ~~two~", "<p><del>one~~ and ~~two</del></p>"),
        ("~ blanks ~ inside", "<p>~ blanks ~ inside</p>"),
        ("from ~5 to ~6", "<p>from ~5 to ~6</p>"),
        ("\\~not~ this", "<p>~not~ this</p>"),
    ],
)
def test_one_tilde_strikes_as_two_do(written, said):
    assert shown(f"x {written}") == meaning(said.replace("<p>", "<p>x "))


@pytest.mark.parametrize(
    ("written", "linked", "rest"),
    [
        ("mailto:fern@moss.example", "mailto:fern@moss.example", ""),
        ("mailto:a.b-c_d@moss.example.", "mailto:a.b-c_d@moss.example", "."),
        ("mailto:fern@moss.example/", "mailto:fern@moss.example", "/"),
        ("xmpp:fern@moss.example", "xmpp:fern@moss.example", ""),
        ("xmpp:fern@moss.example/desk", "xmpp:fern@moss.example/desk", ""),
        ("xmpp:fern@moss.example/desk@home.", "xmpp:fern@moss.example/desk@home", "."),
        ("xmpp:fern@moss.example/desk/drawer", "xmpp:fern@moss.example/desk", "/drawer"),
        ("https://moss.example/?a=(b))", "https://moss.example/?a=(b)", ")"),
        ("https://moss.example/a'\"?!.,:*_~", "https://moss.example/a", "'\"?!.,:*_~"),
        ("https://moss.example/a&x;", "https://moss.example/a", "&x;"),
        ("https://moss.example/a;", "https://moss.example/a", ";"),
        ("http://localhost:8000/a", "http://localhost:8000/a", ""),
        ("HTTPS://moss.example", "HTTPS://moss.example", ""),
        ("https://moss.example/**a**", "https://moss.example/**a", "**"),
    ],
)
def test_an_address_ends_where_its_sentence_does(written, linked, rest):
    ours = shown(f"({written}) and on")
    address = ("a", (("href", linked),), (linked,))
    assert ours == (("p", (), ("(", address, f"{rest}) and on")),)


@pytest.mark.parametrize(
    "text",
    [
        *("www.", "www.a_b.c", "http://", "http://a.b_c", "xhttp://a.b", "file://a.b"),
        *(
            "a@b",
            "a@b.c-",
            "a@b.c_",
            "mailto:a@b.c_",
            "@a.b",
            "the mailto: of",
            "awww.a.b",
            "-www.a.b",
        ),
    ],
)
def test_what_only_resembles_an_address_is_text(text):
    assert shown(text) == (("p", (), (text,)),)
