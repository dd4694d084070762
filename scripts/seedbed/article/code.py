"""Highlighted code, as Material styles it.

Notes and hand-written pages are highlighted by the same library, pymdown-extensions, so both look alike. This is
the only module that calls its highlighter.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.style import Style, StyleMeta
from pygments.util import ClassNotFound
from pymdownx.highlight import Highlight

_OPTION = re.compile(
    r"(?P<name>[A-Za-z_]+)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S+))"
)
_LINES = re.compile(r"\{([\d,\s-]+)\}")
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_MOST_LINES = 10_000


class _Empty(StyleMeta):
    """Makes styles that say nothing of any kind of token."""

    def __iter__(cls) -> Iterator[Any]:  # noqa: N805 -- a metaclass
        return iter(())


class _Unstyled(Style, metaclass=_Empty):
    """The style of spans that have classes alone: of any other, Pygments would make a style sheet for each block."""


class _Highlighter(Highlight):  # type: ignore[misc]  # the library is untyped
    """Looks each language up once, where Pygments would go through all that it knows for each block."""

    def __init__(self) -> None:
        super().__init__(None, pygments_style=_Unstyled, pygments_lang_class=True, stripnl=False)

    def get_lexer(
        self,
        _source: str,
        language: str,
        _inline: bool,  # noqa: FBT001 -- the library's signature
        stripnl: bool,  # noqa: FBT001
    ) -> tuple[Lexer, str]:
        """Return a new lexer, since some remember what they have read, and the name of its language."""
        found = _lexer_class(language)
        return (found or TextLexer)(stripnl=stripnl), language if found else "text"


@functools.cache
def _highlighter() -> _Highlighter:
    return _Highlighter()


@functools.lru_cache(maxsize=1024)
def _lexer_class(language: str) -> type[Lexer] | None:
    """Return what reads ``language``; None if Pygments does not know it."""
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


@functools.lru_cache(maxsize=4096)
def highlight(source: str, info: str) -> str:
    """Return ``source`` as a highlighted block.

    The first word of ``info`` is the language; ``title="…"``, ``linenums="1"``, ``hl_lines="1 3-4"`` and
    ``{1,3-4}`` mean what they mean in Material. Anything else in ``info`` is ignored (OF-265).
    """
    words = info.split(maxsplit=1)
    language = (
        words[0].strip("{}.") if words and "=" not in words[0] and not words[0][0].isdigit() else ""
    )
    rest = info[len(words[0]) :] if words and language else info
    named = {match["name"]: _value(match) for match in _OPTION.finditer(rest)}
    lines = _LINES.search(rest)
    marked = named.get("hl_lines", lines[1] if lines else "")
    first = named.get("linenums", "")
    shown: str = _highlighter().highlight(
        source,
        language,
        hl_lines=_numbers(marked),
        linestart=int(first) if first.isdecimal() and len(first) < 7 else -1,  # noqa: PLR2004 -- no line is that late
        title=named.get("title") or None,
    )
    if not source:
        shown = shown.replace(
            "\n</code>", "</code>"
        )  # the highlighter adds a line end where there is no line
    return _named(shown, language).strip("\n")


def _named(shown: str, language: str) -> str:
    """Return the block with its author's name for the language where the highlighter knows none (OF-255)."""
    if not language or _lexer_class(language):
        return shown
    name = f'class="language-{html.escape(language)}'
    return shown.replace('class="language-text', name, 1).replace("<code>", f'<code {name}">', 1)


def _value(match: re.Match[str]) -> str:
    return match["double"] or match["single"] or match["bare"] or ""


def _numbers(written: str) -> list[int]:
    numbers: list[int] = []
    for match in _RANGE.finditer(written):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers.extend(range(first, min(last, first + _MOST_LINES) + 1))
    return numbers
