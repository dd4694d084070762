"""The results of a view -> a list: the first property of each row, its further ones beside or below it.

Separate from the other layouts because only a list has markers and separators.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from seedbed.bases.cells import Cells
from seedbed.bases.definition import View
from seedbed.bases.groups import write_groups
from seedbed.bases.naming import Labels
from seedbed.bases.results import Result, Results
from seedbed.bases.values import is_empty


def write_list(view: View, results: Results, cells: Cells, labels: Labels) -> str:
    """Return the list of a view, group by group."""
    element = "ol" if view.list.markers == "number" else "ul"
    style = ' class="seedbed-base__list--plain"' if view.list.markers == "none" else ""

    def items(rows: Iterable[Result]) -> str:
        written = "".join(_item(view, result, cells, labels) for result in rows)
        return f"<{element}{style}>\n{written}</{element}>\n"

    return write_groups(view, results, cells, labels, items)


def _item(view: View, result: Result, cells: Cells, labels: Labels) -> str:
    first, *_ = view.order
    primary = cells.of(result, first)
    further = list(_further(view, result, cells, labels))
    if view.list.indents:
        below = "".join(f"<li>{each}</li>" for each in further)
        return f"<li>{primary}{f'<ul>{below}</ul>' if below else ''}</li>\n"
    separator = html.escape(view.list.separator)
    return f"<li>{separator.join((primary, *further))}</li>\n"


def _further(view: View, result: Result, cells: Cells, labels: Labels) -> Iterator[str]:
    """Yield the properties behind the first that have a value; below it, each with its name."""
    for each in view.order[1:]:
        value = result.values.get(each)
        if not is_empty(value):
            name = f'<span class="seedbed-base__property">{html.escape(labels.of(each))}</span> '
            yield (name if view.list.indents else "") + cells.of(result, each)
