"""What a theme makes of pages, as pieces: the texts that stay, and what is filled in between them."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Spelling = Literal[
    "as it is",
    "escaped",
    "escaped twice",
    "plain",
    "plain, escaped",
    "quoted",
    "escaped, quoted",
]
"""How a value is written: by what filters of templates, which are given most values with HTML escaped."""
Step = tuple[int | None, bool | None, bool]
"""From one entry of a table of contents to the next: how many lists end, what is next, and where.

One less than no list ends where one begins; None is for the first entry. What is next has entries below it, or has not,
or is None behind the last entry. It is in the outermost list, or is not.
"""


class UnforeseenError(Exception):
    """The theme does something with a page's values that no frame repeats."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a value of the page stands."""

    field: str
    entry: int | None
    """Whose title or anchor it is, in the table of contents; None for a value of the page itself."""
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Way:
    """Where a relative address stands."""

    target: str
    """Where it leads, from the root of the site; ``"."`` is the root and ``"./"`` its page. Empty: the page's image."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is written of an entry itself."""

    values: tuple[tuple[str, Spelling], ...]
    """Each ``title`` or ``anchor``, and how it is spelled."""
    texts: tuple[str, ...]
    """One behind each value but the last."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Where the table of contents stands, and how its entries are listed."""

    headers: tuple[Header, Header]
    """Of entries with nothing below them, and of others."""
    steps: tuple[tuple[Step, str], ...]
    """The text for each step where no more than one list ends."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the theme makes of a page."""

    texts: tuple[str, ...]
    """One before each hole, one behind the last."""
    holes: tuple[Hole | Way | Listing, ...]


def _plain(value: str) -> str:
    """Return what Jinja's ``striptags`` leaves of the escaped ``value``: all of it, with single blanks."""
    return " ".join(value.split())


def _escaped(value: str) -> str:
    """Return ``value`` as Jinja escapes it, which is not as Python does."""
    return html.escape(value).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


SPELLINGS: Mapping[Spelling, Callable[[str], str]] = {
    "as it is": str,
    "escaped": html.escape,
    "escaped twice": lambda value: _escaped(html.escape(value)),
    "plain": _plain,
    "plain, escaped": lambda value: _escaped(_plain(value)),
    "quoted": quote,
    "escaped, quoted": lambda value: quote(html.escape(value)),
}
