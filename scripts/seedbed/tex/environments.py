r"""Environments: what the converter lacks, in tables that it has, and tags in place of numbers.

Obsidian numbers no equation unless the author writes ``\tag``. So ``align`` and its kin become their unnumbered
forms, which are narrower; only with a tag do they take the whole line and a column for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import EnvironmentRule, Rewriting
from seedbed.tex.text import text
from seedbed.tex.tree import Atom, Environment, Fence, Group, Node, Nodes, Splice, atoms, plain

_REPEATED_COLUMNS = re.compile(r"\*\s*(?:\{(\d{1,2})\}|(\d))\s*(?:\{([^{}]*)\}|(\S))")
_COLUMN_ARGUMENT = re.compile(r"[@!<>]\s*\{[^{}]*\}")
_PARAGRAPH_COLUMN = re.compile(r"[pmbwX]\s*(?:\{[^{}]*\})?")
_SIGNS: Final = (
    "+",
    "-",
    "*",
    "/",
    r"\pm",
    r"\mp",
    r"\cdot",
    r"\times",
    r"\div",
    r"\cup",
    r"\cap",
    r"\oplus",
    r"\otimes",
)
_LINES: Final = (r"\hline", r"\hdashline")


def _is(node: Node, *texts: str) -> bool:
    return isinstance(node, Atom) and node.text in texts


def _rows(body: Iterable[Node]) -> list[list[Node]]:
    """Split a table's body into rows, each with the row end that closes it."""
    rows: list[list[Node]] = [[]]
    for node in body:
        rows[-1].append(node)
        if _is(node, r"\\", r"\cr"):
            rows.append([])
    return rows


def _width(body: Iterable[Node]) -> int:
    return max(sum(_is(node, "&") for node in row) for row in _rows(body)) + 1


def _without_last_row_end(body: Nodes) -> Nodes:
    r"""Drop a last ``\\``: it ends a row and begins none."""
    rows = _rows(body)
    if len(rows) > 1 and all(_is(node, " ") for node in rows[-1]):
        rows[-2:] = [rows[-2][:-1]]
    return tuple(node for row in rows for node in row)


def _skip_option(body: Nodes) -> Nodes:
    """Drop ``[t]`` and its kin: MathML cannot place a table by its first row."""
    reader = Reader(body)
    option = reader.optional()
    return body if option is None or plain(option).strip() not in ("t", "b", "c") else reader.all()


def _lines_as_rows(body: Nodes) -> Nodes:
    r"""Write ``\hline`` as a row of its own, where the converter draws no lines."""
    line = f'<mtr class="seedbed-line"><mtd columnspan="{_width(body)}"></mtd></mtr>'
    nodes: list[Node] = []
    for node in body:
        if _is(node, *_LINES):
            nodes.extend((Splice(line, node.offset, "row"), Atom(r"\\", node.offset)))
        else:
            nodes.append(node)
    return tuple(nodes)


def _body(rewriting: Rewriting, body: Nodes) -> Nodes:
    """Rewrite the rows of a table that has no lines."""
    return rewriting.table(_without_last_row_end(_lines_as_rows(body)))


def _ruled_body(rewriting: Rewriting, body: Nodes) -> Nodes:
    """Rewrite the rows of a table that may have lines, where the converter takes one line after each row."""
    nodes: list[Node] = []
    drawn = False
    for node in _without_last_row_end(body):
        if not (_is(node, *_LINES) and drawn):
            nodes.append(node)
        drawn = _is(node, *_LINES) or (drawn and _is(node, " "))
    if drawn:
        # A last line belongs to an empty row, and reaches over as many columns as that row has.
        nodes.extend([Atom("&", nodes[-1].offset)] * (_width(body) - 1))
    return rewriting.table(nodes)


def _renamed(name: str, environment: Environment, body: Nodes) -> Environment:
    return Environment(name, body, environment.offset, environment.end)


def _as(name: str) -> EnvironmentRule:
    """Write an environment under another name."""

    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        return (_renamed(name, environment, _body(rewriting, _skip_option(environment.body))),)

    return rule


def _aligned(*, arguments: int = 0) -> EnvironmentRule:
    """Write an aligned formula; one with an argument (``alignat``) leaves no space between its pairs of columns."""

    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        body = _pairs(_without_arguments(environment, arguments), apart=not arguments)
        return (_renamed("aligned", environment, _body(rewriting, body)),)

    return rule


def _without_arguments(environment: Environment, count: int) -> Nodes:
    reader = Reader(_skip_option(environment.body))
    for _ in range(count):
        reader.argument(Atom(f"\\begin{{{environment.name}}}", environment.offset))
    return reader.all()


def _pairs(body: Nodes, *, apart: bool) -> Nodes:
    """Space aligned columns as TeX does: pairs stand apart, and a sign after ``&`` has an operand before it."""
    nodes: list[Node] = []
    column, at_start = 1, False
    for node in body:
        if _is(node, "&"):
            column += 1
            at_start = column % 2 == 0
            if apart and not at_start:
                nodes.append(Atom(r"\qquad", node.offset))
        elif not _is(node, " "):
            if at_start and _is(node, *_SIGNS):
                nodes.append(Group.at((), node.offset))
            at_start = False
        if _is(node, r"\\", r"\cr"):
            column = 1
        nodes.append(node)
    return tuple(nodes)


def _gathered(rewriting: Rewriting, environment: Environment) -> Iterable[Node]:
    body = _skip_option(environment.body)
    if (width := _width(body)) > 1:
        return _with_columns("darray", "c" * width)(rewriting, environment)
    return (_renamed("gathered", environment, _body(rewriting, body)),)


def _numbered(tagged: str, untagged: EnvironmentRule, *, arguments: int = 0) -> EnvironmentRule:
    r"""Write an environment that may hold a ``\tag`` in each row."""

    def rule(rewriting: Rewriting, environment: Environment) -> Iterable[Node]:
        outermost = rewriting.display and rewriting.place == "formula"
        if not outermost or not any(_is(node, r"\tag") for node in environment.body):
            return untagged(rewriting, environment)
        body = _without_arguments(environment, arguments)
        if tagged == "align*":
            body = _pairs(body, apart=not arguments)
        body = _without_last_row_end(_lines_as_rows(body))
        return (_renamed(tagged, environment, rewriting.table(body, numbered=True)),)

    return rule


def _equation(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
    """Write only what the environment holds: its tag, if any, is the formula's."""
    return (Group(rewriting.rewrite(environment.body), environment.offset, environment.end),)


def _multline(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
    name = "multline*" if rewriting.display and rewriting.place == "formula" else "gathered"
    return (_renamed(name, environment, _body(rewriting, environment.body)),)


def _with_columns(name: str, columns: str) -> EnvironmentRule:
    """Write an environment as an array of the given columns."""

    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        body = _body(rewriting, _skip_option(environment.body))
        return (_renamed(name, environment, (*atoms(f"{{{columns}}}", environment.offset), *body)),)

    return rule


def _columns(specification: str) -> str:
    """Reduce an array's columns to those the converter draws: l, c, r and lines."""
    for _ in range(specification.count("*")):
        specification = _REPEATED_COLUMNS.sub(
            lambda match: (match[3] or match[4] or "") * int(match[1] or match[2]),
            specification,
            count=1,
        )
    specification = _PARAGRAPH_COLUMN.sub("l", _COLUMN_ARGUMENT.sub("", specification))
    return "".join(column for column in specification if column in "lcr|:")[:_MOST_COLUMNS]


def _array(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
    reader = Reader(environment.body)
    reader.optional()
    written = (
        plain(reader.argument(Atom(r"\begin{array}", environment.offset)))
        if reader.at_group()
        else ""
    )
    body = reader.all()
    # Obsidian centers columns that the author has not described.
    columns = _columns(written) if written.strip() else ""
    missing = _width(body) - sum(column in "lcr" for column in columns)
    nodes = atoms(f"{{{columns}{'c' * missing}}}", environment.offset)
    return (_renamed(environment.name, environment, (*nodes, *_ruled_body(rewriting, body))),)


def _matrix(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
    return (replace(environment, body=_ruled_body(rewriting, environment.body)),)


def _starred_matrix(opening: str, closing: str) -> EnvironmentRule:
    r"""Write a matrix with aligned columns, ``\begin{pmatrix*}[r]``, as an array between fences."""

    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        reader = Reader(environment.body)
        column = _columns(plain(reader.optional() or ()))[:1] or "c"
        body = reader.all()
        columns = atoms(f"{{{column * _width(body)}}}", environment.offset)
        array = _renamed("array", environment, (*columns, *_ruled_body(rewriting, body)))
        return (_fenced(opening, closing, array),)

    return rule


def _small_matrix(opening: str, closing: str) -> EnvironmentRule:
    """Write a matrix in the size of a subscript."""

    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        reader = Reader(environment.body)
        column = (
            _columns(plain(reader.optional() or ()))[:1] if environment.name.endswith("*") else ""
        )
        body = reader.all()
        columns = atoms(f"{{{(column or 'c') * _width(body)}}}", environment.offset)
        array = _renamed("subarray", environment, (*columns, *_body(rewriting, body)))
        return (_fenced(opening, closing, array),)

    return rule


def _fenced(opening: str, closing: str, content: Environment) -> Node:
    if not opening:
        return content
    return Fence(opening, closing, (content,), content.offset, content.end)


def _text_cases(name: str) -> EnvironmentRule:
    """Write ``cases*`` and ``numcases``, whose second column is text."""

    def rule(rewriting: Rewriting, environment: Environment) -> Nodes:
        reader = Reader(environment.body)
        left: Nodes = ()
        if environment.name.endswith("numcases"):
            left = rewriting.rewrite(reader.argument(Atom(environment.name, environment.offset)))
        nodes: list[Node] = []
        for row in _rows(_without_last_row_end(reader.all())):
            split = next((index + 1 for index, node in enumerate(row) if _is(node, "&")), len(row))
            end = len(row) - (bool(row[split:]) and _is(row[-1], r"\\", r"\cr"))
            nodes.extend(row[:split])
            if row[split:end]:
                nodes.extend(text(rewriting, row[split:end], row[split].offset))
            nodes.extend(row[end:])
        return (*left, _renamed(name, environment, rewriting.table(nodes)))

    return rule


def _transparent(*, arguments: int) -> EnvironmentRule:
    def rule(rewriting: Rewriting, environment: Environment) -> tuple[Node]:
        body = rewriting.rewrite(_without_arguments(environment, arguments))
        return (Group(body, environment.offset, environment.end),)

    return rule


_MOST_COLUMNS: Final = 200
_FENCES: Final = {
    "": ("", ""),
    "p": ("(", ")"),
    "b": ("[", "]"),
    "B": (r"\{", r"\}"),
    "v": (r"\vert", r"\vert"),
    "V": (r"\Vert", r"\Vert"),
}

RULES: Final[Mapping[str, EnvironmentRule]] = {
    **dict.fromkeys(("aligned", "split"), _aligned()),
    **dict.fromkeys(("gathered", "multlined"), _gathered),
    "alignedat": _aligned(arguments=1),
    **dict.fromkeys(("align", "align*", "flalign", "flalign*"), _numbered("align*", _aligned())),
    **dict.fromkeys(
        ("alignat", "alignat*", "xalignat", "xalignat*", "xxalignat"),
        _numbered("align*", _aligned(arguments=1), arguments=1),
    ),
    **dict.fromkeys(("gather", "gather*"), _numbered("gather*", _gathered)),
    **dict.fromkeys(("multline", "multline*"), _numbered("multline*", _multline)),
    **dict.fromkeys(("eqnarray", "eqnarray*"), _numbered("align*", _with_columns("darray", "rcl"))),
    "lgathered": _with_columns("darray", "l"),
    "rgathered": _with_columns("darray", "r"),
    **dict.fromkeys(("equation", "equation*", "displaymath", "math", "subequations"), _equation),
    "spreadlines": _transparent(arguments=1),
    **dict.fromkeys(("array", "darray", "subarray"), _array),
    "crampedsubarray": _as("subarray"),
    **{name: _as(name) for name in ("cases", "dcases", "rcases", "drcases")},
    **{f"{name}*": _text_cases(name) for name in ("cases", "dcases", "rcases", "drcases")},
    **dict.fromkeys(("numcases", "subnumcases"), _text_cases("cases")),
    **{f"{letter}matrix": _matrix for letter in _FENCES},
    **{f"{letter}matrix*": _starred_matrix(*fence) for letter, fence in _FENCES.items()},
    **{
        f"{letter}smallmatrix{star}": _small_matrix(*fence)
        for letter, fence in _FENCES.items()
        for star in ("", "*")
    },
}
"""What each environment becomes."""
