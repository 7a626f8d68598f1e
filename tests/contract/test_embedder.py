"""What every Embedder must do, by value: the model that is shipped, and those of tests and benchmarks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

import onrecord.index.search.vectors  # noqa: F401 - faiss is loaded before torch, as the product does
from benchmarks.size import WordEmbedder
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from onrecord.index.embedding.embedder import Embedder


@cache
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(threads=1)


@pytest.fixture(params=["hashing", "words", pytest.param("minilm", marks=pytest.mark.integration)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    match request.param:
        case "hashing":
            return HashingEmbedder()
        case "words":
            return WordEmbedder()
        case _:
            return minilm()


CRANE = "The new crane in the harbour lifts forty tonnes."
TEXTS = [
    CRANE,
    "Frost killed half of the pear blossom in April.",
    "",
    "x",
    "👩‍👩‍👧‍👦 \u2028 שלום",
    "A somewhat longer text about the mayor, who cut the ribbon of the bridge over the Tamar in 2013. " * 3,
]


def test_vectors_are_single_precision_rows_of_unit_length(embedder: Embedder) -> None:
    encoded = embedder.encode_passages(TEXTS)
    query = embedder.encode_query(CRANE)
    assert encoded.dtype == query.dtype == np.float32
    assert encoded.shape == (len(TEXTS), len(query))
    assert np.linalg.norm(encoded, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.encode_passages([]).shape == (0, len(embedder.encode_query("x")))


def test_a_question_is_nearest_to_what_it_asks_about(embedder: Embedder) -> None:
    cosines = embedder.encode_passages(TEXTS) @ embedder.encode_query("How much does the crane lift?")
    assert int(np.argmax(cosines)) == 0
    assert cosines[0] > cosines[1] + 0.1


def test_a_text_has_the_same_vector_whatever_it_is_embedded_with(embedder: Embedder) -> None:
    together = embedder.encode_passages(TEXTS)
    alone = np.concatenate([embedder.encode_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(together[::-1] - embedder.encode_passages(TEXTS[::-1])).max() < 1e-5


def test_the_same_call_gives_the_same_bytes(embedder: Embedder) -> None:
    assert embedder.encode_query(CRANE).tobytes() == embedder.encode_query(CRANE).tobytes()
    assert embedder.encode_passages(TEXTS).tobytes() == embedder.encode_passages(TEXTS).tobytes()


def test_the_end_of_a_long_text_counts(embedder: Embedder) -> None:
    long = "The committee met again and talked about the price of coal. " * 120
    one, two = embedder.encode_passages([long + CRANE, long + "Frost killed the pear blossom."])
    assert float(one @ two) < 0.99999
    query = embedder.encode_query(CRANE)
    assert float(one @ query) > float(two @ query) + 1e-4


def test_the_fingerprint_is_one_line_and_stays(embedder: Embedder) -> None:
    assert embedder.fingerprint == embedder.fingerprint
    assert embedder.fingerprint.strip()
    assert "\n" not in embedder.fingerprint
