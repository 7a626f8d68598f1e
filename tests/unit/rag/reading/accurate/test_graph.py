from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest

from onrecord.rag.reading.accurate.graph import buckets, build
from onrecord.rag.reading.accurate.merging import count, in_bert_order, merged
from onrecord.rag.reading.accurate.prepared import small
from tests.unit.rag.reading.accurate.tiny_mpnet import LONGEST, WORDS, TinyMPNet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from onrecord.rag.reading.accurate.graph import Weight


@pytest.fixture(scope="module")
def tiny() -> TinyMPNet:
    return TinyMPNet.random()


def run(weights: Mapping[str, Weight], ids: NDArray[np.int64], mask: NDArray[np.int64]) -> list[NDArray[np.float32]]:
    model = build(weights, LONGEST).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    inputs = {"input_ids": ids, "token_type_ids": np.zeros_like(ids), "attention_mask": mask}
    return list(session.run(["start", "end", "relevance"], inputs))


def windows(*lengths: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and mask of windows as `rag.reading.encoding` makes them, padded with 0."""
    ids = np.random.default_rng(1).integers(1, WORDS, (len(lengths), max(lengths)))
    mask = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
    ids[:, 0], ids[:, 5] = 101, 102
    return np.where(mask == 1, ids, 0), mask


@pytest.mark.parametrize("lengths", [(7,), (17, 11, 9), (LONGEST, 150)])
def test_the_graph_computes_what_transformers_computes_with_the_deltas_added(
    tiny: TinyMPNet, lengths: tuple[int, ...]
) -> None:
    ids, mask = windows(*lengths)
    wanted = tiny.scores(ids, mask)
    start, end, relevance = run(dict(merged(tiny.base.items(), tiny.learnt)), ids, mask)
    inside = mask > 0
    assert np.allclose(start[inside], wanted.start[inside], atol=1e-3)
    assert np.allclose(end[inside], wanted.end[inside], atol=1e-3)
    assert np.allclose(relevance, wanted.relevance, atol=1e-3)


@pytest.mark.parametrize("outliers", [{}, {"layers.0.qkv": np.array([3, 9]), "layers.1.down": np.array([0], np.int16)}])
def test_in_int8_it_computes_nearly_the_same(tiny: TinyMPNet, outliers: dict[str, NDArray[np.integer]]) -> None:
    ids, mask = windows(40)
    wanted = tiny.scores(ids, mask)
    weights = {name: small(name, value, outliers) for name, value in merged(tiny.base.items(), tiny.learnt)}
    start, end, relevance = run(weights, ids, mask)
    error = np.abs(np.concatenate([start - wanted.start, end - wanted.end], axis=None)).mean()
    assert 0 < error < 0.1 * np.abs(wanted.start).std()
    assert np.allclose(relevance, wanted.relevance, atol=0.2)


def test_each_weight_is_merged_once_and_counted(tiny: TinyMPNet) -> None:
    names = [name for name, _ in merged(tiny.base.items(), tiny.learnt)]
    assert len(names) == len(set(names)) == count(tiny.learnt)


def test_words_are_found_by_the_ids_that_bert_gives_them() -> None:
    table = np.arange(110, dtype=np.float32)[:, None] * np.ones((1, 2), dtype=np.float32)
    rows = in_bert_order(table)[:, 0]
    assert len(rows) == 105
    assert rows[[0, 101, 102]].tolist() == [1, 0, 2]
    assert rows[[1, 100, 103]].tolist() == [5, 104, 107]


def test_near_distances_have_buckets_of_their_own_and_far_ones_share_the_last() -> None:
    found = buckets(np.array([0, -1, -7, -8, -9, -127, -500, 1, 127, 500]), 32)
    assert found.tolist() == [0, 1, 7, 8, 8, 15, 15, 17, 31, 31]
