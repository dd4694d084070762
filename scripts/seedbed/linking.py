"""From unlinked mentions to links: where they stand, how each is written as a link, and the files changed.

A file is changed only while it is as it was read, in one step, and only by the brackets, the target and the bar: its
line ends, byte-order mark and permissions stay. Whatever would become anything but one new link is left alone.
"""

from __future__ import annotations

import itertools
import os
import posixpath
import re
import shutil
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from seedbed.dialect.wikilinks import Ref, parse_ref
from seedbed.index import Index
from seedbed.listing import digest_of
from seedbed.meanings import Found
from seedbed.mentions import Mentions
from seedbed.naming import Place, places
from seedbed.note import Note, name_of, read_note
from seedbed.prose import Prose
from seedbed.text import Lines, NotePath, Span


class NotLinkedError(Exception):
    """A file could not be changed; one line says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One mention, and the link it can be."""

    path: NotePath
    """The note it stands in."""
    line: int
    column: int
    span: Span
    link: str
    text: str
    """The line it stands in."""

    @property
    def words(self) -> str:
        """The mention as it is written."""
        return self.text[self.column - 1 : self.column - 1 + self.span.end - self.span.start]


def offers(target: NotePath, index: Index, mentions: Mentions) -> list[Offer]:
    """Return every mention of the note at ``target`` that can be a link to it, in order of path and place."""
    found: list[Offer] = []
    for said in mentions.of.get(target, ()):
        note = index.vault.whole(said.source)
        standing = places(note.source, Prose(note.prose), mentions.names.automaton)
        own = [each for each in standing if mentions.names.owners[each.name] == target]
        written = shortest_name(target, said.source, index)
        if own and written is not None:
            found.extend(_sound(_offers(note, own, written), note, target, index))
    return found


def firsts(found: Iterable[Offer], target: NotePath, index: Index) -> list[Offer]:
    """Return the first of ``found`` in each note that does not link to ``target`` yet."""
    linking = index.backlinks[target]
    first: dict[NotePath, Offer] = {}
    for offer in found:
        if offer.path not in linking:
            first.setdefault(offer.path, offer)
    return list(first.values())


def shortest_name(target: NotePath, source: NotePath, index: Index) -> str | None:
    """Return what a link in the note ``source`` calls the one at ``target``, in the form that the vault wants."""
    for written in _names(target, source, index):
        ref = parse_ref(written, Span(0, 0), embed=False)
        if ref is None or ref.fragment is not None or ref.label is not None:
            continue
        found = index.resolve(ref, source)
        if isinstance(found, Found) and found.path == target and not found.rivals:
            return written
    return None


def _names(target: NotePath, source: NotePath, index: Index) -> Iterator[str]:
    whole = target.rpartition(".")[0]
    form = index.vault.settings.link_format
    if form == "relative":
        beside = posixpath.relpath(whole, posixpath.dirname(source) or ".")
        yield from (beside, f"./{beside}")
    elif form == "shortest":
        yield name_of(target)
        steps = whole.split("/")
        yield from ("/".join(steps[-length:]) for length in range(2, len(steps)))
    yield from (whole, f"/{whole}")
    note = index.vault.notes[target]
    yield from note.aliases


def _offers(note: Note, places_in: Iterable[Place], written: str) -> list[Offer]:
    """Return what the names at ``places_in`` a note can become, the note they mean being ``written`` so."""
    source, lines = note.source, Lines(note.source)
    in_tables = _lines_in_tables(note)
    texts: dict[int, str] = {}  # one for all names of a line, however many and long
    found = []
    for place in places_in:
        line, column = lines.position(place.start)
        if line not in texts:
            end = source.find("\n", place.end)
            texts[line] = source[lines.start(line - 1) : end if end >= 0 else len(source)]
        words = source[place.start : place.end]
        bar = r"\|" if line in in_tables else "|"
        link = f"[[{words}]]" if words == written else f"[[{written}{bar}{words}]]"
        span = Span(place.start, place.end)
        found.append(Offer(note.path, line, column, span, link, texts[line]))
    return found


def _lines_in_tables(note: Note) -> frozenset[int]:
    tables = (token.map for token in note.tokens if token.type == "table_open" and token.map)
    return frozenset(line for first, last in tables for line in range(first + 1, last + 1))


def _sound(wanted: Sequence[Offer], note: Note, target: NotePath, index: Index) -> Iterator[Offer]:
    """Yield those of ``wanted`` that become one new link each, and change no other."""
    if _becomes(wanted, note, target, index):
        yield from wanted
    elif len(wanted) > 1:
        half = len(wanted) // 2
        yield from _sound(wanted[:half], note, target, index)
        yield from _sound(wanted[half:], note, target, index)


def _becomes(wanted: Sequence[Offer], note: Note, target: NotePath, index: Index) -> bool:
    """Whether ``note`` has the links it has and those ``wanted``, once they are written."""
    after = read_note(note.path, linked(note.source, wanted))
    shift = _Shift(wanted)
    moved = frozenset(shift.moved(each.span) for each in wanted)
    before = [(shift.moved(ref.span), *_meant(ref)) for ref in note.refs]
    now = [(ref.span, *_meant(ref)) for ref in after.refs if ref.span not in moved]
    new = [ref for ref in after.refs if ref.span in moved]
    found = [index.resolve(ref, note.path) for ref in new]
    return (
        now == before
        and len(new) == len(wanted)
        and all(isinstance(each, Found) and each.path == target for each in found)
    )


def _meant(ref: Ref) -> tuple[object, ...]:
    return ref.target, ref.fragment, ref.label, ref.embed


class _Shift:
    """How far what stands in a note moves once all ``wanted`` links are written, which are in their order."""

    def __init__(self, wanted: Sequence[Offer]) -> None:
        self._starts = [each.span.start for each in wanted]
        self._ends = [each.span.end for each in wanted]
        longer = (len(each.link) - len(each.words) for each in wanted)
        self._more = list(itertools.accumulate(longer, initial=0))

    def moved(self, span: Span) -> Span:
        """Return where ``span`` is then."""
        return Span(
            span.start + self._more[bisect_left(self._starts, span.start)],
            span.end + self._more[bisect_right(self._ends, span.end)],
        )


def linked(source: str, wanted: Sequence[Offer]) -> str:
    """Return ``source`` with the ``wanted`` links, which stand in it in this order."""
    parts: list[str] = []
    last = 0
    for each in wanted:
        parts += source[last : each.span.start], each.link
        last = each.span.end
    return "".join((*parts, source[last:]))


def write(file: Path, digest: str, wanted: Sequence[Offer]) -> None:
    """Write the ``wanted`` links into ``file``, whose content was named ``digest``. Raises NotLinkedError."""
    real = Path(os.path.realpath(file))
    try:
        content = real.read_bytes()
        if digest_of(content) != digest:
            raise NotLinkedError(f'"{file}" has changed since it was read')
        text = content.decode("utf-8")
        _replace(real, linked(text, _in_file(text, wanted)).encode(), content)
    except UnicodeDecodeError as error:
        raise NotLinkedError(f'"{file}" is not UTF-8') from error
    except OSError as error:
        raise NotLinkedError(f'{error.strerror or error}: "{file}"') from error


def _in_file(text: str, wanted: Sequence[Offer]) -> list[Offer]:
    r"""Return ``wanted`` with their places in ``text``, which may have a byte-order mark and line ends ``\\r\\n``."""
    mark = len(text) - len(text.removeprefix("\ufeff"))
    ends = [match.start() - mark - number for number, match in enumerate(re.finditer("\r\n", text))]
    moved = []
    for each in wanted:
        start, end = (
            place + mark + bisect_left(ends, place) for place in (each.span.start, each.span.end)
        )
        if text[start:end] != each.words:
            raise NotLinkedError(f'"{each.path}" is not as it was read')
        moved.append(
            Offer(each.path, each.line, each.column, Span(start, end), each.link, each.text)
        )
    return moved


def _replace(file: Path, content: bytes, before: bytes) -> None:
    """Put ``content`` in the place of ``file``, all at once, if it still holds what it did ``before``."""
    # Its name begins with a dot, so that neither Obsidian nor we take it for a note.
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", dir=file.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        shutil.copymode(file, new)
        if file.read_bytes() != before:
            raise NotLinkedError(f'"{file}" has changed since it was read')
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
