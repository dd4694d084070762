"""How a page shows that something leads nowhere."""

from __future__ import annotations

import html

NOT_WRITTEN = "Nobody has written this note yet"
NOT_FOUND = "This link leads nowhere"


def missing(text: str) -> str:
    """Return ``text`` marked as a link that leads nowhere."""
    return f'<span class="missing-link" title="{NOT_FOUND}">{html.escape(text)}</span>'
