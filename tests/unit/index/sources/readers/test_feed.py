# ruff: noqa: E501 - documents stand as they come
from __future__ import annotations

from datetime import date

import pytest

from onrecord.index.errors import SourceError, UnreadableSource
from tests.unit.index.sources.documents import contents, passages

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Gazette</title><language>en</language>
<item><title>Ferry &amp; crane</title><link>https://g.example/1</link><dc:creator>Jane Roe</dc:creator>
<pubDate>Mon, 04 Nov 2024 10:00:00 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>The ferry returned on <b>Monday</b>.</p><script>alert(1)</script><ul><li>At nine</li><li>At ten</li></ul><p>The crane<br>rests.</p>]]></content:encoded></item>
<item><title>Without a link</title><guid isPermaLink="false">x1</guid><description>A summary, with 5 &lt; 6.</description></item>
<item><title>…</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>G</title>
<entry><title>Ferry</title><link href="/1"/><id>tag:g,1</id><updated>2024-11-05T00:00:00Z</updated><summary>It returned.</summary></entry></feed>"""


def test_a_feed_in_a_file_gives_what_it_holds_of_its_entries() -> None:
    found = contents(RSS, "feed.xml")
    ferry, other = found.articles
    assert passages(ferry) == [
        ("body", "The ferry returned on Monday."),
        ("body", "At nine"),
        ("body", "At ten"),
        ("body", "The crane"),
        ("body", "rests."),
    ]
    assert ferry.source == ferry.url == "https://g.example/1"
    assert (ferry.title, ferry.author, ferry.published) == ("Ferry & crane", "Jane Roe", date(2024, 11, 4))
    assert ferry.language == "en"
    assert (other.source, other.text) == ("test:feed.xml#x1", "A summary, with 5 < 6.")
    assert ["feed.xml, entry 3" in str(refused) for refused in found.refused] == [True]
    assert found.links == ()


def test_a_feed_that_was_fetched_stands_for_its_links_and_for_entries_without_one() -> None:
    found = contents(RSS, "https://g.example/feed", url="https://g.example/feed")
    assert found.links == ("https://g.example/1",)
    assert [article.title for article in found.articles] == ["Without a link"]
    assert contents(ATOM, "https://g.example/a/feed", url="https://g.example/a/feed").links == ("https://g.example/1",)


def test_an_atom_entry_is_dated_by_its_update_where_it_says_no_more() -> None:
    (entry,) = contents(ATOM, "feed.atom").articles
    assert entry.published == date(2024, 11, 5)


def test_external_entities_are_not_read() -> None:
    feed = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>a</title><description>Words &x; here.</description></item></channel></rss>'
    (entry,) = contents(f'<?xml version="1.0"?>{feed}', "feed.xml").articles
    assert "root:" not in entry.text


def test_a_feed_without_entries_and_a_damaged_one_are_refused() -> None:
    with pytest.raises(SourceError, match=r"feed\.xml is a feed without entries"):
        contents('<rss version="2.0"><channel><title>t</title></channel></rss>', "feed.xml")
    with pytest.raises(UnreadableSource, match="damaged feed"):
        contents('<rss version="2.0"><channel><title>t</titl', "feed.xml")


def rss(item: str, channel: str = "") -> str:
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>G</title>{channel}<item>{item}<description>Nine boats came.</description></item></channel></rss>'


@pytest.mark.parametrize(
    ("channel", "link", "url"),
    [
        ("<link>https://g.example/news</link>", "/1", "https://g.example/1"),
        ("<link>https://g.example/news/</link>", "1", "https://g.example/news/1"),
        ("<link>https://g.example/news/</link>", "?p=1", "https://g.example/news/?p=1"),
        ('<atom:link rel="self" href="https://g.example/feed"/>', "/1", "https://g.example/1"),
        ("<link>https://g.example/</link>", "https://other.example/1", "https://other.example/1"),
        ("<link>https://g.example/</link>", "mailto:a@g.example", None),
        ("", "/1", None),
    ],
)
def test_a_link_stands_against_what_the_channel_says_of_itself(channel: str, link: str, url: str | None) -> None:
    (entry,) = contents(rss(f"<link>{link}</link>", channel), "feed.xml").articles
    assert entry.url == url
    fetched = contents(rss(f"<link>{link}</link>", channel), "x", url="https://copies.example/feed")
    absent = () if link.startswith("mailto") else ("https://copies.example/1",)
    assert fetched.links == ((url,) if url else absent)


def test_an_id_that_is_no_address_is_no_link() -> None:
    (entry,) = contents(rss("<guid>17</guid>", "<link>https://g.example/</link>"), "feed.xml").articles
    assert (entry.url, entry.source) == (None, "test:feed.xml#17")
    (other,) = contents(rss("<guid>https://g.example/17</guid>"), "feed.xml").articles
    assert other.url == "https://g.example/17"


def test_the_base_of_an_entry_goes_before_the_channel() -> None:
    atom = ATOM.replace('xml:lang="en"', 'xml:base="https://g.example/blog/"').replace('"/1"', '"ferry"')
    (entry,) = contents(atom, "feed.atom").articles
    assert entry.url == "https://g.example/blog/ferry"


def test_a_page_that_several_entries_share_is_fetched_and_they_are_read_from_the_feed() -> None:
    item = "</description></item><item><link>https://g.example/all</link><guid>b</guid><description>Nine boats left."
    feed = rss("<link>https://g.example/all</link><guid>a</guid>").replace(
        "</description></item>", item + "</description></item>", 1
    )
    found = contents(feed, "x", url="https://g.example/feed")
    assert found.links == ("https://g.example/all",)
    assert {each.text: each.source for each in found.articles} == {
        "Nine boats came.": "test:x#a",
        "Nine boats left.": "test:x#b",
    }
    assert {each.url for each in found.articles} == {"https://g.example/all"}


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<dc:creator>Jo Berg</dc:creator><dc:creator>Ada Holm</dc:creator>", "Jo Berg, Ada Holm"),
        ("<dc:creator>Jo Berg</dc:creator><dc:creator>Jo Berg</dc:creator>", "Jo Berg"),
        ("<author>jo@g.example (Jo Berg)</author>", "Jo Berg"),
        ("<author>jo@g.com (Jo Berg)</author>", "Jo Berg"),
        ("<author>jo@g.com</author>", "jo@g.com"),
    ],
)
def test_every_author_is_named_once(item: str, author: str) -> None:
    (entry,) = contents(rss(item), "feed.xml").articles
    assert entry.author == author


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Fri, 03 May 2024 23:30:00 -0800", date(2024, 5, 3)),
        ("2024-05-03T10:00:00.123+02:00", date(2024, 5, 3)),
        ("2024년 05월 03일 (금) 10:00", None),
        ("1714723200", None),
        ("1714723200000", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("03/05/2024", None),
        ("2024-W18", None),
    ],
)
def test_a_number_is_no_day_and_a_day_is_where_it_was_written(written: str, day: date | None) -> None:
    later = "<atom:updated>2024-11-05T00:00:00Z</atom:updated>"
    (entry,) = contents(rss(f"<pubDate>{written}</pubDate>{later}"), "feed.xml").articles
    assert entry.published == day


def test_markup_that_was_escaped_twice_is_read() -> None:
    feed = ATOM.replace("It returned.", "&amp;lt;p&amp;gt;It returned.&amp;lt;/p&amp;gt;").replace(
        "<summary>", '<summary type="html">'
    )
    (entry,) = contents(feed, "feed.atom").articles
    assert entry.text == "It returned."
