from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.rag.answer import Reason
from onrecord.rag.quoting.decide import MOST_QUOTES, Decision, decide
from onrecord.rag.reading.judge import judge
from onrecord.rag.reading.reader import Calibration, Reading
from tests.unit.rag.articles import PARAGRAPHS, article, hits, reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit

CALIBRATION = Calibration(relevance=1.0, span=1.0, bias=0.0, threshold=0.5)


def decided(
    read: Sequence[tuple[Hit, Reading]], unread: Sequence[Hit] = (), *, top_k: int, threshold: float = 0.5
) -> Decision:
    """What comes of hits that were read, with further ones behind them."""
    hits = [hit for hit, _ in read]
    judged = judge(hits, [reading for _, reading in read], CALIBRATION, threshold=threshold)
    return decide([*hits, *unread], judged, top_k=top_k)


def read(hit: Hit, exact: str, *, score: float) -> tuple[Hit, Reading]:
    return hit, reading(hit, exact, score=score)


def test_the_most_confident_passage_comes_first_and_is_quoted_with_its_highlight() -> None:
    first, second, third = hits(article(*PARAGRAPHS))
    readings = [
        read(first, "Monday", score=-3),
        read(second, "Ada Moss", score=3),
        read(third, "May", score=-5),
    ]
    decision = decided(readings, top_k=5)
    assert [passage.hit for passage in decision.passages] == [second, first, third]
    assert [passage.rank for passage in decision.passages] == [1, 2, 3]
    (quote,) = decision.quotes
    assert quote.span.exact == "“We will fight it,” said Ada Moss."
    assert quote.highlight.exact == "Ada Moss"
    assert decision.passages[0].highlights == (quote.highlight,)
    assert decision.confidence == quote.confidence
    assert decision.reason is None


def test_below_the_threshold_nothing_is_quoted_and_the_passages_still_come() -> None:
    first, second, _ = hits(article(*PARAGRAPHS))
    decision = decided([read(first, "Monday", score=-1), read(second, "Ada", score=-2)], top_k=1)
    assert decision.quotes == ()
    assert decision.reason is Reason.NO_ANSWER_IN_PASSAGES
    assert decision.confidence == pytest.approx(0.269, abs=1e-3)
    assert [passage.hit for passage in decision.passages] == [first]
    assert decision.passages[0].highlights == ()


def test_a_question_may_bring_its_own_threshold() -> None:
    first = hits(article(*PARAGRAPHS))[0]
    doubtful = [read(first, "Monday", score=-1)]
    assert decided(doubtful, top_k=1, threshold=0.2).quotes
    assert decided(doubtful, top_k=1, threshold=0.0).quotes
    sure = [read(first, "Monday", score=1)]
    assert not decided(sure, top_k=1, threshold=0.9).quotes


def test_where_nothing_found_is_about_the_question_the_reason_says_so() -> None:
    unrelated = hits(article(*PARAGRAPHS), dense=0.05, lexical=0.0)[0]
    decision = decided([read(unrelated, "Monday", score=-9)], top_k=1)
    assert decision.reason is Reason.NO_RELEVANT_PASSAGE
    assert decided([], top_k=1).reason is Reason.NO_RELEVANT_PASSAGE


def test_further_quotes_come_from_passages_that_are_nearly_as_sure() -> None:
    first, second, third = hits(article(*PARAGRAPHS))
    readings = [
        read(first, "Monday", score=3),
        read(second, "Ada Moss", score=2),
        read(third, "May", score=-0.5),
    ]
    assert [quote.highlight.exact for quote in decided(readings, top_k=3).quotes] == [
        "Monday",
        "Ada Moss",
    ]


def test_at_most_three_quotes_are_given() -> None:
    found = hits(article(*(f"Sentence number {i} stands here." for i in range(6))))
    decision = decided([read(hit, "number", score=5) for hit in found], top_k=6)
    assert len(decision.quotes) == MOST_QUOTES


def test_the_same_words_are_quoted_once() -> None:
    found = hits(article("The  harbour closes.", "the harbour closes."))
    decision = decided([read(hit, "harbour", score=5) for hit in found], top_k=6)
    assert len(decision.quotes) == 1


def test_passages_beyond_those_that_were_read_follow_them_in_the_order_they_were_found() -> None:
    first, second, third = hits(article(*PARAGRAPHS), scores=(0.9, 0.6, 0.3))
    decision = decided([read(first, "Monday", score=-2)], [second, third], top_k=3)
    assert [passage.hit for passage in decision.passages] == [first, second, third]
    scores = [passage.score for passage in decision.passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_equal_confidence_is_ordered_by_retrieval_then_by_id() -> None:
    first, second, third = hits(article(*PARAGRAPHS), scores=(0.2, 0.8, 0.8))
    readings = [(hit, Reading(0.0, None)) for hit in (third, second, first)]
    assert [p.hit for p in decided(readings, top_k=3).passages] == [second, third, first]
