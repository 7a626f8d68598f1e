"""Routes that list, show, add and remove articles, and those that tell of the jobs that adding is done in."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from onrecord.api.http.messages.answers import ArticleResponse, ArticlesResponse, ArticleSummaryOut, RemovedResponse
from onrecord.api.http.routes import article_examples as examples
from onrecord.api.http.routes.job_records import AddBody, JobOut, JobRecord, JobStatus, UploadedFile, Work
from onrecord.api.http.routes.jobs import Jobs, wait_until_ended
from onrecord.api.http.shared import examples as shared_examples
from onrecord.api.http.shared.parts import CurrentParts, CurrentServices, guarded
from onrecord.api.http.shared.problems import UNUSABLE, ProblemError, ProblemKind
from onrecord.api.http.shared.write_guard import UNWRITABLE
from onrecord.index.sources import LARGEST_DOCUMENT

MAX_UPLOAD_BYTES = LARGEST_DOCUMENT + 1_000_000
"""The largest body of `POST /v1/articles`: a document, and what JSON or a form writes around it."""

MOST_FILES = 100
WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 60

_EVENTS_EVERY = 0.2
_ALIVE_EVERY = 15.0
_PREFERRED_WAIT = re.compile(r"wait=(\d{1,4})")

reading = APIRouter(tags=["Articles"])
"""The routes that only read; apart, since the reference lists them before those of operations."""

router = APIRouter(tags=["Articles"])


def _jobs(parts: CurrentParts) -> Jobs:
    jobs = parts.room(Jobs)
    if jobs is None:
        raise ProblemError(ProblemKind.UNKNOWN_JOB, "This server only answers, so there are no jobs.")
    return jobs


CurrentJobs = Annotated[Jobs, Depends(_jobs)]


@reading.get(
    "/v1/articles",
    summary="List the articles",
    response_description="Every article, by title.",
    responses=shared_examples.responses(shared_examples.ARTICLES, *UNUSABLE, ProblemKind.INTERNAL_ERROR),
)
def articles(services: CurrentServices) -> ArticlesResponse:
    """List every article with the number of passages in it that can be found."""
    corpus = services.corpus
    return ArticlesResponse(
        articles=[ArticleSummaryOut.of(summary) for summary in corpus.articles()],
        corpus_generation=corpus.generation,
    )


@reading.get(
    "/v1/articles/{article_id}",
    summary="Read an article",
    response_description="The article and its passages, in text order.",
    responses=shared_examples.responses(
        shared_examples.ARTICLE, ProblemKind.UNKNOWN_ARTICLE, *UNUSABLE, ProblemKind.INTERNAL_ERROR
    ),
)
def article(
    article_id: Annotated[str, Path(examples=[examples.ARTICLE_ID])], services: CurrentServices
) -> ArticleResponse:
    """Read one article as it is stored, with all its passages: those that can be found and those that are set aside."""
    return ArticleResponse.of(services.corpus.contents(article_id))


@router.post(
    "/v1/articles",
    summary="Add or refresh articles",
    response_description="Nothing new was added: the articles were changed, or were there as they are.",
    responses=examples.ADDING,
    openapi_extra=examples.ADD_BODY,
    dependencies=[Depends(guarded)],
)
async def add_articles(request: Request, response: Response, services: CurrentServices, jobs: CurrentJobs) -> JobOut:
    """Add articles: JSON with a `text`, with `html`, or with a `url` alone, which is fetched; or a form with `file`s.

    What is there already in the same words is left as it is; what is there in other words is replaced, whole and at
    once. Work that ends in five seconds is answered when it is done, other work with 202 and a job to ask about.
    `Prefer: respond-async` does not wait; `Prefer: wait=30` waits longer.
    """
    del services  # whoever adds must be told while nothing can be added
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        record = await run_in_threadpool(jobs.accept, Work(body=_body(await request.body())))
    elif kind == "multipart/form-data":
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FILES) as form:
            record = await run_in_threadpool(_accept_files, jobs, form)
    else:
        raise ProblemError(
            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
            "Send JSON (Content-Type: application/json), or a form with files (multipart/form-data).",
        )
    record = await run_in_threadpool(wait_until_ended, jobs, record.id, _seconds_to_wait(request))
    response.status_code = _status(record)
    response.headers["Location"] = f"/v1/jobs/{record.id}"
    return record.shown()


@router.delete(
    "/v1/articles/{article_id}",
    summary="Remove an article",
    response_description="It is gone: nothing of it can be found any more.",
    responses=examples.REMOVING,
    dependencies=[Depends(guarded)],
)
def remove_article(
    article_id: Annotated[str, Path(examples=[examples.ARTICLE_ID])], services: CurrentServices
) -> RemovedResponse:
    """Remove an article. Where near-duplicates of it are there, they answer from now on."""
    if services.corpus.read_only:
        raise ProblemError(ProblemKind.READ_ONLY, UNWRITABLE)
    services.corpus.remove(article_id)
    return RemovedResponse(id=article_id, corpus_generation=services.corpus.generation)


@router.get(
    "/v1/jobs/{job_id}",
    summary="Ask about a job",
    response_description="Where it stands, and what came of it.",
    responses=examples.JOB,
)
def job(job_id: Annotated[str, Path(examples=[examples.JOB_ID])], jobs: CurrentJobs) -> JobOut:
    """Tell how far a job is. Jobs are kept for a day, and are done also when the server is restarted in between."""
    return jobs.get(job_id).shown()


@router.get(
    "/v1/jobs/{job_id}/events",
    summary="Follow a job",
    response_class=StreamingResponse,
    response_description="Server-sent events: `progress` each time something changed, then one `end`.",
    responses=examples.EVENTS,
)
async def job_events(job_id: Annotated[str, Path(examples=[examples.JOB_ID])], jobs: CurrentJobs) -> StreamingResponse:
    """Follow a job as server-sent events, each with the job as `GET /v1/jobs/{job_id}` tells it."""
    jobs.get(job_id)
    return StreamingResponse(
        _events(jobs, job_id), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _events(jobs: Jobs, job_id: str) -> AsyncIterator[str]:
    shown: JobRecord | None = None
    silent = 0.0
    while True:
        record = jobs.get(job_id)
        if record != shown:
            name = "end" if record.status.ended else "progress"
            yield f"event: {name}\ndata: {record.shown().model_dump_json()}\n\n"
            if record.status.ended:
                return
            shown, silent = record, 0.0
        elif silent >= _ALIVE_EVERY:
            yield ": still there\n\n"
            silent = 0.0
        await asyncio.sleep(_EVENTS_EVERY)
        silent += _EVENTS_EVERY


def _body(content: bytes) -> AddBody:
    try:
        given: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise ProblemError(
            ProblemKind.MALFORMED_REQUEST, f"The body is not JSON{where}. Send an object in UTF-8."
        ) from error
    try:
        return AddBody.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _accept_files(jobs: Jobs, form: FormData) -> JobRecord:
    uploads = [value for name, value in form.multi_items() if name == "file" and isinstance(value, UploadFile)]
    if not uploads or len(uploads) != len(form.multi_items()):
        raise RequestValidationError(
            [
                {
                    "loc": ("body", "file"),
                    "type": "value_error",
                    "ctx": {"error": "send files, each in a part named `file`"},
                }
            ]
        )
    named = [UploadedFile(name=_name(each.filename), kept_as=str(number)) for number, each in enumerate(uploads)]

    def write(folder: FilePath) -> None:
        for upload, file in zip(uploads, named, strict=True):
            with (folder / file.kept_as).open("wb") as copy:
                shutil.copyfileobj(upload.file, copy)

    return jobs.accept(Work(files=named), write)


def _name(sent: str | None) -> str:
    """A file's name as it is told and known by, without what no name has."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "\ufffd", sent or "") or "unnamed"


def _seconds_to_wait(request: Request) -> int:
    """How long the client would wait for the job to end, by its `Prefer` header (RFC 7240)."""
    prefer = request.headers.get("prefer", "").lower()
    if "respond-async" in prefer:
        return 0
    found = _PREFERRED_WAIT.search(prefer)
    return min(int(found[1]), LONGEST_WAIT_SECONDS) if found else WAIT_SECONDS


def _status(record: JobRecord) -> int:
    """The status of a job's answer.

    Raises:
        ProblemError: the job has failed, or nothing of what was sent is an article.
    """
    if record.status is JobStatus.FAILED:
        raise ProblemError(ProblemKind.JOB_FAILED, record.detail or "")
    if not record.status.ended:
        return 202
    if not record.articles and record.refused:
        raise ProblemError(ProblemKind.UNUSABLE_ARTICLE, "; ".join(each.reason for each in record.refused[:3]))
    return 201 if record.counts.added else 200
