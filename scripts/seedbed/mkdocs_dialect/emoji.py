"""Emoji and icons in Python-Markdown: icons as Material draws them, emoji as the characters they are.

Material has emoji drawn by images from another host, which a page must not ask for anything.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from material.extensions.emoji import to_svg


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
    icon: ET.Element = to_svg(index, shortname, alias, uc, alt, title, category, options, md)
    return icon
