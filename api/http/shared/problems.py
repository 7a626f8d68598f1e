"""What can go wrong over HTTP: one table from our errors to RFC 9457 problem details, and the handlers that use it.

The OpenAI-shaped routes tell the same problems as OpenAI's error object, which is what their clients read.
"""

from __future__ import annotations

import json
import logging
import re
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from onrecord.index.errors import (
    ArticleNotFound,
    CorruptStore,
    ModelUnavailable,
    OnRecordError,
    StoreBusy,
    StoreError,
    UnsupportedStore,
)
from onrecord.rag.answer import InvalidQuestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request
    from starlette.types import Scope

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
OPENAI_PATHS = ("/v1/chat/", "/v1/models")
RETRY_AFTER_SECONDS = 2


class ProblemKind(Enum):
    """Every kind of problem a client can be told of, with its HTTP status and title."""

    MALFORMED_REQUEST = 400, "The body is not JSON"
    UNSUPPORTED_VALUE = 400, "What is asked for cannot be done"
    INVALID_API_KEY = 401, "The API key is missing or wrong"
    READ_ONLY = 403, "Articles cannot be changed here"
    CROSS_ORIGIN = 403, "Another site cannot change articles"
    MODEL_NOT_FOUND = 404, "There is no such model"
    UNKNOWN_ARTICLE = 404, "There is no such article"
    UNKNOWN_JOB = 404, "There is no such job"
    NOT_FOUND = 404, "There is nothing here"
    METHOD_NOT_ALLOWED = 405, "This cannot be done here"
    BODY_TOO_LARGE = 413, "The body is too large"
    UNSUPPORTED_MEDIA_TYPE = 415, "The body is of a type that is not read here"
    INVALID_REQUEST = 422, "The request does not follow its schema"
    INVALID_QUESTION = 422, "The question cannot be asked"
    UNUSABLE_ARTICLE = 422, "What was sent is no article"
    INTERNAL_ERROR = 500, "Something failed that should not"
    JOB_FAILED = 500, "The job failed"
    OVERLOADED = 503, "Too many questions are waiting"
    QUEUE_FULL = 503, "Too many jobs are waiting"
    LOADING = 503, "The models are still being loaded"
    STORE_BUSY = 503, "Another process is writing"
    CORRUPT_STORE = 503, "The data directory is damaged"
    UNSUPPORTED_STORE = 503, "The data directory is of another version"
    STORE_UNUSABLE = 503, "The data directory cannot be used"
    MODEL_UNAVAILABLE = 503, "A model is missing"

    def __init__(self, status: int, title: str) -> None:
        self.status = status
        self.title = title

    @property
    def slug(self) -> str:
        """The name of the kind, as it stands in its URI."""
        return self.name.lower().replace("_", "-")

    @property
    def type(self) -> str:
        """The URI that names the kind."""
        return f"urn:onrecord:problem:{self.slug}"


UNUSABLE = (
    ProblemKind.LOADING,
    ProblemKind.MODEL_UNAVAILABLE,
    ProblemKind.CORRUPT_STORE,
    ProblemKind.UNSUPPORTED_STORE,
    ProblemKind.STORE_UNUSABLE,
    ProblemKind.STORE_BUSY,
)
"""What a route that needs the corpus can end in while there is none to be used."""

_KINDS: dict[type[OnRecordError], ProblemKind] = {
    ArticleNotFound: ProblemKind.UNKNOWN_ARTICLE,
    InvalidQuestion: ProblemKind.INVALID_QUESTION,
    StoreBusy: ProblemKind.STORE_BUSY,
    CorruptStore: ProblemKind.CORRUPT_STORE,
    UnsupportedStore: ProblemKind.UNSUPPORTED_STORE,
    StoreError: ProblemKind.STORE_UNUSABLE,
    ModelUnavailable: ProblemKind.MODEL_UNAVAILABLE,
}

_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}
_HEADERS = {
    ProblemKind.OVERLOADED: _LATER,
    ProblemKind.QUEUE_FULL: _LATER,
    ProblemKind.LOADING: _LATER,
    ProblemKind.STORE_BUSY: _LATER,
    ProblemKind.INVALID_API_KEY: {"WWW-Authenticate": "Bearer"},
}


class ProblemError(HTTPException):
    """A problem to answer a request with; `detail` says what to do, `field` which field of the body is at fault.

    It is an `HTTPException` so that raising it while the body is read passes through FastAPI's own handling.
    """

    def __init__(self, kind: ProblemKind, detail: str, *, field: str | None = None) -> None:
        super().__init__(kind.status, detail, headers=_HEADERS.get(kind))
        self.kind = kind
        self.field = field


def problem_of(error: Exception) -> ProblemError:
    """The problem that an error is told as; what we did not foresee is told without its insides."""
    if isinstance(error, ProblemError):
        return error
    kind = next((_KINDS[cls] for cls in type(error).__mro__ if cls in _KINDS), None)
    if kind is None:
        return ProblemError(
            ProblemKind.INTERNAL_ERROR,
            "Try again; the server's log says what failed, by the X-Request-ID of this answer.",
        )
    return ProblemError(kind, str(error))


def problem_response(
    problem: ProblemError,
    scope: Scope,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render a problem as the answer to the request of an ASGI scope."""
    kind, detail, path = problem.kind, str(problem.detail), scope["path"]
    if path.startswith(OPENAI_PATHS):
        media_type = "application/json"
        content = error_object(kind, detail, field=next((one["field"] for one in errors), problem.field))
    else:
        media_type = MEDIA_TYPE
        content = document(kind, detail, instance=quote(path, errors="replace"), errors=errors)
    return Response(
        json.dumps(content, ensure_ascii=False).encode(errors="replace"),
        status_code=kind.status,
        media_type=media_type,
        headers={**(problem.headers or {}), **(headers or {})},
    )


def document(
    kind: ProblemKind, detail: str, *, instance: str, errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """The members of one problem document, in order."""
    members: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
    }
    return members | ({"errors": list(errors)} if errors else {})


def error_object(kind: ProblemKind, message: str, *, field: str | None = None) -> dict[str, Any]:
    """The same problem in OpenAI's shape, with the field at fault written as there: `messages[0].role`."""
    blame = "server_error" if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    param = re.sub(r"\.(\d+)", r"[\1]", field) if field else None
    return {"error": {"message": message, "type": blame, "param": param, "code": kind.name.lower()}}


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem."""
    app.add_exception_handler(OnRecordError, _on_our_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)


def _on_our_error(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s", error, exc_info=error)
    return problem_response(problem, request.scope)


def _allowed(request: Request) -> list[str]:
    """Every method that the path takes: Starlette itself names those of the first route only."""
    asked = [(method, {**request.scope, "method": method}) for method in ("DELETE", "GET", "POST")]
    routes = request.app.routes
    return [method for method, scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)]


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls a handler with what it was installed for
    if isinstance(error, ProblemError):
        return problem_response(error, request.scope)
    path = request.scope["path"]
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            problem = ProblemError(ProblemKind.NOT_FOUND, f"Nothing is served at {path}; /docs lists what is.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = _allowed(request)
            problem = ProblemError(
                ProblemKind.METHOD_NOT_ALLOWED,
                f"{request.method} is not possible at {path}; use {' or '.join(allowed)}.",
            )
            return problem_response(problem, request.scope, headers={"Allow": ", ".join(allowed)})
        case HTTPStatus.BAD_REQUEST:
            problem = ProblemError(ProblemKind.MALFORMED_REQUEST, "The body cannot be read: send JSON in UTF-8.")
        case _:
            logger.error("an HTTP error that no problem is made for: %s %s", error.status_code, error.detail)
            problem = ProblemError(ProblemKind.INTERNAL_ERROR, "Try again; the server's log says what failed.")
    return problem_response(problem, request.scope, headers=error.headers)


def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    found = error.errors()
    first = found[0]
    if first["type"] == "json_invalid":
        problem = ProblemError(
            ProblemKind.MALFORMED_REQUEST,
            f"The body is not JSON: {first['ctx']['error']} at character {first['loc'][1]}. Correct it there.",
        )
        return problem_response(problem, request.scope)
    if first["loc"] == ("body",) and not _is_json(request.headers.get("content-type", "")):
        problem = ProblemError(
            ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with the header Content-Type: application/json."
        )
        return problem_response(problem, request.scope)
    errors = [_told(one) for one in found]
    told = "; ".join(f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in errors)
    return problem_response(ProblemError(ProblemKind.INVALID_REQUEST, f"{told}."), request.scope, errors=errors)


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    """One validation error as the client is told it: where the field is, its name, and what to do."""
    where, *path = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            message = "this field is not known here; /docs lists those that are"
        case "missing" if not path:
            message = "a JSON body is needed"
        case "missing":
            message = "this field is needed"
        case "value_error":
            message = str(error["ctx"]["error"])
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:]
    return {"in": where, "field": ".".join(map(str, path)), "message": message}


def _is_json(content_type: str) -> bool:
    essence = content_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")
