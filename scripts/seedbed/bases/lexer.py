"""The text of a formula -> its words, numbers, texts, patterns and signs.

Separate because only the words before it tell whether a slash divides or begins a regular expression, and the
parser should not have to think of that. What is no part of the language is a problem with an offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "number", "text", "pattern", "sign", "end"]

_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_SIGN = re.compile(r"===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!()\[\]{},.:]")
_TEXT = re.compile(r"""(?P<mark>["'])(?P<inside>(?:\\.|(?!(?P=mark))[^\\])*)(?P=mark)""", re.DOTALL)
_PATTERN = re.compile(
    r"/(?P<source>(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/(?P<flags>[a-zA-Z]*)"
)
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<long>[0-9a-fA-F]{1,6})\}|u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2})"
    r"|(?P<one>\r\n|[\s\S]))"
)
_SHORT_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS = {"\n", "\r", "\r\n", "\u2028", "\u2029"}
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_MOST_NUMERALS = 400
_TYPICAL_SLIPS = {
    "=": "compare with `==`",
    "&": "join conditions with `&&`",
    "|": "join conditions with `||`",
    "?": "write `if(condition, value, other value)`",
    "`": "put text in single or double quotes",
    "“": "put text in straight quotes",
    "”": "put text in straight quotes",
}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a formula."""

    kind: Kind
    text: str
    """The name, sign or digits; for texts what they say, for patterns what stands between the slashes."""
    at: int
    end: int
    flags: str = ""


class SyntaxProblemError(Exception):
    """Says what keeps a text from being a formula, and where; never leaves ``parser``."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


def read_lexemes(source: str) -> tuple[Lexeme, ...]:
    """Return the pieces of ``source``, the last of kind ``end``."""
    found: list[Lexeme] = []
    at = 0
    while True:
        blanks = _BLANKS.match(source, at)
        at = blanks.end() if blanks else at
        if at >= len(source):
            found.append(Lexeme("end", "", at, at))
            return tuple(found)
        found.append(_next(source, at, after_value=bool(found) and _ends_value(found[-1])))
        at = found[-1].end


def _next(source: str, at: int, *, after_value: bool) -> Lexeme:
    first = source[at]
    if match := _NAME.match(source, at):
        return Lexeme("name", match.group(), at, match.end())
    if (first.isdigit() or not after_value) and (match := _NUMBER.match(source, at)):
        if len(match.group()) > _MOST_NUMERALS:
            raise SyntaxProblemError("a number has too many digits", at)
        return Lexeme("number", match.group(), at, match.end())
    if first in "\"'":
        if match := _TEXT.match(source, at):
            said = _ESCAPE.sub(_unescape, match["inside"])
            return Lexeme("text", said, at, match.end())
        raise SyntaxProblemError(f"the text that begins with {first} does not end", at)
    if first == "/" and not after_value:
        if match := _PATTERN.match(source, at):
            return Lexeme("pattern", match["source"], at, match.end(), match["flags"])
        raise SyntaxProblemError("the regular expression does not end", at)
    if match := _SIGN.match(source, at):
        return Lexeme("sign", match.group(), at, match.end())
    advice = _TYPICAL_SLIPS.get(first)
    shown = first if first.isprintable() else f"U+{ord(first):04X}"
    raise SyntaxProblemError(f'unexpected "{shown}"' + (f": {advice}" if advice else ""), at)


def _ends_value(lexeme: Lexeme) -> bool:
    """Whether a value may end with this, so that a slash behind it divides."""
    return lexeme.kind in {"name", "number", "text", "pattern"} or lexeme.text in {")", "]", "}"}


def _unescape(match: re.Match[str]) -> str:
    if match["one"] is not None:
        one = match["one"]
        return "" if one in _LINE_ENDS else _SHORT_ESCAPES.get(one, one)
    code = int(match["long"] or match["four"] or match["two"], 16)
    return chr(code) if code <= _LAST_CODE_POINT and code not in _SURROGATES else "\ufffd"
