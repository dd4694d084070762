"""A headless Chromium that reaches this machine alone; the only user of Playwright here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each window would get ready for typing in its address bar, which takes half of all the time.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    # No name but this machine's has an address, for pages and workers alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """Return the path of a Chromium: the one that the variable CHROMIUM names, or the first that is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """Run the Chromium at the path ``executable`` while the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*_FLAGS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened() -> Iterator[Browser | None]:
    """Open the browser; None where there is none."""
    executable = chromium()
    if executable is None:
        yield None
        return
    with launched(executable) as browser:
        yield browser
