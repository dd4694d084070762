"""A drawing and its numbers -> the figure in a page: HTML, files to download, the box of a failure.

Separate because it needs neither numpy nor matplotlib: what comes from the cache goes into the
page through here alone.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from seedbed.figures import frames
from seedbed.figures.chart import Table
from seedbed.figures.drawn import Drawn, Pairs
from seedbed.figures.frames import Frame
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec, as_written


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
    """The `<svg>` element, in the page's colours; of a sweep, all of them, each in its frame."""
    table_html: str
    """The numbers as a `<table>` in its box, or nothing where the block says `table: false`."""
    standalone: bytes
    """An SVG file of its own."""
    csv: bytes
    """All numbers of the figure."""
    recipe: Pairs
    """All that the figure was made from: fields with their values, as an author would write them."""
    versions: Pairs
    """What it was made by: name and version."""
    slider: str = ""
    """What chooses a frame of a sweep; nothing for any other figure."""
    problems: tuple[FigureProblem, ...] = ()
    """Warnings only."""

    def html(self, caption_html: str, assets_base: str, note: str) -> str:
        """Return the whole `<figure>` element.

        `assets_base` leads from the page to the folder, slash included, where the caller puts
        `csv` as `ID.csv` and `standalone` as `ID.svg`; `note` is what a command line calls the
        note whose block this is.
        """
        wide = " seedbed-figure--wide" if self.size == "wide" else ""
        sweep = " seedbed-figure--sweep" if self.slider else ""
        name = escape(self.title)
        mark = "" if self.title.endswith((".", "!", "?", ":")) else "."
        # Where the drawing is wider than the screen it scrolls, by keyboard too.
        return (
            f'<figure class="seedbed-figure{wide}{sweep}" id="{self.id}">{self.slider}'
            f'<div class="seedbed-figure__scroll" tabindex="0" role="group" aria-label="{name}">'
            f"{self.svg}</div>"
            f'<figcaption><span class="seedbed-figure__title">{name}{mark}</span> {caption_html}'
            f"</figcaption>{self._numbers(assets_base)}{self._making(note)}</figure>"
        )

    def command(self, note: str) -> str:
        """Return the command that makes the figure's drawing again, on its own."""
        # What begins with a hyphen would be taken for an option.
        path = f"./{note}" if note.startswith("-") else note
        return shlex.join(("seedbed", "figures", "render", path, self.id, "-o", f"{self.id}.svg"))

    def _numbers(self, assets_base: str) -> str:
        base = escape(assets_base)
        return (
            '<details class="seedbed-figure__numbers"><summary>Data</summary>'
            f"{self.table_html}"
            '<p class="seedbed-figure__files">Download: '
            f'<a href="{base}{self.id}.csv" download>all numbers (CSV)</a>, '
            f'<a href="{base}{self.id}.svg" download>drawing (SVG)</a></p></details>'
        )

    def _making(self, note: str) -> str:
        rows = "".join(
            f"<div><dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd></div>"
            for name, value in self.recipe
        )
        versions = ", ".join(
            f"{name}\N{NO-BREAK SPACE}{version}" for name, version in self.versions
        )
        return (
            '<details class="seedbed-figure__numbers"><summary>How this figure was made</summary>'
            f'<dl class="seedbed-figure__recipe">{rows}</dl>'
            f'<p class="seedbed-figure__made">Made by {escape(versions)}. To make it again:</p>'
            f'<p class="seedbed-figure__command"><code>{escape(self.command(note))}</code></p>'
            "</details>"
        )


def figure_of(spec: FigureSpec, drawn: Sequence[Drawn]) -> Figure:
    """Put drawings, one for each frame of a spec, under its id, title and description."""
    if spec.id is None:
        raise ValueError("a figure must have its id before it is computed")
    if spec.sweep is not None:
        return _swept(spec, spec.id, spec.sweep.field, _frames(spec, drawn))
    (only,) = drawn
    description = spec.alt or only.description
    table = f'<div class="seedbed-figure__table" tabindex="0">{_table_html(only, spec.title)}</div>'
    return Figure(
        spec.id,
        spec.title,
        description,
        spec.size,
        only.drawing.inline(spec.id, spec.title, description),
        table if spec.table else "",
        only.drawing.standalone(spec.id, spec.title, description),
        only.csv.encode(),
        as_written(spec),
        only.versions,
        problems=_warnings(spec, only),
    )


def _frames(spec: FigureSpec, drawn: Sequence[Drawn]) -> list[Frame]:
    labels = spec.sweep.labels if spec.sweep else ()
    return [
        Frame(str(frame.id), label, frame.title, spec.alt or each.description, each)
        for frame, label, each in zip(spec.frames(), labels, drawn, strict=True)
    ]


def _swept(spec: FigureSpec, figure_id: str, field: str, shown: list[Frame]) -> Figure:
    tables = [_table_html(frame.drawn, frame.title) for frame in shown]
    said = spec.alt or " ".join(f"{field} {frame.label}: {frame.description}" for frame in shown)
    warnings = (
        replaced
        for frame, own in zip(shown, spec.frames(), strict=True)
        for replaced in _warnings(own, frame.drawn, f"{field} {frame.label}: ")
    )
    return Figure(
        figure_id,
        spec.title,
        said,
        spec.size,
        frames.drawings_html(field, shown),
        frames.tables_html(tables) if spec.table else "",
        frames.standalone(figure_id, spec.title, field, shown),
        frames.numbers(field, shown),
        as_written(spec),
        _versions(frame.drawn for frame in shown),
        frames.slider_html(field, shown),
        tuple(warnings),
    )


def _versions(drawn: Iterable[Drawn]) -> Pairs:
    """Return what all drawings were made by; those in the cache may be of another time."""
    found: dict[str, dict[str, None]] = {}
    for each in drawn:
        for name, version in each.versions:
            found.setdefault(name, {})[version] = None
    return tuple((name, " and ".join(versions)) for name, versions in found.items())


def _warnings(spec: FigureSpec, drawn: Drawn, where: str = "") -> tuple[FigureProblem, ...]:
    return tuple(
        FigureProblem(where + message, spec.line_of(field), warning=True)
        for field, message in drawn.warnings
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


def _table_html(drawn: Drawn, caption: str) -> str:
    table: Table = drawn.table
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
