"""The results of a view -> one piece of HTML a group, each under its heading.

What cards and lists have in common; a table keeps its groups in one element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from seedbed.bases.cells import Cells
from seedbed.bases.definition import View
from seedbed.bases.naming import Labels
from seedbed.bases.results import Result, Results


def write_groups(
    view: View,
    results: Results,
    cells: Cells,
    labels: Labels,
    write: Callable[[Iterable[Result]], str],
) -> str:
    """Return what ``write`` makes of the results of each group, the group's heading before it."""
    parts = []
    for section in results.sections:
        if not section.results:
            continue
        if view.group is not None:
            label = labels.of_group(view.group, section, cells)
            parts.append(f'<p class="seedbed-base__group">{label}</p>\n')
        parts.append(write(section.results))
    return "".join(parts) or '<p class="seedbed-base__empty">No results</p>\n'
