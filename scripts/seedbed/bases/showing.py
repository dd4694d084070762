"""A view of a base and the vault's files -> HTML that needs no script, and what went wrong on the way.

Separate from the layouts: whatever these are, a view has a name, a number of results, and a box in its place where
it cannot be shown.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seedbed.bases.cards import write_cards
from seedbed.bases.cells import Cells
from seedbed.bases.definition import Base, View
from seedbed.bases.file import File, Writer
from seedbed.bases.lists import write_list
from seedbed.bases.naming import Labels
from seedbed.bases.results import Chooser, Results
from seedbed.bases.session import Session
from seedbed.bases.tables import write_table
from seedbed.diagnostics import Code, Diagnostic
from seedbed.text import did_you_mean, fold, nearest

_LAYOUTS: Mapping[str, Callable[[View, Results, Cells, Labels], str]] = {
    "table": write_table,
    "cards": write_cards,
    "list": write_list,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as HTML."""

    html: str
    problems: tuple[Diagnostic, ...] = ()
    """Mistakes that show only when formulas are computed; those of the base itself are in ``Base.diagnostics``."""


def show(  # noqa: PLR0913, PLR0917 -- a view, and all that it depends on
    base: Base,
    view: str | None,
    files: Sequence[File],
    this: File | None,
    writer: Writer,
    now: datetime,
    *,
    titled: bool = True,
) -> Shown:
    """Return a view of ``base`` over ``files``, or the box that says why there is none."""
    chosen = _view(base, view)
    if not base.is_readable:
        return Shown(_box("This base cannot be read."))
    if chosen is None:
        return _unknown_view(base, view or "")
    session = Session(files, this, writer.find, now)
    chooser = Chooser(base, chosen, session)
    results = chooser.results(files)
    if results.unreadable is not None:
        filter_text = html.escape(results.unreadable)
        return Shown(_box(f"This filter cannot be read: <code>{filter_text}</code>"))
    layout = _LAYOUTS.get(chosen.kind, write_table)
    body = layout(chosen, results, Cells(session, writer), Labels(base.display_names))
    kind = chosen.kind if chosen.kind in _LAYOUTS else "table"
    head = _head(chosen, results, titled=titled)
    written = f'<div class="seedbed-base seedbed-base--{kind}">\n{head}{body}</div>\n'
    return Shown(written, chooser.problems())


def _view(base: Base, name: str | None) -> View | None:
    if name is None:
        return base.views[0]
    exact = next((view for view in base.views if view.name == name), None)
    return exact or next((view for view in base.views if fold(view.name) == fold(name)), None)


def _head(view: View, results: Results, *, titled: bool) -> str:
    shown, total = results.count, results.total
    counted = f"{total} result{'' if total == 1 else 's'}"
    if shown < total:
        counted = f"{shown} of {counted}"
    name = f'<span class="seedbed-base__name">{html.escape(view.name)}</span> ' if titled else ""
    return f'<p class="seedbed-base__head">{name}<span class="seedbed-base__count">{counted}</span></p>\n'


def _unknown_view(base: Base, name: str) -> Shown:
    known = did_you_mean(nearest(name, (view.name for view in base.views)))
    message = f'no view is called "{name}"{known}'
    problem = Diagnostic(base.path, base.line, 1, Code.BASE_INVALID, message)
    return Shown(
        _box(f"This base has no view called <code>{html.escape(name)}</code>."), (problem,)
    )


def _box(text: str) -> str:
    """Return a marked box in the place of a view."""
    return f'<div class="seedbed-base"><p class="seedbed-base__problem">{text}</p></div>\n'
