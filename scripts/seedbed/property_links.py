"""The links in a note's properties and header lines, each at its place in the source.

Properties are values, not Markdown, but a wikilink in one is a link (OF-034), ``upstream`` and ``links`` name notes
with or without brackets, and ``image`` and ``cover`` name a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from seedbed import properties
from seedbed.dialect.fields import Field, Header, links
from seedbed.dialect.wikilinks import Ref, leaves_the_vault
from seedbed.properties import IMAGE_NAMES
from seedbed.text import Span

_NOTE_NAMES = frozenset({"upstream", "links"})
"""Properties whose text is the name of a note."""
_PROPERTY = re.compile(r"""^["']?(?P<name>[^\s"'#:][^:\n"']*)["']?[ \t]*:""", re.MULTILINE)
_NOWHERE = Span(0, 3)
"""Where a link counts as standing whose text is spelt otherwise in the source."""


def header_fields(source: str, block: properties.Block, header: Header | None) -> tuple[Field, ...]:
    """Return the header's fields, then ``upstream`` and ``links`` from the properties, which mean the same."""
    written = header.fields if header else ()
    keys = {entry.key.lower() for entry in written}
    from_properties = (
        Field(name, tuple(refs), ())
        for name, refs in _by_property(source, block)
        if name.lower() in _NOTE_NAMES - keys and refs
    )
    return (*written, *from_properties)


def property_refs(source: str, block: properties.Block, fields: tuple[Field, ...]) -> Iterator[Ref]:
    """Yield the links in all properties that are not among ``fields``."""
    shown = {entry.key for entry in fields}
    for name, refs in _by_property(source, block):
        if name not in shown:
            yield from refs


def _by_property(source: str, block: properties.Block) -> Iterator[tuple[str, list[Ref]]]:
    starts = {
        match["name"].strip(): match.end()
        for match in _PROPERTY.finditer(source, block.span.start, block.span.end)
    }
    for name, value in block.values.items():
        place = Span(starts.get(name, 0), block.span.end)
        yield name, list(_refs_in(source, place, name.lower(), value))


def _refs_in(source: str, place: Span, name: str, value: object) -> Iterator[Ref]:
    """Yield the links in the ``value`` of a property that is written somewhere in ``place``."""
    start = place.start
    for text in properties.strings(value):
        found = source.find(text, start, place.end)
        start = found + len(text) if found >= 0 else start
        refs = links(text, max(found, 0)) or _bare_ref(text.strip(), max(found, 0), name)
        yield from (ref if found >= 0 else replace(ref, span=_NOWHERE) for ref in refs)


def _bare_ref(text: str, start: int, name: str) -> tuple[Ref, ...]:
    """Return the link that ``text``, which has no brackets, is as a value of the property ``name``."""
    if (
        not text
        or text.startswith("#")
        or leaves_the_vault(text)
        or name not in {*_NOTE_NAMES, *IMAGE_NAMES}
    ):
        return ()
    span = Span(start, start + len(text))
    return (Ref(text, None, None, embed=name in IMAGE_NAMES, span=span),)
