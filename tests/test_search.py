"""The index for searching: its shards, what each asks for, and what is taken from the last build."""

import gzip
import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.filterorder import in_order
from seedbed.search import LIST, Document, SearchError, Traits, document, write_index
from seedbed.text import PageUri

PLANTS = (
    "fern",
    "moss",
    "oak",
    "birch",
    "日本",
    "reed",
    "ivy",
    "a/elm",
    "lime",
    "yew",
    "ash",
    "fir",
)
MOST = 3


def plants(*, edited=(), asked=None, names=PLANTS):
    """Return a document for each plant; who is asked for its page is noted in `asked`."""
    return [plant(name, "grew" if name in edited else "grows", asked) for name in names]


def plant(name, text, asked=None):
    def html():
        if asked is not None:
            asked.append(name)
        return document(name.title(), f"<h1>{name}</h1><p>Here a {name} {text}.</p>", "en")

    return Document(PageUri(f"{name}/"), f"{name} {text}", html)


def written(folder):
    """Return the content of each file by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def listed(index):
    return json.loads((index / LIST).read_text(encoding="utf-8"))["shards"]


def found_in(folder):
    """Return the addresses of the pages in one shard."""
    packed = (path.read_bytes() for path in (folder / "fragment").iterdir())
    texts = (gzip.decompress(each).removeprefix(b"pagefind_dcd") for each in packed)
    return sorted(json.loads(text)["url"] for text in texts)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An index of all plants in several shards; copy it before anything is taken from it."""
    folder = tmp_path_factory.mktemp("made") / "pagefind"
    write_index(plants(), folder, jobs=2, most=MOST)
    return folder


@pytest.fixture
def last(made, tmp_path):
    return shutil.copytree(made, tmp_path / "last")


def test_every_page_is_in_one_shard(made):
    shards = [made / shard["folder"] for shard in listed(made)]
    assert len(shards) > 1
    pages = sorted(url for shard in shards for url in found_in(shard))
    assert pages == sorted(quote(f"/{name}/") for name in PLANTS)


def test_the_list_says_how_many_pages_a_shard_has(made):
    counted = [len(found_in(made / shard["folder"])) for shard in listed(made)]
    assert [shard["pages"] for shard in listed(made)] == counted


def test_the_order_of_documents_decides_nothing(made, tmp_path):
    write_index(reversed(plants()), tmp_path / "again", most=MOST)
    assert written(tmp_path / "again") == written(made)


def test_the_library_stands_in_the_index_once(made):
    tops = {path.rpartition("/")[2] for path in written(made) if "/" not in path}
    assert {"pagefind.js", "pagefind-worker.js", "wasm.en.pagefind", LIST} <= tops
    further = {Path(path).name for path in written(made) if path.partition("/")[0].isdecimal()}
    others = {
        name for name in further if not name.endswith((".pf_fragment", ".pf_index", ".pf_meta"))
    }
    assert others == {"pagefind-entry.json"}


@pytest.mark.parametrize(("pages", "most"), [(0, 1), (1, 1), (12, 1), (50, 8)], ids=str)
def test_an_index_has_as_many_shards_as_its_pages_need_and_no_more_than_eight(
    pages, most, tmp_path
):
    documents = [plant(f"tree-{number}", "grows") for number in range(pages)]
    write_index(documents, tmp_path / "index", most=12 if most == 1 else 5)
    assert len(listed(tmp_path / "index")) == most


def test_nothing_is_asked_for_where_nothing_has_changed(made, last, tmp_path):
    asked = []
    write_index(plants(asked=asked), tmp_path / "index", last=last, most=MOST)
    assert asked == []
    assert written(tmp_path / "index") == written(made)


def test_only_the_shard_of_a_changed_page_is_made_anew(last, tmp_path):
    neighbours = next(
        pages for shard in listed(last) if "/fern/" in (pages := found_in(last / shard["folder"]))
    )
    asked = []
    write_index(plants(edited=["fern"], asked=asked), tmp_path / "index", last=last, most=MOST)
    assert sorted(quote(f"/{name}/") for name in asked) == neighbours
    write_index(plants(edited=["fern"]), tmp_path / "clean", most=MOST)
    assert written(tmp_path / "index") == written(tmp_path / "clean")


def test_an_index_can_take_from_itself_and_leaves_nothing_beside(last):
    asked = []
    write_index(plants(edited=["fern"], asked=asked), last, last=last, most=MOST)
    assert 0 < len(asked) < len(PLANTS)
    assert [path.name for path in last.parent.iterdir()] == ["last"]


def a_list_of_nonsense(index):
    (index / LIST).write_text('{"shards": [{"folder": [], "key": 1}]}', encoding="utf-8")


def half_a_list(index):
    (index / LIST).write_bytes((index / LIST).read_bytes()[:40])


def no_list(index):
    (index / LIST).unlink()


def nothing(index):
    shutil.rmtree(index)


def a_file(index):
    shutil.rmtree(index)
    index.write_text("index", encoding="utf-8")


def half_a_page(index):
    for page in (index / "fragment").iterdir():
        page.write_bytes(page.read_bytes()[:9])


def no_page(index):
    next((index / "fragment").iterdir()).unlink()


def other_metadata(index):
    next(index.glob("*.pf_meta")).write_bytes(b"?")


def one_file_more(index):
    (index / "index" / "more.pf_index").write_bytes(b"?")


def a_shard_without_files(index):
    shutil.rmtree(index / "1")


@pytest.mark.parametrize(
    "harm",
    [
        *(a_list_of_nonsense, half_a_list, no_list, nothing, a_file, half_a_page, no_page),
        *(other_metadata, one_file_more, a_shard_without_files),
    ],
    ids=lambda harm: harm.__name__,
)
def test_what_is_not_whole_is_made_anew(harm, made, last, tmp_path):
    harm(last)
    asked = []
    write_index(plants(asked=asked), tmp_path / "index", last=last, most=MOST)
    assert asked != []
    assert written(tmp_path / "index") == written(made)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLANTS), st.sampled_from(["grew", "gone"])), max_size=2))
def test_an_index_made_from_the_last_is_the_one_made_from_nothing(tmp_path_factory, edits):
    folder = tmp_path_factory.mktemp("edits")
    names, edited = list(PLANTS), set()
    for name, fate in edits:
        if fate == "gone":
            names = [each for each in names if each != name]
        else:
            edited ^= {name}
        write_index(plants(names=names, edited=edited), folder / "x", last=folder / "x", most=MOST)
    write_index(plants(names=names, edited=edited), folder / "clean", most=MOST)
    write_index(plants(names=names, edited=edited), folder / "x", last=folder / "x", most=MOST)
    assert written(folder / "x") == written(folder / "clean")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("/no/such/program", "cannot start Pagefind: No such file or directory"),
        ("/bin/false", "Pagefind failed: no message"),
    ],
)
def test_a_program_that_is_not_pagefind_is_reported(program, message, monkeypatch, tmp_path):
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", program)
    with pytest.raises(SearchError) as raised:
        write_index(plants(), tmp_path / "index")
    assert str(raised.value) == message


def test_half_a_character_stops_nothing(tmp_path):
    write_index([plant("fern", "grows \ud83c"), plant("\udc3f", "grows")], tmp_path / "index")
    assert found_in(tmp_path / "index") == ["/%3F/", "/fern/"]


def test_a_title_is_text_in_a_document():
    assert document("<a> & b", "<p>c</p>", "de") == (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        "<title>&lt;a&gt; &amp; b</title></head><body data-pagefind-body><p>c</p></body></html>"
    )


BODIES = {
    "plain": "<h1 id='a'>Fern</h1><p>A <strong>green</strong> <em>fern</em>s <a href='x'>grow</a> here.</p>",
    "heading": '<h1>Fern</h1><h2 id="b">Two<a class="headerlink" href="#b" title="Link">&para;</a></h2><p>Two.</p>',
    "formula": (
        '<h1>Fern</h1><p>So <math><semantics><mrow><mi>x</mi><mo stretchy="false">=</mo><mfrac><mn>1</mn><mi>n</mi>'
        '</mfrac></mrow><annotation encoding="application/x-tex">x=\\frac1n</annotation></semantics></math> holds.</p>'
    ),
    "blocks": "<h1>Fern</h1><ul><li>One</li><li>Two <code>three</code></li></ul><pre><code><b>a</b> b</code></pre>",
    "marked": "<h1>Fern</h1><p>Seen <span data-pagefind-ignore>unseen</span> seen.</p>",
    "footnote": '<h1>Fern</h1><p>Old<sup id="f"><a class="footnote-ref" href="#fn">1</a></sup> <b>fern</b>.</p>',
    "attributes": "<h1>Fern</h1><p><a title=\"a > b\" href='c>d'>Old</a> <mark>marked</mark> <menu><li>menu</menu></p>",
    "unclosed": "<h1>Fern</h1><p>Old <span>fern <a href='x'>grows</p><p>1 < 2 and <b the end</p>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_left_out_of_a_document_makes_no_difference_to_what_is_found(body, tmp_path):
    whole = f'<!doctype html><html lang="en"><title>Fern</title><body data-pagefind-body>{body}</body></html>'
    found = []
    for name, text in (("whole", whole), ("cut", document("Fern", body, "en"))):
        write_index([Document(PageUri("fern/"), name, lambda text=text: text)], tmp_path / name)
        (packed,) = (tmp_path / name / "fragment").iterdir()
        fragment = json.loads(gzip.decompress(packed.read_bytes()).removeprefix(b"pagefind_dcd"))
        headings = [each for each in fragment["anchors"] if each["element"].startswith("h")]
        found.append((fragment["content"], fragment["word_count"], fragment["meta"], headings))
    assert found[0] == found[1]


def test_tags_and_names_of_pages_give_the_same_files_each_time(tmp_path):
    def page(number):
        tags = (f"t{number % 7}", "a/b") if number % 3 else ("Größe", "c")
        traits = Traits((f"alias {number}",), tags, "Above")
        return document(f"Title {number}", f"<h1>Title {number}</h1><p>word</p>", "en", traits)

    documents = [
        Document(PageUri(f"p{number}/"), f"{number}", lambda number=number: page(number))
        for number in range(60)
    ]
    made = []
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        write_index(documents, folder)
        files = (file for file in folder.rglob("*") if file.is_file())
        made.append({file.relative_to(folder): file.read_bytes() for file in files})
    assert made[0] == made[1] == made[2]
    assert any(path.suffix == ".pf_filter" for path in made[0])


def test_letters_of_scripts_without_spaces_are_words_but_in_tags_of_html():
    body = '<h2 id="前向">前向传播</h2><p>A 训练.</p>'
    assert '<h2 id="前向"> 前 向 传 播 </h2><p>A  训 练 .</p>' in document("T", body, "en")
    assert body in document("T", body, "zh-Hans")


def test_tags_are_filtered_by_as_the_script_asks_for_them():
    html = document("T", "", "en", Traits(tags=("Größe/Maß", "ΟΔΟΣ", "a//b", "e\u0301")))
    keys = re.findall(r'filter="tag\[value\]" value="([^"]*)"', html)
    assert keys == ["größe", "größe/maß", "οδος", "a", "a/b", "é"]


ENTRY = b'{"languages": {"en": {"hash": "en_1"}}}'
EMPTY = gzip.compress(b"pagefind_dcd", mtime=0)
NAMING = gzip.compress(b"pagefind_dcd en_2", mtime=0)
TOO_LONG = gzip.compress(b"pagefind_dcd\x82\x61a\x80?", mtime=0)


@pytest.mark.parametrize(
    ("entry", "meta", "of_tags"),
    [
        (b"", b"", b""),
        (b"{}", b"", b""),
        (b"[]", b"", b""),
        (b'{"languages": []}', b"", b""),
        (b'{"languages": {"en": 1}}', b"", b""),
        (ENTRY, b"nothing", b""),
        (ENTRY, gzip.compress(b"nothing", mtime=0), b""),
        (ENTRY, EMPTY[:-4], b""),
        (ENTRY, NAMING, EMPTY),
        (ENTRY, NAMING, TOO_LONG),
        (ENTRY, NAMING, EMPTY[:14] + b"??"),
    ],
    ids=range(11),
)
def test_an_index_of_another_form_is_not_taken_for_one(entry, meta, of_tags):
    files = {"pagefind-entry.json": entry, "pagefind.en_1.pf_meta": meta}
    with pytest.raises(ValueError, match=r"."):
        in_order({**files, "filter/en_2.pf_filter": of_tags})
