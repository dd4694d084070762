"""What a reader gets: the drawing's markup, its description and table, files, the error box."""

import html
import platform
import re
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Tag
from figure_checks import spec_of, with_id
from hypothesis import given
from hypothesis import strategies as st

from seedbed.figures import (
    Figure,
    FigureProblem,
    compute,
    failure_html,
    parse,
    stylesheet,
)
from seedbed.figures.style import FOREGROUND, GRID, MUTED, SERIES

# Each figure is a process that loads matplotlib.
pytestmark = pytest.mark.timeout(60)

BLOCKS = {
    "depth": "kind: variance-by-depth\nwidth: 16\ndepth: 30\nseeds: 2\nbatch: 4\n",
    "weights": "kind: weight-distribution\ntitle: A < B & 'C'\nsize: wide\n"
    "inits: [he, {scale: 2, label: $a_1$ <b>}]\ntable: false\n",
    "alt": "kind: weight-distribution\ninits: [he]\nalt: What an author says & means by it.\n",
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    specs = [with_id(block, f"fig-{name}") for name, block in BLOCKS.items()]
    made = compute(specs, cache=tmp_path_factory.mktemp("cache"), jobs=2)
    assert all(isinstance(figure, Figure) for figure in made), made
    return dict(zip(BLOCKS, made, strict=True))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def page(figures: dict[str, Figure]) -> BeautifulSoup:
    parts = [
        figure.html("A <em>caption</em>.", "../figures/", "A note.md")
        for figure in figures.values()
    ]
    return BeautifulSoup("<!doctype html>" + "".join(parts), "html5lib")


def xml(markup: str | bytes) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 -- our own markup


def element(page: BeautifulSoup, figure_id: str) -> Tag:
    found = page.find("figure", id=figure_id)
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize("name", BLOCKS)
def test_every_colour_follows_the_page(name: str, figures: dict[str, Figure]) -> None:
    drawing = figures[name].svg
    stand_ins = [FOREGROUND, MUTED, GRID, *(series.stand_in for series in SERIES)]
    assert not [colour for colour in stand_ins if colour in drawing]
    assert "currentColor" in drawing
    assert "var(--fig-1,#0072b2)" in drawing
    # Every colour that is written out is one to fall back on.
    assert re.findall(r"#[0-9a-f]{6}\b", drawing) == re.findall(
        r"(?<=,)#[0-9a-f]{6}(?=\))", drawing
    )
    assert not re.search(r"\brgb|\bblack\b|\bwhite\b", drawing.partition("</desc>")[2])


def test_a_drawing_uses_as_many_series_as_it_shows(figures: dict[str, Figure]) -> None:
    used = sorted(set(re.findall(r"--fig-(\d)", figures["depth"].svg)))
    assert used == ["1", "2", "3", "4", "5"]
    dashes = set(re.findall(r"stroke-dasharray:([^;\"]+)", figures["depth"].svg))
    # The first series is solid; every other has dashes of its own.
    assert len(dashes) == 4


@pytest.mark.parametrize("name", BLOCKS)
def test_nothing_leaks_into_the_page(name: str, figures: dict[str, Figure]) -> None:
    drawing = figures[name].svg
    for leak in ("<style", "<?xml", "<!DOCTYPE", "<metadata", "xlink", "matplotlib", "*{"):
        assert leak not in drawing
    root = xml(drawing)
    ids = [found.attrib["id"] for found in root.iter() if "id" in found.attrib]
    assert ids
    assert all(found.startswith(f"fig-{name}_") for found in ids)
    assert (root.get("stroke-linejoin"), root.get("stroke-linecap")) == ("round", "butt")


@pytest.mark.parametrize("name", BLOCKS)
def test_numbers_are_rounded_to_hundredths(name: str, figures: dict[str, Figure]) -> None:
    root = xml(figures[name].svg)
    paths = " ".join(found.get("d", "") for found in root.iter())
    assert not re.search(r"\.\d{3}", paths)
    assert "e" not in paths
    assert not re.search(r"-0(?![.\d])", paths)


def test_ids_are_unique_and_every_reference_has_its_target(page: BeautifulSoup) -> None:
    ids = [found["id"] for found in page.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    text = str(page)
    targets = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text))
    assert targets
    assert targets <= set(ids)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_drawing_has_a_title_and_a_description(
    name: str, page: BeautifulSoup, figures: dict[str, Figure]
) -> None:
    svg = element(page, f"fig-{name}").svg
    assert svg is not None
    assert svg["role"] == "img"
    labels = str(svg["aria-labelledby"]).split()
    texts = [page.find(id=label) for label in labels]
    assert [text.name for text in texts if isinstance(text, Tag)] == ["title", "desc"]
    assert [figures[name].title, figures[name].description] == [
        text.get_text() for text in texts if isinstance(text, Tag)
    ]
    assert len(figures[name].description) > 20


def test_an_authors_description_replaces_the_generated_one(figures: dict[str, Figure]) -> None:
    assert figures["alt"].description == "What an author says & means by it."


def test_the_caption_follows_the_title(page: BeautifulSoup) -> None:
    caption = element(page, "fig-weights").figcaption
    assert caption is not None
    assert caption.get_text() == "A < B & 'C'. A caption."
    assert caption.em is not None


def test_the_data_are_a_table_with_headings_for_rows_and_columns(page: BeautifulSoup) -> None:
    details = element(page, "fig-depth").details
    assert details is not None
    assert details.summary is not None
    assert details.summary.get_text() == "Data"
    table = details.table
    assert table is not None
    assert table.caption is not None
    columns, rows = table.find_all("th", scope="col"), table.find_all("th", scope="row")
    assert (len(columns), len(rows)) == (8, 20)
    assert rows[0].get_text() == "tanh, std 0.01: simulated"
    assert len(table.find_all("td")) == 20 * 7


def test_a_block_may_leave_the_table_out_but_not_the_files(page: BeautifulSoup) -> None:
    figure = element(page, "fig-weights")
    assert figure.table is None
    links = [link["href"] for link in figure.find_all("a")]
    assert links == ["../figures/fig-weights.csv", "../figures/fig-weights.svg"]


def test_a_wide_figure_says_so(page: BeautifulSoup) -> None:
    assert "seedbed-figure--wide" in element(page, "fig-weights")["class"]
    assert "seedbed-figure--wide" not in element(page, "fig-depth")["class"]


def test_a_drawing_that_is_wider_than_the_screen_scrolls_by_keyboard(page: BeautifulSoup) -> None:
    scroll = element(page, "fig-depth").find(class_="seedbed-figure__scroll")
    assert isinstance(scroll, Tag)
    assert (scroll["tabindex"], scroll["role"]) == ("0", "group")


@pytest.mark.parametrize("name", BLOCKS)
def test_the_file_stands_alone_in_light_and_dark(name: str, figures: dict[str, Figure]) -> None:
    root = xml(figures[name].standalone)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert float(root.attrib["width"]) > 600
    sheet = root.find("{http://www.w3.org/2000/svg}style")
    assert sheet is not None
    assert sheet.text is not None
    used = set(re.findall(r"var\((--fig-\w+)", figures[name].standalone.decode()))
    light, dark = sheet.text.split("@media screen and (prefers-color-scheme:dark)")
    assert all(f"{variable}:" in light and f"{variable}:" in dark for variable in used)


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_every_series_stands_out_from_light_and_dark_backgrounds() -> None:
    assert all(contrast(series.light, "#ffffff") >= 4.5 for series in SERIES)
    assert all(contrast(series.dark, "#161b22") >= 4.5 for series in SERIES)


def test_series_differ_in_dashes_and_in_markers() -> None:
    assert len(SERIES) == len({series.dashes for series in SERIES})
    assert len(SERIES) == len({series.marker for series in SERIES})


def test_the_stylesheet_has_light_colours_everywhere_and_dark_ones_on_screens_alone() -> None:
    light, dark, _ = re.split(r"(?m)^(@media screen\{.*\})$", stylesheet(), maxsplit=1)
    assert light.startswith(".seedbed-figure{--fig-1:#0072b2;")
    assert '[data-md-color-scheme="slate"] .seedbed-figure{--fig-1:#56b4e9;' in dark
    assert stylesheet().count("{") == stylesheet().count("}")


def test_the_box_of_a_failure_says_why_and_shows_the_block_with_its_lines_marked() -> None:
    source = "kind: variance-by-depth\nlayers: <b>\n"
    problems = parse(source)
    assert isinstance(problems, tuple)
    box = BeautifulSoup(failure_html(problems, source), "html5lib")
    text = box.get_text()
    assert "unknown field 'layers' for kind 'variance-by-depth' (did you mean 'depth'?)" in text
    assert "(line 2)" in text
    assert [mark.get_text() for mark in box.find_all("mark")] == ["layers: <b>"]


@given(st.text(), st.text(min_size=1), st.integers(0, 5))
def test_the_box_of_a_failure_escapes_everything(source: str, message: str, line: int) -> None:
    box = failure_html((FigureProblem(message, line),), source)
    tags = set(re.findall(r"<(/?[a-z]+)", box))
    assert {tag.strip("/") for tag in tags} <= {"div", "p", "strong", "pre", "code", "mark"}
    shown = re.sub(r"</?mark>", "", box.partition("<code>")[2].partition("</code>")[0])
    assert source.rstrip("\n") == html.unescape(shown)


def test_a_page_with_hostile_words_holds_none_of_them_as_markup(tmp_path: Path) -> None:
    block = (
        "kind: weight-distribution\nfan_in: 3\nfan_out: 3\n"
        "title: '<script>alert(1)</script>'\nalt: '</desc></svg><script>alert(2)</script>'\n"
        "inits: [{std: 1, label: '</th><script>'}]\n"
    )
    (figure,) = compute([with_id(block, "a")], cache=tmp_path, jobs=1)
    assert isinstance(figure, Figure)
    page = BeautifulSoup(figure.html("", "\"><script>'", "<script>.md"), "html5lib")
    assert page.find("script") is None
    xml(figure.standalone)


def making(page: BeautifulSoup, name: str) -> Tag:
    _, details = element(page, name).find_all("details")
    assert isinstance(details, Tag)
    return details


def test_a_figure_says_what_it_was_made_from_as_its_block_would(page: BeautifulSoup) -> None:
    details = making(page, "fig-weights")
    assert details.summary is not None
    assert details.summary.get_text() == "How this figure was made"
    assert not details.has_attr("open")
    rows = [(row.dt.get_text(), row.dd.get_text()) for row in details.select("dl > div")]  # type: ignore[union-attr]
    assert rows == [
        ("kind", "weight-distribution"),
        ("inits", '[he, {scale: 2, mode: fan_in, distribution: normal, label: "$a_1$ <b>"}]'),
        ("fan_in", "300"),
        ("fan_out", "100"),
        ("bins", "81"),
        ("seed", "0"),
        ("theory", "true"),
        ("size", "wide"),
    ]


@pytest.mark.parametrize("name", ["depth", "alt"])
def test_what_a_figure_was_made_from_makes_it_again(name: str, page: BeautifulSoup) -> None:
    rows = making(page, f"fig-{name}").select("dl > div")
    block = "".join(f"{row.dt.get_text()}: {row.dd.get_text()}\n" for row in rows)  # type: ignore[union-attr]
    assert spec_of(BLOCKS[name]).parameters == spec_of(block).parameters


def test_a_figure_says_what_it_was_made_by_and_how_to_make_it_again(page: BeautifulSoup) -> None:
    details = making(page, "fig-depth")
    found = dict(re.findall(r"(\w+)\u00a0([\w.]+)(?=[,.])", details.get_text()))
    versions = {name: version(name) for name in ("seedbed", "numpy", "matplotlib")}
    assert {**versions, "Python": platform.python_version()} == found
    command = details.select_one(".seedbed-figure__command")
    assert command is not None
    assert command.get_text() == ("seedbed figures render 'A note.md' fig-depth -o fig-depth.svg")


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("A.md", "A.md"),
        ("a b/C & d.md", "'a b/C & d.md'"),
        ("-x.md", "./-x.md"),
        ("it's $1.md", "'it'\"'\"'s $1.md'"),
    ],
)
def test_the_command_names_any_note(note: str, written: str, figures: dict[str, Figure]) -> None:
    said = figures["depth"].command(note)
    assert said == f"seedbed figures render {written} fig-depth -o fig-depth.svg"
