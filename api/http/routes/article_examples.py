"""Examples for the OpenAPI document of the routes that add and remove articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from onrecord.api.http.messages.answers import RemovedResponse
from onrecord.api.http.routes.job_records import ChangedArticleOut, CountsOut, JobOut, JobStatus, ProgressOut
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.problems import UNUSABLE, ProblemKind
from onrecord.index.records import Change

ARTICLE_ID = examples.ARTICLE_ID
JOB_ID = "5f0c7a1e3b9d4c6a8e2f1b0d9c8a7e6f"

_CREATED = datetime(2025, 2, 10, 9, 30, tzinfo=UTC)
_TITLE, _URL = "Harbour bridge to close for repairs", "https://news.example/harbour-bridge"
_FORBIDDEN = (ProblemKind.INVALID_API_KEY, ProblemKind.READ_ONLY, ProblemKind.CROSS_ORIGIN)


def _ended(change: Change) -> JobOut:
    article = ChangedArticleOut(id=ARTICLE_ID, title=_TITLE, url=_URL, published=_CREATED.date(), change=change)
    counts = CountsOut(**{change.value: 1})
    return JobOut(
        id=JOB_ID, status=JobStatus.DONE, created=_CREATED, counts=counts, articles=[article], corpus_generation=4
    )


_RUNNING = JobOut(
    id=JOB_ID,
    status=JobStatus.RUNNING,
    created=_CREATED,
    progress=ProgressOut(what="embedding", done=512, total=2048),
)


def _example(summary: str, value: JobOut | RemovedResponse) -> dict[str, Any]:
    return {"summary": summary, "value": value.model_dump(mode="json")}


def _content(name: str, summary: str, value: JobOut) -> dict[str, Any]:
    return {"content": {"application/json": {"examples": {name: _example(summary, value)}}}}


ADD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/AddBody"},
                "examples": {
                    "text": {
                        "summary": "Text",
                        "value": {
                            "text": "The harbour bridge will close on 3 March, the port authority said on Monday.",
                            "title": _TITLE,
                            "url": _URL,
                            "published": "2025-02-10",
                        },
                    },
                    "url": {"summary": "A page, feed or sitemap to fetch", "value": {"url": _URL}},
                },
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                    "required": ["file"],
                }
            },
        },
    }
}
ADDING: dict[int | str, dict[str, Any]] = examples.responses(
    {"unchanged": _example("It was there", _ended(Change.UNCHANGED))},
    ProblemKind.MALFORMED_REQUEST,
    ProblemKind.BODY_TOO_LARGE,
    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
    ProblemKind.INVALID_REQUEST,
    ProblemKind.UNUSABLE_ARTICLE,
    ProblemKind.JOB_FAILED,
    ProblemKind.QUEUE_FULL,
    *_FORBIDDEN,
    *UNUSABLE,
    ProblemKind.INTERNAL_ERROR,
) | {
    201: {"description": "At least one article was added."} | _content("added", "It is new", _ended(Change.ADDED)),
    202: {"description": "The job goes on; `Location` says where to ask about it."}
    | _content("running", "It takes longer", _RUNNING),
}
REMOVING = examples.responses(
    {"removed": _example("It is gone", RemovedResponse(id=ARTICLE_ID, corpus_generation=5))},
    ProblemKind.UNKNOWN_ARTICLE,
    *_FORBIDDEN,
    *UNUSABLE,
    ProblemKind.INTERNAL_ERROR,
)
JOB = examples.responses({"running": _example("It goes on", _RUNNING)}, ProblemKind.UNKNOWN_JOB)
EVENTS: dict[int | str, dict[str, Any]] = {
    **examples.responses({}, ProblemKind.UNKNOWN_JOB),
    200: {
        "content": {
            "text/event-stream": {
                "example": f"event: progress\ndata: {_RUNNING.model_dump_json()}\n\n"
                f"event: end\ndata: {_ended(Change.ADDED).model_dump_json()}\n\n"
            }
        }
    },
}
