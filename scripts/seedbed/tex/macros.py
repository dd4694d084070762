r"""The author's own commands: ``\newcommand``, ``\def``, ``\let`` and their kin, and what they expand to.

Expanded here and not by the converter, because an expansion may hold what the converter lacks, and because
nesting can only be bounded once nothing is left to expand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.tree import (
    Atom,
    Environment,
    Fence,
    Group,
    Mistake,
    Node,
    Nodes,
    Splice,
    atoms,
    plain,
)

DEFINERS: Final = frozenset(
    (
        *(
            r"\newcommand",
            r"\renewcommand",
            r"\providecommand",
            r"\DeclareMathOperator",
            r"\DeclarePairedDelimiter",
        ),
        *(r"\def", r"\gdef", r"\edef", r"\xdef", r"\let"),
    )
)
"""The commands that define commands."""
_MAX_EXPANSIONS: Final = 1000
_MAX_NODES: Final = 50_000
"""Bounds for one formula: a macro may call itself, or double what it is given."""


@dataclass(frozen=True, slots=True)
class _Macro:
    parameters: int
    default: Nodes | None
    body: Nodes


class Macros:
    """The commands that one formula has defined so far."""

    def __init__(self) -> None:
        self._macros: dict[str, _Macro] = {}
        self._expansions = 0
        self._nodes = 0

    def __contains__(self, command: Atom) -> bool:
        return command.expandable and command.text in self._macros

    def expand(self, command: Atom, reader: Reader) -> Nodes:
        """Take the command's arguments from the reader and return its body with them in place."""
        macro = self._macros[command.text]
        if f"{command.text}*" in self._macros and reader.take("*"):
            macro = self._macros[f"{command.text}*"]
        arguments: list[Nodes] = []
        if macro.default is not None:
            given = reader.optional()
            arguments.append(macro.default if given is None else given)
        while len(arguments) < macro.parameters:
            arguments.append(reader.argument(command))
        self._expansions += 1
        expansion = tuple(self._fill(macro.body, arguments, command))
        if self._expansions > _MAX_EXPANSIONS:
            raise Mistake(f"{command.text} expands without end", command.offset)
        return expansion

    def _fill(self, body: Nodes, arguments: list[Nodes], command: Atom) -> list[Node]:
        filled: list[Node] = []
        for node in body:
            match node:
                case Atom(text=text) if text[0] == "#" and len(text) > 1:
                    filled.extend(_parameter(text, arguments, command))
                case Group() | Environment() | Fence():
                    inner = tuple(self._fill(node.body, arguments, command))
                    filled.append(
                        replace(node, body=inner, offset=command.offset, end=command.offset)
                    )
                case Atom() | Splice():
                    filled.append(replace(node, offset=command.offset))
        self._nodes += len(filled)
        if self._nodes > _MAX_NODES:
            raise Mistake(f"{command.text} expands without end", command.offset)
        return filled

    def define(self, command: Atom, reader: Reader) -> None:
        """Take a definition's parts from the reader and keep what it defines."""
        match command.text:
            case r"\newcommand" | r"\renewcommand" | r"\providecommand":
                self._new_command(command, reader)
            case r"\let":
                self._let(command, reader)
            case r"\DeclareMathOperator":
                self._operator(command, reader)
            case r"\DeclarePairedDelimiter":
                self._paired(command, reader)
            case _:
                self._def(command, reader)

    def _new_command(self, command: Atom, reader: Reader) -> None:
        reader.take("*")
        name = _name(command, reader)
        count = plain(reader.optional() or ()).strip()
        default = reader.optional()
        if count and not (count.isascii() and count.isdecimal()):
            raise Mistake(
                f"{command.text} needs a number of parameters, not {count}", command.offset
            )
        body = reader.argument(command)
        # \providecommand keeps what is there, as LaTeX does.
        if command.text != r"\providecommand" or name not in self._macros:
            self._macros[name] = _Macro(int(count or 0), default, body)

    def _def(self, command: Atom, reader: Reader) -> None:
        name = _name(command, reader)
        parameters = 0
        while reader.take(f"#{parameters + 1}"):
            parameters += 1
        if not reader.at_group():
            raise Mistake(
                f"{command.text} takes only parameters such as #1 before {{", command.offset
            )
        self._macros[name] = _Macro(parameters, None, reader.argument(command))

    def _let(self, command: Atom, reader: Reader) -> None:
        name = _name(command, reader)
        reader.take("=")
        reader.skip_space()
        meaning = reader.next()
        if not isinstance(meaning, Atom):
            raise Mistake(f"{command.text} needs a command or character", command.offset)
        # \let takes today's meaning: a later definition of the same name must not change it.
        self._macros[name] = self._macros.get(
            meaning.text, _Macro(0, None, (replace(meaning, expandable=False),))
        )

    def _operator(self, command: Atom, reader: Reader) -> None:
        star = reader.take("*")
        name = _name(command, reader)
        body = Group.at(reader.argument(command), command.offset)
        operator = (Atom(r"\operatorname", command.offset), *atoms(star, command.offset), body)
        self._macros[name] = _Macro(0, None, operator)

    def _paired(self, command: Atom, reader: Reader) -> None:
        name = _name(command, reader)
        opening, closing = reader.argument(command), reader.argument(command)
        content = Atom("#1", command.offset)
        fence = Fence(plain(opening), plain(closing), (content,), command.offset, command.offset)
        self._macros[name] = _Macro(1, None, (*opening, content, *closing))
        self._macros[f"{name}*"] = _Macro(1, None, (fence,))


def _name(command: Atom, reader: Reader) -> str:
    argument = [node for node in reader.argument(command) if plain((node,)) != " "]
    if len(argument) == 1 and isinstance(name := argument[0], Atom) and name.is_command:
        return name.text
    raise Mistake(f"{command.text} needs the name of a command, such as \\R", command.offset)


def _parameter(text: str, arguments: list[Nodes], command: Atom) -> Nodes:
    index = int(text[1:]) - 1
    if index >= len(arguments):
        raise Mistake(
            f"{command.text} is defined with {text}, but takes {len(arguments)}", command.offset
        )
    return arguments[index]
