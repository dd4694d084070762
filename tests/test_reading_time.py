"""How long notes take to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.note import read_note
from seedbed.reading_time import minutes

WORDS = "word " * 100
"""Some 26 seconds."""
FORMULA = r"$$\operatorname{Var}(W) = \frac{2}{n_\text{in} + n_\text{out}}$$"
CODE = "```python\n" + "x = compute(y, z)\n" * 40 + "```\n"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", None),
        ("word " * 99, None),
        ("word " * 100, 1),
        ("word " * 344, 1),
        ("word " * 346, 2),
        ("word " * 2300, 10),
        ("**word** " * 230 + "[[Target|word]] " * 230, 2),
        ("[word](https://example.com/a-long-address-of-many-words) " * 230, 1),
        ("# Title\n\n" + "- word\n" * 200 + "\n| a | b |\n| - | - |\n" + "| c | d |\n" * 200, 3),
        ("漢字かな交じり文。" * 20, None),
        ("漢字かな交じり文。" * 100, 2),
        ("漢字 and word " * 230, 3),
        ("한국어 " * 230, 1),
        ("слово " * 460, 2),
        (WORDS + FORMULA * 30, 2),
        (WORDS + "$x$ " * 360, 2),
        (WORDS + CODE, 1),
        (WORDS + CODE * 3, 2),
        (WORDS + "![[picture.png]] " * 10, 2),
        (WORDS + "![alt text](picture.png) " * 10, 2),
        (WORDS + "```figure\nkind: x\nid: y\n```\n\n" * 10, 2),
        (WORDS + "```mermaid\ngraph LR\n```\n\n" * 10, 2),
        (WORDS + "![[Board.canvas]]\n\n" * 10, 2),
        (WORDS + "![[Other note]]\n\n![[v1.2]] " * 100, 1),
        (WORDS + "![[PNG]] ![[Canvas]] ![[notes/svg]] " * 10, 1),
        (WORDS + "%% " + "hidden " * 900 + "%%", 1),
        (WORDS + "> [!note] title\n> " + "word " * 360, 2),
        (WORDS + "<div>" + "<b>word</b> " * 360 + "</div>", 2),
        ("---\ndescription: " + "word " * 900 + "\n---\n" + WORDS, 1),
        ("---\ndialect: mkdocs\n---\n" + "*word* " * 460 + "\n\n$x$", 2),
    ],
    ids=range(30),
)
def test_a_note_takes_whole_minutes(text, taken):
    assert minutes(read_note("A.md", text).tokens) == taken


@given(st.text(alphabet="a 漢$`[]!\n*<>", max_size=400))
def test_no_text_takes_less_for_being_longer(text):
    shorter = minutes(read_note("A.md", text).tokens) or 0
    longer = minutes(read_note("A.md", text + "\n\n" + "word " * 230).tokens) or 0
    assert longer >= shorter
