from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from tests.integration.browser_support import Watch, ask
from tests.integration.hostile import ARTICLE, LINES, QUESTIONS, REORDERED, TITLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.browser_support import Hosts
    from tests.integration.processes import Server

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

ACTIVE = "script, img, iframe, object, b, a:not(.citation, .quiet, .skip, .wordmark, .articles a)"


def quote_anyhow(route: Route) -> None:
    """Ask so that something is quoted, however sure the reader is: what is tested is how it is shown."""
    route.continue_(post_data=json.dumps(json.loads(route.request.post_data or "") | {"min_confidence": 0}))


def check_answers(page: Page) -> None:
    """Every hostile question is answered with the article's own characters, in their order, and none of them acts."""
    page.route("**/v1/ask", quote_anyhow)
    for question in QUESTIONS:
        ask(page, question)
        turn = page.get_by_role("article", name=question)
        quote = turn.locator("blockquote").first
        expect(quote).to_be_visible()
        assert quote.evaluate("element => element.textContent") in ARTICLE
        expect(turn.locator(".citation .title").first).to_have_text(TITLE)
        turn.locator("summary").click()
        assert turn.evaluate(REORDERED) == []
        assert turn.locator(ACTIVE).count() == 0
    assert page.evaluate("window.pwned") is None


def test_what_an_article_holds_is_text_in_answers_lists_and_its_own_page(page: Page) -> None:
    check_answers(page)
    corpus = page.locator("#corpus")
    expect(corpus).to_contain_text(TITLE)
    assert corpus.locator(ACTIVE).count() == 0
    assert corpus.evaluate(REORDERED) == []
    page.get_by_role("link", name="Zebra").last.click()
    article = page.get_by_role("article")
    for line in LINES:
        expect(article).to_contain_text(line)
    expect(article.locator(".control")).to_have_text(["\u2069", "\u202e", "\u202e", "\u202c", "\u2067", "\u2069"])
    expect(page).to_have_title(f"{TITLE.replace(chr(0x2069), '').replace(chr(0x202E), '')} · On Record")
    assert article.evaluate(REORDERED) == []
    assert article.locator(ACTIVE).count() == 0
    assert page.evaluate("window.pwned") is None


def test_what_an_article_holds_is_text_in_the_widget(
    open_page: Callable[..., tuple[Page, Watch]], hosts: Hosts, server: Server
) -> None:
    hosts.allowed.files["/hostile"] = (
        f'<!doctype html><html lang="en"><title>Host</title><script src="{server.url}/widget.js" defer></script>'
        f'<h1>Host</h1><onrecord-chat endpoint="{server.url}"></onrecord-chat>'
    )
    page, _ = open_page(f"{hosts.allowed.url}/hostile", origins=(hosts.allowed.url, server.url))
    check_answers(page)


def test_words_behind_astral_characters_are_marked_exactly(page: Page) -> None:
    page.route("**/v1/ask", quote_anyhow)
    ask(page, "How many melons did the quagga keeper feed the quagga?")
    quote = page.locator("figure").first
    words = quote.locator("mark").inner_text()
    assert quote.locator("blockquote").inner_text() in ARTICLE
    quote.locator(".citation").click()
    expect(page.locator("article mark")).to_have_text(words)


def test_only_web_addresses_become_links_and_copies_are_named_as_text(page: Page) -> None:
    def with_urls(route: Route) -> None:
        answer = route.fetch().json()
        for quote, url in zip(answer["quotes"], ["javascript:window.pwned=1"] * 9, strict=False):
            also_in = [{"article_id": "javascript:window.pwned=1", "title": TITLE, "url": url}]
            quote["citation"] |= {"url": url, "link": url, "also_in": also_in}
        route.fulfill(json=answer)

    page.route("**/v1/ask", with_urls)
    ask(page, "When was the Nujaba Movement established?")
    copies = page.locator("figure").first.locator("details")
    copies.get_by_text("The same words stand in 1 other article").click()
    expect(copies.locator(".citation")).to_have_text(TITLE)
    hrefs = page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(hrefs) == {"http:"}
