"""What every LexicalIndex must do, by value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from onrecord.index.records import Version
from onrecord.index.search.lexical import TantivyHome
from onrecord.index.search.protocols import TITLE_BOOST, Entry
from tests.fakes import MemoryLexicalHome

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.search.protocols import LexicalHome, LexicalIndex
    from onrecord.index.store.rows import RowIds

WORDS = [f"{first}{last}o" for first in ("ba", "du", "ki", "mol", "nar", "pev") for last in ("r", "t", "l", "g")]
ONE, TWO = Version(1, "one"), Version(2, "two")


def entries(count: int) -> list[Entry]:
    drawn = np.random.default_rng(4)
    common = 1 / np.arange(1, len(WORDS) + 1)
    return [
        Entry(
            row=100 + number,
            article_ids=(f"a{number % 9}",),
            title=" ".join(drawn.choice(WORDS, 3)),
            text=" ".join(drawn.choice(WORDS, int(drawn.integers(5, 30)), p=common / common.sum())),
        )
        for number in range(count)
    ]


ENTRIES = entries(400)


@pytest.fixture(params=[TantivyHome, MemoryLexicalHome])
def home(request: pytest.FixtureRequest) -> LexicalHome[Any]:
    made: LexicalHome[Any] = request.param()
    return made


@pytest.fixture
def index(home: LexicalHome[Any], tmp_path: Path) -> LexicalIndex:
    made: LexicalIndex = home.restart(tmp_path)
    made.update(None, ENTRIES, ONE)
    return made


def bm25(question: str, entry: Entry) -> float:
    """Robertson & Zaragoza 2009, with k1 1.2 and b .75, each field apart."""
    total = 0.0
    for field, weight in (("text", 1.0), ("title", TITLE_BOOST)):
        held = [str(getattr(each, field)).split() for each in ENTRIES]
        own, mean = str(getattr(entry, field)).split(), sum(map(len, held)) / len(held)
        for word in question.split():
            holding, count = sum(word in each for each in held), own.count(word)
            rarity = math.log(1 + (len(held) - holding + 0.5) / (holding + 0.5))
            total += weight * rarity * 2.2 * count / (count + 1.2 * (0.25 + 0.75 * len(own) / mean))
    return total


def rows(*numbers: int) -> RowIds:
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize("question", ["molro", "baro nargo", "pevgo duto kilo", "baro bato balo"])
def test_scores_are_bm25(index: LexicalIndex, question: str) -> None:
    every = rows(*(entry.row for entry in ENTRIES))
    expected = [bm25(question, entry) for entry in ENTRIES]
    # tantivy keeps the length of a text in one byte, so its scores are a little off the formula's.
    assert index.scores(question, every).tolist() == pytest.approx(expected, rel=0.02, abs=0.01)


@pytest.mark.parametrize("question", ["molro", "pevgo duto kilo"])
def test_the_best_come_first_with_their_scores_ties_by_row(index: LexicalIndex, question: str) -> None:
    found = index.search(question, 30)
    every = rows(*(entry.row for entry in ENTRIES))
    scores = index.scores(question, every)
    order = np.lexsort((every, -scores))
    order = order[scores[order] > 0][:30]
    assert found.rows.tolist() == every[order].tolist()
    assert found.scores.tolist() == pytest.approx(scores[order].tolist(), rel=1e-5)
    assert found.rows.dtype == np.int64
    assert found.scores.dtype == np.float32


def test_of_more_equal_scores_than_asked_for_the_lowest_rows_are_found(index: LexicalIndex) -> None:
    index.update(None, [Entry(row, ("z",), "", "same words") for row in range(500, 0, -1)], TWO)
    assert index.search("words", 7).rows.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_case_and_what_is_no_word_change_nothing(index: LexicalIndex) -> None:
    plain, dressed = index.search("baro nargo", 20), index.search("“BARO”, (Nargo)?!", 20)
    assert dressed.rows.tolist() == plain.rows.tolist()
    assert dressed.scores.tolist() == plain.scores.tolist()


def test_nothing_is_found_where_no_word_is_shared(index: LexicalIndex) -> None:
    assert index.search("submarine", 5).rows.tolist() == []
    assert index.search("", 5).rows.tolist() == []
    assert index.search("baro", 0).rows.tolist() == []
    assert index.scores("submarine", rows(100, 101)).tolist() == [0.0, 0.0]
    assert index.scores("baro", rows()).shape == (0,)


def test_only_the_articles_asked_for_are_found_with_the_same_scores(index: LexicalIndex) -> None:
    every = index.search("baro duto", 400)
    some = index.search("baro duto", 400, ["a2", "a5"])
    own = {entry.row for entry in ENTRIES if entry.article_ids[0] in ("a2", "a5")}
    assert some.rows.tolist() == [row for row in every.rows.tolist() if row in own]
    scores = dict(zip(every.rows.tolist(), every.scores.tolist(), strict=True))
    assert some.scores.tolist() == pytest.approx([scores[row] for row in some.rows.tolist()], rel=1e-5)
    assert index.search("baro", 5, []).rows.tolist() == []


def test_rows_go_and_are_replaced_and_the_version_goes_with_them(index: LexicalIndex) -> None:
    index.update([100, 7], [Entry(101, ("z",), "", "submarine")], TWO)
    assert (len(index), index.version) == (399, TWO)
    assert index.search("submarine", 5).rows.tolist() == [101]
    assert 100 not in index.search(ENTRIES[0].text, 400).rows.tolist()
    index.update(None, [Entry(5, ("z",), "", "submarine")], ONE)
    assert (len(index), index.version) == (1, ONE)


def test_a_change_that_fails_half_way_changes_nothing(index: LexicalIndex) -> None:
    def broken() -> Any:
        yield Entry(999, ("z",), "", "submarine")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index.update([100], broken(), TWO)
    assert (len(index), index.version) == (400, ONE)
    assert index.search("submarine", 5).rows.tolist() == []


def test_a_directory_gives_back_what_was_begun_there(
    index: LexicalIndex, home: LexicalHome[Any], tmp_path: Path
) -> None:
    assert home.open(tmp_path / "elsewhere") is None
    again = home.open(tmp_path)
    assert again is not None
    assert (len(again), again.version) == (400, ONE)
    index.update([100], [], TWO)
    home.refresh(again)
    assert (len(again), again.version) == (399, TWO)
    fresh = home.restart(tmp_path)
    assert (len(fresh), fresh.version) == (0, Version())
