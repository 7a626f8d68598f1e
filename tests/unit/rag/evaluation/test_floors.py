from __future__ import annotations

import pytest

from onrecord.rag.evaluation.figures import FIGURES, Columns
from onrecord.rag.evaluation.floors import crossed, raised
from tests.unit.rag.evaluation.scored import answered, refused

TEN = Columns.of([answered()] * 8 + [answered(rightly=False)] * 2)


def test_a_first_floor_leaves_room_for_two_cases() -> None:
    assert raised({}, TEN)["answers.correctness"] == pytest.approx(0.6)


def test_a_first_ceiling_leaves_room_for_two_cases() -> None:
    assert raised({}, TEN)["calibration.ece"] == pytest.approx(0.1 + 0.2)


def test_every_figure_that_cases_tell_has_a_floor_and_keeps_it() -> None:
    columns = Columns.of([answered()] * 30 + [refused()] * 30 + [refused(rightly=False)] * 3)
    floors = raised({}, columns)
    assert floors.keys() == {figure.name for figure in FIGURES}
    assert crossed(floors, columns) == []
    assert all(0 <= floor <= 1 for floor in floors.values())


def test_a_figure_without_cases_has_no_floor() -> None:
    assert "abstention.recall" not in raised({}, TEN)


def test_a_floor_rises_with_its_figure_and_does_not_sink_within_its_room() -> None:
    assert raised({"answers.correctness": 0.5}, TEN)["answers.correctness"] == pytest.approx(0.6)
    assert raised({"answers.correctness": 0.75}, TEN)["answers.correctness"] == 0.75
    assert raised({"calibration.ece": 0.15}, TEN)["calibration.ece"] == 0.15


def test_a_floor_is_crossed_below_and_a_ceiling_above() -> None:
    found = crossed({"answers.correctness": 0.81, "calibration.ece": 0.05, "retrieval.hit_at_1": 1.0}, TEN)
    assert [each.figure.name for each in found] == ["answers.correctness", "calibration.ece"]
    assert raised({"answers.correctness": 0.81}, TEN)["answers.correctness"] == pytest.approx(0.6)


def test_a_figure_that_no_case_tells_any_more_crosses_its_floor() -> None:
    [found] = crossed({"abstention.precision": 0.5}, TEN)
    assert found.value is None


def test_a_figure_that_is_its_floor_but_for_rounding_keeps_it() -> None:
    thirds = Columns.of([answered(), answered(), answered(rightly=False)])
    assert crossed({"answers.correctness": 0.6667}, thirds) == []
