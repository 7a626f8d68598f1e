"""Fetching from a real server: what comes back, and every refusal."""
# ruff: noqa: E501 - pages stand as servers send them

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from contextlib import suppress
from datetime import date
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from index.errors import FetchError, FetchRefused, UnreadableSource
from index.sources.manners import USER_AGENT, Manners
from index.sources.web import Failed, Fetched, Fetcher
from tests.integration.web_server import HERE, Reply, Request, fetcher, serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.integration.web_server import WebServer

pytestmark = pytest.mark.integration

PARAGRAPHS = (
    "The ferry between Larnholm and the islands returned on Monday, nine years after the last crossing, with 212 passengers on board.",
    "The line was closed in 2015 when the operator went bankrupt, and two attempts to revive it failed for want of a ship.",
    "Tickets cost twelve crowns, and children under six travel free, the company said in a statement on its website.",
)


def page(*, head: str = "", extra: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*PARAGRAPHS, *([extra] if extra else [])))
    return f"<!doctype html><html lang=en><head><title>Ferry returns</title>{head}</head><body><article><h1>Ferry returns</h1>{body}</article></body></html>"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving_pages() as serving:
        serving.replies["/news"] = Reply(page())
        yield serving


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


def test_a_redirect_loop_is_left(server: WebServer) -> None:
    server.replies["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher().fetch(server.url("/loop"))
    assert server.asked() == ["/loop"] * 6


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("file:///etc/passwd", "Only http and https"),
        ("gopher://127.0.0.1/", "Only http and https"),
        ("data:text/html,hello", "Only http and https"),
        ("//user:secret@news.example/", "user name or password"),
        ("http://127.0.0.2/", "a loopback address"),
        ("http://[::1]/", "a loopback address"),
        ("http://10.0.0.1/", "a private address"),
        ("http://192.168.1.1/", "a private address"),
        ("http://169.254.169.254/latest/meta-data/", "metadata"),
        ("http://169.254.7.7/", "a link-local address"),
        ("http://[fe80::1]/", "a link-local address"),
        ("http://224.0.0.1/", "a multicast address"),
        ("http://0.0.0.0/", "the unspecified address"),
        ("http://[::ffff:127.0.0.1]/", "IPv4 address in IPv6 clothing"),
        ("http://[64:ff9b::a00:1]/", "a private address"),
        ("http://2130706434/", "a loopback address"),
        ("http://0x7f.2/", "a loopback address"),
    ],
)
def test_a_redirect_to_what_must_not_be_fetched_is_refused(server: WebServer, target: str, message: str) -> None:
    server.replies["/away"] = Reply(status=302, headers={"Location": target})
    with pytest.raises(FetchRefused, match=message) as refused:
        fetcher().fetch(server.url("/away"))
    assert refused.value.hint
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1/", "a loopback address"),
        ("http://localhost:1/", "a loopback address"),
        ("ftp://news.example/", "Only http and https"),
        ("news.example/a", "Only http and https"),
        ("https:///path", "Only http and https"),
        ("http://user@news.example/", "user name or password"),
        ("http://[::1/", "is no URL"),
        ("http://news.example/" + "a" * 3_000, "longer than 2,000"),
    ],
)
def test_a_url_that_must_not_be_fetched_is_refused(url: str, message: str) -> None:
    with pytest.raises(FetchRefused, match=message):
        Fetcher().fetch(url)


def resolving(*answers: Sequence[str]) -> tuple[Callable[[str, int], Sequence[str]], list[str]]:
    """A resolver that gives one answer after the other, the last for ever, and the list of what it was asked."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


def test_the_connection_goes_to_the_address_that_was_vetted_and_the_name_stays(server: WebServer) -> None:
    resolver, asked = resolving(["127.0.0.1"])
    fetcher(resolver).fetch(server.url("/news", host="news.example"))
    assert {request.headers["Host"] for request in server.requests} == {f"news.example:{server.port}"}
    assert len(asked) == len(server.requests) == 2  # robots.txt and the page: one look-up for each connection


def test_a_name_that_has_a_public_and_a_private_address_is_refused(server: WebServer) -> None:
    resolver, _ = resolving(["127.0.0.1", "10.0.0.1"])
    with pytest.raises(FetchRefused, match=r"news\.example has the address 10\.0\.0\.1, which is a private address"):
        fetcher(resolver).fetch(server.url("/news", host="news.example"))
    assert server.requests == []


def test_a_name_that_becomes_private_between_two_requests_is_refused(server: WebServer) -> None:
    resolver, asked = resolving(["127.0.0.1"], ["10.0.0.1"])  # robots.txt is let through, the page is not
    with pytest.raises(FetchRefused, match="a private address"):
        fetcher(resolver).fetch(server.url("/news", host="news.example"))
    assert asked == ["news.example"] * 2
    assert server.asked() == []


def test_an_address_that_does_not_answer_is_followed_by_the_next_one(server: WebServer) -> None:
    resolver, _ = resolving(["127.0.0.3", "127.0.0.1"])
    both = Fetcher(Manners(delay=0), allowed=(*HERE, ip_network("127.0.0.3")), resolver=resolver)
    assert both.fetch(server.url("/news", host="news.example")).articles


def test_a_name_that_does_not_exist_is_told() -> None:
    def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"nowhere\.example cannot be resolved") as failed:
        fetcher(nowhere).fetch("http://nowhere.example/")
    assert failed.value.hint


def test_a_slow_look_up_ends_in_time() -> None:
    def slow(_host: str, _port: int) -> Sequence[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"did not arrive in 0\.2 seconds"):
        fetcher(slow, seconds=0.2).fetch("http://slow.example/")
    assert time.monotonic() - begun < 2


def bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes * 1024**2))


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_unpacks_to_too_much_is_stopped(server: WebServer, encoding: str) -> None:
    packed = bomb(64) if encoding == "gzip" else zlib.compress(bytes(64 * 1024**2))
    assert len(packed) < 100_000
    server.replies["/bomb"] = Reply(packed, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match="larger than 1 MiB"):
        fetcher(max_bytes=1024**2).fetch(server.url("/bomb"))


def test_a_packed_sitemap_that_unpacks_to_too_much_is_stopped(server: WebServer) -> None:
    server.replies["/sitemap.xml.gz"] = Reply(bomb(64), headers={"Content-Type": "application/gzip"})
    with pytest.raises(UnreadableSource, match="unpacks to more than 20 MiB"):
        fetcher().fetch(server.url("/sitemap.xml.gz"))


@pytest.mark.parametrize("packings", ["br", "gzip, gzip", "zstd"])
def test_packing_that_was_not_asked_for_is_refused(server: WebServer, packings: str) -> None:
    server.replies["/packed"] = Reply(b"x", headers={"Content-Encoding": packings})
    with pytest.raises(FetchError, match="not asked for"):
        fetcher().fetch(server.url("/packed"))


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


def test_a_packed_page_that_ends_too_early_is_refused(server: WebServer) -> None:
    server.replies["/cut"] = Reply(gzip.compress(page().encode())[:-40], headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnreadableSource, match="end too early"):
        fetcher().fetch(server.url("/cut"))


def test_an_endless_body_is_left_at_the_limit(server: WebServer) -> None:
    left = threading.Event()

    def endless(write: Callable[[bytes], object]) -> None:
        try:
            while True:
                write(b"<p>and on and on</p>" * 1_000)
        finally:
            left.set()

    server.replies["/endless"] = Reply(write=endless)
    with pytest.raises(FetchError, match="larger than 1 MiB"):
        fetcher(max_bytes=1024**2).fetch(server.url("/endless"))
    assert left.wait(5)


def test_a_body_that_comes_a_byte_at_a_time_ends_at_the_total_time(server: WebServer) -> None:
    def slow(write: Callable[[bytes], object]) -> None:
        for _ in range(200):
            write(b"x")
            time.sleep(0.05)

    server.replies["/slow"] = Reply(write=slow)
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"did not arrive in 0\.5 seconds"):
        fetcher(seconds=0.5).fetch(server.url("/slow"))
    assert time.monotonic() - begun < 3


def test_a_header_that_comes_a_byte_at_a_time_ends_at_the_total_time() -> None:
    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1_000)
            with suppress(OSError):  # the fetcher has had enough, as it should
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        slow = threading.Thread(target=drip, args=(listening,), daemon=True)
        slow.start()
        begun = time.monotonic()
        with pytest.raises(FetchError, match=r"did not arrive in 0\.5 seconds"):
            fetcher(seconds=0.5).fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/news")
        assert time.monotonic() - begun < 3
        slow.join()


def test_the_total_time_counts_all_redirects(server: WebServer) -> None:
    def late(_request: Request) -> Reply:
        time.sleep(0.3)
        return Reply(status=302, headers={"Location": "/late"})

    server.replies["/late"] = late
    with pytest.raises(FetchError, match=r"did not arrive in 0\.5 seconds"):
        fetcher(seconds=0.5).fetch(server.url("/late"))


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "is gone"), (410, "is gone"), (403, "to programs"), (503, "did not give"), (204, "did not give")],
)
def test_a_status_that_is_no_page_is_told(server: WebServer, status: int, message: str) -> None:
    server.replies["/news"] = Reply(status=status, headers={"Retry-After": "60"})
    with pytest.raises(FetchError, match=message) as failed:
        fetcher().fetch(server.url("/news"))
    assert failed.value.status == status
    assert ("60" in failed.value.hint) == (status in (503, 204))


def test_a_server_that_does_not_answer_is_told(server: WebServer) -> None:
    with serving_pages() as gone:
        dead = gone.url("/news")
    server.replies["/away"] = Reply(status=302, headers={"Location": dead})
    for url in (dead, server.url("/away")):
        with pytest.raises(FetchError, match="Connection refused"):
            fetcher().fetch(url)


def test_robots_txt_is_obeyed_read_once_and_obeyed_by_redirects(server: WebServer) -> None:
    rules = "User-agent: *\nDisallow: /private\nDisallow: /*.pdf$\n\nUser-agent: OnRecord\nDisallow: /closed\n"
    server.replies |= {"/robots.txt": Reply(rules), "/private/news": Reply(page())}
    server.replies["/way"] = Reply(status=302, headers={"Location": "/closed/news"})
    one = fetcher()
    assert one.fetch(server.url("/private/news")).articles  # our own group replaces that of all
    for path in ("/closed/news", "/way"):
        with pytest.raises(FetchRefused, match="robots"):
            one.fetch(server.url(path))
    assert server.asked() == ["/private/news", "/way"]
    assert [request.path for request in server.requests].count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (429, False), (500, False), (503, False)])
def test_without_a_robots_txt_all_is_allowed_and_with_a_broken_one_nothing(
    server: WebServer, status: int, *, allowed: bool
) -> None:
    server.replies["/robots.txt"] = Reply(status=status)
    if allowed:
        assert fetcher().fetch(server.url("/news")).articles
    else:
        with pytest.raises(FetchError, match="so nothing may be fetched"):
            fetcher().fetch(server.url("/news"))


def test_a_robots_txt_counts_up_to_its_limit(server: WebServer) -> None:
    filler = "# filler\n" * 70_000
    server.replies["/robots.txt"] = Reply(f"User-agent: *\nDisallow: /news\n{filler}")
    with pytest.raises(FetchRefused, match="robots"):
        fetcher().fetch(server.url("/news"))


def test_a_host_is_not_asked_again_before_its_delay(server: WebServer) -> None:
    one = fetcher(delay=0.3)
    begun = time.monotonic()
    for _ in range(3):
        one.fetch(server.url("/news"))
    assert 0.6 <= time.monotonic() - begun < 3


def test_a_crawl_delay_lengthens_the_wait(server: WebServer) -> None:
    server.replies["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 0.4\n")
    one = fetcher()
    begun = time.monotonic()
    one.fetch(server.url("/news"))
    one.fetch(server.url("/news"))
    assert time.monotonic() - begun >= 0.4


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
    assert feed.links == tuple(server.url(path) for path in ("/news", "/gone", "/news", "/b"))
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
