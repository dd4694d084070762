"""Nothing that an author writes in a base raises, hangs the build or takes more work than its size explains."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from base_files import NOW, Page, file, shown
from counting import calls_in
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.bases import read_base, show
from seedbed.bases.regexps import Patterns, problem_of
from seedbed.bases.values import FormulaError, Regexp

PIECES = (
    *(
        "file",
        "this",
        "note",
        "formula",
        "price",
        "tags",
        "title",
        "value",
        "index",
        "acc",
        "null",
        "true",
    ),
    *(
        ".",
        "..",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "==",
        "!=",
    ),
    *(
        "<",
        ">",
        "<=",
        ">=",
        "=",
        "'",
        '"',
        '"a"',
        "'1d'",
        "/a+/g",
        "/(a|b)/",
        "\\",
        "\n",
        " ",
        "1",
        "1e400",
        "0x",
    ),
    *(
        "name",
        "links",
        "length",
        "map",
        "filter",
        "reduce",
        "sort",
        "unique",
        "join",
        "split",
        "replace",
        "repeat",
    ),
    *(
        "if",
        "now",
        "today",
        "date",
        "duration",
        "number",
        "link",
        "image",
        "html",
        "list",
        "max",
        "random",
        "slice",
    ),
    *(
        "format",
        "relative",
        "round",
        "toFixed",
        "contains",
        "keys",
        "values",
        "matches",
        "hasTag",
        "asFile",
        "x",
    ),
)
FORMULAS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map(
    "".join
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.text(max_size=20),
        st.sampled_from(
            ["[[A]]", "[[A|b]]", "2024-01-01", "1d", "#fff", "https://example.org/a.png"]
        ),
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = (
    *(
        "filters",
        "formulas",
        "properties",
        "summaries",
        "views",
        "and",
        "or",
        "not",
        "property",
        "direction",
    ),
    *(
        "type",
        "name",
        "order",
        "sort",
        "groupBy",
        "limit",
        "image",
        "imageFit",
        "imageAspectRatio",
        "cardSize",
    ),
    *("rowHeight", "columnSize", "markers", "separator", "indentProperties", "displayName"),
)
NAMES = st.sampled_from(
    ["price", "title", "tags", "note.x", "formula.f", "file.name", "file.links", "file.x"]
)


@given(FORMULAS, VALUES, VALUES)
@settings(max_examples=150)
def test_any_formula_has_a_value_or_a_problem(formula, price, title):
    files = [
        file("A.md", {"price": price, "title": title, "tags": title}, tags=["a"], links=["A.md"])
    ]
    source = json.dumps(
        {
            "formulas": {"f": formula},
            "summaries": {"s": formula},
            "views": [
                {
                    "type": "table",
                    "order": ["formula.f", "price", "title", "tags"],
                    "sort": [{"property": "formula.f"}, {"property": "price"}],
                    "groupBy": "title",
                    "summaries": {"price": "s", "formula.f": "Unique", "title": "Range"},
                }
            ],
        }
    )
    written, _ = shown(source, files, this=files[0])
    assert written.startswith('<div class="seedbed-base')


@given(VALUES, VALUES, st.sampled_from(["==", "<", ">=", "+", "-", "*", "/", "%"]))
@settings(max_examples=150)
def test_any_two_values_can_be_joined_by_any_operator(first, second, operator):
    files = [file("A.md", {"a": first, "b": second})]
    written, _ = shown(
        f"formulas: {{f: 'a {operator} b'}}\nviews: [{{type: cards, order: [formula.f, a]}}]", files
    )
    assert "1 result<" in written


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), FORMULAS, NAMES),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(FIELDS),
                inner,
                max_size=6,
            )
        ),
        max_leaves=30,
    )
)
@settings(max_examples=150)
def test_any_tree_is_a_base(tree):
    base = read_base("any.base", json.dumps(tree))
    assert base.views
    for view in base.views:
        show(base, view.name, [file("A.md")], None, Page([]), NOW)


@given(
    st.text(
        alphabet=st.sampled_from("abf:-[]{}&*!|>'\"%@`#,?\n\t \x85\u2028é\ud800\x00"), max_size=60
    )
)
@settings(max_examples=150)
@example("a: &a [*a]")
@example("[" * 5000)
@example("- " * 5000)
@example("{a: " * 5000)
@example("filters:\n" + "".join(f"{'  ' * depth}- not:\n" for depth in range(200)))
@example("!!python/object/apply:os.system [x]")
@example("views: [{limit: 1e999, name: 2024-01-01}]")
def test_any_text_is_a_base(text):
    base = read_base("any.base", text)
    shown_view = show(base, None, [file("A.md")], None, Page([]), NOW)
    assert shown_view.html
    assert all(problem.line >= 1 and problem.column >= 1 for problem in base.diagnostics)


@given(
    st.lists(
        st.sampled_from(
            [*r"ab()[]{}*+?|^$.\-,:=!<>1dDwWsSbBpkux", "(?:", "(?<n>", "\\k<n>", "{2,}", "\\p{L}"]
        ),
        max_size=14,
    )
)
@settings(max_examples=250)
def test_any_pattern_is_run_or_refused(pieces):
    pattern = Regexp("".join(pieces), "g")
    if problem_of(pattern) is None:
        patterns = Patterns()
        try:
            patterns.matches(pattern, "aab-b1 a")
            patterns.replace(pattern, "aab-b1 a", "$1$&")
            patterns.split(pattern, "aab-b1 a")
        except FormulaError as error:
            assert error.message.endswith("takes too long")  # noqa: PT017 -- either is right


@given(
    st.lists(
        st.sampled_from(
            ["a", "b", "[ab]", "[^a]", "(a|b)", "(?:ab)", "a?", "b+", "a*", "\\d", "^", "$"]
        ),
        max_size=8,
    ),
    st.text(alphabet="ab1", max_size=12),
)
@settings(max_examples=150)
def test_a_pattern_finds_what_python_finds(pieces, text):
    source = "".join(pieces)
    expected = re.search(source.replace("$", r"\Z"), text) is not None
    assert Patterns().matches(Regexp(source, ""), text) == expected


DEEP = "'a'.repeat(40).split('').reduce([acc, acc], 1)"


@pytest.mark.parametrize("kind", ["table", "cards", "list"])
def test_a_value_beyond_all_bounds_is_an_error_wherever_it_is_used(kind):
    source = (
        f'formulas: {{f: "{DEEP}", g: \'formula["g" + ""]\'}}\n'
        f"views: [{{type: {kind}, order: [formula.f, formula.g, long, file.name], groupBy: formula.f,"
        " sort: [{property: formula.f}, {property: formula.g}], image: formula.f,"
        " summaries: {formula.f: Unique, formula.g: Filled}}]"
    )
    written, problems = shown(source, [file("A.md", {"long": "a b " * 50_000})])
    assert [problem.message for problem in problems] == ['formula "g": it refers to itself']
    assert "1 result<" in written
    titled, _ = shown(
        "views: [{type: cards, order: [long]}]", [file("A.md", {"long": "a" * 200_000})]
    )
    assert '<a href="A.md">A</a>' in titled


REPEATED = {
    "brackets": "(",
    "closed brackets": "(1)",
    "lists": "[",
    "signs": "!",
    "minus signs": "-",
    "sums": "1+",
    "conditions": "a && ",
    "members": "a.",
    "calls": "a(",
    "methods": "a.b(",
    "elements": "a[",
    "objects": "{a:",
    "quotes": "'",
    "texts": "'a'+",
    "slashes": "/",
    "patterns": "/[/",
    "backslashes": "'\\",
}


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED)
def test_ten_times_the_formula_is_ten_times_the_work(piece):
    def work(times):
        source = "filters: " + json.dumps(piece * times)
        return calls_in(lambda: read_base("any.base", source))

    assert work(3000) < 15 * max(work(300), 1000)


@pytest.mark.parametrize("kind", ["table", "cards", "list"])
def test_ten_times_the_files_are_ten_times_the_work(kind):
    source = (
        "filters: file.hasTag('book') && price > 3\n"
        "formulas: {each: (price / 3).toFixed(2), label: 'formula.each + title', kin: file.links.map(value.asFile())}\n"
        f"views: [{{type: {kind}, order: [file.name, formula.label, formula.kin, author], groupBy: price,"
        " sort: [{property: formula.each}], summaries: {formula.each: Median}}]"
    )

    def work(number):
        files = [
            file(
                f"{index}.md",
                {"price": index, "author": "[[1]]", "genre": index % 5},
                tags=["book"],
                links=["1.md"],
            )
            for index in range(number)
        ]
        return calls_in(lambda: shown(source, files))

    assert work(500) < 15 * work(50)


def test_a_view_is_the_same_in_every_build_and_every_order_of_files():
    source = "formulas: {r: random()}\nviews: [{type: list, order: [file.name, formula.r]}]"
    files = [file(f"{name}.md") for name in "cab"]
    assert shown(source, files) == shown(source, files[::-1])
    assert len(set(re.findall(r"0\.\d+", shown(source, files)[0]))) == 3


def test_times_with_a_zone_are_told_by_the_clock_of_the_build():
    zone = timezone(timedelta(hours=2))
    moment = datetime(2025, 1, 1, 23, 30, tzinfo=UTC)
    files = [file("A.md", {"at": moment}, created=moment, modified=moment)]
    source = "views: [{type: list, order: [file.ctime, at]}]"
    written, _ = shown(source, files, now=datetime(2025, 6, 1, 12, 0, tzinfo=zone))
    assert re.findall(r"<time[^>]*>(.*?)</time>", written) == ["2025-01-02 01:30"] * 2
