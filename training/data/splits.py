"""Rows of question answering data, and which of them train, calibrate and validate.

squad2_dev16   whole articles, ordered by the SHA-256 of their title: the first 4 validate, the next 2 calibrate,
the other 10 train
train_spans    a passage whose SHA-256 falls in the lowest 3 % is held out: half for the dev loss, half to calibrate
newsqa_dev_a   validates, never anything else
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

VALIDATION_ARTICLES = 4
CALIBRATION_ARTICLES = 2
HELD_OUT_SHARE = 0.03


class Split(Enum):
    """What a row is used for."""

    TRAIN = "train"
    DEV = "dev"
    CALIBRATION = "calibration"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open code-point offsets into a row's context."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A question on a context. ``answers`` is empty where the context does not answer it."""

    source: str
    title: str
    context: str
    question: str
    answers: tuple[Span, ...]
    tokenized: bool = False

    def texts(self) -> tuple[str, ...]:
        """Return the answers' texts."""
        return tuple(self.context[span.start : span.end] for span in self.answers)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a gzipped JSON-lines file of spans, each question and answer pair once.

    Raises:
        ValueError: an answer's offset does not match its text.
    """
    seen: set[tuple[str, str, bool]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = _row(json.loads(line), path)
            key = (row.question, row.texts()[0] if row.answers else row.context, bool(row.answers))
            if key not in seen:
                seen.add(key)
                yield row


def squad2_split(title: str, titles: Iterable[str]) -> Split:
    """Return what the article ``title`` of squad2_dev16 is used for, ``titles`` being all of them."""
    place = sorted(set(titles), key=_digest).index(title)
    if place < VALIDATION_ARTICLES:
        return Split.VALIDATION
    return Split.CALIBRATION if place < VALIDATION_ARTICLES + CALIBRATION_ARTICLES else Split.TRAIN


def spans_split(context: str) -> Split:
    """Return what a passage of train_spans is used for."""
    share = _share(context)
    if share < HELD_OUT_SHARE / 2:
        return Split.DEV
    return Split.CALIBRATION if share < HELD_OUT_SHARE else Split.TRAIN


def squad2_rows(data: Path, split: Split) -> list[Row]:
    """Return the rows of squad2_dev16 that are used for ``split``."""
    rows = list(read_rows(data / "squad2_dev16.jsonl.gz"))
    titles = {row.title for row in rows}
    wanted = {title for title in titles if squad2_split(title, titles) is split}
    return [row for row in rows if row.title in wanted]


def spans_rows(data: Path, split: Split) -> list[Row]:
    """Return the rows of train_spans that are used for ``split``."""
    return [row for row in read_rows(data / "train_spans.jsonl.gz") if spans_split(row.context) is split]


def _share(text: str) -> float:
    return int(_digest(text)[:12], 16) / 16**12


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(raw: dict[str, Any], path: Path) -> Row:
    context = raw["context"]
    spans = [Span(answer["start"], answer["start"] + len(answer["text"])) for answer in raw["answers"]]
    for span, answer in zip(spans, raw["answers"], strict=True):
        if context[span.start : span.end] != answer["text"]:
            raise ValueError(f"{path.name}: the answer {answer['text']!r} does not stand at {span.start}")
    unanswerable = bool(raw["unanswerable"])
    return Row(
        source=raw["source"],
        title=raw["title"],
        context=context,
        question=raw["question"].strip(),
        answers=() if unanswerable else tuple(spans),
        tokenized=bool(raw.get("tokenized_text", False)),
    )
