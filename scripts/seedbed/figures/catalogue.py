"""The kinds of figure -> the text of `seedbed figures` and `seedbed figures KIND`.

Separate because it is read by authors, not by the build: every kind and field with its default,
written out from the same declarations that check a block.
"""

from __future__ import annotations

from collections.abc import Mapping

from seedbed.figures.fields import Field, fields_of
from seedbed.figures.kinds import KINDS, Parameters
from seedbed.figures.problem import suggestion
from seedbed.figures.scheme import init_help
from seedbed.figures.spec import FEWEST_FRAMES, MOST_FRAMES, FigureSpec, shared_fields

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
_SWEEP = (
    "one of the kind's fields, or seed, with a list of values: a frame each, and a slider",
    f"{{field: [value, value, …]}} with {FEWEST_FRAMES} to {MOST_FRAMES} values",
)


def catalogue(kind: str | None = None) -> str:
    """Return all kinds with their fields and defaults, or one with a block to copy, as text to print.

    Raises ValueError, with a message for whoever asked, if there is no such kind.
    """
    if kind is None:
        own = [f"{name}: {each.about}\n{_own(each)}" for name, each in KINDS.items()]
        shared = {field.name: field for field in fields_of(FigureSpec)}
        return "\n".join((_INTRODUCTION, *own, _shared(shared), _inits()))
    if kind not in KINDS:
        hint = suggestion(kind, KINDS) or " (seedbed figures lists all)"
        raise ValueError(f"unknown kind '{kind}'{hint}")
    return _explained(KINDS[kind])


def _explained(kind: type[Parameters]) -> str:
    fields = fields_of(kind)
    written = "".join(
        f"{field.name}: {field.rule.show(field.default)}\n"
        for field in fields
        if field.default not in (None, "")
    )
    block = f"```figure\nkind: {kind.kind}\n{written}```\n"
    parts = [
        f"{kind.kind}: {kind.about}\n",
        f"A block to copy; every line but the first may be left out, and then means the same:\n\n{block}",
        f"its fields\n{_own(kind)}",
        _shared(shared_fields(kind)),
    ]
    if any("an init" in field.rule.allowed for field in fields):
        parts.append(_inits())
    return "\n".join(parts)


def _shared(fields: Mapping[str, Field]) -> str:
    what, allowed = _SWEEP
    return f"every kind\n{_rows(fields)}  {'sweep':<12} {what};\n  {'':<12} {allowed}\n"


def _inits() -> str:
    return "an init is\n" + "".join(f"  {line}\n" for line in init_help())


def _own(kind: type[Parameters]) -> str:
    return _rows({field.name: field for field in fields_of(kind)})


def _rows(fields: Mapping[str, Field]) -> str:
    return "".join(_row(name, field) for name, field in fields.items())


def _row(name: str, field: Field) -> str:
    default = "" if field.default in (None, "") else f"default {field.rule.show(field.default)}"
    lines = [f"{field.about}; {field.rule.allowed}", default]
    return "".join(
        f"  {name if at == 0 else '':<12} {line}\n" for at, line in enumerate(lines) if line
    )
