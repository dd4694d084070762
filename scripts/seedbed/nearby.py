"""Where a reader of one page may go on to, beside its own links: as values that say all that is shown.

Puts together folders, series and related notes. A page is made again only if what is said here of it has changed, so
this holds titles and addresses, and nothing that the page does not show.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seedbed.addresses import Given
from seedbed.folders import Folder, above
from seedbed.likeness import Likeness
from seedbed.meanings import Found, Resolution
from seedbed.neighbourhood import Neighbours, Surveyor
from seedbed.note import name_of
from seedbed.related import Kin, Related, Shared
from seedbed.series import Series
from seedbed.text import NotePath, PageUri, TagName, fold
from seedbed.uris import FOLDERS, LOOSE_ENDS, MAP, NOTES, RANDOM, RECENT, TAGS
from seedbed.vault import Vault

LISTS = {
    NOTES: "All notes",
    TAGS: "Tags",
    FOLDERS: "Folders",
    MAP: "Map",
    RECENT: "Recent changes",
    LOOSE_ENDS: "Loose ends",
    RANDOM: "Random note",
}
"""The lists that a site may have, by where each would be, with its title."""
_DEEPEST = 6
"""Folders of a trail that are named."""
_MOST_NAMED = 3
"""Things of one kind that are named as what two notes share."""
_MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page."""

    uri: PageUri
    text: str
    more: str = ""
    """What is said of it beside its title."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The notes before and after one, in the order of their hub."""

    hub: Way
    previous: Way | None
    next: Way | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """Everything that one page is near to."""

    folders: tuple[Way | None, ...] = ()
    """The folders it lies in, topmost first; None stands for the middle of a trail that is long."""
    inside: tuple[tuple[Way, ...], tuple[Way, ...]] | None = None
    """For a folder note: the folders in its folder, and the documents."""
    turn: Turn | None = None
    related: tuple[Way, ...] = ()
    """With what speaks for each."""
    lists: tuple[Way, ...] = ()
    """For the front page: the lists of the site."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of all pages of a vault."""

    titles: Mapping[NotePath, str]
    """Of notes first, then of canvases and bases."""
    tags: Mapping[NotePath, tuple[TagName, ...]]
    """Of notes alone."""
    uris: Mapping[NotePath, PageUri]
    folders: Mapping[str, Folder]
    lists: tuple[Way, ...]
    chart: PageUri | None
    """Where the map is."""
    upstream: Mapping[NotePath, NotePath]
    targets: Mapping[NotePath, tuple[NotePath, ...]]
    """What each note, canvas or base links to, itself not."""
    backlinks: Mapping[NotePath, tuple[NotePath, ...]]


class Neighbourhood:
    """What every page of one vault is near to."""

    def __init__(self, ground: Ground, likeness: Likeness) -> None:
        """Look at all of ``ground`` once; ``likeness`` is that of all notes."""
        self.ground = ground
        self._likeness = likeness
        self._surveyor = Surveyor(ground.targets, ground.backlinks)
        self._series = Series(ground.upstream, ground.targets, ground.titles)
        of_notes = {path: ground.titles[path] for path in ground.tags}
        self._related = Related(
            of_notes, ground.tags, ground.targets, ground.backlinks, ground.upstream
        )
        standing = ((each.note, path) for path, each in ground.folders.items())
        self._folder_notes = {note: path for note, path in standing if note is not None}

    def after(self, edited: Mapping[NotePath, str]) -> tuple[Neighbourhood, frozenset[NotePath]]:
        """Return the neighbourhood once ``edited`` notes have other wordings, and the notes near to others then."""
        after = copy.copy(self)
        after._likeness, turned = self._likeness.after(edited)  # noqa: SLF001 -- a neighbourhood as well
        return after, frozenset(path for path in turned if after.of(path) != self.of(path))

    def of(self, path: NotePath) -> Nearby:
        """Return what the page of the note, canvas or base at ``path`` is near to."""
        ground = self.ground
        folder = self._folder_notes.get(path)
        has_trail = path in ground.upstream
        lists = ground.lists if not ground.uris[path] else ()
        if path not in ground.tags:
            return Nearby(folders=self._trail(path), lists=lists)
        kindred = self._related.to(path, self._likeness.to(path))
        return Nearby(
            folders=() if has_trail else self._trail(folder or path),
            inside=None if folder is None else contents(ground.folders[folder], ground),
            turn=self._turn(path),
            related=tuple(self._way(kin.path, self._reason(kin)) for kin in kindred),
            lists=lists,
        )

    def joined(self, path: NotePath) -> Neighbours:
        """Return what links join to the note at ``path``."""
        return replace(self._surveyor.around(path), chart=self.ground.chart)

    def _way(self, path: NotePath, more: str = "") -> Way:
        return Way(self.ground.uris[path], self.ground.titles[path], more)

    def _trail(self, path: str) -> tuple[Way | None, ...]:
        return folder_trail(path, self.ground.folders)

    def _turn(self, path: NotePath) -> Turn | None:
        place = self._series.place(path)
        if place is None:
            return None
        return Turn(
            self._way(place.hub),
            None if place.previous is None else self._way(place.previous),
            None if place.next is None else self._way(place.next),
        )

    def _reason(self, kin: Kin) -> str:
        """Return what speaks for ``kin``, the strongest first, as words."""
        kinds: dict[str, list[str]] = {}
        for shared in kin.shared:
            kinds.setdefault(shared.kind, []).append(self._name(shared))
        reasons = (_REASONS[kind].format(_listed(names)) for kind, names in kinds.items())
        return "; ".join(list(reasons)[:_MOST_REASONS])

    def _name(self, shared: Shared) -> str:
        if shared.kind in {"link", "linked"}:
            return self.ground.titles[NotePath(shared.name)]
        return f"#{shared.name}" if shared.kind == "tag" else f"“{shared.name}”"


_REASONS = {
    "link": "both link to {}",
    "linked": "both linked from {}",
    "tag": "both tagged {}",
    "word": "both titles say {}",
    "text": "both speak of {}",
}


def folder_trail(path: str, folders: Mapping[str, Folder]) -> tuple[Way | None, ...]:
    """Return the folders that ``path`` lies in, topmost first; None stands for the middle of a long trail."""
    names = above(path)
    trail = [way_to_folder(folders[name]) for name in names]
    if len(trail) > _DEEPEST:
        return (trail[0], None, *trail[2 - _DEEPEST :])
    return tuple(trail)


def way_to_folder(folder: Folder, *, counted: bool = False) -> Way:
    """Return the way to ``folder``, with the number of documents in it and below it if that is ``counted``."""
    return Way(folder.uri, folder.name, str(folder.size) if counted else "")


def contents(folder: Folder, ground: Ground) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """Return the folders in ``folder`` by name, then its documents by title."""
    inner = sorted(
        (ground.folders[path] for path in folder.folders),
        key=lambda each: (fold(each.name), each.path),
    )
    documents = sorted(folder.documents, key=lambda path: (fold(ground.titles[path]), path))
    return (
        tuple(way_to_folder(each, counted=True) for each in inner),
        tuple(Way(ground.uris[path], ground.titles[path]) for path in documents),
    )


def ground_of(
    vault: Vault,
    given: Given,
    upstream: Mapping[NotePath, NotePath],
    links: Mapping[NotePath, Iterable[tuple[object, Resolution]]],
    backlinks: Mapping[NotePath, tuple[NotePath, ...]],
) -> Ground:
    """Return what there is to know of all pages of ``vault``; ``links`` are those written, with their meanings."""
    titles = {path: note.title for path, note in vault.notes.items()}
    titles |= {path: name_of(path) for path in (*vault.canvases, *vault.bases)}
    targets: dict[NotePath, tuple[NotePath, ...]] = dict.fromkeys(titles, ())
    targets |= {path: tuple(dict.fromkeys(_targets(path, of))) for path, of in links.items()}
    return Ground(
        titles=titles,
        tags={path: note.tags for path, note in vault.notes.items()},
        uris=given.documents,
        folders=given.folders,
        lists=ways_to_lists(given.lists),
        chart=given.lists.get(MAP),
        upstream=upstream,
        targets=targets,
        backlinks=backlinks,
    )


def ways_to_lists(lists: Mapping[PageUri, PageUri]) -> tuple[Way, ...]:
    """Return the ways to the lists that there are."""
    return tuple(Way(lists[uri], title) for uri, title in LISTS.items() if uri in lists)


def _targets(path: NotePath, links: Iterable[tuple[object, Resolution]]) -> Iterator[NotePath]:
    for _, found in links:
        if isinstance(found, Found) and found.kind != "file" and found.path != path:
            yield NotePath(found.path)


def _listed(names: list[str]) -> str:
    """Return some of ``names`` as a part of a sentence; the number of the others takes the place of a name."""
    if len(names) > _MOST_NAMED:
        names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"]
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
