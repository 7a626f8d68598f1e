"""How much, how long, how often and what a host may be asked; and what is told of one that does not give a page."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import FetchError, FetchRefused, UnreadableSource
from tests.integration.fetching.news import page
from tests.integration.web_server import Reply, Request, fetcher, serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.web_server import WebServer

pytestmark = pytest.mark.integration


def test_a_redirect_loop_is_left(server: WebServer) -> None:
    server.replies["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher().fetch(server.url("/loop"))
    assert server.asked() == ["/loop"] * 6


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
