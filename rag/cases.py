"""Regression cases: a question with what must come back for it, and the check of one result against that. Pure.

    report = check(case, pipeline.ask(case.as_question()))
    report.outcome                    # passed, failed or xfailed
    print(report.describe())          # for a person: what was expected, where it stood, what came back instead

`rag.case_files` reads cases from `*.qa.yaml` files; `rag.evaluate` makes figures of many reports.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from rag.answer import Answer, NotFound, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.answer import Quote, RankedPassage

DEFAULT_TOP_K = 3
RANKING_DEPTH = 10
"""How many passages a case asks for at least, so that a report can rank a passage that misses its `top_k`."""

_STRAIGHT_QUOTES = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what must come back for it.

    Every text of `passages` must stand inside one of the first `top_k` passages, and one text of `answers` inside one
    of the quotes. `not_found` expects abstention; without it an answer is expected. `xfail` says why the case is known
    to fail; as soon as everything holds it fails until `xfail` is removed. `line` is where the case starts in its
    file, from 1.
    """

    line: int
    question: str
    passages: tuple[str, ...] = ()
    top_k: int = DEFAULT_TOP_K
    answers: tuple[str, ...] = ()
    not_found: bool = False
    xfail: str | None = None

    def as_question(self) -> Question:
        """What to ask the pipeline for this case."""
        return Question(self.question, top_k=max(self.top_k, RANKING_DEPTH))


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
class NearMiss:
    """The returned passage, by its rank from 1, with the longest run of words that an expected text has too."""

    rank: int
    shared: str


@dataclass(frozen=True, slots=True)
class PassageFinding:
    """At which rank (from 1) an expected text was found among all passages that came back, or None and a near miss."""

    expected: str
    rank: int | None
    near_miss: NearMiss | None = None


@dataclass(frozen=True, slots=True)
class AnswerFinding:
    """In which quote (counted from 1) an expected answer was found, or None."""

    expected: str
    quote: int | None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One result held against its case; findings stand in the order of the case's texts."""

    case: Case
    result: Answer | NotFound
    passages: tuple[PassageFinding, ...]
    answers: tuple[AnswerFinding, ...]

    @property
    def abstained(self) -> bool:
        """Whether the question was refused."""
        return isinstance(self.result, NotFound)

    @property
    def passages_hold(self) -> bool:
        """Whether every expected passage came back within `top_k`."""
        return all(finding.rank is not None and finding.rank <= self.case.top_k for finding in self.passages)

    @property
    def answer_quoted(self) -> bool:
        """Whether a quote holds one of the expected answers."""
        return any(finding.quote is not None for finding in self.answers)

    @property
    def answer_holds(self) -> bool:
        """Whether the question was refused if it should be; otherwise whether it was answered, and rightly."""
        return self.abstained == self.case.not_found and (not self.answers or self.answer_quoted)

    @property
    def outcome(self) -> Outcome:
        """How the case went, `xfail` taken strictly."""
        holds = self.passages_hold and self.answer_holds
        if self.case.xfail:
            return Outcome.FAILED if holds else Outcome.XFAILED
        return Outcome.PASSED if holds else Outcome.FAILED

    def describe(self) -> str:
        """What went wrong in the first line, then the question, what was expected and what came back."""
        expected = [*self._expected_passages(), *self._expected_answer()]
        return "\n".join([self._verdict(), f"question: {self.case.question}", *expected, *self._came_back()])

    def _verdict(self) -> str:
        case, wrong = self.case, []
        if not self.passages_hold:
            wrong.append(f"an expected passage is not in the top {case.top_k}")
        if self.abstained and not case.not_found:
            wrong.append("refused, though an answer is expected")
        elif not self.abstained and case.not_found:
            wrong.append("answered, though nothing should be found")
        elif not self.answer_holds:
            wrong.append("no quote holds an expected answer")
        if not wrong and case.xfail:
            wrong.append(f"all is as expected: remove “xfail: {case.xfail}” from the case in line {case.line}")
        return "; ".join(wrong) or "all is as expected"

    def _expected_passages(self) -> Iterator[str]:
        if self.passages:
            yield f"expected in the top {self.case.top_k} passages, each of:"
        for finding in self.passages:
            where = f"at rank {finding.rank}" if finding.rank else f"in none of {len(self.result.passages)} returned"
            yield f"  “{finding.expected}”: {where}"
            if finding.near_miss:
                yield f"    nearest is rank {finding.near_miss.rank}, which has “{finding.near_miss.shared}”"

    def _expected_answer(self) -> Iterator[str]:
        if self.case.not_found:
            yield "expected: not found"
        elif self.answers:
            yield "expected in a quote, one of:"
        else:
            yield "expected: an answer"
        for finding in self.answers:
            yield f"  “{finding.expected}”: " + (f"in quote {finding.quote}" if finding.quote else "in no quote")

    def _came_back(self) -> Iterator[str]:
        result = self.result
        status = f"not found ({result.reason})" if isinstance(result, NotFound) else "answered"
        yield f"came back: {status}, confidence {result.confidence:.2f}"
        for number, quote in enumerate(_quotes(result), start=1):
            yield f"  quote {number}, confidence {quote.confidence:.2f}: “{quote.span.exact}”"
        for ranked in result.passages[: self.case.top_k]:
            yield f"  passage at rank {ranked.rank}, score {ranked.score:.2f}: “{ranked.hit.passage.text}”"


def check(case: Case, result: Answer | NotFound) -> CaseReport:
    """Hold a result against its case. Texts are compared as `fold` leaves them."""
    return CaseReport(
        case,
        result,
        passages=tuple(_find_passage(expected, result.passages) for expected in case.passages),
        answers=tuple(_find_answer(expected, _quotes(result)) for expected in case.answers),
    )


def fold(text: str) -> str:
    """Text as it is compared: NFC, every run of white space one space, typographic quotation marks straight."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_STRAIGHT_QUOTES).split())


def _quotes(result: Answer | NotFound) -> tuple[Quote, ...]:
    return result.quotes if isinstance(result, Answer) else ()


def _find_passage(expected: str, passages: Sequence[RankedPassage]) -> PassageFinding:
    wanted = fold(expected)
    ranks = [ranked.rank for ranked in passages if wanted in fold(ranked.hit.passage.text)]
    if ranks:
        return PassageFinding(expected, min(ranks))
    return PassageFinding(expected, None, _nearest(wanted.split(), passages))


def _nearest(wanted: list[str], passages: Sequence[RankedPassage]) -> NearMiss | None:
    longest: tuple[int, NearMiss | None] = (0, None)
    for ranked in passages:
        matcher = SequenceMatcher(None, wanted, fold(ranked.hit.passage.text).split(), autojunk=False)
        match = matcher.find_longest_match()
        if match.size > longest[0]:
            longest = (match.size, NearMiss(ranked.rank, " ".join(wanted[match.a : match.a + match.size])))
    return longest[1]


def _find_answer(expected: str, quotes: Sequence[Quote]) -> AnswerFinding:
    wanted = fold(expected)
    numbers = [number for number, quote in enumerate(quotes, start=1) if wanted in fold(quote.span.exact)]
    return AnswerFinding(expected, min(numbers, default=None))
