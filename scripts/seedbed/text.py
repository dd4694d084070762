"""Strings and positions: what every other module agrees on.

Turns offsets into lines and columns, names into keys that compare as Obsidian compares them, titles into
slugs and pairs of pages into relative links. Separate because it is the one place where two spellings are
declared equal: a second rule elsewhere would make links that one part resolves and another does not.
"""

from __future__ import annotations

import bisect
import difflib
import functools
import itertools
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType
from urllib.parse import quote

NotePath = NewType("NotePath", str)
"""Path of a note inside its vault, POSIX, with its extension: ``theory/Edge of Chaos.md``."""
PageUri = NewType("PageUri", str)
"""Address of a page inside the site, POSIX, no leading slash: ``theory/edge-of-chaos/``; the home page is ``""``."""
AnchorId = NewType("AnchorId", str)
"""HTML id of a heading or block on its page."""
TagName = NewType("TagName", str)
"""A tag as written, without its ``#``: ``area/optics``."""

_NOT_IN_SLUG = re.compile(r"[^\w\s-]")
_SLUG_GAPS = re.compile(r"[-\s]+")
_NOT_IN_FRAGMENT = re.compile(r"[^\w]+")
_PLAIN = re.compile(r"[\w.~/!$&'()*+,;=@-]*", re.ASCII)
"""An address that percent-encoding leaves as it is."""
_STEPS_OF_DOTS = re.compile(r"(?:\A|/)\.{1,2}(?:/|\Z)")
_MARKS_OF_EMOJI = frozenset("\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}\u20e3")
"""They choose how the character before looks, and nobody types them."""
_SUGGESTIONS = 3
WORDS_BEFORE = 4
"""Words by which a text directive tells one place from others with the same words; behind it as many."""


THEME_IDS = frozenset(
    {
        *("__config", "__consent", "__drawer", "__nav", "__search", "__toc"),
        *(f"__palette_{number}" for number in range(4)),
        *(
            f"seedbed-{name}"
            for name in ("around", "arrow", "backlinks", "inside", "related", "search")
        ),
    }
)
"""HTML ids that the page around an article uses: an element of a note with one would break the page's script."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a note's source."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character."""


class Lines:
    """Line starts of one text, to turn an offset into the line and column an editor shows."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of ``offset``, both counted from one."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """Return the offset at which ``line`` (counted from zero) begins; the last line's for any later."""
        return self._starts[min(line, len(self._starts) - 1)]


class Ids:
    """Names given out once each: as wanted, else numbered ``_1``, ``_2`` and so on."""

    __slots__ = ("_next", "_taken")

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def give(self, wanted: str) -> str:
        """Return ``wanted``, numbered if it is taken, and take it. Constant time for any number of namesakes."""
        given = wanted
        number = self._next.get(wanted, 1)
        while given in self._taken:
            given = f"{wanted}_{number}"
            number += 1
        self._next[wanted] = number
        self._taken.add(given)
        return given


def fold(name: str) -> str:
    """Return the key under which two spellings of a file name are one: NFC, without case."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def fold_with_places(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` folded, and the offset in it of each folded character and of the end; None if all are the same.

    Folding is done letter by letter, each with its marks, so that a name is found however it is typed. Of a letter
    that folds to several characters all have its offset.
    """
    folded = text.lower() if text.isascii() else text.casefold()
    if folded.isascii() and len(folded) == len(text):
        return folded, None
    # No letter folds to nothing, so those of a text that stays as long fold to one each.
    normal = functools.partial(unicodedata.is_normalized, "NFC")
    if len(folded) == len(text) and normal(text) and normal(folded):
        return folded, None
    parts: list[str] = []
    places: list[int] = []
    for match in _letters().finditer(text):
        part = fold(match[0])
        parts.append(part)
        if match[0].isascii():
            places.extend(range(match.start(), match.end()))
        else:
            places.extend([match.start()] * len(part))
    return "".join(parts), [*places, len(text)]


def fold_fragment(fragment: str) -> str:
    """Return the key under which a link's fragment finds a heading: no case, no punctuation, single blanks.

    Obsidian strips punctuation when it compares such links with headings (OF-085). Vowel signs and accents are
    letters. A heading of nothing but punctuation keeps it.
    """
    folded = fold(fragment)
    kept = _NOT_IN_FRAGMENT.sub(" " if folded.isascii() else _marks_of_letters, folded)
    return " ".join(kept.split()) or folded.strip()


def slug(text: str) -> str:
    """Return ``text`` as part of an address: lower case, words joined by single dashes, any script kept.

    Equals ``markdown.extensions.toc.slugify`` for ASCII, so anchors in hand-written pages and in notes
    follow one rule. Letters and their combining marks of every script stay. May be empty.
    """
    if text.isascii():
        kept = _NOT_IN_SLUG.sub("", text)
    else:
        composed = unicodedata.normalize("NFC", text)
        kept = "".join(
            character
            for character in composed
            if not _NOT_IN_SLUG.match(character) or _is_mark(character)
        )
    return _SLUG_GAPS.sub("-", kept.strip().lower())


def relative_uri(target: PageUri, source: PageUri, anchor: str | None = None) -> str:
    """Return the link from page ``source`` to ``target`` (a page or a file of the site), percent-encoded."""
    fragment = "" if anchor is None else "#" + quote(anchor, safe="^/?:@!$&'()*+,;=-._~")
    if target == source and anchor is not None:
        return fragment
    path = _relative_path(target, source.rpartition("/")[0])
    if target.endswith("/") or not target:
        path = path.rstrip("/") + "/"
    if not _PLAIN.fullmatch(path):
        path = quote(path, safe="/!$&'()*+,;=@~")
    return path + fragment


def _relative_path(target: str, folder: str) -> str:
    """Return the path from ``folder`` to ``target``, both from the top of the site."""
    above, steps = _steps(folder), _steps(target)
    if above is None or steps is None:
        return posixpath.relpath(f"/{target}", f"/{folder}")
    shared = 0
    for one, other in zip(above, steps, strict=False):
        if one != other:
            break
        shared += 1
    return "/".join((*("..",) * (len(above) - shared), *steps[shared:])) or "."


@functools.lru_cache(maxsize=16_384)
def _steps(path: str) -> tuple[str, ...] | None:
    """Return the steps of ``path``; None if one of them is made of dots. Many pages link to one."""
    return None if _STEPS_OF_DOTS.search(path) else tuple(filter(None, path.split("/")))


def text_directive(words: str, before: Iterable[str] = (), behind: Iterable[str] = ()) -> str:
    """Return how a link asks a browser to find ``words`` on its page: a text directive.

    ``before`` and ``behind`` are words beside them, by which they are told from the same words elsewhere.
    """
    lead, rest = " ".join(before), " ".join(behind)
    return f"{_encoded(lead) + '-,' if lead else ''}{_encoded(words)}{',-' + _encoded(rest) if rest else ''}"


def _encoded(words: str) -> str:
    # A dash says in a directive which words are only beside those that are looked for.
    return quote(words, safe="").replace("-", "%2D")


def nearest(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of ``names`` that ``wanted`` may be a misspelling of, best first."""
    by_key = {fold(name): name for name in names}
    close = difflib.get_close_matches(fold(wanted), by_key, n=_SUGGESTIONS, cutoff=0.75)
    return tuple(by_key[key] for key in close)


def did_you_mean(names: tuple[str, ...]) -> str:
    """Return ``names`` as the closing question of a message, or nothing."""
    if not names:
        return ""
    return " (did you mean " + " or ".join(f'"{name}"' for name in names) + "?)"


def _marks_of_letters(match: re.Match[str]) -> str:
    """Return the combining marks at the start of what is no word, as they belong to the letter before; else a blank."""
    marks = itertools.takewhile(_is_mark, match[0])
    kept = "".join(mark for mark in marks if mark not in _MARKS_OF_EMOJI) if match.start() else ""
    return kept if kept and len(kept) == len(match[0]) else f"{kept} "


@functools.cache
def _letters() -> re.Pattern[str]:
    """Return what finds each letter with its marks, and runs of ASCII that have none."""
    marks = "".join(filter(_is_mark, map(chr, range(0x300, 0x1_F000))))
    jamo = "\u1160-\u11ff"  # which join the one before to a syllable
    return re.compile(rf"[\x00-\x7f]+(?=[\x00-\x7f]|\Z)|.[{marks}{jamo}]*", re.DOTALL)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
