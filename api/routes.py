"""The native routes. They are plain functions, so that the models run in worker threads and never on the event loop."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from onrecord.api import examples
from onrecord.api.gate import Gate
from onrecord.api.loading import Loading
from onrecord.api.metrics import MEDIA_TYPE, Metrics
from onrecord.api.problems import ProblemKind
from onrecord.api.question_log import QuestionLog
from onrecord.api.questions import AskBody, AskQuery
from onrecord.api.schemas import (
    ArticleResponse,
    ArticlesResponse,
    ArticleSummaryOut,
    AskResponse,
    HealthResponse,
    ReadyResponse,
)
from onrecord.api.wiring import Services
from onrecord.rag.answer import Answer, NotFound, Question

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app keeps for its routes, as `app.state.parts`."""

    loading: Loading
    gate: Gate
    metrics: Metrics
    question_log: QuestionLog | None = None

    def response(self, question: Question, result: Answer | NotFound) -> AskResponse:
        """What a result is told as; it is counted, and logged where somebody wants that."""
        response = AskResponse.of(result)
        self.metrics.answer(response)
        if self.question_log is not None:
            self.question_log.note(question, result)
        return response


def _parts(request: Request) -> Parts:
    return cast("Parts", request.app.state.parts)


def _services(parts: Annotated[Parts, Depends(_parts)]) -> Services:
    return parts.loading.services()


async def _turn(parts: Annotated[Parts, Depends(_parts)]) -> AsyncIterator[None]:
    async with parts.gate.turn():
        yield


CurrentParts = Annotated[Parts, Depends(_parts)]
CurrentServices = Annotated[Services, Depends(_services)]

_UNUSABLE = (
    ProblemKind.LOADING,
    ProblemKind.MODEL_UNAVAILABLE,
    ProblemKind.CORRUPT_STORE,
    ProblemKind.UNSUPPORTED_STORE,
    ProblemKind.STORE_UNUSABLE,
    ProblemKind.STORE_BUSY,
)
_ASKING: dict[str, Any] = {
    "tags": ["Ask"],
    "dependencies": [Depends(_turn, scope="function")],
    "response_description": "Quotes that answer; or none, with the reason and the nearest passages.",
}
_ASK_PROBLEMS = (
    ProblemKind.INVALID_REQUEST,
    ProblemKind.INVALID_QUESTION,
    ProblemKind.OVERLOADED,
    *_UNUSABLE,
    ProblemKind.INTERNAL_ERROR,
)


@router.post(
    "/v1/ask",
    summary="Ask a question",
    responses=examples.responses(
        examples.ASK,
        ProblemKind.MALFORMED_REQUEST,
        ProblemKind.BODY_TOO_LARGE,
        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
        *_ASK_PROBLEMS,
    ),
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": examples.ASK_BODIES}}}},
    **_ASKING,
)
def ask(body: AskBody, services: CurrentServices, parts: CurrentParts) -> AskResponse:
    """Ask the articles. Every quote and passage is a verbatim slice of an article, at the offsets that stand beside it.

    When the articles do not answer, that is an answer too: status 200, no quotes, a reason.
    """
    return _answer(body, services, parts)


@router.get(
    "/v1/ask", summary="Ask a question by URL", responses=examples.responses(examples.ASK, *_ASK_PROBLEMS), **_ASKING
)
def ask_by_url(query: Annotated[AskQuery, Query()], services: CurrentServices, parts: CurrentParts) -> AskResponse:
    """Ask as `POST /v1/ask` does, without history; for curl and browsers."""
    return _answer(query, services, parts)


@router.get(
    "/v1/articles",
    tags=["Articles"],
    summary="List the articles",
    response_description="Every article, by title.",
    responses=examples.responses(examples.ARTICLES, *_UNUSABLE, ProblemKind.INTERNAL_ERROR),
)
def articles(services: CurrentServices) -> ArticlesResponse:
    """List every article with the number of passages in it that can be found."""
    corpus = services.corpus
    return ArticlesResponse(
        articles=[ArticleSummaryOut.of(summary) for summary in corpus.articles()],
        corpus_generation=corpus.generation,
    )


@router.get(
    "/v1/articles/{article_id}",
    tags=["Articles"],
    summary="Read an article",
    response_description="The article and its passages, in text order.",
    responses=examples.responses(examples.ARTICLE, ProblemKind.UNKNOWN_ARTICLE, *_UNUSABLE, ProblemKind.INTERNAL_ERROR),
)
def article(
    article_id: Annotated[str, Path(examples=[examples.ARTICLE_ID])], services: CurrentServices
) -> ArticleResponse:
    """Read one article as it is stored, with all its passages: those that can be found and those that are set aside."""
    return ArticleResponse.of(services.corpus.contents(article_id))


@router.get(
    "/healthz",
    tags=["Operations"],
    summary="Is the process up?",
    response_description="It is.",
    responses=examples.responses(examples.HEALTH),
)
async def healthz() -> HealthResponse:
    """Say that the process is up, also while models are being loaded."""
    return HealthResponse()


@router.get(
    "/readyz",
    tags=["Operations"],
    summary="Can questions be asked?",
    response_description="They can.",
    responses=examples.responses(examples.READY, *_UNUSABLE),
)
def readyz(services: CurrentServices) -> ReadyResponse:
    """Say whether models are loaded and the corpus is open; if not, why, and what to do."""
    return ReadyResponse(corpus_generation=services.corpus.generation)


@router.get(
    "/metrics",
    tags=["Operations"],
    summary="Figures for Prometheus",
    response_class=Response,
    response_description="The text exposition format.",
    responses={200: {"content": {MEDIA_TYPE: {"example": examples.METRICS}}}},
)
def metrics(parts: CurrentParts) -> Response:
    """Requests by route and status, times of questions, answers by outcome, and the size of the corpus."""
    services = parts.loading.ready
    return Response(parts.metrics.render(services.corpus if services else None), media_type=MEDIA_TYPE)


def _answer(asked: AskBody | AskQuery, services: Services, parts: Parts) -> AskResponse:
    question = asked.to_question()
    return parts.response(question, services.pipeline.ask(question))
