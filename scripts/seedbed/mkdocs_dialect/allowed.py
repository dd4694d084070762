"""Which of a site's Markdown extensions may work on notes.

Whoever writes the configuration of a site may have any code run; whoever writes a note may not. So of the configured
extensions those work on notes that only turn text into HTML: what comes with Python-Markdown and pymdown-extensions,
without the few that read files, and without formatters of other origin, which may do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import Any

from markdown.extensions import Extension

from seedbed.mkdocs_dialect.emoji import drawn

_ORIGINS = ("markdown.extensions.", "pymdownx.")
_REFUSED = frozenset(
    {
        "markdown.extensions.meta",  # takes first lines for metadata (OF-025)
        "pymdownx.b64",  # reads files
        "pymdownx.pathconverter",  # changes addresses that are resolved later
        "pymdownx.snippets",  # reads files
    }
)
_TOC = "markdown.extensions.toc"
_EMOJI = "pymdownx.emoji"
_FORMATTERS = {
    "pymdownx.superfences": "custom_fences",
    "pymdownx.inlinehilite": "custom_inline",
}
"""Options that name formatters, which are functions of any origin."""

Names = tuple[str | Extension, ...]
Configs = dict[str, dict[str, Any]]


def for_notes(
    extensions: Iterable[str | Extension], configs: Mapping[str, Any]
) -> tuple[Names, Configs]:
    """Return those of ``extensions`` that may work on notes, and their configurations."""
    kept: list[str | Extension] = []
    allowed: Configs = {}
    for extension in extensions:
        origin = _module_of(extension)
        if not origin.startswith(_ORIGINS) or origin in _REFUSED:
            continue
        kept.append(extension)
        if isinstance(extension, str):
            allowed[extension] = _config(origin, configs.get(extension) or {})
    return tuple(kept), allowed


def _module_of(extension: str | Extension) -> str:
    """Return the module that an extension comes from, whichever of its names the configuration uses."""
    if not isinstance(extension, str):
        return type(extension).__module__
    name = extension.partition(":")[0]
    if "." in name:
        return name
    found = next(iter(entry_points(group="markdown.extensions", name=name)), None)
    return found.module if found else name


def _config(origin: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of one extension without what notes must not reach."""
    config = dict(written)
    if origin == _TOC:
        config |= {"permalink": False, "anchorlink": False}  # the article writes its own
    elif origin == _EMOJI:
        config["emoji_generator"] = drawn
    option = _FORMATTERS.get(origin)
    if option in config:
        config[option] = [each for each in config[option] or () if _is_harmless(each)]
    return config


def _is_harmless(formatter: Any) -> bool:  # noqa: ANN401 -- whatever a configuration holds
    """Whether a custom fence uses nothing but functions of pymdown-extensions."""
    if not isinstance(formatter, dict):
        return False
    functions = [value for value in formatter.values() if callable(value)]
    return all(_origin(function).startswith("pymdownx.") for function in functions)


def _origin(function: Any) -> str:  # noqa: ANN401 -- a function, or an object that can be called
    inner = getattr(function, "func", function)  # of functools.partial
    return str(getattr(inner, "__module__", ""))
