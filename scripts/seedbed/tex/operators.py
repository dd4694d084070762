"""Operators, accents and symbols that the converter lacks or takes only in part.

Big and named operators with limits, delimiters by size, negation, bold script letters, and plain TeX's spellings
of what LaTeX has commands for.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.tree import Atom, Environment, Group, Node, Nodes, Splice, atoms, parse_at, plain

_OPERATOR_TEXT = re.compile(r"[A-Za-z0-9 .:*/'\-]+")
_BIG: Final = tuple(
    rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
_LONG_ARROWS: Final = {
    r"\implies": r"\Longrightarrow",
    r"\impliedby": r"\Longleftarrow",
    r"\iff": r"\Longleftrightarrow",
}
_NOT_A_SYMBOL: Final = (
    *(r"\!", r"\,", r"\:", r"\;", r"\ ", "~", r"\quad", r"\hspace"),
    *(r"\mathrel", r"\mathbin", r"\mathop"),
)
_BOLD_ALPHABETS: Final = {r"\mathcal": 0x1D4D0, r"\mathscr": 0x1D4D0, r"\mathfrak": 0x1D56C}
"""Where Unicode has the bold capitals; the small letters follow them."""


def _mathop(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    return (Splice(rewriting.mathml(reader.argument(command)), command.offset, "operator"),)


def _operatorname(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    starred = bool(reader.take("*")) or command.text == r"\operatornamewithlimits"
    name = reader.argument(command)
    written = plain(name)
    if _OPERATOR_TEXT.fullmatch(written):
        mathml = f'<mi mathvariant="normal">{html.escape(written.strip())}</mi>'
    else:
        upright = (Atom(r"\mathrm", command.offset), Group.at(name, command.offset))
        mathml = rewriting.mathml(upright)
    if written.isascii() and written.isalpha():
        star = atoms("*" if starred else "", command.offset)
        return (Atom(r"\operatorname", command.offset), *star, Group.at(name, command.offset))
    operator = Splice(mathml, command.offset, "operator")
    return (operator,) if starred else (operator, Atom(r"\nolimits", command.offset))


def _named_limit(accent: str) -> Rule:
    r"""Write a limit with a line or arrow, such as ``\varprojlim``, as one operator."""

    def rule(rewriting: Rewriting, command: Atom, _reader: Reader) -> tuple[Splice]:
        return (
            Splice(
                rewriting.mathml(parse_at(rf"{accent}{{\mathrm{{lim}}}}", command.offset)),
                command.offset,
                "operator",
            ),
        )

    return rule


def _big(_rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    delimiter = reader.delimiter(command)
    if delimiter.text == "." and command.text != r"\middle":
        return ()
    return (command, delimiter)


def _substack(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Node]:
    rows = rewriting.table(reader.argument(command))
    body = (*atoms("{c}", command.offset), *rows)
    return (Environment("subarray", body, command.offset, command.offset),)


def _plain_table(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    r"""Read plain TeX's tables, such as ``\matrix{a & b \cr c & d}``."""
    name = {r"\eqalign": "aligned", r"\displaylines": "gathered"}.get(
        command.text, command.text[1:]
    )
    body = reader.argument(command)
    return rewriting.rewrite((Environment(name, body, command.offset, command.offset),))


def _buildrel(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    above = rewriting.rewrite(reader.until(r"\over", command))
    return (
        Atom(r"\overset", command.offset),
        Group.at(above, command.offset),
        rewriting.argument(command, reader),
    )


def _root(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    degree = Group.at(rewriting.rewrite(reader.until(r"\of", command)), command.offset)
    radicand = rewriting.argument(command, reader)
    opening, closing = atoms("[", command.offset), atoms("]", command.offset)
    return (Atom(r"\sqrt", command.offset), *opening, degree, *closing, radicand)


def _cancelto(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Group]:
    value, content = rewriting.argument(command, reader), rewriting.argument(command, reader)
    nodes = (Atom(r"\cancel", command.offset), content, *atoms("^", command.offset), value)
    return (Group.at(nodes, command.offset),)


def _aboxed(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    """Box both sides of an aligned equation; its alignment point goes inside the box and is lost."""
    content = tuple(
        node
        for node in reader.argument(command)
        if not (isinstance(node, Atom) and node.text == "&")
    )
    return (Atom(r"\boxed", command.offset), Group.at(rewriting.rewrite(content), command.offset))


def _bold(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    r"""Write bold script and Fraktur as letters of their own: the converter keeps only one font of two."""
    content = Reader(reader.argument(command))
    nodes: list[Node] = []
    while (node := content.next()) is not None:
        if isinstance(node, Atom) and node.text in _BOLD_ALPHABETS:
            letters = plain(content.argument(node)).strip()
            nodes.extend(
                atoms("".join(_bold_letter(node.text, letter) for letter in letters), node.offset)
            )
        else:
            nodes.append(node)
    return (command, Group.at(rewriting.rewrite(nodes), command.offset))


def _bold_letter(alphabet: str, letter: str) -> str:
    if not (letter.isascii() and letter.isalpha()):
        return letter
    index = ord(letter.lower()) - ord("a") + (26 if letter.islower() else 0)
    return chr(_BOLD_ALPHABETS[alphabet] + index)


def _not(_rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    r"""Leave a slash through one symbol to the converter; one that reaches further, ``\not\!D``, is put over it."""
    implication = reader.take(*_LONG_ARROWS)
    if implication:
        space, arrow = Atom(r"\;", command.offset), Atom(_LONG_ARROWS[implication], command.offset)
        return (space, Atom(r"\not", command.offset), arrow, space)
    if reader.starts_with(*_NOT_A_SYMBOL) or not reader.at_symbol():
        slash = '<mpadded width="0"><mo lspace="0.1em" rspace="0">/</mo></mpadded>'
        return (Splice(slash, command.offset),)
    return (Atom(r"\not", command.offset),)


def _starless(_rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Atom]:
    reader.take("*")
    return (command,)


RULES: Final[Mapping[str, Rule]] = {
    r"\mathop": _mathop,
    **dict.fromkeys((r"\operatorname", r"\operatornamewithlimits"), _operatorname),
    r"\varliminf": _named_limit(r"\underline"),
    r"\varlimsup": _named_limit(r"\overline"),
    r"\varinjlim": _named_limit(r"\underrightarrow"),
    r"\varprojlim": _named_limit(r"\underleftarrow"),
    **dict.fromkeys((*_BIG, r"\middle"), _big),
    **dict.fromkeys((r"\substack", r"\crampedsubstack"), _substack),
    **dict.fromkeys(
        (r"\matrix", r"\pmatrix", r"\cases", r"\eqalign", r"\displaylines"), _plain_table
    ),
    r"\buildrel": _buildrel,
    r"\root": _root,
    r"\cancelto": _cancelto,
    r"\Aboxed": _aboxed,
    **dict.fromkeys((r"\boldsymbol", r"\bm", r"\pmb", r"\mathbf", r"\symbf"), _bold),
    **dict.fromkeys((r"\not", r"\centernot"), _not),
    r"\hspace": _starless,
}
