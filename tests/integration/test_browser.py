from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.integration.browser_support import REQUIRE_BROWSER, Watch, accessibility_findings, chromium, find_chromium
from tests.integration.processes import SEEDS, run, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.processes import Server

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

ANSWERED = "When was the Nujaba Movement established?"
PATIENCE_MS = 20_000
UNANSWERED = "How many eggs go into a lemon meringue pie?"
NASTY_TITLE = "<script>window.pwned = 1</script> Zebra crossing <img src=x onerror='window.pwned = 1'> reopens"
NASTY = f"""{NASTY_TITLE}

The zebra committee voted <b>in favour</b> of <script>window.pwned = 1</script> painting 41 stripes on Tuesday evening.

🦓🦓 “Quagga keeper 𝔘na Ōkubo fed the quagga 12 melons 🍈,” a <a href="javascript:window.pwned=1">spokesman</a> said.

See [the plan](javascript:window.pwned=1) or javascript:window.pwned=1 at data:text/html,<img src=x> now.

The \u202eetanimixorppa\u202c mayor of Zebraville said that \u2067the bidi override\u2069 stays in its paragraph.

{"Llanfairpwllgwyngyll" * 20} was the longest word in the report.
"""


@pytest.fixture(scope="module")
def executable() -> str:
    found = find_chromium()
    if found is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get(REQUIRE_BROWSER) == "1":
            pytest.fail(f"{REQUIRE_BROWSER}=1, but {reason}")
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def browser(executable: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright, chromium(playwright, executable) as launched:
        yield launched


@pytest.fixture(scope="module")
def server(executable: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - skips first
    folder = tmp_path_factory.mktemp("browser")
    nasty = folder / "nasty.txt"
    nasty.write_text(NASTY, "utf-8")
    run("index", str(SEEDS), str(nasty), "--data", str(folder / "data"))
    with serving(folder / "data") as running:
        running.wait_until_ready()
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., tuple[Page, Watch]]]:
    """Opens the question page; when the test is over, no page may have complained or asked another origin."""
    opened = []

    def open_one(url: str = server.url, **options: Any) -> tuple[Page, Watch]:
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watch = Watch.over(page, url)
        opened.append((context, watch))
        page.goto(url)
        return page, watch

    yield open_one
    for context, _ in opened:
        context.close()
    assert [watch.complaints for _, watch in opened] == [[] for _ in opened]
    assert [watch.strangers for _, watch in opened] == [[] for _ in opened]


@pytest.fixture
def page(open_page: Callable[..., tuple[Page, Watch]]) -> Page:
    return open_page()[0]


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")


def problem(route: Route, status: int, title: str, detail: str, **headers: str) -> None:
    body = json.dumps(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": "/v1/ask"}
    )
    route.fulfill(status=status, content_type="application/problem+json", body=body, headers=headers)


def test_the_first_page_says_what_can_be_asked_about(page: Page) -> None:
    expect(page.locator("#corpus")).to_contain_text(re.compile(r"2 articles, \d+ passages"))
    expect(page.locator(".articles a")).to_have_count(2)
    page.get_by_role("link", name="Exclusive").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Iraq militia vows")
    expect(page.locator("mark")).to_have_count(0)


def test_an_answer_is_a_quote_with_its_words_marked(page: Page) -> None:
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    quote = turn.locator("figure").first
    expect(quote.locator("blockquote mark")).not_to_be_empty()
    assert quote.locator("blockquote").inner_text() in (SEEDS / "000_39eef53fe2efcfd7.txt").read_text("utf-8")
    expect(quote.locator(".citation")).to_contain_text(re.compile(r"\[1\].*Iraq militia.*· paragraph \d+"))
    expect(quote.locator(".confidence")).to_contain_text(re.compile(r"Strong match|Likely|Uncertain"))
    expect(quote.locator(".confidence")).to_have_attribute("title", re.compile(r"\d+% confidence"))
    expect(turn.locator("details")).not_to_have_attribute("open", "")
    expect(turn.locator("summary")).to_contain_text("Passages read")


def test_a_citation_opens_the_article_at_the_marked_words_and_back_again(page: Page) -> None:
    ask(page, ANSWERED)
    words = page.locator("figure mark").first.inner_text()
    page.locator("figure .citation").first.click()
    mark = page.locator("article mark")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    page.get_by_role("link", name="Back to the questions").click()
    expect(page.locator("figure .citation").first).to_be_focused()
    expect(page.get_by_role("heading", name=ANSWERED)).to_be_visible()


def test_words_behind_astral_characters_are_marked_exactly(page: Page) -> None:
    ask(page, "How many melons did the quagga keeper feed the quagga?")
    quote = page.locator("figure").first
    words = quote.locator("mark").inner_text()
    assert quote.locator("blockquote").inner_text() in NASTY
    quote.locator(".citation").click()
    expect(page.locator("article mark")).to_have_text(words)


def test_a_citation_of_words_that_have_changed_since_marks_nothing(page: Page) -> None:
    page.get_by_role("link", name="Exclusive").click()
    expect(page.locator(".block").first).to_be_visible()
    page.goto(f"{page.url}#100-120-0")
    expect(page.locator(".warning")).to_contain_text("The article has changed")
    expect(page.locator("mark")).to_have_count(0)


def test_abstaining_says_so_and_folds_the_nearest_passages_away(page: Page) -> None:
    ask(page, UNANSWERED)
    turn = page.get_by_role("article", name=UNANSWERED)
    expect(turn).to_contain_text("The articles do not answer this.")
    expect(turn.locator("figure")).to_have_count(0)
    expect(page.locator("#announcer")).to_contain_text("The articles do not answer this.")
    nearest = turn.locator("details")
    if nearest.count():
        expect(nearest.locator("li").first).not_to_be_visible()
        nearest.locator("summary").click()
        expect(nearest).to_contain_text("None of it answers it.")
        expect(nearest.locator("li").first).to_be_visible()
        expect(nearest.locator("mark")).to_have_count(0)


def test_an_answer_is_announced_and_the_question_box_keeps_the_focus(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    expect(turn).to_have_attribute("aria-busy", "true")
    expect(page.locator("#announcer")).to_have_text("Reading the articles.")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(turn).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#announcer")).to_contain_text(re.compile(r"\d quotes? found\. .*paragraph \d+\."))
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("")


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Skip to the question box")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the question box")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.type("what did Asadi")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("threaten?")
    expect(page.get_by_role("textbox")).to_have_value("what did Asadi\nthreaten?")
    page.keyboard.press("Enter")
    expect(page.locator("figure").first).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("details li").first).to_be_visible()
    while page.locator("figure .citation").first.evaluate("element => element !== document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article mark")).to_be_in_viewport()


def test_a_question_that_is_too_long_is_counted_and_not_sent(page: Page) -> None:
    box = page.get_by_role("textbox")
    box.fill("é" * 899)
    expect(page.locator("#question-count")).to_be_hidden()
    box.fill("🦓" * 990)
    expect(page.locator("#question-count")).to_have_text("10 characters left")
    box.fill("🦓" * 1001)
    page.keyboard.press("Enter")
    expect(page.locator("#question-count")).to_have_text("1 character too many")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".turn")).to_have_count(0)


def test_a_quote_is_copied_with_where_it_stands(open_page: Callable[..., tuple[Page, Watch]]) -> None:
    page, _ = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, ANSWERED)
    quote = page.locator("figure").first
    quote.get_by_role("button", name="Copy quote").click()
    expect(quote.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(quote.locator("blockquote").inner_text() + "\n— ")
    assert "Iraq militia vows" in copied


def test_the_thread_survives_a_reload_until_one_starts_over(page: Page) -> None:
    ask(page, ANSWERED)
    expect(page.locator("figure").first).to_be_visible()
    page.reload()
    expect(page.locator("figure").first).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.reload()
    expect(page.locator(".articles")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_problem_is_shown_with_its_detail_and_can_be_tried_again(
    open_page: Callable[..., tuple[Page, Watch]],
) -> None:
    page, watch = open_page()
    watch.expects_failures = True
    page.route("**/v1/ask", lambda route: problem(route, 500, "Something broke", "Read the log of the server."))
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    expect(turn).to_contain_text("Something broke")
    expect(turn).to_contain_text("Read the log of the server.")
    expect(page.locator("#announcer")).to_contain_text("Read the log of the server.")
    page.unroute("**/v1/ask")
    turn.get_by_role("button", name="Try again").click()
    expect(turn.locator("figure").first).to_be_visible()
    expect(turn).not_to_contain_text("Something broke")


def test_an_error_that_is_no_problem_document_is_shown_too(open_page: Callable[..., tuple[Page, Watch]]) -> None:
    page, watch = open_page()
    watch.expects_failures = True
    page.route("**/v1/ask", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway"))
    ask(page, ANSWERED)
    expect(page.locator(".failure")).to_contain_text("The server answered 502")


def test_while_the_server_loads_the_page_says_so_and_goes_on_by_itself(
    open_page: Callable[..., tuple[Page, Watch]],
) -> None:
    page, watch = open_page()
    watch.expects_failures = True
    loading = {"title": "The models are still being loaded", "detail": "Ask again in a moment.", "Retry-After": "1"}
    page.route("**/v1/ask", lambda route: problem(route, 503, **loading), times=2)
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    expect(turn).to_contain_text("The server is not ready yet. Trying again…")
    expect(turn).to_contain_text("The models are still being loaded.")
    expect(turn.locator("figure").first).to_be_visible()

    page.route("**/v1/ask", lambda route: problem(route, 503, **loading))
    ask(page, UNANSWERED)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("article", name=UNANSWERED)).to_contain_text("Cancelled.")


def test_a_server_without_articles_tells_the_command_and_one_that_died_is_told_of(
    open_page: Callable[..., tuple[Page, Watch]], tmp_path: Path
) -> None:
    with serving(tmp_path / "empty") as server:
        server.wait_until_ready()
        page, watch = open_page(server.url)
        expect(page.locator("#corpus")).to_contain_text("onrecord index PATH")
        ask(page, UNANSWERED)
        turn = page.get_by_role("article", name=UNANSWERED)
        expect(turn).to_contain_text("There are no articles to read yet.")
        expect(turn).to_contain_text("onrecord index PATH")
        server.process.kill()
        server.process.wait()
        watch.expects_failures = True
        ask(page, ANSWERED)
        turn = page.get_by_role("article", name=ANSWERED)
        expect(turn).to_contain_text("The server cannot be reached.")
        expect(turn.get_by_role("button", name="Try again")).to_be_visible()


def test_an_article_that_is_not_there_is_told_of(open_page: Callable[..., tuple[Page, Watch]], server: Server) -> None:
    page, watch = open_page()
    watch.expects_failures = True
    page.goto(f"{server.url}/articles/0000000000000000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("no such article")


def test_markup_scripts_and_bidi_controls_in_an_article_are_text(page: Page) -> None:
    for question in ("What did the zebra committee vote for?", "What did the mayor of Zebraville say?"):
        ask(page, question)
        expect(page.get_by_role("article", name=question).locator("figure, .not-found").first).to_be_visible()
    expect(page.locator("#thread")).to_contain_text("<script>window.pwned = 1</script> painting 41 stripes")
    expect(page.locator("#corpus")).to_contain_text(NASTY_TITLE)
    page.get_by_role("link", name="Zebra crossing").last.click()
    article = page.get_by_role("article")
    for line in NASTY.split("\n\n"):
        expect(article).to_contain_text(line.strip())
    assert article.locator("script, img, b, a").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.block p')).unicodeBidi") == "isolate"
    assert page.evaluate("window.pwned") is None


def test_only_web_addresses_become_links(page: Page) -> None:
    def with_urls(route: Route) -> None:
        answer = route.fetch().json()
        for quote, url in zip(answer["quotes"], ["javascript:window.pwned=1"] * 9, strict=False):
            quote["citation"] |= {"url": url, "link": url}
        route.fulfill(json=answer)

    page.route("**/v1/ask", with_urls)
    ask(page, ANSWERED)
    expect(page.locator("figure").first).to_be_visible()
    hrefs = page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(hrefs) == {"http:"}


@pytest.mark.parametrize("question", [ANSWERED, UNANSWERED, "What was the longest word in the report?"])
def test_a_phone_shows_everything_without_scrolling_sideways(
    open_page: Callable[..., tuple[Page, Watch]], question: str
) -> None:
    page, _ = open_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    ask(page, question)
    expect(page.locator("summary")).to_be_visible()
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.locator("details .citation").first.click()
    expect(page.locator("article mark").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Callable[..., tuple[Page, Watch]], scheme: str) -> None:
    page, watch = open_page(color_scheme=scheme, reduced_motion="reduce")
    watch.expects_failures = True
    expect(page.locator(".articles")).to_be_visible()
    assert accessibility_findings(page) == []
    ask(page, ANSWERED)
    expect(page.locator("figure").first).to_be_visible()
    ask(page, UNANSWERED)
    expect(page.locator(".not-found")).to_be_visible()
    page.route("**/v1/ask", lambda route: problem(route, 500, "Something broke", "Read the log of the server."))
    ask(page, "why?")
    expect(page.locator(".failure")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert accessibility_findings(page) == []
    page.locator("figure .citation").first.click()
    expect(page.locator("article mark")).to_be_visible()
    assert accessibility_findings(page) == []
