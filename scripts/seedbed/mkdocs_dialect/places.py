r"""Where in a text its links, formulas and fences stand: Python-Markdown keeps no positions.

What was found is looked up by what was written, one occurrence after the other. Of equal links it does not matter
which is which, as whatever is said of one is said of all; code, where the same may be written, is passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from seedbed.text import Lines, Span

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_WRITTEN = re.compile(
    r"(?P<code>(?<![`\\])(?P<ticks>`+)(?!`)[^`\n]*(?<!`)(?P=ticks)(?!`))"
    r"|(?P<wikilink>!?\[\[(?P<inner>[^\[\]\n]+)\]\])"
    r"|(?P<link>\]\([ \t]*<?(?P<address>[^()<>\s\"']+))"
    r"|(?P<definition>^[ ]{0,3}\[[^\]\n]+\]:[ \t]*<?(?P<defined>\S+))",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?:\{[ \t]*\.?)?(?P<language>[\w#.+-]*)")


class Places:
    """The places of one text."""

    def __init__(self, text: str) -> None:
        """Look through ``text`` once."""
        self._text = text
        self._lines = Lines(text)
        self._known: dict[str, list[Span]] = defaultdict(list)
        self._fences: dict[str, list[int]] = defaultdict(list)
        self._cursor: dict[str, int] = defaultdict(int)
        for start, end in outside_fences(text, self._fences):
            for match in _WRITTEN.finditer(text, start, end):
                self._enter(match)

    def wikilink(self, inner: str) -> Span:
        """Return the next place of a link or embed with ``inner`` between its brackets."""
        return self._next("[[" + inner) or self._search("[[" + inner.partition("|")[0], "link")

    def link(self, address: str) -> Span:
        """Return the next place of a Markdown link to ``address``."""
        return self._next("](" + address) or self._search(address, "link")

    def formula(self, tex: str) -> Span:
        """Return the next place of a formula, from where the last one ended."""
        return self._search(tex, "formula")

    def heading(self, plain: str) -> int:
        """Return the line of the next heading with this text, counted from zero."""
        return self.line(self._search(plain, "heading").start)

    def fence(self, language: str) -> Span:
        """Return the next fence of ``language``, by its first line."""
        starts = self._fences[language]
        number = self._cursor["```" + language]
        self._cursor["```" + language] += 1
        start = starts[min(number, len(starts) - 1)] if starts else 0
        return Span(start, start)

    def line(self, offset: int) -> int:
        """Return the line that ``offset`` lies on, counted from zero."""
        return self._lines.position(offset)[0] - 1

    def _enter(self, match: re.Match[str]) -> None:
        if match["wikilink"]:
            inner = _ESCAPE.sub(r"\1", match["inner"])
            self._known["[[" + inner].append(Span(match.start(), match.end()))
        elif match["link"]:
            self._known["](" + match["address"]].append(Span(*match.span("address")))
        elif match["definition"]:
            self._known["](" + match["defined"]].append(Span(*match.span("defined")))

    def _next(self, key: str) -> Span | None:
        """Return the next place of ``key``; the last one again if there are no more."""
        places = self._known.get(key)
        if places is None:
            return None
        number = self._cursor[key]
        self._cursor[key] += 1
        return places[min(number, len(places) - 1)]

    def _search(self, written: str, kind: str) -> Span:
        """Return where ``written`` stands: behind the last of its ``kind``, or before, or else there."""
        last = self._cursor[kind]
        found = self._text.find(written, last)
        if found < 0:
            found = self._text.find(written, 0, last + len(written))
        if found < 0:
            return Span(last, last)
        self._cursor[kind] = found + len(written)
        return Span(found, found + len(written))


def outside_fences(
    text: str, fences: dict[str, list[int]] | None = None
) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ``text`` between its fenced blocks.

    ``fences`` is given the offset of each block, by its language.
    """
    start = position = 0
    closing: str | None = None
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if fence is not None and closing is None:
            yield start, position
            closing = fence["fence"]
            if fences is not None:
                fences[fence["language"]].append(position)
        elif fence is not None and closing is not None and fence["fence"].startswith(closing):
            closing = None
            start = position + len(line)
        position += len(line)
    if closing is None:
        yield start, position
