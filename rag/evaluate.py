"""Figures over many checked cases: retrieval, answers, spans, abstention and latency. Pure.

    reports = [check(case, pipeline.ask(case.as_question())) for case in case_file.cases]
    metrics = evaluate(reports)
    dataclasses.asdict(metrics)     # what `onrecord eval --json` prints

Shares lie in [0, 1]; a figure is None where no case can tell it. Which cases count for a figure is said at its field.
EM and F1 follow the SQuAD 2.0 evaluation script (Rajpurkar et al. 2016, arXiv:1606.05250, §6.1; Rajpurkar et al. 2018,
arXiv:1806.03822).
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from rag.answer import Answer
from rag.cases import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.cases import CaseReport

_MRR_DEPTH = 10
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class RetrievalMetrics:
    """Over the cases that expect passages.

    hit_at_1, hit_at_k: the share whose first passage, or one of whose first `top_k` passages, holds an expected text.
    recall_at_k: the share of all expected texts that stand in their case's first `top_k` passages.
    mrr_at_10: the mean of 1 / (rank of the first passage that holds an expected text), 0 below rank 10.
    """

    cases: int
    hit_at_1: float | None
    hit_at_k: float | None
    recall_at_k: float | None
    mrr_at_10: float | None


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
    """Refusing as a decision, over all cases; `not_found` cases are the ones to refuse."""

    cases: int
    refused: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class SpanPrediction:
    """The span a system chose and the right ones; an empty text, or no gold, stands for “not answered here”."""

    predicted: str
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Mean exact match and token F1 over `total` predictions."""

    total: int
    exact: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class SquadScores:
    """SQuAD 2.0 scores: over all questions, over those that have an answer, over those that have none."""

    overall: SpanScores
    has_answer: SpanScores
    no_answer: SpanScores


@dataclass(frozen=True, slots=True)
class LatencyMetrics:
    """Nearest-rank percentiles of the whole question's time, in milliseconds."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """All figures of one evaluation.

    spans: the first quote's highlight against the expected answers, for cases that expect certain answers or none.
    """

    passed: int
    failed: int
    xfailed: int
    retrieval: RetrievalMetrics
    answers: AnswerMetrics
    abstention: AbstentionMetrics
    spans: SquadScores
    latency_ms: LatencyMetrics


def evaluate(reports: Sequence[CaseReport]) -> Metrics:
    """Compute every figure over checked cases, which may come from several case files."""
    outcomes = Counter(report.outcome for report in reports)
    return Metrics(
        passed=outcomes[Outcome.PASSED],
        failed=outcomes[Outcome.FAILED],
        xfailed=outcomes[Outcome.XFAILED],
        retrieval=_retrieval([report for report in reports if report.passages]),
        answers=_answers([report for report in reports if report.answers or report.case.not_found]),
        abstention=_abstention(reports),
        spans=squad_scores([_span(report) for report in reports if report.answers or report.case.not_found]),
        latency_ms=_latency([report.result.timings.total for report in reports]),
    )


def normalize_answer(text: str) -> str:
    """Text as SQuAD compares it: lower case, without ASCII punctuation, without a, an and the, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_WITHOUT_PUNCTUATION)).split())


def exact_match(predicted: str, gold: str) -> bool:
    """Whether two texts are the same once normalized."""
    return normalize_answer(predicted) == normalize_answer(gold)


def token_f1(predicted: str, gold: str) -> float:
    """Harmonic mean of token precision and recall, tokens counted as often as they stand; both empty is 1."""
    ours, theirs = normalize_answer(predicted).split(), normalize_answer(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = (Counter(ours) & Counter(theirs)).total()
    return 2 * shared / (len(ours) + len(theirs))


def squad_scores(predictions: Sequence[SpanPrediction]) -> SquadScores:
    """Score each prediction against whichever of its gold answers suits it best."""
    return SquadScores(
        overall=_span_scores(predictions),
        has_answer=_span_scores([prediction for prediction in predictions if prediction.gold]),
        no_answer=_span_scores([prediction for prediction in predictions if not prediction.gold]),
    )


def _golds(prediction: SpanPrediction) -> list[str]:
    return [gold for gold in prediction.gold if normalize_answer(gold)] or [""]


def _span_scores(predictions: Sequence[SpanPrediction]) -> SpanScores:
    return SpanScores(
        total=len(predictions),
        exact=_mean(max(exact_match(each.predicted, gold) for gold in _golds(each)) for each in predictions),
        f1=_mean(max(token_f1(each.predicted, gold) for gold in _golds(each)) for each in predictions),
    )


def _span(report: CaseReport) -> SpanPrediction:
    result = report.result
    highlight = result.quotes[0].highlight.exact if isinstance(result, Answer) and result.quotes else ""
    return SpanPrediction(highlight, report.case.answers)


def _retrieval(reports: Sequence[CaseReport]) -> RetrievalMetrics:
    ranks = [[finding.rank or math.inf for finding in report.passages] for report in reports]
    limits = [report.case.top_k for report in reports]
    best = [min(of_case) for of_case in ranks]
    return RetrievalMetrics(
        cases=len(reports),
        hit_at_1=_mean(rank == 1 for rank in best),
        hit_at_k=_mean(rank <= top_k for rank, top_k in zip(best, limits, strict=True)),
        recall_at_k=_mean(rank <= top_k for of_case, top_k in zip(ranks, limits, strict=True) for rank in of_case),
        mrr_at_10=_mean(1 / rank if rank <= _MRR_DEPTH else 0.0 for rank in best),
    )


def _answers(reports: Sequence[CaseReport]) -> AnswerMetrics:
    expecting = [report for report in reports if report.answers]
    return AnswerMetrics(
        cases=len(expecting),
        correctness=_mean(report.answer_quoted for report in expecting),
        precision=_mean(report.answer_quoted for report in reports if not report.abstained),
    )


def _abstention(reports: Sequence[CaseReport]) -> AbstentionMetrics:
    refused = [report for report in reports if report.abstained]
    to_refuse = [report for report in reports if report.case.not_found]
    rightly = sum(report.case.not_found for report in refused)
    return AbstentionMetrics(
        cases=len(to_refuse),
        refused=len(refused),
        precision=rightly / len(refused) if refused else None,
        recall=rightly / len(to_refuse) if to_refuse else None,
        f1=2 * rightly / (len(refused) + len(to_refuse)) if refused or to_refuse else None,
    )


def _latency(milliseconds: Sequence[float]) -> LatencyMetrics:
    ordered = sorted(milliseconds)
    p50, p95 = (ordered[math.ceil(share * len(ordered)) - 1] if ordered else None for share in (0.50, 0.95))
    return LatencyMetrics(p50, p95)


def _mean(values: Iterable[float]) -> float | None:
    collected = [float(value) for value in values]
    return fmean(collected) if collected else None
