r"""Text inside a formula: ``\text{where $x_i$ is 50\% of \textbf{all}}``.

The converter sets plain text and nothing else inside ``\text``. Here text is cut into stretches of plain text,
each in its fonts, and into what stands between dollar signs, which is a formula again. Characters that mean
something in math (``_ ^ & #``) are themselves in text, as in Obsidian.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from seedbed.tex.names import TEXT_COMMANDS, TEXT_SYMBOLS
from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.tree import Atom, Group, Mistake, Node, Nodes, plain

_PLAIN: Final = (r"\text", r"\mbox", r"\hbox", r"\textnormal", r"\textup", r"\textmd", r"\mathmbox")
_FONTS: Final = {
    **{
        font: font
        for font in (
            r"\textrm",
            r"\textbf",
            r"\textit",
            r"\texttt",
            r"\textsf",
            r"\textsc",
            r"\emph",
        )
    },
    r"\textsl": r"\textit",
}
_ITSELF: Final = {"#": r"\#", "&": r"\&", "_": r"\_", "^": r"\textasciicircum{}"}
"""What a character is written as, to be itself in the converter's text."""
_CIRCLED: Final = {
    **{chr(ord("A") + index): chr(0x24B6 + index) for index in range(26)},
    **{chr(ord("a") + index): chr(0x24D0 + index) for index in range(26)},
    **{str(number): chr(0x2460 + number - 1) for number in range(1, 21)},
    "0": "⓪",
}
_AS_IN_MATH: Final = (r"\textcircled", r"\ref", r"\eqref", r"\verb", r"\href", r"\ce", r"\unicode")
_COMMAND_AND_ARGUMENT: Final = 2
_CLOSERS: Final = {"$": "$", r"\(": r"\)"}


def text(rewriting: Rewriting, content: Iterable[Node], offset: int, *fonts: str) -> Nodes:
    """Turn what a text command holds into a part of the formula."""
    writer = _Text(rewriting, offset, fonts)
    writer.read(content)
    stretches = writer.finish()
    # One plain stretch stays as an author would have written it: braces would change the space around it.
    is_plain = len(stretches) == _COMMAND_AND_ARGUMENT and isinstance(stretches[1], Group)
    return stretches if is_plain else (Group.at(stretches, offset),)


class _Text:
    """The stretches of one text, as far as it is read."""

    def __init__(self, rewriting: Rewriting, offset: int, fonts: tuple[str, ...]) -> None:
        self._rewriting = rewriting
        self._offset = offset
        self._fonts = fonts
        self._plain: list[Node] = []
        self._pieces: list[Node] = []

    def read(self, content: Iterable[Node]) -> None:
        """Read text or part of it."""
        reader = Reader(content)
        while (node := reader.next()) is not None:
            match node:
                case Atom():
                    self._atom(node, reader)
                case Group(body=body):
                    self.read(body)
                case _:
                    self._math((node,), node.offset)

    def finish(self) -> Nodes:
        """Return the stretches."""
        if self._plain:
            self._pieces.extend(self._in_fonts(tuple(self._plain)))
            self._plain.clear()
        return tuple(self._pieces)

    def _atom(self, atom: Atom, reader: Reader) -> None:
        if atom.text in _CLOSERS:
            self._math(reader.until(_CLOSERS[atom.text], atom), atom.offset)
        elif atom.text == r"\ensuremath":
            self._math(reader.argument(atom), atom.offset)
        elif atom.text in _PLAIN:
            self.read(reader.argument(atom))
        elif atom.text in _FONTS:
            self._in_font(_FONTS[atom.text], reader.argument(atom))
        elif atom.text in (r"\color", r"\textcolor"):
            self._colored(atom, reader)
        elif atom.text in _AS_IN_MATH or self._rewriting.is_macro(atom):
            self.finish()
            self._pieces.extend(self._rewriting.command(atom, reader))
        elif atom.text in (" ", r"\\", r"\newline"):
            self._plain.append(Atom(r"\ " if self._after_symbol() else " ", atom.offset))
        else:
            # A parameter that no macro has filled is a sign and a digit.
            sign = _ITSELF.get(atom.text[0], atom.text[0]) + atom.text[1:]
            self._plain.append(Atom(TEXT_SYMBOLS.get(atom.text, sign), atom.offset))

    def _after_symbol(self) -> bool:
        r"""Tell whether the converter would drop a blank here that TeX keeps: behind ``\%`` and its like."""
        last = self._plain[-1] if self._plain else None
        return isinstance(last, Atom) and last.is_command and not last.text[-1].isalpha()

    def _in_font(self, font: str, content: Nodes) -> None:
        self.finish()
        outer, self._fonts = self._fonts, (*self._fonts, font)
        self.read(content)
        self.finish()
        self._fonts = outer

    def _colored(self, command: Atom, reader: Reader) -> None:
        self.finish()
        model, color = reader.optional(), reader.argument(command)
        content = reader.all() if command.text == r"\color" else reader.argument(command)
        text_command = Atom(self._fonts[-1] if self._fonts else r"\text", command.offset)
        self._pieces.extend(
            self._rewriting.rewrite(
                (
                    Atom(r"\textcolor", command.offset),
                    *((Atom("[", 0), *model, Atom("]", 0)) if model is not None else ()),
                    Group.at(color, command.offset),
                    Group((text_command, Group.at(content, command.offset)), 0, 0),
                )
            )
        )

    def _in_fonts(self, plain: Nodes) -> Nodes:
        nodes = plain
        for font in reversed(self._fonts or (r"\text",)):
            nodes = (Atom(font, self._offset), Group(nodes, self._offset, self._offset))
        return nodes

    def _math(self, nodes: Nodes, offset: int) -> None:
        self.finish()
        # In text a formula is an inline one, also where a displayed formula is around the text.
        self._pieces.extend(
            self._rewriting.wrapped('mrow displaystyle="false"', nodes, offset, display=False)
        )


def _text(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    return text(rewriting, reader.argument(command), command.offset)


def _font(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    return text(rewriting, reader.argument(command), command.offset, _FONTS[command.text])


def _framed(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    content = text(rewriting, reader.argument(command), command.offset)
    return (Atom(r"\boxed", command.offset), Group.at(content, command.offset))


def _symbol(rewriting: Rewriting, command: Atom, _reader: Reader) -> Nodes:
    return text(rewriting, (command,), command.offset)


def _circled(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    content = plain(reader.argument(command)).strip()
    character = _CIRCLED.get(content)
    if character is None:
        raise Mistake(rf"{command.text} takes one letter or a number up to 20", command.offset)
    return text(rewriting, (Atom(character, command.offset),), command.offset)


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(_PLAIN, _text),
    **dict.fromkeys(_FONTS, _font),
    **dict.fromkeys((*TEXT_SYMBOLS, *TEXT_COMMANDS), _symbol),
    r"\fbox": _framed,
    r"\textcircled": _circled,
}
"""Commands whose argument is text, and symbols that the converter knows in text only."""
