"""Embeds within embeds: how deep they go, how much they may bring, and that neither costs the build."""

import re

import pytest
from vaults import index_in_memory

from seedbed.article import render_document
from seedbed.article.runs import split
from seedbed.dialect import parse
from seedbed.text import NotePath

CHAINS = {
    "alone": "text {n} ![[{next}]]\n",
    "in quotes": ">" * 95 + " text {n} ![[{next}]]\n",
    "in items": "".join("  " * depth + "- text {n}\n" for depth in range(40))
    + "  " * 40
    + "- ![[{next}]]\n",
    "in callouts": "> [!note]\n> > [!tip]\n> > text {n}\n> > ![[{next}]]\n",
    "in footnotes": "text {n}[^1]\n\n[^1]: a\n\n    > ![[{next}]]\n",
    "in emphasis": "text {n} *a **![[{next}]] b***\n",
    "by section": "# A\n\ntext {n}\n\n![[{next}#A]]\n",
    "of notes for MkDocs": "---\ndialect: mkdocs\n---\n\ntext {n}\n\n![[{next}]]\n",
}


def article_of(notes):
    """Return the article of the first of ``notes``."""
    return render_document(NotePath(next(iter(notes))), index_in_memory(notes))


def chain(text, length):
    return {f"{n}.md": text.format(n=n, next=n + 1) for n in range(length)}


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_of_embeds_ends_at_a_depth_with_a_diagnostic(name):
    article = article_of(chain(CHAINS[name], 60))
    shown = {int(number) for number in re.findall(r"text (\d+)", article.html)}
    assert shown == set(range(51))
    assert [(each.path, each.code.value) for each in article.diagnostics] == [
        ("50.md", "embed.limit")
    ]


def test_many_embeds_of_little_are_all_shown():
    blocks = range(450)
    article = article_of(
        {
            "Start.md": "\n\n".join(f"![[Store#^b{n}]]" for n in blocks),
            "Store.md": "\n\n".join(f"sack {n}. ^b{n}" for n in blocks),
        }
    )
    assert re.findall(r"sack (\d+)\.", article.html) == [str(n) for n in blocks]
    assert article.diagnostics == ()


@pytest.mark.parametrize(("times", "length"), [(8, 12), (2, 60)])
def test_embeds_that_multiply_stop_in_time(times, length):
    article = article_of({f"{n}.md": f"![[{n + 1}]] " * times for n in range(length)})
    assert {each.code.value for each in article.diagnostics} == {"embed.limit"}
    assert article.html.count('data-embed="note"') <= 1000 + times


def test_long_notes_embedded_often_stop_before_the_page_is_too_long():
    article = article_of({"Start.md": "![[Long]]\n\n" * 500, "Long.md": "word " * 2000})
    assert {each.code.value for each in article.diagnostics} == {"embed.limit"}
    assert 2_000_000 < len(article.html) < 2_100_000


def test_elements_around_embeds_cost_no_more_than_the_text():
    tokens = parse("<b>" * 500 + "![[a]] " * 500).tokens[1].children
    pieces = split(tokens, lambda token: token.type == "embed")
    assert sum(len(piece) for piece in pieces if isinstance(piece, list)) <= 2 * len(tokens)
