"""Two runs over the same cases: which cases broke, which were fixed, and what each figure changed by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.cases.case import Outcome
from onrecord.rag.evaluation.bootstrap import intervals
from onrecord.rag.evaluation.figures import FIGURES, Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onrecord.rag.evaluation.bootstrap import Interval
    from onrecord.rag.evaluation.figures import Figure
    from onrecord.rag.evaluation.reliability import Values, Weights
    from onrecord.rag.evaluation.scores import CaseKey, CaseScore


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after, None where no case tells it, and the interval that its change lies in."""

    figure: Figure
    before: float | None
    after: float | None
    interval: Interval | None

    @property
    def difference(self) -> float | None:
        """What it changed by."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def improved(self) -> bool | None:
        """Whether it got better; None where drawing other cases could as well give no change."""
        if self.interval is None or not self.interval.excludes_zero:
            return None
        return (self.interval.high < 0) == self.figure.lower_is_better


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved between two runs.

    broke: cases that held before and do not now.
    known: those of them that are marked `xfail`, so somebody knows.
    fixed: cases that hold now and did not before.
    """

    broke: tuple[CaseKey, ...]
    known: tuple[CaseKey, ...]
    fixed: tuple[CaseKey, ...]
    changes: tuple[Change, ...]


def compare(before: Mapping[CaseKey, CaseScore], after: Mapping[CaseKey, CaseScore]) -> Comparison:
    """Compare two runs over the same cases.

    Raises:
        ValueError: they are not over the same cases.
        EvaluationUnavailable: what computes ranking figures is not installed.
    """
    if before.keys() != after.keys():
        raise ValueError("the two runs are not over the same cases")
    was, now = Columns.of([before[key] for key in after]), Columns.of(list(after.values()))
    bounds = intervals([_change(figure, was, now) for figure in FIGURES], len(after))
    broke = tuple(key for key in after if before[key].holds and not after[key].holds)
    return Comparison(
        broke=broke,
        known=tuple(key for key in broke if after[key].outcome is Outcome.XFAILED),
        fixed=tuple(key for key in after if after[key].holds and not before[key].holds),
        changes=tuple(
            Change(figure, figure.value(was), figure.value(now), interval)
            for figure, interval in zip(FIGURES, bounds, strict=True)
        ),
    )


def _change(figure: Figure, was: Columns, now: Columns) -> Callable[[Weights], Values]:
    return lambda weights: figure.compute(now, weights) - figure.compute(was, weights)
