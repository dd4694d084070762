"""Somebody who reads a site in Chromium, and everything that goes wrong while reading."""

from urllib.parse import urlsplit

from browser_hosts import Host
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Reader:
    """One page in a browser context of its own: nothing is remembered from other tests."""

    def __init__(self, browser: Browser, host: Host, **preferences) -> None:
        self.host = host
        self.troubles: list[str] = []
        """Errors in the console and in scripts, and requests to other hosts, in order."""
        preferences.setdefault("viewport", DESKTOP)
        preferences.setdefault("reduced_motion", "reduce")
        self.context: BrowserContext = browser.new_context(**preferences)
        self.context.on("request", self._note_request)
        self.context.on("console", self._note_message)
        self.context.on("weberror", self._note_error)
        self.page: Page = self.context.new_page()

    def open(self, uri: str = "") -> None:
        """Open a page of the site."""
        self.page.goto(self.host.url + uri)

    @property
    def uri(self) -> str:
        """Where the reader is, fragment included."""
        return self.page.url.removeprefix(self.host.url)

    @property
    def heading(self) -> str:
        """The title that the page shows."""
        return self.page.locator("h1").evaluate(
            "(heading) => [...heading.childNodes]"
            ".filter((node) => !node.classList?.contains('headerlink'))"
            ".map((node) => node.textContent).join('').trim()"
        )

    def close(self) -> None:
        """Leave the browser."""
        self.context.close()

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and not self._is_ours(request.url):
            self.troubles.append(f"request to another host: {request.url}")

    def _is_ours(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self.host.url).netloc

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self.troubles.append(f"script: {error.error}")
