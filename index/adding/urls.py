"""URLs → what they hold, one article after the other, read while they are added."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onrecord.index.adding.batches import Read, Refused
from onrecord.index.store.fetches import Fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from onrecord.index.sources.web.fetcher import Failed, Fetched, Fetcher


def from_url(url: str, fetcher: Fetcher) -> Iterator[Read]:
    """What a URL holds, and where it is a feed or sitemap what the URLs hold that it lists."""
    for each in fetcher.expand(url):
        yield from _from_web(each)


def from_urls(urls: Sequence[str], fetcher: Callable[[], Fetcher]) -> Iterator[Read]:
    """What several URLs hold; what fetches them is made only where there are any."""
    if urls:
        shared = fetcher()
        for url in urls:
            yield from from_url(url, shared)


def _from_web(each: Fetched | Failed) -> Iterator[Read]:
    from onrecord.index.sources.web.fetcher import Failed  # noqa: PLC0415 - httpx: 0.1 s

    if isinstance(each, Failed):
        yield Refused(each.url, str(each.error))
        return
    yield from each.articles
    yield from (Refused(each.final_url, str(error)) for error in each.refused)
    yield Fetch.first(each.url, etag=each.etag, last_modified=each.last_modified, now=datetime.now(UTC))
