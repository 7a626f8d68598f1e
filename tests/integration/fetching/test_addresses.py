"""Only what stands on a public address is fetched, whatever names and redirects say."""

from __future__ import annotations

import time
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import FetchError, FetchRefused
from onrecord.index.sources.web.fetcher import Fetcher
from onrecord.index.sources.web.manners import Manners
from tests.integration.web_server import HERE, Reply, fetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.integration.web_server import WebServer

pytestmark = pytest.mark.integration


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
