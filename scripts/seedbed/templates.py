"""The theme's templates, ready sooner: listed without its icons, and kept as Python compiled them.

Material has 14,000 icons among its templates, which a build looks through for files to copy, and some thirty
templates, which take longer to compile than to fill. Separate from the plugin because it knows Jinja alone.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket

_LIBRARIES: Final = ("Jinja2", "MarkupSafe", "mkdocs")
_MODULES: Final = frozenset({"_operator", "builtins", "jinja2", "markupsafe", "mkdocs"})
"""Where the functions come from that a template may use, if nobody added any."""
_SETTINGS: Final = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline"),
    *("autoescape", "optimized", "finalize", "is_async", "sandboxed", "newstyle_gettext"),
)


def prepare(environment: Environment, cache: Path | None) -> Environment:
    """Return ``environment``, whose templates are listed without hidden folders and kept compiled in ``cache``."""
    loader = environment.loader
    if type(loader) is FileSystemLoader:
        environment.loader = _Loader(loader.searchpath, loader.encoding, loader.followlinks)
    if cache is not None:
        environment.bytecode_cache = _CompiledTemplates(cache / "templates", environment)
    return environment


class _Loader(FileSystemLoader):
    """Loads templates from anywhere, and lists those in no hidden folder."""

    def list_templates(self) -> list[str]:
        """Return the names of all templates, sorted."""
        return sorted({name for folder in self.searchpath for name in self._names(folder)})

    def _names(self, start: str) -> Iterator[str]:
        for folder, folders, files in os.walk(start, followlinks=self.followlinks):
            folders[:] = [name for name in folders if not name.startswith(".")]
            base = Path(folder).relative_to(start)
            yield from ((base / name).as_posix() for name in files)


class _CompiledTemplates(BytecodeCache):
    """One file a template: a checksum, then its code.

    Jinja's own cache looks at a template's source alone, and trusts what it reads.
    """

    def __init__(self, folder: Path, environment: Environment) -> None:
        self._folder = folder
        self._environment = environment

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give ``bucket`` its code, if it is there and as it was written."""
        if not self._serves(bucket):
            return
        try:
            entry = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        checksum, code = entry[:64], entry[64:]
        if checksum == self._checksum(code):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of ``bucket``, so that a reader sees all of it or nothing."""
        if not self._serves(bucket):
            return
        code = bucket.bytecode_to_string()
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f"{bucket.key}.{os.getpid()}"
        partial.write_bytes(self._checksum(code) + code)
        partial.replace(self._folder / bucket.key)

    def _serves(self, bucket: Bucket) -> bool:
        return bucket.environment is self._environment and self._compiler is not None

    def _checksum(self, code: bytes) -> bytes:
        return hashlib.sha256(f"{self._compiler}\n".encode() + code).hexdigest().encode()

    @functools.cached_property
    def _compiler(self) -> str | None:
        """What code depends on beside the source; None if a plugin added something whose versions nobody knows.

        Asked for when the first template is compiled, before which plugins may still change the environment.
        """
        environment = self._environment
        settings = [getattr(environment, name, None) for name in _SETTINGS]
        # The compiler calls functions itself where their arguments are constant.
        named = (*environment.filters.items(), *environment.tests.items())
        functions = [(name, *_origin(function)) for name, function in named]
        extensions = [_origin(type(each)) for each in environment.extensions.values()]
        origins = {module for *_, module, _ in (*functions, *extensions)}
        known = all(isinstance(setting, str | bool | None) for setting in settings)
        if not known or not origins <= _MODULES:
            return None
        versions = [sys.implementation.cache_tag, *map(version, _LIBRARIES)]
        policies = sorted(environment.policies.items())
        return repr((versions, settings, policies, sorted(functions), sorted(extensions)))


def _origin(function: object) -> tuple[str, str]:
    """Return the package that a function comes from, and its name there; nothing if it does not say."""
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0], getattr(function, "__qualname__", "")
