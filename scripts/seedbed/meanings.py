"""What a link means: a part of the vault, or nothing, and what is wrong with it then.

Separate from the index, which finds meanings, because everything that writes a page works with them. Rules OF-080 to
OF-103.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seedbed.bases import Base, View
from seedbed.diagnostics import Code
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading
from seedbed.names import is_note_name
from seedbed.note import Block, Note
from seedbed.text import AnchorId, NotePath, PageUri, did_you_mean, fold, nearest
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
