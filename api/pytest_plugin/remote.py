"""Asks a running server as one asks the pipeline, and gets back the same values: for checks that ask over HTTP."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from onrecord.api.http.messages.answers import ArticleResponse, AskResponse
from onrecord.index.errors import OnRecordError
from onrecord.index.records import Article, Hit, Passage
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Span, Timings

if TYPE_CHECKING:
    from onrecord.api.http.messages.answers import ArticlePassageOut, HighlightOut, PassageOut, QuoteOut
    from onrecord.rag.answer import Question

PATIENCE_SECONDS = 60

_Told = TypeVar("_Told", bound=BaseModel)


class ServerUnusable(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """A server does not answer, is not ready, or says what it should not."""


@dataclass(frozen=True, slots=True)
class _Held:
    """An article that the server holds, with its passages by id."""

    article: Article
    passages: dict[str, Passage]


class RemotePipeline:
    """The pipeline of a running server. Close it when done.

    Offsets are checked: a quote or passage that is no slice of the article that the server holds is refused.
    """

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(base_url=self._url, timeout=PATIENCE_SECONDS, transport=transport)
        self._held: dict[tuple[int, str], _Held] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def require_ready(self) -> None:
        """Make sure that questions can be asked.

        Raises:
            ServerUnusable: nothing answers there, or it is not ready.
        """
        self._request("GET", "/readyz")

    def ask(self, question: Question) -> Answer | NotFound:
        """Ask `POST /v1/ask`.

        Raises:
            ServerUnusable: the server cannot be reached, refuses the question, or says what is not in its articles.
        """
        body = {
            "question": question.text,
            "top_k": question.top_k,
            "history": list(question.history),
            "min_confidence": question.min_confidence,
        }
        told = self._read(AskResponse, self._request("POST", "/v1/ask", body))
        try:
            return self._result(told)
        except (ValueError, KeyError) as error:
            raise self._unusable(f"quotes what is not in its articles: {error}.", "Restart it.") from error

    def _result(self, told: AskResponse) -> Answer | NotFound:
        passages = []
        for each in told.passages:
            held = self._article(each.article_id, told.corpus_generation)
            passage = _same(held.passages[each.passage_id], each)
            # How the score came about is not told over HTTP.
            hit = Hit(passage, held.article, lead="", score=each.score, dense=math.nan, lexical=math.nan)
            highlights = tuple(_span(held.article, highlight) for highlight in each.highlights)
            passages.append(RankedPassage(each.rank, hit, each.score, highlights))
        timings = Timings(told.timings_ms.search, told.timings_ms.read, told.timings_ms.total)
        if told.reason is not None:
            return NotFound(
                told.question, told.reason, tuple(passages), told.confidence, told.corpus_generation, timings
            )
        quotes = tuple(self._quote(quote, told.corpus_generation) for quote in told.quotes)
        return Answer(told.question, quotes, tuple(passages), told.confidence, told.corpus_generation, timings)

    def _quote(self, quote: QuoteOut, generation: int) -> Quote:
        held = self._article(quote.citation.article_id, generation)
        span = Span.of(held.article, quote.start, quote.end)
        if span.exact != quote.text:
            raise ValueError(f"“{quote.text}” does not stand at [{quote.start}, {quote.end})")
        passage = held.passages[quote.citation.passage_id]
        return Quote(
            span, _span(held.article, quote.highlight), quote.confidence, passage, held.article, quote.disagrees
        )

    def _article(self, article_id: str, generation: int) -> _Held:
        """The article as it was when the answer was made; articles change only with the generation."""
        key = (generation, article_id)
        if key not in self._held:
            told = self._read(ArticleResponse, self._request("GET", f"/v1/articles/{article_id}"))
            article = Article(
                id=told.id,
                source=told.url or f"{self._url}/v1/articles/{told.id}",
                text=told.text,
                title=told.title,
                url=told.url,
                author=told.author,
                published=told.published,
            )
            passages = {each.passage_id: _passage(article, each, at) for at, each in enumerate(told.passages)}
            self._held[key] = _Held(article, passages)
        return self._held[key]

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise self._unusable(f"does not answer: {error}.", "Start it with `onrecord serve`.") from error
        if not response.is_success:
            raise self._unusable(f"gives {response.status_code} for {method} {path}: {_detail(response)}", "")
        return response.content

    def _read(self, model: type[_Told], content: bytes) -> _Told:
        try:
            return model.model_validate_json(content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            problem = f"does not speak as On Record does: {where or 'its answer'}: {first['msg']}."
            raise self._unusable(problem, "Check the address, and that both are of one version.") from error

    def _unusable(self, problem: str, remedy: str) -> ServerUnusable:
        return ServerUnusable(f"{self._url} {problem}", hint=remedy)


def _passage(article: Article, told: ArticlePassageOut, ordinal: int) -> Passage:
    passage = Passage.of(
        article, ordinal=ordinal, paragraph=told.paragraph, start=told.start, end=told.end, kind=told.kind
    )
    return _same(passage, told)


def _same(passage: Passage, told: PassageOut | ArticlePassageOut) -> Passage:
    if (passage.start, passage.end, passage.text) != (told.start, told.end, told.text):
        raise ValueError(f"“{told.text}” does not stand at [{told.start}, {told.end})")
    return passage


def _span(article: Article, told: HighlightOut) -> Span:
    span = Span.of(article, told.start, told.end)
    if span.exact != told.exact:
        raise ValueError(f"“{told.exact}” does not stand at [{told.start}, {told.end})")
    return span


def _detail(response: httpx.Response) -> str:
    """What an RFC 9457 problem says, or the beginning of whatever else came."""
    try:
        problem = response.json()
    except ValueError:
        return response.text[:200]
    return str(problem.get("detail") or problem.get("title")) if isinstance(problem, dict) else response.text[:200]
