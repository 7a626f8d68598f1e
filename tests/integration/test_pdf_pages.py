"""A PDF from its file to the citation of a quote: the page is told by HTTP, by the command and by the chat page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from tests.integration.browser_support import ask
from tests.integration.processes import run, serving
from tests.unit.index.sources.documents import column, pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.integration.processes import Server

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

QUESTION = "When was the harbour of Larnholm founded?"
FIRST = """The ferry between Larnholm and the islands returned on Monday
with 212 passengers on board, nine years after the last crossing.

Tickets cost twelve crowns, and children under six travel free."""
LAST = """The harbour of Larnholm was founded in 1742 by a merchant who
traded in salt and timber."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves a PDF of three pages, of which the second shows nothing."""
    folder = tmp_path_factory.mktemp("pdf")
    report = folder / "report.pdf"
    report.write_bytes(pdf(column(FIRST), [], column(LAST), title="Harbour report"))
    run("index", str(report), "--data", str(folder / "data"))
    with serving(folder / "data") as running:
        running.wait_until_ready()
        yield running


def test_http_tells_the_page(server: Server) -> None:
    answer = httpx.get(f"{server.url}/v1/ask", params={"q": QUESTION}, timeout=60).json()
    quote = answer["quotes"][0]
    assert quote["highlight"]["exact"] == "1742"
    assert quote["citation"]["page"] == 3
    assert {passage["paragraph"]: passage["page"] for passage in answer["passages"]} == {1: 1, 2: 1, 3: 3}


def test_the_command_tells_the_page(server: Server) -> None:
    assert "Harbour report · page 3 · paragraph 3 · " in run("ask", QUESTION, "--data", str(server.data)).stdout


def test_the_chat_page_tells_the_page(page: Page) -> None:
    ask(page, QUESTION)
    turn = page.get_by_role("article", name=QUESTION)
    expect(turn.locator("figure .citation").first).to_have_text("[1]Harbour report page 3, paragraph 3")
    expect(page.locator("#announcer")).to_contain_text("Harbour report, page 3, paragraph 3.")
