from __future__ import annotations

import pytest

from onrecord.rag.evaluation.squad import SpanPrediction, exact_match, normalize_answer, squad_scores, token_f1


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
