r"""Commutative diagrams: the environment ``CD`` of amscd, as a table of objects and arrows.

``A @>f>g> B`` is an arrow with labels above and below; a row of arrows between two rows of objects,
``@VfVV @AAgA``, goes down and up. Separate because what ``@`` means holds nowhere else in TeX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import EnvironmentRule, Rewriting
from seedbed.tex.tree import Atom, Environment, Group, Mistake, Node, Nodes, Splice, parse_at

_ACROSS: Final = {
    ">": r"\xrightarrow",
    ")": r"\xrightarrow",
    "<": r"\xleftarrow",
    "(": r"\xleftarrow",
}
_ALONG: Final = {"V": r"\Big\downarrow", "A": r"\Big\uparrow"}
_PLAIN: Final = {"=": r"\xlongequal{\quad}", "|": r"\Big\Vert", r"\vert": r"\Big\Vert", ".": ""}


def _diagram(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
    reader = Reader(environment.body)
    rows: list[list[Nodes]] = [[()]]
    while (node := reader.next()) is not None:
        if isinstance(node, Atom) and node.text in (r"\\", r"\cr"):
            rows.append([()])
        elif isinstance(node, Atom) and node.text == "@":
            arrow, across = _arrow(rewriting, node, reader)
            _add_arrow(rows[-1], arrow, across=across)
        else:
            rows[-1][-1] = (*rows[-1][-1], node)
    return (_table(rewriting, environment, rows),)


def _add_arrow(row: list[Nodes], arrow: Nodes, *, across: bool) -> None:
    """Put an arrow into a row: one across stands between two objects, one along takes an object's place."""
    if across:
        row.extend((arrow, ()))
    elif len(row) == 1 and _is_blank(row[0]):
        row[0] = arrow
    elif _is_blank(row[-1]):
        row[-1] = arrow
    else:
        row.extend(((), arrow))


def _is_blank(cell: Nodes) -> bool:
    return all(isinstance(node, Atom) and node.text == " " for node in cell)


def _arrow(rewriting: Rewriting, at: Atom, reader: Reader) -> tuple[Nodes, bool]:
    """Read an arrow behind its ``@`` and tell whether it goes across."""
    kind = reader.take(*_ACROSS, *_ALONG, *_PLAIN)
    if not kind:
        raise Mistake("@ needs one of > < V A = | . behind it", at.offset)
    if kind in _PLAIN:
        return parse_at(_PLAIN[kind], at.offset), kind == "="
    first, second = reader.until(kind, at), reader.until(kind, at)
    if kind in _ACROSS:
        below = (Atom("[", at.offset), Group.at(second, at.offset), Atom("]", at.offset))
        above = Group.at(first, at.offset)
        return (Atom(_ACROSS[kind], at.offset), *(below if second else ()), above), True
    return (
        _side(rewriting, first, at, -100),
        *parse_at(_ALONG[kind], at.offset),
        _side(rewriting, second, at, 0),
    ), False


def _side(rewriting: Rewriting, label: Nodes, at: Atom, shift: int) -> Splice:
    """Write a label beside an arrow without any width of its own, so that the arrow stays under its object."""
    small = (*parse_at(r"\scriptstyle\,", at.offset), *label, *parse_at(r"\,", at.offset))
    content = rewriting.mathml(small)
    moved = f'<mrow style="transform:translateX({shift}%)">{content}</mrow>' if shift else content
    return Splice(f'<mpadded width="0">{moved}</mpadded>', at.offset)


def _table(rewriting: Rewriting, environment: Environment, rows: list[list[Nodes]]) -> Environment:
    nodes: list[Node] = []
    for index, row in enumerate(rows):
        if index:
            nodes.append(Atom(r"\\", environment.offset))
        for position, cell in enumerate(row):
            nodes.extend((*((Atom("&", environment.offset),) if position else ()), *cell))
    return Environment("matrix", rewriting.table(nodes), environment.offset, environment.end)


RULES: Final[Mapping[str, EnvironmentRule]] = {"CD": _diagram}
"""What the environment becomes."""
