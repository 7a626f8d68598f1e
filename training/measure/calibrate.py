"""Fit the reader's confidence: the probability that the quote is right, from what the reader made of its passage.

A conditional logit over each question's candidates and the outside option that none of them answers (McFadden 1974)
decides how they rank; a logistic regression over the best candidate of each question (Platt 1999) then makes its
confidence a probability. training.measure.news has the command.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from onrecord.rag.reading.judge import confidence
from onrecord.rag.reading.reader import Calibration
from training.measure.asking import Asked, Read

RIDGE = 100.0
STEP = 0.05
REFUSED = 0.9
"""The share of questions without an answer that are to be refused at least."""

LOST = 0.005
"""The share of questions that a higher threshold may stop answering rightly: it favours not being wrong."""

NO_SPAN = -20.0

Floats = NDArray[np.float64]


def best(asked: Asked, calibration: Calibration) -> Read | None:
    """Return the candidate that ranks first."""
    return max(asked.reads, key=lambda read: confidence(read.reading, calibration), default=None)


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
    """Return weights of relevance and span that put right candidates first, and above a bias.

    Where no candidate is right, the outside option is, whose logit is 0. Evidence never counts against a candidate,
    however much two scores say the same.

    Returns:
        The bias last. *Shape:* ``(3,)``, the weights none below zero.
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


def fit(questions: Sequence[Asked]) -> Calibration:
    """Fit how candidates rank, then scale and bias on the best of each question, then the threshold.

    Of the thresholds, in steps of ``STEP``, at which ``REFUSED`` of the questions without an answer are refused, it is
    the highest at which no more than ``LOST`` of the others are answered rightly less often than at the lowest.
    """
    relevance, span, outside = ranking_weights(questions).tolist()
    ranked = Calibration(relevance, span, outside, threshold=0.5)
    first = [read for asked in questions if (read := best(asked, ranked)) is not None]
    right = np.array([read.right for read in first])
    logits = np.array([_evidence(read) for read in first]) @ np.array([relevance, span]) + outside
    scale, bias = logistic(logits[:, None], right).tolist()
    scale = max(scale, 1e-3)
    fitted = Calibration(relevance * scale, span * scale, outside * scale + bias, threshold=0.5)
    return replace(fitted, threshold=_threshold(fitted, questions))


def _threshold(fitted: Calibration, questions: Sequence[Asked]) -> float:
    firsts = [(asked, best(asked, fitted)) for asked in questions]
    likely = np.array([0.0 if read is None else confidence(read.reading, fitted) for _, read in firsts])
    answerable = np.array([bool(asked.golds) for asked, _ in firsts])
    right = np.array([read is not None and read.right for _, read in firsts])
    steps = [float(step) for step in np.round(np.arange(STEP, 1, STEP), 2)]
    lowest = next((step for step in steps if (likely[~answerable] < step).mean() >= REFUSED), steps[-1])

    def answered(step: float) -> float:
        return float((right & (likely >= step))[answerable].mean())

    return max(step for step in steps if step >= lowest and answered(step) >= answered(lowest) - LOST)


def _evidence(read: Read) -> tuple[float, float]:
    span = read.reading.span
    return read.reading.relevance, NO_SPAN if span is None else span.score
