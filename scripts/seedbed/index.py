"""What every link means, and what follows from that.

``Index(vault)`` gives each note its address and resolves each link of the vault once, by its ``names``, before any
page is rendered. Links, backlinks, stubs and the diagnostics of links come from that one
table, so that no part can disagree with another. Rules OF-080 to OF-103.
"""

from __future__ import annotations

import copy
import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from seedbed.addresses import Addresses, give_all, reserve_site
from seedbed.bases import Base, View
from seedbed.canvas import Canvas
from seedbed.dates import Dates
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.likeness import Likeness
from seedbed.linkplaces import LinkPlaces, Place
from seedbed.maturity import Stage, stage_of
from seedbed.meanings import Found, Kind, Missing, Resolution, find_part, find_view, problem
from seedbed.mentions import Mention
from seedbed.names import Names
from seedbed.nearby import Nearby, Neighbourhood, ground_of
from seedbed.neighbourhood import Neighbours
from seedbed.note import Block, Note, name_of
from seedbed.stubs import Stub, stub_key, stubs_of
from seedbed.text import Lines, NotePath, PageUri, TagName, fold
from seedbed.trails import Trails
from seedbed.vault import Vault


class Index:
    """The meaning of every link in one vault."""

    def __init__(
        self,
        vault: Vault,
        *,
        reserved: Iterable[PageUri] = (),
        further: Mapping[NotePath, tuple[Ref, ...]] | None = None,
        last: Index | None = None,
        mentions: Mapping[NotePath, tuple[Mention, ...]] | None = None,
    ) -> None:
        """Index ``vault``.

        ``reserved`` addresses belong to pages and files that do not come from the vault; ``further`` links stand in
        a note's figure captions, which only the figures can read; ``last`` is the index of the vault as it was before,
        whose names are kept if no note or file was added, moved, taken away or renamed; ``mentions`` tell who mentions
        a note.
        """
        self._mentions = mentions or {}
        self.vault = vault
        self.names: Names = last.names if last and last.names.are_of(vault) else Names(vault)
        self._known: dict[tuple[str, str | None], Found] = {}
        self._unknown: dict[str, Missing] = {}
        written = {path: note.refs for path, note in vault.notes.items()}
        written |= {path: canvas.refs for path, canvas in vault.canvases.items()}
        for path, refs in (further or {}).items():
            written[path] += refs
        self.stages = _stages(vault)
        """How ripe notes are that say so."""
        self.tagged = self._tagged()
        self.addresses = Addresses()
        reserve_site(self.addresses, reserved)
        tags = (tag for tag, _ in self.tagged.values())
        given = give_all(self.addresses, vault, self._linked_attachments(written), tags)
        self._given = given
        self.uris = given.documents
        self.files = given.files
        """Address of every attachment."""
        self.own_pages = given.own
        """Addresses of the pages of tags and lists, but those that a hand-written page has."""
        self.folders = given.folders
        self.lists = given.lists
        """Where the lists of the site are, by where they are wanted."""
        self._of_names = (*given.diagnostics, *self.names.diagnostics())
        self.links: dict[NotePath, tuple[tuple[Ref, Resolution], ...]] = {}
        self._of_links: dict[NotePath, tuple[Diagnostic, ...]] = {}
        for path, refs in written.items():
            self._link(path, refs)
        self.link_places = LinkPlaces(self.links, vault.notes)
        self.backlinks = self._backlinks()
        self._upstream = self._upstreams()
        self.trails = Trails(self._upstream)
        self.stubs = stubs_of(self.links, self.addresses, self.folders)
        self.moved: frozenset[NotePath] = frozenset()
        """Notes that are near to others than in the index that this one came after."""

    def after(
        self,
        edited: Iterable[NotePath],
        vault: Vault,
        mentions: Mapping[NotePath, tuple[Mention, ...]] | None = None,
    ) -> Index:
        """Return the index of ``vault``, in which the texts of ``edited`` notes are new, and nothing else."""
        after = copy.copy(self)
        after._mentions = mentions or {}  # noqa: SLF001 -- an index as well
        after._take(edited, vault)  # noqa: SLF001 -- an index as well
        wordings = {path: vault.notes[path].wording for path in edited}
        after.around, after.moved = self.around.after(wordings)
        return after

    def _take(self, edited: Iterable[NotePath], vault: Vault) -> None:
        self.vault = vault
        self._known = {}
        self.links, self._of_links = {**self.links}, {**self._of_links}
        for path in edited:
            self._link(path, vault.notes[path].refs)
            for other in self.backlinks[path]:
                self._link(other, [ref for ref, _ in self.links[other]])
        self.link_places = LinkPlaces(self.links, vault.notes)

    def _link(self, path: NotePath, refs: Iterable[Ref]) -> None:
        self.links[path] = tuple([(ref, self.resolve(ref, path)) for ref in refs])
        self._of_links[path] = self._reported(path)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong with names, addresses and links."""
        return list(itertools.chain(self._of_names, *self._of_links.values()))

    def resolve(self, ref: Ref, source: NotePath | None) -> Resolution:
        """Return what ``ref``, written in the note ``source`` (None: outside the vault), means."""
        if ref.target:
            match = self.names.find(ref, source)
            if match is None:
                return self._missing(ref)
            if match.rivals:
                return self._found(match.path, ref.fragment, match.rivals)
            path = match.path
        elif source is None:
            return Missing("", (), private=False)
        else:
            path = source
        key = (path, ref.fragment)
        known = self._known.get(key)
        if known is None:
            self._known[key] = known = self._found(*key)
        return known

    def _missing(self, ref: Ref) -> Missing:
        whole = ref.target + ref.query
        name = whole if whole.lower().endswith(".md") else ref.target
        if name not in self._unknown:
            nearest, private = self.names.nearest(name), self.names.is_private(name)
            self._unknown[name] = Missing(name, nearest, private)
        return self._unknown[name]

    def _found(self, path: str, fragment: str | None, rivals: tuple[str, ...] = ()) -> Found:
        uri = self.uris.get(NotePath(path))
        if uri is None:
            uri = self.files.get(path, PageUri(path))
        kind = self.kind(path)
        if fragment is None or kind in {"canvas", "file"}:
            return Found(path, uri, kind, rivals=rivals)
        part: Heading | Block | View | None
        if kind == "note":
            part = find_part(self.vault.notes[NotePath(path)], fragment)
        else:
            part = find_view(self.vault.bases[NotePath(path)], fragment)
        return Found(path, uri, kind, part, lost_fragment=part is None, rivals=rivals)

    def kind(self, path: str) -> Kind:
        """Return what the file at ``path`` is."""
        if path in self.vault.notes:
            return "note"
        if path in self.vault.canvases:
            return "canvas"
        return "base" if path in self.vault.bases else "file"

    def title(self, path: NotePath) -> str:
        """Return the title of the page at ``path``: a note's, or the name of a canvas or base."""
        note = self.vault.notes.get(path)
        return name_of(path) if note is None else note.title

    # What is written about one page asks by these methods alone, so that ``Witness`` can tell what it was made from.

    @property
    def strict_line_breaks(self) -> bool:
        """Whether a single line end in a note is no line break."""
        return self.vault.settings.strict_line_breaks

    def uri(self, path: NotePath) -> PageUri:
        """Return the address of the page of the note, canvas or base at ``path``."""
        return self.uris[path]

    def document(self, path: NotePath) -> Note | Canvas | Base:
        """Return the note at ``path``, with its text, or the canvas or base there."""
        if path in self.vault.notes:
            return self.vault.whole(path)
        return self.vault.canvases.get(path) or self.vault.bases[path]

    def dates(self, path: NotePath) -> Dates:
        """Return when the note, canvas or base at ``path`` was created and last updated; they change with its text."""
        return self.vault.dates(path)

    def stage(self, path: NotePath) -> Stage | None:
        """Return how ripe the note at ``path`` is, if it says so."""
        return self.stages.get(path)

    def linking(self, path: NotePath) -> tuple[NotePath, ...]:
        """Return whatever links to the note, canvas or base at ``path``."""
        return self.backlinks[path]

    def mentions(self, path: NotePath) -> tuple[tuple[Mention, Heading | None], ...]:
        """Return what other notes say of the note at ``path`` that link to it nowhere, and under which heading."""
        linking = frozenset(self.backlinks.get(path, ()))
        said = (each for each in self._mentions.get(path, ()) if each.source not in linking)
        return tuple((each, self._heading(each)) for each in said)

    def _heading(self, said: Mention) -> Heading | None:
        headings = self.vault.notes[said.source].headings
        return headings[said.first.heading] if said.first.heading >= 0 else None

    def places(self, source: NotePath, target: NotePath) -> tuple[Place, ...]:
        """Return where the note ``source`` links to ``target``."""
        return self.link_places.of(source, target)

    def nearby(self, path: NotePath) -> Nearby:
        """Return where readers of the page of ``path`` may go on to, beside the links of its text."""
        return self.around.of(path)

    @functools.cached_property
    def around(self) -> Neighbourhood:
        """What every page is near to; of edits that change only texts those that make notes like others change it."""
        links, backlinks = self.links, self.backlinks
        ground = ground_of(self.vault, self._given, self._upstream, links, backlinks)
        said = {path: note.wording for path, note in self.vault.notes.items()}
        return Neighbourhood(ground, Likeness(said))

    def neighbours(self, path: NotePath) -> Neighbours:
        """Return what links join to the note at ``path``, as far as its picture shows it."""
        return self.around.joined(path)

    def everything(self) -> Index:
        """Return the index, for what is written about all of the vault."""
        return self

    def moment(self, now: datetime) -> datetime:
        """Return ``now``, for what is written about the time of the build."""
        return now

    def problem(self, ref: Ref, found: Resolution) -> tuple[Code, str] | None:
        """Return what is wrong with a link that means ``found``, as a code and a sentence."""
        return problem(ref, found, self.vault)

    def upstream(self, path: NotePath) -> NotePath | None:
        """Return the note that the note at ``path`` belongs under."""
        return self._upstream.get(path)

    def trail(self, path: NotePath) -> tuple[NotePath | None, ...]:
        """Return the notes above ``path``, topmost first; None stands for the middle of a trail that is long."""
        return self.trails.trail(path)

    def used_attachments(self) -> tuple[str, ...]:
        """Return the attachments that published notes link or embed, in order of path."""
        used = {
            found.path
            for links in self.links.values()
            for _, found in links
            if isinstance(found, Found)
        }
        return tuple(path for path in self.vault.attachments if path in used)

    def _linked_attachments(self, written: Mapping[NotePath, tuple[Ref, ...]]) -> tuple[str, ...]:
        """Return the attachments that ``written`` links mean, in order of path."""
        if not self.vault.attachments:
            return ()
        find = self.names.find
        matches = (find(ref, path) for path, refs in written.items() for ref in refs if ref.target)
        linked = {match.path for match in matches if match is not None}
        return tuple(path for path in self.vault.attachments if path in linked)

    def _upstreams(self) -> dict[NotePath, NotePath]:
        above: dict[NotePath, NotePath] = {}
        for path, note in self.vault.notes.items():
            ref = note.upstream
            found = self.resolve(ref, path) if ref else None
            if isinstance(found, Found) and found.is_note and found.path != path:
                above[path] = NotePath(found.path)
        return above

    def _backlinks(self) -> dict[NotePath, tuple[NotePath, ...]]:
        sources: dict[NotePath, dict[NotePath, None]] = {path: {} for path in self.uris}
        for path, links in self.links.items():
            for _, found in links:
                if isinstance(found, Found) and found.kind != "file" and found.path != path:
                    sources[NotePath(found.path)][path] = None
        return {path: tuple(linking) for path, linking in sources.items()}

    def stub(self, missing: Missing) -> Stub | None:
        """Return the page that stands in for ``missing``, if it has one."""
        return None if missing.private else self.stubs.get(stub_key(missing.name))

    def _tagged(self) -> dict[str, tuple[TagName, tuple[NotePath, ...]]]:
        """Return, by folded tag, its first spelling and where it stands; a nested tag counts for its parents too."""
        spelling: dict[str, TagName] = {}
        notes: dict[str, dict[NotePath, None]] = defaultdict(dict)
        tags = [(path, note.tags) for path, note in self.vault.notes.items()]
        tags.extend((path, (stage.tag,)) for path, stage in self.stages.items())
        for path, canvas in self.vault.canvases.items():
            tags.extend((path, text.tags) for text in canvas.texts)
        known: dict[TagName, tuple[tuple[str, TagName], ...]] = {}
        for path, given in tags:
            for tag in given:
                if tag not in known:
                    known[tag] = _with_those_above(tag)
                for key, name in known[tag]:
                    spelling.setdefault(key, name)
                    notes[key][path] = None
        return {key: (spelling[key], tuple(notes[key])) for key in sorted(notes)}

    def _source(self, path: NotePath) -> str:
        canvas = self.vault.canvases.get(path)
        return self.vault.whole(path).source if canvas is None else canvas.source

    def has_tag(self, tag: str) -> bool:
        """Whether a page of the site bears ``tag``, so that there is a page that lists it."""
        return fold("/".join(filter(None, tag.split("/")))) in self.tagged

    def _reported(self, path: NotePath) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the links of the file at ``path``."""
        troubled = []
        for ref, found in self.links[path]:
            if isinstance(found, Missing) or found.lost_fragment or found.rivals:
                trouble = problem(ref, found, self.vault)
                if trouble is not None:
                    troubled.append((ref, *trouble))
        if not troubled:
            return ()
        lines = Lines(self._source(path))
        return tuple(
            Diagnostic(path, *lines.position(ref.span.start), code, message)
            for ref, code, message in troubled
        )


def _stages(vault: Vault) -> dict[NotePath, Stage]:
    found = ((path, stage_of(note.properties, note.tags)) for path, note in vault.notes.items())
    return {path: stage for path, stage in found if stage is not None}


def _with_those_above(tag: TagName) -> tuple[tuple[str, TagName], ...]:
    """Return ``tag`` and the tags that it is nested in, the outermost first, each with its folded form."""
    steps = [step for step in tag.split("/") if step]
    names = ("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return tuple((fold(name), TagName(name)) for name in names)
