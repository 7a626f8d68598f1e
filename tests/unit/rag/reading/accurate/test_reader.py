from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.accurate.reader import FURTHER, CascadeReader, accurate_reader, promising
from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, MODEL, CrossEncoderReader
from onrecord.rag.reading.judge import judge
from onrecord.rag.reading.reader import Calibration, Reading
from onrecord.rag.reading.spans import ScoredSpan
from tests.unit.rag.articles import PARAGRAPHS, article, hits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.index.records import Hit

CALIBRATION = Calibration(relevance=0.0, span=1.0, bias=0.0, threshold=0.5)


class Scripted:
    """Gives each passage, by its ordinal, the relevance and the span's score that it was told."""

    def __init__(self, scores: Sequence[tuple[float, float]]) -> None:
        self._scores = scores
        self.calibration = CALIBRATION
        self.asked: list[list[int]] = []
        self.warm = False

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:  # noqa: ARG002 - the protocol's
        self.asked.append([hit.passage.ordinal for hit in hits])
        return [Reading(relevance, ScoredSpan(hit.passage.start, hit.passage.end, score))
                for hit in hits for relevance, score in [self._scores[hit.passage.ordinal]]]  # fmt: skip

    def warm_up(self) -> None:
        self.warm = True


def found(count: int) -> list[Hit]:
    return hits(article(*(f"Paragraph {number}." for number in range(count))))


def test_only_the_promising_are_read_again_and_all_come_back_in_order() -> None:
    fast = Scripted([(0, -9), (0, -9), (0, -9), (5, 1), (0, 9), (0, -3)])
    accurate = Scripted([(-2, -3)] * 6)
    readings = CascadeReader(fast, accurate, most=3).read("Who?", found(6))
    assert fast.asked == [[0, 1, 2, 3, 4, 5]]
    assert accurate.asked == [[3, 4], [0]]  # likeliest and most relevant, then first found
    assert [reading.span is not None for reading in readings] == [True, False, False, True, True, False]


def test_what_only_the_fast_reader_read_never_stands_before_what_was_read_again() -> None:
    fast = Scripted([(9, -9)] * 6)
    accurate = Scripted([(-5, -5)] * 6)
    cascade = CascadeReader(fast, accurate, most=2)
    readings = cascade.read("Who?", found(6))
    judged = judge(found(6), readings, cascade.calibration, threshold=0.5)
    assert [each.span is not None for each in judged] == [True, True, False, False, False, False]
    assert not any(each.answers for each in judged)
    assert max(reading.relevance for reading in readings if reading.span is None) <= -5


def test_few_hits_are_read_by_the_accurate_reader_alone() -> None:
    fast, accurate = Scripted([(0, 0)] * 4), Scripted([(0, 0)] * 4)
    CascadeReader(fast, accurate, most=4).read("Who?", found(4))
    assert (fast.asked, accurate.asked) == ([], [[0, 1, 2, 3]])


def test_reading_nothing_finds_nothing() -> None:
    assert CascadeReader(Scripted([]), Scripted([])).read("Who?", []) == []


def test_the_calibration_is_the_accurate_readers() -> None:
    accurate = Scripted([])
    accurate.calibration = Calibration(1, 2, 3, 0.9)
    assert CascadeReader(Scripted([]), accurate).calibration is accurate.calibration


def test_warming_up_warms_both() -> None:
    fast, accurate = Scripted([]), Scripted([])
    CascadeReader(fast, accurate).warm_up()
    assert fast.warm
    assert accurate.warm


def test_a_hit_that_leads_in_several_orders_takes_one_place() -> None:
    readings = Scripted([(9, 9), (1, 2), (2, 1), (0, -3)]).read("Who?", found(4))
    assert promising(readings, CALIBRATION, most=3) == [0, 1, 2]
    assert promising(readings, CALIBRATION, most=9) == [0, 1, 2, 3]


def test_where_one_of_the_first_surely_answers_only_what_is_possible_is_read_too() -> None:
    fast = Scripted([(0, -9), (5, 9), (0, 8), (0, -9), (0, 7), (0, -9)])
    accurate = Scripted([(0, -9), (0, 9), (0, -9), (0, -9), (0, -9), (0, -9)])
    CascadeReader(fast, accurate, most=4).read("Who?", found(6))
    assert accurate.asked == [[0, 1], [2, 4]]


def test_what_the_fast_reader_finds_possible_is_read_again_too_up_to_a_limit() -> None:
    readings = Scripted([(0, -9), (0, 9), (0, 8), (0, 7), (0, 6), (0, 5)]).read("Who?", found(6))
    assert promising(readings, CALIBRATION, most=2) == [1, 0, 2, 3]
    assert len(promising(readings, CALIBRATION, most=2)) == 2 + FURTHER


def test_a_model_that_stands_elsewhere_is_loaded_from_there_when_it_is_first_needed(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((BUNDLED_FOLDER / name).read_bytes())
    asked: list[int] = []

    def model(longest: int) -> Path:
        asked.append(longest)
        return BUNDLED_FOLDER / MODEL

    reader = CrossEncoderReader(tmp_path, threads=1, model=model)
    assert reader.calibration == CrossEncoderReader(threads=1).calibration
    assert asked == []
    of = hits(article(*PARAGRAPHS))
    assert reader.read("Who leads the dockers?", of) == CrossEncoderReader(threads=1).read("Who leads the dockers?", of)
    assert asked == [384]


def test_an_accurate_reader_without_its_deltas_says_so(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((BUNDLED_FOLDER / name).read_bytes())
    reader = accurate_reader(tmp_path, threads=1, progress=lambda *_: None, cache=tmp_path / "cache")
    with pytest.raises(ModelUnavailable, match="cannot be prepared"):
        reader.warm_up()
