"""The list that a theme makes of a table of contents, learned from two of them.

Every entry is written by one template that calls itself for what lies below, so what stands between one entry and the
next depends on four things: whether the one is above the next, how many lists end between them, whether something
lies below the next, and whether that is in the outermost list, which another template may write. Taken apart that way,
nothing need be known of how lists and entries are marked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from seedbed.article import TocEntry
from seedbed.frame.pieces import SPELLINGS, Header, Hole, Listing, Pieces, Step, UnforeseenError


def learn(
    many: tuple[Pieces, Sequence[TocEntry]], few: tuple[Pieces, Sequence[TocEntry]], first: int
) -> Pieces:
    """Return what the theme made of two pages, its list of all entries from number ``first`` on as one hole.

    Each page comes with its table of contents. The second of many entries has nothing below it, the third has; of few
    the first has. Raises UnforeseenError.
    """
    pieces = many[0]
    if not any(isinstance(hole, Hole) and (hole.entry or 0) > first for hole in pieces.holes):
        return pieces
    headers = (_header_of(pieces, first + 1), _header_of(pieces, first + 2))
    steps: dict[Step, str] = {}
    start, end = _take_apart(*many, first, headers, steps)
    around = _around(pieces, start, end)
    if around != _around(few[0], *_take_apart(*few, first, headers, steps)):
        raise UnforeseenError
    before, behind = around
    return Pieces(
        (*before.texts, *behind.texts),
        (*before.holes, Listing(headers, (*steps.items(),)), *behind.holes),
    )


def writer(listing: Listing) -> Callable[[Sequence[TocEntry]], str]:
    """Return the function that lists one entry or more."""
    texts = dict(listing.steps)
    write_entry = [_entry_writer(header) for header in listing.headers]

    def write(entries: Sequence[TocEntry]) -> str:
        parts = []
        for place, step in enumerate(_steps(entries)):
            text = texts.get(step)
            if text is None:
                text = texts[step] = _extended(texts, step)
            parts.append(text)
            if step[1] is not None:
                parts.append(write_entry[step[1]](entries[place]))
        return "".join(parts)

    return write


def _take_apart(
    pieces: Pieces,
    toc: Sequence[TocEntry],
    first: int,
    headers: tuple[Header, Header],
    steps: dict[Step, str],
) -> tuple[int, int]:
    """Add the text of each step of one page to ``steps`` and return which of its holes are the list's."""
    taken = list(_steps(toc[first:]))
    # Of the first entry more may be written elsewhere, so where it is listed follows from the second.
    start = end = _first_hole(pieces, first + 1) - len(headers[bool(taken[0][1])].values)
    for entry, step in enumerate(taken, first):
        if end < 0 or steps.setdefault(step, pieces.texts[end]) != pieces.texts[end]:
            raise UnforeseenError
        if step[1] is not None:
            header = headers[step[1]]
            if _header(pieces, entry, end, len(header.values)) != header:
                raise UnforeseenError
            end += len(header.values)
    return start, end


def _around(pieces: Pieces, start: int, end: int) -> tuple[Pieces, Pieces]:
    """Return what comes before and behind the list, whose steps have the texts next to it."""
    before = Pieces((*pieces.texts[:start], ""), pieces.holes[:start])
    return before, Pieces(("", *pieces.texts[end + 1 :]), pieces.holes[end:])


def _header_of(pieces: Pieces, entry: int) -> Header:
    written = sum(isinstance(hole, Hole) and hole.entry == entry for hole in pieces.holes)
    return _header(pieces, entry, _first_hole(pieces, entry), written)


def _header(pieces: Pieces, entry: int, start: int, length: int) -> Header:
    values = tuple(
        (hole.field, hole.spelling)
        for hole in pieces.holes[start : start + length]
        if isinstance(hole, Hole) and hole.entry == entry
    )
    if len(values) != length:
        raise UnforeseenError
    return Header(values, pieces.texts[start + 1 : start + length])


def _first_hole(pieces: Pieces, entry: int) -> int:
    for place, hole in enumerate(pieces.holes):
        if isinstance(hole, Hole) and hole.entry == entry:
            return place
    raise UnforeseenError


def _steps(entries: Sequence[TocEntry]) -> Iterator[Step]:
    """Yield the step to each of the entries, nested as their levels say, and the one behind the last."""
    above: list[int] = []
    for place, entry in enumerate(entries):
        open_before = len(above)
        while above and above[-1] >= entry.level:
            above.pop()
        ended = open_before - len(above) - 1 if place else None
        above.append(entry.level)
        parent = place + 1 < len(entries) and entries[place + 1].level > entry.level
        yield ended, parent, len(above) == 1
    yield len(above) - 1, None, True


def _extended(texts: Mapping[Step, str], step: Step) -> str:
    """Return the text for a step where more lists end: each adds what the first one added."""
    ended, parent, outermost = step
    none, one = texts[0, parent, outermost], texts[1, parent, outermost]
    differ = (place for place, pair in enumerate(zip(none, one, strict=False)) if len({*pair}) > 1)
    start = next(differ, len(none))
    return none[:start] + one[start : start + len(one) - len(none)] * (ended or 0) + none[start:]


def _entry_writer(header: Header) -> Callable[[TocEntry], str]:
    values = [(field == "title", SPELLINGS[spelling]) for field, spelling in header.values]
    texts = ("", *header.texts)

    def write(entry: TocEntry) -> str:
        parts: list[str] = []
        for text, (titled, spelled) in zip(texts, values, strict=True):
            parts += (text, spelled(entry.title if titled else entry.anchor))
        return "".join(parts)

    return write
