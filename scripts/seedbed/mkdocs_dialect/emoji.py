"""Emoji and icons in Python-Markdown: icons as Material draws them, emoji as the characters they are.

Material has emoji drawn by images from another host, which a page must not ask for anything, and lists its icons,
14,000 files, whenever a configuration is read: here that is done when a page has the first.
"""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from markdown import Markdown


def listed(options: Any, md: Markdown) -> Mapping[str, Any]:  # noqa: ANN401 -- whatever a configuration holds
    """Return Material's index of emoji and icons (an index for ``pymdownx.emoji``)."""
    return _Index(options, md)


class _Index(Mapping[str, Any]):
    """The index, made when it is first asked."""

    def __init__(self, options: Any, md: Markdown) -> None:  # noqa: ANN401 -- as above
        self._options = options
        self._md = md

    @functools.cached_property
    def _made(self) -> dict[str, Any]:
        from material.extensions.emoji import twemoji  # noqa: PLC0415 -- for pages with icons or emoji

        made: dict[str, Any] = twemoji(self._options, self._md)
        return made

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 -- as above
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def drawn(  # noqa: PLR0913, PLR0917 -- the signature that pymdownx.emoji calls
    index: str,
    shortname: str,
    alias: str,
    uc: str | None,
    alt: str,
    title: str,
    category: str,
    options: Any,  # noqa: ANN401 -- as above
    md: Markdown,
) -> ET.Element | str:
    """Return an icon as inline SVG, an emoji as its characters (a generator for ``pymdownx.emoji``)."""
    if uc:
        return "".join(chr(int(code, 16)) for code in uc.split("-"))
    from material.extensions.emoji import to_svg  # noqa: PLC0415 -- for pages with icons

    icon: ET.Element = to_svg(index, shortname, alias, uc, alt, title, category, options, md)
    return icon
