"""The native routes that ask: plain functions, so that the models run in worker threads and not on the event loop."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from onrecord.api.http.messages.answers import (
    AskResponse,
)
from onrecord.api.http.messages.questions import AskBody, AskQuery
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.parts import CurrentParts, CurrentServices, Parts
from onrecord.api.http.shared.problems import UNUSABLE, ProblemKind
from onrecord.api.wiring import Services

router = APIRouter()


async def _turn(parts: CurrentParts) -> AsyncIterator[None]:
    async with parts.gate.turn():
        yield


_ASKING: dict[str, Any] = {
    "tags": ["Ask"],
    "dependencies": [Depends(_turn, scope="function")],
    "response_description": "Quotes that answer; or none, with the reason and the nearest passages.",
}
_ASK_PROBLEMS = (
    ProblemKind.INVALID_REQUEST,
    ProblemKind.INVALID_QUESTION,
    ProblemKind.OVERLOADED,
    *UNUSABLE,
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


def _answer(asked: AskBody | AskQuery, services: Services, parts: Parts) -> AskResponse:
    question = asked.to_question()
    return parts.response(question, services.pipeline.ask(question))
