"""The kinds of figure -> the text of `seedbed figures`.

Separate because it is read by authors, not by the build: every kind and field with its default,
written out from the same declarations that check a block.
"""

from __future__ import annotations

from seedbed.figures.fields import Field, fields_of
from seedbed.figures.kinds import KINDS
from seedbed.figures.scheme import init_help
from seedbed.figures.spec import FigureSpec

_INTRODUCTION = """\
A figure is a fenced block in a note. Its kind is required, everything else has a default:

```figure
kind: variance-by-depth
id: relu-variance
activations: [relu]
inits: [xavier, he, {std: 0.01, label: too small}]
caption: Only [[He Initialization]] keeps the signal alive.
```
"""


def catalogue() -> str:
    """Return all kinds with their fields and defaults, as text to print."""
    parts = [_INTRODUCTION]
    for name, kind in KINDS.items():
        parts.append(f"{name}: {kind.about}\n{_rows(kind)}")
    parts.append(f"every kind\n{_rows(FigureSpec)}")
    parts.append("an init is\n" + "".join(f"  {line}\n" for line in init_help()))
    return "\n".join(parts)


def _rows(declaration: type) -> str:
    return "".join(_row(field) for field in fields_of(declaration))


def _row(field: Field) -> str:
    default = "" if field.default in (None, "") else f"default {field.rule.show(field.default)}"
    lines = [f"{field.about}; {field.rule.allowed}", default]
    return "".join(
        f"  {field.name if at == 0 else '':<12} {line}\n" for at, line in enumerate(lines) if line
    )
