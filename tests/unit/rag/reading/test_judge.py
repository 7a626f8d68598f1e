from __future__ import annotations

import pytest

from onrecord.rag.reading.judge import confidence, confidence_alone, judge
from onrecord.rag.reading.reader import Calibration, Reading
from tests.unit.rag.articles import PARAGRAPHS, article, hits, reading

CALIBRATION = Calibration(
    relevance=0.0, span=1.0, retrieval=8.0, dense=0.0, bias=-8.0, span_alone=1.0, bias_alone=0.0, threshold=0.5
)


def test_confidence_is_the_logistic_of_the_weighted_evidence() -> None:
    hit = hits(article(*PARAGRAPHS), scores=(0.5, 0.5, 0.5))[0]
    calibration = Calibration(
        relevance=0.5, span=0.25, retrieval=2.0, dense=0.0, bias=-1.0, span_alone=0.5, bias_alone=1.0, threshold=0.5
    )
    assert confidence(hit, reading(hit, "Monday", relevance=2.0, score=-4.0), calibration) == pytest.approx(0.5)
    sure = reading(hit, "Monday", relevance=4.0, score=-4.0)
    assert confidence(hit, sure, calibration) == pytest.approx(0.731, abs=1e-3)
    assert confidence_alone(reading(hit, "Monday", relevance=4.0, score=-2.0), calibration) == pytest.approx(0.5)


def test_evidence_beyond_what_a_float_can_exponentiate_is_certain() -> None:
    hit = hits(article(*PARAGRAPHS))[0]
    assert confidence(hit, reading(hit, "Monday", score=1e6), CALIBRATION) == 1.0
    assert confidence(hit, reading(hit, "Monday", score=-1e6), CALIBRATION) == 0.0


def test_a_passage_without_a_span_has_no_confidence() -> None:
    hit, nothing = hits(article(*PARAGRAPHS))[0], Reading(9.0, None)
    assert confidence(hit, nothing, CALIBRATION) == confidence_alone(nothing, CALIBRATION) == 0.0


def test_a_passage_that_the_reader_finds_irrelevant_has_no_confidence_alone() -> None:
    hit = hits(article(*PARAGRAPHS))[0]
    assert confidence_alone(reading(hit, "Monday", relevance=-0.1, score=9.0), CALIBRATION) == 0.0
    assert confidence_alone(reading(hit, "Monday", relevance=0.0, score=9.0), CALIBRATION) > 0.99


def test_a_passage_found_far_behind_answers_by_the_reader_alone_where_its_article_answers() -> None:
    first, second, third = hits(article(*PARAGRAPHS), scores=(1.0, 0.3, 0.2))
    found = [third, second, first]
    readings = [
        reading(third, "May", score=0.2),
        reading(second, "Ada Moss", score=2.5),
        reading(first, "Monday", score=3.0),
    ]
    best, further, weak = judge(found, readings, CALIBRATION, threshold=0.5)
    assert [found[each.place] for each in (best, further, weak)] == [first, second, third]
    assert [each.span for each in (best, further, weak)] == [each.span for each in reversed(readings)]
    assert [each.answers for each in (best, further, weak)] == [True, True, False]
    assert further.confidence == pytest.approx(best.confidence * 0.924, abs=1e-3)
    assert confidence(second, readings[1], CALIBRATION) < 0.05


def test_a_passage_of_another_article_found_far_behind_does_not() -> None:
    (first, *_), (other, *_) = (
        hits(article(*PARAGRAPHS), scores=(1.0, 0.3, 0.3)),
        hits(article(*PARAGRAPHS, title="Another"), scores=(0.3, 0.3, 0.3)),
    )
    readings = [reading(first, "Monday", score=3.0), reading(other, "Monday", score=2.5)]
    judged = judge([first, other], readings, CALIBRATION, threshold=0.5)
    assert [each.answers for each in judged] == [True, False]


def test_a_passage_of_another_article_answers_where_it_is_nearly_as_likely() -> None:
    (first, *_), (other, *_) = hits(article(*PARAGRAPHS)), hits(article(*PARAGRAPHS, title="Another"))
    sure = Calibration(relevance=0, span=1, retrieval=0, dense=0.0, bias=0, span_alone=1, bias_alone=0, threshold=0.5)
    readings = [reading(first, "Monday", score=3.0), reading(other, "Monday", score=0.5)]
    judged = judge([first, other], readings, sure, threshold=0.5)
    assert [each.answers for each in judged] == [True, True]


def test_where_the_likeliest_does_not_pass_the_threshold_nothing_answers() -> None:
    found = hits(article(*PARAGRAPHS), scores=(0.5, 0.5, 0.5))
    readings = [reading(hit, hit.passage.text, score=3.0) for hit in found]
    judged = judge(found, readings, CALIBRATION, threshold=0.9)
    assert [each.answers for each in judged] == [False] * 3
    assert judge([], [], CALIBRATION, threshold=0.0) == []
