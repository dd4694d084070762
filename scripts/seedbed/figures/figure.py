"""A drawing and its numbers -> the figure in a page: HTML, files to download, the box of a failure.

Separate because it needs neither numpy nor matplotlib: what comes from the cache goes into the
page through here alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape

from seedbed.figures.chart import Table
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec
from seedbed.figures.svg import Drawing


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a worker returns and the cache keeps: a figure before it has an id and a title."""

    drawing: Drawing
    description: str
    table: Table
    csv: str
    warnings: tuple[tuple[str, str], ...]
    """Field and message."""

    def to_json(self) -> bytes:
        """Return the value as `from_json` reads it."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Drawn:
        """Return the value that `to_json` wrote; ValueError or the like for anything else."""
        plain = json.loads(content)
        table = Table(
            tuple(plain["table"]["columns"]), tuple(tuple(row) for row in plain["table"]["rows"])
        )
        warnings = tuple((field, message) for field, message in plain["warnings"])
        drawing = Drawing(**plain["drawing"])
        return cls(drawing, plain["description"], table, plain["csv"], warnings)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready for its page."""

    id: str
    title: str
    """Plain text."""
    description: str
    """What the figure shows, for those who cannot see it; plain text."""
    size: str
    """normal or wide."""
    svg: str
    """The `<svg>` element, in the page's colours."""
    table_html: str
    """The `<table>` element, or nothing where the block says `table: false`."""
    standalone: bytes
    """An SVG file of its own."""
    csv: bytes
    """All numbers of the figure."""
    problems: tuple[FigureProblem, ...] = ()
    """Warnings only."""

    def html(self, caption_html: str, assets_base: str) -> str:
        """Return the whole `<figure>` element.

        `assets_base` leads from the page to the folder, slash included, where the caller puts
        `csv` as `ID.csv` and `standalone` as `ID.svg`.
        """
        wide = " seedbed-figure--wide" if self.size == "wide" else ""
        name = escape(self.title)
        mark = "" if self.title.endswith((".", "!", "?", ":")) else "."
        # Where the drawing is wider than the screen it scrolls, by keyboard too.
        return (
            f'<figure class="seedbed-figure{wide}" id="{self.id}">'
            f'<div class="seedbed-figure__scroll" tabindex="0" role="group" aria-label="{name}">'
            f"{self.svg}</div>"
            f'<figcaption><span class="seedbed-figure__title">{name}{mark}</span> {caption_html}'
            f"</figcaption>{self._numbers(assets_base)}</figure>"
        )

    def _numbers(self, assets_base: str) -> str:
        base = escape(assets_base)
        table = f'<div class="seedbed-figure__table" tabindex="0">{self.table_html}</div>'
        return (
            "<details><summary>Data</summary>"
            f"{table if self.table_html else ''}"
            '<p class="seedbed-figure__files">Download: '
            f'<a href="{base}{self.id}.csv" download>all numbers (CSV)</a>, '
            f'<a href="{base}{self.id}.svg" download>drawing (SVG)</a></p></details>'
        )


def figure_of(spec: FigureSpec, drawn: Drawn) -> Figure:
    """Put a drawing under the id, title and description of a spec."""
    if spec.id is None:
        raise ValueError("a figure must have its id before it is computed")
    description = spec.alt or drawn.description
    return Figure(
        spec.id,
        spec.title,
        description,
        spec.size,
        drawn.drawing.inline(spec.id, spec.title, description),
        _table_html(drawn.table, spec.title) if spec.table else "",
        drawn.drawing.standalone(spec.id, spec.title, description),
        drawn.csv.encode(),
        tuple(
            FigureProblem(message, spec.line_of(field), warning=True)
            for field, message in drawn.warnings
        ),
    )


def failure_html(problems: Sequence[FigureProblem], source: str) -> str:
    """Return the box that stands in the page for a figure that cannot be: why, and its block."""
    at_fault = {problem.line for problem in problems}
    reasons = "".join(
        f"<p>{escape(problem.message)} (line {problem.line + 1})</p>" for problem in problems
    )
    lines = "\n".join(
        f"<mark>{escape(line)}</mark>" if number in at_fault and line else escape(line)
        for number, line in enumerate(source.rstrip("\n").split("\n"))
    )
    return (
        '<div class="seedbed-figure-error" role="note"><p><strong>This figure cannot be shown'
        f"</strong></p>{reasons}<pre><code>{lines}</code></pre></div>"
    )


def _table_html(table: Table, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<table class="seedbed-figure__grid"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
