"""A real Chromium for the browser tests, and what every page is held to."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

REQUIRE_BROWSER = "REQUIRE_BROWSER"
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_LOAD_FAILURE = re.compile(r"^Failed to load resource: ")


def find_chromium() -> str | None:
    """The first Chromium on the path."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


@dataclass
class Watch:
    """Whatever a page complains about or asks another origin for. No slots: Playwright leaves a mark on listeners."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expects_failures: bool = False
    """Set by tests in which requests fail on purpose; Chromium reports each of those on the console."""

    @classmethod
    def over(cls, page: Page, origin: str) -> Self:
        """Begin to watch."""
        watch = cls(origin)
        page.on("console", watch._on_console)
        page.on("pageerror", lambda error: watch.complaints.append(f"uncaught: {error}"))
        page.on("request", watch._on_request)
        return watch

    def _on_console(self, message: ConsoleMessage) -> None:
        expected = self.expects_failures and _LOAD_FAILURE.match(message.text)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.strangers.append(request.url)


@contextmanager
def chromium(playwright: Playwright, executable: str) -> Iterator[Browser]:
    """A headless browser."""
    browser = playwright.chromium.launch(executable_path=executable, args=LAUNCH_ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


def accessibility_findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now, of serious or critical impact."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
