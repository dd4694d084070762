"""What every link means, and what follows from that.

``Index(vault)`` gives each note its address and resolves each link of the vault once, by its ``names``, before any
page is rendered. Links, backlinks, stubs and the diagnostics of links come from that one
table, so that no part can disagree with another. Rules OF-080 to OF-103.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from seedbed.addresses import Addresses, give_all, give_stub, reserve_site
from seedbed.bases import Base, View
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.names import Match, Names, is_note_name
from seedbed.note import Block, Note, name_of
from seedbed.text import AnchorId, Lines, NotePath, PageUri, TagName, did_you_mean, fold, nearest
from seedbed.uris import view_anchor
from seedbed.vault import Vault

_MOST_NAMED = 5
"""Rivals that one message names."""

Kind = Literal["note", "canvas", "base", "file"]
"""What a link can lead to; all but a file have a page of their own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to."""

    path: str
    """Vault path of the note, canvas, base or attachment."""
    uri: PageUri
    """Address of its page, or of the attachment's file."""
    kind: Kind
    part: Heading | Block | View | None = None
    """The heading or block of a note, or the view of a base, that its fragment names."""
    lost_fragment: bool = False
    """It has a fragment, but its note or base has no such part."""
    rivals: tuple[str, ...] = ()
    """Others that answer to the same name, when neither path nor folder decides."""

    @property
    def is_note(self) -> bool:
        """Whether it is a note."""
        return self.kind == "note"

    @property
    def anchor(self) -> AnchorId | None:
        """Id on the page, if the link leads to a part of it."""
        if isinstance(self.part, View):
            return view_anchor(self.part.name)
        return self.part.anchor if self.part is not None else None


@dataclass(frozen=True, slots=True)
class Missing:
    """A link that nothing published answers to."""

    name: str
    """What was looked for."""
    nearest: tuple[str, ...]
    private: bool
    """An unpublished note answers to it; no output may say so."""


Resolution = Found | Missing


@dataclass(frozen=True, slots=True)
class Stub:
    """A note that others link to and nobody wrote yet."""

    name: str
    uri: PageUri
    wanted_by: tuple[NotePath, ...]


class Index:
    """The meaning of every link in one vault."""

    def __init__(
        self,
        vault: Vault,
        *,
        reserved: Iterable[PageUri] = (),
        further: Mapping[NotePath, tuple[Ref, ...]] | None = None,
    ) -> None:
        """Index ``vault``.

        ``reserved`` addresses belong to pages and files that do not come from the vault; ``further`` links stand in
        a note's figure captions, which only the figures can read.
        """
        self.vault = vault
        self.diagnostics: list[Diagnostic] = []
        self._names = Names(vault)
        self._memo: dict[tuple[str, str, NotePath, bool], Match | Missing] = {}
        written = {path: note.refs for path, note in vault.notes.items()}
        written |= {path: canvas.refs for path, canvas in vault.canvases.items()}
        for path, refs in (further or {}).items():
            written[path] += refs
        self.tagged = self._tagged()
        self.addresses = Addresses()
        reserve_site(self.addresses, reserved)
        tags = (tag for tag, _ in self.tagged.values())
        given = give_all(self.addresses, vault, self._linked_attachments(written), tags)
        self.uris = given.documents
        self.files = given.files
        """Address of every attachment."""
        self.own_pages = given.own
        """Addresses of the pages of tags and lists, but those that a hand-written page has."""
        self.diagnostics += given.diagnostics
        self.diagnostics += self._names.diagnostics()
        self.links: dict[NotePath, tuple[tuple[Ref, Resolution], ...]] = {
            path: tuple((ref, self.resolve(ref, path)) for ref in refs)
            for path, refs in written.items()
        }
        self.backlinks = self._backlinks()
        self.stubs = self._stubs()
        self._report_links()

    def resolve(self, ref: Ref, source: NotePath | None) -> Resolution:
        """Return what ``ref``, written in the note ``source`` (None: outside the vault), means."""
        found = self._whole(ref, source)
        if isinstance(found, Missing) or ref.fragment is None or found.kind in {"canvas", "file"}:
            return found
        path = NotePath(found.path)
        part: Heading | Block | View | None
        if found.kind == "note":
            part = find_part(self.vault.notes[path], ref.fragment)
        else:
            part = find_view(self.vault.bases[path], ref.fragment)
        return replace(found, part=part, lost_fragment=part is None)

    def _whole(self, ref: Ref, source: NotePath | None) -> Resolution:
        """Return what ``ref`` means without its fragment."""
        if not ref.target:
            here = self._found(source) if source is not None else None
            return here or Missing("", (), private=False)
        match = self._match(ref, source)
        return match if isinstance(match, Missing) else self._found(match.path, match.rivals)

    def _match(self, ref: Ref, source: NotePath | None) -> Match | Missing:
        key = (ref.target, ref.query, source or NotePath(""), ref.markdown)
        if key not in self._memo:
            self._memo[key] = self._look_up(ref, source)
        return self._memo[key]

    def _look_up(self, ref: Ref, source: NotePath | None) -> Match | Missing:
        for name in dict.fromkeys((ref.target + ref.query, ref.target)):
            match = self._names.find(name, source, relative_first=ref.markdown)
            if match is not None:
                return match
        whole = ref.target + ref.query
        name = whole if whole.lower().endswith(".md") else ref.target
        return Missing(name, self._names.nearest(name), self._names.is_private(name))

    def _found(self, path: str, rivals: tuple[str, ...] = ()) -> Found:
        uri = self.uris.get(NotePath(path))
        if uri is None:
            uri = self.files.get(path, PageUri(path))
        return Found(path, uri, self.kind(path), rivals=rivals)

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

    def upstream(self, path: NotePath) -> NotePath | None:
        """Return the note that the note at ``path`` belongs under."""
        ref = self.vault.notes[path].upstream
        found = self.resolve(ref, path) if ref else None
        return (
            NotePath(found.path)
            if isinstance(found, Found) and found.is_note and found.path != path
            else None
        )

    def trail(self, path: NotePath) -> tuple[NotePath, ...]:
        """Return the notes above ``path``, topmost first; a circle ends where it would close."""
        above: dict[NotePath, None] = {}
        current = self.upstream(path)
        while current is not None and current not in above and current != path:
            above[current] = None
            current = self.upstream(current)
        return tuple(reversed(above))

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
        matches = (
            self._match(ref, path) for path, refs in written.items() for ref in refs if ref.target
        )
        linked = {match.path for match in matches if isinstance(match, Match)}
        return tuple(path for path in self.vault.attachments if path in linked)

    def _backlinks(self) -> dict[NotePath, tuple[NotePath, ...]]:
        sources: dict[NotePath, dict[NotePath, None]] = {path: {} for path in self.uris}
        for path, links in self.links.items():
            for _, found in links:
                if isinstance(found, Found) and found.kind != "file" and found.path != path:
                    sources[NotePath(found.path)][path] = None
        return {path: tuple(linking) for path, linking in sources.items()}

    def _stubs(self) -> dict[str, Stub]:
        """Return a stub for each note that links name and nobody wrote, by folded name."""
        wanted: dict[str, dict[NotePath, None]] = defaultdict(dict)
        names: dict[str, str] = {}
        for path, links in self.links.items():
            for ref, found in links:
                if (
                    isinstance(found, Missing)
                    and is_note_name(found.name)
                    and not found.private
                    and not ref.embed
                    and not ref.tentative
                ):
                    key = stub_key(found.name)
                    names.setdefault(key, found.name.removesuffix(".md").strip("/"))
                    wanted[key][path] = None
        return {
            key: Stub(names[key], give_stub(self.addresses, names[key]), tuple(wanted[key]))
            for key in sorted(wanted)
        }

    def stub(self, missing: Missing) -> Stub | None:
        """Return the page that stands in for ``missing``, if it has one."""
        return None if missing.private else self.stubs.get(stub_key(missing.name))

    def _tagged(self) -> dict[str, tuple[TagName, tuple[NotePath, ...]]]:
        """Return, by folded tag, its first spelling and where it stands; a nested tag counts for its parents too."""
        spelling: dict[str, TagName] = {}
        notes: dict[str, dict[NotePath, None]] = defaultdict(dict)
        tags = [(path, note.tags) for path, note in self.vault.notes.items()]
        for path, canvas in self.vault.canvases.items():
            tags.extend((path, text.tags) for text in canvas.texts)
        for path, given in tags:
            for tag in given:
                steps = [step for step in tag.split("/") if step]
                for length in range(1, len(steps) + 1):
                    name = TagName("/".join(steps[:length]))
                    spelling.setdefault(fold(name), name)
                    notes[fold(name)][path] = None
        return {key: (spelling[key], tuple(notes[key])) for key in sorted(notes)}

    def _source(self, path: NotePath) -> str:
        note = self.vault.notes.get(path)
        return self.vault.canvases[path].source if note is None else note.source

    def has_tag(self, tag: str) -> bool:
        """Whether a page of the site bears ``tag``, so that there is a page that lists it."""
        return fold("/".join(filter(None, tag.split("/")))) in self.tagged

    def _report_links(self) -> None:
        for path, links in self.links.items():
            lines = None
            for ref, found in links:
                trouble = problem(ref, found, self.vault)
                if trouble is not None:
                    lines = lines or Lines(self._source(path))
                    code, message = trouble
                    self.diagnostics.append(
                        Diagnostic(path, *lines.position(ref.span.start), code, message)
                    )


def find_view(base: Base, name: str) -> View | None:
    """Return the view of ``base`` that a link's fragment names."""
    return next((view for view in base.views if fold(view.name) == fold(name.strip())), None)


def find_part(note: Note, fragment: str) -> Heading | Block | None:
    """Return the heading or block of ``note`` that a link's fragment names.

    ``A#B`` is the heading B under A; of equal headings the first wins (OF-083, OF-084).
    """
    if fragment.lstrip().startswith("^"):
        return note.blocks.get(fragment.strip().removeprefix("^").lower())
    return note.outline.find(fragment)


def stub_key(name: str) -> str:
    """Return the key under which links to one unwritten note meet."""
    return fold(name.strip("/")).removesuffix(".md")


def _lost_part(found: Found, fragment: str, vault: Vault) -> str:
    """Return what ``fragment`` should have named, and what it may have meant."""
    path = NotePath(found.path)
    wanted = fragment.removeprefix("^")
    if found.kind == "base":
        views = (view.name for view in vault.bases[path].views)
        return f'view "{wanted}"{did_you_mean(nearest(wanted, views))}'
    note = vault.notes[path]
    if fragment.startswith("^"):
        return f'block "{wanted}"{did_you_mean(note.block_ids.nearest(wanted))}'
    return f'heading "{wanted}"{did_you_mean(note.outline.nearest(wanted))}'


def problem(ref: Ref, found: Resolution, vault: Vault) -> tuple[Code, str] | None:
    """Return what is wrong with a link that means ``found``, as a code and a sentence."""
    if ref.tentative:
        return None
    if isinstance(found, Missing):
        code = Code.EMBED_MISSING if ref.embed else Code.LINK_MISSING
        kind = "note" if is_note_name(found.name) else "file"
        return code, f'no {kind} answers to "{found.name}"{did_you_mean(found.nearest)}'
    if found.lost_fragment:
        code = Code.EMBED_MISSING if ref.embed else Code.ANCHOR_MISSING
        return code, f'"{found.path}" has no {_lost_part(found, ref.fragment or "", vault)}'
    if found.rivals:
        others = f"but {_listed(found.rivals)} that name too"
        return Code.LINK_AMBIGUOUS, f'"{ref.target}" leads to "{found.path}", {others}'
    return None


def _listed(rivals: tuple[str, ...]) -> str:
    """Return some of ``rivals`` and how many more there are, as the subject of a sentence, with its verb."""
    shown = ", ".join(f'"{path}"' for path in rivals[:_MOST_NAMED])
    more = len(rivals) - _MOST_NAMED
    return (
        f"{shown}{f' and {more} more' if more > 0 else ''} {'has' if len(rivals) == 1 else 'have'}"
    )
