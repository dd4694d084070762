"""What links here, as it stands below a note: each note, the sentences around its links, the headings over them."""

from __future__ import annotations

import html

from seedbed.index import Index
from seedbed.linkplaces import Place
from seedbed.pagelinks import note_link, note_list, place_link
from seedbed.text import NotePath, PageUri

MOST_NOTES = 100
"""Notes whose sentences are shown; of others only the titles are."""
MOST_PLACES = 4
"""Places in one note."""


def backlinks(path: NotePath, index: Index) -> str:
    """Return the list of notes that link to the note, canvas or base at ``path``; nothing if none does."""
    linking = index.linking(path)
    if not linking:
        return ""
    uri = index.uri(path)
    items = "".join(f"<li>{_entry(source, path, index)}</li>\n" for source in linking[:MOST_NOTES])
    rest = linking[MOST_NOTES:]
    more = f"<h3>And from</h3>\n{note_list(rest, uri, index)}" if rest else ""
    return (
        '<aside class="seedbed-backlinks backlinks" aria-labelledby="seedbed-backlinks">\n'
        '<h2 id="seedbed-backlinks">Linked from</h2>\n'
        f'<ul class="seedbed-linking">\n{items}</ul>\n{more}</aside>\n'
    )


def _entry(source: NotePath, path: NotePath, index: Index) -> str:
    """Return the link to one linking note, with the places of its links."""
    uri = index.uri(path)
    # Of a sentence with two such links the first is marked.
    found = {_without_marks(place): place for place in index.places(source, path)[::-1]}
    shown = (_place(place, index.uri(source), uri) for place in reversed(found.values()))
    distinct = list(dict.fromkeys(filter(None, shown)))
    items = [f"<li>{each}</li>" for each in distinct[:MOST_PLACES]]
    if len(distinct) > MOST_PLACES:
        items.append(f'<li class="seedbed-more">and {len(distinct) - MOST_PLACES} more</li>')
    places = f'\n<ul class="seedbed-places">{"".join(items)}</ul>' if items else ""
    return f"{note_link(source, uri, index)}{places}"


def _without_marks(place: Place) -> tuple[object, ...]:
    """Return what a reader sees of a place, but for which words are the link."""
    sentence = place.html.replace("<b>", "").replace("</b>", "")
    return place.heading, sentence, place.property, place.embed


def _place(place: Place, source: PageUri, uri: PageUri) -> str:
    """Return where a link stands, as a link to it, and its sentence; nothing if neither can be said."""
    if place.property:
        return f'<span class="seedbed-place">property <code>{html.escape(place.property)}</code></span>'
    if not place.html and not (place.heading and place.heading.plain):
        return ""
    link = place_link(source, place.heading, place.quote, uri)
    shown = f"{link} <span>{place.html}</span>" if place.html else link
    return f"{shown} <small>embedded</small>" if place.embed else shown
