"""What stands around every request: its id, security headers, the access log, counting, and a limit on its body."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders

from api.problems import ProblemError, ProblemKind, problem_of, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.metrics import Metrics

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Surround:
    """Gives each request an id, its answer the security headers, and the log and the metrics a line of it.

    An exception that nothing else handled is logged and told as a problem without its insides.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, request_id, status = perf_counter(), uuid4().hex, 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers["X-Request-ID"] = request_id
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            logger.exception("a request failed", extra={"fields": {"request_id": request_id}})
            if status:
                raise
            await problem_response(problem_of(error), scope)(scope, receive, send_with_headers)
        finally:
            self._record(scope, status, request_id, 1000 * (perf_counter() - started))

    def _record(self, scope: Scope, status: int, request_id: str, milliseconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        self._metrics.request(route, scope["method"], status)
        # The path alone: a query string holds what somebody asked.
        fields = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "ms": round(milliseconds, 1),
            "request_id": request_id,
        }
        logger.info("request", extra={"fields": fields})


class BodyLimit:
    """Refuses a body of more than `MAX_BODY_BYTES`, by its declared length or as it arrives."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = ProblemError(ProblemKind.BODY_TOO_LARGE, f"Send at most {MAX_BODY_BYTES:,} bytes.")
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            await problem_response(problem, scope)(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise problem
            return message

        await self._app(scope, receive_within_limit, send)
