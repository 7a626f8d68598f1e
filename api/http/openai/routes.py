"""The OpenAI-shaped routes: the answer of `POST /v1/ask` as chat UIs and OpenAI's clients take it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import anyio
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.openai import examples
from onrecord.api.http.openai.completion import Completion
from onrecord.api.http.openai.schemas import MODEL, ChatBody, ChatCompletion, ModelOut, ModelsResponse
from onrecord.api.http.openai.text import compose
from onrecord.api.http.shared.parts import CurrentParts, CurrentServices, Parts
from onrecord.api.http.shared.problems import ProblemError, ProblemKind
from onrecord.api.wiring import Services
from onrecord.rag.answer import Question

_CLIENT_CLOSED_REQUEST = 499
"""What the log and the figures call a request whose client left before the answer, after nginx."""


def _authorized(request: Request, parts: CurrentParts) -> None:
    if not parts.exposure.admits(request.headers.get("authorization")):
        raise ProblemError(
            ProblemKind.INVALID_API_KEY,
            "Send the key of this server: Authorization: Bearer, then its ONRECORD_API_KEY.",
        )


router = APIRouter(tags=["Chat UIs"], dependencies=[Depends(_authorized)])


@router.post(
    "/v1/chat/completions",
    summary="Ask in OpenAI's shape",
    response_model=ChatCompletion,
    response_description="The answer as a chat message; with `stream`, as server-sent events.",
    responses=examples.COMPLETION_RESPONSES,
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": examples.BODIES}}}},
)
async def chat_completions(
    body: ChatBody, request: Request, services: CurrentServices, parts: CurrentParts
) -> ChatCompletion | Response:
    """Ask the articles as `POST /v1/ask` does, by the last user message; earlier ones are its history.

    `content` holds verbatim quotes in “ ”, each with a link to where it stands, or says that the articles do not
    answer. `annotations` has the same links, `onrecord` the whole native answer.
    """
    _check(body)
    question = body.to_question()
    answered = await _answer_unless_left(question, services, parts, request.receive)
    if answered is None:
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    site = parts.exposure.public_url or str(request.base_url).rstrip("/")
    completion = Completion(
        id=f"chatcmpl-{uuid4().hex}",
        created=int(time.time()),
        question=question,
        answered=answered,
        message=compose(answered, site=site, open_webui=parts.exposure.open_webui),
        with_sources=parts.exposure.open_webui,
    )
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return StreamingResponse(_events(completion, usage=usage), media_type="text/event-stream")
    return completion.whole()


@router.get(
    "/v1/models",
    summary="List the models in OpenAI's shape",
    response_description="The one model.",
    responses=examples.MODELS_RESPONSES,
)
async def models(parts: CurrentParts) -> ModelsResponse:
    """List the one model there is, for clients that want to choose."""
    return ModelsResponse(data=[ModelOut(created=parts.created)])


@router.get(
    "/v1/models/{model}",
    summary="Read a model in OpenAI's shape",
    response_description="The one model.",
    responses=examples.MODEL_RESPONSES,
)
async def model(model: str, parts: CurrentParts) -> ModelOut:
    """Read the one model there is."""
    _check_model(model)
    return ModelOut(created=parts.created)


def _check(body: ChatBody) -> None:
    _check_model(body.model)
    if body.n is not None and body.n != 1:
        raise ProblemError(
            ProblemKind.UNSUPPORTED_VALUE, "There is one answer to a question: leave n out, or make it 1.", field="n"
        )


def _check_model(name: str) -> None:
    if name != MODEL:
        raise ProblemError(
            ProblemKind.MODEL_NOT_FOUND,
            f"There is no model {name!r} here; the one there is is {MODEL!r}.",
            field="model",
        )


async def _answer_unless_left(
    question: Question, services: Services, parts: Parts, receive: Receive
) -> AskResponse | None:
    """Ask in a worker thread when the turn comes; None once the client has left.

    A client that leaves while it waits gives up its turn. What is being read already is read to its end, since a
    thread cannot be stopped, and the turn lasts as long.
    """

    def answer() -> AskResponse:
        return parts.response(question, services.pipeline.ask(question))

    answered = None
    staying = anyio.CancelScope()
    leaving = asyncio.create_task(_cancel_when_left(receive, staying))
    try:
        with staying:
            async with parts.gate.turn():
                answered = await run_in_threadpool(answer)
    finally:
        leaving.cancel()
        await asyncio.wait([leaving])
    return None if staying.cancel_called else answered


async def _cancel_when_left(receive: Receive, staying: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    staying.cancel()


async def _events(completion: Completion, *, usage: bool) -> AsyncIterator[bytes]:
    for chunk in completion.chunks(usage=usage):
        yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
    yield b"data: [DONE]\n\n"
