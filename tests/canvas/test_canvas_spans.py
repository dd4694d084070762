"""Where things stand in the file: links and mistakes, through every way of writing a string in JSON."""

import json

import pytest
from canvas_writers import canvas_of
from hypothesis import given
from hypothesis import strategies as st

from seedbed.canvas.values import Text, read_values

LINKS = ("[[Fern]]", "![[Moss#Leaf]]", '[[Fern|a \\" b]]', "[t](Fern.md)", "x", "\n", "\r\n", "\t")
OTHERS = ('"', "\\", "é", "日本", "😀", "\u2028", "/", "%%c%%", "`", "\n\n", "- ", "#tag", " ")
TEXTS = st.lists(st.sampled_from(LINKS + OTHERS), max_size=12).map("".join)


def escaped_throughout(text):
    """Return ``text`` as JSON with nothing but escapes by number between its quotes."""
    units = text.encode("utf-16-be").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'


WRITINGS = {
    "plain": lambda text: json.dumps(text, ensure_ascii=False),
    "ascii": json.dumps,
    "numbers": escaped_throughout,
    "slashes": lambda text: json.dumps(text, ensure_ascii=False).replace("/", "\\/"),
}


def card(written):
    return f'{{"nodes": [\n\t{{"type":"text","text":{written},"id":"a","x":0,"y":0,"width":9,"height":9}}]}}'


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS)
@given(text=TEXTS)
def test_the_span_of_a_link_reads_back_as_the_link(write, text):
    canvas = canvas_of(card(write(text)))
    node = canvas.nodes[0]
    in_note = [node.note.source[ref.span.start : ref.span.end] for ref in node.note.refs]
    in_file = [
        json.loads(f'"{canvas.source[ref.span.start : ref.span.end]}"').replace("\r\n", "\n")
        for ref in canvas.refs
    ]
    assert in_note == in_file


@given(text=st.text())
def test_strings_say_what_the_standard_library_reads(text):
    for written in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
        content = read_values(written).value.content
        assert isinstance(content, Text)
        expected = json.loads(written).replace("\r\n", "\n").replace("\r", "\n")
        assert expected.replace("\0", "\N{REPLACEMENT CHARACTER}") == content.content


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, indent=st.sampled_from([None, 1, "\t"]))
def test_values_are_those_the_standard_library_reads(value, indent):
    written = json.dumps(value, indent=indent)
    document = read_values(written)
    assert document.problem is None
    assert json.loads(written, parse_int=float) == plain(document.value)


def plain(value):
    content = value.content
    if isinstance(content, Text):
        return content.content
    if isinstance(content, tuple):
        return [plain(each) for each in content]
    if isinstance(content, dict):
        return {key: plain(each) for key, each in content.items()}
    return content


def test_a_mistake_in_a_card_stands_where_it_is_in_the_file():
    text = 'fine\n\n"quoted"\n\n```\nnever closed'
    source = card(json.dumps(text))
    (found,) = canvas_of(source).diagnostics
    line, column = 2, source.split("\n")[1].index("```") + 1
    assert (str(found.code), found.line, found.column) == ("fence.unclosed", line, column)


def test_what_stands_before_a_mistake_is_read():
    whole = json.dumps({"nodes": [{"id": str(n), "type": "group"} for n in range(5)]})
    for end in ('"3"', '", "type": "group"}]'):
        ids = [node.id for node in canvas_of(whole[: whole.rindex(end)]).nodes]
        assert ids == ["0", "1", "2", "3"][: 3 if end == '"3"' else 4]
