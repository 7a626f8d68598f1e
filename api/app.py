"""Puts the HTTP side together: `create_app` takes how to load what answers, and returns an ASGI application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from api import pages, problems, routes
from api.gate import Gate
from api.loading import Loading
from api.metrics import Metrics
from api.middleware import BodyLimit, Surround
from api.schemas import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from api.wiring import Services

_DESCRIPTION = """
On Record answers questions about articles only in the articles' own words: verbatim quotes, each with where it stands.

Offsets are half-open and count Unicode code points of the stored article text, as Python's `text[start:end]` does.
JavaScript counts UTF-16 units; so every span also comes as `before`, `exact` and `after`, and no client needs to slice.

Every error is `application/problem+json` (RFC 9457) whose `detail` says what to do.
"""


class _Application(FastAPI):
    """FastAPI, with what its OpenAPI document leaves out: the schema of problems, and nulls in examples."""

    def openapi(self) -> dict[str, Any]:
        """Describe the native routes."""
        if self.openapi_schema is None:
            document = super().openapi()
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            schemas |= problem.pop("$defs") | {"Problem": problem}
            for invented in ("HTTPValidationError", "ValidationError"):
                schemas.pop(invented, None)
            for route in routes.router.routes:
                if isinstance(route, APIRoute):
                    _restore_examples(route, document["paths"][route.path])
        assert self.openapi_schema is not None  # noqa: S101 - FastAPI keeps what it made
        return self.openapi_schema


def _restore_examples(route: APIRoute, item: dict[str, Any]) -> None:
    """Put examples back as they were given, and take out the response that FastAPI invents for any parameter."""
    for method in route.methods or ():
        described = item[method.lower()]["responses"]
        if HTTPStatus.UNPROCESSABLE_ENTITY not in route.responses:
            described.pop(str(HTTPStatus.UNPROCESSABLE_ENTITY), None)
        for status, response in route.responses.items():
            described[str(status)]["content"] |= {
                media_type: described[str(status)]["content"][media_type] | content
                for media_type, content in response["content"].items()
            }


def create_app(load: Callable[[], Services], *, max_concurrent: int, max_waiting: int) -> FastAPI:
    """Make the application. It serves at once; `load` runs in a worker thread and questions wait until it is done.

    Args:
        load: opens the corpus and the pipeline; what it raises is told by /readyz and by every route that needs them.
        max_concurrent: how many questions are answered at once.
        max_waiting: how many more may wait; beyond that they are refused with 503.
    """
    loading = Loading(load)
    parts = routes.Parts(loading, Gate(running=max_concurrent, waiting=max_waiting), Metrics())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(loading.run())
        try:
            yield
        finally:
            # A thread cannot be stopped, and leaving while models load would tear the interpreter down under them.
            await task
            loading.close()

    app = _Application(
        title="On Record",
        version=version("onrecord"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Surround, metrics=parts.metrics), Middleware(BodyLimit)],
    )
    app.state.parts = parts
    problems.install(app)
    app.include_router(routes.router)
    app.include_router(pages.router)
    app.mount("/static", pages.static_files(), name="static")
    return app
