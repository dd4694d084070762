"""Lines of a formula: where one ends, its tag, its label, and references to it.

Obsidian numbers nothing by itself, so a label without a tag has nothing to show and disappears.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader, length
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.text import text
from seedbed.tex.tree import Atom, Group, Mistake, Nodes, Splice, atoms, plain


def _row_end(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    r"""Read ``\\``, ``\\*`` and ``\\[1em]``; outside a table a line break means nothing, as in Obsidian."""
    if reader.starts_with("*"):
        reader.next()
    space = reader.bracket() if command.text == r"\\" else None
    depth = length(plain(space or ()))
    if space is not None and not depth:
        reader.push((*atoms("[", command.offset), *space, *atoms("]", command.offset)))
    if not rewriting.in_rows:
        return (Atom(" ", command.offset),)
    end = Atom(r"\\", command.offset)
    if not depth or depth.startswith("-"):
        return (end,)
    # A strut that reaches below the line by what was asked for and a line's own depth.
    strut = (
        f'<mspace height="0" depth="calc({depth} + 0.3em)" style="height:calc({depth} + 0.3em)"/>'
    )
    return (Splice(strut, command.offset), end)


def _dollar(_rewriting: Rewriting, command: Atom, _reader: Reader) -> tuple[Atom]:
    return (Atom(r"\$", command.offset),)


def _nothing(_rewriting: Rewriting, _command: Atom, _reader: Reader) -> Nodes:
    return ()


def _swallow(_rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    reader.argument(command)
    return ()


def _tag(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    starred = bool(reader.take("*"))
    content = text(rewriting, reader.argument(command), command.offset)
    if not rewriting.display:
        return ()  # as in Obsidian: a formula in a line has no place for a tag
    if rewriting.place == "inside a row":
        raise Mistake(r"\tag stands inside another environment of its line", command.offset)
    parts = content if starred else (*_set("("), *content, *_set(")"))
    tag = Splice(rewriting.mathml(parts), command.offset, "tag")
    if rewriting.place == "row":
        return (tag,)
    if rewriting.tag is not None:
        raise Mistake(r"a second \tag for one line", command.offset)
    rewriting.tag = tag
    return ()


def _set(character: str) -> Nodes:
    return (Atom(r"\text", 0), Group.at((Atom(character, 0),), 0))


def _reference(rewriting: Rewriting, command: Atom, reader: Reader) -> Nodes:
    """Show what Obsidian shows for a label it does not find: no label is known across formulas."""
    reader.argument(command)
    shown = "(???)" if command.text == r"\eqref" else "???"
    return text(rewriting, atoms(shown, command.offset), command.offset)


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys((r"\\", r"\cr"), _row_end),
    "$": _dollar,
    **dict.fromkeys((r"\nonumber", r"\notag", r"\displaybreak", r"\MoveEqLeft"), _nothing),
    **dict.fromkeys((r"\label", r"\require", r"\mathtoolsset", r"\usetagform"), _swallow),
    r"\tag": _tag,
    **dict.fromkeys((r"\ref", r"\eqref"), _reference),
}
