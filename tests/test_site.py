"""The whole site of a vault: its pages, its files, and that the same vault gives the same site."""

import re

import pytest
from markup import faults
from vaults import build_site, index_in_memory, write_vault

import seedbed
from seedbed.host import SetupError
from seedbed.overviews import all_notes
from seedbed.pages import hubs
from seedbed.site import SiteSettings
from seedbed.text import PageUri

pytestmark = pytest.mark.timeout(60)  # whole sites are built

NOTES = {
    "Plants.md": "#hub\n\nAll of them: [[Unwritten]]\n",
    "wood/Fern.md": "upstream: [[Plants]]\n\n[[Moss]] #wet/soil ![[leaf.png]]\n",
    "wood/Moss.md": "upstream: [[Plants]]\n\n[[Unwritten]] #Wet $x$\n\n## Ätherisch\n",
    "élan.md": "[[Moss]]\n",
    "leaf.png": b"png",
}
LISTS = {
    "notes/": "All notes",
    "tags/": "Tags",
    "folders/": "Folders",
    "map/": "Map",
    "recent/": "Recent changes",
    "loose-ends/": "Loose ends",
    "random/": "Random note",
}


@pytest.fixture
def site(tmp_path):
    return build_site(write_vault(tmp_path, NOTES), SiteSettings(name="Garden"))


def page_of(site, uri):
    (page,) = (page for page in site.pages if page.uri == uri)
    return page


def links(html):
    return re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html)


def test_a_site_has_a_page_for_everything(site):
    assert [(page.uri, page.title, page.source) for page in site.pages] == [
        ("plants/", "Plants", "Plants.md"),
        ("élan/", "élan", "élan.md"),
        ("wood/fern/", "Fern", "wood/Fern.md"),
        ("wood/moss/", "Moss", "wood/Moss.md"),
        ("unwritten/", "Unwritten", None),
        ("tags/hub/", "#hub", None),
        ("tags/wet/", "#wet", None),
        ("tags/wet/soil/", "#wet/soil", None),
        ("wood/", "wood", None),
        *((each, title, None) for each, title in LISTS.items()),
        ("", "Garden", None),
    ]
    assert [page.title for page in site.pages if page.searchable] == [
        "Plants",
        "élan",
        "Fern",
        "Moss",
    ]


def test_every_page_is_html_that_needs_no_mending(site):
    assert {page.uri: faults(page.html) for page in site.pages} == {
        page.uri: [] for page in site.pages
    }


def test_every_link_leads_to_a_page_or_a_file(site):
    known = {f"/{page.uri}" for page in site.pages} | {f"/{asset.uri}" for asset in site.assets}
    for page in site.pages:
        for href, _ in links(page.html):
            path = href.partition("#")[0]
            steps = f"/{page.uri}".split("/")[:-1]
            for step in path.split("/") if path else ():
                steps = (
                    steps[:-1]
                    if step == ".."
                    else [*steps, step]
                    if step not in {"", "."}
                    else steps
                )
            reached = "/".join(steps) + ("/" if path.endswith("/") or not path else "")
            assert reached.replace("%C3%A9", "é") in known, (page.uri, href)


def test_a_stub_lists_who_wants_it(site):
    assert links(page_of(site, "unwritten/").html) == [
        ("../plants/", "Plants"),
        ("../wood/moss/", "Moss"),
    ]


def test_a_tag_lists_its_notes_and_the_tags_below(site):
    assert links(page_of(site, "tags/wet/").html) == [
        ("../", "Tags"),
        ("soil/", "#wet/soil"),
        ("../../wood/fern/", "Fern"),
        ("../../wood/moss/", "Moss"),
    ]


def test_the_front_page_leads_to_hubs_tags_and_notes(site):
    assert links(page_of(site, "").html) == [
        *LISTS.items(),
        ("plants/", "Plants"),
        ("tags/hub/", "#hub"),
        ("tags/wet/", "#wet"),
        ("tags/wet/soil/", "#wet/soil"),
    ]


def test_a_page_written_by_hand_is_not_made(tmp_path):
    reserved = frozenset({PageUri(""), PageUri("tags/")})
    site = build_site(write_vault(tmp_path, NOTES), SiteSettings(reserved=reserved))
    assert {"", "tags/"}.isdisjoint({page.uri for page in site.pages})


def test_used_files_and_own_files_go_with_the_site(site):
    uris = [asset.uri for asset in site.assets]
    assert uris[0] == "leaf.png"
    others = [uri for uri in uris[1:] if not uri.startswith("assets/seedbed/")]
    assert others == ["notes.json"]


def test_headings_are_the_table_of_contents(site):
    toc = page_of(site, "wood/moss/").toc
    assert [(entry.level, entry.title, entry.anchor) for entry in toc] == [
        (2, "Ätherisch", "ätherisch")
    ]


def test_all_notes_stand_under_their_first_letters():
    index = index_in_memory(
        {"b.md": "", "A.md": "", "Älg.md": "", "a2.md": "", "1.md": "", "<.md": ""}
    )
    html = all_notes(index, PageUri("notes/"))
    listed = html.partition("</nav>")[2]
    assert re.findall(r"<h2 id=[^>]*>(.*?)</h2>|<li><a [^>]*>(.*?)</a>", listed) == [
        *(("1", ""), ("", "1"), ("&lt;", ""), ("", "&lt;"), ("A", ""), ("", "A"), ("", "a2")),
        *(("B", ""), ("", "b"), ("Ä", ""), ("", "Älg")),
    ]


@pytest.mark.parametrize(
    ("notes", "paths"),
    [
        ({"A.md": "", "B.md": "up"}, ()),
        ({"A.md": "", "B.md": "[[A]]", "C.md": "[[A]] [[B]]"}, ("A.md", "B.md")),
        ({"A.md": "", "B.md": "upstream: [[A]]\n", "C.md": "upstream: [[B]]\n"}, ("A.md",)),
        ({"A.md": "", "B.md": "upstream: [[A]]\n", "C.md": "#HUB\n"}, ("C.md", "A.md")),
    ],
)
def test_hubs_are_tagged_or_lie_above_or_are_linked(notes, paths):
    assert hubs(index_in_memory(notes)) == paths


def test_hubs_are_few():
    assert len(hubs(index_in_memory({f"{number}.md": "x #hub" for number in range(50)}))) == 8


def test_the_same_vault_gives_the_same_site_in_any_number_of_processes(tmp_path, monkeypatch):
    monkeypatch.setattr("seedbed.reading._FEW", 2)
    monkeypatch.setattr("seedbed.rendering._FEW", 2)
    root = write_vault(
        tmp_path, NOTES | {f"{number}.md": f"[[{number + 1}]] $y$" for number in range(40)}
    )
    one, two = (build_site(root, SiteSettings(jobs=jobs)) for jobs in (1, 2))
    assert one.pages == two.pages
    assert one.assets == two.assets
    assert one.diagnostics == two.diagnostics
    assert one.inventory.characters == two.inventory.characters


# The door for programs


def test_a_note_is_rendered_without_a_vault():
    assert seedbed.render("*a*\nb [[Fern]] ==c==") == (
        "<p><em>a</em><br>\n"
        'b <span class="missing-link" title="This link leads nowhere">Fern</span> <mark>c</mark></p>\n'
    )


def test_links_within_a_note_lead_there_without_a_vault():
    html = seedbed.render(
        "[[#Soil]] [[#^wet]] [[#Nope]]\n\n## Soil\n\nGround. ^wet\n\n![[#^wet]]\n"
    )
    assert '<p><a href="#soil">Soil</a> <a href="#^wet">^wet</a> <span class="missing-link"' in html
    assert html.count("<p>Ground.</p>") == 1
    assert html.count('<p id="^wet">Ground.</p>') == 1


def test_header_lines_are_rendered_without_a_vault():
    assert seedbed.render("#seed #seed\nup:: [[Fern]]\n\n# Moss\n\ntext\n") == (
        '<h1 id="moss">Moss<a class="headerlink" href="#moss" title="Permanent link">&para;</a></h1>\n'
        '<div class="seedbed-header"><span class="seedbed-field"><span class="seedbed-key">up:</span> '
        '<span class="missing-link" title="This link leads nowhere">Fern</span></span> '
        '<span class="seedbed-tags"><span class="tag">#seed</span></span></div>\n'
        "<p>text</p>\n"
    )


def test_a_note_is_rendered_with_strict_line_breaks():
    assert seedbed.render("a\nb  \nc", strict_line_breaks=True) == "<p>a\nb<br>\nc</p>\n"


def test_line_ends_of_every_kind_are_line_ends():
    assert (
        len({seedbed.render(end.join(["- a", "- b", "", "c"])) for end in ("\n", "\r\n", "\r")})
        == 1
    )


def test_a_site_is_built_by_a_call(tmp_path):
    write_vault(tmp_path / "notes", {"Fern.md": "see [[Mos]]\n"})
    found = seedbed.build(tmp_path / "notes", str(tmp_path / "site"), jobs=1, use_cache=False)
    assert [(each.line, each.column, each.code) for each in found] == [(1, 5, "link.missing")]
    assert (tmp_path / "site" / "fern" / "index.html").is_file()


def test_a_call_for_no_vault_raises(tmp_path):
    with pytest.raises(SetupError, match="no vault at"):
        seedbed.build(tmp_path / "nowhere", tmp_path / "site")


MOVED = {
    "old/Fern.md": "---\npermalink: ferns\naliases: [Bracken, wood/Fern.md, moss/Fern]\n---\n[[Moss]]\n",
    "Moss.md": "---\naliases: [wood/Fern.md, Moss.md, tags/x]\n---\n#x\n",
}


def test_addresses_that_notes_have_left_lead_to_where_they_are(tmp_path):
    site = build_site(write_vault(tmp_path, MOVED), SiteSettings())
    found = {
        asset.uri: re.findall(r'url=([^"]*)"', asset.content.decode())
        for asset in site.assets
        if isinstance(asset.content, bytes) and b"http-equiv" in asset.content
    }
    assert found == {
        "old/fern/index.html": ["../../ferns/"],
        "wood/fern/index.html": ["../../moss/"],
        "moss/fern/index.html": ["../../ferns/"],
    }


@pytest.mark.parametrize(
    ("properties", "image"),
    [
        ("image: leaf.png", "pics/leaf.png"),
        ('cover: "![[leaf.png]]"', "pics/leaf.png"),
        ('image: "[[pics/leaf 2.png]]"', "pics/leaf%202.png"),
        ("image: https://example.org/a.png", "https://example.org/a.png"),
        ("cover: [leaf.png]", "pics/leaf.png"),
        ("image: gone.png", None),
        ("image: javascript:alert(1)", None),
        ("image: Fern", None),
        ("image:", None),
    ],
)
def test_a_note_names_the_image_that_shared_links_show(tmp_path, properties, image):
    notes = {
        "Fern.md": f"---\n{properties}\n---\n",
        "pics/leaf.png": b"1",
        "pics/leaf 2.png": b"2",
    }
    site = build_site(write_vault(tmp_path, notes), SiteSettings())
    assert page_of(site, "fern/").image == image
    if image and "://" not in image:
        assert image.replace("%20", " ") in {asset.uri for asset in site.assets}


def test_the_owner_of_a_site_can_show_the_properties_of_all_notes(tmp_path):
    notes = {
        "A.md": "---\nsoil: wet\n---\n",
        "B.md": "---\nsoil: dry\nshow-properties: false\n---\n",
    }
    site = build_site(write_vault(tmp_path, notes), SiteSettings(show_properties=True))
    assert "<td>wet</td>" in page_of(site, "a/").html
    assert "dry" not in page_of(site, "b/").html


CROWDED = {
    "A.md": "![[leaf.png]] [[notes.json]] [[tree.markdown]] [[wood]] #wet\n",
    "Notes.md": "[[A]]\n",
    "tags/Wet.md": "---\npermalink: /tags/wet/index.html\n---\n",
    "B.md": "---\npermalink: leaf.png/b\n---\n",
    "C.md": "---\npermalink: sitemap.xml/c\n---\n",
    "D.md": "---\npermalink: assets/stylesheets\naliases: [wood/x, tree.markdown/x]\n---\n",
    "leaf.png": b"png",
    "notes.json": b"my own",
    "tree.markdown": b"---\nkind: oak\n---\n# Oak\n",
    "wood": b"no extension",
    "Wood/E.md": "text\n",
}


def test_pages_of_tags_and_lists_are_never_displaced(tmp_path):
    site = build_site(write_vault(tmp_path, CROWDED), SiteSettings())
    assert {page.uri: page.title for page in site.pages} == {
        "a/": "A",
        "leaf.png_1/b/": "B",
        "sitemap.xml_1/c/": "C",
        "assets/stylesheets/": "D",
        "notes_1/": "Notes",
        "wood_1/e/": "E",
        "tags/wet_1/": "Wet",
        "tags/wet/": "#wet",
        "tags_1/": "tags",
        "wood_1/": "Wood",
        **LISTS,
        "": "Notes",
    }
    assert [found.path for found in site.diagnostics if found.code == "uri.collision"] == [
        "B.md",
        "C.md",
        "Notes.md",
        "Wood/E.md",
        "notes.json",
        "tags/Wet.md",
    ]


def test_whatever_asks_for_an_address_the_site_is_built_and_files_are_as_they_were(tmp_path):
    write_vault(tmp_path / "notes", CROWDED)
    seedbed.build(tmp_path / "notes", tmp_path / "site", jobs=1, use_cache=False)
    for path, uri in [
        ("notes.json", "notes_1.json"),
        ("tree.markdown", "tree.markdown"),
        ("wood", "wood"),
    ]:
        assert (tmp_path / "site" / uri).read_bytes() == CROWDED[path]
    shown = (tmp_path / "site" / "a" / "index.html").read_text(encoding="utf-8")
    assert [href for href, text in links(shown) if text in CROWDED] == [
        "../notes_1.json",
        "../tree.markdown",
        "../wood",
    ]


def test_a_note_takes_no_page_that_is_written_by_hand(tmp_path):
    write_vault(tmp_path / "notes", {"index.md": "from the vault\n", "日本.md": "note\n"})
    write_vault(tmp_path / "docs", {"index.md": "by hand\n", "日本.md": "by hand\n"})
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Garden\ntheme:\n  name: material\nplugins: [seedbed]\n", encoding="utf-8"
    )
    seedbed.build(
        tmp_path / "notes",
        tmp_path / "site",
        config=tmp_path / "mkdocs.yml",
        jobs=1,
        use_cache=False,
    )
    for uri, text in [("", "by hand"), ("日本", "by hand"), ("index", "vault"), ("日本_1", "note")]:
        assert text in (tmp_path / "site" / uri / "index.html").read_text(encoding="utf-8")
