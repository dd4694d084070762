"""From a ``.canvas`` file to a ``Canvas``, and from that to a static board of HTML and SVG.

The first half reads JSON Canvas 1.0 as far as it can be read; the second writes boxes over lines in one system of
coordinates. What a card holds is a note, an image or a link, which is for others to write: a ``Writer`` is asked for
each. Knows no vault and no index.
"""

from __future__ import annotations

from seedbed.canvas.board import Writer, write_canvas
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
from seedbed.canvas.reading import read_canvas

__all__ = [
    "Canvas",
    "Edge",
    "FileNode",
    "GroupNode",
    "LinkNode",
    "Node",
    "TextNode",
    "UnknownNode",
    "Writer",
    "read_canvas",
    "write_canvas",
]
