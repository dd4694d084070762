"""What is wrong with a vault, as data.

Nothing an author writes raises: each mistake becomes a ``Diagnostic`` with a code, a place and one sentence.
They are collected over the whole vault, sorted, and reported at once by whoever asked: as text, as JSON or
as GitHub annotations. Separate so that no other module decides how a mistake looks.
"""

from __future__ import annotations

import enum
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Format = Literal["text", "json", "github"]
"""How ``render`` writes diagnostics."""

_NOT_IN_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""Line ends, and what a terminal would obey, may stand in names of files and links."""


class Code(enum.StrEnum):
    """Every kind of mistake that Seedbed reports; the value is what authors see and search for."""

    LINK_MISSING = "link.missing"
    """A link names a note or file that the published vault does not have."""
    LINK_AMBIGUOUS = "link.ambiguous"
    """Several notes answer to a link, and neither its path nor its folder decides."""
    ANCHOR_MISSING = "anchor.missing"
    """A link's note exists, but not the heading or block that its fragment names."""
    EMBED_MISSING = "embed.missing"
    """An embed names a note, section, block or file that the published vault does not have."""
    EMBED_CYCLE = "embed.cycle"
    """A note embeds itself, directly or by way of others."""
    EMBED_LIMIT = "embed.limit"
    """A page's embeds, each within the next, would repeat more text than a page can hold."""
    BLOCK_DUPLICATE = "block.duplicate"
    """Two blocks of one note carry the same block id; links reach the first."""
    NAME_DUPLICATE = "name.duplicate"
    """An alias belongs to several notes, so it leads to the first by path."""
    URI_COLLISION = "uri.collision"
    """Two pages or files would stand in each other's way; the later one gets a number."""
    PROPERTIES_INVALID = "properties.invalid"
    """The YAML properties cannot be read; the note is published without them."""
    PROPERTIES_UNCLOSED = "properties.unclosed"
    """The note begins with ``---`` but no second ``---`` ends the properties; all of it is text."""
    SETTINGS_INVALID = "settings.invalid"
    """The vault's ``.obsidian/app.json`` cannot be read, or one of its patterns is none."""
    DIALECT_FAILED = "dialect.failed"
    """Python-Markdown cannot read a note of the dialect ``mkdocs``; it is read as any other note."""
    ENCODING_INVALID = "encoding.invalid"
    """The file is not UTF-8; what cannot be decoded shows as replacement characters."""
    FILE_UNREADABLE = "file.unreadable"
    """The file cannot be read at all."""
    FENCE_UNCLOSED = "fence.unclosed"
    """A code fence has no closing line and runs to the end of its container."""
    COMMENT_UNCLOSED = "comment.unclosed"
    """A ``%%`` that begins a line has no partner, so the rest of the note is hidden."""
    MATH_UNCLOSED = "math.unclosed"
    """A ``$$`` has no partner, so what follows is text."""
    MATH_INVALID = "math.invalid"
    """A formula is not LaTeX that can be shown."""
    NESTING_LIMIT = "nesting.limit"
    """Quotes or lists lie deeper than can be shown; the rest of them is shown as it was typed."""
    FIGURE_INVALID = "figure"
    """A ``figure`` block cannot be computed as it stands."""
    DIAGRAM_INVALID = "diagram.invalid"
    """A ``mermaid`` block cannot be drawn; its source is shown."""
    CANVAS_INVALID = "canvas.invalid"
    """A canvas, or a part of it, is not JSON Canvas; what can be read of it is shown."""
    BASE_INVALID = "base.invalid"
    """A base, or one of its filters or formulas, cannot be read or computed."""
    BASE_UNSUPPORTED = "base.unsupported"
    """A base asks for something of Obsidian's that is not computed here."""
    QUERY_UNSUPPORTED = "query.unsupported"
    """A block is a query to a plug-in, such as Dataview; its source is shown."""
    HOST_WARNING = "host.warning"
    """MkDocs, or another of its plugins, warns of something in the hand-written pages or the configuration."""
    VAULT_EMPTY = "vault.empty"
    """The vault holds no note that is published."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One mistake and its place. Lines and columns count from one."""

    path: str
    line: int
    column: int
    code: Code
    message: str


def render(diagnostics: Iterable[Diagnostic], form: Format) -> str:
    """Return all ``diagnostics``, sorted, as one text."""
    ordered = sorted(set(diagnostics))
    if form == "json":
        return json.dumps([asdict(each) for each in ordered], ensure_ascii=False, indent=2)
    line = _github if form == "github" else describe
    return "\n".join(map(line, ordered))


def describe(diagnostic: Diagnostic) -> str:
    """Return one line: ``path:line:column: code: message``."""
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    return _NOT_IN_LINES.sub(" ", f"{place}: {diagnostic.code}: {diagnostic.message}")


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many mistakes there are, by code: ``3 diagnostics: 2 link.missing, 1 math.invalid``."""
    counts = Counter(diagnostic.code.value for diagnostic in set(diagnostics))
    total = counts.total()
    if not total:
        return "no diagnostics"
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kinds = ", ".join(f"{number} {code}" for code, number in ordered)
    return f"{total} diagnostic{'s' if total != 1 else ''}: {kinds}"


def _github(diagnostic: Diagnostic) -> str:
    """Return a workflow command; the runner decodes ``%0A`` and the like, so these are escaped.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    place = {
        "file": diagnostic.path,
        "line": str(diagnostic.line),
        "col": str(diagnostic.column),
        "title": diagnostic.code.value,
    }
    fields = ",".join(
        f"{key}={_escape(value).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in place.items()
    )
    return f"::warning {fields}::{_escape(diagnostic.message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
