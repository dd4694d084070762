"""The math font holds what the formulas of a site show, little else, and measures that browsers can use."""

import io
import sys
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from seedbed import mathfont
from seedbed.mathfont import cutting
from seedbed.tex import Formula, render


def characters(*sources: str) -> frozenset[str]:
    formulas = [render(source, display=True) for source in sources]
    assert all(isinstance(formula, Formula) for formula in formulas), formulas
    return mathfont.required_characters(formula.mathml for formula in formulas)


# What a font must hold


REQUIRED = {
    "x": {"𝑥"},
    "h": {"ℎ"},
    r"\alpha \partial": {"𝛼", "𝜕"},
    r"\Omega": {"Ω"},  # upright, as TeX has it
    r"\mathrm{d}": {"d"},
    r"\sin": set("sin"),
    r"\mathbf{A} \mathbb{R}": {"𝐀", "ℝ"},
    r"\sqrt{2}": {"√", "2"},
    r"\sqrt[3]{2}": {"√", "2", "3"},
    r"a - b": {"𝑎", "−", "𝑏"},
    r"a < b": {"𝑎", "<", "𝑏"},
    r"\text{a b}": {"a", "\u00a0", "b"},
    r"\hat{\imath}": {"𝚤", "ˆ"},
    r"\mathscr{L} \mathcal{B}": {"ℒ\ufe01", "ℬ\ufe00"},
}


@pytest.mark.parametrize("source", REQUIRED)
def test_required_are_the_characters_that_a_browser_shows(source):
    assert REQUIRED[source] == characters(source)


def test_the_source_beside_a_formula_requires_nothing():
    formula = "<math><semantics><mn>1</mn><annotation>\\alpha q</annotation></semantics></math>"
    assert mathfont.required_characters([formula]) == {"1"}


def test_a_hyphen_as_operator_is_drawn_as_minus():
    assert mathfont.required_characters(["<math><mo>-</mo></math>"]) == {"-", "−"}


# The font


SOURCES = (
    r"f(x) = \frac{1}{\sqrt{2}} \sum_{i=0}^n \hat{x}_i + \vec{v} \xrightarrow{f} y'",
    r"\left( \left[ \left\{ \left| x \right| \right\} \right] \right) \mathscr{L} \mathcal{B} \widetilde{ab}",
)


@pytest.fixture(scope="module")
def woff2():
    return mathfont.subset(characters(*SOURCES))


@pytest.fixture
def font(woff2):
    return TTFont(io.BytesIO(woff2))


def glyph(font: TTFont, character: str) -> str:
    return font.getBestCmap()[ord(character)]


def construction(font: TTFont, character: str, *, grows: str):
    variants = font["MATH"].table.MathVariants
    coverage, constructions = {
        "up": (variants.VertGlyphCoverage, variants.VertGlyphConstruction),
        "aside": (variants.HorizGlyphCoverage, variants.HorizGlyphConstruction),
    }[grows]
    return constructions[coverage.glyphs.index(glyph(font, character))]


def test_the_font_is_small_woff2(woff2):
    assert woff2[:4] == b"wOF2"
    assert len(woff2) < 25_000


def test_every_required_character_has_a_glyph(font):
    assert {ord(one[0]) for one in characters(*SOURCES)} <= set(font.getBestCmap())


def test_characters_that_no_formula_shows_have_none(font):
    assert not {ord("Q"), ord("𝑞"), ord("𝔮"), ord("∮")} & set(font.getBestCmap())


def test_the_font_keeps_what_math_needs_and_its_licence(font):
    assert {"MATH", "GSUB", "cmap", "glyf"} <= set(font.keys())
    assert not {"GPOS", "fpgm", "prep", "DSIG"} & set(font.keys())
    names = {record.nameID: str(record) for record in font["name"].names}
    assert "SIL Open Font License" in names[13]
    assert "STIX" in names[0]


def test_fences_keep_their_larger_forms(font):
    for fence in "([{√":
        grown = construction(font, fence, grows="up")
        assert len(grown.MathGlyphVariantRecord) > 3
        assert len(grown.GlyphAssembly.PartRecords) >= 3


def test_fences_grow_little_in_width(font):
    for fence in "()[]{}|√":
        grown = construction(font, fence, grows="up")
        forms = [record.VariantGlyph for record in grown.MathGlyphVariantRecord]
        forms += [part.glyph for part in grown.GlyphAssembly.PartRecords]
        own = font["hmtx"][glyph(font, fence)][0]
        assert max(font["hmtx"][form][0] for form in forms) <= round(1.2 * own)


def test_two_fences_share_no_part_that_is_drawn_for_one_of_them(font):
    left, right = (
        construction(font, brace, grows="up").GlyphAssembly.PartRecords for brace in "{}"
    )
    assert not {part.glyph for part in left} & {part.glyph for part in right}
    bar = construction(font, "|", grows="up").GlyphAssembly.PartRecords
    assert glyph(font, "|") not in {part.glyph for part in bar}


def test_parts_of_an_arrow_overlap_enough_to_be_joined(font):
    least = font["MATH"].table.MathVariants.MinConnectorOverlap
    parts = construction(font, "→", grows="aside").GlyphAssembly.PartRecords
    for first, second in pairwise(parts):
        assert min(first.EndConnectorLength, second.StartConnectorLength) >= least


def test_a_tilde_grows_with_what_it_covers(font):
    assert len(construction(font, "˜", grows="aside").MathGlyphVariantRecord) > 3


def test_an_accent_has_the_width_of_its_ink(font):
    arrow = glyph(font, "\u20d7")
    outline = font["glyf"][arrow]
    assert (outline.xMax, 0) == font["hmtx"][arrow]
    assert outline.xMin == 0
    assert (
        font["GDEF"].table.GlyphClassDef.classDefs[arrow] != 3
    )  # not a mark, whose width is taken away


def test_script_and_calligraphic_letters_are_different_glyphs():
    def drawn(source: str) -> list[tuple[int, int]]:
        font = TTFont(io.BytesIO(mathfont.subset(characters(source))))
        sequences = [table.uvsDict for table in font["cmap"].tables if table.format == 14]
        name = sequences[0][0xFE01][0][1] if sequences else glyph(font, "ℒ")
        return list(font["glyf"][name].coordinates)

    assert drawn(r"\mathscr{L}") != drawn(r"\mathcal{L}")


def test_forms_for_scripts_and_accents_work_in_every_script(font):
    table = font["GSUB"].table
    features = [record.FeatureTag for record in table.FeatureList.FeatureRecord]
    assert {"dtls", "ssty"} == set(features)
    for record in table.ScriptList.ScriptRecord:
        assert list(range(len(features))) == record.Script.DefaultLangSys.FeatureIndex


def test_the_same_characters_give_the_same_bytes(woff2):
    assert woff2 == mathfont.subset(sorted(characters(*SOURCES), reverse=True))


@pytest.fixture
def cut(monkeypatch):
    """Sets of characters for which a font has been cut."""
    done = []

    def counted(wanted):
        done.append("".join(wanted))
        return b"font of " + "".join(wanted).encode()

    monkeypatch.setattr(cutting, "cut", counted)
    return done


def test_a_font_in_the_cache_is_not_cut_again(tmp_path, cut):
    fonts = [mathfont.subset(wanted, tmp_path) for wanted in ("ab", "ba", "abc", "cab", "ab")]
    assert fonts == [b"font of ab", b"font of ab", b"font of abc", b"font of abc", b"font of ab"]
    assert cut == ["ab", "abc"]


def test_a_font_is_cut_again_by_another_version_of_its_library(tmp_path, cut, monkeypatch):
    mathfont.subset("ab", tmp_path)
    monkeypatch.setattr(mathfont, "version", lambda _: "999")
    mathfont.subset("ab", tmp_path)
    assert cut == ["ab", "ab"]


def test_characters_that_the_font_lacks_are_left_to_other_fonts():
    font = TTFont(io.BytesIO(mathfont.subset({"日", "x"})))
    assert {ord(" "), ord("x")} == set(font.getBestCmap())


def test_a_site_without_formulas_has_a_font_all_the_same():
    assert TTFont(io.BytesIO(mathfont.subset(()))).getGlyphOrder()


def test_the_package_that_ships_the_font_is_not_imported(woff2):
    assert woff2
    assert "ziamath" not in sys.modules
