"""The frames of a sweep -> one figure: markup with its slider, one drawing, one file of numbers.

A frame is a figure as any other, apart from what is around it. Separate from the figure in its
page because most figures have but one frame, and none of this.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from seedbed.figures import style
from seedbed.figures.drawn import Drawn

_COLUMNS = 2
_GAP = 24.0
"""Points between the drawings of a file."""
_HEADING = 22.0
"""Points above each for the value that it shows."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing under the value that it shows."""

    id: str
    label: str
    """The value of the swept field, as an author would write it."""
    title: str
    description: str
    drawn: Drawn

    def svg(self) -> str:
        """Return the `<svg>` element, in the page's colours."""
        return self.drawn.drawing.inline(self.id, self.title, self.description)


def drawings_html(field: str, frames: Sequence[Frame]) -> str:
    """Return all drawings, each under its value: small multiples until a script shows one at a time."""
    parts = (
        f'<div class="seedbed-figure__frame" data-frame="{at}" data-value="{escape(frame.label)}">'
        f'<p class="seedbed-figure__value">{_named(field, frame.label)}</p>{frame.svg()}</div>'
        for at, frame in enumerate(frames)
    )
    return f'<div class="seedbed-figure__frames">{"".join(parts)}</div>'


def tables_html(tables: Sequence[str]) -> str:
    """Return the tables of all frames, each in a box that scrolls, to be shown with their drawings."""
    parts = (
        f'<div class="seedbed-figure__table" data-frame="{at}" tabindex="0">{table}</div>'
        for at, table in enumerate(tables)
    )
    return f'<div class="seedbed-figure__tables">{"".join(parts)}</div>'


def slider_html(field: str, frames: Sequence[Frame]) -> str:
    """Return the slider that chooses a frame; hidden, as it does nothing without its script."""
    first = escape(frames[0].label)
    # Room for the longest value, so that nothing moves from one to the next.
    room = max(len(frame.label) for frame in frames)
    return (
        f'<p class="seedbed-figure__control" hidden><label><code>{escape(field)}</code>'
        f'<input type="range" min="0" max="{len(frames) - 1}" step="1" value="0" '
        f'autocomplete="off" aria-valuetext="{first}"></label>'
        f'<output aria-live="off" style="min-width:{room}ch">{first}</output></p>'
    )


def standalone(figure_id: str, title: str, field: str, frames: Sequence[Frame]) -> bytes:
    """Return an SVG file with all drawings in two columns, each under its value."""
    width = max(frame.drawn.drawing.width for frame in frames)
    height = max(frame.drawn.drawing.height for frame in frames) + _HEADING
    rows = -(-len(frames) // _COLUMNS)
    whole_width = _COLUMNS * width + (_COLUMNS - 1) * _GAP
    whole_height = rows * height + (rows - 1) * _GAP
    parts = []
    for at, frame in enumerate(frames):
        x, y = at % _COLUMNS * (width + _GAP), at // _COLUMNS * (height + _GAP)
        drawing = frame.drawn.drawing
        place = (
            f'x="{x:g}" y="{y + _HEADING:g}" width="{drawing.width:g}" height="{drawing.height:g}"'
        )
        parts.append(
            f'<text x="{x + 4:g}" y="{y + 14:g}" fill="currentColor" font-size="11" '
            'font-weight="bold" font-family="DejaVu Sans,Verdana,sans-serif">'
            f"{escape(field)} {escape(frame.label)}</text>"
            + frame.svg().replace("<svg ", f"<svg {place} ", 1)
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{whole_width * 4 / 3:g}" height="{whole_height * 4 / 3:g}" '
        f'viewBox="0 0 {whole_width:g} {whole_height:g}" '
        f'role="group" aria-labelledby="{figure_id}_t">'
        f"<style>{style.standalone_style()}</style>"
        f'<title id="{figure_id}_t">{escape(title)}</title>{"".join(parts)}</svg>\n'
    ).encode()


def numbers(field: str, frames: Sequence[Frame]) -> bytes:
    """Return the CSV of all frames as one, whose first column holds the swept field."""
    tables = [list(csv.reader(io.StringIO(frame.drawn.csv))) for frame in frames]
    # Which columns there are may depend on the swept field.
    columns = list(dict.fromkeys(name for head, *_ in tables for name in head))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow((f"{field} (swept)" if field in columns else field, *columns))
    for frame, (head, *rows) in zip(frames, tables, strict=True):
        for row in rows:
            cells = dict(zip(head, row, strict=False))
            writer.writerow((frame.label, *(cells.get(name, "") for name in columns)))
    return target.getvalue().encode()


def _named(field: str, label: str) -> str:
    return f"<code>{escape(field)}</code> {escape(label)}"
