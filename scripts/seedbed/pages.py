"""What Seedbed adds to and beside the notes: headers, backlinks, tag pages, stubs, lists.

Turns articles and the index into pages. Everything here is plain HTML made at build time; nothing in a page grows
with the vault but what is about the whole vault.
"""

from __future__ import annotations

import html
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from seedbed import properties
from seedbed.article import Article, TocEntry
from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Index, Stub
from seedbed.meanings import Found
from seedbed.note import Note
from seedbed.noteheader import breadcrumbs, header
from seedbed.pagelinks import note_list, tag_list
from seedbed.text import NotePath, PageUri, Span, TagName, fold, relative_uri
from seedbed.uris import NOTES, TAGS, note_uri, tag_uri

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
    image: str | None = None
    """Address of the image that a shared link to it shows: a whole one, or one inside the site."""
    classes: tuple[str, ...] = ()
    searchable: bool = True
    passages: tuple[Span, ...] = ()
    """Where in ``html`` stands what is its own and shall be found; empty if all of it is."""

    @property
    def own_html(self) -> str:
        """What a search shall find: the page without what Seedbed says of its surroundings."""
        if not self.passages:
            return self.html
        return "".join(self.html[passage.start : passage.end] for passage in self.passages)


def note_page(note: Note, article: Article, index: Index, *, with_properties: bool = False) -> Page:
    """Return the page of ``note``: breadcrumbs, title, header, text, backlinks.

    ``with_properties`` shows the properties of notes that do not say whether theirs are to be shown.
    """
    uri = index.uri(note.path)
    title = article.title or f"<h1>{html.escape(note.title)}</h1>\n"
    trail = breadcrumbs(note, index)
    about = header(note, index, with_properties=with_properties)
    before = f"{trail}{title}{about}"
    text = f"{before}{article.body}"
    own = Span(len(trail), len(trail) + len(title)), Span(len(before), len(text))
    return Page(
        uri=uri,
        title=note.title,
        html=f"{text}{_backlinks(note.path, index)}",
        toc=article.toc,
        source=note.path,
        description=properties.text(note.properties, "description"),
        image=_image(note, index),
        classes=properties.texts(note.properties, "cssclasses", "cssclass"),
        passages=own,
    )


def board_page(path: NotePath, article: Article, index: Index) -> Page:
    """Return the page of the canvas or base at ``path``."""
    title = index.title(path)
    text = f"<h1>{html.escape(title)}</h1>\n{article.body}"
    return Page(
        uri=index.uri(path),
        title=title,
        html=f"{text}{_backlinks(path, index)}",
        toc=article.toc,
        source=path,
        passages=(Span(0, len(text)),),
    )


def further_pages(index: Index, name: str) -> Iterator[Page]:
    """Yield the pages that are about several notes, or about none."""
    for stub in index.stubs.values():
        yield stub_page(stub, index)
    for page in (*tag_pages(index), all_notes_page(index)):
        if page.uri in index.own_pages:
            yield page
    home = home_page(index, name)
    if index.addresses.claim(home.uri, "the front page"):
        yield home


def stub_page(stub: Stub, index: Index) -> Page:
    """Return the page that stands in for a note nobody wrote yet and lists who wants it."""
    wanted = note_list(stub.wanted_by, stub.uri, index)
    name = html.escape(stub.name.rpartition("/")[2])
    text = f'<h1>{name}</h1>\n<p class="seedbed-stub">Nobody has written this note yet. It is wanted by:</p>\n{wanted}'
    return Page(stub.uri, stub.name.rpartition("/")[2], text, searchable=False)


def tag_pages(index: Index) -> Iterator[Page]:
    """Yield a page for each tag and one that lists all tags."""
    if not index.tagged:
        return
    below: dict[str, list[TagName]] = defaultdict(list)
    for key, (tag, _) in index.tagged.items():
        for length in range(1, key.count("/") + 1):
            below["/".join(key.split("/")[:length])].append(tag)
    for key, (tag, notes) in index.tagged.items():
        uri = tag_uri(tag)
        nested = tag_list(below[key], uri, index) if key in below else ""
        text = f'<h1><span class="tag">#{html.escape(tag)}</span></h1>\n{nested}{note_list(notes, uri, index)}'
        yield Page(uri, f"#{tag}", text, searchable=False)
    names = [tag for tag, _ in index.tagged.values()]
    yield Page(TAGS, "Tags", f"<h1>Tags</h1>\n{tag_list(names, TAGS, index)}", searchable=False)


def all_notes_page(index: Index) -> Page:
    """Return the list of all notes by title, under their first letters."""
    notes = sorted(index.vault.notes.values(), key=lambda note: (fold(note.title), note.path))
    parts = ["<h1>All notes</h1>\n"]
    for initial, group in itertools.groupby(notes, key=lambda note: fold(note.title)[:1].upper()):
        parts.append(
            f"<h2>{html.escape(initial)}</h2>\n{note_list((note.path for note in group), NOTES, index)}"
        )
    for name, boards in (("Canvases", index.vault.canvases), ("Bases", index.vault.bases)):
        if boards:
            parts.append(f"<h2>{name}</h2>\n{note_list(boards, NOTES, index)}")
    return Page(NOTES, "All notes", "".join(parts), searchable=False)


def home_page(index: Index, site_name: str) -> Page:
    """Return a front page for a vault that has none of its own: its hubs, its tags, the way to all notes."""
    uri = PageUri("")
    parts = [f"<h1>{html.escape(site_name)}</h1>\n"]
    top = hubs(index)
    if top:
        parts.append(f"<h2>Start here</h2>\n{note_list(top, uri, index)}")
    if index.tagged:
        parts.append(
            f"<h2>Tags</h2>\n{tag_list([tag for tag, _ in index.tagged.values()][:60], uri, index)}"
        )
    count = len(index.vault.notes)
    noun = "note" if count == 1 else "notes"
    parts.append(f'<p><a href="{relative_uri(NOTES, uri)}">All {count} {noun}</a></p>\n')
    return Page(uri, site_name, "".join(parts), searchable=False)


def redirects(index: Index) -> Iterator[tuple[PageUri, PageUri]]:
    """Yield the addresses that notes had and where they are now.

    A note with a permalink had the one of its path; an alias that is a path tells of another (OF-027, OF-030).
    """
    for path, note in index.vault.notes.items():
        former = [
            NotePath(alias) for alias in note.aliases if "/" in alias or alias.endswith(".md")
        ]
        if properties.text(note.properties, "permalink"):
            former.append(path)
        for each in former:
            uri = note_uri(NotePath(each.removesuffix(".md") + ".md"), None)
            if uri != index.uris[path]:
                yield uri, index.uris[path]


def redirect_file(uri: PageUri, target: PageUri) -> bytes:
    """Return the file that leads a browser from ``uri`` to ``target``."""
    address = html.escape(relative_uri(target, uri))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Moved</title>\n'
        f'<link rel="canonical" href="{address}">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n</head>\n'
        f'<body>\n<p>This page has moved: <a href="{address}">{address}</a></p>\n</body>\n</html>\n'
    ).encode()


def hubs(index: Index) -> tuple[NotePath, ...]:
    """Return the notes that most others lie under, those tagged ``hub`` first; if none, the most linked."""
    below = index.trails.below
    tagged = {path for path, note in index.vault.notes.items() if "hub" in map(fold, note.tags)}
    found = tagged | {path for path in below if index.upstream(path) is None}
    if not found:
        found = {path for path in index.vault.notes if index.backlinks[path]}
    weight = {
        path: (path in tagged, below.get(path, 0), len(index.backlinks[path])) for path in found
    }
    ordered = sorted(found, key=lambda path: ([-int(part) for part in weight[path]], path))
    return tuple(ordered[:MOST_HUBS])


def manifest(index: Index) -> list[dict[str, object]]:
    """Return the vault as tools read it: one entry a note, canvas or base, with its address and its links both ways."""
    return [_manifest_entry(path, index) for path in index.uris]


def _manifest_entry(path: NotePath, index: Index) -> dict[str, object]:
    """Return what tools may know of one file; what only notes have is empty for a canvas or base."""
    note = index.vault.notes.get(path)
    found = (target for _, target in index.links.get(path, ()) if isinstance(target, Found))
    return {
        "path": path,
        "kind": index.kind(path),
        "uri": index.uris[path],
        "title": index.title(path),
        "aliases": list(note.aliases) if note else [],
        "tags": list(note.tags) if note else [],
        "fields": [list(field) for field in note.inline_fields] if note else [],
        "upstream": index.upstream(path) if note else None,
        "links": list(dict.fromkeys(target.path for target in found if target.path != path)),
        "backlinks": list(index.backlinks[path]),
    }


def _image(note: Note, index: Index) -> str | None:
    named = properties.image(note.properties)
    if named is None or named.startswith(("https://", "http://")):
        return named
    ref = parse_ref(named, Span(0, 0), embed=True)
    found = index.resolve(ref, note.path) if ref else None
    return quote(found.uri) if isinstance(found, Found) and found.kind == "file" else None


def _backlinks(path: NotePath, index: Index) -> str:
    linking = index.linking(path)
    if not linking:
        return ""
    items = note_list(linking, index.uri(path), index)
    return (
        '<aside class="seedbed-backlinks backlinks" aria-labelledby="seedbed-backlinks">\n'
        f'<h2 id="seedbed-backlinks">Linked from</h2>\n{items}</aside>\n'
    )
