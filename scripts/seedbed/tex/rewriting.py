"""A formula's tree -> a tree that the converter understands.

The walk over the tree and what a formula has said so far (its macros, colors and tag). What single commands and
environments mean stands in tables of rules given to it, so that each subject has its own module and none of them
needs to know another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Literal

from seedbed.tex import converter
from seedbed.tex.macros import DEFINERS, Macros
from seedbed.tex.reader import Reader
from seedbed.tex.tree import (
    MAX_DEPTH,
    Atom,
    Environment,
    Fence,
    Group,
    Mistake,
    Node,
    Nodes,
    Splice,
)

Place = Literal["formula", "cell", "row", "inside a row"]
"""Where a part of a formula stands. A tag belongs to the row of a numbered environment, or else to the whole
formula; inside what stands in such a row it belongs to nothing."""
Rule = Callable[["Rewriting", Atom, Reader], Iterable[Node]]
"""Turns a command, and what it takes from the reader, into nodes that are final."""
EnvironmentRule = Callable[["Rewriting", Environment], Iterable[Node]]


class Rewriting:
    """The rewriting of one formula."""

    def __init__(
        self,
        rules: Mapping[str, Rule],
        environments: Mapping[str, EnvironmentRule],
        *,
        display: bool,
    ) -> None:
        self.display = display
        self.place: Place = "formula"
        self.colors: dict[str, str] = {}
        """Colors that the formula has defined, as six hexadecimal digits."""
        self.tag: Splice | None = None
        """The tag of the whole formula."""
        self._rules = rules
        self._environments = environments
        self._macros = Macros()
        self._in_rows = False
        self._depth = 0

    def formula(self, nodes: Nodes) -> Nodes:
        """Rewrite a whole formula, with its tag if it has one; raises Mistake."""
        written = self.rewrite(nodes)
        if self.tag is None:
            return written
        return (Environment("equation*", (*written, self.tag), self.tag.offset, self.tag.offset),)

    def rewrite(self, nodes: Iterable[Node], *, rows: bool = False) -> Nodes:
        r"""Rewrite part of a formula; ``rows`` says that ``\\`` and ``&`` belong to a table around it."""
        outer, self._in_rows = self._in_rows, rows
        self._depth += 1
        reader = Reader(nodes)
        written: list[Node] = []
        while (node := reader.next()) is not None:
            if self._depth > MAX_DEPTH:
                raise Mistake(f"nested deeper than {MAX_DEPTH} levels", node.offset)
            written.extend(self._rewritten(node, reader))
        self._depth -= 1
        self._in_rows = outer
        return tuple(written)

    def _rewritten(self, node: Node, reader: Reader) -> Iterable[Node]:
        match node:
            case Atom():
                return self.command(node, reader)
            case Group() | Fence():
                return (replace(node, body=self.rewrite(node.body)),)
            case Environment():
                rule = self._environments.get(node.name)
                if rule is None:
                    raise Mistake(f"unknown environment {node.name}", node.offset)
                return rule(self, node)
            case Splice():
                return (node,)

    def is_macro(self, command: Atom) -> bool:
        """Tell whether the formula has defined this command."""
        return command in self._macros

    def command(self, command: Atom, reader: Reader) -> Iterable[Node]:
        """Rewrite one command with what it takes from the reader; a macro's body is put into the reader."""
        if command in self._macros:
            reader.push(self._macros.expand(command, reader))
            return ()
        if command.text in DEFINERS:
            self._macros.define(command, reader)
            return ()
        rule = self._rules.get(command.text)
        return (command,) if rule is None else rule(self, command, reader)

    @property
    def in_rows(self) -> bool:
        r"""Tell whether ``\\`` would end a row here."""
        return self._in_rows

    def mathml(self, nodes: Iterable[Node], *, display: bool | None = None) -> str:
        """Rewrite and convert part of a formula to one MathML element; raises Mistake."""
        outer, self.place = self.place, self._inner_place()
        written = self.rewrite(nodes)
        self.place = outer
        return converter.fragment(written, display=self.display if display is None else display)

    def wrapped(
        self, element: str, nodes: Iterable[Node], offset: int, *, display: bool | None = None
    ) -> tuple[Splice]:
        """Put part of a formula inside an element that the converter has no command for.

        ``element`` is the tag with its attributes: ``mpadded width="0"``.
        """
        name = element.split(" ", 1)[0]
        return (Splice(f"<{element}>{self.mathml(nodes, display=display)}</{name}>", offset),)

    def argument(self, command: Atom, reader: Reader) -> Group:
        """Take a command's argument from the reader and rewrite it."""
        return Group.at(self.rewrite(reader.argument(command)), command.offset)

    def table(self, body: Iterable[Node], *, numbered: bool = False) -> Nodes:
        """Rewrite a table's rows; each row of a numbered one may have a tag."""
        outer, self.place = self.place, "row" if numbered else self._inner_place()
        written = self.rewrite(body, rows=True)
        self.place = outer
        return written

    def _inner_place(self) -> Place:
        return "cell" if self.place in ("formula", "cell") else "inside a row"
