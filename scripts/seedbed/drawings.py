"""The vault's figure blocks, computed: from notes to drawings that articles show.

Stands between the notes and ``figures``, which never see each other: names each figure after its note, has all
of them computed at once, and turns what is wrong with a block into diagnostics of its note. Loads ``figures`` for
vaults that have some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.article import FigurePlace
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import parse as parse_markdown
from seedbed.dialect.wikilinks import Ref
from seedbed.note import FigureBlock, Note, name_of
from seedbed.text import Lines, NotePath, Span, did_you_mean, nearest, slug
from seedbed.tokens import refs_in
from seedbed.uris import FIGURES
from seedbed.vault import Vault

if TYPE_CHECKING:
    from seedbed import figures


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in a page."""

    figure: figures.Figure
    caption: str | None
    note: NotePath
    """The note whose block it is, which need not be the one that shows it."""

    @property
    def id(self) -> str:
        """The figure's HTML id."""
        return self.figure.id

    def html(self, caption: str, assets: str, prefix: str) -> str:
        """Return the figure; on a page that embeds its note, with ids of its own."""
        if not prefix:
            return self.figure.html(caption, assets, self.note)
        renamed = prefix + self.figure.id
        svg = re.sub(rf'(?<=["# ]){re.escape(self.figure.id)}(?=_)', renamed, self.figure.svg)
        whole = replace(self.figure, svg=svg).html(caption, assets, self.note)
        return whole.replace(f' id="{self.figure.id}"', f' id="{renamed}"', 1)


@dataclass(frozen=True, slots=True)
class Failed:
    """The box that says why a figure is not shown."""

    problems: tuple[figures.FigureProblem, ...]
    source: str
    caption: str | None = None
    id: str | None = None

    def html(self, caption: str, assets: str, prefix: str) -> str:  # noqa: ARG002 -- a failure has none of these
        """Return the box."""
        from seedbed import figures  # noqa: PLC0415 -- as said above

        return figures.failure_html(self.problems, self.source)


class NoFigureError(Exception):
    """A note has no figure of that id."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Every figure block of a vault, read but not yet computed."""

    specs: dict[FigurePlace, figures.FigureSpec]
    failed: dict[FigurePlace, Failed]
    blocks: dict[FigurePlace, FigureBlock]

    def only(self, path: NotePath, figure: str) -> Plan:
        """Return the plan of one figure alone, that with the id ``figure`` of the note at ``path``.

        Raises NoFigureError if there is none.
        """
        own = {str(spec.id): place for place, spec in self.specs.items() if place.path == path}
        if figure in own:
            place = own[figure]
            return Plan({place: self.specs[place]}, {}, {place: self.blocks[place]})
        said = f'no figure "{figure}" in "{path}"{did_you_mean(nearest(figure, own))}'
        broken = (
            f"; line {self.blocks[place].line + problem.line}: {problem.message}"
            for place, failed in self.failed.items()
            for problem in failed.problems
            if place.path == path
        )
        raise NoFigureError(said + "".join(broken))

    def refs(self, vault: Vault) -> dict[NotePath, tuple[Ref, ...]]:
        """Return the links in captions, by note, placed at the line of their block."""
        found: dict[NotePath, tuple[Ref, ...]] = {}
        for place, spec in self.specs.items():
            block = self.blocks[place]
            start = Lines(vault.whole(place.path).source).start(
                block.line - 1 + spec.line_of("caption")
            )
            refs = refs_in(parse_markdown(spec.caption).tokens)
            placed = tuple(replace(ref, span=Span(start, start)) for ref in refs)
            found[place.path] = (*found.get(place.path, ()), *placed)
        return found


@dataclass(frozen=True, slots=True)
class Drawings:
    """What became of every figure block."""

    shown: dict[FigurePlace, Shown | Failed]
    files: dict[str, bytes]
    """Content by address: the numbers and the drawing of each figure, to download."""
    diagnostics: tuple[Diagnostic, ...]
    is_lasting: bool
    """Whether they would come out the same another time; a figure may have taken too long for a busy machine."""


class WhenAsked(Mapping[FigurePlace, Shown | Failed]):
    """The drawings of a vault, which are not computed before one of them is looked at."""

    def __init__(self, drawn: Callable[[], Drawings]) -> None:
        """Have them computed by ``drawn``."""
        self._drawn = drawn

    def __getitem__(self, place: FigurePlace) -> Shown | Failed:
        return self._drawn().shown[place]

    def __iter__(self) -> Iterator[FigurePlace]:
        return iter(self._drawn().shown)

    def __len__(self) -> int:
        return len(self._drawn().shown)


def plan(notes: Mapping[NotePath, Note]) -> Plan:
    """Read all figure blocks of ``notes`` and name the figures: by their own id, else after their note.

    No two get one name; a block with an id that an earlier one has is a failure.
    """
    found = Plan({}, {}, {})
    illustrated = [note for note in notes.values() if note.figures]
    if not illustrated:
        return found
    from seedbed import figures  # noqa: PLC0415 -- as said above

    owners: dict[str, str] = {}
    for note in illustrated:
        for block in note.figures:
            place = FigurePlace(note.path, block.token)
            found.blocks[place] = block
            spec = figures.parse(block.source)
            if isinstance(spec, tuple):
                found.failed[place] = Failed(spec, block.source)
            elif spec.id in owners:
                problem = figures.id_taken(spec, owners[spec.id])
                found.failed[place] = Failed((problem,), block.source)
            else:
                found.specs[place] = spec
                if spec.id:
                    owners[spec.id] = note.title
    # Nobody chose these names, so they give way to all that were chosen.
    taken = set(owners)
    for note in illustrated:
        for number, block in enumerate(note.figures, 1):
            place = FigurePlace(note.path, block.token)
            if place in found.specs and not found.specs[place].id:
                name = _free_name(note.path, number, taken)
                taken.add(name)
                found.specs[place] = replace(found.specs[place], id=name)
    return found


def _free_name(path: NotePath, number: int, taken: set[str]) -> str:
    """Return an id for the ``number``-th figure of a note: after its name, or if that is taken, its folders too."""
    for name in (name_of(path), path.rpartition(".")[0].replace("/", " ")):
        wanted = f"{slug(name) or 'note'}-fig-{number}"
        if wanted not in taken:
            return wanted
    return next(each for at in count(2) if (each := f"{wanted}-{at}") not in taken)


def stylesheet() -> str:
    """Return the style of all figures."""
    from seedbed import figures  # noqa: PLC0415 -- as said above

    return figures.stylesheet()


def files_of(planned: Plan) -> Iterator[str]:
    """Yield the addresses of the files that the figures of ``planned`` may have."""
    for spec in planned.specs.values():
        yield from _files_of(str(spec.id))


def _files_of(figure: str) -> tuple[str, str]:
    """Return where the numbers and the drawing of the figure with that id lie."""
    return f"{FIGURES}{figure}.csv", f"{FIGURES}{figure}.svg"


def drawing_of(drawn: Drawings, figure: str) -> bytes | None:
    """Return the drawing of the figure with that id as a file of its own; None if there is none."""
    return drawn.files.get(_files_of(figure)[1])


def compute(
    planned: Plan, *, cache: Path | None, jobs: int, progress: Callable[[str], None] | None
) -> Drawings:
    """Compute every figure of ``planned``; a figure that fails is a box and a diagnostic."""
    if not planned.blocks:
        return Drawings({}, {}, (), is_lasting=True)
    from seedbed import figures  # noqa: PLC0415 -- as said above

    shown: dict[FigurePlace, Shown | Failed] = dict(planned.failed)
    files: dict[str, bytes] = {}
    problems = [
        (place, problem) for place, failed in planned.failed.items() for problem in failed.problems
    ]
    outcomes = figures.compute(
        list(planned.specs.values()), cache=cache, jobs=jobs, progress=progress
    )
    for (place, spec), outcome in zip(planned.specs.items(), outcomes, strict=True):
        if isinstance(outcome, figures.FigureProblem):
            shown[place] = Failed((outcome,), planned.blocks[place].source)
            problems.append((place, outcome))
            continue
        shown[place] = Shown(outcome, spec.caption or None, place.path)
        numbers, drawing = _files_of(outcome.id)
        files |= {numbers: outcome.csv, drawing: outcome.standalone}
        problems.extend((place, problem) for problem in outcome.problems)
    diagnostics = (
        Diagnostic(
            place.path,
            planned.blocks[place].line + problem.line,
            1,
            Code.FIGURE_INVALID,
            problem.message,
        )
        for place, problem in problems
    )
    is_lasting = not any(isinstance(outcome, figures.FigureProblem) for outcome in outcomes)
    return Drawings(shown, files, tuple(diagnostics), is_lasting)
