"""How ripe a note is: a seed, a sapling or an evergreen, by a property or a tag, and the picture of each.

Turns properties and tags into a stage. Each stage has the page of the tag of its name, where all its notes are listed,
however they say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seedbed import properties
from seedbed.properties import Properties
from seedbed.text import TagName, fold

NAMES = ("maturity", "growth", "status")
"""Properties that may name a stage; the first that does counts."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a note's growth."""

    tag: TagName
    """The tag that says so, and the word that is shown."""
    spellings: tuple[str, ...]
    """Other words for it, folded."""
    meaning: str
    """A sentence about its notes, for readers."""
    drawing: str
    """Its picture: a path in a square of sixteen, drawn with a line of one and a half."""

    @property
    def picture(self) -> str:
        """Its picture as HTML, for where its name stands beside it."""
        return self._svg('aria-hidden="true">')

    @property
    def mark(self) -> str:
        """Its picture as HTML, for where nothing else says what it means."""
        return self._svg(f'role="img" aria-label="{self.tag}"><title>{self.tag}</title>')

    def _svg(self, said: str) -> str:
        size = 'width="16" height="16" viewBox="0 0 16 16"'
        return f'<svg class="seedbed-stage" {size} {said}<path d="{self.drawing}"/></svg>'


SEED = Stage(
    TagName("seed"),
    ("seedling",),
    "Seeds are first thoughts, put down so that they can grow.",
    "M3 7.2C3 4.7 5.2 3.4 8 3.4s5 1.3 5 3.8zM4.3 7.2c0 3.4 1.4 5.7 3.7 7 2.3-1.3 3.7-3.6 3.7-7M8 3.4V1.7",
)
SAPLING = Stage(
    TagName("sapling"),
    ("budding",),
    "Saplings have taken root: the main thing is said, and more is to come.",
    "M4.5 14h7M8 14V7.5M8 10.5C5 10.5 3 9 2.8 6 6 6 7.8 7.6 8 10.5zM8 7.5c.2-3.2 2-5 5.3-5.2 0 3.3-1.9 5.1-5.3 5.2z",
)
EVERGREEN = Stage(
    TagName("evergreen"),
    (),
    "Evergreens are worked out, and kept up to date.",
    "M8 1.7 11.3 6H9.8L13 11.5H3L6.2 6H4.7zM8 11.5V14.5",
)
STAGES = (SEED, SAPLING, EVERGREEN)

_BY_WORD = {fold(word): stage for stage in STAGES for word in (stage.tag, *stage.spellings)}


def stage_of(written: Properties, tags: Iterable[str]) -> Stage | None:
    """Return how ripe a note is, by what its properties say, else by the first of its ``tags`` that does."""
    for name in NAMES:
        for word in properties.texts(written, name) if written else ():
            stage = _BY_WORD.get(fold(word.lstrip("#")))
            if stage is not None:
                return stage
    return next((stage for tag in tags if (stage := _BY_WORD.get(fold(tag)))), None)


def is_of_maturity(tag: str) -> bool:
    """Whether ``tag`` says how ripe a note is, and so nothing of its subject."""
    return fold(tag) in _BY_WORD


def stage_of_tag(tag: str) -> Stage | None:
    """Return the stage whose page is that of ``tag``."""
    return next((stage for stage in STAGES if fold(stage.tag) == fold(tag)), None)
