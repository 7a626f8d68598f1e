"""A log of what was asked and what was answered, for whoever turns questions into cases. Off unless a setting names it.

One JSON object a line, in a file of this machine that rotates by size. A question never waits for it and never fails
because of it: lines go through a bounded queue to a thread that writes them, and are dropped where that cannot keep up.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING, Self, cast

from pydantic import BaseModel, ConfigDict

from onrecord.index.errors import OnRecordError
from onrecord.rag.answer import Answer

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

    from onrecord.rag.answer import NotFound, Question, Quote

logger = logging.getLogger(__name__)

MOST_WAITING = 1_000
"""How many lines may wait to be written."""

_ONLY_OWNER = 0o600


class QuestionLogUnusable(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """The question log cannot be opened."""


class LoggedQuote(BaseModel):
    """A quote that was given: its words, which of them answer, the passage it stands in and where that is from."""

    model_config = ConfigDict(frozen=True)

    text: str
    highlight: str
    confidence: float
    passage: str
    paragraph: int
    title: str
    source: str

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """Take what is logged of a quote."""
        return cls(
            text=quote.span.exact,
            highlight=quote.highlight.exact,
            confidence=round(quote.confidence, 4),
            passage=quote.passage.text,
            paragraph=quote.passage.paragraph,
            title=quote.article.title,
            source=quote.article.source,
        )


class LoggedQuestion(BaseModel):
    """One line of the log: what was asked, when, after which questions, and what came back.

    restricted: whether only some articles were asked, or with another threshold than the server's.
    """

    model_config = ConfigDict(frozen=True)

    time: datetime
    question: str
    history: tuple[str, ...] = ()
    restricted: bool = False
    reason: str | None = None
    confidence: float
    quotes: tuple[LoggedQuote, ...] = ()

    @classmethod
    def of(cls, question: Question, result: Answer | NotFound, time: datetime) -> Self:
        """Take what is logged of a question and its result."""
        return cls(
            time=time,
            question=result.question,
            history=question.history,
            restricted=question.filter.restricts or question.min_confidence is not None,
            reason=None if isinstance(result, Answer) else result.reason,
            confidence=round(result.confidence, 4),
            quotes=tuple(LoggedQuote.of(quote) for quote in result.quotes) if isinstance(result, Answer) else (),
        )


class QuestionLog:
    """Writes questions to a file in a thread of its own. Safe to share between threads.

    Args:
        path: the file; older ones are named after it, with `.1` for the latest.
        max_bytes: how large a file may grow before the next one is begun.
        backups: how many older files are kept.

    Raises:
        QuestionLogUnusable: the file cannot be opened for writing.
    """

    def __init__(self, path: Path, *, max_bytes: int, backups: int) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = _File(path, maxBytes=max_bytes, backupCount=backups, encoding="utf-8")
        except OSError as error:
            raise QuestionLogUnusable(
                f"The question log {path} cannot be written: {error.strerror}.",
                hint="Name a file in a folder that can be written to with ONRECORD_QUESTION_LOG, or unset it.",
            ) from error
        self._file = file
        self._waiting: Queue[str | None] = Queue(MOST_WAITING)
        self._told_of_loss = False
        self._thread = Thread(target=self._write, name="question log", daemon=True)
        self._thread.start()

    def note(self, question: Question, result: Answer | NotFound) -> None:
        """Log a question with what came back. Returns at once and raises nothing."""
        try:
            line = LoggedQuestion.of(question, result, datetime.now(UTC)).model_dump_json(exclude_defaults=True)
        except ValueError:
            logger.warning("a question cannot be logged", exc_info=True)
            return
        try:
            self._waiting.put_nowait(line)
        except Full:
            if not self._told_of_loss:
                logger.warning("questions are asked faster than they can be logged; some are left out of the log")
            self._told_of_loss = True

    def close(self) -> None:
        """Write all that waits, and close the file."""
        self._waiting.put(None)
        self._thread.join()
        self._file.close()

    def _write(self) -> None:
        for line in iter(self._waiting.get, None):
            self._file.handle(logging.makeLogRecord({"msg": line}))


class _File(RotatingFileHandler):
    """A rotating file that only its owner may read; that it cannot be written is told once, not for every line."""

    _told = False

    def _open(self) -> TextIOWrapper:
        def owned(path: str, flags: int) -> int:
            return os.open(path, flags, _ONLY_OWNER)

        file = open(self.baseFilename, self.mode, encoding=self.encoding, opener=owned)  # noqa: SIM115 - closed by close()
        return cast("TextIOWrapper", file)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own name
        if not self._told:
            logger.warning("questions cannot be logged: %s", sys.exc_info()[1])
        self._told = True
