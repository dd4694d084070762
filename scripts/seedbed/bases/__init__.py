"""Obsidian's bases, computed: the source of a base and the vault's files -> tables, cards and lists as HTML.

Apart from the rest of Seedbed, of which it knows texts and diagnostics alone: whoever has a vault hands over its
files as ``File`` values, and a ``Writer`` that knows how the site links.
"""

from __future__ import annotations

from seedbed.bases.definition import Base, View
from seedbed.bases.file import File, Writer
from seedbed.bases.reading import read_base
from seedbed.bases.showing import Shown, show

__all__ = ["Base", "File", "Shown", "View", "Writer", "read_base", "show"]
