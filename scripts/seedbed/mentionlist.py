"""Who mentions a note without a link to it, as it stands folded below the note: each note with its sentence."""

from __future__ import annotations

import html
from urllib.parse import quote

from seedbed.headings import Heading
from seedbed.index import Index
from seedbed.mentions import Mention
from seedbed.pagelinks import note_link
from seedbed.prose import FORMULA
from seedbed.text import NotePath, PageUri, relative_uri

MOST_NOTES = 30
"""Notes that are shown; of others only the number is."""
_WORDS_BEFORE = 4


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
    address = relative_uri(index.uri(said.source), uri, heading.anchor if heading else None)
    # Browsers that know no text directives ignore it, and lead to the heading.
    address += f"{'' if heading else '#'}:~:text={_directive(said)}"
    label = html.escape(heading.plain if heading and heading.plain else "Beginning")
    place = f'<a class="seedbed-place" href="{html.escape(address)}">{label}</a>'
    marked = f"<mark>{html.escape(said.words, quote=False)}</mark>"
    sentence = f"<span>{_written(said.before)}{marked}{_written(said.behind)}</span>"
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

    rendered = tex.render(source, display=False)
    if isinstance(rendered, tex.TexError):
        return f"<code>{html.escape(source, quote=False)}</code>"
    return rendered.mathml


def _directive(said: Mention) -> str:
    """Return the words by which a browser finds a mention."""
    lead = " ".join(said.before.removeprefix("…").split()[-_WORDS_BEFORE:])
    has_lead = lead and "\x03" not in lead  # a formula looks otherwise than its source
    return f"{_encoded(lead)}-,{_encoded(said.words)}" if has_lead else _encoded(said.words)


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def _counted(more: int) -> str:
    return f"{more} more note{'' if more == 1 else 's'}"
