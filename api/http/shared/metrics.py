"""What Prometheus can read at /metrics: one registry for each app, so that two apps in one process never mix."""

from __future__ import annotations

from http import HTTPMethod
from threading import Lock
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from onrecord.index.errors import StoreError

if TYPE_CHECKING:
    from onrecord.api.http.messages.answers import AskResponse
    from onrecord.index.corpus import Corpus

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# Any token is a method to HTTP, and a client must not be able to grow the figures without bound.
_METHODS = frozenset(HTTPMethod)
_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts and times of one app. Safe to share between threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "onrecord_http_requests_total",
            "HTTP requests by route, method and status.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "onrecord_ask_seconds",
            "How long a question took, without its wait.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "onrecord_answers_total",
            "Questions by what came of them: answered, or why not.",
            ["outcome"],
            registry=self._registry,
        )
        self._ready = Gauge("onrecord_ready", "Whether questions can be asked.", registry=self._registry)
        self._generation = Gauge("onrecord_corpus_generation", "Changes committed.", registry=self._registry)
        self._articles = Gauge("onrecord_corpus_articles", "Articles stored.", registry=self._registry)
        self._passages = Gauge("onrecord_corpus_passages", "Passages that can be found.", registry=self._registry)
        self._counted_generation: int | None = None
        self._counting = Lock()

    def request(self, route: str, method: str, status: int) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()

    def answer(self, response: AskResponse) -> None:
        """Count a question that was answered or not, and its time."""
        self._answers.labels(response.reason or response.status).inc()
        self._seconds.observe(response.timings_ms.total / 1000)

    def render(self, corpus: Corpus | None) -> bytes:
        """Everything in Prometheus' text format; the corpus is None while it is not open.

        Where the data directory is gone, the figures of the corpus stay as they were, and it is not ready.
        """
        try:
            if corpus is not None:
                self._count(corpus)
            self._ready.set(corpus is not None)
        except StoreError:
            self._ready.set(0)
        return generate_latest(self._registry)

    def _count(self, corpus: Corpus) -> None:
        with self._counting:
            generation = corpus.generation
            if generation == self._counted_generation:
                return
            articles = corpus.articles()
            self._generation.set(generation)
            self._articles.set(len(articles))
            self._passages.set(sum(article.passages for article in articles))
            self._counted_generation = generation
