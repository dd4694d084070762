"""Canvases and bases beside notes: their pages, what links them, what they bring along and what they must not."""

import json

import pytest
from vaults import articles_of, build_site, diagnostics_of, index_of, write_vault

from seedbed.diagnostics import describe
from seedbed.site import SiteSettings

pytestmark = pytest.mark.timeout(60)  # whole sites are built

TEXT = {"id": "t", "type": "text", "x": 0, "y": 0, "width": 200, "height": 60}
FILE = {"id": "f", "type": "file", "x": 300, "y": 0, "width": 200, "height": 200}
CANVAS = {
    "nodes": [
        TEXT | {"text": "See [[Moss]] #board/card and $x^2$"},
        FILE | {"file": "Fern.md", "subpath": "#Soil"},
        FILE | {"id": "g", "y": 300, "file": "pics/leaf.png"},
        FILE | {"id": "p", "y": 600, "file": "Secret.md"},
    ],
    "edges": [{"id": "e", "fromNode": "t", "toNode": "f", "label": "grows in"}],
}
BASE = """
views:
  - type: table
    name: By height
    order: [file.name, height]
  - type: cards
    name: Faces
    image: note.face
    order: [file.name]
"""
VAULT = {
    "Fern.md": "---\nheight: 3\nface: pics/face.png\n---\n[[Board.canvas]]\n\n## Soil\n\nWet ground.\n",
    "Moss.md": "---\nheight: 1\n---\n![[Plants.base#By height]] [[Plants.base#Faces|faces]]\n\n![[Board.canvas]]\n",
    "Secret.md": "---\npublish: false\nheight: 777\nface: pics/hidden.png\n---\nnobody knows ![[hidden.png]]\n",
    "Board.canvas": json.dumps(CANVAS),
    "Plants.base": BASE,
    "pics/leaf.png": b"leaf",
    "pics/face.png": b"face",
    "pics/hidden.png": b"hidden",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("vault")
    return build_site(write_vault(root, VAULT), SiteSettings(name="Garden"))


def html_at(site, uri):
    (page,) = (page for page in site.pages if page.uri == uri)
    return page.html


def test_each_has_a_page_of_its_own(site):
    found = [(page.uri, page.title, page.source) for page in site.pages if page.searchable]
    assert found == [
        ("fern/", "Fern", "Fern.md"),
        ("moss/", "Moss", "Moss.md"),
        ("board-canvas/", "Board", "Board.canvas"),
        ("plants-base/", "Plants", "Plants.base"),
    ]
    listed = html_at(site, "notes/")
    assert '<a href="../board-canvas/">Board</a>' in listed
    assert '<a href="../plants-base/">Plants</a>' in listed


def test_links_lead_there_and_back(site):
    assert 'href="../board-canvas/"' in html_at(site, "fern/")
    assert 'href="../plants-base/#view-faces"' in html_at(site, "moss/")
    assert 'id="view-faces"' in html_at(site, "plants-base/")
    assert site.index.backlinks["Board.canvas"] == ("Fern.md", "Moss.md")
    assert site.index.backlinks["Plants.base"] == ("Moss.md",)
    assert site.index.backlinks["Moss.md"] == ("Board.canvas",)
    assert site.index.backlinks["Fern.md"] == ("Board.canvas",)


def test_cards_hold_texts_sections_and_images(site):
    for page in ("board-canvas/", "moss/"):
        board = html_at(site, page)
        assert 'href="../moss/"' in board or page == "moss/"
        assert "Wet ground." in board
        assert 'src="../pics/leaf.png"' in board
        assert 'href="../tags/board/card/"' in board
        assert "grows in" in board
    assert "𝑥" in site.inventory.characters
    assert "Board" in html_at(site, "tags/board/card/")


def test_views_hold_published_notes(site):
    table = html_at(site, "moss/")
    assert '<a href="../fern/">Fern' in table
    assert "Faces" not in table.partition("faces")[0]
    cards = html_at(site, "plants-base/")
    assert 'src="../pics/face.png"' in cards


def test_files_that_only_a_card_shows_go_with_the_site(site):
    files = {asset.uri for asset in site.assets}
    assert {"pics/leaf.png", "pics/face.png"} <= files
    assert not files & {"Board.canvas", "Plants.base", "pics/hidden.png"}


def test_nothing_of_a_private_note_is_shown(site):
    written = [page.html + page.title for page in site.pages]
    written += [
        asset.content.decode("utf-8", "replace")
        for asset in site.assets
        if isinstance(asset.content, bytes)
    ]
    for text in ("nobody knows", "777", "hidden.png"):
        assert [page for page in written if text in page] == []
    assert "Secret" not in html_at(site, "board-canvas/")


@pytest.mark.parametrize("said", [{"publish": False}, {"publish": "no"}, {"draft": True}])
def test_a_canvas_can_be_private(tmp_path, said):
    canvas = {"nodes": [TEXT | {"text": "hush [[Moss]]"}], "metadata": {"frontmatter": said}}
    vault = {"Plan.canvas": json.dumps(canvas), "Moss.md": "[[Plan.canvas]] ![[Plan.canvas]]\n"}
    site = build_site(write_vault(tmp_path, vault), SiteSettings())
    assert "plan-canvas/" not in {page.uri for page in site.pages}
    assert "hush" not in "".join(page.html for page in site.pages)
    assert 'href="../plan' not in html_at(site, "moss/")
    assert site.index.backlinks["Moss.md"] == ()


def test_a_canvas_that_holds_itself_ends(tmp_path):
    nodes = [FILE | {"file": "Board.canvas"}, FILE | {"id": "n", "file": "Note.md"}]
    vault = {"Board.canvas": json.dumps({"nodes": nodes}), "Note.md": "![[Board.canvas]]\n"}
    index = index_of(write_vault(tmp_path, vault))
    found = [describe(each) for each in diagnostics_of(index)]
    assert [line.partition(": ")[2] for line in found] == [
        "embed.cycle: Board.canvas → Board.canvas",
        "embed.cycle: Note.md → Board.canvas → Note.md",
        "embed.cycle: Board.canvas → Note.md → Board.canvas",
    ]


def test_a_link_to_the_only_view_of_a_base_leads_to_it(tmp_path):
    vault = {"N.md": "[[B.base#A]]\n", "B.base": "views:\n  - type: table\n    name: A\n"}
    articles = articles_of(index_of(write_vault(tmp_path, vault)))
    assert '<a href="../b-base/#view-a">' in articles["N.md"].html
    assert 'id="view-a"' in articles["B.base"].html


def test_what_is_wrong_is_reported_at_its_place(tmp_path):
    node = json.dumps(TEXT | {"text": "[[Nope]]"})
    source = f'{{"nodes": [\n {node}\n]}}'
    vault = {
        "B.canvas": source,
        "N.md": "[[B.base#Gone]] [[C.canvas]]\n",
        "B.base": "views:\n  - type: table\n    name: A\n",
    }
    index = index_of(write_vault(tmp_path, vault))
    found = [describe(each) for each in diagnostics_of(index)]
    assert found == [
        f'B.canvas:2:{source.splitlines()[1].index("[[") + 1}: link.missing: no note answers to "Nope"',
        'N.md:1:1: anchor.missing: "B.base" has no view "Gone"',
        'N.md:1:17: link.missing: no file answers to "C.canvas" (did you mean "B.canvas"?)',
    ]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"nodes": 7}', "\0\0", "{}" * 3])
@pytest.mark.parametrize("kind", ["canvas", "base"])
def test_nonsense_costs_the_file_and_not_the_site(tmp_path, kind, content):
    vault = {f"Odd.{kind}": content, "Note.md": f"![[Odd.{kind}]] [[Odd.{kind}]]\n"}
    site = build_site(write_vault(tmp_path, vault), SiteSettings())
    assert f'href="../odd-{kind}/"' in html_at(site, "note/")
