"""Figures over many checked cases: retrieval, answers, spans, abstention, calibration and latency. Pure.

    scores = [score(check_case(case, pipeline.ask(case.as_question()))) for case in case_file.cases]
    metrics = evaluate(scores)
    dataclasses.asdict(metrics)     # what `onrecord eval --json` prints

Shares lie in [0, 1]; a figure is None where no case can tell it. Which cases count for a figure is said at its field;
how it is computed stands in `rag.evaluation.figures`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from onrecord.rag.cases.case import Outcome
from onrecord.rag.evaluation.figures import FIGURES, Columns
from onrecord.rag.evaluation.scores import Expectation
from onrecord.rag.evaluation.squad import SpanScores, SquadScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.rag.evaluation.scores import CaseScore


@dataclass(frozen=True, slots=True)
class RetrievalMetrics:
    """Over the cases that expect passages; all but recall are computed by `ir_measures`.

    hit_at_1, hit_at_k: the share whose first passage, or one of whose first `top_k` passages, holds an expected text.
    recall_at_k: the share of all expected texts that stand in their case's first `top_k` passages.
    mrr_at_10: the mean of 1 / (rank of the first passage that holds an expected text), 0 below rank 10.
    ndcg_at_10: how high all passages that hold expected texts stand, 1 where they lead.
    """

    cases: int
    hit_at_1: float | None
    hit_at_k: float | None
    recall_at_k: float | None
    mrr_at_10: float | None
    ndcg_at_10: float | None


@dataclass(frozen=True, slots=True)
class AnswerMetrics:
    """Whether quotes hold what is expected.

    correctness: of the cases that expect certain answers, the share where a quote holds one; a refusal is a miss.
    precision: of these and the `not_found` cases, among those that were answered, the share answered rightly.
    """

    cases: int
    correctness: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class AbstentionMetrics:
    """Refusing as a decision, over all cases; `not_found` cases are the ones to refuse.

    auroc: how often an answerable case is more confident than a `not_found` one, whatever the threshold.
    """

    cases: int
    refused: int
    precision: float | None
    recall: float | None
    f1: float | None
    auroc: float | None


@dataclass(frozen=True, slots=True)
class CalibrationMetrics:
    """How far confidence is from the share right, over cases answered although they expect certain answers or none.

    A refused question shows no quote, so nobody can say whether its best candidate was right; it does not count.
    """

    cases: int
    ece: float | None


@dataclass(frozen=True, slots=True)
class LatencyMetrics:
    """Nearest-rank percentiles of the whole question's time, in milliseconds."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """All figures of one evaluation.

    pass_rate: the share of cases where everything holds that they expect, marked `xfail` or not.
    spans: the first quote's highlight against the expected answers, for cases that expect certain answers or none.
    """

    passed: int
    failed: int
    xfailed: int
    pass_rate: float | None
    retrieval: RetrievalMetrics
    answers: AnswerMetrics
    abstention: AbstentionMetrics
    calibration: CalibrationMetrics
    spans: SquadScores
    latency_ms: LatencyMetrics


def evaluate(scores: Sequence[CaseScore]) -> Metrics:
    """Compute every figure over checked cases, which may come from several case files.

    Raises:
        EvaluationUnavailable: what computes ranking figures is not installed.
    """
    columns = Columns.of(scores)
    told = {figure.name: figure.value(columns) for figure in FIGURES}
    outcomes = Counter(each.outcome for each in scores)
    return Metrics(
        passed=outcomes[Outcome.PASSED],
        failed=outcomes[Outcome.FAILED],
        xfailed=outcomes[Outcome.XFAILED],
        pass_rate=told["pass_rate"],
        retrieval=RetrievalMetrics(
            cases=int(columns.ranked.sum()),
            hit_at_1=told["retrieval.hit_at_1"],
            hit_at_k=told["retrieval.hit_at_k"],
            recall_at_k=told["retrieval.recall_at_k"],
            mrr_at_10=told["retrieval.mrr_at_10"],
            ndcg_at_10=told["retrieval.ndcg_at_10"],
        ),
        answers=AnswerMetrics(
            cases=int(columns.quotable.sum()),
            correctness=told["answers.correctness"],
            precision=told["answers.precision"],
        ),
        abstention=AbstentionMetrics(
            cases=int(columns.to_refuse.sum()),
            refused=int(columns.refused.sum()),
            precision=told["abstention.precision"],
            recall=told["abstention.recall"],
            f1=told["abstention.f1"],
            auroc=told["abstention.auroc"],
        ),
        calibration=CalibrationMetrics(cases=int(columns.decided.sum()), ece=told["calibration.ece"]),
        spans=SquadScores(
            overall=_spans(scores, Expectation.QUOTE, Expectation.REFUSAL),
            has_answer=_spans(scores, Expectation.QUOTE),
            no_answer=_spans(scores, Expectation.REFUSAL),
        ),
        latency_ms=_latency([each.milliseconds for each in scores if each.milliseconds is not None]),
    )


def _spans(scores: Sequence[CaseScore], *expecting: Expectation) -> SpanScores:
    of_these = [each for each in scores if each.expects in expecting]
    return SpanScores(
        total=len(of_these),
        exact=_mean([each.exact for each in of_these if each.exact is not None]),
        f1=_mean([each.f1 for each in of_these if each.f1 is not None]),
    )


def _latency(milliseconds: Sequence[float]) -> LatencyMetrics:
    ordered = sorted(milliseconds)
    p50, p95 = (ordered[math.ceil(share * len(ordered)) - 1] if ordered else None for share in (0.50, 0.95))
    return LatencyMetrics(p50, p95)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
