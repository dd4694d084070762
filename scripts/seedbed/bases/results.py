"""A view and the vault's files -> the rows it shows: chosen, sorted, cut off and grouped.

Turns filters into rows and property names into values. Separate from the layouts, which all show the same results.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from seedbed.bases.comparison import identity, sort_key
from seedbed.bases.definition import Base, Filter, Order, PropertyId, Summary, View
from seedbed.bases.evaluation import Formulas, Row
from seedbed.bases.expression import Expression
from seedbed.bases.file import File
from seedbed.bases.functions import FILE_FIELDS
from seedbed.bases.session import Session
from seedbed.bases.summaries import BUILT_IN
from seedbed.bases.values import Failure, FormulaError, Value, is_empty, is_truthy
from seedbed.diagnostics import Code, Diagnostic
from seedbed.text import fold

Values = Mapping[PropertyId, Value | Failure]


@dataclass(frozen=True, slots=True)
class Result:
    """One file that the view shows."""

    file: File
    values: Values


@dataclass(frozen=True, slots=True)
class Section:
    """The results of one group, or all of them."""

    label: Value | Failure
    """The value that the results share."""
    results: tuple[Result, ...]
    summaries: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a view shows."""

    sections: tuple[Section, ...]
    total: int
    """How many files pass the filters; a limit may show fewer."""
    unreadable: str | None = None
    """Why nothing can be chosen: a filter that cannot be read."""

    @property
    def count(self) -> int:
        """How many results are shown."""
        return sum(len(section.results) for section in self.sections)


class Chooser:
    """Chooses the results of one view."""

    def __init__(self, base: Base, view: View, session: Session) -> None:
        self._base = base
        self._view = view
        self._session = session
        self._formulas = Formulas(session, dict(base.formulas))
        self._names: dict[int, str] = {
            **{id(expression): f'formula "{name}"' for name, expression in base.formulas},
            **{id(expression): f'summary "{name}"' for name, expression in base.summaries},
        }

    def results(self, files: Iterable[File]) -> Results:
        """Return what the view shows of ``files``."""
        filters = [each for each in (self._base.filters, self._view.filters) if each is not None]
        if unreadable := next(filter(None, map(_unreadable, filters)), None):
            return Results((), 0, unreadable)
        rows = [
            row
            for row in map(Row, files)
            if all(self._holds(each, row) is True for each in filters)
        ]
        rows.sort(key=_by_name)
        total = len(rows)
        for order in reversed(self._view.sort):
            rows = self._sorted(rows, order)
        if self._view.limit is not None:
            rows = rows[: self._view.limit]
        return Results(tuple(self._sections(rows)), total)

    def problems(self) -> tuple[Diagnostic, ...]:
        """Return the first mistake of every formula and filter computed so far."""
        found = []
        for expression, error in self._formulas.mistakes.values():
            line, column = expression.position(error.at or 0)
            name = self._names.get(id(expression), "filter")
            message = f"{name}: {error.message}"
            found.append(Diagnostic(self._base.path, line, column, Code.BASE_INVALID, message))
        return tuple(sorted(found))

    def _holds(self, condition: Filter, row: Row) -> bool | None:
        """Whether a filter holds for a row; None where that cannot be computed, which hides the row."""
        if isinstance(condition, Expression):
            self._session.begin_row()
            value = self._formulas.compute(condition, row)
            return None if isinstance(value, Failure) else is_truthy(value)
        unknown = False
        for member in condition.members:
            held = self._holds(member, row)
            if held is None:
                unknown = True
            elif held != (condition.conjunction == "and"):
                return condition.conjunction == "or"
        if unknown:
            return None
        return condition.conjunction != "or" or not condition.members

    def _value(self, wanted: PropertyId, row: Row) -> Value | Failure:
        self._session.begin_row()
        try:
            match wanted.kind:
                case "formula":
                    return self._formulas.formula(wanted.name, row)
                case "file":
                    field_value = FILE_FIELDS.get(wanted.name)
                    return (
                        field_value(self._session, row.file) if field_value and row.file else None
                    )
                case _:
                    return self._session.property(row.file, wanted.name) if row.file else None
        except FormulaError as error:
            return Failure(error.message)

    def _sorted(self, rows: list[Row], order: Order) -> list[Row]:
        """Return rows in order; what has no value comes last, whichever way."""
        there: list[tuple[object, Row]] = []
        empty: list[Row] = []
        for row in rows:
            value = self._value(order.id, row)
            if isinstance(value, Failure) or is_empty(value):
                empty.append(row)
            else:
                there.append((_key(value), row))
        there.sort(key=lambda pair: pair[0], reverse=order.descending)  # type: ignore[arg-type,return-value]
        return [*(row for _, row in there), *empty]

    def _sections(self, rows: list[Row]) -> Iterable[Section]:
        if self._view.group is None:
            yield self._section(None, rows)
            return
        groups: dict[Hashable, tuple[Value | Failure, list[Row]]] = {}
        for row in self._sorted(rows, self._view.group) if rows else ():
            label = self._value(self._view.group.id, row)
            groups.setdefault(self._identity(label), (label, []))[1].append(row)
        place = {id(row): index for index, row in enumerate(rows)}
        for label, members in groups.values():
            yield self._section(label, sorted(members, key=lambda row: place[id(row)]))

    def _identity(self, label: Value | Failure) -> Hashable:
        if isinstance(label, Failure):
            return ("failure", label.message)
        try:
            return None if is_empty(label) else identity(self._session, label)
        except FormulaError as error:
            return ("failure", error.message)

    def _section(self, label: Value | Failure, rows: list[Row]) -> Section:
        wanted = dict.fromkeys((*self._view.order, *_extra(self._view)))
        results = [
            Result(row.file, {each: self._value(each, row) for each in wanted})
            for row in rows
            if row.file is not None
        ]
        summaries = {each.id: self._summary(each, rows) for each in self._view.summaries}
        return Section(label, tuple(results), summaries)

    def _summary(self, summary: Summary, rows: list[Row]) -> Value | Failure:
        values = [
            value
            for value in (self._value(summary.id, row) for row in rows)
            if not isinstance(value, Failure)
        ]
        own = dict(self._base.summaries).get(summary.name)
        try:
            if own is None:
                return BUILT_IN[summary.name](self._session, values)
            return self._formulas.compute(own, Row(None, names={"values": tuple(values)}))
        except FormulaError as error:
            return Failure(error.message)


def _by_name(row: Row) -> tuple[str, str]:
    return (fold(row.file.name), row.file.path) if row.file else ("", "")


def _extra(view: View) -> tuple[PropertyId, ...]:
    return (view.cards.image,) if view.kind == "cards" and view.cards.image else ()


def _key(value: Value) -> object:
    try:
        return sort_key(value)
    except FormulaError:
        return (99, ())


def _unreadable(condition: Filter) -> str | None:
    """Return the text of the first filter that cannot be read."""
    if isinstance(condition, Expression):
        return condition.text if condition.tree is None else None
    return next(filter(None, map(_unreadable, condition.members)), None)
