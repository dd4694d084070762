"""The block of properties: where it stands, what is read from it, what it may hold."""

from datetime import date, datetime

import pytest

from seedbed.properties import image, is_published, read_block, strings, tags, text, texts


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("---\na: 1\n---\n", {"a": 1}),
        ("---  \na: 1\n---\t\ntext", {"a": 1}),
        ("---\na: 1\n---", {"a": 1}),
        ('---\n{"a": [1, "b"]}\n---\n', {"a": [1, "b"]}),
        ("---\n---\n", {}),
        ("---\n\n# comment\n---\n", {}),
        ("---\na: |\n  ---x\n  b\n---\n", {"a": "---x\nb\n"}),
        ("---\n2: a\ntrue: b\n---\n", {"2": "a", "True": "b"}),
        ("---\na: 1\na: 2\n---\n", {"a": 2}),
    ],
)
def test_properties_are_read(source, values):
    block = read_block(source)
    assert (block.values, block.error, block.unclosed) == (values, None, False)
    assert block.span.start == 0
    assert source[block.span.end :] == source.partition("---")[2].partition("\n---")[2].lstrip(
        " \t\n"
    )


@pytest.mark.parametrize(
    "source", ["", "text", "\n---\na: 1\n---\n", " ---\na: 1\n---\n", "----\n", "---"]
)
def test_no_properties_are_read(source):
    block = read_block(source)
    assert (block.values, block.span.end, block.error, block.unclosed) == ({}, 0, None, False)


def test_properties_without_an_end_can_still_keep_a_note_back():
    block = read_block("---\na: 1\npublish: false\n\ntext\n")
    assert (is_published(block.values), block.span.end, block.unclosed) == (False, 0, True)
    assert is_published(read_block("---\na: 1\n\npublish: false\n").values)


def test_properties_without_an_end_are_none():
    block = read_block("---\na: 1\n\ntext\n --- \n")
    assert (block.values, block.span.end, block.unclosed) == ({}, 0, True)


@pytest.mark.parametrize(
    ("inner", "offset"),
    [
        ("a: [1\n", 10),
        ("a: b: c\n", 8),
        ("ok: 1\n\tb: 2\n", 10),
        ("just text\n", 4),
        ("- a\n- b\n", 4),
        ("a: *nowhere\n", 7),
        ("a: !!bool maybe\n", 4),
        ("a: &b [*b]\n", 4),
        ("a: " + "[" * 200 + "]" * 200 + "\n", 4),
        ("? [a]\n: b\n", 6),
        ("[" * 3000 + "\n", None),
    ],
)
def test_what_cannot_be_read_is_an_error_with_a_place(inner, offset):
    block = read_block(f"---\n{inner}---\ntext")
    assert block.values == {}
    assert block.span.end == len(f"---\n{inner}---\n")
    message, place = block.error
    assert "\n" not in message
    if offset is not None:
        assert place == offset


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("No", "No"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0123", 123),
        ("0x1F", 31),
        ("0o17", 15),
        ("0o9", "0o9"),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("=", "="),
        ("~", None),
        ("", None),
        ("2024-01-05", date(2024, 1, 5)),
        ("2024-01-05T10:30:00", datetime(2024, 1, 5, 10, 30)),  # noqa: DTZ001 -- Obsidian's have no zone
        ("2024-99-99", "2024-99-99"),
        ("9" * 5000, "9" * 5000),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
        ("!!int many", "many"),
    ],
)
def test_values_mean_what_they_mean_in_obsidian(written, value):
    block = read_block(f"---\na: {written}\n---\n")
    assert (block.values, block.error) == ({"a": value}, None)


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ({}, True),
        ({"publish": True}, True),
        ({"publish": "yes"}, True),
        ({"publish": None}, True),
        ({"publish": False}, False),
        ({"publish": "false"}, False),
        ({"publish": " No "}, False),
        ({"draft": True}, False),
        ({"draft": "true"}, False),
        ({"draft": False}, True),
        ({"draft": "on"}, False),
        ({"publish": "off"}, False),
        ({"publish": True, "draft": True}, False),
        ({"Publish": False}, False),
        ({"PUBLISH": "off"}, False),
        ({"publish": True, "Publish": False}, False),
        ({"publish": 0}, False),
        ({"publish": "n"}, False),
        ({"publish": [False]}, False),
        ({"publish": "falsehood"}, True),
        ({"Draft": 1}, False),
        ({"draft": ["y"]}, False),
        ({"draft": 0}, True),
    ],
)
def test_a_note_says_whether_it_is_published(value, published):
    assert is_published(value) == published


@pytest.mark.parametrize(
    ("inner", "published"),
    [
        ("publish: false\na: b: c\n", False),
        ("a: [1\nPublish: 'no'\n", False),
        ('{"publish": false, "a": [}\n', False),
        ("a: b: c\n draft: true\n", False),
        ("- publish: 0\n", False),
        ("publish: true\na: b: c\n", True),
        ("unpublish: false\na: b: c\n", True),
        ("publish: falsehood\na: b: c\n", True),
        ("a: publish: false\n", True),
    ],
)
def test_a_block_that_cannot_be_read_may_still_keep_its_note_private(inner, published):
    block = read_block(f"---\n{inner}---\n")
    assert (is_published(block.values), block.error is not None) == (published, True)


def test_names_of_properties_are_found_in_any_letter_case():
    values = {"Title": "a", "ALIASES": ["b"], "Tag": "c", "Cover": "[[d.png]]"}
    found = (text(values, "title"), texts(values, "aliases", "alias"), tags(values), image(values))
    assert found == ("a", ("b",), ("c",), "d.png")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["a", "#b", "A", 2024, "", None, "c d", "e/"], ("a", "b", "e")),
        ("a, b c", ("a", "b", "c")),
        ("#a", ("a",)),
        ({"a": 1}, ()),
        (7, ()),
        (None, ()),
    ],
)
def test_tags_are_read_in_every_form(value, found):
    assert tags({"tags": value}) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("[[A]]", ["[[A]]"]),
        ([["A"]], ["[[A]]"]),
        (["[[A]]", ["b", {"c": "d"}]], ["[[A]]", "b", "d"]),
        ({"a": ["b"], "c": {"d": ["e"]}}, ["b", "e"]),
        ([[["deep"]]], ["[[deep]]"]),
        (7, []),
        (None, []),
    ],
)
def test_texts_inside_any_value_are_found(value, found):
    assert strings(value) == found


def test_a_text_is_a_text_that_is_not_blank():
    values = {"a": " x ", "b": "  ", "c": 7, "d": ["x"]}
    assert [text(values, name) for name in "abcde"] == ["x", None, None, None, None]


def test_the_first_name_that_is_set_gives_the_texts():
    values = {"alias": "one", "aliases": ["two", 3, None, " "]}
    assert texts(values, "aliases", "alias") == ("two", "3")
    assert texts({"alias": "one"}, "aliases", "alias") == ("one",)
    assert texts({}, "aliases", "alias") == ()


def test_what_yaml_repeats_is_found_once():
    levels = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 50)}]" for n in range(1, 3)
    ]
    block = read_block("---\n" + "\n".join(levels) + "\n---\n")
    assert [strings(value) for value in block.values.values()] == [["x"]] * 3


def test_what_yaml_repeats_without_end_costs_the_properties():
    levels = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 50)}]" for n in range(1, 9)
    ]
    block = read_block("---\n" + "\n".join(levels) + "\n---\n")
    assert (block.values, block.error is not None) == ({}, True)


@pytest.mark.parametrize(
    ("inner", "values"),
    [
        ('{\n\t"a": "\\ud83d\\ude00",\n\t"b": "http:\\/\\/x"\n}', {"a": "😀", "b": "http://x"}),
        ('{"a": "\\ud83d"}', {"a": "\N{REPLACEMENT CHARACTER}"}),
        ("{a: 1, b: [c]}", {"a": 1, "b": ["c"]}),
    ],
)
def test_a_block_in_braces_is_json_or_else_yaml(inner, values):
    assert read_block(f"---\n{inner}\n---\n").values == values


@pytest.mark.parametrize(
    ("inner", "values"),
    [
        ("a: !odd b", {"a": "b"}),
        ("a: !odd 3", {"a": 3}),
        ('a: !odd "3"', {"a": "3"}),
        ("a: !odd [1, !odd {b: c}]", {"a": [1, {"b": "c"}]}),
        ("a: !!set {b, c}", {"a": {"b": None, "c": None}}),
        ("a: !!binary aGk=", {"a": "aGk="}),
        ("a: !!python/object/apply:os.system [b]", {"a": ["b"]}),
    ],
)
def test_a_value_with_a_tag_is_the_value(inner, values):
    assert read_block(f"---\n{inner}\n---\n").values == values
