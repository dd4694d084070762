r"""Colors: ``\color``, ``\textcolor``, ``\colorbox``, ``\definecolor`` and ``\bbox``.

A name means what it means in CSS, as in Obsidian: ``green`` is the dark green of web pages, not TeX's. Names that
CSS lacks (``ForestGreen``, ``Apricot``) are left to the converter, which knows those of TeX's dvips driver.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader, length
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.text import text
from seedbed.tex.tree import Atom, Group, Mistake, Node, Nodes, Splice, atoms, plain

_CSS_COLORS: Final = """
    aliceblue=f0f8ff antiquewhite=faebd7 aqua=00ffff aquamarine=7fffd4 azure=f0ffff beige=f5f5dc
    bisque=ffe4c4 black=000000 blanchedalmond=ffebcd blue=0000ff blueviolet=8a2be2 brown=a52a2a
    burlywood=deb887 cadetblue=5f9ea0 chartreuse=7fff00 chocolate=d2691e coral=ff7f50
    cornflowerblue=6495ed cornsilk=fff8dc crimson=dc143c cyan=00ffff darkblue=00008b
    darkcyan=008b8b darkgoldenrod=b8860b darkgray=a9a9a9 darkgreen=006400 darkgrey=a9a9a9
    darkkhaki=bdb76b darkmagenta=8b008b darkolivegreen=556b2f darkorange=ff8c00
    darkorchid=9932cc darkred=8b0000 darksalmon=e9967a darkseagreen=8fbc8f darkslateblue=483d8b
    darkslategray=2f4f4f darkslategrey=2f4f4f darkturquoise=00ced1 darkviolet=9400d3
    deeppink=ff1493 deepskyblue=00bfff dimgray=696969 dimgrey=696969 dodgerblue=1e90ff
    firebrick=b22222 floralwhite=fffaf0 forestgreen=228b22 fuchsia=ff00ff gainsboro=dcdcdc
    ghostwhite=f8f8ff gold=ffd700 goldenrod=daa520 gray=808080 green=008000 greenyellow=adff2f
    grey=808080 honeydew=f0fff0 hotpink=ff69b4 indianred=cd5c5c indigo=4b0082 ivory=fffff0
    khaki=f0e68c lavender=e6e6fa lavenderblush=fff0f5 lawngreen=7cfc00 lemonchiffon=fffacd
    lightblue=add8e6 lightcoral=f08080 lightcyan=e0ffff lightgoldenrodyellow=fafad2
    lightgray=d3d3d3 lightgreen=90ee90 lightgrey=d3d3d3 lightpink=ffb6c1 lightsalmon=ffa07a
    lightseagreen=20b2aa lightskyblue=87cefa lightslategray=778899 lightslategrey=778899
    lightsteelblue=b0c4de lightyellow=ffffe0 lime=00ff00 limegreen=32cd32 linen=faf0e6
    magenta=ff00ff maroon=800000 mediumaquamarine=66cdaa mediumblue=0000cd mediumorchid=ba55d3
    mediumpurple=9370db mediumseagreen=3cb371 mediumslateblue=7b68ee mediumspringgreen=00fa9a
    mediumturquoise=48d1cc mediumvioletred=c71585 midnightblue=191970 mintcream=f5fffa
    mistyrose=ffe4e1 moccasin=ffe4b5 navajowhite=ffdead navy=000080 oldlace=fdf5e6 olive=808000
    olivedrab=6b8e23 orange=ffa500 orangered=ff4500 orchid=da70d6 palegoldenrod=eee8aa
    palegreen=98fb98 paleturquoise=afeeee palevioletred=db7093 papayawhip=ffefd5
    peachpuff=ffdab9 peru=cd853f pink=ffc0cb plum=dda0dd powderblue=b0e0e6 purple=800080
    rebeccapurple=663399 red=ff0000 rosybrown=bc8f8f royalblue=4169e1 saddlebrown=8b4513
    salmon=fa8072 sandybrown=f4a460 seagreen=2e8b57 seashell=fff5ee sienna=a0522d silver=c0c0c0
    skyblue=87ceeb slateblue=6a5acd slategray=708090 slategrey=708090 snow=fffafa
    springgreen=00ff7f steelblue=4682b4 tan=d2b48c teal=008080 thistle=d8bfd8 tomato=ff6347
    turquoise=40e0d0 violet=ee82ee wheat=f5deb3 white=ffffff whitesmoke=f5f5f5 yellow=ffff00
    yellowgreen=9acd32
"""
_CSS: Final = dict(pair.split("=") for pair in _CSS_COLORS.split())
"""Colors of CSS, as six hexadecimal digits."""
_HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_PADDING: Final = "0.2em"


def _hex(rewriting: Rewriting, name: str, model: str) -> str:
    """Return a color as six hexadecimal digits, or an empty string for one that only the converter may know."""
    if model in ("rgb", "RGB", "gray"):
        return _from_numbers(name, model)
    if name in rewriting.colors:
        return rewriting.colors[name]
    match = _HEX.fullmatch(name) if model == "HTML" or name.startswith("#") else None
    if match:
        digits = match[1].lower()
        return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)  # noqa: PLR2004 -- #rrggbb
    return _CSS.get(name.lower(), "")


def _from_numbers(numbers: str, model: str) -> str:
    try:
        parts = [float(part) for part in numbers.split(",")]
    except ValueError:
        return ""
    if model == "gray":
        parts *= 3
    scale = 1 if model == "RGB" else 255
    # A bound on each part also keeps infinity and not-a-number out.
    if len(parts) != len("rgb") or not all(0 <= part * scale <= 255 for part in parts):  # noqa: PLR2004
        return ""
    return "".join(f"{round(part * scale):02x}" for part in parts)


def _take_color(
    rewriting: Rewriting, command: Atom, reader: Reader, model: str = ""
) -> tuple[str, str]:
    """Take a color and return its name and its digits."""
    model = model or plain(reader.optional() or ()).strip()
    name = plain(reader.argument(command)).strip()
    return name, _hex(rewriting, name, model)


def _box_color(rewriting: Rewriting, command: Atom, reader: Reader, model: str = "") -> str:
    name, digits = _take_color(rewriting, command, reader, model)
    if not digits:
        raise Mistake(f"unknown color {name}", command.offset)
    return digits


def _switch(name: str, digits: str, offset: int) -> Nodes:
    color = f"[HTML]{{{digits}}}" if digits else f"{{{name}}}"
    return (Atom(r"\color", offset), *atoms(color, offset))


def _color(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    return _switch(*_take_color(rewriting, command, reader), command.offset)


def _textcolor(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Node]:
    switch = _switch(*_take_color(rewriting, command, reader), command.offset)
    content = rewriting.rewrite(reader.argument(command))
    return (Group.at((*switch, *content), command.offset),)


def _definecolor(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    name = plain(reader.argument(command)).strip()
    model = plain(reader.argument(command)).strip()
    rewriting.colors[name] = _box_color(rewriting, command, reader, model)
    return ()


def _on(background: str) -> str:
    """Style a box, its text black or white: the page's own text color may vanish on it."""
    red, green, blue = (int(background[start : start + 2], 16) for start in (0, 2, 4))
    ink = "000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "fff"  # noqa: PLR2004 -- by eye
    return f"background:#{background};color:#{ink};padding:{_PADDING}"


def _colorbox(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    style = _on(_box_color(rewriting, command, reader))
    content = text(rewriting, reader.argument(command), command.offset)
    return rewriting.wrapped(f'mrow style="{style}"', content, command.offset)


def _fcolorbox(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    border = _box_color(rewriting, command, reader)
    style = f"{_on(_box_color(rewriting, command, reader))};border:0.06em solid #{border}"
    content = text(rewriting, reader.argument(command), command.offset)
    return rewriting.wrapped(f'mrow style="{style}"', content, command.offset)


def _bbox(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    """Take only a color and a padding from the brackets: what else may stand there is arbitrary CSS."""
    wishes = [wish.strip() for wish in plain(reader.optional() or ()).split(",")]
    colors = [digits for wish in wishes if (digits := _hex(rewriting, wish, ""))]
    paddings = [size for wish in wishes if (size := length(wish))]
    border = ["border:0.06em solid"] if any(wish.startswith("border") for wish in wishes) else []
    style = [*map(_on, colors[:1]), *(f"padding:{size}" for size in paddings[:1]), *border]
    return rewriting.wrapped(
        f'mrow style="{";".join(style)}"', reader.argument(command), command.offset
    )


RULES: Final[Mapping[str, Rule]] = {
    r"\color": _color,
    r"\textcolor": _textcolor,
    r"\mathcolor": _textcolor,
    r"\definecolor": _definecolor,
    r"\colorbox": _colorbox,
    r"\fcolorbox": _fcolorbox,
    r"\bbox": _bbox,
}
