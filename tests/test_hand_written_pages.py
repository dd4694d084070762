"""Pages in docs/: Python-Markdown with links, embeds, formulas and examples of notes, as MkDocs renders them."""

import re
from datetime import UTC, datetime

import pytest
from markdown import Markdown
from markup import faults
from vaults import index_in_memory, write_vault

from seedbed import drawings
from seedbed.diagnostics import describe
from seedbed.handwritten import SeedbedExtension, makeExtension
from seedbed.site import Site, SiteSettings
from seedbed.text import PageUri
from seedbed.witness import Sources, Witness

NOTES = {
    "wood/Fern.md": "---\naliases: [Bracken]\n---\n## Tall roots\n\nleaf ^leaf\n",
    "Moss.md": "soft\n",
}
RECOMMENDED = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.superfences": {},
    "pymdownx.inlinehilite": {},
    "attr_list": {},
    "toc": {},
    "admonition": {},
    "tables": {},
}


@pytest.fixture
def extension():
    made = SeedbedExtension()
    made.use(index_in_memory(NOTES, ("leaf.png",)))
    return made


def rendered(extension, text, uri="guide/start/"):
    """Return the HTML of a page, formulas as their TeX between dollars."""
    extension.start_page(PageUri(uri), "start.md", text)
    html = Markdown(extensions=[*RECOMMENDED, extension], extension_configs=RECOMMENDED).convert(
        text
    )
    return re.sub(r"<math.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", r"$\1$", html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[Fern]]", '<a href="../../wood/fern/">Fern</a>'),
        ("[[fern|the *fern*]]", '<a href="../../wood/fern/">the <em>fern</em></a>'),
        ("[[fern]]{ .md-button }", '<a href="../../wood/fern/" class="md-button">fern</a>'),
        ("[[Fern#Tall roots]]", '<a href="../../wood/fern/#tall-roots">Fern &gt; Tall roots</a>'),
        ("[[Fern#^leaf|l]]", '<a href="../../wood/fern/#^leaf">l</a>'),
        ("[[bracken]]", '<a href="../../wood/fern/">bracken</a>'),
        ("[[wood/Fern.md]]", '<a href="../../wood/fern/">wood/Fern.md</a>'),
        ("**[[Moss]]**s", '<strong><a href="../../moss/">Moss</a></strong>s'),
        ("[[leaf.png]]", '<a href="../../leaf.png">leaf.png</a>'),
        ("[[Fern|a & b]]", '<a href="../../wood/fern/">a &amp; b</a>'),
        ("![[leaf.png|30]]", '<img src="../../leaf.png" alt="leaf.png" width="30" loading="lazy">'),
        ("`[[Fern]]`", "<code>[[Fern]]</code>"),
        ("\\[[Fern]]", "[[Fern]]"),
        ("[[]]", "[[]]"),
        ("[[|x]]", "[[|x]]"),
        ("[a](https://example.org/)", '<a href="https://example.org/">a</a>'),
        ("$x^2$ costs $5", "$x^2$ costs $5"),
    ],
)
def test_a_page_reads(extension, text, html):
    assert rendered(extension, text) == f"<p>{html}</p>"
    assert extension.problems == []


def test_links_start_from_their_page(extension):
    assert '"wood/fern/"' in rendered(extension, "[[Fern]]", "")
    assert '"../../../wood/fern/"' in rendered(extension, "[[Fern]]", "a/b/c/")


def test_code_blocks_are_left_alone(extension):
    shown = rendered(extension, "```md\n[[Fern]] $x$\n```\n\n    [[Fern]]\n")
    assert "<a " not in shown
    assert shown.count("[[Fern]]") == 2


def test_links_work_in_admonitions_and_tables(extension):
    shown = rendered(extension, "!!! note\n    [[Fern]]\n\n| a |\n| - |\n| [[Moss]] |\n")
    assert re.findall(r'<a href="([^"]*)"', shown) == ["../../wood/fern/", "../../moss/"]


@pytest.mark.parametrize("text", ["$$\nx\n$$", "\\[x\\]", "\\begin{align}x\\end{align}"])
def test_display_formulas_are_shown(extension, text):
    assert rendered(extension, text).startswith('<div class="seedbed-math">$')
    assert len(extension.formulas) == 1


def test_mistakes_are_shown_and_said_with_their_place(extension):
    shown = rendered(extension, "# Start\n\nSee [[Mos]],\n[[Fern#Tips]] and\n$\\frac{$.\n")
    assert '<span class="missing-link" title="This link leads nowhere">Mos</span>' in shown
    assert '<a href="../../wood/fern/">Fern &gt; Tips</a>' in shown
    assert '<code class="math seedbed-tex-error"' in shown
    assert [describe(found)[:38] for found in extension.problems] == [
        "start.md:3:5: link.missing: no note an",
        'start.md:4:1: anchor.missing: "wood/Fe',
        "start.md:5:7: math.invalid: invalid La",
    ]


def test_every_occurrence_is_reported_where_it_stands():
    made = SeedbedExtension()
    made.use(index_in_memory(NOTES))
    source = "---\ntitle: T\n---\n\n`[[Mos]]` [[Mos]]\n\n```\n[[Mos]]\n```\n\n- [[Mos]]\n"
    body = source.split("---\n")[2].lstrip("\n")
    made.start_page(PageUri("a/"), "a.md", source, body)
    Markdown(extensions=[*RECOMMENDED, made], extension_configs=RECOMMENDED).convert(body)
    assert [(found.line, found.column) for found in made.problems] == [(5, 11), (11, 3)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![[Moss]]", "<p>soft</p>"),
        ("![[Fern#^leaf]]", "<p>leaf</p>"),
        ("![[Fern#Tall roots]]", '<h2 id="e1-tall-roots">'),
        ("before ![[Moss]] after", "<p>before </p>\n<div"),
        ("- item ![[Moss]]", "<p>soft</p>"),
        ("# Moss ![[Moss]]", '<a href="../../moss/">Moss</a></h1>'),
    ],
)
def test_notes_are_embedded(extension, text, shown):
    html = rendered(extension, text)
    assert shown in html
    assert faults(html) == []
    assert extension.problems == []


def test_an_embedded_note_keeps_its_footnotes_formulas_and_ids_apart():
    made = SeedbedExtension()
    made.use(index_in_memory({"A.md": "## Roots\n\n$x$[^1]\n\n[^1]: deep\n"}))
    html = rendered(made, "## Roots\n\n![[A]]\n\n![[A]]\n")
    assert faults(html) == []
    assert re.findall(r'id="([^"]*roots)"', html) == ["roots", "e1-roots", "e2-roots"]
    assert re.findall(r'<li id="([^"]*)"', html) == ["e1-fn:1", "e2-fn:1"]
    assert len(made.formulas) == 1


def test_files_that_are_linked_or_shown_are_known(extension):
    rendered(extension, "[[leaf.png]] ![[leaf.png|3]]")
    assert list(extension.attachments) == ["leaf.png"]


def test_links_lead_to_headings_of_the_page_itself(extension):
    html = rendered(extension, "## Start here\n\n[[#start here]] [[#Nowhere]]\n")
    assert '<a href="#start-here">start here</a>' in html
    assert [describe(found) for found in extension.problems] == [
        'start.md:3:17: anchor.missing: this page has no heading or block "Nowhere"'
    ]


def test_links_in_headings_are_words_of_the_table_of_contents(extension):
    text = "## The [[Fern]] of $x$\n"
    extension.start_page(PageUri(""), "a.md", text)
    page = Markdown(extensions=[*RECOMMENDED, extension], extension_configs=RECOMMENDED)
    page.convert(text)
    assert [(each["id"], each["name"]) for each in page.toc_tokens] == [
        ("the-fern-of-x", "The Fern of x")
    ]


def test_an_example_shows_source_and_result(extension):
    html = rendered(extension, "```obsidian\n==[[Moss]]== ^a\n\n[[#^a]]\n```\n")
    assert faults(html) == []
    assert "==[[Moss]]== ^a" in re.sub(r"<[^>]*>", "", html)
    assert '<p id="e1-^a"><mark><a href="../../moss/">Moss</a></mark></p>' in html
    assert '<a href="#e1-^a">' in html


def test_an_example_may_show_its_own_parts_and_circles_end(extension):
    text = "```obsidian\n## Own\n\n![[#Own]]\n\n## More\n\n![[#Own]]\n```\n\n![[#Start]]\n"
    html = rendered(extension, text)
    assert faults(html) == []
    assert '<h2 id="e2-own">' in html
    assert {each.code.value for each in extension.problems} == {"embed.cycle", "embed.missing"}


@pytest.mark.parametrize(
    ("fence", "found"), [("obsidian", ["start.md:4:3"]), ("obsidian faulty", [])]
)
def test_mistakes_in_an_example_are_said_unless_they_are_wanted(extension, fence, found):
    html = rendered(extension, f"Text\n\n```{fence}\na [[Nope]]\n```\n")
    assert "missing-link" in html
    assert [describe(each).partition(": ")[0] for each in extension.problems] == found


def test_without_an_index_links_lead_nowhere():
    shown = Markdown(extensions=[makeExtension()]).convert("[[Fern]]")
    assert shown == '<p><span class="missing-link" title="This link leads nowhere">Fern</span></p>'


WEIGHTS = "kind: weight-distribution\nfan_in: 6\nfan_out: 5\nbins: 5\ninits: [he]\nid: moss\n"


@pytest.mark.timeout(60)
def test_an_embedded_figure_is_shown_and_only_then_computed(tmp_path):
    block = f"```figure\n{WEIGHTS}caption: Seen from [[Fern]].\n```\n^moss\n"
    write_vault(tmp_path, {**NOTES, "Moss.md": block})
    asked = []
    site = Site(tmp_path, SiteSettings())
    computed = drawings.compute(site.ground.planned, cache=None, jobs=1, progress=None)

    def compute():
        asked.append(None)
        return computed

    witness = Witness(
        Sources(site.index, drawings.WhenAsked(compute), datetime(2026, 1, 1, tzinfo=UTC))
    )
    made = SeedbedExtension()
    made.use(witness, witness.drawings)
    assert "Fern" in rendered(made, "[[Moss]] [[Fern]]")
    assert asked == []
    html = rendered(made, "![[Moss#^moss]]")
    assert asked
    assert '<figure class="seedbed-figure' in html
    assert "figures/moss.csv" in html
    assert 'Seen from <a href="../../wood/fern/">Fern</a>.' in html
    assert faults(html) == []
    assert any(question[0] == "drawing" for question in witness.asked)
    site.close()
