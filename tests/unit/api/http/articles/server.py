"""A server that takes articles, with what is slow or far away made up, and the shortest ways to watch it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.routes.jobs import Jobs
from onrecord.api.wiring import Services
from onrecord.index.errors import FetchError
from onrecord.index.sources.web.fetcher import Failed, Fetched
from tests.articles import article
from tests.fakes import HashingEmbedder
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.api.http.shared.exposure import Exposure
    from onrecord.api.http.shared.write_guard import Writing
    from onrecord.index.corpus import Corpus

TEXT = "The lighthouse of Varn was lit again on Friday.\n\nIts lamp turns once in twelve seconds."
FEED = "https://news.example/feed"


class FakeFetcher:
    """Gives one page, one page that is gone, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def expand(self, url: str) -> Iterator[Fetched | Failed]:
        self.asked.append(url)
        page = article("varn", "The tower of Varn is forty metres high.")
        yield Fetched(url, url, (page,), links=("https://news.example/gone",), etag='"1"')
        yield Failed("https://news.example/gone", FetchError("It is gone.", hint="Check the address.", status=404))


class SlowEmbedder(HashingEmbedder):
    """Waits, when told to, before it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.go_on.set()

    def encode_passages(self, texts: Any) -> Any:
        assert self.go_on.wait(20)
        return super().encode_passages(texts)


@contextmanager
def started(
    services: Services, writing: Writing | None, exposure: Exposure | None = None, *, waits: bool = True
) -> Iterator[TestClient]:
    """A client of a server that has loaded and, where it takes articles and the client `waits` for it, has begun to."""
    loaded = Services(_Open(services.corpus), services.pipeline)  # type: ignore[arg-type]
    app = create_app(lambda: loaded, max_concurrent=2, max_waiting=4, exposure=exposure, writing=writing)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        wait_until_loaded(client)
        until = time.monotonic() + 10
        while waits and (jobs := app.state.parts.room(Jobs)) is not None and jobs._thread is None:
            assert time.monotonic() < until
            time.sleep(0.01)
        yield client


class _Open:
    """A corpus that outlives the servers of a test."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)

    def close(self) -> None:
        pass


def kind(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["type"])


def ended(client: TestClient, location: str) -> dict[str, Any]:
    until = time.monotonic() + 20
    while (job := client.get(location).json())["status"] not in ("done", "failed"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return job  # type: ignore[no-any-return]
