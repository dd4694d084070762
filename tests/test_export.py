"""Pages as files that need nothing of ours: MkDocs builds them with no plugin but its own."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from vaults import articles_of, index_of, write_vault

from seedbed import cli
from seedbed.article import TocEntry
from seedbed.export import configuration, page_source
from seedbed.pages import Page
from seedbed.text import PageUri

pytestmark = pytest.mark.timeout(60)  # whole sites are built

NOTES = {
    "index.md": "# Garden\n\n[[Fern]] #start\n",
    "wood/Fern.md": (
        "---\ntitle: \"Fern: a 'green' <b>one</b>\"\ndescription: Grows & grows\n---\n"
        "upstream: [[index]]\n\nNote: text first.\n\nSee [[Moss#Soft part]], *this* and $x^2$.\n\n"
        "![[leaf.png|40]]\n\n```py\nx = 1\n\n\ny = [[2]]\n```\n\n> [!tip] T\n> body\n\n- [ ] task\n"
        "\n| a |\n| - |\n| b |\n\n$$\na\n\nb\n$$\n\nEnd.[^1]\n\n[^1]: note\n"
    ),
    "Moss.md": "## Soft part\n\n**soft** [[Unwritten]] &lt;div&gt; {{ x }} \\[[y]]\n",
    "leaf.png": b"\x89PNG",
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the folder of an exported vault, built into its ``site``."""
    root = tmp_path_factory.mktemp("export")
    write_vault(root / "notes", NOTES)
    assert cli.main(["export", str(root / "out"), "--notes", str(root / "notes")]) == 0
    config = load_config(str(root / "out" / "mkdocs.yml"))
    assert list(config.plugins) == []
    build(config)
    return root


def test_the_exported_pages_build_again(exported):
    site = exported / "out" / "site"
    pages = {file.relative_to(site).as_posix() for file in site.rglob("index.html")}
    assert pages == {
        "index.html",
        "wood/fern/index.html",
        "moss/index.html",
        "unwritten/index.html",
        "notes/index.html",
        "wood/index.html",
        "folders/index.html",
        "recent/index.html",
        "loose-ends/index.html",
        "map/index.html",
        "random/index.html",
        "tags/index.html",
        "tags/start/index.html",
    }
    assert (site / "leaf.png").read_bytes() == b"\x89PNG"
    assert (site / "notes.json").is_file()
    assert (site / "assets/seedbed/seedbed-math.woff2").is_file()


@pytest.mark.parametrize(
    ("path", "page"), [("wood/Fern.md", "wood/fern"), ("Moss.md", "moss"), ("index.md", "")]
)
def test_an_exported_article_reads_as_it_was_rendered(exported, path, page):
    shown = (exported / "out" / "site" / page / "index.html").read_text(encoding="utf-8")
    article = BeautifulSoup(shown, "html.parser").select_one(".seedbed-article")
    for header in article.select(".seedbed-header"):  # between the title and the text
        header.decompose()
    wanted = articles_of(index_of(exported / "notes"))[path].html
    assert squeezed(wanted) in squeezed(str(article))


def squeezed(html):
    """Return ``html`` as a browser would take it, blanks between blocks aside."""
    return re.sub(r"\s*\n\s*", "\n", str(BeautifulSoup(html, "html.parser"))).strip()


def test_code_keeps_its_blank_lines(exported):
    shown = (exported / "out" / "site" / "wood/fern/index.html").read_text(encoding="utf-8")
    assert (
        BeautifulSoup(shown, "html.parser").select_one("pre").get_text() == "x = 1\n\n\ny = [[2]]\n"
    )


def test_links_of_exported_pages_lead_to_files(exported):
    site = exported / "out" / "site"
    for file in site.rglob("index.html"):
        article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select_one(
            "article"
        )
        for link in article.select("a[href]"):
            target = link["href"].partition("#")[0]
            if target and ":" not in target:
                reached = (file.parent / target).resolve()
                assert reached.is_file() or (reached / "index.html").is_file(), (file, target)


def test_titles_and_descriptions_are_properties(exported):
    text = (exported / "out" / "docs" / "wood" / "fern.md").read_text(encoding="utf-8")
    assert yaml.safe_load(text.split("---\n")[1]) == {
        "title": "Fern: a 'green' <b>one</b>",
        "description": "Grows & grows",
    }


def test_no_line_of_an_exported_page_is_blank_inside_its_html():
    page = Page(
        PageUri("a/"), "A: b", "<p>x</p>\n\n\n<pre>a\n\n  \n\t\nb</pre>\n", (TocEntry(1, "x", "x"),)
    )
    properties, _, html = page_source(page)[4:].partition("---\n\n")
    assert yaml.safe_load(properties) == {"title": "A: b"}
    assert all(line.strip() for line in html.rstrip("\n").split("\n"))
    assert BeautifulSoup(html, "html.parser").pre.get_text() == "a\n\n  \n\t\nb"


def test_the_exported_configuration_names_no_plugin_of_ours():
    values = yaml.safe_load(configuration("A: b"))
    assert (values["site_name"], values["plugins"]) == ("A: b", [])
