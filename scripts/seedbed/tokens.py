"""What the tokens of a text hold, read off in one walk: its words, its tags, its links, its fields.

Separate from the note, because canvases, captions and examples have tokens too and are no notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seedbed.dialect import Token
from seedbed.dialect.wikilinks import Ref, markdown_ref
from seedbed.text import Span

_LINKS = frozenset({"link_open", "image"})


def walk(tokens: tuple[Token, ...] | list[Token]) -> Iterator[Token]:
    """Yield every token, inline ones after the leaf that holds them."""
    for token in tokens:
        yield token
        for child in token.children or ():
            yield child
            if child.children:
                yield from walk(child.children)


def plain_text(tokens: list[Token] | tuple[Token, ...], *, codes: bool = False) -> str:
    """Return what a reader sees of inline ``tokens``, without markup; with short ``codes`` of icons, if wanted."""
    parts = []
    for token in tokens:
        if token.type in {"text", "code_inline", "math_inline"}:
            parts.append(token.content)
        elif token.type == "tag":
            parts.append("#" + token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type == "icon" and codes:
            parts.append(f":{token.content}:")
        elif token.type == "image":
            parts.append(plain_text(token.children or []))
    return "".join(parts)


def end_of(tokens: Sequence[Token], start: int) -> int:
    """Return the index after the block that opens at ``start``."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _may_hold(leaf: Token, sign: str) -> bool:
    """Whether ``sign`` may stand in the text of a leaf; one of Python-Markdown's does not have it."""
    return not leaf.content or sign in leaf.content


def tags_in(tokens: tuple[Token, ...]) -> Iterator[str]:
    """Yield every tag of a parsed text."""
    for leaf in tokens:
        if leaf.children and _may_hold(leaf, "#"):
            for token in walk(leaf.children):
                if token.type == "tag":
                    yield token.content


def refs_in(tokens: tuple[Token, ...]) -> Iterator[Ref]:
    """Yield every link and embed of a parsed text; Markdown links to notes get their ``Ref`` here."""
    for token in walk(tokens):
        if token.type in _LINKS:
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


def inline_fields_in(tokens: tuple[Token, ...]) -> Iterator[tuple[str, str]]:
    """Yield key and visible text of every ``key:: value``."""
    for leaf in tokens:
        if not _may_hold(leaf, "::"):
            continue
        children = leaf.children or []
        for index, token in enumerate(children):
            if token.type == "inline_field_open":
                end = end_of(children, index)
                shown = plain_text(children[index:end]).strip()
                key = token.meta["key"]
                yield key, shown.removeprefix(key).lstrip(":").strip()
