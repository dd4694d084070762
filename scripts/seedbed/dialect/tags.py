"""``#tags`` in running text. Rules OF-190 to OF-200."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

# What ends a tag (OF-195): white space, ASCII punctuation but for _ - /, general punctuation.
_BODY = r"[^\s!-,.:-@\[-^`{-~\u2000-\u206f\u2e00-\u2e7f\ufdd0]"
_TAG = re.compile(rf"#({_BODY}+)")
_ONLY_DIGITS = re.compile(r"[\d/]+")


def is_tag(name: str) -> bool:
    """Whether ``name`` (without its hash mark) is a tag: right characters, not digits alone."""
    return re.fullmatch(rf"{_BODY}+", name) is not None and _ONLY_DIGITS.fullmatch(name) is None


def only_tags(line: str) -> tuple[str, ...]:
    """Return the tags of a line that holds nothing else, without their hash marks; else nothing."""
    words = line.split()
    if all(word.startswith("#") and is_tag(word[1:]) for word in words):
        return tuple(word[1:].rstrip("/") for word in words)
    return ()


def tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the parser's signature
    """Take a tag that stands at the start of its text or after white space."""
    position = state.pos
    if state.src[position] != "#" or (position and not state.src[position - 1].isspace()):
        return False
    match = _TAG.match(state.src, position, state.posMax)
    if match is None or _ONLY_DIGITS.fullmatch(match[1]) or state.linkLevel:
        return False
    name = match[1].rstrip("/")
    if not silent:
        token = state.push("tag", "a", 0)
        token.content = name
        token.meta["span"] = (position, position + 1 + len(name))
    state.pos += 1 + len(name)
    return True
