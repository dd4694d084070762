"""The parts of a base's YAML -> texts, numbers, properties, expressions and filters, or a diagnostic each.

What every field of a base is read with. Separate so that ``reading`` and ``view_reading`` name fields and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from seedbed.bases.checking import check
from seedbed.bases.definition import Filter, Group, PropertyId, property_id
from seedbed.bases.expression import Expression
from seedbed.bases.functions import FILE_FIELDS
from seedbed.bases.parser import parse
from seedbed.diagnostics import Code, Diagnostic
from seedbed.placed_yaml import Entry, Mapping, Node, Place, Scalar, Sequence, is_nothing
from seedbed.text import NotePath, did_you_mean, nearest


@dataclass(slots=True)
class Reader:
    """One base while it is read: what it is called, which formulas it has, what is wrong so far."""

    path: NotePath
    formulas: dict[str, Expression] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def report(self, message: str, place: Place, code: Code = Code.BASE_INVALID) -> None:
        """Add a diagnostic at the beginning of a value."""
        self.problems.append(Diagnostic(self.path, place.line, place.column, code, message))

    def entries(self, node: Node | None, what: str) -> tuple[Entry, ...]:
        """Return the entries of a value that must be named values, or nothing."""
        if isinstance(node, Mapping):
            return node.entries
        if node is not None and not is_nothing(node):
            self.report(f"{what} must be named values", node.place)
        return ()

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """Return the items of a value that must be a list; a single value is one of one."""
        if isinstance(node, Sequence):
            return node.items
        if isinstance(node, Scalar) and not is_nothing(node):
            return (node,)
        if isinstance(node, Mapping):
            self.report(f"{what} must be a list", node.place)
        return ()

    def text(self, node: Node | None, what: str) -> str | None:
        """Return a value that must be text, if it says anything."""
        if node is None or is_nothing(node):
            return None
        if isinstance(node, Scalar):
            return node.text.strip() or None
        self.report(f"{what} must be text", node.place)
        return None

    def choice(self, node: Node | None, what: str, *choices: str) -> str | None:
        """Return a value that must be one of ``choices``, whatever its case."""
        written = self.text(node, what)
        if written is None or written.lower() in choices:
            return written and written.lower()
        if node is not None:
            self.report(f'{what} must be one of {", ".join(choices)}, not "{written}"', node.place)
        return None

    def number(self, node: Node | None, what: str, least: float, most: float) -> float | None:
        """Return a value that must be a number, brought within its bounds."""
        written = self.text(node, what)
        if written is None or node is None:
            return None
        try:
            number = float(written)
        except ValueError:
            number = float("nan")
        if number != number:  # noqa: PLR0124 -- only NaN differs from itself
            self.report(f'{what} must be a number, not "{written}"', node.place)
            return None
        return min(max(number, least), most)

    def property(self, node: Node | None, what: str) -> PropertyId | None:
        """Return the property that a view names."""
        written = self.text(node, what)
        if written is None or node is None:
            return None
        found = property_id(written)
        names = {"file": FILE_FIELDS.keys(), "formula": self.formulas.keys()}.get(found.kind)
        if names is not None and found.name not in names:
            known = did_you_mean(nearest(found.name, names))
            owner = "files have no property" if found.kind == "file" else "no formula is called"
            self.report(f'{owner} "{found.name}"{known}', node.place)
        return found

    def expression(self, node: Scalar, what: str) -> Expression:
        """Return a formula or filter, without a tree if it cannot be computed."""
        tree, problem = parse(node.text)
        if problem is not None:
            line, column = node.place.at(node.text, problem[1])
            self._say(f"{what}: {problem[0]}", line, column)
        return Expression(node.text, node.place, tree, problem[0] if problem else "")

    def checked(self, expression: Expression, what: str) -> Expression:
        """Return ``expression`` without its tree if a check says that it can have no value."""
        if expression.tree is None:
            return expression
        for finding in check(expression.tree, self.formulas):
            line, column = expression.position(finding.at)
            self._say(f"{what}: {finding.message}", line, column, finding.code)
            if finding.is_fatal:
                expression = replace(expression, tree=None, problem=finding.message)
        return expression

    def filter(self, node: Node | None) -> Filter | None:
        """Return a filter, or nothing where there is none."""
        if node is None or is_nothing(node):
            return None
        if isinstance(node, Scalar):
            return self.checked(self.expression(node, "filter"), "filter")
        if isinstance(node, Sequence):
            return Group("and", self._filters(node))
        groups: list[Filter] = []
        for entry in node.entries:
            match entry.name:
                case "and" | "or" | "not":
                    groups.append(Group(entry.name, self._filters(entry.node)))
                case name:
                    known = did_you_mean(nearest(name, ("and", "or", "not")))
                    self.report(f'a filter has no "{name}"{known}', entry.place)
        if len(groups) > 1:
            self.report("a filter holds one of and, or, not; all of these are applied", node.place)
        return groups[0] if len(groups) == 1 else Group("and", tuple(groups))

    def _filters(self, node: Node) -> tuple[Filter, ...]:
        found = (
            (self.filter(node),)
            if isinstance(node, Mapping)
            else map(self.filter, self.items(node, "a filter"))
        )
        return tuple(each for each in found if each is not None)

    def _say(self, message: str, line: int, column: int, code: Code = Code.BASE_INVALID) -> None:
        self.problems.append(Diagnostic(self.path, line, column, code, message))
