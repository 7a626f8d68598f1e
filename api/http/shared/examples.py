"""Examples for the OpenAPI document, made from real records so that every offset in them holds."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from onrecord.api.http.messages.answers import (
    ArticleResponse,
    ArticlesResponse,
    ArticleSummaryOut,
    AskResponse,
    HealthResponse,
    ReadyResponse,
)
from onrecord.api.http.shared.problems import MEDIA_TYPE, ProblemKind, document
from onrecord.index.records import Article, ArticleContents, ArticleSummary, Hit, Passage, PassageKind
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings

if TYPE_CHECKING:
    from pydantic import BaseModel

_ARTICLE = Article.create(
    source="https://news.example/harbour-bridge",
    text=(
        "Harbour bridge to close for repairs\n\n"
        "The harbour bridge will close on 3 March, the port authority said on Monday.\n\n"
        "“Ferries will run every ten minutes until the bridge opens again,” its head, Ada Lind, told reporters."
    ),
    title="Harbour bridge to close for repairs",
    url="https://news.example/harbour-bridge",
    author="Jo Berg",
    published=date(2025, 2, 10),
)
_KINDS = (PassageKind.HEADLINE, PassageKind.BODY, PassageKind.BODY)
_SUMMARY = ArticleSummary(
    id=_ARTICLE.id,
    title=_ARTICLE.title,
    url=_ARTICLE.url,
    author=_ARTICLE.author,
    published=_ARTICLE.published,
    passages=sum(kind.answers for kind in _KINDS),
)
_GENERATION = 3
_TIMINGS = Timings(search=8.1, read=31.4, total=40.2)


def _passages() -> tuple[Passage, ...]:
    made = []
    start = 0
    for number, (paragraph, kind) in enumerate(zip(_ARTICLE.text.split("\n\n"), _KINDS, strict=True)):
        end = start + len(paragraph)
        made.append(Passage.of(_ARTICLE, ordinal=number, paragraph=number + 1, start=start, end=end, kind=kind))
        start = end + 2
    return tuple(made)


def _span(words: str) -> Span:
    start = _ARTICLE.text.index(words)
    return Span.of(_ARTICLE, start, start + len(words))


def _ranked(passage: Passage, score: float, *highlights: Span) -> RankedPassage:
    hit = Hit(passage=passage, article=_ARTICLE, lead="", score=score, dense=score, lexical=score)
    return RankedPassage(rank=1, hit=hit, score=score, highlights=highlights)


def _answered() -> AskResponse:
    passage, day = _passages()[1], _span("3 March")
    quote = Quote(
        span=Span.of(_ARTICLE, passage.start, passage.end),
        highlight=day,
        confidence=0.94,
        passage=passage,
        article=_ARTICLE,
    )
    return AskResponse.of(
        Answer(
            question="When does the bridge close?",
            quotes=(quote,),
            passages=(_ranked(passage, 0.91, day),),
            confidence=0.94,
            generation=_GENERATION,
            timings=_TIMINGS,
        )
    )


def _not_found() -> AskResponse:
    return AskResponse.of(
        NotFound(
            question="Who built the bridge?",
            reason=Reason.NO_ANSWER_IN_PASSAGES,
            passages=(_ranked(_passages()[1], 0.62),),
            confidence=0.07,
            generation=_GENERATION,
            timings=_TIMINGS,
        )
    )


def _json(model: BaseModel) -> Any:
    return model.model_dump(mode="json")


ARTICLE_ID = _ARTICLE.id

ASK_BODIES: dict[str, Any] = {
    "plain": {"summary": "A question alone", "value": {"question": "When does the bridge close?"}},
    "narrowed": {
        "summary": "Some articles, more passages, a stricter threshold",
        "value": {
            "question": "When does the bridge close?",
            "top_k": 10,
            "article_ids": [ARTICLE_ID],
            "published_after": "2025-01-01",
            "published_before": None,
            "history": [],
            "min_confidence": 0.8,
        },
    },
}
ASK: dict[str, Any] = {
    "answered": {"summary": "The articles answer", "value": _json(_answered())},
    "not_found": {"summary": "The articles do not answer", "value": _json(_not_found())},
}
ARTICLES: dict[str, Any] = {
    "articles": {
        "summary": "One article",
        "value": _json(
            ArticlesResponse(
                articles=[ArticleSummaryOut.of(_SUMMARY)],
                corpus_generation=_GENERATION,
            )
        ),
    }
}
ARTICLE: dict[str, Any] = {
    "article": {"summary": "An article", "value": _json(ArticleResponse.of(ArticleContents(_ARTICLE, _passages())))}
}
HEALTH: dict[str, Any] = {"up": {"summary": "The process is up", "value": _json(HealthResponse())}}
READY: dict[str, Any] = {
    "ready": {"summary": "Questions can be asked", "value": _json(ReadyResponse(corpus_generation=_GENERATION))}
}
METRICS = 'onrecord_answers_total{outcome="answered"} 12.0\nonrecord_corpus_passages 31.0\n'

_DETAILS = {
    ProblemKind.MALFORMED_REQUEST: "The body is not JSON: Expecting value at character 13. Correct it there.",
    ProblemKind.UNSUPPORTED_VALUE: "There is one answer to a question: leave n out, or make it 1.",
    ProblemKind.INVALID_API_KEY: "Send the key of this server: Authorization: Bearer, then its ONRECORD_API_KEY.",
    ProblemKind.MODEL_NOT_FOUND: "There is no model 'gpt' here; the one there is is 'onrecord'.",
    ProblemKind.READ_ONLY: "This server only answers. To add and remove articles over HTTP, set ONRECORD_API_KEY.",
    ProblemKind.CROSS_ORIGIN: "A page of another site cannot add or remove articles. Send the request from a program.",
    ProblemKind.UNKNOWN_JOB: "There is no job 'f00'; a job is forgotten a day after it was sent.",
    ProblemKind.UNUSABLE_ARTICLE: "'notes.txt' holds no text. Give a file with at least one paragraph.",
    ProblemKind.JOB_FAILED: "The database cannot be used. Check the directory's permissions and free space.",
    ProblemKind.QUEUE_FULL: "100 jobs are waiting. Send it again in a while.",
    ProblemKind.UNKNOWN_ARTICLE: "There is no article 'f00'. `onrecord articles list` shows those there are.",
    ProblemKind.NOT_FOUND: "Nothing is served at /v2/ask; /docs lists what is.",
    ProblemKind.METHOD_NOT_ALLOWED: "DELETE is not possible at /v1/ask; use GET.",
    ProblemKind.BODY_TOO_LARGE: "Send at most 1,000,000 bytes.",
    ProblemKind.UNSUPPORTED_MEDIA_TYPE: "Send JSON, with the header Content-Type: application/json.",
    ProblemKind.INVALID_REQUEST: "question: ask a question of 1 to 1000 characters; this one has 0.",
    ProblemKind.INVALID_QUESTION: "The question cannot be encoded. Take out what is no character.",
    ProblemKind.INTERNAL_ERROR: "Try again; the server's log says what failed, by the X-Request-ID of this answer.",
    ProblemKind.OVERLOADED: "32 questions are waiting for their turn. Ask again in a moment.",
    ProblemKind.LOADING: "Ask again in a moment; /readyz says when.",
    ProblemKind.STORE_BUSY: "Another process keeps changing the articles. Ask again when it has finished indexing.",
    ProblemKind.CORRUPT_STORE: "The database is damaged. Restore it from a backup, or index your articles again.",
    ProblemKind.UNSUPPORTED_STORE: "The database has schema 9. Use the version of onrecord that wrote it.",
    ProblemKind.STORE_UNUSABLE: "The database cannot be used. Check the directory's permissions and free space.",
    ProblemKind.MODEL_UNAVAILABLE: "The default embedding model is not installed. Run: make setup.",
}
_ERRORS = {
    ProblemKind.INVALID_REQUEST: [
        {"in": "body", "field": "question", "message": "ask a question of 1 to 1000 characters; this one has 0"}
    ],
}


def problem(kind: ProblemKind) -> dict[str, Any]:
    """A problem document of one kind."""
    instance = f"/v1/articles/{ARTICLE_ID}" if kind is ProblemKind.UNKNOWN_ARTICLE else "/v1/ask"
    return document(kind, _DETAILS[kind], instance=instance, errors=_ERRORS.get(kind, ()))


def responses(done: dict[str, Any], *kinds: ProblemKind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: examples of what it returns, and of each problem it can end in."""
    made: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"examples": done}}}}
    for status, group in groupby(sorted(kinds, key=lambda kind: kind.status), key=lambda kind: kind.status):
        of_status = list(group)
        made[status] = {
            "description": "; or: ".join(kind.title for kind in of_status),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {kind.slug: {"summary": kind.title, "value": problem(kind)} for kind in of_status},
                }
            },
        }
    return made
