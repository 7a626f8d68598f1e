from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.rag.evaluation.reliability import auroc, bins, calibration_error

CASES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.99, 1.0]), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


@given(CASES)
def test_auroc_is_how_often_a_positive_case_scores_above_a_negative_one(cases: list[tuple[float, bool, int]]) -> None:
    drawn = [(score, positive) for score, positive, times in cases for _ in range(times)]
    pairs = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, is_positive in drawn
        for other, is_too in drawn
        if is_positive and not is_too
    ]
    scores, positives, weights = (np.array(column, dtype=float) for column in zip(*cases, strict=True))
    found = auroc(scores, positives, weights[None, :])[0]
    assert found == pytest.approx(np.mean(pairs)) if pairs else np.isnan(found)


@given(CASES)
def test_weights_count_a_case_as_often_as_they_say(cases: list[tuple[float, bool, int]]) -> None:
    confidence, right, weights = (np.array(column, dtype=float) for column in zip(*cases, strict=True))
    repeated = np.repeat(np.arange(len(cases)), weights.astype(int))
    ones = np.ones((1, len(repeated)))
    weighted = calibration_error(confidence, right, weights[None, :])
    assert weighted == pytest.approx(calibration_error(confidence[repeated], right[repeated], ones), nan_ok=True)


def test_calibration_error_is_the_mean_distance_of_bins_from_honesty() -> None:
    confidence = np.array([0.05, 0.05, 0.95, 0.92, 1.0])
    right = np.array([0.0, 1.0, 1.0, 1.0, 0.0])
    expected = (2 * abs(0.05 - 0.5) + 3 * abs((0.95 + 0.92 + 1.0) / 3 - 2 / 3)) / 5
    assert calibration_error(confidence, right, np.ones((1, 5)))[0] == pytest.approx(expected)


def test_bins_hold_like_confidences_and_the_last_holds_certainty() -> None:
    made = bins(np.array([0.05, 0.95, 1.0]), np.array([0.0, 1.0, 0.0]))
    assert [(each.low, each.high, each.count, each.right) for each in made] == [(0.0, 0.1, 1, 0.0), (0.9, 1.0, 2, 0.5)]
    assert made[1].confidence == pytest.approx(0.975)


def test_what_no_case_tells_is_not_a_number() -> None:
    nothing = np.array([])
    assert np.isnan(auroc(nothing, nothing, np.ones((2, 0)))).all()
    assert np.isnan(calibration_error(nothing, nothing, np.ones((2, 0)))).all()
    assert bins(nothing, nothing) == []
