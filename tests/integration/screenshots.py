"""Takes the pictures of the documentation: real pages of a real server with the seed article. Run: make screenshots."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.integration.browser_support import PATIENCE_MS, ask, chromium, find_chromium, hosting
from tests.integration.processes import SEEDS, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERED = "When was the Nujaba Movement established?"
UNANSWERED = "How old is Asadi?"

DESKTOP: dict[str, Any] = {"viewport": {"width": 860, "height": 760}, "device_scale_factor": 1.5}
WIDE: dict[str, Any] = {"viewport": {"width": 1100, "height": 720}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

HOST_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <link rel="stylesheet" href="/host.css">
    <script src="{server}/widget.js" defer></script>
  </head>
  <body>
    <header>The Larnholm Courier</header>
    <main>
      <article><h1>{title}</h1>{paragraphs}</article>
      <onrecord-chat endpoint="{server}" title="Ask our reporting" placeholder="What happened?"></onrecord-chat>
    </main>
  </body>
</html>
"""
HOST_STYLE = """
@font-face {{ font-family: Courier Serif; src: url("{server}/static/newsreader-latin.woff2"); font-weight: 200 800; }}
:root {{ --onrecord-serif: "Courier Serif", serif; --onrecord-accent: light-dark(#0b4f6c, #8fc7e0); }}
body {{ margin: 0 auto; max-width: 1040px; padding: 0 24px; font: 18px/1.55 "Courier Serif", serif; }}
body > header {{ padding: 18px 0 12px; border-bottom: 1px solid; font-size: 30px; font-weight: 700; }}
main {{ display: grid; grid-template-columns: 1fr 430px; gap: 40px; align-items: start; padding: 24px 0; }}
h1 {{ margin: 0; font-size: 30px; line-height: 1.15; }}
@media (max-width: 800px) {{
  body {{ padding: 0 14px; }}
  main {{ grid-template-columns: 1fr; gap: 20px; padding: 16px 0; }}
  article p {{ display: none; }}
  h1 {{ font-size: 24px; }}
}}
"""


def main(folder: Path) -> None:
    """Take every picture into a folder."""
    executable = find_chromium()
    if executable is None:
        sys.exit("There is no Chromium on this machine: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with (
        TemporaryDirectory() as scratch,
        hosting() as host,
        _server(Path(scratch) / "data", host.url) as url,
        sync_playwright() as playwright,
        chromium(playwright, executable) as browser,
    ):
        title, *paragraphs = _story()
        shown = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs[:3])
        host.files["/"] = HOST_PAGE.format(server=url, title=title, paragraphs=shown)
        host.files["/host.css"] = HOST_STYLE.format(server=url)
        for scheme in ("light", "dark"):
            with _page(browser, url, color_scheme=scheme, **DESKTOP) as page:
                _ask(page, ANSWERED, "figure")
                _ask(page, UNANSWERED, ".not-found")
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=folder / f"page-{scheme}.png")
            with _page(browser, host.url, color_scheme=scheme, **WIDE) as page:
                _ask(page, ANSWERED, "figure")
                page.screenshot(path=folder / f"widget-{scheme}.png")
        with _page(browser, url, **WIDE) as page:
            _ask(page, ANSWERED, "figure")
            page.locator("figure .citation").first.click()
            expect(page.locator("article mark")).to_be_in_viewport()
            page.screenshot(path=folder / "article-light.png")
        for name, address in (("page", url), ("widget", host.url)):
            with _page(browser, address, **PHONE) as page:
                page.screenshot(path=folder / f"{name}-phone.png")


@contextmanager
def _server(data: Path, origin: str) -> Iterator[str]:
    run("index", str(SEEDS), "--data", str(data))
    with serving(data, ONRECORD_ALLOWED_ORIGINS=origin) as server:
        server.wait_until_ready()
        while not httpx.get(f"{server.url}/v1/examples").json()["complete"]:
            time.sleep(1)
        yield server.url


@contextmanager
def _page(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Open a page and wait until it shows examples and its own face."""
    context = browser.new_context(reduced_motion="reduce", locale="en-GB", **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    expect(page.get_by_role("region", name="Example questions").get_by_role("button").first).to_be_visible()
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def _ask(page: Page, question: str, shown: str) -> None:
    """Ask and wait for what the reply then shows."""
    ask(page, question)
    expect(page.get_by_role("article", name=question).locator(shown).first).to_be_visible()


def _story() -> list[str]:
    """The title and the paragraphs of the seed article."""
    text = next(SEEDS.glob("*.txt")).read_text("utf-8")
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
