"""The pages as files: each a Markdown file whose properties are followed by its article as an HTML block.

What is written needs no plugin, so MkDocs, ProperDocs and Zensical all build it: the notes outlive their host.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from seedbed import host
from seedbed.diagnostics import Diagnostic
from seedbed.pages import Page
from seedbed.site import Asset, Site, SiteSettings, math_font
from seedbed.uris import ASSETS

_STYLES = ("seedbed.css", "seedbed-math.css", "seedbed-figures.css")
_DOCS = "docs"
_BEFORE_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")


def write_pages(root: Path, settings: SiteSettings, directory: Path) -> tuple[Diagnostic, ...]:
    """Write the site of the vault at ``root`` into ``directory``, which must be new or empty.

    Returns what was diagnosed. Raises SetupError if ``directory`` holds files, VaultError if there is no vault.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise host.SetupError(
            f'"{directory}" is not empty: export writes into a new or empty folder'
        )
    site = Site(root, settings)
    docs = directory / _DOCS
    for page in (made.page() for made in site.pages()):
        _write(
            docs / f"{page.uri.rstrip('/') or 'index'}.md".replace("//", "/"),
            page_source(page).encode(),
        )
    stock = site.inventory
    for asset in (*site.assets(), math_font(stock.characters, settings.cache)):
        _copy(asset, docs)
    site.close()
    _write(directory / "mkdocs.yml", configuration(settings.name).encode())
    return stock.diagnostics


def page_source(page: Page) -> str:
    """Return ``page`` as a Markdown file: properties, then HTML that no blank line ends early."""
    values: dict[str, Any] = {"title": page.title}
    if page.description:
        values["description"] = page.description
    properties = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000)
    return f'---\n{properties}---\n\n<div class="seedbed-article">\n{_without_blank_lines(page.html)}</div>\n'


def configuration(name: str) -> str:
    """Return a configuration without any plugin of ours."""
    values: dict[str, Any] = {
        "site_name": name,
        "docs_dir": _DOCS,
        "theme": {
            "name": "material",
            "font": False,
            "features": ["content.code.copy", "navigation.top"],
        },
        "extra_css": [ASSETS + style for style in _STYLES],
        "markdown_extensions": ["md_in_html"],
        "nav": [{"Home": "index.md"}, {"All notes": "notes.md"}],
        "plugins": [],
    }
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


def _without_blank_lines(text: str) -> str:
    """Return HTML in which no line is blank, as a blank line would end an HTML block; ``&#10;`` keeps those in code."""
    return _BEFORE_BLANK_LINE.sub("&#10;", text)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _copy(asset: Asset, docs: Path) -> None:
    if isinstance(asset.content, bytes):
        _write(docs / asset.uri, asset.content)
        return
    target = docs / asset.uri
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(asset.content, target)
