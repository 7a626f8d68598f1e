from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, CrossEncoderReader
from tests.unit.rag.articles import PARAGRAPHS, article, hits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def reader() -> CrossEncoderReader:
    return CrossEncoderReader(threads=1)


def test_it_reads_each_passage_in_order_and_finds_the_words_that_answer(reader: CrossEncoderReader) -> None:
    of = article(*PARAGRAPHS)
    found = hits(of)
    readings = reader.read("Who said they will fight it?", found)
    for hit, reading in zip(found, readings, strict=True):
        assert reading.span is not None
        assert hit.passage.start <= reading.span.start < reading.span.end <= hit.passage.end
    best = max(readings, key=lambda reading: reading.span.score if reading.span else float("-inf"))
    assert readings.index(best) == 1
    assert best.span is not None
    assert "Ada Moss" in of.text[best.span.start : best.span.end]


def test_a_span_never_leaves_its_passage(reader: CrossEncoderReader) -> None:
    of = article(*PARAGRAPHS)
    found = hits(of)
    for hit, reading in zip(found, reader.read("When may ships dock until?", found), strict=True):
        assert reading.span is not None
        assert hit.passage.start <= reading.span.start < reading.span.end <= hit.passage.end


def test_an_answer_beyond_the_first_window_of_a_long_passage_is_found(reader: CrossEncoderReader) -> None:
    filler = "The meeting went on about fees, ropes, lamps and paint for a while. " * 45
    of = article(f"{filler}The bridge was opened in 1907 by Queen Mathilda.")
    (reading,) = reader.read("Who opened the bridge?", hits(of))
    assert reading.span is not None
    assert "Queen Mathilda" in of.text[reading.span.start : reading.span.end]


def test_reading_nothing_finds_nothing(reader: CrossEncoderReader) -> None:
    assert reader.read("Who?", []) == []


def test_a_passage_without_tokens_has_no_span(reader: CrossEncoderReader) -> None:
    (reading,) = reader.read("Who?", hits(article("\u200b")))
    assert reading.span is None


def test_reading_twice_gives_the_same_scores(reader: CrossEncoderReader) -> None:
    found = hits(article(*PARAGRAPHS))
    assert reader.read("Who leads the dockers?", found) == reader.read("Who leads the dockers?", found)


@pytest.mark.parametrize("threads", [1, 3])
def test_what_a_passage_says_does_not_depend_on_what_is_read_beside_it(threads: int) -> None:
    of = article(*PARAGRAPHS, "The mayor, who had promised for years to keep the harbour open, stayed away. " * 9)
    reader = CrossEncoderReader(threads=threads)
    together = reader.read("Who leads the dockers?", hits(of))
    assert together == [reader.read("Who leads the dockers?", [hit])[0] for hit in hits(of)]


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="ONRECORD_READER"):
        CrossEncoderReader(tmp_path, threads=1).warm_up()


def test_a_damaged_model_says_what_to_do(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((BUNDLED_FOLDER / name).read_bytes())
    (tmp_path / "reader.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match=r"reader\.onnx cannot be loaded"):
        CrossEncoderReader(tmp_path, threads=1).warm_up()


def test_a_configuration_without_calibration_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"limits": {}}))
    with pytest.raises(ModelUnavailable, match="calibration"):
        _ = CrossEncoderReader(tmp_path, threads=1).calibration


def test_a_configuration_that_says_more_than_is_read_is_taken(reader: CrossEncoderReader, tmp_path: Path) -> None:
    for name in ("reader.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(BUNDLED_FOLDER / name)
    config = json.loads((BUNDLED_FOLDER / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "longest_span": 40}))
    earlier = CrossEncoderReader(tmp_path, threads=1)
    assert earlier.calibration == reader.calibration
    found = hits(article(*PARAGRAPHS))
    assert earlier.read("Who leads the dockers?", found) == reader.read("Who leads the dockers?", found)
