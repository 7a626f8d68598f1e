from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.transformers_reader import TransformersReader
from tests.extractive_model import save_model
from tests.unit.rag.articles import PARAGRAPHS, article, hits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("tiny")
    save_model(where)
    return where


def test_any_extractive_model_reads_and_its_spans_stay_inside_the_passages(folder: Path) -> None:
    of = article(*PARAGRAPHS, "Until May the council leads. " * 20)
    found = hits(of)
    readings = TransformersReader(folder, threads=1).read("Who leads the dockers?", found)
    for hit, reading in zip(found, readings, strict=True):
        assert reading.span is not None
        assert hit.passage.start <= reading.span.start < reading.span.end <= hit.passage.end


def test_the_lead_is_read_but_never_quoted(folder: Path) -> None:
    of = article(*PARAGRAPHS)
    led = replace(hits(of)[2], lead="Ada Moss leads the dockers.")
    (with_lead,) = TransformersReader(folder, threads=1).read("Who leads?", [led])
    (without,) = TransformersReader(folder, threads=1).read("Who leads?", [hits(of)[2]])
    assert with_lead.span is not None
    assert without.span is not None
    assert led.passage.start <= with_lead.span.start < with_lead.span.end <= led.passage.end
    assert with_lead.span.score != without.span.score


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be used"):
        TransformersReader(tmp_path, threads=1).warm_up()
