"""Runs a system as a child process in its own environment, and asks it question by question."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmarks.peers.questions import QuestionSet
    from onrecord.index.records import Passage

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
_SAID_AT_MOST = 2000
_LAST_WORDS_SECONDS = 5.0


class SystemFailed(Exception):  # noqa: N818 - named for what is wrong, as in index.errors
    """A system's process ended before it answered; the message ends with what it printed last."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a system gave back for one question; see systems/serving.py."""

    found: tuple[str, ...]
    ranked: tuple[str, ...]
    answer: str | None
    score: float
    answered: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """A system's run over one set. Times in seconds; `first_answer` counts from the start of the process."""

    versions: dict[str, str]
    loaded: float
    indexed: float
    first_answer: float
    told: tuple[Told, ...]
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Place:
    """How a system is run: its name, interpreter and script, and the models' folders (None: it brings its own).

    `titled` puts an article's title in front of each of its passages.
    """

    name: str
    python: Path
    script: Path
    embedder: Path | None
    reader: Path | None
    threads: int
    titled: bool = False

    @property
    def label(self) -> str:
        """What it is called in the tables."""
        return f"{self.name}, title in text" if self.titled else self.name


def run(place: Place, asked: QuestionSet, questions: Sequence[str]) -> Run:
    """Start the system, let it index the set, and ask. The first question warms up and is asked twice.

    Raises:
        SystemFailed: its process ended early.
    """
    with TemporaryDirectory(prefix="onrecord-peers-") as folder, TemporaryFile("w+") as errors:
        began = perf_counter()
        process = subprocess.Popen(
            [str(place.python), str(place.script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env=_environment(place.threads),
        )
        with process:
            try:
                said = _conversation(process, [_given(place, asked, folder), *questions[:1], *questions])
                ready = next(said)
                next(said)
                first_answer = perf_counter() - began
                told = tuple(_told(next(said)) for _ in questions)
                return Run(
                    ready["versions"], ready["loaded"], ready["indexed"], first_answer, told, next(said)["peak_mib"]
                )
            except (OSError, ValueError, StopIteration) as error:
                with suppress(subprocess.TimeoutExpired):  # it may still be saying why
                    process.wait(_LAST_WORDS_SECONDS)
                process.kill()
                errors.seek(0)
                raise SystemFailed(f"{place.name} ended early: {errors.read()[-_SAID_AT_MOST:].strip()}") from error
            except BaseException:
                process.kill()
                raise


def _conversation(process: subprocess.Popen[str], messages: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Send each message when the one before it is answered; then close, and yield what is said last."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    for message in messages:
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())
    process.stdin.close()
    yield json.loads(process.stdout.readline())


def _given(place: Place, asked: QuestionSet, folder: str) -> dict[str, Any]:
    titles = {article.id: article.title for article in asked.articles}
    return {
        "threads": place.threads,
        "folder": folder,
        "embedder": str(place.embedder) if place.embedder else None,
        "reader": str(place.reader) if place.reader else None,
        "articles": [{"source": each.source, "title": each.title, "text": each.text} for each in asked.articles],
        "documents": [{"id": each.id, "text": _text(each, titles if place.titled else {})} for each in asked.passages],
    }


def _text(passage: Passage, titles: Mapping[str, str]) -> str:
    title = titles.get(passage.article_id)
    return f"{title}\n{passage.text}" if title else passage.text


def _told(message: dict[str, Any]) -> Told:
    return Told(**{**message, "found": tuple(message["found"]), "ranked": tuple(message["ranked"])})


def _environment(threads: int) -> dict[str, str]:
    """The same threads for all, no network, no telemetry, and nothing of this process's Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ONRECORD_"))}
    return kept | dict.fromkeys(_THREAD_VARIABLES, str(threads)) | {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
    }  # fmt: skip
