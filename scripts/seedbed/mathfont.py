"""MathML -> the math font a site needs: STIX Two Math, cut to the characters that its formulas use.

The whole font is 1.5 MB and a typical site needs a fiftieth of it. It comes from an installed package that ships it
as a file, so that neither the project nor a page fetches fonts from anywhere. Separate from ``tex``, because one font
serves all formulas of a site; nothing here knows TeX.
"""

from __future__ import annotations

import html
import importlib.util
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

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

_ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
_ELEMENT = re.compile(r"<(/?[a-z]+)([^>]*)>([^<]*)")
_SEQUENCE = re.compile("[^\ufe00\ufe01][\ufe00\ufe01]?")
_DRAWN: Final = {"msqrt": "√", "mroot": "√"}
"""Characters that browsers draw for an element."""


def _italic_letters() -> Iterator[tuple[str, str]]:
    for first, italic, count in (
        ("A", 0x1D434, 26),
        ("a", 0x1D44E, 26),
        ("Α", 0x1D6E2, 25),
        ("α", 0x1D6FC, 25),
    ):
        for index in range(count):
            yield chr(ord(first) + index), chr(italic + index)
    yield from {
        "h": "ℎ",
        "ı": "𝚤",
        "ȷ": "𝚥",
        "ϴ": "𝛳",
        "∇": "𝛻",
        "∂": "𝜕",
        "ϵ": "𝜖",
        "ϑ": "𝜗",
        "ϰ": "𝜘",
        "ϕ": "𝜙",
        "ϱ": "𝜚",
        "ϖ": "𝜛",
    }.items()


_ITALIC: Final = dict(_italic_letters())
"""What MathML Core shows for an ``<mi>`` of one character."""


def required_characters(mathml: Iterable[str]) -> frozenset[str]:
    """Collect what a font must have to show formulas: characters, some with a variation selector."""
    return frozenset(character for formula in mathml for character in _shown(formula))


def _shown(formula: str) -> Iterator[str]:
    for element, attributes, escaped in _ELEMENT.findall(_ANNOTATION.sub("", formula)):
        text = html.unescape(escaped)
        if element in _DRAWN:
            yield _DRAWN[element]
        if element == "mi" and text in _ITALIC and 'mathvariant="normal"' not in attributes:
            yield _ITALIC[text]
        elif text:
            yield from _SEQUENCE.findall(text)
            if element == "mo" and "-" in text:
                yield "−"  # browsers draw a hyphen that is an operator as a minus sign


def subset(characters: Iterable[str]) -> bytes:
    """Return STIX Two Math as woff2, with the given characters as far as it has them.

    A character may carry a variation selector. Kept are the larger and composed forms that stretchy characters
    grow into, and forms for scripts and accents. The same characters always give the same bytes.
    """
    wanted = frozenset(characters)
    font = TTFont(_font_file(), lazy=True, recalcTimestamp=False)
    _keep_sequences(font, wanted)
    _keep_one_script_size(font)
    settings = Options()
    settings.layout_features = list(_FEATURES)
    settings.name_IDs = list(_LICENCE_NAMES)
    settings.hinting = False
    settings.notdef_outline = True
    settings.recalc_timestamp = False
    settings.drop_tables += ["GDEF", "GPOS", "gasp"]
    subsetter = Subsetter(settings)
    subsetter.populate(unicodes=sorted({ord(part) for character in wanted for part in character}))
    subsetter.subset(font)
    _apply_to_all_scripts(font)
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


def _apply_to_all_scripts(font: TTFont) -> None:
    """Let the features work wherever a browser asks: the font ties them to the script "math", which some do not."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    features = list(range(len(table.FeatureList.FeatureRecord)))
    for record in table.ScriptList.ScriptRecord:
        script = record.Script
        languages = [
            script.DefaultLangSys,
            *(language.LangSys for language in script.LangSysRecord),
        ]
        for language in languages:
            if language is not None:
                language.FeatureIndex = features
                language.FeatureCount = len(features)
