"""What Seedbed adds to and beside the notes: headers, backlinks, tag pages, stubs, lists.

Turns articles and the index into pages. Everything here is plain HTML made at build time; nothing in a page grows
with the vault but what is about the whole vault.
"""

from __future__ import annotations

import html
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from seedbed import properties
from seedbed.article import NOT_WRITTEN, Article, TocEntry
from seedbed.dialect.fields import Field
from seedbed.index import Found, Index, Stub
from seedbed.note import Note
from seedbed.text import NotePath, PageUri, TagName, fold, relative_uri
from seedbed.uris import NOTES, TAGS, tag_uri

_LONGEST_TRAIL = 6
"""Breadcrumbs of a page; of a longer trail the middle is left out."""
MOST_HUBS = 8
"""Hubs named in the sidebar of every page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site, ready for the theme."""

    uri: PageUri
    title: str
    html: str = field(repr=False)
    toc: tuple[TocEntry, ...] = ()
    source: NotePath | None = None
    """The note it was made from."""
    description: str | None = None
    classes: tuple[str, ...] = ()
    searchable: bool = True


def note_page(note: Note, article: Article, index: Index) -> Page:
    """Return the page of ``note``: breadcrumbs, title, header, text, backlinks."""
    uri = index.uris[note.path]
    title = article.title or f"<h1>{html.escape(note.title)}</h1>\n"
    parts = (
        _breadcrumbs(note, index),
        title,
        _header(note, index),
        article.body,
        _backlinks(note, index),
    )
    return Page(
        uri=uri,
        title=note.title,
        html="".join(parts),
        toc=article.toc,
        source=note.path,
        description=properties.text(note.properties, "description"),
        classes=properties.texts(note.properties, "cssclasses", "cssclass"),
    )


def stub_page(stub: Stub, index: Index) -> Page:
    """Return the page that stands in for a note nobody wrote yet and lists who wants it."""
    wanted = _note_list(stub.wanted_by, stub.uri, index)
    name = html.escape(stub.name.rpartition("/")[2])
    text = f'<h1>{name}</h1>\n<p class="seedbed-stub">Nobody has written this note yet. It is wanted by:</p>\n{wanted}'
    return Page(stub.uri, stub.name.rpartition("/")[2], text, searchable=False)


def tag_pages(index: Index) -> Iterator[Page]:
    """Yield a page for each tag and one that lists all tags."""
    if not index.tagged:
        return
    for key, (tag, notes) in index.tagged.items():
        uri = tag_uri(tag)
        below = [name for other, (name, _) in index.tagged.items() if other.startswith(f"{key}/")]
        nested = _tag_list(below, uri, index) if below else ""
        text = f'<h1><span class="tag">#{html.escape(tag)}</span></h1>\n{nested}{_note_list(notes, uri, index)}'
        yield Page(uri, f"#{tag}", text, searchable=False)
    names = [tag for tag, _ in index.tagged.values()]
    yield Page(TAGS, "Tags", f"<h1>Tags</h1>\n{_tag_list(names, TAGS, index)}", searchable=False)


def all_notes_page(index: Index) -> Page:
    """Return the list of all notes by title, under their first letters."""
    notes = sorted(index.vault.notes.values(), key=lambda note: (fold(note.title), note.path))
    parts = ["<h1>All notes</h1>\n"]
    for initial, group in itertools.groupby(notes, key=lambda note: fold(note.title)[:1].upper()):
        parts.append(
            f"<h2>{html.escape(initial)}</h2>\n{_note_list((note.path for note in group), NOTES, index)}"
        )
    return Page(NOTES, "All notes", "".join(parts), searchable=False)


def home_page(index: Index, site_name: str) -> Page:
    """Return a front page for a vault that has none of its own: its hubs, its tags, the way to all notes."""
    uri = PageUri("")
    parts = [f"<h1>{html.escape(site_name)}</h1>\n"]
    top = hubs(index)
    if top:
        parts.append(f"<h2>Start here</h2>\n{_note_list(top, uri, index)}")
    if index.tagged:
        parts.append(
            f"<h2>Tags</h2>\n{_tag_list([tag for tag, _ in index.tagged.values()][:60], uri, index)}"
        )
    count = len(index.vault.notes)
    noun = "note" if count == 1 else "notes"
    parts.append(f'<p><a href="{relative_uri(NOTES, uri)}">All {count} {noun}</a></p>\n')
    return Page(uri, site_name, "".join(parts), searchable=False)


def hubs(index: Index) -> tuple[NotePath, ...]:
    """Return the notes that most others lie under, those tagged ``hub`` first; if none, the most linked."""
    below = Counter(above for path in index.vault.notes for above in index.trail(path))
    tagged = {path for path, note in index.vault.notes.items() if "hub" in map(fold, note.tags)}
    found = tagged | {path for path in below if index.upstream(path) is None}
    if not found:
        found = {path for path, linking in index.backlinks.items() if linking}
    weight = {path: (path in tagged, below[path], len(index.backlinks[path])) for path in found}
    ordered = sorted(found, key=lambda path: ([-int(part) for part in weight[path]], path))
    return tuple(ordered[:MOST_HUBS])


def manifest(index: Index) -> list[dict[str, object]]:
    """Return the vault as tools read it: one entry a note, with its address and its links both ways."""
    return [_manifest_entry(note, index) for note in index.vault.notes.values()]


def _manifest_entry(note: Note, index: Index) -> dict[str, object]:
    found = (target for _, target in index.links[note.path] if isinstance(target, Found))
    upstream = index.upstream(note.path)
    return {
        "path": note.path,
        "uri": index.uris[note.path],
        "title": note.title,
        "aliases": list(note.aliases),
        "tags": list(note.tags),
        "upstream": upstream,
        "links": list(dict.fromkeys(target.path for target in found if target.path != note.path)),
        "backlinks": list(index.backlinks[note.path]),
    }


def _breadcrumbs(note: Note, index: Index) -> str:
    trail = index.trail(note.path)
    if not trail:
        return ""
    links = [_link(path, index.uris[note.path], index) for path in trail]
    if len(links) > _LONGEST_TRAIL:
        links[1 : 2 - _LONGEST_TRAIL] = ["…"]
    items = "".join(f'<li class="md-path__item">{link}</li>' for link in links)
    return f'<nav class="md-path seedbed-path" aria-label="Upstream"><ol class="md-path__list">{items}</ol></nav>\n'


def _header(note: Note, index: Index) -> str:
    """Return the compact header: fields with their links, then tags."""
    uri = index.uris[note.path]
    fields = [_field(entry, note, index) for entry in note.header]
    in_fields = {fold(tag) for entry in note.header for tag in entry.tags}
    tags = [_tag(tag, uri) for tag in note.stated_tags if fold(tag) not in in_fields]
    parts = fields + ([f'<span class="seedbed-tags">{" ".join(tags)}</span>'] if tags else [])
    return f'<div class="seedbed-header">{" ".join(parts)}</div>\n' if parts else ""


def _field(entry: Field, note: Note, index: Index) -> str:
    shown = [_resolved(ref_index, entry, note, index) for ref_index in range(len(entry.refs))]
    shown += [_tag(TagName(tag), index.uris[note.path]) for tag in entry.tags]
    key = f'<span class="seedbed-key">{html.escape(entry.key)}</span>'
    return f'<span class="seedbed-field">{key} {", ".join(shown)}</span>'


def _resolved(position: int, entry: Field, note: Note, index: Index) -> str:
    ref = entry.refs[position]
    uri = index.uris[note.path]
    text = html.escape(ref.label or ref.target or note.title)
    found = index.resolve(ref, note.path)
    if isinstance(found, Found):
        return f'<a href="{html.escape(relative_uri(found.uri, uri, found.anchor))}">{text}</a>'
    stub = index.stub(found)
    if stub is None:
        return f'<span class="missing-link">{text}</span>'
    address = html.escape(relative_uri(stub.uri, uri))
    return f'<a class="missing-link" href="{address}" title="{NOT_WRITTEN}">{text}</a>'


def _backlinks(note: Note, index: Index) -> str:
    linking = index.backlinks[note.path]
    if not linking:
        return ""
    items = _note_list(linking, index.uris[note.path], index)
    return (
        '<aside class="seedbed-backlinks backlinks" aria-labelledby="seedbed-backlinks">\n'
        f'<h2 id="seedbed-backlinks">Linked from</h2>\n{items}</aside>\n'
    )


def _note_list(paths: Iterable[NotePath], uri: PageUri, index: Index) -> str:
    items = "".join(f"<li>{_link(path, uri, index)}</li>\n" for path in paths)
    return f'<ul class="seedbed-notes">\n{items}</ul>\n'


def _tag_list(tags: Iterable[TagName], uri: PageUri, index: Index) -> str:
    items = "".join(
        f"<li>{_tag(tag, uri)} <small>{len(index.tagged[fold(tag)][1])}</small></li>\n"
        for tag in tags
    )
    return f'<ul class="seedbed-taglist">\n{items}</ul>\n'


def _link(path: NotePath, uri: PageUri, index: Index) -> str:
    title = html.escape(index.vault.notes[path].title)
    return f'<a href="{html.escape(relative_uri(index.uris[path], uri))}">{title}</a>'


def _tag(tag: TagName, uri: PageUri) -> str:
    return f'<a class="tag" href="{relative_uri(tag_uri(tag), uri)}">#{html.escape(tag)}</a>'
