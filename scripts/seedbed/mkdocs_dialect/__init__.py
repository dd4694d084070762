"""Notes that say ``dialect: mkdocs``: from their text to tokens, by Python-Markdown as the site configures it.

The second parser beside ``dialect``, with the same outcome: tokens, from which a note is read and its article written.
The only package that imports Python-Markdown.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from seedbed.diagnostics import Code
from seedbed.dialect import Parsed, parse
from seedbed.dialect.problems import Problem
from seedbed.mkdocs_dialect.cost import MOST, cost

if TYPE_CHECKING:
    from markdown import Markdown
    from markdown.extensions import Extension

    from seedbed.mkdocs_dialect.document import NoteExtension

__all__ = ["NAME", "Reader", "builtin_reader"]

NAME = "mkdocs"
"""What the property ``dialect`` of such a note says."""

_BUILTIN = Path(__file__).parent.parent / "theme" / "default.yml"


class Reader:
    """Reads notes with the Markdown extensions of one site."""

    def __init__(
        self, extensions: Iterable[str | Extension] = (), configs: Mapping[str, Any] | None = None
    ) -> None:
        """Use those of ``extensions`` that may work on notes, configured by ``configs`` under their names."""
        self._extensions = tuple(extensions)
        self._configs = configs or {}
        self._made: tuple[Markdown, NoteExtension] | None = None

    @property
    def name(self) -> str:
        """A name for the extensions and their configuration, the same in every process."""
        extensions = (each if isinstance(each, str) else _named(each) for each in self._extensions)
        said = json.dumps([*extensions, self._configs], sort_keys=True, default=_named)
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    def parse(self, text: str) -> Parsed:
        r"""Parse ``text``, whose line ends are ``\\n``. Total: every text has tokens."""
        if cost(text) > MOST:
            return _as_any_other(text, "too much in it is opened and never closed")
        md, extension = self._made = self._made or self._make()
        md.reset()
        extension.start(text)
        try:
            md.convert(text)
        except Exception as error:  # noqa: BLE001 -- the libraries promise nothing for odd texts
            self._made = None
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            return _as_any_other(text, reason)
        return Parsed(extension.tokens, ())

    def _make(self) -> tuple[Markdown, NoteExtension]:
        # Vaults without such notes do without the time that it takes to load these.
        from markdown import Markdown  # noqa: PLC0415

        from seedbed.mkdocs_dialect.allowed import for_notes  # noqa: PLC0415
        from seedbed.mkdocs_dialect.document import NoteExtension  # noqa: PLC0415

        names, configs = for_notes(self._extensions, self._configs)
        extension = NoteExtension()
        return Markdown(extensions=[*names, extension], extension_configs=configs), extension


def _named(value: object) -> str:
    """Return a name for a function or an extension; its address in memory says nothing."""
    named = value if callable(value) else type(value)
    return f"{named.__module__}.{getattr(named, '__qualname__', type(named).__qualname__)}"


def _as_any_other(text: str, reason: str) -> Parsed:
    message = f"Python-Markdown cannot read this note, so it is read as any other: {reason}"
    other = parse(text)
    return Parsed(other.tokens, (Problem(Code.DIALECT_FAILED, message, 0), *other.problems))


@functools.cache
def builtin_reader() -> Reader:
    """Return the reader with the extensions of the built-in configuration."""
    # The file is our own, and names functions, which no safe loader knows.
    loaded = yaml.load(_BUILTIN.read_bytes(), Loader=yaml.UnsafeLoader)  # noqa: S506
    configs = loaded["markdown_extensions"]
    return Reader(tuple(configs), configs)
