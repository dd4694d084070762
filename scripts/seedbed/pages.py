"""What Seedbed adds to and beside the notes: headers, backlinks, tag pages, stubs, lists.

Turns articles and the index into pages. Everything here is plain HTML made at build time; nothing in a page grows
with the vault but what is about the whole vault.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from seedbed import notefooter, properties
from seedbed.article import Article, TocEntry
from seedbed.backlinks import backlinks
from seedbed.dialect.wikilinks import parse_ref
from seedbed.index import Index
from seedbed.localgraph import local_graph
from seedbed.meanings import Found
from seedbed.mentionlist import mention_list
from seedbed.nearby import Nearby
from seedbed.note import Note
from seedbed.noteheader import breadcrumbs, header
from seedbed.overviews import Overview, dated_overviews, overviews
from seedbed.pagelinks import note_list, tag_list
from seedbed.search import NO_TRAITS, Traits
from seedbed.stubs import Stub
from seedbed.text import NotePath, PageUri, Span, fold, relative_uri
from seedbed.trails import HUB
from seedbed.uris import note_uri
from seedbed.vaultmap import Chart

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
    traits: Traits = NO_TRAITS
    """What else it is found by."""
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
    nearby = index.nearby(note.path)
    trail = breadcrumbs(note, index) or notefooter.folder_path(nearby, uri)
    about = header(note, index, with_properties=with_properties)
    before = f"{trail}{title}{about}"
    text = f"{before}{article.body}"
    own = Span(len(trail), len(trail) + len(title)), Span(len(before), len(text))
    return Page(
        uri=uri,
        title=note.title,
        html=f"{text}{_below(note.path, nearby, index)}",
        toc=article.toc,
        source=note.path,
        description=properties.text(note.properties, "description"),
        image=_image(note, index),
        classes=properties.texts(note.properties, "cssclasses", "cssclass"),
        traits=_traits(note, index),
        passages=own,
    )


def _below(path: NotePath, nearby: Nearby, index: Index) -> str:
    """Return what stands below the text of the note at ``path``: where to go on to, and who speaks of it."""
    uri = index.uri(path)
    around = (notefooter.below(nearby, uri), notefooter.related(nearby, uri))
    return f"{around[0]}{backlinks(path, index)}{mention_list(path, index)}{around[1]}{local_graph(path, index)}"


def _traits(note: Note, index: Index) -> Traits:
    above = index.trail(note.path)[-1:]
    upstream = index.title(above[0]) if above and above[0] else ""
    stage = index.stage(note.path)
    tags = dict.fromkeys((*note.tags, stage.tag) if stage else note.tags)
    return Traits(note.aliases, tuple(tags), upstream)


def board_page(path: NotePath, article: Article, index: Index) -> Page:
    """Return the page of the canvas or base at ``path``."""
    uri, title = index.uri(path), index.title(path)
    trail = notefooter.folder_path(index.nearby(path), uri)
    text = f"<h1>{html.escape(title)}</h1>\n{article.body}"
    return Page(
        uri=uri,
        title=title,
        html=f"{trail}{text}{backlinks(path, index)}",
        toc=article.toc,
        source=path,
        passages=(Span(len(trail), len(trail) + len(text)),),
    )


def further_pages(index: Index, name: str, chart: Callable[[], Chart]) -> Iterator[Page]:
    """Yield the pages that are about several notes, or about none; ``chart`` returns that of the vault's links."""
    for stub in index.stubs.values():
        if stub.uri not in index.own_pages:  # that of a folder, which says so itself
            yield stub_page(stub, index)
    yield from map(_overview_page, overviews(index, chart))
    home = home_page(index, name)
    if index.addresses.claim(home.uri, "the front page"):
        yield home


def dated_pages(index: Index) -> tuple[Page, ...]:
    """Return those of these pages that say when notes were edited, which no other edit leaves as they are."""
    return tuple(map(_overview_page, dated_overviews(index)))


def _overview_page(made: Overview) -> Page:
    return Page(made.uri, made.title, made.html, made.toc, searchable=False)


def stub_page(stub: Stub, index: Index) -> Page:
    """Return the page that stands in for a note nobody wrote yet and lists who wants it."""
    wanted = note_list(stub.wanted_by, stub.uri, index)
    name = html.escape(stub.name.rpartition("/")[2])
    text = f'<h1>{name}</h1>\n<p class="seedbed-stub">Nobody has written this note yet. It is wanted by:</p>\n{wanted}'
    return Page(stub.uri, stub.name.rpartition("/")[2], text, searchable=False)


def home_page(index: Index, site_name: str) -> Page:
    """Return a front page for a vault that has none of its own: its hubs, its tags, the way to all notes."""
    uri = PageUri("")
    row = notefooter.ways_row(index.around.ground.lists, uri)
    parts = [f"<h1>{html.escape(site_name)}</h1>\n{row}"]
    top = hubs(index)
    if top:
        parts.append(f"<h2>Start here</h2>\n{note_list(top, uri, index)}")
    if index.tagged:
        parts.append(
            f"<h2>Tags</h2>\n{tag_list([tag for tag, _ in index.tagged.values()][:60], uri, index)}"
        )
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
    tagged = {path for path, note in index.vault.notes.items() if HUB in map(fold, note.tags)}
    found = tagged | {path for path in below if index.upstream(path) is None}
    if not found:
        found = {path for path in index.vault.notes if index.backlinks[path]}
    weight = {
        path: (path in tagged, below.get(path, 0), len(index.backlinks[path])) for path in found
    }
    ordered = sorted(found, key=lambda path: ([-int(part) for part in weight[path]], path))
    return tuple(ordered[:MOST_HUBS])


def names(index: Index) -> list[list[str]]:
    """Return the address of each note, canvas and base, and all that it is called, its title first."""
    notes = index.vault.notes
    return [
        [quote(uri), index.title(path), *(notes[path].aliases if path in notes else ())]
        for path, uri in index.uris.items()
    ]


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
