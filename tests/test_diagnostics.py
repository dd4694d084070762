"""How mistakes look: as text, as JSON, as annotations."""

import json

import pytest

from seedbed.diagnostics import Code, Diagnostic, describe, render, summary

LATER = Diagnostic("b.md", 2, 1, Code.LINK_MISSING, "no note")
SOONER = Diagnostic("a.md", 10, 3, Code.MATH_INVALID, "bad, 50% wrong: yes")
FIRST = Diagnostic("a.md", 9, 30, Code.LINK_MISSING, "no note")
ALL = (LATER, SOONER, FIRST, LATER)


def test_a_line_says_place_code_and_message():
    assert describe(SOONER) == "a.md:10:3: math.invalid: bad, 50% wrong: yes"


def test_lines_are_sorted_and_none_is_said_twice():
    assert render(ALL, "text") == (
        "a.md:9:30: link.missing: no note\n"
        "a.md:10:3: math.invalid: bad, 50% wrong: yes\n"
        "b.md:2:1: link.missing: no note"
    )


def test_json_has_one_object_each():
    assert json.loads(render([SOONER], "json")) == [
        {
            "path": "a.md",
            "line": 10,
            "column": 3,
            "code": "math.invalid",
            "message": "bad, 50% wrong: yes",
        }
    ]


def test_an_annotation_escapes_what_the_runner_would_read():
    odd = Diagnostic("50%, a:b\n.md", 1, 2, Code.LINK_MISSING, "one\ntwo\r: 100%, done")
    assert render([odd], "github") == (
        "::warning file=50%25%2C a%3Ab%0A.md,line=1,col=2,title=link.missing"
        "::one%0Atwo%0D: 100%25, done"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x0b", "\x1b[31m"])
def test_a_line_is_one_line_whatever_a_file_is_called(end):
    odd = Diagnostic(f"a{end}b.md", 1, 1, Code.LINK_MISSING, f"no{end}note")
    assert len(describe(odd).splitlines()) == 1
    assert "\x1b" not in describe(odd)


@pytest.mark.parametrize("form", ["text", "github"])
def test_nothing_wrong_is_nothing_said(form):
    assert render([], form) == ""


def test_nothing_wrong_is_an_empty_list_in_json():
    assert json.loads(render([], "json")) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), "no diagnostics"),
        ((LATER, LATER), "1 diagnostic: 1 link.missing"),
        (ALL, "3 diagnostics: 2 link.missing, 1 math.invalid"),
    ],
)
def test_a_summary_counts_by_code(found, said):
    assert summary(found) == said
