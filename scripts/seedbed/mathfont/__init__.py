"""MathML -> the math font a site needs: STIX Two Math, cut to the characters that its formulas use.

The whole font is 1.5 MB and a typical site needs a fiftieth of it. Separate from ``tex``, because one font serves all
formulas of a site; nothing here knows TeX. The door: which characters formulas show, and the font that has them.
"""

from __future__ import annotations

import functools
import hashlib
import html
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

__all__ = ["required_characters", "subset"]

_LIBRARIES: Final = ("brotli", "fonttools", "ziamath")
_CUTTING: Final = Path(__file__).with_name("cutting.py")

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
    return frozenset().union(*map(_characters, mathml))


@functools.lru_cache(maxsize=4096)
def _characters(formula: str) -> frozenset[str]:
    """Return what one formula shows; a vault says many again and again."""
    return frozenset(_shown(formula))


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


def subset(characters: Iterable[str], cache: Path | None = None) -> bytes:
    """Return STIX Two Math as woff2, with the given characters as far as it has them.

    A character may carry a variation selector. The same characters always give the same bytes; they are kept in
    ``cache``, as cutting a font takes a second.
    """
    wanted = sorted(set(characters))
    kept = cache / "fonts" / f"{_key(wanted)}.woff2" if cache else None
    if kept is not None and kept.is_file():
        return kept.read_bytes()
    from seedbed.mathfont.cutting import cut  # noqa: PLC0415 -- the library takes longer to load than a note to build

    content = cut(wanted)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(kept)
    return content


def _key(characters: list[str]) -> str:
    """Return the name of everything that a font depends on: the characters, the code, the libraries and the font."""
    parts = (*map(version, _LIBRARIES), _CUTTING.read_text(encoding="utf-8"), *characters)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
