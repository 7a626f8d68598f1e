"""What the browser tests share: one Chromium a module; one server and two sites of other origins for all."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.integration.browser_support import (
    PATIENCE_MS,
    REQUIRE_BROWSER,
    Hosts,
    Watch,
    chromium,
    find_chromium,
    hosting,
)
from tests.integration.hostile import ARTICLE
from tests.integration.processes import SEEDS, run, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.processes import Server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = find_chromium()
    if found is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get(REQUIRE_BROWSER) == "1":
            pytest.fail(f"{REQUIRE_BROWSER}=1, but {reason}")
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright, chromium(playwright, chromium_path) as launched:
        yield launched


@pytest.fixture(scope="session")
def hosts() -> Iterator[Hosts]:
    with hosting() as allowed, hosting() as refused:
        yield Hosts(allowed, refused)


@pytest.fixture(scope="session")
def server(chromium_path: str, hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - skips first
    """Serves the seed article and a hostile one, also to pages of one other origin."""
    folder = tmp_path_factory.mktemp("browser")
    hostile = folder / "hostile.txt"
    hostile.write_text(ARTICLE, "utf-8")
    run("index", str(SEEDS), str(hostile), "--data", str(folder / "data"))
    with serving(folder / "data", ONRECORD_ALLOWED_ORIGINS=hosts.allowed.url) as running:
        running.wait_until_ready()
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., tuple[Page, Watch]]]:
    """Opens a page; when the test is over, none may have complained or asked an origin that is not its business."""
    watches: list[Watch] = []
    with ExitStack() as stack:

        def open_one(url: str = server.url, *, origins: tuple[str, ...] = (), **options: Any) -> tuple[Page, Watch]:
            page = stack.enter_context(browser.new_context(**options)).new_page()
            page.set_default_timeout(PATIENCE_MS)
            watches.append(Watch.over(page, *(origins or (url,))))
            page.goto(url)
            return page, watches[-1]

        yield open_one
    assert [watch.complaints for watch in watches] == [[] for _ in watches]
    assert [watch.strangers for watch in watches] == [[] for _ in watches]


@pytest.fixture
def page(open_page: Callable[..., tuple[Page, Watch]]) -> Page:
    return open_page()[0]
