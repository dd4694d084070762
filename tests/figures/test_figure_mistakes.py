"""Mistakes in a figure block: every message with its line, and no text that does harm."""

import pytest
from figure_checks import mistakes, spec_of
from hypothesis import given
from hypothesis import strategies as st

from seedbed.figures import FigureProblem, id_taken, parse

DEPTH = "kind: variance-by-depth\n"
WEIGHTS = "kind: weight-distribution\n"

MESSAGES = [
    ("", 0, "missing field 'kind'"),
    ("# only a comment\n", 0, "missing field 'kind'"),
    ("depth: 30\n", 0, "missing field 'kind'"),
    (
        "kind: variance-by-dept\n",
        0,
        "unknown kind 'variance-by-dept' (did you mean 'variance-by-depth'?)",
    ),
    ("\n\nkind: xyz\n", 2, "unknown kind 'xyz'"),
    ("kind: [a]\n", 0, "unknown kind a list"),
    (
        DEPTH + "layers: 5\n",
        1,
        "unknown field 'layers' for kind 'variance-by-depth' (did you mean 'depth'?)",
    ),
    (
        DEPTH + "seed: 1\ndept: 5\n",
        2,
        "unknown field 'dept' for kind 'variance-by-depth' (did you mean 'depth'?)",
    ),
    (
        WEIGHTS + "qqq: 5\n",
        1,
        "unknown field 'qqq' for kind 'weight-distribution'",
    ),
    (DEPTH + "depth: 500\n", 1, "'depth' must be an integer from 1 to 100, got 500"),
    (DEPTH + "depth: 0\n", 1, "'depth' must be an integer from 1 to 100, got 0"),
    (DEPTH + "depth: 5.0\n", 1, "'depth' must be an integer, got 5.0"),
    (DEPTH + "depth: true\n", 1, "'depth' must be an integer, got true"),
    (DEPTH + "depth:\n", 1, "'depth' must be an integer, got nothing"),
    (DEPTH + "seeds: five\n", 1, "'seeds' must be an integer, got 'five'"),
    (DEPTH + "seeds: '5'\n", 1, "'seeds' must be an integer, got '5'"),
    (DEPTH + "seeds: [5]\n", 1, "'seeds' must be an integer, got a list"),
    (DEPTH + "seed: -1\n", 1, "'seed' must be an integer from 0 to 4294967295, got -1"),
    (DEPTH + "bias_std: 3\n", 1, "'bias_std' must be a number from 0 to 2, got 3"),
    (DEPTH + "bias_std: .inf\n", 1, "'bias_std' must be a number from 0 to 2, got .inf"),
    (
        DEPTH + f"bias_std: 0x{'f' * 300}\n",
        1,
        f"'bias_std' must be a number from 0 to 2, got 0x{'f' * 37}…",
    ),
    (DEPTH + "bias_std: .nan\n", 1, "'bias_std' must be a number, got .nan"),
    (DEPTH + "theory: no\n", 1, "'theory' must be true or false, got 'no'"),
    (DEPTH + "inits: [xavierr]\n", 1, "unknown init 'xavierr' (did you mean 'xavier'?)"),
    (DEPTH + "inits:\n  - he\n  - xavierr\n", 3, "unknown init 'xavierr' (did you mean 'xavier'?)"),
    (DEPTH + "inits: [7]\n", 1, "unknown init 7"),
    (
        DEPTH + "inits: [{std: 1, scale: 2}]\n",
        1,
        "init mapping needs exactly one of std, uniform, constant, scale",
    ),
    (
        DEPTH + "inits:\n  - he\n  - gain: 2\n",
        3,
        "init mapping needs exactly one of std, uniform, constant, scale",
    ),
    (DEPTH + "inits: [{std: -1}]\n", 1, "'std' must be a number from 0 to 1000, got -1"),
    (DEPTH + "inits: [{scale: 0}]\n", 1, "'scale' must be a number above 0 to 1000, got 0"),
    (
        DEPTH + "inits:\n  - std: 1\n    gain: 21\n",
        3,
        "'gain' must be a number above 0 to 20, got 21",
    ),
    (
        DEPTH + "inits: [{scale: 1, mode: fan_inn}]\n",
        1,
        "unknown mode 'fan_inn' (did you mean 'fan_in'?)",
    ),
    (
        DEPTH + "inits: [{std: 1, mode: fan_in}]\n",
        1,
        "unknown field 'mode' in an init mapping",
    ),
    (
        DEPTH + "inits: [{std: 1, labl: x}]\n",
        1,
        "unknown field 'labl' in an init mapping (did you mean 'label'?)",
    ),
    (
        DEPTH + f"inits: [{{std: 1, label: {'x' * 25}}}]\n",
        1,
        "'label' must be text of 1 to 24 characters, got 25",
    ),
    (DEPTH + f"inits: [{', '.join(['he'] * 7)}]\n", 1, "'inits' must have 1 to 5 entries, got 7"),
    (DEPTH + "inits: []\n", 1, "'inits' must have 1 to 5 entries, got 0"),
    (DEPTH + "inits: he\n", 1, "'inits' must be a list, got 'he'"),
    (DEPTH + "inits:\n- xavier\n- glorot\n", 3, "'inits' has 'Xavier' twice"),
    (DEPTH + "activations: [tahn]\n", 1, "unknown activation 'tahn' (did you mean 'tanh'?)"),
    (DEPTH + "activations: [relu, relu]\n", 1, "'activations' has 'relu' twice"),
    (
        DEPTH + "quantity: nothing\n",
        1,
        "unknown quantity 'nothing' (one of preactivation, activation, across-inputs)",
    ),
    (
        DEPTH + "ylim: [1, 1]\n",
        1,
        "'ylim' must be two increasing numbers from 1e-100 to 1e+100, got a list",
    ),
    (
        DEPTH + "batch: 1\nquantity: across-inputs\n",
        1,
        "'batch' must be at least 2 to measure across inputs, got 1",
    ),
    (
        DEPTH + "id: Not A Slug\n",
        1,
        "'id' must be up to 64 lower-case letters, digits and hyphens, got 'Not A Slug'",
    ),
    (DEPTH + f"title: {'x' * 121}\n", 1, "'title' must be text of 1 to 120 characters, got 121"),
    (DEPTH + "title: 5\n", 1, "'title' must be text, got 5"),
    (
        DEPTH + f"caption: {'x ' * 301}\n",
        1,
        "'caption' must be text of 1 to 600 characters, got 601",
    ),
    (DEPTH + "alt: too short\n", 1, "'alt' must be text of 20 to 600 characters, got 9"),
    (DEPTH + "size: widee\n", 1, "unknown size 'widee' (did you mean 'wide'?)"),
    (
        WEIGHTS + "seed: 1\nfan_in: 4096\nfan_out: 4096\n",
        2,
        "'fan_in' times 'fan_out' must be at most 4000000, got 16777216",
    ),
    (WEIGHTS + "inits: [he, zeros]\n", 1, "'inits' must draw at random here, got 'zeros'"),
    (
        WEIGHTS + "inits: [he, {std: 1, gain: 1.0e-200, label: dust}]\n",
        1,
        "'inits' must draw weights above 1e-50 here, got 'dust'",
    ),
    (DEPTH + "depth: 30\ndepth: 20\n", 2, "duplicate key 'depth'"),
    (DEPTH + "inits: [{std: 1, std: 2}]\n", 1, "duplicate key 'std'"),
    (DEPTH + "depth: &a 30\nwidth: *a\n", 1, "aliases and tags are not allowed"),
    (DEPTH + "depth: 30\nwidth: *a\n", 2, "aliases and tags are not allowed"),
    (DEPTH + "depth: !!int 30\n", 1, "aliases and tags are not allowed"),
    (DEPTH + "inits: !!python/tuple [he]\n", 1, "aliases and tags are not allowed"),
    ("%YAML 1.1\n---\nkind: x\n", 0, "invalid YAML: directives are not allowed"),
    (DEPTH + "---\ndepth: 3\n", 1, "invalid YAML: more than one document"),
    (DEPTH + "inits: [he\n", 1, "invalid YAML: expected ',' or ']', but got '<stream end>'"),
    (DEPTH + "depth: 3: 4\n", 1, "invalid YAML: mapping values are not allowed here"),
    (DEPTH + 'title: "\\x00"\n', 1, "invalid YAML: character U+0000 is not allowed"),
    (DEPTH + "title: \x00\n", 1, "invalid YAML: special characters are not allowed"),
    (DEPTH + 'title: "\\UFFFFFFFF"\n', 0, "invalid YAML: a number or escape is out of range"),
    (DEPTH + "? [a]\n: b\n", 1, "invalid YAML: a field's name must be text"),
    ("- kind\n", 0, "a figure block must be fields with values, got a list"),
    ("kind\n", 0, "a figure block must be fields with values, got 'kind'"),
    (DEPTH + "inits: [[[[[he]]]]]\n", 1, "values are nested more than 5 deep"),
    (DEPTH + "#" * 9000, 0, "block is 8.8 kB, limit 8 kB"),
]


@pytest.mark.parametrize(
    ("block", "line", "message"), MESSAGES, ids=[message[:60] for _, _, message in MESSAGES]
)
def test_a_mistake_is_told_with_its_line(block: str, line: int, message: str) -> None:
    assert [(line, message)] == mistakes(block)


def test_too_dear_a_figure_is_refused_before_it_starts() -> None:
    block = "# dear\n" + DEPTH + "width: 1024\ndepth: 100\nseeds: 20\n"
    ((line, message),) = mistakes(block)
    assert (
        line,
        message.startswith("estimated cost 2"),
        message.endswith(" s exceeds the limit of 60 s (reduce depth, width, seeds or steps)"),
    ) == (1, True, True)


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    block = DEPTH + "inits: [a, {std: x}]\nlayers: 3\nseeds: five\n"
    assert mistakes(block) == [
        (1, "unknown init 'a'"),
        (1, "'std' must be a number, got 'x'"),
        (2, "unknown field 'layers' for kind 'variance-by-depth' (did you mean 'depth'?)"),
        (3, "'seeds' must be an integer, got 'five'"),
    ]


def test_lines_count_line_feeds_alone_as_markdown_does() -> None:
    # YAML breaks lines at these separators, too.
    assert mistakes("# \u2028 \x85\n" + DEPTH + "\ninits: [a]\n") == [(3, "unknown init 'a'")]


def test_an_id_used_elsewhere_is_told_at_its_line() -> None:
    expected = FigureProblem("id 'fig-a' is already used in 'He Initialization'", 1)
    assert expected == id_taken(spec_of(DEPTH + "id: fig-a\n"), "He Initialization")


YAMLISH = st.text(
    alphabet=st.sampled_from(list("kind:variance-by-depth\n []{}&*!|>'\"%@#?,~0123.e\\xU\t"))
)
FIELD = st.sampled_from(["kind", "depth", "inits", "title", "id", "ylim", "theory", "{", "-", "?"])
VALUE = st.one_of(st.text(max_size=12), YAMLISH, st.sampled_from(["he", "[he]", "1e9", "|", "&a"]))
LINES = st.lists(st.tuples(FIELD, VALUE), max_size=8).map(
    lambda rows: "".join(f"{field}: {value}\n" for field, value in rows)
)


@given(st.one_of(st.text(), YAMLISH, LINES, LINES.map(lambda lines: DEPTH + lines)))
def test_parse_never_raises_and_its_lines_are_lines_of_the_block(block: str) -> None:
    spec = parse(block)
    if isinstance(spec, tuple):
        assert spec
        assert all(0 <= problem.line <= block.count("\n") for problem in spec)
        assert all("\n" not in problem.message for problem in spec)


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "'", "a:\n "])
def test_deeply_nested_text_is_refused_without_harm(opening: str) -> None:
    assert isinstance(parse(opening * (8000 // len(opening))), tuple)
