r"""LaTeX -> MathML Core, while the site is built.

One door, ``render``, behind which the package reads TeX into a tree (``tree``, ``reader``), expands the author's
macros (``macros``), rewrites what math-core lacks into what it has (``rewriting``; its rules in ``lines``,
``operators``, ``boxes``, ``markup``, ``text``, ``colors``, ``chemistry``, ``environments`` and ``diagrams``; other
names in ``names``) and converts the result (``converter``). Separate from the article because it knows nothing of
notes and pages: the same formula always gives the same MathML, and bad LaTeX a value that says what is wrong and
where.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from seedbed.tex import (
    boxes,
    chemistry,
    colors,
    converter,
    diagrams,
    environments,
    lines,
    markup,
    operators,
    text,
)
from seedbed.tex.macros import DEFINERS
from seedbed.tex.rewriting import Rewriting
from seedbed.tex.tree import MAX_DEPTH, Mistake, parse

__all__ = ["Formula", "TexError", "inline_html", "render"]

_CACHED_FORMULAS: Final = 20_000
_LONGEST: Final = 50_000
"""Characters of a formula that is still rendered: a typo that opens math must not stop the build for minutes."""
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Controls, halves of surrogate pairs and noncharacters: no HTML page may hold them."""
_INVISIBLE: Final = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff", " "))
_COMMANDS: Final = {
    **lines.RULES,
    **operators.RULES,
    **boxes.RULES,
    **markup.RULES,
    **text.RULES,
    **colors.RULES,
    **chemistry.RULES,
}
_ENVIRONMENTS: Final = {**environments.RULES, **diagrams.RULES}

_WORD = re.compile(
    r"""\\text\{[^\\{}$#&_^%]*\}
      | \\(?:left|right)\ ?(?:[()\[\].|/]|\\[{}|])
      | \\(?:middle|[bB]igg?[lrm]?)\ ?(?:[()\[\]|/]|\\[{}|])
      | \\(?:mathbf|boldsymbol|bm)(?!\s*\{?\s*\\math)[^\\A-Za-z]
      | \\[A-Za-z]+
      | \\.?""",
    re.VERBOSE | re.DOTALL,
)
"""A command; one of the first four kinds together with what follows, because this needs no rewriting."""
_REWRITTEN: Final = {*_COMMANDS, *DEFINERS, r"\begin", r"\left"}
_NOT_PLAIN = re.compile("[$#%\u200b\u2060\ufeff]|[^\\S \\t\\n]|" + _UNWRITABLE.pattern)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that a browser can show."""

    mathml: str
    """One ``<math>`` element; its source, as the author wrote it, is the annotation inside."""


@dataclass(frozen=True, slots=True)
class TexError:
    """Why a formula cannot be shown."""

    message: str
    """One line, without a final period."""
    offset: int
    """Where in the source the author wrote what is wrong."""


@lru_cache(maxsize=_CACHED_FORMULAS)
def render(source: str, *, display: bool) -> Formula | TexError:
    """Render a formula, displayed or in a line.

    The source is what stands between the dollar signs, raw. Never raises.
    """
    if len(source) > _LONGEST:
        return TexError(f"longer than {_LONGEST} characters", 0)
    if _is_plain(source) and (mathml := converter.document_of_plain(source, display=display)):
        return Formula(mathml)
    writable = _UNWRITABLE.sub("\ufffd", source)
    rewriting = Rewriting(_COMMANDS, _ENVIRONMENTS, display=display)
    try:
        nodes = rewriting.formula(parse(writable.translate(_INVISIBLE)))
        return Formula(converter.document(nodes, writable, display=display))
    except Mistake as mistake:
        return TexError(mistake.message, mistake.offset)
    except RecursionError:  # the caller's own stack may leave less room than MAX_DEPTH needs
        return TexError("nested too deeply", 0)


def inline_html(source: str) -> str:
    """Return a formula in a line as HTML: its source as code if it cannot be rendered."""
    rendered = render(source, display=False)
    if isinstance(rendered, TexError):
        return f"<code>{html.escape(source, quote=False)}</code>"
    return rendered.mathml


def _is_plain(source: str) -> bool:
    """Tell whether the converter may have the source as it is: most formulas of most notes.

    Braces and commands are all that can nest, so their number bounds the depth.
    """
    return (
        source.count("{") + source.count("\\") <= MAX_DEPTH
        and not _NOT_PLAIN.search(source)
        and _REWRITTEN.isdisjoint(_WORD.findall(source))
    )
