"""Seedbed: Obsidian notes become a site, with LaTeX and computed figures rendered at build time.

``build`` makes the site of a vault, ``render`` the HTML of one note without a vault. The command line does the
same and more; see ``seedbed --help``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seedbed.diagnostics import Diagnostic

__all__ = ["build", "render"]


def render(markdown: str, *, strict_line_breaks: bool = False) -> str:
    """Return the article HTML of one note, without a vault, through the same pipeline as a build.

    ``strict_line_breaks`` makes a single line end a blank, as in CommonMark, rather than a line break as in
    Obsidian. Links between notes have nothing to lead to and are marked. Never raises for any text.
    """
    from seedbed.article import render_text  # noqa: PLC0415 -- `import seedbed` stays cheap

    return render_text(markdown, strict_line_breaks=strict_line_breaks)


def build(
    notes: Path | str,
    site_dir: Path | str,
    *,
    config: Path | str | None = None,
    jobs: int = 0,
    use_cache: bool = True,
) -> tuple[Diagnostic, ...]:
    """Build the site of the vault ``notes`` into ``site_dir`` and return everything that was diagnosed.

    Without ``config``, a ``mkdocs.yml``, the built-in configuration is used. ``jobs`` is the number of
    processes, 0 for as many as there are processors. Raises ``seedbed.host.SetupError`` if there is no such
    vault or the configuration cannot be used; nothing that an author wrote raises.
    """
    from seedbed import host  # noqa: PLC0415 -- MkDocs is loaded only when a site is built

    settings = host.HostSettings(
        notes=Path(notes),
        site_dir=Path(site_dir),
        config=Path(config) if config else None,
        jobs=jobs,
        cached=use_cache,
    )
    return host.build(settings)
