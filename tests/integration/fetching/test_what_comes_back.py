"""What is fetched from a real server becomes articles."""

from __future__ import annotations

import gzip
import zlib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import FetchError, UnreadableSource
from onrecord.index.sources.web.fetcher import Failed, Fetched
from onrecord.index.sources.web.manners import USER_AGENT
from tests.integration.fetching.news import PARAGRAPHS, page
from tests.integration.web_server import Reply, Request, fetcher

if TYPE_CHECKING:
    from tests.integration.web_server import WebServer

pytestmark = pytest.mark.integration


def test_a_page_becomes_an_article_with_what_it_says_of_itself(server: WebServer) -> None:
    head = (
        '<link rel="canonical" href="/2024/ferry"><meta name="author" content="Jane Roe">'
        '<meta property="article:published_time" content="2024-11-04T10:15:00Z">'
    )
    server.replies["/news?id=7"] = Reply(page(head=head), headers={"ETag": '"v1"', "Last-Modified": "yesterday"})
    fetched = fetcher().fetch(server.url("/news?id=7#part"))
    (article,) = fetched.articles
    assert article.source == article.url == server.url("/2024/ferry")
    assert (article.title, article.author, article.published) == ("Ferry returns", "Jane Roe", date(2024, 11, 4))
    assert article.language == "en"
    assert article.text.endswith("\n\n".join(PARAGRAPHS))
    assert (fetched.url, fetched.final_url) == (server.url("/news?id=7#part"), server.url("/news?id=7"))
    assert (fetched.etag, fetched.last_modified, fetched.not_modified) == ('"v1"', "yesterday", False)


def test_a_page_cannot_claim_to_be_one_of_another_site(server: WebServer) -> None:
    server.replies["/evil"] = Reply(page(head='<link rel="canonical" href="https://news.example/real">'))
    (article,) = fetcher().fetch(server.url("/evil")).articles
    assert article.source == article.url == server.url("/evil")


def test_a_request_says_who_asks_and_carries_no_cookie(server: WebServer) -> None:
    cookie = {"Set-Cookie": "a=b"}
    server.replies |= {
        "/a": Reply(status=302, headers={"Location": "/news", **cookie}),
        "/news": Reply(page(), headers=cookie),
    }
    one = fetcher()
    one.fetch(server.url("/a"))
    one.fetch(server.url("/news"))
    for request in server.requests:
        assert request.headers["User-Agent"] == USER_AGENT
        assert request.headers["Cookie"] is None
    assert USER_AGENT.startswith("OnRecord/")


@pytest.mark.parametrize(
    ("name", "sent", "value"),
    [("etag", "If-None-Match", '"v1"'), ("last_modified", "If-Modified-Since", "Mon, 04 Nov 2024 10:00:00 GMT")],
)
def test_what_did_not_change_is_not_sent_again(server: WebServer, name: str, sent: str, value: str) -> None:
    def answer(request: Request) -> Reply:
        return Reply(status=304) if request.headers[sent] == value else Reply(page())

    server.replies["/news"] = answer
    again = fetcher().fetch(server.url("/news"), **{name: value})
    assert again.not_modified
    assert again.articles == ()
    assert getattr(again, name) == value
    assert fetcher().fetch(server.url("/news"), **{name: "older"}).articles


def test_redirects_are_followed_to_the_page(server: WebServer) -> None:
    server.replies |= {
        "/a": Reply(status=301, headers={"Location": "/b"}),
        "/b": Reply(status=302, headers={"Location": server.url("/news#top")}),
    }
    fetched = fetcher().fetch(server.url("/a"))
    assert fetched.final_url == server.url("/news")
    assert fetched.articles[0].source == server.url("/news")


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate"])
def test_packed_pages_are_read(server: WebServer, packing: str) -> None:
    content = page().encode()
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(content[:500]) + gzip.compress(content[500:]),
        "deflate": zlib.compress(content),
        "raw deflate": raw.compress(content) + raw.flush(),
    }
    server.replies["/packed"] = Reply(bodies[packing], headers={"Content-Encoding": packing.removeprefix("raw ")})
    assert fetcher().fetch(server.url("/packed")).articles[0].text.endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("header", "encoding", "meta"),
    [
        ("text/html; charset=windows-1252", "cp1252", ""),
        ("text/html; charset=iso-8859-1", "utf-8", ""),
        ("text/html", "utf-8", '<meta charset="windows-1252">'),
        ("text/html", "cp1252", '<meta charset="iso-8859-1">'),
        ("text/html; charset=utf-8", "cp1252", '<meta charset="windows-1252">'),
        ("text/html; charset=latin1", "utf-16", ""),
        ("text/html; charset=nonsense", "utf-8-sig", ""),
        ("application/octet-stream", "utf-8", ""),
    ],
)
def test_the_encoding_is_found_also_where_the_header_is_wrong(
    server: WebServer, header: str, encoding: str, meta: str
) -> None:
    extra = "“Das Café schließt,” sagte Jürgen – und so kam es im Frühling dann auch, wie die Gemeinde mitteilte."
    server.replies["/news"] = Reply(page(head=meta, extra=extra).encode(encoding), headers={"Content-Type": header})
    assert fetcher().fetch(server.url("/news")).articles[0].text.endswith(extra)


def test_a_feed_expands_to_its_pages_and_what_fails_stops_nothing(server: WebServer) -> None:
    items = "".join(f"<item><link>{path}</link><title>t</title></item>" for path in ("/news", "/gone", "/news", "/b"))
    server.replies["/feed"] = Reply(
        f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>", headers={"Content-Type": "text/xml"}
    )
    server.replies["/b"] = Reply(page(extra="Another page it is, with a sentence of its own at the end."))
    feed, first, gone, second = fetcher().expand(server.url("/feed"))
    assert isinstance(feed, Fetched)
    assert feed.articles == ()
    assert feed.links == tuple(server.url(path) for path in ("/news", "/gone", "/b"))
    assert isinstance(first, Fetched)
    assert isinstance(gone, Failed)
    assert gone.url == server.url("/gone")
    assert isinstance(gone.error, FetchError)
    assert gone.error.status == 404
    assert isinstance(second, Fetched)
    assert server.asked() == ["/feed", "/news", "/gone", "/b"]


def test_a_sitemap_index_expands_through_packed_sitemaps_up_to_the_limit(server: WebServer) -> None:
    def listing(kind: str, item: str, *paths: str) -> str:
        entries = "".join(f"<{item}><loc>{server.url(path)}</loc></{item}>" for path in paths)
        return f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'

    pages = [f"/news/{number}" for number in range(10)]
    server.replies |= {
        "/sitemap.xml": Reply(listing("sitemapindex", "sitemap", "/one.xml.gz"), headers={"Content-Type": "text/xml"}),
        "/one.xml.gz": Reply(gzip.compress(listing("urlset", "url", *pages).encode())),
        **{path: Reply(page()) for path in pages},
    }
    found = list(fetcher(max_urls=4).expand(server.url("/sitemap.xml")))
    assert server.asked() == ["/sitemap.xml", "/one.xml.gz", *pages[:3]]
    assert [each.url for each in found if isinstance(each, Failed)] == [server.url("/one.xml.gz")]
    assert sum(len(each.articles) for each in found if isinstance(each, Fetched)) == 3


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04plain", b"\xff\xd8\xff\xe0"])
def test_what_is_no_text_is_refused_whatever_the_server_calls_it(server: WebServer, content: bytes) -> None:
    server.replies["/picture"] = Reply(content)
    with pytest.raises(UnreadableSource, match=r"picture|archive"):
        fetcher().fetch(server.url("/picture"))


def test_plain_text_and_markdown_are_fetched_too(server: WebServer) -> None:
    server.replies["/notes.txt"] = Reply("Ferry notes\n\n" + PARAGRAPHS[0], headers={"Content-Type": "text/plain"})
    server.replies["/notes.md"] = Reply("# Ferry *notes*\n\n" + PARAGRAPHS[0], headers={"Content-Type": "text/plain"})
    for path in ("/notes.txt", "/notes.md"):
        (article,) = fetcher().fetch(server.url(path)).articles
        assert article.title.casefold() == "ferry notes"
        assert article.source == server.url(path)
