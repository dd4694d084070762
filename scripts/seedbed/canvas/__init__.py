"""From a ``.canvas`` file to a ``Canvas``, and from that to a static board of HTML and SVG.

The first half reads JSON Canvas 1.0 as far as it can be read; the second writes boxes over lines in one system of
coordinates. What a card holds is a note, an image or a link, which is for others to write: a ``Writer`` is asked for
each. Knows no vault and no index. Importing it loads the values alone, as most vaults have no canvas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.canvas.model import (
    Canvas,
    Edge,
    FileNode,
    GroupNode,
    LinkNode,
    Node,
    TextNode,
    UnknownNode,
)
from seedbed.text import NotePath

if TYPE_CHECKING:
    from seedbed.canvas.board import Writer

__all__ = [
    "Canvas",
    "Edge",
    "FileNode",
    "GroupNode",
    "LinkNode",
    "Node",
    "TextNode",
    "UnknownNode",
    "read_canvas",
    "write_canvas",
]


def read_canvas(path: NotePath, source: str) -> Canvas:
    r"""Read ``source`` (line ends ``\\n``) as the canvas at ``path``. Never raises."""
    from seedbed.canvas import reading  # noqa: PLC0415 -- for vaults with canvases

    return reading.read_canvas(path, source)


def write_canvas(canvas: Canvas, writer: Writer, prefix: str) -> str:
    """Return ``canvas`` as HTML; ``prefix`` stands before every id, so that a page can hold a canvas twice."""
    from seedbed.canvas import board  # noqa: PLC0415 -- for vaults with canvases

    return board.write_canvas(canvas, writer, prefix)
