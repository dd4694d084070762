r"""Chemistry: ``\ce{2H2 + O2 -> 2H2O}`` and ``\pu{25 kJ/mol}``, as TeX.

The notation of mhchem, as far as notes use it: formulas with charges, isotopes and states, bonds, hydrates,
arrows with conditions, precipitates and gases; numbers with units. Its meaning depends on what stands before, so
it is read from left to right with that one piece of memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.tree import Atom, Group, Node, parse_at, plain

_BRACED: Final = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_ARROWS: Final = {
    "->": r"\xrightarrow",
    "<-": r"\xleftarrow",
    "<->": r"\xleftrightarrow",
    "<-->": r"\xleftrightarrow",
    "<=>": r"\xrightleftharpoons",
    "<=>>": r"\xrightleftharpoons",
    "<<=>": r"\xrightleftharpoons",
}
_BONDS: Final = {
    "-": "-",
    "=": "=",
    "#": r"\equiv ",
    "1": "-",
    "2": "=",
    "3": r"\equiv ",
    "->": r"\to ",
    "...": r"\cdots ",
}


class _Equation:
    r"""One ``\ce``, as far as it is read: TeX written so far, and what the last piece was."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._after_atom = False
        """Whether digits are now an index and signs a charge, and not an amount and operators."""

    def read(self, source: str) -> str:
        """Return the TeX of a chemical equation."""
        position = 0
        while position < len(source):
            for pattern, write in _PIECES:
                match = pattern.match(source, position)
                if match:
                    write(self, match)
                    position = match.end()
                    break
            else:
                position += 1
        return "".join(self._written)

    def _put(self, tex: str, *, atom: bool = False) -> None:
        self._written.append(tex)
        self._after_atom = atom

    def math(self, match: re.Match[str]) -> None:
        """Write TeX between dollar signs, or a command with its arguments, as it is."""
        self._put(f"{{{match[1]}}}", atom=True)

    def words(self, match: re.Match[str]) -> None:
        """Write braces as text."""
        self._put(f"\\text{{{match[1]}}}", atom=True)

    def arrow(self, match: re.Match[str]) -> None:
        """Write an arrow with what stands above and below it."""
        above, below = (_Equation().read(condition or "") for condition in match.group(2, 3))
        self._put(f"{_ARROWS[match[1]]}[{{{below}}}]{{{above}}}")

    def operator(self, match: re.Match[str]) -> None:
        """Write a sign between substances."""
        self._put(f"{{}}{match[1]}{{}}")

    def hydrate(self, _match: re.Match[str]) -> None:
        """Write the dot before water of crystallisation."""
        self._put(r"{}\cdot{}")

    def vertical(self, match: re.Match[str]) -> None:
        """Write the arrow of a gas or a precipitate."""
        self._put(r"\uparrow " if "^" in match[0] else r"\downarrow ")

    def state(self, match: re.Match[str]) -> None:
        """Write a state of aggregation."""
        self._put(f"\\,(\\mathrm{{{match[1]}}})", atom=True)

    def raised(self, match: re.Match[str]) -> None:
        """Write a charge, a mass number or an oxidation state."""
        self._script("^", match[1] or match[2])

    def lowered(self, match: re.Match[str]) -> None:
        """Write an index."""
        self._script("_", match[1] or match[2])

    def number(self, match: re.Match[str]) -> None:
        """Write an index behind an atom, else an amount."""
        if self._after_atom:
            self._script("_", match[1])
        elif match[2]:
            self._put(f"\\tfrac{{{match[1]}}}{{{match[2]}}}\\,")
        else:
            self._put(f"{match[1]}\\,")

    def charge(self, match: re.Match[str]) -> None:
        """Write a sign with nothing right behind it: a charge if it stands right behind an atom."""
        if self._after_atom:
            self._script("^", match[0])
        else:
            self._put(f"{{}}{match[0]}{{}}")

    def bond(self, match: re.Match[str]) -> None:
        """Write a bond between two atoms."""
        self._put(f"{{{_BONDS.get(match[match.lastindex or 0], '-')}}}")

    def amount(self, match: re.Match[str]) -> None:
        """Write a letter that counts molecules."""
        self._put(f"{match[0].strip()}\\,")

    def atoms(self, match: re.Match[str]) -> None:
        """Write symbols of elements, upright."""
        self._put(f"\\mathrm{{{match[0]}}}", atom=True)

    def bracket(self, match: re.Match[str]) -> None:
        """Write a bracket; what a closing one closes counts as an atom."""
        self._put(match[0], atom=match[0] in ")]")

    def space(self, _match: re.Match[str]) -> None:
        """Write a space between substances; operators and arrows have their own."""
        self._put("\\ " if self._after_atom else "")

    def other(self, match: re.Match[str]) -> None:
        """Write any other character as it is."""
        self._put(
            {"&": "&", "%": r"\%", "_": "", "^": "", "$": ""}.get(match[0], match[0]),
            atom=match[0] == "'",
        )

    def _script(self, sign: str, content: str) -> None:
        if not self._after_atom and not (
            self._written and self._written[-1].startswith(("^", "_", "{}^", "{}_"))
        ):
            sign = f"{{}}{sign}"  # before the atom: a mass or atomic number
        content = content.replace(".", r"\cdot ").replace("*", r"\ast ")
        self._put(f"{sign}{{\\mathrm{{{content}}}}}", atom=self._after_atom)


_Writer = Callable[[_Equation, re.Match[str]], None]
_PIECES: Final[tuple[tuple[re.Pattern[str], _Writer], ...]] = tuple(
    (re.compile(pattern), write)
    for pattern, write in (
        (r"\$([^$]*)\$", _Equation.math),
        (r"\\bond\{([^{}]*)\}", _Equation.bond),
        (rf"(\\[A-Za-z]+(?:{_BRACED})*|\\.)", _Equation.math),
        (rf"\{{((?:[^{{}}]|{_BRACED})*)\}}", _Equation.words),
        (
            r"\s*(<-->|<->|<=>>|<<=>|<=>|->|<-)(?:\[([^\]]*)\])?(?:\[([^\]]*)\])?\s*",
            _Equation.arrow,
        ),
        (r"\s+([+\-=])\s+", _Equation.operator),
        (r"\s*\*\s*|\s+\.\s+", _Equation.hydrate),
        (r"\s+(?:v|\^)(?=\s|$)|\s*\((?:v|\^)\)", _Equation.vertical),
        (r"\s*\((aq|[slg]|cr|am|ads)\)", _Equation.state),
        (
            rf"\^(?:\{{((?:[^{{}}]|{_BRACED})*)\}}|([0-9]*[+\-.*]+|[0-9]+|[A-Za-z]))",
            _Equation.raised,
        ),
        (rf"_(?:\{{((?:[^{{}}]|{_BRACED})*)\}}|([0-9]+|[A-Za-z]))", _Equation.lowered),
        (r"([0-9]+(?:[.,][0-9]+)?)(?:/([0-9]+))?", _Equation.number),
        (r"[+\-](?=[\s)\]},^]|$)", _Equation.charge),
        (r"(?<=[A-Za-z0-9)\]}])[-=#](?=[A-Za-z(\[{])", _Equation.bond),
        (r"(?<![^\s])[a-z]\s(?=[A-Z(\[])", _Equation.amount),
        (r"[A-Za-zα-ωΑ-Ω]+", _Equation.atoms),
        (r"[()\[\]]", _Equation.bracket),
        (r"\s+", _Equation.space),
        (r".", _Equation.other),
    )
)
"""Pieces of an equation in the order in which they are tried."""

_QUANTITY = re.compile(r"\s*([+-]?[0-9][0-9.,]*)?(?:[eE]([+-]?[0-9]+))?\s*(.*)", re.DOTALL)
_UNIT_POWER = re.compile(r"\^?\{?([+-]?[0-9]+)\}?")
_UNIT = re.compile(
    r"(\\[A-Za-z]+|[A-Za-zµΩ°%]+)|(\^?\{?[+-]?[0-9]+\}?)|(//?)|([*.\s]+)|(.)", re.DOTALL
)


def _ce(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Node]:
    tex = _Equation().read(plain(reader.argument(command)).strip())
    return (
        Group(rewriting.rewrite(parse_at(tex, command.offset)), command.offset, command.offset),
    )


def _pu(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Node]:
    match = _QUANTITY.fullmatch(plain(reader.argument(command)))
    number, power, units = match.groups(default="") if match else ("", "", "")
    ten = f"10^{{{power}}}" if power else ""
    tex = [
        number,
        r"\times " if number and ten else "",
        ten,
        r"\," if units and (number or ten) else "",
    ]
    tex.extend(_unit(piece) for piece in _UNIT.finditer(units))
    return (
        Group(
            rewriting.rewrite(parse_at("".join(tex), command.offset)),
            command.offset,
            command.offset,
        ),
    )


def _unit(piece: re.Match[str]) -> str:
    name, power, per, times, _other = piece.groups(default="")
    if name:
        return f"{name} " if name[0] == "\\" else f"\\mathrm{{{name.replace('%', chr(92) + '%')}}}"
    if power:
        digits = _UNIT_POWER.fullmatch(power)
        return f"^{{{digits[1] if digits else power}}}"
    return "/" if per else r"\," if times else ""


RULES: Final[Mapping[str, Rule]] = {r"\ce": _ce, r"\cee": _ce, r"\pu": _pu}
