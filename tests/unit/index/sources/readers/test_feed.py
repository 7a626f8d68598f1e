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
