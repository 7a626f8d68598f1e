"""What was read and judged → quotes, or the decision that the articles do not answer. Pure.

Every passage that was read has one number: the calibrated probability that its best span answers. Passages are ranked
by it, those that answer are quoted, and without any the question is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.answer import Quote, RankedPassage, Reason, Span
from onrecord.rag.quoting.conflicts import in_order
from onrecord.rag.quoting.quotes import read_whole, surrounding_sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.judge import Judged
    from onrecord.rag.reading.spans import ScoredSpan

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


def decide(hits: Sequence[Hit], judged: Sequence[Judged], *, top_k: int) -> Decision:
    """Rank what was read, then quote or refuse.

    Args:
        hits: what was found, best first. Those that were read stand in front; the others follow them in their order.
        judged: what to make of each hit that was read, in the order in which to show it.
        top_k: how many passages to return.
    """
    quotes = _quotes(hits, judged)
    return Decision(
        quotes=quotes,
        passages=_ranked(hits, judged, quotes)[:top_k],
        confidence=max((each.confidence for each in judged), default=0.0),
        reason=None if quotes else _reason(hits[: len(judged)]),
    )


def _quotes(hits: Sequence[Hit], judged: Sequence[Judged]) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for each in judged:
        if each.answers and each.span is not None:
            quote = _quote(hits[each.place], each.span, each.confidence)
            if not any(_same(quote, other) for other in quotes):
                quotes.append(quote)
    return in_order(quotes[:MOST_QUOTES])


def _quote(hit: Hit, span: ScoredSpan, confidence: float) -> Quote:
    highlight = read_whole(hit.article, hit.passage, trimmed(hit.article, span.start, span.end))
    return Quote(
        span=surrounding_sentences(hit.article, hit.passage, highlight.start, highlight.end),
        highlight=highlight,
        confidence=confidence,
        passage=hit.passage,
        article=hit.article,
    )


def _same(quote: Quote, other: Quote) -> bool:
    return " ".join(quote.span.exact.casefold().split()) == " ".join(other.span.exact.casefold().split())


def _ranked(hits: Sequence[Hit], judged: Sequence[Judged], quotes: Sequence[Quote]) -> tuple[RankedPassage, ...]:
    highlights = {quote.passage.id: (quote.highlight,) for quote in quotes}
    nothing: tuple[Span, ...] = ()
    scored = [(hits[each.place], each.confidence) for each in judged]
    lowest = scored[-1][1] if scored else 1.0
    scored += [(hit, lowest * hit.score) for hit in hits[len(judged) :]]
    return tuple(
        RankedPassage(rank, hit, score, highlights.get(hit.passage.id, nothing))
        for rank, (hit, score) in enumerate(scored, start=1)
    )


def _reason(read: Sequence[Hit]) -> Reason:
    about = any(hit.dense >= RELEVANT_COSINE or hit.lexical > 0 for hit in read)
    return Reason.NO_ANSWER_IN_PASSAGES if about else Reason.NO_RELEVANT_PASSAGE
