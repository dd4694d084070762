"""From the source of one note to a ``Note``: its parse, and everything the rest needs to know of it.

A note is parsed here and nowhere else; names, headings, blocks, links and figures are read off the tokens, which
the article is later rendered from. Knows no other note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from seedbed import properties
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import Token, parse
from seedbed.dialect.comments import FILLER
from seedbed.dialect.fields import Field, Header, links, read_header
from seedbed.dialect.wikilinks import Ref, markdown_ref
from seedbed.properties import Properties
from seedbed.text import THEME_IDS, AnchorId, Ids, Lines, NotePath, Span, TagName, fold, slug

FIGURE_LANGUAGE = "figure"
_PROPERTY = re.compile(r"""^["']?(?P<name>[^\s"'#:][^:\n"']*)["']?[ \t]*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the part of the note it opens."""

    plain: str
    """Its visible text, without markup."""
    level: int
    anchor: AnchorId
    line: int
    token: int
    """Index of its opening token."""
    top_level: bool
    """Not inside a quote or list, so that it divides the note into sections."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block that carries a block id."""

    id: str
    anchor: AnchorId
    line: int
    start: int
    """Index of its first token."""
    end: int
    """Index after its last token."""


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A fenced ``figure`` block, as written."""

    source: str
    token: int
    line: int
    """Line of the block's first line of content, counted from one."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note, read."""

    path: NotePath
    source: str
    title: str
    properties: Properties
    aliases: tuple[str, ...]
    tags: tuple[TagName, ...]
    """Every tag of the note, each as first spelled."""
    stated_tags: tuple[TagName, ...]
    """Those of its properties and header, which its text does not show."""
    header: tuple[Field, ...]
    """Fields of the header form that have a value, then link properties such as ``upstream``."""
    headings: tuple[Heading, ...]
    blocks: dict[str, Block]
    """Blocks by id in lower case."""
    refs: tuple[Ref, ...]
    """Every link and embed, in the order of the source."""
    figures: tuple[FigureBlock, ...]
    tokens: tuple[Token, ...] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]

    @property
    def upstream(self) -> Ref | None:
        """The note this one belongs under, if it names one."""
        for entry in self.header:
            if entry.key.lower() == "upstream" and entry.refs:
                return entry.refs[0]
        return None

    @property
    def published(self) -> bool:
        """Whether the note may appear in any output."""
        return properties.is_published(self.properties)

    @property
    def opens_with_title(self) -> bool:
        """Whether the note's text begins with a first-level heading."""
        return (
            bool(self.tokens)
            and self.tokens[0].type == "heading_open"
            and self.tokens[0].tag == "h1"
        )


def read_note(path: NotePath, source: str) -> Note:
    r"""Parse ``source`` (line ends ``\\n``) as the note at ``path``. Never raises."""
    source = source.replace(FILLER, "\N{REPLACEMENT CHARACTER}")
    report = _Report(path, source)
    block = properties.read_block(source)
    if block.error is not None:
        report.add(Code.PROPERTIES_INVALID, *block.error)
    if block.unclosed:
        report.add(Code.PROPERTIES_UNCLOSED, "the properties have no closing ---", 0)
    header = read_header(source, block.span.end)
    parsed = parse(_blanked(source, block.span, header))
    for problem in parsed.problems:
        report.add(problem.code, problem.message, problem.offset)
    tokens = _without_closing_rule(parsed.tokens) if header else parsed.tokens
    headings = _headings(tokens)
    fields = _fields(source, block, header)
    refs = (
        *(ref for entry in fields for ref in entry.refs),
        *_other_property_refs(source, block, fields),
        *_refs(tokens),
    )
    stated = _stated_tags(block.values, header)
    return Note(
        path=path,
        source=source,
        title=_title(path, block.values, tokens, headings),
        properties=block.values,
        aliases=properties.texts(block.values, "aliases", "alias"),
        tags=_distinct(
            (*stated, *(token.content for token in walk(tokens) if token.type == "tag"))
        ),
        stated_tags=_distinct(stated),
        header=fields,
        headings=headings,
        blocks=_blocks(tokens, headings, report),
        refs=tuple(sorted(set(refs), key=lambda ref: (ref.span.start, ref.span.end))),
        figures=_figures(tokens),
        tokens=tokens,
        diagnostics=tuple(report.found),
    )


def name_of(path: NotePath) -> str:
    """Return a note's name: its file name without extension."""
    return path.rpartition("/")[2].rpartition(".")[0]


def walk(tokens: tuple[Token, ...] | list[Token]) -> Iterator[Token]:
    """Yield every token, inline ones after the leaf that holds them."""
    for token in tokens:
        yield token
        if token.children:
            yield from walk(token.children)


def plain_text(tokens: list[Token] | tuple[Token, ...]) -> str:
    """Return what a reader sees of inline ``tokens``, without markup."""
    parts = []
    for token in tokens:
        if token.type in {"text", "code_inline", "math_inline"}:
            parts.append(token.content)
        elif token.type == "tag":
            parts.append("#" + token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type == "image":
            parts.append(plain_text(token.children or []))
    return "".join(parts)


class _Report:
    """Collects diagnostics of one note, turning offsets into lines and columns."""

    def __init__(self, path: NotePath, source: str) -> None:
        self.path = path
        self.lines = Lines(source)
        self.found: list[Diagnostic] = []

    def add(self, code: Code, message: str, offset: int) -> None:
        self.found.append(Diagnostic(self.path, *self.lines.position(offset), code, message))


def _blanked(source: str, block: Span, header: Header | None) -> str:
    """Return ``source`` with what is not text overwritten by blanks, so that every offset stays."""
    end = header.span.end if header else block.end
    return "".join("\n" if character == "\n" else " " for character in source[:end]) + source[end:]


def _without_closing_rule(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Drop the thematic break that ends a note of the header form, as its header's rules were dropped."""
    return tokens[:-1] if tokens and tokens[-1].type == "hr" else tokens


def _title(
    path: NotePath, values: Properties, tokens: tuple[Token, ...], headings: tuple[Heading, ...]
) -> str:
    if written := properties.text(values, "title"):
        return written
    opens = headings and headings[0].token == 0 and headings[0].level == 1 and tokens
    return headings[0].plain if opens and headings[0].plain else name_of(path)


def _stated_tags(values: Properties, header: Header | None) -> tuple[str, ...]:
    in_fields = (tag for entry in header.fields for tag in entry.tags) if header else ()
    return (*properties.tags(values), *(header.tags if header else ()), *in_fields)


def _distinct(tags: tuple[str, ...]) -> tuple[TagName, ...]:
    """Return each tag once, as first spelled (OF-198)."""
    found: dict[str, TagName] = {}
    for name in tags:
        found.setdefault(fold(name), TagName(name))
    return tuple(found.values())


def _headings(tokens: tuple[Token, ...]) -> tuple[Heading, ...]:
    found: list[Heading] = []
    ids = Ids(THEME_IDS)
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        plain = " ".join(plain_text(tokens[index + 1].children or []).split())
        anchor = AnchorId(ids.give(slug(plain) or "section"))
        line = token.map[0] + 1 if token.map else 1
        found.append(
            Heading(plain, int(token.tag[1]), anchor, line, index, top_level=token.level == 0)
        )
    return tuple(found)


def _blocks(
    tokens: tuple[Token, ...], headings: tuple[Heading, ...], report: _Report
) -> dict[str, Block]:
    found: dict[str, Block] = {}
    heading_anchors = {heading.token: heading.anchor for heading in headings}
    for index, token in enumerate(tokens):
        written = token.meta.get("block_id")
        if written is None:
            continue
        line = token.map[0] + 1 if token.map else 1
        if written.lower() in found:
            del token.meta["block_id"]
            first = found[written.lower()].line
            report.add(
                Code.BLOCK_DUPLICATE,
                f"duplicate block id ^{written}; links lead to the first, on line {first}",
                report.lines.start(line - 1),
            )
            continue
        anchor = heading_anchors.get(index, AnchorId(f"^{written.lower()}"))
        found[written.lower()] = Block(written, anchor, line, index, _end_of(tokens, index))
    return found


def _end_of(tokens: tuple[Token, ...], start: int) -> int:
    """Return the index after the block that opens at ``start``."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _refs(tokens: tuple[Token, ...]) -> Iterator[Ref]:
    """Yield every link and embed of the text; Markdown links to notes get their ``Ref`` here."""
    for token in walk(tokens):
        if token.type in {"link_open", "image"}:
            destination = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
            label = token.content or None if token.type == "image" else None
            span = token.meta.get("span")
            embed = token.type == "image"
            ref = (
                markdown_ref(destination, span, label, embed=embed)
                if isinstance(span, Span)
                else None
            )
            if ref is not None:
                token.meta["ref"] = ref
        if "ref" in token.meta:
            yield token.meta["ref"]


def _fields(source: str, block: properties.Block, header: Header | None) -> tuple[Field, ...]:
    """Return the header's fields, then ``upstream`` and ``links`` from the properties, which mean the same."""
    written = header.fields if header else ()
    keys = {entry.key.lower() for entry in written}
    starts = _property_starts(source, block)
    from_properties = []
    for name, value in block.values.items():
        if name.lower() in {"upstream", "links"} and name.lower() not in keys:
            refs = tuple(
                _property_refs(source, starts.get(name, 0), block.span.end, value, bare=True)
            )
            if refs:
                from_properties.append(Field(name, refs, ()))
    return (*written, *from_properties)


def _other_property_refs(
    source: str, block: properties.Block, fields: tuple[Field, ...]
) -> Iterator[Ref]:
    """Yield the wikilinks in all other properties: they count as links (OF-034)."""
    shown = {entry.key for entry in fields}
    starts = _property_starts(source, block)
    for name, value in block.values.items():
        if name not in shown:
            yield from _property_refs(
                source, starts.get(name, 0), block.span.end, value, bare=False
            )


def _property_starts(source: str, block: properties.Block) -> dict[str, int]:
    """Return where the value of each property begins that stands on a line of its own."""
    found = _PROPERTY.finditer(source, block.span.start, block.span.end)
    return {match["name"].strip(): match.end() for match in found}


def _property_refs(
    source: str, start: int, end: int, value: object, *, bare: bool
) -> Iterator[Ref]:
    """Yield the links in a property's ``value``, written between ``start`` and ``end``; if not to be found, at 0."""
    for text in properties.strings(value):
        found = source.find(text, start, end)
        start = found + len(text) if found >= 0 else start
        refs = links(text, max(found, 0))
        if not refs and bare and text.strip():
            span = Span(max(found, 0), max(found, 0) + len(text))
            refs = (Ref(text.strip(), None, None, embed=False, span=span),)
        yield from (ref if found >= 0 else replace(ref, span=Span(0, 3)) for ref in refs)


def _figures(tokens: tuple[Token, ...]) -> tuple[FigureBlock, ...]:
    return tuple(
        FigureBlock(token.content, index, token.map[0] + 2 if token.map else 1)
        for index, token in enumerate(tokens)
        if token.type == "fence" and token.info.split()[:1] == [FIGURE_LANGUAGE]
    )
