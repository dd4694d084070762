"""The list of views in a base's YAML -> views.

Separate because views have more fields than all the rest of a base.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Named
from typing import Any

from seedbed.bases.definition import (
    FILE_NAME,
    CardLayout,
    ListLayout,
    Order,
    PropertyId,
    Summary,
    TableLayout,
    View,
    property_id,
)
from seedbed.bases.expression import Expression
from seedbed.bases.reader import Reader
from seedbed.bases.summaries import BUILT_IN
from seedbed.diagnostics import Code
from seedbed.placed_yaml import Mapping, Node, Scalar, is_nothing
from seedbed.text import did_you_mean, nearest

SUPPORTED = ("table", "list", "cards")
_MOST_VIEWS = 100
_MOST_COLUMNS = 100
_MOST_ROWS = 100_000
_WIDTHS = (20, 1000)
_RATIOS = (0.1, 4.0)
_CARD_WIDTHS = (50, 800)
_LONGEST_SEPARATOR = 20
_ROW_HEIGHTS = {
    "short": "short",
    "medium": "medium",
    "tall": "tall",
    "extra": "extra",
    "extra tall": "extra",
    "extratall": "extra",
}
_MARKERS = {
    "bullet": "bullet",
    "bullets": "bullet",
    "number": "number",
    "numbers": "number",
    "none": "none",
}


def read_views(
    reader: Reader, node: Node | None, summaries: Named[str, Expression]
) -> tuple[View, ...]:
    """Return the views of a base that defines ``summaries`` of its own."""
    views: list[View] = []
    for item in reader.items(node, "views"):
        if not isinstance(item, Mapping):
            reader.report("a view must be named values, such as type and name", item.place)
        elif len(views) == _MOST_VIEWS:
            reader.report(f"a base has at most {_MOST_VIEWS} views", item.place)
            break
        else:
            views.append(_read_view(reader, item, summaries))
    return tuple(views)


def _read_view(reader: Reader, view: Mapping, summaries: Named[str, Expression]) -> View:
    kind = reader.text(view.get("type"), "type") or "table"
    if kind not in SUPPORTED:
        place = view.entry("type")
        message = f'views of the type "{kind}" are not drawn; it is shown as a table'
        known = did_you_mean(nearest(kind, SUPPORTED))
        reader.report(message + known, place.place if place else view.place, Code.BASE_UNSUPPORTED)
    limit = reader.number(view.get("limit"), "limit", 0, _MOST_ROWS)
    return View(
        name=reader.text(view.get("name"), "name") or kind.capitalize(),
        kind=kind,
        filters=reader.filter(view.get("filters")),
        order=_read_order(reader, view.get("order")) or (FILE_NAME,),
        sort=tuple(_read_sort(reader, view.get("sort"))),
        group=_read_group(reader, view.get("groupBy")),
        limit=int(limit) if limit else None,
        summaries=tuple(_read_summaries(reader, view.get("summaries"), summaries)),
        table=_read_table(reader, view),
        cards=_read_cards(reader, view),
        list=_read_list(reader, view),
    )


def _read_order(reader: Reader, node: Node | None) -> tuple[PropertyId, ...]:
    found = [reader.property(item, "a property") for item in reader.items(node, "order")]
    return tuple(dict.fromkeys(each for each in found if each is not None))[:_MOST_COLUMNS]


def _read_sort(reader: Reader, node: Node | None) -> Iterator[Order]:
    for item in reader.items(node, "sort"):
        order = _read_group(reader, item)
        if order is not None:
            yield order


def _read_group(reader: Reader, node: Node | None) -> Order | None:
    """Return what to sort or group by: a property with a direction, or a property alone."""
    if node is None or is_nothing(node):
        return None
    if isinstance(node, Scalar):
        found = reader.property(node, "a property")
        return Order(found) if found else None
    if not isinstance(node, Mapping):
        reader.report("write a property and a direction", node.place)
        return None
    found = reader.property(node.get("property") or node.get("column"), "a property")
    direction = reader.choice(node.get("direction"), "direction", "asc", "desc")
    if found is None:
        reader.report('a "property" is missing', node.place)
        return None
    return Order(found, descending=direction == "desc")


def _read_summaries(
    reader: Reader, node: Node | None, summaries: Named[str, Expression]
) -> Iterator[Summary]:
    names = (*summaries, *BUILT_IN)
    for entry in reader.entries(node, "summaries"):
        name = reader.text(entry.node, "a summary")
        if name is None:
            continue
        if name not in names:
            known = did_you_mean(nearest(name, names))
            reader.report(f'no summary is called "{name}"{known}', entry.node.place)
            continue
        place = entry.node.place
        yield Summary(property_id(entry.name), name, place.line, place.column)


def _read_table(reader: Reader, view: Mapping) -> TableLayout:
    height = reader.choice(view.get("rowHeight"), "rowHeight", *_ROW_HEIGHTS)
    widths = []
    for entry in reader.entries(view.get("columnSize"), "columnSize"):
        width = reader.number(entry.node, "a column's width", *_WIDTHS)
        if width is not None:
            widths.append((property_id(entry.name), int(width)))
    row_height: Any = _ROW_HEIGHTS[height or "short"]
    return TableLayout(row_height, tuple(widths))


def _read_cards(reader: Reader, view: Mapping) -> CardLayout:
    image = view.get("image")
    fit = reader.choice(view.get("imageFit"), "imageFit", "cover", "contain")
    ratio = reader.number(view.get("imageAspectRatio"), "imageAspectRatio", *_RATIOS)
    width = reader.number(view.get("cardSize"), "cardSize", *_CARD_WIDTHS)
    return CardLayout(
        image=None if is_nothing(image) else reader.property(image, "image"),
        contains_image=fit == "contain",
        aspect_ratio=ratio or 1.0,
        width=int(width) if width else None,
    )


def _read_list(reader: Reader, view: Mapping) -> ListLayout:
    markers = reader.choice(view.get("markers"), "markers", *_MARKERS)
    indents = reader.choice(view.get("indentProperties"), "indentProperties", "true", "false")
    separator = view.get("separator")
    chosen: Any = _MARKERS[markers or "bullet"]
    return ListLayout(
        markers=chosen,
        indents=indents == "true",
        separator=separator.text[:_LONGEST_SEPARATOR]
        if isinstance(separator, Scalar) and separator.text
        else ", ",
    )
