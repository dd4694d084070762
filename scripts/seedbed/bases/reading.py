"""The source of a base -> the base, with what is wrong with it.

Reads every field that Obsidian documents and says of the others that nothing comes of them; a part that cannot be
read costs that part. Separate from ``reader``, which knows values but no field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seedbed.bases.checking import circles
from seedbed.bases.definition import Base, PropertyId, View, property_id
from seedbed.bases.expression import Expression
from seedbed.bases.reader import Reader
from seedbed.bases.view_reading import read_views
from seedbed.diagnostics import Code
from seedbed.placed_yaml import (
    Entry,
    Fault,
    Mapping,
    Node,
    Place,
    Scalar,
    is_nothing,
    read_yaml,
)
from seedbed.text import NotePath, did_you_mean, nearest

_FIELDS = ("filters", "formulas", "properties", "summaries", "views")
_MOST_FORMULAS = 500
_MOST_CHARACTERS = 200_000
_DEEPEST = 40
_MESSAGES = {
    Fault.UNREADABLE: "invalid YAML: {}",
    Fault.REFERENCE: "YAML aliases, anchors and tags are not read",
    Fault.DEPTH: f"nested more than {_DEEPEST} deep",
    Fault.DOCUMENTS: "more than one YAML document",
    Fault.NAME: "a name must be text",
    Fault.REPETITION: '"{}" is given twice',
}
"""Other faults do a base no harm."""


def read_formulas(reader: Reader, field: Entry | None, what: str) -> dict[str, Expression]:
    """Return named expressions, not yet checked."""
    found: dict[str, Expression] = {}
    for entry in reader.entries(field.node, field.name) if field else ():
        if len(found) >= _MOST_FORMULAS:
            reader.report(f"a base has at most {_MOST_FORMULAS} of them", entry.place)
            break
        if isinstance(entry.node, Scalar) and not is_nothing(entry.node):
            found[entry.name] = reader.expression(entry.node, f'{what} "{entry.name}"')
        else:
            reader.report(f'{what} "{entry.name}" must be text', entry.node.place)
            found[entry.name] = Expression("", entry.node.place, None, "no formula is given")
    return found


def check_formulas(reader: Reader) -> dict[str, Expression]:
    """Return the formulas; those that cannot be computed, or that stand in a circle, without their trees."""
    checked = {
        name: reader.checked(expression, f'formula "{name}"')
        for name, expression in reader.formulas.items()
    }
    for circle in circles({name: each.tree for name, each in checked.items() if each.tree}):
        first = checked[circle[0]]
        way = " → ".join((*circle, circle[0]))
        problem = f"it refers to itself: {way}"
        reader.report(f'formula "{circle[0]}": {problem}', first.place)
        for name in circle:
            checked[name] = replace(checked[name], tree=None, problem=problem)
    return checked


def read_display_names(reader: Reader, node: Node | None) -> Iterator[tuple[PropertyId, str]]:
    """Yield the names under which properties are shown."""
    for entry in reader.entries(node, "properties"):
        for setting in reader.entries(entry.node, f'property "{entry.name}"'):
            if setting.name == "displayName":
                name = reader.text(setting.node, "displayName")
                if name is not None:
                    yield property_id(entry.name), name


def report_unknown_fields(reader: Reader, tree: Mapping) -> None:
    """Report fields of a base that mean nothing."""
    for entry in tree.entries:
        if entry.name not in _FIELDS:
            known = did_you_mean(nearest(entry.name, _FIELDS))
            reader.report(
                f'a base has no "{entry.name}"{known}', entry.place, Code.BASE_UNSUPPORTED
            )


def read_tree(reader: Reader, source: str, line: int) -> Mapping | None:
    """Return the fields of a base; None if they cannot be read."""
    start = Place(line, 1)
    if len(source) > _MOST_CHARACTERS:
        reader.report(f"longer than {_MOST_CHARACTERS} characters", start)
        return None
    tree, problems = read_yaml(source, deepest=_DEEPEST, line=line, in_c=True)
    for problem in problems:
        if problem.fault in _MESSAGES:
            reader.report(_MESSAGES[problem.fault].format(problem.detail), problem.place)
    if isinstance(tree, Mapping):
        return tree
    if tree is not None and not is_nothing(tree):
        reader.report("a base must be named values, such as views", tree.place)
        return None
    return None if tree is None and problems else Mapping((), start)


def read_base(path: NotePath, source: str, line: int = 1) -> Base:
    """Read the source of a base; one that says nothing of views has one: a table of names."""
    reader = Reader(path)
    tree = read_tree(reader, source, line)
    root = tree or Mapping((), Place(line, 1))
    report_unknown_fields(reader, root)
    reader.formulas = read_formulas(reader, root.entry("formulas"), "formula")
    reader.formulas = check_formulas(reader)
    summaries = read_formulas(reader, root.entry("summaries"), "summary")
    return Base(
        path=path,
        source=source,
        views=read_views(reader, root.get("views"), summaries) or (View("Table", "table"),),
        filters=reader.filter(root.get("filters")),
        formulas=tuple(reader.formulas.items()),
        display_names=tuple(read_display_names(reader, root.get("properties"))),
        summaries=tuple(
            (name, reader.checked(each, f'summary "{name}"')) for name, each in summaries.items()
        ),
        diagnostics=tuple(sorted(set(reader.problems))),
        line=line,
        is_readable=tree is not None,
    )
