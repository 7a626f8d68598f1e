"""Exact match and token F1 as the SQuAD 2.0 evaluation script defines them. Pure.

Rajpurkar et al. 2016, arXiv:1606.05250, §6.1; Rajpurkar et al. 2018, arXiv:1806.03822.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


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


def best_exact(prediction: SpanPrediction) -> bool:
    """Whether the prediction matches any of its gold answers exactly."""
    return any(exact_match(prediction.predicted, gold) for gold in _golds(prediction))


def best_f1(prediction: SpanPrediction) -> float:
    """Token F1 against whichever gold answer suits the prediction best."""
    return max(token_f1(prediction.predicted, gold) for gold in _golds(prediction))


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
    if not predictions:
        return SpanScores(0, None, None)
    return SpanScores(
        total=len(predictions),
        exact=fmean(best_exact(each) for each in predictions),
        f1=fmean(best_f1(each) for each in predictions),
    )
