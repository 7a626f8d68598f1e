from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from onrecord.index import sources
from onrecord.index.passages.split import split
from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.files import load
from onrecord.rag.cases.importers import beir
from onrecord.rag.cases.matching import place_of
from tests.unit.rag.cases.importers.files import BRIDGE, FERRY, contents, write_beir, write_lines

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "Town")


def test_queries_expect_one_passage_of_one_relevant_document(tmp_path: Path, data_set: Path) -> None:
    imported = beir.convert(data_set, tmp_path / "made")
    assert (imported.articles, imported.cases, imported.left_out) == (2, 2, {})
    assert contents(tmp_path / "made").keys() == {
        "town.qa.yaml",
        "articles/00001-med-10.txt",
        "articles/00002-ferry.txt",
    }
    assert (tmp_path / "made/articles/00001-med-10.txt").read_text() == f"# The bridge.\n\n{BRIDGE}"
    assert (tmp_path / "made/articles/00002-ferry.txt").read_text() == FERRY
    first, second = load(imported.case_file).cases
    assert (first.question, first.top_k, first.min_confidence) == ("the opening of the bridge", 10, 0.0)
    assert first.passages == first.any_passages == (BRIDGE,)
    assert second.any_passages == (FERRY, BRIDGE)
    assert not second.not_found


def test_long_passages_are_known_by_how_they_begin(tmp_path: Path, data_set: Path) -> None:
    long = " ".join(f"Sentence {number} tells of the {number}th day of the repairs." for number in range(60))
    write_lines(
        data_set / "corpus.jsonl",
        [{"_id": "MED-10", "title": "T", "text": long}, {"_id": "../Ferry", "title": "T", "text": FERRY}],
    )
    case_file = load(beir.convert(data_set, tmp_path / "made").case_file)
    article = sources.load(tmp_path / "made/articles/00001-med-10.txt")
    passages = [passage.text for passage in split(article) if passage.kind.answers]
    expected = case_file.cases[0].any_passages
    assert len(expected) == len(passages) > 2
    assert [place_of(text, passages) for text in expected] == [number + 1 for number in range(len(passages))]
    assert max(map(len, expected)) <= 160


def test_another_split_is_imported_by_name(tmp_path: Path, data_set: Path) -> None:
    (data_set / "qrels" / "train.tsv").write_text("train\t../Ferry\t1\n", encoding="utf-8")
    imported = beir.convert(data_set, tmp_path / "made", split_name="train")
    assert [case.question for case in load(imported.case_file).cases] == ["not in this split"]


def test_a_data_set_is_imported_the_same_each_time(tmp_path: Path, data_set: Path) -> None:
    for name in ("one", "two"):
        beir.convert(data_set, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_split_that_is_missing_is_told_with_those_that_are_there(tmp_path: Path, data_set: Path) -> None:
    with pytest.raises(CaseFileError, match=r"dev\.tsv cannot be read: .*There are judgements of: test; name one with"):
        beir.convert(data_set, tmp_path / "made", split_name="dev")


def test_judgements_that_are_not_utf_8_are_refused(tmp_path: Path, data_set: Path) -> None:
    (data_set / "qrels" / "test.tsv").write_bytes("é\tMED-10\t1\n".encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"test\.tsv is not UTF-8"):
        beir.convert(data_set, tmp_path / "made")


def test_queries_that_cannot_be_cases_are_left_out_and_counted(tmp_path: Path, data_set: Path) -> None:
    with (data_set / "qrels" / "test.tsv").open("a", encoding="utf-8") as file:
        file.write("long\tMED-10\t1\nagain\tMED-10\t1\nvoid\tempty\t1\n")
    with (data_set / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "long", "text": "%s"}\n' % ("x" * 1001))
        file.write('{"_id": "again", "text": "crossing the  harbour"}\n{"_id": "void", "text": "nothing"}\n')
    imported = beir.convert(data_set, tmp_path / "made")
    assert imported.cases == 2
    assert imported.left_out == {
        "the question is empty or longer than 1,000 characters": 1,
        "asked before in the same words": 1,
        "no relevant document has text that is indexed": 1,
    }


@pytest.mark.parametrize(
    ("name", "addition", "complaint"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl:4: this is not JSON: "),
        ("corpus.jsonl", "\n[]", "corpus.jsonl:5: `_id` is missing or no text. See BEIR's format."),
        ("corpus.jsonl", '{"_id": "x", "title": 3, "text": ""}', "corpus.jsonl:4: `title` is missing or no text."),
        ("corpus.jsonl", '{"_id": "x"}', "corpus.jsonl:4: `text` is missing or no text."),
        (
            "corpus.jsonl",
            '{"_id": "MED-10", "text": "Again."}',
            "corpus.jsonl:4: “MED-10” stands in this file already.",
        ),
        ("corpus.jsonl", '{"_id": "x", "text": "a \\ud800"}', "Town:4: this text is no article: "),
        ("queries.jsonl", '{"_id": 3}', "queries.jsonl:4: `_id` is missing or no text."),
        ("qrels/test.tsv", "q1 MED-10 1", "test.tsv:6: a line of query, document and grade between tabs is expected."),
        ("qrels/test.tsv", "q1\tMED-10\thigh", "test.tsv:6: a line of query, document and grade between tabs"),
        ("qrels/test.tsv", "q1\tMED-11\t1", "test.tsv:6: corpus.jsonl has no “MED-11”."),
        ("qrels/test.tsv", "q9\tMED-10\t1", "test.tsv:6: queries.jsonl has no “q9”."),
    ],
)
def test_a_bad_line_is_refused_and_nothing_is_left_behind(
    tmp_path: Path, data_set: Path, name: str, addition: str, complaint: str
) -> None:
    with (data_set / name).open("a", encoding="utf-8") as file:
        file.write(f"{addition}\n")
    before = contents(tmp_path).keys()
    with pytest.raises(CaseFileError, match=re.escape(complaint)):
        beir.convert(data_set, tmp_path / "made")
    assert contents(tmp_path).keys() == before
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_file_that_is_missing_is_refused(tmp_path: Path, data_set: Path, name: str) -> None:
    (data_set / name).unlink()
    with pytest.raises(CaseFileError, match=r"cannot be read: .*No such file.* Give the folder of a BEIR data set\."):
        beir.convert(data_set, tmp_path / "made")
