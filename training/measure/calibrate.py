"""Fit the reader's confidence: the probability that the quote is right.

A conditional logit over each question's candidates and the outside option that none of them answers (McFadden 1974)
decides how they rank; a logistic regression over the best candidate of each question (Platt 1999) then makes its
confidence a probability. training.measure.news has the command.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from training.measure.asking import Asked, Read

RIDGE = 100.0
ROUNDING = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the confidence's logit, those by the span alone, and the confidence from which an answer is given."""

    relevance: float
    span: float
    retrieval: float
    dense: float
    bias: float
    span_alone: float
    bias_alone: float
    threshold: float

    def logit(self, read: Read) -> float:
        """Return the logit of the probability that the read's highlight is right."""
        weights = (self.relevance, self.span, self.retrieval, self.dense)
        return sum(weight * value for weight, value in zip(weights, _evidence(read), strict=True)) + self.bias

    def confidence(self, read: Read) -> float:
        """Return that probability."""
        return float(1 / (1 + np.exp(-self.logit(read))))

    def best(self, asked: Asked) -> Read | None:
        """Return the candidate that ranks first."""
        return max(asked.reads, key=self.logit, default=None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A threshold, the one of the best mean F1 with that F1, and its standard error."""

    threshold: float
    best: float
    best_f1: float
    standard_error: float


def logistic(features: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Return the weights of a logistic regression, the last one the bias.

    Args:
        features: *Shape:* ``(n, k)``
        labels: *Shape:* ``(n,)``

    Returns:
        Weights on the features as given. *Shape:* ``(k + 1,)``
    """
    inputs = np.column_stack([features, np.ones(len(features))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = inputs @ weights
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return float(np.mean(np.logaddexp(0, logits) - labels * logits)), inputs.T @ (chance - labels) / len(labels)

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="BFGS").x)


def ranking_weights(questions: Sequence[Asked]) -> Floats:
    """Return weights of relevance, span, retrieval and dense score that put right candidates first, and above a bias.

    Where no candidate is right, the outside option is, whose logit is 0. Evidence never counts against a candidate,
    however much two scores say the same.

    Returns:
        The bias last. *Shape:* ``(5,)``, the weights none below zero.
    """
    asked = [each for each in questions if each.reads]
    spread = np.array([_evidence(read) for each in asked for read in each.reads]).std(axis=0) + 1e-9
    inputs = [
        np.column_stack([np.array([_evidence(read) for read in each.reads]) / spread, np.ones(len(each.reads))])
        for each in asked
    ]
    right = [np.array([read.right for read in each.reads]) for each in asked]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for features, chosen in zip(inputs, right, strict=True):
            logits = features @ weights
            everything = logsumexp([*logits, 0.0])
            slope += features.T @ np.exp(logits - everything)
            total += everything
            if chosen.any():
                these = logsumexp(logits[chosen])
                total -= these
                slope -= features[chosen].T @ np.exp(logits[chosen] - these)
        penalty = RIDGE * np.append(weights[:-1], 0.0)
        return float(total + penalty @ weights / 2) / len(asked), (slope + penalty) / len(asked)

    bounds = [(0.0, None)] * len(spread) + [(None, None)]
    found = minimize(loss, np.append(np.full(len(spread), 0.5), -2.0), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.append(found.x[:-1] / spread, found.x[-1])


def fit(questions: Sequence[Asked]) -> Fitted:
    """Fit how candidates rank, then scale and bias on the best of each question, then the threshold on answer F1.

    The span alone is scaled on the same best candidates (see rag.reading.judge).
    """
    relevance, span, retrieval, dense, outside = ranking_weights(questions).tolist()
    ranked = Fitted(relevance, span, retrieval, dense, outside, span_alone=0.0, bias_alone=0.0, threshold=0.5)
    best = [read for asked in questions if (read := ranked.best(asked)) is not None]
    right = np.array([read.right for read in best])
    scale, bias = logistic(np.array([[ranked.logit(read)] for read in best]), right).tolist()
    scale = max(scale, 1e-3)
    alone, bias_alone = logistic(np.array([[read.span] for read in best]), right).tolist()
    fitted = Fitted(
        relevance=ranked.relevance * scale,
        span=ranked.span * scale,
        retrieval=ranked.retrieval * scale,
        dense=ranked.dense * scale,
        bias=ranked.bias * scale + bias,
        span_alone=max(alone, 1e-3),
        bias_alone=bias_alone,
        threshold=0.5,
    )
    return replace(fitted, threshold=choose(fitted, questions).threshold)


def choose(fitted: Fitted, questions: Sequence[Asked]) -> Chosen:
    """Choose the lowest threshold whose mean F1 is within one standard error of the best one, rounded to 0.05.

    Refusing scores 1 if there is no answer and 0 otherwise. The curve is flat at its top: of thresholds that the
    questions cannot tell apart, the lowest answers most, and a quote shown with its confidence can be judged, where a
    refusal hides it.
    """
    pairs = []
    for asked in questions:
        best = fitted.best(asked)
        if best is not None:
            pairs.append((fitted.confidence(best), best.f1, float(not asked.golds)))
    confidence, answered, refused = np.array(pairs).T
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    scores = np.where(confidence >= grid[:, None], answered, refused)
    means = scores.mean(axis=1)
    best_row = int(means.argmax())
    error = scores[best_row].std() / np.sqrt(len(pairs))
    lowest = grid[np.flatnonzero(means >= means[best_row] - error)[0]]
    threshold = max(1, round(lowest / ROUNDING)) * ROUNDING
    return Chosen(float(threshold), float(grid[best_row]), float(means[best_row]), float(error))


def _evidence(read: Read) -> tuple[float, float, float, float]:
    return read.relevance, read.span, read.retrieval, read.dense

