"""Where sentences end, in words whose markup is gone.

One place for it, so that what is shown around a link and around a mention is cut alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"""[.!?…]["'”’)\]]*\s+|[。！？]["'”’)\]」』]*""")
_BEGINNING = re.compile(r"""["'“‘(\[]*[^\W\d_a-z]|\Z""")
_IDEOGRAPHIC = frozenset("。！？")
_NO_END = re.compile(
    r"\b(?:\w|cf|vs|al|etc|Figs?|Eqs?|Nos?|Sec|Ch|St|Dr|Mrs?|Prof|resp|approx|bzw|ca|vgl|usw)\.\s+\Z"
)
_LONGEST = 8
"""Characters of the longest abbreviation, and more."""
_TAIL = 16
"""Characters that tell whether a sentence ends behind them."""


def ends(text: str, *, before_any: bool = False) -> Iterator[int]:
    """Yield the offsets at which a sentence is over, behind the blanks that follow it.

    It goes on behind the full stop of an abbreviation, and before what is no capital letter, unless one may begin
    ``before_any``. At the end of ``text`` it is over only if a blank stands there, or an ideographic full stop: what
    follows may belong to the same word.
    """
    for match in _END.finditer(text):
        at = match.end()
        begins = before_any or match[0][0] in _IDEOGRAPHIC or _BEGINNING.match(text, at)
        if begins and not _NO_END.search(text, max(match.start() - _LONGEST, 0), at):
            yield at


def is_ended(text: str) -> bool:
    """Whether a sentence is over at the end of ``text`` if a blank follows."""
    tail = f"{text[-_TAIL:]} "
    return len(tail) in ends(tail)
