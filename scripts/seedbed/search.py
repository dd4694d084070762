"""The search index over a built site.

Runs Pagefind on the finished HTML: readers download the few pieces of the index that a query touches, so what a
search costs them does not grow with the vault. Works from static files, offline.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_IGNORED = ", ".join(
    (
        *(".headerlink", ".footnote-ref", ".footnote-backref", "annotation"),
        *(".seedbed-header", ".seedbed-path", ".seedbed-backlinks", ".seedbed-figure__numbers"),
    )
)
"""What stands in an article but is no text of its note."""


class SearchError(Exception):
    """The index could not be made."""


def write_index(site_dir: Path) -> None:
    """Index the pages of ``site_dir`` that ask for it into ``site_dir/pagefind/``. Raises SearchError."""
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(site_dir),
        "--exclude-selectors",
        _IGNORED,
        "--silent",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SearchError(f"cannot start Pagefind: {error.strerror}") from error
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise SearchError(f"Pagefind failed: {lines[-1] if lines else 'no message'}")
