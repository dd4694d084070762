"""Addresses of the pages that Seedbed adds beside the notes: tags, and the files it writes.

Separate because both the article, which links them, and the pages, which are them, need one answer.
"""

from __future__ import annotations

from urllib.parse import quote

from seedbed.text import PageUri, fold, slug

TAGS = PageUri("tags/")
NOTES = PageUri("notes/")
ASSETS = "assets/seedbed/"
FIGURES = "assets/figures/"


def tag_uri(tag: str) -> PageUri:
    """Return the page of ``tag``: its steps as folders under ``tags/``."""
    steps = [
        slug(step) or quote(fold(step), safe="").replace("%", "-").strip("-").lower()
        for step in tag.split("/")
        if step
    ]
    return PageUri(TAGS + "/".join(steps) + "/")
