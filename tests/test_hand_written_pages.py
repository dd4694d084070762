"""Pages in docs/: Python-Markdown with wikilinks to notes and formulas, as MkDocs renders them."""

import re

import pytest
from markdown import Markdown
from vaults import index_in_memory

from seedbed.diagnostics import describe
from seedbed.text import PageUri
from seedbed.wikilinks_md import SeedbedExtension, makeExtension

NOTES = {
    "wood/Fern.md": "---\naliases: [Bracken]\n---\n## Tall roots\n\nleaf ^leaf\n",
    "Moss.md": "soft\n",
}
RECOMMENDED = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.superfences": {},
    "pymdownx.inlinehilite": {},
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
        ("[[fern|the *fern*]]", '<a href="../../wood/fern/">the *fern*</a>'),
        ("[[Fern#Tall roots]]", '<a href="../../wood/fern/#tall-roots">Fern &gt; Tall roots</a>'),
        ("[[Fern#^leaf|l]]", '<a href="../../wood/fern/#^leaf">l</a>'),
        ("[[bracken]]", '<a href="../../wood/fern/">bracken</a>'),
        ("[[wood/Fern.md]]", '<a href="../../wood/fern/">wood/Fern.md</a>'),
        ("**[[Moss]]**s", '<strong><a href="../../moss/">Moss</a></strong>s'),
        ("[[leaf.png]]", '<a href="../../leaf.png">leaf.png</a>'),
        ("[[Fern|<b>&]]", '<a href="../../wood/fern/">&lt;b&gt;&amp;</a>'),
        ("`[[Fern]]`", "<code>[[Fern]]</code>"),
        ("\\[[Fern]]", "[[Fern]]"),
        ("[[]]", "[[]]"),
        ("[[|x]]", "[[|x]]"),
        ("[a](https://example.org/)", '<a href="https://example.org/">a</a>'),
        ("$x^2$ costs $5", "<span>$x^2$</span> costs $5"),
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
    assert '<div class="seedbed-math">$' in rendered(extension, text)
    assert len(extension.formulas) == 1


def test_mistakes_are_shown_and_said_with_their_place(extension):
    shown = rendered(extension, "# Start\n\nSee [[Mos]],\n[[Fern#Tips]] and\n$\\frac{$.\n")
    assert '<span class="missing-link" title="This link leads nowhere">Mos</span>' in shown
    assert '<a href="../../wood/fern/">Fern &gt; Tips</a>' in shown
    assert '<code class="seedbed-tex-error"' in shown
    assert [describe(found)[:38] for found in extension.problems] == [
        "start.md:3:7: link.missing: no note an",
        'start.md:4:3: anchor.missing: "wood/Fe',
        "start.md:5:2: math.invalid: invalid La",
    ]


def test_without_an_index_links_lead_nowhere():
    shown = Markdown(extensions=[makeExtension()]).convert("[[Fern]]")
    assert shown == '<p><span class="missing-link" title="This link leads nowhere">Fern</span></p>'
