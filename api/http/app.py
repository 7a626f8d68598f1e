"""Puts the HTTP side together: `create_app` takes how to load what answers, and returns an ASGI application."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from onrecord.api.http.messages.answers import Problem
from onrecord.api.http.openai import routes as openai
from onrecord.api.http.page import pages, suggestions
from onrecord.api.http.routes import articles, asking, operations
from onrecord.api.http.routes.articles import MAX_UPLOAD_BYTES
from onrecord.api.http.routes.job_records import AddBody
from onrecord.api.http.routes.jobs import Jobs
from onrecord.api.http.shared import problems
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.http.shared.gate import Gate
from onrecord.api.http.shared.loading import Loading
from onrecord.api.http.shared.metrics import Metrics
from onrecord.api.http.shared.middleware import BodyLimit, Surround, cross_origin
from onrecord.api.http.shared.parts import Parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from onrecord.api.http.shared.write_guard import Writing
    from onrecord.api.question_log import QuestionLog
    from onrecord.api.wiring import Services

_DESCRIPTION = """
On Record answers questions about articles only in the articles' own words: verbatim quotes, each with where it stands.

Offsets are half-open and count Unicode code points of the stored article text, as Python's `text[start:end]` does.
JavaScript counts UTF-16 units; so every span also comes as `before`, `exact` and `after`, and no client needs to slice.

Every error is `application/problem+json` (RFC 9457) whose `detail` says what to do. The routes for chat UIs
tell the same as OpenAI's error objects, whose `message` says it.
"""


class _Application(FastAPI):
    """FastAPI, with what its OpenAPI document leaves out: the schema of problems, and nulls in examples."""

    def openapi(self) -> dict[str, Any]:
        """Describe the native and the OpenAI-shaped routes."""
        if self.openapi_schema is None:
            document = super().openapi()
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            body = AddBody.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem, "AddBody": body}
            for invented in ("HTTPValidationError", "ValidationError"):
                schemas.pop(invented, None)
            for route in (
                *asking.router.routes,
                *articles.reading.routes,
                *operations.router.routes,
                *articles.router.routes,
                *openai.router.routes,
            ):
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


def create_app(  # noqa: PLR0913 - one for each part that only the composition root can make
    load: Callable[[], Services],
    *,
    max_concurrent: int,
    max_waiting: int,
    exposure: Exposure | None = None,
    writing: Writing | None = None,
    question_log: QuestionLog | None = None,
    on_ready: Callable[[], None] | None = None,
) -> FastAPI:
    """Make the application. It serves at once; `load` runs in a worker thread and questions wait until it is done.

    Args:
        load: opens the corpus and the pipeline; what it raises is told by /readyz and by every route that needs them.
        max_concurrent: how many questions are answered at once.
        max_waiting: how many more may wait; beyond that they are refused with 503.
        exposure: how the application shows itself to others; by default only to pages of its own origin.
        writing: how articles are added and removed over HTTP; by default they are not.
        question_log: keeps what is asked and answered; by default nobody does.
        on_ready: is called once, when questions can be asked.
    """
    exposure = exposure or Exposure()
    loading = Loading(load)
    gate = Gate(running=max_concurrent, waiting=max_waiting)
    jobs = Jobs(writing.jobs, writing.fetcher) if writing is not None and not writing.read_only else None
    suggested = suggestions.Suggestions(loading, gate)
    parts = Parts(
        loading,
        gate,
        Metrics(),
        exposure,
        int(time.time()),
        writing,
        question_log,
        (suggested, *([jobs] if jobs else [])),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(_begin(loading, jobs, on_ready))
        try:
            yield
        finally:
            # A thread cannot be stopped, and leaving while models load would tear the interpreter down under them.
            await task
            await suggested.stop()
            if jobs is not None:
                await asyncio.to_thread(jobs.stop)
            loading.close()

    app = _Application(
        title="On Record",
        version=version("onrecord"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            *cross_origin(exposure.allowed_origins),
            Middleware(Surround, metrics=parts.metrics, allowed_origins=exposure.allowed_origins),
            Middleware(BodyLimit, larger={"/v1/articles": MAX_UPLOAD_BYTES}),
        ],
    )
    app.state.parts = parts
    problems.install(app)
    app.include_router(asking.router)
    app.include_router(articles.reading)
    app.include_router(operations.router)
    app.include_router(articles.router)
    app.include_router(openai.router)
    app.include_router(suggestions.router)
    app.include_router(pages.router)
    app.mount("/static", pages.static_files(), name="static")
    return app


async def _begin(loading: Loading, jobs: Jobs | None, on_ready: Callable[[], None] | None) -> None:
    """Load what answers and say so; then do what was left to do."""
    await loading.run()
    if loading.ready is None:
        return
    if on_ready is not None:
        on_ready()
    if jobs is not None:
        await asyncio.to_thread(jobs.start, loading.ready.corpus)
