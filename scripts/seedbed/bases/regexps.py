"""Regular expressions as JavaScript writes them, run so that none can hang a build.

Translates a pattern into the dialect of the ``regex`` library, character by character: what JavaScript does not
know is refused rather than passed on. Every search has a limit of processor time, and a pattern that has reached
it once is refused from then on. Separate, and the only user of that library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import regex

from seedbed.bases.values import FormulaError, Regexp

_SECONDS = 0.25
_LARGEST = 5000
"""Size of a pattern once its counted repetitions, which the library may write out, are written out."""
_MOST_CHARACTERS = 2000
_KNOWN_FLAGS = frozenset("dgimsuv")
_WORD = "A-Za-z0-9_"
_ANY = r"[^\n\r\u2028\u2029]"
_CLASSES = {"d": "[0-9]", "D": "[^0-9]", "w": f"[{_WORD}]", "W": f"[^{_WORD}]"}
_IN_CLASS = {"d": "0-9", "w": _WORD, "b": r"\x08"}
_EDGE = f"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_NO_EDGE = f"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"
_KEPT_ESCAPES = frozenset("sSnrtfv0123456789DW")
_COUNTED = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_GROUP = re.compile(r"\(\?(?::|=|!|<=|<!|<(?P<name>[A-Za-z_]\w*)>)", re.ASCII)
_CODE_POINT = re.compile(r"u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})")
_CATEGORY = re.compile(r"[pP]\{[A-Za-z_=]+\}")
_NAMED_REFERENCE = re.compile(r"k<([A-Za-z_]\w*)>", re.ASCII)
_SPECIAL = frozenset(r"\^$.|?*+()[]{}-&~#/ ")
_LAST_CODE_POINT = 0x10FFFF
_REPLACEMENT = re.compile(r"\$(?:(\$)|(&)|(\d{1,2})|<([^>]*)>)", re.ASCII)


class Patterns:
    """The regular expressions of one view: which have run too long."""

    __slots__ = ("_refused",)

    def __init__(self) -> None:
        self._refused: set[Regexp] = set()

    def matches(self, pattern: Regexp, text: str) -> bool:
        """Whether ``pattern`` is found anywhere in ``text``."""
        return next(self._found(pattern, text), None) is not None

    def replace(self, pattern: Regexp, text: str, replacement: str) -> str:
        """Return ``text`` with the first match replaced, or with all of them for the flag ``g``."""
        pieces: list[str] = []
        at = 0
        for match in self._found(pattern, text):
            pieces += (text[at : match.start()], _filled(replacement, match))
            at = match.end()
            if "g" not in pattern.flags:
                break
        return "".join((*pieces, text[at:]))

    def split(self, pattern: Regexp, text: str) -> list[str]:
        """Return what stands between the matches, with what their groups hold, as JavaScript does."""
        pieces: list[str] = []
        at = 0
        for match in self._found(pattern, text):
            if match.start() == match.end() and match.start() in (at, len(text)):
                continue
            pieces += (text[at : match.start()], *(group or "" for group in match.groups()))
            at = match.end()
        return [*pieces, text[at:]] if text or not pieces else pieces

    def _found(self, pattern: Regexp, text: str) -> Iterator[regex.Match[str]]:
        if pattern in self._refused:
            raise FormulaError(f"/{pattern.source}/ takes too long")
        compiled = _compiled(pattern.source, pattern.flags)
        try:
            yield from compiled.finditer(text, timeout=_SECONDS)
        except TimeoutError as error:
            self._refused.add(pattern)
            raise FormulaError(f"/{pattern.source}/ takes too long") from error


def problem_of(pattern: Regexp) -> str | None:
    """Return what is wrong with a pattern, if anything is."""
    try:
        _compiled(pattern.source, pattern.flags)
    except FormulaError as error:
        return error.message
    return None


@lru_cache(maxsize=256)
def _compiled(source: str, flags: str) -> regex.Pattern[str]:
    unknown = sorted(set(flags) - _KNOWN_FLAGS)
    if unknown or len(set(flags)) < len(flags):
        raise FormulaError(f'a regular expression cannot have the flags "{flags}"')
    if len(source) > _MOST_CHARACTERS:
        raise FormulaError("a regular expression is too long")
    chosen = regex.VERSION0 | regex.UNICODE
    for flag, meaning in (("i", regex.IGNORECASE), ("m", regex.MULTILINE), ("s", regex.DOTALL)):
        chosen |= meaning if flag in flags else 0
    try:
        return regex.compile(_Translation(source, flags).text, chosen)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise FormulaError(f"/{source}/ is no regular expression: {error}") from error


class _Translation:
    """One pattern on its way from JavaScript's dialect to the library's."""

    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._flags = flags
        self._at = 0
        self._repeatable = False
        self._sizes = [0]
        self._size_of_last = 0
        self.text = "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        while self._at < len(self._source):
            character = self._source[self._at]
            match character:
                case "\\":
                    yield self._escape()
                case "[":
                    yield self._class()
                case "(":
                    yield self._group()
                case "*" | "+" | "?" | "{":
                    yield self._quantifier(character)
                case _:
                    self._at += 1
                    self._repeatable = character not in "^|"
                    yield self._plain(character)
            if character == "(":
                self._sizes.append(0)
            elif character not in "*+?{":
                self._grow(self._sizes.pop() if character == ")" and self._sizes[1:] else 1)

    def _plain(self, character: str) -> str:
        if character == ".":
            return "." if "s" in self._flags else _ANY
        if character == "$":
            self._repeatable = False
            return "$" if "m" in self._flags else r"\Z"
        if character in "^|)":
            return character
        return f"\\{character}" if character in _SPECIAL else character

    def _group(self) -> str:
        self._repeatable = False
        if not self._source.startswith("(?", self._at):
            self._at += 1
            return "("
        match = _GROUP.match(self._source, self._at)
        if match is None:
            raise FormulaError(f"/{self._source}/ has a group of a kind that JavaScript has not")
        self._at = match.end()
        return f"(?P<{match['name']}>" if match["name"] else match[0]

    def _quantifier(self, sign: str) -> str:
        counted = _COUNTED.match(self._source, self._at)
        if sign == "{" and counted is None:
            self._at += 1
            self._repeatable = True
            return r"\{"
        if not self._repeatable:
            raise FormulaError(f"/{self._source}/ repeats nothing")
        written = counted[0] if counted else sign
        if counted:
            self._sizes[-1] -= self._size_of_last
            self._grow(self._size_of_last * int(counted[3] or counted[1]))
        self._at += len(written)
        self._repeatable = False
        if self._source.startswith("?", self._at):
            self._at += 1
            written += "?"
        return written

    def _grow(self, size: int) -> None:
        self._size_of_last = max(size, 1)
        self._sizes[-1] += self._size_of_last
        if self._sizes[-1] > _LARGEST:
            raise FormulaError(f"/{self._source}/ repeats too much")

    def _escape(self) -> str:
        self._repeatable = True
        if named := _NAMED_REFERENCE.match(self._source, self._at + 1):
            self._at = named.end()
            return f"(?P={named[1]})"
        if self._source[self._at + 1 : self._at + 2] in {"b", "B"}:
            self._at += 2
            self._repeatable = False
            return _EDGE if self._source[self._at - 1] == "b" else _NO_EDGE
        return self._escaped(_CLASSES)

    def _class(self) -> str:
        self._repeatable = True
        self._at += 1
        negated = self._source.startswith("^", self._at)
        self._at += negated
        pieces: list[str] = []
        while not self._source.startswith("]", self._at):
            if self._at >= len(self._source):
                raise FormulaError(f"/{self._source}/ has a [ without its ]")
            if self._source[self._at] == "\\":
                pieces.append(self._escaped(_IN_CLASS))
            else:
                character = self._source[self._at]
                self._at += 1
                pieces.append(f"\\{character}" if character in "[&~|^" else character)
        self._at += 1
        if not pieces:
            return r"[\s\S]" if negated else "(?!)"
        return f"[{'^' if negated else ''}{''.join(pieces)}]"

    def _escaped(self, classes: dict[str, str]) -> str:
        """Return what a backslash and what follows it mean; letters without a meaning are themselves."""
        start = self._at + 1
        if category := _CATEGORY.match(self._source, start):
            self._at = category.end()
            return f"\\{category[0]}"
        if point := _CODE_POINT.match(self._source, start):
            self._at = point.end()
            code = int(point[1] or point[2] or point[3], 16)
            if code > _LAST_CODE_POINT:
                raise FormulaError(f"/{self._source}/ names no character")
            return f"\\U{code:08x}"
        if start >= len(self._source):
            raise FormulaError(f"/{self._source}/ ends with a backslash")
        self._at = start + 1
        character = self._source[start]
        if character in classes:
            return classes[character]
        if character in _KEPT_ESCAPES or character in _SPECIAL:
            return f"\\{character}"
        return character


def _filled(replacement: str, match: regex.Match[str]) -> str:
    """Return ``replacement`` with its ``$1``, ``$&``, ``$$`` and ``$<name>`` filled in."""

    def fill(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        if found[2]:
            return str(match[0])
        try:
            return match[int(found[3]) if found[3] else found[4]] or ""
        except IndexError:
            return found[0]

    return _REPLACEMENT.sub(fill, replacement)
