"""What every Reader must do, by value: the reader that is shipped, any model of transformers, the fakes of tests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from onrecord.rag.reading.cross_encoder import CrossEncoderReader
from onrecord.rag.reading.judge import confidence
from onrecord.rag.reading.transformers_reader import TransformersReader
from tests.extractive_model import save_model
from tests.fakes import OverlapReader, ScriptedReader
from tests.unit.rag.articles import article, hits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.index.records import Article, Hit
    from onrecord.rag.reading.reader import Reader, Reading

QUESTION = "Who leads the dockers?"
SAID = "Ada Moss leads the dockers."
PARAGRAPHS = ("The council met on Monday. It closed the harbour.", SAID, "Ships may dock until May.")
FILLER = "The meeting went on about fees, ropes, lamps and paint for a while. "


@cache
def cross_encoder() -> CrossEncoderReader:
    return CrossEncoderReader(threads=2)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extractive")
    save_model(folder)
    return folder


@pytest.fixture(
    params=[
        "overlap",
        "scripted",
        pytest.param("cross-encoder", marks=pytest.mark.integration),
        pytest.param("transformers", marks=pytest.mark.integration),
    ]
)
def reader(request: pytest.FixtureRequest) -> Reader:
    match request.param:
        case "overlap":
            return OverlapReader()
        case "scripted":
            return ScriptedReader({QUESTION: "Ada Moss"})
        case "cross-encoder":
            return cross_encoder()
        case _:
            return TransformersReader(request.getfixturevalue("tiny_model"), threads=1)


def quoted(of: Article, reading: Reading) -> str:
    assert reading.span is not None
    return of.text[reading.span.start : reading.span.end]


def assert_same(ours: Sequence[Reading], theirs: Sequence[Reading]) -> None:
    """The same spans, with the same scores but for the last bits of a sum."""
    for our, their in zip(ours, theirs, strict=True):
        assert our.relevance == pytest.approx(their.relevance, abs=1e-4)
        assert our.span is not None
        assert their.span is not None
        assert (our.span.start, our.span.end) == (their.span.start, their.span.end)
        assert our.span.score == pytest.approx(their.span.score, abs=1e-4)


def test_there_is_one_reading_for_each_hit_with_its_span_inside_the_passage(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS, FILLER * 9, "x", "Until?"))
    readings = reader.read(QUESTION, found)
    for hit, reading in zip(found, readings, strict=True):
        assert reading.span is not None
        assert hit.passage.start <= reading.span.start < reading.span.end <= hit.passage.end


def test_the_passage_that_answers_scores_highest_with_the_answer_in_its_span(reader: Reader) -> None:
    of = article(*PARAGRAPHS)
    for order in ((0, 1, 2), (1, 2, 0)):
        found = [hits(of)[place] for place in order]
        readings = reader.read(QUESTION, found)
        scores = [reading.span.score if reading.span else 0.0 for reading in readings]
        best = order.index(1)
        assert max(range(3), key=scores.__getitem__) == best
        assert scores[best] > 0
        assert "Ada Moss" in quoted(of, readings[best])
        assert len(quoted(of, readings[best])) <= len(SAID)


def test_its_calibration_tells_the_passage_that_answers_from_the_others(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS))
    likely = [confidence(reading, reader.calibration) for reading in reader.read(QUESTION, found)]
    assert all(0 <= each <= 1 for each in likely)
    assert likely[1] >= reader.calibration.threshold > max(likely[0], likely[2])


def test_the_answer_is_found_wherever_it_stands_in_a_long_passage(reader: Reader) -> None:
    for before, after in ((45, 0), (20, 25), (0, 45)):
        of = article(FILLER * before + f"{SAID} " + FILLER * after)
        (reading,) = reader.read(QUESTION, hits(of))
        assert "Ada Moss" in quoted(of, reading)


def test_offsets_count_code_points(reader: Reader) -> None:
    after_horns = f"🎺🎺 {SAID}"
    of = article("👩‍👩‍👧‍👦 𝄞 שלום", after_horns, title="𝄞")
    reading = reader.read(QUESTION, hits(of))[1]
    assert "Ada Moss" in quoted(of, reading)
    assert quoted(of, reading) in after_horns


def test_a_lead_is_never_quoted(reader: Reader) -> None:
    led = replace(hits(article(*PARAGRAPHS))[2], lead=SAID)
    (reading,) = reader.read(QUESTION, [led])
    assert reading.span is not None
    assert led.passage.start <= reading.span.start < reading.span.end <= led.passage.end


def test_where_there_are_no_words_there_is_no_span(reader: Reader) -> None:
    of = article("\u200b", SAID)
    without, with_words = reader.read(QUESTION, hits(of))
    assert without.span is None
    assert "Ada Moss" in quoted(of, with_words)


def test_reading_nothing_finds_nothing(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []


def test_the_same_call_gives_the_same_readings(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS))
    assert reader.read(QUESTION, found) == reader.read(QUESTION, found)
    assert reader.calibration == reader.calibration


def test_what_a_passage_says_does_not_depend_on_what_is_read_beside_it(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS, FILLER * 9, *PARAGRAPHS * 5))
    together = reader.read(QUESTION, found)
    alone = [reader.read(QUESTION, [hit])[0] for hit in found]
    assert_same(together, alone)
    assert_same(together[::-1], reader.read(QUESTION, found[::-1]))


def test_threads_share_it(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS))
    expected = reader.read(QUESTION, found)

    def read(hit: Hit) -> Reading:
        return reader.read(QUESTION, [hit])[0]

    with ThreadPoolExecutor(4) as threads:
        assert_same([*threads.map(read, found * 6)], expected * 6)


def test_it_reads_the_same_before_and_after_warming_up(reader: Reader) -> None:
    found = hits(article(*PARAGRAPHS))
    before = reader.read(QUESTION, found)
    reader.warm_up()
    reader.warm_up()
    assert reader.read(QUESTION, found) == before
