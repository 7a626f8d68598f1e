from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from onrecord.index.records import Version
from onrecord.index.search.lexical import TantivyHome, TantivyIndex
from onrecord.index.search.protocols import DamagedIndex, Entry

if TYPE_CHECKING:
    from pathlib import Path

VERSION = Version(1, "one")
ENTRIES = [
    Entry(11, ("a",), "Harbour news", "The new crane lifts forty tonnes."),
    Entry(12, ("a",), "Harbour news", "A ferry calls twice a day; the ferry is new."),
    Entry(13, ("b",), "Orchard news", "Frost killed the blossom of Zürich's pears."),
]


@pytest.fixture
def index(tmp_path: Path) -> TantivyIndex:
    made = TantivyIndex(tmp_path / "lexical")
    made.update(None, ENTRIES, VERSION)
    return made


def rows(index: TantivyIndex, question: str, k: int = 9, articles: list[str] | None = None) -> list[int]:
    return [int(row) for row in index.search(question, k, articles).rows]


def test_finds_by_shared_words_best_first(index: TantivyIndex) -> None:
    assert rows(index, "ferry") == [12]
    assert rows(index, "new ferry")[0] == 12
    assert set(rows(index, "new")) == {11, 12}
    assert rows(index, "submarine") == []
    found = index.search("new crane", 9)
    assert (np.diff(found.scores) <= 0).all()
    assert found.rows.dtype == np.int64
    assert found.scores.dtype == np.float32


@pytest.mark.parametrize("question", ["LIFTS", "lifting", "lift", "Lifted?", "“lift”"])
def test_case_and_endings_do_not_matter(index: TantivyIndex, question: str) -> None:
    assert rows(index, question) == [11]


@pytest.mark.parametrize("question", ["Zürich", "Zu\u0308rich", "zurich", "ＺÜＲＩＣＨ"])
def test_accents_and_forms_do_not_matter(index: TantivyIndex, question: str) -> None:
    assert rows(index, question) == [13]


def test_the_title_counts_but_less(index: TantivyIndex) -> None:
    index.update([], [Entry(14, ("c",), "Nothing", "The harbour is closed today for works.")], Version(2, "two"))
    assert rows(index, "harbour")[0] == 14
    assert set(rows(index, "harbour")) == {11, 12, 14}


def test_only_the_articles_asked_for_are_found(index: TantivyIndex) -> None:
    assert rows(index, "news", articles=["b"]) == [13]
    assert rows(index, "ferry", articles=["b"]) == []
    assert rows(index, "ferry", articles=[]) == []


def test_a_restriction_changes_no_score(index: TantivyIndex) -> None:
    everywhere = index.search("new ferry", 9)
    within = index.search("new ferry", 9, ["a"])
    assert within.rows.tolist() == everywhere.rows.tolist()
    assert within.scores.tolist() == everywhere.scores.tolist()
    assert index.scores("new ferry", everywhere.rows).tolist() == everywhere.scores.tolist()


def test_scores_come_in_the_order_asked_and_are_nought_where_no_word_is_shared(index: TantivyIndex) -> None:
    first, second, third = index.scores("ferry", np.array([13, 12, 11])).tolist()
    assert first == third == 0
    assert second > 0
    assert index.scores("ferry", np.array([], dtype=np.int64)).shape == (0,)


def test_rows_are_removed_and_replaced(index: TantivyIndex) -> None:
    index.update([11, 99], [Entry(12, ("a",), "Harbour news", "The ferry sank.")], Version(2, "two"))
    assert index.version == Version(2, "two")
    assert rows(index, "crane") == []
    assert rows(index, "sank") == [12]
    assert rows(index, "twice") == []
    index.update(None, ENTRIES[:1], Version(3, "three"))
    assert rows(index, "crane ferry pears") == [11]


def test_the_version_is_never_found(index: TantivyIndex) -> None:
    for question in ("stamp", "one", "1"):
        assert rows(index, question) == []


def test_reopened_it_is_what_it_was(index: TantivyIndex, tmp_path: Path) -> None:
    again = TantivyIndex(tmp_path / "lexical")
    assert again.version == VERSION
    assert rows(again, "ferry") == [12]
    assert rows(index, "ferry") == [12]


def test_another_opener_sees_a_commit_after_reloading(index: TantivyIndex, tmp_path: Path) -> None:
    other = TantivyIndex(tmp_path / "lexical")
    index.update([12], [], Version(2, "two"))
    assert rows(other, "ferry") == [12]
    other.reload()
    assert (other.version, rows(other, "ferry")) == (Version(2, "two"), [])


def test_an_update_that_fails_half_way_changes_nothing_and_can_be_tried_again(index: TantivyIndex) -> None:
    def broken() -> object:
        yield Entry(20, ("d",), "", "submarine")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index.update([11], broken(), Version(2, "two"))  # type: ignore[arg-type]
    assert index.version == VERSION
    assert rows(index, "submarine") == []
    index.update([11], [Entry(20, ("d",), "", "submarine")], Version(2, "two"))
    assert rows(index, "submarine crane") == [20]


def test_damage_is_noticed_and_a_fresh_start_is_empty(index: TantivyIndex, tmp_path: Path) -> None:
    del index
    directory = tmp_path / "lexical"
    file = next(directory.glob("*.term"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DamagedIndex, match=r"\.term is not as it was written"):
        TantivyIndex(directory)
    with pytest.raises(DamagedIndex):
        TantivyHome().open(tmp_path)
    fresh = TantivyHome().restart(tmp_path)
    assert fresh.version == Version()
    assert rows(fresh, "ferry") == []
