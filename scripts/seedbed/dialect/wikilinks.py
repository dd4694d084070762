"""``[[wikilinks]]`` and ``![[embeds]]``, and what every kind of link says of its target.

Turns the text between brackets, or a Markdown destination, into a ``Ref``: as written, unresolved. Rules
OF-060 to OF-077 and OF-110 to OF-116.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.rules_inline import StateInline

from seedbed.dialect.first_characters import is_only_text
from seedbed.text import Span

_BRACKETS = re.compile(r"\[\[|\]\]|\n")
_BAR = re.compile(r"\\?\|")
_ADDRESS = re.compile(r"[ \t]*https?://[^\s|]+[ \t]*", re.IGNORECASE)
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")


@dataclass(frozen=True, slots=True)
class Ref:
    """A link or embed as written; what it means is for the index to say."""

    target: str
    """Name or path of a note or file; empty when the link stays in its own note."""
    fragment: str | None
    """What follows the first ``#``: ``Heading``, ``A#B`` or ``^block``."""
    label: str | None
    """The text to show, or an embed's size or caption; None when the author gave none."""
    embed: bool
    span: Span
    """The whole link in the note's source."""
    markdown: bool = False
    """Written as ``[label](target)``, whose target may be relative to the note's folder."""
    tentative: bool = False
    """May as well be an address outside the vault, so that nothing is wrong if nothing answers to it."""
    query: str = ""
    """What a Markdown destination has from its first ``?`` on: part of the name, if something is called so."""

    def at(self, span: Span) -> Ref:
        """Return the same link, standing elsewhere."""
        return Ref(
            self.target,
            self.fragment,
            self.label,
            self.embed,
            span,
            self.markdown,
            self.tentative,
            self.query,
        )


def parse_ref(inner: str, span: Span, *, embed: bool) -> Ref | None:
    """Read what stands between double brackets; None if that names nothing (``[[]]``, ``[[|x]]``)."""
    bar = _BAR.search(inner)
    name, label = (
        (inner, None) if bar is None else (inner[: bar.start()], inner[bar.end() :].strip())
    )
    target, hash_mark, fragment = name.partition("#")
    fragment = fragment.strip("# \t")
    if not target.strip() and not fragment:
        return None
    return Ref(
        target.strip(), fragment if hash_mark and fragment else None, label or None, embed, span
    )


def leaves_the_vault(destination: str) -> bool:
    """Whether a destination is an address elsewhere: one with a scheme, or ``//host``."""
    return _SCHEME.match(destination) is not None


def markdown_ref(
    destination: str, span: Span, label: str | None, *, embed: bool, tentative: bool = False
) -> Ref | None:
    """Read a Markdown destination; None if it leaves the vault or names nothing."""
    if not destination or leaves_the_vault(destination):
        return None
    target, hash_mark, fragment = destination.partition("#")
    decoded = unquote(fragment).strip("# \t")
    if not target and not decoded:
        return None
    name, question_mark, query = target.partition("?")
    return Ref(
        unquote(name),
        decoded if hash_mark and decoded else None,
        label,
        embed,
        span,
        markdown=True,
        tentative=tentative,
        query=unquote(question_mark + query),
    )


def is_address(inner: str) -> bool:
    """Whether what stands between double brackets leads to the web rather than to a note (OF-058)."""
    return "://" in inner and _ADDRESS.fullmatch(_BAR.split(inner, maxsplit=1)[0]) is not None


def wikilink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take the innermost complete pair of double brackets on one line."""
    start = state.pos
    embed = state.src[start] == "!"
    opening = start + embed
    if not state.src.startswith("[[", opening) or state.src.startswith("[[[", opening):
        return False
    closing = _BRACKETS.search(state.src, opening + 2, state.posMax)
    if closing is None or closing[0] != "]]":
        return False
    inner = state.src[opening + 2 : closing.start()]
    ref = parse_ref(inner, Span(start, closing.end()), embed=embed)
    if ref is None or (state.linkLevel and not embed):  # links never nest (OF-075)
        return False
    if not silent:
        _push(state, ref, inner, opening + 2)
    state.pos = closing.end()
    return True


def _push(state: StateInline, ref: Ref, inner: str, inner_start: int) -> None:
    span = (ref.span.start, ref.span.end)
    if ref.embed:
        token = state.push("embed", "", 0)
        token.meta |= {"ref": ref, "span": span}
        return
    bar = _BAR.search(inner)
    if is_address(inner):
        kind, shown = "link", inner[: bar.start() if bar else None].strip()
        token = state.push("link_open", "a", 1)
        token.attrs["href"] = state.md.normalizeLink(shown)
    else:
        kind, shown = "ref", display_text(ref)
        token = state.push("ref_open", "a", 1)
        token.meta["ref"] = ref
    token.meta["span"] = span
    if bar is not None and ref.label:
        _push_label(state, inner_start + bar.end(), inner_start + len(inner))
    else:
        state.push("text", "", 0).content = shown
    state.push(f"{kind}_close", "a", -1)


def _push_label(state: StateInline, start: int, end: int) -> None:
    """Push the inline tokens of a label, without the blanks around it."""
    label = state.src[start:end]
    if is_only_text(label):
        state.push("text", "", 0).content = label.strip(" \t")
        return
    old_end, state.posMax = state.posMax, end
    state.pos = end - len(label.lstrip(" \t"))
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = old_end
    if state.tokens[-1].type == "text":
        state.tokens[-1].content = state.tokens[-1].content.rstrip(" \t")


def display_text(ref: Ref) -> str:
    """Return what a link without a label shows: its target as typed, and its heading (OF-060, OF-063)."""
    steps = [] if ref.fragment is None else [step.strip() for step in ref.fragment.split("#")]
    return " > ".join(part for part in (ref.target, *steps) if part)
