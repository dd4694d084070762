"""Where links stand: for two notes, the places in the one that lead to the other.

Joins what every link means with what stands around it, which was read off when its note was. Separate from the index,
because only what is written below a note asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.meanings import Found, Resolution
from seedbed.note import Note
from seedbed.surroundings import NOTHING, unpacked
from seedbed.text import NotePath

Links = Mapping[NotePath, tuple[tuple[Ref, Resolution], ...]]
"""Every link of each file, and what it means."""

_MOST_KEPT = 64
"""Notes whose links are kept by what they lead to: many pages after one another ask of one hub."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one link of a note stands."""

    heading: Heading | None
    """The heading over it."""
    html: str
    """The sentence around it; empty if there is nothing but the link."""
    property: str
    """The property or header field that holds it; empty for a link in the text."""
    quote: str
    """The words by which a browser finds it, as a text directive; may be empty."""
    embed: bool


class LinkPlaces:
    """The places of all links of a vault."""

    def __init__(self, links: Links, notes: Mapping[NotePath, Note]) -> None:
        """Look among ``links`` of ``notes``."""
        self._links = links
        self._notes = notes
        self._leading: dict[NotePath, dict[str, list[Ref]]] = {}

    def of(self, source: NotePath, target: NotePath) -> tuple[Place, ...]:
        """Return where the note ``source`` links to ``target``, in its order; of a canvas nothing is known."""
        note = self._notes.get(source)
        refs = self.refs(source, target) if note else ()
        if note is None or not refs:
            return ()
        around = unpacked(note.surroundings)
        found = ((ref, around.get(ref.span.start, NOTHING)) for ref in refs)
        return tuple(
            Place(
                note.headings[each.heading] if each.heading >= 0 else None,
                each.html,
                each.property,
                each.quote,
                ref.embed,
            )
            for ref, each in found
        )

    def refs(self, source: NotePath, target: NotePath) -> tuple[Ref, ...]:
        """Return the links of the note ``source`` that mean ``target``."""
        if source not in self._leading:
            if len(self._leading) >= _MOST_KEPT:
                del self._leading[next(iter(self._leading))]
            leading: dict[str, list[Ref]] = defaultdict(list)
            for ref, found in self._links[source]:
                if isinstance(found, Found):
                    leading[found.path].append(ref)
            self._leading[source] = leading
        return tuple(self._leading[source].get(target, ()))
