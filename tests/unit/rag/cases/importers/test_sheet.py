from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.files import load
from onrecord.rag.cases.importers import sheet
from tests.unit.rag.cases.importers.files import contents, write_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = ("Question", "article", "passages", "answers", "not_found")
OPENED = ("When did it open?", "bridge.txt", "The new bridge opened in 2013", "2013\r\nin 2013", "")
UNKNOWN = ("Who designed it?", "bridge.txt", "", "", "yes")


def refusal(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    source = write_sheet(folder, rows)
    before = contents(folder).keys()
    with pytest.raises(CaseFileError) as caught:
        sheet.convert(source, folder / "made")
    assert contents(folder).keys() == before
    assert caught.value.hint
    return str(caught.value).removeprefix(str(source))


def test_rows_become_cases_and_their_articles_are_copied(tmp_path: Path) -> None:
    free = ("For whom are\r\nferries free?", "old/Ferry News!.txt", "free for dockers", "dockers", "No")
    source = write_sheet(tmp_path, [HEADER, OPENED, (), UNKNOWN, free])
    imported = sheet.convert(source, tmp_path / "made")
    assert (imported.articles, imported.cases, imported.left_out) == (2, 3, {})
    made = contents(tmp_path / "made")
    assert made.keys() == {"town-sheet.qa.yaml", "articles/00001-bridge.txt", "articles/00002-ferry-news.txt"}
    assert made["articles/00001-bridge.txt"] == (tmp_path / "bridge.txt").read_bytes()
    first, second, third = load(imported.case_file).cases
    assert (first.question, first.passages) == ("When did it open?", ("The new bridge opened in 2013",))
    assert (first.answers, first.all_answers, first.not_found) == (("2013", "in 2013"), (), False)
    assert (second.question, second.not_found) == ("Who designed it?", True)
    assert third.question == "For whom are ferries free?"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whatever_a_spreadsheet_puts_between_cells_is_understood(tmp_path: Path, delimiter: str) -> None:
    source = write_sheet(tmp_path, [HEADER, OPENED, UNKNOWN], delimiter=delimiter)
    assert sheet.convert(source, tmp_path / "made").cases == 2


def test_every_other_column_is_a_key_of_the_case(tmp_path: Path) -> None:
    header = (*HEADER, "history", "top_k", "min_confidence", "tags", "xfail", "notes")
    row = (*OPENED, "What closed?\nAnd what opened?", "5", "0.4", "smoke\nbridge", "not yet: wait", "ask Jo")
    case = load(sheet.convert(write_sheet(tmp_path, [header, row]), tmp_path / "made").case_file).cases[0]
    assert case.history == ("What closed?", "And what opened?")
    assert (case.top_k, case.min_confidence, case.tags, case.xfail) == (5, 0.4, ("smoke", "bridge"), "not yet: wait")


def test_a_row_without_an_article_expects_something_of_any(tmp_path: Path) -> None:
    rows = [HEADER, OPENED, ("Who pays nothing?", "", "", "dockers", ""), ("Free?", "old/Ferry News!.txt", "", "", "")]
    assert sheet.convert(write_sheet(tmp_path, rows), tmp_path / "made").cases == 3


def test_a_sheet_is_imported_the_same_each_time(tmp_path: Path) -> None:
    source = write_sheet(tmp_path, [HEADER, OPENED, UNKNOWN])
    for name in ("one", "two"):
        sheet.convert(source, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], ":1: there is no column `question`."),
        ([("answers",), ("a",)], ":1: there is no column `question`."),
        ([("question", "anwsers")], ":1: “anwsers” is no column that is known here. The columns are `question`, "),
        ([("question", "Question")], ":1: there are two columns `question`."),
        ([HEADER, ("When?", "", "", "", "")], ":1: no row names an article."),
        ([HEADER, OPENED, ("", "bridge.txt", "", "", "")], ":4: `question` is missing."),
        ([HEADER, OPENED, (*UNKNOWN, "x")], ":4: the row has more cells than there are columns."),
        ([HEADER, ("Who?", "none.txt", "", "", "")], ":2: the article cannot be read: "),
        ([HEADER, ("Who?", "../secret.txt", "", "", "")], ":2: the article ../secret.txt lies outside the folder"),
        ([HEADER, (*UNKNOWN[:3], "2013", "yes")], ":2: `answers` contradicts `not_found`."),
        ([HEADER, (*UNKNOWN[:4], "perhaps")], ":2: `not_found` can only be true."),
        ([(*HEADER, "top_k"), (*OPENED, "many")], ":2: `top_k` is out of range. Write a whole number from 1 to 50."),
        ([(*HEADER, "min_confidence"), (*OPENED, "0,4")], ":2: `min_confidence` is out of range."),
        ([(*HEADER, "tags"), (*OPENED, "a b")], ":2: “a b” cannot be a tag."),
        ([HEADER, OPENED, UNKNOWN, OPENED], ":5: “When did it open?” is asked twice."),
        (
            [HEADER, (*OPENED[:2], "The new bridge opened in 2014", *OPENED[3:])],
            ":2: “The new bridge opened in 2014” stands in no passage of the article; the nearest, [-expected-]",
        ),
        ([HEADER, (*OPENED[:3], "1913\nnever", "")], ":2: none of the answers stands in the article, as “1913”"),
        ([HEADER, ("Free?", "bridge.txt", "", "dockers", "")], ":2: none of the answers stands in the article"),
    ],
)
def test_a_bad_row_is_refused_by_its_line_and_nothing_is_left_behind(
    tmp_path: Path, rows: Sequence[Sequence[str]], complaint: str
) -> None:
    assert refusal(tmp_path, rows).startswith(complaint)


def test_a_sheet_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="cannot be read: No such file"):
        sheet.convert(tmp_path / "none.csv", tmp_path / "made")
    path = tmp_path / "latin.csv"
    path.write_bytes("question\nWo ist die Brücke?\n".encode("cp1252"))
    with pytest.raises(CaseFileError, match=r"is not UTF-8\. Export the sheet as “CSV UTF-8”"):
        sheet.convert(path, tmp_path / "made")
    path.write_text('question\n"never closed', encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"latin.csv:2: this is not CSV: "):
        sheet.convert(path, tmp_path / "made")
