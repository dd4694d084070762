"""A base as its author defines it: filters, formulas and views, as values.

What ``reading`` makes of the YAML, and all that computing and showing need to know of it. Separate so that neither
of them sees YAML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from seedbed.diagnostics import Diagnostic
from seedbed.text import NotePath

if TYPE_CHECKING:
    from seedbed.bases.expression import Expression

Kind = Literal["note", "file", "formula"]


@dataclass(frozen=True, slots=True)
class PropertyId:
    """A property as views name it: ``note.price``, ``file.name``, ``formula.total``."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


FILE_NAME = PropertyId("file", "name")


def property_id(written: str) -> PropertyId:
    """Return what a view means by ``written``; without a prefix it is a property of the note."""
    prefix, dot, name = written.partition(".")
    match prefix:
        case "note" | "file" | "formula" if dot and name:
            return PropertyId(prefix, name)
        case _:
            return PropertyId("note", written)


@dataclass(frozen=True, slots=True)
class Group:
    """Filters of which all, one or none must hold."""

    conjunction: Literal["and", "or", "not"]
    members: tuple[Filter, ...]


Filter: TypeAlias = "Expression | Group"


@dataclass(frozen=True, slots=True)
class Order:
    """A property to sort or group by."""

    id: PropertyId
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A column's summary by its name, and where it is asked for."""

    id: PropertyId
    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class CardLayout:
    """How cards look."""

    image: PropertyId | None = None
    contains_image: bool = False
    """Whether an image is shown whole instead of filling its box."""
    aspect_ratio: float = 1.0
    """Height of the image's box over its width."""
    width: int | None = None


@dataclass(frozen=True, slots=True)
class ListLayout:
    """How a list looks."""

    markers: Literal["bullet", "number", "none"] = "bullet"
    indents: bool = False
    """Whether further properties stand below the first, each on a line."""
    separator: str = ", "


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a table looks."""

    row_height: Literal["short", "medium", "tall", "extra"] = "short"
    widths: tuple[tuple[PropertyId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One way to show the base's files."""

    name: str
    kind: str
    """As written: ``table``, ``list``, ``cards``, or what is not supported here."""
    filters: Filter | None = None
    order: tuple[PropertyId, ...] = (FILE_NAME,)
    """Properties to show, in their order."""
    sort: tuple[Order, ...] = ()
    group: Order | None = None
    limit: int | None = None
    summaries: tuple[Summary, ...] = ()
    table: TableLayout = field(default_factory=TableLayout)
    cards: CardLayout = field(default_factory=CardLayout)
    list: ListLayout = field(default_factory=ListLayout)


@dataclass(frozen=True, slots=True)
class Base:
    """One ``.base`` file or ``base`` block."""

    path: NotePath
    source: str
    views: tuple[View, ...]
    """At least one."""
    diagnostics: tuple[Diagnostic, ...] = ()
    filters: Filter | None = None
    formulas: tuple[tuple[str, Expression], ...] = ()
    display_names: tuple[tuple[PropertyId, str], ...] = ()
    summaries: tuple[tuple[str, Expression], ...] = ()
    """Summaries of the author's own, by name."""
    line: int = 1
    """The line of the file on which the source begins."""
    is_readable: bool = True
    """Whether the source is YAML that can be a base at all."""
