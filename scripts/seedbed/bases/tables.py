"""The results of a view -> an HTML table in a box that scrolls.

Separate from the other layouts because only a table has columns, and with them widths and summaries.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from seedbed.bases.cells import Cells
from seedbed.bases.comparison import numeric
from seedbed.bases.definition import PropertyId, Summary, View
from seedbed.bases.naming import Labels
from seedbed.bases.results import Result, Results, Section
from seedbed.bases.values import Failure, Value, is_empty

Alignments = Mapping[PropertyId, str]
"""The class attribute of each column's head and summaries."""


def write_table(view: View, results: Results, cells: Cells, labels: Labels) -> str:
    """Return the table of a view."""
    name = html.escape(view.name)
    height = view.table.row_height
    style = "" if height == "short" else f" seedbed-base__table--{height}"
    alignments = {each: _column_alignment(each, results) for each in view.order}
    parts = [
        f'<div class="seedbed-base__scroll" role="region" tabindex="0" aria-label="{name}">\n',
        f'<table class="seedbed-base__table{style}">\n',
        *_columns(view),
        *_head(view, alignments, labels),
        *(
            part
            for section in results.sections
            for part in _body(view, section, cells, labels, alignments)
        ),
    ]
    if not results.count:
        span = len(view.order)
        parts.append(
            f'<tbody><tr><td class="seedbed-base__empty" colspan="{span}">No results</td></tr></tbody>\n'
        )
    elif view.group is None and view.summaries:
        parts.append(f"<tfoot>{_summaries(view, results.sections[0], cells, alignments)}</tfoot>\n")
    return "".join((*parts, "</table>\n</div>\n"))


def _columns(view: View) -> Iterator[str]:
    widths = dict(view.table.widths)
    if not widths.keys() & set(view.order):
        return
    yield "<colgroup>"
    for each in view.order:
        yield f'<col style="width: {widths[each]}px">' if each in widths else "<col>"
    yield "</colgroup>\n"


def _head(view: View, alignments: Alignments, labels: Labels) -> Iterator[str]:
    yield "<thead>\n<tr>"
    for each in view.order:
        yield f'<th scope="col"{alignments[each]}>{html.escape(labels.of(each))}</th>'
    yield "</tr>\n</thead>\n"


def _body(
    view: View, section: Section, cells: Cells, labels: Labels, alignments: Alignments
) -> Iterator[str]:
    if not section.results:
        return
    yield "<tbody>\n"
    if view.group is not None:
        label = labels.of_group(view.group, section, cells)
        span = len(view.order)
        yield f'<tr class="seedbed-base__group"><th scope="rowgroup" colspan="{span}">{label}</th></tr>\n'
        if view.summaries:
            yield _summaries(view, section, cells, alignments) + "\n"
    for result in section.results:
        yield f"<tr>{''.join(_cell(result, each, cells) for each in view.order)}</tr>\n"
    yield "</tbody>\n"


def _cell(result: Result, wanted: PropertyId, cells: Cells) -> str:
    alignment = _alignment(wanted, result.values.get(wanted))
    return f"<td{alignment}>{cells.of(result, wanted)}</td>"


def _summaries(view: View, section: Section, cells: Cells, alignments: Alignments) -> str:
    """Return a row with the summaries of the columns that have one."""
    asked = {each.id: each for each in view.summaries}
    row = "".join(
        f"<td{alignments[each]}>{_summary(asked[each], section, cells)}</td>"
        if each in asked
        else "<td></td>"
        for each in view.order
    )
    return f'<tr class="seedbed-base__summaries">{row}</tr>'


def _summary(summary: Summary, section: Section, cells: Cells) -> str:
    value = section.summaries.get(summary.id)
    shown = cells.html(value) if value is not None else "–"
    return f'<span class="seedbed-base__summary">{html.escape(summary.name)}</span> {shown}'


def _column_alignment(wanted: PropertyId, results: Results) -> str:
    """Return the alignment of a column: that of numbers, if all values that there are have it."""
    found = {
        _alignment(wanted, value)
        for section in results.sections
        for result in section.results
        if not is_empty(value := result.values.get(wanted))
    }
    return found.pop() if len(found) == 1 else ""


def _alignment(wanted: PropertyId, value: Value | Failure) -> str:
    """Return the class that puts numbers under each other, also those that a formula made texts by ``toFixed``."""
    is_number = isinstance(value, float) or (
        wanted.kind == "formula" and isinstance(value, str) and numeric(value) is not None
    )
    return ' class="seedbed-base__number"' if is_number else ""
