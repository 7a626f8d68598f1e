from __future__ import annotations

import dataclasses
import json

import pytest

from index.records import Article, Hit, Passage, PassageKind
from rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings
from rag.cases import Case, CaseReport, check
from rag.evaluate import SpanPrediction, evaluate, exact_match, normalize_answer, squad_scores, token_f1

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


def report(case: Case, quoted: int | None = None, milliseconds: float = 1.0) -> CaseReport:
    """Twelve passages, the n-th holding the n-th word; the quote is one of the words, or the question is refused."""
    timings = Timings(0.0, 0.0, milliseconds)
    if quoted is None:
        return check(case, NotFound("?", Reason.NO_ANSWER_IN_PASSAGES, PASSAGES, 0.1, 1, timings))
    quote = Quote(word(quoted), word(quoted), 0.9, PASSAGES[quoted - 1].hit.passage, ARTICLE)
    return check(case, Answer("?", (quote,), PASSAGES, 0.9, 1, timings))


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
            report(expecting(1), quoted=1),
            report(expecting(2, 4), quoted=1),
            report(expecting(5, top_k=5), quoted=1),
            report(expecting(11), quoted=1),
            report(UNANSWERABLE),
        ]
    ).retrieval
    assert metrics.cases == 4
    assert metrics.hit_at_1 == pytest.approx(1 / 4)
    assert metrics.hit_at_k == pytest.approx(3 / 4)
    assert metrics.recall_at_k == pytest.approx(3 / 5)
    assert metrics.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 5 + 0) / 4)


def test_answers_are_correct_when_quoted_and_precision_looks_only_at_what_was_answered() -> None:
    metrics = evaluate(
        [
            report(expecting(answer=1), quoted=1),
            report(expecting(answer=1), quoted=2),
            report(expecting(answer=1)),
            report(expecting(1), quoted=1),
            report(UNANSWERABLE, quoted=1),
            report(UNANSWERABLE),
        ]
    ).answers
    assert metrics.cases == 3
    assert metrics.correctness == pytest.approx(1 / 3)
    assert metrics.precision == pytest.approx(1 / 3)


def test_abstention_takes_the_unanswerable_cases_as_those_to_refuse() -> None:
    metrics = evaluate(
        [
            *[report(UNANSWERABLE)] * 3,
            report(UNANSWERABLE, quoted=1),
            report(expecting(answer=1)),
            report(expecting(answer=1), quoted=1),
        ]
    ).abstention
    assert (metrics.cases, metrics.refused) == (4, 4)
    assert metrics.precision == pytest.approx(3 / 4)
    assert metrics.recall == pytest.approx(3 / 4)
    assert metrics.f1 == pytest.approx(3 / 4)


def test_outcomes_are_counted() -> None:
    metrics = evaluate(
        [
            report(UNANSWERABLE),
            report(UNANSWERABLE, quoted=1),
            report(UNANSWERABLE, quoted=1),
            report(expecting(answer=1, xfail="known")),
        ]
    )
    assert (metrics.passed, metrics.failed, metrics.xfailed) == (1, 2, 1)


def test_spans_compare_the_first_highlight_with_the_answers() -> None:
    spans = evaluate(
        [report(expecting(answer=1), quoted=1), report(expecting(answer=1), quoted=2), report(UNANSWERABLE)]
    ).spans
    assert spans.overall.exact == pytest.approx(2 / 3)
    assert (spans.has_answer.total, spans.has_answer.f1) == (2, 0.5)
    assert (spans.no_answer.total, spans.no_answer.f1) == (1, 1.0)


def test_latency_is_by_nearest_rank() -> None:
    latency = evaluate([report(UNANSWERABLE, milliseconds=float(ms)) for ms in range(20, 0, -1)]).latency_ms
    assert (latency.p50, latency.p95) == (10.0, 19.0)


def test_figures_that_no_case_tells_are_none_and_all_of_it_is_json() -> None:
    metrics = json.loads(json.dumps(dataclasses.asdict(evaluate([]))))
    assert metrics["retrieval"] == {
        "cases": 0,
        "hit_at_1": None,
        "hit_at_k": None,
        "recall_at_k": None,
        "mrr_at_10": None,
    }
    assert metrics["abstention"]["f1"] is None
    assert metrics["latency_ms"] == {"p50": None, "p95": None}


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("The Cat's  hat!", "cats hat"),
        ("An apple a day", "apple day"),
        ("U.S. (2013)", "us 2013"),
        ("theatre", "theatre"),
        ("the", ""),
        ("a-the-b", "atheb"),
    ],
)
def test_answers_are_normalized_as_squad_does(text: str, normalized: str) -> None:
    assert normalize_answer(text) == normalized


def test_exact_match_and_f1_compare_normalized_texts() -> None:
    assert exact_match("the Golan Heights.", "Golan heights")
    assert not exact_match("Golan", "Golan Heights")
    assert token_f1("Golan", "the Golan Heights") == pytest.approx(2 / 3)
    assert token_f1("a b b", "b b c c") == pytest.approx(2 * 2 / 6)
    assert token_f1("Gaza", "Golan") == 0.0
    assert token_f1("", "") == 1.0
    assert token_f1("", "Golan") == 0.0


def test_squad_scores_take_the_best_gold_and_split_by_answerability() -> None:
    scores = squad_scores(
        [
            SpanPrediction("in 2013", gold=("2012", "2013")),
            SpanPrediction("", gold=("2013",)),
            SpanPrediction("", gold=()),
            SpanPrediction("2013", gold=()),
        ]
    )
    assert (scores.overall.total, scores.has_answer.total, scores.no_answer.total) == (4, 2, 2)
    assert scores.has_answer.exact == 0.0
    assert scores.has_answer.f1 == pytest.approx((2 / 3 + 0) / 2)
    assert scores.no_answer.exact == scores.no_answer.f1 == 0.5
    assert scores.overall.f1 == pytest.approx((2 / 3 + 1) / 4)
