"""CommonMark 0.31.2: every example of the specification, but for those that a rule of the dialect overrides."""

import re

import pytest
from same_html import article_meaning, meaning, unwrapped, without
from specification import examples

import seedbed

EXCEPTIONS = {
    "OF-020: --- in the first line opens the properties": (96, 98),
    "OF-060: double brackets are a wikilink": (548, 559, 590),
    "OF-187: no comment reaches the page": (177, 179, 183, 308, 309, 625, 626),
    "OF-190: a word with a hash mark is a tag": (64,),
    "OF-212: a bare address is a link": (602, 606, 608, 611, 612),
    "OF-328: what runs code or reaches beyond the article is left out": (
        *(170, 172, 173, 176, 178),  # scripts and styles
        *(180, 182, 627, 628, 629),  # instructions, declarations
    ),
    "OF-334: what would damage the page around the article is closed, or shown as text": (
        *(148, 156, 157, 158, 623),
    ),
}
DECLARATION = re.compile(r"<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Z].*?>", re.DOTALL)
OVERRIDDEN = {number: rule for rule, numbers in EXCEPTIONS.items() for number in numbers}


@pytest.fixture(scope="module")
def commonmark():
    return {example.number: example for example in examples("commonmark")}


def shown(example):
    return article_meaning(seedbed.render(example.markdown, strict_line_breaks=True))


def test_every_example_means_what_the_specification_says_but_for_the_exceptions(commonmark):
    differing = [number for number, each in commonmark.items() if shown(each) != meaning(each.html)]
    assert differing == sorted(OVERRIDDEN)


@pytest.mark.parametrize("number", sorted(OVERRIDDEN), ids=lambda number: OVERRIDDEN[number][:6])
def test_an_exception_differs_in_what_its_rule_says_and_nothing_else(number, commonmark):
    example, rule = commonmark[number], OVERRIDDEN[number][:6]
    said, ours = meaning(DECLARATION.sub("", example.html)), shown(example)
    match rule:
        case "OF-187":
            assert ours == without(said, "comment")
        case "OF-328":
            assert ours == without(said, "script", "style")
        case "OF-212":
            assert unwrapped(ours, "a") == said
        case "OF-190":
            assert unwrapped(ours, "span") == said
        case "OF-334" | "OF-060" | "OF-020":
            assert ours != said  # golden cases say what is shown instead
