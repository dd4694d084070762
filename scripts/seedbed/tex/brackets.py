"""Brackets that math-core would take too long over: it looks for the partner of each to the end of the formula.

With each one that is opened and never closed the time doubles, as what stands between is read twice; very many in one
another end the process. Any closing bracket is the partner of any opening one, also in another group.
"""

from __future__ import annotations

import re
from typing import Final

from seedbed.tex.tree import MAX_DEPTH

_MOST_OPEN: Final = 14
"""A formula with as many takes a millisecond more."""
_NAMES: Final = (
    "ang(?:le)?|Angle|[bB]race|brack(?:et)?|ceil|corner|floor|group|moustache|parenthesis|[vV]ert"
)
_BRACKET = re.compile(
    rf"""(?P<open> \\[ul]?l(?:{_NAMES})(?![A-Za-z]) | \\\{{ | [(\[⟦⟨⟪⟬⟮⌈⌊⌜⌞⦃⦅⦇⦉] )
      | (?P<close> \\[ulr]?r(?:{_NAMES})(?![A-Za-z]) | \\\}} | [)\]⟧⟩⟫⟭⟯⌉⌋⌝⌟⦄⦆⦈⦊] )
      | \\[A-Za-z]+ | \\.""",
    re.VERBOSE | re.DOTALL,
)


def first_too_many(text: str) -> int | None:
    """Return where a bracket stands that is one too many, if one is."""
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        if found["open"]:
            opened.append(found.start())
            if len(opened) > MAX_DEPTH:
                return found.start()
        elif found["close"] and opened:
            opened.pop()
    return opened[_MOST_OPEN] if len(opened) > _MOST_OPEN else None
