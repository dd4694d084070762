"""What stands around each link of a note: its sentence, rendered, and where that is.

Read off a note's tokens when it is parsed, since the page a link leads to shows them without having the note's text.
Nothing here depends on what a link means: other links in a sentence are only their words. Kept packed, because few
pages look at them, and never the note's own.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from seedbed import compact
from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.note import Note
from seedbed.tokens import end_of, plain_text

MOST_SHOWN = 160
"""Characters of a sentence before a link, and behind it."""
_SENTENCE_END = re.compile(r"""(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[]*[^\W\d_a-z])|(?<=[。！？])""")
_ENDED = re.compile(r"""(?:[.!?…]["'”’)\]]*\s+|[。！？])\Z""")
_MAY_END = re.compile(r"[.!?…。！？]")
_NO_END = re.compile(
    r"(?:\b(?:\w|cf|vs|al|etc|Figs?|Eqs?|Nos?|Sec|Ch|St|Dr|Mrs?|Prof|resp|approx|bzw|ca|vgl|usw))\.\s+\Z"
)
_PROPERTY = re.compile(r"""^["'*_]*([^\s"'#:*_-][^:\n"'*]*?)["'*_]*[ \t]*:""", re.MULTILINE)
_TAGS = {"em": "em", "strong": "strong", "s": "del", "mark": "mark"}
_DROPPED = frozenset({"footnote_ref", "html_inline", "icon", "page_html"})
_WORDS_BEFORE = 4
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
    heading, row = -1, (0, 0)
    written = set()
    for at, token in enumerate(tokens):
        while following is not None and following[0] <= at:
            heading, following = following[1], next(headings, None)
        if token.type == "tr_open":
            row = (at, end_of(tokens, at))
        if token.type == "embed":
            written.add(token.meta["ref"].span.start)
            yield Surrounding(token.meta["ref"].span.start, "", heading)
        if token.type != "inline" or not _has_refs(token.children or ()):
            continue
        in_row = tokens[row[0] : row[1]] if row[0] < at < row[1] else ()
        for each in _of_leaf(token.children or [], heading, _cells(in_row, at - row[0])):
            written.add(each.start)
            yield each
    text = _start_of_text(note)
    for ref in note.refs:
        if ref.span.start not in written:
            name = _property_at(note.source, ref) if ref.span.start < text else ""
            yield Surrounding(ref.span.start, "", -1, name)


def _has_refs(children: Sequence[Token]) -> bool:
    return any("ref" in child.meta for child in children)


def _start_of_text(note: Note) -> int:
    """Return the offset behind a note's properties and header lines."""
    if note.header_lines is not None:
        return note.header_lines.span.end
    closing = re.compile(r"^---[ \t]*$", re.MULTILINE).search(note.source, 3)
    return closing.end() if closing and note.source.startswith("---") else 0


def _property_at(source: str, ref: Ref) -> str:
    """Return the name of the property or header field around a link that is in no text."""
    names = [match[1] for match in _PROPERTY.finditer(source, 0, ref.span.start)]
    return names[-1].strip() if names else ""


def _cells(row: Sequence[Token], own: int) -> tuple[str, str]:
    """Return the cells of a table's row that stand before the one at ``own``, and those behind it."""
    before: list[str] = []
    behind: list[str] = []
    for at, token in enumerate(row):
        if token.type == "inline" and at != own:
            shown = "".join(piece.html for piece in _Leaf(token.children or []).pieces)
            if shown:
                (before if at < own else behind).append(shown)
    return "".join(f"{each} · " for each in before), "".join(f" · {each}" for each in behind)


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
        before = self.pieces[own.start - 1] if own.start else _Piece("")
        lead = "" if "<" in before.html else " ".join(before.plain.split()[-_WORDS_BEFORE:])
        return "".join((_encoded(lead) + "-," if lead else "", _encoded(words))) if words else ""

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
        elif child.type in {"softbreak", "hardbreak"}:
            self._add(" ", " ", ends=self._has_ended())
        elif child.type == "code_inline":
            self._add(f"<code>{html.escape(child.content, quote=False)}</code>", child.content)
        elif child.type == "math_inline":
            self._add(_formula(child), child.content)
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
        if _MAY_END.search(text):
            for match in _SENTENCE_END.finditer(text):
                if not _NO_END.search(text[: match.end()]):
                    self._add_words(text[start : match.end()], ends=True)
                    start = match.end()
        rest = text[start:]
        if rest:
            ends = rest[-1] in " \t\u3002！？" and _ENDED.search(rest) and not _NO_END.search(rest)
            self._add_words(rest, ends=bool(ends))

    def _add_words(self, words: str, *, ends: bool) -> None:
        # Long texts without an end of a sentence are cut between words.
        parts = _PORTION.findall(words) if len(words) > MOST_SHOWN // 2 else [words]
        for part in parts[:-1]:
            self._add(html.escape(part, quote=False), part)
        self._add(html.escape(parts[-1], quote=False), parts[-1], ends=ends)

    def _has_ended(self) -> bool:
        """Whether a sentence ends before the end of a line."""
        last = self.pieces[-1].plain if self.pieces else ""
        return last.endswith((".", "!", "?", "…", "。")) and not _NO_END.search(last + " ")


def _formula(child: Token) -> str:
    from seedbed import tex  # noqa: PLC0415 -- for notes with formulas

    rendered = tex.render(child.content, display=False)
    if isinstance(rendered, tex.TexError):
        return f"<code>{html.escape(child.content, quote=False)}</code>"
    return rendered.mathml


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
