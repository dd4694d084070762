"""Mermaid source to a raw SVG document, or what is wrong with the source; the only user of merman.

Separate because merman is native code that has no release for some platforms: it is loaded when the first diagram
is drawn, once in each process, and its absence is an outcome rather than an error.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
from types import ModuleType
from typing import Protocol

from seedbed.diagrams.problem import TOO_LARGE, Problem
from seedbed.diagrams.themes import FONT, Theme

_PROFILE = {"profile": "constrained"}
"""What merman allows untrusted sources, in bytes, entities, nesting and so on."""
_LIMITS = {**_PROFILE, "limits": {"max_layout_work_units": 5_000_000}}
"""Only the work of laying out is more: by merman's own measure a chain of eighty nodes would be too much."""
_MOST_MILLISECONDS = 10_000
_PREFIX = re.compile(r"^(?:Diagram parse error \([^)]*\)|[\w -]+ error): ")
_NO_MATH = "a label holds a formula, which merman cannot draw"
_NOT_HERE = "merman, which draws diagrams, has no release for this platform"


class _Result(Protocol):
    data: bytes


class _Engine(Protocol):
    def execute(self, request: object) -> _Result: ...


class _Refusal(Protocol):
    """What merman raises, as far as it is read here."""

    message: str
    capability_id: str | None
    resource: object
    cancellation: object


def draw_raw(source: str, theme: Theme) -> str | Problem:
    """Return the SVG document that merman makes of ``source``, or why it makes none."""
    merman = library()
    if merman is None:
        return Problem(_NOT_HERE)
    control = merman.MermanOperationControl(timeout_ms=_MOST_MILLISECONDS)
    request = merman.MermanOperationRequestV4(
        operation_id="svg", source=source, uri=None, options_json=None, control=control
    )
    try:
        result = _engine(merman, theme, os.getpid()).execute(request)
    except merman.MermanError.Binding as error:
        return _problem(merman, source, error)
    return result.data.decode()


@functools.cache
def library() -> ModuleType | None:
    """Return merman; None where it has no release."""
    try:
        import merman  # noqa: PLC0415 -- native code of 60 MB, which a vault without diagrams does not need
    except (ImportError, OSError):
        return None
    module: ModuleType = merman
    return module


@functools.lru_cache(maxsize=4)
def _engine(merman: ModuleType, theme: Theme, _process: int) -> _Engine:
    """Return an engine for ``theme``: one a process, since a forked one cannot use its parent's."""
    wanted = {
        "version": 2,
        "resources": _LIMITS,
        "svg": {"pipeline": "readable", "diagram_id": "d"},
        "site_config": {
            "look": "classic",
            "theme": theme.name,
            "fontFamily": FONT,
            "themeVariables": theme.variables(),
        },
    }
    # The library is torn down before what is still cached, and would complain of it.
    atexit.register(_engine.cache_clear)
    engine: _Engine = merman.MermanEngine(options_json=json.dumps(wanted), services=None)
    return engine


def _problem(merman: ModuleType, source: str, error: _Refusal) -> Problem:
    """Return one sentence of what merman says, at the place its analysis finds."""
    if error.capability_id == "math":
        return Problem(_NO_MATH)
    if error.resource is not None or error.cancellation is not None:
        return TOO_LARGE
    message, line, column = str(error.message), 1, 1
    found = json.loads(merman.Merman().analyze_json(source, json.dumps({"resources": _PROFILE})))
    for each in found.get("diagnostics", ()):
        if each.get("severity") == "error" and each.get("span"):
            message, span = each["message"], each["span"]["lsp_range"]["start"]
            line, column = span["line"] + 1, span["character"] + 1
            break
    lines = source.rstrip().split("\n")
    if line > len(lines):  # where merman misses something, it may point behind the end
        line, column = len(lines), len(lines[-1]) + 1
    return Problem(_sentence(message), line, column)


def _sentence(message: str) -> str:
    """Return ``message`` as the rest of a sentence: without what the code says already, on one line."""
    said = " ".join(_PREFIX.sub("", message).split()).rstrip(".")
    return said[:1].lower() + said[1:]
