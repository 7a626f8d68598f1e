"""What every system is given: articles, the passages they are cut into, and the questions with what answers them."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from onrecord.index import sources
from onrecord.index.passages.split import split
from onrecord.rag.cases.files import load
from onrecord.rag.cases.matching import fold
from training.data.splits import Row, Split, read_rows, squad2_rows
from training.measure.asking import article_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from onrecord.index.records import Article, Passage
    from onrecord.rag.cases.case import Case

T = TypeVar("T")

SEED = 7
SAMPLE = 500
SEED_CASES, SQUAD2, NEWSQA = "seed cases", "squad2_dev16", "newsqa_dev_a"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the texts that answer it (none: it is to be refused), and the ids of the passages that hold one."""

    text: str
    golds: tuple[str, ...]
    right: frozenset[str]

    @property
    def half(self) -> int:
        """Which half it belongs to: a threshold chosen on one is reported on the other."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A corpus and what is asked of it. `passages` are On Record's own, of the kinds that it indexes."""

    name: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    questions: tuple[Asked, ...]


def seed_cases(file: Path, limit: int | None = None) -> QuestionSet:
    """The cases of a case file with the articles it names; follow-up questions, which peers cannot take, left out."""
    case_file = load(file)
    files = [found for each in case_file.articles for found in sources.discover(each)]
    articles = tuple(sources.load(found, root=file.parent) for found in files)
    passages = searchable(articles)
    cases = drawn([case for case in case_file.cases if not case.history], limit)
    return QuestionSet(SEED_CASES, articles, passages, tuple(_of_case(case, passages) for case in cases))


def squad2(data: Path, limit: int | None = None) -> QuestionSet:
    """All 16 articles are indexed; asked is about the four that the reader was neither trained nor calibrated on."""
    rows = list(read_rows(data / f"{SQUAD2}.jsonl.gz"))
    return _span_set(SQUAD2, rows, squad2_rows(data, Split.VALIDATION), limit)


def newsqa(data: Path, limit: int | None = None) -> QuestionSet:
    """All stories are indexed; every question has an answer."""
    rows = list(read_rows(data / f"{NEWSQA}.jsonl.gz"))
    return _span_set(NEWSQA, rows, rows, limit)


def drawn(given: Sequence[T], count: int | None) -> list[T]:
    """So many of them, at random from one seed; all where there are not more, or None are asked for."""
    if count is None or count >= len(given):
        return list(given)
    return random.Random(SEED).sample(given, count)  # noqa: S311 - the same each time, not secret


def searchable(articles: Iterable[Article]) -> tuple[Passage, ...]:
    """The passages of articles that On Record indexes."""
    return tuple(passage for article in articles for passage in split(article) if passage.kind.answers)


def holding(passages: Iterable[Passage], holds: Callable[[Passage], bool]) -> frozenset[str]:
    """The ids of the passages that hold an answer, and of those that say word for word the same."""
    every = list(passages)
    texts = {fold(passage.text) for passage in every if holds(passage)}
    return frozenset(passage.id for passage in every if fold(passage.text) in texts)


def _of_case(case: Case, passages: Sequence[Passage]) -> Asked:
    expected = [fold(text) for text in case.passages]
    right = holding(passages, lambda passage: any(text in fold(passage.text) for text in expected))
    return Asked(case.question, case.answers, right)


def _span_set(name: str, rows: Sequence[Row], asked: Sequence[Row], limit: int | None) -> QuestionSet:
    """`limit` also cuts the corpus to the contexts of the chosen questions, for a quick try."""
    chosen = drawn(asked, SAMPLE if limit is None else limit)
    indexed = rows if limit is None else chosen
    articles = {article.id: article for article in (article_of(name, row) for row in indexed)}
    passages = searchable(articles.values())
    by_article: dict[str, list[Passage]] = {}
    for passage in passages:
        by_article.setdefault(passage.article_id, []).append(passage)
    questions = [_of_row(row, by_article.get(article_of(name, row).id, [])) for row in chosen]
    return QuestionSet(name, tuple(articles.values()), passages, tuple(questions))


def _of_row(row: Row, passages: Sequence[Passage]) -> Asked:
    def holds(passage: Passage) -> bool:
        return any(passage.start < span.end and span.start < passage.end for span in row.answers)

    return Asked(row.question, row.texts(), holding(passages, holds))
