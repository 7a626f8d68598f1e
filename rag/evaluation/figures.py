"""The figures of an evaluation, each defined once: over one run, and over many resamples of it. Pure.

    columns = Columns.of(scores)
    for figure in FIGURES:
        print(figure.label, figure.value(columns))

A figure's `name` is where it stands in `rag.evaluation.metrics.Metrics`, and so in what `onrecord eval --json` prints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from onrecord.rag.evaluation.rankings import Ranked, ranking_scores
from onrecord.rag.evaluation.reliability import Column, Values, Weights, auroc, calibration_error, divide
from onrecord.rag.evaluation.scores import Expectation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onrecord.rag.evaluation.scores import CaseScore


@dataclass(frozen=True, slots=True)
class Columns:
    """What figures are computed from: a number for each case, 0 where the case says nothing. *Shapes:* `(cases,)`.

    `ranked`, `texts`, `quotable`, `decided`, `spanned`, `refused`, `to_refuse` say which cases count, and how often;
    the others are what is summed over them.
    """

    every: Column
    holds: Column
    ranked: Column
    hit_at_1: Column
    hit_at_k: Column
    reciprocal_rank: Column
    ndcg: Column
    texts: Column
    texts_near: Column
    quotable: Column
    quoted: Column
    decided: Column
    first_right: Column
    spanned: Column
    exact: Column
    f1: Column
    refused: Column
    to_refuse: Column
    rightly_refused: Column
    confidence: Column

    @classmethod
    def of(cls, scores: Sequence[CaseScore]) -> Columns:
        """Lay out the scores of one run.

        Raises:
            EvaluationUnavailable: what computes ranking figures is not installed.
        """
        expecting = [number for number, each in enumerate(scores) if each.ranks]
        ranked = ranking_scores([Ranked(scores[number].ranks, scores[number].top_k) for number in expecting])

        def from_ranking(values: list[float]) -> Column:
            column = np.zeros(len(scores))
            column[expecting] = values
            return column

        def column(of: Callable[[CaseScore], float]) -> Column:
            return np.array([of(each) for each in scores], dtype=np.float64)

        return cls(
            every=np.ones(len(scores)),
            holds=column(lambda each: each.holds),
            ranked=column(lambda each: bool(each.ranks)),
            hit_at_1=from_ranking([each.hit_at_1 for each in ranked]),
            hit_at_k=from_ranking([each.hit_at_k for each in ranked]),
            reciprocal_rank=from_ranking([each.reciprocal_rank for each in ranked]),
            ndcg=from_ranking([each.ndcg for each in ranked]),
            texts=column(lambda each: len(each.ranks)),
            texts_near=column(lambda each: sum(rank is not None and rank <= each.top_k for rank in each.ranks)),
            quotable=column(lambda each: each.expects is Expectation.QUOTE),
            quoted=column(lambda each: each.quote is not None),
            decided=column(lambda each: each.expects is not Expectation.ANSWER and not each.abstained),
            first_right=column(lambda each: each.quote == 1),
            spanned=column(lambda each: each.f1 is not None),
            exact=column(lambda each: each.exact or 0.0),
            f1=column(lambda each: each.f1 or 0.0),
            refused=column(lambda each: each.abstained),
            to_refuse=column(lambda each: each.expects is Expectation.REFUSAL),
            rightly_refused=column(lambda each: each.abstained and each.expects is Expectation.REFUSAL),
            confidence=column(lambda each: each.confidence),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, what a table calls it, over which cases it is, and how it is computed.

    counted: the column that says how many cases (texts, for recall) it is over.
    compute: its value for each row of weights; NaN where no case tells.
    """

    name: str
    label: str
    over: str
    counted: str
    compute: Callable[[Columns, Weights], Values]
    lower_is_better: bool = False

    def value(self, columns: Columns) -> float | None:
        """The figure of one run; None where no case tells."""
        value = float(self.compute(columns, np.ones((1, len(columns.every))))[0])
        return None if math.isnan(value) else value

    def cases(self, columns: Columns) -> int:
        """How many cases, or texts, it is over."""
        return int(attrgetter(self.counted)(columns).sum())


def _share(part: str, whole: str) -> Callable[[Columns, Weights], Values]:
    """The sum of one column over the sum of another."""
    above, below = attrgetter(part), attrgetter(whole)
    return lambda columns, weights: divide(weights @ above(columns), weights @ below(columns))


def _refusal_f1(columns: Columns, weights: Weights) -> Values:
    return divide(weights @ (2 * columns.rightly_refused), weights @ (columns.refused + columns.to_refuse))


def _auroc(columns: Columns, weights: Weights) -> Values:
    return auroc(columns.confidence, 1 - columns.to_refuse, weights)


def _calibration_error(columns: Columns, weights: Weights) -> Values:
    return calibration_error(columns.confidence, columns.first_right, weights * columns.decided)


_PASSAGES = "cases with passages"
_DECIDABLE = "cases with answers or not_found"

FIGURES = (
    Figure("pass_rate", "pass rate", "cases", "every", _share("holds", "every")),
    Figure("retrieval.hit_at_1", "hit@1", _PASSAGES, "ranked", _share("hit_at_1", "ranked")),
    Figure("retrieval.hit_at_k", "hit@k", _PASSAGES, "ranked", _share("hit_at_k", "ranked")),
    Figure("retrieval.recall_at_k", "recall@k", "expected passages", "texts", _share("texts_near", "texts")),
    Figure("retrieval.mrr_at_10", "MRR@10", _PASSAGES, "ranked", _share("reciprocal_rank", "ranked")),
    Figure("retrieval.ndcg_at_10", "nDCG@10", _PASSAGES, "ranked", _share("ndcg", "ranked")),
    Figure("answers.correctness", "answers correct", "cases with answers", "quotable", _share("quoted", "quotable")),
    Figure("answers.precision", "answers precision", "those answered", "decided", _share("quoted", "decided")),
    Figure("spans.overall.exact", "exact match", _DECIDABLE, "spanned", _share("exact", "spanned")),
    Figure("spans.overall.f1", "token F1", _DECIDABLE, "spanned", _share("f1", "spanned")),
    Figure("abstention.precision", "refusal precision", "refused", "refused", _share("rightly_refused", "refused")),
    Figure("abstention.recall", "refusal recall", "not_found", "to_refuse", _share("rightly_refused", "to_refuse")),
    Figure("abstention.f1", "refusal F1", "not_found", "to_refuse", _refusal_f1),
    Figure("abstention.auroc", "AUROC", "cases", "every", _auroc),
    Figure("calibration.ece", "ECE", "those answered", "decided", _calibration_error, lower_is_better=True),
)
