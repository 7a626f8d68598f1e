"""The day of publication, by what pages state and show."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.index.sources.readers.page.dates import day_of
from tests.unit.index.sources.readers.page.story import STORY, page, read

JULY = date(2020, 7, 10)
STATED = '{"@context":"https://schema.org","@type":"NewsArticle","datePublished":"2020-07-10T14:15:42+00:00"}'


def json_ld(content: str) -> str:
    return f'<title>Slipway approved</title><script type="application/ld+json">{content}</script>'


@pytest.mark.parametrize(
    "head",
    [
        json_ld(STATED),
        json_ld(f"[{STATED}]"),
        json_ld(f"//<![CDATA[\n{STATED}\n//]]>"),
        json_ld('{"@graph":[{"@type":"BreadcrumbList"},{"@type":"WebPage","datePublished":"2020-07-10"}]}'),
        json_ld('{"@type":["Article","BlogPosting"],"dateModified":"2024-01-01","datePublished":"2020-07-10"}'),
        json_ld('{"@type":"NewsArticle","datePublished":"2020-07-10","dateModified":"2025-01-07",}'),
        '<meta property="article:published_time" content="2020-07-10T23:55:00-07:00">',
        '<meta itemprop="datePublished" content="2020-07-10">',
        '<meta name="citation_publication_date" content="2020/07/10">',
        '<meta name="DC.date.issued" content="10 July 2020">',
        '<meta name="pubdate" content="20200710">',
        '<meta property="article:published_time" content="1594368000">',
    ],
)
def test_what_the_head_states_is_the_day(head: str) -> None:
    changed = '<meta property="article:modified_time" content="2025-01-07T09:08:22+00:00">'
    assert read(page(head=changed + head)).published == JULY


@pytest.mark.parametrize(
    "shown",
    [
        '<p class="byline">By Jo Berg<br>July 10, 2020 3:46 PM</p>',
        '<p class="dates">First published 10 July 2020. Last updated 7 January 2025.</p>',
        '<p>Updated: <time datetime="2025-01-07">7 January 2025</time></p><time datetime="2020-07-10">10 July</time>',
        '<div class="storyInfoDate">10.07.2020</div>',
        "<span>Veröffentlicht am 10. Juli 2020, 14:09</span>",
        "<p>LUND, July 10, 2020 (Coast Press) - The board met at noon and went on until midnight, its clerk said.</p>",
        '<div itemprop="datePublished" content="2020-07-10">last week</div>',
    ],
)
def test_what_stands_by_the_headline_is_the_day(shown: str) -> None:
    assert read(page(shown + STORY)).published == JULY


@pytest.mark.parametrize(
    "markup",
    [
        page(head='<meta property="article:modified_time" content="2025-01-07T09:08:22+00:00">'),
        page(head='<meta property="og:updated_time" content="2025-01-07T09:08:22+00:00">'),
        page(head='<meta http-equiv="last-modified" content="Tue, 07 Jan 2025 10:00:00 GMT">'),
        page(head=json_ld('{"@type":"NewsArticle","dateModified":"2025-01-07","headline":"Slipway approved"}')),
        page('<p class="updated">Updated <time datetime="2025-01-07">7 January 2025</time></p>' + STORY),
        page("<p>Last modified: 7 January 2025</p>" + STORY),
        page('<p class="event-date">Event: 7 January 2025</p>' + STORY),
        page(STORY).replace("</main>", '<aside><a href="/x">Old pier</a> <time datetime="2011-02-03"></time></aside>'),
        page(STORY + '<ul class="more-stories"><li><a href="/x">Old pier</a> <time>3 February 2011</time></li></ul>'),
        page(
            STORY
            + '<div><h3>More</h3><ul><li><a href="/x">Old pier closed down</a> <time>3 February 2011</time></li></ul>'
        ),
        page(STORY + '<div><h3><a href="/x">Old pier is closed</a></h3><time datetime="2011-02-03">2011</time></div>'),
        page(head='<meta property="article:published_time" content="1970-01-01T00:00:00Z">'),
        page("<footer>Copyright 2011-02-03 Coast Press</footer>" + STORY),
    ],
)
def test_a_change_and_the_day_of_another_story_are_none(markup: str) -> None:
    assert read(markup).published is None


def test_a_related_story_inside_another_does_not_tell_the_day() -> None:
    related = '{"@type":"Article","datePublished":"2011-02-03"}'
    stated = f'{{"@type":"NewsArticle","isRelatedTo":{related},"datePublished":"2020-07-10"}}'
    assert read(page(head=json_ld(stated))).published == JULY


def test_of_a_time_in_utc_the_url_tells_the_day() -> None:
    head = '<meta property="article:published_time" content="2020-07-11T01:10:00Z">'
    assert read(page(head=head), url="https://coast.example/2020/07/10/slipway").published == JULY


@pytest.mark.parametrize(
    ("written", "locale", "expected"),
    [
        ("04/11/2024 10:15", "en-GB", date(2024, 11, 4)),
        ("04/11/2024 10:15", "en-US", date(2024, 4, 11)),
        ("04/11/2024", "de", date(2024, 11, 4)),
        ("04.11.2024", "en", date(2024, 11, 4)),
        ("04/11/2024", "en", None),
        ("04/11/2024", None, None),
        ("25/11/2024", "en-US", date(2024, 11, 25)),
        ("11/25/2024", "en-GB", date(2024, 11, 25)),
        ("2024-11-04T23:30:00-05:00", None, date(2024, 11, 4)),
        ("2024-11-04T00:30:00+09:00", None, date(2024, 11, 4)),
        ("2024年11月4日", "ja", date(2024, 11, 4)),
        ("4 novembre 2024", "fr", date(2024, 11, 4)),
        ("Mon, 04 Nov 2024 10:00:00 +0100", None, date(2024, 11, 4)),
        ("Mon Nov 4 10:27:24 2024", None, date(2024, 11, 4)),
        ("4 November", "en", None),
        ("2024-13-40", None, None),
        ("2999-01-01", None, None),
        ("yesterday", None, None),
    ],
)
def test_a_day_is_read_as_its_country_writes_it(written: str, locale: str | None, expected: date | None) -> None:
    assert day_of(written, locale) == expected
