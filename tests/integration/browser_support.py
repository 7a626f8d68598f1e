"""A real Chromium for the browser tests, and what every page is held to."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Route

REQUIRE_BROWSER = "REQUIRE_BROWSER"
PATIENCE_MS = 20_000
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
_LOAD_FAILURE = re.compile(r"^(Failed to load resource: |Access to fetch at )")


def find_chromium() -> str | None:
    """The first Chromium on the path."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


@dataclass
class Watch:
    """Whatever a page complains about or asks a strange origin for. No slots: Playwright leaves a mark on listeners."""

    origins: tuple[str, ...]
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expects_failures: bool = False
    """Set by tests in which requests fail on purpose; Chromium reports each of those on the console."""

    @classmethod
    def over(cls, page: Page, *origins: str) -> Self:
        """Begin to watch a page that has business with some origins only."""
        watch = cls(tuple(f"{origin}/" for origin in origins))
        page.on("console", watch._on_console)
        page.on("pageerror", lambda error: watch.complaints.append(f"uncaught: {error}"))
        page.on("request", watch._on_request)
        return watch

    def _on_console(self, message: ConsoleMessage) -> None:
        expected = self.expects_failures and _LOAD_FAILURE.match(message.text)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((*self.origins, "data:")):
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


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")


def problem(route: Route, status: int, title: str, detail: str, **headers: str) -> None:
    """Answer a request of a page with a problem document."""
    body = json.dumps(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": "/v1/ask"}
    )
    route.fulfill(status=status, content_type="application/problem+json", body=body, headers=headers)


@dataclass(frozen=True, slots=True)
class HostSite:
    """Somebody else's web site: what it serves, by path."""

    url: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Two of them: one whose pages may ask our server, one whose may not."""

    allowed: HostSite
    refused: HostSite


@contextmanager
def hosting() -> Iterator[HostSite]:
    """Serve a web site on a free port."""
    pages = {"/favicon.ico": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0]
            kind = {"css": "text/css", "js": "text/javascript"}.get(name.rpartition(".")[2], "text/html")
            self.send_response(200 if name in pages else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(name, "").encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its names are given
            """Keep the output of tests clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield HostSite(f"http://127.0.0.1:{site.server_port}", pages)
        finally:
            site.shutdown()
