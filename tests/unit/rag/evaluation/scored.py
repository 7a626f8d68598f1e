"""Scores of cases made up for tests."""

from __future__ import annotations

from onrecord.rag.cases.case import Outcome
from onrecord.rag.evaluation.scores import CaseKey, CaseScore, Expectation


def answered(*, rightly: bool = True, confidence: float = 0.9, rank: int | None = 1) -> CaseScore:
    """A case that expects a quote from one passage and was answered."""
    return CaseScore(
        outcome=Outcome.PASSED if rightly else Outcome.FAILED,
        holds=rightly,
        expects=Expectation.QUOTE,
        abstained=False,
        confidence=confidence,
        top_k=3,
        ranks=(rank,),
        quote=1 if rightly else None,
        exact=float(rightly),
        f1=float(rightly),
        milliseconds=10.0,
    )


def refused(*, rightly: bool = True, confidence: float = 0.1) -> CaseScore:
    """A case that was refused: `not_found`, or one that expects a quote."""
    return CaseScore(
        outcome=Outcome.PASSED if rightly else Outcome.FAILED,
        holds=rightly,
        expects=Expectation.REFUSAL if rightly else Expectation.QUOTE,
        abstained=True,
        confidence=confidence,
        top_k=3,
        ranks=() if rightly else (1,),
        exact=float(rightly),
        f1=float(rightly),
        milliseconds=10.0,
    )


def keyed(*scores: CaseScore) -> dict[CaseKey, CaseScore]:
    """The scores of a file's cases, which ask 1, 2, 3 …"""
    return {CaseKey("town.qa.yaml", str(number)): score for number, score in enumerate(scores, start=1)}
