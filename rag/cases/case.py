"""Regression cases: a question with what must come back for it, and the check of one result against that. Pure.

    report = check_case(case, pipeline.ask(case.as_question()))
    report.outcome                    # passed, failed or xfailed
    print(describe(report))           # for a person: what was expected, where it stood, what came back instead

`rag.cases.files` reads cases from `*.qa.yaml` files; `rag.evaluation.metrics` makes figures of many reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from onrecord.index.errors import OnRecordError
from onrecord.rag.answer import Answer, NotFound, Question
from onrecord.rag.cases.matching import NearMiss, fold, nearest, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.index.records import Article
    from onrecord.rag.answer import Quote

DEFAULT_TOP_K = 3
RANKING_DEPTH = 10
"""How many passages a case asks for at least, so that a report can rank a passage that misses its `top_k`."""


class CaseFileError(OnRecordError):
    """A case file does not follow the format of docs/case-files.md."""


@dataclass(frozen=True, slots=True)
class ExpectedCitation:
    """The article that must be cited, by file, title, web address or id, and which of its paragraphs, from 1."""

    article: str
    paragraph: int | None = None

    def names(self, article: Article) -> bool:
        """Whether this is the article that is meant."""
        if self.article in (article.id, article.url) or fold(self.article) == fold(article.title):
            return True
        named, source = _path(self.article), _path(unquote(article.source).removeprefix("file:"))
        return bool(named) and source[-len(named) :] == named


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what must come back for it.

    Args:
        line: where the case starts in its file, from 1.
        question: what is asked.
        history: the questions asked before, oldest first.
        passages: texts that must stand inside the first `top_k` passages: each of them, but of `any_passages` one.
        any_passages: those of `passages` one of which is enough.
        top_k: how many passages count.
        answers: texts that must stand inside the quotes: one of them, but of `all_answers` each.
        all_answers: those of `answers` each of which is needed.
        citation: where the first quote that holds an expected answer must come from; the first of all without answers.
        not_found: expects abstention; without it an answer is expected.
        min_confidence: how confident a quote must be to be an answer, as in a `Question`.
        tags: words to select cases by.
        xfail: why the case is known to fail; as soon as everything holds it fails until this is removed.
    """

    line: int
    question: str
    history: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    any_passages: tuple[str, ...] = ()
    top_k: int = DEFAULT_TOP_K
    answers: tuple[str, ...] = ()
    all_answers: tuple[str, ...] = ()
    citation: ExpectedCitation | None = None
    not_found: bool = False
    min_confidence: float | None = None
    tags: tuple[str, ...] = ()
    xfail: str | None = None

    def as_question(self) -> Question:
        """What to ask the pipeline for this case."""
        return Question(
            self.question,
            top_k=max(self.top_k, RANKING_DEPTH),
            history=self.history,
            min_confidence=self.min_confidence,
        )


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file. `articles` are the files and folders that its patterns match, sorted: its cases ask about them."""

    path: Path
    articles: tuple[Path, ...]
    cases: tuple[Case, ...]


class Outcome(StrEnum):
    """How a case went."""

    PASSED = "passed"
    FAILED = "failed"
    XFAILED = "xfailed"
    """Something is wrong, as `xfail` says."""


@dataclass(frozen=True, slots=True)
class PassageFinding:
    """At which rank (from 1) an expected text was found among all passages that came back, or None and a near miss."""

    expected: str
    rank: int | None
    near_miss: NearMiss | None = None


@dataclass(frozen=True, slots=True)
class AnswerFinding:
    """In which quote (counted from 1) an expected answer was found, or None and a near miss."""

    expected: str
    quote: int | None
    near_miss: NearMiss | None = None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One result held against its case; findings stand in the order of the case's texts."""

    case: Case
    result: Answer | NotFound
    passages: tuple[PassageFinding, ...]
    answers: tuple[AnswerFinding, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """What was quoted; nothing if the question was refused."""
        return self.result.quotes if isinstance(self.result, Answer) else ()

    @property
    def abstained(self) -> bool:
        """Whether the question was refused."""
        return isinstance(self.result, NotFound)

    @property
    def passages_hold(self) -> bool:
        """Whether every expected passage came back within `top_k`, and one of those that stand for each other."""
        case = self.case
        high = {found.expected for found in self.passages if found.rank is not None and found.rank <= case.top_k}
        needed = set(case.passages).difference(case.any_passages)
        return needed <= high and (not case.any_passages or not high.isdisjoint(case.any_passages))

    @property
    def answer_quoted(self) -> bool:
        """Whether quotes hold each answer that is needed, and one of the others if there are any."""
        quoted = {found.expected for found in self.answers if found.quote is not None}
        others = set(self.case.answers).difference(self.case.all_answers)
        return bool(self.answers) and quoted.issuperset(self.case.all_answers) and (not others or bool(quoted & others))

    @property
    def answering_quote(self) -> Quote | None:
        """The quote whose citation counts: the first that holds an expected answer, or the first of all."""
        number = min((found.quote for found in self.answers if found.quote is not None), default=1)
        return self.quotes[number - 1] if self.quotes else None

    @property
    def citation_holds(self) -> bool:
        """Whether the quote that counts comes from the expected place, if one is expected."""
        expected, quote = self.case.citation, self.answering_quote
        if expected is None:
            return True
        return (
            quote is not None
            and expected.names(quote.article)
            and expected.paragraph in (None, quote.passage.paragraph)
        )

    @property
    def answer_holds(self) -> bool:
        """Whether the question was refused if it should be; otherwise whether it was answered, rightly, from there."""
        right = (not self.answers or self.answer_quoted) and self.citation_holds
        return self.abstained == self.case.not_found and right

    @property
    def holds(self) -> bool:
        """Whether everything came back as expected."""
        return self.passages_hold and self.answer_holds

    @property
    def outcome(self) -> Outcome:
        """How the case went, `xfail` taken strictly."""
        if self.case.xfail:
            return Outcome.FAILED if self.holds else Outcome.XFAILED
        return Outcome.PASSED if self.holds else Outcome.FAILED


def check_case(case: Case, result: Answer | NotFound) -> CaseReport:
    """Hold a result against its case. Texts are compared as `fold` leaves them."""
    passages = [ranked.hit.passage.text for ranked in result.passages]
    quotes = [quote.span.exact for quote in result.quotes] if isinstance(result, Answer) else []
    return CaseReport(
        case,
        result,
        passages=tuple(PassageFinding(text, *_find(text, passages)) for text in case.passages),
        answers=tuple(AnswerFinding(text, *_find(text, quotes)) for text in case.answers),
    )


def _find(expected: str, texts: Sequence[str]) -> tuple[int | None, NearMiss | None]:
    place = place_of(expected, texts)
    return place, nearest(expected, texts) if place is None else None


def _path(name: str) -> tuple[str, ...]:
    return tuple(part for part in PurePosixPath(name).parts if part not in ("..", "/", "//"))
