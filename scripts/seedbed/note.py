"""From the source of one note to a ``Note``: its parse, and everything the rest needs to know of it.

A note is parsed here and nowhere else; names, headings, blocks, links and figures are read off the tokens, which
the article is later rendered from. Knows no other note.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace

from seedbed import mkdocs_dialect, properties
from seedbed.diagnostics import Code, Diagnostic
from seedbed.dialect import Parsed, Token, parse
from seedbed.dialect.comments import FILLER
from seedbed.dialect.fields import Field, Header, read_header
from seedbed.dialect.html_addresses import html_refs
from seedbed.dialect.wikilinks import Ref
from seedbed.headings import Heading, Outline
from seedbed.properties import Properties
from seedbed.property_links import header_fields, property_refs
from seedbed.suggestions import Suggestions
from seedbed.text import (
    THEME_IDS,
    AnchorId,
    Ids,
    Lines,
    NotePath,
    Span,
    TagName,
    fold,
    slug,
)
from seedbed.tokens import end_of, inline_fields_in, plain_text, refs_in, tags_in

FIGURE_LANGUAGE = "figure"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_QUERIES = {
    "query": "search",
    "dataview": "Dataview",
    "dataviewjs": "Dataview",
    "tasks": "Tasks",
}
"""Languages of fences that plug-ins answer."""


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
class Text:
    """What a note says, which is needed only where the note is written out."""

    source: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One note, read: what all others may need to know of it, and its text, unless that is kept elsewhere."""

    path: NotePath
    text: Text | None = field(repr=False)
    """None for a note at rest, as the notes of a large vault are: ``Vault.whole`` knows it."""
    title: str
    properties: Properties
    aliases: tuple[str, ...]
    tags: tuple[TagName, ...]
    """Every tag of the note, each as first spelled."""
    stated_tags: tuple[TagName, ...]
    """Those of its properties and header, which its text does not show."""
    header: tuple[Field, ...]
    """Fields of the header form that have a value, then link properties such as ``upstream``."""
    header_lines: Header | None
    """The header form alone, which is written where the note is shown without its page."""
    headings: tuple[Heading, ...]
    outline: Outline = field(init=False, repr=False, compare=False)
    """The headings, to be found by what links call them."""
    blocks: dict[str, Block]
    """Blocks by id in lower case."""
    block_ids: Suggestions = field(init=False, repr=False, compare=False)
    """Their ids, to be found by what links misspell."""
    refs: tuple[Ref, ...]
    """Every link and embed, in the order of the source."""
    inline_fields: tuple[tuple[str, str], ...]
    """Key and visible text of every ``key:: value``."""
    figures: tuple[FigureBlock, ...]
    opens_with_title: bool
    """Whether its text begins with a first-level heading."""
    diagnostics: tuple[Diagnostic, ...]
    surroundings: bytes = field(default=b"", repr=False)
    """What stands around its links, for the pages they lead to."""
    prose: bytes = field(default=b"", repr=False)
    """Where in its source its prose stands, for the names of other notes to be found there."""
    wording: str = field(default="", repr=False)
    """The words that it says again and again, by which it is like others."""

    def __post_init__(self) -> None:
        """Prepare for questions; whoever replaces headings or blocks must not get answers about the former ones."""
        object.__setattr__(self, "outline", Outline(self.headings))
        object.__setattr__(self, "block_ids", Suggestions(self.blocks))

    @property
    def upstream(self) -> Ref | None:
        """The note this one belongs under, if it names one."""
        for entry in self.header:
            if entry.key.lower() == "upstream" and entry.refs:
                return entry.refs[0]
        return None

    @property
    def face(self) -> tuple[object, ...]:
        """All of it that shows where its text does not, whatever stands where in that."""
        return (
            self.title,
            repr(self.properties),  # in which 1 is not True
            self.aliases,
            self.tags,
            self.inline_fields,
            self.upstream and _unplaced(self.upstream),
            tuple(map(_unplaced, self.refs)),
            [(each.plain, each.level, each.anchor, each.spellings) for each in self.headings],
            [(each.id, each.anchor) for each in self.blocks.values()],
        )

    @property
    def published(self) -> bool:
        """Whether the note may appear in any output."""
        return properties.is_published(self.properties)

    @property
    def source(self) -> str:
        """The whole file. Raises LookupError for a note at rest."""
        return self._text.source

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Its parse. Raises LookupError for a note at rest."""
        return self._text.tokens

    @property
    def _text(self) -> Text:
        if self.text is None:
            raise LookupError(f'the text of "{self.path}" is not at hand')
        return self.text


def read_note(path: NotePath, source: str, reader: mkdocs_dialect.Reader | None = None) -> Note:
    r"""Parse ``source`` (line ends ``\\n``) as the note at ``path``. Never raises.

    ``reader`` reads notes of MkDocs' dialect; None for the one of the built-in configuration.
    """
    source = source.replace(FILLER, _REPLACEMENT)
    block = properties.read_block(source)
    header = read_header(source, block.span.end)
    text = _blanked(source, block.span, header)
    if (properties.text(block.values, "dialect") or "").lower() == mkdocs_dialect.NAME:
        parsed = (reader or mkdocs_dialect.builtin_reader()).parse(text)
    else:
        parsed = parse(text)
    return _note(path, source, parsed, block, header)


def no_text(path: NotePath, source: str) -> Note:
    """Return a note that holds nothing, for what is written about the file at ``path`` as a whole."""
    passage = read_passage(path, "")
    return replace(passage, text=Text(source, passage.tokens))


def read_passage(path: NotePath, source: str) -> Note:
    """Parse ``source`` as text without properties or header, such as a card of the canvas at ``path``."""
    source = source.replace(FILLER, _REPLACEMENT)
    return _note(path, source, parse(source), properties.NO_BLOCK, None)


def _note(
    path: NotePath, source: str, parsed: Parsed, block: properties.Block, header: Header | None
) -> Note:
    report = _Report(path, source)
    if block.error is not None:
        report.add(Code.PROPERTIES_INVALID, *block.error)
    if block.unclosed:
        report.add(Code.PROPERTIES_UNCLOSED, "the properties have no closing ---", 0)
    for problem in parsed.problems:
        report.add(problem.code, problem.message, problem.offset)
    tokens = parsed.tokens
    if header and header.ends_with_rule:
        tokens = _without_closing_rule(tokens)
    _report_queries(tokens, report)
    headings = _headings(tokens)
    fields = header_fields(source, block, header)
    refs = (
        *(ref for entry in fields for ref in entry.refs),
        *property_refs(source, block, fields),
        *refs_in(tokens),
        *html_refs(tokens, source),
    )
    stated = _stated_tags(block.values, header)
    return Note(
        path=path,
        text=Text(source, tokens),
        title=_title(path, block.values, tokens, headings),
        properties=block.values,
        aliases=properties.texts(block.values, "aliases", "alias"),
        tags=_distinct((*stated, *tags_in(tokens))),
        stated_tags=_distinct(stated),
        header=fields,
        header_lines=header,
        headings=headings,
        blocks=_blocks(tokens, headings, report),
        refs=tuple(sorted(set(refs), key=lambda ref: (ref.span.start, ref.span.end))),
        inline_fields=tuple(inline_fields_in(tokens)),
        figures=_figures(tokens),
        opens_with_title=_opens_with_title(tokens),
        diagnostics=tuple(report.found),
    )


def _unplaced(ref: Ref) -> tuple[object, ...]:
    """Return all that a link says but where it stands and what it shows."""
    return ref.target, ref.fragment, ref.query, ref.markdown, ref.embed, ref.tentative


def name_of(path: NotePath) -> str:
    """Return a note's name: its file name without extension."""
    return path.rpartition("/")[2].rpartition(".")[0]


def is_index(path: NotePath) -> bool:
    """Whether a note is called ``index``, and so its folder's page."""
    return fold(name_of(path)) == "index"


class _Report:
    """Collects diagnostics of one note, turning offsets into lines and columns."""

    def __init__(self, path: NotePath, source: str) -> None:
        self.path = path
        self.found: list[Diagnostic] = []
        self._source = source

    @functools.cached_property
    def lines(self) -> Lines:
        """The lines of the source, which most notes never need."""
        return Lines(self._source)

    def add(self, code: Code, message: str, offset: int) -> None:
        self.found.append(Diagnostic(self.path, *self.lines.position(offset), code, message))


def _report_queries(tokens: tuple[Token, ...], report: _Report) -> None:
    for token in tokens:
        if token.type != "fence":
            continue
        plugin = _QUERIES.get(token.info.partition(" ")[0].lower())
        if plugin and token.map:
            message = f"only Obsidian can answer this {plugin} query; its source is shown"
            report.add(Code.QUERY_UNSUPPORTED, message, report.lines.start(token.map[0]))


def _blanked(source: str, block: Span, header: Header | None) -> str:
    """Return ``source`` with what is not text overwritten by blanks, so that every offset stays."""
    end = header.span.end if header else block.end
    blanks = "\n".join(" " * len(line) for line in source[:end].split("\n"))
    return blanks + source[end:]


def _without_closing_rule(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Drop the thematic break that ends a note whose header ends with one, as that was dropped."""
    return tokens[:-1] if tokens and tokens[-1].type == "hr" else tokens


def _title(
    path: NotePath, values: Properties, tokens: tuple[Token, ...], headings: tuple[Heading, ...]
) -> str:
    if written := properties.text(values, "title"):
        return written
    opens = headings and headings[0].token == 0 and headings[0].level == 1 and tokens
    if opens and headings[0].plain:
        return headings[0].plain
    folder = path.rpartition("/")[0]  # an index note is called as the folder that it stands for
    return folder.rpartition("/")[2] if folder and is_index(path) else name_of(path)


def _opens_with_title(tokens: tuple[Token, ...]) -> bool:
    return bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"


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
            for anchor, plain, line, level in token.meta.get("headings", ()):
                found.append(Heading(plain, level, anchor, line + 1, index, top_level=False))
            continue
        leaf = tokens[index + 1]
        children = leaf.children or []
        plain = " ".join(plain_text(children).split())
        also = {leaf.content.replace(FILLER, ""), plain_text(children, codes=True)} - {plain}
        level, top = int(token.tag[1]), token.level == 0
        anchor = AnchorId(token.meta.get("anchor") or ids.give(slug(plain) or "section"))
        line = token.map[0] + 1 if token.map else 1
        found.append(
            Heading(plain, level, anchor, line, index, top_level=top, spellings=tuple(sorted(also)))
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
        found[written.lower()] = Block(written, anchor, line, index, end_of(tokens, index))
    return found


def _figures(tokens: tuple[Token, ...]) -> tuple[FigureBlock, ...]:
    return tuple(
        FigureBlock(token.content, index, token.map[0] + 2 if token.map else 1)
        for index, token in enumerate(tokens)
        if token.type == "fence" and token.info.split()[:1] == [FIGURE_LANGUAGE]
    )
