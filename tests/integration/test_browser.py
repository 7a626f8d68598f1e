from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.integration.browser_support import Watch, accessibility_findings, ask, problem
from tests.integration.processes import SEEDS, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.processes import Server

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

ANSWERED = "When was the Nujaba Movement established?"
UNANSWERED = "How many eggs go into a lemon meringue pie?"


def test_the_first_page_shows_articles_and_examples_that_they_answer(page: Page) -> None:
    expect(page.locator("#corpus")).to_contain_text(re.compile(r"2 articles, \d+ passages"))
    expect(page.locator(".articles a")).to_have_count(2)
    example = page.get_by_role("region", name="Example questions").get_by_role("button").first
    question = example.inner_text()
    example.click()
    expect(page.get_by_role("article", name=question).locator("figure").first).to_be_visible()
    expect(example).to_be_hidden()
    expect(page.get_by_role("textbox")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Exclusive")).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Iraq militia vows")
    expect(page.locator("mark")).to_have_count(0)


def test_an_answer_is_a_quote_whose_citation_opens_the_article_at_the_marked_words_and_back_again(page: Page) -> None:
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    quote = turn.locator("figure").first
    words = quote.locator("blockquote mark").inner_text()
    assert words
    assert quote.locator("blockquote").inner_text() in (SEEDS / "000_39eef53fe2efcfd7.txt").read_text("utf-8")
    expect(quote.locator(".confidence")).to_contain_text(re.compile(r"(Very likely|Likely|Possibly) the answer"))
    expect(quote.locator(".confidence")).to_have_attribute("title", re.compile(r"\d+% confidence"))
    expect(turn.locator("details")).not_to_have_attribute("open", "")
    expect(turn.locator("summary")).to_contain_text("Passages read")
    citation = quote.locator(".citation")
    expect(citation).to_contain_text(re.compile(r"\[1\].*Iraq militia.* paragraph \d+"))
    citation.click()
    mark = page.locator("article mark")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    page.get_by_role("link", name="Back to the questions").click()
    expect(citation).to_be_focused()
    expect(page.get_by_role("heading", name=ANSWERED)).to_be_visible()


def histories(sent: list[Request]) -> list[list[str]]:
    return [json.loads(request.post_data or "")["history"] for request in sent if request.url.endswith("/v1/ask")]


def test_a_follow_up_is_asked_with_the_questions_before_it_and_a_new_thread_without(page: Page) -> None:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    ask(page, "What is the Nujaba Movement?")
    expect(page.locator("figure").first).to_be_visible()
    page.reload()  # the thread is that of the tab
    ask(page, "And when was it established?")
    follow_up = page.get_by_role("article", name="And when was it established?")
    expect(follow_up.locator("blockquote").first).to_contain_text("established in 2013")
    assert histories(sent) == [[], ["What is the Nujaba Movement?"]]

    page.get_by_role("button", name="New thread").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.reload()
    expect(page.locator(".articles")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, ANSWERED)
    expect(page.locator("figure").first).to_be_visible()
    assert histories(sent)[2:] == [[]]


def test_abstaining_says_so_and_folds_the_nearest_passages_away(page: Page) -> None:
    ask(page, UNANSWERED)
    turn = page.get_by_role("article", name=UNANSWERED)
    expect(turn).to_contain_text("The articles do not answer this.")
    expect(turn.locator("figure")).to_have_count(0)
    expect(page.locator("#announcer")).to_contain_text("The articles do not answer this.")
    nearest = turn.locator("details")
    expect(nearest.locator("li").first).not_to_be_visible()
    nearest.locator("summary").click()
    expect(nearest).to_contain_text("None of it answers it.")
    expect(nearest.locator("li").first).to_be_visible()
    expect(nearest.locator("mark")).to_have_count(0)


def test_above_a_passage_that_may_answer_the_nearest_passages_stand_open(page: Page) -> None:
    page.route("**/v1/ask", refused_at(0.24))
    ask(page, UNANSWERED)
    turn = page.get_by_role("article", name=UNANSWERED)
    expect(turn).to_contain_text("A passage may answer it, but not surely enough to be quoted.")
    expect(turn).not_to_contain_text("none of them says it")
    expect(page.locator("#announcer")).to_contain_text("The articles do not surely answer this. A passage may")
    nearest = turn.locator("details")
    expect(nearest.locator("li").first).to_be_visible()
    expect(nearest).to_contain_text("One of these may answer your question.")
    expect(nearest).not_to_contain_text("None of it answers it.")
    expect(nearest.locator("mark")).to_have_count(0)
    nearest.locator("summary").click()
    expect(nearest.locator("li").first).not_to_be_visible()


def refused_at(confidence: float) -> Callable[[Route], None]:
    """Let the server's refusal be one of this confidence."""

    def handle(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, json=told.json() | {"confidence": confidence})

    return handle


def test_everything_can_be_done_with_the_keyboard_and_heard(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    box, skip = page.get_by_role("textbox"), page.get_by_role("link", name="Skip to the question box")
    expect(box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.type("When was the Nujaba")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Movement established?")
    expect(box).to_have_value("When was the Nujaba\nMovement established?")
    page.keyboard.press("Enter")
    turn = page.get_by_role("article", name=ANSWERED)
    expect(turn).to_have_attribute("aria-busy", "true")
    expect(page.locator("#announcer")).to_have_text("Reading the articles.")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(turn).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#announcer")).to_contain_text(re.compile(r"\d quotes? found\. .*paragraph \d+\."))
    expect(box).to_be_focused()
    expect(box).to_have_value("")
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

    page.route("**/v1/ask", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway"))
    ask(page, UNANSWERED)
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
        expect(page.locator("#examples")).to_be_hidden()
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


def test_an_article_that_changed_or_is_not_there_is_told_of(
    open_page: Callable[..., tuple[Page, Watch]], server: Server
) -> None:
    page, watch = open_page()
    page.get_by_role("link", name="Exclusive").click()
    expect(page.locator(".block").first).to_be_visible()
    page.goto(f"{page.url}#100-120-0")
    expect(page.locator(".warning")).to_contain_text("The article has changed")
    expect(page.locator("mark")).to_have_count(0)
    watch.expects_failures = True
    page.goto(f"{server.url}/articles/0000000000000000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("no such article")


def test_a_phone_shows_everything_without_scrolling_sideways(open_page: Callable[..., tuple[Page, Watch]]) -> None:
    page, _ = open_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    for question in (ANSWERED, UNANSWERED, "What was the longest word in the report?"):
        ask(page, question)
        turn = page.get_by_role("article", name=question)
        turn.locator("summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    turn.locator("details .citation").first.click()
    expect(page.locator("article mark").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Callable[..., tuple[Page, Watch]], scheme: str) -> None:
    page, watch = open_page(color_scheme=scheme, reduced_motion="reduce")
    watch.expects_failures = True
    expect(page.get_by_role("region", name="Example questions")).to_be_visible()
    expect(page.locator(".articles")).to_be_visible()
    assert accessibility_findings(page) == []
    for question, shown in ((ANSWERED, "figure"), (UNANSWERED, ".not-found")):
        ask(page, question)
        expect(page.locator(shown).first).to_be_visible()
    page.route("**/v1/ask", lambda route: problem(route, 500, "Something broke", "Read the log of the server."))
    ask(page, "why?")
    expect(page.locator(".failure")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert accessibility_findings(page) == []
    page.locator("figure .citation").first.click()
    expect(page.locator("article mark")).to_be_visible()
    assert accessibility_findings(page) == []


def test_where_articles_disagree_that_is_said_and_each_quote_has_its_date(
    open_page: Callable[..., tuple[Page, Watch]],
) -> None:
    page, _ = open_page()

    def differing(route: Route) -> None:
        told = route.fetch().json()
        for quote in told["quotes"]:
            quote["disagrees"] = True
            quote["citation"]["published"] = "2024-05-06"
        route.fulfill(json=told)

    page.route("**/v1/ask", differing)
    ask(page, ANSWERED)
    turn = page.get_by_role("article", name=ANSWERED)
    expect(turn).to_contain_text("The articles do not agree on this.")
    expect(turn.locator("figure").first).to_contain_text("6 May 2024")
    expect(page.locator("#announcer")).to_contain_text("The articles do not agree on this.")
