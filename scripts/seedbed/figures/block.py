"""The text of a figure block -> a mapping of values that know their lines, or problems.

Says what YAML may be in a block (one mapping, at most 8 kB and five levels) and how its mistakes
are worded. Separate because no schema of kinds should have to know how YAML counts.
"""

from __future__ import annotations

from seedbed.figures.problem import FigureProblem
from seedbed.placed_yaml import (
    Fault,
    Mapping,
    Node,
    Place,
    Problem,
    Sequence,
    is_nothing,
    read_yaml,
)

_MOST_BYTES = 8192
_DEEPEST = 5
_MOST_SHOWN = 40
_MESSAGES = {
    Fault.UNREADABLE: "invalid YAML: {}",
    Fault.REFERENCE: "aliases and tags are not allowed",
    Fault.DEPTH: f"values are nested more than {_DEEPEST} deep",
    Fault.DOCUMENTS: "invalid YAML: more than one document",
    Fault.NAME: "invalid YAML: a field's name must be text",
    Fault.REPETITION: "duplicate key {}",
    Fault.DIRECTIVE: "invalid YAML: directives are not allowed",
    Fault.CHARACTER: "invalid YAML: character {} is not allowed",
}


def read_block(text: str) -> Mapping | tuple[FigureProblem, ...]:
    """Read `text` as one mapping, lines counted from 0; whatever the text, the answer is a value."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > _MOST_BYTES:
        limit = f"limit {_MOST_BYTES // 1024} kB"
        return (FigureProblem(f"block is {size / 1024:.1f} kB, {limit}", 0),)
    tree, problems = read_yaml(text, deepest=_DEEPEST, line=0)
    if problems:
        return tuple(map(_worded, problems))
    if tree is None or is_nothing(tree):
        return Mapping((), Place(0, 1))
    if isinstance(tree, Mapping):
        return tree
    found = f"a figure block must be fields with values, got {shown(tree)}"
    return (FigureProblem(found, tree.place.line),)


def shown(node: Node) -> str:
    """Return how a message names the value: text in quotes, numbers as they were written."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if is_nothing(node):
        return "nothing"
    return _quoted(node.text) if isinstance(node.value, str) else _shortened(node.text)


def _worded(problem: Problem) -> FigureProblem:
    repeated = problem.fault is Fault.REPETITION
    detail = _quoted(problem.detail) if repeated else problem.detail
    return FigureProblem(_MESSAGES[problem.fault].format(detail), problem.place.line)


def _quoted(text: str) -> str:
    return f"'{_shortened(text)}'"


def _shortened(text: str) -> str:
    kept = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
    return " ".join(kept.split())
