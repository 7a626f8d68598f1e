"""The jobs of one server: accepted, kept on disk, done one after the other by one thread, and resumed after a restart.

    .onrecord/jobs/
      lock            held by the server that does the jobs of this directory
      ID.json         a job with its work, replaced whole
      ID/             the files that were sent with it, until it has ended

A job that was accepted is done, even if the server is killed: it then begins anew when a server next starts. That
repeats nothing that was committed, because adding an article that is there changes nothing.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from pydantic import ValidationError

from onrecord.api.http.routes import uploads
from onrecord.api.http.routes.job_records import JobRecord, JobStatus, ProgressOut, Work
from onrecord.api.http.shared.problems import ProblemError, ProblemKind, problem_of
from onrecord.api.http.shared.write_guard import UNWRITABLE
from onrecord.index.adding import batches, urls
from onrecord.index.atomic import replace_file
from onrecord.index.errors import StoreBusy
from onrecord.index.records import article_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from onrecord.index.corpus import Corpus
    from onrecord.index.sources.web.fetcher import Fetcher

logger = logging.getLogger(__name__)

MOST_WAITING = 100
KEPT_FOR = timedelta(days=1)
"""How long a job can be asked about after it ended."""

_RETRY = 0.25
_PATIENCE = 0.1


class Jobs:
    """Adds articles in a thread of its own. Safe to share between threads.

    Args:
        directory: where jobs are kept.
        fetcher: makes what fetches URLs, when the first one comes.
    """

    def __init__(self, directory: Path, fetcher: Callable[[], Fetcher]) -> None:
        self._directory = directory
        self._make_fetcher = fetcher
        self._fetcher: Fetcher | None = None
        self._records: OrderedDict[str, JobRecord] = OrderedDict()
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._guard = Lock()
        self._stop = Event()
        self._thread: Thread | None = None
        self._read_only = False
        self._lock = FileLock(directory / "lock", thread_local=False)

    def start(self, corpus: Corpus) -> None:
        """Begin to work, first on what a server that was here before has left.

        Where another server runs, or the data directory cannot be written, do nothing.
        """
        self._read_only = corpus.read_only
        if self._read_only:
            logger.warning("the data directory cannot be written; this server takes no articles")
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            logger.warning("another server of this data directory takes articles; this one does not")
            return
        self._read_left_over()
        self._thread = Thread(target=self._work, args=(corpus,), name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the articles that are being added now; what is left is done when a server next starts."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._lock.release()

    def accept(self, work: Work, files: Callable[[Path], None] | None = None) -> JobRecord:
        """Take on a job; when this returns it is on disk. `files` writes what was sent into the folder it is given.

        Raises:
            ProblemError: too many wait, or this server takes no articles, or the disk takes nothing.
        """
        if self._read_only:
            raise ProblemError(ProblemKind.READ_ONLY, UNWRITABLE)
        if self._thread is None:
            raise ProblemError(
                ProblemKind.STORE_BUSY, "Another server of this data directory takes articles; send them to that one."
            )
        if self._waiting.qsize() >= MOST_WAITING:
            raise ProblemError(ProblemKind.QUEUE_FULL, f"{MOST_WAITING} jobs are waiting. Send it again in a while.")
        record = JobRecord.new(work)
        try:
            if files is not None:
                folder = self._folder(record.id)
                folder.mkdir()
                files(folder)
            self._keep(record)
        except OSError as error:
            shutil.rmtree(self._folder(record.id), ignore_errors=True)
            raise ProblemError(
                ProblemKind.STORE_UNUSABLE,
                f"The data directory takes nothing: {error.strerror}. See that it is there, and that there is room.",
            ) from error
        self._waiting.put(record.id)
        return record

    def get(self, job_id: str) -> JobRecord:
        """A job as it stands now.

        Raises:
            ProblemError: there is none with that id, or it has been forgotten.
        """
        with self._guard:
            record = self._records.get(job_id)
        if record is None:
            raise ProblemError(
                ProblemKind.UNKNOWN_JOB, f"There is no job {job_id!r}; a job is forgotten a day after it was sent."
            )
        return record

    def _work(self, corpus: Corpus) -> None:
        while not self._stop.is_set():
            with suppress(Empty):
                self._run(self._waiting.get(timeout=_PATIENCE), corpus)

    def _run(self, job_id: str, corpus: Corpus) -> None:
        record = self.get(job_id).begun_anew()
        self._show(record)
        try:
            while True:
                try:
                    record = self._add(record.begun_anew(), corpus)
                    break
                except StoreBusy:
                    self._report(job_id, "waiting for another process to finish writing", 0, 1)
                    if self._stop.wait(_RETRY):
                        return
        except Exception as error:
            logger.exception("a job failed")
            record = self.get(job_id).model_copy(
                update={"status": JobStatus.FAILED, "detail": problem_of(error).detail}
            )
        if record.status.ended:
            record = record.model_copy(update={"progress": None})
            self._show(record)
            try:
                self._keep(record)
            except OSError as error:  # it is done again when a server next starts, which changes nothing
                logger.warning("what came of a job could not be kept: %s", error)
            shutil.rmtree(self._folder(job_id), ignore_errors=True)
            self._forget_old()

    def _add(self, record: JobRecord, corpus: Corpus) -> JobRecord:
        """Do the work of a job; what comes back has ended, unless this server is stopping."""

        def report(what: str, done: int, total: int) -> None:
            self._report(record.id, what, done, total)

        done = record
        added: set[str] = set()
        for result in batches.add(corpus, self._found(record), progress=report):
            if isinstance(result, batches.Indexed):
                done = done.with_article(result.article, result.change)
                added.add(result.article.source)
            else:
                done = done.with_refusal(result.path, result.why)
            self._show(done.model_copy(update={"progress": self.get(record.id).progress}))
            if self._stop.is_set():
                return done
        if record.work.files:
            for source in uploads.replaced(record.work.files, corpus.sources(), added):
                corpus.remove(article_id(source))
        return done.model_copy(update={"status": JobStatus.DONE, "corpus_generation": corpus.generation})

    def _found(self, record: JobRecord) -> Iterator[batches.Read]:
        body = record.work.body
        if body is None:
            return uploads.from_files(record.work.files, self._folder(record.id))
        if body.text is not None or body.html is not None:
            return uploads.from_body(body)
        if self._fetcher is None:
            self._fetcher = self._make_fetcher()
        return urls.from_url(body.url or "", self._fetcher)

    def _report(self, job_id: str, what: str, done: int, total: int) -> None:
        progress = ProgressOut(what=what, done=done, total=total)
        self._show(self.get(job_id).model_copy(update={"progress": progress}))

    def _show(self, record: JobRecord) -> None:
        with self._guard:
            self._records[record.id] = record

    def _keep(self, record: JobRecord) -> None:
        replace_file(self._directory / f"{record.id}.json", record.model_dump_json().encode())
        self._show(record)

    def _folder(self, job_id: str) -> Path:
        return self._directory / job_id

    def _read_left_over(self) -> None:
        found = []
        for file in self._directory.glob("*.json"):
            try:
                found.append(JobRecord.model_validate_json(file.read_bytes()))
            except (ValidationError, OSError):
                logger.warning("%s is no job that can be read, and is removed", file)
                file.unlink(missing_ok=True)
        for record in sorted(found, key=lambda each: (each.created, each.id)):
            self._show(record)
            if not record.status.ended:
                self._waiting.put(record.id)
        self._forget_old()
        for folder in self._directory.iterdir():
            if folder.is_dir() and folder.name not in self._records:
                shutil.rmtree(folder, ignore_errors=True)

    def _forget_old(self) -> None:
        before = datetime.now(UTC) - KEPT_FOR
        with self._guard:
            old = [each.id for each in self._records.values() if each.status.ended and each.created < before]
            for job_id in old:
                del self._records[job_id]
        for job_id in old:
            (self._directory / f"{job_id}.json").unlink(missing_ok=True)


def wait_until_ended(jobs: Jobs, job_id: str, seconds: float) -> JobRecord:
    """Wait for a job for a while; it comes back as it stands then."""
    until = time.monotonic() + seconds
    while not (record := jobs.get(job_id)).status.ended and time.monotonic() < until:
        time.sleep(_PATIENCE / 5)
    return record
