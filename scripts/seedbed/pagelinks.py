"""Links between pages as HTML: to a note, to a tag, to whatever a field or property names.

Separate because what stands above a note, below it and on the pages beside the notes all write the same links.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from seedbed.article import NOT_WRITTEN
from seedbed.article.media import place
from seedbed.dialect.wikilinks import Ref, display_text
from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.maturity import STAGES, stage_of_tag
from seedbed.meanings import Found
from seedbed.text import NotePath, PageUri, TagName, fold, relative_uri
from seedbed.uris import tag_uri


def note_link(path: NotePath, uri: PageUri, index: Index) -> str:
    """Return a link from the page at ``uri`` to the note, canvas or base at ``path``."""
    title = html.escape(index.title(path))
    return f'<a href="{html.escape(relative_uri(index.uri(path), uri))}">{title}</a>'


def note_entry(path: NotePath, uri: PageUri, index: Index) -> str:
    """Return the same link for a list, with a picture behind it if the note says how ripe it is."""
    stage = index.stage(path)
    return f"{note_link(path, uri, index)}{stage.mark if stage else ''}"


def note_list(paths: Iterable[NotePath], uri: PageUri, index: Index) -> str:
    """Return links to all of ``paths`` as a list."""
    items = "".join(f"<li>{note_entry(path, uri, index)}</li>\n" for path in paths)
    return f'<ul class="seedbed-notes">\n{items}</ul>\n'


def place_link(source: PageUri, heading: Heading | None, directive: str, uri: PageUri) -> str:
    """Return a link from the page at ``uri`` to a place on the one at ``source``, named by the ``heading`` over it.

    ``directive`` names the words there, as ``text_directive`` does; it may be empty.
    """
    address = relative_uri(source, uri, heading.anchor if heading else None)
    if directive:
        # Browsers that know no text directives ignore it, and lead to the heading.
        address += f"{'' if heading else '#'}:~:text={directive}"
    label = html.escape(heading.plain if heading and heading.plain else "Beginning")
    return f'<a class="seedbed-place" href="{html.escape(address)}">{label}</a>'


def tag_link(tag: TagName, uri: PageUri) -> str:
    """Return a link to the page of ``tag``."""
    return f'<a class="tag" href="{relative_uri(tag_uri(tag), uri)}">#{html.escape(tag)}</a>'


def stage_meaning(tag: TagName, uri: PageUri, index: Index) -> str:
    """Return what ``tag`` says of notes, for its page at ``uri``, and ways to other stages; nothing if it is none."""
    stage = stage_of_tag(tag)
    if stage is None:
        return ""
    steps = (
        f"<b>{each.tag}</b>"
        if each is stage
        else f'<a href="{relative_uri(tag_uri(each.tag), uri)}">{each.tag}</a>'
        if index.has_tag(each.tag)
        else each.tag
        for each in STAGES
    )
    ways = " → ".join(f"{each.picture} {step}" for each, step in zip(STAGES, steps, strict=True))
    return f'<p>{stage.meaning}</p>\n<p class="seedbed-stages seedbed-way">{ways}</p>\n'


def tag_list(tags: Iterable[TagName], uri: PageUri, index: Index) -> str:
    """Return links to all of ``tags``, with the number of their notes, as a list."""
    items = "".join(
        f"<li>{tag_link(tag, uri)} <small>{len(index.tagged[fold(tag)][1])}</small></li>\n"
        for tag in tags
    )
    return f'<ul class="seedbed-taglist">\n{items}</ul>\n'


def ref_link(ref: Ref, source: NotePath, index: Index) -> str:
    """Return the link that ``ref``, written in the properties or header of ``source``, is on that note's page."""
    uri = index.uri(source)
    text = html.escape(ref.label or display_text(ref) or index.title(source))
    found = index.resolve(ref, source)
    if isinstance(found, Found):
        address = relative_uri(found.uri, uri, found.anchor)
        address += place(found.path, ref.fragment) if found.kind == "file" else ""
        return f'<a href="{html.escape(address)}">{text}</a>'
    stub = None if ref.embed else index.stub(found)
    if stub is None:
        return f'<span class="missing-link">{text}</span>'
    address = html.escape(relative_uri(stub.uri, uri))
    return f'<a class="missing-link" href="{address}" title="{NOT_WRITTEN}">{text}</a>'
