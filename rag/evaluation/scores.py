"""What one checked case says to every figure, small enough to be saved, read and compared line by line. Pure.

    scores = {key_of("asadi.qa.yaml", report.case): score(report) for report in reports}

A saved run is such a mapping, so that figures, and how sure their change is, can be computed of two runs alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from onrecord.rag.answer import Answer
from onrecord.rag.evaluation.squad import SpanPrediction, best_exact, best_f1

if TYPE_CHECKING:
    from onrecord.rag.cases.case import Case, CaseReport, Outcome

DECIMALS = 4
"""Scores are rounded to as many places as answers state; another processor's rounding stands far behind them."""


class Expectation(StrEnum):
    """What a case expects of the answer."""

    QUOTE = "quote"
    """A quote that holds what `answers` say."""
    ANSWER = "answer"
    """Any answer; its passages are what the case is about."""
    REFUSAL = "refusal"
    """Nothing: it is `not_found`."""


@dataclass(frozen=True, slots=True, order=True)
class CaseKey:
    """Which case it is: its file's name, what is asked, and what was asked before."""

    file: str
    question: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseScore:
    """One case's part in every figure.

    holds: everything that the case expects does, whether or not it is marked `xfail`.
    ranks: where each expected passage text was found, from 1, None where it did not come back; texts that stand for
        each other are one, at the best of their ranks.
    quote: the first quote, from 1, that holds an expected answer; None where quotes do not hold what they should.
    exact, f1: of the first highlight against the expected answers, or against a refusal; None where any answer will do.
    milliseconds: what the whole question took; None where nobody measured.
    """

    outcome: Outcome
    holds: bool
    expects: Expectation
    abstained: bool
    confidence: float
    top_k: int
    ranks: tuple[int | None, ...] = ()
    quote: int | None = None
    exact: float | None = None
    f1: float | None = None
    milliseconds: float | None = None


def key_of(file: str, case: Case) -> CaseKey:
    """Name a case of a file."""
    return CaseKey(file, case.question, case.history)


def score(report: CaseReport) -> CaseScore:
    """Reduce a report to what figures need."""
    expects = _expectation(report.case)
    result = report.result
    highlight = result.quotes[0].highlight.exact if isinstance(result, Answer) and result.quotes else ""
    span = SpanPrediction(highlight, report.case.answers)
    tells = expects is not Expectation.ANSWER
    return CaseScore(
        outcome=report.outcome,
        holds=report.holds,
        expects=expects,
        abstained=report.abstained,
        confidence=round(result.confidence, DECIMALS),
        top_k=report.case.top_k,
        ranks=_ranks(report),
        quote=min(each.quote for each in report.answers if each.quote) if report.answer_quoted else None,
        exact=float(best_exact(span)) if tells else None,
        f1=round(best_f1(span), DECIMALS) if tells else None,
        milliseconds=result.timings.total,
    )


def _ranks(report: CaseReport) -> tuple[int | None, ...]:
    alternatives = [found.rank for found in report.passages if found.expected in report.case.any_passages]
    needed = tuple(found.rank for found in report.passages if found.expected not in report.case.any_passages)
    if not alternatives:
        return needed
    return (*needed, min((rank for rank in alternatives if rank), default=None))


def _expectation(case: Case) -> Expectation:
    if case.not_found:
        return Expectation.REFUSAL
    return Expectation.QUOTE if case.answers else Expectation.ANSWER
