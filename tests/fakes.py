"""Stand-ins for what is slow: they keep the protocols' promises and need no weights."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.passages.sentences import sentences
from onrecord.rag.reading.reader import UNCALIBRATED, Reading
from onrecord.rag.reading.spans import ScoredSpan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Hit
    from onrecord.rag.reading.reader import Calibration


class HashingEmbedder:
    """Bag of words: each word adds to one dimension, chosen by its hash, so texts that share words are near.

    Deterministic across processes and machines. `embedded` lists every passage text it was ever given, in order.
    """

    def __init__(self, name: str = "hashing", *, dimension: int = 256) -> None:
        self._name = name
        self._dimension = dimension
        self.embedded: list[str] = []

    @property
    def fingerprint(self) -> str:
        """Two embedders of one name and dimension give the same vectors."""
        return f"{self._name}@{self._dimension}"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages. *Shape:* `(len(texts), dimension)`."""
        self.embedded += texts
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* `(dimension,)`."""
        vector = np.zeros(self._dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.casefold()) or [""]:
            digest = hashlib.blake2b(f"{self._name} {word}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
            vector[int.from_bytes(digest, "little") % self._dimension] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class OverlapReader:
    """Reads by shared words: the sentence with most of the question's words is the span, their share is the evidence.

    Half of the words make a confidence of one half; all of them 0.98, none 0.02.
    """

    @property
    def calibration(self) -> Calibration:
        """Made so that the share of shared words decides."""
        return UNCALIBRATED

    def warm_up(self) -> None:
        """Nothing is loaded."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Find the sentence of each hit that shares most words with the question."""
        return [self._reading(frozenset(_words(question)), hit) for hit in hits]

    def _reading(self, asked: frozenset[str], hit: Hit) -> Reading:
        spans = [
            ScoredSpan(
                hit.passage.start + sentence.start,
                hit.passage.start + sentence.end,
                8 * len(asked.intersection(_words(hit.passage.text[sentence.start : sentence.end]))) / len(asked or [0])
                - 4,
            )
            for sentence in sentences(hit.passage.text)
        ]
        return Reading(0.0, max(spans, key=lambda span: (span.score, -span.start), default=None))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
