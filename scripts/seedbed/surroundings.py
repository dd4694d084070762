"""What stands around each link of a note: its sentence, rendered, and where that is.

Read off a note's tokens when it is parsed, since the page a link leads to shows them without having the note's text.
Nothing here depends on what a link means: other links in a sentence are only their words. Kept packed, because few
pages look at them, and never the note's own.
"""

from __future__ import annotations

import html
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from seedbed import compact
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.note import Note
from seedbed.prose import BREAK
from seedbed.sentences import ends, is_ended
from seedbed.text import WORDS_BEFORE, text_directive
from seedbed.tokens import end_of, plain_text

MOST_SHOWN = 160
"""Characters of a sentence before a link, and behind it."""
_PROPERTY = re.compile(r"""^["'*_]*([^\s"'#:*_-][^:\n"'*]*?)["'*_]*[ \t]*:""", re.MULTILINE)
_TAGS = {"em": "em", "strong": "strong", "s": "del", "mark": "mark"}
_DROPPED = frozenset({"footnote_ref", "html_inline", "icon", "page_html"})
_FEW = 8
"""Characters beside a link's own words that say nothing of it."""
_PORTION = re.compile(r"(?:\S+\s*|\s+){1,8}")


@dataclass(frozen=True, slots=True)
class Surrounding:
    """One link in its place."""

    start: int
    """Offset of the link in the note's source."""
    html: str
    """The sentence around it, the link's own words marked; empty if there is nothing but the link."""
    heading: int
    """Which of the note's headings it stands under; -1 above the first."""
    property: str = ""
    """The property that holds it."""
    quote: str = ""
    """The words by which a browser finds it on the page, as a text directive; empty if they are not text alone."""


NOTHING = Surrounding(0, "", -1)
"""What is known of a link that stands in no text of the note's own, such as a figure's caption."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a leaf that is shown as a whole, or not at all."""

    html: str
    plain: str = ""
    opened: tuple[str, ...] = ()
    """The elements that are open before it."""
    ends: bool = False
    """Whether a sentence ends with it."""


def packed(note: Note) -> bytes:
    """Return what stands around the links of ``note``, as bytes; none for a note without links."""
    found = list(_found(note)) if note.refs else []
    return zlib.compress(compact.dumps(found), 1) if found else b""


def unpacked(content: bytes) -> dict[int, Surrounding]:
    """Return what ``packed`` wrote, by the offset of each link."""
    found: list[Surrounding] = compact.loads(zlib.decompress(content)) if content else []
    return {each.start: each for each in found}


def _found(note: Note) -> Iterator[Surrounding]:
    tokens = note.tokens
    headings = iter((heading.token, at) for at, heading in enumerate(note.headings))
    following = next(headings, None)
    heading, row = -1, None
    written = set()
    for at, token in enumerate(tokens):
        while following is not None and following[0] <= at:
            heading, following = following[1], next(headings, None)
        if token.type == "tr_open":
            row = _Row(tokens, at)
        if token.type == "embed":
            written.add(token.meta["ref"].span.start)
            yield Surrounding(token.meta["ref"].span.start, "", heading)
        if token.type != "inline" or not _has_refs(token.children or ()):
            continue
        cells = row.around(at) if row else ("", "")
        for each in _of_leaf(token.children or [], heading, cells):
            written.add(each.start)
            yield each
    text = _start_of_text(note)
    properties = _Properties(note.source[:text])
    for ref in note.refs:
        if ref.span.start not in written:
            name = properties.over(ref.span.start) if ref.span.start < text else ""
            yield Surrounding(ref.span.start, "", -1, name)


def _has_refs(children: Sequence[Token]) -> bool:
    return any("ref" in child.meta for child in children)


def _start_of_text(note: Note) -> int:
    """Return the offset behind a note's properties and header lines."""
    if note.header_lines is not None:
        return note.header_lines.span.end
    closing = re.compile(r"^---[ \t]*$", re.MULTILINE).search(note.source, 3)
    return closing.end() if closing and note.source.startswith("---") else 0


class _Properties:
    """The names of a note's properties and header fields, by place."""

    def __init__(self, top: str) -> None:
        """Read what stands above a note's text."""
        found = list(_PROPERTY.finditer(top))
        self._ends = [match.end() for match in found]
        self._names = [match[1].strip() for match in found]

    def over(self, place: int) -> str:
        """Return the name of the property that the link at ``place`` stands in; nothing if it has none."""
        at = bisect_right(self._ends, place)
        return self._names[at - 1] if at else ""


class _Row:
    """The cells of a table's row."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self._tokens = tokens
        self._span = range(start, end_of(tokens, start))

    def around(self, own: int) -> tuple[str, str]:
        """Return the cells that stand before the one at ``own``, and those behind it; none for what is no cell."""
        if own not in self._span:
            return "", ""
        first, last = bisect_left(self._places, own), bisect_right(self._places, own)
        before = self._nearest(range(first - 1, -1, -1))
        behind = self._nearest(range(last, len(self._places)))
        return (
            "".join(f"{each} · " for each in reversed(before)),
            "".join(f" · {each}" for each in behind),
        )

    def _nearest(self, order: range) -> list[str]:
        """Return the first of the cells in ``order``, as far as they are not too long."""
        found: list[str] = []
        length = 0
        for at in order:
            if length >= MOST_SHOWN:
                return [*found, "…"]
            shown, plain = self._cells[self._places[at]]
            found.append(shown)
            length += max(len(plain), 1)
        return found

    @cached_property
    def _places(self) -> list[int]:
        return list(self._cells)

    @cached_property
    def _cells(self) -> dict[int, tuple[str, str]]:
        """What is shown of each cell that is not empty, and its words, by the place of its token."""
        leaves = {
            at: _Leaf(self._tokens[at].children or []).pieces
            for at in self._span
            if self._tokens[at].type == "inline"
        }
        shown = {
            at: ("".join(piece.html for piece in pieces), "".join(piece.plain for piece in pieces))
            for at, pieces in leaves.items()
        }
        return {at: each for at, each in shown.items() if each[0]}


def _of_leaf(children: list[Token], heading: int, cells: tuple[str, str]) -> Iterator[Surrounding]:
    leaf = _Leaf(children)
    for ref, own in leaf.refs:
        sentence = leaf.sentence(own)
        words = leaf.plain(range(sentence.start, own.start)) + leaf.plain(
            range(own.stop, sentence.stop)
        )
        is_alone = not words.strip() and not any(cells)
        shown = "" if is_alone else f"{cells[0]}{leaf.html(sentence, own)}{cells[1]}"
        found = "" if ref.embed else leaf.directive(own)
        yield Surrounding(ref.span.start, shown, heading, quote=found)


class _Leaf:
    """The text of a paragraph, heading or cell, in pieces."""

    def __init__(self, children: Sequence[Token]) -> None:
        self.pieces: list[_Piece] = []
        self.refs: list[tuple[Ref, range]] = []
        self._opened: list[str] = []
        self._read(children)

    def sentence(self, own: range) -> range:
        """Return the pieces of the sentence that holds the pieces ``own``, as far as it is not too long.

        A sentence of next to nothing else has the one before it, such as a question that it answers.
        """
        part = range(self._back(own.start), self._forth(own.stop))
        if part.start and len(self.plain(part)) - len(self.plain(own)) < _FEW:
            part = range(self._back(part.start - 1), part.stop)
        return part

    def _back(self, start: int) -> int:
        length = 0
        while start and not self.pieces[start - 1].ends and length < MOST_SHOWN:
            start -= 1
            length += len(self.pieces[start].plain)
        return start

    def _forth(self, stop: int) -> int:
        length = 0
        while stop < len(self.pieces) and not self.pieces[stop - 1].ends and length < MOST_SHOWN:
            length += len(self.pieces[stop].plain)
            stop += 1
        return stop

    def plain(self, part: range) -> str:
        return "".join(self.pieces[at].plain for at in part)

    def html(self, part: range, own: range) -> str:
        """Return the pieces ``part``, those of ``own`` marked, every element closed."""
        opened = list(self.pieces[part.start].opened)
        out = [f"<{tag}>" for tag in opened]
        for at in part:
            piece = self.pieces[at]
            out += (
                "<b>" if at == own.start else "",
                piece.html,
                "</b>" if at == own.stop - 1 else "",
            )
        after = self.pieces[part.stop].opened if part.stop < len(self.pieces) else ()
        out += [f"</{tag}>" for tag in reversed(after)]
        lead = "" if part.start == 0 or self.pieces[part.start - 1].ends else "… "
        rest = part.stop == len(self.pieces) or self.pieces[part.stop - 1].ends
        return f"{lead}{''.join(out).strip()}{'' if rest else ' …'}"

    def directive(self, own: range) -> str:
        """Return the words of a link, and some before it, as a browser is asked to find them."""
        label = [self.pieces[at] for at in own]
        if any("<" in piece.html and piece.plain for piece in label):
            return ""  # what a formula or code looks like is not what stands in the source
        words = " ".join("".join(piece.plain for piece in label).split())
        lead = self._words(own.start - 1)[-WORDS_BEFORE:]
        rest = [] if lead else self._words(own.stop)[:WORDS_BEFORE]
        return text_directive(words, lead, rest) if words else ""

    def _words(self, at: int) -> list[str]:
        """Return the words of a piece, if there is one and it looks like what it says."""
        if not 0 <= at < len(self.pieces) or "<" in self.pieces[at].html:
            return []
        return self.pieces[at].plain.split()

    def _read(self, children: Sequence[Token]) -> None:
        skipped_to = 0
        for at, child in enumerate(children):
            if at < skipped_to:
                continue
            if child.type == "footnote_inline_open":
                skipped_to = end_of(children, at)
            elif isinstance(ref := child.meta.get("ref"), Ref):
                end = end_of(children, at)
                first = len(self.pieces)
                if child.nesting:
                    self._read(children[at + 1 : end - 1])
                else:
                    shown = plain_text([child]) or ref.label or display_text(ref)
                    self._add(html.escape(shown, quote=False), shown)
                if len(self.pieces) > first:
                    self.refs.append((ref, range(first, len(self.pieces))))
                skipped_to = end
            else:
                self._take(child)

    def _take(self, child: Token) -> None:
        kind, _, side = child.type.rpartition("_")
        if kind in _TAGS and side in {"open", "close"}:
            tag = _TAGS[kind]
            if side == "open":
                self._add(f"<{tag}>")
                self._opened.append(tag)
            else:
                self._add(f"</{tag}>")
                self._opened.pop()
        elif child.type == "text":
            self._add_text(child.content)
        elif child.type in {"softbreak", "hardbreak"} or _is_break(child):
            self._add(" ", " ", ends=self._has_ended())
        elif child.type == "code_inline":
            self._add(f"<code>{html.escape(child.content, quote=False)}</code>", child.content)
        elif child.type == "math_inline":
            self._add(_formula(child.content), child.content)
        elif child.type == "tag":
            self._add(f"#{html.escape(child.content, quote=False)}", f"#{child.content}")
        elif child.type == "image":
            shown = plain_text([child])
            self._add(html.escape(shown, quote=False), shown)
        elif child.nesting == 0 and child.type not in _DROPPED:
            self._add_text(child.content)

    def _add(self, shown: str, plain: str = "", *, ends: bool = False) -> None:
        self.pieces.append(_Piece(shown, plain, tuple(self._opened), ends))

    def _add_text(self, text: str) -> None:
        start = 0
        for end in ends(text):
            self._add_words(text[start:end], ends=True)
            start = end
        if start < len(text):
            self._add_words(text[start:], ends=False)

    def _add_words(self, words: str, *, ends: bool) -> None:
        # Long texts without an end of a sentence are cut between words.
        parts = _PORTION.findall(words) if len(words) > MOST_SHOWN // 2 else [words]
        for part in parts[:-1]:
            self._add(html.escape(part, quote=False), part)
        self._add(html.escape(parts[-1], quote=False), parts[-1], ends=ends)

    def _has_ended(self) -> bool:
        """Whether the end of a line ends a sentence that has not been ended by its last words."""
        last = self.pieces[-1] if self.pieces else _Piece("")
        return not last.ends and is_ended(last.plain)


def _is_break(token: Token) -> bool:
    return token.type == "html_inline" and BREAK.match(token.content) is not None


def _formula(source: str) -> str:
    from seedbed import tex  # noqa: PLC0415 -- for notes with formulas

    return tex.inline_html(source)
