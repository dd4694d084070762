"""What every link means, and what follows from that.

``Index(vault)`` gives each note its address and resolves each link of the vault once, by its ``names``, before any
page is rendered. Links, backlinks, stubs and the diagnostics of links come from that one
table, so that no part can disagree with another. Rules OF-080 to OF-103.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedbed import properties
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.names import Names, is_note_name
from seedbed.note import Block, Heading, Note
from seedbed.text import (
    AnchorId,
    Ids,
    Lines,
    NotePath,
    PageUri,
    TagName,
    did_you_mean,
    fold,
    fold_fragment,
    nearest,
)
from seedbed.uris import FILES, is_folder_note, note_uri, stub_uri
from seedbed.vault import Vault


@dataclass(frozen=True, slots=True)
class Found:
    """A link's note or file."""

    path: str
    """Vault path of the note or attachment."""
    uri: PageUri
    """Address of the note's page, or of the attachment's file."""
    is_note: bool
    part: Heading | Block | None = None
    """The heading or block its fragment names."""
    lost_fragment: bool = False
    """It has a fragment, but the note has no such heading or block."""
    rivals: tuple[str, ...] = ()
    """Other notes that answer to the same name, when neither path nor folder decides."""

    @property
    def anchor(self) -> AnchorId | None:
        """Id on the page, if the link leads to a part of it."""
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

        ``reserved`` addresses belong to pages that are not notes; ``further`` links stand in a note's figure
        captions, which only the figures can read.
        """
        self.vault = vault
        self.diagnostics: list[Diagnostic] = []
        self._names = Names(vault)
        self._memo: dict[tuple[str, NotePath, bool], Resolution] = {}
        self._reserved = frozenset(reserved)
        self.uris = self._give_addresses()
        self.diagnostics += self._names.diagnostics()
        self.links: dict[NotePath, tuple[tuple[Ref, Resolution], ...]] = {
            path: tuple(
                (ref, self.resolve(ref, path))
                for ref in (*note.refs, *(further or {}).get(path, ()))
            )
            for path, note in vault.notes.items()
        }
        self.backlinks = self._backlinks()
        self.stubs = self._stubs()
        self.tagged = self._tagged()
        self._report_links()

    def resolve(self, ref: Ref, source: NotePath | None) -> Resolution:
        """Return what ``ref``, written in the note ``source`` (None: outside the vault), means."""
        if not ref.target:
            found: Resolution = (
                self._found(source) if source is not None else Missing("", (), private=False)
            )
        else:
            key = (ref.target, source or NotePath(""), ref.markdown)
            if key not in self._memo:
                self._memo[key] = self._look_up(ref, source)
            found = self._memo[key]
        if isinstance(found, Found) and found.is_note and ref.fragment is not None:
            part = find_part(self.vault.notes[NotePath(found.path)], ref.fragment)
            return Found(found.path, found.uri, True, part, part is None, found.rivals)
        return found

    def _look_up(self, ref: Ref, source: NotePath | None) -> Resolution:
        match = self._names.find(ref.target, source, relative_first=ref.markdown)
        if match is not None:
            return self._found(match.path, match.rivals)
        private = self._names.is_private(ref.target)
        return Missing(ref.target, self._names.nearest(ref.target), private)

    def _found(self, path: str, rivals: tuple[str, ...] = ()) -> Found:
        uri = self.uris.get(NotePath(path))
        if uri is not None:
            return Found(path, uri, is_note=True, rivals=rivals)
        return Found(path, PageUri(path), is_note=False, rivals=rivals)

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
        above: list[NotePath] = []
        current = self.upstream(path)
        while current is not None and current not in above and current != path:
            above.append(current)
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

    def _give_addresses(self) -> dict[NotePath, PageUri]:
        """Give each note an address of its own: its permalink, else the slugs of its path."""
        owners = self._taken()
        stems = Ids(owners)
        uris: dict[NotePath, PageUri] = {}
        for path in sorted(self.vault.notes, key=self._precedence):
            permalink = properties.text(self.vault.notes[path].properties, "permalink")
            wanted = note_uri(path, permalink).rstrip("/")
            given = stems.give(wanted if wanted or "" not in stems else "index")
            uris[path] = PageUri(f"{given}/" if given else "")
            if given != wanted:
                where = f'"{wanted}/" belongs to {owners[wanted]}, so this note is at "{given}/"'
                collision = f"address collision: {where}"
                self.diagnostics.append(Diagnostic(path, 1, 1, Code.URI_COLLISION, collision))
            owners[given] = f'"{path}"'
        return {path: uris[path] for path in self.vault.notes}

    def _taken(self) -> dict[str, str]:
        """Return whose each address is that no note can have: of hand-written pages and of files that links name."""
        owners = dict.fromkeys(FILES, "a file of the site")
        refs = (ref for note in self.vault.notes.values() for ref in note.refs)
        named = {fold(ref.target.rpartition("/")[2]) for ref in refs}
        for file in self.vault.attachments:
            folder, name = posixpath.split(file)
            if fold(name) in named:
                owners[folder if name == "index.html" else file] = f'"{file}"'
        return owners | {uri.rstrip("/"): "a page of the site" for uri in self._reserved}

    def _precedence(self, path: NotePath) -> tuple[bool, bool, NotePath]:
        """Sort first the notes that say where they want to be, and those that are their folder's page."""
        placed = properties.text(self.vault.notes[path].properties, "permalink") is not None
        return not placed, not is_folder_note(path), path

    def _backlinks(self) -> dict[NotePath, tuple[NotePath, ...]]:
        sources: dict[NotePath, dict[NotePath, None]] = {path: {} for path in self.vault.notes}
        for path, links in self.links.items():
            for _, found in links:
                if isinstance(found, Found) and found.is_note and found.path != path:
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
                ):
                    key = stub_key(found.name)
                    names.setdefault(key, found.name.removesuffix(".md").strip("/"))
                    wanted[key][path] = None
        stems = Ids((*self._taken(), *(uri.rstrip("/") for uri in self.uris.values())))
        stubs = {}
        for key in sorted(wanted):
            uri = PageUri(stems.give(stub_uri(names[key]).rstrip("/")) + "/")
            stubs[key] = Stub(names[key], uri, tuple(wanted[key]))
        return stubs

    def stub(self, missing: Missing) -> Stub | None:
        """Return the page that stands in for ``missing``, if it has one."""
        return None if missing.private else self.stubs.get(stub_key(missing.name))

    def _tagged(self) -> dict[str, tuple[TagName, tuple[NotePath, ...]]]:
        """Return, by folded tag, its first spelling and its notes; a nested tag counts for its parents too."""
        spelling: dict[str, TagName] = {}
        notes: dict[str, dict[NotePath, None]] = defaultdict(dict)
        for path, note in self.vault.notes.items():
            for tag in note.tags:
                steps = [step for step in tag.split("/") if step]
                for length in range(1, len(steps) + 1):
                    name = TagName("/".join(steps[:length]))
                    spelling.setdefault(fold(name), name)
                    notes[fold(name)][path] = None
        return {key: (spelling[key], tuple(notes[key])) for key in sorted(notes)}

    def _report_links(self) -> None:
        for path, links in self.links.items():
            lines = None
            for ref, found in links:
                problem = _problem(ref, found, self.vault.notes)
                if problem is not None:
                    lines = lines or Lines(self.vault.notes[path].source)
                    code, message = problem
                    self.diagnostics.append(
                        Diagnostic(path, *lines.position(ref.span.start), code, message)
                    )


def find_part(note: Note, fragment: str) -> Heading | Block | None:
    """Return the heading or block of ``note`` that a link's fragment names.

    ``A#B`` is the heading B under A; of equal headings the first wins (OF-083, OF-084).
    """
    if fragment.lstrip().startswith("^"):
        return note.blocks.get(fragment.strip().removeprefix("^").lower())
    steps = [fold_fragment(step) for step in fragment.split("#") if step.strip()]
    for start, heading in enumerate(note.headings):
        if steps and fold_fragment(heading.plain) == steps[0]:
            found = _descend(note.headings, start, steps[1:])
            if found is not None:
                return found
    return next((heading for heading in note.headings if heading.anchor == fragment), None)


def stub_key(name: str) -> str:
    """Return the key under which links to one unwritten note meet."""
    return fold(name.strip("/")).removesuffix(".md")


def _descend(headings: tuple[Heading, ...], start: int, steps: list[str]) -> Heading | None:
    if not steps:
        return headings[start]
    for index in range(start + 1, len(headings)):
        if headings[index].level <= headings[start].level:
            return None
        if fold_fragment(headings[index].plain) == steps[0]:
            found = _descend(headings, index, steps[1:])
            if found is not None:
                return found
    return None


def _problem(ref: Ref, found: Resolution, notes: dict[NotePath, Note]) -> tuple[Code, str] | None:
    if isinstance(found, Missing):
        code = Code.EMBED_MISSING if ref.embed else Code.LINK_MISSING
        kind = "note" if is_note_name(found.name) else "file"
        return code, f'no {kind} answers to "{found.name}"{did_you_mean(found.nearest)}'
    if found.lost_fragment and found.is_note:
        kind = "block" if (ref.fragment or "").startswith("^") else "heading"
        note = notes[NotePath(found.path)]
        names = (
            list(note.blocks) if kind == "block" else [heading.plain for heading in note.headings]
        )
        wanted = (ref.fragment or "").removeprefix("^")
        hint = did_you_mean(nearest(wanted.rpartition("#")[2], names))
        code = Code.EMBED_MISSING if ref.embed else Code.ANCHOR_MISSING
        return code, f'"{found.path}" has no {kind} "{wanted}"{hint}'
    if found.rivals:
        others = ", ".join(f'"{path}"' for path in found.rivals)
        return (
            Code.LINK_AMBIGUOUS,
            f'"{ref.target}" leads to "{found.path}", but {others} has that name too',
        )
    return None
