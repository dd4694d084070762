"""Colours and other looks of a drawing: which pass into a page, and how two versions of a colour become one.

Separate because it is the one place that judges values an author can choose.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([-\d.,%/\se]{1,200})\)", re.IGNORECASE)
_NAME = re.compile(r"[a-z]{3,20}", re.IGNORECASE)
_REFERENCE = re.compile(r"""url\(["']?#([^"')\s]+)["']?\)""")
_NUMBERS = re.compile(r"[-+\d.,\s%]{1,200}(?:px|em|deg)?")
_WORD = re.compile(r"[a-z-]{1,24}")
_TRANSFORM = re.compile(
    r"(?:(?:matrix|translate|scale|rotate|skew)[XY]?\([-\d.,\sa-z%]{0,99}\)\s*){1,9}"
)
_SIZE = re.compile(r"([\d.]{1,12})(px)?")
_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert", "auto"})

COLOURS = frozenset({"fill", "stroke", "stop-color"})
NUMBERS = frozenset(
    {
        *("stroke-width", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit"),
        *("opacity", "fill-opacity", "stroke-opacity", "stop-opacity", "rx", "ry"),
    }
)
WORDS = frozenset(
    {
        *("text-anchor", "dominant-baseline", "font-style", "stroke-linecap", "stroke-linejoin"),
        *("text-decoration", "visibility", "shape-rendering", "fill-rule", "clip-rule"),
    }
)
REFERENCES = frozenset({"marker-start", "marker-mid", "marker-end", "clip-path"})
INITIAL = {
    "fill": "#000",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "fill-rule": "nonzero",
    "clip-rule": "nonzero",
    "font-weight": "400",
    "font-style": "normal",
    "text-anchor": "start",
    "dominant-baseline": "auto",
    "visibility": "visible",
    "shape-rendering": "auto",
}
"""What holds for inherited properties that nobody sets."""
DEFAULTS = {"opacity": "1", "stop-opacity": "1", "text-decoration": "none"}
"""What holds for properties that are not inherited."""
_TEXT_SHARE = 0.9
"""merman measures an average font; the letters of Arial are wider by some 6 %, so text is drawn smaller."""


def looks(declared: dict[str, str]) -> dict[str, str]:
    """Return what may stand in a page of the properties in ``declared``, in one spelling each."""
    found = {}
    for name, value in declared.items():
        judge = _JUDGES.get(name)
        kept = judge(value) if judge is not None and value not in _KEYWORDS else None
        if kept is not None:
            found[name] = kept
    return found


def transform(value: str) -> str | None:
    """Return ``value`` if it is a list of transformations and nothing else."""
    return value if _TRANSFORM.fullmatch(value.strip()) else None


def reference(value: str) -> str | None:
    """Return the id that a ``url(#id)`` names."""
    found = _REFERENCE.fullmatch(value.strip())
    return found[1] if found else None


def colour(value: str) -> str | None:
    """Return a colour in its shortest usual spelling; None for anything that is none."""
    if _HEX.fullmatch(value):
        return value.lower()
    if reference(value):
        return value
    function = _FUNCTION.fullmatch(value)
    if function:
        return _computed(function[1].lower(), function[2])
    return value.lower() if _NAME.fullmatch(value) else None


def luminance(value: str) -> float | None:
    """Return how light a colour in hexadecimal is, from 0 to 1; None if it is not opaque or not so written."""
    if not _HEX.fullmatch(value):
        return {"white": 1.0, "black": 0.0, "yellow": 0.9, "red": 0.3}.get(value)
    digits = value[1:]
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 8 and digits[6:] != "ff":  # noqa: PLR2004 -- with an alpha channel
        return None
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def faint(value: str) -> str:
    """Return a colour in hexadecimal so transparent that it tints a dark page; any other as it is."""
    return f"{value}40" if re.fullmatch("#[0-9a-f]{6}", value) else value


def _computed(model: str, written: str) -> str | None:
    parts = re.split(r"[\s,/]+", written.strip())
    try:
        numbers = [float(part.rstrip("%")) / (100 if part.endswith("%") else 1) for part in parts]
    except ValueError:
        return None
    if len(numbers) not in (3, 4):
        return None
    if model == "hsl":
        hue, saturation, lightness = numbers[0] / 360 % 1, *map(_clamp, numbers[1:3])
        channels = [*colorsys.hls_to_rgb(hue, lightness, saturation)]
    else:
        scale = [1 if part.endswith("%") else 255 for part in parts]
        red, green, blue = (n / s for n, s in zip(numbers[:3], scale, strict=False))
        channels = [red, green, blue]
    if len(numbers) == 4 and numbers[3] < 1:  # noqa: PLR2004 -- with an alpha channel
        channels.append(numbers[3])
    return "#" + "".join(f"{round(_clamp(channel) * 255):02x}" for channel in channels)


def _clamp(number: float) -> float:
    return min(max(number, 0.0), 1.0)


def _font_size(value: str) -> str | None:
    size = _SIZE.fullmatch(value)
    if size is None:
        return value if re.fullmatch(r"[\d.]{1,9}(?:em|%)", value) else None
    try:
        return f"{float(size[1]) * _TEXT_SHARE:.4g}"
    except ValueError:
        return None


def _font_weight(value: str) -> str | None:
    number = {"normal": "400", "bold": "700", "bolder": "700"}.get(value, value)
    return number if re.fullmatch("[1-9]00", number) else None


def _number(value: str) -> str | None:
    return value.replace("px", "") if _NUMBERS.fullmatch(value) else None


def _width(value: str) -> str | None:
    """Return the width of a line; Mermaid's sheet for mind maps counts down below zero."""
    return "2" if value.startswith("-") else _number(value)


def _word(value: str) -> str | None:
    return value if _WORD.fullmatch(value) else None


def _target(value: str) -> str | None:
    return value if reference(value) else None


_JUDGES: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(COLOURS, colour),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(REFERENCES, _target),
    "font-size": _font_size,
    "font-weight": _font_weight,
    "stroke-width": _width,
}
"""What passes of a property's value, by property."""


@dataclass(slots=True)
class Palette:
    """The colours of one drawing that differ between light and dark, as variables of the drawing."""

    ink: tuple[str, str]
    """The colour of plain text in light and dark, which is the page's own."""
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def paint(self, light: str, dark: str) -> str:
        """Return what stands for a colour that is ``light`` or ``dark`` by the page's scheme."""
        if light == dark:
            return light
        if (light, dark) == self.ink:
            return "currentColor"
        return f"var({self._names.setdefault((light, dark), f'--c{len(self._names)}')})"

    @property
    def declarations(self) -> str:
        """The variables, as the drawing's own style declares them."""
        return ";".join(f"{name}:light-dark({a},{b})" for (a, b), name in self._names.items())
