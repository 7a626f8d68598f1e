from __future__ import annotations

import pytest

from onrecord.rag.reading.judge import confidence, judge
from onrecord.rag.reading.reader import Calibration, Reading
from tests.unit.rag.articles import PARAGRAPHS, article, hits, reading

CALIBRATION = Calibration(relevance=0.0, span=1.0, bias=0.0, threshold=0.5)


def test_confidence_is_the_logistic_of_the_weighted_evidence() -> None:
    hit = hits(article(*PARAGRAPHS))[0]
    calibration = Calibration(relevance=0.5, span=0.25, bias=0.0, threshold=0.5)
    assert confidence(reading(hit, "Monday", relevance=2.0, score=-4.0), calibration) == pytest.approx(0.5)
    assert confidence(reading(hit, "Monday", relevance=4.0, score=-4.0), calibration) == pytest.approx(0.731, abs=1e-3)


def test_evidence_beyond_what_a_float_can_exponentiate_is_certain() -> None:
    hit = hits(article(*PARAGRAPHS))[0]
    assert confidence(reading(hit, "Monday", score=1e6), CALIBRATION) == 1.0
    assert confidence(reading(hit, "Monday", score=-1e6), CALIBRATION) == 0.0


def test_a_passage_without_a_span_has_no_confidence_and_does_not_answer() -> None:
    hit, nothing = hits(article(*PARAGRAPHS))[0], Reading(9.0, None)
    assert confidence(nothing, CALIBRATION) == 0.0
    assert not judge([hit], [nothing], CALIBRATION, threshold=0.0)[0].answers


def test_how_a_passage_was_found_does_not_change_how_likely_it_answers() -> None:
    near, far = (hits(article(*PARAGRAPHS), scores=(score,) * 3)[0] for score in (1.0, 0.01))
    found = [judge([hit], [reading(hit, "Monday", score=1.0)], CALIBRATION, threshold=0.5) for hit in (near, far)]
    assert found[0][0].confidence == found[1][0].confidence


def test_the_likeliest_comes_first_and_further_ones_answer_where_they_are_half_as_likely() -> None:
    first, second, third = hits(article(*PARAGRAPHS))
    found = [third, second, first]
    readings = [
        reading(third, "May", score=0.2),
        reading(second, "Ada Moss", score=-0.2),
        reading(first, "Monday", score=3.0),
    ]
    judged = judge(found, readings, CALIBRATION, threshold=0.4)
    assert [found[each.place] for each in judged] == [first, third, second]
    assert [each.answers for each in judged] == [True, True, False]


def test_a_further_passage_below_the_threshold_does_not_answer() -> None:
    first, second, _ = hits(article(*PARAGRAPHS))
    readings = [reading(first, "Monday", score=0.2), reading(second, "Ada Moss", score=-0.1)]
    judged = judge([first, second], readings, CALIBRATION, threshold=0.5)
    assert [each.answers for each in judged] == [True, False]


def test_a_passage_of_another_article_answers_where_it_is_nearly_as_likely() -> None:
    (first, *_), (other, *_) = hits(article(*PARAGRAPHS)), hits(article(*PARAGRAPHS, title="Another"))
    readings = [reading(first, "Monday", score=3.0), reading(other, "Monday", score=0.5)]
    judged = judge([first, other], readings, CALIBRATION, threshold=0.5)
    assert [each.answers for each in judged] == [True, True]


def test_where_the_likeliest_does_not_pass_the_threshold_nothing_answers() -> None:
    found = hits(article(*PARAGRAPHS))
    readings = [reading(hit, hit.passage.text, score=1.0) for hit in found]
    judged = judge(found, readings, CALIBRATION, threshold=0.9)
    assert [each.answers for each in judged] == [False] * 3
    assert judge([], [], CALIBRATION, threshold=0.0) == []
