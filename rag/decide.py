"""Evidence → quotes, or the decision that the articles do not answer. Pure.

Every passage that was read gets one number: the calibrated probability that its best span answers. Passages are ranked
by it, the best ones are quoted where it passes the threshold, and otherwise the question is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer import Quote, RankedPassage, Reason, Span
from rag.spans import surrounding_sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Hit
    from rag.reader import Calibration, Reading

MOST_QUOTES = 3

COMPANION_SHARE = 0.5
"""A further quote must be at least this likely, as a share of the first one's confidence."""

RELEVANT_COSINE = 0.25
"""Below this, with no word in common either, nothing that was found is about the question at all."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Quotes, best first, or none with the reason; passages in their final order; the best candidate's confidence."""

    quotes: tuple[Quote, ...]
    passages: tuple[RankedPassage, ...]
    confidence: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class _Judged:
    reading: Reading
    confidence: float


def confidence(reading: Reading, calibration: Calibration) -> float:
    """The probability in [0, 1] that the reading's best span answers; 0 where it has none."""
    if reading.span is None:
        return 0.0
    logit = (
        calibration.relevance * reading.relevance
        + calibration.span * reading.span.score
        + calibration.retrieval * reading.hit.score
        + calibration.bias
    )
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def decide(
    readings: Sequence[Reading],
    unread: Sequence[Hit],
    calibration: Calibration,
    *,
    top_k: int,
    min_confidence: float | None = None,
) -> Decision:
    """Rank what was read, then quote or refuse.

    Args:
        readings: what the reader found, one for each passage it read.
        unread: further hits, which follow those that were read in the order in which they were found.
        calibration: the reader's.
        top_k: how many passages to return.
        min_confidence: replaces the calibration's threshold.
    """
    threshold = calibration.threshold if min_confidence is None else min_confidence
    judged = sorted(
        (_Judged(reading, confidence(reading, calibration)) for reading in readings),
        key=lambda each: (-each.confidence, -each.reading.hit.score, each.reading.hit.passage.id),
    )
    best = judged[0].confidence if judged else 0.0
    quotes = _quotes(judged, threshold) if judged and best >= threshold else ()
    return Decision(
        quotes=quotes,
        passages=_ranked(judged, unread, quotes)[:top_k],
        confidence=best,
        reason=None if quotes else _reason(judged),
    )


def _quotes(judged: Sequence[_Judged], threshold: float) -> tuple[Quote, ...]:
    floor = max(threshold, COMPANION_SHARE * judged[0].confidence)
    quotes: list[Quote] = []
    for each in judged:
        if len(quotes) == MOST_QUOTES or each.confidence < floor:
            break
        quote = _quote(each)
        if quote is not None and not any(_same(quote, other) for other in quotes):
            quotes.append(quote)
    return tuple(quotes)


def _quote(judged: _Judged) -> Quote | None:
    span, hit = judged.reading.span, judged.reading.hit
    if span is None:
        return None
    highlight = trimmed(hit.article, span.start, span.end)
    return Quote(
        span=surrounding_sentences(hit.article, hit.passage, highlight.start, highlight.end),
        highlight=highlight,
        confidence=judged.confidence,
        passage=hit.passage,
        article=hit.article,
    )


def _same(quote: Quote, other: Quote) -> bool:
    return " ".join(quote.span.exact.casefold().split()) == " ".join(other.span.exact.casefold().split())


def _ranked(judged: Sequence[_Judged], unread: Sequence[Hit], quotes: Sequence[Quote]) -> tuple[RankedPassage, ...]:
    highlights = {quote.passage.id: (quote.highlight,) for quote in quotes}
    nothing: tuple[Span, ...] = ()
    scored = [(each.reading.hit, each.confidence) for each in judged]
    lowest = scored[-1][1] if scored else 1.0
    scored += [(hit, lowest * hit.score) for hit in unread]
    return tuple(
        RankedPassage(rank, hit, score, highlights.get(hit.passage.id, nothing))
        for rank, (hit, score) in enumerate(scored, start=1)
    )


def _reason(judged: Sequence[_Judged]) -> Reason:
    about = any(each.reading.hit.dense >= RELEVANT_COSINE or each.reading.hit.lexical > 0 for each in judged)
    return Reason.NO_ANSWER_IN_PASSAGES if about else Reason.NO_RELEVANT_PASSAGE
