"""Figures by what they depend on: keys, and entries on disk that cannot be half written.

Two stages, so that a new label or palette does not compute the numbers again: `data` holds what
an experiment measured, `drawings` what was drawn from it. Separate from the workshop because the
worker process reads and writes entries, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from seedbed.figures.sources import code_of
from seedbed.figures.spec import FigureSpec, plain_parameters

_SCHEMA = 1
_NOT_COMPUTED = frozenset({"chart", "fields", "scheme", "block", "problem"})
"""Their values are part of the parameters, or of the drawing alone."""


def data_key(spec: FigureSpec) -> str:
    """Return the name of everything that the numbers of a figure depend on.

    The code itself is part of it, the machine is not.
    """
    own = f"experiments/{spec.kind.replace('-', '_')}"
    return _digest(
        {
            "schema": _SCHEMA,
            "kind": spec.kind,
            "parameters": plain_parameters(spec.parameters, drawn=False),
            "seed": spec.seed,
            "code": code_of(own, _NOT_COMPUTED),
            "numpy": version("numpy").rsplit(".", 1)[0],
        }
    )


def drawing_key(frames: Sequence[FigureSpec], numbers: Sequence[str]) -> str:
    """Return the name of everything that a figure's drawings depend on; `numbers` are its data keys.

    Not of id, title, caption and description: they are put around a finished drawing.
    """
    return _digest(
        {
            "frames": [
                {
                    "data": key,
                    "parameters": plain_parameters(spec.parameters, drawn=True),
                    "size": spec.size,
                    "theory": spec.theory,
                }
                for spec, key in zip(frames, numbers, strict=True)
            ],
            "code": code_of("draw", frozenset()),
            "matplotlib": version("matplotlib"),
        }
    )


def data_path(cache: Path, key: str) -> Path:
    """Return where the numbers of that key are kept."""
    return cache / "data" / key


def drawing_path(cache: Path, key: str) -> Path:
    """Return where the drawing of that key is kept."""
    return cache / "drawings" / key


def store(path: Path, content: bytes) -> None:
    """Write an entry so that a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(content) + content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: Path) -> bytes | None:
    """Return an entry's content; None where there is none, or not as it was written."""
    try:
        entry = path.read_bytes()
    except OSError:
        return None
    checksum, content = entry[:65], entry[65:]
    return content if checksum == _checksum(content) else None


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n"


def _digest(parts: dict[str, object]) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
