"""A writer of cards that needs no vault: what it is asked for is what it says."""

import html

from seedbed.canvas import Canvas, FileNode, TextNode, read_canvas, write_canvas
from seedbed.dialect.wikilinks import Ref
from seedbed.text import NotePath


class PlainWriter:
    """Shows texts as typed, and files as their paths."""

    def text(self, node: TextNode) -> str:
        return f"<p>{html.escape(node.text.content)}</p>\n"

    def file(self, node: FileNode) -> str:
        return f"<p>{html.escape(node.file)}</p>\n"

    def file_title(self, node: FileNode) -> str:
        return f"<a>{html.escape(node.file)}</a>"

    def background(self, ref: Ref) -> str | None:
        return None if ref.target.startswith("missing") else f"../{ref.target}"


def canvas_of(source: str) -> Canvas:
    return read_canvas(NotePath("maps/Board.canvas"), source)


def html_of(source: str, prefix: str = "") -> str:
    return write_canvas(canvas_of(source), PlainWriter(), prefix)
