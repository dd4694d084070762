"""The results of a view -> cards with covers, in a grid.

Separate from the other layouts because only cards have covers.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from seedbed.bases.cells import Cells
from seedbed.bases.definition import CardLayout, PropertyId, View
from seedbed.bases.groups import write_groups
from seedbed.bases.naming import Labels
from seedbed.bases.results import Result, Results
from seedbed.bases.values import Failure, Value, is_empty, number_text

_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def write_cards(view: View, results: Results, cells: Cells, labels: Labels) -> str:
    """Return the cards of a view, group by group."""
    width = view.cards.width
    style = f' style="--seedbed-card-width: {width}px"' if width else ""

    def grid(rows: Iterable[Result]) -> str:
        written = "".join(_card(view, result, cells, labels) for result in rows)
        return f'<ul class="seedbed-base__cards"{style}>\n{written}</ul>\n'

    return write_groups(view, results, cells, labels, grid)


def _card(view: View, result: Result, cells: Cells, labels: Labels) -> str:
    first, *further = view.order
    cover = "" if view.cards.image is None else _cover(view.cards, result, cells)
    title = f'<p class="seedbed-base__title">{cells.title(result, first)}</p>'
    listed = "".join(_properties(further, result, cells, labels))
    facts = f"<dl>{listed}</dl>" if listed else ""
    return f'<li class="seedbed-base__card">{cover}{title}{facts}</li>\n'


def _properties(
    wanted: list[PropertyId], result: Result, cells: Cells, labels: Labels
) -> Iterator[str]:
    for each in wanted:
        value = result.values.get(each)
        if not is_empty(value):
            name = html.escape(labels.of(each))
            yield f"<div><dt>{name}</dt><dd>{cells.of(result, each)}</dd></div>"


def _cover(layout: CardLayout, result: Result, cells: Cells) -> str:
    value = result.values.get(layout.image) if layout.image else None
    style = f"aspect-ratio: 1 / {number_text(layout.aspect_ratio)}"
    color = _color(value)
    if color is not None:
        return f'<div class="seedbed-base__cover" style="{style}; background: {color}"></div>'
    image = cells.image(value, result.file.basename)
    fit = " seedbed-base__cover--contain" if layout.contains_image else ""
    return f'<div class="seedbed-base__cover{fit}" style="{style}">{image or ""}</div>'


def _color(value: Value | Failure) -> str | None:
    """Return the colour that stands where an image could."""
    written = value.strip() if isinstance(value, str) else ""
    return written if _COLOR.fullmatch(written) else None
