"""Addresses of the pages that Seedbed adds beside the notes: tags, and the files it writes.

Separate because both the article, which links them, and the pages, which are them, need one answer.
"""

from __future__ import annotations

from seedbed.text import PageUri, fold

TAGS = PageUri("tags/")
NOTES = PageUri("notes/")
ASSETS = "assets/seedbed/"
FIGURES = "assets/figures/"


def tag_uri(tag: str) -> PageUri:
    """Return the page of ``tag``: its steps, which hold nothing an address cannot, as folders under ``tags/``."""
    return PageUri(TAGS + "/".join(step for step in fold(tag).split("/") if step) + "/")
