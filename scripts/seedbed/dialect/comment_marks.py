"""Where a ``%%comment%%`` opens in a leaf's text, and where ``%%`` is only two characters.

Whatever opens first wins (OF-360): in code, formulas, HTML tags, HTML comments and addresses ``%%`` stays what it
is (OF-182, OF-226, OF-362). The finder reads source text ahead of the parser, so it knows each construct by the same
grammar as the rule that takes it later. Separate from ``comments``, which overwrites what is found here.
"""

from __future__ import annotations

import re

from markdown_it.common.html_re import close_tag, open_tag
from markdown_it.helpers import parseLinkDestination, parseLinkTitle

from seedbed.dialect.math import formula_end

MARK = "%%"
"""What a comment begins and ends with."""

_HTML = rf"(?P<html><!--)|{open_tag}|{close_tag}"
_IN_HTML = re.compile(rf"{_HTML}|(?P<mark>%%)")
_IN_TEXT = re.compile(
    rf"\\.|(?P<ticks>`+)|(?P<dollars>\$\$?)|{_HTML}"
    r"|<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>"
    r"|(?P<address>(?:(?<=[A-Za-z0-9])://|(?<![^\s*_~(])www\.)[^\s<]+)"
    r"|(?P<opening>\[+)|(?P<closing>\]+)(?P<target>\()?|(?P<mark>%%)",
    re.DOTALL,
)
_ADDRESS_ENDS = re.compile(r"[()\]]")
_WIKILINK_ENDS = re.compile(r"\[\[|\]\]|\n")
_CELL_END = re.compile(r"(?<!\\)\||\n")
_BLANKS = re.compile(r"[ \t\n]*")


class CommentFinder:
    """Finds, one after the other, where comments open in one leaf."""

    def __init__(
        self, source: str, start: int, *, in_cells: bool = False, in_html: bool = False
    ) -> None:
        """Begin at ``start``. In a row of a table nothing reaches from one cell into the next."""
        self._source = source
        self._position = start
        self._in_cells = in_cells
        self._specials = _IN_HTML if in_html else _IN_TEXT
        self._cell_end = self._wikilink_end = -1
        self._lone_ticks: dict[int, int] = {}
        """Lengths of runs of backticks without a partner, and up to where none was found."""
        self._brackets: list[bool] = []
        """What is open around the position: true for the two brackets of a wikilink, else false."""

    def opening(self, end: int) -> int | None:
        """Return where the next comment opens before ``end``."""
        while self._position < end:
            stop = self._next_stop(end)
            special = self._specials.search(self._source, self._position, stop)
            if special is None and stop == self._wikilink_end:
                self._position, self._wikilink_end = stop, -1
            elif special is None:
                self._position = stop + 1
                self._brackets.clear()
            elif special["mark"]:
                return special.start()
            else:
                self._position = self._after(special, stop)
        return None

    def resume(self, position: int) -> None:
        """Go on behind a comment, which ended at ``position``."""
        self._position = position

    def _next_stop(self, end: int) -> int:
        """Return how far a construct may reach that opens at the position."""
        if self._in_cells and self._cell_end < self._position:
            found = _CELL_END.search(self._source, self._position, end)
            self._cell_end = found.start() if found else end
        stop = self._cell_end if self._in_cells else end
        return self._wikilink_end if self._position <= self._wikilink_end <= stop else stop

    def _after(self, special: re.Match[str], stop: int) -> int:
        """Return where comments can open again, ``special`` being what may hide them."""
        found = special.groupdict()
        if found["html"]:
            closing = self._source.find("-->", special.start() + 2, stop)
            return special.end() if closing < 0 else closing + 3
        if found.get("ticks"):
            return self._after_code(special, stop)
        if found.get("dollars"):
            return formula_end(self._source, special.start(), stop) or special.end()
        if found.get("address"):
            return self._after_address(special)
        if found.get("opening"):
            self._open(special, stop)
        elif found.get("closing"):
            is_link = self._close(len(special["closing"]))
            if special["target"]:
                return self._after_target(special.end(), stop) if is_link else special.end() - 1
        return special.end()

    def _after_code(self, ticks: re.Match[str], stop: int) -> int:
        length = len(ticks[0])
        if self._lone_ticks.get(length, -1) < stop:
            closing = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(
                self._source, ticks.end(), stop
            )
            if closing is not None:
                return closing.end()
            self._lone_ticks[length] = stop
        return ticks.end()

    def _after_address(self, address: re.Match[str]) -> int:
        """Return where an address ends at the latest: with the brackets or the parenthesis that it stands in."""
        depth = 0
        for sign in _ADDRESS_ENDS.finditer(address[0]):
            depth += {"(": 1, ")": -1}.get(sign[0], 0)
            if depth < 0 or (sign[0] == "]" and self._brackets):
                return address.start() + sign.start()
        return address.end()

    def _open(self, brackets: re.Match[str], stop: int) -> None:
        """Open brackets; with two of them, a wikilink, if that has an end."""
        count = len(brackets[0])
        self._brackets += [False] * (count - 2 if count > 1 else 1)
        if count > 1:
            self._brackets.append(True)
            end = _WIKILINK_ENDS.search(self._source, brackets.end(), stop)
            if end is not None and end[0] == "]]":
                self._wikilink_end = end.start()

    def _close(self, count: int) -> bool:
        """Close brackets with ``count`` signs; return whether the last was a link's, whose target may follow."""
        is_link = False
        while count > 0:
            is_link = bool(self._brackets) and not self._brackets[-1]
            count -= 1 if not self._brackets or is_link else 2
            if self._brackets:
                self._brackets.pop()
        return is_link

    def _after_target(self, start: int, stop: int) -> int:
        """Return where the target of a link ends that begins at ``start``, behind its parenthesis.

        A title protects one ``%%``; two are a comment in it.
        """
        source = self._source
        begin = _after_blanks(source, start, stop)
        destination = parseLinkDestination(source, begin, stop)
        if not destination.ok or source.startswith(MARK, begin):
            return start
        gap = end = _after_blanks(source, destination.pos, stop)
        if gap > destination.pos:
            title = parseLinkTitle(source, gap, stop)
            if title.ok:
                end = _after_blanks(source, title.pos, stop)
        if not source.startswith(")", end, stop):
            return start
        return gap if source.count(MARK, gap, end) > 1 else end + 1


def _after_blanks(source: str, start: int, end: int) -> int:
    blanks = _BLANKS.match(source, start, end)
    return blanks.end() if blanks else start
