from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from onrecord.index import sources
from onrecord.index.passages.split import split
from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.files import load
from onrecord.rag.cases.importers import squad
from onrecord.rag.cases.matching import place_of
from tests.unit.rag.cases.importers.files import BRIDGE, FERRY, contents, write_json
from tests.unit.rag.cases.importers.files import squad as squad_2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_questions_expect_their_answers_and_the_sentence_around_them(tmp_path: Path) -> None:
    imported = squad.convert(write_json(tmp_path / "Dev v2.0.json", squad_2()), tmp_path / "made" / "here")
    assert (imported.articles, imported.cases, imported.left_out) == (2, 3, {})
    assert imported.case_file == tmp_path / "made" / "here" / "dev-v2-0.qa.yaml"
    assert contents(tmp_path / "made").keys() == {
        "here/dev-v2-0.qa.yaml",
        "here/articles/00001-harbour_bridge.txt",
        "here/articles/00002-ferry.txt",
    }
    opened, impossible, free = load(imported.case_file).cases
    assert opened.question == "When did the new bridge open?"
    assert opened.passages == ("The new bridge opened in 2013, and Ada Moss cut the ribbon.",)
    assert (opened.answers, opened.all_answers) == (("2013", "in 2013"), ())
    assert (impossible.question, impossible.not_found) == ("Who designed the bridge?", True)
    assert (free.passages, free.answers) == (("They are free for dockers.",), ("dockers",))


def test_what_is_expected_stands_in_passages_that_are_indexed(tmp_path: Path) -> None:
    case_file = load(squad.convert(write_json(tmp_path / "dev.json", squad_2()), tmp_path / "made").case_file)
    articles = [sources.load(path) for folder in case_file.articles for path in sources.discover(folder)]
    assert [article.title for article in articles] == ["Harbour Bridge", "Ferry"]
    assert articles[0].text == f"# Harbour Bridge\n\n{BRIDGE}\n\n{FERRY}"
    passages = [passage.text for article in articles for passage in split(article) if passage.kind.answers]
    for case in case_file.cases:
        assert all(place_of(expected, passages) for expected in (*case.passages, *case.answers)), case


def test_a_file_is_imported_the_same_each_time(tmp_path: Path) -> None:
    source = write_json(tmp_path / "dev.json", squad_2())
    for name in ("one", "two"):
        squad.convert(source, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_question_that_was_asked_before_is_left_out_and_counted(tmp_path: Path) -> None:
    data = squad_2()
    questions = data["data"][0]["paragraphs"][0]["qas"]
    questions += [questions[0], {**questions[0], "question": "x" * 1001}, {**questions[0], "question": "Bell \x07?"}]
    imported = squad.convert(write_json(tmp_path / "dev.json", data), tmp_path / "made")
    assert imported.cases == 3
    assert imported.left_out == {
        "asked before in the same words": 1,
        "the question is empty or longer than 1,000 characters": 1,
        "it holds control characters": 1,
    }


def test_an_answer_that_is_not_indexed_is_left_out_and_counted(tmp_path: Path) -> None:
    data = squad_2()
    paragraphs = data["data"][0]["paragraphs"]
    context = f"{FERRY}\n\nPhoto: Jo Berg/Reuters"
    question = {"question": "Who took it?", "answers": [{"text": "Jo Berg", "answer_start": context.index("Jo Berg")}]}
    paragraphs.append({"context": context, "qas": [question]})
    assert squad.convert(write_json(tmp_path / "dev.json", data), tmp_path / "made").left_out == {
        "the answer stands in what is not indexed, or in no single passage": 1
    }


def _first_question(data: dict[str, Any]) -> dict[str, Any]:
    question: dict[str, Any] = data["data"][0]["paragraphs"][0]["qas"][0]
    return question


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (
            lambda data: _first_question(data)["answers"][1].update(answer_start=3),
            "data[0].paragraphs[0].qas[0].answers[1]: “in 2013” does not stand at 3 of its context. Correct",
        ),
        (
            lambda data: _first_question(data)["answers"][0].update(text=""),
            "data[0].paragraphs[0].qas[0].answers[0]: “” does not stand at 55",
        ),
        (
            lambda data: _first_question(data).update(answers=[]),
            "data[0].paragraphs[0].qas[0]: there are no `answers`. Add some, or `is_impossible: true`.",
        ),
        (
            lambda data: data["data"][0]["paragraphs"][1].pop("context"),
            "data[0].paragraphs[1]: `context` is missing or of another kind.",
        ),
        (lambda data: data["data"][1].update(title=3), "data[1]: `title` is missing or of another kind."),
        (lambda data: data["data"].append("x"), "data[2]: `title` is missing or of another kind."),
        (
            lambda data: data["data"].append({"title": "…", "paragraphs": [{"context": "***", "qas": []}]}),
            "data[2]: this text is no article: ",
        ),
    ],
)
def test_a_damaged_record_is_refused_by_its_place_and_nothing_is_left_behind(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    data = squad_2()
    damage(data)
    source = write_json(tmp_path / "dev.json", data)
    with pytest.raises(CaseFileError, match=re.escape(f"{source}:{complaint}")):
        squad.convert(source, tmp_path / "made")
    assert contents(tmp_path).keys() == {"dev.json"}
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "dev.json is not JSON: "),
        ('{"data": [{"title": "T"', "dev.json"),
        ("[]", "dev.json holds no question that can become a case."),
        ('{"data": []}', "dev.json holds no question that can become a case."),
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    source = tmp_path / "dev.json"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(CaseFileError, match=re.escape(complaint)):
        squad.convert(source, tmp_path / "made")


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match=r"none.json cannot be read: No such file"):
        squad.convert(tmp_path / "none.json", tmp_path / "made")


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    source = write_json(tmp_path / "dev.json", squad_2())
    with pytest.raises(CaseFileError, match=r"holds something already\. Choose another folder with --into\."):
        squad.convert(source, tmp_path)
    with pytest.raises(CaseFileError, match="holds something already"):
        squad.convert(source, source)
    (tmp_path / "empty").mkdir()
    assert squad.convert(source, tmp_path / "empty").case_file.is_file()
    with pytest.raises(CaseFileError, match="cannot be made: "):
        squad.convert(source, source / "below")
