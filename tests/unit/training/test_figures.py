import hashlib
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from onrecord.rag.reading.judge import confidence
from onrecord.rag.reading.reader import Reading
from onrecord.rag.reading.spans import ScoredSpan
from training.data.splits import Row, Span, Split, spans_split, squad2_split
from training.measure.asking import Asked, Read
from training.measure.calibrate import LOST, fit, logistic
from training.measure.evaluate import answer_scores, best_threshold, open_figures, refusal_figures
from training.measure.reliability import diagram, single_calibration_error
from training.run.monitor import auroc
from training.run.train import rate


def read(relevance: float, *, f1: float, retrieval: float = 0.5) -> Read:
    reading = Reading(relevance, ScoredSpan(0, 1, relevance))
    return Read(reading, retrieval, retrieval, retrieval, "x", holds=f1 > 0, f1=f1)


def asked(*reads: Read, answerable: bool = True) -> Asked:
    first = tuple(each.holds for each in reads[:3])
    return Asked("who?", ("x",) if answerable else (), reads, first, first)


def test_auroc_counts_pairs_in_order_and_ties_as_half() -> None:
    assert auroc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == pytest.approx(0.75)
    assert auroc(np.array([1.0, 1.0]), np.array([True, False])) == pytest.approx(0.5)
    assert np.isnan(auroc(np.array([1.0]), np.array([True])))


def test_logistic_regression_finds_the_weights_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(3, 2, size=(20000, 2))
    chance = 1 / (1 + np.exp(-(features @ np.array([1.5, -0.5]) - 2)))
    weights = logistic(features, rng.random(len(features)) < chance)
    assert weights == pytest.approx([1.5, -0.5, -2], abs=0.1)


def test_calibration_puts_right_candidates_first_and_refuses_the_rest() -> None:
    rng = np.random.default_rng(0)
    questions = []
    for number in range(200):
        answerable = number % 2 == 0
        noise = rng.normal(size=4)
        reads = [read(2 + noise[0], f1=1.0)] if answerable else []
        reads += [read(-2 + each, f1=0.0) for each in noise[1:]]
        questions.append(asked(*reads, answerable=answerable))
    fitted = fit(questions)
    assert fitted.relevance + fitted.span > 0
    assert open_figures(questions, fitted)["reader"]["hit_at_1"] > 95
    assert refusal_figures(questions, fitted)["refusal_precision"] > 90
    assert refusal_figures(questions, fitted)["calibration_error"] < 0.1


def test_the_threshold_is_raised_as_long_as_no_right_answer_is_lost_by_it() -> None:
    right = [asked(read(each, f1=1.0)) for each in np.linspace(4, 5, 100)]
    wrong = [asked(read(each, f1=0.0), answerable=False) for each in np.linspace(-5, 1, 100)]
    fitted = fit(right + wrong)
    assert all(confidence(each.reads[0].reading, fitted) < fitted.threshold for each in wrong)
    assert all(confidence(each.reads[0].reading, fitted) >= fitted.threshold for each in right)


def test_the_threshold_refuses_nine_in_ten_of_what_has_no_answer_and_no_more_than_it_must() -> None:
    right = [asked(read(each, f1=1.0)) for each in np.linspace(0, 6, 300)]
    wrong = [asked(read(each, f1=0.0), answerable=False) for each in np.linspace(-6, 1, 100)]
    fitted = fit(right + wrong)
    confidences = np.array([confidence(each.reads[0].reading, fitted) for each in wrong])
    assert (confidences < fitted.threshold).mean() >= 0.9
    lowest = next(step for step in np.round(np.arange(0.05, 1, 0.05), 2) if (confidences < step).mean() >= 0.9)
    told = np.array([confidence(each.reads[0].reading, fitted) for each in right])
    assert (told >= lowest).mean() - (told >= fitted.threshold).mean() <= LOST + 1e-9


def test_given_passages_are_scored_at_a_threshold() -> None:
    right = Row("squad2", "", "a b", "who?", (Span(0, 1),))
    nothing = Row("squad2", "", "a b", "who?", ())
    results = [(right, "a", 2.0), (nothing, "b", -2.0)]
    assert answer_scores(results, 0.0).overall.f1 == 1.0
    assert answer_scores(results, -9.0).overall.f1 == 0.5
    assert -2.0 < best_threshold(results) <= 2.0


def test_honest_confidence_has_no_calibration_error() -> None:
    confidence = np.repeat([0.25, 0.75], 100)
    right = np.concatenate([np.arange(100) < 25, np.arange(100) < 75])
    assert single_calibration_error(confidence, right) == pytest.approx(0)
    assert single_calibration_error(np.ones(4), np.zeros(4, dtype=bool)) == pytest.approx(1)


def test_the_diagram_has_a_dot_for_each_bin_of_each_reader() -> None:
    made = diagram({"small": [(1, 0.1, 0.0), (2, 0.9, 1.0)], "large": [(3, 0.5, 0.5)]})
    dots = ET.fromstring(made).findall("{http://www.w3.org/2000/svg}circle")  # noqa: S314 - our own text
    assert len(dots) == 3
    assert len({dot.get("fill") for dot in dots}) == 2


def test_whole_articles_are_split_four_two_and_the_rest() -> None:
    titles = [f"article {number}" for number in range(16)]
    found = [squad2_split(title, titles) for title in titles]
    assert [found.count(split) for split in (Split.VALIDATION, Split.CALIBRATION, Split.TRAIN)] == [4, 2, 10]
    first = min(titles, key=lambda title: hashlib.sha256(title.encode()).hexdigest())
    assert squad2_split(first, titles) is Split.VALIDATION


def test_three_per_cent_of_passages_are_held_out() -> None:
    found = [spans_split(str(number)) for number in range(4000)]
    assert 0.01 < found.count(Split.DEV) / 4000 < 0.02
    assert 0.01 < found.count(Split.CALIBRATION) / 4000 < 0.02


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    assert rate(0.0, 0.03) == 0
    assert rate(0.03, 0.03) == pytest.approx(1)
    assert rate(1.0, 0.03) == 0
