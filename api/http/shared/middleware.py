"""What stands around every request: its id, security headers, the access log, counting, and a limit on its body."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from onrecord.api.http.shared.problems import ProblemError, ProblemKind, problem_of, problem_response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from onrecord.api.http.shared.metrics import Metrics

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors"
)

_LOADABLE = ("/widget.js", "/healthz")
_LOADABLE_FOLDER = "/static/"


def security_headers(path: str, allowed_origins: Sequence[str]) -> dict[str, str]:
    """What the answer to a path tells browsers: what a page may load, who may frame it, and who may load this.

    Any page may load the widget, what it is made of, and a sign of life: none of it holds a word of an article, and
    only so can a widget on a page that is not allowed here say what is wrong.
    """
    loadable = path in _LOADABLE or path.startswith(_LOADABLE_FOLDER)
    return {
        "Content-Security-Policy": " ".join([_POLICY, "'self'", *allowed_origins]),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if loadable else "same-origin",
        **({"Access-Control-Allow-Origin": "*"} if loadable else {}),
    }


def cross_origin(allowed_origins: Sequence[str]) -> list[Middleware]:
    """What lets pages of other origins ask here (CORS): nothing where none may. It comes before all else."""
    if not allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],  # clients of the OpenAI kind send a dozen of their own
            allow_private_network=True,  # a public page may well ask a server of its own house
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    ]


class Surround:
    """Gives each request an id, its answer the security headers, and the log and the metrics a line of it.

    An exception that nothing else handled is logged and told as a problem without its insides.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, allowed_origins: Sequence[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._allowed_origins = allowed_origins

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
                headers.update(security_headers(scope["path"], self._allowed_origins))
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
    """Refuses a body that is too large, by its declared length or as it arrives; `larger` has other limits by path."""

    def __init__(self, app: ASGIApp, *, larger: Mapping[str, int]) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], MAX_BODY_BYTES)
        problem = ProblemError(ProblemKind.BODY_TOO_LARGE, f"Send at most {limit:,} bytes.")
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            await problem_response(problem, scope)(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise problem
            return message

        await self._app(scope, receive_within_limit, send)
