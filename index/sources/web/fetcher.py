"""URLs → articles: the only module that fetches, politely and within limits.

    fetcher = Fetcher()
    page = fetcher.fetch("https://example.org/news/1")
    later = fetcher.fetch(page.url, etag=page.etag, last_modified=page.last_modified)  # often not_modified
    for each in fetcher.expand("https://example.org/sitemap.xml"): ...  # it, and every URL that it lists

Every request, that of a redirect too, goes to a vetted address (`index.sources.web.connection`) of an http or https URL
that robots.txt allows. Redirects, time and bytes are limited (`index.sources.web.client`). No cookie is kept, no proxy
is used and no password is sent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from onrecord.index.errors import FetchError, FetchRefused, SourceError
from onrecord.index.sources.document import Document
from onrecord.index.sources.formats import read_document
from onrecord.index.sources.web import robots
from onrecord.index.sources.web.client import Client, Limits, origin, parse
from onrecord.index.sources.web.connection import resolve
from onrecord.index.sources.web.manners import USER_AGENT, Manners

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx

    from onrecord.index.records import Article
    from onrecord.index.sources.web.addresses import Network
    from onrecord.index.sources.web.client import Reply
    from onrecord.index.sources.web.connection import Resolver

_ROBOTS_SECONDS = 10.0
_LONGEST_CRAWL_DELAY = 30.0
_LIST_DEPTH = 2
_OK, _NOT_MODIFIED, _TOO_MANY, _SERVER_ERROR = 200, 304, 429, 500
_GONE = frozenset({404, 410})
_FORBIDDEN = frozenset({401, 402, 403, 451})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL held when it was asked.

    `url` is the one that was asked for, `final_url` the one that answered. `refused` says which parts are no article
    and why. `links` are the URLs that a feed or sitemap lists, in its order; empty for a page. `etag` and
    `last_modified` are what to send next time. `not_modified`: as before, and so nothing else is filled in.
    """

    url: str
    final_url: str
    articles: tuple[Article, ...] = ()
    refused: tuple[SourceError, ...] = ()
    links: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A URL, of those that a feed or sitemap was expanded to, that gave nothing, and why."""

    url: str
    error: SourceError


class Fetcher:
    """Fetches URLs; remembers robots.txt and when each host was last asked. Safe to share between threads.

    Args:
        manners: what fetching may take.
        user_agent: who asks, as servers see it; rules in robots.txt are matched with what stands before its slash.
        allowed: networks with private or loopback addresses that may be connected to all the same.
        resolver: how names become addresses.
    """

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        user_agent: str = USER_AGENT,
        allowed: Sequence[Network] = (),
        resolver: Resolver = resolve,
    ) -> None:
        self._manners = manners or Manners()
        self._limits = Limits(self._manners.max_bytes, self._manners.seconds, self._manners.redirects)
        self._agent = user_agent.partition("/")[0]
        self._client = Client(user_agent=user_agent, allowed=allowed, resolver=resolver)
        self._robots = robots.Robots(self._robots_text, self._agent)
        self._lock = Lock()
        self._next: dict[str, float] = {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Fetch one URL and read what it holds. With `etag` or `last_modified` of the last time, only if it changed.

        Raises:
            FetchRefused: the URL must not be fetched.
            FetchError: the network or the server failed, a limit was reached, or it is gone (`status` 404 or 410).
            UnreadableSource: what it holds is damaged or of a kind that cannot be read.
            SourceError: it holds no article.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        target = parse(url)
        self._check_robots(target)
        self._wait_for(target)
        reply = self._client.get(target, self._limits, headers=headers, check=self._check_robots)
        final = str(reply.url)
        if reply.status == _NOT_MODIFIED and headers:
            return Fetched(url, final, etag=etag, last_modified=last_modified, not_modified=True)
        if reply.status != _OK:
            raise _no_page(url, reply)
        contents = read_document(Document(reply.content, source=final, name=final, url=final, charset=reply.charset))
        return Fetched(
            url,
            final,
            contents.articles,
            contents.refused,
            contents.links,
            etag=reply.headers.get("etag"),
            last_modified=reply.headers.get("last-modified"),
        )

    def expand(self, url: str) -> Iterator[Fetched | Failed]:
        """Fetch a URL and, where it is a feed or sitemap, every URL it lists, up to the limit; each URL once.

        A sitemap of sitemaps is followed one level down. What fails stops nothing else.
        """
        waiting = [(url, 0)]
        seen = {url}
        while waiting:
            current, depth = waiting.pop(0)
            try:
                fetched = self.fetch(current)
            except SourceError as error:
                yield Failed(current, error)
                continue
            yield fetched
            links = [link for link in dict.fromkeys(fetched.links) if link not in seen] if depth < _LIST_DEPTH else []
            room = self._manners.max_urls - len(seen) + 1
            if len(links) > room:
                why = f"{current} lists {len(links)} URLs more; only {room} of them are fetched."
                yield Failed(current, FetchError(why, hint="ONRECORD_FETCH_MAX_URLS sets how many are."))
            seen.update(links[:room])
            waiting += [(link, depth + 1) for link in links[:room]]

    def _check_robots(self, url: httpx.URL) -> None:
        if not self._robots.allows(origin(url), str(url)):
            raise FetchRefused(
                f"{url} may not be fetched: the site's robots.txt forbids it to {self._agent}.",
                hint="Save the page from a browser and index the file, or ask the site.",
            )

    def _wait_for(self, url: httpx.URL) -> None:
        """Wait until the host may be asked again."""
        delay = max(self._manners.delay, min(self._robots.delay(origin(url)), _LONGEST_CRAWL_DELAY))
        with self._lock:
            now = time.monotonic()
            self._next = {host: free for host, free in self._next.items() if free > now}
            turn = self._next.get(url.host, now)
            self._next[url.host] = turn + delay
        time.sleep(turn - now)

    def _robots_text(self, of: str) -> str:
        """The robots.txt of an origin. Without one everything is allowed, with one that fails nothing."""
        url = f"{of}/robots.txt"
        limits = Limits(robots.LARGEST_FILE, min(self._manners.seconds, _ROBOTS_SECONDS), self._manners.redirects)
        reply = self._client.get(parse(url), limits, truncate=True)
        if reply.status == _TOO_MANY or reply.status >= _SERVER_ERROR:
            raise FetchError(
                f"{url} answers with status {reply.status}, so nothing may be fetched from there.",
                hint="Try again later.",
                status=reply.status,
            )
        return reply.content.decode("utf-8-sig", "replace")


def _no_page(url: str, reply: Reply) -> FetchError:
    status = reply.status
    if status in _GONE:
        return FetchError(f"{url} is gone (status {status}).", hint="Check the address.", status=status)
    if status in _FORBIDDEN:
        hint = "Save the page from a browser and index the file."
        return FetchError(f"The server does not give {url} to programs (status {status}).", hint=hint, status=status)
    after = reply.headers.get("retry-after")
    hint = f"Try again later; the server says when: Retry-After: {after}." if after else "Try again later."
    return FetchError(f"The server did not give {url} (status {status}).", hint=hint, status=status)
