"""Commands that reach for the page around a formula: links, classes, styles, characters by number.

Notes are written by others, so a formula may bring nothing into the page that could act: addresses are checked,
and classes, ids and styles are dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from seedbed.tex.reader import Reader
from seedbed.tex.rewriting import Rewriting, Rule
from seedbed.tex.text import text
from seedbed.tex.tree import Atom, Group, Mistake, Nodes, Splice, atoms, plain

_SAFE_SCHEMES: Final = ("http", "https", "mailto")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED_IN_URLS = re.compile(r"[\x00-\x20]")
"""What browsers drop before they look for a scheme: ``java script:`` is one."""
_CHARACTER_CODE = re.compile(r"x([0-9A-Fa-f]{1,6})|([0-9]{1,7})")
_LAST_CHARACTER: Final = 0x10FFFF


def _second(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Group]:
    """Drop the first argument: a class, an id or a style would reach into the page around the formula."""
    reader.argument(command)
    return (rewriting.argument(command, reader),)


def _first(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Group]:
    content = rewriting.argument(command, reader)
    reader.argument(command)
    return (content,)


def _href(rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    address = re.sub(r"\\([%#&_~])", r"\1", plain(reader.argument(command)).strip())
    scheme = _SCHEME.match(_IGNORED_IN_URLS.sub("", address))
    if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
        raise Mistake(
            rf"\href leads only to http, https, mailto or another page, not to {scheme[1]}:",
            command.offset,
        )
    content = rewriting.mathml(reader.argument(command))
    # An <a> of HTML may stand in text only, and starts a new formula in there.
    style = ' displaystyle="true"' if rewriting.display else ""
    link = f'<a href="{html.escape(address)}"><math{style}>{content}</math></a>'
    return (Splice(f"<mtext>{link}</mtext>", command.offset),)


def _unicode(_rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    reader.optional()
    code = _CHARACTER_CODE.fullmatch(plain(reader.argument(command)).strip())
    number = int(code[1], 16) if code and code[1] else int(code[2]) if code else _LAST_CHARACTER + 1
    if number > _LAST_CHARACTER or not chr(number).isprintable():
        raise Mistake(
            r"\unicode needs the number of a printable character, such as x3B1", command.offset
        )
    return (Splice(f"<mtext>{html.escape(chr(number))}</mtext>", command.offset),)


def _verb(_rewriting: Rewriting, command: Atom, reader: Reader) -> tuple[Splice]:
    verbatim = html.escape(plain(reader.argument(command))).replace(" ", "\u00a0")
    return (Splice(f"<mtext><code>{verbatim}</code></mtext>", command.offset),)


def _logo(rewriting: Rewriting, command: Atom, _reader: Reader) -> Nodes:
    return text(rewriting, atoms(command.text[1:], command.offset), command.offset)


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys((r"\class", r"\cssId", r"\style"), _second),
    **dict.fromkeys((r"\texttip", r"\mathtip"), _first),
    r"\href": _href,
    r"\unicode": _unicode,
    r"\verb": _verb,
    **dict.fromkeys((r"\TeX", r"\LaTeX"), _logo),
}
