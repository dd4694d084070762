"""TeX source -> a tree of nodes that know where the author wrote them.

Rewriting TeX needs its structure: which braces, environments and fences belong together, and where an
argument ends. The tree holds exactly that and no meaning, so the modules that give commands a meaning never
scan text. Every node keeps its offset in the author's source: however much a formula is rewritten
afterwards, an error still points at what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

MAX_DEPTH: Final = 100
"""Nesting that is still rendered. The converter recurses on the machine's stack and would take the whole build
with it: with the 512 KiB that some systems give a thread it survives about 170 levels. Formulas written by
people stay under 20."""


class Mistake(Exception):  # noqa: N818 -- the author's mistake, not an error of this program
    """What is wrong with a formula; never leaves the package: ``render`` returns it as a value."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Atom:
    """An indivisible piece: a command, a character, a macro's parameter ``#1``, or white space."""

    text: str
    offset: int
    expandable: bool = True
    r"""False for a command that ``\let`` has bound to its first meaning."""

    @property
    def is_command(self) -> bool:
        """Tell whether this is a backslash with what it names."""
        return self.text.startswith("\\")


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between braces."""

    body: Nodes
    offset: int
    end: int

    @classmethod
    def at(cls, body: Nodes, offset: int) -> Group:
        """Make a group that the author did not write."""
        return cls(body, offset, offset)


@dataclass(frozen=True, slots=True)
class Environment:
    r"""``\begin{name}``, the body (arguments included, as written) and ``\end{name}``."""

    name: str
    body: Nodes
    offset: int
    end: int


@dataclass(frozen=True, slots=True)
class Fence:
    r"""``\left`` with its delimiter, the body, and ``\right`` with its delimiter."""

    opening: str
    closing: str
    body: Nodes
    offset: int
    end: int


Form = Literal["symbol", "operator", "tag", "row"]


@dataclass(frozen=True, slots=True)
class Splice:
    """Finished MathML in the place of something the converter has no words for."""

    mathml: str
    offset: int
    form: Form = "symbol"
    """What the converter shall take it for: a symbol, an operator with limits, an equation's tag, a table's row."""


Node = Atom | Group | Environment | Fence | Splice
Nodes = tuple[Node, ...]

_TOKEN = re.compile(
    r"""\\verb\*?(?P<quote>[^A-Za-z\s*])(?P<verbatim>.*?)(?P=quote)
      | \\begin\s*\{(?P<begin>[^{}\\]*)\}
      | \\end\s*\{(?P<end>[^{}\\]*)\}
      | \\[A-Za-z]+
      | \\.?
      | %[^\n]*\n?[ \t]*
      | \#[1-9]
      | \s+
      | .""",
    re.VERBOSE | re.DOTALL,
)
_DELIMITERS: Final = {
    "<": r"\langle",
    ">": r"\rangle",
    r"\lt": r"\langle",
    r"\gt": r"\rangle",
    r"\\": r"\backslash",
    r"\arrowvert": r"\vert",
    r"\bracevert": r"\vert",
    r"\Arrowvert": r"\Vert",
}
"""Delimiters that Obsidian's MathJax takes and the converter does not."""


def delimiter(text: str) -> str:
    """Return the delimiter that ``text`` stands for, in the converter's words."""
    return _DELIMITERS.get(text, text)


def atoms(text: str, offset: int) -> Nodes:
    """Turn TeX without braces into atoms that all stand at one offset."""
    return tuple(Atom(match[0], offset) for match in _TOKEN.finditer(text))


@dataclass(slots=True)
class _Open:
    """A brace, environment, fence or (at the bottom) formula that is not closed yet."""

    kind: Literal["formula", "{", r"\begin", r"\left"]
    name: str
    offset: int
    body: list[Node] = field(default_factory=list)

    def mistake(self) -> Mistake:
        closer = {
            "{": "}",
            r"\begin": f"\\end{{{self.name}}}",
            r"\left": r"\right",
        }[self.kind]
        opener = f"\\begin{{{self.name}}}" if self.kind == r"\begin" else self.kind
        return Mistake(f"{opener} is never closed by {closer}", self.offset)


def parse(source: str) -> Nodes:
    """Build the tree of a formula.

    Raises Mistake where braces, environments or fences do not match, or nest deeper than MAX_DEPTH.
    """
    builder = _Builder()
    tokens = _TOKEN.finditer(source)
    for token in tokens:
        builder.take(token, tokens)
    return builder.finish()


def parse_at(source: str, offset: int) -> Nodes:
    """Build the tree of TeX that the author did not write, standing for something at ``offset``."""
    return _moved(parse(source), offset)


def _moved(nodes: Nodes, offset: int) -> Nodes:
    return tuple(
        replace(node, offset=offset)
        if isinstance(node, Atom | Splice)
        else replace(node, offset=offset, end=offset, body=_moved(node.body, offset))
        for node in nodes
    )


class _Builder:
    def __init__(self) -> None:
        self._open = [_Open("formula", "", 0)]

    def take(self, token: re.Match[str], rest: Iterator[re.Match[str]]) -> None:
        """Add one token; a fence takes its delimiter from the rest."""
        text, offset = token[0], token.start()
        if len(text) == 1 and text not in "{}%\\" and not text.isspace():
            self._add(Atom(text, offset))
        elif text == "{":
            self._push(_Open("{", "", offset))
        elif text == "}":
            top = self._pop("{", text, offset)
            self._add(Group(tuple(top.body), top.offset, offset))
        elif token["begin"] is not None:
            self._push(_Open(r"\begin", _name(token["begin"]), offset))
        elif token["end"] is not None:
            self._end(_name(token["end"]), offset)
        elif text == r"\left":
            self._push(_Open(r"\left", _fence_delimiter(text, offset, rest), offset))
        elif text == r"\right":
            top = self._pop(r"\left", text, offset)
            closing = _fence_delimiter(text, offset, rest)
            self._add(Fence(top.name, closing, tuple(top.body), top.offset, offset))
        elif token["quote"]:
            self._add(Atom(r"\verb", offset))
            verbatim = _characters(token["verbatim"], token.start("verbatim"))
            self._add(Group(verbatim, offset, token.end() - 1))
        elif text[0] != "%":
            self._add(Atom(_normal(text), offset))

    def finish(self) -> Nodes:
        """Return the formula's nodes; nothing may still be open."""
        if len(self._open) > 1:
            raise self._open[-1].mistake()
        return tuple(self._open[0].body)

    def _add(self, node: Node) -> None:
        self._open[-1].body.append(node)

    def _push(self, opened: _Open) -> None:
        if len(self._open) > MAX_DEPTH:
            raise Mistake(f"nested deeper than {MAX_DEPTH} levels", opened.offset)
        self._open.append(opened)

    def _pop(self, kind: str, closer: str, offset: int) -> _Open:
        top = self._open[-1]
        if top.kind == kind:
            return self._open.pop()
        if any(opened.kind == kind for opened in self._open):
            raise top.mistake()
        raise Mistake(f"{closer} closes nothing", offset)

    def _end(self, name: str, offset: int) -> None:
        top = self._pop(r"\begin", f"\\end{{{name}}}", offset)
        if top.name != name:
            raise Mistake(f"\\begin{{{top.name}}} is closed by \\end{{{name}}}", offset)
        self._add(Environment(name, tuple(top.body), top.offset, offset))


def _name(written: str) -> str:
    return " ".join(written.split())


def _normal(text: str) -> str:
    r"""Return white space as one blank and ``\`` before white space as a control space."""
    if text.isspace():
        return " "
    return "\\ " if text[0] == "\\" and text[1:].isspace() else text


def _characters(text: str, offset: int) -> Nodes:
    return tuple(Atom(character, offset + index) for index, character in enumerate(text))


def _fence_delimiter(command: str, offset: int, rest: Iterator[re.Match[str]]) -> str:
    for token in rest:
        if not token[0].isspace():
            if token[0] in "{}" or token["begin"] is not None or token["end"] is not None:
                break
            return delimiter(token[0])
    raise Mistake(f"{command} needs a delimiter, such as ( or |", offset)


def plain(nodes: Iterable[Node]) -> str:
    """Return nodes as TeX, to read a name, a length or a column specification from them."""
    return "".join(map(_plain, nodes))


def _plain(node: Node) -> str:
    match node:
        case Atom(text=text):
            return text
        case Group(body=body):
            return f"{{{plain(body)}}}"
        case Environment(name=name, body=body):
            return f"\\begin{{{name}}}{plain(body)}\\end{{{name}}}"
        case Fence(opening=opening, closing=closing, body=body):
            return f"\\left{opening}{plain(body)}\\right{closing}"
        case Splice():
            return ""
