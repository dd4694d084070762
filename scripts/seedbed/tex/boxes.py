"""Boxes: parts of a formula that are moved, resized, struck out, or lose their size.

MathML Core has elements for most of this and the converter no commands; the rest is style.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader, length
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.text import text
from seedbed.tex.tree import Atom, Mistake, Splice, plain

_SIZES: Final = {
    r"\tiny": 50,
    r"\Tiny": 60,
    r"\scriptsize": 70,
    r"\footnotesize": 80,
    r"\small": 85,
    r"\normalsize": 100,
    r"\large": 120,
    r"\Large": 144,
    r"\LARGE": 173,
    r"\huge": 207,
    r"\Huge": 249,
}
"""Percentages that Obsidian's MathJax gives."""
_NOTATIONS: Final = (
    *("box", "roundedbox", "circle", "left", "right", "top", "bottom", "actuarial"),
    *("updiagonalstrike", "downdiagonalstrike", "horizontalstrike", "verticalstrike"),
)
"""What the stylesheet can draw around and through an expression."""


def _wrapper(element: str) -> Rule:
    def rule(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
        return rewriting.wrapped(element, reader.argument(command), command.offset)

    return rule


def _smash(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    part = plain(reader.optional() or ()).strip()
    sizes = {"t": 'height="0"', "b": 'depth="0"'}.get(part, 'height="0" depth="0"')
    return rewriting.wrapped(f"mpadded {sizes}", reader.argument(command), command.offset)


def _lap(shift: int) -> Rule:
    def rule(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
        content = rewriting.mathml(reader.argument(command))
        moved = (
            f'<mrow style="transform:translateX({shift}%)">{content}</mrow>' if shift else content
        )
        return (Splice(f'<mpadded width="0">{moved}</mpadded>', command.offset),)

    return rule


def _raise(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    sign = "-" if command.text == r"\lower" else ""
    if command.text == r"\raisebox":
        height = length(plain(reader.argument(command)))
        content = text(rewriting, reader.argument(command), command.offset)
    else:
        height = length(reader.dimension())
        content = reader.argument(command)
    if not height:
        raise Mistake(f"{command.text} needs a length, such as 2pt", command.offset)
    offset = f"{sign}{height}".replace("--", "")
    return rewriting.wrapped(f'mpadded voffset="{offset}"', content, command.offset)


def _rule(_rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    raised = length(plain(reader.optional() or ()))
    width, height = (length(plain(reader.argument(command))) for _ in range(2))
    if not width or not height:
        raise Mistake(rf"{command.text} needs two lengths, such as {{1em}}{{2pt}}", command.offset)
    line = f'<mspace width="{width}" height="{height}" style="background:currentcolor"/>'
    return (Splice(f'<mpadded voffset="{raised or 0}">{line}</mpadded>', command.offset),)


def _size(percent: int) -> Rule:
    def rule(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
        return rewriting.wrapped(
            f'mrow style="font-size:{percent}%"', reader.rest_of_cell(), command.offset
        )

    return rule


def _enclose(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    wanted = plain(reader.argument(command)).replace(",", " ").split()
    reader.optional()
    notations = [notation for notation in wanted if notation in _NOTATIONS]
    if len(notations) != len(wanted):
        raise Mistake(rf"\enclose knows {', '.join(_NOTATIONS)}", command.offset)
    content = rewriting.mathml(reader.argument(command))
    strikes = (notation for notation in notations if notation.endswith("diagonalstrike"))
    lines = "".join(f'<mrow class="menclose-{strike}"></mrow>' for strike in strikes)
    mathml = f'<menclose notation="{" ".join(notations)}">{content}{lines}</menclose>'
    return (Splice(mathml, command.offset),)


RULES: Final[Mapping[str, Rule]] = {
    r"\smash": _smash,
    **dict.fromkeys((r"\rlap", r"\mathrlap", r"\crampedrlap"), _lap(0)),
    **dict.fromkeys((r"\clap", r"\mathclap", r"\crampedclap"), _lap(-50)),
    **dict.fromkeys((r"\llap", r"\mathllap", r"\crampedllap"), _lap(-100)),
    **dict.fromkeys((r"\raise", r"\lower", r"\raisebox"), _raise),
    **dict.fromkeys((r"\rule", r"\Rule"), _rule),
    **dict.fromkeys((r"\vcenter", r"\ensuremath"), _wrapper("mrow")),
    **{name: _size(percent) for name, percent in _SIZES.items()},
    r"\enclose": _enclose,
}
