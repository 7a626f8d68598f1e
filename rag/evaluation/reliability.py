"""How far stated confidence is from how often it is right, and how well it tells two kinds of questions apart. Pure.

Every function takes weights, one for each case and resample, so that a bootstrap computes all its resamples at once;
one row of ones gives the figure itself. *Shapes:* a column is `(cases,)`, weights are `(resamples, cases)`, results are
`(resamples,)`. A result is NaN where no case tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10

Column = NDArray[np.float64]
Weights = NDArray[np.float64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: the bin's bounds, how many there are, their mean confidence, the share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def bins(confidence: Column, right: Column) -> list[Bin]:
    """Put answers in ten bins of equal width, and keep the bins that hold any."""
    places = _places(confidence)
    return [
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=int((places == place).sum()),
            confidence=float(confidence[places == place].mean()),
            right=float(right[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    ]


def calibration_error(confidence: Column, right: Column, weights: Weights) -> Values:
    """Expected calibration error with ten bins of equal width (Guo et al. 2017, arXiv:1706.04599)."""
    inside = _places(confidence)[:, None] == np.arange(BINS)
    missed = weights @ (inside * (confidence - right)[:, None])
    return divide(np.abs(missed).sum(axis=1), weights.sum(axis=1))


def auroc(score: Column, positive: Column, weights: Weights) -> Values:
    """Area under the ROC curve: how often a positive case scores above a negative one, a tie counting one half."""
    if not len(score):
        return np.full(len(weights), np.nan)
    order = np.argsort(score, kind="stable")
    _, starts = np.unique(score[order], return_index=True)
    positives = np.add.reduceat((weights * positive)[:, order], starts, axis=1)
    negatives = np.add.reduceat((weights * (1 - positive))[:, order], starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives
    won = (positives * (below + negatives / 2)).sum(axis=1)
    return divide(won, positives.sum(axis=1) * negatives.sum(axis=1))


def divide(numerator: Values, denominator: Values) -> Values:
    """Divide; NaN where there is nothing to divide by."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)


def _places(confidence: Column) -> NDArray[np.int64]:
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
