"""Examples of the OpenAI-shaped routes for the OpenAPI document, made from the same records as the native ones."""

from __future__ import annotations

import json
from typing import Any

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.openai.completion import Completion
from onrecord.api.http.openai.schemas import MODEL, ErrorResponse, ModelOut, ModelsResponse
from onrecord.api.http.openai.text import compose
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.problems import MEDIA_TYPE, UNUSABLE, ProblemKind, error_object
from onrecord.rag.answer import Question

_CREATED = 1_763_856_000
_MODEL = ModelOut(created=_CREATED)

BODIES: dict[str, Any] = {
    "plain": {
        "summary": "A question alone",
        "value": {"model": MODEL, "messages": [{"role": "user", "content": "When does the bridge close?"}]},
    },
    "thread": {
        "summary": "A later question of a conversation, streamed",
        "value": {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Will the harbour bridge be repaired?"},
                {"role": "assistant", "content": "The articles do not answer this."},
                {"role": "user", "content": [{"type": "text", "text": "When does the bridge close?"}]},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    },
}


def _completion(name: str) -> Completion:
    answered = AskResponse.model_validate(examples.ASK[name]["value"])
    return Completion(
        id="chatcmpl-5f3a9c3e8b7d4d6f9a1c2b3d4e5f6a7b",
        created=_CREATED,
        question=Question(answered.question),
        answered=answered,
        message=compose(answered, site="https://ask.example", open_webui=False),
        with_sources=False,
    )


_COMPLETIONS = {
    "answered": {"summary": "The articles answer", "value": _completion("answered").whole().model_dump(mode="json")},
    "not_found": {
        "summary": "The articles do not answer",
        "value": _completion("not_found").whole().model_dump(mode="json"),
    },
}
_STREAM = "".join(
    f"data: {data}\n\n"
    for data in (
        *(json.dumps(chunk, ensure_ascii=False) for chunk in _completion("answered").chunks(usage=True)),
        "[DONE]",
    )
)
_NO_QUESTION = "messages: send at least one message of role user: the last one is the question."
_FIELDS = {
    ProblemKind.INVALID_REQUEST: "messages",
    ProblemKind.MODEL_NOT_FOUND: "model",
    ProblemKind.UNSUPPORTED_VALUE: "n",
}


def error(kind: ProblemKind) -> dict[str, Any]:
    """An error object of one kind."""
    message = _NO_QUESTION if kind is ProblemKind.INVALID_REQUEST else examples.problem(kind)["detail"]
    return error_object(kind, message, field=_FIELDS.get(kind))


def _responses(done: dict[str, Any], *kinds: ProblemKind) -> dict[int | str, dict[str, Any]]:
    made = examples.responses(done, ProblemKind.INVALID_API_KEY, *kinds)
    for response in made.values():
        if (told := response["content"].pop(MEDIA_TYPE, None)) is not None:
            response["model"] = ErrorResponse
            response["content"]["application/json"] = {
                "examples": {
                    slug: {"summary": example["summary"], "value": error(_KINDS[slug])}
                    for slug, example in told["examples"].items()
                }
            }
    return made


_KINDS = {kind.slug: kind for kind in ProblemKind}

COMPLETION_RESPONSES = _responses(
    _COMPLETIONS,
    ProblemKind.MALFORMED_REQUEST,
    ProblemKind.UNSUPPORTED_VALUE,
    ProblemKind.MODEL_NOT_FOUND,
    ProblemKind.BODY_TOO_LARGE,
    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
    ProblemKind.INVALID_REQUEST,
    ProblemKind.INVALID_QUESTION,
    ProblemKind.OVERLOADED,
    *UNUSABLE,
    ProblemKind.INTERNAL_ERROR,
)
COMPLETION_RESPONSES[200]["content"]["text/event-stream"] = {"example": _STREAM}
MODELS_RESPONSES = _responses(
    {"models": {"summary": "The one model", "value": ModelsResponse(data=[_MODEL]).model_dump(mode="json")}},
    ProblemKind.INTERNAL_ERROR,
)
MODEL_RESPONSES = _responses(
    {"model": {"summary": "The one model", "value": _MODEL.model_dump(mode="json")}},
    ProblemKind.MODEL_NOT_FOUND,
    ProblemKind.INTERNAL_ERROR,
)
