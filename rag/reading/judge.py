"""Readings → how likely each passage answers, likeliest first. Pure.

The confidence of a passage weighs what the reader made of it with how it was found. Once one passage of an article
answers, how far behind it another one was found says little: “what did Asadi threaten?” finds one threat by its words
and the others by none. So further passages of that article answer by the reader's evidence alone where that is strong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.reader import Calibration, Reading
    from onrecord.rag.reading.spans import ScoredSpan

COMPANION_SHARE = 0.5
"""A further passage answers too where it passes the threshold and is this likely as a share of the likeliest."""

LIKELY_ALONE = 0.5
"""A further passage of the same article also answers where the reader alone makes it at least this likely, and …"""

ALONE_SHARE = 0.6
"""… at least this likely as a share of what the reader alone makes of the likeliest."""


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


def confidence(hit: Hit, reading: Reading, calibration: Calibration) -> float:
    """The probability in [0, 1] that the best span found in a hit answers; 0 where it has none."""
    if reading.span is None:
        return 0.0
    return _logistic(
        calibration.relevance * reading.relevance
        + calibration.span * reading.span.score
        + calibration.retrieval * hit.score
        + calibration.dense * hit.dense
        + calibration.bias
    )


def confidence_alone(reading: Reading, calibration: Calibration) -> float:
    """The same by what the reader made of the passage, however it was found; 0 where the reader finds it irrelevant."""
    if reading.span is None or reading.relevance < 0:
        return 0.0
    return _logistic(calibration.span_alone * reading.span.score + calibration.bias_alone)


def judge(
    hits: Sequence[Hit], readings: Sequence[Reading], calibration: Calibration, *, threshold: float
) -> list[Judged]:
    """Judge every hit that was read, the likeliest first.

    A further passage of the likeliest one's article that answers by the reader alone is as likely as the likeliest,
    times what the reader alone makes of it.

    Args:
        hits: what was found, those that were read in front.
        readings: what the reader made of each of these.
        calibration: the reader's.
        threshold: the likeliest must be at least this likely, or nothing answers.
    """
    first_look = [
        Judged(place, reading.span, confidence(hits[place], reading, calibration), answers=False)
        for place, reading in enumerate(readings)
    ]
    scored = sorted(first_look, key=lambda each: _by_confidence(each, hits))
    if not scored or scored[0].confidence < threshold or scored[0].span is None:
        return scored
    first, *others = scored
    alone = confidence_alone(readings[first.place], calibration)
    judged = [replace(first, answers=True)]
    for each in others:
        same_article = hits[each.place].article.id == hits[first.place].article.id
        evidence = confidence_alone(readings[each.place], calibration) if same_article else 0.0
        if evidence >= max(LIKELY_ALONE, ALONE_SHARE * alone):
            likely = max(each.confidence, first.confidence * evidence)
            judged.append(replace(each, confidence=likely, answers=True))
        else:
            nearly = each.confidence >= max(threshold, COMPANION_SHARE * first.confidence)
            judged.append(replace(each, answers=nearly))
    return sorted(judged, key=lambda each: _by_confidence(each, hits))


def _by_confidence(judged: Judged, hits: Sequence[Hit]) -> tuple[float, float, str]:
    hit = hits[judged.place]
    return -judged.confidence, -hit.score, hit.passage.id


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
