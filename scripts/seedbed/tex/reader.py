"""Nodes, one after another, as TeX takes them: arguments, options, stars, delimiters, the rest of a scope.

Separate from the tree because what an argument is depends on the command before it, and from the rewriting
because every command reads its arguments by the same rules.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from itertools import islice
from typing import Final

from seedbed.tex.tree import Atom, Group, Mistake, Node, Nodes, delimiter

_LONGEST_OPTION: Final = 500
"""Nodes among which the bracket that closes an option is looked for, lest a formula of brackets takes forever."""
_CELL_ENDS: Final = ("&", r"\\", r"\cr")
_LENGTH = re.compile(
    r"\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(em|ex|pt|px|mm|cm|in|mu|pc|bp|dd|cc|sp)\s*"
)


_EM_PER_UNIT: Final = {
    "em": 1.0,
    "ex": 0.431,
    "pt": 0.1,
    "px": 1 / 16,
    "mm": 0.2845,
    "cm": 2.845,
    "in": 7.227,
    "mu": 1 / 18,
    "pc": 1.2,
    "bp": 0.1004,
    "dd": 0.107,
    "cc": 1.284,
    "sp": 1.526e-6,
}
"""TeX's units at TeX's ten points to the em, so that lengths follow the reader's text size."""


def length(text: str) -> str:
    """Return a TeX length as a CSS length in em, or an empty string when it is none."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        return ""
    return f"{float(match[1].replace(',', '.')) * _EM_PER_UNIT[match[2]]:.4g}em"


_LONGEST_LENGTH = 20
"""Characters of a length, such as 2.5em; no more are looked at."""


class Reader:
    """A queue of nodes that commands take their arguments from."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = deque(nodes)

    def next(self) -> Node | None:
        """Take the next node, white space included; None at the end."""
        return self._nodes.popleft() if self._nodes else None

    def push(self, nodes: Iterable[Node]) -> None:
        """Put nodes in front, to be read next."""
        self._nodes.extendleft(reversed(tuple(nodes)))

    def starts_with(self, *texts: str) -> bool:
        """Tell whether the next node is one of these atoms, without skipping white space."""
        return (
            bool(self._nodes) and isinstance(self._nodes[0], Atom) and self._nodes[0].text in texts
        )

    def at_group(self) -> bool:
        """Tell whether a group follows, after white space."""
        self.skip_space()
        return bool(self._nodes) and isinstance(self._nodes[0], Group)

    def at_symbol(self) -> bool:
        """Tell whether a letter, sign or command follows."""
        return (
            bool(self._nodes)
            and isinstance(node := self._nodes[0], Atom)
            and not node.text.isdecimal()
        )

    def skip_space(self) -> None:
        """Drop white space."""
        while self.starts_with(" "):
            self._nodes.popleft()

    def take(self, *texts: str) -> str:
        """Take the next atom if it is one of these, after white space; else return an empty string."""
        self.skip_space()
        if not self.starts_with(*texts):
            return ""
        taken = self._nodes.popleft()
        return taken.text if isinstance(taken, Atom) else ""

    def argument(self, command: Atom) -> Nodes:
        """Take an argument: the body of a group, or a single node."""
        self.skip_space()
        if not self._nodes or self.starts_with("&", r"\\"):
            raise Mistake(f"{command.text} needs an argument", command.offset)
        node = self._nodes.popleft()
        return node.body if isinstance(node, Group) else (node,)

    def optional(self) -> Nodes | None:
        """Take an optional argument in brackets, or None where there is none or it is never closed."""
        self.skip_space()
        return self.bracket()

    def bracket(self) -> Nodes | None:
        """Take an optional argument that must follow at once, as after a row's end."""
        if not self.starts_with("["):
            return None
        for index, node in enumerate(islice(self._nodes, _LONGEST_OPTION)):
            if isinstance(node, Atom) and node.text == "]":
                taken = [self._nodes.popleft() for _ in range(index + 1)]
                return tuple(taken[1:-1])
        return None

    def delimiter(self, command: Atom) -> Atom:
        r"""Take a delimiter, also one in braces, as in ``\big{(}``."""
        self.skip_space()
        node = self.next()
        if isinstance(node, Group):
            inner = [
                part for part in node.body if not (isinstance(part, Atom) and part.text == " ")
            ]
            node = inner[0] if len(inner) == 1 else None
        if not isinstance(node, Atom):
            raise Mistake(f"{command.text} needs a delimiter, such as ( or |", command.offset)
        return Atom(delimiter(node.text), node.offset)

    def dimension(self) -> str:
        r"""Take a length written without braces, as in ``\raise 2pt``."""
        self.skip_space()
        taken = ""
        while self._nodes and isinstance(node := self._nodes[0], Atom) and not length(taken):
            if node.is_command or len(taken) > _LONGEST_LENGTH:
                break
            taken += node.text
            self._nodes.popleft()
        return taken

    def until(self, closer: str, command: Atom) -> Nodes:
        """Take everything before the atom that closes what a command has opened, and the atom."""
        taken: list[Node] = []
        while self._nodes:
            node = self._nodes.popleft()
            if isinstance(node, Atom) and node.text == closer:
                return tuple(taken)
            taken.append(node)
        raise Mistake(f"{command.text} is never followed by {closer}", command.offset)

    def rest_of_cell(self) -> Nodes:
        """Take everything up to the end of the cell, row or group: the scope of a switch."""
        taken: list[Node] = []
        while self._nodes and not self.starts_with(*_CELL_ENDS):
            taken.append(self._nodes.popleft())
        return tuple(taken)

    def all(self) -> Nodes:
        """Take everything that is left."""
        taken = tuple(self._nodes)
        self._nodes.clear()
        return taken
