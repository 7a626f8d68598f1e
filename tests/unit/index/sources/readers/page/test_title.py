"""A page's title: its headline, never the name of its site."""

from __future__ import annotations

import pytest

from tests.unit.index.sources.readers.page.story import STORY, page, read

MASTHEAD = '<header><h1><a href="/">The Coast Courier - Latest News</a></h1></header>'


@pytest.mark.parametrize(
    "markup",
    [
        page(),
        page(head="<title>Slipway approved - The Coast Courier</title>"),
        page(head="<title>The Coast Courier | Slipway approved</title>"),
        page(head='<title>x</title><meta property="og:title" content="Slipway approved | Coast">'),
        page(head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"Slipway approved"}</script>'),
        page(head="<title>Slipway is approved</title>"),
        (
            f"<html><head><title>Slipway approved - The Coast Courier</title></head><body>{MASTHEAD}<main><article>"
            f'<h2 class="headline">Slipway approved</h2>{STORY}</article></main></body></html>'
        ),
        (
            f"<html><head><title>Slipway approved - The Coast Courier</title></head><body>{MASTHEAD}<main><article>"
            f"<h2>Slipway approved</h2>{STORY}</article></main></body></html>"
        ),
        (
            "<html><head><title>Slipway approved - The Coast Courier</title></head><body><header>"
            f"<h1>The Coast Courier</h1></header><main><h2>Slipway approved</h2>{STORY}</main></body></html>"
        ),
        (
            '<html><head><title>Slipway approved - Coast</title><meta property="og:site_name" content="Coast"></head>'
            f"<body><div>{STORY}</div></body></html>"
        ),
    ],
)
def test_the_title_is_the_headline(markup: str) -> None:
    assert read(markup).title == "Slipway approved"


def test_the_host_tells_the_name_of_the_site() -> None:
    markup = f"<html><head><title>Slipway approved | Coastcourier</title></head><body>{STORY}</body></html>"
    assert read(markup, url="https://www.coastcourier.example/slipway").title == "Slipway approved"


def test_a_page_that_is_called_like_its_site_has_its_first_headline() -> None:
    head = '<title>The Coast Courier</title><meta property="og:site_name" content="The Coast Courier">'
    assert read(page(head=head)).title == "Slipway approved"


def test_a_title_with_a_dash_of_its_own_stays_whole() -> None:
    head = "<title>Lund – a town of boats</title>"
    markup = page(head=head).replace("<h1>Slipway approved</h1>", "<h1>Lund – a town of boats</h1>")
    assert read(markup).title == "Lund – a town of boats"
