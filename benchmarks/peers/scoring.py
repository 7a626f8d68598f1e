"""Figures from what systems gave back, the same for all of them. Pure.

Answers are scored by token F1 as SQuAD 2.0 defines it; refusing a question without an answer scores 1, answering it 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from onrecord.rag.evaluation.squad import SpanPrediction, best_f1

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.child import Told
    from benchmarks.peers.questions import Asked

REFUSE_ALL, ANSWER_ALL = math.inf, -math.inf


@dataclass(frozen=True, slots=True)
class Decided:
    """F1 over all questions, and precision and recall of refusing, at one way of deciding."""

    f1: float | None
    refusal_precision: float | None
    refusal_recall: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in [0, 1], None where no question can tell; times in milliseconds.

    found_at_1, hit_at_1, hit_at_3: over questions with an answer, whether a passage that holds one is first, or among
    the first three: of what retrieval found, and of the final order (the other two).
    answer_f1: over questions with an answer, of the best candidate's text, whether or not the system would give it.
    as_it_comes: the system decides. best_threshold: a threshold on its score decides, chosen for best overall F1 on
    the other half of the questions.
    """

    questions: int
    answerable: int
    found_at_1: float | None
    hit_at_1: float | None
    hit_at_3: float | None
    answer_f1: float | None
    as_it_comes: Decided
    best_threshold: Decided
    p50: float | None
    p95: float | None
    questions_per_second: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """What answering a question would be worth, and what refusing it."""

    score: float
    f1: float
    refused_f1: float
    half: int


def figures(asked: Sequence[Asked], told: Sequence[Told]) -> Figures:
    """Compute every figure.

    Raises:
        ValueError: there are not as many answers as questions.
    """
    pairs = list(zip(asked, told, strict=True))
    answerable = [(question, answer) for question, answer in pairs if question.golds]
    times = sorted(answer.milliseconds for answer in told)
    scored = [_scored(question, answer) for question, answer in pairs]
    thresholds = {half: best_threshold([each for each in scored if each.half != half]) for half in (0, 1)}
    refused = [
        not answer.answer or each.score < thresholds[each.half] for each, answer in zip(scored, told, strict=True)
    ]
    return Figures(
        questions=len(pairs),
        answerable=len(answerable),
        found_at_1=_mean([not question.right.isdisjoint(answer.found[:1]) for question, answer in answerable]),
        hit_at_1=_mean([not question.right.isdisjoint(answer.ranked[:1]) for question, answer in answerable]),
        hit_at_3=_mean([not question.right.isdisjoint(answer.ranked[:3]) for question, answer in answerable]),
        answer_f1=_mean(
            [best_f1(SpanPrediction(answer.answer or "", question.golds)) for question, answer in answerable]
        ),
        as_it_comes=_decided(asked, scored, [not answer.answered or not answer.answer for answer in told]),
        best_threshold=_decided(asked, scored, refused),
        p50=_percentile(times, 0.50),
        p95=_percentile(times, 0.95),
        questions_per_second=1000 * len(times) / sum(times) if times else None,
    )


def best_threshold(scored: Sequence[Scored]) -> float:
    """The lowest score from which answering gives the best overall F1; -inf where answering everything does."""
    if not scored:
        return ANSWER_ALL
    ordered = sorted(scored, key=lambda each: -each.score)
    lowest = ordered[-1].score
    best = total = sum(each.refused_f1 for each in ordered)
    threshold = REFUSE_ALL
    for place, each in enumerate(ordered, start=1):
        total += each.f1 - each.refused_f1
        whole = place == len(ordered) or ordered[place].score < each.score  # equal scores share their fate
        if whole and total >= best:
            best, threshold = total, each.score
    return ANSWER_ALL if threshold <= lowest else threshold


def _scored(asked: Asked, told: Told) -> Scored:
    score = told.score if told.answer else ANSWER_ALL
    f1 = best_f1(SpanPrediction(told.answer or "", asked.golds))
    return Scored(score, f1, refused_f1=float(not asked.golds), half=asked.half)


def _decided(asked: Sequence[Asked], scored: Sequence[Scored], refused: Sequence[bool]) -> Decided:
    right = [gone and not question.golds for question, gone in zip(asked, refused, strict=True)]
    return Decided(
        f1=_mean([each.refused_f1 if gone else each.f1 for each, gone in zip(scored, refused, strict=True)]),
        refusal_precision=_mean([good for good, gone in zip(right, refused, strict=True) if gone]),
        refusal_recall=_mean([good for good, question in zip(right, asked, strict=True) if not question.golds]),
    )


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
