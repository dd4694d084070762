"""Who mentions a note without a link to it, as it stands folded below the note: each note with its sentence."""

from __future__ import annotations

import html

from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.mentions import Mention, Passage
from seedbed.pagelinks import note_link, place_link
from seedbed.prose import FORMULA
from seedbed.text import WORDS_BEFORE, NotePath, PageUri, text_directive

MOST_NOTES = 30
"""Notes that are shown; of others only the number is."""


def mention_list(path: NotePath, index: Index) -> str:
    """Return the list of notes that mention the one at ``path`` and do not link to it; nothing if none does."""
    mentions = index.mentions(path)
    if not mentions:
        return ""
    uri = index.uri(path)
    items = "".join(f"<li>{_entry(*each, uri, index)}</li>\n" for each in mentions[:MOST_NOTES])
    more = len(mentions) - MOST_NOTES
    rest = f'<p class="seedbed-more">and {_counted(more)}</p>\n' if more > 0 else ""
    return (
        '<aside class="seedbed-mentions" aria-label="Unlinked mentions">\n'
        f"<details>\n<summary>Unlinked mentions ({len(mentions)})</summary>\n"
        f'<ul class="seedbed-linking">\n{items}</ul>\n{rest}</details>\n</aside>\n'
    )


def _entry(said: Mention, heading: Heading | None, uri: PageUri, index: Index) -> str:
    """Return the link to one note, and its sentence with a link to the place."""
    first = said.first
    place = place_link(index.uri(said.source), heading, _directive(first), uri)
    marked = f"<mark>{html.escape(first.words, quote=False)}</mark>"
    sentence = f"<span>{_written(first.before)}{marked}{_written(first.behind)}</span>"
    times = f" <small>{said.times} times</small>" if said.times > 1 else ""
    return (
        f"{note_link(said.source, uri, index)}{times}"
        f'\n<ul class="seedbed-places"><li>{place} {sentence}</li></ul>'
    )


def _written(words: str) -> str:
    """Return quoted words as HTML: text, and formulas."""
    parts = FORMULA.split(words)
    parts[::2] = [html.escape(each, quote=False) for each in parts[::2]]
    parts[1::2] = map(_formula, parts[1::2])
    return "".join(parts)


def _formula(source: str) -> str:
    from seedbed import tex  # noqa: PLC0415 -- for notes with formulas

    return tex.inline_html(source)


def _directive(said: Passage) -> str:
    """Return the words by which a browser finds a mention."""
    before = said.before.removeprefix("…").split()[-WORDS_BEFORE:]
    # A formula looks otherwise than its source.
    return text_directive(said.words, () if "\x03" in "".join(before) else before)


def _counted(more: int) -> str:
    return f"{more} more note{'' if more == 1 else 's'}"
