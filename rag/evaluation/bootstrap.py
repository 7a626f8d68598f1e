"""How sure a change between two runs over the same cases is: paired bootstrap, percentile intervals. Pure.

Efron 1979 (Ann. Statist. 7); used for paired system comparisons as in Koehn 2004 (EMNLP). Cases are drawn with
replacement, the same ones for both runs, so that what makes a case hard cancels out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from onrecord.rag.evaluation.reliability import Values, Weights

RESAMPLES = 2_000
LEVEL = 0.95

_SEED = 20_130_713  # any will do, as long as the same two runs always give the same interval
_NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds between which a change lies in 95 of 100 resamples."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the change is more than what drawing other cases would give."""
        return self.low > 0 or self.high < 0


def intervals(changes: Sequence[Callable[[Weights], Values]], cases: int) -> list[Interval | None]:
    """Bound each change of a figure.

    Args:
        changes: for each figure, what it changed by under each row of weights; NaN where a resample cannot tell.
        cases: how many cases each run has.

    Returns:
        An interval for each figure; None where no resample can tell.
    """
    drawn = [np.concatenate(values) for values in zip(*_resampled(changes, cases), strict=True)] if cases else []
    return [_interval(values) for values in drawn] or [None] * len(changes)


def _resampled(changes: Sequence[Callable[[Weights], Values]], cases: int) -> Iterator[list[Values]]:
    """Each figure's changes, for as many resamples at a time as memory should hold."""
    generator = np.random.default_rng(_SEED)
    at_once = max(1, _NUMBERS_AT_ONCE // cases)
    for start in range(0, RESAMPLES, at_once):
        size = min(at_once, RESAMPLES - start)
        weights = generator.multinomial(cases, np.full(cases, 1 / cases), size=size).astype(np.float64)
        yield [change(weights) for change in changes]


def _interval(values: Values) -> Interval | None:
    told = values[~np.isnan(values)]
    if not len(told):
        return None
    low, high = np.quantile(told, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
