"""The tree of a formula, for one row -> its value.

Walks the tree once, spending a step of the view's work at every node. What cannot be computed raises
``FormulaError`` inside this package; ``Formulas`` turns it into a ``Failure`` for the cell and remembers it for one
diagnostic a formula. Separate because everything before it is the same for all rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from seedbed.bases import operators
from seedbed.bases.expression import (
    Binary,
    Call,
    Expression,
    Item,
    ListOf,
    Literal,
    Member,
    Method,
    Name,
    Node,
    ObjectOf,
    Pattern,
    Unary,
)
from seedbed.bases.file import File
from seedbed.bases.functions import (
    FILE_FIELDS,
    GIVEN_EXPRESSIONS,
    GLOBAL,
    METHODS,
    function_names,
    method_names,
    method_of,
)
from seedbed.bases.functions.dates import field_of
from seedbed.bases.functions.signature import count_of, limited_list, named
from seedbed.bases.reckoning import in_unit, total_milliseconds
from seedbed.bases.session import Session
from seedbed.bases.values import (
    MOST_ITEMS,
    Date,
    Duration,
    Failure,
    FormulaError,
    Object,
    Regexp,
    Value,
    is_truthy,
    type_name,
)
from seedbed.text import did_you_mean, fold, nearest

_DEEPEST = 100
"""Levels of trees within trees, where formulas refer to formulas."""
_OF_NOTHING: Mapping[str, Value] = {
    **dict.fromkeys(("isEmpty",), True),
    **dict.fromkeys(("isTruthy", "contains", "containsAll", "containsAny"), False),
    **dict.fromkeys(("startsWith", "endsWith", "matches", "hasTag", "hasLink"), False),
    **dict.fromkeys(("hasProperty", "inFolder", "linksTo"), False),
    "toString": "",
}
"""What a property that a note lacks answers; any other function of it gives nothing."""


@dataclass(slots=True)
class Row:
    """One file while its formulas are computed."""

    file: File | None
    known: dict[str, Value | Failure] = field(default_factory=dict)
    """Formulas computed so far, by name."""
    underway: set[str] = field(default_factory=set)
    names: Mapping[str, Value] = field(default_factory=dict)
    """What ``value``, ``index``, ``acc`` and ``values`` mean just now."""
    depth: int = 0


@dataclass(slots=True)
class Formulas:
    """The formulas of a base, computed for rows of one view."""

    session: Session
    expressions: Mapping[str, Expression]
    mistakes: dict[int, tuple[Expression, FormulaError]] = field(default_factory=dict)
    """The first mistake of each expression, by the expression's identity."""

    def compute(self, expression: Expression, row: Row) -> Value | Failure:
        """Return the value of ``expression`` for ``row``, or why it has none."""
        if expression.tree is None:
            return Failure(expression.problem)
        try:
            return self._value(expression.tree, row)
        except FormulaError as error:
            if not error.reported:
                self.mistakes.setdefault(id(expression), (expression, error))
            return Failure(error.message)

    def formula(self, name: str, row: Row) -> Value | Failure:
        """Return the value of the formula ``name`` for ``row``, computed once."""
        if name not in row.known:
            if name not in self.expressions:
                return None
            if name in row.underway:
                raise FormulaError("it refers to itself")
            row.underway.add(name)
            row.known[name] = self.compute(self.expressions[name], replace(row, names={}))
            row.underway.discard(name)
        return row.known[name]

    def _value(self, node: Node, row: Row) -> Value:
        self.session.spend()
        row.depth += 1
        if row.depth > _DEEPEST:
            row.depth -= 1
            raise FormulaError("formulas refer to each other too deeply")
        try:
            return _EVALUATORS[type(node)](self, node, row)
        except FormulaError as error:
            if error.at is None:
                error.at = node.at
            raise
        finally:
            row.depth -= 1

    def _literal(self, node: Literal, _: Row) -> Value:
        return node.value

    def _pattern(self, node: Pattern, _: Row) -> Value:
        return Regexp(node.source, node.flags)

    def _list(self, node: ListOf, row: Row) -> Value:
        return limited_list([self._value(item, row) for item in node.items])

    def _object(self, node: ObjectOf, row: Row) -> Value:
        return Object({name: self._value(value, row) for name, value in node.entries})

    def _unary(self, node: Unary, row: Row) -> Value:
        value = self._value(node.operand, row)
        return not is_truthy(value) if node.operator == "!" else operators.negated(value)

    def _binary(self, node: Binary, row: Row) -> Value:
        left = self._value(node.left, row)
        if node.operator == "&&":
            return is_truthy(left) and is_truthy(self._value(node.right, row))
        if node.operator == "||":
            return is_truthy(left) or is_truthy(self._value(node.right, row))
        return operators.apply(self.session, node.operator, left, self._value(node.right, row))

    def _name(self, node: Name, row: Row) -> Value:
        if node.name in row.names:
            return row.names[node.name]
        match node.name:
            case "file":
                return row.file
            case "this":
                return self.session.this
            case "note":
                return self.session.properties(row.file) if row.file else None
            case "formula":
                raise FormulaError("name the formula, as in formula.price")
            case name:
                return self.session.property(row.file, name) if row.file else None

    def _member(self, node: Member, row: Row) -> Value:
        return self._member_of(node.of, node.name, row)

    def _item(self, node: Item, row: Row) -> Value:
        index = self._value(node.index, row)
        if isinstance(index, str):
            return self._member_of(node.of, str(index), row)
        of = self._value(node.of, row)
        if of is None or index is None:
            return None
        if isinstance(of, tuple | str):
            place = count_of(index, MOST_ITEMS * 10)
            return of[place] if 0 <= place < len(of) else None
        if isinstance(of, Object):
            return of.members.get(str(count_of(index, MOST_ITEMS)))
        raise FormulaError(f"{named(of)} has no elements")

    def _member_of(self, of: Node, name: str, row: Row) -> Value:
        if isinstance(of, Name) and of.name not in row.names:
            if of.name == "formula":
                found = self.formula(name, row)
                if isinstance(found, Failure):
                    raise FormulaError(found.message, reported=True)
                return found
            if of.name == "note":
                return self.session.property(row.file, name) if row.file else None
            if of.name == "this":
                return self._of_this(name)
        return self._field(self._value(of, row), name)

    def _of_this(self, name: str) -> Value:
        """Return ``this.name``: the file itself, a property of it, or else a field of it."""
        this = self.session.this
        if this is None:
            return None
        if name in {"file", "note"}:
            return this if name == "file" else self.session.properties(this)
        if self.session.has_property(this, name) or name not in FILE_FIELDS:
            return self.session.property(this, name)
        return FILE_FIELDS[name](self.session, this)

    def _field(self, value: Value, name: str) -> Value:  # noqa: PLR0911 -- one a type
        match value:
            case Object(members=members):
                self.session.spend(1 + len(members))
                return members[name] if name in members else _in_any_case(members, name)
            case File():
                found = FILE_FIELDS.get(name)
                self.session.spend(1 + len(value.links) // 8)
                return found(self.session, value) if found else None
            case Date():
                return field_of(value, name)
            case Duration():
                return in_unit(total_milliseconds(value), name)
            case float():
                return in_unit(value, name)
            case tuple() | str():
                return float(len(value)) if name == "length" else None
            case _:
                return None

    def _call(self, node: Call, row: Row) -> Value:
        if node.name == "if":
            _counted("if", len(node.arguments))
            chosen = 1 if is_truthy(self._value(node.arguments[0], row)) else 2
            return (
                self._value(node.arguments[chosen], row) if chosen < len(node.arguments) else None
            )
        if node.name == "random":
            return self.session.random(row.file)
        function = GLOBAL.get(node.name)
        if function is None:
            raise FormulaError(no_such_function(node.name))
        if refusal := function.refusal(node.name, len(node.arguments)):
            raise FormulaError(refusal)
        return function.call(self.session, *(self._value(each, row) for each in node.arguments))

    def _method(self, node: Method, row: Row) -> Value:
        of = self._value(node.of, row)
        if isinstance(of, tuple) and node.name in {"filter", "map", "reduce"}:
            return self._for_each(of, node, row)
        if of is None:
            if node.name == "isType":
                return method_of("null", "isType").call(  # type: ignore[union-attr]
                    self.session, of, *(self._value(each, row) for each in node.arguments)
                )
            return _OF_NOTHING.get(node.name)
        kind = type_name(of)
        function = method_of(kind, node.name)
        if function is None:
            raise FormulaError(no_such_method(node.name, kind, named(of)))
        if refusal := function.refusal(node.name, len(node.arguments)):
            raise FormulaError(refusal)
        return function.call(self.session, of, *(self._value(each, row) for each in node.arguments))

    def _for_each(self, items: tuple[Value, ...], node: Method, row: Row) -> Value:
        """Return ``filter``, ``map`` or ``reduce`` of a list: their expression is computed for every element."""
        _counted(node.name, len(node.arguments))
        kept: list[Value] = []
        reduced = self._value(node.arguments[1], row) if node.name == "reduce" else None
        outer = row.names
        try:
            for index, item in enumerate(items):
                row.names = {**outer, "value": item, "index": float(index)}
                if node.name == "reduce":
                    row.names = {**row.names, "acc": reduced}
                result = self._value(node.arguments[0], row)
                if node.name == "map":
                    kept.append(result)
                elif node.name == "filter" and is_truthy(result):
                    kept.append(item)
                else:
                    reduced = result
        finally:
            row.names = outer
        return reduced if node.name == "reduce" else tuple(kept)


def _in_any_case(members: Mapping[str, Value], name: str) -> Value:
    key = fold(name)
    return next((value for each, value in members.items() if fold(each) == key), None)


def no_such_function(name: str) -> str:
    """Return the message for a global function that there is not."""
    if name in method_names():
        return f"{name}() is a function of values: write value.{name}()"
    return f'there is no function "{name}"' + did_you_mean(nearest(name, function_names()))


def no_such_method(name: str, kind: str | None, owner: str) -> str:
    """Return the message for a function that values of ``kind``, or of every kind, have not."""
    names = method_names(kind if kind in METHODS else None)
    return f'{owner} has no function "{name}"' + did_you_mean(nearest(name, sorted(names)))


def _counted(name: str, count: int) -> None:
    least, most = GIVEN_EXPRESSIONS[name]
    if not least <= count <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise FormulaError(f"{name}() takes {wanted} argument{'s' * (wanted != '1')}, not {count}")


_EVALUATORS: Mapping[type, Callable[[Formulas, Any, Row], Value]] = {
    Binary: Formulas._binary,  # noqa: SLF001 -- this module's own
    Call: Formulas._call,  # noqa: SLF001
    Item: Formulas._item,  # noqa: SLF001
    ListOf: Formulas._list,  # noqa: SLF001
    Literal: Formulas._literal,  # noqa: SLF001
    Member: Formulas._member,  # noqa: SLF001
    Method: Formulas._method,  # noqa: SLF001
    Name: Formulas._name,  # noqa: SLF001
    ObjectOf: Formulas._object,  # noqa: SLF001
    Pattern: Formulas._pattern,  # noqa: SLF001
    Unary: Formulas._unary,  # noqa: SLF001
}
