from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.index.search.fuse import DENSE_WEIGHT, fuse

SCORES = st.floats(-1, 1, width=32)
PAIRS = st.lists(st.tuples(SCORES, st.floats(0, 40, width=32)), min_size=1, max_size=30)


def single(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_the_two_scores_are_brought_to_one_scale_and_weighed() -> None:
    fused = fuse(single(0.2, 0.6, 0.4), single(8, 0, 4), dense_weight=0.75)
    assert fused.tolist() == pytest.approx([0.25, 0.75, 0.5])
    assert fused.dtype == np.float32


def test_without_a_shared_word_the_dense_score_decides_alone() -> None:
    assert fuse(single(0.1, 0.3), single(0, 0)).tolist() == pytest.approx([0, DENSE_WEIGHT])


def test_equal_dense_scores_all_count_full() -> None:
    assert fuse(single(0.4, 0.4), single(0, 2)).tolist() == pytest.approx([DENSE_WEIGHT, 1])


def test_no_candidates_give_no_scores() -> None:
    assert fuse(single(), single()).shape == (0,)


@given(PAIRS, st.floats(0, 1))
def test_every_score_lies_between_nought_and_one(pairs: list[tuple[float, float]], weight: float) -> None:
    fused = fuse(single(*(d for d, _ in pairs)), single(*(w for _, w in pairs)), dense_weight=weight)
    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()


@given(PAIRS)
def test_better_in_both_is_never_worse_fused(pairs: list[tuple[float, float]]) -> None:
    fused = fuse(single(*(d for d, _ in pairs)), single(*(w for _, w in pairs)))
    for i, (dense, words) in enumerate(pairs):
        for j, (other_dense, other_words) in enumerate(pairs):
            if dense >= other_dense and words >= other_words:
                assert fused[i] >= fused[j] - 1e-6
