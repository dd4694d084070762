"""Mermaid diagrams: what stands in the page, what may not, and what is said where there is none."""

import multiprocessing
import platform
import re
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from bs4 import BeautifulSoup
from markup import faults
from vaults import articles_of, diagnostics_of, index_in_memory

import seedbed
from seedbed.diagnostics import describe
from seedbed.diagrams import Drawing, Problem, draw, engine

RELEASES = {("linux", "x86_64"), ("darwin", "arm64"), ("win32", "AMD64")}
# Where there is a release it is installed, and these tests fail if it is not.
pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) not in RELEASES,
    reason="merman has no release for this platform",
)

KINDS = {
    "flowchart": 'flowchart TD\nA["a & b < c"] -->|yes| B{Choice}\nB --> C[[Sub]]\nsubgraph Group\nC\nend',
    "sequence diagram": "sequenceDiagram\nactor A\nA->>+B: Hello\nB-->>-A: H\nNote over A,B: N\nloop On\nA->>B: x\nend",
    "class diagram": "classDiagram\nclass Animal {\n+String name\n+isMammal() bool\n}\nAnimal <|-- Duck : is",
    "state diagram": "stateDiagram-v2\n[*] --> Still\nStill --> Moving : push\nstate Moving {\nSlow --> Fast\n}",
    "entity relationship diagram": "erDiagram\nCUSTOMER ||--o{ ORDER : places\nORDER {\nint number PK\n}",
    "Gantt chart": "gantt\ndateFormat YYYY-MM-DD\nsection One\nTask :a, 2024-01-01, 3d\nEnd :milestone, 2024-01-05, 0d",
    "pie chart": 'pie title Shares\n"One" : 40\n"Two" : 60',
    "mind map": "mindmap\n  root((Middle))\n    Left\n    Right\n      Deep",
    "timeline": "timeline\ntitle Years\n2002 : One\n2004 : Two : Three",
    "Git graph": "gitGraph\ncommit\nbranch develop\ncommit\ncheckout main\nmerge develop",
    "user journey": "journey\ntitle Day\nsection Work\nMake tea: 5: Me\nSit: 3: Me, Cat",
    "quadrant chart": "quadrantChart\nx-axis Low --> High\ny-axis Few --> Many\nquadrant-1 Best\nA: [0.3, 0.6]",
    "requirement diagram": "requirementDiagram\nrequirement r {\ntext: words\n}\nelement e {\n}\ne - satisfies -> r",
    "C4 diagram": 'C4Context\nPerson(a, "A", "Somebody")\nSystem(b, "B", "Something")\nRel(a, b, "Uses")',
    "Sankey diagram": "sankey-beta\nA,B,10\nA,C,5",
    "XY chart": 'xychart-beta\nx-axis [jan, feb]\ny-axis "Sum" 0 --> 9\nbar [5, 6]\nline [3, 8]',
    "block diagram": 'block-beta\ncolumns 2\na["One"] b["Two"]\na --> b',
    "packet diagram": 'packet-beta\n0-15: "Source"\n16-31: "Target"',
    "Kanban board": "kanban\n  Todo\n    [Write it]\n  Done\n    [Read it]",
    "architecture diagram": "architecture-beta\nservice a(server)[One]\nservice b(database)[Two]\na:R -- L:b",
}
SHOWN = {
    "flowchart": "a & b < c",
    "class diagram": "+isMammal() : bool",
    "user journey": "Make tea",
    "requirement diagram": "Text: words",
    "Kanban board": "Write it",
}
ALLOWED = {
    *("a", "circle", "clippath", "defs", "ellipse", "g", "line", "lineargradient", "marker"),
    *("path", "polygon", "polyline", "radialgradient", "rect", "stop", "svg", "symbol", "text"),
    *("tspan", "use"),
}


def fenced(source, info="mermaid"):
    return f"```{info}\n{source}\n```\n"


def article(*sources):
    return BeautifulSoup(seedbed.render("\n".join(map(fenced, sources))), "html5lib")


def drawn(source):
    found = draw(source, lambda _: True)
    assert isinstance(found, Drawing), found
    return found


def shown(source, link=lambda _, inner: inner):
    return drawn(source).svg("x", 'style="', link)


def words(svg):
    return " ".join(text.get_text() for text in BeautifulSoup(svg, "html5lib")("text"))


@pytest.mark.parametrize(("kind", "source"), KINDS.items(), ids=KINDS)
def test_every_kind_is_drawn_under_its_name_in_elements_that_are_safe(kind, source):
    soup = article(source)
    svg = soup.figure.svg
    assert {
        "name": svg["aria-label"],
        "role": svg["role"],
        "strange": {each.name.lower() for each in svg.find_all()} - ALLOWED,
        "faults": faults(seedbed.render(fenced(source))),
    } == {"name": f"Diagram: {kind}", "role": "img", "strange": set(), "faults": []}
    assert SHOWN.get(kind, "") in words(str(svg))


@pytest.mark.parametrize("source", KINDS.values(), ids=KINDS)
def test_a_drawing_holds_no_text_of_css_and_no_id_that_nothing_refers_to(source):
    svg = shown(source)
    ids = set(re.findall(r' id="([^"]*)"', svg))
    assert "<style" not in svg
    assert "class=" not in svg
    assert ids == set(re.findall(r"#(x_\d+)", svg))


@pytest.mark.parametrize("source", KINDS.values(), ids=KINDS)
def test_the_same_source_gives_the_same_bytes(source):
    once = shown(source)
    draw.cache_clear()
    assert shown(source) == once


def test_colours_name_both_schemes_and_text_takes_that_of_the_page():
    svg = shown("graph LR\nA --> B")
    assert re.findall(r"--c0:([^;\"]*)", svg) == ["light-dark(#57606a,#a2acb8)"]
    assert [text.get("fill") for text in BeautifulSoup(svg, "html5lib")("text")] == [None, None]


def test_a_label_on_a_colour_of_its_author_is_as_dark_in_both_schemes():
    svg = shown("graph LR\nA --> B\nstyle A fill:#f9f\nstyle B fill:#002")
    texts = [text.get("fill") for text in BeautifulSoup(svg, "html5lib")("text")]
    assert texts == ["#24292f", "#dfe3e8"]


@pytest.mark.parametrize(("theme", "paper"), [("forest", "light"), ("dark", "dark")])
def test_a_theme_of_the_author_brings_its_background(theme, paper):
    source = f"%%{{init: {{'theme': '{theme}'}}}}%%\ngraph LR\nA --> B"
    assert drawn(source).paper == paper
    (figure,) = article(source)("figure")
    assert figure["class"] == ["seedbed-diagram", f"seedbed-diagram--{paper}"]


def test_bold_and_italic_words_stay_so():
    svg = shown('graph LR\nA["`a **bold** and *slanted* word`"]')
    spans = BeautifulSoup(svg, "html5lib")("tspan")
    looks = {
        span.get_text().strip(): (span.get("font-weight"), span.get("font-style")) for span in spans
    }
    assert looks["bold"] == ("700", None)
    assert looks["slanted"] == (None, "italic")


def test_lines_of_a_class_begin_at_one_place():
    svg = shown("classDiagram\nclass A {\n+x\n+aVeryLongNameOfSomething\n}")
    texts = BeautifulSoup(svg, "html5lib")("text")
    places = {text.get_text(): (text["x"], text.get("text-anchor")) for text in texts}
    assert places == {
        "A": (places["A"][0], "middle"),
        "+x": ("0", None),
        "+aVeryLongNameOfSomething": ("0", None),
    }


def test_the_author_names_and_describes_a_diagram():
    soup = article("graph LR\naccTitle: How it flows\naccDescr: From A to B.\nA --> B")
    assert soup.svg["aria-label"] == "How it flows. From A to B."


def test_the_source_stands_below_as_it_was_written():
    source = 'graph TD\n  A["a & b < c"] --> C[[Sub]] %% x\n'
    soup = article(source.rstrip("\n"))
    assert soup.details.summary.get_text() == "Source"
    assert soup.details.select_one("code.language-mermaid").get_text() == source


def test_ids_differ_where_a_diagram_stands_twice():
    soup = article("graph LR\nA --> B", "graph LR\nA --> B")
    assert [marker["id"] for marker in soup("marker")] == ["diagram_0", "diagram_1_0"]


EVIL = {
    "a script in a label": 'graph LR\nA["<script>alert(1)</script>x"]',
    "an image in a label": 'graph LR\nA["<img src=https://example.org/x onerror=alert(1)>x"]',
    "a frame in a label": "graph LR\nA[\"<iframe src='https://example.org'></iframe>x\"]",
    "a script as an address": 'graph LR\nA --> B\nclick A "javascript:alert(1)"\nclick B href "JaVaScRiPt:alert(1)"',
    "a document as an address": 'graph LR\nA --> B\nclick A "data:text/html,<script>alert(1)</script>"',
    "a call": "graph LR\nA --> B\nclick A call alert()\nclick B alert",
    "a style sheet": "%%{init: {'themeCSS': '} body{top:0} @import url(https://example.org/x);'}}%%\ngraph LR\nA",
    "a font": "%%{init: {'fontFamily': 'x;} body{display:none', 'securityLevel': 'loose'}}%%\ngraph LR\nA --> B",
    "a colour": "graph LR\nA --> B\nstyle A fill:url(https://example.org/x),stroke:expression(alert(1))",
    "a class": "graph LR\nA --> B\nclassDef x fill:red;} body{display:none\nclass A x",
    "a variable": "%%{init: {'themeVariables': {'primaryColor': 'red\\\"/><script>alert(1)</script>'}}}%%\ngraph LR\nA",
    "an end of the drawing": 'graph LR\nA["</svg><script>alert(1)</script>"]',
    "a link in a sequence": "sequenceDiagram\nparticipant A\nlink A: Evil @ javascript:alert(1)\nA->>A: x",
    "a picture as a node": 'graph LR\nA@{ img: "https://example.org/x.png", label: "x" }',
}


@pytest.mark.parametrize("source", EVIL.values(), ids=EVIL)
def test_no_source_runs_code_reaches_another_host_or_leaves_its_drawing(source):
    html = seedbed.render(fenced(source))
    soup = BeautifulSoup(html, "html5lib")
    for written in soup("pre"):
        written.decompose()
    elements = soup.body.find_all()
    assert faults(html) == []
    assert {each.name for each in elements} & {
        "script",
        "style",
        "img",
        "image",
        "iframe",
        "foreignobject",
    } == set()
    assert [name for each in elements for name in each.attrs if name.startswith("on")] == []
    assert re.findall(r"javascript|example\.org|body\{|expression|@import", str(soup.body)) == []


def test_a_node_links_to_a_safe_address_and_is_then_no_part_of_a_picture():
    soup = article('graph LR\nA[Start] --> B\nclick A "https://example.org/?a=1&b=2" "tip"')
    assert soup.svg["role"] == "group"
    assert [link["href"] for link in soup.svg("a")] == ["https://example.org/?a=1&b=2"]
    assert soup.svg.a.get_text() == "Start"


def test_a_diagram_in_a_link_has_no_links():
    html = seedbed.render(
        '<a href="x">\n\n' + fenced('graph LR\nA --> B\nclick A "https://a.org"') + "\n</a>\n"
    )
    assert faults(html) == []


@pytest.mark.parametrize(
    "source",
    [
        "graph TD\n" + "A --> B\n" * 10_000,
        "graph TD\n" + " & ".join(f"a{n}" for n in range(400)) + " --> b",
        "graph TD\n" + "".join(f"subgraph s{n}\n" for n in range(300)) + "A\n" + "end\n" * 300,
        "block-beta\n" + "block\n" * 300 + "a\n" + "end\n" * 300,
        "kanban\n" + "".join(f" t\n  [x{n}]\n" for n in range(600)),
        "gantt\ndateFormat YYYY-MM-DD\nexcludes weekends\na: 2000-01-01, 9999999d",
        "gantt\ndateFormat YYYY-MM-DD\nexcludes weekends\na: 0001-01-01, 1d\nb: 9999-12-31, 1d",
        "stateDiagram-v2\n" + "".join(f"state s{n} {{\n" for n in range(200)) + "}\n" * 200,
    ],
    ids=["long", "joined", "nested", "blocks", "cards", "lasting", "far", "states"],
)
def test_what_is_too_large_is_said_to_be(source):
    assert draw(source, lambda _: True) == Problem("it is too large")


def test_a_diagram_of_two_hundred_nodes_is_drawn():
    source = "graph TD\n" + "".join(f"n{each} --> n{each // 2}\n" for each in range(1, 200))
    assert words(shown(source)).count("n") == 200


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n",
        "x",
        "graph",
        "graph TD\nA[",
        "%%{init",
        "---\nconfig: [\n---\ngraph TD\nA",
        "\x01\x02",
        "graph TD\nA[\x01\x02]",
    ],
)
def test_no_source_raises(source):
    assert isinstance(draw(source, lambda _: True), Drawing | Problem)


def test_a_platform_without_merman_shows_the_source(monkeypatch):
    monkeypatch.setitem(sys.modules, "merman", None)
    draw.cache_clear()
    engine.library.cache_clear()  # as on a machine that never had it
    try:
        index = index_in_memory({"Start.md": fenced("graph LR\nA --> B")})
        (found,) = diagnostics_of(index)
        html = articles_of(index)["Start.md"].html
    finally:
        engine.library.cache_clear()
        draw.cache_clear()
    assert describe(found) == (
        "Start.md:2:1: diagram.invalid: this diagram cannot be drawn: "
        "merman, which draws diagrams, has no release for this platform"
    )
    assert '<code class="language-mermaid">graph LR\n' in html


def test_rendering_without_diagrams_does_not_load_merman():
    program = "import sys, seedbed; seedbed.render('# x'); sys.exit('merman' in sys.modules)"
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=exec, args=(program,))
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="the system cannot fork"
)
def test_forked_processes_draw_what_their_parent_draws():
    sources = [f"graph LR\nA{each} --> B" for each in range(8)]
    expected = [shown(source) for source in sources]
    draw.cache_clear()
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as executor:
        assert list(executor.map(shown, sources)) == expected
