"""What holds for every file that may be called a canvas."""

import json

import pytest
from canvas_writers import canvas_of, html_of
from counting import calls_in
from hypothesis import given
from hypothesis import strategies as st
from markup import faults

SIDES = ["top", "right", "bottom", "left", "up", 1, None]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
LENGTHS = st.integers(-500, 500) | st.floats() | ANYTHING
NODES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "b", '"><b', ""]) | ANYTHING,
        "type": st.sampled_from(["text", "file", "link", "group", "<x>"]) | ANYTHING,
        "x": LENGTHS,
        "y": LENGTHS,
        "width": LENGTHS,
        "height": LENGTHS,
        "color": st.sampled_from(["1", "6", "7", "#ff0000", "red;--x:url(//a)"]) | ANYTHING,
        "text": st.sampled_from(["# A\n[[b]]", "<script>", "---\na: b\n---", "#t"]) | ANYTHING,
        "file": st.sampled_from(["a.md", "../a", "b.png"]) | ANYTHING,
        "subpath": st.sampled_from(["#a", "#^b", "a"]) | ANYTHING,
        "url": st.sampled_from(["https://a.b/c", "javascript:alert(1)"]) | ANYTHING,
        "label": ANYTHING,
        "background": st.sampled_from(['a");b:c("', "missing.png"]) | ANYTHING,
        "backgroundStyle": st.sampled_from(["cover", "ratio", "repeat"]) | ANYTHING,
    },
)
EDGES = st.fixed_dictionaries(
    {},
    optional={
        "id": ANYTHING,
        "fromNode": st.sampled_from(["a", "b", "c"]) | ANYTHING,
        "toNode": st.sampled_from(["a", "b", "c"]) | ANYTHING,
        "fromSide": st.sampled_from(SIDES),
        "toSide": st.sampled_from(SIDES),
        "fromEnd": st.sampled_from(["arrow", "none", "dot"]),
        "toEnd": st.sampled_from(["arrow", "none", "dot"]),
        "color": st.sampled_from(["2", "#abc", "no"]),
        "label": st.sampled_from(["<i>", "two\nlines", ""]) | ANYTHING,
    },
)
CANVASES = st.fixed_dictionaries(
    {},
    optional={
        "nodes": st.lists(NODES | ANYTHING, max_size=4) | ANYTHING,
        "edges": st.lists(EDGES | ANYTHING, max_size=4) | ANYTHING,
    },
)
PIECES = ("{", "}", "[", "]", ",", ":", '"', '"nodes"', '"id"', "\\", "\\u", "d83d", "1", "-", "e9")
PIECES += (".", "NaN", "true", "null", " ", "\n", "\0", "é", "/", "'", '"type":"text"', "Infinity")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text()


def check(source):
    """Read and write ``source`` twice: nothing raises, nothing differs, nothing is misplaced."""
    canvas, shown = canvas_of(source), html_of(source)
    assert shown == html_of(source)
    assert faults(shown) == []
    for found in canvas.diagnostics:
        line = source.split("\n")[found.line - 1]
        assert 1 <= found.column <= len(line) + 1
    return canvas, shown


@given(value=ANYTHING | CANVASES)
def test_any_json_is_read(value):
    check(json.dumps(value))


@given(text=TEXTS)
def test_any_text_is_read(text):
    check(text)


@given(canvas=CANVASES, share=st.floats(0, 1))
def test_any_beginning_of_a_canvas_is_read(canvas, share):
    source = json.dumps(canvas)
    check(source[: int(len(source) * share)])


@given(canvas=CANVASES)
def test_nothing_written_gets_into_style_sheets_or_tags(canvas):
    _, shown = check(json.dumps(canvas))
    for harm in ("url(//", "<script", "<i>", "<b", 'javascript:alert(1)"', "url(&quot;../a&quot;)"):
        assert harm not in shown


@pytest.mark.parametrize(
    "source",
    [
        "[" * 20_000,
        '{"nodes":' * 10_000,
        '{"nodes":[' + "[" * 20_000 + "]" * 20_000 + "]}",
        '{"nodes":[{"x":' + "9" * 20_000 + "}]}",
        '{"nodes":"' + "\\" * 20_001,
        '"' * 20_001,
        '{"nodes":[{"type":"link","url":"https://a' + "@" * 20_000 + ' "}]}',
        '{"nodes":[{"type":"link","url":"https://a' + "/" * 20_000 + ' "}]}',
    ],
    ids=range(8),
)
def test_what_is_deep_or_long_is_read(source):
    check(source)


def test_thousands_of_nodes_are_shown():
    nodes = [
        {"id": str(n), "type": "group", "x": n % 100, "y": n // 100, "width": 9, "height": 9}
        for n in range(3_000)
    ]
    edges = [{"id": str(n), "fromNode": str(n), "toNode": str(n + 1)} for n in range(2_999)]
    shown = html_of(json.dumps({"nodes": nodes, "edges": edges}))
    assert (shown.count('id="card-'), shown.count("<li>")) == (3_000, 2_999)


def calls_for(count, make):
    """Return how many calls it takes to read and write a canvas of ``count`` parts."""
    source = json.dumps(make(count))
    return calls_in(lambda: html_of(source))


def box(n, **fields):
    return {"id": str(n), "type": "group", "x": n, "y": n, "width": 9, "height": 9, **fields}


GROWN = {
    "nodes": lambda count: {"nodes": [box(n) for n in range(count)]},
    "edges": lambda count: {
        "nodes": [box(0), box(1)],
        "edges": [{"id": "e", "fromNode": "0", "toNode": "1", "label": "x"}] * count,
    },
    "texts": lambda count: {"nodes": [box(n, type="text", text="a [[b]]") for n in range(count)]},
    "a long text": lambda count: {"nodes": [box(0, type="text", text="[[a]]\n\n" * count)]},
    "mistakes": lambda count: {
        "nodes": [box(n, x="no", text="```", type="text") for n in range(count)]
    },
    "equal ids": lambda count: {"nodes": [box(0)] * count},
    "edges to nothing": lambda count: {"edges": [{"fromNode": "a", "toNode": "b"}] * count},
    "unknown fields": lambda count: {"nodes": [box(0, **{f"k{n}": n for n in range(count)})]},
}


@pytest.mark.parametrize("make", GROWN.values(), ids=GROWN)
def test_ten_times_the_canvas_is_ten_times_the_work(make):
    few, many = calls_for(30, make), calls_for(300, make)
    assert many < 15 * few
