"""Evidence → quotes, or the decision that the articles do not answer. Pure.

Every passage that was read gets one number: the calibrated probability that its best span answers. Passages are ranked
by it, the best ones are quoted where it passes the threshold, and otherwise the question is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.answer import Quote, RankedPassage, Reason, Span
from onrecord.rag.quoting.quotes import surrounding_sentences, trimmed
from onrecord.rag.reading.judge import Judged, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.reader import Calibration, Reading

MOST_QUOTES = 5

RELEVANT_COSINE = 0.25
"""Below this, with no word in common either, nothing that was found is about the question at all."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Quotes, best first, or none with the reason; passages in their final order; the best candidate's confidence."""

    quotes: tuple[Quote, ...]
    passages: tuple[RankedPassage, ...]
    confidence: float
    reason: Reason | None


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
    judged = judge(readings, calibration, threshold=threshold)
    quotes = _quotes(judged)
    return Decision(
        quotes=quotes,
        passages=_ranked(judged, unread, quotes)[:top_k],
        confidence=judged[0].confidence if judged else 0.0,
        reason=None if quotes else _reason(judged),
    )


def _quotes(judged: Sequence[Judged]) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for quote in (_quote(each) for each in judged if each.answers):
        if quote is not None and not any(_same(quote, other) for other in quotes):
            quotes.append(quote)
    return tuple(quotes[:MOST_QUOTES])


def _quote(judged: Judged) -> Quote | None:
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


def _ranked(judged: Sequence[Judged], unread: Sequence[Hit], quotes: Sequence[Quote]) -> tuple[RankedPassage, ...]:
    highlights = {quote.passage.id: (quote.highlight,) for quote in quotes}
    nothing: tuple[Span, ...] = ()
    scored = [(each.reading.hit, each.confidence) for each in judged]
    lowest = scored[-1][1] if scored else 1.0
    scored += [(hit, lowest * hit.score) for hit in unread]
    return tuple(
        RankedPassage(rank, hit, score, highlights.get(hit.passage.id, nothing))
        for rank, (hit, score) in enumerate(scored, start=1)
    )


def _reason(judged: Sequence[Judged]) -> Reason:
    about = any(each.reading.hit.dense >= RELEVANT_COSINE or each.reading.hit.lexical > 0 for each in judged)
    return Reason.NO_ANSWER_IN_PASSAGES if about else Reason.NO_RELEVANT_PASSAGE
