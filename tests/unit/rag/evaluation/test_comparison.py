from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onrecord.rag.cases.case import Outcome
from onrecord.rag.evaluation.bootstrap import intervals
from onrecord.rag.evaluation.comparison import Comparison, compare
from onrecord.rag.evaluation.figures import FIGURES
from tests.unit.rag.evaluation.scored import answered, keyed, refused


def change(comparison: Comparison, name: str) -> tuple[float | None, float, float]:
    found = next(each for each in comparison.changes if each.figure.name == name)
    assert found.interval is not None
    return found.difference, found.interval.low, found.interval.high


def test_a_run_compared_with_itself_has_moved_nowhere() -> None:
    scores = keyed(answered(), answered(rightly=False), refused(), refused(rightly=False))
    comparison = compare(scores, scores)
    assert comparison.broke == comparison.fixed == comparison.known == ()
    for each in comparison.changes:
        assert each.difference == 0.0, each.figure.name
        assert each.improved is None


def test_cases_break_and_are_fixed_by_what_they_expect() -> None:
    before = keyed(answered(), answered(rightly=False), refused(), answered())
    after = keyed(answered(rightly=False), answered(), refused(), answered())
    comparison = compare(before, after)
    assert [key.question for key in comparison.broke] == ["1"]
    assert [key.question for key in comparison.fixed] == ["2"]


def test_a_case_that_broke_and_is_marked_is_known() -> None:
    marked = replace(answered(rightly=False), outcome=Outcome.XFAILED)
    comparison = compare(keyed(answered(), answered()), keyed(marked, answered(rightly=False)))
    assert [key.question for key in comparison.broke] == ["1", "2"]
    assert [key.question for key in comparison.known] == ["1"]


def test_a_change_of_many_cases_is_sure_and_one_of_few_is_not() -> None:
    before = keyed(*[answered()] * 40)
    few = compare(before, keyed(*[answered()] * 39, answered(rightly=False)))
    many = compare(before, keyed(*[answered()] * 20, *[answered(rightly=False)] * 20))
    difference, low, high = change(few, "answers.correctness")
    assert difference == pytest.approx(-1 / 40)
    assert low < 0 == high
    difference, low, high = change(many, "answers.correctness")
    assert difference == pytest.approx(-1 / 2)
    assert -0.7 < low < -0.5 < high < -0.3
    assert next(each for each in many.changes if each.figure.name == "answers.correctness").improved is False


def test_less_calibration_error_is_an_improvement() -> None:
    before, after = keyed(*[answered(confidence=0.3)] * 30), keyed(*[answered(confidence=0.9)] * 30)
    moved = {each.figure.name: each for each in compare(before, after).changes}
    assert moved["calibration.ece"].difference == pytest.approx(-0.6)
    assert moved["calibration.ece"].improved is True


def test_the_interval_pairs_cases_so_what_both_runs_share_does_not_widen_it() -> None:
    half = [answered()] * 50 + [answered(rightly=False)] * 50
    better = [answered()] * 55 + [answered(rightly=False)] * 45
    _, low, high = change(compare(keyed(*half), keyed(*better)), "pass_rate")
    assert 0 < low < 0.05 < high < 0.11  # unpaired it would reach from about -0.09 to 0.19


def test_the_same_runs_always_give_the_same_intervals() -> None:
    before, after = keyed(answered(), answered(), refused()), keyed(answered(), refused(rightly=False), refused())
    assert compare(before, after) == compare(before, after)


def test_a_figure_that_no_case_tells_has_no_interval() -> None:
    only_refused = keyed(refused(), refused())
    moved = {each.figure.name: each for each in compare(only_refused, only_refused).changes}
    assert moved["retrieval.hit_at_1"].interval is None
    assert moved["retrieval.hit_at_1"].difference is None
    assert moved["abstention.recall"].interval is not None


def test_runs_over_other_cases_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not over the same cases"):
        compare(keyed(answered()), keyed(answered(), answered()))


def test_resamples_are_drawn_in_pieces_that_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.arange(10.0)
    sizes = []

    def mean(weights: np.ndarray) -> np.ndarray:
        sizes.append(len(weights))
        means: np.ndarray = weights @ values / 10
        return means

    monkeypatch.setattr("onrecord.rag.evaluation.bootstrap._NUMBERS_AT_ONCE", 3_000)
    [bounds] = intervals([mean], 10)
    assert sizes == [300] * 6 + [200]
    assert bounds is not None
    standard_error = values.std() / 10**0.5
    assert bounds.low == pytest.approx(4.5 - 1.96 * standard_error, abs=0.25)
    assert bounds.high == pytest.approx(4.5 + 1.96 * standard_error, abs=0.25)


def test_without_cases_there_are_no_intervals() -> None:
    assert compare({}, {}).changes[0].interval is None
    assert len(compare({}, {}).changes) == len(FIGURES)
