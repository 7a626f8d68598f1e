from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings
from onrecord.rag.cases.case import Case, check_case
from onrecord.rag.evaluation.figures import FIGURES
from onrecord.rag.evaluation.metrics import evaluate
from onrecord.rag.evaluation.scores import score

if TYPE_CHECKING:
    from onrecord.rag.evaluation.scores import CaseScore

WORDS = [f"word{number:02}" for number in range(1, 13)]
ARTICLE = Article.create(source="text:words", text=" ".join(WORDS), title="Words")


def word(rank: int) -> Span:
    start = ARTICLE.text.index(WORDS[rank - 1])
    return Span.of(ARTICLE, start, start + len(WORDS[rank - 1]))


def ranked(rank: int) -> RankedPassage:
    span = word(rank)
    passage = Passage.of(ARTICLE, ordinal=rank, paragraph=rank, start=span.start, end=span.end, kind=PassageKind.BODY)
    return RankedPassage(rank, Hit(passage, ARTICLE, "", 0.5, 0.5, 1.0), score=0.5, highlights=())


PASSAGES = tuple(ranked(rank) for rank in range(1, 13))


def scored(
    case: Case, quoted: int | None = None, milliseconds: float = 1.0, confidence: float | None = None
) -> CaseScore:
    """Twelve passages, the n-th holding the n-th word; the quote is one of the words, or the question is refused."""
    timings = Timings(0.0, 0.0, milliseconds)
    if quoted is None:
        sure = 0.1 if confidence is None else confidence
        return score(check_case(case, NotFound("?", Reason.NO_ANSWER_IN_PASSAGES, PASSAGES, sure, 1, timings)))
    sure = 0.9 if confidence is None else confidence
    quote = Quote(word(quoted), word(quoted), sure, PASSAGES[quoted - 1].hit.passage, ARTICLE)
    return score(check_case(case, Answer("?", (quote,), PASSAGES, sure, 1, timings)))


def expecting(*passages: int, answer: int | None = None, top_k: int = 3, xfail: str | None = None) -> Case:
    return Case(
        line=1,
        question="?",
        passages=tuple(WORDS[rank - 1] for rank in passages),
        top_k=top_k,
        answers=(WORDS[answer - 1],) if answer else (),
        xfail=xfail,
    )


UNANSWERABLE = Case(line=1, question="?", not_found=True)


def test_retrieval_counts_the_cases_that_expect_passages() -> None:
    metrics = evaluate(
        [
            scored(expecting(1), quoted=1),
            scored(expecting(2, 4), quoted=1),
            scored(expecting(5, top_k=5), quoted=1),
            scored(expecting(11), quoted=1),
            scored(UNANSWERABLE),
        ]
    ).retrieval
    assert metrics.cases == 4
    assert metrics.hit_at_1 == pytest.approx(1 / 4)
    assert metrics.hit_at_k == pytest.approx(3 / 4)
    assert metrics.recall_at_k == pytest.approx(3 / 5)
    assert metrics.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 5 + 0) / 4)
    both = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert metrics.ndcg_at_10 == pytest.approx((1 + both + 1 / math.log2(6) + 0) / 4)


def test_a_text_that_did_not_come_back_is_a_passage_the_ranking_lacks() -> None:
    missing = Case(line=1, question="?", passages=(WORDS[0], "word99"))
    metrics = evaluate([scored(missing, quoted=1)]).retrieval
    assert metrics.hit_at_1 == 1.0
    assert metrics.recall_at_k == 0.5
    assert metrics.ndcg_at_10 == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_two_texts_of_one_passage_are_one_passage_to_rank() -> None:
    assert (
        evaluate([scored(Case(line=1, question="?", passages=("word", "word01")), quoted=1)]).retrieval.ndcg_at_10 == 1
    )


def test_hit_at_k_looks_as_far_down_as_each_case_says() -> None:
    metrics = evaluate([scored(expecting(4, top_k=3)), scored(expecting(4, top_k=4)), scored(expecting(12, top_k=12))])
    assert metrics.retrieval.hit_at_k == pytest.approx(2 / 3)


def test_answers_are_correct_when_quoted_and_precision_looks_only_at_what_was_answered() -> None:
    metrics = evaluate(
        [
            scored(expecting(answer=1), quoted=1),
            scored(expecting(answer=1), quoted=2),
            scored(expecting(answer=1)),
            scored(expecting(1), quoted=1),
            scored(UNANSWERABLE, quoted=1),
            scored(UNANSWERABLE),
        ]
    ).answers
    assert metrics.cases == 3
    assert metrics.correctness == pytest.approx(1 / 3)
    assert metrics.precision == pytest.approx(1 / 3)


def test_abstention_takes_the_unanswerable_cases_as_those_to_refuse() -> None:
    metrics = evaluate(
        [
            *[scored(UNANSWERABLE)] * 3,
            scored(UNANSWERABLE, quoted=1),
            scored(expecting(answer=1)),
            scored(expecting(answer=1), quoted=1),
        ]
    ).abstention
    assert (metrics.cases, metrics.refused) == (4, 4)
    assert metrics.precision == pytest.approx(3 / 4)
    assert metrics.recall == pytest.approx(3 / 4)
    assert metrics.f1 == pytest.approx(3 / 4)


def test_outcomes_are_counted() -> None:
    metrics = evaluate(
        [
            scored(UNANSWERABLE),
            scored(UNANSWERABLE, quoted=1),
            scored(UNANSWERABLE, quoted=1),
            scored(expecting(answer=1, xfail="known")),
        ]
    )
    assert (metrics.passed, metrics.failed, metrics.xfailed) == (1, 2, 1)


def test_spans_compare_the_first_highlight_with_the_answers() -> None:
    spans = evaluate(
        [scored(expecting(answer=1), quoted=1), scored(expecting(answer=1), quoted=2), scored(UNANSWERABLE)]
    ).spans
    assert spans.overall.exact == pytest.approx(2 / 3)
    assert (spans.has_answer.total, spans.has_answer.f1) == (2, 0.5)
    assert (spans.no_answer.total, spans.no_answer.f1) == (1, 1.0)


def test_latency_is_by_nearest_rank() -> None:
    latency = evaluate([scored(UNANSWERABLE, milliseconds=float(ms)) for ms in range(20, 0, -1)]).latency_ms
    assert (latency.p50, latency.p95) == (10.0, 19.0)


def test_figures_that_no_case_tells_are_none_and_all_of_it_is_json() -> None:
    metrics = json.loads(json.dumps(dataclasses.asdict(evaluate([]))))
    assert metrics["retrieval"] == {
        "cases": 0,
        "hit_at_1": None,
        "hit_at_k": None,
        "recall_at_k": None,
        "mrr_at_10": None,
        "ndcg_at_10": None,
    }
    assert metrics["abstention"]["f1"] is None
    assert metrics["latency_ms"] == {"p50": None, "p95": None}


def test_auroc_compares_the_confidence_of_answerable_and_unanswerable_cases() -> None:
    metrics = evaluate(
        [
            scored(expecting(1), quoted=1, confidence=0.8),
            scored(expecting(1), confidence=0.2),
            scored(UNANSWERABLE, confidence=0.2),
            scored(UNANSWERABLE, confidence=0.1),
        ]
    )
    assert metrics.abstention.auroc == pytest.approx((2 + 1 / 2 + 1) / 4)


def test_calibration_holds_confidence_against_the_share_of_first_quotes_that_are_right() -> None:
    metrics = evaluate(
        [
            scored(expecting(answer=1), quoted=1, confidence=0.85),
            scored(expecting(answer=1), quoted=2, confidence=0.85),
            scored(UNANSWERABLE, quoted=1, confidence=0.35),
            scored(UNANSWERABLE, confidence=0.1),
            scored(expecting(1), quoted=1, confidence=0.99),
        ]
    ).calibration
    assert metrics.cases == 3
    assert metrics.ece == pytest.approx((2 * 0.35 + 0.35) / 3)


def test_the_pass_rate_counts_what_holds_whether_it_is_marked_or_not() -> None:
    marked = scored(expecting(answer=1, xfail="known"), quoted=1)
    assert evaluate([marked, scored(UNANSWERABLE, quoted=1)]).pass_rate == 0.5


def test_every_figure_stands_under_its_name_in_the_metrics() -> None:
    metrics = dataclasses.asdict(evaluate([scored(expecting(1, answer=1), quoted=1), scored(UNANSWERABLE)]))
    for figure in FIGURES:
        value: Any = metrics
        for step in figure.name.split("."):
            value = value[step]
        assert isinstance(value, float), figure.name


def test_passages_that_stand_for_each_other_count_as_one_at_the_best_of_their_ranks() -> None:
    either = (WORDS[4], WORDS[1])
    assert scored(Case(line=1, question="?", passages=(*either, "word99"), any_passages=either)).ranks == (None, 2)
    assert scored(Case(line=1, question="?", passages=("word98", "word99"), any_passages=("word98",))).ranks == (
        None,
        None,
    )


def test_answers_that_are_all_needed_are_right_only_together() -> None:
    both = ("word01", "word02")
    assert scored(Case(line=1, question="?", answers=both), quoted=1).quote == 1
    assert scored(Case(line=1, question="?", answers=both, all_answers=both), quoted=1).quote is None
