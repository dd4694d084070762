"""The least that a build with these libraries takes: notes parsed and written, and their text indexed, nothing else.

No links, no embeds, no formulas, no theme, no cache: markdown-it-py with its CommonMark rules and tables, in as many
processes as there are processors, then Pagefind. What Seedbed could at best be, measured beside what it is. Run as
``floor.py NOTES SITE``.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from markdown_it import MarkdownIt

from seedbed.search import Document, document, write_index
from seedbed.text import PageUri

_CHUNK = 32


def main(arguments: Sequence[str]) -> int:
    """Build a site with nothing but articles and an index."""
    notes, site = map(Path, arguments)
    files = sorted(notes.rglob("*.md"))
    with ProcessPoolExecutor() as workers:
        pages = workers.map(functools.partial(_written, notes, site), files, chunksize=_CHUNK)
        documents = [
            Document(uri, uri, functools.partial(document, uri, text, "en")) for uri, text in pages
        ]
    write_index(documents, site / "pagefind", jobs=os.cpu_count() or 1)
    return 0


def _written(notes: Path, site: Path, file: Path) -> tuple[PageUri, str]:
    """Write the article of a note, and return its address and its HTML."""
    html = _parser().render(file.read_text(encoding="utf-8"))
    uri = PageUri(f"{file.relative_to(notes).with_suffix('').as_posix()}/")
    folder = site / uri
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(html, encoding="utf-8")
    return uri, html


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
