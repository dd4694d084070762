"""Ten times the text is ten times the work, whatever it is made of.

Work is counted in calls, not in seconds, so that a busy machine changes nothing.
"""

import sys

import pytest

import seedbed

FEW = 30
NESTED = 100
"""The parser follows marks that open without closing so deep; only beyond is their work linear."""
REPEATED = {
    "opening wikilinks": "[[",
    "wikilinks": "[[a|b]] ",
    "wikilinks in links": "[x [[a]](",
    "links around wikilinks": "[x [[a]]](b) ",
    "embeds": "![[a|9]] ",
    "opening brackets": "[",
    "opening links": "[a](",
    "opening images": "![",
    "dollars": "$$$",
    "opening math": "$a ",
    "display math": "$$a$$ ",
    "opening display math": "$$\na\n\n",
    "percent signs": "%%%%",
    "comments": "a %%b%% ",
    "comments of paragraphs": "a %%b%%\n\n",
    "comments over paragraphs": "a %%b\n\nc%%\n",
    "lone percent signs": "a%% b\n",
    "quote marks": ">",
    "quotes": "> a\n",
    "quotes in quotes": "> a\n>> b\n",
    "callouts": "> [!note] a\n> b\n\n",
    "backticks": "`a``b```c ",
    "equal signs": "a==b",
    "stars": "*a**b***c",
    "underscores": "_a __b ",
    "tildes": "~~a ",
    "inline footnotes": "^[",
    "closed inline footnotes": "^[a] ",
    "footnotes": "[^a]: b\n",
    "footnote references": "[^a]",
    "bars": "| a",
    "table rows": "| a | b |\n| - | - |\n",
    "block ids": "a ^b\n\n",
    "tags": "#a ",
    "tasks": "- [ ] a\n",
    "items": "- a\n",
    "headings": "# a\n",
    "underlined headings": "a\n===\n",
    "lines": "a\n",
    "fences": "```\na\n```\n",
    "unclosed fences": "```a\n",
    "angle brackets": "<a ",
    "HTML comments": "<!-- a ",
    "elements": "<b>",
    "blocks of HTML": "<div>\n\n",
    "addresses": "http://a.b/c ",
    "mail addresses": "a@b.c ",
    "backslashes": "\\",
    "entities": "&amp; ",
    "definitions of links": "[a]: b\n",
    "empty fields": "a:\n",
    "fields": "a: [[b]]\n",
    "rules": "---\n",
}
GROWN = {
    "nested items": lambda count: "".join("  " * (n % 40) + "- a\n" for n in range(count)),
    "emphasis in emphasis": lambda count: "*a **b " * count + "b** a*" * count,
    "brackets in brackets": lambda count: "[" * count + "a" + "](b)" * count,
    "a wide table": lambda count: f"{'|a' * count}|\n{'|-' * count}|\n{'|b' * count}|\n",
    "properties": lambda count: (
        "---\n" + "".join(f'a{n}: "[[b]]"\n' for n in range(count)) + "---\n"
    ),
    "equal headings": lambda count: "# a\n" * count + "[[#a]] " * count,
}


def calls(text):
    """Return how many functions are called to render ``text``."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        seedbed.render(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module", autouse=True)
def loaded():
    seedbed.render("a $x$\n\n```\nb\n```\n")


@pytest.mark.timeout(60)  # being watched takes five times as long
@pytest.mark.parametrize("name", [*REPEATED, *GROWN])
def test_ten_times_the_text_is_ten_times_the_work(name):
    grow = GROWN.get(name, lambda count: REPEATED[name] * count)
    few = NESTED if name.startswith(("opening", "inline", "brackets")) else FEW
    assert calls(grow(10 * few)) < 15 * calls(grow(few))
