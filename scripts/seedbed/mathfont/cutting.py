"""STIX Two Math, cut: a font of the characters that are wanted, its measures mended for browsers.

The font comes from an installed package that ships it as a file, so that neither the project nor a page fetches
fonts from anywhere. The only module that loads fontTools.
"""

from __future__ import annotations

import copy
import importlib.util
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import DefaultLangSys

_PACKAGE: Final = "ziamath"
_FONT: Final = Path("fonts", "STIXTwoMath-Regular.ttf")
_FEATURES: Final = ("dtls", "ssty")
"""Dotless letters under accents, and letters and primes drawn for the size of scripts."""
_LICENCE_NAMES: Final = (0, 1, 2, 13, 14)
"""Copyright, family, style, licence and its address: the licence (OFL) asks that they stay in the font."""
_ROUNDHAND: Final = 0xFE01
r"""Variation selector by which MathML tells the letters of ``\mathscr`` from those of ``\mathcal``."""
_SEQUENCES_FORMAT: Final = 14
"""The kind of character table that holds variation sequences."""
_FENCES: Final = "()[]{}|‖⌊⌋⌈⌉⟨⟩√"
_WIDEST_FENCE: Final = 1.2
"""Width that a fence may reach when it grows, as a multiple of its own."""
_GROW_LIKE: Final = {"˜": "\u0303", "ˇ": "\u030c"}
_LABEL_HEIGHT: Final = 480
"""Height of a label's baseline above that of its arrow, in thousandths; the font has 800, nearly a line."""
_NO_FEATURE: Final = 0xFFFF
_BASE_GLYPH: Final = 1
"""Class of glyphs that are no marks."""
_ACCENTS: Final = "\u0302\u0303\u0305\u030c\u20d6\u20d7\u20db\u20dc"
"""Combining accents that MathML writes as operators of their own: a hat, a vector's arrow, three dots."""


def cut(characters: Iterable[str]) -> bytes:
    """Return the font as woff2, with the given characters as far as it has them.

    Kept are the larger and composed forms that stretchy characters grow into, and forms for scripts and accents.
    """
    wanted = frozenset(characters) | {" "}  # a font without any character is none
    font = TTFont(io.BytesIO(_font_file().read_bytes()), lazy=True, recalcTimestamp=False)
    _keep_sequences(font, wanted)
    _keep_one_script_size(font)
    _add_growing_accents(font)
    settings = Options()
    settings.layout_features = list(_FEATURES)
    settings.name_IDs = list(_LICENCE_NAMES)
    settings.hinting = False
    settings.notdef_outline = True
    settings.glyph_names = True  # while glyphs are mended; woff2 has no use for them
    settings.recalc_timestamp = False
    settings.drop_tables += ["GPOS", "gasp"]
    subsetter = Subsetter(settings)
    subsetter.populate(unicodes=sorted({ord(part) for character in wanted for part in character}))
    subsetter.subset(font)
    _mend(font)
    font["post"].formatType = 3.0
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _font_file() -> Path:
    # The package is only looked up: to import it takes longer than to cut the font.
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ValueError(f"the package {_PACKAGE}, which ships the math font, is not installed")
    return Path(package.origin).parent / _FONT


def _keep_sequences(font: TTFont, wanted: frozenset[str]) -> None:
    r"""Leave the font those variation sequences that are wanted, and add the letters of ``\mathscr``.

    It has them beside those of ``\mathcal``, but only behind a stylistic set that nothing switches on.
    """
    names = font.getBestCmap()
    glyphs = set(font.getGlyphOrder())
    for table in font["cmap"].tables:
        if table.format != _SEQUENCES_FORMAT:
            continue
        kept: dict[int, list[tuple[int, str]]] = {}
        for base, selector in sorted((ord(one[0]), ord(one[1])) for one in wanted if len(one) > 1):
            known = dict(table.uvsDict.get(selector, ()))
            script_letter = f"{names.get(base)}.ss01" if selector == _ROUNDHAND else ""
            glyph = known.get(base) or script_letter
            if glyph in glyphs:
                kept.setdefault(selector, []).append((base, glyph))
        table.uvsDict = kept


def _keep_one_script_size(font: TTFont) -> None:
    """Use the forms for scripts in scripts of scripts as well: a fifth of the bytes for a difference nobody sees."""
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != "ssty":
            continue
        for index in record.Feature.LookupListIndex:
            for rule in table.LookupList.Lookup[index].SubTable:
                alternates = getattr(rule, "ExtSubTable", rule).alternates
                for glyph, (first, *_) in alternates.items():
                    alternates[glyph] = [first, first]


# What is mended for browsers


def _mend(font: TTFont) -> None:
    _apply_features_to_all_scripts(font)
    if "MATH" in font:
        table = font["MATH"].table
        table.MathConstants.StretchStackTopShiftUp.Value = _LABEL_HEIGHT
        variants = table.MathVariants
        _mend_connectors(variants)
        _narrow_fences(font, variants)
    _widen_accents(font)


def _apply_features_to_all_scripts(font: TTFont) -> None:
    """Let the features work wherever a style asks for them: the font ties them to the script "math" alone."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    everything = DefaultLangSys()
    everything.ReqFeatureIndex = _NO_FEATURE
    everything.FeatureIndex = list(range(len(table.FeatureList.FeatureRecord)))
    everything.FeatureCount = len(everything.FeatureIndex)
    for record in table.ScriptList.ScriptRecord:
        record.Script.DefaultLangSys = everything
        record.Script.LangSysRecord = []
        record.Script.LangSysCount = 0


def _add_growing_accents(font: TTFont) -> None:
    """Let a tilde and a caron grow: browsers stretch these characters, and the font only their combining likes."""
    names = font.getBestCmap()
    variants = font["MATH"].table.MathVariants
    constructions = dict(
        zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True)
    )
    for accent, combining in _GROW_LIKE.items():
        constructions[names[ord(accent)]] = constructions[names[ord(combining)]]
    glyphs = sorted(constructions, key=font.getGlyphID)
    variants.HorizGlyphCoverage.glyphs = glyphs
    variants.HorizGlyphConstruction = [constructions[glyph] for glyph in glyphs]
    variants.HorizGlyphCount = len(glyphs)


def _mend_connectors(variants: Any) -> None:  # noqa: ANN401 -- fontTools has no types
    """Let arrows to the right grow.

    The last part of an arrow must overlap with the part before it. Three assemblies give that part the overlap of
    a first one, and browsers then take the arrow for one that cannot grow.
    """
    for construction in variants.HorizGlyphConstruction or ():
        assembly = construction.GlyphAssembly
        if assembly is None:
            continue
        last = assembly.PartRecords[-1]
        if last.StartConnectorLength == 0 and last.EndConnectorLength:
            last.StartConnectorLength, last.EndConnectorLength = last.EndConnectorLength, 0


def _narrow_fences(font: TTFont, variants: Any) -> None:  # noqa: ANN401 -- fontTools has no types
    r"""Make fences grow in height more than in width.

    Chromium gives a growing fence the width of its largest form, whatever its height: ``\left(x\right)`` would
    stand in holes as wide as its letters.
    """
    names = font.getBestCmap()
    coverage = variants.VertGlyphCoverage
    grown = dict(
        zip(coverage.glyphs if coverage else (), variants.VertGlyphConstruction or (), strict=True)
    )
    fences = [name for fence in _FENCES if (name := names.get(ord(fence))) in grown]
    taken = set(names.values())
    parts = {base: _own_parts(font, grown[base].GlyphAssembly, taken) for base in fences}
    for base in fences:
        widest = round(font["hmtx"][base][0] * _WIDEST_FENCE)
        forms = {record.VariantGlyph for record in grown[base].MathGlyphVariantRecord}
        for glyph in sorted(forms | parts[base]):
            _scale_to_width(font, glyph, widest)
        if base != names.get(ord("√")):
            _move_to_edge(font, parts[base])


def _own_parts(font: TTFont, assembly: Any, taken: set[str]) -> set[str]:  # noqa: ANN401 -- fontTools has no types
    """Give an assembly parts of its own: a growing bar is made of the bar itself, and braces share a part."""
    own: dict[str, str] = {}
    for part in assembly.PartRecords if assembly else ():
        shared = part.glyph
        if shared in taken and shared not in own:
            own[shared] = f"{shared}.{len(taken)}"
            font["glyf"][own[shared]] = copy.deepcopy(font["glyf"][shared])
            font["hmtx"][own[shared]] = font["hmtx"][shared]
        part.glyph = own.setdefault(shared, shared)
    taken.update(own.values())
    return set(own.values())


def _scale_to_width(font: TTFont, glyph: str, widest: int) -> None:
    advance, _ = font["hmtx"][glyph]
    if advance > widest:
        _redraw(font, glyph, widest, factor=widest / advance)


def _move_to_edge(font: TTFont, parts: set[str]) -> None:
    """Move the parts of a fence to the left edge: Chromium adds the space there to half of that around the ink."""
    space = min((font["glyf"][part].xMin for part in parts), default=0)
    for part in parts:
        _redraw(font, part, font["hmtx"][part][0], shift=-space)


def _redraw(font: TTFont, glyph: str, advance: int, *, factor: float = 1, shift: int = 0) -> None:
    """Draw a glyph scaled and moved to the side, with the given width."""
    glyphs = font.getGlyphSet()
    drawing = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(drawing)
    pen = TTGlyphPen(None)
    drawing.replay(TransformPen(pen, (factor, 0, 0, 1, shift, 0)))
    outline = pen.glyph()
    font["glyf"][glyph] = outline
    outline.recalcBounds(font["glyf"])
    font["hmtx"][glyph] = (advance, outline.xMin)


def _widen_accents(font: TTFont) -> None:
    """Give combining accents a width: Chromium centers an accent by its width, and these stand left of theirs."""
    names = font.getBestCmap()
    information = font["MATH"].table.MathGlyphInfo if "MATH" in font else None
    attachment = information.MathTopAccentAttachment if information else None
    definition = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
    classes = definition.classDefs if definition else None
    for base in (names.get(ord(accent)) for accent in _ACCENTS):
        for glyph in (base, f"{base}.ssty", f"{base}.ssty2"):
            if glyph not in font["hmtx"].metrics or font["hmtx"][glyph][0]:
                continue
            outline = font["glyf"][glyph]
            shift = -outline.xMin
            _redraw(font, glyph, outline.xMax + shift, shift=shift)
            if classes:
                classes[glyph] = _BASE_GLYPH  # browsers take the width of a mark away again
            if attachment and glyph in attachment.TopAccentCoverage.glyphs:
                index = attachment.TopAccentCoverage.glyphs.index(glyph)
                attachment.TopAccentAttachment[index].Value += shift
