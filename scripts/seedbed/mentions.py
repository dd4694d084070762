"""Where notes speak of other notes without linking to them: unlinked mentions.

A mention is a title, alias or file name of another note that stands in a note's prose as whole words. What one note
mentions is known by the digest of its file and by the names there are, so a text is looked through again only if it
has changed or if a name has come, gone or become another's. Names are compared as everywhere: ``text.fold``.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from seedbed import compact
from seedbed.automaton import Automaton
from seedbed.dialect.comments import FILLER
from seedbed.listing import decode, digest_of
from seedbed.naming import Nameables, Place, places
from seedbed.prose import FORMULA, Prose, without_broken_formula
from seedbed.reading import Means
from seedbed.sentences import ends
from seedbed.store import Store
from seedbed.text import Lines, NotePath, fold
from seedbed.vault import Vault

_KIND = "mentions"
_CHUNK = 64
_FEW = 500
"""Notes that are looked through before a second process has started."""
_QUOTED = 140
"""Characters that are quoted on each side of a mention."""
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """What one note says of a name, where it says it first."""

    name: str
    """Folded."""
    times: int
    heading: int
    """Which of the note's headings it stands under; -1 above the first."""
    before: str
    """The sentence, up to the name."""
    words: str
    """The name as it is written there."""
    behind: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One note that mentions another."""

    source: NotePath
    times: int
    """By whichever names."""
    first: Passage
    """What it says first."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of names in one note."""

    digest: str
    """Of the note's file."""
    passages: tuple[Passage, ...] = ()
    others: tuple[str, ...] = ()
    """Names that mean no other note there: its own, and those of several."""

    def names(self) -> Iterator[str]:
        """Yield every name that stands in the note."""
        yield from (passage.name for passage in self.passages)
        yield from self.others


@dataclass(frozen=True, slots=True)
class Mentions:
    """All unlinked mentions in a vault."""

    names: Nameables
    heard: Mapping[NotePath, Heard]
    """What was heard in every note."""
    of: Mapping[NotePath, tuple[Mention, ...]]
    """Who mentions a note, in order of path."""

    def after(self, vault: Vault, edited: Iterable[NotePath]) -> Mentions:
        """Return the mentions in ``vault``, in which the texts of ``edited`` notes are new, and nothing else."""
        heard, of = {**self.heard}, {**self.of}
        touched: dict[NotePath, dict[NotePath, list[Passage]]] = defaultdict(dict)
        for path in edited:
            for target, _ in _said(path, self.heard[path], self.names):
                touched[target][path] = []
            note = vault.whole(path)
            heard[path] = _listener(self.names).listen(note.source, _brief(vault, path, self.names))
            for target, passage in _said(path, heard[path], self.names):
                touched[target].setdefault(path, []).append(passage)
        for target, sources in touched.items():
            others = (each for each in of.get(target, ()) if each.source not in sources)
            new = (_mention(path, said) for path, said in sources.items() if said)
            of[target] = _in_order((*others, *new))
        return Mentions(self.names, heard, of)

    def differing(self, last: Mentions) -> frozenset[NotePath]:
        """Return the notes of which ``last`` told otherwise."""
        of, before = self.of, last.of
        return frozenset(
            path
            for path in of.keys() | before.keys()
            if of.get(path, ()) is not before.get(path, ())
            and of.get(path, ()) != before.get(path, ())
        )


def _said(source: NotePath, heard: Heard, names: Nameables) -> Iterator[tuple[NotePath, Passage]]:
    """Yield the other notes that the note at ``source`` mentions, with what it says."""
    for passage in heard.passages:
        target = names.owners.get(passage.name)
        if target is not None and target != source:
            yield target, passage


def _mention(source: NotePath, said: list[Passage]) -> Mention:
    """Return all that one note says of another, by whichever names, as what it says first."""
    return Mention(source, sum(passage.times for passage in said), said[0])


def _in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda each: each.source))


def _mentions(names: Nameables, heard: Mapping[NotePath, Heard]) -> Mentions:
    found: dict[NotePath, dict[NotePath, list[Passage]]] = defaultdict(dict)
    for source, each in heard.items():
        for target, passage in _said(source, each, names):
            found[target].setdefault(source, []).append(passage)
    of = {
        target: _in_order(_mention(source, said) for source, said in sources.items())
        for target, sources in found.items()
    }
    return Mentions(names, heard, of)


@dataclass(frozen=True, slots=True)
class _Brief:
    """What it takes to listen to one note, beside its source."""

    prose: bytes
    digest: str
    own: frozenset[str]
    """Its own names."""
    headings: tuple[int, ...]
    """The lines of its headings."""


def _brief(vault: Vault, path: NotePath, names: Nameables) -> _Brief:
    note = vault.notes[path]
    lines = tuple(heading.line for heading in note.headings)
    return _Brief(note.prose, vault.digest(path), names.own[path], lines)


@dataclass(frozen=True, slots=True)
class Listener:
    """What it takes to look through any note."""

    automaton: Automaton
    shared: AbstractSet[str]
    """Names of several notes."""

    def listen(self, source: str, brief: _Brief) -> Heard:
        """Return what a note says."""
        if not brief.prose:
            return Heard(brief.digest)
        read = Prose(brief.prose)
        first: dict[str, Place] = {}
        times: dict[str, int] = defaultdict(int)
        for place in places(source, read, self.automaton):
            first.setdefault(place.name, place)
            times[place.name] += 1
        lines = Lines(source)
        passages: list[Passage] = []
        others: list[str] = []
        for name, place in first.items():
            if name in brief.own or name in self.shared:
                others.append(name)
            else:
                line, _ = lines.position(place.start)
                heading = bisect_right(brief.headings, line) - 1
                passages.append(_passage(place, times[name], source, read, heading))
        return Heard(brief.digest, tuple(passages), tuple(others))


def _listener(names: Nameables) -> Listener:
    return Listener(names.automaton, names.shared)


def _passage(place: Place, times: int, source: str, prose: Prose, heading: int) -> Passage:
    before, behind = prose.around(place.start, place.end, source)
    words = source[place.start : place.end]
    return Passage(place.name, times, heading, _end_of(before), words, _start_of(behind))


def _end_of(before: str) -> str:
    """Return what of the words ``before`` a mention belongs to its sentence, as far as it is not too long."""
    text = _BLANKS.sub(" ", before).lstrip()
    near = max(len(text) - 2 * _QUOTED, 0)  # a sentence that begins farther off is cut all the same
    sentence = text[max(_ends(text[near:]), default=-near) + near :]
    if len(sentence) <= _QUOTED:
        return sentence
    cut = sentence[-_QUOTED:]
    return f"… {without_broken_formula(cut.partition(' ')[2] or cut)}"


def _start_of(behind: str) -> str:
    """Return what of the words ``behind`` a mention belongs to its sentence, as far as it is not too long."""
    text = _BLANKS.sub(" ", behind).rstrip()
    sentence = text[: next(_ends(text), len(text))].rstrip()
    if len(sentence) <= _QUOTED:
        return sentence
    cut = sentence[:_QUOTED]
    return f"{without_broken_formula(cut.rpartition(' ')[0] or cut)} …"


def _ends(text: str) -> Iterator[int]:
    """Yield where sentences end: none inside a formula, and any before words that are code."""
    return ends(FORMULA.sub(lambda match: "X" * len(match[0]), text), before_any=True)


def find(vault: Vault, means: Means, last: Mentions | None = None) -> Mentions:
    """Return the mentions in ``vault``; ``last`` are those of the vault as it was before, else the store knows them."""
    names = Nameables(vault.notes)
    before = _before(names, last, means.store)
    heard: dict[NotePath, Heard] = {}
    stale: list[NotePath] = []
    for path in vault.notes:
        known = before.of(path, vault.digest(path)) if before else None
        if known is None:
            stale.append(path)
        else:
            heard[path] = known
    if before and before.new:
        automaton = Automaton(tuple(before.new))
        for path in tuple(heard):
            if automaton.finds_any(fold(decode(_content(vault, path))[0])):
                del heard[path]
                stale.append(path)
    tasks = _tasks(vault, names, stale)
    for found in means.workers.map(_listen, _listener(names), tasks, few=len(stale) < _FEW):
        heard.update(found)
    ordered = {path: heard[path] for path in vault.notes}
    if means.store and (stale or not before or before.gone):
        kept = compact.dumps((tuple(names.owners), names.shared, ordered))
        means.store.put(_KIND, [("", "", kept, b"")])
    return _mentions(names, ordered)


class _Before:
    """What was heard before, as far as it holds."""

    def __init__(
        self,
        names: Nameables,
        heard: Mapping[NotePath, Heard],
        known: AbstractSet[str],
        shared: AbstractSet[str],
    ) -> None:
        """Compare the names of today with those ``known`` then, of which several notes ``shared`` some."""
        self._heard = heard
        self.new = frozenset(names.owners.keys() - known)
        """Names that nobody has looked for."""
        self.gone = frozenset(known - names.owners.keys()) | (shared ^ names.shared)
        """Names that are none any more, or mean something else."""

    def of(self, path: NotePath, digest: str) -> Heard | None:
        """Return what was heard in the note at ``path`` if it still holds, but for new names."""
        heard = self._heard.get(path)
        if heard is None or heard.digest != digest:
            return None
        return None if self.gone and not self.gone.isdisjoint(heard.names()) else heard


def _before(names: Nameables, last: Mentions | None, store: Store | None) -> _Before | None:
    if last is not None:
        return _Before(names, last.heard, last.names.owners.keys(), last.names.shared)
    _, kept = store.small(_KIND).get("", ("", b"")) if store else ("", b"")
    if not kept:
        return None
    known, shared, heard = compact.loads(kept)
    return _Before(names, heard, frozenset(known), shared)


_Task = tuple[tuple[NotePath, bytes, _Brief], ...]
"""Of some notes: path, file, and the rest."""


def _listen(listener: Listener, task: _Task) -> list[tuple[NotePath, Heard]]:
    return [(path, listener.listen(source_of(content), brief)) for path, content, brief in task]


def source_of(content: bytes) -> str:
    """Return the source of the note in a file's ``content``."""
    return decode(content)[0].replace(FILLER, "\N{REPLACEMENT CHARACTER}")


def _tasks(vault: Vault, names: Nameables, paths: Iterable[NotePath]) -> Iterator[_Task]:
    remaining = iter(paths)
    while chunk := tuple(itertools.islice(remaining, _CHUNK)):
        yield tuple((path, _content(vault, path), _brief(vault, path, names)) for path in chunk)


def _content(vault: Vault, path: NotePath) -> bytes:
    """Return the file that the note at ``path`` was parsed from: as it is, unless it has changed since."""
    if not vault.notes[path].prose:
        return b""
    with contextlib.suppress(OSError):
        with open(f"{vault.root}{os.sep}{path}", "rb") as file:  # noqa: PTH123 -- a Path takes as long as the file
            content = file.read()
        if digest_of(content) == vault.digest(path):
            return content
    return vault.whole(path).source.encode()
