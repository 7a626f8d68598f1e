"""Readings → how likely each passage answers, likeliest first. Pure.

The confidence of a passage weighs what the reader made of it with how it was found. Once one passage of an article
answers, how far behind it another one was found says little: “what did Asadi threaten?” finds one threat by its words
and the others by none. So further passages of that article answer by the reader's evidence alone where that is strong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onrecord.rag.reading.reader import Calibration, Reading

COMPANION_SHARE = 0.5
"""A further passage answers too where it passes the threshold and is this likely as a share of the likeliest."""

LIKELY_ALONE = 0.5
"""A further passage of the same article also answers where the reader alone makes it at least this likely, and …"""

ALONE_SHARE = 0.6
"""… at least this likely as a share of what the reader alone makes of the likeliest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading, the probability in [0, 1] that its span answers, and whether that is enough to quote it."""

    reading: Reading
    confidence: float
    answers: bool


def confidence(reading: Reading, calibration: Calibration) -> float:
    """The probability in [0, 1] that the reading's best span answers; 0 where it has none."""
    if reading.span is None:
        return 0.0
    return _logistic(
        calibration.relevance * reading.relevance
        + calibration.span * reading.span.score
        + calibration.retrieval * reading.hit.score
        + calibration.dense * reading.hit.dense
        + calibration.bias
    )


def confidence_alone(reading: Reading, calibration: Calibration) -> float:
    """The same by what the reader made of the passage, however it was found; 0 where the reader finds it irrelevant."""
    if reading.span is None or reading.relevance < 0:
        return 0.0
    return _logistic(calibration.span_alone * reading.span.score + calibration.bias_alone)


def judge(readings: Iterable[Reading], calibration: Calibration, *, threshold: float) -> list[Judged]:
    """Judge every reading, the likeliest first.

    A further passage of the likeliest one's article that answers by the reader alone is as likely as the likeliest,
    times what the reader alone makes of it.

    Args:
        readings: what the reader made of each passage.
        calibration: the reader's.
        threshold: the likeliest must be at least this likely, or nothing answers.
    """
    scored = sorted(((confidence(each, calibration), each) for each in readings), key=_by_confidence)
    if not scored or scored[0][0] < threshold or scored[0][1].span is None:
        return [Judged(reading, likely, answers=False) for likely, reading in scored]
    best, first = scored[0]
    alone = confidence_alone(first, calibration)
    judged = [Judged(first, best, answers=True)]
    for likely, reading in scored[1:]:
        same_article = reading.hit.article.id == first.hit.article.id
        evidence = confidence_alone(reading, calibration) if same_article else 0.0
        if evidence >= max(LIKELY_ALONE, ALONE_SHARE * alone):
            judged.append(Judged(reading, max(likely, best * evidence), answers=True))
        else:
            judged.append(Judged(reading, likely, answers=likely >= max(threshold, COMPANION_SHARE * best)))
    return sorted(judged, key=lambda each: _by_confidence((each.confidence, each.reading)))


def _by_confidence(scored: tuple[float, Reading]) -> tuple[float, float, str]:
    likely, reading = scored
    return -likely, -reading.hit.score, reading.hit.passage.id


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
