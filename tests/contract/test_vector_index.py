"""What every VectorIndex must do, by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from onrecord.index.records import Version
from onrecord.index.search.protocols import DamagedIndex, Stamp
from onrecord.index.search.vectors import FaissHome
from tests.fakes import NumpyVectorHome

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.search.protocols import VectorHome, VectorIndex
    from onrecord.index.store.rows import RowIds

DIMENSION = 8
NONE = np.empty(0, dtype=np.int64)
NO_VECTORS = np.empty((0, DIMENSION), dtype=np.float32)


@pytest.fixture(params=[FaissHome, NumpyVectorHome])
def home(request: pytest.FixtureRequest) -> VectorHome[Any]:
    made: VectorHome[Any] = request.param()
    return made


@pytest.fixture
def index(home: VectorHome[Any]) -> VectorIndex:
    made: VectorIndex = home.empty(DIMENSION)
    return made


def ids(*rows: int) -> RowIds:
    return np.array(rows, dtype=np.int64)


def unit(seed: int, count: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    scaled: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return scaled


ROWS = ids(*range(1000, 1050))
VECTORS = unit(1, 50)
QUERY = unit(2, 1)[0]
BY_NEARNESS = ROWS[np.argsort(-(VECTORS @ QUERY))]


def test_finds_the_nearest_first_with_their_cosines(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    found = index.search(QUERY, 10)
    assert found.rows.tolist() == BY_NEARNESS[:10].tolist()
    assert found.scores == pytest.approx(np.sort(VECTORS @ QUERY)[::-1][:10], abs=1e-6)
    assert found.rows.dtype == np.int64
    assert found.scores.dtype == np.float32


def test_equal_scores_are_ordered_by_row(index: VectorIndex) -> None:
    same = np.repeat(VECTORS[:1], 5, axis=0)
    index.update(NONE, ids(9, 3, 7, 1, 5), same)
    assert index.search(QUERY, 5).rows.tolist() == [1, 3, 5, 7, 9]


def test_of_more_equal_scores_than_asked_for_the_lowest_rows_are_found(index: VectorIndex) -> None:
    rows = ids(*range(500, 0, -1))
    index.update(NONE, rows, np.repeat(VECTORS[:1], 500, axis=0))
    assert index.search(QUERY, 7).rows.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert index.search(QUERY, 3, ids(90, 30, 60, 70, 10)).rows.tolist() == [10, 30, 60]


def test_finds_no_more_than_there_is(index: VectorIndex) -> None:
    assert index.search(QUERY, 3).rows.tolist() == []
    index.update(NONE, ROWS[:2], VECTORS[:2])
    assert len(index.search(QUERY, 100).rows) == 2
    assert index.search(QUERY, 0).rows.tolist() == []


def test_only_the_rows_asked_for_are_found(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    only = np.sort(BY_NEARNESS[[40, 3, 20]])
    assert index.search(QUERY, 10, only).rows.tolist() == BY_NEARNESS[[3, 20, 40]].tolist()
    assert index.search(QUERY, 2, only).rows.tolist() == BY_NEARNESS[[3, 20]].tolist()
    assert index.search(QUERY, 10, NONE).rows.tolist() == []
    assert index.search(QUERY, 10, ids(1, 2)).rows.tolist() == []


def test_removed_rows_are_gone_and_unknown_ones_passed_over(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    index.update(np.append(BY_NEARNESS[:5], 77), NONE, NO_VECTORS)
    assert index.search(QUERY, 10).rows.tolist() == BY_NEARNESS[5:15].tolist()
    with pytest.raises(KeyError, match="held"):
        index.scores(QUERY, BY_NEARNESS[:1])
    assert index.scores(QUERY, BY_NEARNESS[9:10]) == pytest.approx(np.sort(VECTORS @ QUERY)[::-1][9])


def test_a_row_put_again_is_replaced(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    index.update(NONE, ROWS[:1], QUERY[np.newaxis])
    found = index.search(QUERY, 60)
    assert sorted(found.rows.tolist()) == ROWS.tolist()
    assert len(index) == 50
    assert found.rows[0] == ROWS[0]
    assert found.scores[0] == pytest.approx(1.0, abs=1e-6)


def test_scores_are_cosines_in_the_order_asked(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    wanted = ROWS[[4, 40, 4, 0]]
    assert index.scores(QUERY, wanted) == pytest.approx(VECTORS[[4, 40, 4, 0]] @ QUERY, abs=1e-6)
    assert index.scores(QUERY, NONE).shape == (0,)
    with pytest.raises(KeyError):
        index.scores(QUERY, ids(5))


def test_a_score_does_not_depend_on_what_is_asked_with_it(index: VectorIndex) -> None:
    index.update(NONE, ROWS, VECTORS)
    together = index.scores(QUERY, ROWS).tolist()
    assert together == [index.scores(QUERY, ids(row)).tolist()[0] for row in ROWS.tolist()]


def test_two_orders_of_the_same_changes_find_the_same(index: VectorIndex, home: VectorHome[Any]) -> None:
    index.update(NONE, ROWS, VECTORS)
    index.update(ROWS[10:20], NONE, NO_VECTORS)
    other = home.empty(DIMENSION)
    other.update(NONE, ROWS[20:], VECTORS[20:])
    other.update(NONE, ROWS[:10], VECTORS[:10])
    ours, theirs = index.search(QUERY, 40), other.search(QUERY, 40)
    assert ours.rows.tolist() == theirs.rows.tolist()
    assert ours.scores.tolist() == theirs.scores.tolist()


def test_all_implementations_find_what_brute_force_finds(index: VectorIndex) -> None:
    rows, vectors, queries = ids(*range(400)), unit(5, 400), unit(6, 20)
    index.update(NONE, rows, vectors)
    index.update(rows[::7], NONE, NO_VECTORS)
    kept = np.setdiff1d(rows, rows[::7])
    for query in queries:
        best = kept[np.argsort(-(vectors[kept] @ query))][:25]
        assert index.search(query, 25).rows.tolist() == best.tolist()
    assert len(index) == len(kept)


def test_a_saved_index_is_read_as_it_was_and_can_change(
    index: VectorIndex, home: VectorHome[Any], tmp_path: Path
) -> None:
    assert home.load(tmp_path) is None
    stamp = Stamp(Version(7, "token"), "model@1")
    index.update(NONE, ROWS, VECTORS)
    home.save(index, tmp_path, stamp)
    index.update(ROWS, NONE, NO_VECTORS)
    loaded = home.load(tmp_path)
    assert loaded is not None
    read, found = loaded
    assert (len(read), found) == (50, stamp)
    assert read.search(QUERY, 50).rows.tolist() == BY_NEARNESS.tolist()
    read.update(ROWS[:1], ids(5), QUERY[np.newaxis])
    assert read.search(QUERY, 1).rows.tolist() == [5]


def test_any_damaged_byte_of_a_file_is_noticed(tmp_path: Path) -> None:
    home, path = FaissHome(), tmp_path / "vectors.faiss"
    index = home.empty(DIMENSION)
    index.update(NONE, ROWS[:3], VECTORS[:3])
    home.save(index, tmp_path, Stamp(Version(1, "t"), "model"))
    content = path.read_bytes()
    body = content.index(b"\n") + 1
    damaged = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in range(body, len(content))]
    damaged += [
        header + content[body:] for header in (b"", b"{}\n", b"[]\n", b"null\n", b'{"version": 3}\n', b"\xff\n")
    ]
    for each in damaged:
        path.write_bytes(each)
        with pytest.raises(DamagedIndex, match="damaged"):
            home.load(tmp_path)
