"""Readings → how likely each passage answers, likeliest first. Pure.

The confidence of a passage rests on what the reader made of it and its context, and on nothing else: not on how it was
found, which depends on what other articles there are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.reader import Calibration, Reading
    from onrecord.rag.reading.spans import ScoredSpan

COMPANION_SHARE = 0.5
"""A further passage answers too where it passes the threshold and is this likely as a share of the likeliest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What to make of one of the hits that were read.

    `place` is its index among them, `confidence` the probability in [0, 1] that its best `span` answers, and `answers`
    whether that is enough to quote it.
    """

    place: int
    span: ScoredSpan | None
    confidence: float
    answers: bool


def confidence(reading: Reading, calibration: Calibration) -> float:
    """The probability in [0, 1] that the best span found in a passage answers; 0 where it has none."""
    if reading.span is None:
        return 0.0
    return _logistic(
        calibration.relevance * reading.relevance + calibration.span * reading.span.score + calibration.bias
    )


def judge(
    hits: Sequence[Hit], readings: Sequence[Reading], calibration: Calibration, *, threshold: float
) -> list[Judged]:
    """Judge every hit that was read, the likeliest first.

    Args:
        hits: what was found, those that were read in front.
        readings: what the reader made of each of these.
        calibration: the reader's.
        threshold: the likeliest must be at least this likely, or nothing answers.
    """
    likely = [confidence(reading, calibration) for reading in readings]
    enough = max(threshold, COMPANION_SHARE * max(likely, default=0.0))
    judged = [
        Judged(place, reading.span, each, answers=reading.span is not None and each >= enough)
        for place, (reading, each) in enumerate(zip(readings, likely, strict=True))
    ]
    return sorted(judged, key=lambda each: _by_confidence(each, hits))


def _by_confidence(judged: Judged, hits: Sequence[Hit]) -> tuple[float, float, str]:
    hit = hits[judged.place]
    return -judged.confidence, -hit.score, hit.passage.id


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
