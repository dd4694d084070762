"""Obsidian's bases, computed: the source of a base and the vault's files -> tables, cards and lists as HTML.

Apart from the rest of Seedbed, of which it knows texts and diagnostics alone: whoever has a vault hands over its
files as ``File`` values, and a ``Writer`` that knows how the site links. Importing it loads the values alone: the
language of formulas takes longer to load than a small vault to read, and most vaults have no base.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from seedbed.bases.definition import Base, View
from seedbed.bases.file import File, Writer
from seedbed.text import NotePath

if TYPE_CHECKING:
    from seedbed.bases.showing import Shown

__all__ = ["Base", "File", "View", "Writer", "read_base", "show"]


def read_base(path: NotePath, source: str, line: int = 1) -> Base:
    """Read the source of a ``.base`` file or ``base`` block, whose first line is ``line`` of its file. Never raises."""
    from seedbed.bases import reading  # noqa: PLC0415 -- the language of formulas, for vaults with bases

    return reading.read_base(path, source, line)


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
    """Return a view of ``base`` over ``files``: the one called ``view``, or the first.

    ``this`` is what ``this`` means in formulas: the note that embeds the base, or the base's own file. ``titled``
    says whether the view's name stands above it; the number of results always does.
    """
    from seedbed.bases import showing  # noqa: PLC0415 -- the language of formulas, for vaults with bases

    return showing.show(base, view, files, this, writer, now, titled=titled)
