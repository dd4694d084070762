"""The source code that a module of figures runs, so that a change to it is a change to what was computed.

Follows imports as they are written, without running anything. Separate from the cache, which only needs the name of it
all: nobody has to list modules by hand, and forget one.
"""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent
_PACKAGE = "seedbed.figures"


@functools.cache
def code_of(module: str, besides: frozenset[str]) -> str:
    """Return a digest of the source of ``modules_of(module, besides)``."""
    code = hashlib.sha256()
    for name in sorted(modules_of(module, besides)):
        code.update(f"{name}\0".encode() + _file(name).read_bytes())
    return code.hexdigest()


def modules_of(module: str, besides: frozenset[str]) -> set[str]:
    """Return a module of this package, such as ``experiments/fans``, and all it imports from here.

    ``besides`` are modules that are not followed, and packages whose modules are not.
    """
    known: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in known and not besides & {name, name.partition("/")[0]}:
            known.add(name)
            waiting.extend(_imports(name))
    return known


def _file(module: str) -> Path:
    return _HERE / f"{module}.py"


@functools.cache
def _imports(module: str) -> tuple[str, ...]:
    """Return the modules of this package that one imports, as it is written."""
    tree = ast.parse(_file(module).read_bytes())
    found = (name for node in ast.walk(tree) for name in _named(node))
    inside = (name.removeprefix(_PACKAGE).strip(".").replace(".", "/") for name in found)
    return tuple(
        name if _file(name).is_file() else f"{name}/__init__"
        for name in inside
        if name and (_file(name).is_file() or _file(f"{name}/__init__").is_file())
    )


def _named(node: ast.AST) -> Iterator[str]:
    """Yield what may be modules of this package."""
    if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_PACKAGE):
        yield node.module
        yield from (f"{node.module}.{each.name}" for each in node.names)
